//! What the operations of a beta have in common: not every workspace has them, and their answers say what they are.

use axum::http::{HeaderValue, StatusCode};

use crate::api::answer::Answer;
use crate::api::call::Call;

/// The refusal of a workspace that has no approvals API.
pub fn unavailable(call: &Call<'_>) -> Option<Answer> {
    let message = "The approvals API is not enabled for this workspace";
    (!call.settings.approvals_readable).then(|| Answer::error_schema(StatusCode::FORBIDDEN, message, 403))
}

/// The answer with the gateway's mark.
pub fn beta(mut answer: Answer) -> Answer {
    answer.headers.insert("fireblocks-lifecycle-state", HeaderValue::from_static("beta"));
    answer
}
