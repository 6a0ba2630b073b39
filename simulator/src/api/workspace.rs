//! `GET /v1/workspace`.

use anyhow::Result;
use axum::http::StatusCode;

use crate::api::answer::Answer;
use crate::api::call::Call;
use crate::workspace;

/// Id and name, to any API user.
pub fn get_workspace(call: &Call<'_>) -> Result<Answer> {
    let workspace = call.simulator.transact(|conn, _| workspace::read(conn))?;
    Ok(Answer::json(StatusCode::OK, &workspace))
}
