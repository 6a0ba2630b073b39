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
use crate::progress;
use crate::query;
use crate::settings::{Options, Settings};
use crate::text::concat;
pub use host::JsHost;
use js_sys::{JsString, Uint8Array};
use lol_alloc::{FreeListAllocator, LockedAllocator};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A list of free blocks is all that the few and short-lived values of a call need, and the fewest bytes.
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

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
    /// Makes a client from plain data in the form that [`Settings::read`] takes.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<WebClient, JsValue> {
        let settings =
            Settings::read(&json::Value(config)).map_err(|reason| refuse(Kind::Configuration, reason, None))?;
        Ok(Self { client: Client::new(settings), calls: RefCell::default() })
    }

    /// Begins a call, and returns the number to [`resume`](Self::resume) it by. `given` is plain data, `Request` of
    /// `npm/client/glue.d.ts`.
    pub fn begin(&self, given: JsValue, host: JsHost) -> Result<usize, JsValue> {
        let mut key = None;
        let request = self
            .request(&json::Value(given), &host, &mut key)
            .map_err(|reason| refuse(Kind::InvalidArgument, &reason, key))?;
        let call = Some(Box::new(Call::new(request, host)));
        let mut calls = self.calls.borrow_mut();
        let free = calls.iter().position(Option::is_none).unwrap_or(calls.len());
        match calls.get_mut(free) {
            Some(place) => *place = call,
            None => calls.push(call),
        }
        Ok(free)
    }

    /// Goes on with a call after what it began has come to its end in `reply`, plain data, `Reply` of `npm/client/host.ts`.
    /// Returns what the call came to, or `undefined` where it has begun something more. A failure is thrown, as plain
    /// data.
    pub fn resume(&self, number: usize, reply: JsValue) -> Result<JsValue, JsValue> {
        // Taken out while it runs: should it trap, it is gone, and no borrow is left behind.
        let Some(mut call) = self.calls.borrow_mut().get_mut(number).and_then(Option::take) else {
            return Ok(JsValue::UNDEFINED);
        };
        match call.resume(&self.client, host::event(&json::Value(reply))) {
            None => {
                if let Some(place) = self.calls.borrow_mut().get_mut(number) {
                    *place = Some(call);
                }
                Ok(JsValue::UNDEFINED)
            }
            Some(Ok(success)) if success.idempotency_key.is_some() => Ok(write(success.receipt())),
            Some(Ok(success)) => Ok(json::body(success.answer.body)),
            Some(Err(failure)) => Err(write((&*failure).into())),
        }
    }
}

impl WebClient {
    /// Judges what is asked for. `key` becomes the idempotency key, for what is refused after it as well.
    fn request(&self, given: &json::Value, host: &JsHost, key: &mut Option<String>) -> Result<Request, String> {
        let operation = given.text_of("operation", LONGEST_TEXT).and_then(|id| Operation::from_id(&id));
        let operation = operation.ok_or("There is no such operation.")?;
        let unusable = given.text_of("unusable", LONGEST_TEXT);
        if operation.writes() {
            match idempotency_key(&given.member("idempotencyKey"), host) {
                Ok(usable) => *key = Some(usable),
                Err(reason) => return Err(unusable.unwrap_or_else(|| reason.into())),
            }
        }
        if let Some(reason) = unusable {
            return Err(reason);
        }
        let body = given.text_of("note", u32::MAX);
        if body.is_some() && self.client.signs() {
            return Err("note is for a gateway: Fireblocks takes no body, so a client that signs sends none.".into());
        }
        let subject = operation.subject();
        let of_subject = |reason| concat(&[subject.unwrap_or_default(), reason]);
        let id = match subject {
            Some(_) => text(&given.member("id")).map_err(of_subject)?,
            None => String::new(),
        };
        let mut target = operation.path(&id).map_err(|error| of_subject(error.reason()))?;
        target.push_str(&query::write(operation, &given.member("params"))?);
        let options = Options { timeout_ms: given.number_of("timeoutMs"), max_retries: given.number_of("maxRetries") };
        let limits = self.client.settings().limits.with(&options)?;
        Ok(Request { operation, target, idempotency_key: key.clone(), body, limits })
    }
}

/// Reads a secret key as PKCS#8 bytes for WebCrypto. The copy in WebAssembly's memory is wiped.
#[wasm_bindgen(js_name = readSecretKey)]
pub fn read_secret_key(pem: String) -> Result<Uint8Array, JsValue> {
    let pem = Zeroizing::new(pem);
    let der = pem::to_pkcs8(&pem).map_err(|error| refuse(Kind::Configuration, error.reason(), None))?;
    Ok(Uint8Array::from(der.as_slice()))
}

/// Infers the state of a reset from plain data, as [`progress::infer`] does.
#[wasm_bindgen(js_name = inferProgress)]
pub fn infer_progress(observations: JsValue) -> Result<JsValue, JsValue> {
    let parse = |text: &str| json::Value(json::parse(&text.into()).unwrap_or(JsValue::UNDEFINED));
    let progress = progress::infer(&json::Value(observations), parse)
        .map_err(|reason| refuse(Kind::InvalidArgument, &concat(&reason), None))?;
    Ok(write((&progress).into()))
}

/// A failure before anything was sent, as plain data.
fn refuse(kind: Kind, reason: &str, idempotency_key: Option<String>) -> JsValue {
    let mut failure = Failure::new(None, Problem::because(kind, Outcome::NotSent, reason), None, Outcome::NotSent, 0);
    failure.idempotency_key = idempotency_key;
    write((&*failure).into())
}

/// The caller's key, or a new one.
fn idempotency_key(given: &json::Value, host: &JsHost) -> Result<String, &'static str> {
    if given.is_absent() || given.0 == JsValue::NULL {
        return Ok(host::uuid(host));
    }
    // What is longer than any key is refused before it is copied.
    let key = text(given).map_err(|_| "The idempotency key must be a string of 1 to 40 visible ASCII characters.")?;
    idempotency_key::check(&key).map_err(|error| error.reason())?;
    Ok(key)
}

/// A string that WebAssembly can hold as it is, or the reason why not as the end of a sentence. The conversion
/// would turn half of a surrogate pair into another character, so such a string is refused.
fn text(given: &json::Value) -> Result<String, &'static str> {
    let Some(string) = given.0.dyn_ref::<JsString>() else {
        return Err("must be a string.");
    };
    if string.length() > LONGEST_TEXT {
        return Err("is too long.");
    }
    let text = given.0.as_string().unwrap_or_default();
    if JsValue::from_str(&text) != given.0 {
        return Err("must not hold half of a surrogate pair.");
    }
    Ok(text)
}

/// Plain data for JavaScript. Our own objects always have a form there.
fn write(object: Object) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true);
    object.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
