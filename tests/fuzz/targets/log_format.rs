//! Any text as the format of a flow log: what can be read is written as it is read.

#![no_main]

use flowcast::flowlog::LogFormat;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(format) = text.parse::<LogFormat>() else { return };
    let written = format.to_string();
    assert_eq!(written.parse(), Ok(format.clone()), "{text:?} is written as {written:?}");
    assert_eq!(written, text.split_whitespace().collect::<Vec<_>>().join(" "));
    assert_eq!(format.header().split(' ').count(), format.fields().len());
    assert!((2..=11).contains(&format.version()));
});
