//! What is asked for: an operation with its path, query, key and body.

pub mod idempotency_key;
pub mod operation;
pub mod query;
pub mod user_id;

use crate::configuration::{Configuration, Limits, Options};
use crate::error::{AttemptError, Context, ErrorKind, FireblocksError, Outcome};
use crate::json::Json;
use idempotency_key::EarlierUse;
use operation::Operation;

/// What a caller gives for one call.
#[derive(Debug, Clone)]
pub struct Given<J> {
    /// What the path names, where it names something.
    pub id: J,
    /// For an operation that writes. Absent or null, one is made.
    pub idempotency_key: J,
    /// The query's parameters.
    pub params: J,
    /// `CallOptions` of `npm/client/protocol.ts`:
    ///
    /// - `unusable`: where an argument cannot be read, the sentence that says so. The call is refused with it.
    /// - `note`: a JSON text for the body, which only a gateway takes.
    /// - `timeoutMs` and `maxRetries`.
    /// - `earlierUse`: how an earlier call with the same key for the same id has left the key.
    pub options: J,
}

impl<T> Given<T> {
    /// The same in another form.
    pub fn map<J>(self, form: impl Fn(T) -> J) -> Given<J> {
        Given {
            id: form(self.id),
            idempotency_key: form(self.idempotency_key),
            params: form(self.params),
            options: form(self.options),
        }
    }
}

/// A request that can be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The operation.
    pub operation: Operation,
    /// Path and query after the base path.
    pub target: String,
    /// For operations that write.
    pub idempotency_key: Option<String>,
    /// Whether the caller has given the key, and may have used it before.
    pub key_was_given: bool,
    /// A JSON text; only a gateway gets one.
    pub body: Option<String>,
    /// The bounds of this call.
    pub limits: Limits,
    /// How an earlier call with this key for this id has left it.
    pub earlier_use: EarlierUse,
}

/// The longest text that is read of an argument, in UTF-16 units. What is longer is refused anyway.
const LONGEST_TEXT: u32 = 65_536;

