//! What can be set while the simulator runs: delays, limits, and the answers to what Fireblocks does not document.
//!
//! Settings belong to the process: a restart begins with the command line's again.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::arguments::Arguments;

/// `GET|PATCH /_control/settings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Seconds from filing to the approval that completes the quorum; null = by hand. Fixed when a request is filed.
    pub approve_after_seconds: Option<f64>,
    /// Seconds in PENDING_DEVICE_PAIRING; null = by hand. Fixed when a user gets there.
    pub pair_after_seconds: Option<f64>,
    /// Seconds in PENDING_DEVICE_SETUP; null = by hand. Fixed when a user gets there.
    pub setup_after_seconds: Option<f64>,
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
    /// The settings that a run begins with.
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            approve_after_seconds: arguments.approve_after.0,
            pair_after_seconds: arguments.pair_after.0,
            setup_after_seconds: arguments.setup_after.0,
            approval_threshold: 1,
            // Two days: what the owner has, says Fireblocks' help page on re-enrolling.
            approval_lifetime_seconds: 2.0 * 24.0 * 60.0 * 60.0,
            undocumented: arguments.undocumented,
            skew_seconds: 0,
            rate_limit_per_minute: RateLimits { write: 120, query: 300, read: 600 },
            retry_after_on_limit: false,
            approvals_readable: true,
            audit_family: AuditFamily::ReEnroll,
            insufficient_permissions: InsufficientPermissions::Forbidden,
            processing_ms: 5,
        }
    }

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
            self.setup_after_seconds,
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

    fn defaults() -> Settings {
        Settings::new(&Arguments::parse_from(["simulator"]))
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
