//! A simulator of one test's own, and signed requests to it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, Response, StatusCode};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use uuid::Uuid;

/// The seed's signer who lost a phone.
pub const NOOR: &str = "6ced6185-ea67-5000-b43d-765c1ec16c99";

/// A key pair made once for all tests: RSA-4096 takes too long to make for each.
pub fn secret_key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(generate)
}

/// A key pair of its own.
pub fn generate() -> String {
    let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
    pem::encode(&pem::Pem::new("PRIVATE KEY", pair.as_der().unwrap().as_ref()))
}

pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub fn sha256_hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub struct Server {
    child: Child,
    arguments: Vec<String>,
    pub data: TempDir,
    pub ready: Value,
    pub client: Client,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Server {
    /// Requests are approved by hand alone, unless the arguments say otherwise.
    pub fn start(arguments: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        std::fs::write(data.path().join("fireblocks_secret.key"), secret_key()).unwrap();
        Self::start_in(data, arguments)
    }

    pub fn start_in(data: TempDir, arguments: &[&str]) -> Self {
        let mut all = vec!["--quiet".to_owned(), "--data".to_owned(), data.path().display().to_string()];
        if !arguments.contains(&"--approve-after") {
            all.extend(["--approve-after".to_owned(), "never".to_owned()]);
        }
        all.extend(arguments.iter().map(|&argument| argument.to_owned()));
        let (child, ready) = launch(&all);
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { child, arguments: all, data, ready, client }
    }

    /// Killed without a warning, and started anew on the same data (and another port).
    pub fn restart(&mut self) {
        self.kill();
        (self.child, self.ready) = launch(&self.arguments);
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn text(&self, name: &str) -> &str {
        self.ready[name].as_str().unwrap()
    }

    pub fn origin(&self) -> &str {
        self.text("teamDomain")
    }

    pub fn authority(&self) -> &str {
        self.origin().strip_prefix("http://").unwrap()
    }

    /// A signed request, right in everything until a test makes it wrong.
    pub fn request(&self, method: Method, target: &str) -> Request<'_> {
        let api_key = self.text("apiKey");
        let issued = now();
        let claims = json!({
            "uri": target, "nonce": Uuid::new_v4().to_string(), "iat": issued, "exp": issued + 55, "sub": api_key,
        });
        Request {
            server: self,
            method,
            target: target.to_owned(),
            api_key: Some(api_key.to_owned()),
            secret_key: secret_key().to_owned(),
            claims: claims.as_object().unwrap().clone(),
            token: None,
            unsigned: false,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub fn get(&self, target: &str) -> Request<'_> {
        self.request(Method::GET, target)
    }

    pub fn reset(&self, id: &str) -> Request<'_> {
        self.request(Method::POST, &format!("/v1/management/users/{id}/reset_device"))
    }

    pub async fn control(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.text("controlUrl"));
        let request = self.client.request(method, url);
        let request = if body.is_null() { request } else { request.json(&body) };
        let response = request.send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.text().await.unwrap());
        serde_json::from_str(&response.text().await.unwrap()).unwrap_or(Value::Null)
    }

    pub async fn ask(&self, path: &str) -> Value {
        self.control(Method::GET, path, Value::Null).await
    }

    pub async fn settings(&self, patch: Value) {
        self.control(Method::PATCH, "/settings", patch).await;
    }

    pub async fn fault(&self, fault: Value) {
        self.control(Method::POST, "/faults", fault).await;
    }

    pub async fn approvals(&self) -> Vec<Value> {
        self.ask("/approvals").await["approvals"].as_array().unwrap().clone()
    }

    pub async fn log(&self) -> Vec<Value> {
        self.ask("/log").await["requests"].as_array().unwrap().clone()
    }

    pub async fn status_of(&self, id: &str) -> String {
        self.ask(&format!("/users/{id}")).await["status"].as_str().unwrap().to_owned()
    }

    /// Sends bytes, and gives all that comes back until the other side closes.
    pub async fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.authority()).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut received = Vec::new();
        // A reset connection is an end too.
        let _ = stream.read_to_end(&mut received).await;
        received
    }
}

fn launch(arguments: &[String]) -> (Child, Value) {
    let mut child =
        Command::new(env!("CARGO_BIN_EXE_simulator")).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).expect("the simulator says that it is ready"))
}

pub struct Request<'a> {
    server: &'a Server,
    method: Method,
    target: String,
    api_key: Option<String>,
    secret_key: String,
    claims: Map<String, Value>,
    token: Option<String>,
    unsigned: bool,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> i64 {
        self.json()["code"].as_i64().unwrap_or_default()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Request<'_> {
    pub fn key(self, idempotency_key: &str) -> Self {
        self.header("Idempotency-Key", idempotency_key)
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    pub fn without_claim(mut self, name: &str) -> Self {
        // Null marks it; signed_claims takes it out.
        self.claims.insert(name.to_owned(), Value::Null);
        self
    }

    /// Asks as another API user.
    pub fn by(mut self, api_key: &str) -> Self {
        self.api_key = Some(api_key.to_owned());
        self.claim("sub", api_key)
    }

    pub fn api_key_header(mut self, api_key: Option<&str>) -> Self {
        self.api_key = api_key.map(str::to_owned);
        self
    }

    pub fn signed_with(mut self, secret_key: &str) -> Self {
        self.secret_key = secret_key.to_owned();
        self
    }

    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    pub fn unsigned(mut self) -> Self {
        self.unsigned = true;
        self
    }

    pub fn signed_claims(&self) -> Value {
        let mut claims = self.claims.clone();
        claims.entry("bodyHash").or_insert_with(|| sha256_hex(&self.body).into());
        claims.retain(|_, value| !value.is_null());
        Value::Object(claims)
    }

    pub fn authorization(&self) -> Option<String> {
        if self.unsigned {
            return None;
        }
        let token = self.token.clone().unwrap_or_else(|| {
            let key = EncodingKey::from_rsa_pem(self.secret_key.as_bytes()).unwrap();
            jsonwebtoken::encode(&Header::new(Algorithm::RS256), &self.signed_claims(), &key).unwrap()
        });
        Some(format!("Bearer {token}"))
    }

    fn all_headers(&self) -> Vec<(String, String)> {
        let mut headers = self.headers.clone();
        headers.extend(self.api_key.iter().map(|key| ("X-API-Key".to_owned(), key.clone())));
        headers.extend(self.authorization().map(|value| ("Authorization".to_owned(), value)));
        headers
    }

    pub async fn send(self) -> Reply {
        self.try_send().await.unwrap()
    }

    pub async fn try_send(self) -> Result<Reply, reqwest::Error> {
        let url = format!("{}{}", self.server.origin(), self.target);
        let mut request = self.server.client.request(self.method.clone(), url).body(self.body.clone());
        for (name, value) in self.all_headers() {
            request = request.header(name, value);
        }
        let response: Response = request.send().await?;
        let status: StatusCode = response.status();
        let headers = response.headers().clone();
        let text = String::from_utf8_lossy(&response.bytes().await?).into_owned();
        Ok(Reply { status: status.as_u16(), headers, text })
    }

    /// The bytes of the request, as they would stand on the wire.
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n",
            self.method,
            self.target,
            self.server.authority(),
            self.body.len()
        );
        for (name, value) in self.all_headers() {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        [head.as_bytes(), &self.body].concat()
    }

    pub async fn send_raw(self) -> Vec<u8> {
        let bytes = self.bytes();
        self.server.raw(&bytes).await
    }
}
