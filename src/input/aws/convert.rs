//! Single values of an answer: blocks, addresses, references, protocols, names. Paths become text only when they are told.

use std::fmt::Display;
use std::net::IpAddr;

use super::json::{Read, Text};
use super::shapes::{BlockState, State, Tag};
use super::states::{AssociationState, Word, listed};
use super::table::Resource;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::rule::{Numbers, numbered_service};
use crate::model::inventory::Reference;
use crate::net::{Cidr, Family, Protocol, Service};

impl<T: Resource> Read<'_, T> {
    /// Tells that a value within the resource cannot be read; `path` leads to it from the resource.
    pub(super) fn complain(
        &self,
        text: &Text<'_>,
        path: impl Display,
        message: &str,
        problems: &mut Diagnostics,
    ) {
        let path = format!("{}.{path}", self.path());
        problems.push(problems::unreadable(Some(self.place(text)), &self.name(), &path, message));
    }

    /// Tells that the resource cannot be as it is described.
    pub(super) fn contradict(
        &self,
        text: &Text<'_>,
        path: impl Display,
        message: &str,
        problems: &mut Diagnostics,
    ) {
        let path = format!("{}.{path}", self.path());
        problems.push(problems::contradiction(Some(self.place(text)), &self.name(), &path, message));
    }

    pub(super) fn cidr(
        &self,
        text: &Text<'_>,
        path: impl Display,
        problems: &mut Diagnostics,
    ) -> Option<Located<Cidr>> {
        // AWS stores blocks in canonical form, so that host bits can only come from a test's hand.
        match Cidr::parse(text.as_str()) {
            Ok((cidr, _)) => Some(Located::at(cidr, self.place(text))),
            Err(_) => {
                self.complain(text, path, "not a CIDR block", problems);
                None
            }
        }
    }

    /// A block under a key that is for one family alone.
    pub(super) fn cidr_of(
        &self,
        family: Family,
        text: &Text<'_>,
        path: impl Display,
        problems: &mut Diagnostics,
    ) -> Option<Located<Cidr>> {
        let block = self.cidr(text, &path, problems)?;
        if block.value.family() != family {
            let message = match family {
                Family::V4 => "not an IPv4 block",
                Family::V6 => "not an IPv6 block",
            };
            self.complain(text, path, message, problems);
            return None;
        }
        Some(block)
    }

    pub(super) fn address(
        &self,
        text: &Text<'_>,
        path: impl Display,
        problems: &mut Diagnostics,
    ) -> Option<Located<IpAddr>> {
        match text.as_str().parse() {
            Ok(address) => Some(Located::at(address, self.place(text))),
            Err(_) => {
                self.complain(text, path, "not an IP address", problems);
                None
            }
        }
    }

    pub(super) fn reference(&self, text: &Text<'_>) -> Reference {
        Located::at(text.as_str().to_owned(), self.place(text))
    }

    /// A protocol with the numbers that belong to it, as rules have them.
    pub(super) fn service(
        &self,
        protocol: &Text<'_>,
        numbers: Numbers,
        path: impl Display,
        problems: &mut Diagnostics,
    ) -> Option<Service> {
        let service = match protocol.as_str() {
            "-1" | "all" => Service::ALL,
            name => match name.parse::<Protocol>() {
                Ok(protocol) => Service::protocol(protocol),
                Err(_) => {
                    self.complain(protocol, path, "not a protocol", problems);
                    return None;
                }
            },
        };
        let service = numbered_service(service, numbers, self.place(protocol), "");
        if service.is_err() {
            self.complain(protocol, path, "its ports or ICMP numbers are missing or out of range", problems);
        }
        service.ok()
    }
}

/// The value of the tag `Name`, which people take for the resource's name.
pub(super) fn name_tag(tags: Option<&Vec<Tag<'_>>>) -> Option<String> {
    let mut tags = tags.into_iter().flatten();
    let name = tags.find(|tag| tag.key.as_str() == "Name")?.value.as_ref()?;
    Some(name.as_str().to_owned())
}

/// An account's number; collectors that make accounts anonymous write other texts.
pub(super) fn account(owner: Option<&Text<'_>>) -> Option<String> {
    let is_number = |text: &&str| text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    owner.map(Text::as_str).filter(is_number).map(str::to_owned)
}

/// As [`is_gone`], of a block.
pub(super) fn is_block_gone(state: Option<&BlockState<'_>>) -> bool {
    let word = state.and_then(|state| state.state.as_ref());
    word.and_then(|word| listed(word.as_str())) == Some(AssociationState::Gone)
}

/// Whether a block is just being released.
pub(super) fn is_block_leaving(state: Option<&BlockState<'_>>) -> bool {
    state.and_then(|state| state.state.as_ref()).is_some_and(|word| word.as_str() == "disassociating")
}

/// Whether an association is no more, or never came to be. One without a state is there.
pub(super) fn is_gone(state: Option<&State<'_>>) -> bool {
    state.and_then(|state| state.state) == Some(Word(AssociationState::Gone))
}
