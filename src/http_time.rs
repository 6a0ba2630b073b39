//! The `Date` and `Retry-After` headers.

use crate::text::parse_number;

/// Reads an HTTP date (RFC 9110, section 5.6.7: all three forms) as epoch milliseconds.
pub fn parse_date(value: &str) -> Option<f64> {
    let mut words = [""; 8];
    let mut count = 0;
    let mut rest = value;
    while !rest.is_empty() {
        let end = rest.bytes().position(|byte| matches!(byte, b' ' | b',' | b'-' | b':')).unwrap_or(rest.len());
        if end > 0 {
            *words.get_mut(count)? = rest.get(..end)?;
            count += 1;
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    let (day, month_name, year, [hour, minute, second]) = match words {
        // Sun, 06 Nov 1994 08:49:37 GMT, and with a year of two digits Sunday, 06-Nov-94 08:49:37 GMT
        [_, day, month, year, hour, minute, second, "GMT"] => (day, month, year, [hour, minute, second]),
        // asctime: Sun Nov  6 08:49:37 1994
        [_, month, day, hour, minute, second, year, ""] => (day, month, year, [hour, minute, second]),
        _ => return None,
    };
    let century = match (year.len(), number(year)?) {
        (4, _) => 0,
        (2, 0..70) => 2000,
        (2, _) => 1900,
        _ => return None,
    };
    let year = century + number(year)?;
    let month = month(month_name)?;
    let day = number(day)?;
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    if !(1970..=9999).contains(&year) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    if day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let days = days_before_year(year) - days_before_year(1970) + days_before_month(year, month) + day - 1;
    Some(((days * 24 + hour) * 60 + minute) as f64 * 60_000.0 + second as f64 * 1000.0)
}

/// 0 for January.
fn month(word: &str) -> Option<usize> {
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        .iter()
        .position(|name| *name == word)
}

/// At most four digits: the hyphen of a negative number separates words here.
fn number(word: &str) -> Option<i64> {
    parse_number(word).filter(|_| word.len() <= 4)
}

fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

fn days_before_month(year: i64, month: usize) -> i64 {
    (0..month).map(|month| days_in_month(year, month)).sum()
}

fn days_in_month(year: i64, month: usize) -> i64 {
    match month {
        1 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        1 => 28,
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

/// Reads `Retry-After` as milliseconds from now: whole seconds, or an HTTP date.
///
/// `now` is the server's time in epoch milliseconds, by its own `Date` where it sent one. A date that has passed
/// is no wait.
pub fn parse_retry_after(value: &str, now: f64) -> Option<f64> {
    let value = value.trim_ascii();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.bytes().fold(0.0, |sum, byte| sum * 10.0 + f64::from(byte - b'0')).min(1e12) * 1000.0);
    }
    Some((parse_date(value)? - now).max(0.0))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::{Duration, UNIX_EPOCH};

    #[test]
    fn all_three_forms_of_a_date() {
        for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(parse_date(date), Some(784_111_777_000.0), "{date}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for date in [
            "",
            "2",
            "yesterday",
            "1994-11-06T08:49:37Z",
            "Sun, 99 Nov 1994 08:49:37 GMT",
            "Mon, 29 Feb 2100 00:00:00 GMT",
        ] {
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
        fn what_looks_like_a_date_is_read_as_the_crate_httpdate_reads_it(
            date in "(Sun|Monday), ?[0-3]?[0-9][ -](Feb|Jun|Dec|Foo)[ -]([0-9]{2}|19[7-9][0-9]|20[0-9]{2}) [0-2][0-9]:[0-6][0-9]:[0-6][0-9] GMT"
        ) {
            let expected = httpdate::parse_http_date(&date).ok();
            let expected = expected.and_then(|time| Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs() as f64 * 1000.0));
            // The crate is stricter about separators, ours about nothing: what it reads, we read alike.
            if expected.is_some() {
                prop_assert_eq!(parse_date(&date), expected);
            }
        }

        #[test]
        fn a_written_date_is_read_back(seconds in 0u64..253_402_300_800) {
            let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(parse_date(&date), Some(seconds as f64 * 1000.0));
        }
    }
}
