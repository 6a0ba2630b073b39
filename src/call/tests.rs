//! Calls against a scripted world, without a network, a key or a wait.

use super::*;
use crate::answer::tests::answer;
use crate::answer::{Body, LifecycleWarning};
use crate::settings::tests::config;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;

/// A request as it leaves.
#[derive(Debug, Clone, PartialEq)]
struct Sent {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
}

impl Headers for Vec<(String, String)> {
    fn set(&mut self, name: &str, value: &str) {
        self.push((name.into(), value.into()));
    }
}

/// What meets one attempt.
#[derive(Debug, Clone)]
enum Meets {
    /// An answer, and whether an approval request was filed before it.
    Answer(Box<Answer<Value>>, bool),
    /// No answer, whether anything was sent, and whether an approval request was filed all the same.
    Nothing(Interruption, bool, bool),
    /// The signer does not sign.
    NoSignature(Interruption),
}

/// The world outside, as a list of what each attempt meets.
struct World {
    script: RefCell<Vec<Meets>>,
    time: Cell<f64>,
    /// How long each exchange takes, in milliseconds.
    exchange_ms: f64,
    filed: Cell<u32>,
    nonces: Cell<u32>,
    requests: RefCell<Vec<Sent>>,
    sleeps: RefCell<Vec<f64>>,
    reports: RefCell<Vec<Value>>,
    /// The caller aborts during the first wait.
    aborts_wait: bool,
    /// How many times the signer lets its time run out before it signs.
    slow_signatures: Cell<u32>,
    /// What was begun last came to this.
    event: RefCell<Option<Event<Value>>>,
}

impl World {
    fn new(script: Vec<Meets>) -> Self {
        Self {
            script: RefCell::new(script),
            time: Cell::new(1_795_467_745_000.0),
            exchange_ms: 10.0,
            filed: Cell::new(0),
            nonces: Cell::new(0),
            requests: RefCell::default(),
            sleeps: RefCell::default(),
            reports: RefCell::default(),
            aborts_wait: false,
            slow_signatures: Cell::new(0),
            event: RefCell::default(),
        }
    }

    fn begin(&self, event: Event<Value>) {
        assert!(self.event.replace(Some(event)).is_none(), "one thing at a time");
    }

    fn pass(&self, ms: f64) {
        self.time.set(self.time.get() + ms);
    }

    fn file(&self, effect: bool) {
        self.filed.set(self.filed.get() + u32::from(effect));
    }
}

impl Host for &World {
    type Json = Value;
    type Headers = Vec<(String, String)>;

    fn now(&self) -> f64 {
        self.time.get()
    }
    fn elapsed(&self) -> f64 {
        self.time.get()
    }
    fn random(&self) -> f64 {
        0.5
    }
    fn nonce(&self) -> String {
        self.nonces.set(self.nonces.get() + 1);
        format!("nonce-{}", self.nonces.get())
    }
    fn sign(&self, _: &str, within_ms: f64) {
        assert!(within_ms > 0.0);
        if let Some(left) = self.slow_signatures.get().checked_sub(1) {
            self.slow_signatures.set(left);
            self.pass(within_ms);
            return self.begin(Event::Unsent(Interruption::TimedOut));
        }
        self.begin(match self.script.borrow().first() {
            Some(Meets::NoSignature(interruption)) => Event::Unsent(*interruption),
            _ => Event::Signed(vec![7; 256]),
        });
    }
    fn exchange(&self, method: &str, url: &str, headers: Self::Headers, body: Option<&str>, within_ms: f64) {
        assert!(within_ms > 0.0);
        let meets = self.script.borrow_mut().remove(0);
        self.pass(self.exchange_ms.min(within_ms));
        let sent = |effect| {
            let body = body.map(String::from);
            self.requests.borrow_mut().push(Sent { method: method.into(), url: url.into(), headers, body });
            self.file(effect);
        };
        self.begin(match meets {
            Meets::Answer(answer, effect) => {
                sent(effect);
                Event::Answered(answer)
            }
            Meets::Nothing(interruption, true, effect) => {
                sent(effect);
                Event::Unanswered(interruption)
            }
            Meets::Nothing(interruption, false, _) => Event::Unsent(interruption),
            Meets::NoSignature(_) => unreachable!("a request was sent without its signature"),
        });
    }
    fn sleep(&self, ms: f64) {
        self.sleeps.borrow_mut().push(ms);
        if self.aborts_wait {
            return self.begin(Event::Unsent(Interruption::Aborted));
        }
        self.pass(ms);
        self.begin(Event::Waited);
    }
    fn report(&self, attempt: Object) {
        self.reports.borrow_mut().push(serde_json::to_value(&attempt).unwrap());
    }
}

