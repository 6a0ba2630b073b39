//! Any parameters are refused, or become a query that a URL parser keeps as it is.
#![no_main]

use fireblocks_reset_device::request::operation::Operation;
use fireblocks_reset_device::request::query::write;
use fuzz::Parsed;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some(json) = Parsed::from_text(text) else {
        return;
    };
    for operation in [Operation::GetAuditLogs, Operation::GetApprovals, Operation::GetApproval] {
        if let Ok(query) = write(operation, &json) {
            assert!(query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"?=&%-_.!~*()".contains(&byte)));
        }
    }
});
