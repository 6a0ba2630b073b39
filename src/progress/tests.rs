//! What may, and what may not, be concluded.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const USER: &str = "44fdead0-7053-4831-a53a-df7fb90d440f";

fn infer_from(observations: Value) -> Value {
    let parse = |text: &str| serde_json::from_str(text).ok();
    let seen = ResetObservations::read(&observations, parse).unwrap();
    serde_json::to_value(Object::from(infer(&seen))).unwrap()
}

fn with(mut more: Value) -> Value {
    let base = json!({"userId": USER, "since": 1000, "now": 9000, "statusBefore": "READY"});
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
fn with_nothing_seen_the_receipt_is_all_there_is() {
    let progress = with(json!({}));
    assert_eq!(progress, json!({"state": "approvalRequested", "source": "receipt", "at": 1000.0, "final": false}));
}

#[test]
fn ready_at_the_first_look_proves_nothing() {
    assert_eq!(with(json!({"statuses": statuses(&[("READY", 2000)])}))["state"], "approvalRequested");
    let unknown_before = json!({"userId": USER, "since": 1000, "now": 9000, "statuses": statuses(&[("READY", 2000)])});
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
    let older = json!({"userId": USER, "since": 100_000, "now": 200_000,
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

#[test]
fn audit_rows_count_where_no_other_reset_was_open() {
    let subject = "Re-enroll mobile device";
    let rows = |more: &[Value]| {
        let mut rows = vec![row(subject, "Submitted request", 1100)];
        rows.extend_from_slice(more);
        rows
    };
    for (event, state) in [("Approved", "approved"), ("Rejected", "rejected"), ("Canceled", "cancelled")] {
        let progress = with(json!({"auditLogs": rows(&[row(subject, event, 2000)])}));
        assert_eq!((&progress["state"], &progress["at"]), (&json!(state), &json!(2000.0)));
        let several = json!({"auditLogs": rows(&[row(subject, event, 2000)]), "otherResetsOpen": true});
        assert_eq!(with(several)["state"], "approvalRequested");
    }
    let two = rows(&[row(subject, "Submitted request", 1200), row(subject, "Rejected", 2000)]);
    assert_eq!(with(json!({"auditLogs": two}))["state"], "approvalRequested");
    let before = json!({"auditLogs": [row(subject, "Rejected", 900)]});
    assert_eq!(with(before)["state"], "approvalRequested");
    let other_pending = json!({"auditLogs": rows(&[row(subject, "Rejected", 2000)]),
                               "approvals": {"items": [approval("other", "PENDING", 1500)], "at": 2000}});
    assert_eq!(with(other_pending)["state"], "approvalRequested");
}

#[test]
fn progress_never_goes_backwards_and_an_end_stays() {
    assert_eq!(with(json!({"previous": "awaitingSetup"}))["state"], "awaitingSetup");
    let fell = json!({"previous": "rejected", "statuses": statuses(&[("PENDING_DEVICE_PAIRING", 3000)])});
    assert_eq!(with(fell)["state"], "rejected");
    assert_eq!(with(json!({"previous": "newer-than-us"}))["state"], "approvalRequested");
}

#[test]
fn unknown_values_pass_through() {
    let progress = with(json!({"statuses": statuses(&[("BRAND_NEW", 2000)])}));
    assert_eq!((&progress["state"], &progress["userStatus"]), (&json!("approvalRequested"), &json!("BRAND_NEW")));
}

#[test]
fn what_is_missing_is_named() {
    let parse = |text: &str| serde_json::from_str::<Value>(text).ok();
    for (observations, name) in [(json!({}), "userId"), (json!({"userId": "u"}), "since"), (json!(null), "userId")] {
        assert!(ResetObservations::read(&observations, parse).unwrap_err().contains(name));
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
        let mut previous: Option<ResetState> = None;
        for (look, (status, approved, rows)) in looks.into_iter().enumerate() {
            let at = 2000 + 1000 * look as i64;
            seen.push((names[status], at));
            let rows: Vec<Value> = rows.iter().map(|&(s, e)| row(subjects[s], events[e], at)).collect();
            let mut observations = json!({
                "userId": USER, "since": 1000, "now": at, "statusBefore": "READY", "statuses": statuses(&seen),
                "approvals": {"items": [approval(USER, approvals[approved], 1500)], "at": at}, "auditLogs": rows,
            });
            if let Some(previous) = previous {
                observations["previous"] = json!(previous.name());
            }
            let found = infer_from(observations);
            let state = ResetState::from_name(found["state"].as_str().unwrap()).unwrap();
            prop_assert!(previous.is_none_or(|previous| state >= previous));
            prop_assert!(previous.is_none_or(|previous| !previous.is_final() || previous == state));
            prop_assert_eq!(&found["final"], &json!(state.is_final()));
            previous = Some(state);
        }
    }
}
