//! The people of the workspace, as `getConsoleUsers` lists them.

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::workspace::audit_log::Actor;

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
    /// As the audit log names who acted: by first and last name.
    pub fn actor(&self) -> Actor {
        Actor { id: self.id.clone(), name: format!("{} {}", self.first_name, self.last_name) }
    }

    /// Whether this user has, or will have, a mobile device. Editors and viewers need none, says Fireblocks' help.
    pub fn has_device(&self) -> bool {
        self.user_type == "CONSOLE" && !matches!(self.role.as_str(), "EDITOR" | "VIEWER")
    }

    /// Whether this user signs, with a key share that the Owner has to approve after a pairing.
    pub fn signs(&self) -> bool {
        matches!(self.role.as_str(), "OWNER" | "ADMIN" | "SIGNER" | "COLLATERALS_SIGNER" | "NCW_ADMIN" | "NCW_SIGNER")
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

/// Who is awaited after the pairing of somebody who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SetUp {
    /// The Owner, who approves the key shares.
    AwaitsOwner,
    /// The user, who finishes in the app.
    AwaitsUser,
    /// Nobody any more: one of the two was too late.
    Missed,
}

impl SetUp {
    fn name(self) -> &'static str {
        match self {
            Self::AwaitsOwner => "AWAITS_OWNER",
            Self::AwaitsUser => "AWAITS_USER",
            Self::Missed => "MISSED",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::AwaitsOwner, Self::AwaitsUser, Self::Missed].into_iter().find(|set_up| set_up.name() == name)
    }
}

/// What Fireblocks knows of a user's phone, and its API tells nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phone {
    /// Of somebody who signs, between the pairing and the end of the set-up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_up: Option<SetUp>,
    /// Until when whoever is awaited has time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_up_ends_at: Option<Millis>,
    /// True: the user cannot sign in to the Console.
    pub second_factor_lost: bool,
    /// How many the user has had since the seed, the present one among them.
    pub phones: u32,
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
pub fn list(conn: &Connection) -> Result<Vec<ConsoleUser>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM console_users ORDER BY position"))?;
    let users = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(users)
}

/// One user.
pub fn find(conn: &Connection, id: &str) -> Result<Option<ConsoleUser>> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM console_users WHERE id = ?"))?;
    Ok(statement.query_row([id], read).optional()?)
}

/// Adds a user; false where the id is taken.
pub fn insert(conn: &Connection, user: &ConsoleUser) -> Result<bool> {
    let mut statement = conn.prepare_cached(
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
pub fn replace(conn: &Connection, user: &ConsoleUser) -> Result<()> {
    conn.prepare_cached(
        "UPDATE console_users SET first_name = ?2, last_name = ?3, email = ?4, role = ?5, enabled = ?6, status = ?7,
                    user_type = ?8, next_status_at = NULL, set_up = NULL, set_up_ends_at = NULL
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
pub fn set_status(conn: &Connection, id: &str, status: &str, next_status_at: Option<Millis>) -> Result<()> {
    conn.prepare_cached(
        "UPDATE console_users SET status = ?2, next_status_at = ?3, set_up = NULL, set_up_ends_at = NULL WHERE id = ?1",
    )?
    .execute(params![id, status, next_status_at])?;
    Ok(())
}

/// Sets who is awaited after a pairing and until when, and when that comes by itself.
pub fn set_set_up(
    conn: &Connection,
    id: &str,
    set_up: SetUp,
    ends_at: Option<Millis>,
    next_status_at: Option<Millis>,
) -> Result<()> {
    conn.prepare_cached(
        "UPDATE console_users SET set_up = ?2, set_up_ends_at = ?3, next_status_at = ?4 WHERE id = ?1",
    )?
    .execute(params![id, set_up.name(), ends_at, next_status_at])?;
    Ok(())
}

/// Sets whether the second factor of the sign-in is gone.
pub fn set_second_factor_lost(conn: &Connection, id: &str, lost: bool) -> Result<()> {
    conn.prepare_cached("UPDATE console_users SET second_factor_lost = ?2 WHERE id = ?1")?
        .execute(params![id, lost])?;
    Ok(())
}

/// Counts a phone that takes the place of the one before.
pub fn add_phone(conn: &Connection, id: &str) -> Result<()> {
    conn.prepare_cached("UPDATE console_users SET phones = phones + 1 WHERE id = ?")?.execute([id])?;
    Ok(())
}

/// What is known of a user's phone.
pub fn phone(conn: &Connection, id: &str) -> Result<Phone> {
    let (set_up, phone) = conn
        .prepare_cached("SELECT set_up, set_up_ends_at, second_factor_lost, phones FROM console_users WHERE id = ?")?
        .query_row([id], |row| {
            let phone = Phone {
                set_up: None,
                set_up_ends_at: row.get(1)?,
                second_factor_lost: row.get(2)?,
                phones: row.get(3)?,
            };
            Ok((row.get::<_, Option<String>>(0)?, phone))
        })?;
    let set_up = set_up.map(|name| SetUp::from_name(&name).context("an unknown stage of a set-up")).transpose()?;
    Ok(Phone { set_up, ..phone })
}

/// The user whose next step comes first, and when.
pub fn next_due(conn: &Connection) -> Result<Option<(Millis, String)>> {
    first(conn, "next_status_at")
}

/// The user whose time for the set-up ends first, and when.
pub fn next_set_up_end(conn: &Connection) -> Result<Option<(Millis, String)>> {
    first(conn, "set_up_ends_at")
}

fn first(conn: &Connection, column: &str) -> Result<Option<(Millis, String)>> {
    Ok(conn
        .prepare_cached(&format!(
            "SELECT {column}, id FROM console_users WHERE {column} IS NOT NULL ORDER BY {column} LIMIT 1"
        ))?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Lets time pass: what is to come comes sooner.
pub fn let_pass(conn: &Connection, time: Millis) -> Result<()> {
    conn.execute(
        "UPDATE console_users SET next_status_at = next_status_at - ?1, set_up_ends_at = set_up_ends_at - ?1",
        [time],
    )?;
    Ok(())
}

/// Those who approve requests of the admin quorum, the owner first.
pub fn quorum(conn: &Connection) -> Result<Vec<ConsoleUser>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM console_users
         WHERE user_type = 'CONSOLE' AND enabled AND status = 'READY'
           AND role IN ('OWNER', 'ADMIN', 'NON_SIGNING_ADMIN')
         ORDER BY role <> 'OWNER', position"
    ))?;
    let users = statement.query_map([], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(users)
}
