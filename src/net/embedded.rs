//! IPv4 addresses that stand in IPv6 ones, for translators: RFC 6052.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The Well-Known Prefix, `64:ff9b::/96`.
const WELL_KNOWN: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// The IPv4 address that stands in `address` behind `64:ff9b::/96`, if it lies there.
pub fn embedded_ipv4(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let [.., a, b, c, d] = v6.octets();
    let v4 = Ipv4Addr::new(a, b, c, d);
    (embedding(v4) == v6).then_some(v4)
}

/// The IPv6 address in which `address` stands.
pub fn embedding(address: Ipv4Addr) -> Ipv6Addr {
    Ipv6Addr::from_bits(WELL_KNOWN.to_bits() | u128::from(address.to_bits()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_embedded_is_found_again() {
        for text in ["0.0.0.0", "10.0.2.5", "203.0.113.5", "255.255.255.255"] {
            let v4: Ipv4Addr = text.parse().unwrap();
            let v6 = embedding(v4);
            assert_eq!(v6, format!("64:ff9b::{text}").parse::<Ipv6Addr>().unwrap());
            assert_eq!(embedded_ipv4(v6.into()), Some(v4));
        }
        for text in ["64:ff9b:1::a00:205", "64:ff9b::1:0:a00:205", "::ffff:10.0.2.5", "10.0.2.5"] {
            assert_eq!(embedded_ipv4(text.parse().unwrap()), None, "{text}");
        }
    }
}
