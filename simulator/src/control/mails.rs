//! `/_control/mails`: what a worker on this machine would have sent.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::mail::Mail;
use crate::server::json::{JsonBody, Refused};
use crate::simulator::Sim;

pub async fn list(State(simulator): Sim) -> Json<Value> {
    Json(json!({ "mails": *simulator.mails() }))
}

/// Keeps a mail; one that is kept already, by its id, is not kept twice.
pub async fn keep(State(simulator): Sim, JsonBody(mail): JsonBody<Mail>) -> Result<StatusCode, Refused> {
    simulator.mails().keep(mail);
    Ok(StatusCode::NO_CONTENT)
}
