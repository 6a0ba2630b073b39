//! What can be set while the simulator runs: delays, limits, and the answers to what Fireblocks does not document.
//!
//! Settings belong to the process: a restart begins with the command line's again.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `GET|PATCH /_control/settings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Seconds from filing to the approval that completes the quorum; null = by hand. Fixed when a request is filed.
    pub approve_after_seconds: Option<f64>,
    /// Seconds in PENDING_DEVICE_PAIRING; null = by hand. Fixed when a user gets there.
    pub pair_after_seconds: Option<f64>,
    /// Seconds from a pairing to the Owner's approval of the key shares of somebody who signs; null = by hand. Fixed when a
    /// user pairs.
    pub key_shares_after_seconds: Option<f64>,
    /// Seconds in PENDING_DEVICE_SETUP, for somebody who signs from that approval on; null = by hand. Fixed when it begins.
    pub setup_after_seconds: Option<f64>,
    /// Seconds that the Owner has for the key shares. Fireblocks' help says two days; older copies say five.
    pub key_shares_within_seconds: f64,
    /// Seconds that the user has after that.
    pub setup_within_seconds: f64,
    /// Whether the Owner has allowed device migration: from a phone that still works to another one, without a reset.
    pub device_migration: bool,
    /// How many people must approve a request.
    pub approval_threshold: u32,
    /// Seconds until a pending request ends as TIMED_OUT.
    pub approval_lifetime_seconds: f64,
    /// The answer to what Fireblocks does not document.
    pub undocumented: Undocumented,
    /// How far the clock of Fireblocks is ahead of this machine's: the `Date` header, and what `iat`/`exp` are held to.
    pub skew_seconds: i64,
    /// Requests per minute, per API user and endpoint. Fireblocks publishes no numbers.
    pub rate_limit_per_minute: RateLimits,
    /// Whether a 429 carries `Retry-After`. Fireblocks documents none.
    pub retry_after_on_limit: bool,
    /// Whether the workspace has the approvals API (it is a beta).
    pub approvals_readable: bool,
    /// Whether the calling API user counts among those who may act on a request. Whether that of a reset does is not documented.
    pub api_user_eligible: bool,
    /// How a reset's `requestPayload` names people; what is in it is not published.
    pub request_payload: RequestPayload,
    /// Which of the two documented families of audit rows a reset through the API writes; Fireblocks does not say.
    pub audit_family: AuditFamily,
    /// How a missing role is refused: both are documented.
    pub insufficient_permissions: InsufficientPermissions,
    /// Milliseconds that a reset takes before it has its effect. What makes "at once" possible.
    pub processing_ms: u64,
}

/// The answer to what Fireblocks does not document.
///
/// | Question | worst | mild |
/// |---|---|---|
/// | the same key twice at once | runs twice | the second waits for the first, and gets its answer |
/// | another key (or none) while one is pending | files a second approval | 409 |
/// | the same key for another user | the first answer again, nothing is filed | 400 |
/// | Owner, API user, no device, disabled, not activated | files an approval | 400 |
/// | the Owner or the user is too late after the pairing | only a new reset helps | the user pairs anew |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "camelCase")]
pub enum Undocumented {
    /// What harms a careless client most.
    Worst,
    /// What harms it least.
    Mild,
}

/// Which family of subjects a reset writes to the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AuditFamily {
    /// Subject `Re-enroll mobile device`.
    ReEnroll,
    /// Subject `Device reset`.
    DeviceReset,
}

/// Who stands where in a reset's `requestPayload`. A client that looks for an id in it must not take who asked for whose
/// device it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RequestPayload {
    /// `requestData.userId` is whose device; who asked is not told.
    Target,
    /// The same, with `initiatorId` beside `requestData`.
    InitiatorBeside,
    /// `requestData.initiator.userId` and `requestData.user.userId`.
    InitiatorNested,
    /// `requestData.userId` is who asked, `requestData.targetUserId` whose device.
    InitiatorAsUserId,
}

/// How a missing role is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InsufficientPermissions {
    /// As the OpenAPI document says.
    #[serde(rename = "403")]
    Forbidden,
    /// As the list of gateway codes says: code -8.
    #[serde(rename = "401")]
    Unauthorized,
}

/// Requests per minute by Fireblocks' `x-rate-limit-category`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RateLimits {
    /// `resetDevice`.
    pub write: u32,
    /// `getConsoleUsers`, `getAuditLogs`, and the approvals.
    pub query: u32,
    /// `getWorkspace`.
    pub read: u32,
}

impl Settings {
    /// These settings with a partial JSON document laid over them.
    pub fn patched(&self, patch: &Value) -> Result<Self, String> {
        let mut merged = serde_json::to_value(self).map_err(|error| error.to_string())?;
        lay_over(&mut merged, patch);
        let settings: Self = serde_json::from_value(merged).map_err(|error| error.to_string())?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), String> {
        let delays = [
            self.approve_after_seconds,
            self.pair_after_seconds,
            self.key_shares_after_seconds,
            self.setup_after_seconds,
            Some(self.key_shares_within_seconds),
            Some(self.setup_within_seconds),
            Some(self.approval_lifetime_seconds),
        ];
        for seconds in delays.into_iter().flatten() {
            check_seconds(seconds)?;
        }
        if self.approval_threshold == 0 {
            return Err("approvalThreshold is at least 1".into());
        }
        if self.skew_seconds.unsigned_abs() > 366 * 24 * 60 * 60 {
            return Err("skewSeconds is at most a year".into());
        }
        if self.processing_ms > 600_000 {
            return Err("processingMs is at most ten minutes".into());
        }
        Ok(())
    }
}

/// Refuses a delay that is no delay: negative, not a number, or longer than a year.
pub fn check_seconds(seconds: f64) -> Result<(), String> {
    if (0.0..=366.0 * 24.0 * 60.0 * 60.0).contains(&seconds) {
        Ok(())
    } else {
        Err(format!("{seconds} is not a delay in seconds between 0 and a year"))
    }
}

/// Null stays null: unlike a JSON merge patch, because null is a value here ("by hand").
fn lay_over(base: &mut Value, patch: &Value) {
    match (base, patch) {
        (Value::Object(base), Value::Object(patch)) => {
            for (name, value) in patch {
                lay_over(base.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (base, patch) => *base = patch.clone(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::json;

    use super::*;
    use crate::arguments::Arguments;

    fn defaults() -> Settings {
        Arguments::parse_from(["simulator"]).settings()
    }

    #[test]
    fn a_patch_changes_what_it_names_and_nothing_else() {
        let patched = defaults()
            .patched(&json!({"approveAfterSeconds": null, "rateLimitPerMinute": {"write": 9}, "undocumented": "mild"}))
            .unwrap();
        assert_eq!(patched.approve_after_seconds, None);
        assert_eq!(patched.rate_limit_per_minute.write, 9);
        assert_eq!(patched.rate_limit_per_minute.query, 300);
        assert_eq!(patched.undocumented, Undocumented::Mild);
        assert_eq!(patched.pair_after_seconds, Some(8.0));
    }

    #[test]
    fn a_patch_that_names_nothing_we_have_is_refused() {
        for bad in [
            json!({"approveAfter": 1}),
            json!({"rateLimitPerMinute": {"writes": 1}}),
            json!({"approveAfterSeconds": -1}),
            json!({"approvalThreshold": 0}),
            json!({"undocumented": "kind"}),
            json!([1]),
        ] {
            assert!(defaults().patched(&bad).is_err(), "{bad}");
        }
    }
}
