//! What a caller is told when a call fails: one kind of error, [`FireblocksError`].
//!
//! An [`AttemptError`] is what went wrong in one attempt; the call's error is made of its last one and of what the
//! attempts before it may have done.

mod message;

use crate::names::{name_of, value_of};
use crate::output::Object;
use crate::request::idempotency_key::EarlierUse;
use crate::request::operation::Operation;

/// What may have happened. Ordered: the outcome of a call is the greatest of its attempts' outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Fireblocks has seen nothing.
    NotSent,
    /// Fireblocks, or the gateway, answered no. Nothing was filed, or rejected.
    Refused,
    /// What was asked for may have happened.
    Unknown,
}

/// The outcomes by the names that JavaScript knows them by.
const OUTCOMES: &[(&str, Outcome)] =
    &[("notSent", Outcome::NotSent), ("refused", Outcome::Refused), ("unknown", Outcome::Unknown)];

impl Outcome {
    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        name_of(OUTCOMES, self)
    }

    /// The outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        value_of(OUTCOMES, name)
    }
}

/// What went wrong. A closed list: `FireblocksErrorKind` of `npm/index.d.ts`, but for those that JavaScript alone finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// An id, key or option is not usable.
    InvalidArgument,
    /// The configuration or the secret key is not usable.
    Configuration,
    /// The caller's signal was aborted.
    Aborted,
    /// An attempt or the whole call ran out of time.
    Timeout,
    /// No response: connection refused, reset, DNS, CORS.
    Network,
    /// 401.
    Authentication,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409.
    Conflict,
    /// 410.
    Gone,
    /// 429.
    RateLimited,
    /// 400, 409 or 422 for a key that was used before an internal error.
    IdempotencyKeySpent,
    /// Any other 4xx.
    InvalidRequest,
    /// 5xx, and the 4xx of a server or proxy that gave up waiting.
    Server,
    /// 3xx.
    Redirect,
    /// A 2xx that Fireblocks did not send, or a body that cannot be read.
    UnexpectedResponse,
}

impl ErrorKind {
    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidArgument => "invalidArgument",
            Self::Configuration => "configuration",
            Self::Aborted => "aborted",
            Self::Timeout => "timeout",
            Self::Network => "network",
            Self::Authentication => "authentication",
            Self::Forbidden => "forbidden",
            Self::NotFound => "notFound",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::RateLimited => "rateLimited",
            Self::IdempotencyKeySpent => "idempotencyKeySpent",
            Self::InvalidRequest => "invalidRequest",
            Self::Server => "server",
            Self::Redirect => "redirect",
            Self::UnexpectedResponse => "unexpectedResponse",
        }
    }
}

/// What went wrong in one attempt, or before the first.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What this attempt may have done.
    pub outcome: Outcome,
    /// HTTP status.
    pub status: Option<u16>,
    /// Fireblocks' own number.
    pub code: Option<i32>,
    /// Fireblocks' own `error.type`.
    pub error_type: Option<String>,
    /// The server's own words.
    pub server_message: Option<String>,
    /// Whether a gateway has stated the outcome itself. Then its words tell of it too.
    pub outcome_is_stated: bool,
    /// Whether the response's body was JSON. A gateway's own words come so; plain text comes from what stands before it.
    pub is_json: bool,
    /// Our words, where the kind alone does not say it.
    pub detail: Option<String>,
    /// The runtime's code of a connection that failed, such as `ENOTFOUND`.
    pub cause_code: Option<String>,
    /// Whether the signer failed, which may work the next time.
    pub is_signing: bool,
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// The gateway's record.
    pub record_id: Option<String>,
    /// How long the server asked to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// The server's time in epoch milliseconds, by its `Date` header.
    pub server_time: Option<f64>,
}

impl AttemptError {
    /// An error of this kind with nothing else known.
    pub fn new(kind: ErrorKind, outcome: Outcome) -> Box<Self> {
        Box::new(Self {
            kind,
            outcome,
            status: None,
            code: None,
            error_type: None,
            server_message: None,
            outcome_is_stated: false,
            is_json: false,
            detail: None,
            cause_code: None,
            is_signing: false,
            request_id: None,
            record_id: None,
            retry_after_ms: None,
            server_time: None,
        })
    }

    /// An error of this kind, with its own sentence.
    pub fn because(kind: ErrorKind, outcome: Outcome, detail: &str) -> Box<Self> {
        let mut error = Self::new(kind, outcome);
        error.detail = Some(String::from(detail));
        error
    }

    /// Whether Fireblocks refused the token for its times: -10 (expired) or -12 (issued in the future).
    pub fn is_clock(&self) -> bool {
        self.kind == ErrorKind::Authentication && matches!(self.code, Some(-10 | -12))
    }

    /// Whether the same call, with the same key, may succeed later. After a 500 it cannot: Fireblocks refuses the key.
    fn is_retryable(&self) -> bool {
        match self.kind {
            ErrorKind::Aborted | ErrorKind::Timeout | ErrorKind::Network | ErrorKind::RateLimited => true,
            ErrorKind::Server => matches!(self.status, Some(400..=499 | 502..=504)),
            ErrorKind::Authentication => self.is_clock(),
            ErrorKind::Configuration => self.is_signing,
            _ => false,
        }
    }
}

/// What an error's sentences depend on beside the error itself.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// What was asked for; `None` before that is known.
    pub operation: Option<Operation>,
    /// Whether this client signs. Otherwise the other side is a gateway, with words of its own.
    pub signs: bool,
    /// Whether it runs in a page.
    pub in_page: bool,
    /// Whether the key was given by the caller, who may have used it before.
    pub key_was_given: bool,
    /// How an earlier call with this key has left it.
    pub earlier_use: EarlierUse,
}

