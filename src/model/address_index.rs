//! Who has which address: looked up several times for every packet.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::net::{IpAddr, Ipv4Addr};

use super::{Index, NetworkInterface, network::Vpc};
use crate::net::Cidr;

/// Who has which address. Nothing walks over its maps, so that their order does not matter.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AddressIndex {
    v4: HashMap<u64, Index<NetworkInterface>, BuildHasherDefault<Mixer>>,
    /// IPv6 addresses are chosen freely, perhaps by somebody who wishes us ill: they have the standard hasher.
    other: HashMap<(Index<Vpc>, IpAddr), Index<NetworkInterface>>,
    prefixes: HashMap<(Index<Vpc>, Cidr), Index<NetworkInterface>>,
    /// Lengths of the prefixes, each once.
    prefix_lengths: Vec<u8>,
    public: HashMap<IpAddr, (Index<NetworkInterface>, IpAddr)>,
    strays: HashMap<IpAddr, Stray>,
    /// Blocks of public addresses that come without translation.
    pools: Vec<Cidr>,
}

/// A public address of the account that no known interface has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stray {
    /// An interface has it that was not collected.
    Unplaced,
    /// Nothing is associated with it.
    Unassociated,
    /// An event took it from the interface that had it. Assumed: released-address.
    Released,
    /// It is of a pool of the account's own, which an internet gateway's route table leads to an interface as it is.
    Pool,
}

impl AddressIndex {
    /// Enters a private or IPv6 address; a later owner takes the place of an earlier one, who is returned.
    pub(crate) fn enter(
        &mut self,
        vpc: Index<Vpc>,
        address: IpAddr,
        owner: Index<NetworkInterface>,
    ) -> Option<Index<NetworkInterface>> {
        match address {
            IpAddr::V4(v4) => self.v4.insert(key(vpc, v4), owner),
            IpAddr::V6(_) => self.other.insert((vpc, address), owner),
        }
    }

    /// Enters a delegated prefix, if it is not taken.
    pub(crate) fn enter_prefix(&mut self, vpc: Index<Vpc>, prefix: Cidr, owner: Index<NetworkInterface>) {
        self.prefixes.entry((vpc, prefix)).or_insert(owner);
        if !self.prefix_lengths.contains(&prefix.prefix_length()) {
            self.prefix_lengths.push(prefix.prefix_length());
        }
    }

    /// Enters a public address and the private one it stands for, if it is free; otherwise says whose it is.
    pub(crate) fn enter_public(
        &mut self,
        public: IpAddr,
        owner: Index<NetworkInterface>,
        private: IpAddr,
    ) -> Result<(), Index<NetworkInterface>> {
        match self.public.entry(public) {
            Entry::Vacant(free) => {
                free.insert((owner, private));
                Ok(())
            }
            Entry::Occupied(taken) => Err(taken.get().0),
        }
    }

    /// Enters a public address that no known interface has.
    pub(crate) fn enter_stray(&mut self, public: IpAddr, stray: Stray) {
        self.strays.entry(public).or_insert(stray);
    }

    /// Enters every public address that somebody had `before`, or that was released before, and that nobody has any more.
    pub(crate) fn release(&mut self, before: &Self) {
        let had = before.public.keys();
        let released = before.strays.iter().filter(|(_, stray)| **stray == Stray::Released);
        for public in had.chain(released.map(|(public, _)| public)) {
            if self.behind(*public).is_none() {
                self.enter_stray(*public, Stray::Released);
            }
        }
    }

    /// Enters a block of public addresses that come without translation.
    pub(crate) fn enter_pool(&mut self, block: Cidr) {
        self.pools.push(block);
    }

    /// What is known of a public address that no known interface has.
    pub(crate) fn stray(&self, public: IpAddr) -> Option<Stray> {
        let of_pool = || self.pools.iter().any(|pool| pool.contains(public)) && self.behind(public).is_none();
        self.strays.get(&public).copied().or_else(|| of_pool().then_some(Stray::Pool))
    }

    /// Who of `vpc` has `address`, itself or in a delegated prefix.
    pub(crate) fn owner(&self, vpc: Index<Vpc>, address: IpAddr) -> Option<Index<NetworkInterface>> {
        let own = match address {
            IpAddr::V4(v4) => self.v4.get(&key(vpc, v4)),
            IpAddr::V6(_) => self.other.get(&(vpc, address)),
        };
        own.copied().or_else(|| {
            let mut prefixes = self.prefix_lengths.iter().filter_map(|length| Cidr::new(address, *length));
            prefixes.find_map(|prefix| self.prefixes.get(&(vpc, prefix)).copied())
        })
    }

    /// Who has a public address, and the private one it stands for.
    pub(crate) fn behind(&self, public: IpAddr) -> Option<(Index<NetworkInterface>, IpAddr)> {
        self.public.get(&public).copied()
    }
}

/// A private IPv4 address of a VPC as one number.
fn key(vpc: Index<Vpc>, address: Ipv4Addr) -> u64 {
    (vpc.position() as u64) << u32::BITS | u64::from(u32::from(address))
}

/// Spreads numbers over 64 bits, reversibly, so that different ones never become one.
#[derive(Debug, Clone, Copy, Default)]
struct Mixer(u64);

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64((self.0 << 8) ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let spread = (number ^ (number >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ (spread >> 29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_belong_to_their_vpc_and_family() {
        let (one, other) = (Index::new(0), Index::new(1));
        let mut index = AddressIndex::default();
        let v4: IpAddr = "10.0.0.1".parse().unwrap();
        let mapped: IpAddr = "::ffff:10.0.0.1".parse().unwrap();
        index.enter(one, v4, Index::new(7));
        index.enter(other, v4, Index::new(8));
        assert_eq!(
            (index.owner(one, v4), index.owner(other, v4)),
            (Some(Index::new(7)), Some(Index::new(8)))
        );
        assert_eq!(index.owner(one, mapped), None);
    }

    #[test]
    fn an_address_of_a_delegated_prefix_is_found() {
        let vpc = Index::new(0);
        let mut index = AddressIndex::default();
        index.enter_prefix(vpc, "10.0.0.16/28".parse().unwrap(), Index::new(3));
        index.enter_prefix(vpc, "2001:db8::/80".parse().unwrap(), Index::new(4));
        for (address, owner) in [("10.0.0.31", Some(3)), ("10.0.0.32", None), ("2001:db8::9", Some(4))] {
            assert_eq!(index.owner(vpc, address.parse().unwrap()), owner.map(Index::new), "{address}");
        }
    }
}
