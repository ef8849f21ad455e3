//! Room in memory for what large answers become, made at once.
//!
//! The allocator of the GNU C library asks the system for the memory of a thread a few kilobytes at a time, which for a
//! large network is thousands of times, while other threads wait. What was asked for as one block stays with the
//! thread when the block is freed. Other allocators lose nothing by it.

use std::hint::black_box;

/// Bytes of text that need no room.
const SMALL: usize = 1 << 20;

/// Bytes in memory for each byte of text, about.
const GROWTH: usize = 4;

/// The largest block that the allocator may keep.
const LARGEST: usize = 31 << 20;

/// Makes room for what so many bytes of text become, shared among threads.
pub(super) fn make(text: usize) {
    if text < SMALL {
        return;
    }
    let each = (GROWTH * text / rayon::current_num_threads().max(1)).min(LARGEST);
    free(LARGEST); // from now on, blocks of that size are kept
    free(each);
    // Other threads do so when they come for work. Nobody waits for one that has other things to do.
    rayon::spawn_broadcast(move |_| free(each));
}

/// Allocates a block, if it can be had, and frees it.
fn free(size: usize) {
    let mut block: Vec<u8> = Vec::new();
    let _ = block.try_reserve_exact(size);
    drop(black_box(block));
}
