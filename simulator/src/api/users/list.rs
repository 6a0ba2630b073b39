//! `GET /v1/management/users`.

use anyhow::Result;
use axum::http::StatusCode;
use serde::Serialize;

use crate::api::answer::Answer;
use crate::api::call::Call;
use crate::workspace::console_users::{self, ConsoleUser};

#[derive(Serialize)]
struct GetConsoleUsersResponse {
    users: Vec<ConsoleUser>,
}

/// Everyone at once: Fireblocks has no pages here.
pub fn get_console_users(call: &Call<'_>) -> Result<Answer> {
    let users = call.simulator.transact(|conn, _| console_users::list(conn))?;
    Ok(Answer::json(StatusCode::OK, &GetConsoleUsersResponse { users }))
}
