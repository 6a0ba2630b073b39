//! Responses of every kind, and what is made of them.

use super::*;
use crate::configuration::tests::config;
use proptest::prelude::*;
use serde_json::{Value, json};

fn configuration(api_key: Option<&str>) -> Configuration {
    Configuration::read(&config(api_key)).unwrap()
}

pub(crate) fn response(status: u16, body: Body<Value>) -> Response<Value> {
    Response { status, headers: ResponseHeaders::default(), redirect_origin: None, body }
}

/// With Fireblocks' request id.
fn known(mut response: Response<Value>) -> Response<Value> {
    response.headers.request_id = Some("r".into());
    response
}

/// With a body that was compressed.
fn compressed(mut response: Response<Value>) -> Response<Value> {
    response.headers.is_compressed = true;
    response
}

const CUT: Body<Value> = Body::Cut(Cause::Failed);

fn reset_error(response: &Response<Value>, configuration: &Configuration) -> Option<Box<AttemptError>> {
    response.error(Operation::ResetDevice, configuration, 9e12)
}

fn judge(response: &Response<Value>) -> Option<(ErrorKind, Outcome)> {
    let error = reset_error(response, &configuration(Some("api-key")))?;
    Some((error.kind, error.outcome))
}

#[test]
fn a_2xx_counts_with_an_empty_body_or_a_request_id() {
    assert_eq!(judge(&response(200, Body::Empty)), None);
    assert_eq!(judge(&response(204, Body::Empty)), None);
    let page = response(200, Body::Text("<html>".into()));
    assert_eq!(judge(&page), Some((ErrorKind::UnexpectedResponse, Outcome::Unknown)));
    let json = response(200, Body::Json(json!({"ok": true})));
    assert_eq!(judge(&json), Some((ErrorKind::UnexpectedResponse, Outcome::Unknown)));
    assert_eq!(judge(&response(200, CUT)), Some((ErrorKind::Network, Outcome::Unknown)));
    for body in
        [Body::Json(json!({"ok": true})), Body::Json(json!("")), Body::Json(json!("OK")), Body::Text("OK".into())]
    {
        assert_eq!(judge(&known(response(200, body))), None);
    }
}

#[test]
fn a_body_that_cannot_be_read_confirms_no_write() {
    let unexpected = Some((ErrorKind::UnexpectedResponse, Outcome::Unknown));
    let texts = ["\u{feff}", " ", "\u{fffd}", "<!doctype html>", "\u{feff} <html>"];
    let hidden = ["\u{0}", "\u{200b}\u{1b}", "\u{200b}<p>", "Sign in<HTML>", "Sign in <!DocType html>"];
    let strings = ["<html>", "Sign in<html>", "\u{fffd}"].map(|text| Body::Json(json!(text)));
    let bodies = texts.into_iter().chain(hidden).map(|text| Body::Text(text.into())).chain(strings);
    for body in bodies.chain([Body::TooLong, Body::Beginning("OK".into())]) {
        assert_eq!(judge(&known(response(200, body.clone()))), unexpected, "{body:?}");
        assert_eq!(judge(&response(200, body.clone())), unexpected, "{body:?}");
    }
    for body in [Body::Empty, CUT] {
        assert_eq!(judge(&known(compressed(response(200, body.clone())))), unexpected, "{body:?}");
    }
    let mut recorded = known(compressed(response(200, Body::Empty)));
    recorded.headers.record_id = Some("record".into());
    assert_eq!(judge(&recorded), None);
    let mut page = known(response(200, Body::Text("Welcome".into())));
    page.headers.is_html = true;
    assert_eq!(judge(&page), unexpected);
    assert_eq!(judge(&known(response(200, CUT))), Some((ErrorKind::Network, Outcome::Unknown)));
    assert_eq!(judge(&known(response(200, Body::Cut(Cause::TimedOut)))), Some((ErrorKind::Timeout, Outcome::Unknown)));
}

