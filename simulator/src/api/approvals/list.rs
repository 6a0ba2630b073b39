//! `GET /v1/approvals`.

use anyhow::Result;
use axum::http::StatusCode;
use rusqlite::Connection;
use serde_json::json;

use super::eligibility::is_eligible;
use super::item::item;
use super::parameters::{Parameters, QuorumStatusMode, answer, bad_request};
use crate::api::answer::Answer;
use crate::api::call::Call;
use crate::workspace::approvals;

/// The waiting requests: those of the calling user, of `userId`, or all of the workspace.
pub fn get_approvals(call: &Call<'_>) -> Result<Answer> {
    answer(call, |parameters| {
        if parameters.mode == QuorumStatusMode::Full {
            return Ok(bad_request("quorumStatusMode FULL is not supported here"));
        }
        if parameters.include_all_users {
            if parameters.user_id.is_some() {
                return Ok(bad_request("includeAllUsers cannot be combined with userId"));
            }
            if !matches!(
                call.api_user.role.as_str(),
                "ADMIN" | "NON_SIGNING_ADMIN" | "SECURITY_ADMIN" | "SECURITY_AUDITOR"
            ) {
                return Ok(Answer::error_schema(StatusCode::FORBIDDEN, "Lacking permissions.", 403));
            }
        }
        call.simulator.transact(|conn, _| list(call, conn, parameters))
    })
}

fn list(call: &Call<'_>, conn: &Connection, parameters: &Parameters) -> Result<Answer> {
    let viewer = parameters.user_id.as_deref().unwrap_or(&call.api_user.api_key);
    let mut waiting = approvals::pending(conn, parameters.before)?;
    if !parameters.include_all_users {
        let eligible = is_eligible(call, conn, viewer)?;
        waiting.retain(|approval| {
            let approved = approval.approved_by.iter().any(|id| id == viewer);
            eligible && (parameters.include_user_approved || !approved)
        });
    }
    let more = waiting.len() > parameters.page_size;
    waiting.truncate(parameters.page_size);
    let next = waiting.last().filter(|_| more).map(|approval| approval.sequence.to_string());
    let data = waiting
        .iter()
        .map(|approval| item(call, conn, approval, viewer, parameters.mode))
        .collect::<Result<Vec<_>>>()?;
    let mut document = json!({ "data": data });
    if let (Some(next), Some(document)) = (next, document.as_object_mut()) {
        document.insert("next".into(), next.into());
    }
    Ok(Answer::json(StatusCode::OK, &document))
}
