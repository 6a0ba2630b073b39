//! One call, from its first attempt to its end.
//!
//! A [`Call`] knows no clock, network or key, and waits for nothing itself: it begins an effect of its [`Host`] and is
//! resumed with the [`Event`] that the effect came to. So the rules on what may have happened are tested natively,
//! against every course that a call can take, and WebAssembly needs neither promises nor an executor.

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

/// What an effect of the host came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<J> {
    /// A wait is over; also what begins a call.
    Waited,
    /// The signature of what was to be signed.
    Signed(Vec<u8>),
    /// An answer has arrived. Once its status is known it counts, whatever became of the body.
    Answered(Box<Answer<J>>),
    /// Nothing was sent.
    Unsent(Interruption),
    /// A request may have left, and nothing came back.
    Unanswered(Interruption),
}

/// The headers of a request, in the runtime's own form.
pub trait Headers: Default {
    /// Adds a header, or replaces it. The name is in lower case; both were checked with the settings.
    fn set(&mut self, name: &str, value: &str);
}

/// The world outside, as one call sees it. `sign`, `exchange` and `sleep` begin something, one at a time, and return at
/// once; what it comes to is given to [`Call::resume`].
pub trait Host {
    /// A parsed JSON body.
    type Json: Json;
    /// The headers of a request.
    type Headers: Headers;
    /// The time in epoch milliseconds.
    fn now(&self) -> f64;
    /// Milliseconds since some moment; never goes back.
    fn elapsed(&self) -> f64;
    /// A number in 0..1, for jitter.
    fn random(&self) -> f64;
    /// A UUID that was never used before.
    fn nonce(&self) -> String;
    /// Signs `input` with RS256 in at most `within_ms` milliseconds.
    fn sign(&self, input: &str, within_ms: f64);
    /// Sends a request to the absolute `url` and reads its answer, body included, in at most `within_ms` milliseconds.
    fn exchange(&self, method: &str, url: &str, headers: Self::Headers, body: Option<&str>, within_ms: f64);
    /// Waits. Ends early only where the caller's signal is aborted.
    fn sleep(&self, ms: f64);
    /// Tells of an attempt: `Attempt` of `npm/index.d.ts`.
    fn report(&self, attempt: Object);
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
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
    /// The key that was sent, by an operation that writes.
    pub idempotency_key: Option<String>,
}

impl<J> Success<J> {
    /// The receipt of a reset: Fireblocks has accepted it, and an approval request was filed.
    pub fn receipt(&self) -> Object<'_> {
        let mut receipt = Object::default();
        let answer = &self.answer;
        receipt.some_text("requestId", &answer.request_id);
        receipt.some_text("idempotencyKey", &self.idempotency_key);
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
}

/// A call under way: attempt after attempt, each with a fresh token and all with the same idempotency key.
#[derive(Debug)]
pub struct Call<H> {
    host: H,
    request: Request,
    retries: Retries,
    /// What the attempts so far may have done, and how many there were.
    outcome: Outcome,
    attempts: u32,
    /// The last problem that came with a response.
    answered: Option<Box<Problem>>,
    /// When the call, this attempt and its request began, by the host's `elapsed`.
    started: f64,
    begun: f64,
    sent: f64,
    /// What this attempt asks to be signed.
    signing_input: String,
    /// What the call fails with where the wait it is in is cut short; `None` while it is in no wait.
    waiting: Option<Box<Problem>>,
}

impl<H: Host> Call<H> {
    /// A call that has not begun: it is resumed with [`Event::Waited`] first.
    pub fn new(request: Request, host: H) -> Self {
        let started = host.elapsed();
        Self {
            retries: Retries::new(request.limits.max_retries),
            host,
            request,
            outcome: Outcome::NotSent,
            attempts: 0,
            answered: None,
            started,
            begun: started,
            sent: started,
            signing_input: String::new(),
            waiting: None,
        }
    }

