//! Approval requests: filed by a reset, ended by the people who approve, reject or cancel it, or by time.

use anyhow::{Context as _, Result};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

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

/// One request, as the control endpoint shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    pub id: String,
    /// Whose device.
    pub user_id: String,
    pub user_email: Option<String>,
    pub status: Status,
    pub created_at: Millis,
    pub expires_at: Millis,
    pub idempotency_key: Option<String>,
    /// Who asked.
    pub api_key: String,
    /// The `X-Request-ID` of the request that filed it.
    pub request_id: String,
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

const COLUMNS: &str = "id, user_id, user_email, status, created_at, expires_at, idempotency_key, api_key, request_id, \
                       threshold, approved_by, sequence, next_approval_at, approval_interval";

fn read(row: &Row<'_>) -> rusqlite::Result<(Approval, String, String)> {
    let approval = Approval {
        id: row.get(0)?,
        user_id: row.get(1)?,
        user_email: row.get(2)?,
        status: Status::Pending,
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        idempotency_key: row.get(6)?,
        api_key: row.get(7)?,
        request_id: row.get(8)?,
        threshold: row.get(9)?,
        approved_by: Vec::new(),
        sequence: row.get(11)?,
        next_approval_at: row.get(12)?,
        approval_interval: row.get(13)?,
    };
    Ok((approval, row.get(3)?, row.get(10)?))
}

fn complete((mut approval, status, approved_by): (Approval, String, String)) -> Result<Approval> {
    approval.status = Status::from_name(&status).with_context(|| format!("unknown approval status {status}"))?;
    approval.approved_by = serde_json::from_str(&approved_by)?;
    Ok(approval)
}

/// Files a request.
pub fn insert(state: &Connection, approval: &Approval) -> Result<()> {
    state
        .prepare_cached(
            "INSERT INTO approvals (id, user_id, user_email, status, created_at, expires_at, idempotency_key, api_key,
               request_id, threshold, approved_by, next_approval_at, approval_interval)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            approval.id,
            approval.user_id,
            approval.user_email,
            approval.status.name(),
            approval.created_at,
            approval.expires_at,
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
pub fn update(state: &Connection, approval: &Approval) -> Result<()> {
    state
        .prepare_cached("UPDATE approvals SET status = ?2, approved_by = ?3, next_approval_at = ?4 WHERE id = ?1")?
        .execute(params![
            approval.id,
            approval.status.name(),
            serde_json::to_string(&approval.approved_by)?,
            approval.next_approval_at,
        ])?;
    Ok(())
}

/// One request.
pub fn find(state: &Connection, id: &str) -> Result<Option<Approval>> {
    state
        .prepare_cached(&format!("SELECT {COLUMNS} FROM approvals WHERE id = ?"))?
        .query_row([id], read)
        .optional()?
        .map(complete)
        .transpose()
}

/// Every request, or every one for a user, oldest first.
pub fn list(state: &Connection, user_id: Option<&str>) -> Result<Vec<Approval>> {
    state
        .prepare_cached(&format!("SELECT {COLUMNS} FROM approvals WHERE ?1 IS NULL OR user_id = ?1 ORDER BY sequence"))?
        .query_map([user_id], read)?
        .map(|row| complete(row?))
        .collect()
}

/// Requests that wait, newest first, those before `before` alone.
pub fn pending(state: &Connection, before: Option<i64>) -> Result<Vec<Approval>> {
    state
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM approvals WHERE status = 'PENDING' AND sequence < ? ORDER BY sequence DESC"
        ))?
        .query_map([before.unwrap_or(i64::MAX)], read)?
        .map(|row| complete(row?))
        .collect()
}

/// Whether a request for this user waits.
pub fn is_pending(state: &Connection, user_id: &str) -> Result<bool> {
    Ok(state
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM approvals WHERE user_id = ? AND status = 'PENDING')")?
        .query_row([user_id], |row| row.get(0))?)
}

/// The request whose next approver acts first, and when.
pub fn next_due(state: &Connection) -> Result<Option<(Millis, String)>> {
    Ok(state
        .prepare_cached(
            "SELECT next_approval_at, id FROM approvals WHERE next_approval_at IS NOT NULL
             ORDER BY next_approval_at, sequence LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// The waiting request that expires first, and when.
pub fn next_expiry(state: &Connection) -> Result<Option<(Millis, String)>> {
    Ok(state
        .prepare_cached(
            "SELECT expires_at, id FROM approvals WHERE status = 'PENDING' ORDER BY expires_at, sequence LIMIT 1",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}
