//! The `Date` and `Retry-After` headers.

use std::time::UNIX_EPOCH;

/// Reads an HTTP date (RFC 9110, section 5.6.7: all three forms) as epoch milliseconds.
pub fn parse_date(value: &str) -> Option<f64> {
    let time = httpdate::parse_http_date(value.trim()).ok()?;
    let since_epoch = time.duration_since(UNIX_EPOCH).ok()?;
    Some(since_epoch.as_secs() as f64 * 1000.0)
}

/// Reads `Retry-After` as milliseconds from now: whole seconds, or an HTTP date.
///
/// `now` is the server's time in epoch milliseconds, by its own `Date` where it sent one. A date that has passed
/// is no wait.
pub fn parse_retry_after(value: &str, now: f64) -> Option<f64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number too long for u64 is a wait that no one sleeps through either.
        let seconds = value.parse::<u64>().unwrap_or(u64::MAX);
        return Some(seconds as f64 * 1000.0);
    }
    Some((parse_date(value)? - now).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn all_three_forms_of_a_date() {
        for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse_date(date), Some(784_111_777_000.0), "{date}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for date in ["", "2", "yesterday", "1994-11-06T08:49:37Z", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(parse_date(date), None, "{date}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(parse_retry_after("0", 0.0), Some(0.0));
        assert_eq!(parse_retry_after(" 120 ", 0.0), Some(120_000.0));
        let now = 784_111_777_000.0;
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:47 GMT", now), Some(10_000.0));
        assert_eq!(parse_retry_after("Sun, 06 Nov 1994 08:49:07 GMT", now), Some(0.0));
        for value in ["", "-1", "1.5", "+3", "soon", "1e3"] {
            assert_eq!(parse_retry_after(value, now), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_never_negative_nor_nan(value in any::<String>(), now in 0.0..4e12) {
            if let Some(wait) = parse_retry_after(&value, now) {
                prop_assert!(wait >= 0.0 && wait.is_finite());
            }
        }

        #[test]
        fn any_number_of_seconds_is_read(seconds in any::<u32>()) {
            prop_assert_eq!(parse_retry_after(&seconds.to_string(), 0.0), Some(f64::from(seconds) * 1000.0));
        }

        #[test]
        fn a_written_date_is_read_back(seconds in 0u64..253_402_300_800) {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + std::time::Duration::from_secs(seconds));
            prop_assert_eq!(parse_date(&date), Some(seconds as f64 * 1000.0));
        }
    }
}
