//! What the audit log shows.

use super::*;

const SUBMITTED: (&str, i64) = ("Submitted request", 100);

#[test]
fn proves_an_end_where_no_other_reset_can_have_been_open() {
    let rejected = |at| ("Rejected", at);
    for (event, state) in [("Rejected", "rejected"), ("Canceled", "cancelled"), ("Cancelled", "cancelled")] {
        let progress = with(log(&[SUBMITTED, (event, MINUTE)]));
        assert_eq!(claim(&progress), [state, "proven", "auditLog"]);
        assert_eq!(progress["at"], (SINCE + MINUTE) as f64);
    }
    let mut beside = log(&[SUBMITTED, rejected(MINUTE)]);
    beside["otherResetsOpen"] = json!(true);
    assert_eq!(claim(&with(beside.clone())), ASKED);
    beside["otherResetsOpen"] = json!("true");
    assert_eq!(claim(&with(beside.clone())), ASKED);
    beside["otherResetsOpen"] = json!(false);
    beside["approvals"] = look(HOUR, &[approval(OTHER, "PENDING", SINCE)]);
    assert_eq!(claim(&with(beside)), ASKED);
    for another in [-6 * DAY, -HOUR, -5 * SECOND, 10 * SECOND, 30 * SECOND] {
        let progress = with(log(&[("Submitted request", another), SUBMITTED, rejected(MINUTE)]));
        assert_eq!((claim(&progress), &progress["otherResetsOpen"]), (ASKED, &json!(true)), "{another}");
    }
    // Longer ago than any request waits.
    assert_eq!(with(log(&[("Submitted request", -8 * DAY), SUBMITTED, rejected(MINUTE)]))["state"], "rejected");
}

#[test]
fn of_a_week_in_which_another_was_open_it_proves_nothing() {
    // A: submitted before the window, completed in it. B: submitted in it, and rejected after ours was filed.
    let rows = [
        ("Completed", -5 * DAY),
        ("Completed", -5 * DAY),
        ("Submitted request", -3 * DAY),
        SUBMITTED,
        ("Rejected", MINUTE),
    ];
    assert_eq!(claim(&with(log(&rows))), ASKED);
}

#[test]
fn an_end_counts_after_our_own_row_alone() {
    assert_eq!(claim(&with(log(&[("Rejected", 2 * SECOND)]))), ASKED);
    assert_eq!(claim(&with(log(&[("Rejected", SECOND), ("Submitted request", 2 * SECOND)]))), ASKED);
}

#[test]
fn anothers_rows_are_not_ours_while_ours_may_come_late() {
    let another = [("Submitted request", -2 * SECOND), ("Canceled", -SECOND)];
    let read_at = |after: i64| {
        let mut seen = log(&another);
        seen["auditLogsAt"] = json!(SINCE + after);
        with(seen)
    };
    assert_eq!(claim(&read_at(2 * SECOND)), ASKED);
    assert_eq!(claim(&read_at(MINUTE)), ASKED);
    let mut both = log(&another);
    both["auditLogs"].as_array_mut().unwrap().extend(log(&[SUBMITTED])["auditLogs"].as_array().unwrap().clone());
    assert_eq!(claim(&with(both)), ASKED);
    // Where nobody says when it was read, it was after its newest row.
    let mut unsaid = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    unsaid["auditLogsAt"] = json!(null);
    assert_eq!(claim(&with(unsaid.clone())), ASKED);
    let newer = json!({"timestamp": SINCE + HOUR, "subject": "User", "event": "Changed role"});
    unsaid["auditLogs"].as_array_mut().unwrap().push(newer);
    assert_eq!(with(unsaid)["state"], "rejected");
}

