//! Requests that end otherwise than by an approver's hand, and requests that are not the API's own.

use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{NOOR, Request, Server, generate};

/// The seed's Non-Signing Admin, Jonas Weber.
async fn jonas(server: &Server) -> String {
    let users = server.get("/v1/management/users").send().await.json();
    users["users"][2]["id"].as_str().unwrap().to_owned()
}

async fn filed(server: &Server) -> String {
    server.reset(NOOR).send().await;
    server.approvals().await.last().unwrap()["id"].as_str().unwrap().to_owned()
}

fn reject<'a>(server: &'a Server, id: &str) -> Request<'a> {
    server.request(Method::POST, &format!("/v1/approvals/{id}/reject"))
}

async fn status_of(server: &Server, id: &str) -> String {
    let approvals = server.approvals().await;
    let approval = approvals.iter().find(|approval| approval["id"] == id).unwrap();
    approval["status"].as_str().unwrap().to_owned()
}

async fn last_row(server: &Server) -> Value {
    server.get("/v1/management/audit_logs").send().await.json()["data"][0].clone()
}

/// The payloads of what waits, parsed.
async fn payloads(server: &Server) -> Vec<Value> {
    let list = server.get("/v1/approvals?includeAllUsers=true").send().await.json();
    let parse = |item: &Value| serde_json::from_str(item["requestPayload"].as_str().unwrap()).unwrap();
    list["data"].as_array().unwrap().iter().map(parse).collect()
}

#[tokio::test]
async fn the_api_user_rejects_where_it_may_act_on_the_request() {
    let server = Server::start(&[]);
    server.settings(json!({ "apiUserEligible": true })).await;
    let id = filed(&server).await;
    let target = format!("/v1/approvals/{id}");
    assert_eq!(server.get(&target).send().await.json()["userStatus"], "USER_NOT_APPROVED");
    let own = server.get("/v1/approvals").send().await.json();
    assert_eq!(own["data"].as_array().unwrap().len(), 1, "it is among those that wait for the caller");

    let reply = reject(&server, &id).key("once").send().await;
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    assert_eq!(reply.header("fireblocks-lifecycle-state"), Some("beta"));
    assert_eq!(status_of(&server, &id).await, "REJECTED");
    assert_eq!(server.status_of(NOOR).await, "READY");
    let row = last_row(&server).await;
    assert_eq!((&row["event"], &row["userId"]), (&json!("Rejected"), &json!(server.text("apiKey"))));

    let again = reject(&server, &id).key("once").send().await;
    assert_eq!(again.status, 204, "the same key gets the same answer");
    assert_eq!(reject(&server, &id).key("twice").send().await.status, 409);
    let log = server.log().await;
    let rejections: Vec<_> = log.iter().filter(|entry| entry["operation"] == "rejectApproval").collect();
    let told = |name: &str| rejections.iter().map(|entry| entry[name].as_bool().unwrap()).collect::<Vec<_>>();
    assert_eq!((told("effect"), told("replayed")), (vec![true, false, false], vec![false, true, false]));
}

#[tokio::test]
async fn the_api_user_is_refused_where_it_may_not_act_on_the_request() {
    let server = Server::start(&[]);
    let id = filed(&server).await;
    let target = format!("/v1/approvals/{id}");
    assert_eq!(server.get(&target).send().await.json()["userStatus"], "USER_NOT_ELIGIBLE_TO_APPROVE");
    let reply = reject(&server, &id).send().await;
    assert_eq!((reply.status, reply.code()), (403, 403));
    assert!(reply.json()["message"].as_str().unwrap().contains("not eligible"));
    assert_eq!(status_of(&server, &id).await, "PENDING");
}

