//! Any body of an error is read as one line of bounded length that repeats no token and no secret, or left out.
#![no_main]

use fireblocks_reset_device::response::error_body::ErrorBody;
use fuzz::Parsed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let secret = |text: &str| text.contains("hush");
    let read = match Parsed::from_text(text) {
        Some(json) => ErrorBody::from_json(&json, secret),
        None => ErrorBody::from_text(text, secret),
    };
    for words in [read.message, read.error_type, read.record_id].into_iter().flatten() {
        assert!(!words.is_empty() && words.chars().count() <= 500);
        assert!(!words.chars().any(char::is_control) && !words.contains("eyJ") && !words.contains("hush"));
    }
});
