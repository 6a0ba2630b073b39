//! Requests per minute, counted per API user and endpoint.

use std::collections::HashMap;

use crate::api::operation::Operation;
use crate::clock::{Millis, SECOND};

const WINDOW: Millis = 60 * SECOND;

/// The counts of the running minutes. Each window begins with its first request.
#[derive(Debug, Default)]
pub struct RateLimit {
    windows: HashMap<(String, Operation), Window>,
}

#[derive(Debug)]
struct Window {
    began: Millis,
    count: u32,
}

impl RateLimit {
    /// Counts a request. Over the limit: the milliseconds until the window ends.
    pub fn count(&mut self, api_key: &str, operation: Operation, limit: u32, now: Millis) -> Result<(), Millis> {
        let window = self.windows.entry((api_key.to_owned(), operation)).or_insert(Window { began: now, count: 0 });
        if now - window.began >= WINDOW || now < window.began {
            *window = Window { began: now, count: 0 };
        }
        if window.count >= limit {
            return Err(window.began + WINDOW - now);
        }
        window.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_its_limit_per_api_user_and_endpoint() {
        let mut limits = RateLimit::default();
        let mut count = |api_key, operation, now| limits.count(api_key, operation, 2, now);
        assert_eq!(count("a", Operation::ResetDevice, 0), Ok(()));
        assert_eq!(count("a", Operation::ResetDevice, 1), Ok(()));
        assert_eq!(count("a", Operation::ResetDevice, 2), Err(59_998));
        assert_eq!(count("b", Operation::ResetDevice, 2), Ok(()));
        assert_eq!(count("a", Operation::GetConsoleUsers, 2), Ok(()));
        assert_eq!(count("a", Operation::ResetDevice, 60_000), Ok(()));
    }
}
