//! Ids that stand in a path: of console users, and of approval requests.

use crate::text::push_encoded;

/// The longest id that is accepted, in bytes of UTF-8. Fireblocks' own ids are UUIDs of 36.
pub const MAX_BYTES: usize = 255;

const EMPTY: &str = "must not be empty.";
const TOO_LONG: &str = "must not be longer than 255 bytes.";
const CONTROL: &str = "must not hold control characters.";
/// A URL parser would take it for a step in the path and call another address.
const DOT_SEGMENT: &str = "must not be `.` or `..`: the URL would lead to another path.";

/// Judges an id.
///
/// # Errors
/// Why it cannot be a segment of a path of its own, as the end of a sentence that begins with the id's name.
pub fn check(id: &str) -> Result<(), &'static str> {
    match id {
        "" => Err(EMPTY),
        // The other spellings of a dot segment, such as `%2e`, hold a `%`, which becomes `%25`.
        "." | ".." => Err(DOT_SEGMENT),
        _ if id.len() > MAX_BYTES => Err(TOO_LONG),
        _ if id.chars().any(char::is_control) => Err(CONTROL),
        _ => Ok(()),
    }
}

/// Writes `id` as one segment of a path.
///
/// The result holds only characters that a URL parser keeps as they are, so the path that is signed is the path
/// on the wire.
///
/// # Errors
/// As [`check`].
pub fn encode(id: &str) -> Result<String, &'static str> {
    check(id)?;
    let mut segment = String::new();
    // The official SDK writes ids with `encodeURIComponent` too.
    push_encoded(&mut segment, id, false);
    Ok(segment)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_uuid_stays_as_it_is() {
        let id = "44fdead0-7053-4831-a53a-df7fb90d440f";
        assert_eq!(encode(id).as_deref(), Ok(id));
    }

    #[test]
    fn what_would_leave_the_segment_is_refused_or_encoded() {
        assert_eq!(encode(""), Err(EMPTY));
        assert_eq!(encode("."), Err(DOT_SEGMENT));
        assert_eq!(encode(".."), Err(DOT_SEGMENT));
        assert_eq!(encode("a\nb"), Err(CONTROL));
        assert_eq!(encode("a\u{7f}"), Err(CONTROL));
        assert_eq!(encode("a\u{85}"), Err(CONTROL));
        assert_eq!(encode("%2e%2e").as_deref(), Ok("%252e%252e"));
        assert_eq!(encode("a b").as_deref(), Ok("a%20b"));
        assert_eq!(encode("../x?y#z\\").as_deref(), Ok("..%2Fx%3Fy%23z%5C"));
        assert_eq!(encode("é").as_deref(), Ok("%C3%A9"));
    }

    #[test]
    fn the_length_counts_bytes() {
        assert!(encode(&"a".repeat(255)).is_ok());
        assert_eq!(encode(&"a".repeat(256)), Err(TOO_LONG));
        assert!(encode(&"é".repeat(127)).is_ok());
        assert_eq!(encode(&"é".repeat(128)), Err(TOO_LONG));
    }

    proptest! {
        #[test]
        fn an_accepted_id_is_one_plain_segment_and_decodes_to_itself(id in "\\PC{1,80}") {
            if let Ok(segment) = encode(&id) {
                prop_assert!(segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.!~*'()%".contains(&b)));
                prop_assert!(segment != "." && segment != "..");
                let back = percent_encoding::percent_decode_str(&segment).decode_utf8();
                prop_assert_eq!(back.map(String::from), Ok(id));
            } else {
                prop_assert!(id == "." || id == ".." || id.len() > MAX_BYTES || id.chars().any(char::is_control));
            }
        }

        #[test]
        fn any_text_is_answered_without_a_panic(id in any::<String>()) {
            let _ = encode(&id);
        }
    }
}
