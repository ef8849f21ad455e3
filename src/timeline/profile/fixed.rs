//! Logarithms and powers of two in integers: the same bits on every machine, which no promise covers for floats.
//!
//! Numbers are fixed-point with 32 binary places. Between the 256 steps of a table they are interpolated: the error is
//! below one part in a hundred thousand.

/// One.
pub(super) const ONE: i64 = 1 << PLACES;
/// Binary places.
pub(super) const PLACES: u32 = 32;

const STEPS: usize = 256;

/// `log2(1 + i / 256)`.
static LOG2: [u64; STEPS + 1] = log2_table();
/// `2^(i / 256)`.
static EXP2: [u64; STEPS + 1] = exp2_table();

/// The logarithm of a whole number above zero; of zero that of one.
pub(super) fn log2(number: u64) -> i64 {
    let number = number.max(1);
    let zeros = number.leading_zeros();
    let mantissa = number << zeros; // 1.xxx with 63 places
    let step = (mantissa >> 55) as usize & (STEPS - 1);
    let part = (mantissa >> 23) & 0xffff_ffff;
    let whole = i64::from(63 - zeros) << PLACES;
    whole + signed(between(&LOG2, step, part))
}

/// `number * 2^power`, rounded down; the largest number when that is too small.
pub(super) fn times_power(number: u64, power: i64) -> u64 {
    let whole = power >> PLACES;
    let fraction = u64::try_from(power & (ONE - 1)).unwrap_or(0);
    let step = (fraction >> 24) as usize;
    let part = (fraction & 0xff_ffff) << 8;
    let scaled = u128::from(number) * u128::from(between(&EXP2, step, part)); // 32 places
    let places = i64::from(PLACES) - whole;
    match u32::try_from(places) {
        Ok(places) => u64::try_from(scaled.checked_shr(places).unwrap_or(0)).unwrap_or(u64::MAX),
        Err(_) if number == 0 => 0,
        Err(_) => u64::MAX,
    }
}

/// The value of `table` at `step`, and on from there by `part` of 2^32.
fn between(table: &[u64; STEPS + 1], step: usize, part: u64) -> u64 {
    let at = |step: usize| table.get(step).copied().unwrap_or(0);
    let (here, next) = (at(step), at(step + 1));
    here + ((next.saturating_sub(here) * part) >> PLACES)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[expect(clippy::indexing_slicing, reason = "when the program is built, and the loop ends with the table")]
const fn log2_table() -> [u64; STEPS + 1] {
    let mut table = [0; STEPS + 1];
    let mut step = 0;
    while step < STEPS {
        // Squaring doubles the logarithm: whenever it passes two, the next binary place is a one.
        let mut number = (1_u128 << 62) + ((step as u128) << 54);
        let (mut log, mut place) = (0_u64, 0);
        while place < PLACES {
            number = (number * number) >> 62;
            log <<= 1;
            if number >= 1 << 63 {
                number >>= 1;
                log |= 1;
            }
            place += 1;
        }
        table[step] = log;
        step += 1;
    }
    table[STEPS] = ONE as u64;
    table
}

#[expect(clippy::indexing_slicing, reason = "when the program is built, and the loop ends with the table")]
#[expect(clippy::cast_possible_truncation, reason = "between one and two, with 32 places")]
const fn exp2_table() -> [u64; STEPS + 1] {
    // The square roots of two, of that, of that…: 2^(1/2), 2^(1/4), to 2^(1/256).
    let mut roots = [2_u128 << 60; 9];
    let mut root = 1;
    while root < 9 {
        roots[root] = (roots[root - 1] << 60).isqrt();
        root += 1;
    }
    let mut table = [0; STEPS + 1];
    let mut step = 0;
    while step <= STEPS {
        let mut power = 1_u128 << 60;
        let mut bit = 0;
        while bit < 9 {
            if step & (STEPS >> bit) != 0 {
                power = (power * roots[bit]) >> 60;
            }
            bit += 1;
        }
        table[step] = (power >> 28) as u64;
        step += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
    fn float(number: i64) -> f64 {
        number as f64 / ONE as f64
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
    fn logarithms_are_close_to_those_of_floats() {
        for number in (1..2_000).chain([u64::from(u32::MAX), u64::MAX / 3, u64::MAX]) {
            let expected = (number as f64).log2();
            assert!((float(log2(number)) - expected).abs() < 1e-5, "{number}: {}", float(log2(number)));
        }
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "compared with a tolerance")]
    fn powers_are_close_to_those_of_floats() {
        for power in (-20 * 97..20 * 97).map(|step| step * ONE / 97) {
            let (got, expected) =
                (times_power(1 << 30, power) as f64, float(power).exp2() * (1_u64 << 30) as f64);
            assert!((got - expected).abs() <= 1.0 + expected * 1e-5, "{power}: {got} {expected}");
        }
    }

    #[test]
    fn what_is_too_large_or_small_is_the_end_of_the_range() {
        assert_eq!(times_power(3, 200 << PLACES), u64::MAX);
        assert_eq!(times_power(3, -(200 << PLACES)), 0);
        assert_eq!(times_power(0, 200 << PLACES), 0);
        assert_eq!(times_power(5, 0), 5);
        assert_eq!(log2(0), 0);
    }
}
