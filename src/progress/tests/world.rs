//! A workspace with a random history of resets, and the truth of each moment of it. Times are those of Fireblocks' clock,
//! in epoch milliseconds.

use super::node::{Node, object};
use fastrand::Rng;
use serde_json::{Value, json};
use std::collections::HashMap;

pub const SECOND: f64 = 1_000.0;
pub const MINUTE: f64 = 60.0 * SECOND;
pub const HOUR: f64 = 60.0 * MINUTE;
pub const DAY: f64 = 24.0 * HOUR;

/// When our reset is asked for.
pub const ASKED: f64 = 60.0 * DAY;
/// The longest answer to a request.
const LONGEST_ANSWER: f64 = 10.0 * SECOND;
/// By how much a row of the log is late at most.
const LONGEST_LAG: f64 = 30.0 * SECOND;
/// No request waits for longer.
const LONGEST_LIFETIME: f64 = 7.0 * DAY;

/// Ours is the first.
pub const USERS: [&str; 4] = [
    "44fdead0-7053-4831-a53a-df7fb90d440f",
    "5b8c21d6-0f0e-4b52-a57b-8f4c47cbb4b7",
    "9e1f6c0a-63fd-4a4e-bb47-2a0c0d4b7d55",
    "c3a7f0de-1b6c-4d6a-8f55-0e8a3b9f6c21",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    Approved,
    Rejected,
    Cancelled,
    Expired,
    Failed,
}

/// One request for a reset, by whomever.
#[derive(Debug)]
pub struct Request {
    pub id: String,
    pub user: usize,
    pub filed: f64,
    pub decided: f64,
    pub ending: Ending,
    /// When the device was reset.
    pub carried: Option<f64>,
    threshold: usize,
    /// When each approver agreed.
    agreed: Vec<f64>,
    /// As a text, or as the object that it would hold.
    payload: Node,
    spelling: Spelling,
}

/// How Fireblocks writes where a request stands.
#[derive(Debug, Clone, Copy)]
enum Spelling {
    Documented,
    Otherwise,
    /// It does not say it of what waits.
    Absent,
}

impl Request {
    /// `requestStatus`.
    pub fn status(&self, at: f64) -> &'static str {
        match self.ending {
            _ if at < self.decided => "PENDING",
            Ending::Approved => "APPROVED",
            Ending::Rejected => "REJECTED",
            Ending::Cancelled => "CANCELLED",
            Ending::Expired => "TIMED_OUT",
            Ending::Failed => "FAILED",
        }
    }

    pub fn is_pending(&self, at: f64) -> bool {
        self.filed <= at && at < self.decided
    }

    fn spelt(&self, at: f64) -> Option<&'static str> {
        let documented = self.status(at);
        match (self.spelling, documented) {
            (Spelling::Absent, "PENDING") => None,
            (Spelling::Otherwise, "CANCELLED") => Some("Canceled"),
            (Spelling::Otherwise, "TIMED_OUT") => Some("EXPIRED"),
            (Spelling::Otherwise, "REJECTED") => Some("rejected"),
            (Spelling::Otherwise, "APPROVED") => Some("Approved"),
            _ => Some(documented),
        }
    }

    /// As the approvals API shows it.
    pub fn item(&self, at: f64) -> Node {
        let given = self.agreed.iter().filter(|agreed| **agreed <= at).count();
        let quorum =
            object([("threshold", (self.threshold as f64).into()), ("currentApprovalCount", (given as f64).into())]);
        object([
            ("requestPayload", self.payload.clone()),
            ("quorumStatus", object([("requestStatus", self.spelt(at).into()), ("quorum", quorum)])),
        ])
    }
}

/// A row of the audit log.
#[derive(Debug)]
pub struct Row {
    pub at: f64,
    visible: f64,
    node: Node,
}

#[derive(Debug)]
pub struct World {
    /// Ours is the first.
    pub requests: Vec<Request>,
    pub answered: f64,
    /// Our user's status over time, each with its beginning.
    pub statuses: Vec<(f64, &'static str)>,
    /// Whether the payloads have ids that can be read.
    has_ids: bool,
    /// Where the payloads name the person.
    shape: usize,
    /// Whether the list of the approvals has those that have ended, too.
    pub lists_ended: bool,
    /// Whether the user's device was reset by somebody without a request.
    pub reset_in_console: bool,
    rows: Vec<Row>,
    payloads: HashMap<String, Node>,
}

/// A duration between the two, of any order of magnitude.
pub fn duration(rng: &mut Rng, least: f64, most: f64) -> f64 {
    least * (most / least).powf(rng.f64())
}

pub fn chance(rng: &mut Rng, of: f64) -> bool {
    rng.f64() < of
}

impl World {
    pub fn new(rng: &mut Rng) -> Self {
        let takes = if chance(rng, 0.3) { duration(rng, SECOND, LONGEST_ANSWER) } else { 100.0 };
        let mut world = Self {
            requests: Vec::new(),
            answered: ASKED + takes,
            statuses: Vec::new(),
            has_ids: chance(rng, 0.9),
            shape: rng.usize(0..SHAPES),
            lists_ended: chance(rng, 0.1),
            reset_in_console: chance(rng, 0.02),
            rows: Vec::new(),
            payloads: HashMap::new(),
        };
        let filed = ASKED + takes * rng.f64();
        world.file(rng, 0, filed);
        // Most workspaces are quiet, and in most the others ask for others.
        let others = if chance(rng, 0.3) { 0 } else { rng.usize(1..5) };
        let beside = chance(rng, 0.35);
        for _ in 0..others {
            let user = if beside && rng.bool() { 0 } else { rng.usize(1..USERS.len()) };
            let away = duration(rng, 200.0, 10.0 * DAY);
            let filed = ASKED + if rng.bool() { away } else { -away };
            world.file(rng, user, filed);
        }
        world.walk(rng);
        world
    }

