//! `/_control/log`.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::gateway::request_log;
use crate::server::json::{Query, Refused};
use crate::simulator::Sim;

#[derive(Deserialize)]
pub struct Since {
    #[serde(default)]
    since: i64,
}

pub async fn read(State(simulator): Sim, Query(Since { since }): Query<Since>) -> Result<Json<Value>, Refused> {
    let requests = simulator.transact(|conn, _| request_log::read(conn, since))?;
    Ok(Json(json!({ "requests": requests })))
}
