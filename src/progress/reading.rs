//! What was seen, as the package's types document it, and when.

use super::state::{Claim, OWN_REQUEST, OwnRequest, ProgressSource, ResetState, SOURCES};
use crate::json::Json;
use crate::names::value_of;
use crate::request::user_id;
use crate::text::{is_damaged, parse_number};

/// The longest text that is read of any field, in UTF-16 units.
pub const LONGEST_TEXT: u32 = 65_536;

pub fn text<J: Json>(json: &J, key: &str) -> Option<String> {
    json.text_of(key, LONGEST_TEXT)
}

/// An id, which is never empty. One with half of a surrogate pair is none: read, it would be like others.
pub fn id<J: Json>(json: &J, key: &str) -> Option<String> {
    text(json, key).filter(|id| !id.is_empty() && !is_damaged(id))
}

/// # Errors
/// A sentence that names what is missing, as its parts.
pub fn read_user_id<J: Json>(json: &J) -> Result<String, [&'static str; 2]> {
    let named = |reason| ["The user's id ", reason];
    let user_id = if json.is_nothing() { String::new() } else { json.whole_text(LONGEST_TEXT).map_err(named)? };
    user_id::check(&user_id).map_err(named)?;
    Ok(user_id)
}

/// What the member `key` stands for.
pub fn word<J: Json, T: Copy>(json: &J, key: &str, table: &[(&str, T)]) -> Option<T> {
    value_of(table, &text(json, key)?)
}

/// No time that can be meant has more than thirteen digits, in epoch milliseconds: it is none.
const NO_TIME_MS: f64 = 1e13;

/// Epoch milliseconds, as a number or (in older answers) as digits.
pub fn time<J: Json>(json: &J, key: &str) -> Option<f64> {
    let time = json.number_of(key).or_else(|| parse_number(&json.text_of(key, 16)?))?;
    (0.0..NO_TIME_MS).contains(&time).then_some(time)
}

/// Whether another reset was open, as the observer says: whatever is no clear no is yes.
pub fn others_were_open<J: Json>(json: &J) -> bool {
    let open = json.member("otherResetsOpen");
    !(open.is_nothing() || open.boolean() == Some(false))
}

/// How far two clocks may be apart that nobody has compared, in milliseconds.
const CLOCK_MS: f64 = 12_000.0;
/// How far the difference of two clocks may be off that was learnt from an answer's `Date`, in milliseconds: it has whole
/// seconds, and the answer was under way.
const LEARNT_CLOCK_MS: f64 = 3_000.0;
/// How long an answer may have taken where nobody says when it came, in milliseconds.
const ANSWER_MS: f64 = 12_000.0;

/// When the request may have been filed, by Fireblocks' clock.
pub struct Window {
    pub from: f64,
    pub until: f64,
}

impl Window {
    pub fn contains(&self, at: f64) -> bool {
        at >= self.from && at <= self.until
    }

    /// The same, where clocks are so much further apart.
    pub fn wider(&self, by: f64) -> Self {
        Self { from: self.from - by, until: self.until + by }
    }
}

/// The user's status with the state that it stands for once a reset has begun, and when it was seen.
#[derive(Clone, Copy)]
pub struct Step {
    pub state: ResetState,
    pub at: f64,
}

/// The states that a user's status stands for once a reset has begun, which are in the order in which a user passes
/// through them. Values that are newer than this client have no place.
const STATUSES: &[(&str, ResetState)] = &[
    ("PENDING_DEVICE_PAIRING", ResetState::AwaitingPairing),
    ("PENDING_DEVICE_SETUP", ResetState::AwaitingSetup),
    ("READY", ResetState::Completed),
];

/// What is read of the observations before anything is concluded.
pub struct Seen {
    pub user_id: String,
    /// When the reset was asked for, by the observer's clock.
    pub since: f64,
    pub window: Window,
    /// Fireblocks' clock less the observer's, as far as it is known, and how far off that may be.
    pub difference: f64,
    pub tolerance: f64,
    pub status_before: Option<ResetState>,
    /// Since the request, oldest first.
    pub steps: Vec<Step>,
    /// The user's status as last seen.
    pub user_status: Option<String>,
    pub previous: Option<Claim>,
    /// What the approvals told before of this very request.
    pub own_request: Option<OwnRequest>,
    pub approval_request_id: Option<String>,
}

impl Seen {
    /// # Errors
    /// A sentence that names what is missing, as its parts.
    pub fn read<J: Json>(json: &J) -> Result<Self, [&'static str; 2]> {
        let user_id = read_user_id(&json.member("userId"))?;
        const NO_TIME: &str = "must be a number of milliseconds since 1970.";
        let since = time(json, "since").ok_or(["since ", NO_TIME])?;
        // Left out, it would count for less than no look.
        let approvals = json.member("approvals");
        if !approvals.is_nothing() && time(&approvals, "at").is_none() {
            return Err(["at of approvals ", NO_TIME]);
        }
        let learnt = json.number_of("clockDifferenceMs");
        let difference = learnt.unwrap_or_default();
        let tolerance = if learnt.is_some() { LEARNT_CLOCK_MS } else { CLOCK_MS };
        // `since` may have been taken before the request, or after its answer.
        let (earliest, latest) = match time(json, "answeredAt") {
            Some(answered) if answered > since => (since, answered),
            _ => (since - ANSWER_MS, since + ANSWER_MS),
        };
        let mut steps = Vec::new();
        let mut user_status = None;
        let statuses = json.member("statuses");
        for index in 0..statuses.length() {
            let status = statuses.element(index);
            user_status = text(&status, "status");
            // Of what is not in order nobody knows what came first.
            if let (Some(state), Some(at)) = (word(&status, "status", STATUSES), time(&status, "at"))
                && at >= steps.last().map_or(since, |before: &Step| before.at)
            {
                steps.push(Step { state, at });
            }
        }
        let previous = json.member("previous");
        // Programs of before give the state back alone. Where it shows nothing of the approvals while another reset was open,
        // that may have been for the same user.
        let may_be_unclear = previous.member("evidence").is_absent()
            && word(&previous, "source", SOURCES).is_some_and(|source| source != ProgressSource::Approvals)
            && others_were_open(json);
        let approval_request_id = id(json, "approvalRequestId").or_else(|| id(&previous, "approvalRequestId"));
        Ok(Self {
            user_id,
            since,
            window: Window { from: earliest + difference - tolerance, until: latest + difference + tolerance },
            difference,
            tolerance,
            // Written by a caller, in whatever case.
            status_before: text(json, "statusBefore")
                .and_then(|status| value_of(STATUSES, &status.to_ascii_uppercase())),
            steps,
            user_status,
            // What was seen before the request was asked for is another's. A row of the log has Fireblocks' time.
            previous: Claim::read(&previous)
                .filter(|claim| claim.source == ProgressSource::AuditLog || claim.at >= since - ANSWER_MS),
            own_request: word(&previous, "ownRequest", OWN_REQUEST).or(may_be_unclear.then_some(OwnRequest::Unclear)),
            approval_request_id,
        })
    }
}
