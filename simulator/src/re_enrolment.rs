//! A reset from its filing to the new device: approvers act, then the user walks
//! READY → PENDING_DEVICE_PAIRING → PENDING_DEVICE_SETUP → READY.
//!
//! Nothing runs in the background. Each step has its due time in the state, and [`catch_up`] takes every step that is
//! due before anyone looks: nobody can tell the difference, also across a restart.

use anyhow::{Context as _, Result};
use rusqlite::Connection;
use uuid::Uuid;

use crate::api_users::ApiUser;
use crate::approvals::{self, Approval, Status};
use crate::audit_log::{self, Actor, Event};
use crate::clock::{self, Millis};
use crate::console_users::{self, ConsoleUser, PENDING_DEVICE_PAIRING, PENDING_DEVICE_SETUP, READY};
use crate::settings::Settings;

/// Who asks for which reset, in which request.
pub struct Filing<'a> {
    pub user: &'a ConsoleUser,
    pub asked_by: &'a ApiUser,
    pub idempotency_key: Option<&'a str>,
    pub request_id: &'a str,
}

/// Files an approval request. The user's device is not touched yet.
pub fn file(state: &Connection, settings: &Settings, at: Millis, filing: &Filing<'_>) -> Result<Approval> {
    let threshold = settings.approval_threshold;
    // The last of the quorum acts when the delay is over, the others at even steps before.
    let interval = settings.approve_after_seconds.map(|seconds| clock::from_seconds(seconds / f64::from(threshold)));
    let approval = Approval {
        id: Uuid::new_v4().to_string(),
        user_id: filing.user.id.clone(),
        user_email: filing.user.email.clone(),
        status: Status::Pending,
        created_at: at,
        expires_at: at + clock::from_seconds(settings.approval_lifetime_seconds),
        idempotency_key: filing.idempotency_key.map(str::to_owned),
        api_key: filing.asked_by.api_key.clone(),
        request_id: filing.request_id.to_owned(),
        threshold,
        approved_by: Vec::new(),
        sequence: 0,
        next_approval_at: interval.map(|interval| at + interval),
        approval_interval: interval.unwrap_or_default(),
    };
    approvals::insert(state, &approval)?;
    let actor = Actor { id: filing.asked_by.api_key.clone(), name: filing.asked_by.name.clone() };
    audit_log::write(state, settings.audit_family, at, &actor, Event::RequestSubmitted)?;
    Ok(approval)
}

/// How a person or time may end a waiting request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Reject,
    Cancel,
    Expire,
}

/// One approver approves. With the last of the quorum the user's device is reset.
pub fn approve(state: &Connection, settings: &Settings, at: Millis, mut approval: Approval) -> Result<Approval> {
    let approver = approver(state, &approval)?;
    approval.approved_by.push(approver.id.clone());
    audit_log::write(state, settings.audit_family, at, &actor(&approver), Event::Approved)?;
    if approval.approved_by.len() < usize::try_from(approval.threshold)? {
        approval.next_approval_at = approval.next_approval_at.map(|due| due + approval.approval_interval);
        approvals::update(state, &approval)?;
        return Ok(approval);
    }
    approval.next_approval_at = None;
    let user = console_users::find(state, &approval.user_id)?;
    match user.filter(ConsoleUser::has_device) {
        Some(user) => {
            approval.status = Status::Approved;
            let next = settings.pair_after_seconds.map(|seconds| at + clock::from_seconds(seconds));
            // Also for a user who is already on the way: a second reset throws the new device away again.
            console_users::set_status(state, &user.id, PENDING_DEVICE_PAIRING, next)?;
            audit_log::write(state, settings.audit_family, at, &actor(&approver), Event::DeviceReset)?;
        }
        None => approval.status = Status::Failed,
    }
    approvals::update(state, &approval)?;
    Ok(approval)
}

