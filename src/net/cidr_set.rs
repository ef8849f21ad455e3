//! Lists of blocks, searched instead of walked.

use std::net::IpAddr;
use std::ops::Deref;

use super::Cidr;

/// Blocks in the order in which they were listed. It reads as a slice.
#[derive(Debug, Clone, Default)]
pub struct CidrSet {
    blocks: Vec<Cidr>,
    /// First and last addresses of what the blocks hold together, in order and apart from one another.
    ranges: Vec<(IpAddr, IpAddr)>,
}

impl CidrSet {
    /// Whether `address` lies in one of the blocks.
    pub fn contains(&self, address: IpAddr) -> bool {
        let behind = self.ranges.partition_point(|(first, _)| *first <= address);
        let before = behind.checked_sub(1).and_then(|before| self.ranges.get(before));
        // IPv4 stands before IPv6, so that no range reaches from one into the other.
        before.is_some_and(|(_, last)| address <= *last)
    }
}

impl FromIterator<Cidr> for CidrSet {
    fn from_iter<I: IntoIterator<Item = Cidr>>(blocks: I) -> Self {
        let blocks: Vec<Cidr> = blocks.into_iter().collect();
        let mut ranges: Vec<(IpAddr, IpAddr)> =
            blocks.iter().map(|block| (block.first(), block.last())).collect();
        ranges.sort_unstable();
        // Blocks overlap only when one holds the other.
        ranges.dedup_by(|(first, last), (_, end)| {
            let overlaps = *first <= *end;
            if overlaps {
                *end = (*end).max(*last);
            }
            overlaps
        });
        Self { blocks, ranges }
    }
}

impl Deref for CidrSet {
    type Target = [Cidr];

    fn deref(&self) -> &[Cidr] {
        &self.blocks
    }
}

impl PartialEq for CidrSet {
    fn eq(&self, other: &Self) -> bool {
        self.blocks == other.blocks
    }
}

impl Eq for CidrSet {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_what_a_walk_does() {
        let lists: [&[&str]; 4] = [
            &[],
            &["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/24", "192.0.2.128/25", "192.0.2.0/25", "2001:db8::/32"],
            &["255.255.255.255/32", "::/128"],
            &["0.0.0.0/0", "::/0"],
        ];
        let addresses = [
            "0.0.0.0",
            "9.255.255.255",
            "10.0.0.0",
            "10.1.2.3",
            "10.255.255.255",
            "11.0.0.0",
            "192.0.2.127",
            "192.0.2.128",
            "192.0.3.0",
            "255.255.255.255",
            "::",
            "::1",
            "2001:db8::1",
            "2001:db9::",
        ];
        for list in lists {
            let blocks: Vec<Cidr> = list.iter().map(|text| text.parse().unwrap()).collect();
            let set: CidrSet = blocks.iter().copied().collect();
            for address in addresses {
                let address = address.parse().unwrap();
                let expected = blocks.iter().any(|block| block.contains(address));
                assert_eq!(set.contains(address), expected, "{address} in {list:?}");
            }
        }
    }
}
