//! What was told before, and what of it stays.

use super::*;

#[test]
fn nothing_goes_backwards_and_an_end_stays_an_end() {
    let reached = |state: &str| json!({"state": state, "source": "userStatus", "at": SINCE + MINUTE});
    let kept = with(json!({"previous": reached("awaitingSetup")}));
    assert_eq!(claim(&kept), ["awaitingSetup", "suggested", "userStatus"]);
    assert_eq!(kept["at"], (SINCE + MINUTE) as f64);
    let fell = json!({"previous": reached("rejected"), "statuses": statuses(&[("PAIRING", 3000)])});
    assert_eq!((&with(fell.clone())["state"], &with(fell)["final"]), (&json!("rejected"), &json!(true)));
    assert_eq!(claim(&with(json!({"previous": reached("newer-than-us")}))), ASKED);
}

#[test]
fn what_was_suggested_becomes_proven() {
    let walks = with(json!({"statuses": statuses(&[("PAIRING", MINUTE)])}));
    assert_eq!(walks["evidence"], "suggested");
    let granted = with(json!({"approvals": look(2 * MINUTE, &[ours("APPROVED")]), "previous": walks,
                              "statuses": statuses(&[("PAIRING", MINUTE)])}));
    assert_eq!(claim(&granted), ["awaitingPairing", "proven", "approvals"]);
    let done = with(json!({"previous": granted, "statuses": statuses(&[("PAIRING", MINUTE), ("READY", HOUR)])}));
    assert_eq!(claim(&done), ["completed", "proven", "userStatus"]);
}

#[test]
fn what_was_told_of_a_request_before_this_one_does_not_count() {
    let before = |source: &str, after: i64| {
        with(json!({"previous": {"state": "completed", "evidence": "proven", "source": source, "at": SINCE + after}}))
    };
    for source in ["userStatus", "approvals", "receipt"] {
        assert_eq!(claim(&before(source, -DAY)), ASKED, "{source}");
        assert_eq!(before(source, -SECOND)["state"], "completed", "{source}");
    }
    // By Fireblocks' clock, which may be far from the observer's.
    assert_eq!(before("auditLog", -2 * HOUR)["state"], "completed");
}
