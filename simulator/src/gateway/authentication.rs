//! Who sends a request: Fireblocks' signed JWT, checked claim by claim.

use anyhow::Result;
use axum::http::{HeaderMap, Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use rusqlite::{Connection, params};
use serde_json::Value;

use crate::api::answer::Answer;
use crate::clock::{DAY, Millis, SECOND};
use crate::crypto::digest;
use crate::gateway::request_log::Jwt;
use crate::workspace::api_users::{self, ApiUser};

/// Fireblocks' reference says `exp` must be less than `iat` + 30 s; its SDKs use 55 s and are accepted.
const LONGEST_LIFE: f64 = 60.0;

/// How far `iat` may be ahead, in seconds.
const FUTURE_TOLERANCE: f64 = 1.0;

/// Why a token is refused. All are HTTP 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    InvalidSignature,
    MissingApiKey,
    MissingToken,
    WrongUri,
    InvalidTokenFormat,
    WrongUser,
    NotAccepted,
    InsufficientPermissions,
    Expired,
    IssuedInTheFuture,
}

impl Refusal {
    /// Fireblocks' code.
    pub fn code(self) -> i32 {
        match self {
            Self::InvalidSignature => -1,
            Self::MissingApiKey => -2,
            Self::MissingToken => -3,
            Self::WrongUri => -4,
            Self::InvalidTokenFormat => -5,
            Self::WrongUser => -6,
            Self::NotAccepted => -7,
            Self::InsufficientPermissions => -8,
            Self::Expired => -10,
            Self::IssuedInTheFuture => -12,
        }
    }

    /// The 401. The messages of -1, -7, -10 and -12 are documented to the letter.
    pub fn answer(self) -> Answer {
        let message = match self {
            Self::InvalidSignature => "invalid signature",
            Self::MissingApiKey => "Unauthorized: Missing API key.",
            Self::MissingToken => "Unauthorized: JWT is missing.",
            Self::WrongUri => "Unauthorized: Wrong URL in the JWT.",
            Self::InvalidTokenFormat => "Unauthorized: Invalid token format.",
            Self::WrongUser => "Unauthorized: Wrong user in the JWT.",
            Self::NotAccepted => "Unauthorized: Token was not accepted.",
            Self::InsufficientPermissions => "Unauthorized: Insufficient permissions.",
            Self::Expired => "The request has expired.",
            Self::IssuedInTheFuture => "The request is with a future issuance timestamp (iat).",
        };
        let mut answer = Answer::error_schema(StatusCode::UNAUTHORIZED, message, self.code());
        // Fireblocks' support page shows this one with this content type.
        if self == Self::InvalidSignature {
            answer.content_type = Some("application/octet-stream".into());
        }
        answer
    }
}

/// A request as its token must describe it.
pub struct Signed<'a> {
    pub method: &'a Method,
    /// Path and query as they came.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// The API user of a request, or why there is none; and the token, for the log.
pub struct Checked {
    pub api_user: std::result::Result<ApiUser, Refusal>,
    pub jwt: Option<Jwt>,
}

/// Checks a request at `now`, the time on Fireblocks' clock. A nonce counts as used once its signature is good.
pub fn check(conn: &Connection, request: &Signed<'_>, now: Millis) -> Result<Checked> {
    let mut jwt = None;
    let api_user = verify(conn, request, now, &mut jwt)?;
    if let Some(jwt) = &mut jwt {
        jwt.verified = api_user.is_ok();
        jwt.refused_with = api_user.as_ref().err().map(|refusal| refusal.code());
    }
    Ok(Checked { api_user, jwt })
}

