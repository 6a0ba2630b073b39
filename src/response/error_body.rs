//! What the body of an error response says.
//!
//! Fireblocks documents two shapes, sends them with any content-type or none, and its gateways send plain text and
//! HTML. The embedded-wallet service has a third shape, and a gateway of ours adds `outcome` and `recordId`.

use crate::error::Outcome;
use crate::json::Json;
use crate::text::{contains, first_visible, is_damaged, is_markup, parse_number, split_once};

/// The most that is kept of a message, in characters.
const MESSAGE_LIMIT: usize = 500;
/// The most that is kept of a short text such as `type`.
const WORD_LIMIT: usize = 100;
/// The most that is looked at of one text, in UTF-16 units. No error body that is read is longer.
const SEARCH_LIMIT: u32 = 65_536;
/// How many values of a body are searched for the sentence on a spent key.
const MOST_VALUES: usize = 10_000;

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
    /// Whether it has one of the shapes that a refusal is known to have.
    pub is_known_shape: bool,
    /// Whether there is more in it than plain words, or more than is searched.
    pub is_unclear: bool,
}

impl ErrorBody {
    /// Reads a body that is JSON, of whatever shape. What is `secret` is left out.
    pub fn from_json<J: Json>(json: &J, secret: impl Fn(&str) -> bool) -> Self {
        let error = json.member("error");
        let mut letters = Letters::default();
        let is_searched = each_text(json, |text, is_name| letters.add(text, is_name));
        let is_unclear = letters.has_others || !is_searched;
        let mut body = Self {
            code: code(json).or_else(|| code(&error)),
            outcome: json.text_of("outcome", SEARCH_LIMIT).and_then(|outcome| Outcome::from_name(&outcome)),
            names_spent_key: letters.name_spent_key(),
            is_unclear,
            ..Self::default()
        };
        take(&mut body.record_id, &json.member("recordId"), WORD_LIMIT, &secret);
        let message = json.member("message");
        let mut words = |text: &J| take(&mut body.message, text, MESSAGE_LIMIT, &secret);
        let has_message = words(&error.member("message")) | words(&message);
        // The shapes of frameworks and gateways come last: their words are told, though their shape proves nothing.
        words(&error.member("description"));
        words(&json.member("detail"));
        words(&message.element(0));
        // `{error: {type}}`, or `{error: "…"}` of the embedded-wallet service.
        let mut word = |text: &J| take(&mut body.error_type, text, WORD_LIMIT, &secret);
        let has_type = word(&error.member("type")) | word(&error);
        // What is unclear may be the sentence on a spent key.
        body.is_known_shape = !is_unclear && (body.code.is_some() | has_message | has_type);
        body
    }

    /// Reads a body that is not JSON. Markup is a gateway's page and says nothing that is worth repeating, what begins as
    /// JSON was cut off, and what holds other characters than text was never one. What is `secret` is left out.
    pub fn from_text(text: &str, secret: impl Fn(&str) -> bool) -> Self {
        let has_controls = text.bytes().any(|byte| byte.is_ascii_control() && !is_plain(byte.into()));
        let is_readable = !is_markup(text) && !has_controls;
        let message = match first_visible(text) {
            Some(first) if is_readable && !matches!(first, '{' | '[' | '"') => plain(text, MESSAGE_LIMIT, &secret),
            _ => None,
        };
        let mut letters = Letters::default();
        letters.add(text, false);
        Self {
            names_spent_key: letters.name_spent_key(),
            is_known_shape: message.is_some() && !letters.has_others,
            is_unclear: letters.has_others,
            message,
            ..Self::default()
        }
    }

    /// Reads the beginning of a text. How it goes on may have been that the key is spent.
    pub fn from_beginning(text: &str, secret: impl Fn(&str) -> bool) -> Self {
        Self { is_known_shape: false, ..Self::from_text(text, secret) }
    }
}

/// Has `place` say what `found` does, in at most `limit` characters, unless it says something already. Returns whether
/// `found` is a text.
fn take<J: Json>(place: &mut Option<String>, found: &J, limit: usize, secret: &impl Fn(&str) -> bool) -> bool {
    let Some(text) = found.text(SEARCH_LIMIT) else {
        return false;
    };
    if place.is_none() {
        *place = plain(&text, limit, secret);
    }
    true
}

