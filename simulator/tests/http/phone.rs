//! The windows after a pairing, a lost second factor, a migration, and time that passes.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{NOOR, Server};

const HOUR: u32 = 3_600;

/// What somebody does about Noor's phone, and the status that is answered.
async fn act(server: &Server, id: &str, action: &str) -> u16 {
    let url = format!("{}/users/{id}/{action}", server.text("controlUrl"));
    server.client.post(url).send().await.unwrap().status().as_u16()
}

async fn let_pass(server: &Server, hours: u32) {
    server.control(Method::POST, "/clock", json!({ "forwardSeconds": hours * HOUR })).await;
}

async fn set_up(server: &Server) -> Value {
    server.ask(&format!("/users/{NOOR}")).await["setUp"].clone()
}

/// A server on which Noor has paired a phone, and the Owner is awaited.
async fn paired(undocumented: &str) -> Server {
    let arguments = ["--approve-after", "0", "--pair-after", "never", "--setup-after", "never"];
    let server = Server::start(&[&arguments[..], &["--undocumented", undocumented]].concat());
    server.settings(json!({ "keySharesAfterSeconds": null })).await;
    server.reset(NOOR).send().await;
    assert_eq!(act(&server, NOOR, "advance").await, 200);
    server
}

#[tokio::test]
async fn the_owner_has_two_days_for_the_key_shares_and_then_the_user_has_two() {
    let server = paired("worst").await;
    assert_eq!(set_up(&server).await, "awaitsOwner");
    assert_eq!(act(&server, NOOR, "advance").await, 409, "the user waits for the Owner");
    let_pass(&server, 47).await;
    assert_eq!(act(&server, NOOR, "approve_key_shares").await, 200);
    assert_eq!(act(&server, NOOR, "approve_key_shares").await, 409);
    // The second window begins with the approval: 47 hours of it are left after as many of the first.
    let_pass(&server, 47).await;
    assert_eq!(set_up(&server).await, "awaitsUser");
    assert_eq!(act(&server, NOOR, "advance").await, 200);
    assert_eq!(server.status_of(NOOR).await, "READY");
    assert_eq!(set_up(&server).await, Value::Null);
}

#[tokio::test]
async fn whoever_is_too_late_after_the_pairing_needs_a_new_reset_or_pairs_anew() {
    for owner in [true, false] {
        let server = paired("worst").await;
        if !owner {
            act(&server, NOOR, "approve_key_shares").await;
        }
        let_pass(&server, 49).await;
        assert_eq!(
            (server.status_of(NOOR).await.as_str(), set_up(&server).await),
            ("PENDING_DEVICE_SETUP", "missed".into())
        );
        for action in ["advance", "approve_key_shares"] {
            assert_eq!(act(&server, NOOR, action).await, 409);
        }
        server.reset(NOOR).send().await;
        assert_eq!(server.status_of(NOOR).await, "PENDING_DEVICE_PAIRING");
        assert_eq!(act(&server, NOOR, "advance").await, 200);
    }
    let mild = paired("mild").await;
    let_pass(&mild, 49).await;
    assert_eq!(mild.status_of(NOOR).await, "PENDING_DEVICE_PAIRING");
}

#[tokio::test]
async fn the_windows_are_as_long_as_it_is_said() {
    let server = paired("worst").await;
    server.settings(json!({ "keySharesWithinSeconds": 5 * 24 * HOUR })).await;
    // Fixed when the user paired.
    let_pass(&server, 49).await;
    assert_eq!(set_up(&server).await, "missed");
    server.reset(NOOR).send().await;
    act(&server, NOOR, "advance").await;
    let_pass(&server, 5 * 24 - 1).await;
    assert_eq!(set_up(&server).await, "awaitsOwner");
}

