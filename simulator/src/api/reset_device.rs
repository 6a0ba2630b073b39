//! `POST /v1/management/users/{id}/reset_device`.

use anyhow::Result;
use axum::http::StatusCode;
use rusqlite::Connection;

use super::{Call, Outcome, idempotency_key, pause};
use crate::answer::Answer;
use crate::approvals;
use crate::clock::Millis;
use crate::console_users;
use crate::idempotency::{self, MAX_KEY_LENGTH, Stored};
use crate::re_enrolment::{self, Filing};

/// Answers a reset: from the store, or by filing an approval request.
pub async fn run(call: &Call<'_>) -> Result<Outcome> {
    let key = match idempotency_key(call.request).map(key_text).transpose() {
        Ok(key) => key,
        Err(message) => return Ok(Answer::error_schema(StatusCode::BAD_REQUEST, &message, 400).into()),
    };
    let key = key.as_deref();
    let fault = call.fault;
    let ordered = fault.ordered_answer();
    let runs = ordered.is_none() || fault.effect == Some(true);

    // The mild answer to a key sent twice at once: one after the other.
    let _turn = match key.filter(|_| call.is_mild()) {
        Some(key) => Some(call.simulator.turn(&call.api_user.api_key, key).await),
        None => None,
    };
    // Looked up before the work: whoever comes while it goes on is not in the store yet, and runs too.
    let known = match key {
        Some(key) => {
            call.simulator.transact(|state, now| idempotency::find(state, &call.api_user.api_key, key, now))?
        }
        None => None,
    };
    pause(fault.delay_ms).await;
    if fault.cuts_before_effect() {
        return Ok(Answer::empty(StatusCode::OK).into());
    }
    let is_new = known.is_none();
    let mut outcome = match known {
        Some(known) => from_store(call, known),
        None if runs => {
            pause(Some(call.settings.processing_ms)).await;
            call.simulator.transact(|state, now| file_and_keep(call, state, now, key, ordered.as_ref()))?
        }
        None => Answer::empty(StatusCode::OK).into(),
    };
    if let Some(answer) = ordered {
        // Below 400 without an effect, it is no answer of Fireblocks: a portal's page, or a proxy's redirect.
        if is_new
            && !runs
            && answer.status.as_u16() >= 400
            && let Some(key) = key
        {
            call.simulator.transact(|state, now| keep(call, state, now, key, &answer))?;
        }
        outcome.answer = answer;
    }
    Ok(outcome)
}

/// Files and keeps the answer under the key, in one transaction. An ordered answer is kept in place of the real one.
fn file_and_keep(
    call: &Call<'_>,
    state: &Connection,
    now: Millis,
    key: Option<&str>,
    ordered: Option<&Answer>,
) -> Result<Outcome> {
    let outcome = file(call, state, now, key)?;
    if let Some(key) = key {
        keep(call, state, now, key, ordered.unwrap_or(&outcome.answer))?;
    }
    Ok(outcome)
}

fn keep(call: &Call<'_>, state: &Connection, now: Millis, key: &str, answer: &Answer) -> Result<()> {
    if answer.status.is_server_error() && call.fault.spend_key == Some(false) {
        return Ok(());
    }
    idempotency::keep(state, &call.api_user.api_key, key, now, call.target, answer)
}

fn file(call: &Call<'_>, state: &Connection, now: Millis, key: Option<&str>) -> Result<Outcome> {
    let Some(user) = console_users::find(state, call.id)? else {
        return Ok(Answer::error_response(StatusCode::NOT_FOUND, "NOT_FOUND", "User not found").into());
    };
    if call.is_mild() {
        if let Some(objection) = user.reset_objection() {
            return Ok(Answer::error_schema(StatusCode::BAD_REQUEST, objection, 400).into());
        }
        if approvals::is_pending(state, &user.id)? {
            let message = "A request to re-enroll the device of this user is pending";
            return Ok(Answer::error_schema(StatusCode::CONFLICT, message, 409).into());
        }
    }
    re_enrolment::file(
        state,
        call.settings,
        now,
        &Filing { user: &user, asked_by: &call.api_user, idempotency_key: key, request_id: call.request_id },
    )?;
    Ok(Outcome { answer: Answer::empty(StatusCode::OK), effect: true, replayed: false })
}

fn from_store(call: &Call<'_>, known: Stored) -> Outcome {
    let (answer, replayed) = match known {
        Stored::Spent => (
            Answer::error_schema(
                StatusCode::BAD_REQUEST,
                "This operation doesn't support the usage of the same idempotency key after an internal error",
                400,
            ),
            false,
        ),
        Stored::Answer { target, .. } if call.is_mild() && target != call.target => (
            Answer::error_schema(StatusCode::BAD_REQUEST, "The idempotency key was used for another request", 400),
            false,
        ),
        Stored::Answer { answer, .. } => (answer, true),
    };
    Outcome { answer, effect: false, replayed }
}

fn key_text(key: &[u8]) -> Result<String, String> {
    if key.len() > MAX_KEY_LENGTH {
        return Err(format!("Idempotency-Key must be at most {MAX_KEY_LENGTH} characters long"));
    }
    Ok(String::from_utf8_lossy(key).into_owned())
}