fn client(api_key: Option<&str>) -> Client {
    let mut config = config(api_key);
    config["sendsUserAgent"] = false.into();
    Client::new(Settings::read(&config).unwrap())
}

fn run(client: &Client, world: &World, max_retries: u32) -> Result<Success<Value>, Box<Failure>> {
    let operation = Operation::ResetDevice;
    let request = Request {
        operation,
        target: operation.path("u1").unwrap(),
        idempotency_key: Some("key-1".into()),
        body: None,
        limits: Limits { max_retries, ..client.settings().limits },
    };
    let mut call = Call::new(request, world);
    let mut event = Event::Waited;
    loop {
        if let Some(result) = call.resume(client, event) {
            assert_eq!(world.event.take(), None);
            return result;
        }
        event = world.event.take().expect("what the call waits for has begun");
    }
}

fn ok() -> Meets {
    Meets::Answer(Box::new(Answer { request_id: Some("r-ok".into()), ..answer(200, Body::Empty) }), true)
}

fn status(status: u16) -> Meets {
    Meets::Answer(Box::new(answer(status, Body::Empty)), false)
}

fn lost(interruption: Interruption) -> Meets {
    Meets::Nothing(interruption, true, false)
}

fn clock_error(date: &str) -> Meets {
    let body = Body::Json(json!({"message": "The request has expired.", "code": -10}));
    Meets::Answer(Box::new(Answer { date: Some(date.into()), ..answer(401, body) }), false)
}

fn claims(request: &Sent) -> Value {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let (_, value) = request.headers.iter().find(|(name, _)| name == "authorization").unwrap();
    let payload = value.split('.').nth(1).unwrap();
    serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).unwrap()).unwrap()
}

fn outcome(script: Vec<Meets>) -> (Kind, Outcome) {
    let failure = run(&client(Some("api-key")), &World::new(script), 2).unwrap_err();
    (failure.kind, failure.outcome)
}

#[test]
fn a_reset_is_signed_and_answered_with_a_receipt() {
    let world = World::new(vec![ok()]);
    let success = run(&client(Some("api-key")), &world, 2).unwrap();
    let receipt = serde_json::to_value(success.receipt()).unwrap();
    assert_eq!(receipt, json!({"requestId": "r-ok", "idempotencyKey": "key-1", "attempts": 1.0}));
    let request = world.requests.borrow()[0].clone();
    assert_eq!((request.method.as_str(), request.body.as_deref()), ("POST", None));
    assert_eq!(request.url, "https://api.fireblocks.io/v1/management/users/u1/reset_device");
    let claims = claims(&request);
    assert_eq!(claims["uri"], "/v1/management/users/u1/reset_device");
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_795_467_745), &json!(1_795_467_774)));
    assert_eq!(claims["sub"], "api-key");
}

#[test]
fn a_lifecycle_notice_reaches_the_receipt() {
    let lifecycle = LifecycleWarning { state: Some("deprecated".into()), ..LifecycleWarning::default() };
    let world = World::new(vec![Meets::Answer(Box::new(Answer { lifecycle, ..answer(200, Body::Empty) }), true)]);
    let success = run(&client(Some("k")), &world, 2).unwrap();
    let receipt = serde_json::to_value(success.receipt()).unwrap();
    assert_eq!(receipt["lifecycle"], json!({"state": "deprecated"}));
}

#[test]
fn a_gateway_gets_no_token() {
    let world = World::new(vec![ok()]);
    run(&client(None), &world, 2).unwrap();
    let names: Vec<String> = world.requests.borrow()[0].headers.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, ["accept", "idempotency-key"]);
}

#[test]
fn retries_keep_the_key_and_sign_anew() {
    let world = World::new(vec![lost(Interruption::Failed), lost(Interruption::TimedOut), ok()]);
    let success = run(&client(Some("k")), &world, 2).unwrap();
    assert_eq!(success.attempts, 3);
    let requests = world.requests.borrow();
    let mut nonces: Vec<String> = requests.iter().map(|request| claims(request)["nonce"].to_string()).collect();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
    assert!(requests.iter().all(|request| request.headers.contains(&("idempotency-key".into(), "key-1".into()))));
}

#[test]
fn once_an_attempt_had_no_answer_only_a_success_changes_unknown() {
    let later = [
        status(429),
        status(400),
        status(401),
        status(403),
        status(404),
        status(409),
        status(500),
        status(302),
        Meets::NoSignature(Interruption::Failed),
        lost(Interruption::Aborted),
        Meets::Nothing(Interruption::Aborted, false, false),
    ];
    for last in later {
        for first in [lost(Interruption::Failed), lost(Interruption::TimedOut), status(503)] {
            let script = vec![first, last.clone(), last.clone()];
            assert_eq!(outcome(script).1, Outcome::Unknown, "{last:?}");
        }
    }
    assert!(run(&client(Some("k")), &World::new(vec![lost(Interruption::Failed), ok()]), 2).is_ok());
}

