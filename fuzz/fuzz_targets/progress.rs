//! Any observations are refused, or give a state, and the same one each time; and so does the look before another reset.
#![no_main]

use fireblocks_reset_device::json::Json;
use fireblocks_reset_device::progress::{infer, may_be_pending};
use fuzz::Parsed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(json) = Parsed::from_text(text) else {
        return;
    };
    let parse = |text: &str| Parsed::from_text(text).unwrap_or_default();
    assert_eq!(infer(&json, parse), infer(&json, parse));
    let look = || may_be_pending(&json.member("userId"), &json.member("approvals").member("items"), parse);
    assert_eq!(look(), look());
});
