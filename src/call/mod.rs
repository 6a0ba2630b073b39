//! One call, from its first attempt to its end.
//!
//! A [`Call`] is sans-I/O: it knows no clock, network or key, and waits for nothing. It is told what has happened, an
//! [`Event`], and answers with what is to be done next, a [`Step`]; time and randomness come in as data. So the rules on
//! what may have happened are tested as tables of events and steps, and no code of a caller runs inside a call.

pub mod retry;

use crate::configuration::Configuration;
use crate::error::{AttemptError, Context, ErrorKind, FireblocksError, Outcome};
use crate::json::Json;
use crate::output::Object;
use crate::request::Request;
use crate::request::idempotency_key::uuid_v4;
use crate::request::operation::Operation;
use crate::response::{Cause, LifecycleWarning, Response};
use crate::signing::jwt::{self, Claims};
use retry::Retries;

/// What a call cannot know by itself, as of one event.
#[derive(Debug, Clone, Copy)]
pub struct Now {
    /// The wall clock, in epoch milliseconds.
    pub wall_ms: f64,
    /// Milliseconds since some moment; never goes back.
    pub monotonic_ms: f64,
    /// Used for a nonce or for jitter, and never twice.
    pub random: [u8; 16],
}

impl Now {
    /// A number in 0..1.
    fn fraction(&self) -> f64 {
        let [a, b, c, d, ..] = self.random;
        f64::from(u32::from_le_bytes([a, b, c, d])) / 2_f64.powi(32)
    }
}

/// What has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<J> {
    /// The call begins.
    Start,
    /// The signature of what was to be signed.
    Signed(Vec<u8>),
    /// A response has arrived. Once its status is known it counts, whatever became of the body.
    Responded(Response<J>),
    /// A step did not come to its end.
    Failed {
        /// Why.
        cause: Cause,
        /// Whether a request may have left.
        sent: bool,
        /// The runtime's code of the failed connection, such as `ENOTFOUND`.
        code: Option<String>,
    },
    /// A wait is over.
    Waited,
}

/// What is to be done next. Each but the last two is answered with an [`Event`].
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Sign `input` with RS256 in at most `within_ms` milliseconds.
    #[expect(missing_docs, reason = "said above")]
    Sign { input: String, within_ms: f64 },
    /// Send a request to the absolute `url` and read its response, body included, in at most `within_ms` milliseconds.
    #[expect(missing_docs, reason = "said above")]
    Send { method: &'static str, url: String, headers: Headers, body: Option<String>, within_ms: f64 },
    /// Wait. Ends early only where the caller's signal is aborted.
    #[expect(missing_docs, reason = "said above")]
    Wait { ms: f64 },
    /// The call has succeeded: a write with its receipt, a read with the body of the response.
    #[expect(missing_docs, reason = "said above")]
    Resolve { receipt: Option<Receipt> },
    /// The call has failed. The outcome is that of all its attempts: once one may have reached Fireblocks without a
    /// response, nothing but a success takes `unknown` back.
    #[expect(missing_docs, reason = "said above")]
    Reject { error: Box<FireblocksError> },
}

impl Step {
    /// Writes it as `Step` of `npm/client/protocol.ts`, but for the value that a call resolves with, which is not ours.
    pub fn write<'a>(&'a self, object: &mut Object<'a>) {
        match self {
            Self::Sign { input, within_ms } => {
                object.text("type", "sign");
                object.text("input", input);
                object.number("withinMs", *within_ms);
            }
            Self::Send { method, url, headers, body, within_ms } => {
                let mut list = Object::default();
                for (name, value) in headers {
                    list.text(name, value);
                }
                object.text("type", "send");
                object.text("method", method);
                object.text("url", url);
                object.object("headers", list);
                object.some_text("body", body);
                object.number("withinMs", *within_ms);
            }
            Self::Wait { ms } => {
                object.text("type", "wait");
                object.number("ms", *ms);
            }
            Self::Resolve { .. } => object.text("type", "resolve"),
            Self::Reject { error } => {
                object.text("type", "reject");
                object.object("error", (&**error).into());
            }
        }
    }
}

/// The headers of a request: names in lower case, each once.
pub type Headers = Vec<(String, String)>;

/// The receipt of a write: Fireblocks has accepted it.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// The key that was sent.
    pub idempotency_key: String,
    /// How many requests were sent.
    pub attempts: u32,
    /// The gateway's record.
    pub record_id: Option<String>,
    /// A notice on the operation.
    pub lifecycle: LifecycleWarning,
}

/// `ResetReceipt` of `npm/index.d.ts`.
impl<'a> From<&'a Receipt> for Object<'a> {
    fn from(receipt: &'a Receipt) -> Self {
        let mut object = Self::default();
        object.some_text("requestId", &receipt.request_id);
        object.text("idempotencyKey", &receipt.idempotency_key);
        object.number("attempts", receipt.attempts.into());
        object.some_text("recordId", &receipt.record_id);
        object.object("lifecycle", (&receipt.lifecycle).into());
        object
    }
}

