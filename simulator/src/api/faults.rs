//! Faults ordered through the control endpoint: each spoils the next request that it matches.

use std::collections::{BTreeMap, VecDeque};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use crate::api::answer::Answer;
use crate::api::operation::Operation;

/// One ordered fault.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// Which requests. Empty: any.
    #[serde(rename = "match")]
    pub matches: Match,
    /// How many requests it spoils; 1 when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Answer with this status. Whether a write has its effect before, `effect` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Answer with this text. Without `status` the request runs as usual, and only its body is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Add these headers, or replace those of the same name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The value of `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<String>,
    /// Wait before anything runs. The effect comes after this, also when the client has gone by then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// Wait between the effect and the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_after_ms: Option<u64>,
    /// Drop the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
    /// With `status`: whether the effect happens before the faulty answer; false when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<bool>,
    /// With a `status` from 500: whether the idempotency key is spent by it; true when not given. False plays a gateway
    /// that answered before the request reached Fireblocks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend_key: Option<bool>,
    /// How far Fireblocks' clock is ahead for this request: its `Date`, and what `iat` and `exp` are held to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew_seconds: Option<i64>,
    /// Send only the first half of the body, as if it were whole.
    pub truncate: bool,
    /// Send bytes that are neither text nor JSON.
    pub garbage: bool,
}

/// What a request must be for a fault to take it. What is not given matches anything.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Match {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// The id in the path: of a reset, the user's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// What `X-API-Key` carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
}

/// When the connection is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cut {
    /// Nothing ran, nothing is answered.
    BeforeEffect,
    /// It ran, nothing is answered.
    AfterEffect,
    /// It ran; headers and half a body are sent.
    MidBody,
}

impl Fault {
    fn check(&self) -> Result<(), String> {
        if let Some(status) = self.status
            && !(200..=599).contains(&status)
        {
            return Err(format!("status {status} is not between 200 and 599"));
        }
        if self.times == Some(0) {
            return Err("times is at least 1".into());
        }
        if self.status.is_none() && self.effect.is_some() {
            return Err("effect goes with status; to keep a reset from running, use cut or status".into());
        }
        if self.skew_seconds.is_some_and(|skew| skew.unsigned_abs() > 366 * 24 * 60 * 60) {
            return Err("skewSeconds is at most a year".into());
        }
        if [self.delay_ms, self.delay_after_ms].iter().flatten().any(|delay| *delay > 600_000) {
            return Err("a delay is at most ten minutes".into());
        }
        self.header_map().map(|_| ())
    }

    fn header_map(&self) -> Result<HeaderMap, String> {
        let mut map = HeaderMap::new();
        let retry_after = self.retry_after.iter().map(|value| ("retry-after", value));
        for (name, value) in self.headers.iter().map(|(name, value)| (name.as_str(), value)).chain(retry_after) {
            let name: HeaderName = name.parse().map_err(|_| format!("`{name}` is no header name"))?;
            let value = HeaderValue::from_str(value).map_err(|_| format!("`{value}` is no header value"))?;
            map.insert(name, value);
        }
        Ok(map)
    }

    /// Whether the connection is dropped before anything runs.
    pub fn cuts_before_effect(&self) -> bool {
        self.cut == Some(Cut::BeforeEffect)
    }

    /// The answer that replaces the real one, where `status` orders one.
    pub fn ordered_answer(&self) -> Option<Answer> {
        let status = StatusCode::from_u16(self.status?).ok()?;
        let answer = match status.as_u16() {
            200..=399 => Answer::empty(status),
            401 => Answer::error_schema(status, "Unauthorized: Token was not accepted.", -7),
            403 => Answer::error_response(status, "FORBIDDEN", "Lacking permissions."),
            404 => Answer::error_response(status, "NOT_FOUND", "Not found."),
            429 => Answer::error_schema(status, "Too many requests", 429),
            500 => Answer::internal_error(),
            // A gateway's own page, not Fireblocks' JSON.
            502..=504 => Answer::text(
                status,
                "text/html",
                format!("<html><body><center><h1>{status}</h1></center></body></html>\r\n"),
            ),
            code => Answer::error_schema(status, status.canonical_reason().unwrap_or("Error"), i32::from(code)),
        };
        Some(answer)
    }

