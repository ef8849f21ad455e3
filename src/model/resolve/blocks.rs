//! Blocks of VPCs and subnets: sizes, ranges that AWS refuses, what must lie inside what, and what must not overlap.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html>,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>

use std::collections::BTreeMap;

use super::{Resolver, join};
use crate::diagnostic::{Located, problems};
use crate::model::network::Vpc;
use crate::model::{Index, inventory};
use crate::net::{Cidr, Family};

/// Blocks that no VPC can have.
const FORBIDDEN: [&str; 4] = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"];

/// The blocks of earlier subnets, by VPC.
#[derive(Default)]
pub(super) struct Taken<'a>(BTreeMap<(Index<Vpc>, Cidr), Owner<'a>>);

/// The subnet that has a block, and where it says so.
type Owner<'a> = (&'a inventory::Subnet, &'a Located<Cidr>);

impl<'a> Taken<'a> {
    /// An earlier block of `vpc` that shares an address with `block`. Blocks overlap only when one holds the other: the
    /// larger ones are tried one by one, the smaller ones stand behind it in the order of first addresses.
    fn overlapping(&self, vpc: Index<Vpc>, block: Cidr) -> Option<Owner<'a>> {
        let mut larger = (0..=block.prefix_length()).filter_map(|length| Cidr::new(block.first(), length));
        let holds = larger.find_map(|larger| self.0.get(&(vpc, larger)));
        let behind = || {
            self.0.range((vpc, block)..).next().filter(|((of, inner), _)| *of == vpc && block.covers(inner))
        };
        holds.or_else(|| behind().map(|(_, taken)| taken)).copied()
    }
}

impl Resolver<'_, '_> {
    pub(super) fn check_vpc(&mut self, vpc: &inventory::Vpc) {
        let identity = &vpc.identity;
        if vpc.cidr_blocks.is_empty() && !self.problems.concern(identity.origin) {
            self.problems.push(problems::missing_key(identity.origin, "a VPC", "cidr_block"));
        }
        for (position, block) in vpc.cidr_blocks.iter().enumerate() {
            self.check_size(block, "VPC", [(16, 28), (44, 60)]);
            let forbidden = FORBIDDEN.iter().filter_map(|text| text.parse::<Cidr>().ok());
            for forbidden in
                forbidden.filter(|forbidden| forbidden.overlaps(&block.value) && !block.value.is_everything())
            {
                let message = format!("a VPC cannot have addresses of {forbidden}, as {} has", block.value);
                let help = "AWS recommends a block of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";
                self.problems.push(problems::invalid_value(block.origin, message, help));
            }
            for other in
                vpc.cidr_blocks.iter().take(position).filter(|other| other.value.overlaps(&block.value))
            {
                let owner = &identity.name;
                self.problems.push(problems::overlap(
                    block.origin,
                    block.value,
                    other.value,
                    owner,
                    other.origin,
                ));
            }
        }
    }

    pub(super) fn check_subnet<'a>(
        &mut self,
        subnet: &'a inventory::Subnet,
        vpc_index: Index<Vpc>,
        vpc: &Vpc,
        taken: &mut Taken<'a>,
    ) {
        let identity = &subnet.identity;
        if subnet.cidr_blocks.is_empty() && !self.observed && !self.problems.concern(identity.origin) {
            self.problems.push(problems::missing_key(identity.origin, "a subnet", "cidr_block"));
        }
        let mut v4 = subnet.cidr_blocks.iter().filter(|block| block.value.family() == Family::V4);
        if let (Some(_), Some(second)) = (v4.next(), v4.next()) {
            let message = format!("subnet `{}` has several IPv4 blocks", identity.said(self.observed));
            self.problems.push(problems::invalid_value(second.origin, message, "make a subnet for each"));
        }
        let incomplete = Some(vpc_index) == self.unclear || self.problems.concern(vpc.identity.origin);
        let unbounded = self.observed && vpc.cidr_blocks.is_empty();
        for block in &subnet.cidr_blocks {
            let right_size = self.observed || self.check_size(block, "subnet", [(16, 28), (44, 64)]);
            if !unbounded && !vpc.cidr_blocks.iter().any(|outer| outer.covers(&block.value)) {
                if right_size && !incomplete {
                    let of = format!("VPC `{}`", vpc.identity.said(self.observed));
                    self.problems.push(problems::outside_block(
                        block.origin,
                        block.value,
                        join(&vpc.cidr_blocks),
                        &of,
                    ));
                }
                continue;
            }
            if let Some((other, there)) = taken.overlapping(vpc_index, block.value) {
                let owner = other.identity.said(self.observed);
                self.problems.push(problems::overlap(
                    block.origin,
                    block.value,
                    there.value,
                    owner,
                    there.origin,
                ));
            }
            taken.0.entry((vpc_index, block.value)).or_insert((subnet, block));
        }
    }

    /// Whether the prefix is as long as AWS wants it: from 16 to 28 bits for IPv4, of IPv6 in steps of four.
    fn check_size(&mut self, block: &Located<Cidr>, what: &str, [v4, v6]: [(u8, u8); 2]) -> bool {
        let length = block.value.prefix_length();
        let family = block.value.family();
        let ((shortest, longest), steps) = match family {
            Family::V4 => (v4, ""),
            Family::V6 => (v6, ", in steps of 4"),
        };
        let right =
            (shortest..=longest).contains(&length) && (family == Family::V4 || length.is_multiple_of(4));
        if !right {
            let message = format!("{} has a size that AWS refuses for a {what}", block.value);
            let help = format!("an {family} block of a {what} is a /{shortest} to /{longest}{steps}");
            self.problems.push(problems::invalid_value(block.origin, message, &help));
        }
        right
    }
}
