//! The query of both reads.

use anyhow::Result;
use axum::http::StatusCode;

use super::beta::{beta, unavailable};
use crate::api::answer::Answer;
use crate::api::call::Call;

const DEFAULT_PAGE_SIZE: usize = 20;
const LARGEST_PAGE: usize = 30;

/// How much is told of the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuorumStatusMode {
    None,
    Summary,
    Full,
}

/// What may be asked for.
pub struct Parameters {
    pub include_user_approved: bool,
    pub include_all_users: bool,
    pub user_id: Option<String>,
    pub mode: QuorumStatusMode,
    pub page_size: usize,
    /// The sequence that the page before ended with.
    pub before: Option<i64>,
}

/// Reads the query and answers with it, where the workspace has the approvals API.
pub fn answer(call: &Call<'_>, with: impl FnOnce(&Parameters) -> Result<Answer>) -> Result<Answer> {
    if let Some(refusal) = unavailable(call) {
        return Ok(refusal);
    }
    let answer = match parse(call.query()) {
        Ok(parameters) => with(&parameters)?,
        Err(message) => bad_request(&message),
    };
    Ok(beta(answer))
}

/// A 400.
pub fn bad_request(message: &str) -> Answer {
    Answer::error_schema(StatusCode::BAD_REQUEST, message, 400)
}

fn parse(query: &str) -> Result<Parameters, String> {
    let mut parameters = Parameters {
        include_user_approved: false,
        include_all_users: false,
        user_id: None,
        mode: QuorumStatusMode::None,
        page_size: DEFAULT_PAGE_SIZE,
        before: None,
    };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "includeUserApproved" => parameters.include_user_approved = boolean(&name, &value)?,
            "includeAllUsers" => parameters.include_all_users = boolean(&name, &value)?,
            "userId" => parameters.user_id = Some(value.into_owned()),
            "quorumStatusMode" => {
                parameters.mode = match value.as_ref() {
                    "NONE" => QuorumStatusMode::None,
                    "SUMMARY" => QuorumStatusMode::Summary,
                    "FULL" => QuorumStatusMode::Full,
                    _ => return Err("quorumStatusMode must be one of NONE, SUMMARY, FULL".into()),
                }
            }
            "pageSize" => {
                parameters.page_size = value
                    .parse()
                    .ok()
                    .filter(|size| (1..=LARGEST_PAGE).contains(size))
                    .ok_or_else(|| format!("pageSize must be an integer from 1 to {LARGEST_PAGE}"))?;
            }
            "pageCursor" => parameters.before = Some(value.parse().map_err(|_| "pageCursor is not valid")?),
            _ => {}
        }
    }
    Ok(parameters)
}

fn boolean(name: &str, value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| format!("{name} must be true or false"))
}