#[tokio::test]
async fn a_rejection_is_refused_as_every_operation_is() {
    let server = Server::start(&[]);
    server.settings(json!({ "apiUserEligible": true })).await;
    let id = filed(&server).await;
    assert_eq!(reject(&server, "nothing").send().await.status, 404);
    assert_eq!(server.get(&format!("/v1/approvals/{id}/reject")).send().await.status, 405);
    assert_eq!(reject(&server, &id).key(&"k".repeat(41)).send().await.status, 400);
    assert_eq!(reject(&server, &id).signed_with(&generate()).send().await.code(), -1);
    for (role, status) in [("VIEWER", 403), ("AUDITOR", 403), ("SECURITY_ADMIN", 204)] {
        let id = filed(&server).await;
        let user = json!({ "role": role, "sharedKey": true });
        let made = server.control(Method::POST, "/api_keys", user).await;
        let reply = reject(&server, &id).by(made["apiKey"].as_str().unwrap()).send().await;
        assert_eq!(reply.status, status, "{role}");
    }
    server.settings(json!({ "approvalsReadable": false })).await;
    assert_eq!(reject(&server, &id).send().await.status, 403);
    assert_eq!(status_of(&server, &id).await, "PENDING");
}

#[tokio::test]
async fn faults_play_around_a_rejection_as_around_a_reset() {
    let server = Server::start(&[]);
    server.settings(json!({ "apiUserEligible": true })).await;
    let order = async |fault: Value| {
        let mut fault = fault;
        fault["match"] = json!({ "operation": "rejectApproval" });
        server.fault(fault).await;
    };
    let id = filed(&server).await;
    order(json!({ "cut": "beforeEffect" })).await;
    assert!(reject(&server, &id).try_send().await.is_err());
    order(json!({ "status": 500 })).await;
    assert_eq!(reject(&server, &id).key("spent").send().await.status, 500);
    assert_eq!(status_of(&server, &id).await, "PENDING");
    assert_eq!(reject(&server, &id).key("spent").send().await.status, 400, "an internal error spends the key");
    order(json!({ "cut": "afterEffect" })).await;
    assert!(reject(&server, &id).try_send().await.is_err());
    assert_eq!(status_of(&server, &id).await, "REJECTED");
}

#[tokio::test]
async fn an_approved_request_that_cannot_be_carried_out_ends_as_failed() {
    let server = Server::start(&[]);
    server.settings(json!({ "approvalThreshold": 2 })).await;
    let id = filed(&server).await;
    let failed = server.control(Method::POST, &format!("/approvals/{id}/fail"), Value::Null).await;
    assert_eq!((&failed["status"], failed["approvedBy"].as_array().unwrap().len()), (&json!("FAILED"), 2));
    let item = server.get(&format!("/v1/approvals/{id}?quorumStatusMode=SUMMARY")).send().await.json();
    let quorum = &item["quorumStatus"];
    assert_eq!((&quorum["requestStatus"], &quorum["quorum"]["status"]), (&json!("FAILED"), &json!("APPROVED")));
    assert!(payloads(&server).await.is_empty(), "it waits no more");
    assert_eq!(server.status_of(NOOR).await, "READY");
    assert_eq!(last_row(&server).await["event"], "Approved");
    let again = format!("{}/approvals/{id}/fail", server.text("controlUrl"));
    assert_eq!(server.client.post(again).send().await.unwrap().status(), 409);
}

