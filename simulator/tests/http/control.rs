//! The control endpoint, the data folder, and who may speak to this simulator.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::server::{NOOR, Server};

#[tokio::test]
async fn a_first_start_makes_a_4096_bit_key_that_only_its_owner_reads() {
    let server = Server::start_in(TempDir::new().unwrap(), &[]);
    let file = server.text("secretKeyFile");
    let key = std::fs::read_to_string(file).unwrap();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let state = server.data.path().join("state.sqlite");
    assert_eq!(std::fs::metadata(state).unwrap().permissions().mode() & 0o777, 0o600);
    let pair = aws_lc_rs::rsa::KeyPair::from_pkcs8(pem::parse(&key).unwrap().contents()).unwrap();
    assert_eq!(pair.public_modulus_len() * 8, 4096);
    assert_eq!(server.get("/v1/workspace").signed_with(&key).send().await.status, 200);
}

#[tokio::test]
async fn a_restart_keeps_keys_audience_users_and_requests() {
    let mut server = Server::start(&[]);
    let before = server.ready.clone();
    server.control(Method::PATCH, &format!("/users/{NOOR}"), json!({ "role": "APPROVER" })).await;
    server.reset(NOOR).send().await;
    server.restart();
    for name in ["apiKey", "secretKeyFile", "audience", "adminApiKeys"] {
        assert_eq!(server.ready[name], before[name], "{name}");
    }
    assert_eq!(server.ask(&format!("/users/{NOOR}")).await["role"], "APPROVER");
    assert_eq!(server.approvals().await.len(), 1);
    assert_eq!(server.log().await.len(), 1);
}

#[tokio::test]
async fn it_listens_on_one_loopback_address_alone() {
    let server = Server::start(&[]);
    let port = server.authority().rsplit(':').next().unwrap();
    assert!(TcpStream::connect(format!("127.0.0.1:{port}")).await.is_ok());
    assert!(TcpStream::connect(format!("127.0.0.2:{port}")).await.is_err());
}

#[tokio::test]
async fn a_second_simulator_on_the_same_folder_is_refused() {
    let server = Server::start(&[]);
    let second = Command::new(env!("CARGO_BIN_EXE_simulator")).arg("--data").arg(server.data.path()).output().unwrap();
    assert!(!second.status.success());
    assert!(String::from_utf8(second.stderr).unwrap().contains("another simulator is using"));
    assert!(second.stdout.is_empty());
}

#[tokio::test]
async fn a_rebound_name_or_a_foreign_page_is_refused() {
    let server = Server::start(&[]);
    let status = async |path: &str, name: &str, value: &str| {
        let url = format!("{}{path}", server.origin());
        server.client.get(url).header(name, value).send().await.unwrap().status().as_u16()
    };
    for path in ["/_control/log", "/cdn-cgi/access/certs"] {
        assert_eq!(status(path, "Host", "evil.example").await, 403);
        assert_eq!(status(path, "Host", "127.0.0.1.evil.example").await, 403);
        assert_eq!(status(path, "Origin", "http://evil.example").await, 403);
        assert_eq!(status(path, "Origin", "null").await, 403);
        assert_eq!(status(path, "Origin", "http://127.0.0.1:5173").await, 200);
    }
}

