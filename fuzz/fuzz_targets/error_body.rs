//! Any text as the body of an error is read as one line of bounded length that repeats no token, or left out.
#![no_main]

use fireblocks_reset_device::error_body::ErrorBody;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(message) = ErrorBody::from_text(text).message {
        assert!(!message.is_empty() && message.chars().count() <= 500);
        assert!(!message.chars().any(char::is_control) && !message.contains("eyJ"));
    }
});