/// An attempt that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The operation.
    pub operation: Operation,
    /// 1 for the first of a call.
    pub attempt: u32,
    /// HTTP status; `None` where no response came.
    pub status: Option<u16>,
    /// From sending to the end, in milliseconds.
    pub duration_ms: f64,
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// What went wrong; `None` for a success.
    pub error_kind: Option<ErrorKind>,
    /// The wait before the next attempt, in milliseconds; `None` where there is none.
    pub retry_delay_ms: Option<f64>,
}

/// `Attempt` of `npm/index.d.ts`.
impl<'a> From<&'a Attempt> for Object<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        let mut object = Self::default();
        object.text("operation", attempt.operation.id());
        object.number("attempt", attempt.attempt.into());
        object.some_number("status", attempt.status.map(Into::into));
        object.number("durationMs", attempt.duration_ms);
        object.some_text("requestId", &attempt.request_id);
        if let Some(kind) = attempt.error_kind {
            object.text("errorKind", kind.name());
        }
        object.some_number("retryDelayMs", attempt.retry_delay_ms);
        object
    }
}

/// A call under way: attempt after attempt, each with a fresh token and all with the same idempotency key.
#[derive(Debug)]
pub struct Call {
    configuration: Configuration,
    request: Request,
    retries: Retries,
    /// What the attempts so far may have done, and how many there were.
    outcome: Outcome,
    attempts: u32,
    /// The last error that came with a response.
    responded: Option<Box<AttemptError>>,
    /// When the call, this attempt and its request began, by the monotonic clock.
    started: f64,
    begun: f64,
    sent: f64,
    /// What this attempt asks to be signed.
    signing_input: String,
    /// What the call fails with where the wait it is in is cut short; `None` while it is in no wait.
    waiting: Option<Box<AttemptError>>,
    /// Whether this call has found the clocks apart.
    has_learnt: bool,
}

impl Call {
    /// A call that has not begun: its first event is [`Event::Start`].
    pub fn new(configuration: Configuration, request: Request) -> Self {
        Self {
            retries: Retries::new(request.limits.max_retries),
            // What an earlier call with the same key left open, this one cannot close but by a success.
            outcome: request.earlier_use.outcome(),
            configuration,
            request,
            attempts: 0,
            responded: None,
            started: 0.0,
            begun: 0.0,
            sent: 0.0,
            signing_input: String::new(),
            waiting: None,
            has_learnt: false,
        }
    }

    /// By how many milliseconds the server's clock is ahead of this machine's, where this call has found that out.
    pub fn learnt_clock_difference_ms(&self) -> Option<f64> {
        self.has_learnt.then_some(self.configuration.clock_difference_ms)
    }

    /// Goes on after `event`: what is to be done next, and the attempt that has ended with it.
    pub fn next<J: Json>(&mut self, now: Now, event: Event<J>) -> (Step, Option<Attempt>) {
        let (error, sent) = match event {
            Event::Start => {
                self.started = now.monotonic_ms;
                return (self.begin_attempt(now), None);
            }
            Event::Waited => {
                self.waiting = None;
                return (self.begin_attempt(now), None);
            }
            Event::Signed(signature) => return (self.send(now, Some(&signature)), None),
            Event::Responded(mut response) => {
                // Some proxies send back what they were sent.
                for text in response.headers.told() {
                    text.take_if(|text| self.configuration.reveals(text));
                }
                match response.error(self.request.operation, &self.configuration, now.wall_ms) {
                    None => return self.resolve(now, response),
                    Some(error) => (error, true),
                }
            }
            Event::Failed { cause, sent: true, code } => (without_response(cause, code), true),
            Event::Failed { cause, sent: false, .. } => match self.waiting.take() {
                Some(error) => return (self.reject(error), None),
                None => (before_sending(cause), false),
            },
        };
        let left = self.request.limits.deadline_ms - (now.monotonic_ms - self.started);
        // A signer that was slow once may be quick the next time, so what was not sent is tried again too.
        let delay = self.retries.next(&error, left, now.fraction());
        let mut attempt = None;
        if sent {
            self.attempts += 1;
            self.outcome = self.outcome.max(error.outcome);
            self.learn_clock(now, &error);
            attempt = Some(Attempt {
                error_kind: Some(error.kind),
                retry_delay_ms: delay,
                ..self.attempt(now, error.status, &error.request_id)
            });
        }
        let Some(ms) = delay else {
            return (self.reject(error), attempt);
        };
        self.waiting = Some(if sent {
            if error.status.is_some() {
                self.responded = Some(error);
            }
            AttemptError::new(ErrorKind::Aborted, Outcome::NotSent)
        } else {
            error
        });
        (Step::Wait { ms }, attempt)
    }

    fn begin_attempt(&mut self, now: Now) -> Step {
        self.begun = now.monotonic_ms;
        let Some(api_key) = &self.configuration.api_key else {
            return self.send(now, None);
        };
        let issued_at = (now.wall_ms + self.configuration.clock_difference_ms) / 1000.0;
        self.signing_input = jwt::signing_input(&Claims {
            uri: &self.uri(),
            nonce: &uuid_v4(now.random),
            issued_at: issued_at as i64,
            lifetime: self.configuration.token_lifetime_seconds,
            sub: api_key,
        });
        Step::Sign { input: self.signing_input.clone(), within_ms: self.within_ms(now) }
    }