#[tokio::test]
async fn a_body_that_a_foreign_page_could_send_unasked_is_refused() {
    let server = Server::start(&[]);
    let url = format!("{}/faults", server.text("controlUrl"));
    let request = server.client.post(url).header("content-type", "text/plain").body("{\"status\":500}");
    assert_eq!(request.send().await.unwrap().status(), 415);
    assert_eq!(server.get("/v1/workspace").send().await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_done_is_said() {
    let server = Server::start(&[]);
    let status = async |method: Method, path: &str, body: Value| {
        let url = format!("{}{path}", server.text("controlUrl"));
        let response = server.client.request(method, url).json(&body).send().await.unwrap();
        let status = response.status().as_u16();
        let said: Value = response.json().await.unwrap();
        assert!(said["message"].is_string(), "{path}");
        status
    };
    assert_eq!(status(Method::POST, "/faults", json!({ "stauts": 500 })).await, 400);
    assert_eq!(status(Method::PATCH, "/settings", json!({ "approve": 1 })).await, 400);
    assert_eq!(status(Method::PATCH, "/users/nobody", json!({ "role": "ADMIN" })).await, 404);
    assert_eq!(status(Method::PATCH, &format!("/users/{NOOR}"), json!({ "rank": "x" })).await, 422);
    assert_eq!(status(Method::POST, "/users", json!({ "id": NOOR })).await, 409);
    assert_eq!(status(Method::POST, "/users/nobody/advance", json!({})).await, 404);
    assert_eq!(status(Method::POST, &format!("/users/{NOOR}/retreat"), json!({})).await, 404);
    assert_eq!(status(Method::POST, "/clock", json!({ "forwardSeconds": -1 })).await, 400);
    assert_eq!(status(Method::POST, "/approvals/nothing/approve", json!({})).await, 404);
    assert_eq!(status(Method::PATCH, "/api_keys/nothing", json!({ "enabled": false })).await, 404);
    assert_eq!(status(Method::GET, "/nothing", json!({})).await, 404);
}

#[tokio::test]
async fn users_can_be_made_and_changed() {
    let server = Server::start(&[]);
    let made = server.control(Method::POST, "/users", json!({ "firstName": "Ada", "role": "A_NEW_ROLE" })).await;
    let id = made["id"].as_str().unwrap();
    server.control(Method::PATCH, &format!("/users/{id}"), json!({ "enabled": false, "status": "A_NEW_STATUS" })).await;
    let users = server.get("/v1/management/users").send().await.json();
    let user = users["users"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&user["firstName"], &user["role"]), (&json!("Ada"), &json!("A_NEW_ROLE")));
    assert_eq!((&user["enabled"], &user["status"]), (&json!(false), &json!("A_NEW_STATUS")));
}

#[tokio::test]
async fn clear_brings_the_seed_back() {
    let server = Server::start(&[]);
    server.reset(NOOR).key("k").send().await;
    server.fault(json!({ "status": 500 })).await;
    server.control(Method::PATCH, &format!("/users/{NOOR}"), json!({ "status": "PENDING_DEVICE_SETUP" })).await;
    server.control(Method::POST, "/users", json!({})).await;
    server.control(Method::POST, "/clear", Value::Null).await;
    assert!(server.approvals().await.is_empty());
    assert!(server.log().await.is_empty());
    assert_eq!(server.ask("/faults").await["faults"], json!([]));
    let users = server.get("/v1/management/users").send().await.json();
    assert_eq!(users["users"].as_array().unwrap().len(), 60);
    assert_eq!(users["users"][5]["status"], "READY");
    assert_eq!(server.get("/v1/management/audit_logs").send().await.json()["data"], json!([]));
    server.reset(NOOR).key("k").send().await;
    assert_eq!(server.approvals().await.len(), 1, "the key is new again");
}

#[tokio::test]
async fn mails_are_shown_as_text_and_forgotten_with_the_rest() {
    let server = Server::start(&[]);
    let mail = json!({
        "id": "<1@x>", "from": "a@x.example", "to": ["b@x.example"], "subject": "Stop <b>it</b>",
        "text": "https://x.example/me\n<script>1</script>", "sentAt": "2026-01-01T00:00:00Z",
    });
    server.control(Method::POST, "/mails", mail.clone()).await;
    server.control(Method::POST, "/mails", mail.clone()).await;
    assert_eq!(server.ask("/mails").await["mails"], json!([mail]));
    let html = server.get("/mail").send().await.text;
    assert!(html.contains("https://x.example/me\n&#60;script&#62;"), "{html}");
    assert!(!html.contains("<script>") && !html.contains("<b>") && !html.contains("href"));
    server.control(Method::POST, "/clear", json!({})).await;
    assert_eq!(server.ask("/mails").await["mails"], json!([]));
}
