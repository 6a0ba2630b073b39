//! The runtime: its clock, its `fetch`, its WebCrypto, reached through an object of the JavaScript half.

use super::json::{self, Value};
use super::write;
use crate::answer::{Answer, Body, LifecycleWarning};
use crate::call::{self, Event, Host, Interruption};
use crate::error_body::MESSAGE_LIMIT;
use crate::idempotency_key::uuid_v4;
use crate::json::Json;
use crate::output::Object;
use gloo_net::http::Headers;
use js_sys::{JsString, Map, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `CallHost` of `npm/client/host.ts`. None of its methods throws. What `sign`, `exchange` and `sleep` begin, the
    /// JavaScript half awaits; what it comes to is a reply, which [`event`] reads.
    pub type JsHost;

    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
    #[wasm_bindgen(method)]
    fn elapsed(this: &JsHost) -> f64;
    #[wasm_bindgen(method)]
    fn random(this: &JsHost) -> f64;
    /// 32 random bits, for nonces and keys.
    #[wasm_bindgen(method, js_name = randomBits)]
    fn random_bits(this: &JsHost) -> u32;
    /// `input` is a view of memory that is in use again afterwards.
    #[wasm_bindgen(method)]
    fn sign(this: &JsHost, input: &[u8], within_ms: f64);
    #[wasm_bindgen(method)]
    fn exchange(this: &JsHost, method: &str, url: &str, headers: Map, body: Option<&str>, within_ms: f64);
    #[wasm_bindgen(method)]
    fn sleep(this: &JsHost, ms: f64);
    #[wasm_bindgen(method)]
    fn report(this: &JsHost, attempt: JsValue);
}

/// In `ending` of a reply: a request may have left.
const SENT: u32 = 8;
/// In `ending` of a reply: there was more body than is read.
const TOO_LONG: u32 = 16;

/// What something that the host began came to, from `Reply` of `npm/client/host.ts`.
pub fn event(reply: &Value) -> Event<Value> {
    let ending = reply.number_of("ending").unwrap_or_default() as u32;
    let value = reply.member("value");
    let interruption = match ending & 7 {
        0 => None,
        1 => Some(Interruption::TimedOut),
        2 => Some(Interruption::Aborted),
        4 => Some(Interruption::NotUsable),
        _ => Some(Interruption::Failed),
    };
    match (value.is_absent(), ending & SENT != 0, interruption) {
        // Once the status is known, it counts, whatever became of the body.
        (false, true, _) => Event::Answered(Box::new(read(reply, ending, value, interruption))),
        (false, false, _) => Event::Signed(value.0.unchecked_into::<Uint8Array>().to_vec()),
        (true, true, _) => Event::Unanswered(interruption.unwrap_or(Interruption::Failed)),
        (true, false, Some(interruption)) => Event::Unsent(interruption),
        (true, false, None) => Event::Waited,
    }
}

/// In UTF-16 units. Far more than a name in DNS has.
const LONGEST_ORIGIN: u32 = 2_048;

/// A fresh UUID.
pub fn uuid(host: &JsHost) -> String {
    let mut random = [0; 16];
    for bytes in random.as_chunks_mut().0 {
        *bytes = host.random_bits().to_ne_bytes();
    }
    uuid_v4(random)
}

impl Host for JsHost {
    type Json = Value;
    type Headers = Map;

    fn now(&self) -> f64 {
        self.now()
    }

    fn elapsed(&self) -> f64 {
        self.elapsed()
    }

    fn random(&self) -> f64 {
        self.random()
    }

    fn nonce(&self) -> String {
        uuid(self)
    }

    fn sign(&self, input: &str, within_ms: f64) {
        self.sign(input.as_bytes(), within_ms);
    }

    fn exchange(&self, method: &str, url: &str, headers: Map, body: Option<&str>, within_ms: f64) {
        self.exchange(method, url, headers, body, within_ms);
    }

    fn sleep(&self, ms: f64) {
        self.sleep(ms);
    }

    fn report(&self, attempt: Object) {
        self.report(write(attempt));
    }
}

impl call::Headers for Map {
    fn set(&mut self, name: &str, value: &str) {
        Map::set(self, &name.into(), &value.into());
    }
}

// Not repeated at each use.
#[inline(never)]
fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).filter(|value| !value.is_empty())
}

fn read(reply: &Value, ending: u32, headers: Value, interruption: Option<Interruption>) -> Answer<Value> {
    let status = reply.number_of("status").unwrap_or_default() as u16;
    let body = if ending & TOO_LONG != 0 && (200..=299).contains(&status) {
        Body::TooLong
    } else if let Some(text) = reply.member("text").0.dyn_ref::<JsString>() {
        match json::parse(text) {
            Ok(value) => Body::Json(Value(value)),
            Err(_) if text.length() == 0 => Body::Empty,
            Err(_) => Body::Text(text.slice(0, MESSAGE_LIMIT).into()),
        }
    } else {
        Body::Cut(interruption.unwrap_or(Interruption::Failed))
    };
    let headers = Headers::from_raw(headers.0.unchecked_into());
    let get = |name| header(&headers, name);
    Answer {
        status,
        request_id: get("X-Request-ID"),
        record_id: get("X-Reset-Record"),
        retry_after: get("Retry-After"),
        date: get("Date"),
        redirect_origin: reply.text_of("redirectOrigin", LONGEST_ORIGIN),
        lifecycle: LifecycleWarning {
            state: get("Fireblocks-Lifecycle-State"),
            sunset: get("Sunset"),
            link: get("Link"),
        },
        body,
    }
}
