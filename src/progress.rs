//! What has become of a reset, inferred from what Fireblocks lets be seen.
//!
//! No source tells it outright. A user's `status` falls from READY when the device is reset and climbs back as the
//! user pairs again. The approvals API shows the request while it is open. The audit log tells events without
//! naming the person they happened to. Each says only what it can prove:
//!
//! - READY at the first look may mean not begun or finished, so only a fall since the request proves anything;
//! - an audit row counts only where no other reset was open at the time;
//! - nothing goes backwards, and an end stays an end.

use crate::json::Json;
use crate::output::{Member, Object};
use crate::text::contains;

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
    /// How far it has come.
    pub state: ResetState,
    /// Where that was learnt from.
    pub source: ProgressSource,
    /// Epoch milliseconds: when it happened where the source says so, otherwise when it was seen.
    pub at: f64,
    /// Whether nothing follows.
    pub is_final: bool,
    /// The user's `status` as last seen.
    pub user_status: Option<String>,
    /// Approvals given and needed, where the approvals API tells.
    pub approvals: Option<ApprovalCount>,
}

impl From<ResetProgress> for Object {
    fn from(progress: ResetProgress) -> Self {
        let mut approvals = Self::default();
        if let Some(count) = progress.approvals {
            approvals.some_number("current", count.current);
            approvals.some_number("threshold", count.threshold);
        }
        let mut object = Self::default();
        object.put("state", Member::Word(progress.state.name()));
        object.put("source", Member::Word(progress.source.name()));
        object.number("at", progress.at);
        object.put("final", Member::Flag(progress.is_final));
        object.text("userStatus", progress.user_status);
        object.object("approvals", approvals);
        object
    }
}

/// An item of the approvals API.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Approval {
    /// `requestPayload`, a JSON text.
    pub payload: String,
    /// `requestType` in it.
    pub request_type: Option<String>,
    /// `requestTimestamp` in it, epoch milliseconds.
    pub requested_at: Option<f64>,
    /// `quorumStatus.requestStatus`.
    pub status: Option<String>,
    /// From `quorumStatus.quorum`.
    pub count: ApprovalCount,
}

/// A row of the audit log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AuditRow {
    /// Epoch milliseconds.
    pub at: f64,
    /// What the event is about.
    pub subject: String,
    /// What happened.
    pub event: String,
}

/// Everything seen so far of one reset.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ResetObservations {
    /// The console user's id.
    pub user_id: String,
    /// Epoch milliseconds: when the reset was asked for.
    pub since: f64,
    /// The user's status before that.
    pub status_before: Option<String>,
    /// The user's status as seen over time, oldest first.
    pub statuses: Vec<(String, f64)>,
    /// The newest look at the approvals API, and when it was.
    pub approvals: Option<(Vec<Approval>, f64)>,
    /// Rows of the audit log, in any order.
    pub audit_rows: Vec<AuditRow>,
    /// Whether another reset was open in the same workspace in this time.
    pub other_resets_open: bool,
    /// The state that was reached before.
    pub previous: Option<ResetState>,
}

/// The longest text that is read of any field, in UTF-16 units.
const LONGEST_TEXT: u32 = 65_536;

impl ResetObservations {
    /// Reads observations in the form that the package's types document; `parse` reads a JSON text.
    ///
    /// # Errors
    /// A sentence that names what is missing.
    pub fn read<J: Json>(json: &J, parse: impl Fn(&str) -> Option<J>) -> Result<Self, &'static str> {
        let statuses = json.list_of("statuses");
        Ok(Self {
            user_id: text(json, "userId").filter(|id| !id.is_empty()).ok_or("The observations need userId.")?,
            since: time(json, "since").ok_or("The observations need since.")?,
            status_before: text(json, "statusBefore"),
            statuses: statuses.iter().filter_map(|seen| Some((text(seen, "status")?, time(seen, "at")?))).collect(),
            approvals: json.member("approvals").and_then(|look| {
                let items = look.list_of("items");
                Some((items.iter().map(|item| Approval::read(item, &parse)).collect(), time(&look, "at")?))
            }),
            audit_rows: json.list_of("auditLogs").iter().filter_map(AuditRow::read).collect(),
            other_resets_open: json.flag_of("otherResetsOpen"),
            previous: text(json, "previous").and_then(|name| ResetState::from_name(&name)),
        })
    }
}