#[test]
fn a_page_or_an_error_confirms_no_write_whatever_brings_it() {
    let unexpected = Some((ErrorKind::UnexpectedResponse, Outcome::Unknown));
    let spent = "not the same idempotency key after an internal error";
    let texts = ["Please wait <script>x</script>", "Sign in<body><form>", "\u{fffe}", "\u{2800}", "\u{3164}", spent];
    let cut = ["{\"error\":{\"message\":\"Unauth", "[{\"title\": \"no\"}", "\"Unauthorized"];
    let bodies = [
        json!({"page": "<!doctype html>"}),
        json!(["<html>Sign in</html>"]),
        json!({"a": [{"<b>": 1}]}),
        json!("\u{3164}"),
        json!({"message": "Unauthorized: Token was not accepted", "code": -7}),
        json!({"error": {"type": "AUTHORIZATION", "message": "no"}}),
        json!({"error": "BAD"}),
        json!({"data": {"reason": spent}}),
        json!({"outcome": "refused", "detail": "no"}),
        json!({"message": "\u{43d}\u{435}\u{442}", "code": -7}),
        json!({"message": "no &nbsp;", "code": -7}),
        json!({"ok": false}),
        json!({"success": false, "result": null}),
        json!({"error": true}),
        json!({"errors": [{"title": "no"}]}),
        json!({"errors": {"id": ["no"]}}),
        json!({"error": {"code": "FORBIDDEN"}}),
        json!({"error": [{"title": "no"}]}),
        json!({"title": "Forbidden", "status": 403, "detail": "no"}),
        json!({"message": ["no"]}),
        json!(vec![0; 11_000]),
    ];
    let texts = texts.into_iter().chain(cut).map(|text| Body::Text(text.into()));
    for body in texts.chain(bodies.into_iter().map(Body::Json)) {
        assert_eq!(judge(&known(response(200, body.clone()))), unexpected, "{body:?}");
    }
    for body in [json!(404), json!("Sign in"), json!({"x": 1})] {
        let mut page = known(response(200, Body::Json(body)));
        assert_eq!(judge(&page), None, "{page:?}");
        page.headers.is_html = true;
        assert_eq!(judge(&page), unexpected, "{page:?}");
    }
    for body in [
        json!({"state": "accepted", "id": "a < b"}),
        json!([]),
        json!(null),
        json!({"error": null}),
        json!({"success": true, "errors": []}),
    ] {
        assert_eq!(judge(&known(response(200, Body::Json(body)))), None);
    }
}

#[test]
fn headers_tell_what_the_body_was() {
    let of = |headers: &'static [(&str, &str)]| {
        let get = |name: &str| headers.iter().find(|(known, _)| *known == name).map(|(_, value)| String::from(*value));
        ResponseHeaders::read(get)
    };
    assert_eq!(of(&[]), ResponseHeaders::default());
    assert_eq!(of(&[("X-Request-ID", "")]).request_id, None);
    assert!(of(&[("Content-Type", "text/HTML; charset=utf-8")]).is_html);
    assert!(!of(&[("Content-Type", "application/json")]).is_html);
    assert!(of(&[("Content-Encoding", "br")]).is_compressed);
    assert!(of(&[("Content-Encoding", "gzip"), ("Content-Length", "3")]).is_compressed);
    assert!(!of(&[("Content-Encoding", "gzip"), ("Content-Length", "0")]).is_compressed);
    assert!(!of(&[("Content-Encoding", "identity")]).is_compressed);
    assert!(!of(&[("Content-Encoding", "Identity")]).is_compressed);
}

#[test]
fn a_read_needs_its_documented_body() {
    let read = |body| {
        let known = known(response(200, body));
        known.error(Operation::GetConsoleUsers, &configuration(Some("k")), 0.0).map(|error| error.kind)
    };
    assert_eq!(read(Body::Json(json!({"users": []}))), None);
    assert_eq!(read(Body::Json(json!({"users": {}}))), Some(ErrorKind::UnexpectedResponse));
    assert_eq!(read(Body::Empty), Some(ErrorKind::UnexpectedResponse));
    assert_eq!(read(Body::TooLong), Some(ErrorKind::UnexpectedResponse));
    assert_eq!(read(CUT), Some(ErrorKind::Network));
    assert_eq!(read(Body::Cut(Cause::TimedOut)), Some(ErrorKind::Timeout));
    assert_eq!(read(Body::Cut(Cause::Aborted)), Some(ErrorKind::Aborted));
}

