//! `/_control/faults`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::api::faults::Fault;
use crate::server::json::{JsonBody, Refused};
use crate::simulator::Sim;

pub async fn list(State(simulator): Sim) -> Json<Value> {
    Json(json!({ "faults": simulator.faults().list() }))
}

/// One fault, or a list. A misspelt field is refused with its name.
pub async fn order(State(simulator): Sim, JsonBody(body): JsonBody<Value>) -> Result<StatusCode, Refused> {
    let faults = match body {
        Value::Array(faults) => faults,
        fault => vec![fault],
    };
    let faults = faults
        .into_iter()
        .map(serde_json::from_value)
        .collect::<Result<Vec<Fault>, _>>()
        .map_err(|error| Refused::bad_request(error.to_string()))?;
    simulator.faults().order(faults).map_err(Refused::bad_request)?;
    Ok(StatusCode::NO_CONTENT)
}

pub async fn clear(State(simulator): Sim) -> StatusCode {
    simulator.faults().clear();
    StatusCode::NO_CONTENT
}
