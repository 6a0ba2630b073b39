//! What a response means: success, or an [`AttemptError`] with what may have happened.

pub mod error_body;
pub mod http_time;

use self::error_body::ErrorBody;
use crate::configuration::Configuration;
use crate::error::{AttemptError, ErrorKind, Outcome};
use crate::json::Json;
use crate::output::Object;
use crate::request::operation::Operation;
use crate::text::contains_in_any_case;

/// The most that is taken of a body that is no JSON, in UTF-16 units: as much as is read of an error's.
pub const LONGEST_TEXT: u32 = 65_536;

/// Why an effect did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its time ran out.
    TimedOut,
    /// The caller's signal was aborted.
    Aborted,
    /// The signer failed, or the connection did, before or after the request was sent.
    Failed,
    /// What came is no RS256 signature, or no HTTP response.
    NotUsable,
}

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

/// `LifecycleWarning` of `npm/index.d.ts`.
impl<'a> From<&'a LifecycleWarning> for Object<'a> {
    fn from(warning: &'a LifecycleWarning) -> Self {
        let mut object = Self::default();
        object.some_text("state", &warning.state);
        object.some_text("sunset", &warning.sunset);
        object.some_text("link", &warning.link);
        object
    }
}

/// What is read of a response's headers. Those that are empty count as absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResponseHeaders {
    /// `X-Request-ID`.
    pub request_id: Option<String>,
    /// `X-Reset-Record`, a gateway's record.
    pub record_id: Option<String>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// `Date`.
    pub date: Option<String>,
    /// Whether `Content-Type` is that of a page.
    pub is_html: bool,
    /// Whether bytes were compressed that may have said something: a decoder that meets their end too early may give
    /// nothing at all, without an error.
    pub is_compressed: bool,
    /// The lifecycle headers.
    pub lifecycle: LifecycleWarning,
}

impl ResponseHeaders {
    /// Those that a caller is told as they came.
    pub fn told(&mut self) -> [&mut Option<String>; 5] {
        let LifecycleWarning { state, sunset, link } = &mut self.lifecycle;
        [&mut self.request_id, &mut self.record_id, state, sunset, link]
    }

    /// Reads them; `get` gives the value of a header by its name.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name| get(name).filter(|value| !value.is_empty());
        Self {
            request_id: get("X-Request-ID"),
            record_id: get("X-Reset-Record"),
            retry_after: get("Retry-After"),
            date: get("Date"),
            is_html: get("Content-Type").is_some_and(|value| contains_in_any_case(&value, "html")),
            is_compressed: get("Content-Encoding").is_some_and(|value| !value.eq_ignore_ascii_case("identity"))
                && get("Content-Length").is_none_or(|value| value != "0"),
            lifecycle: LifecycleWarning {
                state: get("Fireblocks-Lifecycle-State"),
                sunset: get("Sunset"),
                link: get("Link"),
            },
        }
    }
}

/// The body of a response.
#[derive(Debug, Clone, PartialEq)]
pub enum Body<J> {
    /// No characters.
    Empty,
    /// JSON, parsed.
    Json(J),
    /// Something else.
    Text(String),
    /// The beginning of a text that goes on.
    Beginning(String),
    /// It broke off after the status and the headers had arrived.
    Cut(Cause),
    /// Longer than what is read of a successful response.
    TooLong,
}

/// A response, of whatever status.
#[derive(Debug, Clone, PartialEq)]
pub struct Response<J> {
    /// HTTP status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// Its headers.
    pub headers: ResponseHeaders,
    /// The origin that a redirect leads to.
    pub redirect_origin: Option<String>,
    /// Its body.
    pub body: Body<J>,
}

/// The 4xx that say by themselves that nothing ran, whatever the body says: who asked, where, how, how often or how much
/// was refused before any operation was looked at.
const RAN_NOTHING: [u16; 11] = [401, 403, 404, 405, 410, 411, 413, 414, 415, 429, 431];

/// The 4xx with which a server or a proxy ends what it may have passed on: too slow, or nobody waits for the answer.
const GAVE_UP: [u16; 4] = [408, 444, 460, 499];

impl<J: Json> Response<J> {
    /// Judges the response to `operation`. `None` is success.
    ///
    /// Where the client does not sign, the other side is a gateway whose statement of the outcome is believed. `now` is
    /// epoch milliseconds.
    pub fn error(&self, operation: Operation, configuration: &Configuration, now: f64) -> Option<Box<AttemptError>> {
        match self.status {
            200..=299 => self.error_of_2xx(operation, configuration),
            0 | 300..=399 => Some(self.redirect()),
            400..=599 => Some(self.error_of_4xx_or_5xx(operation, configuration, now)),
            _ => Some(self.error_of(ErrorKind::UnexpectedResponse, Outcome::Unknown)),
        }
    }

    /// A 2xx says yes only where it can come from Fireblocks: portals and single-page hosts answer 200 to anything.
    fn error_of_2xx(&self, operation: Operation, configuration: &Configuration) -> Option<Box<AttemptError>> {
        let accepted = if operation.writes() {
            self.confirms_a_write(configuration)
        } else {
            matches!(&self.body, Body::Json(json) if operation.accepts(json))
        };
        if accepted {
            return None;
        }
        let (kind, detail) = match self.body {
            Body::Cut(Cause::TimedOut) => (ErrorKind::Timeout, Some("The response did not end in time.")),
            Body::Cut(Cause::Aborted) => (ErrorKind::Aborted, None),
            Body::Cut(_) if operation.writes() && self.headers.is_compressed => {
                (ErrorKind::UnexpectedResponse, Some("The response's body could not be read."))
            }
            Body::Cut(_) => (ErrorKind::Network, Some("The response broke off.")),
            Body::TooLong => (ErrorKind::UnexpectedResponse, Some("The response is longer than 32 MiB.")),
            _ => (ErrorKind::UnexpectedResponse, None),
        };
        let mut error = self.error_of(kind, Outcome::Unknown);
        error.detail = detail.map(String::from);
        Some(error)
    }

