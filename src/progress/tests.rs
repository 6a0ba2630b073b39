//! What may, and what may not, be concluded.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const USER: &str = "44fdead0-7053-4831-a53a-df7fb90d440f";

fn infer_from(observations: Value) -> Value {
    let parse = |text: &str| serde_json::from_str(text).unwrap_or_default();
    serde_json::to_value(Object::from(&infer(&observations, parse).unwrap())).unwrap()
}

fn with(mut more: Value) -> Value {
    let base = json!({"userId": USER, "since": 1000, "statusBefore": "READY"});
    for (key, value) in base.as_object().unwrap() {
        more.as_object_mut().unwrap().entry(key).or_insert(value.clone());
    }
    infer_from(more)
}

fn statuses(list: &[(&str, i64)]) -> Value {
    list.iter().map(|(status, at)| json!({"status": status, "at": at})).collect()
}

fn approval(user: &str, status: &str, at: i64) -> Value {
    let payload = json!({"requestId": "q", "requestType": "RE_ENROLL_DEVICE", "requestTimestamp": at,
                         "requestData": {"userId": user}});
    json!({"requestPayload": payload.to_string(),
           "quorumStatus": {"requestStatus": status, "quorum": {"threshold": 2, "currentApprovalCount": 1}}})
}

fn row(subject: &str, event: &str, at: i64) -> Value {
    json!({"timestamp": at, "subject": subject, "event": event})
}

#[test]
fn every_state_and_source_has_a_name() {
    let states: Vec<usize> = STATES.iter().map(|&(_, state)| state as usize).collect();
    assert_eq!(states, (0..=ResetState::Expired as usize).collect::<Vec<_>>());
    assert_eq!(ResetState::Expired.name(), "expired");
    let sources: Vec<usize> = SOURCES.iter().map(|&(_, source)| source as usize).collect();
    assert_eq!(sources, (0..=ProgressSource::AuditLog as usize).collect::<Vec<_>>());
    assert_eq!(ProgressSource::AuditLog.name(), "auditLog");
}

#[test]
fn with_nothing_seen_the_receipt_is_all_there_is() {
    let progress = with(json!({}));
    assert_eq!(
        progress,
        json!({"state": "approvalRequested", "source": "receipt", "at": 1000.0, "final": false, "otherResetsOpen": false})
    );
}

#[test]
fn ready_at_the_first_look_proves_nothing() {
    assert_eq!(with(json!({"statuses": statuses(&[("READY", 2000)])}))["state"], "approvalRequested");
    let unknown_before = json!({"userId": USER, "since": 1000, "statuses": statuses(&[("READY", 2000)])});
    assert_eq!(infer_from(unknown_before)["state"], "approvalRequested");
}

#[test]
fn the_walk_is_followed_from_its_fall_to_ready() {
    let walk = [("READY", 2000), ("PENDING_DEVICE_PAIRING", 3000), ("PENDING_DEVICE_SETUP", 4000), ("READY", 5000)];
    let states = ["approvalRequested", "awaitingPairing", "awaitingSetup", "completed"];
    for (seen, state) in states.iter().enumerate() {
        let progress = with(json!({"statuses": statuses(&walk[..=seen])}));
        assert_eq!(progress["state"], *state);
        assert_eq!(progress["final"], *state == "completed");
        if seen > 0 {
            assert_eq!(progress["at"], walk[seen].1 as f64);
            assert_eq!(progress["source"], "userStatus");
        }
    }
}

#[test]
fn someone_who_was_pairing_before_proves_nothing_by_pairing() {
    let before = |list: &[(&str, i64)]| {
        with(json!({"statusBefore": "PENDING_DEVICE_PAIRING", "statuses": statuses(list)}))["state"].clone()
    };
    assert_eq!(before(&[("PENDING_DEVICE_PAIRING", 2000)]), "approvalRequested");
    assert_eq!(before(&[("PENDING_DEVICE_SETUP", 2000), ("READY", 3000)]), "approvalRequested");
}

