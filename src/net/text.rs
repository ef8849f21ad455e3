//! Numbers, addresses and words as bytes, without formatting machinery: they are written by the million.
//!
//! Everything is put into a slice at a place, and the answer is where it ends. What does not fit is left out, and its
//! end still told, so that [`with_room`] gives more room and begins again. Some bytes behind an end are scribbled on.

use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;

/// So many bytes must be left behind the last end for everything before it to have fitted.
const SLACK: usize = 8;

/// Lets `put` put what it has into `line`, with as much room as that needs; says where it ends.
#[inline]
pub(crate) fn with_room(line: &mut Vec<u8>, put: impl Fn(&mut [u8]) -> usize) -> usize {
    loop {
        let end = put(line);
        if end + SLACK <= line.len() {
            return end;
        }
        line.resize(2 * (end + SLACK), 0);
    }
}

/// Puts bytes, if they fit.
#[inline]
fn put<const N: usize>(line: &mut [u8], at: usize, bytes: [u8; N]) {
    if let Some(place) = line.get_mut(at..at + N) {
        place.copy_from_slice(&bytes);
    }
}

/// Puts one byte.
#[inline]
pub(crate) fn put_byte(line: &mut [u8], at: usize, byte: u8) -> usize {
    put(line, at, [byte]);
    at + 1
}

/// Puts a text. Words of up to sixteen bytes are put as two halves that overlap.
#[inline]
pub(crate) fn put_text(line: &mut [u8], at: usize, text: &[u8]) -> usize {
    /// Both ends of `text`, if it has so many bytes and at most twice as many.
    fn ends<const N: usize>(text: &[u8]) -> Option<([u8; N], [u8; N])> {
        let short = text.get(..2 * N).is_none_or(|all| all.len() == text.len());
        short.then_some(())?;
        Some((*text.first_chunk()?, *text.last_chunk()?))
    }
    let end = at + text.len();
    if let Some((first, last)) = ends::<2>(text) {
        put(line, at, first);
        put(line, end - 2, last);
    } else if let Some((first, last)) = ends::<4>(text) {
        put(line, at, first);
        put(line, end - 4, last);
    } else if let Some((first, last)) = ends::<8>(text) {
        put(line, at, first);
        put(line, end - 8, last);
    } else if let Some(place) = line.get_mut(at..end) {
        place.copy_from_slice(text);
    }
    end
}

/// Up to eight bytes of text, put together in a register: the first byte is the lowest.
#[derive(Clone, Copy)]
struct Short {
    bytes: u64,
    length: u32,
}

impl Short {
    /// Eight bytes at once, the rest to be written over, are cheaper than as many as there are.
    #[inline]
    fn put(self, line: &mut [u8], at: usize) -> usize {
        put(line, at, self.bytes.to_le_bytes());
        at + self.length as usize
    }
}

const FOUR: u64 = 10_000;
const EIGHT: u64 = 100_000_000;
const TWELVE: u64 = 1_000_000_000_000;
const EIGHT_ZEROS: u64 = 0x3030_3030_3030_3030;

/// A number below 10 000 as four digits of text, the first byte the lowest.
const fn four_digits(number: u32) -> u32 {
    // Two numbers of two digits, then four of one, side by side in one register; 103 / 1024 divides by 10.
    let twos = (number / 100) | ((number % 100) << 16);
    let tens = ((twos * 103) >> 10) & 0x000f_000f;
    (tens | ((twos - 10 * tens) << 8)) | 0x3030_3030
}

/// [`four_digits`] of every number: twice as fast as to compute them.
static FOUR_DIGITS: [u32; 10_000] = {
    let mut all = [0; 10_000];
    let mut number = 0;
    let mut rest = all.as_mut_slice();
    while let Some((entry, behind)) = rest.split_first_mut() {
        *entry = four_digits(number);
        rest = behind;
        number += 1;
    }
    all
};

/// A number below 10^8 as eight digits.
#[inline]
fn eight_digits(number: u64) -> u64 {
    let four = |number: u64| {
        let position = usize::try_from(number).unwrap_or(usize::MAX);
        FOUR_DIGITS.get(position).copied().map_or(EIGHT_ZEROS, u64::from)
    };
    four(number / FOUR) | (four(number % FOUR) << 32)
}

/// Eight digits without leading zeros; the last digit stays.
#[inline]
const fn without_zeros(digits: u64) -> Short {
    let last = 1 << 56;
    let zeros = ((digits ^ EIGHT_ZEROS) | last).trailing_zeros() / 8;
    Short { bytes: digits >> (8 * zeros), length: 8 - zeros }
}

/// Puts `number` in decimal. Counts, ports and sizes need no branch for their length, nor do instants.
#[inline]
pub(crate) fn put_number(line: &mut [u8], at: usize, number: u64) -> usize {
    match number {
        0..EIGHT => without_zeros(eight_digits(number)).put(line, at),
        EIGHT..TWELVE => {
            let before = without_zeros(eight_digits(number / EIGHT)).put(line, at);
            put(line, before, eight_digits(number % EIGHT).to_le_bytes());
            before + 8
        }
        _ => put_long_number(line, at, number),
    }
}

#[cold]
#[inline(never)]
fn put_long_number(line: &mut [u8], at: usize, number: u64) -> usize {
    let before = put_number(line, at, number / EIGHT);
    put(line, before, eight_digits(number % EIGHT).to_le_bytes());
    before + 8
}

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
    use super::*;

    /// What `put` puts behind a mark.
    fn text(put: impl Fn(&mut [u8], usize) -> usize) -> String {
        let mut line = b"> ".to_vec();
        let end = put(&mut line, 2); // nothing fits, and the end is told
        assert_eq!(with_room(&mut line, |line| put(line, 2)), end);
        line.truncate(end);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let powers = (0..20).map(|power| 10_u64.pow(power));
        let around = powers.flat_map(|power| [power - 1, power, power + 1, power / 7]);
        for expected in around.chain(0..20_000).chain([u64::MAX, u64::MAX - 1, u64::from(u32::MAX)]) {
            assert_eq!(text(|line, at| put_number(line, at, expected)), format!("> {expected}"));
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
            assert_eq!(text(|line, at| put_address(line, at, &expected)), format!("> {expected}"));
        }
    }

    #[test]
    fn words_of_any_length() {
        let alphabet: String = ('a'..='z').collect();
        for length in 0..=alphabet.len() {
            let word: String = alphabet.chars().take(length).collect();
            assert_eq!(text(|line, at| put_text(line, at, word.as_bytes())), format!("> {word}"));
        }
    }
}