#[test]
fn a_window_that_begins_late_proves_nothing() {
    let from = |back: i64| {
        let mut seen = log(&[SUBMITTED, ("Rejected", MINUTE)]);
        seen["auditLogsFrom"] = json!(SINCE - back);
        with(seen)
    };
    assert_eq!(claim(&from(DAY)), ASKED);
    assert_eq!(from(8 * DAY)["state"], "rejected");
    // Nor does one whose beginning cannot be read.
    let mut odd = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    odd["auditLogsFrom"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(claim(&with(odd)), ASKED);
}

#[test]
fn rows_that_are_not_of_one_request_prove_nothing() {
    for rows in [
        &[SUBMITTED, ("Rejected", MINUTE), ("Canceled", 2 * MINUTE)][..],
        &[SUBMITTED, ("Rejected", MINUTE), ("Completed", 2 * MINUTE)],
    ] {
        assert_eq!(claim(&with(log(rows))), ASKED);
    }
    let mut two_families = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    two_families["auditLogs"][1]["subject"] = json!("Device reset");
    assert_eq!(claim(&with(two_families)), ASKED);
    let mut walked = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    walked["statuses"] = statuses(&[("PAIRING", 2 * MINUTE)]);
    assert_eq!(claim(&with(walked)), ["awaitingPairing", "suggested", "userStatus"]);
}

#[test]
fn beside_what_cannot_be_read_it_proves_nothing() {
    let ended = || log(&[SUBMITTED, ("Rejected", MINUTE)]);
    let at = SINCE + 10 * SECOND;
    let row = |subject: &str, event: &str| json!({"timestamp": at, "subject": subject, "event": event});
    for odd in [
        row(FAMILY, "submitted request"),
        row(FAMILY, "Request submitted"),
        row("device reset", "Submitted request"),
        row("User", "reset mobile device"),
        row("Re-enroll mobile device ", "Submitted request"),
        row("Re-enroll\u{a0}mobile device", "Submitted request"),
        row("Mobile device re-enrollment", "Submitted request"),
        row("User ", "Reset mobile device"),
        json!({"timestamp": at, "subject": FAMILY}),
        json!({"timestamp": at, "subject": "User", "event": 7}),
        json!({"timestamp": at}),
        json!({"timestamp": "2026-01-31T00:00:00Z", "subject": FAMILY, "event": "Submitted request"}),
        json!({"subject": "Device reset", "event": "Rejected"}),
        json!("a row"),
    ] {
        let mut beside = ended();
        beside["auditLogs"].as_array_mut().unwrap().push(odd.clone());
        let progress = with(beside);
        assert_eq!((claim(&progress), &progress["otherResetsOpen"]), (ASKED, &json!(true)), "{odd}");
    }
    let old = json!({"timestamp": SINCE - 8 * DAY, "subject": FAMILY, "event": "Request submitted"});
    for plain in [
        row(FAMILY, "Approved"),
        row("Device reset", "Recovered"),
        row("User", "Changed role"),
        row("User", "Recovered mobile device"),
        row("Vault", "Submitted request"),
        old,
    ] {
        let mut beside = ended();
        beside["auditLogs"].as_array_mut().unwrap().push(plain.clone());
        assert_eq!(claim(&with(beside)), ["rejected", "proven", "auditLog"], "{plain}");
    }
}

#[test]
fn a_row_at_a_time_that_cannot_be_has_none() {
    const NOW: i64 = 1_795_467_745_000;
    let row = |event: &str, time: Value| json!({"subject": FAMILY, "event": event, "timestamp": time});
    let ended = |beside: Value| {
        let rows = [row("Submitted request", json!(NOW + 100)), row("Rejected", json!(NOW + MINUTE)), beside];
        with(json!({"since": NOW, "auditLogs": rows, "auditLogsAt": NOW + HOUR}))
    };
    for time in [
        json!(1e16),
        json!(-1),
        json!(-1e300),
        json!(8.64e15),
        json!(0),
        // In seconds.
        json!(NOW / 1000),
        json!("17954677450000000"),
        json!("179546774500000"),
        json!("-5"),
        json!("1e12"),
        json!(true),
        json!([NOW]),
    ] {
        for event in ["Submitted request", "Rejected"] {
            let progress = ended(row(event, time.clone()));
            assert_eq!((claim(&progress), &progress["otherResetsOpen"]), (ASKED, &json!(true)), "{event} {time}");
        }
        // The other of its two times does not mend it.
        let mut two = row("Submitted request", time.clone());
        two["createdAt"] = json!(NOW - 30 * DAY);
        assert_eq!(claim(&ended(two)), ASKED, "{time}");
    }
    let mut one = row("Submitted request", json!(null));
    one["createdAt"] = json!((NOW - 30 * DAY).to_string());
    assert_eq!(claim(&ended(one)), ["rejected", "proven", "auditLog"]);
    // Nor does it tell when the log was read.
    let rows = [
        row("Submitted request", json!(NOW + 100)),
        row("Rejected", json!(NOW + 200)),
        json!({
        "subject": "User", "event": "Changed role", "timestamp": 9e15}),
    ];
    assert_eq!(claim(&with(json!({"since": NOW, "auditLogs": rows}))), ASKED);
}

#[test]
fn beside_an_item_that_cannot_be_read_it_proves_nothing() {
    let payload = payload_of("b", json!({"userId": USER}), SINCE + 200);
    let mut untyped = payload.clone();
    untyped.as_object_mut().unwrap().remove("requestType");
    let mut numbered = payload.clone();
    numbered["requestType"] = json!(7);
    for payload in [
        untyped.clone(),
        json!(untyped.to_string()),
        json!(numbered.to_string()),
        json!("eyJhIjoxfQ=="),
        json!(null),
        json!([]),
    ] {
        for (status, waits) in [("PENDING", true), ("BRAND_NEW", true), ("REJECTED", false)] {
            let mut beside = log(&[SUBMITTED, ("Rejected", MINUTE)]);
            beside["approvals"] = look(HOUR, &[item_of(payload.clone(), status)]);
            let progress = with(beside);
            let expected = if waits { ASKED } else { ["rejected", "proven", "auditLog"] };
            assert_eq!((claim(&progress), &progress["otherResetsOpen"]), (expected, &json!(waits)), "{payload}");
        }
    }
    let mut elsewhere = payload_of("b", json!({"userId": USER}), SINCE);
    elsewhere["requestType"] = json!("CHANGE_POLICY");
    let mut beside = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    beside["approvals"] = look(HOUR, &[item_of(json!(elsewhere.to_string()), "PENDING")]);
    assert_eq!(claim(&with(beside)), ["rejected", "proven", "auditLog"]);
}

#[test]
fn that_a_reset_was_carried_out_is_suggested_and_one_approver_is_not_the_quorum() {
    assert_eq!(claim(&with(log(&[SUBMITTED, ("Completed", MINUTE)]))), ["approved", "suggested", "auditLog"]);
    assert_eq!(claim(&with(log(&[SUBMITTED, ("Approved", MINUTE)]))), ASKED);
}

#[test]
fn a_request_that_waits_outweighs_every_row() {
    let mut seen = log(&[SUBMITTED, ("Rejected", MINUTE)]);
    seen["approvals"] = look(HOUR, &[ours("PENDING")]);
    assert_eq!(claim(&with(seen)), WAITS);
}