#[test]
fn statuses_from_before_the_request_do_not_count() {
    let old = statuses(&[("PENDING_DEVICE_PAIRING", 500), ("READY", 2000)]);
    assert_eq!(with(json!({"statuses": old}))["state"], "approvalRequested");
}

#[test]
fn the_approvals_api_tells_the_count_and_the_end() {
    let look = |status: &str| with(json!({"approvals": {"items": [approval(USER, status, 1500)], "at": 2000}}));
    let pending = look("PENDING");
    assert_eq!((&pending["state"], &pending["source"]), (&json!("approvalRequested"), &json!("approvals")));
    assert_eq!(pending["approvals"], json!({"current": 1.0, "threshold": 2.0}));
    assert_eq!(pending["approvalRequestId"], "q");
    for (status, state) in
        [("APPROVED", "approved"), ("REJECTED", "rejected"), ("CANCELLED", "cancelled"), ("TIMED_OUT", "expired")]
    {
        assert_eq!(look(status)["state"], state);
    }
    for unclear in ["FAILED", "BRAND_NEW"] {
        assert_eq!(look(unclear)["state"], "approvalRequested", "{unclear}");
    }
}

#[test]
fn another_persons_approval_and_an_older_one_do_not_count() {
    let other = approval("someone-else", "REJECTED", 1500);
    assert_eq!(with(json!({"approvals": {"items": [other], "at": 2000}}))["state"], "approvalRequested");
    let older = json!({"userId": USER, "since": 100_000,
                       "approvals": {"items": [approval(USER, "REJECTED", 1500)], "at": 150_000}});
    assert_eq!(infer_from(older)["state"], "approvalRequested");
}

#[test]
fn of_two_requests_for_one_user_the_granted_one_counts() {
    let items = [approval(USER, "REJECTED", 1600), approval(USER, "APPROVED", 1500)];
    assert_eq!(with(json!({"approvals": {"items": items, "at": 2000}}))["state"], "approved");
    let fell = json!({"approvals": {"items": [approval(USER, "REJECTED", 1600)], "at": 2000},
                      "statuses": statuses(&[("PENDING_DEVICE_PAIRING", 3000)])});
    assert_eq!(with(fell)["state"], "awaitingPairing");
}

const SUBJECT: &str = "Re-enroll mobile device";
const DAY: i64 = 86_400_000;

/// What the audit log says after these events of one reset, which began at `SINCE`.
fn with_rows(rows: &[(&str, &str, i64)], mut more: Value) -> Value {
    let rows: Vec<Value> = rows.iter().map(|&(subject, event, at)| row(subject, event, at)).collect();
    more["auditLogs"] = json!(rows);
    more["since"] = json!(SINCE);
    with(more)
}

const SINCE: i64 = 30 * DAY;
const SUBMITTED: (&str, &str, i64) = (SUBJECT, "Submitted request", SINCE + 100);

#[test]
fn audit_rows_count_where_no_other_reset_was_open() {
    let at = SINCE + 2000;
    for (event, state) in
        [("Rejected", "rejected"), ("Canceled", "cancelled"), ("Cancelled", "cancelled"), ("Completed", "approved")]
    {
        let rows = [SUBMITTED, (SUBJECT, event, at)];
        let progress = with_rows(&rows, json!({}));
        assert_eq!((&progress["state"], &progress["at"]), (&json!(state), &json!(at as f64)), "{event}");
        assert_eq!(progress["otherResetsOpen"], false);
        let several = with_rows(&rows, json!({"otherResetsOpen": true}));
        assert_eq!((&several["state"], &several["otherResetsOpen"]), (&json!("approvalRequested"), &json!(true)));
        let other_waits = json!({"items": [approval("other", "PENDING", SINCE)], "at": at});
        let beside = with_rows(&rows, json!({ "approvals": other_waits }));
        assert_eq!((&beside["state"], &beside["otherResetsOpen"]), (&json!("approvalRequested"), &json!(true)));
    }
    let two = [SUBMITTED, (SUBJECT, "Submitted request", SINCE + 200), (SUBJECT, "Rejected", at)];
    assert_eq!(with_rows(&two, json!({}))["state"], "approvalRequested");
    let other_row = with_rows(&[SUBMITTED, ("User", "Changed role", at)], json!({}));
    assert_eq!(other_row["state"], "approvalRequested");
}

