//! `/_control/api_keys`: API users of any role, for tests of permissions.

use aws_lc_rs::rsa::KeySize;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::crypto::rsa_key::RsaKey;
use crate::server::json::{JsonBody, Refused};
use crate::simulator::Sim;
use crate::workspace::api_users::{self, ApiUser};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewApiUser {
    role: String,
    /// True: it verifies with the secret key file of the start line, and no key pair is made.
    #[serde(default)]
    shared_key: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Created {
    api_key: String,
    /// PKCS#8 PEM. Given here once, and kept nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_key: Option<String>,
}

pub async fn create(
    State(simulator): Sim,
    JsonBody(new): JsonBody<NewApiUser>,
) -> Result<(StatusCode, Json<Created>), Refused> {
    let (public_key, secret_key) = if new.shared_key {
        (simulator.public_key.clone(), None)
    } else {
        let key =
            tokio::task::spawn_blocking(|| RsaKey::generate(KeySize::Rsa4096)).await.map_err(anyhow::Error::from)??;
        (key.public_key, Some(key.private_key))
    };
    let api_key = Uuid::new_v4().to_string();
    let user = ApiUser {
        api_key: api_key.clone(),
        name: format!("Test {api_key} ({})", new.role),
        role: new.role,
        public_key,
        enabled: true,
        certificate_expired: false,
    };
    simulator.transact(|conn, _| api_users::put(conn, &user))?;
    Ok((StatusCode::CREATED, Json(Created { api_key, secret_key })))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    role: Option<String>,
    /// False: refused with code -7.
    enabled: Option<bool>,
    /// True: refused with code -5.
    certificate_expired: Option<bool>,
}

pub async fn change(
    State(simulator): Sim,
    Path(api_key): Path<String>,
    JsonBody(change): JsonBody<Change>,
) -> Result<StatusCode, Refused> {
    let known = simulator.transact(|conn, _| {
        let Some(user) = api_users::find(conn, &api_key)? else {
            return Ok(false);
        };
        let user = ApiUser {
            role: change.role.unwrap_or(user.role),
            enabled: change.enabled.unwrap_or(user.enabled),
            certificate_expired: change.certificate_expired.unwrap_or(user.certificate_expired),
            ..user
        };
        api_users::put(conn, &user)?;
        Ok(true)
    })?;
    if known { Ok(StatusCode::NO_CONTENT) } else { Err(Refused::not_found("no such API key")) }
}
