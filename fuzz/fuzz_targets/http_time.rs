//! Any `Date` or `Retry-After` is left out, or is a finite time that is not negative.
#![no_main]

use fireblocks_reset_device::response::http_time::{parse_date, parse_retry_after};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|value: &str| {
    for time in [parse_date(value), parse_retry_after(value, 1.8e12)].into_iter().flatten() {
        assert!(time.is_finite() && time >= 0.0);
    }
});
