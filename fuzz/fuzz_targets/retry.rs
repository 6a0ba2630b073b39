//! Whatever meets a call, it ends within its retries and its deadline, and a server's wait is never cut short.
#![no_main]

use fireblocks_reset_device::call::retry::Retries;
use fireblocks_reset_device::error::{AttemptError, ErrorKind, Outcome};
use libfuzzer_sys::fuzz_target;

const KINDS: [ErrorKind; 8] = [
    ErrorKind::Network,
    ErrorKind::Timeout,
    ErrorKind::RateLimited,
    ErrorKind::Server,
    ErrorKind::Authentication,
    ErrorKind::IdempotencyKeySpent,
    ErrorKind::InvalidRequest,
    ErrorKind::Aborted,
];

/// Of one attempt: its kind, its status, its code, the wait that the server asks for, and chance.
type Met = (u8, u16, i8, Option<u32>, u16);

fuzz_target!(|script: (u8, Vec<Met>)| {
    let (max, met) = script;
    let max = u32::from(max % 11);
    let mut retries = Retries::new(max);
    let mut remaining = 90_000.0;
    let mut used = 0;
    for (kind, status, code, asked, random) in met {
        let kind = KINDS[usize::from(kind) % KINDS.len()];
        let error = AttemptError {
            status: Some(status),
            code: Some(code.into()),
            retry_after_ms: asked.map(f64::from),
            server_time: asked.map(f64::from),
            ..*AttemptError::new(kind, Outcome::Unknown)
        };
        if let Some(delay) = retries.next(&error, remaining, f64::from(random) / 65_535.0) {
            used += 1;
            assert!((0.0..remaining).contains(&delay));
            assert!(!matches!(kind, ErrorKind::IdempotencyKeySpent | ErrorKind::InvalidRequest | ErrorKind::Aborted));
            if let Some(asked) = error.retry_after_ms.filter(|_| !error.is_clock()) {
                assert!(delay >= asked);
            }
            remaining -= delay;
        }
    }
    assert!(used <= max);
});
