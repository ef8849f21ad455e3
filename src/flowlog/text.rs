//! Numbers and addresses as bytes, without formatting machinery: records are written by the million.
//!
//! Whatever is short is put together in a register, first byte lowest, and appended in one go.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};

/// Up to sixteen bytes of text.
#[derive(Clone, Copy)]
struct Short {
    bytes: u128,
    length: usize,
}

impl Short {
    /// This text followed by `more`; together they have at most sixteen bytes, and this one has fewer.
    const fn then(self, more: Self) -> Self {
        Self { bytes: self.bytes | more.bytes << (8 * self.length), length: self.length + more.length }
    }

    fn append_to(self, out: &mut Vec<u8>) {
        let end = out.len() + self.length;
        // Sixteen bytes at once, cut afterwards, are cheaper than as many as there are.
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.truncate(end);
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;

/// `number` below 10^8 as eight digits, each the value of a byte, the first one lowest.
const fn digits(number: u64) -> u64 {
    // Two numbers of four digits, then four of two, then eight of one, side by side in one register; the factors
    // divide by 100 and by 10.
    let fours = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let twos = hundreds | ((fours - 100 * hundreds) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((twos - 10 * tens) << 8)
}

const ASCII_ZEROS: u64 = 0x3030_3030_3030_3030;

/// `number` below 10^8 without leading zeros.
const fn short_number(number: u64) -> Short {
    let digits = digits(number);
    let zeros = if digits == 0 { 7 } else { digits.trailing_zeros() / 8 };
    Short { bytes: ((digits | ASCII_ZEROS) >> (8 * zeros)) as u128, length: 8 - zeros as usize }
}

/// `number` below 10^8 with leading zeros.
const fn eight_digits(number: u64) -> Short {
    Short { bytes: (digits(number) | ASCII_ZEROS) as u128, length: 8 }
}

/// Appends `number` in decimal.
pub(super) fn append_number(number: u64, out: &mut Vec<u8>) {
    let (above, below) = (number / EIGHT_DIGITS, number % EIGHT_DIGITS);
    if above == 0 {
        short_number(below).append_to(out);
    } else if above < EIGHT_DIGITS {
        short_number(above).then(eight_digits(below)).append_to(out);
    } else {
        append_number(above, out);
        eight_digits(below).append_to(out);
    }
}

/// Every byte in decimal, with a point behind it.
static OCTETS: [Short; 256] = {
    const POINT: Short = Short { bytes: b'.' as u128, length: 1 };
    let mut octets = [POINT; 256];
    let mut octet = 0;
    while octet < octets.len() {
        octets[octet] = short_number(octet as u64).then(POINT);
        octet += 1;
    }
    octets
};

fn dotted(address: Ipv4Addr) -> Short {
    let octet = |octet: u8| OCTETS.get(usize::from(octet)).copied().unwrap_or(Short { bytes: 0, length: 0 });
    let [a, b, c, d] = address.octets().map(octet);
    // Four octets with their points have sixteen bytes at most; the last point is cut.
    let all = a.then(b).then(c.then(d));
    Short { length: all.length - 1, ..all }
}

/// Appends `address` as people write it.
pub(super) fn append_address(address: IpAddr, out: &mut Vec<u8>) {
    match address {
        IpAddr::V4(v4) => dotted(v4).append_to(out),
        // Writing to memory cannot fail.
        IpAddr::V6(v6) => drop(write!(out, "{v6}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: u64) -> String {
        let mut out = b"> ".to_vec();
        append_number(number, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 7]);
        for expected in around.chain(0..20_000).chain([u64::MAX, u64::MAX - 1, u64::from(u32::MAX)]) {
            assert_eq!(number(expected), format!("> {expected}"));
        }
    }

    #[test]
    fn addresses_are_those_of_the_standard_library() {
        let v4 =
            (0..=255_u8).flat_map(|octet| [[octet, 0, 9, 255], [10, octet, 99, 100], [255, 255, 255, octet]]);
        let v6 = ["::", "::1", "2001:db8::1", "fd00:ec2::253", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1"];
        for expected in v4.map(IpAddr::from).chain(v6.map(|text| text.parse().unwrap())) {
            let mut out = Vec::new();
            append_address(expected, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected.to_string());
        }
    }
}
