//! What the approvals show, and whose an item is.

use super::*;

#[test]
fn tell_the_count_and_every_end() {
    let at = |status: &str| with(json!({"approvals": look(MINUTE, &[ours(status)])}));
    let pending = at("PENDING");
    assert_eq!(claim(&pending), WAITS);
    assert_eq!(pending["approvals"], json!({"current": 1.0, "threshold": 2.0}));
    assert_eq!((&pending["approvalRequestId"], &pending["ownRequest"]), (&json!("q"), &json!("found")));
    for (status, state, is_final) in [
        ("APPROVED", "approved", false),
        ("REJECTED", "rejected", true),
        ("CANCELLED", "cancelled", true),
        ("TIMED_OUT", "expired", true),
        ("FAILED", "failed", true),
    ] {
        assert_eq!(claim(&at(status)), [state, "proven", "approvals"]);
        assert_eq!(at(status)["final"], is_final);
    }
    // A word that is newer than this client tells no state, and is passed on.
    let newer = at("BRAND_NEW");
    assert_eq!((claim(&newer), &newer["requestStatus"]), (ASKED, &json!("BRAND_NEW")));
}

#[test]
fn an_end_is_an_end_however_it_is_spelt() {
    for (spellings, state) in [
        (["rejected", "Rejected", "REJECTED "], "rejected"),
        (["CANCELED", "cancelled", "Canceled"], "cancelled"),
        (["EXPIRED", "expired", "Expired"], "expired"),
        (["TIMEDOUT", "timed out", "Timed-Out"], "expired"),
        (["TIMEOUT", "time_out", "TimeOut"], "expired"),
        (["failed", "Failed", "FAILED"], "failed"),
    ] {
        for status in spellings {
            let progress = with(json!({"approvals": look(MINUTE, &[ours(status)])}));
            assert_eq!(
                (claim(&progress), &progress["final"]),
                ([state, "proven", "approvals"], &json!(true)),
                "{status}"
            );
            assert!(!may_be_pending(&json!(USER), &json!([ours(status)]), parse).unwrap(), "{status}");
        }
    }
    // What is none of these words is none of these ends, and may be waiting.
    for status in ["UNREJECTED", "REJECTED_BY_POLICY", "REJECT", "PENDING_CANCELLATION", ""] {
        assert_eq!(claim(&with(json!({"approvals": look(MINUTE, &[ours(status)])}))), ASKED, "{status}");
        assert!(may_be_pending(&json!(USER), &json!([ours(status)]), parse).unwrap(), "{status}");
    }
}

#[test]
fn an_item_that_does_not_say_where_it_stands_tells_nothing_of_it() {
    let silent =
        [json!(null), json!({}), json!("REJECTED"), json!({"requestStatus": 7}), json!({"requestStatus": null})];
    let granted = with(json!({"approvals": look(MINUTE, &[ours("APPROVED")])}));
    for quorum in silent {
        let mut item = ours("");
        item["quorumStatus"] = quorum.clone();
        let approvals = look(2 * MINUTE, &[item]);
        let asked = with(json!({"approvals": approvals}));
        assert_eq!((claim(&asked), &asked["ownRequest"]), (ASKED, &json!("found")), "{quorum}");
        // Nor does it take back what was told before.
        let walks = with(
            json!({"approvals": approvals, "previous": granted, "statuses": statuses(&[("PAIRING", 2 * MINUTE)])}),
        );
        assert_eq!(claim(&walks), ["awaitingPairing", "proven", "userStatus"], "{quorum}");
    }
}

#[test]
fn a_look_without_a_list_is_none() {
    let walk = statuses(&[("PAIRING", MINUTE), ("READY", 2 * MINUTE)]);
    for items in [json!(null), json!({}), json!({"0": ours("REJECTED"), "length": 1}), json!("[]"), json!(0)] {
        let approvals = json!({"items": items, "at": SINCE + 3 * MINUTE});
        let progress = with(json!({"approvals": approvals, "statuses": walk}));
        assert_eq!(progress, with(json!({"statuses": walk})), "{items}");
        // What was learnt before is not forgotten for it.
        let missing = with(json!({"approvals": look(MINUTE, &[])}));
        let later = with(json!({"approvals": approvals, "statuses": walk, "previous": missing}));
        assert_eq!((claim(&later), &later["ownRequest"]), (ASKED, &json!("missing")), "{items}");
    }
}

