//! Any bytes as a file of AWS's JSON.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| flowcast_fuzz::read_and_run("fuzzed.json", bytes));
