//! A local Fireblocks for the operations around `reset_device`, strict enough for Fireblocks' own SDKs to talk to
//! unmodified, with faults to order and an identity provider for sign-ins. It listens on 127.0.0.1 alone.

mod access;
mod api;
mod arguments;
mod clock;
mod control;
mod crypto;
mod gateway;
mod mail;
mod router;
mod seed;
mod server;
mod settings;
mod simulator;
mod store;
mod workspace;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use rusqlite::Connection;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::access::signing_keys;
use crate::arguments::Arguments;
use crate::gateway::authentication;
use crate::simulator::{Parts, Simulator};
use crate::store::data_folder::DataFolder;
use crate::workspace::api_users;

/// The line on stdout that says: ready.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    base_path: String,
    api_key: String,
    secret_key_file: String,
    control_url: String,
    team_domain: String,
    audience: String,
    /// By role. All verify with the key of `secret_key_file`.
    admin_api_keys: BTreeMap<&'static str, String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("simulator: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<()> {
    let data = DataFolder::open(&arguments.data)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, arguments.port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{}", arguments.port))?;
    let origin = format!("http://127.0.0.1:{}", listener.local_addr()?.port());
    let public_key = data.secret_key()?.public_key;
    let mut conn = store::open(&data.state_file()?)?;
    let admin_api_keys = prepare(&mut conn, arguments, &public_key)?;
    let audience = workspace::audience(&conn)?;

    let ready = Ready {
        base_path: format!("{origin}/v1"),
        api_key: admin_api_keys.get(seed::MAIN_ROLE).cloned().unwrap_or_default(),
        secret_key_file: data.secret_key_file().display().to_string(),
        control_url: format!("{origin}/_control"),
        team_domain: origin.clone(),
        audience: audience.clone(),
        admin_api_keys,
    };
    let simulator = Arc::new(Simulator::new(Parts {
        conn,
        settings: arguments.settings(),
        origin,
        audience,
        public_key,
        quiet: arguments.quiet,
        data,
    }));
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let served = tokio::spawn(server::serve(listener, router::router(&simulator)));
    announce(&ready)?;
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
        ended = served => {
            match ended? {}
        }
    }
}

/// Brings the state to what the arguments ask for, and gives the API keys by role.
fn prepare(conn: &mut Connection, arguments: &Arguments, public_key: &[u8]) -> Result<BTreeMap<&'static str, String>> {
    let transaction = conn.transaction()?;
    seed::plant(&transaction, arguments.users)?;
    seed::plant_api_users(&transaction, public_key)?;
    authentication::forget_old_nonces(&transaction, clock::now())?;
    signing_keys::ensure_one(&transaction, clock::now())?;
    let mut keys = BTreeMap::new();
    for role in seed::API_USER_ROLES {
        let api_key = api_users::key_by_name(&transaction, &seed::api_user_name(role))?
            .with_context(|| format!("the API user with the role {role} is gone"))?;
        keys.insert(role, api_key);
    }
    transaction.commit()?;
    Ok(keys)
}

fn announce(ready: &Ready) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", serde_json::to_string(ready)?)?;
    stdout.flush()?;
    Ok(())
}