/// Ends a waiting request without a reset.
pub fn end(
    state: &Connection,
    settings: &Settings,
    at: Millis,
    mut approval: Approval,
    ending: Ending,
) -> Result<Approval> {
    approval.next_approval_at = None;
    let event = match ending {
        Ending::Reject => {
            approval.status = Status::Rejected;
            Some(Event::Rejected)
        }
        Ending::Cancel => {
            approval.status = Status::Cancelled;
            Some(Event::Cancelled)
        }
        // Fireblocks documents no row for a request that nobody answered.
        Ending::Expire => {
            approval.status = Status::TimedOut;
            None
        }
    };
    approvals::update(state, &approval)?;
    if let Some(event) = event {
        let who = approver(state, &approval)?;
        audit_log::write(state, settings.audit_family, at, &actor(&who), event)?;
    }
    Ok(approval)
}

/// The user takes the next step of the walk.
pub fn advance(state: &Connection, settings: &Settings, at: Millis, user: &ConsoleUser) -> Result<()> {
    let (status, stay) = match user.status.as_str() {
        PENDING_DEVICE_PAIRING => (PENDING_DEVICE_SETUP, settings.setup_after_seconds),
        PENDING_DEVICE_SETUP => (READY, None),
        READY => (PENDING_DEVICE_PAIRING, settings.pair_after_seconds),
        _ => (PENDING_DEVICE_PAIRING, None),
    };
    let next = stay.map(|seconds| at + clock::from_seconds(seconds));
    console_users::set_status(state, &user.id, status, next)?;
    if status == READY {
        audit_log::write(state, settings.audit_family, at, &actor(user), Event::DeviceRecovered)?;
    }
    Ok(())
}

/// Takes every step that is due by `now`, in the order of their times.
pub fn catch_up(state: &Connection, settings: &Settings, now: Millis) -> Result<()> {
    enum Step {
        Approve,
        Expire,
        Advance,
    }
    loop {
        let steps = [
            approvals::next_due(state)?.map(|(at, id)| (at, id, Step::Approve)),
            approvals::next_expiry(state)?.map(|(at, id)| (at, id, Step::Expire)),
            console_users::next_due(state)?.map(|(at, id)| (at, id, Step::Advance)),
        ];
        let earliest = steps.into_iter().flatten().min_by_key(|(at, ..)| *at);
        let Some((at, id, step)) = earliest.filter(|(at, ..)| *at <= now) else {
            return Ok(());
        };
        match step {
            Step::Approve => {
                let approval = approvals::find(state, &id)?.context("a due approval is gone")?;
                approve(state, settings, at, approval)?;
            }
            Step::Expire => {
                let approval = approvals::find(state, &id)?.context("an expiring approval is gone")?;
                end(state, settings, at, approval, Ending::Expire)?;
            }
            Step::Advance => {
                let user = console_users::find(state, &id)?.context("a walking user is gone")?;
                advance(state, settings, at, &user)?;
            }
        }
    }
}

/// The next of the quorum who has not approved yet, and is not the one to be reset where anyone else is left.
fn approver(state: &Connection, approval: &Approval) -> Result<ConsoleUser> {
    let mut quorum = console_users::quorum(state)?;
    quorum.retain(|user| !approval.approved_by.contains(&user.id));
    let other = quorum.iter().position(|user| user.id != approval.user_id);
    let index = other.unwrap_or_default();
    if index < quorum.len() {
        return Ok(quorum.swap_remove(index));
    }
    // A workspace without a quorum cannot approve; Fireblocks' support must step in.
    Ok(ConsoleUser {
        id: "00000000-0000-0000-0000-000000000000".into(),
        first_name: "Fireblocks".into(),
        last_name: "Support".into(),
        email: None,
        role: "OWNER".into(),
        enabled: true,
        status: READY.into(),
        user_type: "CONSOLE".into(),
    })
}

fn actor(user: &ConsoleUser) -> Actor {
    Actor { id: user.id.clone(), name: user.full_name() }
}