fn code<J: Json>(json: &J) -> Option<i32> {
    let number = match json.text_of("code", 12) {
        Some(digits) => parse_number(&digits)?,
        None => json.number_of("code")?,
    };
    Some(number as i32).filter(|&code| f64::from(code) == number)
}

/// Whether a character stands in plain English that may name a person: no control character, and of those beyond ASCII
/// only Latin letters with their marks, spaces, hyphens, quotes and the like. A letter of another alphabet may look like one.
fn is_plain(character: char) -> bool {
    match character {
        '\n' | '\r' | '\t' | ' '..='~' => true,
        _ => matches!(
            character,
            '\u{80}'..='\u{24f}' | '\u{2000}'..='\u{2029}' | '\u{202f}'..='\u{2060}' | '\u{feff}'
        ),
    }
}

/// Whether two characters begin what stands for others, or for none: `&#105;`, `%69`, `<!--`.
fn begins_code(first: char, second: char) -> bool {
    match first {
        '&' => second == '#' || second.is_ascii_alphanumeric(),
        '%' => second.is_ascii_hexdigit(),
        '<' => matches!(second, '!' | '/' | '?' | 'A'..='Z' | 'a'..='z'),
        _ => false,
    }
}

/// Has `hear` each text in `json`, in the order in which they stand, and whether it is the name of a member. Returns
/// whether these were all: no more than so many values are looked at.
fn each_text<J: Json>(json: &J, mut hear: impl FnMut(&str, bool)) -> bool {
    let mut values = vec![json.clone()];
    let mut searched = 0;
    while let Some(value) = values.pop() {
        searched += 1;
        if searched > MOST_VALUES {
            return false;
        }
        if let Some(text) = value.text(SEARCH_LIMIT) {
            hear(&text, false);
        }
        let names = value.names();
        for index in (0..names.length()).rev() {
            if let Some(name) = names.element(index).text(u32::MAX) {
                hear(&name, true);
                values.push(value.member(&name));
            }
        }
        for index in (0..value.length()).rev() {
            values.push(value.element(index));
        }
    }
    true
}

/// The letters of all texts of a body in lower case, whatever stands between them, or nothing: `idempotencyKey`,
/// "Idempotency-Key", a no-break space, one text and the next.
#[derive(Default)]
struct Letters {
    all: String,
    /// Without those of names, of tags, of entities and of JSON's escapes: `<b>`, `&nbsp;`, `\n`. Not every `<` begins a
    /// tag.
    of_words: String,
    /// Whether there may be more: those of other alphabets, or some that are written as something else.
    has_others: bool,
}

impl Letters {
    fn add(&mut self, text: &str, is_name: bool) {
        let (mut in_tag, mut in_entity) = (false, false);
        // How many characters of an escape are still to come.
        let mut escaped = 0_u8;
        let mut last = ' ';
        for character in text.chars() {
            let in_escape = escaped > 0;
            escaped = match character {
                '\\' => 1,
                'u' if escaped == 1 => 4,
                _ => escaped.saturating_sub(1),
            };
            in_tag |= character == '<';
            in_entity = character == '&' || in_entity && (character == '#' || character.is_ascii_alphanumeric());
            self.has_others |= in_escape || !is_plain(character) || begins_code(last, character);
            if character.is_ascii_alphabetic() {
                let letter = character.to_ascii_lowercase();
                self.all.push(letter);
                if !is_name && !in_tag && !in_entity && !in_escape {
                    self.of_words.push(letter);
                }
            }
            in_tag &= character != '>';
            last = character;
        }
    }

    /// "This operation doesn't support the usage of the same idempotency key after an internal error", in any wording and
    /// spelling that keeps its two terms, in one text or in several: the earlier use of the key ended in a 500, so an
    /// approval request may exist.
    fn name_spent_key(&self) -> bool {
        [&self.all, &self.of_words].iter().any(|letters| {
            let after_internal = split_once(letters, "internal").map(|(_, after)| after);
            contains(letters, "idempotencykey") && after_internal.is_some_and(|after| contains(after, "error"))
        })
    }
}

