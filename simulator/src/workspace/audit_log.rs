//! The rows of the workspace's audit log, in Fireblocks' own words.

use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Millis;
use crate::settings::AuditFamily;

/// What happened around a reset. Fireblocks documents two families of rows for it, and the rows of the user.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A request was filed.
    RequestSubmitted,
    /// One approver approved.
    Approved,
    /// An approver rejected.
    Rejected,
    /// The request was withdrawn.
    Cancelled,
    /// The device is unpaired: the user must set one up again.
    DeviceReset,
    /// The user has a device again.
    DeviceRecovered,
    /// The Owner has reset the second factor of a user's sign-in, which is not the device.
    SecondFactorReset,
}

impl Event {
    /// Subject and event of each row, exact to the letter: clients filter on them.
    fn rows(self, family: AuditFamily) -> &'static [(&'static str, &'static str)] {
        use AuditFamily::{DeviceReset, ReEnroll};
        match (self, family) {
            (Self::RequestSubmitted, ReEnroll) => &[("Re-enroll mobile device", "Submitted request")],
            (Self::RequestSubmitted, DeviceReset) => &[("Device reset", "Submitted request")],
            (Self::Approved, ReEnroll) => &[("Re-enroll mobile device", "Approved")],
            (Self::Approved, DeviceReset) => &[("Device reset", "Approved")],
            (Self::Rejected, ReEnroll) => &[("Re-enroll mobile device", "Rejected")],
            (Self::Rejected, DeviceReset) => &[("Device reset", "Rejected")],
            (Self::Cancelled, ReEnroll) => &[("Re-enroll mobile device", "Canceled")],
            // This family documents no cancelled row.
            (Self::Cancelled, DeviceReset) => &[],
            (Self::DeviceReset, ReEnroll) => &[("User", "Reset mobile device")],
            (Self::DeviceReset, DeviceReset) => &[("Device reset", "Completed"), ("User", "Reset mobile device")],
            (Self::DeviceRecovered, ReEnroll) => &[("Re-enroll mobile device", "Completed")],
            (Self::DeviceRecovered, DeviceReset) => {
                &[("Device reset", "Recovered"), ("User", "Recovered mobile device")]
            }
            (Self::SecondFactorReset, _) => &[("Sign in", "Reset 2FA")],
        }
    }
}

/// Who acted. The log never says on whom.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: String,
    pub name: String,
}

/// Writes the rows of an event.
pub fn write(conn: &Connection, family: AuditFamily, at: Millis, actor: &Actor, event: Event) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO audit_logs (id, at, user, user_id, subject, event, category)
         VALUES (?, ?, ?, ?, ?, ?, 'Administration')",
    )?;
    for (subject, what) in event.rows(family) {
        statement.execute(params![Uuid::new_v4().to_string(), at, actor.name, actor.id, subject, what])?;
    }
    Ok(())
}

/// Fireblocks' `AuditLogData`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLogData {
    pub id: String,
    pub timestamp: Millis,
    pub created_at: Millis,
    pub user: String,
    pub subject: String,
    pub event: String,
    pub category: String,
    pub tenant_id: String,
    pub user_id: String,
}

/// The filters that a reader may give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Category,
    Subject,
    Event,
    User,
    UserId,
}

impl Field {
    fn column(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Subject => "subject",
            Self::Event => "event",
            Self::User => "user",
            Self::UserId => "user_id",
        }
    }
}

/// What to read: a span of time (both ends in), any of each field's values, in which order, how many, after which row.
#[derive(Debug)]
pub struct Query {
    pub from: Millis,
    pub to: Millis,
    pub filters: Vec<(Field, Vec<String>)>,
    pub ascending: bool,
    pub page_size: u32,
    pub after: Option<i64>,
}

/// A page of rows, and the row that the next page begins after.
pub fn read(conn: &Connection, tenant_id: &str, query: &Query) -> Result<(Vec<AuditLogData>, Option<i64>)> {
    let mut sql = String::from(
        "SELECT sequence, id, at, user, subject, event, category, user_id FROM audit_logs WHERE at BETWEEN ? AND ?",
    );
    let mut values = vec![Value::from(query.from), Value::from(query.to)];
    for (field, wanted) in &query.filters {
        let places = vec!["?"; wanted.len()].join(", ");
        sql.push_str(&format!(" AND {} IN ({places})", field.column()));
        values.extend(wanted.iter().cloned().map(Value::from));
    }
    if let Some(after) = query.after {
        sql.push_str(if query.ascending { " AND sequence > ?" } else { " AND sequence < ?" });
        values.push(Value::from(after));
    }
    sql.push_str(if query.ascending { " ORDER BY sequence ASC LIMIT ?" } else { " ORDER BY sequence DESC LIMIT ?" });
    // One more than asked for tells whether there is a next page.
    values.push(Value::from(i64::from(query.page_size) + 1));
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement
        .query_map(params_from_iter(values), |row| {
            let at: Millis = row.get(2)?;
            Ok((
                row.get::<_, i64>(0)?,
                AuditLogData {
                    id: row.get(1)?,
                    timestamp: at,
                    created_at: at,
                    user: row.get(3)?,
                    subject: row.get(4)?,
                    event: row.get(5)?,
                    category: row.get(6)?,
                    tenant_id: tenant_id.to_owned(),
                    user_id: row.get(7)?,
                },
            ))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let page_size = usize::try_from(query.page_size)?;
    let more = rows.len() > page_size;
    rows.truncate(page_size);
    let next = if more { rows.last().map(|(sequence, _)| *sequence) } else { None };
    Ok((rows.into_iter().map(|(_, row)| row).collect(), next))
}

/// Lets time pass: what was lies further back.
pub fn let_pass(conn: &Connection, time: Millis) -> Result<()> {
    conn.execute("UPDATE audit_logs SET at = at - ?", [time])?;
    Ok(())
}
