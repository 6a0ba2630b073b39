//! The SQLite file behind everything that survives a restart. Each concern keeps its own SQL; this opens the file.

pub mod data_folder;

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use rusqlite::{Connection, TransactionBehavior};

/// Raised with every change of `schema.sql`.
const SCHEMA_VERSION: i64 = 3;

/// Opens the state in `file`, made new where there is none.
pub fn open(file: &Path) -> Result<Connection> {
    let mut conn = Connection::open(file).with_context(|| format!("cannot open {}", file.display()))?;
    // WAL with NORMAL: a killed process loses nothing that was committed; only a power cut could.
    conn.pragma_update(None, "journal_mode", "WAL")?;
    conn.pragma_update(None, "synchronous", "NORMAL")?;
    conn.set_prepared_statement_cache_capacity(64);
    let version: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        SCHEMA_VERSION => {}
        0 => {
            let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            transaction.commit()?;
        }
        other => bail!(
            "{} holds state of version {other}, this simulator reads version {SCHEMA_VERSION}: delete the folder to begin anew",
            file.display()
        ),
    }
    Ok(conn)
}

#[cfg(test)]
pub fn in_memory() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(include_str!("schema.sql")).unwrap();
    conn
}
