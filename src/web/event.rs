//! What has happened, as the JavaScript half tells it: `Event` of `npm/client/protocol.ts`, an object of plain members, with
//! a `Response` that no caller has touched. So nothing that is asked of it throws, or runs anybody's code.

use super::json::Value;
use crate::call;
use crate::json::Json;
use crate::names::value_of;
use crate::response::{Body, Cause, LONGEST_TEXT, Response, ResponseHeaders};
use gloo_net::http;
use js_sys::JsString;
use wasm_bindgen::prelude::*;

/// Longer than any word of an event, in UTF-16 units.
const LONGEST_WORD: u32 = 64;
/// In UTF-16 units. Far more than a name in DNS has.
const LONGEST_ORIGIN: u32 = 2_048;

const CAUSES: &[(&str, Cause)] = &[
    ("timedOut", Cause::TimedOut),
    ("aborted", Cause::Aborted),
    ("failed", Cause::Failed),
    ("notUsable", Cause::NotUsable),
];

/// The event as the call knows it. `signature` comes with what was signed.
pub fn read(event: &Value, signature: Option<Vec<u8>>) -> call::Event<Value> {
    match event.text_of("type", LONGEST_WORD).unwrap_or_default().as_str() {
        "signed" => call::Event::Signed(signature.unwrap_or_default()),
        "responded" => call::Event::Responded(response(event)),
        "failed" => call::Event::Failed {
            cause: cause(event),
            sent: event.flag_of("sent"),
            code: event.text_of("code", LONGEST_WORD),
        },
        "waited" => call::Event::Waited,
        _ => call::Event::Start,
    }
}

/// The body of a response that was JSON.
pub fn body(event: &call::Event<Value>) -> JsValue {
    match event {
        call::Event::Responded(Response { body: Body::Json(value), .. }) => value.0.clone(),
        _ => JsValue::UNDEFINED,
    }
}

fn cause(event: &Value) -> Cause {
    let name = event.text_of("cause", LONGEST_WORD).unwrap_or_default();
    value_of(CAUSES, &name).unwrap_or(Cause::Failed)
}

fn response(event: &Value) -> Response<Value> {
    let received = http::Response::from(event.member("response").0.unchecked_into::<web_sys::Response>());
    let status = event.number_of("status").unwrap_or_default() as u16;
    let headers = received.headers();
    let text = event.member("text").0;
    let is_too_long = event.flag_of("tooLong");
    Response {
        status,
        headers: ResponseHeaders::read(|name| headers.get(name)),
        redirect_origin: event.text_of("redirectOrigin", LONGEST_ORIGIN),
        body: match text.dyn_ref::<JsString>() {
            None => Body::Cut(cause(event)),
            Some(_) if is_too_long && (200..300).contains(&status) => Body::TooLong,
            Some(text) if is_too_long => Body::Beginning(text.slice(0, LONGEST_TEXT).into()),
            Some(text) if *text == "" => Body::Empty,
            Some(text) => match Value::parse_own(text) {
                value if !value.is_absent() => Body::Json(value),
                _ if text.length() > LONGEST_TEXT => Body::Beginning(text.slice(0, LONGEST_TEXT).into()),
                _ => Body::Text(text.into()),
            },
        },
    }
}
