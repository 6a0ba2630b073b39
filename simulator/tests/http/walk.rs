//! From a filed request to the new device, and what the audit log says of it.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{NOOR, Server};

async fn act(server: &Server, approval: &Value, action: &str) -> Value {
    let path = format!("/approvals/{}/{action}", approval["id"].as_str().unwrap());
    server.control(Method::POST, &path, Value::Null).await
}

/// Subject and event of each row, oldest first.
async fn story(server: &Server) -> Vec<(String, String)> {
    let rows = server.get("/v1/management/audit_logs?order=ASC").send().await.json();
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    rows["data"].as_array().unwrap().iter().map(|row| (text(row, "subject"), text(row, "event"))).collect()
}

fn rows(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(subject, event)| ((*subject).to_owned(), (*event).to_owned())).collect()
}

#[tokio::test]
async fn by_hand_each_step_waits_for_its_hand() {
    let server = Server::start(&["--pair-after", "never", "--setup-after", "never"]);
    server.reset(NOOR).key("k").send().await;
    assert_eq!(server.status_of(NOOR).await, "READY", "a filed request resets nothing");
    let approval = server.approvals().await.remove(0);
    assert_eq!(
        (&approval["status"], &approval["idempotencyKey"], &approval["userEmail"]),
        (&json!("PENDING"), &json!("k"), &json!("noor.haddad@northwind.example"))
    );
    assert_eq!(act(&server, &approval, "approve").await["status"], "APPROVED");
    let advance = format!("/users/{NOOR}/advance");
    for status in ["PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "READY"] {
        assert_eq!(server.status_of(NOOR).await, status);
        if status != "READY" {
            server.control(Method::POST, &advance, Value::Null).await;
        }
    }
    assert_eq!(
        story(&server).await,
        rows(&[
            ("Re-enroll mobile device", "Submitted request"),
            ("Re-enroll mobile device", "Approved"),
            ("User", "Reset mobile device"),
            ("Re-enroll mobile device", "Completed"),
        ])
    );
}

#[tokio::test]
async fn the_other_family_of_audit_rows_can_be_played() {
    let server = Server::start(&["--approve-after", "0", "--pair-after", "0", "--setup-after", "0"]);
    server.settings(json!({ "auditFamily": "deviceReset" })).await;
    server.reset(NOOR).send().await;
    assert_eq!(
        story(&server).await,
        rows(&[
            ("Device reset", "Submitted request"),
            ("Device reset", "Approved"),
            ("Device reset", "Completed"),
            ("User", "Reset mobile device"),
            ("Device reset", "Recovered"),
            ("User", "Recovered mobile device"),
        ])
    );
}

#[tokio::test]
async fn with_delays_the_walk_goes_by_itself_also_while_nobody_runs() {
    let mut server = Server::start(&["--approve-after", "0.6", "--pair-after", "0.6", "--setup-after", "0.6"]);
    server.reset(NOOR).send().await;
    let mut seen = vec![server.status_of(NOOR).await];
    for _ in 0..60 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let status = server.status_of(NOOR).await;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    assert_eq!(seen, ["READY", "PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "READY"]);

    server.reset(NOOR).send().await;
    server.restart();
    tokio::time::sleep(Duration::from_millis(2_000)).await;
    assert_eq!(story(&server).await.len(), 8, "both stories are whole");
    assert_eq!(server.status_of(NOOR).await, "READY");
    let approvals = server.approvals().await;
    assert!(approvals.iter().all(|approval| approval["status"] == "APPROVED"), "{approvals:?}");
}

#[tokio::test]
async fn a_second_approval_throws_the_new_device_away_again() {
    let server = Server::start(&["--pair-after", "never"]);
    server.reset(NOOR).send().await;
    server.reset(NOOR).send().await;
    let approvals = server.approvals().await;
    act(&server, &approvals[0], "approve").await;
    server.control(Method::PATCH, &format!("/users/{NOOR}"), json!({ "status": "READY" })).await;
    act(&server, &approvals[1], "approve").await;
    assert_eq!(server.status_of(NOOR).await, "PENDING_DEVICE_PAIRING");
}

#[tokio::test]
async fn a_request_that_ends_otherwise_resets_nothing_and_ends_once() {
    let server = Server::start(&[]);
    for (action, status) in [("reject", "REJECTED"), ("cancel", "CANCELLED"), ("expire", "TIMED_OUT")] {
        server.reset(NOOR).send().await;
        let approval = server.approvals().await.pop().unwrap();
        assert_eq!(act(&server, &approval, action).await["status"], status);
        let again = format!("{}/approvals/{}/approve", server.text("controlUrl"), approval["id"].as_str().unwrap());
        assert_eq!(server.client.post(again).send().await.unwrap().status(), 409);
    }
    assert_eq!(server.status_of(NOOR).await, "READY");
    let submitted = ("Re-enroll mobile device", "Submitted request");
    assert_eq!(
        story(&server).await,
        rows(&[
            submitted,
            ("Re-enroll mobile device", "Rejected"),
            submitted,
            ("Re-enroll mobile device", "Canceled"),
            submitted,
        ])
    );
}

#[tokio::test]
async fn a_request_runs_out_and_a_quorum_takes_several() {
    let server = Server::start(&["--pair-after", "never"]);
    server.settings(json!({ "approvalThreshold": 2, "approvalLifetimeSeconds": 1 })).await;
    server.reset(NOOR).send().await;
    let approval = server.approvals().await.remove(0);
    assert_eq!(act(&server, &approval, "approve").await["status"], "PENDING");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(server.approvals().await[0]["status"], "TIMED_OUT");

    server.settings(json!({ "approvalLifetimeSeconds": 60 })).await;
    server.reset(NOOR).send().await;
    let approval = server.approvals().await.remove(1);
    act(&server, &approval, "approve").await;
    let approved = act(&server, &approval, "approve").await;
    assert_eq!(approved["status"], "APPROVED");
    let by = approved["approvedBy"].as_array().unwrap();
    assert_eq!(by.len(), 2);
    assert_ne!(by[0], by[1]);
}

#[tokio::test]
async fn an_approved_reset_of_someone_without_a_device_fails() {
    let server = Server::start(&[]);
    let users = server.get("/v1/management/users").send().await.json();
    let viewer = users["users"][3]["id"].as_str().unwrap();
    server.reset(viewer).send().await;
    let approval = server.approvals().await.remove(0);
    assert_eq!(act(&server, &approval, "approve").await["status"], "FAILED");
    assert_eq!(server.status_of(viewer).await, "READY");
}
