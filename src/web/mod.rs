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
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::cell::Cell;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A list of free blocks is all that the few and short-lived values of a call need, and the fewest bytes.
#[global_allocator]
#[expect(
    unsafe_code,
    reason = "WebAssembly without threads; a lock would stay taken where JavaScript's stack ends in it"
)]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// The longest text that is copied into WebAssembly's memory, in UTF-16 units. What is longer is refused anyway.
const LONGEST_TEXT: u32 = 65_536;

/// A client, as JavaScript holds it, and its calls under way.
#[wasm_bindgen]
pub struct WebClient {
    client: Client,
    /// Each with the number that JavaScript knows it by. Taken out as a whole while it changes, so that a trap leaves no
    /// borrow behind.
    calls: Cell<Vec<(u32, Box<Call<JsHost>>)>>,
    /// The next number. None is given twice: a call may be begun from within another, whose place is then empty.
    next: Cell<u32>,
}

#[wasm_bindgen]
impl WebClient {
    /// Makes a client from plain data in the form that [`Settings::read`] takes.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<WebClient, JsValue> {
        let settings =
            Settings::read(&json::Value(config)).map_err(|reason| refuse(Kind::Configuration, reason, None))?;
        Ok(Self { client: Client::new(settings), calls: Cell::default(), next: Cell::default() })
    }

    /// Begins a call, and returns the number to [`resume`](Self::resume) it by. `given` is plain data, `Request` of
    /// `npm/client/glue.d.ts`.
    pub fn begin(&self, given: JsValue, host: JsHost) -> Result<u32, JsValue> {
        let mut key = None;
        let request = self
            .request(&json::Value(given), &host, &mut key)
            .map_err(|reason| refuse(Kind::InvalidArgument, &reason, key))?;
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        self.keep(number, Box::new(Call::new(request, host)));
        Ok(number)
    }

    /// Goes on with a call after what it began has come to its end in `reply`, plain data, `Reply` of `npm/client/host.ts`.
    /// Returns what the call came to, or `undefined` where it has begun something more. A failure is thrown, as plain
    /// data.
    pub fn resume(&self, number: u32, reply: JsValue) -> Result<JsValue, JsValue> {
        // It is gone while it runs, for good should it trap.
        let mut calls = self.calls.take();
        let call = calls.iter().position(|(own, _)| *own == number).map(|place| calls.swap_remove(place).1);
        self.calls.set(calls);
        // Thrown as it is, this is told as a breakdown, with the requests that have left.
        let mut call = call.ok_or(JsValue::UNDEFINED)?;
        match call.resume(&self.client, host::event(&json::Value(reply))) {
            None => {
                self.keep(number, call);
                Ok(JsValue::UNDEFINED)
            }
            Some(Ok(success)) if success.idempotency_key.is_some() => Ok(write(success.receipt())),
            Some(Ok(success)) => Ok(json::body(success.answer.body)),
            Some(Err(failure)) => Err(write((&*failure).into())),
        }
    }
}

impl WebClient {
    fn keep(&self, number: u32, call: Box<Call<JsHost>>) {
        let mut calls = self.calls.take();
        calls.push((number, call));
        self.calls.set(calls);
    }

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
