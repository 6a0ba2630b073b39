//! `POST /v1/management/users/{id}/reset_device`.

use anyhow::Result;
use axum::http::StatusCode;
use rusqlite::Connection;

use crate::api::answer::Answer;
use crate::api::call::{Call, Outcome};
use crate::api::writes::write;
use crate::clock::Millis;
use crate::workspace::re_enrolment::{self, Origin, Wish};
use crate::workspace::{approvals, console_users};

/// Answers a reset: from the store, or by filing an approval request.
pub async fn reset_device(call: &Call<'_>) -> Result<Outcome> {
    write(call, file).await
}

fn file(call: &Call<'_>, conn: &Connection, now: Millis, key: Option<&str>) -> Result<Outcome> {
    let Some(user) = console_users::find(conn, call.id)? else {
        return Ok(Answer::error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "User not found").into());
    };
    if call.is_mild() {
        if let Some(objection) = user.reset_objection() {
            return Ok(Answer::error_schema(StatusCode::BAD_REQUEST, objection, 400).into());
        }
        if approvals::is_pending(conn, &user.id)? {
            let message = "A request to re-enroll the device of this user is pending";
            return Ok(Answer::error_schema(StatusCode::CONFLICT, message, 409).into());
        }
    }
    let origin = Origin { api_key: &call.api_user.api_key, idempotency_key: key, request_id: call.request_id };
    re_enrolment::file(conn, call.settings, now, &Wish::Reset(&user), &call.api_user.actor(), Some(&origin))?;
    Ok(Outcome { answer: Answer::empty(StatusCode::OK), effect: true, replayed: false })
}
