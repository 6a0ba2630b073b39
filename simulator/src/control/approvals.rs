//! `/_control/approvals`: what people do in the Console, and the approver's hand.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::json::{JsonBody, Query, Refused};
use crate::simulator::Sim;
use crate::workspace::approvals::{self, Approval, Status};
use crate::workspace::console_users;
use crate::workspace::re_enrolment::{self, Ending, Wish};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    user_id: Option<String>,
}

pub async fn list(State(simulator): Sim, Query(filter): Query<Filter>) -> Result<Json<Value>, Refused> {
    let approvals = simulator.transact(|conn, _| approvals::list(conn, filter.user_id.as_deref()))?;
    Ok(Json(json!({ "approvals": approvals })))
}

/// What somebody asks for in the Console.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct New {
    /// Whose device to reset; or else `requestType` and `requestData`, of something that is no reset.
    user_id: Option<String>,
    request_type: Option<String>,
    request_data: Option<Value>,
    /// The id of the console user who asks. Without it: the first of the quorum who is not the user.
    by: Option<String>,
}

/// A request that no API user made: another administrator asks in the Console, and the audit log says so.
pub async fn file(
    State(simulator): Sim,
    JsonBody(new): JsonBody<New>,
) -> Result<(StatusCode, Json<Approval>), Refused> {
    let settings = simulator.settings();
    simulator
        .transact(|conn, now| {
            let quorum = console_users::quorum(conn)?;
            let by = match &new.by {
                Some(id) => console_users::find(conn, id)?,
                None => quorum.into_iter().find(|user| Some(&user.id) != new.user_id.as_ref()),
            };
            let Some(by) = by else {
                return Ok(Err(Refused::not_found("nobody with this id can ask")));
            };
            let user = new.user_id.as_deref().map(|id| console_users::find(conn, id)).transpose()?.flatten();
            let wish = match (&user, &new.request_type, &new.request_data) {
                (Some(user), None, None) => Wish::Reset(user),
                (None, Some(request_type), Some(request_data)) if new.user_id.is_none() => {
                    Wish::Other { request_type, request_data }
                }
                (None, None, None) if new.user_id.is_some() => return Ok(Err(Refused::not_found("no such user"))),
                _ => return Ok(Err(Refused::bad_request("give userId, or requestType and requestData"))),
            };
            Ok(Ok(re_enrolment::file(conn, &settings, now, &wish, &by.actor(), None)?))
        })?
        .map(|approval| (StatusCode::CREATED, Json(approval)))
}

/// `approve` is one person's approval; with a threshold above 1 it takes several.
pub async fn act(State(simulator): Sim, Path((id, action)): Path<(String, String)>) -> Result<Json<Approval>, Refused> {
    let ending = match action.as_str() {
        "approve" => None,
        "reject" => Some(Ending::Reject),
        "cancel" => Some(Ending::Cancel),
        "expire" => Some(Ending::Expire),
        "fail" => Some(Ending::Fail),
        _ => {
            return Err(Refused::not_found("an approval can only: approve, reject, cancel, expire, fail"));
        }
    };
    let settings = simulator.settings();
    simulator
        .transact(|conn, now| {
            let Some(approval) = approvals::find(conn, &id)? else {
                return Ok(Err(Refused::not_found("no such approval")));
            };
            if approval.status != Status::Pending {
                let message = format!("the approval has ended: {}", approval.status.name());
                return Ok(Err(Refused::conflict(message)));
            }
            let approval = match ending {
                None => re_enrolment::approve(conn, &settings, now, approval)?,
                Some(ending) => re_enrolment::end(conn, &settings, now, approval, ending, None)?,
            };
            Ok(Ok(approval))
        })?
        .map(Json)
}
