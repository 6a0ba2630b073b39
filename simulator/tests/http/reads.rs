//! What can be read: users, audit log, approvals, workspace; and what is not there.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{NOOR, Server};

#[tokio::test]
async fn ten_thousand_users_come_at_once_and_soon() {
    let server = Server::start(&["--users", "10000"]);
    let began = Instant::now();
    let reply = server.get("/v1/management/users").send().await;
    let took = began.elapsed();
    let users = reply.json()["users"].as_array().unwrap().clone();
    assert_eq!(users.len(), 10_000);
    assert!(took < Duration::from_secs(1), "{took:?}");
    for user in &users {
        for field in ["id", "firstName", "lastName", "role", "status", "userType"] {
            assert!(user[field].is_string(), "{user}");
        }
        assert!(user["enabled"].is_boolean());
    }
}

#[tokio::test]
async fn the_people_that_documents_speak_of_are_always_there() {
    let server = Server::start(&["--users", "1"]);
    let users = server.get("/v1/management/users").send().await.json();
    let users = users["users"].as_array().unwrap();
    assert_eq!(users.len(), 11);
    let role = |name: &str| {
        let email = format!("{name}@northwind.example");
        users.iter().find(|user| user["email"] == email).map(|user| user["role"].as_str().unwrap())
    };
    for (name, expected) in [
        ("margaret.okafor", "OWNER"),
        ("amara.lindqvist", "ADMIN"),
        ("jonas.weber", "NON_SIGNING_ADMIN"),
        ("priya.nair", "VIEWER"),
        ("tomas.herrera", "AUDITOR"),
        ("noor.haddad", "SIGNER"),
        ("eli.brandt", "EDITOR"),
    ] {
        assert_eq!(role(name), Some(expected), "{name}");
    }
    let count = |field: &str, value: Value| users.iter().filter(|user| user[field] == value).count();
    assert_eq!(count("enabled", json!(false)), 1);
    assert_eq!(count("status", json!("PENDING_ACTIVATION")), 1);
    assert_eq!(count("status", json!("PENDING_DEVICE_PAIRING")), 1);
    assert_eq!(count("userType", json!("API")), 1);
}

