//! Fireblocks' operations: a room for each noun, a file for each verb. Who calls them is known by then.

pub mod answer;
pub mod approvals;
pub mod audit_logs;
pub mod call;
pub mod faults;
pub mod idempotency;
pub mod operation;
pub mod users;
pub mod workspace;
pub mod writes;
