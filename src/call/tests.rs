//! Calls as tables: what happens, and the steps that follow from it.

use super::*;
use crate::configuration::Limits;
use crate::configuration::tests::config;
use crate::request::idempotency_key::EarlierUse;
use crate::response::Body;
use crate::response::tests::response;
use proptest::prelude::*;
use serde_json::{Value, json};

const WALL_MS: f64 = 1_795_467_745_000.0;
/// The server is ten minutes ahead of this machine's 2026-11-23T21:02:25Z.
const AHEAD: &str = "Mon, 23 Nov 2026 21:12:25 GMT";

fn configuration(api_key: Option<&str>) -> Configuration {
    let mut config = config(api_key);
    config["inPage"] = true.into();
    Configuration::read(&config).unwrap()
}

fn reset() -> Request {
    Request {
        operation: Operation::ResetDevice,
        target: "/management/users/u1/reset_device".into(),
        idempotency_key: Some("key-1".into()),
        key_was_given: true,
        body: None,
        limits: configuration(None).limits,
        earlier_use: EarlierUse::None,
    }
}

/// A call with a clock of its own: each event comes a given time after the step before it.
struct Course {
    call: Call,
    elapsed_ms: f64,
    events: u8,
    attempts: Vec<Value>,
}

impl Course {
    fn of(configuration: Configuration, request: Request) -> Self {
        Self { call: Call::new(configuration, request), elapsed_ms: 0.0, events: 0, attempts: Vec::new() }
    }

    fn signing() -> Self {
        Self::of(configuration(Some("api-key")), reset())
    }

    fn after(&mut self, ms: f64, event: Event<Value>) -> Step {
        self.elapsed_ms += ms;
        self.events += 1;
        let now = Now {
            wall_ms: WALL_MS + self.elapsed_ms,
            monotonic_ms: 5_000.0 + self.elapsed_ms,
            // Half of what there is, and no two alike.
            random: [0, 0, 0, 128, self.events, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        };
        let (step, attempt) = self.call.next(now, event);
        self.attempts.extend(attempt.map(|attempt| json_of((&attempt).into())));
        step
    }

    /// Signs and waits as it is asked to, and meets each request with the next of `events`, until the end.
    fn through(mut self, events: Vec<Event<Value>>) -> End {
        let mut requests = Vec::new();
        let mut waits = Vec::new();
        let mut events = events.into_iter();
        let mut step = self.after(0.0, Event::Start);
        loop {
            step = match step {
                Step::Sign { .. } => match events.as_slice().first() {
                    Some(Event::Failed { sent: false, .. }) => {
                        let event = events.next().unwrap();
                        self.after(1.0, event)
                    }
                    _ => self.after(1.0, Event::Signed(vec![7; 256])),
                },
                Step::Send { url, headers, .. } => {
                    requests.push((url, headers));
                    let event = events.next().expect("a request that the table does not foresee");
                    self.after(10.0, event)
                }
                Step::Wait { ms } => {
                    waits.push(ms);
                    match events.as_slice().first() {
                        Some(Event::Failed { cause: Cause::Aborted, sent: false, .. }) => {
                            let event = events.next().unwrap();
                            self.after(0.0, event)
                        }
                        _ => self.after(ms, Event::Waited),
                    }
                }
                end => return End { step: end, requests, waits, attempts: self.attempts, call: self.call },
            };
        }
    }
}

struct End {
    step: Step,
    requests: Vec<(String, Vec<(String, String)>)>,
    waits: Vec<f64>,
    attempts: Vec<Value>,
    call: Call,
}

impl End {
    fn error(&self) -> &FireblocksError {
        match &self.step {
            Step::Reject { error } => error,
            step => panic!("{step:?}"),
        }
    }

    fn receipt(&self) -> &Receipt {
        match &self.step {
            Step::Resolve { receipt: Some(receipt) } => receipt,
            step => panic!("{step:?}"),
        }
    }

