//! What a caller is told when a call fails.

use crate::operation::Operation;
use crate::output::Object;
use crate::text::{meaning, name, push_number, trim_end};

/// What may have happened. Ordered: the outcome of a call is the greatest of its attempts' outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Fireblocks has seen nothing.
    NotSent,
    /// Fireblocks, or the gateway, answered no. Nothing was filed.
    Refused,
    /// An approval request may exist.
    Unknown,
}

impl Outcome {
    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        name(OUTCOMES, self)
    }

    /// The outcome with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        meaning(OUTCOMES, name)
    }
}

/// The outcomes by the names that JavaScript knows them by.
const OUTCOMES: &[(&str, Outcome)] =
    &[("notSent", Outcome::NotSent), ("refused", Outcome::Refused), ("unknown", Outcome::Unknown)];

/// What went wrong. A closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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
    /// 400 for a key that was used before an internal error.
    IdempotencyKeySpent,
    /// Any other 4xx.
    InvalidRequest,
    /// 5xx and 408.
    Server,
    /// 3xx.
    Redirect,
    /// A 2xx that Fireblocks did not send, or a body that cannot be read.
    UnexpectedResponse,
}

impl Kind {
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
pub struct Problem {
    /// What went wrong.
    pub kind: Kind,
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
    /// Our words, where the kind alone does not say it.
    pub detail: Option<String>,
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// The gateway's record.
    pub record_id: Option<String>,
    /// How long the server asked to wait, in milliseconds.
    pub retry_after_ms: Option<f64>,
    /// The server's time in epoch milliseconds, by its `Date` header.
    pub server_time: Option<f64>,
}

impl Problem {
    /// A problem of this kind with nothing else known.
    pub fn new(kind: Kind, outcome: Outcome) -> Box<Self> {
        Box::new(Self {
            kind,
            outcome,
            status: None,
            code: None,
            error_type: None,
            server_message: None,
            detail: None,
            request_id: None,
            record_id: None,
            retry_after_ms: None,
            server_time: None,
        })
    }

    /// A problem of this kind, with its own sentence.
    pub fn because(kind: Kind, outcome: Outcome, detail: &str) -> Box<Self> {
        let mut problem = Self::new(kind, outcome);
        problem.detail = Some(String::from(detail));
        problem
    }

    /// Whether Fireblocks refused the token for its times: -10 (expired) or -12 (issued in the future).
    pub fn is_clock(&self) -> bool {
        self.kind == Kind::Authentication && matches!(self.code, Some(-10 | -12))
    }
}

/// A failed call, as the caller gets it.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// What the whole call may have done.
    pub outcome: Outcome,
    /// What happened, whether anything may have taken effect, and what to do next.
    pub message: String,
    /// Whether the same call, with the same key, may succeed later.
    pub retryable: bool,
    /// How many requests were sent.
    pub attempts: u32,
    /// The last problem that came with a response, or the last of all where none did: what it says of that response.
    pub last: Box<Problem>,
    /// The key that was sent, or would have been.
    pub idempotency_key: Option<String>,
}

impl Failure {
    /// The failure of a call whose last problem was `problem`. `answered` is the last problem before it that came
    /// with a response, and `outcome` that of the attempts before it.
    pub fn new(
        operation: Option<Operation>,
        problem: Box<Problem>,
        answered: Option<Box<Problem>>,
        outcome: Outcome,
        attempts: u32,
    ) -> Box<Self> {
        let whole = outcome.max(problem.outcome);
        let (kind, message, retryable) = (problem.kind, message(operation, &problem, whole), retryable(&problem));
        // What the last response said is not lost where no answer came after it.
        let last = answered.filter(|_| problem.status.is_none()).unwrap_or(problem);
        Box::new(Self { kind, outcome: whole, message, retryable, attempts, last, idempotency_key: None })
    }
}

impl<'a> From<&'a Failure> for Object<'a> {
    fn from(failure: &'a Failure) -> Self {
        let last = &failure.last;
        let mut object = Self::default();
        object.text("kind", failure.kind.name());
        object.text("outcome", failure.outcome.name());
        object.text("message", &failure.message);
        object.flag("retryable", failure.retryable);
        object.number("attempts", failure.attempts.into());
        object.some_number("status", last.status.map(Into::into));
        object.some_number("code", last.code.map(Into::into));
        object.some_text("type", &last.error_type);
        object.some_text("requestId", &last.request_id);
        object.some_text("idempotencyKey", &failure.idempotency_key);
        object.some_text("recordId", &last.record_id);
        object.some_number("retryAfterMs", last.retry_after_ms);
        object
    }
}