impl Approval {
    fn read<J: Json>(item: &J, parse: impl Fn(&str) -> Option<J>) -> Self {
        let payload = text(item, "requestPayload").unwrap_or_default();
        let request = parse(&payload);
        let request = request.as_ref();
        let quorum_status = item.member("quorumStatus");
        let quorum = quorum_status.as_ref().and_then(|status| status.member("quorum"));
        let number = |name| quorum.as_ref()?.number_of(name);
        Self {
            request_type: request.and_then(|request| text(request, "requestType")),
            requested_at: request.and_then(|request| time(request, "requestTimestamp")),
            payload,
            status: quorum_status.and_then(|status| text(&status, "requestStatus")),
            count: ApprovalCount { current: number("currentApprovalCount"), threshold: number("threshold") },
        }
    }

    /// Whether it is about a device. The values of `requestType` are not published; the co-signer's callback calls
    /// this one `RE_ENROLL_DEVICE`, so the word is looked for.
    fn is_reset(&self) -> bool {
        self.request_type.as_ref().is_some_and(|name| contains(&name.to_ascii_uppercase(), "DEVICE"))
    }

    /// Whether it is about this user. Where the payload names the person is not published, so the id is looked for
    /// as a whole JSON string.
    fn names(&self, user_id: &str) -> bool {
        let mut quoted = String::new();
        crate::json::push_string(&mut quoted, user_id);
        contains(&self.payload, &quoted)
    }

    /// A list that was asked for without `quorumStatusMode` holds open requests only.
    fn is_pending(&self) -> bool {
        self.status.as_deref().is_none_or(|status| status == "PENDING")
    }
}

impl AuditRow {
    fn read<J: Json>(row: &J) -> Option<Self> {
        let at = time(row, "timestamp").or_else(|| time(row, "createdAt"))?;
        Some(Self { at, subject: text(row, "subject")?, event: text(row, "event")? })
    }

    /// What the row says of some reset, by Fireblocks' list "Audit Log Events".
    fn stage(&self) -> Option<Stage> {
        match (self.subject.as_str(), self.event.as_str()) {
            ("Re-enroll mobile device" | "Device reset", event) => match event {
                "Submitted request" => Some(Stage::Submitted),
                "Approved" => Some(Stage::Approved),
                "Rejected" => Some(Stage::Rejected),
                "Canceled" | "Cancelled" => Some(Stage::Cancelled),
                "Completed" => Some(Stage::Carried),
                _ => None,
            },
            ("User", "Reset mobile device") => Some(Stage::Carried),
            _ => None,
        }
    }
}

/// What an audit row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Submitted,
    Approved,
    Rejected,
    Cancelled,
    /// The device was reset, or the user has finished: Fireblocks writes "Completed" for both.
    Carried,
}

fn text<J: Json>(json: &J, key: &str) -> Option<String> {
    json.text_of(key, LONGEST_TEXT)
}

/// Epoch milliseconds, as a number or (in older answers) as digits.
fn time<J: Json>(json: &J, key: &str) -> Option<f64> {
    json.number_of(key).or_else(|| json.text_of(key, 16)?.parse::<i64>().ok().map(|time| time as f64))
}

/// A state with its evidence.
#[derive(Debug, Clone, Copy)]
struct Evidence {
    state: ResetState,
    source: ProgressSource,
    at: f64,
}

/// How long before `since` an approval request may have been made: clocks differ, and `since` may be taken after
/// the answer. In milliseconds.
const APPROVAL_SLACK_MS: f64 = 5_000.0;

/// Infers the state of a reset from what was seen.
pub fn infer(seen: &ResetObservations) -> ResetProgress {
    let receipt = Evidence { state: ResetState::ApprovalRequested, source: ProgressSource::Receipt, at: seen.since };
    let (from_approvals, count) = approvals(seen);
    let from_audit = audit(seen);
    let approved_at = [from_approvals, from_audit]
        .into_iter()
        .flatten()
        .find(|evidence| evidence.state == ResetState::Approved)
        .map(|evidence| evidence.at);
    // A walk that was seen outweighs a refusal: of two requests for one user, one may be refused and one granted.
    let best = match user_status(seen, approved_at) {
        Some(walk) => walk,
        None => from_approvals.or(from_audit).map_or(receipt, |first| match from_audit {
            // Both know of it: the one that knows more.
            Some(audit) if audit.state > first.state && !first.state.is_final() => audit,
            _ => first,
        }),
    };
    let state = match seen.previous {
        Some(previous) if previous.is_final() || best.state < previous => previous,
        _ => best.state,
    };
    ResetProgress {
        state,
        source: best.source,
        at: best.at,
        is_final: state.is_final(),
        user_status: seen.statuses.last().map(|(status, _)| status.clone()),
        approvals: count,
    }
}

