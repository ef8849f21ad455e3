//! Numbers, addresses and words as bytes, without formatting machinery: they are written by the million.
//!
//! Everything is put into a slice at a place, and the answer is where it ends. What does not fit is left out, and its
//! end still told, so that [`with_room`] gives more room and begins again. Some bytes behind an end are scribbled on.

mod address;

use std::net::IpAddr;

pub(crate) use address::put_address;

/// So many bytes must be left behind the last end for everything before it to have fitted.
const SLACK: usize = LONGEST_WORD;

/// Bytes of the longest IPv6 address and a space, and some to scribble on.
const LONGEST_WORD: usize = 48;

/// Lets `put` put what it has into `line`, with as much room as that needs; says where it ends.
#[inline]
pub(crate) fn with_room(line: &mut Vec<u8>, mut put: impl FnMut(&mut [u8]) -> usize) -> usize {
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
    known_digits(number / FOUR) | (known_digits(number % FOUR) << 32)
}

/// A number below 10 000 as four digits.
#[inline]
fn known_digits(number: u64) -> u64 {
    let position = usize::try_from(number).unwrap_or(usize::MAX);
    FOUR_DIGITS.get(position).copied().map_or(EIGHT_ZEROS, u64::from)
}

/// Eight digits without leading zeros; the last digit stays.
#[inline]
const fn without_zeros(digits: u64) -> Short {
    let last = 1 << 56;
    let zeros = ((digits ^ EIGHT_ZEROS) | last).trailing_zeros() / 8;
    Short { bytes: digits >> (8 * zeros), length: 8 - zeros }
}

/// Puts `number` in decimal. Most counts, ports and sizes are below 10 000.
#[inline]
pub(crate) fn put_number(line: &mut [u8], at: usize, number: u64) -> usize {
    let digits = match number {
        0..FOUR => (EIGHT_ZEROS >> 32) | (known_digits(number) << 32),
        FOUR..EIGHT => eight_digits(number),
        _ => return put_long_number(line, at, number),
    };
    without_zeros(digits).put(line, at)
}

/// As [`put_number`], with a space behind it: of four digits it is put together with them.
#[inline]
pub(crate) fn put_number_and_space(line: &mut [u8], at: usize, number: u64) -> usize {
    if number >= FOUR {
        let end = put_number(line, at, number);
        return put_byte(line, end, b' ');
    }
    let Short { bytes, length } = without_zeros((EIGHT_ZEROS >> 32) | (known_digits(number) << 32));
    Short { bytes: bytes | (u64::from(b' ') << (8 * length)), length: length + 1 }.put(line, at)
}

#[cold]
#[inline(never)]
fn put_long_number(line: &mut [u8], at: usize, number: u64) -> usize {
    let before = put_number(line, at, number / EIGHT);
    put(line, before, eight_digits(number % EIGHT).to_le_bytes());
    before + 8
}

/// A number or an address with a space behind it, to be put again and again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    bytes: [u8; LONGEST_WORD],
    length: usize,
}

impl Word {
    pub(crate) fn of_number(number: u64) -> Self {
        Self::of(|bytes| put_number(bytes, 0, number))
    }

    pub(crate) fn of_address(address: &IpAddr) -> Self {
        Self::of(|bytes| put_address(bytes, 0, address))
    }

    fn of(put: impl FnOnce(&mut [u8]) -> usize) -> Self {
        let mut bytes = [0; LONGEST_WORD];
        let end = put(&mut bytes);
        Self { length: put_byte(&mut bytes, end, b' '), bytes }
    }

    /// As many bytes as it could have at once are cheaper than those that it has.
    #[inline]
    pub(crate) fn put(&self, line: &mut [u8], at: usize) -> usize {
        put(line, at, self.bytes);
        at + self.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `put` puts behind a mark.
    pub(super) fn text(put: impl Fn(&mut [u8], usize) -> usize) -> String {
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
            assert_eq!(text(|line, at| put_number_and_space(line, at, expected)), format!("> {expected} "));
            assert_eq!(text(|line, at| Word::of_number(expected).put(line, at)), format!("> {expected} "));
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
