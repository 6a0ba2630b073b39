//! Times by clocks that differ.

use super::*;

#[test]
fn ten_seconds_apart_or_an_answer_that_took_six_hide_no_end_and_make_no_other() {
    for away in [-10_000, -6_000, 0, 6_000, 10_000, 16_000] {
        let mut seen = log(&[("Submitted request", away), ("Rejected", away + MINUTE)]);
        seen["approvals"] = look(2 * MINUTE, &[approval(USER, "REJECTED", SINCE + away)]);
        let progress = with(seen);
        assert_eq!(
            (claim(&progress), &progress["otherResetsOpen"]),
            (["rejected", "proven", "approvals"], &json!(false))
        );
        let log_alone = with(log(&[("Submitted request", away), ("Rejected", away + MINUTE)]));
        assert_eq!(
            (claim(&log_alone), &log_alone["otherResetsOpen"]),
            (["rejected", "proven", "auditLog"], &json!(false))
        );
    }
}

#[test]
fn a_difference_that_was_learnt_counts() {
    let two_hours = json!({"approvals": look(MINUTE, &[approval(USER, "REJECTED", SINCE + 2 * HOUR)]),
                           "clockDifferenceMs": 2 * HOUR});
    assert_eq!(with(two_hours.clone())["state"], "rejected");
    let not_learnt = json!({"approvals": two_hours["approvals"]});
    assert_eq!(claim(&with(not_learnt)), ASKED);
    // A learnt clock leaves less room for another's request.
    let beside = json!({"approvals": look(MINUTE, &[approval(USER, "REJECTED", SINCE - 20 * SECOND)])});
    assert_eq!(with(beside.clone())["state"], "rejected");
    let learnt = json!({"approvals": beside["approvals"], "clockDifferenceMs": 0});
    assert_eq!(claim(&with(learnt)), ASKED);
}

#[test]
fn the_time_of_the_answer_counts() {
    let late = json!({"approvals": look(HOUR, &[approval(USER, "REJECTED", SINCE + 10 * MINUTE)])});
    assert_eq!(claim(&with(late.clone())), ASKED);
    let answered = json!({"approvals": late["approvals"], "answeredAt": SINCE + 10 * MINUTE});
    assert_eq!(with(answered)["state"], "rejected");
}

#[test]
fn a_time_that_cannot_be_is_not_known() {
    for time in [json!(1e16), json!(8.64e15), json!(-1), json!("99999999999999")] {
        // Not every request from then on is ours.
        let late =
            json!({"approvals": look(HOUR, &[approval(USER, "REJECTED", SINCE + 10 * MINUTE)]), "answeredAt": time});
        assert_eq!(claim(&with(late)), ASKED, "{time}");
        // Nor is a user READY long after the grant.
        let ready =
            json!({"approvals": look(MINUTE, &[ours("APPROVED")]), "statuses": [{"status": "READY", "at": time}]});
        assert_eq!(with(ready)["state"], "approved", "{time}");
        let observations = json!({"userId": USER, "since": time});
        assert!(infer(&observations, parse).is_err(), "{time}");
    }
}
