//! Pauses between the packets of a connection, and its end, as far as its bursts tell.

use std::time::Duration;

use smallvec::SmallVec;

use super::spread::{Spread, milliseconds};
use crate::model::{Burst, TcpFlags};

/// How long after the close a packet still belongs to a connection: assumed, close-grace.
pub(super) const GRACE: u64 = 1_000;

/// The longest time between two packets of `bursts` during which no other is sent for certain: within a burst, or from the
/// end of all that began before to the next.
pub(crate) fn longest_pause(bursts: &[Burst]) -> Duration {
    let mut order: SmallVec<[&Burst; 16]> = bursts.iter().collect();
    order.sort_by_key(|burst| burst.at);
    let mut last = order.first().map_or(Duration::ZERO, |burst| burst.at);
    let mut longest = Duration::ZERO;
    for burst in order {
        let within = Duration::from_millis(Spread::of(burst).gap());
        longest = longest.max(within).max(burst.at.saturating_sub(last));
        last = last.max(burst.until);
    }
    longest
}

/// Whether packets are sent when a connection may be over: after a FIN or RST, and the grace that follows.
pub(crate) fn outlives_close(bursts: &[Burst]) -> bool {
    let last = bursts.iter().map(|burst| milliseconds(burst.until)).max();
    let close = bursts.iter().filter_map(ending).min();
    last.zip(close).is_some_and(|(last, close)| last > close.saturating_add(GRACE))
}

/// When a burst says that its end has finished or gives up: with its last packet, or earlier if that is another.
pub(super) fn ending(burst: &Burst) -> Option<u64> {
    let ends = |flags: &TcpFlags| flags.0 & (TcpFlags::FIN.0 | TcpFlags::RST.0) != 0;
    match burst.flags.as_slice() {
        [.., last] if burst.flags.iter().filter(|flags| ends(flags)).count() == 1 && ends(last) => {
            let is_only = burst.flags.len() == 1;
            Some(milliseconds(if is_only { burst.at } else { burst.until }))
        }
        all if all.iter().any(ends) => Some(milliseconds(burst.at)),
        _ => None,
    }
}