#[test]
fn a_payload_is_read_as_the_object_that_its_text_would_hold_too() {
    let item = |at: i64| item_of(payload_of("q", json!({"userId": USER}), at), "REJECTED");
    assert_eq!(with(json!({"approvals": look(MINUTE, &[item(SINCE + 200)])}))["state"], "rejected");
    assert_eq!(claim(&with(json!({"approvals": look(MINUTE, &[item(SINCE - HOUR)])}))), ASKED);
}

#[test]
fn another_admins_request_that_is_carried_out_is_not_ours_while_ours_waits() {
    let walk = statuses(&[("PAIRING", MINUTE), ("SETUP", 2 * MINUTE), ("READY", 3 * MINUTE)]);
    let progress = with(json!({"statuses": walk, "approvals": look(4 * MINUTE, &[ours("PENDING")])}));
    assert_eq!((claim(&progress), &progress["final"]), (WAITS, &json!(false)));
}

#[test]
fn were_they_readable_and_ours_never_found_it_stays_open() {
    let walk = statuses(&[("PAIRING", MINUTE), ("SETUP", 2 * MINUTE), ("READY", 3 * MINUTE)]);
    let progress = with(json!({"statuses": walk, "approvals": look(4 * MINUTE, &[])}));
    assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("missing")));
    // The log shows that it was over before anybody looked, and no other: the walk is suggested.
    let mut alone = log(&[("Submitted request", 100)]);
    alone["statuses"] = walk.clone();
    alone["approvals"] = look(4 * MINUTE, &[]);
    assert_eq!(claim(&with(alone.clone())), ["completed", "suggested", "userStatus"]);
    alone["otherResetsOpen"] = json!(true);
    assert_eq!(claim(&with(alone)), ASKED);
    // Also where they cannot be read any more.
    assert_eq!(claim(&with(json!({"statuses": walk, "previous": progress}))), ASKED);
}

#[test]
fn a_granted_request_and_the_walk_from_it_are_proven_whatever_the_status_was_before() {
    for before in [json!(null), json!("READY"), json!("PENDING_DEVICE_PAIRING"), json!("PENDING_DEVICE_SETUP")] {
        let mut seen: Vec<(&str, i64)> = Vec::new();
        let mut told = json!(null);
        for (minute, (status, state)) in
            [("PAIRING", "awaitingPairing"), ("SETUP", "awaitingSetup"), ("READY", "completed")].into_iter().enumerate()
        {
            let granted = (2 * minute as i64 + 1) * MINUTE;
            let approvals = look(granted, &[ours("APPROVED")]);
            told = with(json!({"statusBefore": before, "statuses": statuses(&seen), "approvals": approvals,
                               "previous": told}));
            seen.push((status, granted + MINUTE));
            told = with(json!({"statusBefore": before, "statuses": statuses(&seen), "approvals": approvals,
                               "previous": told}));
            assert_eq!(claim(&told), [state, "proven", "userStatus"], "{before}");
        }
        assert_eq!(told["final"], true);
    }
}

#[test]
fn a_walk_that_nobody_saw_is_over_where_the_user_is_ready_long_after_the_grant() {
    let granted = with(json!({"approvals": look(MINUTE, &[ours("APPROVED")])}));
    let ready = |after: i64| {
        with(json!({"statuses": statuses(&[("READY", after)]), "previous": granted,
                    "approvals": look(after, &[ours("APPROVED")])}))
    };
    assert_eq!(ready(2 * MINUTE)["state"], "approved");
    assert_eq!(claim(&ready(11 * MINUTE)), ["completed", "proven", "userStatus"]);
}

