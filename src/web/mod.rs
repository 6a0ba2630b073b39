//! The surface towards JavaScript: it converts, and decides nothing.
//!
//! A panic aborts WebAssembly, and inside a promise of its own it would leave the caller waiting for ever. So nothing here
//! is a promise and nothing is called back: the JavaScript half drives each [`Call`] step by step. What a function here
//! throws is plain data; anything else that comes out of it is a trap, after which the instance is not used again.

mod event;
pub mod json;

use self::json::Value;
use crate::call::{self, Now, Step};
use crate::configuration::Configuration;
use crate::error::{AttemptError, Context, ErrorKind, FireblocksError, Outcome};
use crate::output::Object;
use crate::progress;
use crate::request::idempotency_key::{EarlierUse, uuid_v4};
use crate::request::operation::Operation;
use crate::request::{Given, Request};
use crate::signing::pem;
use js_sys::Uint8Array;
use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use zeroize::Zeroizing;

/// A list of free blocks is all that the few and short-lived values of a call need, at a third of the default's bytes.
#[global_allocator]
#[expect(
    unsafe_code,
    reason = "WebAssembly without threads; a lock would stay taken where JavaScript's stack ends in it"
)]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// `POST /management/users/{id}/reset_device`. `random` is 16 bytes for a key where none is given.
#[wasm_bindgen(js_name = resetDevice)]
pub fn reset_device(id: JsValue, idempotency_key: JsValue, options: JsValue, client: JsValue, random: Vec<u8>) -> Call {
    write(Operation::ResetDevice, id, idempotency_key, options, client, random)
}

/// `GET /management/users`.
#[wasm_bindgen(js_name = getConsoleUsers)]
pub fn get_console_users(options: JsValue, client: JsValue) -> Call {
    read(Operation::GetConsoleUsers, JsValue::UNDEFINED, JsValue::UNDEFINED, options, client)
}

/// `GET /workspace`.
#[wasm_bindgen(js_name = getWorkspace)]
pub fn get_workspace(options: JsValue, client: JsValue) -> Call {
    read(Operation::GetWorkspace, JsValue::UNDEFINED, JsValue::UNDEFINED, options, client)
}

/// `GET /management/audit_logs`.
#[wasm_bindgen(js_name = getAuditLogs)]
pub fn get_audit_logs(params: JsValue, options: JsValue, client: JsValue) -> Call {
    read(Operation::GetAuditLogs, JsValue::UNDEFINED, params, options, client)
}

/// `GET /approvals`.
#[wasm_bindgen(js_name = getApprovals)]
pub fn get_approvals(params: JsValue, options: JsValue, client: JsValue) -> Call {
    read(Operation::GetApprovals, JsValue::UNDEFINED, params, options, client)
}

/// `GET /approvals/{requestId}`.
#[wasm_bindgen(js_name = getApproval)]
pub fn get_approval(request_id: JsValue, params: JsValue, options: JsValue, client: JsValue) -> Call {
    read(Operation::GetApproval, request_id, params, options, client)
}

/// `POST /approvals/{requestId}/reject`. `random` is 16 bytes for a key where none is given.
#[wasm_bindgen(js_name = rejectApproval)]
pub fn reject_approval(
    request_id: JsValue,
    idempotency_key: JsValue,
    options: JsValue,
    client: JsValue,
    random: Vec<u8>,
) -> Call {
    write(Operation::RejectApproval, request_id, idempotency_key, options, client, random)
}

/// Begins a call that has a key.
fn write(operation: Operation, id: JsValue, key: JsValue, options: JsValue, client: JsValue, random: Vec<u8>) -> Call {
    let given = Given { id, idempotency_key: key, params: JsValue::UNDEFINED, options };
    Call::begin(operation, given, client, uuid_v4(bytes(random)))
}

/// Begins a call that has no key.
fn read(operation: Operation, id: JsValue, params: JsValue, options: JsValue, client: JsValue) -> Call {
    let given = Given { id, idempotency_key: JsValue::UNDEFINED, params, options };
    Call::begin(operation, given, client, String::new())
}

/// A call under way, or the error of one that is refused. See [`call::Call`].
#[wasm_bindgen]
pub struct Call(Result<call::Call, Step>);

#[wasm_bindgen]
extern "C" {
    /// `Next` of `npm/client/protocol.ts`.
    type Next;
    #[wasm_bindgen(method, setter)]
    fn set_value(this: &Next, value: JsValue);
}