#[test]
fn statuses_have_their_kind_and_outcome() {
    for (status, kind, outcome) in [
        (400, ErrorKind::InvalidRequest, Outcome::Refused),
        (401, ErrorKind::Authentication, Outcome::Refused),
        (403, ErrorKind::Forbidden, Outcome::Refused),
        (404, ErrorKind::NotFound, Outcome::Refused),
        (408, ErrorKind::Server, Outcome::Unknown),
        (409, ErrorKind::Conflict, Outcome::Refused),
        (410, ErrorKind::Gone, Outcome::Refused),
        (422, ErrorKind::InvalidRequest, Outcome::Refused),
        (429, ErrorKind::RateLimited, Outcome::Refused),
        (444, ErrorKind::Server, Outcome::Unknown),
        (460, ErrorKind::Server, Outcome::Unknown),
        (499, ErrorKind::Server, Outcome::Unknown),
        (500, ErrorKind::Server, Outcome::Unknown),
        (503, ErrorKind::Server, Outcome::Unknown),
        (599, ErrorKind::Server, Outcome::Unknown),
        (0, ErrorKind::Redirect, Outcome::Unknown),
        (302, ErrorKind::Redirect, Outcome::Unknown),
        (304, ErrorKind::Redirect, Outcome::Unknown),
        (101, ErrorKind::UnexpectedResponse, Outcome::Unknown),
        (999, ErrorKind::UnexpectedResponse, Outcome::Unknown),
    ] {
        assert_eq!(judge(&response(status, Body::Empty)), Some((kind, outcome)), "{status}");
    }
}

#[test]
fn a_spent_key_is_recognised_in_both_shapes() {
    let words = "This operation doesn't support the usage of the same idempotency key after an internal error";
    for body in [
        Body::Json(json!({ "message": words })),
        Body::Json(json!({"error": {"type": "VALIDATION", "message": words}})),
        Body::Json(json!({ "error": words })),
        Body::Json(json!({"message": words.replace("idempotency key", "Idempotency-Key")})),
        Body::Text(words.into()),
        Body::Text(format!("<html><p>{words}</p></html>")),
        Body::Text(format!("{{\"message\": \"{words}")),
    ] {
        assert_eq!(judge(&response(400, body)), Some((ErrorKind::IdempotencyKeySpent, Outcome::Unknown)));
    }
    let other = Body::Json(json!({"message": "The idempotency key is too long"}));
    assert_eq!(judge(&response(400, other)), Some((ErrorKind::InvalidRequest, Outcome::Refused)));
}

#[test]
fn a_400_that_cannot_be_read_may_be_a_spent_key() {
    let garbage = Body::Text("\u{1f}\u{fffd}\u{8}".into());
    let beginning = Body::Beginning("Bad Request".into());
    for body in [CUT, garbage, beginning, Body::Text("{\"message\": \"This opera".into()), Body::Text("<html>".into())]
    {
        assert_eq!(
            judge(&response(400, body.clone())),
            Some((ErrorKind::InvalidRequest, Outcome::Unknown)),
            "{body:?}"
        );
        assert_eq!(judge(&response(403, body)), Some((ErrorKind::Forbidden, Outcome::Refused)));
    }
    for body in [Body::Empty, Body::Text("Bad Request".into()), Body::Json(json!({"code": 1400}))] {
        assert_eq!(judge(&response(400, body)), Some((ErrorKind::InvalidRequest, Outcome::Refused)));
    }
}

#[test]
fn who_gave_up_waiting_does_not_know_what_became_of_the_request() {
    for status in [408, 444, 460, 499] {
        for body in [Body::Empty, Body::Text("client closed request".into()), Body::Json(json!({"message": "m"}))] {
            let error = reset_error(&response(status, body), &configuration(Some("k"))).unwrap();
            assert_eq!((error.kind, error.outcome), (ErrorKind::Server, Outcome::Unknown), "{status}");
        }
    }
}

#[test]
fn a_4xx_without_a_known_shape_may_be_anything_unless_its_status_says_enough() {
    for body in [json!({}), json!([]), json!("no"), json!(null), json!({"detail": "no"}), json!({"message": ["no"]})] {
        for status in 400..500 {
            let judged = judge(&response(status, Body::Json(body.clone()))).unwrap().1;
            let expected = if RAN_NOTHING.contains(&status) { Outcome::Refused } else { Outcome::Unknown };
            assert_eq!(judged, expected, "{status} {body}");
        }
    }
    let read = response(422, Body::Json(json!([]))).error(Operation::GetWorkspace, &configuration(Some("k")), 0.0);
    assert_eq!(read.unwrap().outcome, Outcome::Refused);
}

