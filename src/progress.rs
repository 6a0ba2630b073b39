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
use crate::output::{Member, Object};
use crate::text::{contains, parse_number};
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
        match self {
            Self::ApprovalRequested => "approvalRequested",
            Self::Approved => "approved",
            Self::AwaitingPairing => "awaitingPairing",
            Self::AwaitingSetup => "awaitingSetup",
            Self::Completed => "completed",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [
            Self::ApprovalRequested,
            Self::Approved,
            Self::AwaitingPairing,
            Self::AwaitingSetup,
            Self::Completed,
            Self::Rejected,
            Self::Cancelled,
            Self::Expired,
        ]
        .into_iter()
        .find(|state| state.name() == name)
    }
}

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
        match self {
            Self::Receipt => "receipt",
            Self::UserStatus => "userStatus",
            Self::Approvals => "approvals",
            Self::AuditLog => "auditLog",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Receipt, Self::UserStatus, Self::Approvals, Self::AuditLog]
            .into_iter()
            .find(|source| source.name() == name)
    }
}

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

impl From<ResetProgress> for Object {
    fn from(progress: ResetProgress) -> Self {
        let mut approvals = Self::default();
        approvals.some_number("current", progress.approvals.current);
        approvals.some_number("threshold", progress.approvals.threshold);
        let Evidence { state, source, at } = progress.evidence;
        let mut object = Self::default();
        object.put("state", Member::Word(state.name()));
        object.put("source", Member::Word(source.name()));
        object.number("at", at);
        object.put("final", Member::Flag(state.is_final()));
        object.text("userStatus", progress.user_status);
        object.object("approvals", approvals);
        object.text("approvalRequestId", progress.approval_request_id);
        object.put("otherResetsOpen", Member::Flag(progress.other_resets_open));
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
            state: ResetState::from_name(&text(json, "state")?)?,
            source: ProgressSource::from_name(&text(json, "source")?)?,
            at: time(json, "at")?,
        })
    }
}

/// An item of the approvals API, as far as it is about a device.
#[derive(Debug, Clone, PartialEq)]
struct Approval {
    /// `requestId` in the payload.
    request_id: Option<String>,
    /// Whether it is about the user who is followed.
    own: bool,
    /// Where the request stands, and how much that tells: of two requests for one user, the granted one counts.
    standing: Option<(u8, ResetState)>,
    /// `requestTimestamp`, epoch milliseconds; 0 where it is absent.
    requested_at: f64,
    count: ApprovalCount,
}

/// A row of the audit log about some reset.
#[derive(Debug, Clone, Copy, PartialEq)]
struct AuditRow {
    /// Epoch milliseconds, by Fireblocks' clock.
    at: f64,
    family: Family,
    stage: Stage,
}

/// The subjects under which Fireblocks tells of resets. Which of the two families a request by API belongs to is not
/// documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// "Re-enroll mobile device".
    ReEnrollment,
    /// "Device reset".
    DeviceReset,
    /// "User": tells only that a device was reset.
    User,
}

/// What an audit row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Submitted,
    /// By one approver; a quorum may need more.
    ApprovedByOne,
    Rejected,
    Cancelled,
    /// The device was reset, or the user has finished: Fireblocks writes "Completed" for both.
    Carried,
}

/// Everything seen so far of one reset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResetObservations {
    /// Epoch milliseconds: when the reset was asked for, by the clock of whoever looks.
    since: f64,
    /// How far along the walk the user was before that.
    rank_before: Option<u8>,
    /// The ranks seen over time, oldest first, by the clock of whoever looks.
    ranks: Vec<(u8, f64)>,
    /// The user's status as last seen.
    user_status: Option<String>,
    /// The newest look at the approvals API, and when it was.
    approvals: Option<(Vec<Approval>, f64)>,
    /// Rows of the audit log, in any order.
    audit_rows: Vec<AuditRow>,
    /// Whether another reset was open in the same workspace in this time.
    other_resets_open: bool,
    /// What was reached before.
    previous: Option<Evidence>,
}

