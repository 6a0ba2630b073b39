//! `GET /v1/approvals/{requestId}`.

use anyhow::Result;
use axum::http::StatusCode;

use super::item::item;
use super::parameters::answer;
use crate::api::answer::Answer;
use crate::api::call::Call;
use crate::workspace::approvals;

/// One request, waiting or ended.
pub fn get_approval(call: &Call<'_>) -> Result<Answer> {
    answer(call, |parameters| {
        let item = call.simulator.transact(|conn, _| {
            let viewer = parameters.user_id.as_deref().unwrap_or(&call.api_user.api_key);
            approvals::find(conn, call.id)?
                .map(|approval| item(call, conn, &approval, viewer, parameters.mode))
                .transpose()
        })?;
        Ok(match item {
            Some(item) => Answer::json(StatusCode::OK, &item),
            None => Answer::error_schema(StatusCode::NOT_FOUND, "Approval request not found", 404),
        })
    })
}
