//! Faults as ordered: what the caller sees, and whether there was an effect.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::server::{NOOR, Server, now};

fn date(reply: &crate::server::Reply) -> u64 {
    let date = httpdate::parse_http_date(reply.header("date").unwrap()).unwrap();
    date.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_cut_connection_gives_no_answer_before_or_after_the_effect() {
    let server = Server::start(&[]);
    for (cut, approvals) in [("beforeEffect", 0), ("afterEffect", 1)] {
        server.fault(json!({ "match": { "operation": "resetDevice" }, "cut": cut })).await;
        let received = server.reset(NOOR).key(cut).send_raw().await;
        assert_eq!(received, b"", "{cut}: not one byte");
        assert_eq!(server.approvals().await.len(), approvals, "{cut}");
    }
    let log = server.log().await;
    assert_eq!(
        (&log[0]["effect"], &log[0]["status"], &log[0]["cut"]),
        (&json!(false), &json!(0), &json!("beforeEffect"))
    );
    assert_eq!((&log[1]["effect"], &log[1]["cut"]), (&json!(true), &json!("afterEffect")));
    // The key of a cut answer is known: asking again is safe.
    assert_eq!(server.reset(NOOR).key("afterEffect").send().await.status, 200);
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn a_cut_reaches_a_client_as_an_error_not_an_answer() {
    let server = Server::start(&[]);
    server.fault(json!({ "cut": "afterEffect" })).await;
    assert!(server.reset(NOOR).try_send().await.is_err());
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn a_body_is_cut_in_its_middle() {
    let server = Server::start(&[]);
    server.fault(json!({ "cut": "midBody", "times": 2 })).await;
    let received = String::from_utf8(server.get("/v1/management/users").send_raw().await).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let length: usize = length.parse().unwrap();
    assert!(!body.is_empty() && body.len() < length, "{} of {length}", body.len());
    // A reset has no body, and is cut all the same.
    let received = String::from_utf8(server.reset(NOOR).send_raw().await).unwrap();
    assert!(received.contains("content-length: 2\r\n") && received.ends_with("\r\n\r\n{"), "{received}");
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn an_ordered_status_has_its_effect_only_where_ordered() {
    let server = Server::start(&[]);
    for status in [200, 202, 302, 400, 401, 403, 404, 409, 410, 429, 500, 502, 503, 504] {
        server.fault(json!({ "status": status })).await;
        let reply = server.reset(NOOR).send().await;
        assert_eq!(reply.status, status);
        assert!(reply.header("x-request-id").is_some());
    }
    assert!(server.approvals().await.is_empty());
    server.fault(json!({ "status": 500, "effect": true })).await;
    assert_eq!(server.reset(NOOR).send().await.status, 500);
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn faults_are_taken_in_order_by_what_matches() {
    let server = Server::start(&[]);
    server
        .fault(json!([
            { "match": { "operation": "resetDevice", "userId": "someone" }, "status": 410 },
            { "match": { "operation": "resetDevice" }, "status": 503, "body": "{\"message\":\"first\"}" },
            { "match": { "operation": "resetDevice" }, "status": 400, "headers": { "X-More": "yes" } },
        ]))
        .await;
    assert_eq!(server.get("/v1/workspace").send().await.status, 200);
    let first = server.reset(NOOR).send().await;
    assert_eq!((first.status, first.json()["message"].as_str()), (503, Some("first")));
    let second = server.reset(NOOR).send().await;
    assert_eq!((second.status, second.header("x-more")), (400, Some("yes")));
    assert_eq!(server.reset(NOOR).send().await.status, 200);
    assert_eq!(server.ask("/faults").await["faults"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_delayed_reset_has_its_effect_though_the_caller_has_gone() {
    let server = Server::start(&[]);
    server.fault(json!({ "delayMs": 400 })).await;
    let mut stream = TcpStream::connect(server.authority()).await.unwrap();
    stream.write_all(&server.reset(NOOR).bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    drop(stream);
    assert!(server.approvals().await.is_empty(), "not before the delay is over");
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn a_delay_may_come_between_the_effect_and_the_answer() {
    let server = Server::start(&[]);
    server.fault(json!({ "delayAfterMs": 600 })).await;
    let began = Instant::now();
    let (reply, early) = tokio::join!(server.reset(NOOR).send(), async {
        tokio::time::sleep(Duration::from_millis(250)).await;
        server.approvals().await.len()
    });
    assert_eq!((reply.status, early), (200, 1));
    assert!(began.elapsed() >= Duration::from_millis(600));
}

#[tokio::test]
async fn a_skewed_clock_shows_in_the_date_and_refuses_what_is_right_elsewhere() {
    let server = Server::start(&[]);
    for (skew, code) in [(600_i64, -10), (-600, -12)] {
        server.fault(json!({ "match": { "operation": "resetDevice" }, "skewSeconds": skew, "times": 2 })).await;
        let refused = server.reset(NOOR).send().await;
        assert_eq!((refused.status, refused.code()), (401, code));
        let told = date(&refused);
        assert!(told.abs_diff(now().saturating_add_signed(skew)) <= 1);
        // Signed anew with the clock that the answer told.
        let accepted = server.reset(NOOR).claim("iat", told).claim("exp", told + 55).send().await;
        assert_eq!(accepted.status, 200, "{}", accepted.text);
        assert!(date(&server.get("/v1/workspace").send().await).abs_diff(now()) <= 1);
    }
    server.settings(json!({ "skewSeconds": 600 })).await;
    assert_eq!(server.get("/v1/workspace").send().await.code(), -10);
}

#[tokio::test]
async fn a_spoiled_body_is_not_what_it_was() {
    let server = Server::start(&[]);
    let whole = server.get("/v1/workspace").send().await.text;
    server.fault(json!([{ "truncate": true }, { "garbage": true }, { "body": "plain words" }])).await;
    let half = server.get("/v1/workspace").send().await;
    assert_eq!((half.status, half.text.as_str()), (200, &whole[..whole.len() / 2]));
    let garbage = server.get("/v1/workspace").send().await;
    assert_eq!((garbage.status, garbage.json()), (200, Value::Null));
    let plain = server.get("/v1/workspace").send().await;
    assert_eq!((plain.text.as_str(), plain.header("content-type")), ("plain words", Some("text/plain")));
    // The effect of a reset is there, whatever became of its answer.
    server.fault(json!({ "garbage": true })).await;
    assert_eq!(server.reset(NOOR).send().await.status, 200);
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn the_minute_has_its_limit_for_each_api_user() {
    let server = Server::start(&[]);
    server.settings(json!({ "rateLimitPerMinute": { "query": 2 } })).await;
    for status in [200, 200, 429] {
        let reply = server.get("/v1/management/users").send().await;
        assert_eq!((reply.status, reply.header("retry-after")), (status, None), "Fireblocks documents no Retry-After");
    }
    assert_eq!(server.get("/v1/management/audit_logs").send().await.status, 200, "another endpoint");
    let other = server.ready["adminApiKeys"]["ADMIN"].as_str().unwrap();
    assert_eq!(server.get("/v1/management/users").by(other).send().await.status, 200, "another API user");
    server.settings(json!({ "retryAfterOnLimit": true })).await;
    let wait: u32 = server.get("/v1/management/users").send().await.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
}
