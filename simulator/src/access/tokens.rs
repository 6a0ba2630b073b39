//! Access application tokens: as Access issues them, and, for tests, as it never would.

use anyhow::{Context as _, Result};
use aws_lc_rs::rsa::KeySize;
use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::signing_keys::{self, SigningKey};
use crate::clock::{Millis, SECOND};
use crate::crypto::rsa_key::RsaKey;
use crate::server::json::{JsonBody, Refused};
use crate::simulator::Sim;

/// Access's default session.
const SESSION_SECONDS: i64 = 24 * 60 * 60;

/// The namespace of the `sub` of people.
const PEOPLE: Uuid = Uuid::from_u128(0x6163_6365_7373_2d70_656f_706c_652d_6964);

/// `POST /_control/access/token`. Nothing given: an application token of nobody in particular.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TokenRequest {
    /// Whose token. Neither this nor `commonName`: a token without either.
    pub email: Option<String>,
    /// What the identity endpoint says of their groups, whatever it is: Access hands on what the identity provider gave.
    pub groups: Option<Value>,
    /// A service token's client id.
    pub common_name: Option<String>,
    /// One or several, in place of this application's.
    pub aud: Option<Value>,
    /// In place of this team domain.
    pub iss: Option<String>,
    /// Seconds from now; a day when not given; may be negative.
    pub expires_in: Option<i64>,
    /// Seconds from now; 0 when not given.
    pub not_before: Option<i64>,
    /// The header's `kid`. A known one is also the key that signs.
    pub kid: Option<String>,
    /// `RS256`, `HS256` (keyed with the public key's PEM), `none`, or any other name, which RS256 is then passed off as.
    pub alg: Option<String>,
    /// The claim `custom`.
    pub custom: Option<Value>,
    /// True: signed with a key that is not the team's.
    pub forged: bool,
}

/// `POST /_control/access/token`.
pub async fn make(State(simulator): Sim, JsonBody(request): JsonBody<TokenRequest>) -> Result<Json<Value>, Refused> {
    let token = simulator.transact(|conn, now| issue(conn, &simulator.origin, &simulator.audience, now, &request))?;
    Ok(Json(json!({ "token": token })))
}

/// Makes a token, and remembers who it is for.
pub fn issue(conn: &Connection, issuer: &str, audience: &str, now: Millis, request: &TokenRequest) -> Result<String> {
    let keys = signing_keys::all(conn)?;
    let key = keys
        .iter()
        .find(|key| Some(&key.kid) == request.kid.as_ref())
        .or(keys.first())
        .context("there is no signing key")?;
    let identity_nonce = Uuid::new_v4().simple().to_string();
    remember(conn, &identity_nonce, request)?;
    let claims = claims(issuer, audience, now.div_euclid(SECOND), request, identity_nonce);
    let kid = request.kid.clone().unwrap_or_else(|| key.kid.clone());
    sign(key, kid, &claims, request)
}

fn claims(issuer: &str, audience: &str, now: i64, request: &TokenRequest, identity_nonce: String) -> Value {
    let aud = match &request.aud {
        None => json!([audience]),
        Some(Value::Array(several)) => json!(several),
        Some(one) => json!([one]),
    };
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.into(), value);
    put("aud", aud);
    put("exp", (now + request.expires_in.unwrap_or(SESSION_SECONDS)).into());
    put("iat", now.into());
    put("nbf", (now + request.not_before.unwrap_or_default()).into());
    put("iss", request.iss.as_deref().unwrap_or(issuer).into());
    put("type", "app".into());
    match &request.common_name {
        Some(common_name) => {
            put("common_name", common_name.as_str().into());
            put("sub", "".into());
        }
        None => {
            if let Some(email) = &request.email {
                put("email", email.as_str().into());
                let subject = Uuid::new_v5(&PEOPLE, email.to_lowercase().as_bytes());
                put("sub", subject.to_string().into());
            }
            put("identity_nonce", identity_nonce.into());
            put("country", "DE".into());
        }
    }
    if let Some(custom) = &request.custom {
        put("custom", custom.clone());
    }
    Value::Object(claims)
}

fn sign(key: &SigningKey, kid: String, claims: &Value, request: &TokenRequest) -> Result<String> {
    let name = request.alg.as_deref().unwrap_or("RS256");
    let mut header = Header::new(if name == "HS256" { Algorithm::HS256 } else { Algorithm::RS256 });
    header.kid = Some(kid.clone());
    if name == "HS256" {
        // The classic confusion: whoever takes the public key for a shared secret accepts this.
        let public_key = pem::encode(&pem::Pem::new("RSA PUBLIC KEY", RsaKey::from_pem(&key.private_key)?.public_key));
        let secret = EncodingKey::from_secret(public_key.as_bytes());
        return Ok(jsonwebtoken::encode(&header, claims, &secret)?);
    }
    let signing = if request.forged {
        EncodingKey::from_rsa_pem(RsaKey::generate(KeySize::Rsa2048)?.private_key.as_bytes())?
    } else {
        key.encoding_key()?
    };
    let token = jsonwebtoken::encode(&header, claims, &signing)?;
    if name == "RS256" {
        return Ok(token);
    }
    let header = URL_SAFE_NO_PAD.encode(json!({ "alg": name, "typ": "JWT", "kid": kid }).to_string());
    let mut parts = token.split('.').skip(1);
    let payload = parts.next().unwrap_or_default();
    let signature = if name == "none" { "" } else { parts.next().unwrap_or_default() };
    Ok(format!("{header}.{payload}.{signature}"))
}

fn remember(conn: &Connection, identity_nonce: &str, request: &TokenRequest) -> Result<()> {
    let Some(email) = &request.email else {
        return Ok(());
    };
    let groups = request.groups.clone().unwrap_or_else(|| json!([]));
    let identity = json!({ "email": email, "groups": groups });
    conn.prepare_cached("INSERT INTO access_identities (identity_nonce, identity) VALUES (?, ?)")?
        .execute(params![identity_nonce, identity.to_string()])?;
    Ok(())
}
