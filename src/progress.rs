//! What has become of a reset, inferred from what Fireblocks lets be seen.
//!
//! No source tells it outright. A user's `status` falls from READY when the device is reset and climbs back as the
//! user pairs again. The approvals API shows the request while it is open. The audit log tells events without
//! naming the person they happened to. Each says only what it can prove:
//!
//! - READY at the first look may mean not begun or finished, so only a fall since the request proves anything;
//! - an audit row counts only where no other reset was open at the time;
//! - "Approved" in the audit log is one approver's word (its event is `ReEnrollDevice_ApprovedByAdmin`), not the quorum's;
//! - nothing goes backwards, and an end stays an end.

use crate::json::{Json, push_string};
use crate::output::Object;
use crate::text::{contains, contains_in_any_case, meaning, name, parse_number};
use crate::user_id;

/// What can be known of a reset. Ordered by how far it has come; the last three are ends without a reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResetState {
    /// Fireblocks has accepted the request.
    ApprovalRequested,
    /// The approvers have agreed.
    Approved,
    /// The user must pair a device.
    AwaitingPairing,
    /// The user, or for a signer the Owner, must finish the set-up.
    AwaitingSetup,
    /// The user is ready again.
    Completed,
    /// An approver said no.
    Rejected,
    /// The request was withdrawn.
    Cancelled,
    /// The request ran out.
    Expired,
}

impl ResetState {
    /// Whether nothing follows.
    pub fn is_final(self) -> bool {
        self >= Self::Completed
    }

    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        name(STATES, self)
    }
}

/// The states by the names that JavaScript knows them by.
const STATES: &[(&str, ResetState)] = &[
    ("approvalRequested", ResetState::ApprovalRequested),
    ("approved", ResetState::Approved),
    ("awaitingPairing", ResetState::AwaitingPairing),
    ("awaitingSetup", ResetState::AwaitingSetup),
    ("completed", ResetState::Completed),
    ("rejected", ResetState::Rejected),
    ("cancelled", ResetState::Cancelled),
    ("expired", ResetState::Expired),
];

/// Where a state was learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressSource {
    /// The answer to the request itself.
    Receipt,
    /// The user's `status`.
    UserStatus,
    /// The approvals API.
    Approvals,
    /// The audit log.
    AuditLog,
}

impl ProgressSource {
    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        name(SOURCES, self)
    }
}

/// The sources by the names that JavaScript knows them by.
const SOURCES: &[(&str, ProgressSource)] = &[
    ("receipt", ProgressSource::Receipt),
    ("userStatus", ProgressSource::UserStatus),
    ("approvals", ProgressSource::Approvals),
    ("auditLog", ProgressSource::AuditLog),
];

/// Approvals given and needed.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ApprovalCount {
    /// Given.
    pub current: Option<f64>,
    /// Needed.
    pub threshold: Option<f64>,
}

/// What is known of a reset.
#[derive(Debug, Clone, PartialEq)]
pub struct ResetProgress {
    /// How far it has come, and where that was learnt from.
    pub evidence: Evidence,
    /// The user's `status` as last seen.
    pub user_status: Option<String>,
    /// Approvals given and needed, where the approvals API tells.
    pub approvals: ApprovalCount,
    /// The approvals API's own id of the request, where it tells.
    pub approval_request_id: Option<String>,
    /// Whether another reset was open in this time, so that audit rows prove nothing.
    pub other_resets_open: bool,
}

impl<'a> From<&'a ResetProgress> for Object<'a> {
    fn from(progress: &'a ResetProgress) -> Self {
        let mut approvals = Self::default();
        approvals.some_number("current", progress.approvals.current);
        approvals.some_number("threshold", progress.approvals.threshold);
        let Evidence { state, source, at } = progress.evidence;
        let mut object = Self::default();
        object.text("state", state.name());
        object.text("source", source.name());
        object.number("at", at);
        object.flag("final", state.is_final());
        object.some_text("userStatus", &progress.user_status);
        object.object("approvals", approvals);
        object.some_text("approvalRequestId", &progress.approval_request_id);
        object.flag("otherResetsOpen", progress.other_resets_open);
        object
    }
}

/// A state with what shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// How far it has come.
    pub state: ResetState,
    /// Where that was learnt from.
    pub source: ProgressSource,
    /// Epoch milliseconds: when it happened where the source says so, otherwise when it was seen.
    pub at: f64,
}

