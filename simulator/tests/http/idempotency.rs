//! The key of a reset: replay, length, spending, and both answers to what Fireblocks does not document.

use serde_json::json;

use crate::server::{NOOR, Server};

/// A user of the seed without a reset's objections, other than Noor.
const AMARA_INDEX: usize = 1;

async fn user(server: &Server, index: usize) -> String {
    let users = server.get("/v1/management/users").send().await.json();
    users["users"][index]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_same_key_gets_the_first_answer_again_also_after_a_restart() {
    let mut server = Server::start(&[]);
    let first = server.reset(NOOR).key("key").send().await;
    assert_eq!((first.status, first.text.as_str()), (200, ""));
    let second = server.reset(NOOR).key("key").send().await;
    assert_eq!((second.status, second.text.as_str()), (200, ""));
    assert_ne!(first.header("x-request-id"), second.header("x-request-id"));
    server.restart();
    assert_eq!(server.reset(NOOR).key("key").send().await.status, 200);
    assert_eq!(server.approvals().await.len(), 1);
    let log = server.log().await;
    let seen: Vec<_> = log.iter().map(|entry| (&entry["effect"], &entry["replayed"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(seen, [(&yes, &no), (&no, &yes), (&no, &yes)]);
}

#[tokio::test]
async fn keys_belong_to_their_api_user() {
    let server = Server::start(&[]);
    for role in ["ADMIN", "NON_SIGNING_ADMIN"] {
        let api_key = server.ready["adminApiKeys"][role].as_str().unwrap();
        assert_eq!(server.reset(NOOR).key("key").by(api_key).send().await.status, 200);
    }
    assert_eq!(server.approvals().await.len(), 2);
}

#[tokio::test]
async fn forty_characters_are_the_most() {
    let server = Server::start(&[]);
    let reply = server.reset(NOOR).key(&"k".repeat(41)).send().await;
    assert_eq!((reply.status, reply.code()), (400, 400));
    assert!(server.approvals().await.is_empty());
    assert_eq!(server.reset(NOOR).key(&"k".repeat(40)).send().await.status, 200);
}

#[tokio::test]
async fn without_a_key_or_with_an_empty_one_nothing_protects() {
    let server = Server::start(&[]);
    for _ in 0..2 {
        assert_eq!(server.reset(NOOR).send().await.status, 200);
        assert_eq!(server.reset(NOOR).key("").send().await.status, 200);
    }
    assert_eq!(server.approvals().await.len(), 4);
}

#[tokio::test]
async fn an_internal_error_spends_the_key() {
    let server = Server::start(&[]);
    for (key, fault, approvals) in
        [("before", json!({ "status": 500 }), 0), ("after", json!({ "status": 503, "effect": true }), 1)]
    {
        server.fault(fault).await;
        assert!(server.reset(NOOR).key(key).send().await.status >= 500);
        let again = server.reset(NOOR).key(key).send().await;
        assert_eq!(again.status, 400);
        assert_eq!(
            again.json()["message"],
            "This operation doesn't support the usage of the same idempotency key after an internal error"
        );
        assert_eq!(server.approvals().await.len(), approvals);
    }
    server.fault(json!({ "status": 502, "spendKey": false })).await;
    assert_eq!(server.reset(NOOR).key("gateway").send().await.status, 502);
    assert_eq!(server.reset(NOOR).key("gateway").send().await.status, 200);
}

#[tokio::test]
async fn a_refusal_by_the_limit_leaves_the_key() {
    let server = Server::start(&[]);
    server.fault(json!({ "status": 429, "retryAfter": "1" })).await;
    let reply = server.reset(NOOR).key("key").send().await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")));
    assert_eq!(server.reset(NOOR).key("key").send().await.status, 200);
    assert_eq!(server.approvals().await.len(), 1);
}

#[tokio::test]
async fn the_same_key_twice_at_once_runs_twice_at_worst_and_once_at_best() {
    for (undocumented, approvals) in [("worst", 2), ("mild", 1)] {
        let server = Server::start(&["--undocumented", undocumented]);
        server.settings(json!({ "processingMs": 300 })).await;
        let (one, two) = tokio::join!(server.reset(NOOR).key("key").send(), server.reset(NOOR).key("key").send());
        assert_eq!((one.status, two.status), (200, 200), "{undocumented}");
        assert_eq!(server.approvals().await.len(), approvals, "{undocumented}");
    }
}

#[tokio::test]
async fn a_second_request_while_one_waits_is_filed_at_worst_and_refused_at_best() {
    for (undocumented, status, approvals) in [("worst", 200, 2), ("mild", 409, 1)] {
        let server = Server::start(&["--undocumented", undocumented]);
        assert_eq!(server.reset(NOOR).key("one").send().await.status, 200);
        assert_eq!(server.reset(NOOR).key("two").send().await.status, status, "{undocumented}");
        assert_eq!(server.approvals().await.len(), approvals, "{undocumented}");
    }
}

#[tokio::test]
async fn a_key_used_for_another_user_lies_at_worst_and_is_refused_at_best() {
    for (undocumented, status) in [("worst", 200), ("mild", 400)] {
        let server = Server::start(&["--undocumented", undocumented]);
        let amara = user(&server, AMARA_INDEX).await;
        assert_eq!(server.reset(NOOR).key("key").send().await.status, 200);
        assert_eq!(server.reset(&amara).key("key").send().await.status, status, "{undocumented}");
        let approvals = server.approvals().await;
        assert_eq!(approvals.len(), 1);
        assert_eq!(approvals[0]["userId"], NOOR);
    }
}

#[tokio::test]
async fn people_without_a_device_to_reset_are_refused_only_at_best() {
    // Owner, viewer, editor, disabled, not activated, API user.
    let odd = [0, 3, 6, 7, 8, 10];
    for (undocumented, status, approvals) in [("worst", 200, odd.len()), ("mild", 400, 0)] {
        let server = Server::start(&["--undocumented", undocumented]);
        for index in odd {
            let id = user(&server, index).await;
            assert_eq!(server.reset(&id).send().await.status, status, "{undocumented} {index}");
        }
        assert_eq!(server.approvals().await.len(), approvals);
        let unknown = server.reset("00000000-0000-0000-0000-000000000000").send().await;
        assert_eq!((unknown.status, unknown.json()["error"]["type"].as_str()), (404, Some("NOT_FOUND")));
    }
}