    fn write(&mut self, rng: &mut Rng, at: f64, subject: &str, event: &str) {
        let late = if rng.bool() { 0.0 } else { LONGEST_LAG * rng.f64() };
        let node = object([("timestamp", at.into()), ("subject", subject.into()), ("event", event.into())]);
        self.rows.push(Row { at, visible: at + late, node });
    }

    fn file(&mut self, rng: &mut Rng, user: usize, filed: f64) {
        let id = format!("request-{}", self.requests.len());
        let family = if chance(rng, 0.7) { "Re-enroll mobile device" } else { "Device reset" };
        let wait = duration(rng, 300.0, LONGEST_LIFETIME);
        let (ending, decided) = match rng.usize(0..20) {
            0..9 => (Ending::Approved, filed + wait),
            9..13 => (Ending::Rejected, filed + wait),
            13..16 => (Ending::Cancelled, filed + wait),
            16..18 => (Ending::Failed, filed + wait),
            _ => (Ending::Expired, filed + [HOUR, 2.0 * DAY, LONGEST_LIFETIME][rng.usize(0..3)]),
        };
        let threshold = rng.usize(1..4);
        let granted = matches!(ending, Ending::Approved | Ending::Failed);
        let given = if granted { threshold } else { rng.usize(0..threshold) };
        let mut agreed: Vec<f64> = (0..given).map(|_| filed + (decided - filed) * rng.f64()).collect();
        if let (true, Some(last)) = (granted, agreed.first_mut()) {
            *last = decided;
        }
        self.write(rng, filed, family, "Submitted request");
        for at in &agreed {
            self.write(rng, *at, family, "Approved");
        }
        match ending {
            Ending::Rejected => self.write(rng, decided, family, "Rejected"),
            Ending::Cancelled => self.write(rng, decided, family, "Canceled"),
            _ => {}
        }
        // A request that failed may have been carried out in part.
        let carries = ending == Ending::Approved || (ending == Ending::Failed && chance(rng, 0.2));
        let carried = carries.then(|| decided + 500.0 * rng.f64());
        if let Some(at) = carried {
            self.write(rng, at, family, "Completed");
            if rng.bool() {
                self.write(rng, at, "User", "Reset mobile device");
            }
        }
        let shown = if self.has_ids { json!(id) } else { [json!(null), json!(""), json!(7)][rng.usize(0..3)].clone() };
        let payload = payload(rng, self.shape, &shown, USERS[user], filed);
        let text = payload.to_string();
        let written = if chance(rng, 0.2) { Node::from(&payload) } else { text.as_str().into() };
        self.payloads.insert(text, Node::from(&payload));
        let spelling = match rng.usize(0..10) {
            0..6 => Spelling::Documented,
            6..9 => Spelling::Otherwise,
            _ => Spelling::Absent,
        };
        let payload = written;
        self.requests.push(Request { id, user, filed, decided, ending, carried, threshold, agreed, payload, spelling });
    }

    /// The users' ways from a reset to READY.
    fn walk(&mut self, rng: &mut Rng) {
        for user in 0..USERS.len() {
            let mut falls: Vec<f64> = self
                .requests
                .iter()
                .filter(|request| request.user == user)
                .filter_map(|request| request.carried)
                .collect();
            if user == 0 && self.reset_in_console {
                let at = ASKED + duration(rng, 200.0, DAY);
                falls.push(at);
                self.write(rng, at, "User", "Reset mobile device");
            }
            // One that began long ago: its user finishes in our time.
            if chance(rng, 0.15) {
                falls.push(ASKED - duration(rng, SECOND, 30.0 * DAY));
            }
            falls.sort_by(f64::total_cmp);
            let mut statuses = vec![(0.0, "READY")];
            for (index, &fall) in falls.iter().enumerate() {
                let next = falls.get(index + 1).copied().unwrap_or(f64::INFINITY);
                let paired = fall + duration(rng, SECOND, 10.0 * DAY);
                let ready = paired + duration(rng, SECOND, 10.0 * DAY);
                statuses.push((fall, "PENDING_DEVICE_PAIRING"));
                if paired < next {
                    statuses.push((paired, "PENDING_DEVICE_SETUP"));
                }
                if ready < next {
                    statuses.push((ready, "READY"));
                    let (subject, event) = if rng.bool() {
                        ("Re-enroll mobile device", "Completed")
                    } else {
                        ("Device reset", "Recovered")
                    };
                    self.write(rng, ready, subject, event);
                }
            }
            if user == 0 {
                self.statuses = statuses;
            }
        }
    }

