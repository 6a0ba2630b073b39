//! Any observations are refused, or give a state, and the same one each time.
#![no_main]

use fireblocks_reset_device::progress::{ResetObservations, infer};
use fuzz::Parsed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(json) = Parsed::from_text(text) else {
        return;
    };
    let Ok(seen) = ResetObservations::read(&json, Parsed::from_text) else {
        return;
    };
    let progress = infer(&seen);
    assert_eq!(progress, infer(&seen));
});
