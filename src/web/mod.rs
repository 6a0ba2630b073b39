//! The surface towards JavaScript. No decision is made here.
//!
//! A panic aborts WebAssembly, and inside a promise it would leave the caller waiting for ever. So nothing here is
//! a promise: the JavaScript half resumes a call step by step, and catches its trap.

mod host;
pub mod json;

use crate::call::{Call, Client, Request};
use crate::failure::{Failure, Kind, Outcome, Problem};
use crate::idempotency_key;
use crate::json::Json;
use crate::operation::Operation;
use crate::output::Object;
use crate::pem;
use crate::progress::{self, ResetObservations};
use crate::query;
use crate::settings::{Config, Options, Settings};
use crate::text::concat;
pub use host::JsHost;
use host::Reply;
use js_sys::{JsString, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The longest text that is copied into WebAssembly's memory, in UTF-16 units. What is longer is refused anyway.
const LONGEST_TEXT: u32 = 65_536;

/// A client, as JavaScript holds it, and its calls under way.
#[wasm_bindgen]
pub struct WebClient {
    client: Client,
    /// Each at the number that JavaScript knows it by; an ended one leaves its place to another.
    calls: RefCell<Vec<Option<Box<Call<JsHost>>>>>,
}

#[wasm_bindgen]
impl WebClient {
    /// Makes a client from plain data in the form of [`Config`].
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<WebClient, JsValue> {
        let settings = Settings::new(Config::read(&json::Value(config)))
            .map_err(|reason| refuse(Kind::Configuration, reason, None))?;
        Ok(Self { client: Client::new(settings), calls: RefCell::default() })
    }

    /// Begins a call, and returns the number to [`resume`](Self::resume) it by. `given` is plain data, `Request` of
    /// `npm/client/glue.d.ts`.
    pub fn begin(&self, given: JsValue, host: JsHost) -> Result<usize, JsValue> {
        let given = json::Value(given);
        let member = |name| given.member(name).map_or(JsValue::UNDEFINED, |value| value.0);
        let operation = given.text_of("operation", LONGEST_TEXT).and_then(|id| Operation::from_id(&id));
        let key = match operation {
            Some(operation) if operation.writes() => Some(key(&member("idempotencyKey"), &host)),
            _ => None,
        };
        let key = key.transpose();
        let refuse = |reason: &str| refuse(Kind::InvalidArgument, reason, key.clone().unwrap_or_default());
        if let Some(reason) = given.text_of("unusable", LONGEST_TEXT) {
            return Err(refuse(&reason));
        }
        let idempotency_key = key.clone().map_err(refuse)?;
        let operation = operation.ok_or_else(|| refuse("There is no such operation."))?;
        let body = given.text_of("note", u32::MAX);
        if body.is_some() && self.client.signs() {
            return Err(refuse("note is for a gateway: Fireblocks takes no body, so a client that signs sends none."));
        }
        let subject = operation.subject();
        let refuse_id = |reason: &str| refuse(&concat(&[subject.unwrap_or_default(), reason]));
        let id = match subject {
            Some(_) => text(&member("id")).map_err(refuse_id)?,
            None => String::new(),
        };
        let mut target = operation.path(&id).map_err(|error| refuse_id(error.reason()))?;
        let params = json::Value(member("params"));
        target.push_str(&query::write(operation, &params).map_err(|reason| refuse(&reason))?);
        let options = Options { timeout_ms: given.number_of("timeoutMs"), max_retries: given.number_of("maxRetries") };
        let limits = self.client.settings().limits.with(&options).map_err(refuse)?;
        let call = Some(Box::new(Call::new(Request { operation, target, idempotency_key, body, limits }, host)));
        let mut calls = self.calls.borrow_mut();
        let free = calls.iter().position(Option::is_none).unwrap_or(calls.len());
        match calls.get_mut(free) {
            Some(place) => *place = call,
            None => calls.push(call),
        }
        Ok(free)
    }

    /// Goes on with a call after what it began has come to its end, the members of `Reply`; the first time with nothing.
    /// Returns what the call came to, or `undefined` where it has begun something more. A failure is thrown, as plain
    /// data.
    pub fn resume(
        &self,
        number: usize,
        ending: u32,
        value: JsValue,
        text: JsValue,
        redirect_origin: JsValue,
    ) -> Result<JsValue, JsValue> {
        // Taken out while it runs: should it trap, it is gone, and no borrow is left behind.
        let Some(mut call) = self.calls.borrow_mut().get_mut(number).and_then(Option::take) else {
            return Ok(JsValue::UNDEFINED);
        };
        match call.resume(&self.client, Reply { ending, value, text, redirect_origin }.event()) {
            None => {
                if let Some(place) = self.calls.borrow_mut().get_mut(number) {
                    *place = Some(call);
                }
                Ok(JsValue::UNDEFINED)
            }
            Some(Ok(success)) if success.idempotency_key.is_some() => Ok(write(success.receipt())),
            Some(Ok(success)) => Ok(json::body(success.answer.body)),
            Some(Err(failure)) => Err(write((*failure).into())),
        }
    }
}

/// Reads a secret key as PKCS#8 bytes for WebCrypto. The copy in WebAssembly's memory is wiped.
#[wasm_bindgen(js_name = readSecretKey)]
pub fn read_secret_key(pem: String) -> Result<Uint8Array, JsValue> {
    let pem = Zeroizing::new(pem);
    let der = pem::to_pkcs8(&pem).map_err(|error| refuse(Kind::Configuration, error.reason(), None))?;
    Ok(Uint8Array::from(der.as_slice()))
}

/// Infers the state of a reset from plain data in the form of [`ResetObservations`].
#[wasm_bindgen(js_name = inferProgress)]
pub fn infer_progress(observations: JsValue) -> Result<JsValue, JsValue> {
    let parse = |text: &str| json::parse(&text.into()).ok().map(json::Value);
    let seen = ResetObservations::read(&json::Value(observations), parse)
        .map_err(|reason| refuse(Kind::InvalidArgument, &concat(&reason), None))?;
    Ok(write(progress::infer(&seen).into()))
}

/// A failure before anything was sent, as plain data.
fn refuse(kind: Kind, reason: &str, idempotency_key: Option<String>) -> JsValue {
    let mut failure = Failure::new(None, Problem::because(kind, Outcome::NotSent, reason), None, Outcome::NotSent, 0);
    failure.idempotency_key = idempotency_key;
    write((*failure).into())
}

/// The caller's key, or a new one.
fn key(given: &JsValue, host: &JsHost) -> Result<String, &'static str> {
    if given.is_undefined() || given.is_null() {
        return Ok(host::uuid(host));
    }
    // What is longer than any key is refused before it is copied.
    let key = text(given).map_err(|_| "The idempotency key must be a string of 1 to 40 visible ASCII characters.")?;
    idempotency_key::check(&key).map_err(|error| error.reason())?;
    Ok(key)
}

/// A string that WebAssembly can hold as it is, or the reason why not as the end of a sentence. The conversion
/// would turn half of a surrogate pair into another character, so such a string is refused.
fn text(given: &JsValue) -> Result<String, &'static str> {
    let Some(string) = given.dyn_ref::<JsString>() else {
        return Err("must be a string.");
    };
    if string.length() > LONGEST_TEXT {
        return Err("is too long.");
    }
    let text = given.as_string().unwrap_or_default();
    if JsValue::from_str(&text) != *given {
        return Err("must not hold half of a surrogate pair.");
    }
    Ok(text)
}

/// Plain data for JavaScript. Our own objects always have a form there.
fn write(object: Object) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true);
    object.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
