//! The API users: who holds which key, with which role.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::workspace::audit_log::Actor;

/// An API user. Fireblocks' own name for its id is the API key.
#[derive(Clone, Debug)]
pub struct ApiUser {
    /// What `X-API-Key` carries.
    pub api_key: String,
    /// As the audit log names it.
    pub name: String,
    /// Fireblocks' `UserRole`.
    pub role: String,
    /// RSAPublicKey, DER.
    pub public_key: Vec<u8>,
    /// False: its tokens are not accepted.
    pub enabled: bool,
    /// True: its tokens are refused with code -5.
    pub certificate_expired: bool,
}

impl ApiUser {
    /// As the audit log names it.
    pub fn actor(&self) -> Actor {
        Actor { id: self.api_key.clone(), name: self.name.clone() }
    }
}

/// The API user of a key.
pub fn find(conn: &Connection, api_key: &str) -> Result<Option<ApiUser>> {
    Ok(conn
        .prepare_cached(
            "SELECT api_key, name, role, public_key, enabled, certificate_expired FROM api_users WHERE api_key = ?",
        )?
        .query_row([api_key], |row| {
            Ok(ApiUser {
                api_key: row.get(0)?,
                name: row.get(1)?,
                role: row.get(2)?,
                public_key: row.get(3)?,
                enabled: row.get(4)?,
                certificate_expired: row.get(5)?,
            })
        })
        .optional()?)
}

/// Adds an API user, or replaces the one with its key.
pub fn put(conn: &Connection, user: &ApiUser) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO api_users (api_key, name, role, public_key, enabled, certificate_expired)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (api_key) DO UPDATE SET name = excluded.name, role = excluded.role,
               public_key = excluded.public_key, enabled = excluded.enabled,
               certificate_expired = excluded.certificate_expired",
    )?
    .execute(params![
        user.api_key,
        user.name,
        user.role,
        user.public_key,
        user.enabled,
        user.certificate_expired,
    ])?;
    Ok(())
}

/// The key of the API user with this name, which the seed gives out once each.
pub fn key_by_name(conn: &Connection, name: &str) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT api_key FROM api_users WHERE name = ?")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}