#[test]
fn the_ready_of_before_the_grant_is_not_the_end() {
    // Pairing since an earlier reset, finished a moment before ours was granted.
    let seen = statuses(&[("SETUP", MINUTE), ("READY", 2 * MINUTE)]);
    let progress = with(json!({"statusBefore": "PENDING_DEVICE_SETUP", "statuses": seen,
                               "approvals": look(2 * MINUTE + 50, &[ours("APPROVED")])}));
    assert_eq!(claim(&progress), ["approved", "proven", "approvals"]);
}

#[test]
fn the_ready_of_a_moment_after_the_grant_is_not_the_end_either() {
    // A walk for an earlier request, which was suggested: ours, just granted, has not been carried out yet.
    let walked = [("SETUP", MINUTE), ("READY", HOUR)];
    let waits = with(json!({"statuses": statuses(&walked[..1]), "approvals": look(2 * MINUTE, &[ours("PENDING")]),
                            "previous": with(json!({"statuses": statuses(&walked[..1])}))}));
    assert_eq!(claim(&waits), ["awaitingSetup", "suggested", "userStatus"]);
    let after = |granted: i64| {
        with(json!({"statuses": statuses(&walked), "approvals": look(HOUR - granted, &[ours("APPROVED")]),
                    "previous": waits}))
    };
    assert_eq!(claim(&after(500)), ["awaitingSetup", "proven", "approvals"]);
    assert_eq!(claim(&after(2 * SECOND)), ["completed", "proven", "userStatus"]);
}

#[test]
fn an_item_is_ours_where_a_name_says_that_its_device_is() {
    for data in [
        json!({"userId": OTHER, "initiatorId": USER}),
        json!({"targetUserId": OTHER, "userId": USER}),
        json!({"user": {"id": OTHER}, "createdBy": USER}),
        json!({"initiator": {"userId": USER}, "userId": OTHER}),
        json!({"requestedBy": {"id": USER}}),
        json!({"approvers": [USER]}),
        json!({"note": USER, "userId": OTHER}),
        json!({"requestingUserId": USER}),
        json!({"sender": {"userId": USER}}),
        json!({"sender": {"userId": USER}, "deviceOwner": OTHER}),
        json!({"callerUserId": USER}),
        json!({"issuer": USER, "proposer": USER, "onBehalfOf": USER, "apiUserId": USER}),
        json!({"voters": [{"userId": USER}], "notify": [USER]}),
        json!({"userId": USER, "targetUserId": "u2"}),
        json!({"userId": USER, "targetUserId": 2}),
        json!({"userId": USER, "deviceOwner": {"id": "u2"}}),
        json!({"userId": USER, "target_user_id": OTHER}),
        json!({"userId": [USER, OTHER]}),
        json!({"id": USER}),
        json!({"device": {"id": USER}}),
        json!({"user": {"id": OTHER, "manager": {"userId": USER}}}),
    ] {
        let items = [approval_of("q", data.clone(), "REJECTED", SINCE + 200)];
        let progress = with(json!({"approvals": look(MINUTE, &items)}));
        assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("missing")), "{data}");
    }
    for data in [
        json!({"userId": USER, "initiatorId": OTHER}),
        json!({"targetUserId": USER, "userId": OTHER}),
        json!({"user": {"id": USER, "deviceId": OTHER}, "createdBy": OTHER}),
        json!({"target": {"id": USER}, "userId": OTHER}),
        json!({"initiatorId": USER, "userId": USER}),
        json!({"person": USER}),
        json!([{"userId": USER}]),
        json!({"device": {"id": OTHER, "userId": USER}}),
        json!({"DeviceOwner": {"id": USER}, "userId": OTHER}),
        json!({"target": {"type": "USER", "console_user": {"id": USER}}, "sender": {"userId": OTHER}}),
    ] {
        let items = [approval_of("q", data.clone(), "REJECTED", SINCE + 200)];
        assert_eq!(with(json!({"approvals": look(MINUTE, &items)}))["state"], "rejected", "{data}");
    }
}

