//! The `Date` and `Retry-After` headers.

use crate::text::{digits, split_once};

/// Reads an HTTP date (RFC 9110, section 5.6.7: all three forms) as epoch milliseconds.
pub fn parse_date(value: &str) -> Option<f64> {
    let mut words: [&[u8]; 8] = [b""; 8];
    let mut count = 0;
    for word in value.as_bytes().split(|byte| matches!(byte, b' ' | b',' | b'-' | b':')) {
        if !word.is_empty() {
            *words.get_mut(count)? = word;
            count += 1;
        }
    }
    let [_, first, second, third, fourth, fifth, sixth, zone] = words;
    let (day, month, year, hour, minute, second) = match zone {
        // Sun, 06 Nov 1994 08:49:37 GMT, and with a year of two digits Sunday, 06-Nov-94 08:49:37 GMT
        b"GMT" => (first, second, third, fourth, fifth, sixth),
        // asctime: Sun Nov  6 08:49:37 1994
        b"" => (second, first, sixth, third, fourth, fifth),
        _ => return None,
    };
    let number = |word: &[u8]| digits(word).filter(|_| word.len() <= 4).map(|number| number as u32);
    let year = match (year.len(), number(year)?) {
        (4, year) => year,
        (2, year) if year < 70 => 2000 + year,
        (2, year) => 1900 + year,
        _ => return None,
    };
    let (day, hour, minute, second) = (number(day)?, number(hour)?, number(minute)?, number(second)?);
    if !(1970..=9999).contains(&year) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let month = b"JanFebMarAprMayJunJulAugSepOctNovDec".chunks(3).position(|name| name == month)?;
    let month = year * 12 + month as u32;
    let first = first_day(month);
    if day < 1 || day > first_day(month + 1) - first {
        return None;
    }
    let days = first + day - 1 - first_day(1970 * 12);
    Some(f64::from((days * 24 + hour) * 60 + minute) * 60_000.0 + f64::from(second) * 1000.0)
}

/// The number of the first day of a month, both counted from 1 January of the year 0.
fn first_day(month: u32) -> u32 {
    // Of a year that begins in March, so that the leap day is its last: five months are 153 days, again and again.
    let year = (month - 2) / 12;
    let month = (month - 2) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5
}

/// Reads `Retry-After` as milliseconds from now: whole seconds, or an HTTP date.
///
/// `now` is the server's time in epoch milliseconds, by its own `Date` where it sent one. A date that has passed
/// is no wait. A header that was sent twice, by a server and what stands before it, arrives as a list: the longest wait
/// is right for both.
pub fn parse_retry_after(value: &str, now: f64) -> Option<f64> {
    let mut longest = None;
    let (mut day, mut rest) = ("", Some(value));
    while let Some(list) = rest {
        let (part, after) = split_once(list, ",").map_or((list, None), |(part, after)| (part, Some(after)));
        rest = after;
        let wait = match digits(part.trim_ascii().as_bytes()) {
            Some(seconds) => Some(seconds.min(1e12) * 1000.0),
            // A date has a comma of its own, after the day of the week.
            None => parse_date(&[day, part].concat()).map(|date| (date - now).max(0.0)),
        };
        day = if wait.is_none() { part } else { "" };
        longest = wait.map(|wait| wait.max(longest.unwrap_or(0.0))).or(longest);
    }
    longest
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
        for value in ["", "-1", "1.5", "+3", "soon", "1e3", "12 0", ",", "Sun,", "06 Nov 1994 08:49:47 GMT"] {
            assert_eq!(parse_retry_after(value, now), None, "{value}");
        }
    }

    #[test]
    fn of_a_header_that_was_sent_twice_the_longest_wait_counts() {
        let now = 784_111_777_000.0;
        for (value, seconds) in [
            ("120, 120", 120.0),
            ("120,120", 120.0),
            ("120 ,\t 120", 120.0),
            ("120,", 120.0),
            ("\t120 ", 120.0),
            ("60, 120", 120.0),
            ("120, 60", 120.0),
            ("0, 0, 5", 5.0),
            ("soon, 120", 120.0),
            ("120, -1", 120.0),
            ("Sun, 06 Nov 1994 08:49:47 GMT, Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sun, 06 Nov 1994 08:49:07 GMT, Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sunday, 06-Nov-94 08:49:47 GMT,Sun Nov  6 08:49:42 1994", 10.0),
            ("5, Sun, 06 Nov 1994 08:49:47 GMT", 10.0),
            ("Sun, 06 Nov 1994 08:49:47 GMT, 20", 20.0),
            ("Sun Nov  6 08:49:47 1994, 5", 10.0),
        ] {
            assert_eq!(parse_retry_after(value, now), Some(seconds * 1000.0), "{value}");
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
