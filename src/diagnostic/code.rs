//! The kinds of problems: one table, from which the book's page is made.

use std::fmt;

use super::Severity;

/// The stable name of a kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Not YAML, or beyond the reader's limits.
    YamlSyntax,
    /// Not JSON, or no answers of AWS.
    JsonSyntax,
    /// A resource in an answer of AWS that does not have AWS's form.
    Unreadable,
    /// Answers of AWS that cannot be true together.
    Contradiction,
    /// Something that nobody asked AWS about.
    NotCollected,
    /// Another type of value than expected.
    WrongType,
    /// A key that nothing reads.
    UnknownKey,
    /// A key written twice in one mapping.
    DuplicateKey,
    /// A key that must be there.
    MissingKey,
    /// Keys that exclude each other, or of which one is needed.
    KeyChoice,
    /// A value out of the format or range of its kind.
    InvalidValue,
    /// A CIDR block with host bits.
    HostBits,
    /// A name or id used twice.
    DuplicateName,
    /// A name or id that nothing has.
    UnknownReference,
    /// A name that several things have.
    AmbiguousReference,
    /// A block or address outside the block it must lie in.
    OutsideBlock,
    /// Blocks that must not overlap.
    Overlap,
    /// An address that AWS reserves in every subnet.
    ReservedAddress,
    /// An address that two interfaces claim.
    AddressInUse,
    /// A subnet without a free address.
    SubnetFull,
    /// Two entries of one network ACL and direction with one number.
    DuplicateRuleNumber,
    /// Two routes of one table with one destination.
    DuplicateRoute,
    /// A route that AWS refuses to create.
    ImpossibleRoute,
    /// Resources of different VPCs, zones or families that cannot be joined.
    Mismatch,
    /// A connection whose ends cannot be determined.
    ConnectionEnds,
    /// Something stated that leaves open what AWS does.
    Undecided,
    /// Something stated that its own network keeps from being so.
    Implausible,
    /// Something stated that has no effect.
    NoEffect,
    /// Something AWS has and this version does not simulate.
    NotModelled,
}

/// A row of the table of problems.
#[derive(Debug, Clone, Copy)]
pub struct CodeEntry {
    /// The kind.
    pub code: Code,
    /// Its stable name.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it means, for the book.
    pub doc: &'static str,
}

const fn error(code: Code, name: &'static str, doc: &'static str) -> CodeEntry {
    CodeEntry { code, name, severity: Severity::Error, doc }
}

const fn warning(code: Code, name: &'static str, doc: &'static str) -> CodeEntry {
    CodeEntry { code, name, severity: Severity::Warning, doc }
}

/// Every kind of problem.
pub static CODES: &[CodeEntry] = &[
    error(
        Code::YamlSyntax,
        "yaml-syntax",
        "The text is not YAML, or exceeds the limits on size and nesting.",
    ),
    error(Code::JsonSyntax, "json-syntax", "The text is not JSON, or holds no answers of AWS's API."),
    error(
        Code::Unreadable,
        "unreadable",
        "A resource in an answer of AWS does not have the form that the API gives it.",
    ),
    error(Code::Contradiction, "contradiction", "Answers of AWS say what cannot be true together."),
    warning(Code::NotCollected, "not-collected", "Nobody asked AWS about it: what rests on it is `unknown`."),
    error(Code::WrongType, "wrong-type", "Another type of value was expected, e.g. a list."),
    error(Code::UnknownKey, "unknown-key", "Nothing reads this key; it may be misspelt."),
    error(Code::DuplicateKey, "duplicate-key", "One mapping has this key twice."),
    error(Code::MissingKey, "missing-key", "A key that is needed is absent."),
    error(Code::KeyChoice, "key-choice", "Keys exclude each other, or one of several is needed."),
    error(Code::InvalidValue, "invalid-value", "The value is out of the format or range of its kind."),
    warning(Code::HostBits, "host-bits", "A CIDR block has host bits; AWS zeroes them, and so do we."),
    error(Code::DuplicateName, "duplicate-name", "Two resources have one name or id."),
    error(Code::UnknownReference, "unknown-reference", "Nothing has the name or id that is referred to."),
    error(Code::AmbiguousReference, "ambiguous-reference", "Several things could be meant; say which."),
    error(Code::OutsideBlock, "outside-block", "A block or address lies outside the block it must lie in."),
    error(Code::Overlap, "overlap", "Two blocks overlap that must not."),
    error(
        Code::ReservedAddress,
        "reserved-address",
        "AWS reserves the first four addresses and the last of every subnet.",
    ),
    error(Code::AddressInUse, "address-in-use", "Two interfaces claim one address."),
    error(
        Code::SubnetFull,
        "subnet-full",
        "No address of the subnet is left for an interface that states none.",
    ),
    error(
        Code::DuplicateRuleNumber,
        "duplicate-rule-number",
        "Entries of one network ACL and direction need different numbers.",
    ),
    error(Code::DuplicateRoute, "duplicate-route", "A route table holds one route per destination."),
    error(Code::ImpossibleRoute, "impossible-route", "AWS refuses to create this route."),
    error(
        Code::Mismatch,
        "mismatch",
        "Resources of different VPCs, zones or address families cannot be joined.",
    ),
    error(Code::ConnectionEnds, "connection-ends", "An end of the connection has no usable address."),
    warning(
        Code::Undecided,
        "undecided",
        "What AWS makes of it depends on what nobody states: what rests on it may be `depends`.",
    ),
    warning(
        Code::Implausible,
        "implausible",
        "Something is stated that the network itself keeps from being so, as the health of a target.",
    ),
    warning(Code::NoEffect, "no-effect", "Something is stated that changes nothing."),
    warning(
        Code::NotModelled,
        "not-modelled",
        "AWS has it, this version does not simulate it: what rests on it is `unknown`.",
    ),
];

impl Code {
    fn entry(self) -> Option<&'static CodeEntry> {
        CODES.iter().find(|entry| entry.code == self)
    }

    /// The stable name, e.g. `unknown-key`.
    pub fn name(self) -> &'static str {
        self.entry().map_or("unlisted", |entry| entry.name)
    }

    /// How bad problems of this kind are.
    pub fn severity(self) -> Severity {
        self.entry().map_or(Severity::Error, |entry| entry.severity)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