/// How far along its walk a user's status is. Values that are newer than this client have no place.
fn rank(status: &str) -> Option<u8> {
    match status {
        "PENDING_DEVICE_PAIRING" => Some(1),
        "PENDING_DEVICE_SETUP" => Some(2),
        "READY" => Some(3),
        _ => None,
    }
}

/// What the user's status proves: something only after it has fallen since the request, or, where it was not seen
/// to fall, after the request was approved.
fn user_status(seen: &ResetObservations, approved_at: Option<f64>) -> Option<Evidence> {
    let mut before = seen.status_before.as_deref().and_then(rank);
    let mut fallen = false;
    let mut evidence: Option<Evidence> = None;
    for (status, at) in seen.statuses.iter().filter(|(_, at)| *at >= seen.since) {
        let Some(now) = rank(status) else {
            continue;
        };
        let fell = before.is_some_and(|before| now < before);
        let awaited_after_approval = now < 3 && approved_at.is_some_and(|approved| *at >= approved);
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
            evidence = Some(Evidence { state, source: ProgressSource::UserStatus, at: *at });
        }
    }
    evidence
}

/// What the approvals API proves, and the approvals given where a request is open.
fn approvals(seen: &ResetObservations) -> (Option<Evidence>, Option<ApprovalCount>) {
    let Some((items, at)) = &seen.approvals else {
        return (None, None);
    };
    let mut best: Option<(u8, f64, Evidence, ApprovalCount)> = None;
    for item in items.iter().filter(|item| item.is_reset() && item.names(&seen.user_id)) {
        let requested_at = item.requested_at.unwrap_or(0.0);
        let (weight, state) = match item.status.as_deref() {
            _ if item.is_pending() => (1, ResetState::ApprovalRequested),
            // One that was settled before this request was made is another request.
            _ if requested_at < seen.since - APPROVAL_SLACK_MS => continue,
            Some("APPROVED") => (2, ResetState::Approved),
            Some("REJECTED") => (0, ResetState::Rejected),
            Some("CANCELLED") => (0, ResetState::Cancelled),
            Some("TIMED_OUT") => (0, ResetState::Expired),
            _ => continue,
        };
        let newer = best.as_ref().is_none_or(|(other, time, ..)| (weight, requested_at) > (*other, *time));
        if newer {
            let evidence = Evidence { state, source: ProgressSource::Approvals, at: *at };
            best = Some((weight, requested_at, evidence, item.count));
        }
    }
    best.map_or((None, None), |(_, _, evidence, count)| {
        (Some(evidence), Some(count).filter(|count| *count != ApprovalCount::default()))
    })
}

/// What the audit log proves. A row names no target, so all of them count or none.
fn audit(seen: &ResetObservations) -> Option<Evidence> {
    let rows: Vec<(&AuditRow, Stage)> =
        seen.audit_rows.iter().filter(|row| row.at >= seen.since).filter_map(|row| Some((row, row.stage()?))).collect();
    let submitted =
        |subject: &str| rows.iter().filter(|(row, stage)| *stage == Stage::Submitted && row.subject == subject).count();
    let other_approval = seen.approvals.as_ref().is_some_and(|(items, _)| {
        items.iter().any(|item| item.is_reset() && item.is_pending() && !item.names(&seen.user_id))
    });
    let others = submitted("Re-enroll mobile device") > 1 || submitted("Device reset") > 1 || other_approval;
    if seen.other_resets_open || others {
        return None;
    }
    let mut evidence = None;
    for (row, stage) in rows {
        let state = match stage {
            Stage::Submitted => ResetState::ApprovalRequested,
            Stage::Approved => ResetState::Approved,
            Stage::Rejected => ResetState::Rejected,
            Stage::Cancelled => ResetState::Cancelled,
            // Ready after it, the user has finished whichever of the two the row meant.
            Stage::Carried if ready_after(seen, row.at) => ResetState::Completed,
            Stage::Carried => ResetState::Approved,
        };
        // The earliest row of the furthest state.
        if evidence.is_none_or(|found: Evidence| state > found.state || (state == found.state && row.at < found.at)) {
            evidence = Some(Evidence { state, source: ProgressSource::AuditLog, at: row.at });
        }
    }
    evidence
}

fn ready_after(seen: &ResetObservations, time: f64) -> bool {
    seen.statuses.last().is_some_and(|(status, at)| status == "READY" && *at > time)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
