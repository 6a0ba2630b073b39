//! Fireblocks' operations that this simulator knows: paths, permissions, limits and error shapes.

use axum::http::{Method, StatusCode};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
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

impl Route {
    /// The route of a request line. Segments are told apart before they are decoded.
    pub fn of(method: &Method, path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let (wanted, operation, id) = match segments.as_slice() {
            ["v1", "management", "users", id, "reset_device"] if !id.is_empty() => {
                (Method::POST, Operation::ResetDevice, *id)
            }
            ["v1", "management", "users"] => (Method::GET, Operation::GetConsoleUsers, ""),
            ["v1", "management", "audit_logs"] => (Method::GET, Operation::GetAuditLogs, ""),
            ["v1", "approvals"] => (Method::GET, Operation::GetApprovals, ""),
            ["v1", "approvals", id] if !id.is_empty() => (Method::GET, Operation::GetApproval, *id),
            ["v1", "workspace"] => (Method::GET, Operation::GetWorkspace, ""),
            _ => return Self::NotFound,
        };
        if method != wanted {
            return Self::MethodNotAllowed;
        }
        Self::Operation(operation, percent_decode_str(id).decode_utf8_lossy().into_owned())
    }
}

impl Operation {
    /// Whether an API user with this role may call it ("Endpoint Permission" of the OpenAPI document).
    pub fn permits(self, role: &str) -> bool {
        match self {
            Self::ResetDevice | Self::GetConsoleUsers => matches!(role, "ADMIN" | "NON_SIGNING_ADMIN"),
            Self::GetAuditLogs => {
                matches!(role, "ADMIN" | "NON_SIGNING_ADMIN" | "AUDITOR" | "SECURITY_ADMIN" | "SECURITY_AUDITOR")
            }
            // Whose requests are seen is decided by the parameters.
            Self::GetApprovals | Self::GetApproval | Self::GetWorkspace => true,
        }
    }

    /// Its limit by `x-rate-limit-category`.
    pub fn limit(self, limits: &RateLimits) -> u32 {
        match self {
            Self::ResetDevice => limits.write,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_before_it_is_decoded() {
        let reset = |id: &str| Route::of(&Method::POST, &format!("/v1/management/users/{id}/reset_device"));
        assert_eq!(reset("a%2Fb%20c"), Route::Operation(Operation::ResetDevice, "a/b c".into()));
        assert_eq!(reset(".."), Route::Operation(Operation::ResetDevice, "..".into()));
        assert_eq!(reset(""), Route::NotFound);
        assert_eq!(reset("a/b"), Route::NotFound);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let of = |method, path| Route::of(&method, path);
        assert_eq!(of(Method::POST, "/v1/management/reset_device"), Route::NotFound);
        assert_eq!(of(Method::GET, "/v1/management/users/"), Route::NotFound);
        assert_eq!(of(Method::GET, "/management/users"), Route::NotFound);
        assert_eq!(of(Method::POST, "/v1/management/users"), Route::MethodNotAllowed);
        assert_eq!(of(Method::GET, "/v1/management/users/1/reset_device"), Route::MethodNotAllowed);
    }
}
