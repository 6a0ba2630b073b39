//! The way of every request to Fireblocks' API, and back: who sends it, whether they may, what the operation comes to,
//! spoiled as a fault orders.

pub mod authentication;
pub mod rate_limit;
pub mod request_log;
mod sending;

use std::sync::Arc;

use anyhow::Result;
use axum::body::Bytes;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header, request};
use axum::response::Response;
use uuid::Uuid;

use crate::api::answer::Answer;
use crate::api::call::{Call, Outcome};
use crate::api::faults::Cut;
use crate::api::operation::{Operation, Route};
use crate::api::{approvals, audit_logs, users, workspace};
use crate::clock::{self, Millis, SECOND, pause};
use crate::crypto::digest;
use crate::gateway::authentication::{Checked, Refusal, Signed};
use crate::gateway::request_log::{Entry, Jwt};
use crate::gateway::sending::send;
use crate::settings::{InsufficientPermissions, Settings};
use crate::simulator::Simulator;

/// Far more than any of these operations takes.
const LARGEST_BODY: usize = 1024 * 1024;

/// Answers one request. It is carried to its end also when the caller hangs up meanwhile, as a server does.
pub async fn handle(simulator: Arc<Simulator>, route: Route, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return send(
            Answer::error_schema(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large", 413),
            &Uuid::new_v4().to_string(),
            clock::now(),
            None,
        );
    };
    let work = tokio::spawn(async move { run(&simulator, &route, &parts, body).await });
    match work.await {
        Ok(response) => response,
        Err(_) => send(Answer::internal_error(), &Uuid::new_v4().to_string(), clock::now(), None),
    }
}

async fn run(simulator: &Simulator, route: &Route, request: &request::Parts, body: Bytes) -> Response {
    let request_id = Uuid::new_v4().to_string();
    let settings = simulator.settings();
    let target = request.uri.path_and_query().map_or("", |path_and_query| path_and_query.as_str());
    let (operation, id) = match route {
        Route::Operation(operation, id) => (Some(*operation), id.as_str()),
        _ => (None, ""),
    };
    let api_key = request.headers.get("x-api-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let fault = simulator.faults().take(operation, id, api_key).unwrap_or_default();
    let skew = (settings.skew_seconds + fault.skew_seconds.unwrap_or_default()) * SECOND;

    let mut entry = Entry {
        at: clock::now(),
        method: request.method.to_string(),
        target: target.to_owned(),
        headers: request_log::shown_headers(&request.headers),
        body_sha256: digest::sha256_hex(&body),
        jwt: None,
        status: 0,
        request_id: request_id.clone(),
        operation,
        effect: false,
        replayed: false,
        api_key: (!api_key.is_empty()).then(|| api_key.to_owned()),
        cut: fault.cut,
    };

    let signed = Signed { method: &request.method, target, headers: &request.headers, body: &body };
    let checked = simulator.transact(|conn, now| authentication::check(conn, &signed, now + skew));
    let outcome = match checked {
        Err(error) => Err(error),
        Ok(Checked { api_user, jwt }) => {
            entry.jwt = jwt;
            match api_user {
                Err(refusal) => Ok(refusal.answer().into()),
                Ok(api_user) => {
                    let call = Call {
                        simulator,
                        settings: &settings,
                        fault: &fault,
                        api_user,
                        id,
                        request,
                        target,
                        request_id: &request_id,
                    };
                    operate(&call, route, &mut entry.jwt).await
                }
            }
        }
    };
    let outcome = outcome.unwrap_or_else(|error| {
        eprintln!("internal error: {error:#}");
        Answer::internal_error().into()
    });

    if !matches!(fault.cut, Some(Cut::BeforeEffect | Cut::AfterEffect)) {
        entry.status = outcome.answer.status.as_u16();
    }
    entry.effect = outcome.effect;
    entry.replayed = outcome.replayed;
    if !simulator.quiet {
        entry.tell();
    }
    if let Err(error) = simulator.transact(|conn, _| request_log::write(conn, &entry)) {
        eprintln!("the request log could not be written: {error:#}");
    }
    let sent_at = clock::now() + skew;
    send(outcome.answer, &request_id, sent_at, fault.cut)
}

/// What the gateway does, then the operation itself, spoiled as ordered.
async fn operate(call: &Call<'_>, route: &Route, jwt: &mut Option<Jwt>) -> Result<Outcome> {
    let fault = call.fault;
    let operation = match route {
        Route::Operation(operation, _) => *operation,
        Route::MethodNotAllowed => {
            return Ok(Answer::error_schema(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed", 405).into());
        }
        Route::NotFound => return Ok(Answer::error_schema(StatusCode::NOT_FOUND, "Not found", 404).into()),
    };
    let limit = operation.limit(&call.settings.rate_limit_per_minute);
    let counted = call.simulator.rate_limit().count(&call.api_user.api_key, operation, limit, clock::now());
    if let Err(wait) = counted {
        return Ok(too_many_requests(call.settings, wait).into());
    }
    if !operation.permits(&call.api_user.role) {
        return Ok(match call.settings.insufficient_permissions {
            InsufficientPermissions::Forbidden => operation.forbidden(),
            InsufficientPermissions::Unauthorized => {
                if let Some(jwt) = jwt {
                    jwt.refused_with = Some(Refusal::InsufficientPermissions.code());
                }
                Refusal::InsufficientPermissions.answer()
            }
        }
        .into());
    }
    let mut outcome = match operation {
        Operation::ResetDevice => users::reset_device::reset_device(call).await,
        Operation::RejectApproval => approvals::reject::reject_approval(call).await,
        Operation::GetConsoleUsers => read(call, users::list::get_console_users).await,
        Operation::GetAuditLogs => read(call, audit_logs::get_audit_logs).await,
        Operation::GetApprovals => read(call, approvals::list::get_approvals).await,
        Operation::GetApproval => read(call, approvals::get::get_approval).await,
        Operation::GetWorkspace => read(call, workspace::get_workspace).await,
    }?;
    outcome.answer = fault.spoil(outcome.answer);
    pause(fault.delay_after_ms).await;
    Ok(outcome)
}

/// An operation that changes nothing: ordered answers and waits are the same for each.
async fn read(call: &Call<'_>, operation: fn(&Call<'_>) -> Result<Answer>) -> Result<Outcome> {
    pause(call.fault.delay_ms).await;
    Ok(match call.fault.ordered_answer() {
        Some(answer) => answer.into(),
        None => operation(call)?.into(),
    })
}

fn too_many_requests(settings: &Settings, wait: Millis) -> Answer {
    let mut answer = Answer::error_schema(StatusCode::TOO_MANY_REQUESTS, "Too many requests", 429);
    if settings.retry_after_on_limit {
        let seconds = wait.div_euclid(SECOND) + 1;
        answer.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}
