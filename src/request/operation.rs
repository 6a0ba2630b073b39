//! The operations of Fireblocks' API that the client knows.

use crate::json::Json;
use crate::request::user_id;

/// In UTF-16 units. What is longer is refused before it is copied.
const LONGEST_ID: u32 = 65_536;

/// An operation, by Fireblocks' operationId.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `POST /management/users/{id}/reset_device`
    ResetDevice,
    /// `GET /management/users`
    GetConsoleUsers,
    /// `GET /workspace`
    GetWorkspace,
    /// `GET /management/audit_logs`
    GetAuditLogs,
    /// `GET /approvals`
    GetApprovals,
    /// `GET /approvals/{requestId}`
    GetApproval,
    /// `POST /approvals/{requestId}/reject`
    RejectApproval,
}

impl Operation {
    /// The operationId.
    pub fn id(self) -> &'static str {
        match self {
            Self::ResetDevice => "resetDevice",
            Self::GetConsoleUsers => "getConsoleUsers",
            Self::GetWorkspace => "getWorkspace",
            Self::GetAuditLogs => "getAuditLogs",
            Self::GetApprovals => "getApprovals",
            Self::GetApproval => "getApproval",
            Self::RejectApproval => "rejectApproval",
        }
    }

    /// Whether the operation changes anything at Fireblocks.
    pub fn writes(self) -> bool {
        matches!(self, Self::ResetDevice | Self::RejectApproval)
    }

    /// The path after the base path; `id` is read where the operation has one.
    ///
    /// # Errors
    /// A sentence that says why the id cannot stand in a path.
    pub fn path<J: Json>(self, id: &J) -> Result<String, String> {
        let of = |what: &str| {
            let encoded = id.whole_text(LONGEST_ID).and_then(|id| user_id::encode(&id));
            encoded.map_err(|reason| [what, " ", reason].concat())
        };
        const REQUEST: &str = "The approval request's id";
        Ok(match self {
            Self::ResetDevice => ["/management/users/", &of("The user's id")?, "/reset_device"].concat(),
            Self::GetConsoleUsers => "/management/users".into(),
            Self::GetWorkspace => "/workspace".into(),
            Self::GetAuditLogs => "/management/audit_logs".into(),
            Self::GetApprovals => "/approvals".into(),
            Self::GetApproval => ["/approvals/", &of(REQUEST)?].concat(),
            Self::RejectApproval => ["/approvals/", &of(REQUEST)?, "/reject"].concat(),
        })
    }

    /// Whether `body` can be that of this operation's success.
    pub fn accepts<J: Json>(self, body: &J) -> bool {
        let list = match self {
            Self::ResetDevice | Self::RejectApproval => return true,
            Self::GetWorkspace | Self::GetApproval => return body.is_object(),
            Self::GetConsoleUsers => "users",
            Self::GetAuditLogs | Self::GetApprovals => "data",
        };
        body.member(list).is_array()
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths() {
        let path = |operation: Operation, id| operation.path(&json!(id));
        assert_eq!(path(Operation::ResetDevice, "a b").as_deref(), Ok("/management/users/a%20b/reset_device"));
        assert_eq!(path(Operation::GetApproval, "r/1").as_deref(), Ok("/approvals/r%2F1"));
        assert_eq!(path(Operation::RejectApproval, "r 1").as_deref(), Ok("/approvals/r%201/reject"));
        assert_eq!(path(Operation::GetConsoleUsers, "").as_deref(), Ok("/management/users"));
        assert_eq!(path(Operation::ResetDevice, "").unwrap_err(), "The user's id must not be empty.");
        assert_eq!(Operation::GetApproval.path(&json!(5)).unwrap_err(), "The approval request's id must be a string.");
    }

    #[test]
    fn responses_have_their_documented_shape() {
        assert!(Operation::GetConsoleUsers.accepts(&json!({"users": []})));
        assert!(!Operation::GetConsoleUsers.accepts(&json!({"users": null})));
        assert!(!Operation::GetAuditLogs.accepts(&json!([])));
        assert!(Operation::GetWorkspace.accepts(&json!({"name": "x"})));
        assert!(!Operation::GetWorkspace.accepts(&json!("x")));
    }
}