    fn claims(&self, request: usize) -> Value {
        use base64ct::{Base64UrlUnpadded, Encoding};
        let (_, headers) = &self.requests[request];
        let (_, value) = headers.iter().find(|(name, _)| name == "authorization").unwrap();
        let payload = value.split('.').nth(1).unwrap();
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(payload).unwrap()).unwrap()
    }
}

fn json_of(object: Object) -> Value {
    serde_json::to_value(&object).unwrap()
}

fn responded(response: Response<Value>) -> Event<Value> {
    Event::Responded(response)
}

fn status(status: u16) -> Event<Value> {
    responded(response(status, Body::Empty))
}

fn accepted() -> Event<Value> {
    let mut accepted = response(200, Body::Empty);
    accepted.headers.request_id = Some("r-ok".into());
    responded(accepted)
}

fn says(status: u16, body: Value) -> Event<Value> {
    responded(response(status, Body::Json(body)))
}

fn clock_error() -> Event<Value> {
    let mut refused = response(401, Body::Json(json!({"message": "The request has expired.", "code": -10})));
    refused.headers.date = Some(AHEAD.into());
    responded(refused)
}

/// No response to a request that may have left.
fn lost(cause: Cause) -> Event<Value> {
    Event::Failed { cause, sent: true, code: None }
}

/// No signature, or a wait cut short.
fn unsent(cause: Cause) -> Event<Value> {
    Event::Failed { cause, sent: false, code: None }
}

#[test]
fn a_reset_is_signed_sent_and_ends_with_its_receipt() {
    let mut course = Course::signing();
    let Step::Sign { input, within_ms } = course.after(0.0, Event::Start) else { panic!("it is signed first") };
    assert_eq!(within_ms, 30_000.0);
    let Step::Send { method, url, headers, body, within_ms } = course.after(100.0, Event::Signed(vec![7; 256])) else {
        panic!("then it is sent")
    };
    assert_eq!((method, body, within_ms), ("POST", None, 29_900.0));
    assert_eq!(url, "https://api.fireblocks.io/v1/management/users/u1/reset_device");
    let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["accept", "idempotency-key", "x-api-key", "authorization"]);
    assert!(headers[3].1.starts_with(&["Bearer ", &input, "."].concat()));
    let Step::Resolve { receipt } = course.after(10.0, accepted()) else { panic!("then it ends") };
    let receipt = receipt.unwrap();
    let json = json!({"requestId": "r-ok", "idempotencyKey": "key-1", "attempts": 1.0});
    assert_eq!(json_of((&receipt).into()), json);
}

#[test]
fn steps_are_plain_objects_that_name_their_type() {
    let mut course = Course::of(configuration(None), reset());
    let written = |step: Step| {
        let mut object = Object::default();
        step.write(&mut object);
        json_of(object)
    };
    let step = written(course.after(0.0, Event::Start));
    assert_eq!(
        step,
        json!({"type": "send", "method": "POST", "withinMs": 30_000.0,
               "url": "https://api.fireblocks.io/v1/management/users/u1/reset_device",
               "headers": {"accept": "application/json", "idempotency-key": "key-1"}})
    );
    let step = written(course.after(1.0, status(429)));
    assert_eq!(step, json!({"type": "wait", "ms": 250.0}));
}

#[test]
fn the_claims_are_of_this_attempt() {
    let end = Course::signing().through(vec![accepted()]);
    let claims = end.claims(0);
    assert_eq!(claims["uri"], "/v1/management/users/u1/reset_device");
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_795_467_745), &json!(1_795_467_774)));
    assert_eq!(claims["sub"], "api-key");
}

#[test]
fn a_lifecycle_notice_reaches_the_receipt() {
    let mut deprecated = response(200, Body::Empty);
    deprecated.headers.lifecycle.state = Some("deprecated".into());
    let end = Course::signing().through(vec![responded(deprecated)]);
    assert_eq!(json_of(end.receipt().into())["lifecycle"], json!({"state": "deprecated"}));
}

