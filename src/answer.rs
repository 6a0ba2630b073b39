//! What an answer means.

use crate::call::Interruption;
use crate::error_body::ErrorBody;
use crate::failure::{Kind, Outcome, Problem};
use crate::http_time;
use crate::json::Json;
use crate::operation::Operation;
use crate::output::Object;
use crate::settings::Settings;
use crate::text;

/// A notice that Fireblocks' gateway puts on an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LifecycleWarning {
    /// `Fireblocks-Lifecycle-State`: `beta`, `deprecated`, `closed`, `ga` or a newer value.
    pub state: Option<String>,
    /// `Sunset`, as received.
    pub sunset: Option<String>,
    /// `Link`, as received.
    pub link: Option<String>,
}

impl<'a> From<&'a LifecycleWarning> for Object<'a> {
    fn from(warning: &'a LifecycleWarning) -> Self {
        let mut object = Self::default();
        object.some_text("state", &warning.state);
        object.some_text("sunset", &warning.sunset);
        object.some_text("link", &warning.link);
        object
    }
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<J> {
    /// No bytes.
    Empty,
    /// JSON, parsed.
    Json(J),
    /// Something else, or a part of a body that is too long.
    Text(String),
    /// It broke off after the status and the headers had arrived.
    Cut(Interruption),
    /// Longer than what is read of a successful answer.
    TooLong,
}

/// An answer, of whatever status.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<J> {
    /// HTTP status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// `X-Request-ID`, where it is not empty.
    pub request_id: Option<String>,
    /// `X-Reset-Record`, a gateway's record.
    pub record_id: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// The origin that a redirect leads to.
    pub redirect_origin: Option<String>,
    /// The lifecycle headers.
    pub lifecycle: LifecycleWarning,
    /// The body.
    pub body: Body<J>,
}

impl<J: Json> Answer<J> {
    /// Judges the answer to `operation`. `None` is success.
    ///
    /// Where the client does not sign, the other side is a gateway whose statement of the outcome is believed. `now` is
    /// epoch milliseconds.
    pub fn problem(&self, operation: Operation, settings: &Settings, now: f64) -> Option<Box<Problem>> {
        match self.status {
            200..=299 => self.success_problem(operation),
            0 | 300..=399 => Some(self.redirect()),
            400..=599 => Some(self.error(settings, now)),
            _ => Some(self.problem_of(Kind::UnexpectedResponse, Outcome::Unknown)),
        }
    }

    /// A 2xx says yes only where it can come from Fireblocks: portals and single-page hosts answer 200 to anything.
    fn success_problem(&self, operation: Operation) -> Option<Box<Problem>> {
        let accepted = if operation.writes() {
            // The answer has no content, so whatever became of its body changes nothing.
            self.request_id.is_some() || matches!(self.body, Body::Empty)
        } else {
            matches!(&self.body, Body::Json(json) if operation.accepts(json))
        };
        if accepted {
            return None;
        }
        let (kind, detail) = match self.body {
            Body::Cut(Interruption::TimedOut) => (Kind::Timeout, Some("The answer did not end in time.")),
            Body::Cut(Interruption::Aborted) => (Kind::Aborted, None),
            Body::Cut(_) => (Kind::Network, Some("The answer broke off.")),
            Body::TooLong => (Kind::UnexpectedResponse, Some("The answer is longer than 32 MiB.")),
            _ => (Kind::UnexpectedResponse, None),
        };
        let mut problem = self.problem_of(kind, Outcome::Unknown);
        if let Some(detail) = detail {
            problem.detail = Some(String::from(detail));
        }
        Some(problem)
    }

    /// Where a redirect comes from is not known, so neither is what happened before it.
    fn redirect(&self) -> Box<Problem> {
        let mut problem = self.problem_of(Kind::Redirect, Outcome::Unknown);
        problem.detail = self
            .redirect_origin
            .as_ref()
            .map(|origin| text::concat(&["The address redirects to ", origin, ", which is never followed."]));
        problem
    }

