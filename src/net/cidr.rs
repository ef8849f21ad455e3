//! Blocks of addresses in canonical form.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use ipnet::IpNet;

use super::text;

/// Address family of a packet, a block or a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// IPv4
    V4,
    /// IPv6
    V6,
}

impl Family {
    /// The family of `address`.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }

    /// Length in bytes of an IP header without options.
    pub const fn header_bytes(self) -> u64 {
        match self {
            Self::V4 => 20,
            Self::V6 => 40,
        }
    }

    /// Bytes by which its header is longer than that of `other`.
    pub const fn longer_than(self, other: Self) -> i64 {
        self.header_bytes().cast_signed() - other.header_bytes().cast_signed()
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V4 => "IPv4",
            Self::V6 => "IPv6",
        })
    }
}

/// A block of addresses whose host bits are zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(IpNet);

/// Text that is no CIDR block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CidrError(String);

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a CIDR block", self.0)
    }
}

impl Error for CidrError {}

impl Cidr {
    /// Builds a block, zeroing the host bits of `address`; `None` when `prefix_length` exceeds the family's.
    pub fn new(address: IpAddr, prefix_length: u8) -> Option<Self> {
        IpNet::new(address, prefix_length).ok().map(|net| Self(net.trunc()))
    }

    /// The block that holds `address` alone.
    pub fn host(address: IpAddr) -> Self {
        Self(IpNet::from(address))
    }

    /// Reads `10.0.0.0/16`. The flag says whether host bits were set and had to be zeroed.
    ///
    /// # Errors
    /// [`CidrError`] when `text` is not an address, a slash and a prefix length.
    pub fn parse(text: &str) -> Result<(Self, bool), CidrError> {
        let net: IpNet = text.parse().map_err(|_| CidrError(text.to_owned()))?;
        let canonical = net.trunc();
        Ok((Self(canonical), canonical != net))
    }

    /// Whether `address` lies in the block. An address of the other family never does.
    pub fn contains(&self, address: IpAddr) -> bool {
        // Bits of the prefix in which they differ; the library computes first and last addresses instead.
        match (self.0, address) {
            (IpNet::V4(net), IpAddr::V4(v4)) => {
                let differing = u32::from(net.addr()) ^ u32::from(v4);
                differing.checked_shr(u32::BITS - u32::from(net.prefix_len())).unwrap_or(0) == 0
            }
            (IpNet::V6(net), IpAddr::V6(v6)) => {
                let differing = u128::from(net.addr()) ^ u128::from(v6);
                differing.checked_shr(u128::BITS - u32::from(net.prefix_len())).unwrap_or(0) == 0
            }
            _ => false,
        }
    }

    /// Whether every address of `other` lies in this block.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether the blocks share an address.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// Number of leading bits that all addresses of the block share.
    pub fn prefix_length(&self) -> u8 {
        self.0.prefix_len()
    }

    /// The block's family.
    pub fn family(&self) -> Family {
        Family::of(self.first())
    }

    /// Whether the block holds every address of its family.
    pub fn is_everything(&self) -> bool {
        self.0.prefix_len() == 0
    }

    /// Whether the block holds a single address.
    pub fn is_host(&self) -> bool {
        self.0.prefix_len() == self.0.max_prefix_len()
    }

    /// The lowest address.
    pub fn first(&self) -> IpAddr {
        self.0.network()
    }

    /// The highest address.
    pub fn last(&self) -> IpAddr {
        self.0.broadcast()
    }

    /// The block as `Display` writes it, sooner.
    pub(crate) fn to_text(self) -> String {
        let mut text = [0; 64]; // more than any block needs
        let end = text::put_address(&mut text, 0, &self.first());
        let end = text::put_byte(&mut text, end, b'/');
        let end = text::put_number(&mut text, end, self.prefix_length().into());
        text.get(..end).map(String::from_utf8_lossy).unwrap_or_default().into_owned()
    }