    /// Fireblocks' success has no content. With its `X-Request-ID` some is let pass, but neither a page of HTML, nor what
    /// cannot be read, nor what has the shape of an error: then something else may have answered, or something else was
    /// said.
    fn confirms_a_write(&self, configuration: &Configuration) -> bool {
        let may_say_more = self.headers.request_id.is_some() && !self.headers.is_html;
        let said = self.error_body(configuration);
        match &self.body {
            // A gateway that names its record has said all; workerd compresses what is empty too.
            Body::Empty => self.is_empty() || self.headers.record_id.is_some(),
            _ if !may_say_more || said.names_spent_key || said.is_unclear => false,
            Body::Json(json) => {
                !said.is_known_shape
                    && said.message.is_none()
                    && said.outcome.is_none()
                    && !tells_failure(json)
                    && json.text(LONGEST_TEXT).is_none_or(|text| text.is_empty() || says_something(&text))
            }
            // What begins as JSON and is none was cut off: nobody knows how it went on.
            Body::Text(text) => said.is_known_shape && says_something(text),
            Body::Beginning(_) | Body::Cut(_) | Body::TooLong => false,
        }
    }

    fn error_body(&self, configuration: &Configuration) -> ErrorBody {
        let secret = |text: &str| configuration.reveals(text);
        match &self.body {
            Body::Json(json) => ErrorBody::from_json(json, secret),
            Body::Text(text) => ErrorBody::from_text(text, secret),
            Body::Beginning(text) => ErrorBody::from_beginning(text, secret),
            _ => ErrorBody::default(),
        }
    }

    /// Whether nothing at all was said.
    fn is_empty(&self) -> bool {
        matches!(self.body, Body::Empty) && !self.headers.is_compressed
    }

    /// Where a redirect comes from is not known, so neither is what happened before it.
    fn redirect(&self) -> Box<AttemptError> {
        let mut error = self.error_of(ErrorKind::Redirect, Outcome::Unknown);
        error.detail = match &self.redirect_origin {
            Some(origin) => Some(["The address redirects to ", origin, ", which is never followed."].concat()),
            // A cache's answer leads nowhere.
            None if self.status == 304 => {
                Some("The response says that nothing has changed, which was not asked.".into())
            }
            None => None,
        };
        error
    }

    fn error_of_4xx_or_5xx(&self, operation: Operation, configuration: &Configuration, now: f64) -> Box<AttemptError> {
        let body = self.error_body(configuration);
        let ran_nothing = RAN_NOTHING.contains(&self.status);
        let kind = match self.status {
            _ if GAVE_UP.contains(&self.status) => ErrorKind::Server,
            500..=599 => ErrorKind::Server,
            401 => ErrorKind::Authentication,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            410 => ErrorKind::Gone,
            429 => ErrorKind::RateLimited,
            _ if body.names_spent_key && !ran_nothing => ErrorKind::IdempotencyKeySpent,
            409 => ErrorKind::Conflict,
            _ => ErrorKind::InvalidRequest,
        };
        // What cannot be read, or has no shape of a refusal, may have said that the key is spent.
        let is_clear = ran_nothing || body.is_known_shape || self.is_empty() || !operation.writes();
        let outcome = match kind {
            ErrorKind::Server | ErrorKind::IdempotencyKeySpent => Outcome::Unknown,
            _ if is_clear => Outcome::Refused,
            _ => Outcome::Unknown,
        };
        let stated = body.outcome.filter(|_| !configuration.signs());
        let ResponseHeaders { date, retry_after, .. } = &self.headers;
        let server_time = date.as_ref().and_then(|date| http_time::parse_date(date));
        let mut error = self.error_of(kind, stated.unwrap_or(outcome));
        error.code = body.code;
        error.error_type = body.error_type;
        error.server_message = body.message;
        error.outcome_is_stated = stated.is_some();
        error.is_json = matches!(self.body, Body::Json(_));
        error.record_id = error.record_id.or(body.record_id);
        error.server_time = server_time;
        error.retry_after_ms =
            retry_after.as_ref().and_then(|value| http_time::parse_retry_after(value, server_time.unwrap_or(now)));
        error
    }

    fn error_of(&self, kind: ErrorKind, outcome: Outcome) -> Box<AttemptError> {
        let mut error = AttemptError::new(kind, outcome);
        error.status = Some(self.status);
        error.request_id = self.headers.request_id.clone();
        error.record_id = self.headers.record_id.clone();
        error
    }
}

/// Whether a body says that its success is none, in a way that is no shape of Fireblocks' but many others'.
fn tells_failure<J: Json>(json: &J) -> bool {
    let is_false = |name| json.member(name).boolean() == Some(false);
    let tells = |name| {
        let member = json.member(name);
        member.boolean() == Some(true) || member.length() > 0 || member.is_object()
    };
    is_false("ok") || is_false("success") || tells("error") || tells("errors")
}

/// Whether a text says something. Many characters are not seen; what confirms a write has letters or digits.
fn says_something(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests;
