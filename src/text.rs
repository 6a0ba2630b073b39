//! Text operations that cost few bytes of WebAssembly.
//!
//! The standard library's substring search, its join and its search for a byte (so `matches!`, not `contains`) are fast
//! on long texts and bring kilobytes of code. The texts here are short.

/// The texts one after the other.
pub fn concat(parts: &[&str]) -> String {
    let mut out = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        out.push_str(part);
    }
    out
}

/// Where `needle` begins in `text`, in bytes.
pub fn find(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len().max(1)).position(|window| window == needle.as_bytes())
}

/// Whether `needle` is in `text`.
pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// Whether `needle` is in `text`, in upper or lower case.
pub fn contains_in_any_case(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    text.windows(needle.len().max(1)).any(|window| window.eq_ignore_ascii_case(needle))
}

/// What stands before and after the first `needle`.
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let start = find(text, needle)?;
    Some((text.get(..start)?, text.get(start + needle.len()..)?))
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
    // As many digits as 2⁶⁴ has.
    let mut digits = [b'0'; 20];
    let mut rest = number.unsigned_abs();
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push('-');
    }
    out.extend(digits.iter().skip(20 - used).map(|&digit| char::from(digit)));
}

/// Reads a whole number of at most 15 digits, which a double holds exactly.
pub fn parse_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let number =
        digits.bytes().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + i64::from(byte - b'0')))?;
    Some(if digits.len() < text.len() { -number } else { number })
}

/// Appends a byte as two hexadecimal digits of `alphabet`.
pub fn push_hex(out: &mut String, byte: u8, alphabet: &[u8; 16]) {
    for digit in [byte >> 4, byte & 15] {
        out.extend(alphabet.get(usize::from(digit)).map(|&digit| char::from(digit)));
    }
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
            push_hex(out, byte, b"0123456789ABCDEF");
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
            prop_assert_eq!(parse_number(&n.to_string()), Some(n));
        }

        #[test]
        fn what_is_no_number_is_none(text in "[0-9+-]{0,17}") {
            let expected = text.parse().ok().filter(|_| !text.starts_with('+') && text.trim_start_matches('-').len() <= 15);
            prop_assert_eq!(parse_number(&text), expected);
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
