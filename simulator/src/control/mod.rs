//! `/_control`: what tests and people at this machine may do to the simulator. Fireblocks has none of it.

pub mod api_keys;
pub mod approvals;
pub mod clear;
pub mod clock;
pub mod faults;
pub mod log;
pub mod mails;
pub mod settings;
pub mod users;