#[test]
fn before_the_first_request_nothing_was_sent() {
    for interruption in [Interruption::Aborted, Interruption::TimedOut, Interruption::Failed, Interruption::NotUsable] {
        let (kind, outcome) = outcome(vec![Meets::NoSignature(interruption)]);
        assert_eq!(outcome, Outcome::NotSent, "{kind:?}");
    }
    let aborted = vec![Meets::Nothing(Interruption::Aborted, false, false)];
    assert_eq!(outcome(aborted), (Kind::Aborted, Outcome::NotSent));
    assert_eq!(outcome(vec![lost(Interruption::Aborted)]), (Kind::Aborted, Outcome::Unknown));
}

#[test]
fn a_signer_that_is_slow_once_is_asked_again() {
    let world = World { slow_signatures: Cell::new(2), ..World::new(vec![ok()]) };
    assert_eq!(run(&client(Some("k")), &world, 2).unwrap().attempts, 1);
    let slow = World { slow_signatures: Cell::new(9), ..World::new(vec![ok()]) };
    let failure = run(&client(Some("k")), &slow, 9).unwrap_err();
    assert_eq!((failure.kind, failure.outcome, failure.attempts), (Kind::Timeout, Outcome::NotSent, 0));
    // Three times 30 seconds are the whole deadline.
    assert_eq!(slow.slow_signatures.get(), 6);
}

#[test]
fn what_a_response_said_outlives_the_attempts_after_it() {
    let failed = Answer { request_id: Some("r-1".into()), record_id: Some("rec-1".into()), ..answer(503, Body::Empty) };
    let first = || Meets::Answer(Box::new(failed.clone()), true);
    let known = |failure: Box<Failure>| (failure.last.status, failure.last.request_id, failure.last.record_id);
    let kept = (Some(503), Some("r-1".into()), Some("rec-1".into()));
    let world = World::new(vec![first(), lost(Interruption::Failed), lost(Interruption::Failed)]);
    assert_eq!(known(run(&client(Some("k")), &world, 2).unwrap_err()), kept);
    let aborted = World { aborts_wait: true, ..World::new(vec![first()]) };
    assert_eq!(known(run(&client(Some("k")), &aborted, 2).unwrap_err()), kept);
}

#[test]
fn an_abort_ends_a_wait_and_keeps_what_was_known() {
    for (first, expected) in [(status(429), Outcome::Refused), (lost(Interruption::Failed), Outcome::Unknown)] {
        let world = World { aborts_wait: true, ..World::new(vec![first]) };
        let failure = run(&client(Some("k")), &world, 2).unwrap_err();
        assert_eq!((failure.kind, failure.outcome, failure.attempts), (Kind::Aborted, expected, 1));
    }
}

#[test]
fn a_spent_key_stops_on_any_attempt() {
    let spent = || {
        let words = "This operation doesn't support the usage of the same idempotency key after an internal error";
        Meets::Answer(Box::new(answer(400, Body::Json(json!({ "message": words })))), false)
    };
    assert_eq!(outcome(vec![spent()]), (Kind::IdempotencyKeySpent, Outcome::Unknown));
    assert_eq!(outcome(vec![status(503), spent()]), (Kind::IdempotencyKeySpent, Outcome::Unknown));
}

#[test]
fn a_wait_beyond_the_deadline_is_not_slept_through() {
    let limited = Answer { retry_after: Some("3600".into()), ..answer(429, Body::Empty) };
    let world = World::new(vec![Meets::Answer(Box::new(limited), false)]);
    let failure = run(&client(Some("k")), &world, 2).unwrap_err();
    assert_eq!((failure.kind, failure.last.retry_after_ms), (Kind::RateLimited, Some(3_600_000.0)));
    assert!(world.sleeps.borrow().is_empty());
}

#[test]
fn the_clock_is_corrected_once_a_call_and_for_the_clients_life() {
    let client = client(Some("k"));
    // The server is ten minutes ahead of this machine's 2026-11-23T21:02:25Z.
    let date = "Mon, 23 Nov 2026 21:12:25 GMT";
    let world = World::new(vec![clock_error(date), ok()]);
    assert_eq!(run(&client, &world, 2).unwrap().attempts, 2);
    let issued = |at: usize| claims(&world.requests.borrow()[at])["iat"].as_i64().unwrap();
    assert!((issued(1) - issued(0) - 600).abs() <= 1, "{} {}", issued(0), issued(1));

    let later = World::new(vec![ok()]);
    run(&client, &later, 2).unwrap();
    let corrected = claims(&later.requests.borrow()[0])["iat"].as_i64().unwrap();
    assert!((corrected - issued(1)).abs() <= 1);

    let again = World::new(vec![clock_error(date), clock_error(date)]);
    let failure = run(&client, &again, 5).unwrap_err();
    assert_eq!((failure.last.code, failure.attempts, failure.outcome), (Some(-10), 2, Outcome::Refused));
}

