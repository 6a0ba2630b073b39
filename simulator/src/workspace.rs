//! The workspace itself.

use anyhow::Result;
use rusqlite::Connection;
use serde::Serialize;

/// Fireblocks' `Workspace`. Its id is what the audit log calls the tenant.
#[derive(Debug, Serialize)]
pub struct Workspace {
    pub id: String,
    pub name: String,
}

/// The one workspace.
pub fn read(state: &Connection) -> Result<Workspace> {
    Ok(state
        .prepare_cached("SELECT id, name FROM workspace")?
        .query_row([], |row| Ok(Workspace { id: row.get(0)?, name: row.get(1)? }))?)
}

/// The `aud` of the Access application: 64 hex digits, made on first start.
pub fn audience(state: &Connection) -> Result<String> {
    Ok(state.query_row("SELECT audience FROM workspace", [], |row| row.get(0))?)
}
