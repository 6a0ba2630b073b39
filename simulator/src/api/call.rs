//! What an operation is given, and what it gives back.

use axum::http::request;

use crate::api::answer::Answer;
use crate::api::faults::Fault;
use crate::settings::{Settings, Undocumented};
use crate::simulator::Simulator;
use crate::workspace::api_users::ApiUser;

/// A request whose sender is known.
pub struct Call<'a> {
    pub simulator: &'a Simulator,
    pub settings: &'a Settings,
    pub fault: &'a Fault,
    pub api_user: ApiUser,
    /// The id in the path, decoded.
    pub id: &'a str,
    pub request: &'a request::Parts,
    pub target: &'a str,
    pub request_id: &'a str,
}

impl Call<'_> {
    /// Without its question mark; empty where there is none.
    pub fn query(&self) -> &str {
        self.request.uri.query().unwrap_or_default()
    }

    /// Whether the mild answer is played to what Fireblocks does not document.
    pub fn is_mild(&self) -> bool {
        self.settings.undocumented == Undocumented::Mild
    }
}

/// What an operation came to.
pub struct Outcome {
    pub answer: Answer,
    /// Whether this request changed something: an approval is filed, or rejected.
    pub effect: bool,
    /// Whether the answer came from the idempotency store.
    pub replayed: bool,
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self { answer, effect: false, replayed: false }
    }
}
