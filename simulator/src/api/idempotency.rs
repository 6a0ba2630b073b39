//! The answers that Fireblocks keeps for 24 hours under a request's `Idempotency-Key`.

use axum::http::{Method, request};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::api::answer::Answer;
use crate::clock::{DAY, Millis};

/// The longest key, says Fireblocks' reference.
const MAX_KEY_LENGTH: usize = 40;

/// What is known under a key.
#[derive(Debug)]
pub enum Stored {
    /// The first answer, and the target that it was the answer to.
    Answer { answer: Answer, target: String },
    /// The first answer was an internal error: the key is spent.
    Spent,
}

/// The key of a POST, or why it is none. An empty header protects nothing: it is as if there were none.
pub fn key_of(request: &request::Parts) -> Result<Option<String>, String> {
    let key = request.headers.get("idempotency-key").filter(|key| request.method == Method::POST && !key.is_empty());
    key.map(|key| {
        if key.len() > MAX_KEY_LENGTH {
            return Err(format!("Idempotency-Key must be at most {MAX_KEY_LENGTH} characters long"));
        }
        Ok(String::from_utf8_lossy(key.as_bytes()).into_owned())
    })
    .transpose()
}

/// What the last 24 hours know under a key of an API user.
pub fn find(conn: &Connection, api_key: &str, key: &str, now: Millis) -> anyhow::Result<Option<Stored>> {
    Ok(conn
        .prepare_cached(
            "SELECT status, content_type, body, target FROM idempotency WHERE api_key = ? AND key = ? AND at > ?",
        )?
        .query_row(params![api_key, key, now - DAY], |row| {
            Ok(match row.get::<_, Option<u16>>(0)? {
                Some(status) => {
                    Stored::Answer { answer: Answer::stored(status, row.get(1)?, row.get(2)?), target: row.get(3)? }
                }
                None => Stored::Spent,
            })
        })
        .optional()?)
}

/// Keeps an answer, unless the key is known already. A 5xx spends the key. What the gateway answers before anything
/// runs (401, 429), and 408, is not kept.
pub fn keep(
    conn: &Connection,
    api_key: &str,
    key: &str,
    now: Millis,
    target: &str,
    answer: &Answer,
) -> anyhow::Result<()> {
    let status = answer.status.as_u16();
    if matches!(status, 401 | 408 | 429) {
        return Ok(());
    }
    let kept = (status < 500).then_some(status);
    conn.prepare_cached("DELETE FROM idempotency WHERE api_key = ? AND key = ? AND at <= ?")?.execute(params![
        api_key,
        key,
        now - DAY
    ])?;
    conn.prepare_cached(
        "INSERT OR IGNORE INTO idempotency (api_key, key, at, target, status, content_type, body)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![api_key, key, now, target, kept, answer.content_type, answer.body.as_ref()])?;
    Ok(())
}

/// Lets time pass: what is kept is forgotten sooner.
pub fn let_pass(conn: &Connection, time: Millis) -> anyhow::Result<()> {
    conn.execute("UPDATE idempotency SET at = at - ?", [time])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;
    use crate::store;

    const TARGET: &str = "/v1/management/users/1/reset_device";

    #[test]
    fn an_answer_is_known_for_a_day_to_its_api_user_alone() {
        let conn = store::in_memory();
        keep(&conn, "a", "k", 1000, TARGET, &Answer::empty(StatusCode::OK)).unwrap();
        let known = |api_key, now| find(&conn, api_key, "k", now).unwrap().is_some();
        assert!(known("a", 1000 + DAY - 1));
        assert!(!known("a", 1000 + DAY));
        assert!(!known("b", 1001));
    }

    #[test]
    fn the_first_answer_stays_until_its_day_is_over() {
        let conn = store::in_memory();
        let refusal = Answer::error_schema(StatusCode::NOT_FOUND, "gone", 404);
        keep(&conn, "a", "k", 1000, TARGET, &Answer::empty(StatusCode::OK)).unwrap();
        keep(&conn, "a", "k", 2000, TARGET, &refusal).unwrap();
        let status = |now| match find(&conn, "a", "k", now).unwrap() {
            Some(Stored::Answer { answer, .. }) => answer.status.as_u16(),
            _ => 0,
        };
        assert_eq!(status(3000), 200);
        keep(&conn, "a", "k", 1000 + DAY, TARGET, &refusal).unwrap();
        assert_eq!(status(2000 + DAY), 404);
    }

    #[test]
    fn an_internal_error_spends_the_key_and_a_gateway_refusal_leaves_it() {
        let conn = store::in_memory();
        for (status, spent) in [(500, true), (503, true), (401, false), (429, false)] {
            let key = status.to_string();
            let answer = Answer::empty(StatusCode::from_u16(status).unwrap());
            keep(&conn, "a", &key, 1000, TARGET, &answer).unwrap();
            let found = find(&conn, "a", &key, 1001).unwrap();
            assert_eq!(matches!(found, Some(Stored::Spent)), spent, "{status}");
            assert_eq!(found.is_some(), spent, "{status}");
        }
    }
}