    fn send(&mut self, now: Now, signature: Option<&[u8]>) -> Step {
        let mut headers = self.configuration.headers.clone();
        let mut add = |name: &str, value: &str| headers.push((name.into(), value.into()));
        add("accept", "application/json");
        if let Some(user_agent) = &self.configuration.user_agent {
            add("user-agent", user_agent);
        }
        if let Some(key) = &self.request.idempotency_key {
            add("idempotency-key", key);
        }
        if self.request.body.is_some() {
            add("content-type", "application/json");
        }
        if let (Some(api_key), Some(signature)) = (&self.configuration.api_key, signature) {
            add("x-api-key", api_key);
            add("authorization", &jwt::authorization(&self.signing_input, signature));
        }
        self.sent = now.monotonic_ms;
        Step::Send {
            method: if self.request.operation.writes() { "POST" } else { "GET" },
            url: [self.configuration.base_path.origin.as_str(), &self.uri()].concat(),
            headers,
            body: self.request.body.clone(),
            within_ms: self.within_ms(now),
        }
    }

    /// Path and query, as on the wire.
    fn uri(&self) -> String {
        [self.configuration.base_path.path.as_str(), &self.request.target].concat()
    }

    /// What is left of this attempt's time.
    fn within_ms(&self, now: Now) -> f64 {
        let limits = &self.request.limits;
        let of_attempt = limits.timeout_ms.min(limits.deadline_ms - (self.begun - self.started));
        of_attempt - (now.monotonic_ms - self.begun)
    }

    /// A token that was refused for its times shows that the clocks differ, and the response by how much.
    fn learn_clock(&mut self, now: Now, error: &AttemptError) {
        if let Some(server_time) = error.server_time.filter(|_| error.is_clock()) {
            self.configuration.clock_difference_ms = server_time - now.wall_ms;
            self.has_learnt = true;
        }
    }

    fn attempt(&self, now: Now, status: Option<u16>, request_id: &Option<String>) -> Attempt {
        Attempt {
            operation: self.request.operation,
            attempt: self.attempts,
            status,
            duration_ms: now.monotonic_ms - self.sent,
            request_id: request_id.clone(),
            error_kind: None,
            retry_delay_ms: None,
        }
    }

    fn resolve<J>(&mut self, now: Now, response: Response<J>) -> (Step, Option<Attempt>) {
        self.attempts += 1;
        let attempt = self.attempt(now, Some(response.status), &response.headers.request_id);
        let receipt = self.request.idempotency_key.take().map(|idempotency_key| Receipt {
            request_id: response.headers.request_id,
            idempotency_key,
            attempts: self.attempts,
            record_id: response.headers.record_id,
            lifecycle: response.headers.lifecycle,
        });
        (Step::Resolve { receipt }, Some(attempt))
    }

    fn reject(&mut self, error: Box<AttemptError>) -> Step {
        let key = self.request.idempotency_key.take();
        let context = Context {
            operation: Some(self.request.operation),
            signs: self.configuration.signs(),
            in_page: self.configuration.in_page,
            key_was_given: self.request.key_was_given,
            earlier_use: self.request.earlier_use,
        };
        let error = FireblocksError::new(context, error, self.responded.take(), self.outcome, self.attempts, key);
        Step::Reject { error }
    }
}

/// Nothing of this attempt has left.
fn before_sending(cause: Cause) -> Box<AttemptError> {
    match cause {
        Cause::TimedOut => {
            AttemptError::because(ErrorKind::Timeout, Outcome::NotSent, "The time ran out before the request was sent.")
        }
        Cause::Aborted => AttemptError::new(ErrorKind::Aborted, Outcome::NotSent),
        Cause::Failed => {
            let reason = "The request could not be signed.";
            let mut error = AttemptError::because(ErrorKind::Configuration, Outcome::NotSent, reason);
            error.is_signing = true;
            error
        }
        Cause::NotUsable => AttemptError::because(
            ErrorKind::Configuration,
            Outcome::NotSent,
            "secretKey did not give the bytes of an RS256 signature, which are 256 or more.",
        ),
    }
}

/// The request may have arrived, and no response tells. A refused connection cannot be told from one that broke later
/// in every runtime, so all of them count.
fn without_response(cause: Cause, cause_code: Option<String>) -> Box<AttemptError> {
    match cause {
        Cause::TimedOut => AttemptError::new(ErrorKind::Timeout, Outcome::Unknown),
        Cause::Aborted => AttemptError::new(ErrorKind::Aborted, Outcome::Unknown),
        Cause::Failed => {
            let mut error = AttemptError::new(ErrorKind::Network, Outcome::Unknown);
            error.cause_code = cause_code;
            error
        }
        Cause::NotUsable => AttemptError::because(
            ErrorKind::UnexpectedResponse,
            Outcome::Unknown,
            "fetch gave no response that can be read.",
        ),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
