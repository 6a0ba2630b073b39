//! Approval requests: filed by a reset, ended by the people who approve, reject or cancel it, or by time.

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;
use serde_json::Value;

use crate::clock::Millis;

/// Fireblocks' `quorumStatus.requestStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Pending,
    Approved,
    Rejected,
    Cancelled,
    TimedOut,
    /// Approved, and could not be carried out.
    Failed,
}

impl Status {
    /// As Fireblocks writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Approved => "APPROVED",
            Self::Rejected => "REJECTED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
            Self::Failed => "FAILED",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Pending, Self::Approved, Self::Rejected, Self::Cancelled, Self::TimedOut, Self::Failed]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// The type of a reset's request: the co-signer callback's name for the same change. What `/approvals` says is not published.
pub const RE_ENROLL_DEVICE: &str = "RE_ENROLL_DEVICE";

/// One request, as the control endpoint shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    pub id: String,
    pub request_type: String,
    /// Of what is no reset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_data: Option<Value>,
    /// Whose device; none for what is no reset.
    pub user_id: Option<String>,
    pub user_email: Option<String>,
    pub status: Status,
    pub created_at: Millis,
    pub expires_at: Millis,
    /// Who asked: an API user's key, or a console user's id.
    pub initiator_id: String,
    pub initiator_name: String,
    pub idempotency_key: Option<String>,
    /// None for what was asked for in the Console.
    pub api_key: Option<String>,
    /// The `X-Request-ID` of the request that filed it.
    pub request_id: Option<String>,
    pub threshold: u32,
    /// Ids of the console users who approved.
    pub approved_by: Vec<String>,
    #[serde(skip)]
    pub sequence: i64,
    #[serde(skip)]
    pub next_approval_at: Option<Millis>,
    #[serde(skip)]
    pub approval_interval: Millis,
}

const COLUMNS: &str = "id, request_type, request_data, user_id, user_email, status, created_at, expires_at, initiator_id, \
                       initiator_name, idempotency_key, api_key, request_id, threshold, approved_by, sequence, \
                       next_approval_at, approval_interval";

/// A row, and its columns that are written in a form of their own.
struct Stored {
    approval: Approval,
    status: String,
    request_data: Option<String>,
    approved_by: String,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    let approval = Approval {
        id: row.get("id")?,
        request_type: row.get("request_type")?,
        request_data: None,
        user_id: row.get("user_id")?,
        user_email: row.get("user_email")?,
        status: Status::Pending,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        initiator_id: row.get("initiator_id")?,
        initiator_name: row.get("initiator_name")?,
        idempotency_key: row.get("idempotency_key")?,
        api_key: row.get("api_key")?,
        request_id: row.get("request_id")?,
        threshold: row.get("threshold")?,
        approved_by: Vec::new(),
        sequence: row.get("sequence")?,
        next_approval_at: row.get("next_approval_at")?,
        approval_interval: row.get("approval_interval")?,
    };
    Ok(Stored {
        approval,
        status: row.get("status")?,
        request_data: row.get("request_data")?,
        approved_by: row.get("approved_by")?,
    })
}

fn complete(stored: Stored) -> Result<Approval> {
    let Stored { mut approval, status, request_data, approved_by } = stored;
    approval.status = Status::from_name(&status).with_context(|| format!("unknown approval status {status}"))?;
    approval.request_data = request_data.map(|data| serde_json::from_str(&data)).transpose()?;
    approval.approved_by = serde_json::from_str(&approved_by)?;
    Ok(approval)
}

/// Files a request.
pub fn insert(conn: &Connection, approval: &Approval) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO approvals (id, request_type, request_data, user_id, user_email, status, created_at, expires_at,
           initiator_id, initiator_name, idempotency_key, api_key, request_id, threshold, approved_by,
           next_approval_at, approval_interval)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        approval.id,
        approval.request_type,
        approval.request_data.as_ref().map(Value::to_string),
        approval.user_id,
        approval.user_email,
        approval.status.name(),
        approval.created_at,
        approval.expires_at,
        approval.initiator_id,
        approval.initiator_name,
        approval.idempotency_key,
        approval.api_key,
        approval.request_id,
        approval.threshold,
        serde_json::to_string(&approval.approved_by)?,
        approval.next_approval_at,
        approval.approval_interval,
    ])?;
    Ok(())
}

/// Writes what may change of a request.
pub fn update(conn: &Connection, approval: &Approval) -> Result<()> {
    conn.prepare_cached("UPDATE approvals SET status = ?2, approved_by = ?3, next_approval_at = ?4 WHERE id = ?1")?
        .execute(params![
            approval.id,
            approval.status.name(),
            serde_json::to_string(&approval.approved_by)?,
            approval.next_approval_at,
        ])?;
    Ok(())
}

/// One request.
pub fn find(conn: &Connection, id: &str) -> Result<Option<Approval>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM approvals WHERE id = ?"))?
        .query_row([id], read)
        .optional()?
        .map(complete)
        .transpose()
}

/// Every request, or every one for a user, oldest first.
pub fn list(conn: &Connection, user_id: Option<&str>) -> Result<Vec<Approval>> {
    conn.prepare_cached(&format!("SELECT {COLUMNS} FROM approvals WHERE ?1 IS NULL OR user_id = ?1 ORDER BY sequence"))?
        .query_map([user_id], read)?
        .map(|row| complete(row?))
        .collect()
}

/// Requests that wait, newest first, those before `before` alone.
pub fn pending(conn: &Connection, before: Option<i64>) -> Result<Vec<Approval>> {
    conn.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM approvals WHERE status = 'PENDING' AND sequence < ? ORDER BY sequence DESC"
    ))?
    .query_map([before.unwrap_or(i64::MAX)], read)?
    .map(|row| complete(row?))
    .collect()
}

/// Whether a request for this user waits.
pub fn is_pending(conn: &Connection, user_id: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM approvals WHERE user_id = ? AND status = 'PENDING')")?
        .query_row([user_id], |row| row.get(0))?)
}

/// The request whose next approver acts first, and when.
pub fn next_due(conn: &Connection) -> Result<Option<(Millis, String)>> {
    Ok(conn
        .prepare_cached(
            "SELECT next_approval_at, id FROM approvals WHERE next_approval_at IS NOT NULL
             ORDER BY next_approval_at, sequence LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The waiting request that expires first, and when.
pub fn next_expiry(conn: &Connection) -> Result<Option<(Millis, String)>> {
    Ok(conn
        .prepare_cached(
            "SELECT expires_at, id FROM approvals WHERE status = 'PENDING' ORDER BY expires_at, sequence LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Lets time pass: what was lies further back, and what is to come comes sooner.
pub fn let_pass(conn: &Connection, time: Millis) -> Result<()> {
    conn.execute(
        "UPDATE approvals SET created_at = created_at - ?1, expires_at = expires_at - ?1,
                next_approval_at = next_approval_at - ?1",
        [time],
    )?;
    Ok(())
}
