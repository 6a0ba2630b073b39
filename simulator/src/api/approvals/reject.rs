//! `POST /v1/approvals/{requestId}/reject`.

use anyhow::Result;
use axum::http::StatusCode;
use rusqlite::Connection;

use super::beta::{beta, unavailable};
use super::eligibility::is_eligible;
use crate::api::answer::Answer;
use crate::api::call::{Call, Outcome};
use crate::api::writes::write;
use crate::clock::Millis;
use crate::workspace::approvals::{self, Status};
use crate::workspace::re_enrolment::{self, Ending};

/// Ends a waiting request, where the caller may act on it.
pub async fn reject_approval(call: &Call<'_>) -> Result<Outcome> {
    if let Some(refusal) = unavailable(call) {
        return Ok(refusal.into());
    }
    let outcome = write(call, reject).await?;
    Ok(Outcome { answer: beta(outcome.answer), ..outcome })
}

/// Fireblocks documents the 204 alone. The refusals are those of its other operations.
fn reject(call: &Call<'_>, conn: &Connection, now: Millis, _key: Option<&str>) -> Result<Outcome> {
    let refused =
        |status: StatusCode, message| Answer::error_schema(status, message, i32::from(status.as_u16())).into();
    let Some(approval) = approvals::find(conn, call.id)? else {
        return Ok(refused(StatusCode::NOT_FOUND, "Approval request not found"));
    };
    if !is_eligible(call, conn, &call.api_user.api_key)? {
        return Ok(refused(StatusCode::FORBIDDEN, "The user is not eligible to act on this approval request"));
    }
    if approval.status != Status::Pending {
        return Ok(refused(StatusCode::CONFLICT, "The approval request is not pending"));
    }
    re_enrolment::end(conn, call.settings, now, approval, Ending::Reject, Some(&call.api_user.actor()))?;
    Ok(Outcome { answer: Answer::empty(StatusCode::NO_CONTENT), effect: true, replayed: false })
}