impl Evidence {
    fn read<J: Json>(json: &J) -> Option<Self> {
        Some(Self {
            state: word(json, "state", STATES)?,
            source: word(json, "source", SOURCES)?,
            at: time(json, "at")?,
        })
    }
}

/// An item of the approvals API that is about a device.
struct Approval<J> {
    /// The request itself, from the payload.
    request: J,
    /// Whether it is about the user who is followed.
    own: bool,
    /// Where the request stands.
    state: ResetState,
    /// `requestTimestamp`, epoch milliseconds; 0 where it is absent.
    requested_at: f64,
    /// How many approvals there are and must be.
    quorum: J,
}

/// Where a request stands, by the approvals API.
const STANDINGS: &[(&str, ResetState)] = &[
    ("PENDING", ResetState::ApprovalRequested),
    ("APPROVED", ResetState::Approved),
    ("REJECTED", ResetState::Rejected),
    ("CANCELLED", ResetState::Cancelled),
    ("TIMED_OUT", ResetState::Expired),
];

impl<J: Json> Approval<J> {
    /// `None` where it is not about a device, or does not tell where it stands. The values of `requestType` are not
    /// published; the co-signer's callback calls this one `RE_ENROLL_DEVICE`, so the word is looked for. Where the payload
    /// names the person is not published either, so the id is looked for as a whole JSON string.
    fn read(item: &J, quoted_id: &str, parse: impl Fn(&str) -> J) -> Option<Self> {
        let payload = text(item, "requestPayload")?;
        let request = parse(&payload);
        if !contains_in_any_case(&text(&request, "requestType")?, "DEVICE") {
            return None;
        }
        let status = item.member("quorumStatus");
        let state = match text(&status, "requestStatus") {
            // A list that was asked for without `quorumStatusMode` holds open requests only.
            None => ResetState::ApprovalRequested,
            Some(name) => meaning(STANDINGS, &name)?,
        };
        Some(Self {
            own: contains(&payload, quoted_id),
            state,
            requested_at: time(&request, "requestTimestamp").unwrap_or_default(),
            quorum: status.member("quorum"),
            request,
        })
    }

    fn is_pending(&self) -> bool {
        self.state == ResetState::ApprovalRequested
    }

    /// How much it tells, against others: of two requests for one user, the granted one counts.
    fn weight(&self) -> (u8, f64) {
        let standing = match self.state {
            ResetState::Approved => 2,
            ResetState::ApprovalRequested => 1,
            _ => 0,
        };
        (standing, self.requested_at)
    }
}

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

/// What an audit row says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Submitted,
    /// By one approver; a quorum may need more.
    ApprovedByOne,
    Rejected,
    Cancelled,
    /// The device was reset, or the user has finished: Fireblocks writes "Completed" for both.
    Carried,
}

/// The words are those of Fireblocks' list "Audit Log Events".
const SUBJECTS: &[(&str, Family)] =
    &[("Re-enroll mobile device", Family::ReEnrollment), ("Device reset", Family::DeviceReset), ("User", Family::User)];
const EVENTS: &[(&str, Stage)] = &[
    ("Submitted request", Stage::Submitted),
    ("Approved", Stage::ApprovedByOne),
    ("Rejected", Stage::Rejected),
    ("Canceled", Stage::Cancelled),
    ("Cancelled", Stage::Cancelled),
    ("Completed", Stage::Carried),
];
const EVENTS_OF_USERS: &[(&str, Stage)] = &[("Reset mobile device", Stage::Carried)];

/// A row of the audit log about some reset.
struct AuditRow {
    /// Epoch milliseconds, by Fireblocks' clock.
    at: f64,
    family: Family,
    stage: Stage,
}

impl AuditRow {
    /// `None` where it says nothing of a reset.
    fn read<J: Json>(row: &J) -> Option<Self> {
        let family = word(row, "subject", SUBJECTS)?;
        let stage = word(row, "event", if family == Family::User { EVENTS_OF_USERS } else { EVENTS })?;
        Some(Self { at: time(row, "timestamp").or_else(|| time(row, "createdAt"))?, family, stage })
    }
}

/// The longest text that is read of any field, in UTF-16 units.
const LONGEST_TEXT: u32 = 65_536;

fn text<J: Json>(json: &J, key: &str) -> Option<String> {
    json.text_of(key, LONGEST_TEXT)
}

