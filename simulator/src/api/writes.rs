//! The way of every operation that changes something: its idempotency key, and the faults that play around its effect.

use anyhow::Result;
use axum::http::StatusCode;
use rusqlite::Connection;

use crate::api::answer::Answer;
use crate::api::call::{Call, Outcome};
use crate::api::idempotency::{self, Stored};
use crate::clock::{Millis, pause};

/// What an operation does, in the transaction that keeps its answer; with the key of the request.
pub type Effect = fn(&Call<'_>, &Connection, Millis, Option<&str>) -> Result<Outcome>;

/// Answers an operation that changes something: from the store, or by its effect.
pub async fn write(call: &Call<'_>, effect: Effect) -> Result<Outcome> {
    let key = match idempotency::key_of(call.request) {
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
        Some(key) => call.simulator.transact(|conn, now| idempotency::find(conn, &call.api_user.api_key, key, now))?,
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
            call.simulator.transact(|conn, now| run_and_keep(call, conn, now, key, effect, ordered.as_ref()))?
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
            call.simulator.transact(|conn, now| keep(call, conn, now, key, &answer))?;
        }
        outcome.answer = answer;
    }
    Ok(outcome)
}

/// Has the effect and keeps the answer under the key, in one transaction. An ordered answer is kept in place of the real one.
fn run_and_keep(
    call: &Call<'_>,
    conn: &Connection,
    now: Millis,
    key: Option<&str>,
    effect: Effect,
    ordered: Option<&Answer>,
) -> Result<Outcome> {
    let outcome = effect(call, conn, now, key)?;
    if let Some(key) = key {
        keep(call, conn, now, key, ordered.unwrap_or(&outcome.answer))?;
    }
    Ok(outcome)
}

fn keep(call: &Call<'_>, conn: &Connection, now: Millis, key: &str, answer: &Answer) -> Result<()> {
    if answer.status.is_server_error() && call.fault.spend_key == Some(false) {
        return Ok(());
    }
    idempotency::keep(conn, &call.api_user.api_key, key, now, call.target, answer)
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
