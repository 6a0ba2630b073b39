//! `/v1/approvals`, a beta of Fireblocks' with no published request types.

mod beta;
mod eligibility;
pub mod get;
mod item;
pub mod list;
mod parameters;
pub mod reject;
