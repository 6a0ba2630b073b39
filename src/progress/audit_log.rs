//! What the audit log shows. A row names no target, so it is ours only where no other reset can have been open.

use super::reading::{Seen, text, time};
use super::state::{Claim, ProgressSource, ResetState};
use crate::json::Json;
use crate::names::value_of;
use crate::text::contains_in_any_case;

/// The subjects under which Fireblocks tells of resets. Which of the two families a request by API belongs to is not
/// documented.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    /// "Re-enroll mobile device".
    ReEnrollment,
    /// "Device reset".
    DeviceReset,
    /// "User": tells only that a device was reset.
    User,
}

/// What an audit row says. That one approver has approved says nothing: a quorum may need more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Submitted,
    Rejected,
    Cancelled,
    /// The device was reset, or the user has finished: Fireblocks writes "Completed" for both.
    CarriedOut,
    /// Neither begins nor ends a request.
    Passing,
}

/// The words are those of Fireblocks' list "Audit Log Events".
const SUBJECTS: &[(&str, Family)] =
    &[("Re-enroll mobile device", Family::ReEnrollment), ("Device reset", Family::DeviceReset), ("User", Family::User)];
const EVENTS: &[(&str, Stage)] = &[
    ("Submitted request", Stage::Submitted),
    ("Rejected", Stage::Rejected),
    ("Canceled", Stage::Cancelled),
    ("Cancelled", Stage::Cancelled),
    ("Completed", Stage::CarriedOut),
    ("Approved", Stage::Passing),
    ("Recovered", Stage::Passing),
];
const EVENTS_OF_USERS: &[(&str, Stage)] = &[("Reset mobile device", Stage::CarriedOut)];

/// A row of the audit log about some reset.
#[derive(Clone, Copy)]
struct Row {
    /// Epoch milliseconds, by Fireblocks' clock.
    at: f64,
    family: Family,
    stage: Stage,
}

/// How a row of the log is read.
enum Entry {
    OfAReset(Row),
    /// It may be of a reset.
    Unreadable,
    OfSomethingElse,
}

impl Entry {
    fn read<J: Json>(row: &J, at: Option<f64>) -> Self {
        let Some(subject) = text(row, "subject") else {
            return Self::Unreadable;
        };
        let Some(&(known, family)) = SUBJECTS.iter().find(|(known, _)| known.eq_ignore_ascii_case(&subject)) else {
            // One that is newer than this client, or is written otherwise.
            let is_of_a_device = |key| text(row, key).is_some_and(|text| contains_in_any_case(&text, "device"));
            let may_be_a_reset = is_of_a_device("subject") || is_of_a_device("event");
            return if may_be_a_reset { Self::Unreadable } else { Self::OfSomethingElse };
        };
        let Some(event) = text(row, "event") else {
            return Self::Unreadable;
        };
        let events = if family == Family::User { EVENTS_OF_USERS } else { EVENTS };
        // Users have many events. In the other families, one that is newer than this client may begin a request.
        if family == Family::User && !events.iter().any(|(known, _)| known.eq_ignore_ascii_case(&event)) {
            return Self::OfSomethingElse;
        }
        match (value_of(events, &event), at) {
            (Some(stage), Some(at)) if subject == known => Self::OfAReset(Row { at, family, stage }),
            _ => Self::Unreadable,
        }
    }
}

/// How late a row may come, in milliseconds: what is missing after this was never written.
const LAG_MS: f64 = 60_000.0;
/// No request waits longer for its approvers, in milliseconds. Fireblocks publishes no limit; the requests that it shows
/// run out after two days.
const LONGEST_WAIT_MS: f64 = 7.0 * 86_400_000.0;

/// No row is further from our request, in milliseconds: Fireblocks' log goes back for a year. The time of one that says so
/// is not known: it may be in seconds, or none at all.
const LONGEST_LOG_MS: f64 = 366.0 * 86_400_000.0;

/// When a row was written. Of its two times the first that it has counts.
fn time_of<J: Json>(row: &J, seen: &Seen) -> Option<f64> {
    let key = if row.member("timestamp").is_nothing() { "createdAt" } else { "timestamp" };
    time(row, key).filter(|at| (at - seen.since).abs() < LONGEST_LOG_MS)
}

/// What the log shows.
#[derive(Default)]
pub struct AuditLog {
    /// What it tells of this reset where no other can have been open.
    pub claim: Option<Claim>,
    /// Whether another may have been open in this time.
    pub others_open: bool,
    /// Whether ours is in the log, and no other that may have been open.
    pub shows_ours_alone: bool,
}

impl AuditLog {
    pub fn read<J: Json>(json: &J, seen: &Seen) -> Self {
        // From when on any request that can have been open in our time is in the log.
        let needed_from = seen.window.from - LONGEST_WAIT_MS;
        let mut log = Self::default();
        let list = json.member("auditLogs");
        let mut rows = Vec::new();
        // It was read after its newest row was written, where nobody says when.
        let mut newest = f64::NEG_INFINITY;
        for index in 0..list.length() {
            let row = list.element(index);
            let at = time_of(&row, seen);
            newest = newest.max(at.unwrap_or(newest));
            match Entry::read(&row, at) {
                Entry::OfAReset(row) => rows.push(row),
                Entry::Unreadable => log.others_open |= at.is_none_or(|at| at >= needed_from),
                Entry::OfSomethingElse => {}
            }
        }
        let read_at = time(json, "auditLogsAt").map_or(newest, |at| at + seen.difference - seen.tolerance);
        let is_whole = json.member("auditLogsFrom").is_nothing()
            || time(json, "auditLogsFrom").is_some_and(|from| from <= needed_from);

        let mut own: Option<Row> = None;
        for &row in rows.iter().filter(|row| row.stage == Stage::Submitted && row.at >= needed_from) {
            // Of two that both can be ours, none is. One from before may have ended: of which its end is cannot be told.
            log.others_open |= own.is_some() || !seen.window.contains(row.at);
            own = Some(row);
        }
        log.shows_ours_alone = own.is_some() && is_whole && !log.others_open;
        // Until every row is there that may belong to the time of our request, another may still show.
        if let Some(own) = own
            && log.shows_ours_alone
            && read_at >= seen.window.until + LAG_MS
        {
            log.claim = story(&rows, own, read_at);
        }
        log
    }
}

/// What became of the one request whose row is `own`.
fn story(rows: &[Row], own: Row, read_at: f64) -> Option<Claim> {
    let source = ProgressSource::AuditLog;
    let mut end: Option<Row> = None;
    let mut carried: Option<Row> = None;
    for &row in rows.iter().filter(|row| row.at >= own.at) {
        match row.stage {
            Stage::Submitted | Stage::Passing => {}
            // The earliest: it may mean the reset, and a later one its user's finishing.
            Stage::CarriedOut if carried.is_some_and(|carried| carried.at <= row.at) => {}
            Stage::CarriedOut => carried = Some(row),
            // Two ends, or one of the other family, are not of one request.
            _ if end.is_some() || row.family != own.family => return None,
            _ => end = Some(row),
        }
    }
    match (end, carried) {
        (Some(end), None) if read_at >= end.at + LAG_MS => {
            let state = if end.stage == Stage::Rejected { ResetState::Rejected } else { ResetState::Cancelled };
            Some(Claim::proven(state, source, end.at))
        }
        // Or somebody finished whose device was reset long ago.
        (None, Some(carried)) => Some(Claim::suggested(ResetState::Approved, source, carried.at)),
        _ => None,
    }
}
