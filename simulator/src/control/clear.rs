//! `/_control/clear`.

use axum::extract::State;
use axum::http::StatusCode;

use crate::gateway::rate_limit::RateLimit;
use crate::seed;
use crate::server::json::Refused;
use crate::simulator::Sim;

/// What happened is forgotten, and users are as seeded. Settings, API users and sign-ins stay.
pub async fn clear(State(simulator): Sim) -> Result<StatusCode, Refused> {
    simulator.transact(|conn, _| {
        conn.execute_batch(
            "DELETE FROM approvals; DELETE FROM audit_logs; DELETE FROM requests; DELETE FROM nonces;
             DELETE FROM idempotency;",
        )?;
        seed::replant(conn)
    })?;
    simulator.faults().clear();
    simulator.mails().clear();
    *simulator.rate_limit() = RateLimit::default();
    Ok(StatusCode::NO_CONTENT)
}