/// What the member `key` stands for.
fn word<J: Json, T: Copy>(json: &J, key: &str, table: &[(&str, T)]) -> Option<T> {
    meaning(table, &text(json, key)?)
}

/// Epoch milliseconds, as a number or (in older answers) as digits.
fn time<J: Json>(json: &J, key: &str) -> Option<f64> {
    json.number_of(key).or_else(|| parse_number(&json.text_of(key, 16)?))
}

/// How long before `since` what belongs to this request may have been written: clocks differ a little, and `since` may
/// be taken after the answer. In milliseconds.
const SLACK_MS: f64 = 5_000.0;
/// How far a clock may be off that nobody has corrected, in milliseconds.
const SKEW_MS: f64 = 600_000.0;

/// Infers the state of a reset from what was seen, which is in the form that the package's types document. `parse` reads
/// a JSON text, and gives what is absent where it is none.
///
/// # Errors
/// A sentence that names what is missing, as its parts.
pub fn infer<J: Json>(seen: &J, parse: impl Fn(&str) -> J) -> Result<ResetProgress, [&'static str; 2]> {
    let user_id = text(seen, "userId").unwrap_or_default();
    user_id::check(&user_id).map_err(|error| ["The user's id ", error.reason()])?;
    let Some(since) = time(seen, "since") else {
        return Err(["since ", "must be a number of milliseconds since 1970."]);
    };

    let mut progress = ResetProgress {
        evidence: Evidence { state: ResetState::ApprovalRequested, source: ProgressSource::Receipt, at: since },
        user_status: None,
        approvals: ApprovalCount::default(),
        approval_request_id: None,
        other_resets_open: seen.flag_of("otherResetsOpen"),
    };
    let mut steps = Vec::new();
    let statuses = seen.member("statuses");
    for index in 0..statuses.length() {
        let status = statuses.element(index);
        progress.user_status = text(&status, "status");
        if let Some(state) = progress.user_status.as_deref().and_then(|status| meaning(STATUSES, status))
            && let Some(at) = time(&status, "at")
        {
            steps.push((state, at));
        }
    }

    let mut from_approvals: Option<(ResetState, f64)> = None;
    let mut heaviest = None;
    let look = seen.member("approvals");
    if let Some(at) = time(&look, "at") {
        let mut quoted_id = String::new();
        push_string(&mut quoted_id, &user_id);
        let items = look.member("items");
        for index in 0..items.length() {
            let Some(item) = Approval::read(&items.element(index), &quoted_id, &parse) else {
                continue;
            };
            if !item.own {
                progress.other_resets_open |= item.is_pending();
            // One that was settled before this request was made is another request.
            } else if (item.is_pending() || item.requested_at >= since - SLACK_MS)
                && heaviest.is_none_or(|heaviest| item.weight() > heaviest)
            {
                heaviest = Some(item.weight());
                from_approvals = Some((item.state, at));
                progress.approvals.current = item.quorum.number_of("currentApprovalCount");
                progress.approvals.threshold = item.quorum.number_of("threshold");
                progress.approval_request_id = text(&item.request, "requestId");
            }
        }
    }
    let (from_log, others_in_log) = audit(seen, since, steps.last());
    progress.other_resets_open |= others_in_log;

    // From here on, what comes later outweighs what comes before.
    let mut approved_at = None;
    if !progress.other_resets_open
        && let Some((state, at)) = from_log
    {
        progress.evidence = Evidence { state, source: ProgressSource::AuditLog, at };
        if state == ResetState::Approved {
            approved_at = Some(at);
        }
    }
    if let Some((state, at)) = from_approvals {
        let approved = state == ResetState::Approved;
        if approved {
            approved_at = Some(at);
        }
        // Fireblocks itself says that the request waits, or how it ended; the audit log can only add that a granted
        // one was carried out.
        if !(approved && progress.evidence.state == ResetState::Completed) {
            progress.evidence = Evidence { state, source: ProgressSource::Approvals, at };
        }
    }
    // A walk that was seen outweighs a refusal: of two requests for one user, one may be refused and one granted.
    if let Some((state, at)) = walk(word(seen, "statusBefore", STATUSES), &steps, since, approved_at) {
        progress.evidence = Evidence { state, source: ProgressSource::UserStatus, at };
    }
    if let Some(previous) = Evidence::read(&seen.member("previous"))
        && (previous.state.is_final() || progress.evidence.state <= previous.state)
    {
        progress.evidence = previous;
    }
    Ok(progress)
}

