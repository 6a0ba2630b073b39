//! `/_control/approvals`: the approver's hand.

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Query, Refused, Sim};
use crate::approvals::{self, Approval, Status};
use crate::re_enrolment::{self, Ending};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Filter {
    user_id: Option<String>,
}

pub async fn list(State(simulator): Sim, Query(filter): Query<Filter>) -> Result<Json<Value>, Refused> {
    let approvals = simulator.transact(|state, _| approvals::list(state, filter.user_id.as_deref()))?;
    Ok(Json(json!({ "approvals": approvals })))
}

/// `approve` is one person's approval; with a threshold above 1 it takes several.
pub async fn act(State(simulator): Sim, Path((id, action)): Path<(String, String)>) -> Result<Json<Approval>, Refused> {
    let ending = match action.as_str() {
        "approve" => None,
        "reject" => Some(Ending::Reject),
        "cancel" => Some(Ending::Cancel),
        "expire" => Some(Ending::Expire),
        _ => {
            return Err(Refused::not_found(
                "an approval can be approved, rejected, cancelled or expired: approve, reject, cancel, expire",
            ));
        }
    };
    let settings = simulator.settings();
    simulator
        .transact(|state, now| {
            let Some(approval) = approvals::find(state, &id)? else {
                return Ok(Err(Refused::not_found("no such approval")));
            };
            if approval.status != Status::Pending {
                let message = format!("the approval has ended: {}", approval.status.name());
                return Ok(Err(Refused::conflict(message)));
            }
            let approval = match ending {
                None => re_enrolment::approve(state, &settings, now, approval)?,
                Some(ending) => re_enrolment::end(state, &settings, now, approval, ending)?,
            };
            Ok(Ok(approval))
        })?
        .map(Json)
}