#[test]
fn retries_keep_the_key_and_sign_anew() {
    let end = Course::signing().through(vec![lost(Cause::Failed), lost(Cause::TimedOut), accepted()]);
    assert_eq!(end.receipt().attempts, 3);
    let mut nonces: Vec<String> = (0..3).map(|request| end.claims(request)["nonce"].to_string()).collect();
    nonces.dedup();
    assert_eq!(nonces.len(), 3);
    let key = ("idempotency-key".into(), "key-1".into());
    assert!(end.requests.iter().all(|(_, headers)| headers.contains(&key)));
}

/// What happens to a call, and what it ends with.
#[test]
fn how_calls_end() {
    use Cause::{Aborted, Failed, NotUsable, TimedOut};
    use ErrorKind as Kind;
    use Outcome::{NotSent, Refused, Unknown};
    let spent = || says(400, json!({"message": "the same idempotency key after an internal error"}));
    for (events, kind, outcome, attempts) in [
        (vec![unsent(Aborted)], Kind::Aborted, NotSent, 0),
        (vec![unsent(Failed)], Kind::Configuration, NotSent, 0),
        (vec![unsent(NotUsable)], Kind::Configuration, NotSent, 0),
        (vec![lost(Aborted)], Kind::Aborted, Unknown, 1),
        (vec![lost(NotUsable)], Kind::UnexpectedResponse, Unknown, 1),
        (vec![status(403)], Kind::Forbidden, Refused, 1),
        (vec![status(500)], Kind::Server, Unknown, 1),
        (vec![status(302)], Kind::Redirect, Unknown, 1),
        (vec![spent()], Kind::IdempotencyKeySpent, Unknown, 1),
        (vec![status(503), spent()], Kind::IdempotencyKeySpent, Unknown, 2),
        (vec![status(429), status(403)], Kind::Forbidden, Refused, 2),
        (vec![status(429), unsent(Aborted)], Kind::Aborted, Refused, 1),
        (vec![lost(Failed), unsent(Aborted)], Kind::Aborted, Unknown, 1),
        (vec![lost(Failed), lost(TimedOut), lost(Failed)], Kind::Network, Unknown, 3),
    ] {
        let end = Course::signing().through(events.clone());
        let error = end.error();
        assert_eq!((error.kind, error.outcome, error.attempts), (kind, outcome, attempts), "{events:?}");
        assert_eq!(error.idempotency_key.as_deref(), Some("key-1"));
    }
}

#[test]
fn once_an_attempt_had_no_response_only_a_success_changes_unknown() {
    let later = [400, 401, 403, 404, 409, 429, 500, 302].map(status);
    let later = later.into_iter().chain([unsent(Cause::Failed), lost(Cause::Aborted), unsent(Cause::Aborted)]);
    for last in later {
        for first in [lost(Cause::Failed), lost(Cause::TimedOut), status(503)] {
            let end = Course::signing().through(vec![first, last.clone(), last.clone()]);
            assert_eq!(end.error().outcome, Outcome::Unknown, "{last:?}");
        }
    }
    assert_eq!(Course::signing().through(vec![lost(Cause::Failed), accepted()]).receipt().attempts, 2);
}

#[test]
fn what_an_earlier_call_with_the_key_left_open_only_a_success_closes() {
    for last in [status(403), status(400), unsent(Cause::Failed), unsent(Cause::Aborted)] {
        let end = Course::of(configuration(Some("k")), Request { earlier_use: EarlierUse::Open, ..reset() })
            .through(vec![last]);
        assert_eq!(end.error().outcome, Outcome::Unknown);
        assert!(
            end.error().message.contains("An approval request may exist") || end.error().message.contains("earlier")
        );
    }
    let request = Request { earlier_use: EarlierUse::Open, ..reset() };
    assert_eq!(Course::of(configuration(Some("k")), request).through(vec![accepted()]).receipt().attempts, 1);
}

