//! Text operations whose counterparts in the standard library, or in a crate, would weigh kilobytes of WebAssembly. The
//! texts here are short.

/// Whether `needle`, which is not empty, is in `text`. The standard library's search is quicker on long texts, and would
/// be a tenth of the whole client.
pub fn contains(text: &str, needle: &str) -> bool {
    text.as_bytes().windows(needle.len()).any(|window| window == needle.as_bytes())
}

/// Whether `needle` is in `text`, in upper or lower case.
pub fn contains_in_any_case(text: &str, needle: &str) -> bool {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    text.windows(needle.len().max(1)).any(|window| window.eq_ignore_ascii_case(needle))
}

/// What stands before and after the first `needle`.
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let start = text.as_bytes().windows(needle.len()).position(|window| window == needle.as_bytes())?;
    let (before, rest) = text.split_at_checked(start)?;
    Some((before, rest.strip_prefix(needle)?))
}

/// The first character that is seen: no white space, no control character, and none that only formats, such as the byte
/// order mark that some servers begin a text with.
pub fn first_visible(text: &str) -> Option<char> {
    let formats = |character| matches!(character, '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    text.chars().find(|&character| !character.is_whitespace() && !character.is_control() && !formats(character))
}

/// Whether a text is markup, or has a tag in it. An address in angle brackets is none.
pub fn is_markup(text: &str) -> bool {
    let (mut last, mut in_name) = (0, false);
    for byte in text.bytes() {
        if in_name && last != b'<' && (byte == b'>' || byte.is_ascii_whitespace()) {
            return true;
        }
        in_name = byte == b'<' || in_name && (byte.is_ascii_alphanumeric() || matches!(byte, b'!' | b'/'));
        last = byte;
    }
    in_name && last != b'<' || first_visible(text) == Some('<')
}

/// Whether decoding has lost some of a text: it was no UTF-8.
pub fn is_damaged(text: &str) -> bool {
    contains(text, "\u{fffd}")
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

/// Appends a byte as two hexadecimal digits, of which `ten` is the one for 10: `a` or `A`.
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

    #[test]
    fn a_tag_is_markup_and_not_every_angle_bracket() {
        for text in
            ["<", "\u{feff} <?xml", "a <html>", "a<!DocType html>", "Wait <script src=x>", "a</p>", "a <br/>", "a<body"]
        {
            assert!(is_markup(text), "{text}");
        }
        for text in ["", "a < b", "a <", "x <= y", "Jane <jane@example.com> may not", "a > b"] {
            assert!(!is_markup(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn encoded_as_by_the_crate(text in any::<String>(), n in any::<i64>()) {
            for (set, quoted) in [(QUERY, true), (COMPONENT, false)] {
                let mut out = String::new();
                push_encoded(&mut out, &text, quoted);
                prop_assert_eq!(out, utf8_percent_encode(&text, set).to_string());
            }
            let mut out = String::new();
            push_number(&mut out, n);
            prop_assert_eq!(out, n.to_string());
        }

        #[test]
        fn the_same_as_the_standard_library(a in "[ab-]{0,12}", b in "[ab-]{1,4}") {
            prop_assert_eq!(contains(&a, &b), a.contains(&b));
            prop_assert_eq!(contains_in_any_case(&a.to_uppercase(), &b), a.contains(&b));
            prop_assert_eq!(split_once(&a, &b), a.split_once(&b));
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

    }
}