#[test]
fn a_bare_user_proves_only_where_nobody_else_can_be_meant() {
    let rejected = |beside: &Value| {
        let mut payload = payload_of("r", json!({}), SINCE + 200);
        payload["userId"] = json!(USER);
        payload.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        with(json!({"approvals": look(MINUTE, &[item_of(json!(payload.to_string()), "REJECTED")])}))
    };
    let nested = (0..7).fold(json!({"targetUserId": OTHER}), |inner, _| json!({"data": inner}));
    let text = json!({"targetUserId": OTHER}).to_string();
    for beside in [
        json!({"deviceOwner": {"email": "other@example.com"}}),
        json!({"requestData": {"targetUser": {"name": "Other"}}}),
        json!({"targetUsers": [OTHER]}),
        json!({"subject": {"id": OTHER}}),
        json!({"requestData": {"userIds": [OTHER]}}),
        json!({"requestData": text}),
        json!({"requestData": {"data": [text]}}),
        json!({"payload": {"targetUserId": OTHER}}),
        json!({"requestData": nested}),
        json!({"requestData": {"id": OTHER}}),
        json!({"whom": OTHER}),
        json!({"person": {"email": "other@example.com"}}),
        json!({"user": [{"id": USER}, {"name": "Other"}]}),
    ] {
        let progress = rejected(&beside);
        assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("missing")), "{beside}");
    }
    for beside in [
        json!({"expiresAt": 1_800_000_000, "initiator": {"id": OTHER}, "createdBy": OTHER, "callerUserId": OTHER}),
        json!({"requestData": {"email": "ours@example.com", "deviceId": "d", "user": {"id": USER, "name": "Ours"}}}),
        json!({"notify": [OTHER], "version": 2, "note": null, "isNew": true}),
    ] {
        assert_eq!(rejected(&beside)["state"], "rejected", "{beside}");
    }
}

#[test]
fn another_persons_item_and_an_older_one_are_not_ours_and_wait_beside_it() {
    for (status, waits) in [("REJECTED", false), ("PENDING", true), ("BRAND_NEW", true)] {
        for item in [approval(OTHER, status, SINCE + 200), approval(USER, status, SINCE - HOUR)] {
            let progress = with(json!({"approvals": look(MINUTE, &[item])}));
            assert_eq!((claim(&progress), &progress["otherResetsOpen"]), (ASKED, &json!(waits)), "{status}");
        }
    }
}

#[test]
fn of_two_that_can_both_be_ours_none_is_also_once_one_is_gone() {
    let two = |first: &str, second: &str| {
        [("a", first), ("b", second)].map(|(id, status)| approval_of(id, json!({"userId": USER}), status, SINCE + 200))
    };
    let both = with(json!({"approvals": look(SECOND, &two("PENDING", "PENDING"))}));
    assert_eq!((claim(&both), &both["ownRequest"]), (ASKED, &json!("unclear")));
    assert_eq!(both["otherResetsOpen"], true);
    let one = with(json!({"approvals": look(MINUTE, &two("PENDING", "REJECTED")[1..]), "previous": both}));
    assert_eq!((claim(&one), &one["ownRequest"]), (ASKED, &json!("unclear")));
    // A program of before gives back the state and its source alone.
    for (state, source) in [("approvalRequested", "receipt"), ("awaitingPairing", "userStatus")] {
        let alone = json!({"state": state, "source": source, "at": SINCE});
        let one = with(json!({"approvals": look(MINUTE, &two("PENDING", "REJECTED")[1..]), "previous": alone,
                              "otherResetsOpen": true}));
        assert_eq!((&one["state"], &one["ownRequest"]), (&json!(state), &json!("unclear")));
    }
    // The same item twice is one; and one whose id is known is ours whatever else there is.
    let twice = [ours("REJECTED"), ours("REJECTED")];
    assert_eq!(with(json!({"approvals": look(MINUTE, &twice)}))["state"], "rejected");
    // Where it stands in two ways, it is not known where.
    for standing in
        [["APPROVED", "REJECTED"], ["REJECTED", "APPROVED"], ["REJECTED", "PENDING"], ["FAILED", "CANCELLED"]]
    {
        let progress = with(json!({"approvals": look(MINUTE, &standing.map(ours))}));
        assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("found")), "{standing:?}");
    }
    let known = json!({"approvals": look(MINUTE, &two("PENDING", "REJECTED")), "approvalRequestId": "b"});
    assert_eq!(claim(&with(known)), ["rejected", "proven", "approvals"]);
}

