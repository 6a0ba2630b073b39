//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::settings::{self, AuditFamily, InsufficientPermissions, RateLimits, RequestPayload, Settings, Undocumented};

/// In seconds: what everybody has for their part, says Fireblocks' help page on re-enrolling.
const TWO_DAYS: f64 = 2.0 * 24.0 * 60.0 * 60.0;

/// A local Fireblocks: resets, users, audit logs, approvals and the workspace, with every request's signature verified.
///
/// Listens on 127.0.0.1 alone. When it is ready it prints one line of JSON on stdout; logs go to stderr.
#[derive(Debug, Parser)]
#[command(name = "simulator", version)]
pub struct Arguments {
    /// Port on 127.0.0.1; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    pub port: u16,

    /// Size of the workspace, at least the 11 people that are always there. Without it: 60, or as the data has it.
    #[arg(long)]
    pub users: Option<u32>,

    /// Folder of the state and the API secret key. Made when it is missing; kept between runs.
    #[arg(long, default_value = ".local/simulator")]
    pub data: PathBuf,

    /// Seconds until a filed request is approved, or `never`: then only by hand, through the control endpoint.
    #[arg(long, default_value = "5")]
    pub approve_after: Delay,

    /// Seconds that a reset user stays in PENDING_DEVICE_PAIRING, or `never`.
    #[arg(long, default_value = "8")]
    pub pair_after: Delay,

    /// Seconds that a reset user stays in PENDING_DEVICE_SETUP, or `never`.
    #[arg(long, default_value = "8")]
    pub setup_after: Delay,

    /// What to do where Fireblocks' behaviour is not documented: the worst for a client, or the mildest.
    #[arg(long, value_enum, default_value_t = Undocumented::Worst)]
    pub undocumented: Undocumented,

    /// Say nothing per request on stderr.
    #[arg(long)]
    pub quiet: bool,
}

impl Arguments {
    /// The settings that a run begins with.
    pub fn settings(&self) -> Settings {
        Settings {
            approve_after_seconds: self.approve_after.0,
            pair_after_seconds: self.pair_after.0,
            // At once: whoever wants to see the Owner awaited says so.
            key_shares_after_seconds: Some(0.0),
            setup_after_seconds: self.setup_after.0,
            key_shares_within_seconds: TWO_DAYS,
            setup_within_seconds: TWO_DAYS,
            device_migration: false,
            approval_threshold: 1,
            approval_lifetime_seconds: TWO_DAYS,
            undocumented: self.undocumented,
            skew_seconds: 0,
            rate_limit_per_minute: RateLimits { write: 120, query: 300, read: 600 },
            retry_after_on_limit: false,
            approvals_readable: true,
            api_user_eligible: false,
            request_payload: RequestPayload::Target,
            audit_family: AuditFamily::ReEnroll,
            insufficient_permissions: InsufficientPermissions::Forbidden,
            processing_ms: 5,
        }
    }
}

/// Seconds, or none for "by hand only".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delay(pub Option<f64>);

impl std::str::FromStr for Delay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "never" {
            return Ok(Self(None));
        }
        let seconds: f64 = text.parse().map_err(|_| format!("`{text}` is neither a number of seconds nor `never`"))?;
        settings::check_seconds(seconds)?;
        Ok(Self(Some(seconds)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_seconds_or_never() {
        assert_eq!("never".parse(), Ok(Delay(None)));
        assert_eq!("0".parse(), Ok(Delay(Some(0.0))));
        assert_eq!("1.5".parse(), Ok(Delay(Some(1.5))));
        for bad in ["", "soon", "-1", "NaN", "inf", "1e12"] {
            assert!(bad.parse::<Delay>().is_err(), "{bad}");
        }
    }
}
