//! One call, from its first attempt to its end.
//!
//! The loop knows no clock, network or key: it asks a [`Host`], which WebAssembly and the tests implement each in
//! their way. So the rules on what may have happened are tested natively, against every course that a call can take.

use crate::answer::Answer;
use crate::failure::{Failure, Kind, Outcome, Problem};
use crate::json::Json;
use crate::jwt::{self, Claims};
use crate::operation::Operation;
use crate::output::Object;
use crate::retry::Retries;
use crate::settings::{Limits, Settings};
use crate::text::concat;
use std::cell::Cell;

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Absolute.
    pub url: String,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// Only a gateway gets one.
    pub body: Option<String>,
}

/// Why an effect of the host did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interruption {
    /// Its time ran out.
    TimedOut,
    /// The caller's signal was aborted.
    Aborted,
    /// The signer failed, or the connection did, before or after the request was sent.
    Failed,
    /// What came is no RS256 signature, or no HTTP response.
    NotUsable,
}

/// The world outside, as one call sees it.
pub trait Host {
    /// A parsed JSON body.
    type Json: Json;
    /// The time in epoch milliseconds.
    fn now(&self) -> f64;
    /// Milliseconds since some moment; never goes back.
    fn elapsed(&self) -> f64;
    /// A number in 0..1, for jitter.
    fn random(&self) -> f64;
    /// A UUID that was never used before.
    fn nonce(&self) -> String;
    /// Signs `input` with RS256 in at most `within_ms` milliseconds.
    fn sign(&self, input: &str, within_ms: f64) -> impl Future<Output = Result<Vec<u8>, Interruption>>;
    /// Sends a request and reads its answer, body included, in at most `within_ms` milliseconds.
    ///
    /// `Err((interruption, sent))` tells whether anything may have left.
    fn exchange(
        &self,
        request: &HttpRequest,
        within_ms: f64,
    ) -> impl Future<Output = Result<Box<Answer<Self::Json>>, (Interruption, bool)>>;
    /// Waits. Ends early only where the caller's signal is aborted.
    fn sleep(&self, ms: f64) -> impl Future<Output = Result<(), Interruption>>;
    /// Tells of an attempt.
    fn report(&self, attempt: Attempt);
}

/// One attempt, as told to `onAttempt`.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The operationId.
    pub operation: &'static str,
    /// 1 for the first.
    pub attempt: u32,
    /// HTTP status, where a response arrived.
    pub status: Option<u16>,
    /// Milliseconds from sending to the end of the body, or to the failure.
    pub duration_ms: f64,
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// What went wrong; `None` on success.
    pub error_kind: Option<Kind>,
    /// Milliseconds until the next attempt; `None` where there will be none.
    pub retry_delay_ms: Option<f64>,
}

impl<'a> From<&'a Attempt> for Object<'a> {
    fn from(attempt: &'a Attempt) -> Self {
        let mut object = Self::default();
        object.text("operation", attempt.operation);
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

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// Path and query after the base path.
    pub target: String,
    /// For operations that write.
    pub idempotency_key: Option<String>,
    /// A JSON text; only a gateway gets one.
    pub body: Option<String>,
    /// The bounds of this call.
    pub limits: Limits,
}

/// A call that succeeded.
#[derive(Debug, Clone, PartialEq)]
pub struct Success<J> {
    /// The answer.
    pub answer: Box<Answer<J>>,
    /// How many requests were sent.
    pub attempts: u32,
}

impl<J> Success<J> {
    /// The receipt of a reset: Fireblocks has accepted it, and an approval request was filed.
    pub fn receipt<'a>(&'a self, idempotency_key: &'a str) -> Object<'a> {
        let mut receipt = Object::default();
        let answer = &self.answer;
        receipt.some_text("requestId", &answer.request_id);
        receipt.text("idempotencyKey", idempotency_key);
        receipt.number("attempts", self.attempts.into());
        receipt.some_text("recordId", &answer.record_id);
        receipt.object("lifecycle", (&answer.lifecycle).into());
        receipt
    }
}

/// A client: its settings, and what it has learnt of the server's clock.
#[derive(Debug)]
pub struct Client {
    settings: Settings,
    /// Milliseconds to add to this machine's time.
    clock_correction: Cell<f64>,
}

impl Client {
    /// A client with these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, clock_correction: Cell::new(0.0) }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Whether requests carry a token of ours. Otherwise the other side is a gateway that adds it.
    pub fn signs(&self) -> bool {
        self.settings.api_key.is_some()
    }

