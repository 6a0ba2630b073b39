//! Whether a failed attempt is followed by another, and after what wait.

use crate::error::{AttemptError, ErrorKind};

/// The longest first wait, in milliseconds. Each later one may be twice as long.
const BACKOFF_BASE_MS: f64 = 500.0;
/// The longest wait that backoff chooses, in milliseconds.
const BACKOFF_LIMIT_MS: f64 = 8_000.0;

/// The retries that a call has left.
#[derive(Debug, Clone)]
pub struct Retries {
    left: u32,
    used: u32,
    gateway_used: bool,
    clock_used: bool,
}

impl Retries {
    /// At most `max` retries.
    pub fn new(max: u32) -> Self {
        Self { left: max, used: 0, gateway_used: false, clock_used: false }
    }

    /// The wait before the next attempt in milliseconds, or `None` where there will be none.
    ///
    /// `remaining_ms` is what is left of the call's deadline: a wait that would use it up is not begun. `random` is
    /// in 0..1 (full jitter).
    pub fn next(&mut self, error: &AttemptError, remaining_ms: f64, random: f64) -> Option<f64> {
        if self.left == 0 || !self.allows(error) {
            return None;
        }
        let delay = if error.is_clock() {
            0.0
        } else {
            let backoff = BACKOFF_BASE_MS * f64::from(1_u32 << self.used.min(10));
            let backoff = backoff.min(BACKOFF_LIMIT_MS) * random.clamp(0.0, 1.0);
            error.retry_after_ms.unwrap_or(backoff)
        };
        if delay >= remaining_ms {
            return None;
        }
        self.left -= 1;
        self.used += 1;
        self.gateway_used |= error.kind == ErrorKind::Server;
        self.clock_used |= error.is_clock();
        Some(delay)
    }

    fn allows(&self, error: &AttemptError) -> bool {
        match error.kind {
            ErrorKind::Network | ErrorKind::Timeout | ErrorKind::RateLimited => true,
            // A gateway's failure, not Fireblocks' own: the key may still be good, but only one try shows it.
            ErrorKind::Server => matches!(error.status, Some(502..=504)) && !self.gateway_used,
            // Without the server's time a new token would be refused like the last.
            ErrorKind::Authentication => error.is_clock() && error.server_time.is_some() && !self.clock_used,
            _ => false,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::error::Outcome;
    use proptest::prelude::*;

    fn http(kind: ErrorKind, status: u16) -> AttemptError {
        AttemptError { status: Some(status), ..*AttemptError::new(kind, Outcome::Unknown) }
    }

    fn clock() -> AttemptError {
        AttemptError { code: Some(-12), server_time: Some(1.0), ..http(ErrorKind::Authentication, 401) }
    }

    /// How many retries a call gets that meets `error` every time.
    fn count(error: &AttemptError, max: u32) -> usize {
        let mut retries = Retries::new(max);
        std::iter::from_fn(|| retries.next(error, 1e9, 0.5)).count()
    }

    #[test]
    fn each_error_has_its_number_of_retries() {
        for (error, expected) in [
            (*AttemptError::new(ErrorKind::Network, Outcome::Unknown), 5),
            (*AttemptError::new(ErrorKind::Timeout, Outcome::Unknown), 5),
            (http(ErrorKind::RateLimited, 429), 5),
            (http(ErrorKind::Server, 502), 1),
            (http(ErrorKind::Server, 503), 1),
            (http(ErrorKind::Server, 504), 1),
            (http(ErrorKind::Server, 500), 0),
            (http(ErrorKind::Server, 501), 0),
            (http(ErrorKind::Server, 408), 0),
            (http(ErrorKind::IdempotencyKeySpent, 400), 0),
            (http(ErrorKind::InvalidRequest, 400), 0),
            (http(ErrorKind::Authentication, 401), 0),
            (clock(), 1),
            (AttemptError { server_time: None, ..clock() }, 0),
            (AttemptError { code: Some(-7), ..clock() }, 0),
            (http(ErrorKind::Forbidden, 403), 0),
            (http(ErrorKind::Redirect, 302), 0),
            (http(ErrorKind::UnexpectedResponse, 200), 0),
            (*AttemptError::new(ErrorKind::Aborted, Outcome::Unknown), 0),
            (*AttemptError::new(ErrorKind::Configuration, Outcome::NotSent), 0),
        ] {
            assert_eq!(count(&error, 5), expected, "{error:?}");
            assert_eq!(count(&error, 0), 0, "{error:?}");
        }
    }

    #[test]
    fn different_gateway_failures_share_one_retry() {
        let mut retries = Retries::new(5);
        assert!(retries.next(&http(ErrorKind::Server, 503), 1e9, 0.0).is_some());
        assert!(retries.next(&http(ErrorKind::Server, 502), 1e9, 0.0).is_none());
    }

    #[test]
    fn the_servers_wait_is_kept_to_or_not_begun() {
        let limited = AttemptError { retry_after_ms: Some(4000.0), ..http(ErrorKind::RateLimited, 429) };
        assert_eq!(Retries::new(1).next(&limited, 4001.0, 0.9), Some(4000.0));
        assert_eq!(Retries::new(1).next(&limited, 4000.0, 0.9), None);
    }

    #[test]
    fn a_corrected_clock_needs_no_wait() {
        assert_eq!(Retries::new(1).next(&clock(), 1.0, 0.9), Some(0.0));
    }

    proptest! {
        #[test]
        fn waits_are_within_backoff_and_deadline(random in 0.0..=1.0, remaining in 0.0..20_000.0, max in 0u32..12) {
            let error = AttemptError::new(ErrorKind::Network, Outcome::Unknown);
            let mut retries = Retries::new(max);
            for attempt in 0..20 {
                match retries.next(&error, remaining, random) {
                    Some(delay) => {
                        prop_assert!(attempt < max);
                        prop_assert!(delay >= 0.0 && delay < remaining);
                        prop_assert!(delay <= (500.0 * f64::from(1u32 << attempt)).min(8_000.0));
                    }
                    None => break,
                }
            }
        }

        #[test]
        fn there_are_never_more_than_max(kinds in proptest::collection::vec(0usize..4, 0..20), max in 0u32..6) {
            let errors = [
                *AttemptError::new(ErrorKind::Network, Outcome::Unknown),
                http(ErrorKind::RateLimited, 429),
                http(ErrorKind::Server, 503),
                clock(),
            ];
            let mut retries = Retries::new(max);
            let used = kinds.iter().filter(|&&kind| retries.next(&errors[kind], 1e9, 0.1).is_some()).count();
            prop_assert!(used <= max as usize);
        }
    }
}