/// The longest text that is read of any field, in UTF-16 units.
const LONGEST_TEXT: u32 = 65_536;

impl ResetObservations {
    /// Reads observations in the form that the package's types document; `parse` reads a JSON text.
    ///
    /// # Errors
    /// A sentence that names what is missing, as its parts.
    pub fn read<J: Json>(json: &J, parse: impl Fn(&str) -> Option<J>) -> Result<Self, [&'static str; 2]> {
        let user_id = text(json, "userId").unwrap_or_default();
        user_id::check(&user_id).map_err(|error| ["The user's id ", error.reason()])?;
        let statuses = json.list_of("statuses");
        Ok(Self {
            since: time(json, "since").ok_or(["since ", "must be a number of milliseconds since 1970."])?,
            rank_before: text(json, "statusBefore").and_then(|status| rank(&status)),
            ranks: statuses
                .iter()
                .filter_map(|seen| Some((rank(&text(seen, "status")?)?, time(seen, "at")?)))
                .collect(),
            user_status: statuses.last().and_then(|seen| text(seen, "status")),
            approvals: json.member("approvals").and_then(|look| {
                let items = look.list_of("items");
                let read = |item| Approval::read(item, &user_id, &parse);
                Some((items.iter().filter_map(read).collect(), time(&look, "at")?))
            }),
            audit_rows: json.list_of("auditLogs").iter().filter_map(AuditRow::read).collect(),
            other_resets_open: json.flag_of("otherResetsOpen"),
            previous: json.member("previous").and_then(|previous| Evidence::read(&previous)),
        })
    }
}

impl Approval {
    /// `None` where it is not about a device. The values of `requestType` are not published; the co-signer's callback
    /// calls this one `RE_ENROLL_DEVICE`, so the word is looked for.
    fn read<J: Json>(item: &J, user_id: &str, parse: impl Fn(&str) -> Option<J>) -> Option<Self> {
        let payload = text(item, "requestPayload")?;
        let request = parse(&payload)?;
        if !contains(&text(&request, "requestType")?.to_ascii_uppercase(), "DEVICE") {
            return None;
        }
        // Where the payload names the person is not published, so the id is looked for as a whole JSON string.
        let mut quoted = String::new();
        push_string(&mut quoted, user_id);
        let quorum_status = item.member("quorumStatus");
        let quorum = quorum_status.as_ref().and_then(|status| status.member("quorum"));
        let number = |name| quorum.as_ref()?.number_of(name);
        let status = quorum_status.and_then(|status| text(&status, "requestStatus"));
        Some(Self {
            request_id: text(&request, "requestId"),
            own: contains(&payload, &quoted),
            standing: match status.as_deref() {
                // A list that was asked for without `quorumStatusMode` holds open requests only.
                None | Some("PENDING") => Some((1, ResetState::ApprovalRequested)),
                Some("APPROVED") => Some((2, ResetState::Approved)),
                Some("REJECTED") => Some((0, ResetState::Rejected)),
                Some("CANCELLED") => Some((0, ResetState::Cancelled)),
                Some("TIMED_OUT") => Some((0, ResetState::Expired)),
                Some(_) => None,
            },
            requested_at: time(&request, "requestTimestamp").unwrap_or_default(),
            count: ApprovalCount { current: number("currentApprovalCount"), threshold: number("threshold") },
        })
    }

    fn is_pending(&self) -> bool {
        matches!(self.standing, Some((_, ResetState::ApprovalRequested)))
    }
}

impl AuditRow {
    /// `None` where it says nothing of a reset. The words are those of Fireblocks' list "Audit Log Events".
    fn read<J: Json>(row: &J) -> Option<Self> {
        let family = match text(row, "subject")?.as_str() {
            "Re-enroll mobile device" => Family::ReEnrollment,
            "Device reset" => Family::DeviceReset,
            "User" => Family::User,
            _ => return None,
        };
        let event = text(row, "event")?;
        let stage = match (family, event.as_str()) {
            (Family::User, "Reset mobile device") => Stage::Carried,
            (Family::User, _) => return None,
            (_, "Submitted request") => Stage::Submitted,
            (_, "Approved") => Stage::ApprovedByOne,
            (_, "Rejected") => Stage::Rejected,
            (_, "Canceled" | "Cancelled") => Stage::Cancelled,
            (_, "Completed") => Stage::Carried,
            _ => return None,
        };
        Some(Self { at: time(row, "timestamp").or_else(|| time(row, "createdAt"))?, family, stage })
    }
}

