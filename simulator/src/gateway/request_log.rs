//! What was asked and answered, for tests to look at. Never an authorization, a cookie or a key.

use std::collections::BTreeMap;

use anyhow::Result;
use axum::http::{HeaderMap, header};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;

use crate::api::faults::Cut;
use crate::api::operation::Operation;
use crate::clock::Millis;

/// How many requests are kept.
const KEPT: i64 = 100_000;

/// One request. `seq` is added when it is read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub at: Millis,
    pub method: String,
    /// Path and query as they came.
    pub target: String,
    pub headers: BTreeMap<String, String>,
    pub body_sha256: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwt: Option<Jwt>,
    /// 0 where the connection was dropped without an answer.
    pub status: u16,
    pub request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<Operation>,
    /// Whether this request changed something: filed an approval, or rejected one.
    pub effect: bool,
    /// Whether the answer came from the idempotency store.
    pub replayed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    /// How the connection was cut, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<Cut>,
}

impl Entry {
    /// One line on stderr.
    pub fn tell(&self) {
        let mut notes = String::new();
        if let Some(code) = self.jwt.as_ref().and_then(|jwt| jwt.refused_with) {
            notes.push_str(&format!(" code {code}"));
        }
        if self.effect {
            notes.push_str(" effect");
        }
        if self.replayed {
            notes.push_str(" replayed");
        }
        if let Some(cut) = self.cut {
            notes.push_str(&format!(" cut {cut:?}"));
        }
        eprintln!("{} {} {}{notes}", self.method, self.target, self.status);
    }
}

/// The token of a request, without its signature.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Jwt {
    pub header: Value,
    pub claims: Value,
    /// Whether every check passed.
    pub verified: bool,
    /// Fireblocks' code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_with: Option<i32>,
}

/// The headers that may be shown.
pub fn shown_headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut shown: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in headers {
        if [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name) {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        shown
            .entry(name.as_str().to_owned())
            .and_modify(|values| {
                values.push_str(", ");
                values.push_str(&value);
            })
            .or_insert_with(|| value.into_owned());
    }
    shown
}

/// Writes a request down.
pub fn write(conn: &Connection, entry: &Entry) -> Result<()> {
    conn.prepare_cached("INSERT INTO requests (entry) VALUES (?)")?.execute([serde_json::to_string(entry)?])?;
    conn.prepare_cached("DELETE FROM requests WHERE seq <= ?")?.execute([conn.last_insert_rowid() - KEPT])?;
    Ok(())
}

/// The requests after `since`, oldest first.
pub fn read(conn: &Connection, since: i64) -> Result<Vec<Value>> {
    conn.prepare_cached("SELECT seq, entry FROM requests WHERE seq > ? ORDER BY seq")?
        .query_map(params![since], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
        .map(|row| {
            let (seq, entry) = row?;
            let mut entry: Value = serde_json::from_str(&entry)?;
            if let Some(entry) = entry.as_object_mut() {
                entry.insert("seq".into(), seq.into());
            }
            Ok(entry)
        })
        .collect()
}