    fn error(&self, settings: &Settings, now: f64) -> Box<Problem> {
        let secret = |text: &str| settings.reveals(text);
        let body = match &self.body {
            Body::Json(json) => ErrorBody::from_json(json, secret),
            Body::Text(text) => ErrorBody::from_text(text, secret),
            _ => ErrorBody::default(),
        };
        let readable = match self.body {
            Body::Json(_) | Body::Empty => true,
            Body::Text(_) => body.message.is_some(),
            Body::Cut(_) | Body::TooLong => false,
        };
        let kind = match self.status {
            400 if body.names_spent_key => Kind::IdempotencyKeySpent,
            401 => Kind::Authentication,
            403 => Kind::Forbidden,
            404 => Kind::NotFound,
            409 => Kind::Conflict,
            410 => Kind::Gone,
            429 => Kind::RateLimited,
            408 | 500..=599 => Kind::Server,
            _ => Kind::InvalidRequest,
        };
        let outcome = match kind {
            Kind::Server | Kind::IdempotencyKeySpent => Outcome::Unknown,
            // What cannot be read may have said that the key is spent.
            Kind::InvalidRequest if self.status == 400 && !readable => Outcome::Unknown,
            _ => Outcome::Refused,
        };
        let server_time = self.date.as_ref().and_then(|date| http_time::parse_date(date));
        let mut problem = self.problem_of(kind, body.outcome.filter(|_| settings.api_key.is_none()).unwrap_or(outcome));
        problem.code = body.code;
        problem.error_type = body.error_type;
        problem.server_message = body.message;
        if problem.record_id.is_none() {
            problem.record_id = body.record_id;
        }
        problem.server_time = server_time;
        problem.retry_after_ms =
            self.retry_after.as_ref().and_then(|value| http_time::parse_retry_after(value, server_time.unwrap_or(now)));
        problem
    }