    /// Whether `address` stands `offset` places above the lowest, within the block.
    #[inline]
    pub(crate) fn is_nth(&self, offset: u32, address: IpAddr) -> bool {
        let distance = match (self.0, address) {
            (IpNet::V4(net), IpAddr::V4(v4)) => u32::from(v4).wrapping_sub(net.addr().into()).into(),
            (IpNet::V6(net), IpAddr::V6(v6)) => u128::from(v6).wrapping_sub(net.addr().into()),
            _ => return false,
        };
        distance == u128::from(offset) && self.contains(address)
    }

    /// The address `offset` places above the lowest, or `None` beyond the block.
    pub fn nth(&self, offset: u32) -> Option<IpAddr> {
        let address = match self.first() {
            IpAddr::V4(first) => IpAddr::V4(Ipv4Addr::from(u32::from(first).checked_add(offset)?)),
            IpAddr::V6(first) => IpAddr::V6(u128::from(first).checked_add(u128::from(offset))?.into()),
        };
        self.contains(address).then_some(address)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map(|(cidr, _)| cidr)
    }
}

/// Space that nobody routes on the internet: private IPv4 (RFC 1918), shared IPv4 (RFC 6598, `100.64.0.0/10`), unique
/// local IPv6 (RFC 4193), link-local, loopback and unspecified addresses.
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let shared = v4.octets()[0] == 100 && (64..128).contains(&v4.octets()[1]);
            v4.is_private() || shared || v4.is_link_local() || v4.is_loopback() || v4.octets()[0] == 0
        }
        IpAddr::V6(v6) => {
            v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback() || v6.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_bits_are_zeroed_and_reported() {
        // The canonical form of a block: 100.68.0.18/18 is written 100.68.0.0/18.
        let (cidr, changed) = Cidr::parse("100.68.0.18/18").unwrap();
        assert_eq!((cidr.to_string().as_str(), changed), ("100.68.0.0/18", true));
        assert!(!Cidr::parse("10.0.0.0/16").unwrap().1);
        assert!(Cidr::parse("10.0.0.0").is_err());
        assert!(Cidr::parse("10.0.0.0/33").is_err());
    }

    #[test]
    fn families_never_mix() {
        let all: Cidr = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains("8.8.8.8".parse().unwrap()));
        assert!(!all.contains("2001:db8::1".parse().unwrap()));
    }

    #[test]
    fn blocks_contain_what_the_library_says() {
        let addresses = [
            "0.0.0.0",
            "10.0.0.1",
            "10.0.0.2",
            "11.0.0.0",
            "255.255.255.255",
            "::",
            "2001:db8::1",
            "2001:db9::",
        ];
        for block in [
            "0.0.0.0/0",
            "10.0.0.0/8",
            "10.0.0.1/32",
            "10.0.0.0/31",
            "::/0",
            "2001:db8::/32",
            "2001:db8::1/128",
        ] {
            let block: Cidr = block.parse().unwrap();
            for address in addresses {
                let address: IpAddr = address.parse().unwrap();
                assert_eq!(block.contains(address), block.0.contains(&address), "{address} in {block}");
            }
        }
    }

    #[test]
    fn nth_stops_at_the_end() {
        let net: Cidr = "10.0.0.0/30".parse().unwrap();
        assert_eq!(net.nth(3), Some("10.0.0.3".parse().unwrap()));
        assert_eq!(net.nth(4), None);
        let third = net.nth(3).unwrap();
        assert!(net.is_nth(3, third) && !net.is_nth(2, third) && !net.is_nth(4, "10.0.0.4".parse().unwrap()));
    }

    #[test]
    fn both_ways_to_text_agree() {
        for text in ["0.0.0.0/0", "10.1.255.0/24", "192.0.2.128/25", "2001:db8::/32", "::/0"] {
            assert_eq!(text.parse::<Cidr>().unwrap().to_text(), text);
        }
    }

    #[test]
    fn special_space() {
        for (address, private) in [
            ("172.31.255.1", true),
            ("172.32.0.1", false),
            ("100.127.255.255", true),
            ("100.128.0.0", false),
            ("169.254.9.9", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("2001:db8::1", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }
}