#[tokio::test]
async fn audit_rows_come_in_pages_that_join_without_a_seam() {
    let server = Server::start(&[]);
    for _ in 0..7 {
        server.reset(NOOR).send().await;
    }
    let all = server.get("/v1/management/audit_logs").send().await.json();
    assert_eq!((all["data"].as_array().unwrap().len(), &all["next"]), (7, &Value::Null));
    for order in ["ASC", "DESC"] {
        let (mut ids, mut cursor, mut pages) = (Vec::new(), String::new(), 0);
        loop {
            let target = format!("/v1/management/audit_logs?order={order}&pageSize=3&pageCursor={cursor}");
            let page = server.get(&target).send().await.json();
            ids.extend(page["data"].as_array().unwrap().iter().map(|row| row["id"].clone()));
            pages += 1;
            match page["next"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => break,
            }
        }
        let mut expected: Vec<_> = all["data"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
        if order == "ASC" {
            expected.reverse();
        }
        assert_eq!((ids, pages), (expected, 3), "{order}");
    }
    let row = &all["data"][0];
    assert_eq!((&row["category"], &row["userId"]), (&json!("Administration"), &json!(server.text("apiKey"))));
    assert!(row["timestamp"].is_number() && row["createdAt"].is_number());
    assert!(!row.to_string().contains(NOOR), "a row never says on whom");
}

#[tokio::test]
async fn audit_filters_are_exact_or_within_a_field_and_across() {
    let server = Server::start(&["--approve-after", "0", "--pair-after", "0", "--setup-after", "0"]);
    server.reset(NOOR).send().await;
    let count = async |query: &str| {
        let reply = server.get(&format!("/v1/management/audit_logs?{query}")).send().await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text);
        reply.json()["data"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 4);
    assert_eq!(count("subject=Re-enroll%20mobile%20device").await, 3);
    assert_eq!(count("subject=re-enroll%20mobile%20device").await, 0);
    assert_eq!(count("subject=Re-enroll%20mobile%20device&subject=User").await, 4);
    assert_eq!(count("subject=User&event=Approved").await, 0);
    assert_eq!(count("category=Administration&user=Noor%20Haddad").await, 1);
    assert_eq!(count(&format!("userId={NOOR}")).await, 1);
    let soon = crate::server::now() * 1000 + 60_000;
    assert_eq!(count(&format!("startTime={soon}&endTime={}", soon + 1)).await, 0);
    for bad in ["pageSize=501", "startTime=1", "order=down", "pageCursor=zzz"] {
        let reply = server.get(&format!("/v1/management/audit_logs?{bad}")).send().await;
        assert_eq!((reply.status, reply.code()), (400, 400), "{bad}");
    }
}

#[tokio::test]
async fn waiting_requests_can_be_listed_and_read() {
    let server = Server::start(&[]);
    let owner = server.get("/v1/management/users").send().await.json()["users"][0]["id"].clone();
    let owner = owner.as_str().unwrap();
    for _ in 0..3 {
        server.reset(NOOR).send().await;
    }
    let get = async |query: &str| server.get(&format!("/v1/approvals{query}")).send().await;
    let all = get("?includeAllUsers=true&quorumStatusMode=SUMMARY&pageSize=2").await;
    assert_eq!((all.status, all.header("fireblocks-lifecycle-state")), (200, Some("beta")));
    let all = all.json();
    assert_eq!(all["data"].as_array().unwrap().len(), 2);
    let rest = get(&format!("?includeAllUsers=true&pageSize=2&pageCursor={}", all["next"].as_str().unwrap())).await;
    assert_eq!(rest.json()["data"].as_array().unwrap().len(), 1);
    assert_eq!(rest.json()["next"], Value::Null);

    let item = &all["data"][0];
    let payload: Value = serde_json::from_str(item["requestPayload"].as_str().unwrap()).unwrap();
    let approval = server.approvals().await.pop().unwrap();
    assert_eq!(payload["requestId"], approval["id"]);
    assert_eq!(payload["requestTimestamp"], approval["createdAt"]);
    assert_eq!(payload["expiresAt"].as_i64().unwrap(), approval["expiresAt"].as_i64().unwrap() / 1000);
    assert_eq!(payload["requestData"]["userId"], NOOR);
    assert_eq!(item["quorumStatus"]["requestStatus"], "PENDING");
    assert_eq!(item["quorumStatus"]["quorum"]["threshold"], 1);
    assert_eq!(item["userStatus"], "USER_NOT_ELIGIBLE_TO_APPROVE");

    assert_eq!(get("").await.json()["data"], json!([]), "an API user approves nothing");
    let owners = get(&format!("?userId={owner}")).await.json();
    assert_eq!(owners["data"][0]["userStatus"], "USER_NOT_APPROVED");
    for bad in ["?includeAllUsers=true&userId=a", "?quorumStatusMode=FULL", "?pageSize=31", "?includeAllUsers=yes"] {
        assert_eq!(get(bad).await.status, 400, "{bad}");
    }

    let id = approval["id"].as_str().unwrap();
    server.control(Method::POST, &format!("/approvals/{id}/approve"), Value::Null).await;
    let one = get(&format!("/{id}?quorumStatusMode=FULL")).await.json();
    assert_eq!(one["quorumStatus"]["requestStatus"], "APPROVED");
    assert!(one["quorumStatus"]["users"].as_array().unwrap().iter().any(|user| user["status"] == "USER_APPROVED"));
    assert_eq!(
        get("?includeAllUsers=true").await.json()["data"].as_array().unwrap().len(),
        2,
        "ended ones are not listed"
    );
    assert_eq!(get("/nothing").await.status, 404);
    server.settings(json!({ "approvalsReadable": false })).await;
    assert_eq!(get("?includeAllUsers=true").await.status, 403);
}

#[tokio::test]
async fn the_workspace_has_an_id_and_a_name() {
    let server = Server::start(&[]);
    let workspace = server.get("/v1/workspace").send().await.json();
    assert_eq!(workspace["name"], "Northwind Treasury");
    assert!(workspace["id"].is_string());
}

#[tokio::test]
async fn what_is_not_there_is_answered_as_such_with_a_request_id() {
    let server = Server::start(&[]);
    for (method, target, status) in [
        (Method::POST, "/v1/management/reset_device", 404),
        (Method::GET, "/v1/nothing", 404),
        (Method::POST, "/v1/management/users", 405),
    ] {
        let reply = server.request(method, target).send().await;
        assert_eq!((reply.status, reply.code()), (status, i64::from(status)), "{target}");
        assert!(reply.header("x-request-id").is_some());
    }
}
