//! Text operations that cost few bytes of WebAssembly.
//!
//! The standard library's substring search, its join and its search for a byte (so `matches!`, not `contains`) are fast
//! on long texts and bring kilobytes of code. The texts here are short.

/// The texts one after the other.
pub fn concat(parts: &[&str]) -> String {
    let mut out = String::new();
    for part in parts {
        out.push_str(part);
    }
    out
}

/// What `name` stands for, by a table of names.
pub fn meaning<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == name).map(|&(_, meaning)| meaning)
}

/// The name of `value`, by the same kind of table; empty where it has none.
pub fn name<T: Copy + PartialEq>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, known)| *known == value).map_or("", |&(name, _)| name)
}

/// Where `needle` begins in `text`, in bytes.
fn find(text: &str, needle: &str) -> Option<usize> {
    let mut rest = text.as_bytes();
    while !rest.starts_with(needle.as_bytes()) {
        rest = rest.split_first()?.1;
    }
    Some(text.len() - rest.len())
}

/// Whether `needle` is in `text`.
pub fn contains(text: &str, needle: &str) -> bool {
    split_once(text, needle).is_some()
}

/// Whether `text` holds only bytes that are `allowed`. All kinds of bytes share this loop; a generic one would be
/// repeated for each.
#[inline(never)]
pub fn only(text: &str, allowed: fn(u8) -> bool) -> bool {
    for byte in text.bytes() {
        if !allowed(byte) {
            return false;
        }
    }
    true
}

/// Whether `needle` is in `text`, in upper or lower case.
pub fn contains_in_any_case(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    text.windows(needle.len().max(1)).any(|window| window.eq_ignore_ascii_case(needle))
}

/// What stands before and after the first `needle`.
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let start = find(text, needle)?;
    let (before, rest) = text.split_at_checked(start)?;
    Some((before, rest.strip_prefix(needle)?))
}

/// `text` without the `end`s at its end.
pub fn trim_end<'a>(mut text: &'a str, end: &str) -> &'a str {
    while let Some(shorter) = text.strip_suffix(end) {
        text = shorter;
    }
    text
}

/// Appends a whole number in decimal.
pub fn push_number(out: &mut String, number: i64) {
    // The digits before the last, or the sign.
    match number / 10 {
        0 if number < 0 => out.push('-'),
        0 => {}
        rest => push_number(out, rest),
    }
    out.push(char::from(b'0' + (number % 10).unsigned_abs() as u8));
}

/// The number that decimal digits write, and nothing but digits.
pub fn digits(text: &[u8]) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    let mut number = 0.0;
    for byte in text {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10.0 + f64::from(byte - b'0');
    }
    Some(number)
}

/// Reads a whole number of at most 15 digits, which a double holds exactly.
pub fn parse_number(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix("-").unwrap_or(text);
    let number = digits(unsigned.as_bytes()).filter(|_| unsigned.len() <= 15)?;
    // Not negated, which would make a negative zero.
    Some(if unsigned.len() < text.len() { 0.0 - number } else { number })
}

/// Appends a byte as two hexadecimal digits, where `ten` stands for 10: `a` or `A`.
pub fn push_hex(out: &mut String, byte: u8, ten: u8) {
    let mut push = |digit| out.push(char::from(if digit < 10 { b'0' + digit } else { ten + digit - 10 }));
    push(byte >> 4);
    push(byte & 15);
}

/// Appends `text` as JavaScript's `encodeURIComponent` writes it, and with `%27` for each apostrophe where it is to be
/// `quoted`.
pub fn push_encoded(out: &mut String, text: &str, quoted: bool) {
    for byte in text.bytes() {
        let plain = match byte {
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'(' | b')' => true,
            b'\'' => !quoted,
            _ => byte.is_ascii_alphanumeric(),
        };
        if plain {
            out.push(char::from(byte));
        } else {
            out.push('%');
            push_hex(out, byte, b'A');
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    const QUERY: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'(')
        .remove(b')');
    const COMPONENT: &AsciiSet = &QUERY.remove(b'\'');

    proptest! {
        #[test]
        fn the_same_as_the_standard_library(a in "[ab-]{0,12}", b in "[ab-]{1,4}", n in any::<i64>()) {
            prop_assert_eq!(find(&a, &b), a.find(&b));
            prop_assert_eq!(contains(&a, &b), a.contains(&b));
            prop_assert_eq!(contains_in_any_case(&a.to_uppercase(), &b), a.contains(&b));
            prop_assert_eq!(split_once(&a, &b), a.split_once(&b));
            prop_assert_eq!(concat(&[&a, &b, &a]), [a.as_str(), &b, &a].concat());
            let mut out = a.clone();
            push_number(&mut out, n);
            prop_assert_eq!(out, format!("{a}{n}"));
            prop_assert_eq!(trim_end(&a, "-"), a.trim_end_matches('-'));
        }

        #[test]
        fn a_number_is_read_as_it_is_written(n in -999_999_999_999_999_i64..=999_999_999_999_999) {
            prop_assert_eq!(parse_number(&n.to_string()), Some(n as f64));
        }

        #[test]
        fn what_is_no_number_is_none(text in "[0-9+-]{0,17}") {
            let expected: Option<i64> =
                text.parse().ok().filter(|_| !text.starts_with('+') && text.trim_start_matches('-').len() <= 15);
            prop_assert_eq!(parse_number(&text), expected.map(|number| number as f64));
            prop_assert!(parse_number(&text) != Some(0.0) || parse_number(&text).is_some_and(f64::is_sign_positive));
        }

        #[test]
        fn encoded_as_by_the_crate(text in any::<String>()) {
            for (set, quoted) in [(QUERY, true), (COMPONENT, false)] {
                let mut out = String::new();
                push_encoded(&mut out, &text, quoted);
                prop_assert_eq!(out, utf8_percent_encode(&text, set).to_string());
            }
        }
    }
}