/// The states that a user's status stands for once a reset has begun, which are in the order in which a user passes
/// through them. Values that are newer than this client have no place.
const STATUSES: &[(&str, ResetState)] = &[
    ("PENDING_DEVICE_PAIRING", ResetState::AwaitingPairing),
    ("PENDING_DEVICE_SETUP", ResetState::AwaitingSetup),
    ("READY", ResetState::Completed),
];

/// What the user's status proves: something only after it has fallen since the request, or, where it was not seen
/// to fall, after the request was approved.
fn walk(
    mut before: Option<ResetState>,
    steps: &[(ResetState, f64)],
    since: f64,
    approved_at: Option<f64>,
) -> Option<(ResetState, f64)> {
    let mut fallen = false;
    let mut reached: Option<(ResetState, f64)> = None;
    for &(state, at) in steps.iter().filter(|(_, at)| *at >= since) {
        let fell = before.is_some_and(|before| state < before);
        let awaited_after_approval =
            state < ResetState::Completed && approved_at.is_some_and(|approved| at >= approved);
        fallen |= fell || awaited_after_approval;
        before = Some(state);
        if fallen && reached.is_none_or(|(reached, _)| reached != state) {
            reached = Some((state, at));
        }
    }
    reached
}

/// What the audit log proves where no other reset was open, and whether it shows that one was. A row names no target, so
/// all of them count. `last_step` is the last status that was seen.
fn audit<J: Json>(seen: &J, since: f64, last_step: Option<&(ResetState, f64)>) -> (Option<(ResetState, f64)>, bool) {
    let mut rows = Vec::new();
    let list = seen.member("auditLogs");
    for index in 0..list.length() {
        if let Some(row) = AuditRow::read(&list.element(index)) {
            rows.push(row);
        }
    }
    // When this request was filed, by the log's own clock where its row was found.
    let mut first = since;
    // Whether there is one that was filed after this one, or one from before whose end is not in the log.
    let mut others_open = false;
    // Whether there is one whose device was reset before, and of whose user's finishing another row may tell.
    let mut others_finishing = false;
    for family in [Family::ReEnrollment, Family::DeviceReset] {
        // A re-enrolment is "Completed" twice: when the device is reset, and when the user has finished.
        let rows_of_one = if family == Family::ReEnrollment { 2 } else { 1 };
        // Its row is the nearest to `since`.
        let mut filed: Option<f64> = None;
        for row in &rows {
            let distance = (row.at - since).abs();
            if row.family == family
                && row.stage == Stage::Submitted
                && distance <= SLACK_MS
                && filed.is_none_or(|filed| distance < (filed - since).abs())
            {
                filed = Some(row.at);
            }
        }
        let begun = filed.unwrap_or(since);
        if begun < first {
            first = begun;
        }
        let mut later = 0;
        let mut missing_ends = 0;
        for row in rows.iter().filter(|row| row.family == family) {
            if row.at < begun {
                missing_ends += match row.stage {
                    Stage::Submitted => rows_of_one,
                    Stage::ApprovedByOne => 0,
                    Stage::Rejected | Stage::Cancelled => -rows_of_one,
                    Stage::Carried => -1,
                };
            } else if row.stage == Stage::Submitted {
                later += 1;
            }
        }
        others_open |= later > i32::from(filed.is_some()) || missing_ends >= rows_of_one;
        others_finishing |= missing_ends > 0;
    }
    let mut furthest: Option<(ResetState, f64)> = None;
    for row in rows.iter().filter(|row| row.at >= first) {
        let state = match row.stage {
            Stage::Submitted | Stage::ApprovedByOne => ResetState::ApprovalRequested,
            Stage::Rejected => ResetState::Rejected,
            Stage::Cancelled => ResetState::Cancelled,
            Stage::Carried if others_finishing => continue,
            // Ready so long after it that no clock can have it the other way round, the user has finished whichever
            // of the two the row meant.
            Stage::Carried
                if last_step.is_some_and(|&(state, at)| state == ResetState::Completed && at > row.at + SKEW_MS) =>
            {
                ResetState::Completed
            }
            Stage::Carried => ResetState::Approved,
        };
        // The earliest row of the furthest state.
        if furthest.is_none_or(|(found, at)| state > found || (state == found && row.at < at)) {
            furthest = Some((state, row.at));
        }
    }
    (furthest, others_open)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
