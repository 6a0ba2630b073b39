//! What is told of a reset: how far it has come, what shows it, and how surely.

use super::reading::{time, word};
use crate::json::Json;
use crate::names::name_of;
use crate::output::Object;

/// What can be known of a reset. Ordered by how far it has come; those after `Completed` are ends without a reset.
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
    /// Fireblocks could not carry the request out. It says nothing of the device.
    Failed,
}

impl ResetState {
    /// Whether nothing follows.
    pub fn is_final(self) -> bool {
        self >= Self::Completed
    }

    /// Whether the device was reset, and the user is on the way.
    pub(super) fn is_under_way(self) -> bool {
        matches!(self, Self::AwaitingPairing | Self::AwaitingSetup)
    }

    /// The name that JavaScript knows it by.
    pub fn name(self) -> &'static str {
        name_of(STATES, self)
    }
}

/// The states by the names that JavaScript knows them by.
pub(super) const STATES: &[(&str, ResetState)] = &[
    ("approvalRequested", ResetState::ApprovalRequested),
    ("approved", ResetState::Approved),
    ("awaitingPairing", ResetState::AwaitingPairing),
    ("awaitingSetup", ResetState::AwaitingSetup),
    ("completed", ResetState::Completed),
    ("rejected", ResetState::Rejected),
    ("cancelled", ResetState::Cancelled),
    ("expired", ResetState::Expired),
    ("failed", ResetState::Failed),
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
        name_of(SOURCES, self)
    }
}

/// The sources by the names that JavaScript knows them by.
pub(super) const SOURCES: &[(&str, ProgressSource)] = &[
    ("receipt", ProgressSource::Receipt),
    ("userStatus", ProgressSource::UserStatus),
    ("approvals", ProgressSource::Approvals),
    ("auditLog", ProgressSource::AuditLog),
];

/// How surely a state is this reset's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// What was seen can have come about in no other way.
    Proven,
    /// It has happened to the user, and may be another request's doing.
    Suggested,
}

/// The two by the names that JavaScript knows them by.
pub(super) const EVIDENCE: &[(&str, Evidence)] = &[("proven", Evidence::Proven), ("suggested", Evidence::Suggested)];

/// What the approvals tell of this very request. Absent where they could not be read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnRequest {
    /// It is the only one that it can be.
    Found,
    /// None of those that were seen.
    Missing,
    /// One of several, and it cannot be told which.
    Unclear,
}

/// The three by the names that JavaScript knows them by.
pub(super) const OWN_REQUEST: &[(&str, OwnRequest)] =
    &[("found", OwnRequest::Found), ("missing", OwnRequest::Missing), ("unclear", OwnRequest::Unclear)];

/// A state with what shows it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claim {
    /// How far it has come.
    pub state: ResetState,
    /// How surely.
    pub evidence: Evidence,
    /// Where that was learnt from.
    pub source: ProgressSource,
    /// Epoch milliseconds: when it happened where the source says so, otherwise when it was seen.
    pub at: f64,
}

impl Claim {
    pub(super) fn proven(state: ResetState, source: ProgressSource, at: f64) -> Self {
        Self { state, evidence: Evidence::Proven, source, at }
    }

    pub(super) fn suggested(state: ResetState, source: ProgressSource, at: f64) -> Self {
        Self { evidence: Evidence::Suggested, ..Self::proven(state, source, at) }
    }

    pub(super) fn is_proven(&self) -> bool {
        self.evidence == Evidence::Proven
    }

    /// What was told before. Where it does not say how surely, as programs of before kept it: ends without a reset come
    /// from proof alone, and so does all that the approvals told.
    pub(super) fn read<J: Json>(json: &J) -> Option<Self> {
        let state = word(json, "state", STATES)?;
        let source = word(json, "source", SOURCES)?;
        let of_the_device = state > ResetState::ApprovalRequested && state <= ResetState::Completed;
        let usual =
            if of_the_device && source != ProgressSource::Approvals { Evidence::Suggested } else { Evidence::Proven };
        let evidence = word(json, "evidence", EVIDENCE).unwrap_or(usual);
        Some(Self { state, evidence, source, at: time(json, "at")? })
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
    /// How far it has come, and what shows it.
    pub claim: Claim,
    /// The user's `status` as last seen.
    pub user_status: Option<String>,
    /// The request's own `requestStatus`, where the look at the approvals shows it.
    pub request_status: Option<String>,
    /// Approvals given and needed, where the approvals API tells.
    pub approvals: ApprovalCount,
    /// The approvals API's own id of the request, once it is found there.
    pub approval_request_id: Option<String>,
    /// What the approvals tell of this very request.
    pub own_request: Option<OwnRequest>,
    /// Whether another reset may have been open in this time, so that audit rows prove nothing.
    pub other_resets_open: bool,
}

impl<'a> From<&'a ResetProgress> for Object<'a> {
    fn from(progress: &'a ResetProgress) -> Self {
        let mut approvals = Self::default();
        approvals.some_number("current", progress.approvals.current);
        approvals.some_number("threshold", progress.approvals.threshold);
        let Claim { state, evidence, source, at } = progress.claim;
        let mut object = Self::default();
        object.text("state", state.name());
        object.text("evidence", name_of(EVIDENCE, evidence));
        object.text("source", source.name());
        object.number("at", at);
        object.flag("final", state.is_final());
        object.some_text("userStatus", &progress.user_status);
        object.some_text("requestStatus", &progress.request_status);
        object.object("approvals", approvals);
        object.some_text("approvalRequestId", &progress.approval_request_id);
        if let Some(own) = progress.own_request {
            object.text("ownRequest", name_of(OWN_REQUEST, own));
        }
        object.flag("otherResetsOpen", progress.other_resets_open);
        object
    }
}
