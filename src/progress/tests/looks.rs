//! Random looks at a random history, as a watch or the worker's sweep makes them, and what is wrong with what is inferred.

use super::node::{Node, object};
use super::observer::Observer;
use super::world::*;
use crate::json::Json;
use fastrand::Rng;

/// What was inferred of one look.
#[derive(Debug, Clone)]
pub struct Told {
    pub state: &'static str,
    pub source: &'static str,
    pub at: f64,
    pub last: bool,
    pub proven: bool,
    pub others: bool,
    pub request: Option<String>,
    /// All of it, as a watch gives it back as `previous`.
    pub whole: Node,
}

/// The inference, over observations and a parser of payloads.
pub type Infer = fn(&Node, &dyn Fn(&str) -> Node) -> Told;

/// What is wrong with what was inferred of a history, and what is to be counted.
#[derive(Debug, Default, Clone)]
pub struct Findings {
    /// Of false claims: state, source, whether it was final, whether it was told as proven.
    pub false_claims: Vec<(&'static str, &'static str, bool, bool)>,
    pub ended: bool,
    /// The last word, where there was one.
    pub end: Option<(&'static str, bool)>,
    pub seen_pending: bool,
    pub went_back: bool,
    /// Another's request was taken for ours.
    pub wrong_request: bool,
    /// The approvals listed ours as waiting when it was told to have ended.
    pub waits_still: bool,
    /// Told to have ended without a reset after the device was.
    pub unreset: bool,
    pub others_falsely: bool,
    /// The log had not shown our own row when its end was told.
    pub own_row_missing: bool,
}

/// Follows `world` as `observer` does, until the end is told. `trace` prints each look.
pub fn follow(rng: &mut Rng, world: &World, observer: &Observer, infer: Infer, trace: bool) -> Findings {
    let clock = |at: f64| (at + observer.ahead).floor();
    let mut findings = Findings { ended: world.ended().is_some(), ..Findings::default() };
    let mut statuses: Vec<(&'static str, f64)> = Vec::new();
    let mut approvals = Node::Absent;
    let (mut log, mut log_at) = (Node::Absent, Node::Absent);
    let mut previous: Option<(Told, f64)> = None;
    let parse = |text: &str| world.parse(text);
    let difference = observer.learnt.then(|| (rng.f64() - 0.5) * 2.0 * SECOND - observer.ahead);
    let mut now = world.answered;
    if trace {
        println!("{world:#.0?}\n{observer:.0?}");
    }
    for (index, &begin) in observer.looks.iter().enumerate() {
        now = now.max(begin);
        // Whatever fails at times works in the end.
        let is_late = index + 3 > observer.looks.len();
        let known = previous.as_ref().and_then(|(told, _)| told.request.clone());
        if observer.sweeps {
            approvals = Node::Absent;
            (log, log_at) = (Node::Absent, Node::Absent);
        }
        let mut seen_now = None;
        let mut listed = false;
        let mut order = [0, 1, 2];
        if chance(rng, 0.3) {
            rng.shuffle(&mut order);
        }
        for source in order {
            let takes = if chance(rng, 0.1) { duration(rng, 100.0, 10.0 * SECOND) } else { 80.0 };
            let served = now + takes * rng.f64();
            let stamp = clock(if observer.sweeps { now } else { now + takes });
            now += takes;
            match source {
                0 if is_late || observer.status.now(rng, served) => seen_now = Some((world.status(served), stamp)),
                1 if observer.approvals.now(rng, served) => {
                    let mut items: Vec<Node> = Vec::new();
                    for request in &world.requests {
                        let pending = request.is_pending(served);
                        let listed = pending || (world.lists_ended && request.filed <= served);
                        if listed || (known.as_ref() == Some(&request.id) && (is_late || chance(rng, 0.9))) {
                            items.push(request.item(served));
                        }
                    }
                    rng.shuffle(&mut items);
                    let items = if observer.is_orderly { items.into_iter().collect() } else { disorder(rng, items) };
                    listed = items.is_array() && world.ours().is_pending(served);
                    findings.seen_pending |= listed;
                    approvals = object([("items", items), ("at", stamp.into())]);
                }
                2 if observer.log.now(rng, served) => {
                    let rows = world.log(observer.log_from, served);
                    log = if observer.is_orderly { rows.into_iter().collect() } else { disorder(rng, rows) };
                    log_at = stamp.into();
                }
                _ => {}
            }
        }
        let mut shown = statuses.clone();
        if let Some(newest) = seen_now {
            shown.push(newest);
            remember(&mut statuses, newest, observer.sweeps);
        }
        if !observer.sweeps {
            shown.clone_from(&statuses);
        }
        let statuses = shown.iter().map(|&(status, at)| object([("status", status.into()), ("at", at.into())]));
        // What is given back whole says it too.
        let others = previous.as_ref().filter(|_| observer.sweeps || !observer.gives_all).map(|(told, _)| told.others);
        let seen = object([
            ("userId", USERS[0].into()),
            ("since", observer.since.into()),
            ("answeredAt", observer.knows_answer.then(|| clock(world.answered)).into()),
            ("clockDifferenceMs", difference.into()),
            ("statusBefore", observer.before.into()),
            ("statuses", statuses.collect()),
            ("approvals", approvals.clone()),
            ("auditLogs", log.clone()),
            ("auditLogsAt", log_at.clone()),
            ("auditLogsFrom", observer.log_from.into()),
            ("otherResetsOpen", others.into()),
            ("approvalRequestId", known.as_deref().into()),
            ("previous", previous.as_ref().map(|(told, changed)| fed_back(observer, told, *changed)).into()),
        ]);
        let told = infer(&seen, &parse);
        findings.judge(world, observer, &told, previous.as_ref().map(|(told, _)| told), now, listed);
        if trace {
            println!("{:+.1} s: {seen_now:?}, {:?}", (now - ASKED) / SECOND, told.whole);
        }
        let last = told.last;
        let changed = previous
            .as_ref()
            .filter(|(before, _)| (before.state, before.proven) == (told.state, told.proven))
            .map_or(clock(now), |(_, at)| *at);
        previous = Some((told, changed));
        if last {
            break;
        }
    }
    let told = previous.map(|(told, _)| told).filter(|told| told.last);
    findings.end = told.map(|told| (told.state, told.proven));
    findings
}

/// The same in any order, now and then with something twice, with what is none of it, or in no list at all.
fn disorder(rng: &mut Rng, mut list: Vec<Node>) -> Node {
    if let (true, Some(again)) = (chance(rng, 0.3), rng.choice(&list).cloned()) {
        list.push(again);
    }
    if chance(rng, 0.1) {
        let row = |at: f64| {
            object([("timestamp", at.into()), ("subject", "Device reset".into()), ("event", "Rejected".into())])
        };
        let none = [Node::Absent, 7.0.into(), "a row".into(), object([]), row(1e16), row(-1.0), row(ASKED / 1e3)];
        list.push(none[rng.usize(0..none.len())].clone());
    }
    rng.shuffle(&mut list);
    if chance(rng, 0.1) { object([("data", list.into_iter().collect())]) } else { list.into_iter().collect() }
}

/// A watch remembers the first and the last time of each status, the sweep changes alone.
fn remember(statuses: &mut Vec<(&'static str, f64)>, newest: (&'static str, f64), sweeps: bool) {
    let is_again = |back: usize| statuses.iter().rev().nth(back).is_some_and(|(status, _)| *status == newest.0);
    if sweeps {
        if !is_again(0) {
            statuses.push(newest);
        }
    } else {
        if is_again(0) && is_again(1) {
            statuses.pop();
        }
        statuses.push(newest);
    }
}

fn fed_back(observer: &Observer, told: &Told, changed: f64) -> Node {
    if observer.gives_all && !observer.sweeps {
        return told.whole.clone();
    }
    let mut previous = vec![("state".to_owned(), Node::from(told.state))];
    // The worker's records do not keep the source, and the time is that of their last change.
    let (source, at) = if observer.sweeps { ("receipt", changed) } else { (told.source, told.at) };
    previous.push(("source".to_owned(), source.into()));
    previous.push(("at".to_owned(), at.into()));
    if let (true, Node::Object(all)) = (observer.gives_all || observer.sweeps, &told.whole) {
        previous.extend(all.iter().filter(|(name, _)| matches!(name.as_str(), "evidence" | "ownRequest")).cloned());
    }
    Node::Object(previous.into())
}

impl Findings {
    fn judge(
        &mut self,
        world: &World,
        observer: &Observer,
        told: &Told,
        before: Option<&Told>,
        now: f64,
        listed: bool,
    ) {
        let is_news = before.is_none_or(|before| (before.state, before.proven) != (told.state, told.proven));
        if is_news && !world.is_true(told.state, now) {
            self.false_claims.push((told.state, told.source, told.last, told.proven));
            self.waits_still |= listed && told.last;
            let own = world.log(0.0, now);
            self.own_row_missing |= told.source == "auditLog" && !has_row_of(&own, world.ours().filed);
        }
        self.went_back |= before.is_some_and(|before| rank(told.state) < rank(before.state));
        self.unreset |= matches!(told.state, "rejected" | "cancelled" | "expired")
            && before.is_some_and(|before| before.state.starts_with("awaiting"));
        self.wrong_request |= told.request.as_ref().is_some_and(|id| *id != world.ours().id);
        self.others_falsely |= told.others
            && world.requests.len() == 1
            && world.is_plain()
            && observer.is_orderly
            && observer.is_clock_known();
    }
}

fn has_row_of(log: &[Node], filed: f64) -> bool {
    log.iter().any(|row| row.number_of("timestamp") == Some(filed))
}

fn rank(state: &str) -> usize {
    let states = ["approvalRequested", "approved", "failed", "awaitingPairing", "awaitingSetup", "completed"];
    states.iter().position(|known| *known == state).unwrap_or(states.len())
}
