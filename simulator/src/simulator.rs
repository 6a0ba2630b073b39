//! Everything that one simulator holds, and the only way to its state: a transaction in which time has caught up.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use axum::extract::State;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::api::faults::Faults;
use crate::clock::{self, Millis};
use crate::gateway::rate_limit::RateLimit;
use crate::mail::Mails;
use crate::settings::Settings;
use crate::store::data_folder::DataFolder;
use crate::workspace::re_enrolment;

/// API key and idempotency key.
type Key = (String, String);

/// Held by whoever runs with a key.
type Turn = Arc<tokio::sync::Mutex<()>>;

/// What every handler is given.
pub type Sim = State<Arc<Simulator>>;

/// A running simulator.
pub struct Simulator {
    conn: Mutex<Connection>,
    settings: Mutex<Settings>,
    faults: Mutex<Faults>,
    rate_limit: Mutex<RateLimit>,
    mails: Mutex<Mails>,
    /// One at a time per API key and idempotency key, where the mild answer is played.
    turns: Mutex<HashMap<Key, Turn>>,
    /// `http://127.0.0.1:<port>`.
    pub origin: String,
    /// The `aud` of the Access application.
    pub audience: String,
    /// RSAPublicKey of the API users that every start has, DER.
    pub public_key: Vec<u8>,
    /// Whether requests are told on stderr.
    pub quiet: bool,
    /// Held for as long as the simulator lives.
    _data: DataFolder,
}

/// What [`Simulator::new`] is made of.
pub struct Parts {
    pub conn: Connection,
    pub settings: Settings,
    pub origin: String,
    pub audience: String,
    pub public_key: Vec<u8>,
    pub quiet: bool,
    pub data: DataFolder,
}

impl Simulator {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self {
            conn: Mutex::new(parts.conn),
            settings: Mutex::new(parts.settings),
            faults: Mutex::default(),
            rate_limit: Mutex::default(),
            mails: Mutex::default(),
            turns: Mutex::default(),
            origin: parts.origin,
            audience: parts.audience,
            public_key: parts.public_key,
            quiet: parts.quiet,
            _data: parts.data,
        }
    }

    /// Runs `work` on the state as it is now. All of it is kept, or nothing if it fails.
    pub fn transact<T>(&self, work: impl FnOnce(&Transaction<'_>, Millis) -> Result<T>) -> Result<T> {
        let settings = self.settings();
        let mut conn = lock(&self.conn);
        let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read inside the lock: times in the state never run backwards.
        let now = clock::now();
        re_enrolment::catch_up(&transaction, &settings, now)?;
        let result = work(&transaction, now)?;
        transaction.commit()?;
        Ok(result)
    }

    /// The settings of this moment.
    pub fn settings(&self) -> Settings {
        lock(&self.settings).clone()
    }

    /// Replaces the settings. What fell due under the old ones happens under the old ones.
    pub fn set_settings(&self, settings: Settings) -> Result<()> {
        self.transact(|_, _| Ok(()))?;
        *lock(&self.settings) = settings;
        Ok(())
    }

    /// The queue of faults.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// The counts of the running minutes.
    pub fn rate_limit(&self) -> MutexGuard<'_, RateLimit> {
        lock(&self.rate_limit)
    }

    /// The mails that would have been sent.
    pub fn mails(&self) -> MutexGuard<'_, Mails> {
        lock(&self.mails)
    }

    /// Waits until nobody else runs with this idempotency key.
    pub async fn turn(&self, api_key: &str, idempotency_key: &str) -> tokio::sync::OwnedMutexGuard<()> {
        let turn = {
            let mut turns = lock(&self.turns);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry((api_key.to_owned(), idempotency_key.to_owned())).or_default())
        };
        turn.lock_owned().await
    }
}

/// A panic elsewhere must not stop the simulator: SQLite's transaction was rolled back, the rest is plain values.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
