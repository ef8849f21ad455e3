//! Numbers and addresses as bytes, without formatting machinery: they are written by the million.
//!
//! Whatever is short is put together in a register, first byte lowest, and appended in one go.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

/// Up to eight bytes of text.
#[derive(Clone, Copy)]
struct Short {
    bytes: u64,
    length: u32,
}

impl Short {
    #[inline]
    fn append_to(self, out: &mut Vec<u8>) {
        let end = out.len() + self.length as usize;
        // Eight bytes at once, cut afterwards, are cheaper than as many as there are.
        out.extend_from_slice(&self.bytes.to_le_bytes());
        out.truncate(end);
    }
}

const EIGHT_DIGITS: u64 = 100_000_000;
const ASCII_ZEROS: u64 = 0x3030_3030_3030_3030;

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

/// `number` below 10^8 without leading zeros.
const fn short_number(number: u64) -> Short {
    let digits = digits(number);
    let zeros = if digits == 0 { 7 } else { digits.trailing_zeros() / 8 };
    Short { bytes: (digits | ASCII_ZEROS) >> (8 * zeros), length: 8 - zeros }
}

/// `number` below 10 000 as four digits of text.
const fn four_digits(number: u32) -> [u8; 4] {
    let twos = (number / 100) | ((number % 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f;
    (tens | ((twos - 10 * tens) << 8) | 0x3030_3030).to_le_bytes()
}

/// The digit `number` as text; it is below 10.
const fn one_digit(number: u64) -> u8 {
    b'0' | number.to_le_bytes()[0]
}

/// Appends `number` in decimal. The usual lengths have ways of their own: counts of packets, ports, sizes, instants.
#[inline]
pub(crate) fn append_number(number: u64, out: &mut Vec<u8>) {
    let low = |modulus: u64| u32::try_from(number % modulus).unwrap_or(0);
    match number {
        0..10 => out.push(one_digit(number)),
        10..100 => out.extend_from_slice(&[one_digit(number / 10), one_digit(number % 10)]),
        1_000..10_000 => out.extend_from_slice(&four_digits(low(10_000))),
        10_000..100_000 => {
            let [a, b, c, d] = four_digits(low(10_000));
            out.extend_from_slice(&[one_digit(number / 10_000), a, b, c, d]);
        }
        100..EIGHT_DIGITS => short_number(number).append_to(out),
        1_000_000_000..10_000_000_000 => {
            let last = number % 100;
            out.extend_from_slice(&(digits(number / 100) | ASCII_ZEROS).to_le_bytes());
            out.extend_from_slice(&[one_digit(last / 10), one_digit(last % 10)]);
        }
        _ => {
            append_number(number / EIGHT_DIGITS, out);
            out.extend_from_slice(&(digits(number % EIGHT_DIGITS) | ASCII_ZEROS).to_le_bytes());
        }
    }
}

/// Every byte in decimal, with a point behind it.
static OCTETS: [Short; 256] = {
    let mut octets = [Short { bytes: 0, length: 0 }; 256];
    let mut octet = 0;
    let mut rest = octets.as_mut_slice();
    while let Some((entry, behind)) = rest.split_first_mut() {
        let Short { bytes, length } = short_number(octet);
        let bytes = bytes & ((1 << (8 * length)) - 1);
        *entry = Short { bytes: bytes | ((b'.' as u64) << (8 * length)), length: length + 1 };
        rest = behind;
        octet += 1;
    }
    octets
};

/// Two octets with a point behind each: eight bytes at most.
#[inline]
fn two_octets(first: u8, second: u8) -> Short {
    let octet = |octet: u8| OCTETS.get(usize::from(octet)).copied().unwrap_or(Short { bytes: 0, length: 0 });
    let (first, second) = (octet(first), octet(second));
    Short { bytes: first.bytes | (second.bytes << (8 * first.length)), length: first.length + second.length }
}

/// Appends `address` as people write it.
#[inline]
pub(crate) fn append_address(address: IpAddr, out: &mut Vec<u8>) {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            two_octets(a, b).append_to(out);
            let end = two_octets(c, d);
            Short { length: end.length - 1, ..end }.append_to(out); // without the last point
        }
        IpAddr::V6(v6) => append_v6(v6, out),
    }
}

/// Appends an IPv6 address in the form of RFC 5952: the longest run of zeros, if it has two groups, is left out.
fn append_v6(address: Ipv6Addr, out: &mut Vec<u8>) {
    if let Some(v4) = address.to_ipv4_mapped() {
        out.extend_from_slice(b"::ffff:");
        return append_address(IpAddr::V4(v4), out);
    }
    let groups = address.segments();
    let run = longest_zeros(&groups);
    for (position, group) in groups.iter().enumerate() {
        if run.contains(&position) {
            if position == run.start {
                out.extend_from_slice(b"::");
            }
            continue;
        }
        if position > 0 && position != run.end {
            out.push(b':');
        }
        append_hexadecimal(*group, out);
    }
}

/// The first of the longest runs of zeros; empty, and behind all groups, when there is none of two or more.
fn longest_zeros(groups: &[u16; 8]) -> Range<usize> {
    let mut longest = groups.len()..groups.len();
    let mut start = 0;
    for (position, group) in groups.iter().enumerate() {
        if *group != 0 {
            start = position + 1;
        } else if position + 1 - start > longest.len().max(1) {
            longest = start..position + 1;
        }
    }
    longest
}

/// Appends a group in hexadecimal without leading zeros.
fn append_hexadecimal(group: u16, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = 4 - (group.leading_zeros() / 4).min(3);
    for digit in (0..digits).rev() {
        let value = usize::from((group >> (4 * digit)) & 0xf);
        out.extend(DIGITS.get(value));
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
        // Every pattern of zero and other groups, of several widths.
        let patterns = (0..=255_u16).flat_map(|zeros| {
            [1, 0x1f, 0xabc, 0xffff].map(|other| {
                let group = |at: u16| if zeros & (1 << at) == 0 { other } else { 0 };
                std::net::Ipv6Addr::from([0, 1, 2, 3, 4, 5, 6, 7].map(group))
            })
        });
        let v6 = ["::", "::1", "2001:db8::1", "fd00:ec2::253", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1"];
        let v6 = v6.map(|text| text.parse().unwrap()).into_iter().chain(patterns.map(IpAddr::from));
        for expected in v4.map(IpAddr::from).chain(v6) {
            let mut out = Vec::new();
            append_address(expected, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected.to_string());
        }
    }
}