#[tokio::test]
async fn whoever_does_not_sign_waits_for_no_owner_and_no_time() {
    let server = Server::start(&["--approve-after", "0", "--pair-after", "never", "--setup-after", "never"]);
    server.settings(json!({ "keySharesAfterSeconds": null })).await;
    let users = server.get("/v1/management/users").send().await.json();
    let approver = users["users"]
        .as_array()
        .unwrap()
        .iter()
        .find(|user| user["role"] == "APPROVER" && user["status"] == "READY" && user["enabled"] == true);
    let id = approver.unwrap()["id"].as_str().unwrap();
    server.reset(id).send().await;
    act(&server, id, "advance").await;
    let_pass(&server, 49).await;
    assert_eq!(act(&server, id, "advance").await, 200);
    assert_eq!(server.status_of(id).await, "READY");
}

#[tokio::test]
async fn without_the_second_factor_nobody_pairs_until_the_owner_has_reset_it() {
    let server = Server::start(&["--approve-after", "0", "--pair-after", "0", "--setup-after", "never"]);
    assert_eq!(act(&server, NOOR, "reset_second_factor").await, 409, "it is not lost");
    assert_eq!(act(&server, NOOR, "lose_second_factor").await, 200);
    server.reset(NOOR).send().await;
    let_pass(&server, 1).await;
    assert_eq!(server.status_of(NOOR).await, "PENDING_DEVICE_PAIRING");
    assert_eq!(act(&server, NOOR, "advance").await, 409);
    assert_eq!(act(&server, NOOR, "reset_second_factor").await, 200);
    assert_eq!(server.status_of(NOOR).await, "PENDING_DEVICE_SETUP", "the walk goes on by itself");
    let rows = server.get("/v1/management/audit_logs?subject=Sign%20in").send().await.json();
    let row = &rows["data"][0];
    assert_eq!((&row["event"], &row["user"]), (&json!("Reset 2FA"), &json!("Margaret Okafor")));
}

#[tokio::test]
async fn a_migration_needs_the_owners_leave_and_a_phone_that_works_and_nobodys_approval() {
    let server = Server::start(&["--pair-after", "never"]);
    assert_eq!(act(&server, NOOR, "migrate").await, 409, "it is not allowed");
    server.settings(json!({ "deviceMigration": true })).await;
    assert_eq!(act(&server, NOOR, "migrate").await, 200);
    let noor = server.ask(&format!("/users/{NOOR}")).await;
    assert_eq!((&noor["status"], &noor["phones"]), (&json!("READY"), &json!(2)));
    assert!(server.approvals().await.is_empty());
    assert_eq!(server.get("/v1/management/audit_logs").send().await.json()["data"], json!([]));

    server.reset(NOOR).send().await;
    let approval = server.approvals().await.remove(0);
    server
        .control(Method::POST, &format!("/approvals/{}/approve", approval["id"].as_str().unwrap()), Value::Null)
        .await;
    assert_eq!(act(&server, NOOR, "migrate").await, 409, "the phone is gone");
}

#[tokio::test]
async fn time_that_passes_ends_what_waits_and_leaves_tokens_alone() {
    let server = Server::start(&[]);
    server.reset(NOOR).key("k").send().await;
    let before = server.approvals().await.remove(0);
    let_pass(&server, 47).await;
    let after = server.approvals().await.remove(0);
    assert_eq!(after["status"], "PENDING");
    for name in ["createdAt", "expiresAt"] {
        let passed = before[name].as_i64().unwrap() - after[name].as_i64().unwrap();
        assert_eq!(passed, 47 * 3_600_000, "{name}");
    }
    let_pass(&server, 2).await;
    assert_eq!(server.approvals().await[0]["status"], "TIMED_OUT");
    let rows = server.get("/v1/management/audit_logs").send().await.json();
    assert_eq!(rows["data"], json!([]), "what happened is more than a day ago");
    server.reset(NOOR).key("k").send().await;
    assert_eq!(server.approvals().await.len(), 2, "the key of two days ago is new again");
}
