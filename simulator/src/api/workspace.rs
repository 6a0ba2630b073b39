//! `GET /v1/workspace`.

use anyhow::Result;
use axum::http::StatusCode;

use super::Call;
use crate::answer::Answer;
use crate::workspace;

/// Id and name, to any API user.
pub fn get_workspace(call: &Call<'_>) -> Result<Answer> {
    let workspace = call.simulator.transact(|state, _| workspace::read(state))?;
    Ok(Answer::json(StatusCode::OK, &workspace))
}
