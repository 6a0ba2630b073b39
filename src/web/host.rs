//! The runtime: its clock, its `fetch`, its WebCrypto, reached through an object of the JavaScript half.

use super::json::{self, Value};
use super::task::Mailbox;
use super::write;
use crate::answer::{Answer, Body, LifecycleWarning};
use crate::call::{Attempt, Host, HttpRequest, Interruption};
use crate::idempotency_key::uuid_v4;
use gloo_net::http::{Headers, Response};
use js_sys::{JsString, Promise, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `CallHost` of `npm/host.ts`. None of its methods throws, and none of its promises rejects.
    pub type JsHost;

    #[wasm_bindgen(method)]
    fn now(this: &JsHost) -> f64;
    #[wasm_bindgen(method)]
    fn elapsed(this: &JsHost) -> f64;
    #[wasm_bindgen(method)]
    fn random(this: &JsHost) -> f64;
    /// Fills the array with random bytes.
    #[wasm_bindgen(method, js_name = fillRandom)]
    fn fill_random(this: &JsHost, bytes: &Uint8Array);
    #[wasm_bindgen(method)]
    fn sign(this: &JsHost, input: &str, within_ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn exchange(
        this: &JsHost,
        method: &str,
        url: &str,
        headers: web_sys::Headers,
        body: Option<&str>,
        within_ms: f64,
    ) -> Promise;
    #[wasm_bindgen(method)]
    fn sleep(this: &JsHost, ms: f64) -> Promise;
    #[wasm_bindgen(method)]
    fn report(this: &JsHost, attempt: JsValue);

    /// `Reply` of `npm/host.ts`: what a promise of the host settles with.
    type Reply;

    /// Absent where it worked; otherwise `timedOut`, `aborted`, `failed` or `notUsable`.
    #[wasm_bindgen(method, getter)]
    fn failed(this: &Reply) -> Option<String>;
    /// Whether a request may have left.
    #[wasm_bindgen(method, getter)]
    fn sent(this: &Reply) -> Option<bool>;
    /// Of `sign`.
    #[wasm_bindgen(method, getter)]
    fn signature(this: &Reply) -> Option<Uint8Array>;
    /// Of `exchange`: always the runtime's own kind of response, its body read apart from it.
    #[wasm_bindgen(method, getter)]
    fn response(this: &Reply) -> Option<web_sys::Response>;
    /// The body as text; absent where it broke off.
    #[wasm_bindgen(method, getter)]
    fn text(this: &Reply) -> Option<JsString>;
    /// Whether there was more body than is read.
    #[wasm_bindgen(method, getter, js_name = tooLong)]
    fn too_long(this: &Reply) -> Option<bool>;
    /// Whether the answer is that of another address: a replacement for `fetch` has followed a redirect.
    #[wasm_bindgen(method, getter)]
    fn redirected(this: &Reply) -> Option<bool>;
    /// The origin that a redirect leads or has led to.
    #[wasm_bindgen(method, getter, js_name = redirectOrigin)]
    fn redirect_origin(this: &Reply) -> Option<String>;
}

/// A fresh UUID.
pub fn uuid(host: &JsHost) -> String {
    let bytes = Uint8Array::new_with_length(16);
    host.fill_random(&bytes);
    let mut random = [0; 16];
    bytes.copy_to(&mut random);
    uuid_v4(random)
}

/// The runtime, for one call.
pub struct WebHost {
    js: JsHost,
    mailbox: Rc<Mailbox>,
}

impl WebHost {
    /// The runtime behind `js`; promises go out through `mailbox`.
    pub fn new(js: JsHost, mailbox: Rc<Mailbox>) -> Self {
        Self { js, mailbox }
    }

    async fn settle(&self, promise: Promise) -> Reply {
        self.mailbox.settle(promise).await.unchecked_into()
    }
}

impl Host for WebHost {
    type Json = Value;

    fn now(&self) -> f64 {
        self.js.now()
    }

    fn elapsed(&self) -> f64 {
        self.js.elapsed()
    }

    fn random(&self) -> f64 {
        self.js.random()
    }

    fn nonce(&self) -> String {
        uuid(&self.js)
    }

    async fn sign(&self, input: &str, within_ms: f64) -> Result<Vec<u8>, Interruption> {
        let reply = self.settle(self.js.sign(input, within_ms)).await;
        interruption(&reply)?;
        Ok(reply.signature().map(|signature| signature.to_vec()).unwrap_or_default())
    }

    async fn exchange(&self, request: &HttpRequest, within_ms: f64) -> Result<Answer<Value>, (Interruption, bool)> {
        let headers = Headers::new();
        for (name, value) in &request.headers {
            // Sure to work: names and values were checked with the settings.
            headers.set(name, value);
        }
        let exchange =
            self.js.exchange(request.method, &request.url, headers.into_raw(), request.body.as_deref(), within_ms);
        let reply = self.settle(exchange).await;
        let interruption = interruption(&reply);
        match (reply.response(), interruption) {
            // Once the status is known, it counts, whatever became of the body.
            (Some(response), interruption) => Ok(read(&Response::from(response), &reply, interruption.err())),
            (None, Err(interruption)) => Err((interruption, reply.sent() == Some(true))),
            (None, Ok(())) => Err((Interruption::Failed, true)),
        }
    }

    async fn sleep(&self, ms: f64) -> Result<(), Interruption> {
        interruption(&self.settle(self.js.sleep(ms)).await)
    }

    fn report(&self, attempt: Attempt) {
        self.js.report(write(attempt.into()));
    }
}

fn interruption(reply: &Reply) -> Result<(), Interruption> {
    Err(match reply.failed() {
        None => return Ok(()),
        Some(failed) => match failed.as_str() {
            "timedOut" => Interruption::TimedOut,
            "aborted" => Interruption::Aborted,
            "notUsable" => Interruption::NotUsable,
            _ => Interruption::Failed,
        },
    })
}

// Not repeated at each use.
#[inline(never)]
fn header(headers: &Headers, name: &str) -> Option<String> {
    headers.get(name).filter(|value| !value.is_empty())
}

fn read(response: &Response, reply: &Reply, interruption: Option<Interruption>) -> Answer<Value> {
    let headers = response.headers();
    let get = |name| header(&headers, name);
    let body = match reply.text() {
        _ if reply.too_long() == Some(true) && response.ok() => Body::TooLong,
        None => Body::Cut(interruption.unwrap_or(Interruption::Failed)),
        Some(text) if text.length() == 0 => Body::Empty,
        Some(text) => match json::parse(&text) {
            Ok(value) => Body::Json(Value(value)),
            Err(_) => Body::Text(text.slice(0, 1000).into()),
        },
    };
    Answer {
        status: if reply.redirected() == Some(true) { 0 } else { response.status() },
        request_id: get("X-Request-ID"),
        record_id: get("X-Reset-Record"),
        retry_after: get("Retry-After"),
        date: get("Date"),
        redirect_origin: reply.redirect_origin(),
        lifecycle: LifecycleWarning {
            state: get("Fireblocks-Lifecycle-State"),
            sunset: get("Sunset"),
            link: get("Link"),
        },
        body,
    }
}