#[test]
fn a_reset_that_was_open_before_makes_the_audit_log_prove_nothing() {
    let rejected = (SUBJECT, "Rejected", SINCE + 2000);
    let before = (SUBJECT, "Submitted request", SINCE - DAY);
    let state = |rows: &[(&str, &str, i64)]| with_rows(rows, json!({}))["state"].clone();
    assert_eq!(state(&[before, SUBMITTED, rejected]), "approvalRequested");
    // Its end is in the log: a refusal, or both rows of a re-enrolment that was carried out.
    assert_eq!(state(&[before, (SUBJECT, "Rejected", SINCE - 9000), SUBMITTED, rejected]), "rejected");
    let carried = (SUBJECT, "Completed", SINCE - 9000);
    assert_eq!(state(&[before, carried, SUBMITTED, rejected]), "rejected");
    assert_eq!(state(&[before, carried, carried, SUBMITTED, rejected]), "rejected");
    assert_eq!(state(&[before, before, carried, carried, SUBMITTED, rejected]), "approvalRequested");
    // Its user may finish in this time.
    let completed = (SUBJECT, "Completed", SINCE + 2000);
    assert_eq!(state(&[before, carried, SUBMITTED, completed]), "approvalRequested");
    assert_eq!(state(&[before, carried, carried, SUBMITTED, completed]), "approved");
    assert_eq!(state(&[(SUBJECT, "Rejected", SINCE - 9000)]), "approvalRequested");
    // Ended or not, just before this one was filed.
    let just_before = (SUBJECT, "Submitted request", SINCE - 3000);
    assert_eq!(state(&[just_before, SUBMITTED, rejected]), "approvalRequested");
    assert_eq!(state(&[just_before, (SUBJECT, "Canceled", SINCE - 1000), SUBMITTED, rejected]), "rejected");
    // Filed when this one cannot have been.
    let later = (SUBJECT, "Submitted request", SINCE + 60_000);
    assert_eq!(state(&[later, (SUBJECT, "Rejected", SINCE + 61_000)]), "approvalRequested");
}

#[test]
fn an_end_counts_after_the_request_by_the_clock_of_the_log() {
    let rejected = |at: i64| (SUBJECT, "Rejected", at);
    let state = |rows: &[(&str, &str, i64)]| with_rows(rows, json!({}))["state"].clone();
    assert_eq!(state(&[rejected(SINCE - 100)]), "approvalRequested");
    let submitted = (SUBJECT, "Submitted request", SINCE - 2000);
    assert_eq!(state(&[submitted, rejected(SINCE - 100)]), "rejected");
    assert_eq!(state(&[submitted, rejected(SINCE - 2001)]), "approvalRequested");
}

#[test]
fn one_approver_is_not_the_quorum() {
    let approved = (SUBJECT, "Approved", SINCE + 2000);
    assert_eq!(with_rows(&[SUBMITTED, approved], json!({}))["state"], "approvalRequested");
    let waits = json!({"items": [approval(USER, "PENDING", SINCE)], "at": SINCE + 3000});
    let progress = with_rows(&[SUBMITTED, approved], json!({ "approvals": waits }));
    assert_eq!((&progress["state"], &progress["source"]), (&json!("approvalRequested"), &json!("approvals")));
    assert_eq!(progress["approvals"], json!({"current": 1.0, "threshold": 2.0}));
}

#[test]
fn a_request_that_waits_outweighs_every_row() {
    let waits = json!({"items": [approval(USER, "PENDING", SINCE)], "at": SINCE + 3000});
    let progress = with_rows(&[SUBMITTED, (SUBJECT, "Rejected", SINCE + 2000)], json!({ "approvals": waits }));
    assert_eq!(progress["state"], "approvalRequested");
}

