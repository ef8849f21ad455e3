//! Any bytes as a scenario file.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| flowcast_fuzz::read_and_run("fuzzed.yaml", bytes));