    /// Goes on after `event`. `None` where something was begun whose event is to come.
    ///
    /// # Errors
    /// A [`Failure`] whose outcome is that of the whole call: once an attempt may have reached Fireblocks without
    /// an answer, nothing but a success takes `unknown` back.
    pub fn resume(&mut self, client: &Client, event: Event<H::Json>) -> Option<Result<Success<H::Json>, Box<Failure>>> {
        let sent = !matches!(event, Event::Unsent(_));
        let problem = match event {
            Event::Waited => {
                self.waiting = None;
                self.begin_attempt(client);
                return None;
            }
            Event::Signed(signature) => {
                self.send(client, Some(&signature));
                return None;
            }
            Event::Answered(answer) => {
                match answer.problem(self.request.operation, &client.settings, self.host.now()) {
                    None => {
                        self.attempts += 1;
                        self.report(Some(answer.status), &answer.request_id, None, None);
                        let idempotency_key = self.request.idempotency_key.take();
                        return Some(Ok(Success { answer, attempts: self.attempts, idempotency_key }));
                    }
                    Some(problem) => problem,
                }
            }
            Event::Unanswered(interruption) => without_answer(interruption),
            Event::Unsent(interruption) => match self.waiting.take() {
                Some(problem) => return Some(Err(self.fail(problem))),
                None => before_sending(interruption),
            },
        };
        let left = self.request.limits.deadline_ms - (self.host.elapsed() - self.started);
        // A signer that was slow once may be quick the next time, so what was not sent is tried again too.
        let delay = self.retries.next(&problem, left, self.host.random());
        if sent {
            self.attempts += 1;
            self.outcome = self.outcome.max(problem.outcome);
            if problem.is_clock()
                && let Some(server_time) = problem.server_time
            {
                client.clock_correction.set(server_time - self.host.now());
            }
            self.report(problem.status, &problem.request_id, Some(problem.kind), delay);
        }
        let Some(delay) = delay else {
            return Some(Err(self.fail(problem)));
        };
        self.waiting = Some(if sent {
            if problem.status.is_some() {
                self.answered = Some(problem);
            }
            Problem::new(Kind::Aborted, Outcome::NotSent)
        } else {
            problem
        });
        self.host.sleep(delay);
        None
    }

    /// What is left of this attempt's time at `now`.
    fn within_ms(&self, now: f64) -> f64 {
        let limits = &self.request.limits;
        limits.timeout_ms.min(limits.deadline_ms - (self.begun - self.started)) - (now - self.begun)
    }

    fn begin_attempt(&mut self, client: &Client) {
        self.begun = self.host.elapsed();
        let Some(api_key) = &client.settings.api_key else {
            return self.send(client, None);
        };
        let now = (self.host.now() + client.clock_correction.get()) / 1000.0;
        self.signing_input = jwt::signing_input(&Claims {
            uri: &self.uri(client),
            nonce: &self.host.nonce(),
            issued_at: now as i64,
            lifetime: client.settings.token_lifetime_seconds,
            sub: api_key,
        });
        self.host.sign(&self.signing_input, self.within_ms(self.begun));
    }

    fn send(&mut self, client: &Client, signature: Option<&[u8]>) {
        let settings = &client.settings;
        let mut headers = H::Headers::default();
        for (name, value) in &settings.headers {
            headers.set(name, value);
        }
        headers.set("accept", "application/json");
        if let Some(user_agent) = &settings.user_agent {
            headers.set("user-agent", user_agent);
        }
        if let Some(key) = &self.request.idempotency_key {
            headers.set("idempotency-key", key);
        }
        if self.request.body.is_some() {
            headers.set("content-type", "application/json");
        }
        if let (Some(api_key), Some(signature)) = (&settings.api_key, signature) {
            headers.set("x-api-key", api_key);
            headers.set("authorization", &jwt::authorization(&self.signing_input, signature));
        }
        self.sent = self.host.elapsed();
        let method = if self.request.operation.writes() { "POST" } else { "GET" };
        let url = concat(&[&settings.base_path.origin, &self.uri(client)]);
        self.host.exchange(method, &url, headers, self.request.body.as_deref(), self.within_ms(self.sent));
    }

    /// Path and query, as on the wire.
    fn uri(&self, client: &Client) -> String {
        concat(&[&client.settings.base_path.path, &self.request.target])
    }

    fn report(
        &self,
        status: Option<u16>,
        request_id: &Option<String>,
        error_kind: Option<Kind>,
        retry_delay_ms: Option<f64>,
    ) {
        let mut attempt = Object::default();
        attempt.text("operation", self.request.operation.id());
        attempt.number("attempt", self.attempts.into());
        attempt.some_number("status", status.map(Into::into));
        attempt.number("durationMs", self.host.elapsed() - self.sent);
        attempt.some_text("requestId", request_id);
        if let Some(kind) = error_kind {
            attempt.text("errorKind", kind.name());
        }
        attempt.some_number("retryDelayMs", retry_delay_ms);
        self.host.report(attempt);
    }

    fn fail(&mut self, problem: Box<Problem>) -> Box<Failure> {
        let operation = Some(self.request.operation);
        let mut failure = Failure::new(operation, problem, self.answered.take(), self.outcome, self.attempts);
        failure.idempotency_key = self.request.idempotency_key.take();
        failure
    }
}

/// Nothing of this attempt has left.
fn before_sending(interruption: Interruption) -> Box<Problem> {
    match interruption {
        Interruption::TimedOut => {
            Problem::because(Kind::Timeout, Outcome::NotSent, "The time ran out before the request was sent.")
        }
        Interruption::Aborted => Problem::new(Kind::Aborted, Outcome::NotSent),
        Interruption::Failed => {
            Problem::because(Kind::Configuration, Outcome::NotSent, "The request could not be signed.")
        }
        Interruption::NotUsable => Problem::because(
            Kind::Configuration,
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
