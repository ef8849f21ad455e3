//! Addresses as people write them.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

use super::{EIGHT_ZEROS, Short, four_digits, put_byte, put_text, without_zeros};

/// Every byte in decimal, with a point behind it.
static OCTETS: [Short; 256] = {
    let mut octets = [Short { bytes: 0, length: 0 }; 256];
    let mut octet = 0;
    let mut rest = octets.as_mut_slice();
    while let Some((entry, behind)) = rest.split_first_mut() {
        let digits = ((four_digits(octet) as u64) << 32) | (EIGHT_ZEROS >> 32);
        let Short { bytes, length } = without_zeros(digits);
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

/// Puts `address` as people write it.
#[inline]
pub(crate) fn put_address(line: &mut [u8], at: usize, address: &IpAddr) -> usize {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            let middle = two_octets(a, b).put(line, at);
            two_octets(c, d).put(line, middle) - 1 // without the last point
        }
        IpAddr::V6(v6) => put_v6(line, at, *v6),
    }
}

/// Puts an IPv6 address in the form of RFC 5952: the longest run of zeros, if it has two groups, is left out.
#[inline(never)]
fn put_v6(line: &mut [u8], at: usize, address: Ipv6Addr) -> usize {
    if let Some(v4) = address.to_ipv4_mapped() {
        let end = put_text(line, at, b"::ffff:");
        return put_address(line, end, &IpAddr::V4(v4));
    }
    let groups = address.segments();
    let run = longest_zeros(&groups);
    let mut end = at;
    for (position, group) in groups.iter().enumerate() {
        if run.contains(&position) {
            if position == run.start {
                end = put_text(line, end, b"::");
            }
            continue;
        }
        if position > 0 && position != run.end {
            end = put_byte(line, end, b':');
        }
        end = hexadecimal(*group).put(line, end);
    }
    end
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

/// A group in hexadecimal without leading zeros.
fn hexadecimal(group: u16) -> Short {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let length = 4 - (group.leading_zeros() / 4).min(3);
    let digit = |at: u32| DIGITS.get(usize::from((group >> (4 * at)) & 0xf)).copied().unwrap_or(0);
    let bytes = (0..length).fold(0, |before, at| (before << 8) | u64::from(digit(at)));
    Short { bytes, length }
}

#[cfg(test)]
mod tests {
    use super::super::{Word, tests::text};
    use super::*;

    #[test]
    fn addresses_are_those_of_the_standard_library() {
        let v4 =
            (0..=255_u8).flat_map(|octet| [[octet, 0, 9, 255], [10, octet, 99, 100], [255, 255, 255, octet]]);
        // Every pattern of zero and other groups, of several widths.
        let patterns = (0..=255_u16).flat_map(|zeros| {
            [1, 0x1f, 0xabc, 0xffff].map(|other| {
                let group = |at: u16| if zeros & (1 << at) == 0 { other } else { 0 };
                Ipv6Addr::from([0, 1, 2, 3, 4, 5, 6, 7].map(group))
            })
        });
        let v6 = ["::", "::1", "2001:db8::1", "fd00:ec2::253", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1"];
        let v6 = v6.map(|text| text.parse().unwrap()).into_iter().chain(patterns.map(IpAddr::from));
        for expected in v4.map(IpAddr::from).chain(v6) {
            assert_eq!(text(|line, at| put_address(line, at, &expected)), format!("> {expected}"));
            assert_eq!(text(|line, at| Word::of_address(&expected).put(line, at)), format!("> {expected} "));
        }
    }
}
