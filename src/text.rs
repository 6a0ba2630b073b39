//! Text operations that cost few bytes of WebAssembly.
//!
//! The standard library's substring search and its join are fast on long texts and bring kilobytes of code. The
//! texts here are short.

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

/// What stands before and after the first `needle`.
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let start = find(text, needle)?;
    Some((text.get(..start)?, text.get(start + needle.len()..)?))
}

/// Appends a whole number in decimal.
pub fn push_number(out: &mut String, number: i64) {
    out.push_str(itoa::Buffer::new().format(number));
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_same_as_the_standard_library(a in "[ab-]{0,12}", b in "[ab-]{1,4}", n in any::<i64>()) {
            prop_assert_eq!(find(&a, &b), a.find(&b));
            prop_assert_eq!(contains(&a, &b), a.contains(&b));
            prop_assert_eq!(split_once(&a, &b), a.split_once(&b));
            prop_assert_eq!(concat(&[&a, &b, &a]), [a.as_str(), &b, &a].concat());
            let mut out = a.clone();
            push_number(&mut out, n);
            prop_assert_eq!(out, format!("{a}{n}"));
        }
    }
}