#[test]
fn a_signer_that_is_slow_is_asked_again_within_the_deadline() {
    let mut course = Course::signing();
    let mut step = course.after(0.0, Event::Start);
    let mut signatures = 0;
    while let Step::Sign { within_ms, .. } | Step::Wait { ms: within_ms } = step {
        let event = if matches!(step, Step::Sign { .. }) { unsent(Cause::TimedOut) } else { Event::Waited };
        signatures += u32::from(matches!(step, Step::Sign { .. }));
        step = course.after(within_ms, event);
    }
    let Step::Reject { error } = step else { panic!("{step:?}") };
    assert_eq!((error.kind, error.outcome, error.attempts), (ErrorKind::Timeout, Outcome::NotSent, 0));
    assert_eq!((signatures, course.attempts.len()), (3, 0));
}

#[test]
fn what_a_response_said_outlives_the_attempts_after_it() {
    let mut failed = response(503, Body::Empty);
    failed.headers.request_id = Some("r-1".into());
    failed.headers.record_id = Some("rec-1".into());
    for rest in [vec![lost(Cause::Failed), lost(Cause::Failed)], vec![unsent(Cause::Aborted)]] {
        let end = Course::signing().through([vec![responded(failed.clone())], rest].concat());
        let error = end.error();
        let said = &error.of_response;
        assert_eq!(said.status, Some(503));
        assert_eq!((said.request_id.as_deref(), said.record_id.as_deref()), (Some("r-1"), Some("rec-1")));
    }
}

#[test]
fn a_key_that_comes_back_in_a_header_is_not_told() {
    let key = "7b1d5c1e-0e5e-4b0e-8f1c-2b6f3d1f8a77";
    let echo = |status| {
        let mut echo = response(status, Body::Empty);
        for header in echo.headers.told() {
            *header = Some(["for ", key].concat());
        }
        responded(echo)
    };
    let refused = Course::of(configuration(Some(key)), reset()).through(vec![echo(403)]);
    assert!(!json_of(refused.error().into()).to_string().contains(key));
    let accepted = Course::of(configuration(Some(key)), reset()).through(vec![echo(200)]);
    assert!(!json_of(accepted.receipt().into()).to_string().contains(key));
    for end in [&refused, &accepted] {
        assert!(!json!(end.attempts).to_string().contains(key), "{:?}", end.attempts);
    }
}

#[test]
fn a_wait_beyond_the_deadline_is_not_begun() {
    let mut limited = response(429, Body::Empty);
    limited.headers.retry_after = Some("3600".into());
    let end = Course::signing().through(vec![responded(limited)]);
    assert_eq!((end.error().kind, end.error().of_response.retry_after_ms), (ErrorKind::RateLimited, Some(3_600_000.0)));
    assert!(end.waits.is_empty());
}

#[test]
fn the_clock_is_corrected_once_a_call_and_told_to_the_client() {
    let end = Course::signing().through(vec![clock_error(), accepted()]);
    assert_eq!(end.receipt().attempts, 2);
    let issued = |end: &End, request| end.claims(request)["iat"].as_i64().unwrap();
    assert!((issued(&end, 1) - issued(&end, 0) - 600).abs() <= 1);
    let learnt = end.call.learnt_clock_difference_ms().unwrap();
    assert!((learnt - 600_000.0).abs() <= 1_000.0, "{learnt}");

    let knowing = Configuration { clock_difference_ms: learnt, ..configuration(Some("k")) };
    let later = Course::of(knowing, reset()).through(vec![accepted()]);
    assert!((issued(&later, 0) - issued(&end, 1)).abs() <= 1);
    assert_eq!(later.call.learnt_clock_difference_ms(), None);

    let again = Course::signing().through(vec![clock_error(), clock_error()]);
    let error = again.error();
    assert_eq!((error.of_response.code, error.attempts, error.outcome), (Some(-10), 2, Outcome::Refused));
}

