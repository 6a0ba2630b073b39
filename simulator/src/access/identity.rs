//! `GET /cdn-cgi/access/get-identity`: what Access knows of the person behind a token.

use anyhow::Result;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jsonwebtoken::{Algorithm, Validation};
use rusqlite::{Connection, OptionalExtension as _};
use serde_json::{Value, json};

use super::{COOKIE, signing_keys};
use crate::server::json::Refused;
use crate::simulator::Sim;
use crate::simulator::Simulator;

/// E-mail and groups, for a good token alone.
pub async fn read(State(simulator): Sim, headers: HeaderMap) -> Result<Response, Refused> {
    let identity = match token(&headers) {
        Some(token) => simulator.transact(|conn, _| identity(&simulator, conn, token))?,
        None => None,
    };
    Ok(match identity {
        Some(identity) => ([(header::CACHE_CONTROL, "no-store")], Json(identity)).into_response(),
        None => (StatusCode::BAD_REQUEST, Json(json!({ "err": "no app token set" }))).into_response(),
    })
}

fn token(headers: &HeaderMap) -> Option<&str> {
    if let Some(token) = headers.get("cf-access-token") {
        return token.to_str().ok();
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

fn identity(simulator: &Simulator, conn: &Connection, token: &str) -> Result<Option<Value>> {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[&simulator.audience]);
    validation.set_issuer(&[&simulator.origin]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    let mut claims = None;
    for key in signing_keys::all(conn)? {
        claims = jsonwebtoken::decode::<Value>(token, &key.decoding_key()?, &validation).ok();
        if claims.is_some() {
            break;
        }
    }
    let Some(claims) = claims.map(|token| token.claims) else {
        return Ok(None);
    };
    let Some(nonce) = claims.get("identity_nonce").and_then(Value::as_str) else {
        return Ok(None);
    };
    let known: Option<String> = conn
        .prepare_cached("SELECT identity FROM access_identities WHERE identity_nonce = ?")?
        .query_row([nonce], |row| row.get(0))
        .optional()?;
    let Some(known) = known else {
        return Ok(None);
    };
    let known: Value = serde_json::from_str(&known)?;
    Ok(Some(json!({
        "id": claims.get("sub"),
        "user_uuid": claims.get("sub"),
        "name": known.get("email"),
        "email": known.get("email"),
        "groups": known.get("groups"),
        "idp": { "id": "local", "type": "onetimepin" },
        "geo": { "country": claims.get("country") },
        "iat": claims.get("iat"),
    })))
}
