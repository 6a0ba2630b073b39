//! Idempotency keys: Fireblocks answers a key that it has seen within 24 hours with its first answer.

use crate::header::is_visible;
use crate::text::push_hex;

/// The longest key that Fireblocks takes, by its reference (`api-idempotency`).
pub const MAX_LENGTH: usize = 40;

/// Why a key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdempotencyKeyError {
    /// It has no characters.
    Empty,
    /// It is longer than [`MAX_LENGTH`].
    TooLong,
    /// It holds something other than visible ASCII. HTTP libraries drop or change such characters silently, and
    /// with them the protection that the key gives.
    NotVisibleAscii,
}

impl IdempotencyKeyError {
    /// The reason as a sentence. It does not repeat the key.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "The idempotency key must not be empty. Leave it out to have one made.",
            Self::TooLong => "The idempotency key must not be longer than 40 characters, Fireblocks' limit.",
            Self::NotVisibleAscii => "The idempotency key must be visible ASCII characters, without spaces.",
        }
    }
}

/// Checks a key.
///
/// # Errors
/// [`IdempotencyKeyError`] where Fireblocks, or HTTP itself, would not take the key as it is.
pub fn check(key: &str) -> Result<(), IdempotencyKeyError> {
    if key.is_empty() {
        return Err(IdempotencyKeyError::Empty);
    }
    if !is_visible(key) {
        return Err(IdempotencyKeyError::NotVisibleAscii);
    }
    if key.len() > MAX_LENGTH {
        return Err(IdempotencyKeyError::TooLong);
    }
    Ok(())
}

/// A UUID, version 4 (RFC 9562, section 5.4), from 16 random bytes: a new idempotency key, or the nonce of a token.
pub fn uuid_v4(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let mut uuid = String::with_capacity(36);
    for (position, &byte) in random.iter().enumerate() {
        if matches!(position, 4 | 6 | 8 | 10) {
            uuid.push('-');
        }
        push_hex(&mut uuid, byte, b'a');
    }
    uuid
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_limits_are_fireblocks_own() {
        assert_eq!(check(""), Err(IdempotencyKeyError::Empty));
        assert_eq!(check(&"k".repeat(40)), Ok(()));
        assert_eq!(check(&"k".repeat(41)), Err(IdempotencyKeyError::TooLong));
    }

    #[test]
    fn what_http_libraries_would_change_is_refused() {
        for key in ["bad\nkey", "ключ", "a b", "tab\t", "nul\0", "del\u{7f}"] {
            assert_eq!(check(key), Err(IdempotencyKeyError::NotVisibleAscii), "{key:?}");
        }
    }

    #[test]
    fn a_made_key_is_a_uuid_of_version_4() {
        assert_eq!(uuid_v4([0xff; 16]), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(uuid_v4([0; 16]), "00000000-0000-4000-8000-000000000000");
    }

    proptest! {
        #[test]
        fn accepted_means_1_to_40_visible_ascii(key in any::<String>()) {
            let fits = (1..=40).contains(&key.len()) && key.bytes().all(|b| (0x21..=0x7e).contains(&b));
            prop_assert_eq!(check(&key).is_ok(), fits);
        }

        #[test]
        fn visible_ascii_of_any_length_is_judged_by_its_length(key in "[!-~]{0,60}") {
            prop_assert_eq!(check(&key).is_ok(), (1..=40).contains(&key.len()));
        }

        #[test]
        fn every_made_key_is_accepted(random in any::<[u8; 16]>()) {
            prop_assert_eq!(check(&uuid_v4(random)), Ok(()));
            let uuid = uuid::Builder::from_random_bytes(random).into_uuid();
            prop_assert_eq!(uuid_v4(random), uuid.to_string());
        }
    }
}