#[test]
fn each_attempt_is_told_without_a_secret() {
    let end = Course::signing().through(vec![status(429), accepted()]);
    assert_eq!(
        end.attempts,
        [
            json!({"operation": "resetDevice", "attempt": 1.0, "status": 429.0, "durationMs": 10.0,
                   "errorKind": "rateLimited", "retryDelayMs": end.waits[0]}),
            json!({"operation": "resetDevice", "attempt": 2.0, "status": 200.0, "durationMs": 10.0,
                   "requestId": "r-ok"}),
        ]
    );
    let error = Course::signing().through(vec![status(403)]);
    assert!(!json_of(error.error().into()).to_string().contains("api-key"));
}

/// What Fireblocks, or the way to it, may do, and whether an approval request was filed: a 4xx is only ever sent
/// without effect, everything else with either.
fn met() -> impl Strategy<Value = (Event<Value>, bool)> {
    let spent = "the same idempotency key after an internal error";
    let either = any::<bool>();
    let cause = prop_oneof![Just(Cause::Failed), Just(Cause::TimedOut), Just(Cause::Aborted)];
    prop_oneof![
        3 => (cause, either).prop_map(|(cause, effect)| (lost(cause), effect)),
        1 => Just((unsent(Cause::Failed), false)),
        1 => Just((unsent(Cause::Aborted), false)),
        2 => (500u16..=511, either).prop_map(|(code, effect)| (status(code), effect)),
        1 => either.prop_map(|effect| (status(408), effect)),
        1 => either.prop_map(|effect| (status(302), effect)),
        1 => either.prop_map(|effect| (responded(response(200, Body::Text("page".into()))), effect)),
        1 => either.prop_map(|effect| (responded(response(200, Body::Cut(Cause::Failed))), effect)),
        1 => either.prop_map(move |effect| (says(400, json!({ "message": spent })), effect)),
        3 => prop_oneof![Just(400u16), Just(401), Just(403), Just(404), Just(409), Just(410), Just(422), Just(429)]
            .prop_map(|code| (status(code), false)),
        1 => Just((clock_error(), false)),
        1 => Just((accepted(), true)),
    ]
}

proptest! {
    #[test]
    fn whatever_happens_the_outcome_is_true(
        met in proptest::collection::vec(met(), 14),
        max_retries in 0u32..=10,
        delay_ms in 1.0..40_000.0_f64,
    ) {
        let limits = Limits { max_retries, ..reset().limits };
        let mut course = Course::of(configuration(Some("k")), Request { limits, ..reset() });
        let (mut filed, mut sent) = (0, 0);
        let mut met = met.into_iter();
        let mut step = course.after(0.0, Event::Start);
        loop {
            step = match step {
                Step::Sign { within_ms, .. } => {
                    prop_assert!(within_ms > 0.0);
                    course.after(within_ms.min(1.0), Event::Signed(vec![7; 256]))
                }
                Step::Send { within_ms, .. } => {
                    let (event, effect) = met.next().unwrap();
                    let left = !matches!(event, Event::Failed { sent: false, .. });
                    sent += u32::from(left);
                    filed += u32::from(left && effect);
                    course.after(delay_ms.min(within_ms), event)
                }
                Step::Wait { ms } => course.after(ms, Event::Waited),
                Step::Resolve { receipt } => {
                    prop_assert_eq!(receipt.unwrap().attempts, sent);
                    prop_assert!(filed > 0);
                    break;
                }
                Step::Reject { error } => {
                    prop_assert_eq!(error.attempts, sent);
                    prop_assert!(filed == 0 || error.outcome == Outcome::Unknown);
                    prop_assert!(sent == 0 || error.outcome != Outcome::NotSent);
                    prop_assert_eq!(error.idempotency_key.as_deref(), Some("key-1"));
                    break;
                }
            };
        }
        prop_assert!(sent <= max_retries + 1);
        prop_assert!(course.elapsed_ms <= 90_000.0);
    }
}
