//! The surface towards JavaScript, in whatever runtime the including file asks for.

use fireblocks_reset_device::request::{query, user_id};
use fireblocks_reset_device::web::{
    Call, check_configuration, get_console_users, infer_progress, read_secret_key, reset_device,
};
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[wasm_bindgen(inline_js = r#"
// The event of a response.
export function responded(status, headers, text) {
  return { type: "responded", response: new Response(null, { status, headers }), status, text };
}
export function targetOf(url) { const { pathname, search } = new URL(url); return pathname + search; }
// Any UTF-16 text that is well formed, with the characters that URLs care about in most of them.
export function randomText() {
  const awkward = [..."./\\%?#&=+ '\"<>|^`{}[]@:;,~!*()é漢😀"];
  let text = "";
  for (let left = 1 + Math.random() * 30; left > 0; left--) {
    text += Math.random() < 0.5
      ? awkward[Math.floor(Math.random() * awkward.length)]
      : String.fromCodePoint(32 + Math.floor(Math.random() * 0xd7df));
  }
  return text;
}
export function loneSurrogate() { return "a\ud800"; }
"#)]
extern "C" {
    fn responded(status: u16, headers: JsValue, text: JsValue) -> JsValue;
    #[wasm_bindgen(js_name = targetOf)]
    fn target_of(url: &str) -> String;
    #[wasm_bindgen(js_name = randomText)]
    fn random_text() -> String;
    #[wasm_bindgen(js_name = loneSurrogate)]
    fn lone_surrogate() -> JsValue;
}

fn json(text: &str) -> JsValue {
    JSON::parse(text).expect("valid JSON")
}

fn text(value: &JsValue) -> String {
    JSON::stringify(value).expect("plain data").into()
}

fn member(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &key.into()).expect("an object")
}

fn client(signs: bool) -> JsValue {
    let client = json(
        r#"{"base": {"protocol": "https:", "hostname": "h.example", "origin": "https://h.example", "pathname": "/"}}"#,
    );
    if signs {
        Reflect::set(&client, &"apiKey".into(), &"key".into()).expect("an object");
        Reflect::set(&client, &"hasSecretKey".into(), &true.into()).expect("an object");
    }
    client
}

fn random() -> Vec<u8> {
    vec![7; 16]
}

fn reset(id: impl Into<JsValue>, key: impl Into<JsValue>) -> Call {
    reset_device(id.into(), key.into(), JsValue::UNDEFINED, client(true), random())
}

fn next(call: &mut Call, event: JsValue) -> JsValue {
    call.next(1_795_467_745_000.0, 5.0, random(), event, None)
}

fn start(call: &mut Call) -> JsValue {
    next(call, json(r#"{"type": "start"}"#))
}

fn signed(call: &mut Call) -> JsValue {
    let event = json(r#"{"type": "signed"}"#);
    call.next(1_795_467_745_000.0, 5.0, random(), event, Some(vec![7; 256]))
}

#[wasm_bindgen_test]
fn a_reset_is_signed_sent_and_ends_with_its_receipt() {
    let mut call = reset("a b", "k-1");
    let step = start(&mut call);
    assert_eq!(member(&step, "type"), "sign");
    assert!(member(&step, "input").as_string().expect("a text").starts_with("eyJ"));
    let step = signed(&mut call);
    assert_eq!(member(&step, "type"), "send");
    assert_eq!(member(&step, "method"), "POST");
    assert_eq!(member(&step, "url"), "https://h.example/v1/management/users/a%20b/reset_device");
    let headers = member(&step, "headers");
    assert_eq!(member(&headers, "x-api-key"), "key");
    assert_eq!(member(&headers, "idempotency-key"), "k-1");
    assert!(member(&headers, "authorization").as_string().expect("a token").starts_with("Bearer eyJ"));
    let lost = json(r#"{"type": "failed", "cause": "failed", "sent": true, "code": "ECONNRESET"}"#);
    let step = next(&mut call, lost);
    assert_eq!(member(&step, "type"), "wait");
    let attempt = text(&member(&step, "attempt"));
    assert!(attempt.contains(r#""errorKind":"network""#) && !attempt.contains("eyJ"), "{attempt}");
    assert_eq!(member(&next(&mut call, json(r#"{"type": "waited"}"#)), "type"), "sign");
    assert_eq!(member(&signed(&mut call), "type"), "send");
    let headers = json(r#"{"X-Request-ID": "r1", "Sunset": "soon"}"#);
    let step = next(&mut call, responded(200, headers, "".into()));
    assert_eq!(member(&step, "type"), "resolve");
    assert_eq!(
        text(&member(&step, "value")),
        r#"{"requestId":"r1","idempotencyKey":"k-1","attempts":2,"lifecycle":{"sunset":"soon"}}"#
    );
}

#[wasm_bindgen_test]
fn a_refusal_is_plain_data_with_its_outcome() {
    let mut call = reset("u", JsValue::UNDEFINED);
    start(&mut call);
    signed(&mut call);
    let body = r#"{"error":{"type":"AUTHORIZATION","message":"nope"}}"#;
    let step = next(&mut call, responded(403, JsValue::UNDEFINED, body.into()));
    assert_eq!(member(&step, "type"), "reject");
    let error = member(&step, "error");
    assert_eq!(member(&error, "kind"), "forbidden");
    assert_eq!(member(&error, "outcome"), "refused");
    assert_eq!(member(&error, "type"), "AUTHORIZATION");
    assert_eq!(member(&error, "idempotencyKey").as_string().expect("a key").len(), 36);
}

#[wasm_bindgen_test]
fn what_is_no_id_or_key_is_refused_before_anything_is_sent() {
    let refused = |mut call: Call| {
        let step = start(&mut call);
        assert_eq!(member(&step, "type"), "reject");
        let error = member(&step, "error");
        assert_eq!(member(&error, "kind"), "invalidArgument");
        assert_eq!(member(&error, "outcome"), "notSent");
        error
    };
    let object: JsValue = Object::new().into();
    for id in [JsValue::UNDEFINED, JsValue::NULL, 5.into(), object.clone(), "".into(), "..".into(), lone_surrogate()] {
        refused(reset(id, JsValue::UNDEFINED));
    }
    for key in [5.into(), object, "".into(), "bad\nkey".into(), "ключ".into(), "k".repeat(41).into(), lone_surrogate()]
    {
        assert!(member(&refused(reset("u", key)), "idempotencyKey").is_undefined());
    }
}

#[wasm_bindgen_test]
fn a_read_hands_its_body_through_untouched() {
    for mark in ["", "\u{feff}"] {
        let mut call = get_console_users(JsValue::UNDEFINED, client(false));
        let step = start(&mut call);
        assert_eq!(member(&step, "type"), "send");
        assert!(member(&member(&step, "headers"), "authorization").is_undefined());
        let body = [mark, r#"{"users":[{"id":"u","later":1}]}"#].concat();
        let step = next(&mut call, responded(200, JsValue::UNDEFINED, body.into()));
        assert_eq!(text(&member(&step, "value")), r#"{"users":[{"id":"u","later":1}]}"#);
    }
}

#[wasm_bindgen_test]
fn a_body_that_is_a_mark_alone_is_not_empty() {
    let mut call = reset("u", "k-1");
    start(&mut call);
    signed(&mut call);
    let step = next(&mut call, responded(200, JsValue::UNDEFINED, "\u{feff}".into()));
    assert_eq!(member(&member(&step, "error"), "kind"), "unexpectedResponse");
}

#[wasm_bindgen_test]
fn a_configuration_that_cannot_work_is_refused() {
    assert!(check_configuration(client(true)).is_ok());
    let client = client(false);
    Reflect::set(&client, &"apiKey".into(), &"key".into()).expect("an object");
    assert_eq!(member(&check_configuration(client).expect_err("a refusal"), "kind"), "configuration");
}

#[wasm_bindgen_test]
fn the_signed_target_is_the_one_on_the_wire() {
    let mut accepted = 0;
    for _ in 0..3000 {
        let id = random_text();
        if let Ok(segment) = user_id::encode(&id) {
            let target = ["/v1/management/users/", &segment, "/reset_device"].concat();
            assert_eq!(target_of(&["https://h.example", &target].concat()), target, "{id:?}");
            accepted += 1;
        }
    }
    assert!(accepted > 2000, "{accepted}");
    // What is refused is what the parser would have changed.
    for id in [".", ".."] {
        let target = ["/v1/management/users/", id, "/reset_device"].concat();
        assert_ne!(target_of(&["https://h.example", &target].concat()), target);
    }
}

#[wasm_bindgen_test]
fn a_query_is_the_one_on_the_wire() {
    for _ in 0..1000 {
        let given = Object::new();
        Reflect::set(&given, &"user".into(), &random_text().into()).expect("an object");
        let query = query::write(
            fireblocks_reset_device::request::operation::Operation::GetAuditLogs,
            &fireblocks_reset_device::web::json::Value(given.into()),
        );
        let target = ["/v1/management/audit_logs", &query.expect("a query")].concat();
        assert_eq!(target_of(&["https://h.example", &target].concat()), target);
    }
}

#[wasm_bindgen_test]
fn a_broken_key_has_its_sentence() {
    let failure = read_secret_key("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----".into());
    let failure = failure.expect_err("a failure");
    assert_eq!(member(&failure, "kind"), "configuration");
    assert!(member(&failure, "message").as_string().expect("a message").starts_with("This is a certificate."));
}

#[wasm_bindgen_test]
fn progress_is_inferred_from_plain_data() {
    let seen = json(
        r#"{"userId": "u", "since": 1, "statusBefore": "READY",
            "statuses": [{"status": "PENDING_DEVICE_PAIRING", "at": 5}]}"#,
    );
    let progress = infer_progress(seen).expect("progress");
    assert_eq!(
        text(&progress),
        r#"{"state":"awaitingPairing","evidence":"suggested","source":"userStatus","at":5,"final":false,"userStatus":"PENDING_DEVICE_PAIRING","otherResetsOpen":false}"#
    );
    assert!(infer_progress(JsValue::NULL).is_err());
}
