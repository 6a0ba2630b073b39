//! The inference beside the truth, in as many random histories as `HISTORIES` says. `SEED` begins them elsewhere: what went
//! wrong is printed with the seed of its first history, and `SEED=that HISTORIES=1` makes it again, look by look.

use super::looks::{Infer, follow};
use super::observer::{Observer, Readable};
use super::world::{MINUTE, World};
use fastrand::Rng;
use std::collections::BTreeMap;
use std::thread;

/// How often each thing was found, and the seed of its first history.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<String, (u64, u64)>);

impl Tally {
    fn add(&mut self, what: impl Into<String>, seed: u64) {
        self.0.entry(what.into()).or_insert((0, seed)).0 += 1;
    }

    fn join(mut self, other: Self) -> Self {
        for (what, (count, seed)) in other.0 {
            let found = self.0.entry(what).or_insert((0, seed));
            *found = (found.0 + count, found.1.min(seed));
        }
        self
    }

    /// How often such things were found.
    pub fn of(&self, is_such: impl Fn(&str) -> bool) -> u64 {
        self.0.iter().filter(|(what, _)| is_such(what)).map(|(_, (count, _))| count).sum()
    }

    pub fn print(&self) {
        for (what, (count, seed)) in &self.0 {
            println!("{count:>7}  {what}  (SEED={seed})");
        }
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Follows every history, on both of the cores that a machine has at least.
pub fn tally(infer: Infer) -> Tally {
    let (seed, count) = (setting("SEED", 1), setting("HISTORIES", 100_000));
    let half = move |first: u64| {
        let mut tally = Tally::default();
        for seed in (seed + first..seed + count).step_by(2) {
            one(&mut tally, seed, infer, count == 1);
        }
        tally
    };
    thread::scope(|scope| {
        let other = scope.spawn(|| half(1));
        half(0).join(other.join().unwrap())
    })
}

fn one(tally: &mut Tally, seed: u64, infer: Infer, trace: bool) {
    let mut rng = Rng::with_seed(seed);
    let world = World::new(&mut rng);
    let observer = Observer::new(&mut rng, &world);
    let found = follow(&mut rng, &world, &observer, infer, trace);
    // Of two for one user, ours had ended before anybody could look, or nothing tells the two apart: the approvals show the
    // other alone.
    let is_hidden = world.has_double(2.0 * MINUTE) && (!found.seen_pending || world.leaves_no_trace());
    let has_double = world.requests[1..].iter().any(|other| other.user == 0);
    let beside = match () {
        () if is_hidden => "ours hidden by another",
        () if has_double => "another for the user",
        () => "alone",
    };
    for (state, source, last, proven) in &found.false_claims {
        let how = match (last, proven) {
            (true, true) => "false, final, proven",
            (true, false) => "false, final, suggested",
            (false, true) => "false, proven",
            (false, false) => "false, suggested",
        };
        tally.add(format!("{how}: {state} by {source}, {beside}"), seed);
        if found.own_row_missing {
            tally.add(format!("{how}: {state} before the log shows our own row"), seed);
        }
    }
    for (is, what) in [
        (found.waits_still, "wrong: an end while the approvals list ours as waiting"),
        (found.unreset, "wrong: a device that was reset is told not to be"),
        (found.wrong_request && !is_hidden, "wrong: another's request, ours seen"),
        (found.wrong_request && is_hidden, "hidden: another's request taken for ours"),
        (found.others_falsely, "wrong: others, where there are none"),
        (found.went_back, "wrong: went back"),
    ] {
        if is {
            tally.add(what, seed);
        }
    }
    if !found.ended {
        return;
    }
    let sources = match observer.approvals {
        Readable::Always => "approvals always readable",
        Readable::Never => "approvals never readable",
        _ => "approvals readable at times",
    };
    let how = match found.end {
        Some((_, true)) => "seen, proven",
        Some((_, false)) => "seen, suggested",
        None => "not seen",
    };
    tally.add(format!("end: {sources}: {how}"), seed);
    if observer.approvals == Readable::Always && found.seen_pending && observer.can_tell_apart(&world) {
        tally.add(format!("told apart: {how}"), seed);
        if found.end.is_none() {
            let ending = world.ours().ending;
            tally.add(format!("missed: {ending:?}, status before {:?}", observer.before), seed);
        }
    }
}
