//! The workspace: its people, its API users, what they ask for and who approves it.

pub mod api_users;
pub mod approvals;
pub mod audit_log;
pub mod console_users;
pub mod re_enrolment;
pub mod walk;

use anyhow::Result;
use rusqlite::Connection;
use serde::Serialize;

use crate::clock::Millis;

/// Fireblocks' `Workspace`. Its id is what the audit log calls the tenant.
#[derive(Debug, Serialize)]
pub struct Workspace {
    pub id: String,
    pub name: String,
}

/// The one workspace.
pub fn read(conn: &Connection) -> Result<Workspace> {
    Ok(conn
        .prepare_cached("SELECT id, name FROM workspace")?
        .query_row([], |row| Ok(Workspace { id: row.get(0)?, name: row.get(1)? }))?)
}

/// The `aud` of the Access application: 64 hex digits, made on first start.
pub fn audience(conn: &Connection) -> Result<String> {
    Ok(conn.query_row("SELECT audience FROM workspace", [], |row| row.get(0))?)
}

/// Lets time pass: what was lies further back, and what is to come comes sooner. The machine's clock, which tokens are held
/// to, stays as it is.
pub fn let_pass(conn: &Connection, time: Millis) -> Result<()> {
    approvals::let_pass(conn, time)?;
    audit_log::let_pass(conn, time)?;
    console_users::let_pass(conn, time)
}
