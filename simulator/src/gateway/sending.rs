//! An answer on its way out.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;

use crate::api::answer::Answer;
use crate::api::faults::Cut;
use crate::clock::Millis;
use crate::server;

/// The response, or what is left of it where the connection is to be cut.
pub fn send(answer: Answer, request_id: &str, sent_at: Millis, cut: Option<Cut>) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    if let Some(content_type) = answer.content_type.and_then(|content_type| HeaderValue::try_from(content_type).ok()) {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert("x-request-id", request_id);
    }
    if let Ok(date) = HeaderValue::try_from(http_date(sent_at)) {
        headers.insert(header::DATE, date);
    }
    headers.extend(answer.headers);
    match cut {
        None => *response.body_mut() = Body::from(answer.body),
        Some(Cut::MidBody) => server::break_body(&mut response, answer.body),
        Some(Cut::BeforeEffect | Cut::AfterEffect) => server::drop_unanswered(&mut response),
    }
    response
}

fn http_date(at: Millis) -> String {
    let since = Duration::from_millis(u64::try_from(at).unwrap_or_default());
    httpdate::fmt_http_date(std::time::UNIX_EPOCH + since)
}
