//! What the user's status shows.

use super::*;

#[test]
fn ready_at_the_first_look_proves_nothing() {
    assert_eq!(claim(&with(json!({"statuses": statuses(&[("READY", SECOND)])}))), ASKED);
    assert_eq!(claim(&with(json!({"statusBefore": null, "statuses": statuses(&[("READY", SECOND)])}))), ASKED);
}

#[test]
fn where_the_approvals_cannot_be_read_a_walk_is_suggested_and_ends() {
    let walk = [("READY", SECOND), ("PAIRING", 2 * SECOND), ("SETUP", 3 * SECOND), ("READY", 4 * SECOND)];
    for (seen, state) in ["awaitingPairing", "awaitingSetup", "completed"].into_iter().enumerate() {
        let progress = with(json!({"statuses": statuses(&walk[..seen + 2])}));
        assert_eq!(claim(&progress), [state, "suggested", "userStatus"]);
        assert_eq!(progress["final"], state == "completed");
        assert_eq!(progress["at"], (SINCE + walk[seen + 1].1) as f64);
    }
}

#[test]
fn someone_who_was_pairing_before_proves_nothing_by_pairing() {
    for list in [&[("PAIRING", SECOND)][..], &[("SETUP", SECOND), ("READY", 2 * SECOND)]] {
        let progress = with(json!({"statusBefore": "PENDING_DEVICE_PAIRING", "statuses": statuses(list)}));
        assert_eq!(claim(&progress), ASKED);
    }
}

#[test]
fn the_status_before_is_read_in_any_case() {
    let seen = statuses(&[("SETUP", MINUTE)]);
    assert_eq!(
        claim(&with(json!({"statusBefore": "Ready", "statuses": seen}))),
        ["awaitingSetup", "suggested", "userStatus"]
    );
    assert_eq!(claim(&with(json!({"statusBefore": "pending_device_pairing", "statuses": seen}))), ASKED);
}

#[test]
fn what_was_seen_before_the_request_does_not_count() {
    assert_eq!(claim(&with(json!({"statuses": statuses(&[("PAIRING", -500), ("READY", SECOND)])}))), ASKED);
}

#[test]
fn steps_that_are_not_in_order_prove_nothing() {
    let climbs = statuses(&[("READY", 3 * MINUTE), ("SETUP", 2 * MINUTE), ("PAIRING", MINUTE)]);
    let progress = with(json!({"statusBefore": "PENDING_DEVICE_PAIRING", "statuses": climbs}));
    assert_eq!(claim(&progress), ASKED);
}
