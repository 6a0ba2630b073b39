//! The people of the workspace, as `getConsoleUsers` lists them.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::clock::Millis;

/// Fireblocks' `ConsoleUser`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConsoleUser {
    /// Stable: the seed always makes the same.
    pub id: String,
    pub first_name: String,
    pub last_name: String,
    /// API users have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Fireblocks' `UserRole`; free text, so that a client's open enums can be tested.
    pub role: String,
    pub enabled: bool,
    /// Fireblocks' `UserStatus`; free text too.
    pub status: String,
    pub user_type: String,
}

/// Status of a user whose set-up is complete.
pub const READY: &str = "READY";
/// Status of a user without a paired device.
pub const PENDING_DEVICE_PAIRING: &str = "PENDING_DEVICE_PAIRING";
/// Status of a user whose new device is not set up yet.
pub const PENDING_DEVICE_SETUP: &str = "PENDING_DEVICE_SETUP";
/// Status of a user whose registration is not finished.
pub const PENDING_ACTIVATION: &str = "PENDING_ACTIVATION";

impl ConsoleUser {
    /// First and last name, as the audit log names who acted.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }

    /// Whether this user has, or will have, a mobile device. Editors and viewers need none, says Fireblocks' help.
    pub fn has_device(&self) -> bool {
        self.user_type == "CONSOLE" && !matches!(self.role.as_str(), "EDITOR" | "VIEWER")
    }

    /// Why a careful Fireblocks would refuse to reset this user's device. What it really does is not documented.
    pub fn reset_objection(&self) -> Option<&'static str> {
        if self.user_type != "CONSOLE" {
            Some("The user is an API user")
        } else if self.role == "OWNER" {
            Some("The device of the workspace owner cannot be re-enrolled")
        } else if !self.has_device() {
            Some("The user's role has no mobile device")
        } else if !self.enabled {
            Some("The user is disabled")
        } else if self.status == PENDING_ACTIVATION {
            Some("The user's registration is not finished")
        } else {
            None
        }
    }
}

const COLUMNS: &str = "id, first_name, last_name, email, role, enabled, status, user_type";

fn read(row: &Row<'_>) -> rusqlite::Result<ConsoleUser> {
    Ok(ConsoleUser {
        id: row.get(0)?,
        first_name: row.get(1)?,
        last_name: row.get(2)?,
        email: row.get(3)?,
        role: row.get(4)?,
        enabled: row.get(5)?,
        status: row.get(6)?,
        user_type: row.get(7)?,
    })
}

/// Everyone, in the order of the seed.
pub fn list(state: &Connection) -> Result<Vec<ConsoleUser>> {
    let mut statement = state.prepare_cached(&format!("SELECT {COLUMNS} FROM console_users ORDER BY position"))?;
    let users = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(users)
}

/// One user.
pub fn find(state: &Connection, id: &str) -> Result<Option<ConsoleUser>> {
    let mut statement = state.prepare_cached(&format!("SELECT {COLUMNS} FROM console_users WHERE id = ?"))?;
    Ok(statement.query_row([id], read).optional()?)
}

/// Adds a user; false where the id is taken.
pub fn insert(state: &Connection, user: &ConsoleUser) -> Result<bool> {
    let mut statement = state.prepare_cached(
        "INSERT OR IGNORE INTO console_users (id, first_name, last_name, email, role, enabled, status, user_type)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )?;
    let added = statement.execute(params![
        user.id,
        user.first_name,
        user.last_name,
        user.email,
        user.role,
        user.enabled,
        user.status,
        user.user_type,
    ])?;
    Ok(added == 1)
}

/// Replaces a user. A walk under way ends: what is set by hand stays.
pub fn replace(state: &Connection, user: &ConsoleUser) -> Result<()> {
    state
        .prepare_cached(
            "UPDATE console_users SET first_name = ?2, last_name = ?3, email = ?4, role = ?5, enabled = ?6, status = ?7,
                    user_type = ?8, next_status_at = NULL
             WHERE id = ?1",
        )?
        .execute(params![
            user.id,
            user.first_name,
            user.last_name,
            user.email,
            user.role,
            user.enabled,
            user.status,
            user.user_type,
        ])?;
    Ok(())
}

/// Sets a status, and when the next step of the walk comes by itself.
pub fn set_status(state: &Connection, id: &str, status: &str, next_status_at: Option<Millis>) -> Result<()> {
    state
        .prepare_cached("UPDATE console_users SET status = ?2, next_status_at = ?3 WHERE id = ?1")?
        .execute(params![id, status, next_status_at])?;
    Ok(())
}

/// The user whose next step comes first, and when.
pub fn next_due(state: &Connection) -> Result<Option<(Millis, String)>> {
    Ok(state
        .prepare_cached(
            "SELECT next_status_at, id FROM console_users WHERE next_status_at IS NOT NULL
             ORDER BY next_status_at LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Those who approve requests of the admin quorum, the owner first.
pub fn quorum(state: &Connection) -> Result<Vec<ConsoleUser>> {
    let mut statement = state.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM console_users
         WHERE user_type = 'CONSOLE' AND enabled AND status = 'READY'
           AND role IN ('OWNER', 'ADMIN', 'NON_SIGNING_ADMIN')
         ORDER BY role <> 'OWNER', position"
    ))?;
    let users = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(users)
}