/// Whether the same call, with the same key, may succeed later. After a 500 it cannot: Fireblocks refuses the key.
fn retryable(problem: &Problem) -> bool {
    match problem.kind {
        Kind::Aborted | Kind::Timeout | Kind::Network | Kind::RateLimited => true,
        Kind::Server => matches!(problem.status, Some(408 | 502..=504)),
        Kind::Authentication => problem.is_clock(),
        _ => false,
    }
}

/// What happened; the server's words; what to do; what may have taken effect.
fn message(operation: Option<Operation>, problem: &Problem, outcome: Outcome) -> String {
    let lead = problem.detail.as_deref().unwrap_or(lead(problem.kind));
    let mut out = String::new();
    match problem.status {
        None | Some(0) => out.push_str(lead),
        Some(status) => {
            // The sentence's full stop goes after the numbers.
            out.push_str(trim_end(lead, "."));
            out.push_str(" (HTTP ");
            push_number(&mut out, status.into());
            if let Some(code) = problem.code {
                out.push_str(", code ");
                push_number(&mut out, code.into());
            }
            out.push(')');
            if let Some(words) = &problem.server_message {
                out.push_str(": ");
                out.push_str(trim_end(words, "."));
            }
            out.push('.');
        }
    }
    for sentence in [remedy(operation, problem), effect(operation, problem, outcome)] {
        if !sentence.is_empty() {
            out.push(' ');
            out.push_str(sentence);
        }
    }
    out
}

fn lead(kind: Kind) -> &'static str {
    match kind {
        Kind::InvalidArgument => "An argument is not usable.",
        Kind::Configuration => "The configuration is not usable.",
        Kind::Aborted => "The call was aborted.",
        Kind::Timeout => "No answer came in time.",
        Kind::Network => "No answer came: the connection failed.",
        Kind::Authentication => "The API key or its signature was not accepted.",
        Kind::Forbidden => "The API key may not do this.",
        Kind::NotFound => "It was not found.",
        Kind::Conflict => "It conflicts with something that is under way.",
        Kind::Gone => "Fireblocks has closed this operation.",
        Kind::RateLimited => "Too many requests.",
        Kind::IdempotencyKeySpent => "This idempotency key was used before an internal error.",
        Kind::InvalidRequest => "The request was refused.",
        Kind::Server => "The server failed.",
        Kind::Redirect => "The address redirects, which is never followed.",
        Kind::UnexpectedResponse => "The answer is not one that Fireblocks sends.",
    }
}

/// What to do about it. The gateway codes are those of Fireblocks' page "API error codes".
fn remedy(operation: Option<Operation>, problem: &Problem) -> &'static str {
    const ROLE: &str = "The API user needs the role Admin or Non-Signing Admin.";
    match (problem.kind, problem.code) {
        (Kind::Authentication, Some(-1)) => {
            "The secret key does not belong to this API key: take both from the same API user."
        }
        (Kind::Authentication, Some(-2 | -3)) => {
            "The API key or the token did not arrive: look for a proxy that removes X-API-Key or Authorization."
        }
        (Kind::Authentication, Some(-4)) => {
            "The path that was signed is not the path that arrived: look for a proxy that rewrites it, and check basePath."
        }
        (Kind::Authentication, Some(-5)) => {
            "Usually the certificate of the API user has expired: renew it in the Fireblocks Console."
        }
        (Kind::Authentication, Some(-6)) => "The token names another API user: check apiKey.",
        (Kind::Authentication, Some(-7)) => "Either apiKey is wrong or basePath is that of another region: check both.",
        (Kind::Authentication, Some(-8)) => ROLE,
        (Kind::Authentication, Some(-10)) => {
            "This machine's clock is behind, or the request was too long on its way: set the clock."
        }
        (Kind::Authentication, Some(-12)) => "This machine's clock is ahead: set it.",
        (Kind::Authentication, _) => {
            "Check apiKey, secretKey and basePath, or sign in again where a gateway is between."
        }
        (Kind::Forbidden, _) => ROLE,
        (Kind::NotFound, _) if operation == Some(Operation::ResetDevice) => {
            "Check the user's id against the list of users."
        }
        (Kind::NotFound, _) => "Check basePath and the id.",
        (Kind::RateLimited, _) => "Wait before trying again.",
        (Kind::Network, _) => "Check the network, basePath and, in a page, CORS.",
        (Kind::Redirect, _) => "Set basePath to the address of the API itself.",
        (Kind::UnexpectedResponse, _) => "Check basePath, and look for a portal or proxy that answers in its place.",
        _ => "",
    }
}

