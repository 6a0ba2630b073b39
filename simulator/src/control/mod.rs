//! `/_control`: what tests and people at this machine may do to the simulator. Fireblocks has none of it.

mod api_keys;
mod approvals;
mod faults;
mod settings;
mod users;

use std::sync::Arc;

use anyhow::Result;
use axum::Json;
use axum::Router;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::request_log;
use crate::seed;
use crate::simulator::Simulator;

/// What every handler is given.
pub type Sim = State<Arc<Simulator>>;

/// The routes below `/_control`.
pub fn routes() -> Router<Arc<Simulator>> {
    Router::new()
        .route("/faults", get(faults::list).post(faults::order).delete(faults::clear))
        .route("/log", get(log))
        .route("/clear", post(clear))
        .route("/settings", get(settings::read).patch(settings::change))
        .route("/approvals", get(approvals::list))
        .route("/approvals/{id}/{action}", post(approvals::act))
        .route("/users", post(users::create))
        .route("/users/{id}", get(users::read).patch(users::change))
        .route("/users/{id}/advance", post(users::advance))
        .route("/api_keys", post(api_keys::create))
        .route("/api_keys/{api_key}", patch(api_keys::change))
        .fallback(|| async { Refused::not_found("no such control endpoint") })
}

/// Why a control request is not carried out.
pub struct Refused {
    status: StatusCode,
    message: String,
}

impl Refused {
    /// 400.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// 404.
    pub fn not_found(message: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }

    /// 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self { status: StatusCode::CONFLICT, message: message.into() }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "message": self.message }))).into_response()
    }
}

impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        eprintln!("internal error: {error:#}");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message: format!("{error:#}") }
    }
}

impl From<JsonRejection> for Refused {
    fn from(rejection: JsonRejection) -> Self {
        Self { status: rejection.status(), message: rejection.body_text() }
    }
}

impl From<QueryRejection> for Refused {
    fn from(rejection: QueryRejection) -> Self {
        Self { status: rejection.status(), message: rejection.body_text() }
    }
}

/// A JSON body; its refusals are JSON too. `Content-Type` must say JSON, which no web page can send here unasked.
#[derive(FromRequest)]
#[from_request(via(Json), rejection(Refused))]
pub struct JsonBody<T>(pub T);

/// A query string; its refusals are JSON.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(Refused))]
pub struct Query<T>(pub T);

#[derive(Deserialize)]
struct Since {
    #[serde(default)]
    since: i64,
}

async fn log(State(simulator): Sim, Query(Since { since }): Query<Since>) -> Result<Json<Value>, Refused> {
    let requests = simulator.transact(|state, _| request_log::read(state, since))?;
    Ok(Json(json!({ "requests": requests })))
}

async fn clear(State(simulator): Sim) -> Result<StatusCode, Refused> {
    simulator.transact(|state, _| {
        state.execute_batch(
            "DELETE FROM approvals; DELETE FROM audit_logs; DELETE FROM requests; DELETE FROM nonces;
             DELETE FROM idempotency;",
        )?;
        seed::replant(state)
    })?;
    simulator.faults().clear();
    *simulator.rate_limit() = crate::rate_limit::RateLimit::default();
    Ok(StatusCode::NO_CONTENT)
}
