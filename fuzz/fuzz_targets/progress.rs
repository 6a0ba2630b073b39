//! Any observations are refused, or give a state, and the same one each time.
#![no_main]

use fireblocks_reset_device::progress::infer;
use fuzz::Parsed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(json) = Parsed::from_text(text) else {
        return;
    };
    let parse = |text: &str| Parsed::from_text(text).unwrap_or_default();
    assert_eq!(infer(&json, parse), infer(&json, parse));
});
