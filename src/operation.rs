//! The operations of Fireblocks' API that the client knows.

use crate::json::Json;
use crate::text::{meaning, name};
use crate::user_id::{self, UserIdError};

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
}

/// The operations by their operationIds.
const OPERATIONS: &[(&str, Operation)] = &[
    ("resetDevice", Operation::ResetDevice),
    ("getConsoleUsers", Operation::GetConsoleUsers),
    ("getWorkspace", Operation::GetWorkspace),
    ("getAuditLogs", Operation::GetAuditLogs),
    ("getApprovals", Operation::GetApprovals),
    ("getApproval", Operation::GetApproval),
];

impl Operation {
    /// The operationId.
    pub fn id(self) -> &'static str {
        name(OPERATIONS, self)
    }

    /// The operation with this operationId.
    pub fn from_id(id: &str) -> Option<Self> {
        meaning(OPERATIONS, id)
    }

    /// Whether the operation changes anything at Fireblocks.
    pub fn writes(self) -> bool {
        self == Self::ResetDevice
    }

    /// What its path names, as the beginning of a sentence; `None` where it names nothing.
    pub fn subject(self) -> Option<&'static str> {
        match self {
            Self::ResetDevice => Some("The user's id "),
            Self::GetApproval => Some("The approval request's id "),
            _ => None,
        }
    }

    /// The path after the base path; `id` is read where the operation has one.
    ///
    /// # Errors
    /// [`UserIdError`] where the id cannot stand in a path.
    pub fn path(self, id: &str) -> Result<String, UserIdError> {
        let mut path = String::from(match self {
            Self::ResetDevice => "/management/users/",
            Self::GetApproval => "/approvals/",
            Self::GetConsoleUsers => "/management/users",
            Self::GetWorkspace => "/workspace",
            Self::GetAuditLogs => "/management/audit_logs",
            Self::GetApprovals => "/approvals",
        });
        if self.subject().is_some() {
            path.push_str(&user_id::encode(id)?);
        }
        if self == Self::ResetDevice {
            path.push_str("/reset_device");
        }
        Ok(path)
    }

    /// Whether `body` can be this operation's answer.
    pub fn accepts<J: Json>(self, body: &J) -> bool {
        let list = match self {
            Self::ResetDevice => return true,
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
        let path = Operation::ResetDevice.path("a b");
        assert_eq!(path.as_deref(), Ok("/management/users/a%20b/reset_device"));
        assert_eq!(Operation::ResetDevice.path(".."), Err(UserIdError::DotSegment));
        assert_eq!(Operation::GetApproval.path("r/1").as_deref(), Ok("/approvals/r%2F1"));
        assert_eq!(Operation::GetConsoleUsers.path("").as_deref(), Ok("/management/users"));
    }

    #[test]
    fn every_operation_has_an_id() {
        let listed: Vec<usize> = OPERATIONS.iter().map(|&(_, operation)| operation as usize).collect();
        assert_eq!(listed, (0..=Operation::GetApproval as usize).collect::<Vec<_>>());
        assert_eq!(Operation::GetApproval.id(), "getApproval");
    }

    #[test]
    fn an_operation_is_found_by_its_id() {
        assert_eq!(Operation::from_id("getApprovals"), Some(Operation::GetApprovals));
        assert_eq!(Operation::from_id("freezeWorkspace"), None);
    }

    #[test]
    fn answers_have_their_documented_shape() {
        assert!(Operation::GetConsoleUsers.accepts(&json!({"users": []})));
        assert!(!Operation::GetConsoleUsers.accepts(&json!({"users": null})));
        assert!(!Operation::GetAuditLogs.accepts(&json!([])));
        assert!(Operation::GetWorkspace.accepts(&json!({"name": "x"})));
        assert!(!Operation::GetWorkspace.accepts(&json!("x")));
    }
}
