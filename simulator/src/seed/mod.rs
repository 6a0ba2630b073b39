//! The workspace that a first start makes.

pub mod groups;
mod names;
pub mod people;

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _, params};
use uuid::Uuid;

use crate::seed::people::{NAMESPACE, fixed_users, user};
use crate::workspace::api_users::{self, ApiUser};
use crate::workspace::console_users;

/// How many console users a workspace gets when nobody says.
const DEFAULT_USERS: u32 = 60;

/// The API user that the JSON line on stdout names. The least role that may reset and cannot sign transactions.
pub const MAIN_ROLE: &str = "NON_SIGNING_ADMIN";

/// The roles of the API users that every start has, with one key pair for all.
pub const API_USER_ROLES: [&str; 2] = [MAIN_ROLE, "ADMIN"];

/// Makes the workspace, or brings its size to `users`. What happened to those who stay is kept.
pub fn plant(conn: &Connection, users: Option<u32>) -> Result<()> {
    let seeded: Option<u32> = conn.query_row("SELECT seeded_users FROM workspace", [], |row| row.get(0)).optional()?;
    let wanted = users.or(seeded).unwrap_or(DEFAULT_USERS).max(fixed_users());
    match seeded {
        Some(seeded) => {
            for position in wanted..seeded {
                conn.prepare_cached("DELETE FROM console_users WHERE id = ?")?.execute([user(position).id])?;
            }
            conn.execute("UPDATE workspace SET seeded_users = ?", [wanted])?;
        }
        None => {
            let audience = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
            conn.execute(
                "INSERT INTO workspace (id, name, audience, seeded_users) VALUES (?, ?, ?, ?)",
                params![Uuid::new_v5(&NAMESPACE, b"workspace").to_string(), "Northwind Treasury", audience, wanted],
            )?;
        }
    }
    for position in 0..wanted {
        console_users::insert(conn, &user(position))?;
    }
    Ok(())
}

/// Puts the people back as the seed made them, and removes those it did not make.
pub fn replant(conn: &Connection) -> Result<()> {
    conn.execute("DELETE FROM console_users", [])?;
    plant(conn, None)
}

/// The API users of every start. They share `public_key`: only the role differs.
pub fn plant_api_users(conn: &Connection, public_key: &[u8]) -> Result<()> {
    for role in API_USER_ROLES {
        let name = api_user_name(role);
        let api_key = match api_users::key_by_name(conn, &name)? {
            Some(api_key) => api_key,
            None => Uuid::new_v4().to_string(),
        };
        api_users::put(
            conn,
            &ApiUser {
                api_key,
                name,
                role: role.into(),
                public_key: public_key.to_vec(),
                enabled: true,
                certificate_expired: false,
            },
        )?;
    }
    Ok(())
}

/// The name of the seeded API user with this role.
pub fn api_user_name(role: &str) -> String {
    format!("Device resets ({role})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;
    use crate::workspace::console_users::{PENDING_DEVICE_PAIRING, READY};

    #[test]
    fn a_workspace_grows_and_shrinks_and_keeps_what_happened() {
        let conn = store::in_memory();
        plant(&conn, None).unwrap();
        assert_eq!(console_users::list(&conn).unwrap().len(), 60);
        let noor = user(5).id;
        console_users::set_status(&conn, &noor, PENDING_DEVICE_PAIRING, None).unwrap();
        plant(&conn, Some(200)).unwrap();
        assert_eq!(console_users::list(&conn).unwrap().len(), 200);
        plant(&conn, Some(3)).unwrap();
        assert_eq!(console_users::list(&conn).unwrap().len(), 11);
        let kept = console_users::find(&conn, &noor).unwrap().unwrap();
        assert_eq!(kept.status, PENDING_DEVICE_PAIRING);
        replant(&conn).unwrap();
        let anew = console_users::find(&conn, &noor).unwrap().unwrap();
        assert_eq!(anew.status, READY);
    }
}
