//! One request as Fireblocks shows it.

use anyhow::Result;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::eligibility::is_eligible;
use super::parameters::QuorumStatusMode;
use crate::api::call::Call;
use crate::clock::SECOND;
use crate::settings::RequestPayload;
use crate::workspace::approvals::{Approval, Status};
use crate::workspace::console_users;

/// Fireblocks' `ApprovalRequestItem`. The payload is a string: approvers sign its exact bytes.
pub fn item(
    call: &Call<'_>,
    conn: &Connection,
    approval: &Approval,
    viewer: &str,
    mode: QuorumStatusMode,
) -> Result<Value> {
    let quorum = console_users::quorum(conn)?;
    let user_status = if approval.approved_by.iter().any(|id| id == viewer) {
        "USER_APPROVED"
    } else if approval.status != Status::Pending {
        "USER_STATUS_NOT_APPLICABLE"
    } else if is_eligible(call, conn, viewer)? {
        "USER_NOT_APPROVED"
    } else {
        "USER_NOT_ELIGIBLE_TO_APPROVE"
    };
    let mut item = json!({
        "requestPayload": serde_json::to_string(&payload(approval, call.settings.request_payload))?,
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

/// What approvers sign. What Fireblocks puts into it is not published: the settings have several guesses.
fn payload(approval: &Approval, shape: RequestPayload) -> Value {
    let (user, initiator) = (&approval.user_id, &approval.initiator_id);
    let request_data = match (&approval.request_data, shape) {
        (Some(data), _) => data.clone(),
        (None, RequestPayload::Target | RequestPayload::InitiatorBeside) => {
            json!({ "userId": user, "email": approval.user_email })
        }
        (None, RequestPayload::InitiatorNested) => json!({
            "initiator": { "userId": initiator, "name": approval.initiator_name },
            "user": { "userId": user, "email": approval.user_email },
        }),
        (None, RequestPayload::InitiatorAsUserId) => {
            json!({ "userId": initiator, "targetUserId": user, "targetEmail": approval.user_email })
        }
    };
    let mut payload = json!({
        "requestId": approval.id,
        "requestType": approval.request_type,
        "requestTimestamp": approval.created_at,
        "expiresAt": approval.expires_at / SECOND,
        "requestData": request_data,
    });
    if let (RequestPayload::InitiatorBeside, Some(payload)) = (shape, payload.as_object_mut()) {
        payload.insert("initiatorId".into(), initiator.as_str().into());
    }
    payload
}
