//! `GET /v1/management/audit_logs`.

use anyhow::Result;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::api::answer::Answer;
use crate::api::call::Call;
use crate::clock::{self, DAY, Millis};
use crate::workspace;
use crate::workspace::audit_log::{self, AuditLogData, Field, Query};

const DEFAULT_PAGE_SIZE: u32 = 200;
const LARGEST_PAGE: u32 = 500;
const LONGEST_BACK: Millis = 366 * DAY;

#[derive(Serialize)]
struct GetAuditLogsResponse {
    data: Vec<AuditLogData>,
    next: Option<String>,
    /// Deprecated, and still sent.
    cursor: Option<String>,
}

/// Opaque to the reader.
#[derive(Serialize, Deserialize)]
struct Cursor {
    id: i64,
}

/// The rows that the filters let through.
pub fn get_audit_logs(call: &Call<'_>) -> Result<Answer> {
    let query = match parse(call.query(), clock::now()) {
        Ok(query) => query,
        Err(message) => return Ok(Answer::error_schema(StatusCode::BAD_REQUEST, &message, 400)),
    };
    let (data, next) = call.simulator.transact(|conn, _| {
        let tenant = workspace::read(conn)?.id;
        audit_log::read(conn, &tenant, &query)
    })?;
    let next =
        next.map(|id| serde_json::to_vec(&Cursor { id })).transpose()?.map(|cursor| URL_SAFE_NO_PAD.encode(cursor));
    let response = GetAuditLogsResponse { data, cursor: next.clone(), next };
    Ok(Answer::json(StatusCode::OK, &response))
}

fn parse(query: &str, now: Millis) -> Result<Query, String> {
    let mut start_time = None;
    let mut end_time = None;
    let mut week = false;
    let mut cursor = None;
    let mut filters: Vec<(Field, Vec<String>)> = Vec::new();
    let mut parsed =
        Query { from: 0, to: now, filters: Vec::new(), ascending: false, page_size: DEFAULT_PAGE_SIZE, after: None };
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let field = match name.as_ref() {
            "startTime" => {
                start_time = Some(millis("startTime", &value)?);
                continue;
            }
            "endTime" => {
                end_time = Some(millis("endTime", &value)?);
                continue;
            }
            "timePeriod" => {
                week = one_of("timePeriod", &value, "WEEK", "DAY")?;
                continue;
            }
            "order" => {
                parsed.ascending = one_of("order", &value, "ASC", "DESC")?;
                continue;
            }
            "pageSize" => {
                parsed.page_size = page_size(&value)?;
                continue;
            }
            "pageCursor" => {
                cursor = Some(value.into_owned());
                continue;
            }
            "cursor" => {
                cursor.get_or_insert_with(|| value.into_owned());
                continue;
            }
            "category" => Field::Category,
            "subject" => Field::Subject,
            "event" => Field::Event,
            "user" => Field::User,
            "userId" => Field::UserId,
            _ => continue,
        };
        match filters.iter_mut().find(|(known, _)| *known == field) {
            Some((_, values)) => values.push(value.into_owned()),
            None => filters.push((field, vec![value.into_owned()])),
        }
    }
    parsed.filters = filters;
    parsed.to = end_time.unwrap_or(now);
    parsed.from = start_time.unwrap_or(now - if week { 7 * DAY } else { DAY });
    if parsed.from < now - LONGEST_BACK {
        return Err("startTime must be no more than 1 year before the current time".into());
    }
    if start_time.is_some() && parsed.to <= parsed.from {
        return Err("endTime must be after startTime".into());
    }
    parsed.after = match cursor.filter(|cursor| !cursor.is_empty()) {
        Some(cursor) => Some(position(&cursor).ok_or("pageCursor is not valid")?),
        None => None,
    };
    Ok(parsed)
}

fn millis(name: &str, value: &str) -> Result<Millis, String> {
    value.parse().map_err(|_| format!("{name} must be an integer of epoch milliseconds"))
}

fn page_size(value: &str) -> Result<u32, String> {
    value
        .parse()
        .ok()
        .filter(|size| (1..=LARGEST_PAGE).contains(size))
        .ok_or_else(|| format!("pageSize must be an integer from 1 to {LARGEST_PAGE}"))
}

/// Whether the value is `yes`; it may also be `no`.
fn one_of(name: &str, value: &str, yes: &str, no: &str) -> Result<bool, String> {
    if value == yes {
        Ok(true)
    } else if value == no {
        Ok(false)
    } else {
        Err(format!("{name} must be one of {no}, {yes}"))
    }
}

fn position(cursor: &str) -> Option<i64> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    serde_json::from_slice::<Cursor>(&bytes).ok().map(|cursor| cursor.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_467_745_000;

    #[test]
    fn without_parameters_it_is_the_last_day_newest_first() {
        let query = parse("", NOW).unwrap();
        assert_eq!((query.from, query.to), (NOW - DAY, NOW));
        assert_eq!((query.ascending, query.page_size, query.after), (false, 200, None));
        assert_eq!(parse("timePeriod=WEEK", NOW).unwrap().from, NOW - 7 * DAY);
    }

    #[test]
    fn start_time_is_stronger_than_time_period() {
        let query = parse(&format!("timePeriod=WEEK&startTime={}", NOW - 5), NOW).unwrap();
        assert_eq!(query.from, NOW - 5);
    }

    #[test]
    fn values_of_a_field_are_gathered() {
        let query = parse("subject=Re-enroll%20mobile%20device&event=Approved&subject=User", NOW).unwrap();
        assert_eq!(
            query.filters,
            [
                (Field::Subject, vec!["Re-enroll mobile device".to_owned(), "User".to_owned()]),
                (Field::Event, vec!["Approved".to_owned()]),
            ]
        );
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for bad in [
            "startTime=yesterday",
            "startTime=1",
            "pageSize=0",
            "pageSize=501",
            "order=asc",
            "timePeriod=MONTH",
            "pageCursor=%00",
            "startTime=1795467745000&endTime=1795467745000",
        ] {
            assert!(parse(bad, NOW).is_err(), "{bad}");
        }
    }
}
