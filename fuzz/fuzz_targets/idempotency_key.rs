//! A key is accepted exactly where it is 1 to 40 visible ASCII characters.
#![no_main]

use fireblocks_reset_device::request::idempotency_key::check;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|key: &str| {
    let fits = (1..=40).contains(&key.len()) && key.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    assert_eq!(check(key).is_ok(), fits);
});
