//! One example of each kind. Times are epoch milliseconds; the request is made at `SINCE`.

mod approvals;
mod audit_log;
mod before_sending;
mod clocks;
mod receipt;
mod status;
mod told_before;

use super::*;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const SINCE: i64 = 30 * DAY;
const FAMILY: &str = "Re-enroll mobile device";

fn with(more: Value) -> Value {
    let mut observations = json!({"userId": USER, "since": SINCE, "statusBefore": "READY"});
    observations.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    infer_from(&observations)
}

/// `PENDING_DEVICE_PAIRING` and so on, each with its time after `SINCE`.
fn statuses(list: &[(&str, i64)]) -> Value {
    let full = |short| match short {
        "PAIRING" => "PENDING_DEVICE_PAIRING",
        "SETUP" => "PENDING_DEVICE_SETUP",
        other => other,
    };
    list.iter().map(|&(status, after)| json!({"status": full(status), "at": SINCE + after})).collect()
}

fn payload_of(id: &str, data: Value, at: i64) -> Value {
    json!({"requestId": id, "requestType": "RE_ENROLL_DEVICE", "requestTimestamp": at, "requestData": data})
}

fn item_of(payload: Value, status: &str) -> Value {
    json!({"requestPayload": payload,
           "quorumStatus": {"requestStatus": status, "quorum": {"threshold": 2, "currentApprovalCount": 1}}})
}

pub fn approval_of(id: &str, data: Value, status: &str, at: i64) -> Value {
    item_of(json!(payload_of(id, data, at).to_string()), status)
}

pub fn approval(user: &str, status: &str, at: i64) -> Value {
    approval_of("q", json!({"userId": user}), status, at)
}

/// A look at the approvals, so long after `SINCE`.
fn look(after: i64, items: &[Value]) -> Value {
    json!({"items": items, "at": SINCE + after})
}

fn ours(status: &str) -> Value {
    approval(USER, status, SINCE + 200)
}

/// The log, read an hour after `SINCE`.
fn log(rows: &[(&str, i64)]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|&(event, after)| json!({"timestamp": SINCE + after, "subject": FAMILY, "event": event}))
        .collect();
    json!({"auditLogs": rows, "auditLogsAt": SINCE + HOUR})
}

/// State, evidence and source.
fn claim(progress: &Value) -> [&str; 3] {
    ["state", "evidence", "source"].map(|member| progress[member].as_str().unwrap())
}

const ASKED: [&str; 3] = ["approvalRequested", "proven", "receipt"];
const WAITS: [&str; 3] = ["approvalRequested", "proven", "approvals"];
