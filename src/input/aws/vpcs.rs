//! VPCs: those that were described, and those that other resources name.

use super::assemble::{Assembly, names};
use super::convert::{is_block_gone, is_block_leaving, name_tag};
use super::interfaces::Found;
use super::json::{Read, Text};
use super::routes;
use super::shapes::{EncryptionControl, Ipv6CidrBlockAssociation, Vpc};
use super::table::NO_ID;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::RESERVED_NAMES;
use crate::model::inventory::{self, Reference};
use crate::model::{EncryptionMode, Identity, Kind};
use crate::net::{Cidr, Family};

impl<'a> Assembly<'_, 'a, '_> {
    /// VPCs, and those that other resources name without anybody having asked about them.
    pub(super) fn vpcs(&mut self) {
        let answers = self.answers;
        let names = names(&answers.vpcs, |vpc| name_tag(vpc.tags.as_ref()));
        for vpc in answers.vpcs.iter() {
            let identity = vpc.identity(names.keep(name_tag(vpc.value.tags.as_ref())));
            let cidr_blocks = self.vpc_blocks(vpc);
            self.vpc(
                identity,
                vpc.scope,
                vpc.value.owner_id.as_ref(),
                vpc.value.region.as_ref(),
                cidr_blocks,
            );
        }
        self.tell_encryption_controls();
        let is_unseen = |vpc: &&Text<'_>| !self.vpc_positions.contains_key(vpc.as_str());
        let mut unseen: Vec<(usize, Reference)> = Vec::new();
        for subnet in answers.subnets.iter() {
            let vpc = Some(&subnet.value.vpc_id).filter(is_unseen);
            unseen.extend(vpc.map(|vpc| (subnet.scope, subnet.reference(vpc))));
        }
        for table in answers.route_tables.iter() {
            let vpc = Some(&table.value.vpc_id).filter(is_unseen);
            unseen.extend(vpc.map(|vpc| (table.scope, table.reference(vpc))));
        }
        for acl in answers.network_acls.iter() {
            let vpc = Some(&acl.value.vpc_id).filter(is_unseen);
            unseen.extend(vpc.map(|vpc| (acl.scope, acl.reference(vpc))));
        }
        for group in answers.security_groups.iter() {
            let vpc = group.value.vpc_id.as_ref().filter(is_unseen);
            unseen.extend(vpc.map(|vpc| (group.scope, group.reference(vpc))));
        }
        for Found { read: card, .. } in &self.cards {
            let vpc = card.value.vpc_id.as_ref().filter(is_unseen);
            unseen.extend(vpc.map(|vpc| (card.scope, card.reference(vpc))));
        }
        let mut missing = 0;
        for (scope, reference) in unseen {
            if self.vpc_positions.contains_key(&reference.value) {
                continue;
            }
            if RESERVED_NAMES.contains(&reference.value.as_str()) {
                self.problems.push(problems::unreadable(reference.origin, "a VPC", "VpcId", NO_ID));
                continue;
            }
            missing += 1;
            let blocks = self.blocks_by_local_routes(&reference.value);
            let id = reference.value;
            let identity = Identity { name: id.clone(), id, origin: reference.origin };
            self.vpc(identity, scope, None, None, blocks);
        }
        self.not_collected(missing, "VPC", "describe-vpcs", "blocks are taken from local routes");
        let first = self.inventory.vpcs.first();
        let account = first.and_then(|vpc| vpc.account.clone());
        let region = first.and_then(|vpc| vpc.region.clone());
        self.inventory.account = account.unwrap_or_else(|| crate::input::DEFAULT_ACCOUNT.to_owned());
        self.inventory.region = region.unwrap_or_else(|| crate::input::DEFAULT_REGION.to_owned());
    }