/// A failed call, as the caller gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct FireblocksError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// What the whole call may have done.
    pub outcome: Outcome,
    /// What happened, whether anything may have taken effect, and what to do next.
    pub message: String,
    /// Whether the same call, with the same key, may succeed later.
    pub retryable: bool,
    /// How many requests were sent.
    pub attempts: u32,
    /// The runtime's code of a connection that failed.
    pub cause_code: Option<String>,
    /// The key that was sent, or would have been.
    pub idempotency_key: Option<String>,
    /// The last error that came with a response, or the last of all where none did: what it says of that response.
    pub of_response: Box<AttemptError>,
}

impl FireblocksError {
    /// The error of a call that ended with `last`. `responded` is the last error before it that came with a response, and
    /// `before` the outcome of the attempts before it.
    pub fn new(
        context: Context,
        mut last: Box<AttemptError>,
        responded: Option<Box<AttemptError>>,
        before: Outcome,
        attempts: u32,
        idempotency_key: Option<String>,
    ) -> Box<Self> {
        let outcome = before.max(last.outcome);
        Box::new(Self {
            kind: last.kind,
            outcome,
            message: message::of(&last, outcome, context),
            retryable: last.is_retryable() && context.earlier_use != EarlierUse::Spent,
            attempts,
            cause_code: last.cause_code.take(),
            idempotency_key,
            // What the last response said is not lost where none came after it.
            of_response: responded.filter(|_| last.status.is_none()).unwrap_or(last),
        })
    }
}

/// `FireblocksErrorJSON` of `npm/index.d.ts`.
impl<'a> From<&'a FireblocksError> for Object<'a> {
    fn from(error: &'a FireblocksError) -> Self {
        let of_response = &error.of_response;
        let mut object = Self::default();
        object.text("kind", error.kind.name());
        object.text("outcome", error.outcome.name());
        object.text("message", &error.message);
        object.flag("retryable", error.retryable);
        object.number("attempts", error.attempts.into());
        object.some_number("status", of_response.status.map(Into::into));
        object.some_number("code", of_response.code.map(Into::into));
        object.some_text("type", &of_response.error_type);
        object.some_text("causeCode", &error.cause_code);
        object.some_text("requestId", &of_response.request_id);
        object.some_text("idempotencyKey", &error.idempotency_key);
        object.some_text("recordId", &of_response.record_id);
        object.some_number("retryAfterMs", of_response.retry_after_ms);
        object
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const CONTEXT: Context = Context {
        operation: Some(Operation::ResetDevice),
        signs: true,
        in_page: false,
        key_was_given: true,
        earlier_use: EarlierUse::None,
    };

    #[test]
    fn every_outcome_has_a_name() {
        for outcome in [Outcome::NotSent, Outcome::Refused, Outcome::Unknown] {
            assert_eq!(Outcome::from_name(outcome.name()), Some(outcome));
        }
    }

    #[test]
    fn absent_members_are_left_out() {
        let error = AttemptError::new(ErrorKind::Timeout, Outcome::NotSent);
        let error = FireblocksError::new(CONTEXT, error, None, Outcome::NotSent, 0, None);
        let json = serde_json::to_value(Object::from(&*error)).unwrap();
        let names: Vec<&String> = json.as_object().unwrap().keys().collect();
        assert_eq!(names, ["attempts", "kind", "message", "outcome", "retryable"]);
    }

    #[test]
    fn what_the_last_response_said_is_kept_where_none_came_after_it() {
        let responded = Box::new(AttemptError {
            status: Some(503),
            request_id: Some("r-1".into()),
            record_id: Some("rec-1".into()),
            ..*AttemptError::new(ErrorKind::Server, Outcome::Unknown)
        });
        let of = |last| FireblocksError::new(CONTEXT, last, Some(responded.clone()), Outcome::Unknown, 2, None);
        let lost = of(AttemptError::new(ErrorKind::Network, Outcome::Unknown));
        assert_eq!((lost.kind, lost.of_response.status), (ErrorKind::Network, Some(503)));
        assert_eq!(lost.of_response.request_id.as_deref(), Some("r-1"));
        assert_eq!(lost.of_response.record_id.as_deref(), Some("rec-1"));
        assert!(!lost.message.contains("503"), "{}", lost.message);
        let refused = AttemptError { status: Some(403), ..*AttemptError::new(ErrorKind::Forbidden, Outcome::Refused) };
        let refused = of(Box::new(refused));
        assert_eq!((refused.of_response.status, refused.of_response.request_id), (Some(403), None));
    }

    #[test]
    fn no_call_succeeds_later_with_a_key_that_is_spent() {
        for (earlier_use, retryable) in [(EarlierUse::Open, true), (EarlierUse::Spent, false)] {
            let lost = AttemptError::new(ErrorKind::Network, Outcome::Unknown);
            let context = Context { earlier_use, ..CONTEXT };
            let error = FireblocksError::new(context, lost, None, Outcome::Unknown, 1, None);
            assert_eq!(error.retryable, retryable, "{earlier_use:?}");
        }
    }

    #[test]
    fn a_signer_that_fails_may_work_later() {
        let failed = AttemptError {
            is_signing: true,
            ..*AttemptError::because(ErrorKind::Configuration, Outcome::NotSent, "The request could not be signed.")
        };
        assert!(failed.is_retryable());
        assert!(!AttemptError::new(ErrorKind::Configuration, Outcome::NotSent).is_retryable());
    }
}
