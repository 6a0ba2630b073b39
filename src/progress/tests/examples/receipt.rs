//! What the receipt shows alone.

use super::*;

#[test]
fn is_all_there_is_with_nothing_seen() {
    let expected = json!({"state": "approvalRequested", "evidence": "proven", "source": "receipt",
                          "at": SINCE as f64, "final": false, "otherResetsOpen": false});
    assert_eq!(with(json!({})), expected);
}

#[test]
fn values_that_are_newer_than_this_client_pass_through() {
    let progress = with(json!({"statuses": statuses(&[("BRAND_NEW", SECOND)])}));
    assert_eq!((claim(&progress), &progress["userStatus"]), (ASKED, &json!("BRAND_NEW")));
}
