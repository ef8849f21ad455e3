//! Which source port a NAT gateway chooses for a connection.
//!
//! It is chosen by a hash of the connection's name, so that it stays the same when others come and go. Of two connections
//! of a scenario that would have the same, the later has the next that is free: a port of the gateway belongs to one
//! connection to the same destination. Assumed: nat-gateway-ports.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html>

use super::Connection;
use super::identity::stable_hash;
use super::inventory::first_of;
use crate::net::PortRange;

/// The ports of a NAT gateway: 1024 to 65535.
const PORTS: u16 = 64_512;

/// Which of its ports a NAT gateway chooses for a connection by its name alone; a repetition has the port behind that of
/// the one before, so that none is used again before all were.
pub(crate) fn port_choice(name: &str) -> u16 {
    by_name(name, u64::from(PORTS), |first| stable_hash(&["translated-port", first, "0"]))
}

/// The client's one of `ports`, chosen in the same way.
pub(crate) fn pick_source_port(ports: PortRange, name: &str) -> u16 {
    let offset = by_name(name, u64::from(ports.count()), |first| stable_hash(&["source-port", first]));
    ports.from().saturating_add(offset)
}

/// A number below `count` for the connection `name`: the `hash` of the first of its repetitions, and one more for each.
fn by_name(name: &str, count: u64, hash: impl FnOnce(&str) -> u64) -> u16 {
    let (first, later) = first_of(name);
    u16::try_from((hash(first) % count + later % count) % count).unwrap_or(0)
}

/// Gives each of `connections` a choice that none before it has; when all are taken they are given out again.
pub(crate) fn choose_apart(connections: &mut [Connection]) {
    let mut free = Free::all();
    for connection in connections {
        connection.port_choice = free.take(connection.port_choice);
    }
}

/// Of `ports`, the one that `choice` stands for when a gateway translates for the first time; `key` tells later times, and
/// other translations, apart from it.
pub(crate) fn chosen_port(ports: PortRange, choice: u16, key: &str) -> u16 {
    let count = u64::from(ports.count());
    let shift = if key == "0" { 0 } else { stable_hash(&["translated-port", key]) % count };
    let offset = (u64::from(choice) + shift) % count;
    ports.from().saturating_add(u16::try_from(offset).unwrap_or(0))
}

/// Choices that are not taken, a bit each.
struct Free {
    words: Vec<u64>,
    left: u16,
}

impl Free {
    fn all() -> Self {
        Self { words: vec![u64::MAX; usize::from(PORTS / 64)], left: PORTS }
    }

    /// Takes `wanted`, or the next behind it that is free.
    fn take(&mut self, wanted: u16) -> u16 {
        if self.left == 0 {
            *self = Self::all();
        }
        let (begin, bit) = (usize::from(wanted / 64), wanted % 64);
        let count = self.words.len();
        // The first word once more at the end, for the bits before `wanted`.
        for step in 0..=count {
            let at = (begin + step) % count;
            let from = if step == 0 { u64::MAX << bit } else { u64::MAX };
            let Some(word) = self.words.get_mut(at).filter(|word| **word & from != 0) else { continue };
            let found = (*word & from).trailing_zeros();
            *word &= !(1 << found);
            self.left -= 1;
            return u16::try_from(at * 64 + found as usize).unwrap_or(wanted);
        }
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_taken_twice_before_all_are() {
        let mut free = Free::all();
        let mut seen = vec![0_u8; usize::from(PORTS)];
        for number in 0..2 * u32::from(PORTS) {
            let wanted = u16::try_from(number % 1_000).unwrap_or(0);
            let taken = free.take(wanted);
            seen[usize::from(taken)] += 1;
            let rounds = u8::try_from(number / u32::from(PORTS)).unwrap_or(0) + 1;
            assert!(seen[usize::from(taken)] == rounds, "{taken} at {number}");
        }
        assert_eq!((Free::all().take(PORTS - 1), Free::all().take(0)), (PORTS - 1, 0));
    }
}