#[test]
fn a_spent_key_is_one_with_every_status_that_can_say_so() {
    let words = json!({"errors": ["the same idempotencyKey after an internal error"]});
    for status in [400, 409, 422] {
        let judged = judge(&response(status, Body::Json(words.clone())));
        assert_eq!(judged, Some((ErrorKind::IdempotencyKeySpent, Outcome::Unknown)), "{status}");
    }
    assert_eq!(judge(&response(403, Body::Json(words))), Some((ErrorKind::Forbidden, Outcome::Refused)));
}

#[test]
fn what_a_server_repeats_of_the_configurations_secrets_is_dropped() {
    let key = "7b1d5c1e-0e5e-4b0e-8f1c-2b6f3d1f8a77";
    let mut config = config(Some(key));
    config["headers"] = json!([{"name": "X-Relay", "value": "relay-secret"}]);
    let configuration = Configuration::read(&config).unwrap();
    for (body, message) in [
        (json!({ "message": format!("unknown x-api-key {key}") }), None),
        (json!({"message": "bad relay-secret"}), None),
        (json!({"message": "bad relay"}), Some("bad relay")),
    ] {
        let error = reset_error(&response(401, Body::Json(body)), &configuration).unwrap();
        assert_eq!(error.server_message.as_deref(), message);
    }
    let typed = response(401, Body::Json(json!({ "error": format!("key {key}") })));
    assert_eq!(reset_error(&typed, &configuration).unwrap().error_type, None);
}

#[test]
fn a_gateways_outcome_is_believed_and_fireblocks_has_none() {
    let body = || Body::Json(json!({"message": "m", "outcome": "refused"}));
    let through_gateway = reset_error(&response(503, body()), &configuration(None));
    assert_eq!(through_gateway.unwrap().outcome, Outcome::Refused);
    let direct = reset_error(&response(503, body()), &configuration(Some("k")));
    assert_eq!(direct.unwrap().outcome, Outcome::Unknown);
}

#[test]
fn whether_a_refusal_came_as_json_is_told() {
    for (body, is_json) in [(Body::Json(json!({})), true), (Body::Text("error code: 1020".into()), false), (CUT, false)]
    {
        assert_eq!(reset_error(&response(403, body), &configuration(None)).unwrap().is_json, is_json);
    }
}

#[test]
fn a_redirect_names_the_origin_only() {
    let redirect = Response { redirect_origin: Some("https://login.example".into()), ..response(302, Body::Empty) };
    let error = reset_error(&redirect, &configuration(Some("k"))).unwrap();
    assert_eq!(
        error.detail.as_deref(),
        Some("The address redirects to https://login.example, which is never followed.")
    );
    let unchanged = reset_error(&response(304, Body::Empty), &configuration(Some("k"))).unwrap();
    assert_eq!(unchanged.detail.as_deref(), Some("The response says that nothing has changed, which was not asked."));
}

#[test]
fn retry_after_is_measured_by_the_servers_clock() {
    let mut limited = response(429, Body::Empty);
    limited.headers.retry_after = Some("Sun, 06 Nov 1994 08:49:47 GMT".into());
    limited.headers.date = Some("Sun, 06 Nov 1994 08:49:37 GMT".into());
    let error = reset_error(&limited, &configuration(Some("k"))).unwrap();
    assert_eq!(error.retry_after_ms, Some(10_000.0));
}

proptest! {
    #[test]
    fn only_a_2xx_is_success_and_only_4xx_is_refused(status in any::<u16>(), request_id in any::<bool>()) {
        let response = if request_id { known(response(status, Body::Empty)) } else { response(status, Body::Empty) };
        match judge(&response) {
            None => prop_assert!((200..300).contains(&status)),
            Some((_, Outcome::Refused)) => prop_assert!((400..500).contains(&status) && !GAVE_UP.contains(&status)),
            Some((_, outcome)) => prop_assert_eq!(outcome, Outcome::Unknown),
        }
    }
}