    /// Tells of VPCs whose encryption controls have a mode that is not known.
    fn tell_encryption_controls(&mut self) {
        let is_unknown = |vpc: &&Read<'_, Vpc<'_>>| {
            let mode = self.encryption_word(vpc.value.vpc_id.as_str());
            mode.is_some_and(|mode| encryption_mode(mode).is_none())
        };
        let count = self.answers.vpcs.iter().filter(is_unknown).count();
        if count > 0 {
            let message = format!("{count} VPCs have encryption controls of a mode that is not known");
            let help = "`encryption-status` is `-` there, and what endpoints refuse for being in the clear is not known";
            self.problems.push(problems::not_modelled(None, message, help));
        }
    }

    /// What AWS calls the mode of a VPC's encryption controls, in the VPC's own description or in theirs.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEncryptionControl.html>
    fn encryption_word(&self, vpc: &str) -> Option<&str> {
        let own = self.answers.vpcs.get(vpc).and_then(|vpc| vpc.value.encryption_control.as_ref());
        let is_its = |control: &&Read<'_, EncryptionControl<'_>>| {
            control.value.vpc_id.as_ref().is_some_and(|own| own.as_str() == vpc)
        };
        let told = || self.answers.encryption_controls.iter().find(is_its).map(|control| &control.value);
        own.or_else(told)?.mode.as_ref().map(Text::as_str)
    }

    fn vpc(
        &mut self,
        identity: Identity,
        scope: usize,
        owner: Option<&Text<'_>>,
        region: Option<&Text<'_>>,
        cidr_blocks: Vec<Located<Cidr>>,
    ) {
        let answers = self.answers;
        let (account, place) = answers.account_and_region(scope);
        let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let by_zone = || {
            let mut mine =
                answers.subnets.iter().filter(|subnet| subnet.value.vpc_id.as_str() == identity.id);
            mine.find_map(|subnet| region_of(subnet.value.availability_zone.as_ref()?.as_str()))
        };
        let mut not_collected = answers.not_collected(&identity.id, scope, owner, self.folders);
        if self.lacks_internet_gateway(&identity.id) && !not_collected.contains(&Kind::InternetGateways) {
            not_collected.push(Kind::InternetGateways);
        }
        if self.has_service_network_endpoint(&identity.id) && !not_collected.contains(&Kind::ServiceNetworks)
        {
            not_collected.push(Kind::ServiceNetworks);
        }
        let public_access =
            answers.vpcs.get(&identity.id).and_then(|vpc| vpc.value.block_public_access_states.as_ref());
        let mut vpc = inventory::Vpc {
            account: super::convert::account(owner).or_else(|| stated(account)),
            region: region
                .map(|region| region.as_str().to_owned())
                .or_else(|| stated(place))
                .or_else(by_zone),
            cidr_blocks,
            not_collected,
            block_public_access: None,
            block_public_access_exclusion: self.block_exclusion(&identity.id),
            encryption_controls: self.encryption_word(&identity.id).and_then(encryption_mode),
            identity,
        };
        vpc.block_public_access =
            self.block_mode(&vpc, public_access, vpc.block_public_access_exclusion, scope);
        self.vpc_positions.insert(vpc.identity.id.clone(), self.inventory.vpcs.len());
        self.inventory.vpcs.push(vpc);
    }

    /// Whether a route of `vpc` proves that an internet gateway is attached to it, and none is among the answers.
    fn lacks_internet_gateway(&self, vpc: &str) -> bool {
        let gateways = &self.answers.internet_gateways;
        let tables = self.answers.route_tables.iter().map(|table| &table.value);
        let mut proofs = tables
            .filter(|table| table.vpc_id.as_str() == vpc)
            .filter_map(routes::internet_gateway_in_use)
            .filter(|gateway| gateways.get(gateway.as_str()).is_none());
        let is_attached = || {
            let mut attached = gateways.iter().flat_map(|gateway| &gateway.value.attachments);
            attached.any(|own| own.vpc_id.as_str() == vpc)
        };
        proofs.next().is_some() && !is_attached()
    }

