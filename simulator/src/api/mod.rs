//! Fireblocks' API under `/v1`: every request takes the same way to its operation, and the same way back.

mod approvals;
mod audit_logs;
mod console_users;
mod reset_device;
mod workspace;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header, request};
use axum::response::Response;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api_users::ApiUser;
use crate::authentication::{self, Checked, Refusal, Signed};
use crate::clock::{self, Millis, SECOND};
use crate::connection;
use crate::digest;
use crate::faults::{Cut, Fault};
use crate::operation::{Operation, Route};
use crate::request_log::{self, Entry, Jwt};
use crate::settings::{InsufficientPermissions, Settings, Undocumented};
use crate::simulator::Simulator;

/// Far more than any of these operations takes.
const LARGEST_BODY: usize = 1024 * 1024;

/// A request whose sender is known.
struct Call<'a> {
    simulator: &'a Simulator,
    settings: &'a Settings,
    fault: &'a Fault,
    api_user: ApiUser,
    /// The id in the path, decoded.
    id: &'a str,
    request: &'a request::Parts,
    target: &'a str,
    request_id: &'a str,
}

impl Call<'_> {
    fn query(&self) -> &str {
        self.request.uri.query().unwrap_or_default()
    }

    fn is_mild(&self) -> bool {
        self.settings.undocumented == Undocumented::Mild
    }
}

/// What an operation came to.
struct Outcome {
    answer: Answer,
    /// Whether an approval was filed by this request.
    effect: bool,
    /// Whether the answer came from the idempotency store.
    replayed: bool,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self { answer, effect: false, replayed: false }
    }
}

/// Answers one request. It is carried to its end also when the caller hangs up meanwhile, as a server does.
pub async fn handle(State(simulator): State<Arc<Simulator>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_BODY).await else {
        return send(
            Answer::error_schema(StatusCode::PAYLOAD_TOO_LARGE, "The request body is too large", 413),
            &Uuid::new_v4().to_string(),
            clock::now(),
            None,
        );
    };
    let work = tokio::spawn(async move { run(&simulator, &parts, body).await });
    match work.await {
        Ok(response) => response,
        Err(_) => send(Answer::internal_error(), &Uuid::new_v4().to_string(), clock::now(), None),
    }
}

async fn run(simulator: &Simulator, request: &request::Parts, body: Bytes) -> Response {
    let request_id = Uuid::new_v4().to_string();
    let settings = simulator.settings();
    let target = request.uri.path_and_query().map_or("", |path_and_query| path_and_query.as_str());
    let route = Route::of(&request.method, request.uri.path());
    let (operation, id) = match &route {
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
    let checked = simulator.transact(|state, now| authentication::check(state, &signed, now + skew));
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
                    operate(&call, &route, &mut entry.jwt).await
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
    report(simulator, &entry);
    if let Err(error) = simulator.transact(|state, _| request_log::write(state, &entry)) {
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
    let mut outcome = if operation == Operation::ResetDevice {
        reset_device::run(call).await?
    } else {
        pause(fault.delay_ms).await;
        match fault.ordered_answer() {
            Some(answer) => answer.into(),
            None => read(call, operation)?.into(),
        }
    };
    outcome.answer = fault.spoil(outcome.answer);
    pause(fault.delay_after_ms).await;
    Ok(outcome)
}

fn read(call: &Call<'_>, operation: Operation) -> Result<Answer> {
    match operation {
        Operation::GetConsoleUsers => console_users::get_console_users(call),
        Operation::GetAuditLogs => audit_logs::get_audit_logs(call),
        Operation::GetApprovals => approvals::get_approvals(call),
        Operation::GetApproval => approvals::get_approval(call),
        Operation::GetWorkspace | Operation::ResetDevice => workspace::get_workspace(call),
    }
}

fn too_many_requests(settings: &Settings, wait: Millis) -> Answer {
    let mut answer = Answer::error_schema(StatusCode::TOO_MANY_REQUESTS, "Too many requests", 429);
    if settings.retry_after_on_limit {
        let seconds = wait.div_euclid(SECOND) + 1;
        answer.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    answer
}

async fn pause(milliseconds: Option<u64>) {
    if let Some(milliseconds) = milliseconds.filter(|milliseconds| *milliseconds > 0) {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
}

fn send(answer: Answer, request_id: &str, sent_at: Millis, cut: Option<Cut>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if let Some(content_type) = answer.content_type.and_then(|content_type| HeaderValue::try_from(content_type).ok()) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", request_id);
    }
    if let Ok(date) = HeaderValue::try_from(http_date(sent_at)) {
        headers.insert(header::DATE, date);
    }
    headers.extend(answer.headers);
    match cut {
        None => *response.body_mut() = Body::from(answer.body),
        Some(Cut::MidBody) => connection::break_body(&mut response, answer.body),
        Some(Cut::BeforeEffect | Cut::AfterEffect) => connection::drop_unanswered(&mut response),
    }
    response
}

fn http_date(at: Millis) -> String {
    let since = Duration::from_millis(u64::try_from(at).unwrap_or_default());
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + since)
}

fn report(simulator: &Simulator, entry: &Entry) {
    if simulator.quiet {
        return;
    }
    let mut notes = String::new();
    if let Some(code) = entry.jwt.as_ref().and_then(|jwt| jwt.refused_with) {
        notes.push_str(&format!(" code {code}"));
    }
    if entry.effect {
        notes.push_str(" filed");
    }
    if entry.replayed {
        notes.push_str(" replayed");
    }
    if let Some(cut) = entry.cut {
        notes.push_str(&format!(" cut {cut:?}"));
    }
    eprintln!("{} {} {}{notes}", entry.method, entry.target, entry.status);
}

/// Whether a request names a method whose body Fireblocks keeps answers for.
fn idempotency_key(request: &request::Parts) -> Option<&[u8]> {
    if request.method != Method::POST {
        return None;
    }
    let key = request.headers.get("idempotency-key")?.as_bytes();
    // An empty header protects nothing: it is as if there were none.
    (!key.is_empty()).then_some(key)
}