fn effect(operation: Option<Operation>, problem: &Problem, outcome: Outcome) -> &'static str {
    if operation.is_some_and(|operation| !operation.writes()) {
        return "";
    }
    match outcome {
        Outcome::NotSent => "Nothing was sent.",
        Outcome::Refused => "Nothing was filed.",
        // An internal error has spent the key, whatever its number.
        Outcome::Unknown
            if problem.kind == Kind::IdempotencyKeySpent || (problem.kind == Kind::Server && !retryable(problem)) =>
        {
            "An approval request may exist: look at the approvals and the audit log first. If there is none, ask again with a new idempotency key."
        }
        Outcome::Unknown if problem.outcome < Outcome::Unknown => {
            "An earlier attempt got no answer, so an approval request may exist: look at the approvals and the audit log before trying again, and then with the same idempotency key."
        }
        Outcome::Unknown => {
            "An approval request may exist: look at the approvals and the audit log before trying again, and then with the same idempotency key."
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    fn failure(problem: Box<Problem>, outcome: Outcome) -> Box<Failure> {
        Failure::new(Some(Operation::ResetDevice), problem, None, outcome, 1)
    }

    #[test]
    fn every_outcome_has_a_name() {
        let listed: Vec<usize> = OUTCOMES.iter().map(|&(_, outcome)| outcome as usize).collect();
        assert_eq!(listed, (0..=Outcome::Unknown as usize).collect::<Vec<_>>());
        assert_eq!(Outcome::Unknown.name(), "unknown");
    }

    #[test]
    fn a_message_says_what_happened_what_to_do_and_what_took_effect() {
        let problem = Box::new(Problem {
            status: Some(401),
            code: Some(-7),
            server_message: Some("Unauthorized: Token was not accepted.".into()),
            ..*Problem::new(Kind::Authentication, Outcome::Refused)
        });
        assert_eq!(
            failure(problem, Outcome::NotSent).message,
            "The API key or its signature was not accepted (HTTP 401, code -7): Unauthorized: Token was not accepted. \
             Either apiKey is wrong or basePath is that of another region: check both. Nothing was filed."
        );
    }

    #[test]
    fn an_earlier_attempt_without_an_answer_is_told() {
        let problem = Box::new(Problem { status: Some(403), ..*Problem::new(Kind::Forbidden, Outcome::Refused) });
        let failure = failure(problem, Outcome::Unknown);
        assert_eq!(failure.outcome, Outcome::Unknown);
        assert!(failure.message.contains("An earlier attempt got no answer"), "{}", failure.message);
    }

    #[test]
    fn every_gateway_code_has_its_remedy() {
        let mut remedies: Vec<&str> = [-1, -2, -4, -5, -6, -7, -8, -10, -12, -99]
            .into_iter()
            .map(|code| {
                let problem =
                    Box::new(Problem { code: Some(code), ..*Problem::new(Kind::Authentication, Outcome::Refused) });
                remedy(None, &problem)
            })
            .collect();
        remedies.sort_unstable();
        remedies.dedup();
        assert_eq!(remedies.len(), 10);
    }

    #[test]
    fn a_dead_key_is_never_recommended_again() {
        for problem in [
            Box::new(Problem { status: Some(500), ..*Problem::new(Kind::Server, Outcome::Unknown) }),
            Box::new(Problem { status: Some(520), ..*Problem::new(Kind::Server, Outcome::Unknown) }),
            Box::new(Problem { status: Some(400), ..*Problem::new(Kind::IdempotencyKeySpent, Outcome::Unknown) }),
        ] {
            let failure = failure(problem, Outcome::NotSent);
            assert!(failure.message.ends_with("with a new idempotency key."), "{}", failure.message);
            assert!(!failure.retryable);
        }
    }

    #[test]
    fn what_the_last_response_said_is_kept_where_no_answer_came_after_it() {
        let answered = Box::new(Problem {
            status: Some(503),
            request_id: Some("r-1".into()),
            record_id: Some("rec-1".into()),
            ..*Problem::new(Kind::Server, Outcome::Unknown)
        });
        let lost = Problem::new(Kind::Network, Outcome::Unknown);
        let failure = Failure::new(None, lost, Some(answered.clone()), Outcome::Unknown, 2);
        assert_eq!((failure.kind, failure.last.status), (Kind::Network, Some(503)));
        assert_eq!(
            (failure.last.request_id.as_deref(), failure.last.record_id.as_deref()),
            (Some("r-1"), Some("rec-1"))
        );
        assert!(!failure.message.contains("503"), "{}", failure.message);
        let refused = Box::new(Problem { status: Some(403), ..*Problem::new(Kind::Forbidden, Outcome::Refused) });
        let failure = Failure::new(None, refused, Some(answered), Outcome::Unknown, 2);
        assert_eq!((failure.last.status, failure.last.request_id), (Some(403), None));
    }

    #[test]
    fn a_read_claims_no_effect() {
        let problem = Problem::new(Kind::Network, Outcome::Unknown);
        let failure = Failure::new(Some(Operation::GetWorkspace), problem, None, Outcome::NotSent, 3);
        assert!(!failure.message.contains("approval"), "{}", failure.message);
    }
}