    /// Lets local routes to blocks that the VPC is just losing lead to what nobody knows: AWS does not say until when they
    /// carry packets.
    pub(super) fn unsettle(&self, routes: &mut [inventory::Route], vpc: &str) {
        let Some(vpc) = self.answers.vpcs.get(vpc) else { return };
        let blocks = vpc.value.cidr_block_association_set.iter().flatten();
        let blocks = blocks.map(|own| (&own.cidr_block, own.cidr_block_state.as_ref()));
        let v6 = vpc.value.ipv6_cidr_block_association_set.iter().flatten();
        let v6 = v6.map(|own| (&own.ipv6_cidr_block, own.ipv6_cidr_block_state.as_ref()));
        for (block, _) in blocks.chain(v6).filter(|(_, state)| is_block_leaving(*state)) {
            let Ok((block, _)) = Cidr::parse(block.as_str()) else { continue };
            let leads_there = |route: &&mut inventory::Route| {
                route.target.value == "local" && route.destination == inventory::Destination::Cidr(block)
            };
            for route in routes.iter_mut().filter(leads_there) {
                routes::UNKNOWN_TARGET.clone_into(&mut route.target.value);
            }
        }
    }

    fn vpc_blocks(&mut self, vpc: &Read<'a, Vpc<'a>>) -> Vec<Located<Cidr>> {
        let mut blocks: Vec<Located<Cidr>> = Vec::new();
        let primary = vpc.value.cidr_block.iter().map(|block| (block, "CidrBlock".to_owned(), Family::V4));
        let associated = vpc.value.cidr_block_association_set.iter().flatten().enumerate();
        let associated = associated.filter(|(_, block)| !is_block_gone(block.cidr_block_state.as_ref())).map(
            |(at, block)| (&block.cidr_block, format!("CidrBlockAssociationSet[{at}].CidrBlock"), Family::V4),
        );
        let v6 = ipv6_blocks(vpc.value.ipv6_cidr_block_association_set.as_ref());
        for (text, path, family) in primary.chain(associated).chain(v6) {
            let block = vpc.cidr_of(family, text, &path, self.problems);
            blocks.extend(block.filter(|block| !blocks.iter().any(|known| known.value == block.value)));
        }
        blocks
    }

    /// The blocks of a VPC that nobody asked about: its route tables have a local route for each.
    fn blocks_by_local_routes(&self, vpc: &str) -> Vec<Located<Cidr>> {
        let mut blocks: Vec<Located<Cidr>> = Vec::new();
        for table in self.answers.route_tables.iter().filter(|table| table.value.vpc_id.as_str() == vpc) {
            for route in routes::routes(table, &mut Diagnostics::default()) {
                if let inventory::Destination::Cidr(cidr) = route.destination
                    && route.target.value == "local"
                    && !blocks.iter().any(|known| known.value == cidr)
                {
                    blocks.push(Located { value: cidr, origin: route.origin });
                }
            }
        }
        blocks
    }
}

/// The mode that AWS calls `word`.
fn encryption_mode(word: &str) -> Option<EncryptionMode> {
    EncryptionMode::NAMES.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode)
}

/// IPv6 blocks that are associated, each with its path.
pub(super) fn ipv6_blocks<'r, 'a>(
    set: Option<&'r Vec<Ipv6CidrBlockAssociation<'a>>>,
) -> impl Iterator<Item = (&'r Text<'a>, String, Family)> {
    let all = set.into_iter().flatten().enumerate();
    all.filter(|(_, block)| !is_block_gone(block.ipv6_cidr_block_state.as_ref())).map(|(at, block)| {
        (&block.ipv6_cidr_block, format!("Ipv6CidrBlockAssociationSet[{at}].Ipv6CidrBlock"), Family::V6)
    })
}

/// The Region of an Availability Zone: `us-east-2` of `us-east-2b`, `us-west-2` of `us-west-2-lax-1a`.
fn region_of(zone: &str) -> Option<String> {
    let digit = zone.find(|letter: char| letter.is_ascii_digit())?;
    zone.get(..=digit).map(str::to_owned)
}