    /// The answer as this fault spoils it.
    pub fn spoil(&self, mut answer: Answer) -> Answer {
        if let Some(body) = &self.body {
            let json = serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok();
            answer.content_type = Some(if json { "application/json" } else { "text/plain" }.into());
            answer.body = body.clone().into_bytes().into();
        }
        if self.truncate {
            let half = answer.body.len() / 2;
            answer.body = if answer.body.is_empty() {
                answer.content_type = Some("application/json".into());
                r#"{"mess"#.into()
            } else {
                answer.body.slice(..half)
            };
        }
        if self.garbage {
            answer.body = vec![0xff, 0xfe, 0x00, 0x7b, 0x9d, 0x22, 0xc3, 0x28, 0x0a, 0x5d].into();
            answer.content_type = Some("application/json".into());
        }
        if let Ok(headers) = self.header_map() {
            answer.headers.extend(headers);
        }
        answer
    }
}

/// The queue of faults.
#[derive(Debug, Default)]
pub struct Faults {
    queue: VecDeque<Fault>,
}

impl Faults {
    /// Adds faults at the end, all or none.
    pub fn order(&mut self, faults: Vec<Fault>) -> Result<(), String> {
        for fault in &faults {
            fault.check()?;
        }
        self.queue.extend(faults);
        Ok(())
    }

    /// Those that still wait.
    pub fn list(&self) -> Vec<Fault> {
        self.queue.iter().cloned().collect()
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.queue.clear();
    }

    /// The first fault for this request, one time less for it.
    pub fn take(&mut self, operation: Option<Operation>, user_id: &str, api_key: &str) -> Option<Fault> {
        let index = self.queue.iter().position(|fault| {
            let wanted = &fault.matches;
            wanted.operation.is_none_or(|wanted| Some(wanted) == operation)
                && wanted.user_id.as_ref().is_none_or(|wanted| wanted == user_id)
                && wanted.api_key.as_ref().is_none_or(|wanted| wanted == api_key)
        })?;
        let fault = self.queue.get_mut(index)?;
        match fault.times {
            Some(times) if times > 1 => {
                fault.times = Some(times - 1);
                Some(fault.clone())
            }
            _ => self.queue.remove(index),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn order(faults: Value) -> Result<Faults, String> {
        let mut queue = Faults::default();
        let faults = serde_json::from_value(faults).map_err(|error| error.to_string())?;
        queue.order(faults)?;
        Ok(queue)
    }

    #[test]
    fn a_request_takes_the_first_fault_that_matches() {
        let mut faults = order(json!([
            {"match": {"operation": "getConsoleUsers"}, "status": 500},
            {"match": {"operation": "resetDevice", "userId": "b"}, "status": 501, "times": 2},
            {"status": 502},
        ]))
        .unwrap();
        let mut status = |user| faults.take(Some(Operation::ResetDevice), user, "key").and_then(|fault| fault.status);
        assert_eq!(status("b"), Some(501));
        assert_eq!(status("a"), Some(502));
        assert_eq!(status("a"), None);
        assert_eq!(status("b"), Some(501));
        assert_eq!(status("b"), None);
        assert_eq!(faults.list().len(), 1);
    }

    #[test]
    fn a_fault_that_cannot_be_played_is_refused() {
        for bad in [
            json!([{"status": 99}]),
            json!([{"status": 600}]),
            json!([{"stauts": 500}]),
            json!([{"times": 0, "status": 500}]),
            json!([{"cut": "sometimes"}]),
            json!([{"effect": true}]),
            json!([{"headers": {"a b": "c"}}]),
            json!([{"retryAfter": "1\r\n2"}]),
            json!([{"match": {"operation": "resetdevice"}}]),
        ] {
            assert!(order(bad.clone()).is_err(), "{bad}");
        }
    }
}