/// `message` on one line and cut at `limit` characters, or nothing where it is empty, damaged, `secret`, or repeats a
/// credential that some proxy echoed. It is looked for before the cut, which may go through it.
fn plain(message: &str, limit: usize, secret: &impl Fn(&str) -> bool) -> Option<String> {
    if is_damaged(message) {
        return None;
    }
    let mut line = String::new();
    for word in message.split(|character: char| character.is_control() || character == ' ') {
        if word.eq_ignore_ascii_case("bearer") {
            return None;
        }
        if !line.is_empty() && !word.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if line.is_empty() || secret(&line) {
        return None;
    }
    if let Some((end, _)) = line.char_indices().nth(limit) {
        line.truncate(end);
    }
    Some(line)
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
    fn the_words_of_other_shapes_are_told_but_prove_nothing() {
        for body in [
            json!({"detail": "why"}),
            json!({"error": {"description": "why"}}),
            json!({"message": ["why", "and why else"]}),
        ] {
            let read = ErrorBody::from_json(&body, |_| false);
            assert_eq!((read.message, read.is_known_shape), (some("why"), false), "{body}");
        }
    }

    #[test]
    fn a_known_shape_is_known_by_its_members() {
        for body in [
            json!({"message": "m"}),
            json!({"code": -7}),
            json!({"error": "E"}),
            json!({"error": {"type": "T"}}),
            json!({"error": {"message": ""}}),
        ] {
            assert!(ErrorBody::from_json(&body, |_| false).is_known_shape, "{body}");
        }
        assert!(ErrorBody::from_text("Bad Request", |_| false).is_known_shape);
        assert!(!ErrorBody::from_text("<p>Bad Request", |_| false).is_known_shape);
    }

    #[test]
    fn a_spent_key_is_found_wherever_and_however_it_is_named() {
        let words = "This operation doesn't support the usage of the same idempotency key after an internal error";
        let long = "x".repeat(20_000) + words;
        for body in [
            json!(words),
            json!([words]),
            json!({ "detail": words }),
            json!({ "message": [words] }),
            json!({"errors": [{"title": "no", "reason": words}]}),
            json!({"error": {"description": words}}),
            json!({"error": {"message": long.as_str()}}),
            json!({"message": words.replace("idempotency key", "idempotencyKey")}),
            json!({"message": words.replace(' ', "\u{a0}")}),
            json!({"message": words.to_uppercase()}),
            json!({"message": words.replace(' ', "&nbsp;")}),
            json!({"message": words.replace("idempotency", "<b>idempotency</b>")}),
            json!({"message": words.replace("internal", "internal <i class=\"x\">server</i>")}),
            json!({"message": format!("R&D, a < b: {words}")}),
            json!({"message": format!("R&D: {}", words.replace("idempotency", "<b>idempotency</b>"))}),
            json!({"errors": {words: true}}),
            json!({"errors": {"idempotencyKey": "not after an internal error"}}),
            // In several texts.
            json!({"error": {"type": "IDEMPOTENCY_KEY_REUSE", "message": "The key was used before an internal error"}}),
            json!({"message": "Idempotency key cannot be reused", "reason": "The last one ended in an internal error"}),
            // JSON in JSON.
            json!({"message": json!({"m": words.replace(' ', "\n")}).to_string()}),
            json!({"message": json!(words.replace(' ', "\u{a0}")).to_string().replace('\u{a0}', "\\u00a0")}),
        ] {
            assert!(ErrorBody::from_json(&body, |_| false).names_spent_key, "{body}");
        }
        assert!(ErrorBody::from_text(&long, |_| false).names_spent_key);
        for body in [json!({"message": "The idempotency key is too long"}), json!({"message": "An internal error"})] {
            assert!(!ErrorBody::from_json(&body, |_| false).names_spent_key, "{body}");
        }
    }

    #[test]
    fn a_spent_key_is_found_in_pieces() {
        let words = "This operation doesn't support the usage of the same idempotency key after an internal error";
        let (first, last) = words.split_at(58);
        let letters: Vec<_> = words.chars().map(String::from).collect();
        for body in [
            json!({"message": "no", "errors": [first, last]}),
            json!({"message": "no", "errors": [{"text": first}, {"text": last}]}),
            json!({"message": "no", "errors": [[first], {"rest": [last]}]}),
            json!({"message": "no", "errors": letters}),
        ] {
            assert!(ErrorBody::from_json(&body, |_| false).names_spent_key, "{body}");
        }
    }

    #[test]
    fn what_is_not_in_plain_letters_proves_nothing() {
        for text in [
            "&#105;dempotency key",
            "&amp;nbsp;key",
            "no &nbsp key",
            "no%20key",
            "\\u0069dempotency key",
            "idem<!-- x > y -->potency key",
            "\u{456}dempotency k\u{435}y",
            "\u{202e}yek ycnetopmedi",
            "\u{30ad}\u{30fc}",
            "idem\u{1b}[1mpotency key",
            "Bad \u{fffd} Request",
        ] {
            for body in [
                json!({ "message": text }),
                json!({"code": -7, "errors": [{"text": text}]}),
                json!({"error": "E", text: 1}),
            ] {
                assert!(!ErrorBody::from_json(&body, |_| false).is_known_shape, "{body}");
            }
            assert!(!ErrorBody::from_text(text, |_| false).is_known_shape, "{text}");
        }
        for text in [
            "It can\u{2019}t be reset\u{a0}\u{2013} now\u{2026}",
            "Zoë Łukasz has no device",
            "R & D: a < b, 5 % off",
            "\u{feff}No",
            "{id}?a=b&=c",
        ] {
            assert!(ErrorBody::from_json(&json!({ "message": text }), |_| false).is_known_shape, "{text}");
        }
    }

    #[test]
    fn what_was_not_looked_through_proves_nothing() {
        let body = |values| {
            let body = json!({"message": "no", "x": vec![0; values]});
            ErrorBody::from_json(&body, |_| false)
        };
        assert!(body(9_000).is_known_shape && !body(9_000).is_unclear);
        assert!(!body(11_000).is_known_shape && body(11_000).is_unclear);
    }

    #[test]
    fn a_secret_is_found_before_a_text_is_cut() {
        let secret = "7b1d5c1e-0e5e-4b0e-8f1c-2b6f3d1f8a77";
        for length in [WORD_LIMIT, MESSAGE_LIMIT, 2_000] {
            let text = format!("{}{secret}", " x".repeat((length - 10) / 2));
            let is_secret = |text: &str| text.contains(secret);
            let json = json!({"message": text, "error": text, "recordId": text});
            for body in [ErrorBody::from_text(&text, is_secret), ErrorBody::from_json(&json, is_secret)] {
                assert_eq!((body.message, body.error_type, body.record_id), (None, None, None), "{length}");
            }
        }
    }

    #[test]
    fn a_text_that_cannot_be_read_has_no_shape_and_is_not_repeated() {
        for text in
            ["\u{1f}\u{fffd}\u{8}", "Bad \u{fffd} Request", "Bad\u{0}Request", "\u{200b}<p>No", "No<HTML>", "\"cut o"]
        {
            let body = ErrorBody::from_text(text, |_| false);
            assert_eq!((body.message, body.is_known_shape), (None, false), "{text:?}");
        }
        assert!(ErrorBody::from_text("Bad\r\n\tRequest", |_| false).is_known_shape);
        let damaged = json!({"message": "Bad \u{fffd} Request"});
        assert_eq!(ErrorBody::from_json(&damaged, |_| false).message, None);
    }

    #[test]
    fn the_beginning_of_a_text_is_told_but_proves_nothing() {
        let body = ErrorBody::from_beginning("Bad Request", |_| false);
        assert_eq!((body.message, body.is_known_shape), (some("Bad Request"), false));
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
        let is_token = |text: &str| text.contains("eyJ");
        for text in ["bad header Bearer x.y.z", "token eyJhbGciOiJSUzI1NiJ9.e30.x refused", "Authorization:Bearer eyJx"]
        {
            assert_eq!(ErrorBody::from_text(text, is_token).message, None);
            let json = json!({"message": text, "error": text, "recordId": text});
            let silent = ErrorBody { is_known_shape: true, ..ErrorBody::default() };
            assert_eq!(ErrorBody::from_json(&json, is_token), silent);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_bounded(text in any::<String>()) {
            let json = json!({"error": {"message": text}});
            for body in [ErrorBody::from_text(&text, |_| false), ErrorBody::from_json(&json, |_| false)] {
                if let Some(message) = body.message {
                    prop_assert!(!message.is_empty() && !message.chars().any(char::is_control));
                    prop_assert!(message.chars().count() <= MESSAGE_LIMIT);
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
