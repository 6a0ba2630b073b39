//! What the body of an error answer says.
//!
//! Fireblocks documents two shapes, sends them with any content-type or none, and its gateways send plain text and
//! HTML. The embedded-wallet service has a third shape, and a gateway of ours adds `outcome` and `recordId`.

use crate::failure::Outcome;
use crate::json::Json;
use crate::text;

/// The most that is kept of a message, in UTF-16 units.
pub const MESSAGE_LIMIT: u32 = 500;
/// The most that is kept of a short text such as `type`.
const WORD_LIMIT: u32 = 100;

/// The parts of an error body that were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ErrorBody {
    /// For people.
    pub message: Option<String>,
    /// `error.type`, for example `AUTHORIZATION`. Values that are newer than this client pass through.
    pub error_type: Option<String>,
    /// Fireblocks' own number, for example -7.
    pub code: Option<i32>,
    /// A gateway's statement of what happened.
    pub outcome: Option<Outcome>,
    /// A gateway's record.
    pub record_id: Option<String>,
    /// Whether it says that the idempotency key was used before an internal error.
    pub names_spent_key: bool,
}

impl ErrorBody {
    /// Reads a body that is JSON, of whatever shape. What is `secret` is left out.
    pub fn from_json<J: Json>(json: &J, secret: impl Fn(&str) -> bool) -> Self {
        let mut body = Self::default();
        let error = json.member("error");
        body.read_message(json, &secret);
        body.read_message(&error, &secret);
        // `{error: {type}}`, or `{error: "…"}` of the embedded-wallet service.
        body.error_type = word(&error, "type", &secret).or_else(|| word(json, "error", &secret));
        body.names_spent_key |= error.text(MESSAGE_LIMIT).is_some_and(|text| names_spent_key(&text));
        body.outcome = word(json, "outcome", &secret).and_then(|outcome| Outcome::from_name(&outcome));
        body.record_id = word(json, "recordId", &secret);
        body
    }

    /// Reads `message` and `code` of the body or of its `error`, which is read last: its message counts more, its code
    /// less.
    fn read_message<J: Json>(&mut self, json: &J, secret: &impl Fn(&str) -> bool) {
        self.code = self.code.or_else(|| code(json));
        if let Some(text) = json.text_of("message", MESSAGE_LIMIT) {
            self.names_spent_key |= names_spent_key(&text);
            if let Some(message) = plain(&text, secret) {
                self.message = Some(message);
            }
        }
    }

    /// Reads a body that is not JSON, of which the host gives at most [`MESSAGE_LIMIT`]. Markup is a gateway's page and says
    /// nothing that is worth repeating. What is `secret` is left out.
    pub fn from_text(text: &str, secret: impl Fn(&str) -> bool) -> Self {
        let mut body = Self { names_spent_key: names_spent_key(text), ..Self::default() };
        if !matches!(text.trim_ascii().as_bytes(), [b'<' | b'{' | b'[', ..]) {
            body.message = plain(text, &secret);
        }
        body
    }
}

fn word<J: Json>(json: &J, key: &str, secret: &impl Fn(&str) -> bool) -> Option<String> {
    plain(&json.text_of(key, WORD_LIMIT)?, secret)
}

fn code<J: Json>(json: &J) -> Option<i32> {
    let number = match json.text_of("code", 12) {
        Some(digits) => text::parse_number(&digits)?,
        None => json.number_of("code")?,
    };
    Some(number as i32).filter(|&code| f64::from(code) == number)
}

/// "This operation doesn't support the usage of the same idempotency key after an internal error", in any wording and
/// spelling that keeps its two terms: the earlier use of the key ended in a 500, so an approval request may exist.
fn names_spent_key(text: &str) -> bool {
    let names = |term| text::contains_in_any_case(text, term);
    (names("idempotency key") || names("idempotency-key")) && (names("internal error") || names("internal-error"))
}

