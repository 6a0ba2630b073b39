//! Whether a reset may wait already, asked before another is sent.

use super::*;

#[test]
fn whatever_may_wait_and_names_the_user_in_any_role_is_pending() {
    let item = |data: Value, status: &str| approval_of("q", data, status, SINCE - DAY);
    let among = |items: Value| may_be_pending(&json!(USER), &items, parse).unwrap();
    let pending = |item: Value| among(json!([approval(OTHER, "PENDING", SINCE), item]));
    for data in [
        json!({"userId": USER}),
        json!({"userId": OTHER, "initiatorId": USER}),
        json!({"anything": [{"at": {"all": USER}}]}),
        json!({"nested": json!({"userId": USER}).to_string()}),
        json!({"path": format!("/users/{USER}/device")}),
    ] {
        for status in ["PENDING", "APPROVED", "BRAND_NEW"] {
            assert!(pending(item(data.clone(), status)), "{data} {status}");
        }
        for status in ["REJECTED", "CANCELLED", "TIMED_OUT", "FAILED"] {
            assert!(!pending(item(data.clone(), status)), "{data} {status}");
        }
    }
    let mut other_type = item(json!({"userId": USER}), "PENDING");
    other_type["requestPayload"] = json!(format!("no JSON, but {USER}"));
    other_type["quorumStatus"] = json!(null);
    assert!(pending(other_type));
    assert!(!pending(item(json!({"userId": format!("{USER}0")}), "PENDING")));
    assert!(!among(json!(null)));
    let nobody = may_be_pending(&json!(""), &json!([]), parse).unwrap_err().concat();
    assert_eq!(nobody, "The user's id must not be empty.");
}

#[test]
fn however_an_item_is_written_it_is_found() {
    let is_pending = |id: &str, items: &[Value]| may_be_pending(&json!(id), &json!(items), parse).unwrap();
    let plain = payload_of("q", json!({"userId": USER}), SINCE);
    let theirs = payload_of("q", json!({"userId": OTHER}), SINCE);
    let mut outside = item_of(json!(theirs.to_string()), "PENDING");
    outside["userId"] = json!(USER);
    for (what, item) in [
        ("an object", item_of(plain.clone(), "PENDING")),
        ("in capitals", item_of(json!(plain.to_string().to_uppercase()), "PENDING")),
        ("beside the payload", outside),
        ("a name", item_of(json!({"users": {USER: true}}), "PENDING")),
        ("a list", item_of(json!([plain]), "PENDING")),
        // What cannot be read may be anything.
        ("absent", item_of(json!(null), "PENDING")),
        ("base64", item_of(json!("eyJ1c2VySWQiOiJ1In0="), "PENDING")),
        ("cut off", item_of(json!(format!("{{\"note\":\"{}\"}}", "x".repeat(70_000))), "PENDING")),
        ("a long text", item_of(json!({"note": "x".repeat(70_000)}), "PENDING")),
        ("nothing", json!({})),
        ("null", json!(null)),
    ] {
        assert!(is_pending(USER, std::slice::from_ref(&item)), "{what}");
        let mut ended = item;
        ended["quorumStatus"] = json!({"requestStatus": "REJECTED"});
        assert!(!is_pending(USER, &[ended]), "{what}");
    }
    for (id, written) in [("m\u{fc}ller", r"m\u00fcller"), ("a/b", r"a\/b"), ("a/b", r"A\u002fB")] {
        let payload = format!(r#"{{"requestType":"RE_ENROLL_DEVICE","requestData":{{"userId":"{written}"}}}}"#);
        assert!(is_pending(id, &[item_of(json!(payload), "PENDING")]), "{written}");
        let nested = json!({"requestData": payload}).to_string();
        assert!(is_pending(id, &[item_of(json!(nested), "PENDING")]), "{written}");
    }
    // Without letters and digits there is nothing to look for.
    assert!(is_pending("--", &[item_of(json!({"target": "x"}), "PENDING")]));
    let bare = USER.replace('-', "");
    for written in [bare.clone(), bare.to_uppercase(), format!("users%2F{}%2Fdevice", USER.replace('-', "%2D"))] {
        assert!(is_pending(USER, &[item_of(json!({"target": written}), "PENDING")]), "{written}");
        assert!(is_pending(&bare, &[item_of(json!({"target": USER}), "PENDING")]));
    }
    for written in [format!("{bare}0"), format!("0{bare}"), bare[1..].into(), bare[..31].into()] {
        assert!(!is_pending(USER, &[item_of(json!({"target": written}), "PENDING")]), "{written}");
    }
    assert!(!is_pending("m\u{fc}ller", &[item_of(json!({"userId": "mller"}), "PENDING")]));
    // Others' are not, also where the user may approve them.
    let mut beside = item_of(theirs, "PENDING");
    beside["quorumStatus"]["users"] = json!([{"userId": USER}]);
    assert!(!is_pending(USER, &[beside]));
    assert!(!is_pending("a-a", &[item_of(json!({"userId": "xa-a"}), "PENDING")]));
    assert!(is_pending("a-a", &[item_of(json!({"userId": "xa-a-a"}), "PENDING")]));
}
