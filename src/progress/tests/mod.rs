//! What may, and what may not, be concluded: by examples, one for each kind, and beside the truth of random histories.

mod examples;
mod histories;
mod looks;
mod node;
mod observer;
mod world;

use super::*;
use crate::output::Object;
use crate::progress::state::{EVIDENCE, OWN_REQUEST, SOURCES, STATES};
use looks::Told;
use node::Node;
use proptest::prelude::*;
use serde_json::{Value, json};

const USER: &str = "44fdead0-7053-4831-a53a-df7fb90d440f";
const OTHER: &str = "5b8c21d6-0f0e-4b52-a57b-8f4c47cbb4b7";

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

fn infer_from(observations: &Value) -> Value {
    serde_json::to_value(Object::from(&infer(observations, parse).unwrap())).unwrap()
}

fn told(seen: &Node, parse: &dyn Fn(&str) -> Node) -> Told {
    let progress = infer(seen, parse).unwrap();
    let Claim { state, source, at, evidence } = progress.claim;
    Told {
        state: state.name(),
        source: source.name(),
        at,
        last: state.is_final(),
        proven: evidence == Evidence::Proven,
        others: progress.other_resets_open,
        whole: Node::from(&serde_json::to_value(Object::from(&progress)).unwrap()),
        request: progress.approval_request_id,
    }
}

#[test]
fn nothing_false_is_told_as_proven_and_every_end_is_seen_in_all_histories() {
    let tally = histories::tally(told);
    tally.print();
    // Of two requests for one user within a minute, of which ours has ended before the first look, the approvals show
    // the other alone. Nothing that can be seen tells it from ours: `docs/progress.md` says so.
    let hidden = tally.of(|what| what.contains("proven") && what.contains("ours hidden by another"));
    assert_eq!(tally.of(|what| what.starts_with("false") && what.contains("proven")), hidden);
    // No end is told falsely, but that of a walk.
    let walks = tally.of(|what| what.starts_with("false, final, suggested: completed by userStatus"));
    assert_eq!(tally.of(|what| what.starts_with("false, final, suggested")), walks);
    // With the approvals readable, every end of a request that was seen waiting and could be told apart.
    assert_eq!(tally.of(|what| what.starts_with("told apart: not seen")), 0);
    for wrong in ["an end while", "a device that", "others, where", "went back", "another's request, ours seen"] {
        assert_eq!(
            tally.of(|what| what.strip_prefix("wrong: ").is_some_and(|what| what.starts_with(wrong))),
            0,
            "{wrong}"
        );
    }
    // What is counted is there.
    assert!(
        tally.of(|what| what.starts_with("told apart: seen, proven")) > tally.of(|what| what.starts_with("end: ")) / 5
    );
}

#[test]
fn every_word_has_a_meaning_and_every_meaning_a_word() {
    let states: Vec<usize> = STATES.iter().map(|&(_, state)| state as usize).collect();
    assert_eq!(states, (0..=ResetState::Failed as usize).collect::<Vec<_>>());
    assert_eq!(ResetState::Failed.name(), "failed");
    let sources: Vec<usize> = SOURCES.iter().map(|&(_, source)| source as usize).collect();
    assert_eq!(sources, (0..=ProgressSource::AuditLog as usize).collect::<Vec<_>>());
    assert_eq!(ProgressSource::AuditLog.name(), "auditLog");
    assert_eq!(EVIDENCE.iter().map(|(word, _)| *word).collect::<Vec<_>>(), ["proven", "suggested"]);
    assert_eq!(OWN_REQUEST.iter().map(|(word, _)| *word).collect::<Vec<_>>(), ["found", "missing", "unclear"]);
}

#[test]
fn what_is_missing_is_named() {
    for (observations, reason) in [
        (json!({}), "The user's id must not be empty."),
        (json!(null), "The user's id must not be empty."),
        (json!({"userId": ".."}), "The user's id must not be `.` or `..`: the URL would lead to another path."),
        (json!({"userId": "u"}), "since must be a number of milliseconds since 1970."),
        (
            json!({"userId": "u", "since": 1, "approvals": {"items": [], "at": "2026-01-01"}}),
            "at of approvals must be a number of milliseconds since 1970.",
        ),
    ] {
        assert_eq!(infer(&observations, parse).unwrap_err().concat(), reason);
    }
}

proptest! {
    /// Whatever the sources say, in whatever contradiction.
    #[test]
    fn each_look_of_a_watch_goes_on_or_stays(
        looks in proptest::collection::vec(
            (0usize..5, 0usize..7, proptest::collection::vec((0usize..3, 0usize..6), 0..4)),
            1..12,
        )
    ) {
        let names = ["READY", "PENDING_DEVICE_PAIRING", "PENDING_DEVICE_SETUP", "PENDING_ACTIVATION", "NEW"];
        let standings = ["PENDING", "APPROVED", "REJECTED", "CANCELLED", "TIMED_OUT", "FAILED"];
        let subjects = ["Re-enroll mobile device", "Device reset", "User"];
        let events = ["Submitted request", "Approved", "Rejected", "Canceled", "Completed", "Reset mobile device"];
        let mut seen: Vec<Value> = Vec::new();
        let mut previous: Option<(Claim, Value)> = None;
        for (look, (status, standing, rows)) in looks.into_iter().enumerate() {
            let at = 2000 + 1000 * look as i64;
            seen.push(json!({"status": names[status], "at": at}));
            let rows: Vec<Value> = rows
                .iter()
                .map(|&(subject, event)| json!({"timestamp": at, "subject": subjects[subject], "event": events[event]}))
                .collect();
            let items: Vec<Value> =
                standings.get(standing).map(|standing| examples::approval(USER, standing, 1500)).into_iter().collect();
            let mut observations = json!({
                "userId": USER, "since": 1000, "statusBefore": "READY", "statuses": seen, "auditLogs": rows,
                "approvals": {"items": items, "at": at},
            });
            if let Some((_, progress)) = &previous {
                observations["previous"] = progress.clone();
            }
            let found = infer_from(&observations);
            let reached = Claim::read(&found).unwrap();
            if let Some((previous, _)) = previous {
                let leaves_failure = previous.state == ResetState::Failed && reached.state.is_under_way();
                prop_assert!(reached.state >= previous.state || leaves_failure || reached.state == ResetState::Completed);
                prop_assert!(reached.state != previous.state || reached == previous || reached.is_proven() && !previous.is_proven());
                prop_assert!(!previous.state.is_final() || previous == reached || previous.state == ResetState::Failed);
                let un_reset = previous.state.is_under_way() && reached.state > ResetState::Completed;
                prop_assert!(!un_reset);
            }
            prop_assert_eq!(&found["final"], &json!(reached.state.is_final()));
            previous = Some((reached, found));
        }
    }
}
