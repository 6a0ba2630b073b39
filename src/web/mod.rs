//! The surface towards JavaScript. No decision is made here.
//!
//! A panic aborts WebAssembly, and inside a promise it would leave the caller waiting for ever. So nothing here is
//! a promise: a call is a [`task::Task`], which the JavaScript half resumes step by step and whose trap it catches.

mod host;
pub mod json;
mod task;

use crate::call::{Call, Client};
use crate::failure::{Failure, Kind, Outcome, Problem};
use crate::idempotency_key;
use crate::operation::Operation;
use crate::output::Object;
use crate::pem;
use crate::progress::{self, ResetObservations};
use crate::query;
use crate::settings::{Options, Settings};
use crate::text::concat;
pub use host::JsHost;
use js_sys::{JsString, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use std::rc::Rc;
pub use task::Task;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The longest text that is copied into WebAssembly's memory, in UTF-16 units. What is longer is refused anyway.
const LONGEST_TEXT: u32 = 65_536;

/// A client, as JavaScript holds it.
#[wasm_bindgen]
pub struct WebClient(Rc<Client>);

#[wasm_bindgen]
impl WebClient {
    /// Makes a client from plain data in the form that [`Settings::read`] takes.
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<WebClient, JsValue> {
        let settings =
            Settings::read(&json::Value(config)).map_err(|reason| refuse(Kind::Configuration, reason, None))?;
        Ok(Self(Rc::new(Client::new(settings))))
    }

    /// Begins an operation, by its operationId. `idempotency_key` and `note`, a JSON text, are for one that writes,
    /// `params`, plain data, for one that reads.
    #[expect(clippy::too_many_arguments, reason = "one object would have to be taken apart again, at some bytes each")]
    pub fn call(
        &self,
        operation: &str,
        id: JsValue,
        idempotency_key: JsValue,
        note: Option<String>,
        params: JsValue,
        timeout_ms: Option<f64>,
        max_retries: Option<f64>,
        host: JsHost,
    ) -> Result<Task, JsValue> {
        let operation = Operation::from_id(operation);
        let key = match operation {
            Some(operation) if operation.writes() => {
                let key = key(&idempotency_key, &host);
                Some(key.map_err(|reason| refuse(Kind::InvalidArgument, reason, None))?)
            }
            _ => None,
        };
        let refuse = |reason: &str| refuse(Kind::InvalidArgument, reason, key.clone());
        let operation = operation.ok_or_else(|| refuse("There is no such operation."))?;
        if note.is_some() && self.0.signs() {
            return Err(refuse("note is for a gateway: Fireblocks takes no body, so a client that signs sends none."));
        }
        let subject = operation.subject();
        let refuse_id = |reason: &str| refuse(&concat(&[subject.unwrap_or_default(), reason]));
        let id = match subject {
            Some(_) => text(&id).map_err(refuse_id)?,
            None => String::new(),
        };
        let mut target = operation.path(&id).map_err(|error| refuse_id(error.reason()))?;
        target.push_str(&query::write(operation, &json::Value(params)).map_err(|reason| refuse(&reason))?);
        let limits = self.0.settings().limits.with(&Options { timeout_ms, max_retries }).map_err(refuse)?;
        let client = self.0.clone();
        let call = Call { operation, target, idempotency_key: key.clone(), body: note, limits };
        Ok(Task::new(host, async move |host| {
            let success = client.make(&host, &call).await?;
            Ok(match key {
                Some(key) => write(success.receipt(key)),
                None => json::body(success.answer.body),
            })
        }))
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

/// The failure of a reset whose options are not usable, as plain data. It carries the key, as every failure does.
#[wasm_bindgen(js_name = refuseReset)]
pub fn refuse_reset(reason: &str, idempotency_key: JsValue, host: JsHost) -> JsValue {
    refuse(Kind::InvalidArgument, reason, key(&idempotency_key, &host).ok())
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
