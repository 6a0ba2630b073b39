//! Plays Cloudflare Access, the identity provider in front of the worker: sign-in page, certs, tokens, identities.

pub mod identity;
pub mod sign_in;
pub mod signing_keys;
pub mod tokens;

/// The cookie that Access sets on the application's host. Cookies know no ports: one for all of 127.0.0.1.
const COOKIE: &str = "CF_Authorization";