#[test]
fn ready_after_the_reset_is_the_end_only_beyond_any_doubt_of_the_clocks() {
    let reset = ("User", "Reset mobile device", SINCE + 2000);
    let ready = |at: i64| {
        with_rows(&[SUBMITTED, reset], json!({"statuses": statuses(&[("READY", SINCE + 1), ("READY", at)])}))["state"]
            .clone()
    };
    assert_eq!(ready(SINCE + 3000), "approved");
    assert_eq!(ready(SINCE + 2000 + 600_000), "approved");
    assert_eq!(ready(SINCE + 2001 + 600_000), "completed");
}

#[test]
fn progress_never_goes_backwards_and_an_end_stays() {
    let reached = |state: &str| json!({"state": state, "source": "userStatus", "at": 4000});
    let kept = with(json!({"previous": reached("awaitingSetup")}));
    assert_eq!(
        (&kept["state"], &kept["source"], &kept["at"]),
        (&json!("awaitingSetup"), &json!("userStatus"), &json!(4000.0))
    );
    let fell = json!({"previous": reached("rejected"), "statuses": statuses(&[("PENDING_DEVICE_PAIRING", 3000)])});
    assert_eq!(
        (&with(fell)["state"], &with(json!({"previous": reached("rejected")}))["final"]),
        (&json!("rejected"), &json!(true))
    );
    assert_eq!(with(json!({"previous": reached("newer-than-us")}))["state"], "approvalRequested");
}

#[test]
fn unknown_values_pass_through() {
    let progress = with(json!({"statuses": statuses(&[("BRAND_NEW", 2000)])}));
    assert_eq!((&progress["state"], &progress["userStatus"]), (&json!("approvalRequested"), &json!("BRAND_NEW")));
}

#[test]
fn what_is_missing_is_named() {
    let parse = |text: &str| serde_json::from_str(text).unwrap_or_default();
    for (observations, reason) in [
        (json!({}), "The user's id must not be empty."),
        (json!(null), "The user's id must not be empty."),
        (json!({"userId": ".."}), "The user's id must not be `.` or `..`: the URL would lead to another path."),
        (json!({"userId": "u"}), "since must be a number of milliseconds since 1970."),
    ] {
        assert_eq!(infer(&observations, parse).unwrap_err().concat(), reason);
    }
}

proptest! {
    #[test]
    fn each_look_of_a_watch_goes_on_or_stays(
        looks in proptest::collection::vec(
            (0usize..5, 0usize..6, proptest::collection::vec((0usize..3, 0usize..6), 0..4)),
            1..12,
        )
    ) {
        let names = ["READY", "PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "PENDING_ACTIVATION", "NEW"];
        let approvals = ["PENDING", "APPROVED", "REJECTED", "CANCELLED", "TIMED_OUT", "FAILED"];
        let subjects = ["Re-enroll mobile device", "Device reset", "User"];
        let events = ["Submitted request", "Approved", "Rejected", "Canceled", "Completed", "Reset mobile device"];
        let mut seen: Vec<(&str, i64)> = Vec::new();
        let mut previous: Option<Evidence> = None;
        for (look, (status, approved, rows)) in looks.into_iter().enumerate() {
            let at = 2000 + 1000 * look as i64;
            seen.push((names[status], at));
            let rows: Vec<Value> = rows.iter().map(|&(s, e)| row(subjects[s], events[e], at)).collect();
            let mut observations = json!({
                "userId": USER, "since": 1000, "statusBefore": "READY", "statuses": statuses(&seen),
                "approvals": {"items": [approval(USER, approvals[approved], 1500)], "at": at}, "auditLogs": rows,
            });
            if let Some(Evidence { state, source, at }) = previous {
                observations["previous"] = json!({"state": state.name(), "source": source.name(), "at": at});
            }
            let found = infer_from(observations);
            let reached = Evidence::read(&found).unwrap();
            if let Some(previous) = previous {
                prop_assert!(reached.state >= previous.state);
                prop_assert!(reached.state > previous.state || reached == previous);
                prop_assert!(!previous.state.is_final() || previous == reached);
            }
            prop_assert_eq!(&found["final"], &json!(reached.state.is_final()));
            previous = Some(reached);
        }
    }
}
