//! Every route: Fireblocks' API, the stand-ins for Access and for a mail service, and the control endpoint.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware;
use axum::response::Response;
use axum::routing::{any, get, patch, post};
use percent_encoding::percent_decode_str;

use crate::access::{identity, sign_in, signing_keys, tokens};
use crate::api::operation::{Operation, Route};
use crate::control::{api_keys, approvals, clear, clock, faults, log, mails, settings, users};
use crate::gateway;
use crate::mail;
use crate::server::json::Refused;
use crate::server::loopback;
use crate::simulator::{Sim, Simulator};

/// What this simulator answers.
pub fn router(simulator: &Arc<Simulator>) -> Router {
    let control = Router::new()
        .route("/faults", get(faults::list).post(faults::order).delete(faults::clear))
        .route("/log", get(log::read))
        .route("/clear", post(clear::clear))
        .route("/clock", post(clock::forward))
        .route("/mails", get(mails::list).post(mails::keep))
        .route("/settings", get(settings::read).patch(settings::change))
        .route("/approvals", get(approvals::list).post(approvals::file))
        .route("/approvals/{id}/{action}", post(approvals::act))
        .route("/users", post(users::create))
        .route("/users/{id}", get(users::read).patch(users::change))
        .route("/users/{id}/{action}", post(users::act))
        .route("/api_keys", post(api_keys::create))
        .route("/api_keys/{api_key}", patch(api_keys::change))
        .route("/access/token", post(tokens::make))
        .route("/access/rotate", post(signing_keys::rotate))
        .fallback(|| async { Refused::not_found("no such control endpoint") });
    let local = Router::new()
        .nest("/_control", control)
        .route("/cdn-cgi/access/certs", get(signing_keys::certs))
        .route("/cdn-cgi/access/login/{hostname}", get(sign_in::page).post(sign_in::sign_in))
        .route("/cdn-cgi/access/logout", get(sign_in::sign_out))
        .route("/cdn-cgi/access/get-identity", get(identity::read))
        .route("/mail", get(mail::page))
        .layer(middleware::from_fn(loopback::only));
    Router::new()
        .route("/v1", any(fireblocks))
        .route("/v1/{*rest}", any(fireblocks))
        .merge(local)
        .with_state(Arc::clone(simulator))
}

/// Fireblocks says who you are not before it says what is not there: unknown paths take the way of the known ones.
async fn fireblocks(State(simulator): Sim, request: Request) -> Response {
    let route = operation(request.method(), request.uri().path());
    gateway::handle(simulator, route, request).await
}

/// The operation of a request line. Segments are told apart before they are decoded.
fn operation(method: &Method, path: &str) -> Route {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let (wanted, operation, id) = match segments.as_slice() {
        ["v1", "management", "users", id, "reset_device"] if !id.is_empty() => {
            (Method::POST, Operation::ResetDevice, *id)
        }
        ["v1", "management", "users"] => (Method::GET, Operation::GetConsoleUsers, ""),
        ["v1", "management", "audit_logs"] => (Method::GET, Operation::GetAuditLogs, ""),
        ["v1", "approvals"] => (Method::GET, Operation::GetApprovals, ""),
        ["v1", "approvals", id] if !id.is_empty() => (Method::GET, Operation::GetApproval, *id),
        ["v1", "approvals", id, "reject"] if !id.is_empty() => (Method::POST, Operation::RejectApproval, *id),
        ["v1", "workspace"] => (Method::GET, Operation::GetWorkspace, ""),
        _ => return Route::NotFound,
    };
    if method != wanted {
        return Route::MethodNotAllowed;
    }
    Route::Operation(operation, percent_decode_str(id).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_before_it_is_decoded() {
        let reset = |id: &str| operation(&Method::POST, &format!("/v1/management/users/{id}/reset_device"));
        assert_eq!(reset("a%2Fb%20c"), Route::Operation(Operation::ResetDevice, "a/b c".into()));
        assert_eq!(reset(".."), Route::Operation(Operation::ResetDevice, "..".into()));
        assert_eq!(reset(""), Route::NotFound);
        assert_eq!(reset("a/b"), Route::NotFound);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        let of = |method, path| operation(&method, path);
        assert_eq!(of(Method::POST, "/v1/management/reset_device"), Route::NotFound);
        assert_eq!(of(Method::GET, "/v1/management/users/"), Route::NotFound);
        assert_eq!(of(Method::GET, "/management/users"), Route::NotFound);
        assert_eq!(of(Method::POST, "/v1/management/users"), Route::MethodNotAllowed);
        assert_eq!(of(Method::GET, "/v1/management/users/1/reset_device"), Route::MethodNotAllowed);
    }
}