    pub fn ours(&self) -> &Request {
        &self.requests[0]
    }

    pub fn status(&self, at: f64) -> &'static str {
        self.statuses.iter().rev().find(|(from, _)| *from <= at).map_or("READY", |&(_, status)| status)
    }

    /// What the log shows at `at` of what was written since `from`.
    pub fn log(&self, from: f64, at: f64) -> Vec<Node> {
        self.rows.iter().filter(|row| row.at >= from && row.visible <= at).map(|row| row.node.clone()).collect()
    }

    pub fn parse(&self, payload: &str) -> Node {
        self.payloads.get(payload).cloned().unwrap_or_default()
    }

    /// When the user was ready again after our reset.
    pub fn ready(&self) -> Option<f64> {
        let carried = self.ours().carried.filter(|_| self.ours().ending == Ending::Approved)?;
        self.statuses.iter().find(|&&(at, status)| at > carried && status == "READY").map(|&(at, _)| at)
    }

    /// Whether it is true at `at` that our reset has come so far.
    pub fn is_true(&self, state: &str, at: f64) -> bool {
        let ours = self.ours();
        let ended = |ending| ours.ending == ending && at >= ours.decided;
        match state {
            "approvalRequested" => true,
            "approved" => ended(Ending::Approved),
            // Half a second before the reset is carried out, at most: beside another's walk it is told with the grant.
            "awaitingPairing" | "awaitingSetup" => ended(Ending::Approved),
            "completed" => self.ready().is_some_and(|ready| at >= ready),
            "rejected" => ended(Ending::Rejected),
            "cancelled" => ended(Ending::Cancelled),
            "expired" => ended(Ending::Expired),
            "failed" => ended(Ending::Failed),
            other => panic!("no state: {other}"),
        }
    }

    /// When our reset had ended. One that failed and was carried out all the same has no end that is known.
    pub fn ended(&self) -> Option<f64> {
        match self.ours().ending {
            Ending::Approved => self.ready(),
            Ending::Failed if self.ours().carried.is_some() => None,
            _ => Some(self.ours().decided),
        }
    }

    /// Whether the payloads say whose device it is, and which request, by names that the client knows.
    pub fn is_plain(&self) -> bool {
        self.has_ids && self.shape != UNKNOWN_SHAPE
    }

    /// Whether a request that has ended is gone and leaves no id by which another could be told from it.
    pub fn leaves_no_trace(&self) -> bool {
        !self.has_ids && !self.lists_ended
    }

    /// Another request for our user, filed less than `within` from ours.
    pub fn has_double(&self, within: f64) -> bool {
        let ours = self.ours();
        self.requests[1..].iter().any(|other| other.user == 0 && (other.filed - ours.filed).abs() < within)
    }
}

/// Its names say nothing to this client.
const UNKNOWN_SHAPE: usize = 7;
const SHAPES: usize = 8;

/// Where a payload names the person is not published: several ways, and in some of them the one who asked too.
fn payload(rng: &mut Rng, shape: usize, id: &Value, target: &str, filed: f64) -> Value {
    // Who asked may be our user, for another's device or for their own.
    let asked = if chance(rng, 0.3) { USERS[0] } else { "0d6f0c55-2a4e-4c0b-8d0e-5e2f7a9c1b30" };
    let data = match shape {
        0 => json!({"userId": target}),
        1 => json!({"targetUserId": target, "initiatorId": asked}),
        2 => json!({"user": {"id": target, "email": "someone@example.com"}, "createdBy": asked}),
        3 => json!({"initiator": {"userId": asked}, "userId": target}),
        4 => json!({"sender": {"userId": asked}, "deviceOwner": target}),
        5 => json!({"callerUserId": asked, "notify": [asked], "user": {"id": target}}),
        6 => json!({"userId": asked, "target": {"id": target}}),
        UNKNOWN_SHAPE => json!({"requestingUserId": asked, "whom": target}),
        other => panic!("no shape: {other}"),
    };
    json!({"requestId": id, "requestType": "RE_ENROLL_DEVICE", "requestTimestamp": filed.floor(),
           "expiresAt": ((filed + LONGEST_LIFETIME) / 1000.0).floor(), "requestData": data})
}