#[test]
fn each_attempt_is_told_without_a_secret() {
    let world = World::new(vec![status(429), ok()]);
    run(&client(Some("api-key")), &world, 2).unwrap();
    let told = world.reports.take();
    assert_eq!(
        told,
        [
            json!({"operation": "resetDevice", "attempt": 1.0, "status": 429.0, "durationMs": 10.0,
                   "errorKind": "rateLimited", "retryDelayMs": 250.0}),
            json!({"operation": "resetDevice", "attempt": 2.0, "status": 200.0, "durationMs": 10.0,
                   "requestId": "r-ok"}),
        ]
    );
}

#[test]
fn a_failure_has_the_key_the_request_id_and_the_attempts() {
    let refused = Answer { request_id: Some("r-1".into()), ..answer(403, Body::Empty) };
    let world = World::new(vec![Meets::Answer(Box::new(refused), false)]);
    let failure = run(&client(Some("api-key")), &world, 2).unwrap_err();
    let json = serde_json::to_value(Object::from(&*failure)).unwrap();
    assert_eq!(json["idempotencyKey"], "key-1");
    assert_eq!(json["requestId"], "r-1");
    assert_eq!(json["attempts"], 1.0);
    assert!(!json.to_string().contains("api-key"));
}

/// What Fireblocks, or the way to it, may do: a 4xx is only ever sent without effect, everything else with either.
fn meets() -> impl Strategy<Value = Meets> {
    let unanswered = prop_oneof![Just(Interruption::Failed), Just(Interruption::TimedOut), Just(Interruption::Aborted)];
    let spent = "the same idempotency key after an internal error";
    prop_oneof![
        3 => (unanswered, any::<bool>()).prop_map(|(interruption, effect)| Meets::Nothing(interruption, true, effect)),
        1 => Just(Meets::Nothing(Interruption::Aborted, false, false)),
        1 => Just(Meets::NoSignature(Interruption::Failed)),
        2 => (500u16..=511, any::<bool>()).prop_map(|(code, effect)| Meets::Answer(Box::new(answer(code, Body::Empty)), effect)),
        1 => any::<bool>().prop_map(|effect| Meets::Answer(Box::new(answer(408, Body::Empty)), effect)),
        1 => any::<bool>().prop_map(|effect| Meets::Answer(Box::new(answer(302, Body::Empty)), effect)),
        1 => any::<bool>().prop_map(|effect| Meets::Answer(Box::new(answer(200, Body::Text("page".into()))), effect)),
        1 => any::<bool>().prop_map(move |effect| {
            Meets::Answer(Box::new(answer(400, Body::Json(json!({ "message": spent })))), effect)
        }),
        3 => prop_oneof![Just(400u16), Just(401), Just(403), Just(404), Just(409), Just(410), Just(422), Just(429)]
            .prop_map(status),
        1 => Just(clock_error("Mon, 23 Nov 2026 21:12:25 GMT")),
        1 => Just(ok()),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_outcome_is_true(
        script in proptest::collection::vec(meets(), 12),
        max_retries in 0u32..=10,
        exchange_ms in 1.0..40_000.0,
    ) {
        let world = World { exchange_ms, ..World::new(script) };
        let started = world.time.get();
        let result = run(&client(Some("k")), &world, max_retries);
        let sent = world.requests.borrow().len() as u32;
        prop_assert!(sent <= max_retries + 1);
        prop_assert!(world.time.get() - started <= 90_000.0);
        match result {
            Ok(success) => {
                prop_assert_eq!(success.attempts, sent);
                prop_assert!(world.filed.get() > 0);
            }
            Err(failure) => {
                prop_assert_eq!(failure.attempts, sent);
                if world.filed.get() > 0 {
                    prop_assert_eq!(failure.outcome, Outcome::Unknown);
                }
                if failure.outcome == Outcome::NotSent {
                    prop_assert_eq!(sent, 0);
                }
                prop_assert_eq!(failure.idempotency_key.as_deref(), Some("key-1"));
            }
        }
        let requests = world.requests.borrow();
        let mut nonces: Vec<String> = requests.iter().map(|request| claims(request)["nonce"].to_string()).collect();
        nonces.sort();
        nonces.dedup();
        prop_assert_eq!(nonces.len() as u32, sent);
    }
}
