//! The surface towards JavaScript. No decision is made here.
//!
//! A panic aborts WebAssembly, and inside a promise it would leave the caller waiting for ever. So nothing here is
//! a promise: a call is a [`task::Task`], which the JavaScript half resumes step by step and whose trap it catches.

mod host;
pub mod json;
mod task;

use crate::call::{Call, Client, Success};
use crate::failure::{Failure, Kind, Outcome, Problem};
use crate::idempotency_key;
use crate::operation::Operation;
use crate::output::Object;
use crate::pem;
use crate::progress::{self, ResetObservations};
use crate::query;
use crate::settings::{Config, Options, Settings};
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
    /// Makes a client from plain data in the form of [`Config`].
    #[wasm_bindgen(constructor)]
    pub fn new(config: JsValue) -> Result<WebClient, JsValue> {
        let settings = Settings::new(Config::read(&json::Value(config)))
            .map_err(|reason| refuse(Kind::Configuration, reason, None))?;
        Ok(Self(Rc::new(Client::new(settings))))
    }

    /// Begins `resetDevice`. `note` is a JSON text.
    #[wasm_bindgen(js_name = resetDevice)]
    pub fn reset_device(
        &self,
        id: JsValue,
        idempotency_key: JsValue,
        note: Option<String>,
        options: JsValue,
        host: JsHost,
    ) -> Result<Task, JsValue> {
        let key = key(&idempotency_key, &host).map_err(|reason| refuse(Kind::InvalidArgument, reason, None))?;
        let refuse = |reason: &str| refuse(Kind::InvalidArgument, reason, Some(key.clone()));
        if note.is_some() && self.0.signs() {
            return Err(refuse("note is for a gateway: Fireblocks takes no body, so a client that signs sends none."));
        }
        let operation = Operation::ResetDevice;
        let id = text(&id).map_err(|reason| refuse(&concat(&["The user's id ", reason])))?;
        let target = operation.path(&id).map_err(|error| refuse(&concat(&["The user's id ", error.reason()])))?;
        let limits = self.0.settings().limits.with(&Options::read(&json::Value(options))).map_err(refuse)?;
        let call = Call { operation, target, idempotency_key: Some(key.clone()), body: note, limits };
        let client = self.0.clone();
        Ok(Task::new(host, async move |host| {
            let success = client.make(&host, call).await?;
            Ok(write(success.receipt(key)))
        }))
    }

    /// Begins an operation that reads. `params` is plain data.
    pub fn read(
        &self,
        operation: &str,
        id: JsValue,
        params: JsValue,
        options: JsValue,
        host: JsHost,
    ) -> Result<Task, JsValue> {
        let refuse = |reason: &str| refuse(Kind::InvalidArgument, reason, None);
        let operation = Operation::from_id(operation)
            .filter(|operation| !operation.writes())
            .ok_or_else(|| refuse("There is no such operation."))?;
        let id = match operation {
            Operation::GetApproval => {
                text(&id).map_err(|reason| refuse(&concat(&["The approval request's id ", reason])))?
            }
            _ => String::new(),
        };
        let mut target =
            operation.path(&id).map_err(|error| refuse(&concat(&["The approval request's id ", error.reason()])))?;
        target.push_str(&query::write(operation, &json::Value(params)).map_err(|reason| refuse(&reason))?);
        let limits = self.0.settings().limits.with(&Options::read(&json::Value(options))).map_err(refuse)?;
        let call = Call { operation, target, idempotency_key: None, body: None, limits };
        let client = self.0.clone();
        Ok(Task::new(host, async move |host| {
            let Success { answer, .. } = client.make(&host, call).await?;
            Ok(json::body(answer.body))
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
    let parse = |text: &str| js_sys::JSON::parse(text).ok().map(json::Value);
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
