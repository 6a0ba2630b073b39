//! Idempotency keys: Fireblocks answers a key that it has seen within 24 hours with its first answer.

use crate::configuration::header::is_visible;
use crate::error::Outcome;
use crate::json::Json;
use crate::names::value_of;
use crate::text::push_hex;

/// The longest key that Fireblocks takes, by its reference (`api-idempotency`).
pub const MAX_LENGTH: usize = 40;
/// In UTF-16 units.
const LONGEST_READ: u32 = 65_536;

const EMPTY: &str = "The idempotency key must not be empty. Leave it out to have one made.";
const TOO_LONG: &str = "The idempotency key must not be longer than 40 characters, Fireblocks' limit.";
/// HTTP libraries drop or change other characters silently, and with them the protection that the key gives.
const NOT_VISIBLE_ASCII: &str = "The idempotency key must be visible ASCII characters, without spaces.";

/// How an earlier call with the same key for the same id has left it, by what the client remembers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EarlierUse {
    /// There was none, or it is known what it did.
    #[default]
    None,
    /// It may have had its effect.
    Open,
    /// The same, and an internal error has spent the key.
    Spent,
}

/// The uses by the names that JavaScript knows them by.
const EARLIER_USES: &[(&str, EarlierUse)] = &[("open", EarlierUse::Open), ("spent", EarlierUse::Spent)];

impl EarlierUse {
    /// The use with this name.
    pub fn from_name(name: &str) -> Self {
        value_of(EARLIER_USES, name).unwrap_or_default()
    }

    /// What the earlier call may have done.
    pub fn outcome(self) -> Outcome {
        if self == Self::None { Outcome::NotSent } else { Outcome::Unknown }
    }
}

/// Checks a key.
///
/// # Errors
/// A sentence that does not repeat it, where Fireblocks, or HTTP itself, would not take the key as it is.
pub fn check(key: &str) -> Result<(), &'static str> {
    match key {
        "" => Err(EMPTY),
        _ if !is_visible(key) => Err(NOT_VISIBLE_ASCII),
        _ if key.len() > MAX_LENGTH => Err(TOO_LONG),
        _ => Ok(()),
    }
}

/// Reads a key that was given.
///
/// # Errors
/// A sentence that does not repeat it.
pub fn read<J: Json>(given: &J) -> Result<String, &'static str> {
    // What is longer than any key is refused before it is copied.
    let key = given
        .whole_text(LONGEST_READ)
        .map_err(|_| "The idempotency key must be a string of 1 to 40 visible ASCII characters.")?;
    check(&key)?;
    Ok(key)
}

/// A UUID, version 4 (RFC 9562, section 5.4), from 16 random bytes: a new idempotency key, or the nonce of a token.
pub fn uuid_v4(mut random: [u8; 16]) -> String {
    random[6] = random[6] & 0x0f | 0x40;
    random[8] = random[8] & 0x3f | 0x80;
    let mut uuid = String::new();
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
        assert_eq!(check(""), Err(EMPTY));
        assert_eq!(check(&"k".repeat(40)), Ok(()));
        assert_eq!(check(&"k".repeat(41)), Err(TOO_LONG));
    }

    #[test]
    fn what_http_libraries_would_change_is_refused() {
        for key in ["bad\nkey", "ключ", "a b", "tab\t", "nul\0", "del\u{7f}"] {
            assert_eq!(check(key), Err(NOT_VISIBLE_ASCII), "{key:?}");
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
            prop_assert_eq!(uuid_v4(random), uuid::Builder::from_random_bytes(random).into_uuid().to_string());
        }
    }
}