    /// Makes a call: attempt after attempt, each with a fresh token and all with the same idempotency key.
    ///
    /// # Errors
    /// A [`Failure`] whose outcome is that of the whole call: once an attempt may have reached Fireblocks without
    /// an answer, nothing but a success takes `unknown` back.
    pub async fn make<H: Host>(&self, host: &H, call: &Call) -> Result<Success<H::Json>, Box<Failure>> {
        let operation = call.operation;
        let started = host.elapsed();
        let mut retries = Retries::new(call.limits.max_retries);
        let mut outcome = Outcome::NotSent;
        let mut attempts = 0;
        let mut answered: Option<Box<Problem>> = None;
        let fail = |problem, answered, outcome, attempts| {
            let mut failure = Failure::new(Some(operation), problem, answered, outcome, attempts);
            failure.idempotency_key = call.idempotency_key.clone();
            Err(failure)
        };
        loop {
            let begun = host.elapsed();
            let remaining = call.limits.deadline_ms - (begun - started);
            let timeout = call.limits.timeout_ms.min(remaining);
            let mut sent = begun;
            let exchanged = match self.prepare(host, call, timeout).await {
                Err(interruption) => Err((interruption, false)),
                Ok(request) => {
                    sent = host.elapsed();
                    host.exchange(&request, timeout - (sent - begun)).await
                }
            };
            let ended = host.elapsed();
            let left = call.limits.deadline_ms - (ended - started);
            let result = match exchanged {
                Err((interruption, false)) => {
                    let problem = before_sending(interruption, Kind::Configuration);
                    // A signer that was slow once may be quick the next time.
                    match retries.next(&problem, left, host.random()) {
                        Some(delay) if host.sleep(delay).await.is_ok() => continue,
                        _ => return fail(problem, answered, outcome, attempts),
                    }
                }
                Err((interruption, true)) => Err(without_answer(interruption)),
                Ok(answer) => match answer.problem(operation, &self.settings, host.now()) {
                    Some(problem) => Err(problem),
                    None => Ok(answer),
                },
            };
            attempts += 1;
            let mut report = Attempt {
                operation: operation.id(),
                attempt: attempts,
                status: None,
                duration_ms: ended - sent,
                request_id: None,
                error_kind: None,
                retry_delay_ms: None,
            };
            let problem = match result {
                Ok(answer) => {
                    report.status = Some(answer.status);
                    report.request_id = answer.request_id.clone();
                    host.report(report);
                    return Ok(Success { answer, attempts });
                }
                Err(problem) => problem,
            };
            outcome = outcome.max(problem.outcome);
            let delay = retries.next(&problem, left, host.random());
            if problem.is_clock()
                && let Some(server_time) = problem.server_time
            {
                self.clock_correction.set(server_time - host.now());
            }
            report.status = problem.status;
            report.request_id = problem.request_id.clone();
            report.error_kind = Some(problem.kind);
            report.retry_delay_ms = delay;
            host.report(report);
            let Some(delay) = delay else {
                return fail(problem, answered, outcome, attempts);
            };
            if problem.status.is_some() {
                answered = Some(problem);
            }
            if let Err(interruption) = host.sleep(delay).await {
                return fail(before_sending(interruption, Kind::Aborted), answered, outcome, attempts);
            }
        }
    }

    /// The request of one attempt, its token included.
    async fn prepare<H: Host>(&self, host: &H, call: &Call, within_ms: f64) -> Result<HttpRequest, Interruption> {
        let settings = &self.settings;
        let uri = concat(&[&settings.base_path.path, &call.target]);
        let mut headers = Vec::new();
        let mut push = |name: &str, value: &str| headers.push((String::from(name), String::from(value)));
        for (name, value) in &settings.headers {
            push(name, value);
        }
        push("Accept", "application/json");
        if let Some(user_agent) = &settings.user_agent {
            push("User-Agent", user_agent);
        }
        if let Some(key) = &call.idempotency_key {
            push("Idempotency-Key", key);
        }
        if call.body.is_some() {
            push("Content-Type", "application/json");
        }
        if let Some(api_key) = &settings.api_key {
            let now = (host.now() + self.clock_correction.get()) / 1000.0;
            let input = jwt::signing_input(&Claims {
                uri: &uri,
                nonce: &host.nonce(),
                issued_at: now as i64,
                lifetime: settings.token_lifetime_seconds,
                sub: api_key,
            });
            let signature = host.sign(&input, within_ms).await?;
            push("X-API-Key", api_key);
            push("Authorization", &jwt::authorization(&input, &signature));
        }
        Ok(HttpRequest {
            method: if call.operation.writes() { "POST" } else { "GET" },
            url: concat(&[&settings.base_path.origin, &uri]),
            headers,
            body: call.body.clone(),
        })
    }
}

/// Nothing of this attempt has left.
fn before_sending(interruption: Interruption, refused: Kind) -> Box<Problem> {
    match interruption {
        Interruption::TimedOut => {
            Problem::because(Kind::Timeout, Outcome::NotSent, "The time ran out before the request was sent.")
        }
        Interruption::Aborted => Problem::new(Kind::Aborted, Outcome::NotSent),
        Interruption::Failed => Problem::because(refused, Outcome::NotSent, "The request could not be signed."),
        Interruption::NotUsable => Problem::because(
            refused,
            Outcome::NotSent,
            "secretKey did not give the bytes of an RS256 signature, which are 256 or more.",
        ),
    }
}

/// The request may have arrived, and no answer tells. A refused connection cannot be told from one that broke later
/// in every runtime, so all of them count.
fn without_answer(interruption: Interruption) -> Box<Problem> {
    match interruption {
        Interruption::TimedOut => Problem::new(Kind::Timeout, Outcome::Unknown),
        Interruption::Aborted => Problem::new(Kind::Aborted, Outcome::Unknown),
        Interruption::Failed => Problem::new(Kind::Network, Outcome::Unknown),
        Interruption::NotUsable => {
            Problem::because(Kind::UnexpectedResponse, Outcome::Unknown, "fetch did not give a Response.")
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
