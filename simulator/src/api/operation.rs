//! Fireblocks' operations that this simulator knows: permissions, limits and error shapes.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::api::answer::Answer;
use crate::settings::RateLimits;

/// An operation, by Fireblocks' operationId.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    ResetDevice,
    GetConsoleUsers,
    GetAuditLogs,
    GetApprovals,
    GetApproval,
    RejectApproval,
    GetWorkspace,
}

/// What a request line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// An operation, with the id in its path where it has one.
    Operation(Operation, String),
    /// The path is known, the method is not.
    MethodNotAllowed,
    /// Nothing that we know.
    NotFound,
}

impl Operation {
    /// Whether an API user with this role may call it ("Endpoint Permission" of the OpenAPI document).
    pub fn permits(self, role: &str) -> bool {
        match self {
            Self::ResetDevice | Self::GetConsoleUsers => matches!(role, "ADMIN" | "NON_SIGNING_ADMIN"),
            Self::GetAuditLogs => {
                matches!(role, "ADMIN" | "NON_SIGNING_ADMIN" | "AUDITOR" | "SECURITY_ADMIN" | "SECURITY_AUDITOR")
            }
            Self::RejectApproval => {
                matches!(role, "ADMIN" | "NON_SIGNING_ADMIN" | "SECURITY_ADMIN" | "SECURITY_AUDITOR")
            }
            // Whose requests are seen is decided by the parameters.
            Self::GetApprovals | Self::GetApproval | Self::GetWorkspace => true,
        }
    }

    /// Its limit by `x-rate-limit-category`.
    pub fn limit(self, limits: &RateLimits) -> u32 {
        match self {
            Self::ResetDevice | Self::RejectApproval => limits.write,
            Self::GetConsoleUsers | Self::GetAuditLogs | Self::GetApprovals | Self::GetApproval => limits.query,
            Self::GetWorkspace => limits.read,
        }
    }

    /// The 403 of a missing role, in the shape that the operation documents.
    pub fn forbidden(self) -> Answer {
        const MESSAGE: &str = "Lacking permissions.";
        match self {
            Self::ResetDevice | Self::GetConsoleUsers => {
                Answer::error_response(StatusCode::FORBIDDEN, "FORBIDDEN", MESSAGE)
            }
            _ => Answer::error_schema(StatusCode::FORBIDDEN, MESSAGE, 403),
        }
    }
}
