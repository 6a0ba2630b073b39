//! The built simulator, spoken to over TCP as its users do.

// clippy.toml allows these in test functions; here the helpers are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod access;
mod approvals;
mod authentication;
mod control;
mod faults;
mod idempotency;
mod phone;
mod reads;
mod server;
mod walk;
