//! `/v1/management/users`.

pub mod list;
pub mod reset_device;
