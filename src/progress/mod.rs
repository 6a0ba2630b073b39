//! What has become of a reset, inferred from what Fireblocks lets be seen. `docs/progress.md` is the model in words.
//!
//! No source tells it outright, so each says only what it can prove, and what is merely likely is told as suggested:
//!
//! | source | proves | suggests | module |
//! |---|---|---|---|
//! | the receipt | that approval was requested | | |
//! | the approvals | where our own request stands, once it is known which it is | | `approvals` |
//! | the user's status | after our request was granted: how far the user is | that a device was reset | `status` |
//! | the audit log | our end, where no other reset can have been open | that it was carried out | `audit_log` |
//!
//! Where the approvals could ever be read, they decide, and steps of the user's status without them decide nothing, unless the
//! log shows that there was no other request. Nothing goes backwards, and an end stays an end.

mod approvals;
mod audit_log;
mod pending;
mod person;
mod reading;
mod state;
mod status;

pub use pending::may_be_pending;
pub use state::{ApprovalCount, Claim, Evidence, OwnRequest, ProgressSource, ResetProgress, ResetState};

use crate::json::Json;
use approvals::Approvals;
use audit_log::AuditLog;
use reading::{Seen, others_were_open, text};
use status::{CARRIED_OUT_MS, MISSED_MS, Start};

/// Infers the state of a reset from what was seen, which is in the form that the package's types document. `parse` reads
/// a JSON text, and gives what is absent where it is none.
///
/// # Errors
/// A sentence that names what is missing, as its parts.
pub fn infer<J: Json>(observations: &J, parse: impl Fn(&str) -> J) -> Result<ResetProgress, [&'static str; 2]> {
    let seen = Seen::read(observations)?;
    let log = AuditLog::read(observations, &seen);
    let mut other_resets_open =
        log.others_open | others_were_open(observations) | others_were_open(&observations.member("previous"));
    let mut own_request = seen.own_request.or(seen.approval_request_id.as_ref().map(|_| OwnRequest::Found));
    let mut approvals = ApprovalCount::default();
    let mut found = None;
    let mut request_status = None;
    let mut own_status = None;
    if let Some(look) = Approvals::read(&observations.member("approvals"), &seen, parse) {
        own_request = Some(look.own_request);
        other_resets_open |= look.others_wait;
        if let Some(own) = look.own {
            let quorum = own.quorum_status.member("quorum");
            approvals.current = quorum.number_of("currentApprovalCount");
            approvals.threshold = quorum.number_of("threshold");
            request_status = text(&own.quorum_status, "requestStatus");
            found = own.id;
            own_status = own.status.map(|state| Claim::proven(state, ProgressSource::Approvals, look.at));
        }
    }

    let is_alone = log.shows_ours_alone && !other_resets_open;
    let told = granted(&seen, own_status).or_else(|| match own_status {
        Some(own_status) => Some(not_granted(&seen, own_status)),
        // Over before anybody looked, it is the one that the log knows of.
        None if own_request == Some(OwnRequest::Missing) && is_alone => suggested(&seen),
        // The approvals know, and do not tell: the user's steps may be another's.
        None if own_request.is_some() => after_failure(&seen),
        None => suggested(&seen),
    });
    // Where the user takes steps, rows of an end are another's.
    let user_moves = status::follow(&seen, &Start::suggested(seen.since, false)).is_some();
    let log_claim = log.claim.filter(|_| !other_resets_open && !user_moves);
    let receipt = Claim::proven(ResetState::ApprovalRequested, ProgressSource::Receipt, seen.since);
    let told = told.or(log_claim).unwrap_or(receipt);
    Ok(ResetProgress {
        claim: seen.previous.filter(|previous| stays(previous, &told)).unwrap_or(told),
        user_status: seen.user_status,
        request_status,
        approvals,
        approval_request_id: found.or(seen.approval_request_id),
        own_request,
        other_resets_open,
    })
}

/// What is known where our own request was granted: every step of the user from then on is its doing.
fn granted(seen: &Seen, own_status: Option<Claim>) -> Option<Claim> {
    let is_granted = |claim: &Claim| claim.state == ResetState::Approved;
    let known = match seen.previous.filter(Claim::is_proven) {
        Some(previous) if previous.state.is_under_way() => previous,
        Some(previous) if is_granted(&previous) && own_status.as_ref().is_none_or(is_granted) => previous,
        _ => {
            let own_status = own_status.filter(is_granted)?;
            if let Some(previous) = seen.previous.filter(|previous| previous.state.is_under_way()) {
                Claim { state: previous.state, at: own_status.at.max(previous.at), ..own_status }
            // Seen a moment before the grant was, which resets the device in any case.
            } else if let Some(step) = status::falls_now(seen, own_status.at) {
                Claim::proven(step.state, ProgressSource::UserStatus, step.at)
            } else {
                own_status
            }
        }
    };
    let fallen = known.state.is_under_way();
    let ready_from = match known.source {
        // Steps that were seen before the grant may be of a reset before this one, which is not carried out yet.
        ProgressSource::Approvals if fallen => known.at + CARRIED_OUT_MS,
        _ if fallen => known.at,
        _ => known.at + MISSED_MS,
    };
    let start = Start { from: known.at, fallen, ready_from, evidence: Evidence::Proven };
    Some(status::follow(seen, &start).unwrap_or(known))
}

/// What is known where our own request waits, or has ended without being granted.
fn not_granted(seen: &Seen, own_status: Claim) -> Claim {
    let steps = match own_status.state {
        ResetState::ApprovalRequested => None,
        // It says nothing of the device: the user may be on the way all the same.
        ResetState::Failed => {
            let start = under_way(seen).unwrap_or(Start::suggested(own_status.at, false));
            status::follow(seen, &start).or_else(|| {
                let step = status::falls_now(seen, own_status.at)?;
                Some(Claim::suggested(step.state, ProgressSource::UserStatus, step.at))
            })
        }
        _ => under_way(seen).and_then(|start| status::follow(seen, &start)),
    };
    steps.unwrap_or(own_status)
}

/// The user's steps since the request, whosever doing they are.
fn suggested(seen: &Seen) -> Option<Claim> {
    status::follow(seen, &under_way(seen).unwrap_or(Start::suggested(seen.since, false)))
}

/// The user's steps after a request that failed.
fn after_failure(seen: &Seen) -> Option<Claim> {
    let failed = seen.previous.filter(|previous| previous.state == ResetState::Failed)?;
    status::follow(seen, &Start::suggested(failed.at, false))
}

/// From where the steps that were told of before go on.
fn under_way(seen: &Seen) -> Option<Start> {
    let previous = seen.previous.filter(|previous| previous.state.is_under_way())?;
    Some(Start::suggested(previous.at, true))
}

/// Whether what was told before stays.
fn stays(previous: &Claim, told: &Claim) -> bool {
    let moves = told.state.is_under_way() || told.state == ResetState::Completed;
    if previous.state.is_final() {
        return previous.state != ResetState::Failed || !moves;
    }
    let un_reset = previous.state.is_under_way() && told.state > ResetState::Completed;
    let is_no_news = told.state == previous.state && (previous.is_proven() || !told.is_proven());
    un_reset || is_no_news || told.state < previous.state
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