/// `message` on one line, or nothing where it is empty, `secret`, or repeats a credential that some proxy echoed.
fn plain(message: &str, secret: &impl Fn(&str) -> bool) -> Option<String> {
    // Each word between spaces, of which there is one between two words.
    let mut words = String::from(" ");
    for character in message.chars() {
        let character = if character.is_control() { ' ' } else { character };
        if character != ' ' || !words.ends_with(' ') {
            words.push(character);
        }
    }
    words.push(' ');
    let line = words.trim_ascii();
    // A token begins with the base64 of `{"`.
    let echoed = text::contains(line, "eyJ") || text::contains_in_any_case(&words, " bearer ");
    (!line.is_empty() && !echoed && !secret(line)).then(|| String::from(line))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn read(body: Value) -> (Option<String>, Option<String>, Option<i32>) {
        let body = ErrorBody::from_json(&body, |_| false);
        (body.message, body.error_type, body.code)
    }

    fn some(text: &str) -> Option<String> {
        Some(text.into())
    }

    #[test]
    fn every_known_shape() {
        let response = json!({"error": {"type": "AUTHORIZATION", "message": "nope"}});
        assert_eq!(read(response), (some("nope"), some("AUTHORIZATION"), None));
        let schema = json!({"message": "Unauthorized: Token was not accepted.", "code": -7});
        assert_eq!(read(schema), (some("Unauthorized: Token was not accepted."), None, Some(-7)));
        let wallet = json!({"error": "BAD", "message": "wallet"});
        assert_eq!(read(wallet), (some("wallet"), some("BAD"), None));
        let both = json!({"message": "outer", "code": "-8", "error": {"type": "T", "message": "inner"}});
        assert_eq!(read(both), (some("inner"), some("T"), Some(-8)));
        let newer = json!({"error": {"type": "BRAND_NEW", "message": "m"}});
        assert_eq!(read(newer).1, some("BRAND_NEW"));
    }

    #[test]
    fn a_gateway_may_state_the_outcome() {
        let body = json!({"message": "m", "outcome": "unknown", "recordId": "r1"});
        let body = ErrorBody::from_json(&body, |_| false);
        assert_eq!((body.outcome, body.record_id), (Some(Outcome::Unknown), some("r1")));
        let odd = ErrorBody::from_json(&json!({"outcome": "perhaps"}), |_| false);
        assert_eq!(odd.outcome, None);
    }

    #[test]
    fn other_shapes_say_nothing() {
        for body in [json!(null), json!([]), json!("text"), json!(1), json!({}), json!({"error": null, "code": 1.5})] {
            assert_eq!(ErrorBody::from_json(&body, |_| false), ErrorBody::default(), "{body}");
        }
    }

    #[test]
    fn text_is_kept_markup_is_not() {
        assert_eq!(ErrorBody::from_text(" upstream\r\n timed out ", |_| false).message, some("upstream timed out"));
        for text in ["", "  ", "<html>502</html>", "{\"message\": \"cut of"] {
            assert_eq!(ErrorBody::from_text(text, |_| false).message, None, "{text}");
        }
    }

    #[test]
    fn an_echoed_token_is_never_repeated() {
        for text in ["bad header Bearer x.y.z", "token eyJhbGciOiJSUzI1NiJ9.e30.x refused", "Authorization:Bearer eyJx"]
        {
            assert_eq!(ErrorBody::from_text(text, |_| false).message, None);
            let json = json!({"message": text, "error": text, "recordId": text});
            assert_eq!(ErrorBody::from_json(&json, |_| false), ErrorBody::default());
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_bounded(text in any::<String>()) {
            let json = json!({"error": {"message": text}});
            for body in [ErrorBody::from_text(&text, |_| false), ErrorBody::from_json(&json, |_| false)] {
                if let Some(message) = body.message {
                    prop_assert!(!message.is_empty() && !message.chars().any(char::is_control));
                    prop_assert!(message.chars().count() <= MESSAGE_LIMIT as usize);
                }
            }
        }

        #[test]
        fn any_code_is_read_or_left_out(code in any::<f64>()) {
            let found = ErrorBody::from_json(&json!({ "code": code }), |_| false).code;
            let whole = code.fract() == 0.0 && (-2_147_483_648.0..=2_147_483_647.0).contains(&code);
            prop_assert_eq!(found.map(f64::from), whole.then_some(code));
        }
    }
}
