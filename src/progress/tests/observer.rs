//! Who looks at a history: with which clock, at which sources, when.

use super::world::*;
use fastrand::Rng;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Readable {
    Always,
    Never,
    Until(f64),
    From(f64),
    Sometimes,
}

impl Readable {
    fn random(rng: &mut Rng) -> Self {
        match rng.usize(0..10) {
            0..5 => Self::Always,
            5..7 => Self::Never,
            7 => Self::Until(ASKED + duration(rng, SECOND, 5.0 * DAY)),
            8 => Self::From(ASKED + duration(rng, SECOND, 5.0 * DAY)),
            _ => Self::Sometimes,
        }
    }

    pub fn now(self, rng: &mut Rng, at: f64) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Until(end) => at < end,
            Self::From(begin) => at >= begin,
            Self::Sometimes => rng.bool(),
        }
    }
}

/// How one observer looks.
#[derive(Debug)]
pub struct Observer {
    /// The observer's clock less Fireblocks'.
    pub ahead: f64,
    /// What the observer has learnt of it.
    pub learnt: bool,
    pub knows_answer: bool,
    /// As the worker's sweep: what cannot be read now is left out, and times are those of the question.
    pub sweeps: bool,
    /// Gives back all that was told, and not the state alone.
    pub gives_all: bool,
    pub approvals: Readable,
    pub log: Readable,
    pub status: Readable,
    pub since: f64,
    pub before: Option<&'static str>,
    /// From when on the log is read, by the observer's clock.
    pub log_from: f64,
    /// Whether what is answered has its right form, and each thing once. A list that changes while it is read page after page
    /// has some of it twice.
    pub is_orderly: bool,
    pub looks: Vec<f64>,
}

const WEEK: f64 = 7.0 * DAY;

impl Observer {
    pub fn new(rng: &mut Rng, world: &World) -> Self {
        let learnt = chance(rng, 0.4);
        let ahead = match rng.usize(0..3) {
            0 => 0.0,
            1 => (rng.f64() - 0.5) * 20.0 * SECOND,
            _ => (rng.f64() - 0.5) * if learnt { 4.0 * HOUR } else { MINUTE },
        };
        let asked = if chance(rng, 0.8) { ASKED } else { world.answered };
        let since = (asked + ahead).floor();
        let late = chance(rng, 0.15);
        let back = if late { duration(rng, SECOND, WEEK) } else { WEEK };
        Self {
            ahead,
            learnt,
            knows_answer: rng.bool(),
            sweeps: rng.bool(),
            gives_all: chance(rng, 0.7),
            approvals: Readable::random(rng),
            log: if chance(rng, 0.7) { Readable::Always } else { Readable::random(rng) },
            status: if chance(rng, 0.85) { Readable::Always } else { Readable::Sometimes },
            since,
            before: chance(rng, 0.7).then(|| world.status(ASKED - 10.0 * SECOND * rng.f64())),
            log_from: since - back,
            is_orderly: chance(rng, 0.85),
            looks: Self::times(rng, world),
        }
    }

    /// Ever more seldom, more often about what happens, and some when all is over.
    fn times(rng: &mut Rng, world: &World) -> Vec<f64> {
        let mut times = Vec::new();
        let mut pause = if rng.bool() { 2.0 * SECOND } else { MINUTE * rng.f64() };
        let mut at = world.answered + if rng.bool() { 50.0 } else { pause };
        let ours = world.requests.iter().filter(|request| request.user == 0);
        let mut events: Vec<f64> = ours.flat_map(|request| [request.filed, request.decided]).collect();
        events.extend(world.statuses.iter().map(|&(from, _)| from));
        events.retain(|event| *event > world.answered);
        let end = events.iter().copied().fold(at, f64::max);
        while at < end {
            times.push(at);
            at += pause;
            pause *= 1.2 + 1.5 * rng.f64();
        }
        for event in events {
            for _ in 0..rng.usize(0..3) {
                let away = duration(rng, 50.0, 3.0 * MINUTE);
                times.push((event + if chance(rng, 0.7) { away } else { -away }).max(world.answered));
            }
        }
        times.extend([2.0 * MINUTE, 20.0 * MINUTE, 3.0 * HOUR].map(|after| end + after));
        times.sort_by(f64::total_cmp);
        times
    }

    /// Whether the two clocks are as close as what is not learnt may be.
    pub fn is_clock_known(&self) -> bool {
        self.learnt || self.ahead.abs() <= 10.0 * SECOND
    }

    /// Whether our item can be told from others by what the observer knows.
    pub fn can_tell_apart(&self, world: &World) -> bool {
        self.is_orderly && self.is_clock_known() && world.is_plain() && !world.has_double(2.0 * MINUTE)
    }
}