fn text<J: Json>(json: &J, key: &str) -> Option<String> {
    json.text_of(key, LONGEST_TEXT)
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

/// Infers the state of a reset from what was seen.
pub fn infer(seen: &ResetObservations) -> ResetProgress {
    let receipt = Evidence { state: ResetState::ApprovalRequested, source: ProgressSource::Receipt, at: seen.since };
    let others = others_in_audit_log(seen);
    let other_resets_open = seen.other_resets_open || others_waited(seen) || others.open;
    let own = own_approval(seen);
    let from_approvals = own.map(|(_, evidence)| evidence);
    let from_audit = if other_resets_open { None } else { audit(seen, others) };
    let approved =
        [from_approvals, from_audit].into_iter().flatten().find(|evidence| evidence.state == ResetState::Approved);
    let best = match (user_status(seen, approved.map(|evidence| evidence.at)), from_approvals, from_audit) {
        // A walk that was seen outweighs a refusal: of two requests for one user, one may be refused and one granted.
        (Some(walk), ..) => walk,
        // Fireblocks itself says that the request waits, or how it ended; the audit log can only add that a granted
        // one was carried out.
        (_, Some(first), Some(audit))
            if first.state == ResetState::Approved && audit.state == ResetState::Completed =>
        {
            audit
        }
        (_, Some(first), _) => first,
        (_, None, audit) => audit.unwrap_or(receipt),
    };
    let evidence = match seen.previous {
        Some(previous) if previous.state.is_final() || best.state <= previous.state => previous,
        _ => best,
    };
    ResetProgress {
        evidence,
        user_status: seen.user_status.clone(),
        approvals: own.map_or_else(ApprovalCount::default, |(item, _)| item.count),
        approval_request_id: own.and_then(|(item, _)| item.request_id.clone()),
        other_resets_open,
    }
}

/// How far along its walk a user's status is. Values that are newer than this client have no place.
fn rank(status: &str) -> Option<u8> {
    match status {
        "PENDING_DEVICE_PAIRING" => Some(1),
        "PENDING_DEVICE_SETUP" => Some(2),
        "READY" => Some(READY),
        _ => None,
    }
}

const READY: u8 = 3;

/// What the user's status proves: something only after it has fallen since the request, or, where it was not seen
/// to fall, after the request was approved.
fn user_status(seen: &ResetObservations, approved_at: Option<f64>) -> Option<Evidence> {
    let mut before = seen.rank_before;
    let mut fallen = false;
    let mut evidence: Option<Evidence> = None;
    for &(now, at) in seen.ranks.iter().filter(|(_, at)| *at >= seen.since) {
        let fell = before.is_some_and(|before| now < before);
        let awaited_after_approval = now < READY && approved_at.is_some_and(|approved| at >= approved);
        fallen |= fell || awaited_after_approval;
        before = Some(now);
        if !fallen {
            continue;
        }
        let state = match now {
            1 => ResetState::AwaitingPairing,
            2 => ResetState::AwaitingSetup,
            _ => ResetState::Completed,
        };
        if evidence.is_none_or(|evidence| evidence.state != state) {
            evidence = Some(Evidence { state, source: ProgressSource::UserStatus, at });
        }
    }
    evidence
}

/// The item of the approvals API that tells most about this request, and what it proves.
fn own_approval(seen: &ResetObservations) -> Option<(&Approval, Evidence)> {
    let (items, at) = seen.approvals.as_ref()?;
    let mut best: Option<(u8, f64)> = None;
    let mut found = None;
    for item in items.iter().filter(|item| item.own) {
        // One that was settled before this request was made is another request.
        let in_time = item.is_pending() || item.requested_at >= seen.since - SLACK_MS;
        let Some((weight, state)) = item.standing.filter(|_| in_time) else {
            continue;
        };
        if best.is_none_or(|best| (weight, item.requested_at) > best) {
            best = Some((weight, item.requested_at));
            found = Some((item, Evidence { state, source: ProgressSource::Approvals, at: *at }));
        }
    }
    found
}

/// Whether the newest look at the approvals shows another person's reset waiting.
fn others_waited(seen: &ResetObservations) -> bool {
    seen.approvals.as_ref().is_some_and(|(items, _)| items.iter().any(|item| !item.own && item.is_pending()))
}

/// When this request was filed by the log's own clock: its row is the nearest to `since`. `None` where none is near.
fn filed_at(seen: &ResetObservations, family: Family) -> Option<f64> {
    seen.audit_rows
        .iter()
        .filter(|row| row.family == family && row.stage == Stage::Submitted)
        .map(|row| row.at)
        .filter(|at| (at - seen.since).abs() <= SLACK_MS)
        .min_by(|one, other| (one - seen.since).abs().total_cmp(&(other - seen.since).abs()))
}

/// What other resets the audit log leaves room for in this time.
#[derive(Debug, Clone, Copy, Default)]
struct Others {
    /// One that was filed after this one, or one from before whose end is not in the log.
    open: bool,
    /// One whose device was reset before, and of whose user's finishing another row may tell.
    finishing: bool,
}

fn others_in_audit_log(seen: &ResetObservations) -> Others {
    let mut others = Others::default();
    for family in [Family::ReEnrollment, Family::DeviceReset] {
        let filed = filed_at(seen, family);
        let count = |stage, before: bool| {
            let in_time = |row: &AuditRow| (row.at < filed.unwrap_or(seen.since)) == before;
            seen.audit_rows.iter().filter(|row| row.family == family && row.stage == stage && in_time(row)).count()
        };
        let refused = count(Stage::Rejected, true) + count(Stage::Cancelled, true);
        let granted = count(Stage::Submitted, true).saturating_sub(refused);
        let carried = count(Stage::Carried, true);
        // A re-enrolment is "Completed" twice: when the device is reset, and when the user has finished.
        let rows_of_one = if family == Family::ReEnrollment { 2 } else { 1 };
        others.open |=
            count(Stage::Submitted, false) > usize::from(filed.is_some()) || granted > carried.div_ceil(rows_of_one);
        others.finishing |= carried < granted * rows_of_one;
    }
    others
}

/// What the audit log proves where no other reset was open. A row names no target, so all of them count.
fn audit(seen: &ResetObservations, others: Others) -> Option<Evidence> {
    let families = [Family::ReEnrollment, Family::DeviceReset];
    let begun = families.into_iter().filter_map(|family| filed_at(seen, family)).fold(seen.since, f64::min);
    let mut evidence: Option<Evidence> = None;
    for row in seen.audit_rows.iter().filter(|row| row.at >= begun) {
        let state = match row.stage {
            Stage::Submitted | Stage::ApprovedByOne => ResetState::ApprovalRequested,
            Stage::Rejected => ResetState::Rejected,
            Stage::Cancelled => ResetState::Cancelled,
            Stage::Carried if others.finishing => continue,
            // Ready after it, the user has finished whichever of the two the row meant.
            Stage::Carried if ready_after(seen, row.at) => ResetState::Completed,
            Stage::Carried => ResetState::Approved,
        };
        // The earliest row of the furthest state.
        if evidence.is_none_or(|found| state > found.state || (state == found.state && row.at < found.at)) {
            evidence = Some(Evidence { state, source: ProgressSource::AuditLog, at: row.at });
        }
    }
    evidence
}

/// Whether the user was last seen ready, so long after `time` that no clock can have it the other way round.
fn ready_after(seen: &ResetObservations, time: f64) -> bool {
    seen.ranks.last().is_some_and(|&(rank, at)| rank == READY && at > time + SKEW_MS)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
