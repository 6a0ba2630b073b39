//! A reset from its filing to its end: approvers act, and then the user walks ([`walk`]).
//!
//! Nothing runs in the background. Each step has its due time in the state, and [`catch_up`] takes every step that is
//! due before anyone looks: nobody can tell the difference, also across a restart.

use anyhow::{Context as _, Result, anyhow};
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

use crate::clock::{self, Millis};
use crate::settings::Settings;
use crate::workspace::approvals::{self, Approval, RE_ENROLL_DEVICE, Status};
use crate::workspace::audit_log::{self, Actor, Event};
use crate::workspace::console_users::{self, ConsoleUser, READY};
use crate::workspace::walk;

/// What is asked for.
pub enum Wish<'a> {
    /// A reset of this user's device.
    Reset(&'a ConsoleUser),
    /// Something else that needs the quorum: approved or not, nothing comes of it here.
    Other { request_type: &'a str, request_data: &'a Value },
}

/// A request to the API that asks for something.
pub struct Origin<'a> {
    pub api_key: &'a str,
    pub idempotency_key: Option<&'a str>,
    pub request_id: &'a str,
}

/// Files an approval request for `initiator`; without an origin it was asked for in the Console. The user's device is not
/// touched yet.
pub fn file(
    conn: &Connection,
    settings: &Settings,
    at: Millis,
    wish: &Wish<'_>,
    initiator: &Actor,
    origin: Option<&Origin<'_>>,
) -> Result<Approval> {
    let threshold = settings.approval_threshold;
    // The last of the quorum acts when the delay is over, the others at even steps before.
    let interval = settings.approve_after_seconds.map(|seconds| clock::from_seconds(seconds / f64::from(threshold)));
    let (request_type, request_data, user) = match *wish {
        Wish::Reset(user) => (RE_ENROLL_DEVICE, None, Some(user)),
        Wish::Other { request_type, request_data } => (request_type, Some(request_data.clone()), None),
    };
    let approval = Approval {
        id: Uuid::new_v4().to_string(),
        request_type: request_type.to_owned(),
        request_data,
        user_id: user.map(|user| user.id.clone()),
        user_email: user.and_then(|user| user.email.clone()),
        status: Status::Pending,
        created_at: at,
        expires_at: at + clock::from_seconds(settings.approval_lifetime_seconds),
        initiator_id: initiator.id.clone(),
        initiator_name: initiator.name.clone(),
        idempotency_key: origin.and_then(|origin| origin.idempotency_key).map(str::to_owned),
        api_key: origin.map(|origin| origin.api_key.to_owned()),
        request_id: origin.map(|origin| origin.request_id.to_owned()),
        threshold,
        approved_by: Vec::new(),
        sequence: 0,
        next_approval_at: interval.map(|interval| at + interval),
        approval_interval: interval.unwrap_or_default(),
    };
    approvals::insert(conn, &approval)?;
    tell(conn, settings, at, &approval, initiator, Event::RequestSubmitted)?;
    Ok(approval)
}

/// How a person or time may end a waiting request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Reject,
    Cancel,
    Expire,
    /// The quorum approves, and Fireblocks cannot carry it out.
    Fail,
}

/// One approver approves. With the last of the quorum the user's device is reset.
pub fn approve(conn: &Connection, settings: &Settings, at: Millis, mut approval: Approval) -> Result<Approval> {
    let approver = add_approver(conn, settings, at, &mut approval)?;
    if approval.approved_by.len() < usize::try_from(approval.threshold)? {
        approval.next_approval_at = approval.next_approval_at.map(|due| due + approval.approval_interval);
        approvals::update(conn, &approval)?;
        return Ok(approval);
    }
    approval.next_approval_at = None;
    approval.status = Status::Approved;
    if let Some(user_id) = &approval.user_id {
        match console_users::find(conn, user_id)?.filter(ConsoleUser::has_device) {
            Some(user) => {
                // Also for a user who is already on the way: a second reset throws the new device away again.
                walk::begin(conn, settings, at, &user)?;
                tell(conn, settings, at, &approval, &approver, Event::DeviceReset)?;
            }
            None => approval.status = Status::Failed,
        }
    }
    approvals::update(conn, &approval)?;
    Ok(approval)
}

