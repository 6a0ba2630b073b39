//! Any id is refused, or becomes one plain segment of a path.
#![no_main]

use fireblocks_reset_device::request::user_id::encode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|id: &str| {
    if let Ok(segment) = encode(id) {
        assert!(segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.!~*'()%".contains(&byte)));
        assert!(!segment.is_empty() && segment != "." && segment != "..");
    }
});
