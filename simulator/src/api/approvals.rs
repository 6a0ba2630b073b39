//! `GET /v1/approvals` and `GET /v1/approvals/{requestId}`, a beta of Fireblocks' with no published request types.

use anyhow::Result;
use axum::http::{HeaderValue, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::Call;
use crate::answer::Answer;
use crate::approvals::{self, Approval, Status};
use crate::clock::SECOND;
use crate::console_users;

/// The co-signer callback's name for the same change; what `/approvals` says is not published.
const REQUEST_TYPE: &str = "RE_ENROLL_DEVICE";

const DEFAULT_PAGE_SIZE: usize = 20;
const LARGEST_PAGE: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QuorumStatusMode {
    None,
    Summary,
    Full,
}

struct Parameters {
    include_user_approved: bool,
    include_all_users: bool,
    user_id: Option<String>,
    mode: QuorumStatusMode,
    page_size: usize,
    before: Option<i64>,
}

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
        call.simulator.transact(|state, _| list(call, state, parameters))
    })
}

/// One request, waiting or ended.
pub fn get_approval(call: &Call<'_>) -> Result<Answer> {
    answer(call, |parameters| {
        let item = call.simulator.transact(|state, _| {
            let viewer = parameters.user_id.as_deref().unwrap_or(&call.api_user.api_key);
            approvals::find(state, call.id)?.map(|approval| item(state, &approval, viewer, parameters.mode)).transpose()
        })?;
        Ok(match item {
            Some(item) => Answer::json(StatusCode::OK, &item),
            None => Answer::error_schema(StatusCode::NOT_FOUND, "Approval request not found", 404),
        })
    })
}

fn answer(call: &Call<'_>, with: impl FnOnce(&Parameters) -> Result<Answer>) -> Result<Answer> {
    if !call.settings.approvals_readable {
        let message = "The approvals API is not enabled for this workspace";
        return Ok(Answer::error_schema(StatusCode::FORBIDDEN, message, 403));
    }
    let mut answer = match parse(call.query()) {
        Ok(parameters) => with(&parameters)?,
        Err(message) => bad_request(&message),
    };
    answer.headers.insert("fireblocks-lifecycle-state", HeaderValue::from_static("beta"));
    Ok(answer)
}

fn list(call: &Call<'_>, state: &Connection, parameters: &Parameters) -> Result<Answer> {
    let viewer = parameters.user_id.as_deref().unwrap_or(&call.api_user.api_key);
    let mut waiting = approvals::pending(state, parameters.before)?;
    if !parameters.include_all_users {
        let eligible = console_users::quorum(state)?.iter().any(|user| user.id == viewer);
        waiting.retain(|approval| {
            let approved = approval.approved_by.iter().any(|id| id == viewer);
            eligible && (parameters.include_user_approved || !approved)
        });
    }
    let more = waiting.len() > parameters.page_size;
    waiting.truncate(parameters.page_size);
    let next = waiting.last().filter(|_| more).map(|approval| approval.sequence.to_string());
    let data =
        waiting.iter().map(|approval| item(state, approval, viewer, parameters.mode)).collect::<Result<Vec<_>>>()?;
    let mut document = json!({ "data": data });
    if let (Some(next), Some(document)) = (next, document.as_object_mut()) {
        document.insert("next".into(), next.into());
    }
    Ok(Answer::json(StatusCode::OK, &document))
}

/// Fireblocks' `ApprovalRequestItem`. The payload is a string: approvers sign its exact bytes.
fn item(state: &Connection, approval: &Approval, viewer: &str, mode: QuorumStatusMode) -> Result<Value> {
    let payload = json!({
        "requestId": approval.id,
        "requestType": REQUEST_TYPE,
        "requestTimestamp": approval.created_at,
        "expiresAt": approval.expires_at / SECOND,
        "requestData": { "userId": approval.user_id, "email": approval.user_email },
    });
    let quorum = console_users::quorum(state)?;
    let user_status = if approval.approved_by.iter().any(|id| id == viewer) {
        "USER_APPROVED"
    } else if approval.status != Status::Pending {
        "USER_STATUS_NOT_APPLICABLE"
    } else if quorum.iter().any(|user| user.id == viewer) {
        "USER_NOT_APPROVED"
    } else {
        "USER_NOT_ELIGIBLE_TO_APPROVE"
    };
    let mut item = json!({
        "requestPayload": serde_json::to_string(&payload)?,
        "requestSignature": "",
        "userStatus": user_status,
    });
    if mode == QuorumStatusMode::None {
        return Ok(item);
    }
    let complete = approval.approved_by.len() >= usize::try_from(approval.threshold)?;
    let mut status = json!({
        "requestStatus": approval.status.name(),
        "quorum": {
            "type": "SIMPLE",
            "threshold": approval.threshold,
            "currentApprovalCount": approval.approved_by.len(),
            "status": if complete { "APPROVED" } else { "PENDING" },
        },
    });
    if mode == QuorumStatusMode::Full
        && let Some(status) = status.as_object_mut()
    {
        let users: Vec<Value> = quorum
            .iter()
            .map(|user| {
                let approved = approval.approved_by.contains(&user.id);
                json!({ "userId": user.id, "status": if approved { "USER_APPROVED" } else { "USER_NOT_APPROVED" } })
            })
            .collect();
        status.insert("users".into(), users.into());
    }
    if let Some(item) = item.as_object_mut() {
        item.insert("quorumStatus".into(), status);
    }
    Ok(item)
}

fn bad_request(message: &str) -> Answer {
    Answer::error_schema(StatusCode::BAD_REQUEST, message, 400)
}

fn parse(query: &str) -> Result<Parameters, String> {
    let mut parameters = Parameters {
        include_user_approved: false,
        include_all_users: false,
        user_id: None,
        mode: QuorumStatusMode::None,
        page_size: DEFAULT_PAGE_SIZE,
        before: None,
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "includeUserApproved" => parameters.include_user_approved = boolean(&name, &value)?,
            "includeAllUsers" => parameters.include_all_users = boolean(&name, &value)?,
            "userId" => parameters.user_id = Some(value.into_owned()),
            "quorumStatusMode" => {
                parameters.mode = match value.as_ref() {
                    "NONE" => QuorumStatusMode::None,
                    "SUMMARY" => QuorumStatusMode::Summary,
                    "FULL" => QuorumStatusMode::Full,
                    _ => return Err("quorumStatusMode must be one of NONE, SUMMARY, FULL".into()),
                }
            }
            "pageSize" => {
                parameters.page_size = value
                    .parse()
                    .ok()
                    .filter(|size| (1..=LARGEST_PAGE).contains(size))
                    .ok_or_else(|| format!("pageSize must be an integer from 1 to {LARGEST_PAGE}"))?;
            }
            "pageCursor" => parameters.before = Some(value.parse().map_err(|_| "pageCursor is not valid")?),
            _ => {}
        }
    }
    Ok(parameters)
}

fn boolean(name: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{name} must be true or false"))
}
