//! Addresses of the internet at large, for traffic of many clients.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::{Network, stable_hash};
use crate::net::{Cidr, CidrSet, Family, is_private};

/// IPv4 blocks that nobody has on the internet, beside private ones: special purposes, documentation, multicast.
/// <https://www.iana.org/assignments/iana-ipv4-special-registry/>
const SPECIAL: [([u8; 4], u8); 8] = [
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 31, 196, 0], 24),
    ([192, 52, 193, 0], 24),
    ([192, 88, 99, 0], 24),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
];

/// The first 12 bits of the IPv6 blocks of the regional registries.
/// <https://www.iana.org/assignments/ipv6-unicast-address-assignments/>
const REGISTRIES: [u16; 5] = [0x2400, 0x2600, 0x2800, 0x2a00, 0x2c00];

impl Network {
    /// `count` different public addresses, always the same for a `key`. Nothing in the network names them more closely
    /// than `/0`, as long as such addresses are found: what becomes of their packets is decided by the rules anyway.
    pub(super) fn strangers(&self, family: Family, count: usize, key: &[&str]) -> Vec<IpAddr> {
        // When rules name the whole internet in pieces, no address is free, and any will do.
        const MOST_TRIED: u64 = 64;
        let named: CidrSet = self.named_blocks().filter(|block| !block.is_everything()).collect();
        let special: CidrSet = SPECIAL
            .into_iter()
            .filter_map(|(base, length)| Cidr::new(Ipv4Addr::from(base).into(), length))
            .collect();
        let seed = stable_hash(key).to_string();
        let mut found = BTreeSet::new();
        let mut all = Vec::with_capacity(count);
        for number in 0..count {
            let number = number.to_string();
            let draw = |trial: u64| {
                let address = public(family, stable_hash(&["stranger", &seed, &number, &trial.to_string()]));
                (!is_private(address) && !special.contains(address)).then_some(address)
            };
            let is_free = |address: &IpAddr| !named.contains(*address) && !self.has_public_ip(*address);
            let is_new = |address: &IpAddr| !found.contains(address);
            let mut trials = (0..MOST_TRIED).filter_map(draw).filter(is_new);
            let address = trials.find(is_free).or_else(|| (0..MOST_TRIED).filter_map(draw).find(is_new));
            if let Some(address) = address {
                found.insert(address);
                all.push(address);
            }
        }
        all
    }
}

/// An address out of a number drawn by chance: of IPv4 neither the first nor the last of its 256 neighbours.
fn public(family: Family, number: u64) -> IpAddr {
    match family {
        Family::V4 => {
            let [first, second, third, fourth, ..] = number.to_be_bytes();
            IpAddr::V4(Ipv4Addr::new(1 + first % 223, second, third, 1 + fourth % 254))
        }
        Family::V6 => {
            let choice = usize::try_from(number % 5).unwrap_or(0);
            let registry = u128::from(REGISTRIES.get(choice).copied().unwrap_or(0x2600)) << 112;
            let network = u128::from(number >> 12) << 64;
            IpAddr::V6(Ipv6Addr::from(registry | network | u128::from(number.rotate_left(29))))
        }
    }
}
