//! Who may act on a request.

use anyhow::Result;
use rusqlite::Connection;

use crate::api::call::Call;
use crate::workspace::console_users;

/// Whether `viewer` may: someone of the quorum, or the caller where the settings say so.
pub fn is_eligible(call: &Call<'_>, conn: &Connection, viewer: &str) -> Result<bool> {
    let is_caller = viewer == call.api_user.api_key;
    Ok(is_caller && call.settings.api_user_eligible
        || console_users::quorum(conn)?.iter().any(|user| user.id == viewer))
}
