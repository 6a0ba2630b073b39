//! The one place that asks for the time, and lets it pass. Everything else is given it, and can be tested at any moment.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Epoch milliseconds, as in Fireblocks' audit log.
pub type Millis = i64;

/// One second, in [`Millis`].
pub const SECOND: Millis = 1000;

/// One day, in [`Millis`].
pub const DAY: Millis = 24 * 60 * 60 * SECOND;

/// The machine's clock.
pub fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

/// A delay in seconds, as arguments and settings give it, in [`Millis`].
#[expect(clippy::cast_possible_truncation, reason = "settings bound the seconds to a year")]
pub fn from_seconds(seconds: f64) -> Millis {
    (seconds * 1000.0).round() as Millis
}

/// Waits, where there is anything to wait for.
pub async fn pause(milliseconds: Option<u64>) {
    if let Some(milliseconds) = milliseconds.filter(|milliseconds| *milliseconds > 0) {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    }
}
