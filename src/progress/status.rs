//! The user's way from a reset to the new device: READY, PENDING_DEVICE_PAIRING, PENDING_DEVICE_SETUP, READY.
//!
//! A status does not tell whose request moved it. That it fell tells that a device was reset, and READY that the user has
//! finished: READY alone may mean not begun or finished.

use super::reading::{Seen, Step};
use super::state::{Claim, Evidence, ProgressSource, ResetState};

/// Where the user's steps are followed from.
pub struct Start {
    /// By the observer's clock.
    pub from: f64,
    /// Whether the user is on the way already.
    pub fallen: bool,
    /// From when on READY shows that the user has finished, also where no fall is seen after `from`.
    pub ready_from: f64,
    /// Whether what is followed is known to be this request's doing.
    pub evidence: Evidence,
}

impl Start {
    /// Of what may be another's doing.
    pub fn suggested(from: f64, fallen: bool) -> Self {
        Self { from, fallen, ready_from: if fallen { from } else { f64::INFINITY }, evidence: Evidence::Suggested }
    }
}

/// So long after it was seen as granted, a request has been carried out, in milliseconds.
pub const CARRIED_OUT_MS: f64 = 1_000.0;
/// So long after that, whoever is READY has paired a device, though nobody saw it, in milliseconds.
pub const MISSED_MS: f64 = 600_000.0;

/// How far the user has come.
pub fn follow(seen: &Seen, start: &Start) -> Option<Claim> {
    let Start { from, mut fallen, mut ready_from, evidence } = *start;
    let mut before = seen.status_before;
    let mut reached = None;
    for &Step { state, at } in &seen.steps {
        let is_ready = state == ResetState::Completed;
        if at >= from {
            let falls = before.is_some_and(|before| state < before);
            // Of what is granted, any status below READY is the way.
            let is_on_the_way = evidence == Evidence::Proven && !is_ready && at >= from + CARRIED_OUT_MS;
            if falls || is_on_the_way {
                (fallen, ready_from) = (true, ready_from.min(at));
            }
            let counts = if is_ready { at >= ready_from } else { fallen };
            if counts {
                reached = Some(Claim { state, evidence, source: ProgressSource::UserStatus, at });
                if is_ready {
                    break;
                }
            }
        }
        before = Some(state);
    }
    reached
}

/// Looks at two sources that are no further apart were one look, in milliseconds.
const ONE_LOOK_MS: f64 = 30_000.0;

/// The newest status, where it shows that the user has fallen since the one before, at the same look as what was seen `at`.
pub fn falls_now(seen: &Seen, at: f64) -> Option<Step> {
    let (newest, earlier) = seen.steps.split_last()?;
    let before = earlier.last().map(|step| step.state).or(seen.status_before)?;
    (newest.state < before && newest.at >= at - ONE_LOOK_MS).then_some(*newest)
}