fn verify(
    conn: &Connection,
    request: &Signed<'_>,
    now: Millis,
    seen: &mut Option<Jwt>,
) -> Result<std::result::Result<ApiUser, Refusal>> {
    let Some(authorization) = request.headers.get(header::AUTHORIZATION) else {
        return Ok(Err(Refusal::MissingToken));
    };
    let Some(token) = authorization.to_str().ok().and_then(bearer) else {
        return Ok(Err(Refusal::InvalidTokenFormat));
    };
    if token.is_empty() {
        return Ok(Err(Refusal::MissingToken));
    }
    let Some(parsed) = parse(token) else {
        return Ok(Err(Refusal::InvalidTokenFormat));
    };
    let claims = parsed.claims.clone();
    *seen = Some(parsed.clone());

    let api_key = request.headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let (Some(api_key), Some(sub)) = (api_key, claims.get("sub").and_then(Value::as_str)) else {
        return Ok(Err(Refusal::MissingApiKey));
    };
    let Some(api_user) = api_users::find(conn, api_key)?.filter(|user| user.enabled) else {
        return Ok(Err(Refusal::NotAccepted));
    };
    if sub != api_key {
        return Ok(Err(Refusal::WrongUser));
    }
    if api_user.certificate_expired || parsed.header.get("alg").and_then(Value::as_str) != Some("RS256") {
        return Ok(Err(Refusal::InvalidTokenFormat));
    }
    if !signature_is_good(token, &api_user.public_key) {
        return Ok(Err(Refusal::InvalidSignature));
    }
    if let Some(refusal) = refuse_claims(request, &claims, now) {
        return Ok(Err(refusal));
    }
    let Some(nonce) = claims.get("nonce").filter(|nonce| nonce.is_string() || nonce.is_number()) else {
        return Ok(Err(Refusal::InvalidTokenFormat));
    };
    if !first_use(conn, api_key, &nonce.to_string(), now)? {
        return Ok(Err(Refusal::NotAccepted));
    }
    Ok(Ok(api_user))
}

/// What of the claims does not fit the request or the time. Fireblocks' documents give no code for a wrong bodyHash.
fn refuse_claims(request: &Signed<'_>, claims: &Value, now: Millis) -> Option<Refusal> {
    let text = |name| claims.get(name).and_then(Value::as_str);
    let number = |name| claims.get(name).and_then(Value::as_f64);
    if text("uri") != Some(request.target) {
        return Some(Refusal::WrongUri);
    }
    let (Some(iat), Some(exp)) = (number("iat"), number("exp")) else {
        return Some(Refusal::InvalidTokenFormat);
    };
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
    let now = now as f64 / SECOND as f64;
    if iat > now + FUTURE_TOLERANCE {
        return Some(Refusal::IssuedInTheFuture);
    }
    if exp <= now || exp - iat > LONGEST_LIFE {
        return Some(Refusal::Expired);
    }
    // Fireblocks' older SDKs hash two quote characters on a GET and are accepted: it is not checked there.
    let Some(body_hash) = text("bodyHash") else {
        return Some(Refusal::InvalidTokenFormat);
    };
    if request.method != Method::GET && body_hash != digest::sha256_hex(request.body) {
        return Some(Refusal::NotAccepted);
    }
    None
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ').unwrap_or((authorization, ""));
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

fn parse(token: &str) -> Option<Jwt> {
    let mut parts = token.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let object = |part: &str| {
        let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
        serde_json::from_slice::<Value>(&bytes).ok().filter(Value::is_object)
    };
    Some(Jwt { header: object(header)?, claims: object(claims)?, verified: false, refused_with: None })
}

fn signature_is_good(token: &str, public_key: &[u8]) -> bool {
    let mut validation = Validation::new(Algorithm::RS256);
    // The claims are held to Fireblocks' rules, not to the RFC's.
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    jsonwebtoken::decode::<Value>(token, &DecodingKey::from_rsa_der(public_key), &validation).is_ok()
}

/// Whether this nonce is new to this API user. From now on it is not.
fn first_use(conn: &Connection, api_key: &str, nonce: &str, now: Millis) -> Result<bool> {
    let inserted = conn
        .prepare_cached("INSERT OR IGNORE INTO nonces (api_key, nonce, at) VALUES (?, ?, ?)")?
        .execute(params![api_key, nonce, now])?;
    Ok(inserted == 1)
}

/// Forgets nonces whose tokens expired long ago.
pub fn forget_old_nonces(conn: &Connection, now: Millis) -> Result<()> {
    conn.execute("DELETE FROM nonces WHERE at < ?", [now - DAY])?;
    Ok(())
}