impl Request {
    /// Judges what is asked for. `new_key` is the idempotency key where none is given.
    ///
    /// # Errors
    /// The error to tell the caller: nothing was sent. It names the key where that is usable, so the key comes first.
    pub fn read<J: Json>(
        operation: Operation,
        given: &Given<J>,
        configuration: &Configuration,
        new_key: String,
    ) -> Result<Self, Box<FireblocksError>> {
        let options = &given.options;
        let earlier_use =
            options.text_of("earlierUse", LONGEST_TEXT).map_or(EarlierUse::None, |name| EarlierUse::from_name(&name));
        let key_was_given = !given.idempotency_key.is_nothing();
        let unusable = options.text_of("unusable", LONGEST_TEXT);
        let refuse = |reason: String, key: Option<String>| {
            let context = Context {
                operation: Some(operation),
                signs: configuration.signs(),
                in_page: configuration.in_page,
                key_was_given,
                earlier_use,
            };
            let error = AttemptError::because(ErrorKind::InvalidArgument, Outcome::NotSent, &reason);
            FireblocksError::new(context, error, None, earlier_use.outcome(), 0, key)
        };
        let mut key = None;
        if operation.writes() {
            let read = if key_was_given { idempotency_key::read(&given.idempotency_key) } else { Ok(new_key) };
            match read {
                Ok(usable) => key = Some(usable),
                Err(reason) => return Err(refuse(unusable.unwrap_or_else(|| reason.into()), None)),
            }
        }
        let read = || {
            if let Some(reason) = unusable {
                return Err(reason);
            }
            let body = options.text_of("note", u32::MAX);
            if body.is_some() && configuration.signs() {
                return Err(
                    "note is for a gateway: Fireblocks takes no body, so a client that signs sends none.".into()
                );
            }
            let mut target = operation.path(&given.id)?;
            target.push_str(&query::write(operation, &given.params)?);
            let own =
                Options { timeout_ms: options.number_of("timeoutMs"), max_retries: options.number_of("maxRetries") };
            Ok((target, body, configuration.limits.with(&own)?))
        };
        match read() {
            Ok((target, body, limits)) => {
                Ok(Self { operation, target, idempotency_key: key, key_was_given, body, limits, earlier_use })
            }
            Err(reason) => Err(refuse(reason, key)),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::configuration::tests::config;
    use serde_json::{Value, json};

    fn read(operation: Operation, api_key: Option<&str>, given: Value) -> Result<Request, Box<FireblocksError>> {
        let member = |name| given.get(name).cloned().unwrap_or_default();
        let given = Given {
            id: member("id"),
            idempotency_key: member("idempotencyKey"),
            params: member("params"),
            options: member("options"),
        };
        let configuration = Configuration::read(&config(api_key)).unwrap();
        Request::read(operation, &given, &configuration, "made".into())
    }

    fn reset(given: Value) -> Result<Request, Box<FireblocksError>> {
        read(Operation::ResetDevice, Some("key"), given)
    }

    #[test]
    fn a_reset_has_a_path_and_a_key() {
        let request = reset(json!({"id": "u 1", "idempotencyKey": "k-1"})).unwrap();
        assert_eq!(request.target, "/management/users/u%201/reset_device");
        assert_eq!((request.idempotency_key.as_deref(), request.key_was_given), (Some("k-1"), true));
        for none in [json!({"id": "u"}), json!({"id": "u", "idempotencyKey": null})] {
            let request = reset(none).unwrap();
            assert_eq!((request.idempotency_key.as_deref(), request.key_was_given), (Some("made"), false));
        }
    }

    #[test]
    fn a_read_has_a_query_and_no_key() {
        let params = json!({"params": {"pageSize": 30}, "idempotencyKey": "k"});
        let request = read(Operation::GetApprovals, Some("key"), params).unwrap();
        assert_eq!((request.target.as_str(), request.idempotency_key), ("/approvals?pageSize=30", None));
    }

    #[test]
    fn refusals_have_their_order_and_name_a_usable_key() {
        let good = json!("k-1");
        let cases = [
            (json!({"id": "..", "idempotencyKey": "bad key", "options": {"unusable": "u."}}), "u.", false),
            (json!({"id": "..", "idempotencyKey": "bad key"}), "The idempotency key must be visible", false),
            (json!({"id": "u", "idempotencyKey": 5}), "The idempotency key must be a string", false),
            (json!({"id": "..", "idempotencyKey": good, "options": {"unusable": "u."}}), "u.", true),
            (json!({"id": "..", "idempotencyKey": good, "options": {"note": "{}"}}), "note is for a gateway", true),
            (json!({"id": "..", "idempotencyKey": good}), "The user's id must not be", true),
            (json!({"id": 5, "idempotencyKey": good}), "The user's id must be a string.", true),
            (json!({"id": "u", "idempotencyKey": good, "params": {"a": 1}}), "There is no parameter a.", true),
            (json!({"id": "u", "idempotencyKey": good, "options": {"timeoutMs": -1}}), "timeoutMs must be", true),
        ];
        for (given, message, names_the_key) in cases {
            let error = reset(given.clone()).unwrap_err();
            assert!(error.message.starts_with(message), "{given}: {}", error.message);
            assert!(error.message.ends_with("Nothing was sent."), "{}", error.message);
            assert_eq!((error.kind, error.outcome), (ErrorKind::InvalidArgument, Outcome::NotSent), "{given}");
            assert_eq!(error.idempotency_key.is_some(), names_the_key, "{given}");
        }
    }

    #[test]
    fn a_note_is_for_a_gateway() {
        let given = json!({"id": "u", "options": {"note": "{}"}});
        let request = read(Operation::ResetDevice, None, given).unwrap();
        assert_eq!(request.body.as_deref(), Some("{}"));
    }

    #[test]
    fn what_an_earlier_call_left_open_stays_open() {
        let options = json!({"earlierUse": "open", "timeoutMs": -1});
        let error = reset(json!({"id": "u", "idempotencyKey": "k", "options": options})).unwrap_err();
        assert_eq!((error.kind, error.outcome), (ErrorKind::InvalidArgument, Outcome::Unknown));
        assert!(
            error.message.contains("An approval request may exist") || error.message.contains("An earlier attempt")
        );
    }
}
