//! Plays Cloudflare Access, the identity provider in front of the worker: sign-in page, certs, tokens, identities.

mod identity;
mod sign_in;
mod signing_keys;
mod tokens;

use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::routing::{get, post};
use rusqlite::Connection;

use crate::clock;
use crate::simulator::Simulator;

/// The routes of a team domain, and those of the control endpoint that make tokens for tests.
pub fn routes() -> Router<Arc<Simulator>> {
    Router::new()
        .route("/cdn-cgi/access/certs", get(signing_keys::certs))
        .route("/cdn-cgi/access/login/{hostname}", get(sign_in::page).post(sign_in::sign_in))
        .route("/cdn-cgi/access/logout", get(sign_in::sign_out))
        .route("/cdn-cgi/access/get-identity", get(identity::read))
        .route("/_control/access/token", post(tokens::make))
        .route("/_control/access/rotate", post(signing_keys::rotate))
}

/// Makes the first signing key where there is none.
pub fn prepare(state: &Connection) -> Result<()> {
    signing_keys::ensure_one(state, clock::now())
}

/// The cookie that Access sets on the application's host. Cookies know no ports: one for all of 127.0.0.1.
const COOKIE: &str = "CF_Authorization";