#[test]
fn of_two_without_an_id_none_is_ours() {
    for ids in [[json!(1), json!(2)], [json!(null), json!(null)], [json!(""), json!("")], [json!("a"), json!(2)]] {
        let items = [("PENDING", &ids[0]), ("REJECTED", &ids[1])].map(|(status, id)| {
            let mut payload = payload_of("q", json!({"targetUserId": USER}), SINCE + 200);
            payload["requestId"] = id.clone();
            item_of(json!(payload.to_string()), status)
        });
        let backwards = [items[1].clone(), items[0].clone()];
        for items in [items, backwards] {
            let progress = with(json!({"approvals": look(MINUTE, &items)}));
            assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("unclear")), "{ids:?}");
            assert_eq!(progress["otherResetsOpen"], true);
        }
    }
}

#[test]
fn an_empty_id_is_none() {
    let items = [approval_of("", json!({"userId": OTHER}), "REJECTED", SINCE + 200)];
    let approvals = look(MINUTE, &items);
    let before = json!({"state": "approvalRequested", "source": "receipt", "at": SINCE, "approvalRequestId": ""});
    for known in [json!({"approvalRequestId": ""}), json!({"previous": before})] {
        let mut seen = known.clone();
        seen["approvals"] = approvals.clone();
        let progress = with(seen);
        assert_eq!((claim(&progress), &progress["ownRequest"]), (ASKED, &json!("missing")), "{known}");
        assert_eq!(with(known)["approvalRequestId"], json!(null));
    }
}

#[test]
fn a_second_one_that_would_be_ours_by_clocks_further_apart_makes_it_unclear() {
    let beside = approval_of("b", json!({"userId": USER}), "PENDING", SINCE + 40 * SECOND);
    let items = [ours("REJECTED"), beside];
    assert_eq!(with(json!({"approvals": look(MINUTE, &items)}))["ownRequest"], "unclear");
    let known = json!({"approvals": look(MINUTE, &items), "clockDifferenceMs": 0});
    assert_eq!(with(known)["state"], "rejected");
}

#[test]
fn a_device_that_was_reset_is_not_told_of_as_not_reset() {
    let previous = json!({"state": "awaitingSetup", "source": "userStatus", "at": SINCE + MINUTE});
    for status in ["REJECTED", "CANCELLED", "TIMED_OUT", "FAILED"] {
        let approvals = look(2 * MINUTE, &[ours(status)]);
        let kept = with(json!({"approvals": approvals, "previous": previous}));
        assert_eq!(claim(&kept), ["awaitingSetup", "suggested", "userStatus"], "{status}");
        let seen = statuses(&[("SETUP", MINUTE), ("READY", 3 * MINUTE)]);
        let done = with(json!({"approvals": approvals, "previous": kept, "statuses": seen}));
        assert_eq!(claim(&done), ["completed", "suggested", "userStatus"], "{status}");
    }
}

#[test]
fn a_failure_ends_and_a_fall_after_it_is_still_told() {
    let failed = with(json!({"approvals": look(MINUTE, &[ours("FAILED")])}));
    assert_eq!((claim(&failed), &failed["final"]), (["failed", "proven", "approvals"], &json!(true)));
    let fell = [("READY", MINUTE), ("PAIRING", 2 * MINUTE)];
    let later = with(json!({"statuses": statuses(&fell), "previous": failed}));
    assert_eq!(claim(&later), ["awaitingPairing", "suggested", "userStatus"]);
    let at_once = with(json!({"statuses": statuses(&fell), "approvals": look(2 * MINUTE + 50, &[ours("FAILED")])}));
    assert_eq!(claim(&at_once), ["awaitingPairing", "suggested", "userStatus"]);
    // One that was over before is another's.
    let walk = statuses(&[("PAIRING", MINUTE), ("READY", HOUR)]);
    let before = with(json!({"statuses": walk, "approvals": look(HOUR + 50, &[ours("FAILED")])}));
    assert_eq!(claim(&before), ["failed", "proven", "approvals"]);
}
