//! An answer before it is sent: what the idempotency store keeps, what a fault may spoil.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use serde_json::json;

const JSON: &str = "application/json; charset=utf-8";

/// Status, headers of its own, and body. `X-Request-ID` and `Date` come with sending.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub content_type: Option<String>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// No body, as a reset is answered.
    pub fn empty(status: StatusCode) -> Self {
        Self { status, content_type: None, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// A JSON document.
    pub fn json(status: StatusCode, document: &impl Serialize) -> Self {
        match serde_json::to_vec(document) {
            Ok(body) => Self { content_type: Some(JSON.into()), body: body.into(), ..Self::empty(status) },
            Err(_) => Self::internal_error(),
        }
    }

    /// Any text or bytes.
    pub fn text(status: StatusCode, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { content_type: Some(content_type.into()), body: body.into(), ..Self::empty(status) }
    }

    /// An answer as the idempotency store kept it.
    pub fn stored(status: u16, content_type: Option<String>, body: Vec<u8>) -> Self {
        Self {
            content_type,
            body: body.into(),
            ..Self::empty(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }

    /// Fireblocks' `ErrorSchema`.
    pub fn error_schema(status: StatusCode, message: &str, code: i32) -> Self {
        Self::json(status, &json!({ "message": message, "code": code }))
    }

    /// Fireblocks' `ErrorResponse`.
    pub fn error_response(status: StatusCode, kind: &str, message: &str) -> Self {
        Self::json(status, &json!({ "error": { "type": kind, "message": message } }))
    }

    /// When the simulator itself fails.
    pub fn internal_error() -> Self {
        Self::text(
            StatusCode::INTERNAL_SERVER_ERROR,
            JSON,
            r#"{"error":{"type":"INTERNAL","message":"Internal error."}}"#,
        )
    }
}
