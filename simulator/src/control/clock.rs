//! `/_control/clock`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::api::idempotency;
use crate::clock;
use crate::server::json::{JsonBody, Refused};
use crate::settings::check_seconds;
use crate::simulator::Sim;
use crate::workspace;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Forward {
    forward_seconds: f64,
}

/// Lets time pass in the workspace: what is due by then happens. Tokens and signatures are held to the machine's clock.
pub async fn forward(
    State(simulator): Sim,
    JsonBody(Forward { forward_seconds }): JsonBody<Forward>,
) -> Result<StatusCode, Refused> {
    check_seconds(forward_seconds).map_err(Refused::bad_request)?;
    let time = clock::from_seconds(forward_seconds);
    simulator.transact(|conn, _| {
        workspace::let_pass(conn, time)?;
        idempotency::let_pass(conn, time)
    })?;
    Ok(StatusCode::NO_CONTENT)
}
