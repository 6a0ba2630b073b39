//! The surface towards JavaScript, in whatever runtime the including file asks for.

use fireblocks_reset_device::web::{JsHost, WebClient, infer_progress, read_secret_key};
use fireblocks_reset_device::{query, user_id};
use js_sys::{JSON, Object, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

#[wasm_bindgen(inline_js = r#"
// A host whose exchanges are answered from a list: each entry is what a reply of the host may be.
export function scriptedHost(replies) {
  return {
    seen: [],
    reports: [],
    now: () => 1795467745000,
    elapsed: () => performance.now(),
    random: () => 0.5,
    randomBits: () => crypto.getRandomValues(new Uint32Array(1))[0],
    begin(reply) { this.pending = Promise.resolve(reply); },
    sign() { this.begin({ ending: 0, value: new Uint8Array(256).fill(7) }); },
    exchange(method, url, headers, body) {
      this.seen.push({ method, url, headers: Object.fromEntries(new Headers([...headers])), body });
      const { headers: given, ...reply } = replies.shift();
      this.begin(reply.status ? { ending: 8, value: new Headers(given), ...reply } : reply);
    },
    sleep() { this.begin({ ending: 0 }); },
    report(attempt) { this.reports.push(attempt); },
  };
}
// What the last call began, as npm/client/client.ts awaits it.
export async function settled(host) {
  const { pending } = host;
  host.pending = undefined;
  return pending;
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
    #[wasm_bindgen(js_name = scriptedHost)]
    fn scripted_host(replies: JsValue) -> JsValue;
    async fn settled(host: &JsValue) -> JsValue;
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

fn client(signs: bool) -> WebClient {
    let config = json(
        r#"{"base": {"protocol": "https:", "hostname": "h.example", "origin": "https://h.example", "pathname": "/"},
            "sendsUserAgent": true}"#,
    );
    if signs {
        Reflect::set(&config, &"apiKey".into(), &"key".into()).expect("an object");
        Reflect::set(&config, &"hasSecretKey".into(), &true.into()).expect("an object");
    }
    WebClient::new(config).expect("a usable configuration")
}

fn host(replies: &str) -> JsValue {
    scripted_host(json(replies))
}

async fn reset(client: &WebClient, id: JsValue, key: JsValue, host: &JsValue) -> Result<JsValue, JsValue> {
    let request = json(r#"{"operation": "resetDevice"}"#);
    Reflect::set(&request, &"id".into(), &id).expect("an object");
    Reflect::set(&request, &"idempotencyKey".into(), &key).expect("an object");
    run(client, request, host).await
}

async fn run(client: &WebClient, request: JsValue, host: &JsValue) -> Result<JsValue, JsValue> {
    let call = client.begin(request, host.clone().unchecked_into::<JsHost>())?;
    let mut reply = json(r#"{"ending": 0}"#);
    loop {
        let result = client.resume(call, reply)?;
        if member(host, "pending").is_undefined() {
            return Ok(result);
        }
        reply = settled(host).await;
    }
}

#[wasm_bindgen_test]
async fn a_reset_is_sent_signed_and_answered_with_a_receipt() {
    let host = host(
        r#"[{"ending": 11},
                        {"status": 200, "text": "", "headers": {"X-Request-ID": "r1", "Sunset": "soon"}}]"#,
    );
    let receipt = reset(&client(true), "a b".into(), "k-1".into(), &host).await.expect("a receipt");
    assert_eq!(
        text(&receipt),
        r#"{"requestId":"r1","idempotencyKey":"k-1","attempts":2,"lifecycle":{"sunset":"soon"}}"#
    );
    let seen: js_sys::Array = member(&host, "seen").unchecked_into();
    assert_eq!(seen.length(), 2);
    let request = seen.get(1);
    assert_eq!(member(&request, "method"), "POST");
    assert_eq!(member(&request, "url"), "https://h.example/v1/management/users/a%20b/reset_device");
    let headers = member(&request, "headers");
    assert_eq!(member(&headers, "x-api-key"), "key");
    assert_eq!(member(&headers, "idempotency-key"), "k-1");
    assert!(member(&headers, "authorization").as_string().expect("a token").starts_with("Bearer eyJ"));
    let reports = text(&member(&host, "reports"));
    assert!(reports.contains(r#""errorKind":"network""#) && !reports.contains("eyJ"), "{reports}");
}

#[wasm_bindgen_test]
async fn a_refusal_is_plain_data_with_its_outcome() {
    let body = r#"{\"error\":{\"type\":\"AUTHORIZATION\",\"message\":\"nope\"}}"#;
    let host = host(&[r#"[{"status": 403, "text": ""#, body, r#""}]"#].concat());
    let failure = reset(&client(true), "u".into(), JsValue::UNDEFINED, &host).await.expect_err("a failure");
    assert_eq!(member(&failure, "kind"), "forbidden");
    assert_eq!(member(&failure, "outcome"), "refused");
    assert_eq!(member(&failure, "type"), "AUTHORIZATION");
    assert_eq!(member(&failure, "idempotencyKey").as_string().expect("a key").len(), 36);
}

#[wasm_bindgen_test]
async fn what_is_no_id_or_key_is_refused_before_anything_is_sent() {
    let object: JsValue = Object::new().into();
    for id in [JsValue::UNDEFINED, JsValue::NULL, 5.into(), object.clone(), "".into(), "..".into(), lone_surrogate()] {
        let host = host("[]");
        let failure = reset(&client(true), id, JsValue::UNDEFINED, &host).await.expect_err("a failure");
        assert_eq!(member(&failure, "kind"), "invalidArgument");
        assert_eq!(member(&failure, "outcome"), "notSent");
    }
    for key in [5.into(), object, "".into(), "bad\nkey".into(), "ключ".into(), "k".repeat(41).into(), lone_surrogate()]
    {
        let host = host("[]");
        let failure = reset(&client(true), "u".into(), key, &host).await.expect_err("a failure");
        assert_eq!(member(&failure, "kind"), "invalidArgument");
        assert!(member(&failure, "idempotencyKey").is_undefined());
    }
}

#[wasm_bindgen_test]
async fn a_read_hands_its_body_through_untouched() {
    let host = host(r#"[{"status": 200, "text": "{\"users\":[{\"id\":\"u\",\"later\":1}]}"}]"#);
    let users = run(&client(false), json(r#"{"operation": "getConsoleUsers"}"#), &host).await.expect("users");
    assert_eq!(text(&users), r#"{"users":[{"id":"u","later":1}]}"#);
    let seen: js_sys::Array = member(&host, "seen").unchecked_into();
    assert!(member(&member(&seen.get(0), "headers"), "authorization").is_undefined());
}

#[wasm_bindgen_test]
async fn calls_under_way_at_once_are_kept_apart() {
    let client = client(false);
    for round in 0..3 {
        let hosts = ["a", "b", "c"]
            .map(|name| host(&[r#"[{"status": 200, "text": "{\"users\":[\""#, name, r#"\"]}"}]"#].concat()));
        let calls = hosts.each_ref().map(|host| {
            let request = json(r#"{"operation": "getConsoleUsers"}"#);
            client.begin(request, host.clone().unchecked_into::<JsHost>()).expect("a call")
        });
        assert_eq!(calls, [0, 1, 2].map(|place| 3 * round + place));
        for call in calls {
            assert!(client.resume(call, json(r#"{"ending": 0}"#)).expect("begun").is_undefined());
        }
        for (name, (call, host)) in ["a", "b", "c"].iter().zip(calls.iter().zip(&hosts)).rev() {
            let users = client.resume(*call, settled(host).await);
            assert_eq!(text(&users.expect("users")), [r#"{"users":[""#, name, r#""]}"#].concat());
            // Ended, it is no call any more, whatever comes.
            assert!(client.resume(*call, json(r#"{"ending": 0}"#)).expect_err("no call").is_undefined());
        }
    }
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
            fireblocks_reset_device::operation::Operation::GetAuditLogs,
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
        r#"{"state":"awaitingPairing","source":"userStatus","at":5,"final":false,"userStatus":"PENDING_DEVICE_PAIRING","otherResetsOpen":false}"#
    );
    assert!(infer_progress(JsValue::NULL).is_err());
}