impl Call {
    /// Begins a call. `client` is plain data in the form that [`Configuration::read`] takes.
    fn begin(operation: Operation, given: Given<JsValue>, client: JsValue, new_key: String) -> Self {
        let begin = || -> Result<_, Box<FireblocksError>> {
            let configuration = configuration(client)?;
            let request = Request::read(operation, &given.map(Value), &configuration, new_key)?;
            Ok(call::Call::new(configuration, request))
        };
        Self(begin().map_err(|error| Step::Reject { error }))
    }
}

#[wasm_bindgen]
impl Call {
    /// Goes on after `event`. `wall_ms` is the time in epoch milliseconds, `monotonic_ms` that of a clock that never goes
    /// back, and `random` 16 bytes that were never used before. `signature` comes with the event that something was signed.
    pub fn next(
        &mut self,
        wall_ms: f64,
        monotonic_ms: f64,
        random: Vec<u8>,
        event: JsValue,
        signature: Option<Vec<u8>>,
    ) -> JsValue {
        let mut next = Object::default();
        let call = match &mut self.0 {
            Ok(call) => call,
            Err(refusal) => {
                refusal.write(&mut next);
                return to_js(next);
            }
        };
        let event = event::read(&Value(event), signature);
        let body = event::body(&event);
        let now = Now { wall_ms, monotonic_ms, random: bytes(random) };
        let (step, attempt) = call.next(now, event);
        step.write(&mut next);
        if let Some(attempt) = &attempt {
            next.object("attempt", attempt.into());
        }
        next.some_number("clockDifferenceMs", call.learnt_clock_difference_ms());
        let next = to_js(next);
        if let Step::Resolve { receipt } = &step {
            let value = receipt.as_ref().map_or(body, |receipt| to_js(receipt.into()));
            next.unchecked_ref::<Next>().set_value(value);
        }
        next
    }
}

/// Throws where a client cannot work with this configuration.
#[wasm_bindgen(js_name = checkConfiguration)]
pub fn check_configuration(client: JsValue) -> Result<(), JsValue> {
    configuration(client).map(drop).map_err(|error| plain(&error))
}

fn configuration(client: JsValue) -> Result<Configuration, Box<FireblocksError>> {
    Configuration::read(&Value(client)).map_err(|reason| refuse(ErrorKind::Configuration, reason))
}

/// Reads a secret key as PKCS#8 bytes for WebCrypto. The copy in WebAssembly's memory is wiped.
#[wasm_bindgen(js_name = readSecretKey)]
pub fn read_secret_key(pem: String) -> Result<Uint8Array, JsValue> {
    let pem = Zeroizing::new(pem);
    let der = pem::to_pkcs8(&pem).map_err(|error| plain(&refuse(ErrorKind::Configuration, error.reason())))?;
    Ok(Uint8Array::from(der.as_slice()))
}

/// Infers the state of a reset from plain data, as [`progress::infer`] does.
#[wasm_bindgen(js_name = inferProgress)]
pub fn infer_progress(observations: JsValue) -> Result<JsValue, JsValue> {
    let progress = progress::infer(&Value(observations), Value::parse)
        .map_err(|reason| plain(&refuse(ErrorKind::InvalidArgument, &reason.concat())))?;
    Ok(to_js((&progress).into()))
}

/// Whether a reset of a user may wait for approval, as [`progress::may_be_pending`] tells it.
#[wasm_bindgen(js_name = isResetPending)]
pub fn is_reset_pending(user_id: JsValue, items: JsValue) -> Result<bool, JsValue> {
    progress::may_be_pending(&Value(user_id), &Value(items), Value::parse)
        .map_err(|reason| plain(&refuse(ErrorKind::InvalidArgument, &reason.concat())))
}

/// An error before anything was sent.
fn refuse(kind: ErrorKind, reason: &str) -> Box<FireblocksError> {
    let context =
        Context { operation: None, signs: true, in_page: false, key_was_given: false, earlier_use: EarlierUse::None };
    let error = AttemptError::because(kind, Outcome::NotSent, reason);
    FireblocksError::new(context, error, None, Outcome::NotSent, 0, None)
}

fn plain(error: &FireblocksError) -> JsValue {
    to_js(error.into())
}

/// The JavaScript half gives as many as are asked for.
fn bytes(random: Vec<u8>) -> [u8; 16] {
    random.try_into().unwrap_or_default()
}

/// Plain data for JavaScript. Our own objects always have a form there.
fn to_js(object: Object) -> JsValue {
    let serializer = Serializer::new().serialize_maps_as_objects(true);
    object.serialize(&serializer).unwrap_or(JsValue::UNDEFINED)
}
