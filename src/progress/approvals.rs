//! What the approvals API shows. An item names its person, in a place that Fireblocks does not publish.

use super::person::Named;
use super::reading::{LONGEST_TEXT, Seen, id, text, time};
use super::state::{OwnRequest, ResetState};
use crate::json::Json;
use crate::names::{listed, value_of};
use crate::text::contains_in_any_case;

/// Where a request stands, by the approvals API: the words of its beta, and other spellings of them.
const REQUEST_STATUSES: &[(&str, ResetState)] = &[
    ("pending", ResetState::ApprovalRequested),
    ("approved", ResetState::Approved),
    ("rejected", ResetState::Rejected),
    ("cancelled", ResetState::Cancelled),
    ("canceled", ResetState::Cancelled),
    ("timedout", ResetState::Expired),
    ("timeout", ResetState::Expired),
    ("expired", ResetState::Expired),
    ("failed", ResetState::Failed),
];

/// Where an item stands; `None` where it does not say, as in a list that was asked for without `quorumStatusMode`, or in a
/// word that this client does not know.
pub fn request_status<J: Json>(item: &J) -> Option<ResetState> {
    value_of(REQUEST_STATUSES, &listed(&text(&item.member("quorumStatus"), "requestStatus")?))
}

/// Whether a device may be reset by it yet. What is not known may be waiting.
pub fn may_wait(status: Option<ResetState>) -> bool {
    status.is_none_or(|state| !state.is_final())
}

/// An item of the approvals API that is about a device.
struct Item<J> {
    id: Option<String>,
    status: Option<ResetState>,
    whose: Whose,
    quorum_status: J,
}

/// Whose request an item is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// This very request, unless there is another that can be.
    Ours,
    /// Another for the same user, which would be ours if the clocks were further apart.
    Doubtful,
    Another,
}

impl<J: Json> Item<J> {
    /// `None` where it is not about a device. The values of `requestType` are not published; the co-signer's callback calls
    /// this one `RE_ENROLL_DEVICE`, so the word is looked for.
    fn read(item: &J, seen: &Seen, parse: impl Fn(&str) -> J) -> Option<Self> {
        // Documented as a JSON text, it may come as the object that the text would hold.
        let payload = item.member("requestPayload");
        let request = payload.text(LONGEST_TEXT).map_or(payload, |text| parse(&text));
        let id = id(&request, "requestId");
        let whose = match text(&request, "requestType") {
            _ if id.is_some() && id == seen.approval_request_id => Whose::Ours,
            Some(kind) if contains_in_any_case(&kind, "DEVICE") => Whose::of(&request, seen),
            Some(_) => return None,
            // What cannot be read may be about any device.
            None => Whose::Another,
        };
        Some(Self { id, status: request_status(item), whose, quorum_status: item.member("quorumStatus") })
    }
}

impl Whose {
    /// By its time and its person, where the id is not known.
    fn of<J: Json>(request: &J, seen: &Seen) -> Self {
        let Some(at) = time(request, "requestTimestamp") else {
            return Self::Another;
        };
        if seen.approval_request_id.is_some() || !seen.window.wider(2.0 * seen.tolerance).contains(at) {
            return Self::Another;
        }
        match () {
            () if !Named::is_ours(request, &seen.user_id) => Self::Another,
            () if seen.window.contains(at) => Self::Ours,
            () => Self::Doubtful,
        }
    }
}

/// Our own request, where it is known which it is.
pub struct Own<J> {
    pub id: Option<String>,
    /// Where it stands, if this client knows the word.
    pub status: Option<ResetState>,
    /// What the approvals say of it.
    pub quorum_status: J,
}

/// What a look at the approvals shows.
pub struct Approvals<J> {
    /// When it was made, by the observer's clock.
    pub at: f64,
    pub own: Option<Own<J>>,
    /// With what was known before.
    pub own_request: OwnRequest,
    /// Whether another's request waits, or may.
    pub others_wait: bool,
}

impl<J: Json> Approvals<J> {
    /// `None` where they cannot be read.
    pub fn read(look: &J, seen: &Seen, parse: impl Fn(&str) -> J) -> Option<Self> {
        let at = time(look, "at")?;
        let items = Some(look.member("items")).filter(J::is_array)?;
        let mut own: Option<Own<J>> = None;
        let mut others_wait = false;
        // Of two that both can be ours, none is, also once one of them is gone.
        let mut is_unclear = seen.own_request == Some(OwnRequest::Unclear) && seen.approval_request_id.is_none();
        for index in 0..items.length() {
            let Some(item) = Item::read(&items.element(index), seen, &parse) else {
                continue;
            };
            match item.whose {
                Whose::Ours => {
                    let mut status = item.status;
                    if let Some(own) = own {
                        // The same twice is one, where its id says that it is the same.
                        is_unclear |= own.id.is_none() || own.id != item.id;
                        // Where the two do not stand alike, a later look tells.
                        if own.status != status {
                            status = None;
                        }
                    }
                    own = Some(Own { id: item.id, status, quorum_status: item.quorum_status });
                }
                Whose::Doubtful => is_unclear = true,
                Whose::Another => {}
            }
            others_wait |= item.whose != Whose::Ours && may_wait(item.status);
        }
        if is_unclear {
            own = None;
        }
        let own_request = match () {
            () if is_unclear => OwnRequest::Unclear,
            () if own.is_some() || seen.own_request == Some(OwnRequest::Found) => OwnRequest::Found,
            () => OwnRequest::Missing,
        };
        Some(Self { at, own, own_request, others_wait: others_wait | is_unclear })
    }
}