    fn problem_of(&self, kind: Kind, outcome: Outcome) -> Box<Problem> {
        let mut problem = Problem::new(kind, outcome);
        problem.status = Some(self.status);
        problem.request_id = self.request_id.clone();
        problem.record_id = self.record_id.clone();
        problem
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::*;
    use crate::settings::tests::config;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn settings(api_key: Option<&str>) -> Settings {
        Settings::read(&config(api_key)).unwrap()
    }

    pub(crate) fn answer(status: u16, body: Body<Value>) -> Answer<Value> {
        Answer {
            status,
            request_id: None,
            record_id: None,
            retry_after: None,
            date: None,
            redirect_origin: None,
            lifecycle: LifecycleWarning::default(),
            body,
        }
    }

    const CUT: Body<Value> = Body::Cut(Interruption::Failed);

    fn reset_problem(answer: &Answer<Value>, settings: &Settings) -> Option<Box<Problem>> {
        answer.problem(Operation::ResetDevice, settings, 9e12)
    }

    fn judge(answer: &Answer<Value>) -> Option<(Kind, Outcome)> {
        let problem = reset_problem(answer, &settings(Some("api-key")))?;
        Some((problem.kind, problem.outcome))
    }

    #[test]
    fn a_2xx_counts_with_an_empty_body_or_a_request_id() {
        assert_eq!(judge(&answer(200, Body::Empty)), None);
        assert_eq!(judge(&answer(204, Body::Empty)), None);
        let page = answer(200, Body::Text("<html>".into()));
        assert_eq!(judge(&page), Some((Kind::UnexpectedResponse, Outcome::Unknown)));
        let json = answer(200, Body::Json(json!({"ok": true})));
        assert_eq!(judge(&json), Some((Kind::UnexpectedResponse, Outcome::Unknown)));
        assert_eq!(judge(&answer(200, CUT)), Some((Kind::Network, Outcome::Unknown)));
        for body in [CUT, Body::TooLong, Body::Text("x".into())] {
            let known = Answer { request_id: Some("r".into()), ..answer(200, body) };
            assert_eq!(judge(&known), None);
        }
    }

    #[test]
    fn a_read_needs_its_documented_body() {
        let read = |body| {
            let known = Answer { request_id: Some("r".into()), ..answer(200, body) };
            known.problem(Operation::GetConsoleUsers, &settings(Some("k")), 0.0).map(|problem| problem.kind)
        };
        assert_eq!(read(Body::Json(json!({"users": []}))), None);
        assert_eq!(read(Body::Json(json!({"users": {}}))), Some(Kind::UnexpectedResponse));
        assert_eq!(read(Body::Empty), Some(Kind::UnexpectedResponse));
        assert_eq!(read(Body::TooLong), Some(Kind::UnexpectedResponse));
        assert_eq!(read(CUT), Some(Kind::Network));
        assert_eq!(read(Body::Cut(Interruption::TimedOut)), Some(Kind::Timeout));
        assert_eq!(read(Body::Cut(Interruption::Aborted)), Some(Kind::Aborted));
    }

    #[test]
    fn statuses_have_their_kind_and_outcome() {
        for (status, kind, outcome) in [
            (400, Kind::InvalidRequest, Outcome::Refused),
            (401, Kind::Authentication, Outcome::Refused),
            (403, Kind::Forbidden, Outcome::Refused),
            (404, Kind::NotFound, Outcome::Refused),
            (408, Kind::Server, Outcome::Unknown),
            (409, Kind::Conflict, Outcome::Refused),
            (410, Kind::Gone, Outcome::Refused),
            (422, Kind::InvalidRequest, Outcome::Refused),
            (429, Kind::RateLimited, Outcome::Refused),
            (500, Kind::Server, Outcome::Unknown),
            (503, Kind::Server, Outcome::Unknown),
            (599, Kind::Server, Outcome::Unknown),
            (0, Kind::Redirect, Outcome::Unknown),
            (302, Kind::Redirect, Outcome::Unknown),
            (101, Kind::UnexpectedResponse, Outcome::Unknown),
            (999, Kind::UnexpectedResponse, Outcome::Unknown),
        ] {
            assert_eq!(judge(&answer(status, Body::Empty)), Some((kind, outcome)), "{status}");
        }
    }

    #[test]
    fn a_spent_key_is_recognised_in_both_shapes() {
        let words = "This operation doesn't support the usage of the same idempotency key after an internal error";
        for body in [
            Body::Json(json!({ "message": words })),
            Body::Json(json!({"error": {"type": "VALIDATION", "message": words}})),
            Body::Json(json!({ "error": words })),
            Body::Json(json!({"message": words.replace("idempotency key", "Idempotency-Key")})),
            Body::Text(words.into()),
            Body::Text(format!("<html><p>{words}</p></html>")),
            Body::Text(format!("{{\"message\": \"{words}")),
        ] {
            assert_eq!(judge(&answer(400, body)), Some((Kind::IdempotencyKeySpent, Outcome::Unknown)));
        }
        let other = Body::Json(json!({"message": "The idempotency key is too long"}));
        assert_eq!(judge(&answer(400, other)), Some((Kind::InvalidRequest, Outcome::Refused)));
    }

    #[test]
    fn a_400_that_cannot_be_read_may_be_a_spent_key() {
        for body in [CUT, Body::Text("{\"message\": \"This opera".into()), Body::Text("<html>".into())] {
            assert_eq!(judge(&answer(400, body.clone())), Some((Kind::InvalidRequest, Outcome::Unknown)), "{body:?}");
            assert_eq!(judge(&answer(403, body)), Some((Kind::Forbidden, Outcome::Refused)));
        }
        for body in [Body::Empty, Body::Text("Bad Request".into()), Body::Json(json!({}))] {
            assert_eq!(judge(&answer(400, body)), Some((Kind::InvalidRequest, Outcome::Refused)));
        }
    }

    #[test]
    fn what_a_server_repeats_of_the_configurations_secrets_is_dropped() {
        let key = "7b1d5c1e-0e5e-4b0e-8f1c-2b6f3d1f8a77";
        let mut config = config(Some(key));
        config["headers"] = json!([{"name": "X-Relay", "value": "relay-secret"}]);
        let settings = Settings::read(&config).unwrap();
        for (body, message) in [
            (json!({ "message": format!("unknown x-api-key {key}") }), None),
            (json!({"message": "bad relay-secret"}), None),
            (json!({"message": "bad relay"}), Some("bad relay")),
        ] {
            let problem = reset_problem(&answer(401, Body::Json(body)), &settings).unwrap();
            assert_eq!(problem.server_message.as_deref(), message);
        }
        let typed = answer(401, Body::Json(json!({ "error": format!("key {key}") })));
        assert_eq!(reset_problem(&typed, &settings).unwrap().error_type, None);
    }

    #[test]
    fn a_gateways_outcome_is_believed_and_fireblocks_has_none() {
        let body = || Body::Json(json!({"message": "m", "outcome": "refused"}));
        let through_gateway = reset_problem(&answer(503, body()), &settings(None));
        assert_eq!(through_gateway.unwrap().outcome, Outcome::Refused);
        let direct = reset_problem(&answer(503, body()), &settings(Some("k")));
        assert_eq!(direct.unwrap().outcome, Outcome::Unknown);
    }

    #[test]
    fn a_redirect_names_the_origin_only() {
        let redirect = Answer { redirect_origin: Some("https://login.example".into()), ..answer(302, Body::Empty) };
        let problem = reset_problem(&redirect, &settings(Some("k"))).unwrap();
        assert_eq!(
            problem.detail.as_deref(),
            Some("The address redirects to https://login.example, which is never followed.")
        );
    }

    #[test]
    fn retry_after_is_measured_by_the_servers_clock() {
        let limited = Answer {
            retry_after: Some("Sun, 06 Nov 1994 08:49:47 GMT".into()),
            date: Some("Sun, 06 Nov 1994 08:49:37 GMT".into()),
            ..answer(429, Body::Empty)
        };
        let problem = reset_problem(&limited, &settings(Some("k"))).unwrap();
        assert_eq!(problem.retry_after_ms, Some(10_000.0));
    }

    proptest! {
        #[test]
        fn only_a_2xx_is_success_and_only_4xx_is_refused(status in any::<u16>(), request_id in any::<bool>()) {
            let answer = Answer { request_id: request_id.then(|| "r".into()), ..answer(status, Body::Empty) };
            match judge(&answer) {
                None => prop_assert!((200..300).contains(&status)),
                Some((_, Outcome::Refused)) => prop_assert!((400..500).contains(&status) && status != 408),
                Some((_, outcome)) => prop_assert_eq!(outcome, Outcome::Unknown),
            }
        }
    }
}
