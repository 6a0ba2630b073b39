//! `/_control/settings`.

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::server::json::{JsonBody, Refused};
use crate::settings::Settings;
use crate::simulator::Sim;

pub async fn read(State(simulator): Sim) -> Json<Settings> {
    Json(simulator.settings())
}

pub async fn change(State(simulator): Sim, JsonBody(patch): JsonBody<Value>) -> Result<Json<Settings>, Refused> {
    let settings = simulator.settings().patched(&patch).map_err(Refused::bad_request)?;
    simulator.set_settings(settings.clone())?;
    Ok(Json(settings))
}