#[tokio::test]
async fn another_administrator_resets_a_device_in_the_console() {
    let server = Server::start(&["--pair-after", "never"]);
    let jonas = jonas(&server).await;
    let made = server.control(Method::POST, "/approvals", json!({ "userId": NOOR, "by": jonas })).await;
    assert_eq!((&made["userId"], &made["initiatorId"]), (&json!(NOOR), &json!(jonas)));
    for name in ["apiKey", "requestId", "idempotencyKey"] {
        assert_eq!(made[name], Value::Null, "{name}: no API user asked");
    }
    let row = last_row(&server).await;
    assert_eq!(
        (&row["event"], &row["user"], &row["userId"]),
        (&json!("Submitted request"), &json!("Jonas Weber"), &json!(jonas))
    );
    let payload = payloads(&server).await.remove(0);
    assert_eq!((&payload["requestId"], &payload["requestData"]["userId"]), (&made["id"], &json!(NOOR)));
    assert_eq!(server.log().await.iter().filter(|entry| entry["effect"] == true).count(), 0);

    server.control(Method::POST, &format!("/approvals/{}/approve", made["id"].as_str().unwrap()), Value::Null).await;
    assert_eq!(server.status_of(NOOR).await, "PENDING_DEVICE_PAIRING");
    // Nobody named: someone of the quorum, and never for their own device.
    let own = server.control(Method::POST, "/approvals", json!({ "userId": jonas })).await;
    assert_ne!(own["initiatorId"], json!(jonas));
}

#[tokio::test]
async fn a_payload_may_name_who_asked_and_whose_device_it_is_in_any_place() {
    let server = Server::start(&[]);
    let jonas = jonas(&server).await;
    server.control(Method::POST, "/approvals", json!({ "userId": NOOR, "by": jonas })).await;
    for (shape, target, initiator) in [
        ("target", "/requestData/userId", "/nowhere"),
        ("initiatorBeside", "/requestData/userId", "/initiatorId"),
        ("initiatorNested", "/requestData/user/userId", "/requestData/initiator/userId"),
        ("initiatorAsUserId", "/requestData/targetUserId", "/requestData/userId"),
    ] {
        server.settings(json!({ "requestPayload": shape })).await;
        let payload = payloads(&server).await.remove(0);
        assert_eq!(payload.pointer(target), Some(&json!(NOOR)), "{shape}");
        let named = (shape != "target").then(|| json!(jonas));
        assert_eq!(payload.pointer(initiator), named.as_ref(), "{shape}");
        assert_eq!(payload["requestType"], "RE_ENROLL_DEVICE");
    }
}

#[tokio::test]
async fn a_request_that_is_no_reset_may_name_a_user_too() {
    let server = Server::start(&["--pair-after", "never"]);
    let data = json!({ "initiator": NOOR, "role": "EDITOR" });
    let new = json!({ "requestType": "ADD_USER", "requestData": data, "by": NOOR });
    let made = server.control(Method::POST, "/approvals", new).await;
    let payload = payloads(&server).await.remove(0);
    assert_eq!((&payload["requestType"], &payload["requestData"]), (&json!("ADD_USER"), &data));
    let rows = server.get("/v1/management/audit_logs").send().await.json();
    assert_eq!(rows["data"], json!([]), "no row of a reset");
    assert_eq!(server.ask(&format!("/approvals?userId={NOOR}")).await["approvals"], json!([]));

    server.settings(json!({ "undocumented": "mild" })).await;
    assert_eq!(server.reset(NOOR).send().await.status, 200, "no reset of this user waits");
    let approve = format!("/approvals/{}/approve", made["id"].as_str().unwrap());
    assert_eq!(server.control(Method::POST, &approve, Value::Null).await["status"], "APPROVED");
    assert_eq!(server.status_of(NOOR).await, "READY", "nothing comes of it");
}

#[tokio::test]
async fn what_nobody_could_ask_for_in_the_console_is_refused() {
    let server = Server::start(&[]);
    let status = async |body: Value| {
        let url = format!("{}/approvals", server.text("controlUrl"));
        server.client.post(url).json(&body).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(json!({})).await, 400);
    assert_eq!(status(json!({ "userId": "nobody" })).await, 404);
    assert_eq!(status(json!({ "userId": NOOR, "by": "nobody" })).await, 404);
    assert_eq!(status(json!({ "userId": NOOR, "requestType": "X", "requestData": {} })).await, 400);
    assert_eq!(status(json!({ "requestType": "X" })).await, 400);
    assert_eq!(status(json!({ "user": NOOR })).await, 422);
    assert!(server.approvals().await.is_empty());
}
