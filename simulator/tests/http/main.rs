//! The built simulator, spoken to over TCP as its users do.

mod access;
mod authentication;
mod control;
mod faults;
mod idempotency;
mod reads;
mod server;
mod walk;