/// Ends a waiting request without a reset: by the hand of `by`, or of somebody of the quorum.
pub fn end(
    conn: &Connection,
    settings: &Settings,
    at: Millis,
    mut approval: Approval,
    ending: Ending,
    by: Option<&Actor>,
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
        // Nor for one that could not be carried out: its last row is that of an approval.
        Ending::Fail => {
            while approval.approved_by.len() < usize::try_from(approval.threshold)? {
                add_approver(conn, settings, at, &mut approval)?;
            }
            approval.status = Status::Failed;
            None
        }
    };
    approvals::update(conn, &approval)?;
    if let Some(event) = event {
        match by {
            Some(by) => tell(conn, settings, at, &approval, by, event)?,
            None => tell(conn, settings, at, &approval, &approver(conn, &approval)?.actor(), event)?,
        }
    }
    Ok(approval)
}

fn add_approver(conn: &Connection, settings: &Settings, at: Millis, approval: &mut Approval) -> Result<Actor> {
    let approver = approver(conn, approval)?.actor();
    approval.approved_by.push(approver.id.clone());
    tell(conn, settings, at, approval, &approver, Event::Approved)?;
    Ok(approver)
}

/// Writes the audit rows of a reset. What else is approved has rows of its own, which nobody reads here.
fn tell(
    conn: &Connection,
    settings: &Settings,
    at: Millis,
    approval: &Approval,
    actor: &Actor,
    event: Event,
) -> Result<()> {
    if approval.user_id.is_none() {
        return Ok(());
    }
    audit_log::write(conn, settings.audit_family, at, actor, event)
}

/// Takes every step that is due by `now`, in the order of their times.
pub fn catch_up(conn: &Connection, settings: &Settings, now: Millis) -> Result<()> {
    enum Step {
        Approve,
        Expire,
        Advance,
        Miss,
    }
    loop {
        let steps = [
            approvals::next_due(conn)?.map(|(at, id)| (at, id, Step::Approve)),
            approvals::next_expiry(conn)?.map(|(at, id)| (at, id, Step::Expire)),
            console_users::next_due(conn)?.map(|(at, id)| (at, id, Step::Advance)),
            console_users::next_set_up_end(conn)?.map(|(at, id)| (at, id, Step::Miss)),
        ];
        let earliest = steps.into_iter().flatten().min_by_key(|(at, ..)| *at);
        let Some((at, id, step)) = earliest.filter(|(at, ..)| *at <= now) else {
            return Ok(());
        };
        match step {
            Step::Approve => {
                let approval = approvals::find(conn, &id)?.context("a due approval is gone")?;
                approve(conn, settings, at, approval)?;
            }
            Step::Expire => {
                let approval = approvals::find(conn, &id)?.context("an expiring approval is gone")?;
                end(conn, settings, at, approval, Ending::Expire, None)?;
            }
            Step::Advance => {
                let user = console_users::find(conn, &id)?.context("a walking user is gone")?;
                walk::take_due(conn, settings, at, &user)?.map_err(|objection| anyhow!(objection))?;
            }
            Step::Miss => {
                let user = console_users::find(conn, &id)?.context("a user who is too late is gone")?;
                walk::miss(conn, settings, at, &user)?;
            }
        }
    }
}

/// The next of the quorum who has not approved yet, and is not the one to be reset where anyone else is left.
fn approver(conn: &Connection, approval: &Approval) -> Result<ConsoleUser> {
    let mut quorum = console_users::quorum(conn)?;
    quorum.retain(|user| !approval.approved_by.contains(&user.id));
    let other = quorum.iter().position(|user| Some(&user.id) != approval.user_id.as_ref());
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
