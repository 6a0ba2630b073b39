//! The way of a user to another phone. After a reset: READY → PENDING_DEVICE_PAIRING → PENDING_DEVICE_SETUP → READY, and for
//! somebody who signs two windows after the pairing, the Owner's for the key shares and then the user's. While the old phone
//! works: a device migration, which needs none of that.

use anyhow::Result;
use rusqlite::Connection;

use crate::clock::{self, Millis};
use crate::settings::{Settings, Undocumented};
use crate::workspace::audit_log::{self, Event};
use crate::workspace::console_users::{
    self, ConsoleUser, PENDING_DEVICE_PAIRING, PENDING_DEVICE_SETUP, READY, SetUp, phone,
};

/// Done, or why it cannot be.
pub type Taken = std::result::Result<(), &'static str>;

/// The user's device is gone, and the walk begins.
pub fn begin(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<()> {
    // Whoever cannot sign in scans no QR code, however long it takes.
    let next = if phone(conn, &user.id)?.second_factor_lost { None } else { after(at, settings.pair_after_seconds) };
    console_users::set_status(conn, &user.id, PENDING_DEVICE_PAIRING, next)
}

/// The user takes the next step of the walk.
pub fn advance(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<Taken> {
    let phone = phone(conn, &user.id)?;
    match (user.status.as_str(), phone.set_up) {
        (PENDING_DEVICE_PAIRING, _) if phone.second_factor_lost => {
            return Ok(Err("the user cannot sign in to the Console: the Owner must reset the second factor first"));
        }
        (PENDING_DEVICE_PAIRING, _) => pair(conn, settings, at, user)?,
        (PENDING_DEVICE_SETUP, Some(SetUp::AwaitsOwner)) => {
            return Ok(Err("the Owner must approve the key shares first"));
        }
        (PENDING_DEVICE_SETUP, Some(SetUp::Missed)) => {
            return Ok(Err("the time for the set-up is over: only a new reset helps"));
        }
        (PENDING_DEVICE_SETUP, _) => {
            console_users::set_status(conn, &user.id, READY, None)?;
            audit_log::write(conn, settings.audit_family, at, &user.actor(), Event::DeviceRecovered)?;
        }
        (READY, _) => begin(conn, settings, at, user)?,
        _ => console_users::set_status(conn, &user.id, PENDING_DEVICE_PAIRING, None)?,
    }
    Ok(Ok(()))
}

fn pair(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<()> {
    console_users::add_phone(conn, &user.id)?;
    if !user.signs() {
        let next = after(at, settings.setup_after_seconds);
        return console_users::set_status(conn, &user.id, PENDING_DEVICE_SETUP, next);
    }
    console_users::set_status(conn, &user.id, PENDING_DEVICE_SETUP, None)?;
    let ends_at = after(at, Some(settings.key_shares_within_seconds));
    let next = after(at, settings.key_shares_after_seconds);
    console_users::set_set_up(conn, &user.id, SetUp::AwaitsOwner, ends_at, next)
}

/// The Owner approves the key shares. Fireblocks documents no row of the audit log for it.
pub fn approve_key_shares(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<Taken> {
    if phone(conn, &user.id)?.set_up != Some(SetUp::AwaitsOwner) {
        return Ok(Err("no key shares of this user wait for the Owner"));
    }
    let ends_at = after(at, Some(settings.setup_within_seconds));
    let next = after(at, settings.setup_after_seconds);
    console_users::set_set_up(conn, &user.id, SetUp::AwaitsUser, ends_at, next)?;
    Ok(Ok(()))
}

/// What comes by itself next: the Owner's part, or the user's.
pub fn take_due(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<Taken> {
    match phone(conn, &user.id)?.set_up {
        Some(SetUp::AwaitsOwner) => approve_key_shares(conn, settings, at, user),
        _ => advance(conn, settings, at, user),
    }
}

/// Whoever was awaited after the pairing is too late. What happens then Fireblocks does not say.
pub fn miss(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<()> {
    match settings.undocumented {
        Undocumented::Worst => console_users::set_set_up(conn, &user.id, SetUp::Missed, None, None),
        Undocumented::Mild => begin(conn, settings, at, user),
    }
}

/// The authenticator app is gone, as with the phone that it was on: the user cannot sign in to the Console any more.
pub fn lose_second_factor(conn: &Connection, user: &ConsoleUser) -> Result<Taken> {
    console_users::set_second_factor_lost(conn, &user.id, true)?;
    if user.status == PENDING_DEVICE_PAIRING {
        console_users::set_status(conn, &user.id, PENDING_DEVICE_PAIRING, None)?;
    }
    Ok(Ok(()))
}

/// The Owner resets it in the Console. A walk that it held up goes on.
pub fn reset_second_factor(conn: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<Taken> {
    if !phone(conn, &user.id)?.second_factor_lost {
        return Ok(Err("this user's second factor is not lost"));
    }
    console_users::set_second_factor_lost(conn, &user.id, false)?;
    if user.status == PENDING_DEVICE_PAIRING {
        begin(conn, settings, at, user)?;
    }
    if let Some(owner) = console_users::list(conn)?.into_iter().find(|other| other.role == "OWNER") {
        audit_log::write(conn, settings.audit_family, at, &owner.actor(), Event::SecondFactorReset)?;
    }
    Ok(Ok(()))
}

/// The user moves from the old phone to another one. Nobody approves it, and the status stays.
pub fn migrate(conn: &Connection, settings: &Settings, user: &ConsoleUser) -> Result<Taken> {
    if !settings.device_migration {
        return Ok(Err("the Owner has not allowed device migration"));
    }
    if user.status != READY || !user.has_device() {
        return Ok(Err("the user has no phone that works"));
    }
    console_users::add_phone(conn, &user.id)?;
    Ok(Ok(()))
}

fn after(at: Millis, seconds: Option<f64>) -> Option<Millis> {
    seconds.map(|seconds| at + clock::from_seconds(seconds))
}
