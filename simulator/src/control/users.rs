//! `/_control/users`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::server::json::{JsonBody, Refused};
use crate::simulator::Sim;
use crate::workspace::console_users::{self, ConsoleUser, Phone, READY};
use crate::workspace::walk;

/// What may be given of a user.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    role: Option<String>,
    enabled: Option<bool>,
    status: Option<String>,
    user_type: Option<String>,
}

/// A new user; what is not given is chosen. The id may be given.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewUser {
    id: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    role: Option<String>,
    enabled: Option<bool>,
    status: Option<String>,
    user_type: Option<String>,
}

/// A user, and what is known of the phone beyond Fireblocks' API.
#[derive(Serialize)]
pub struct Known {
    #[serde(flatten)]
    user: ConsoleUser,
    #[serde(flatten)]
    phone: Phone,
}

fn known(conn: &Connection, id: &str) -> anyhow::Result<Option<Known>> {
    let Some(user) = console_users::find(conn, id)? else {
        return Ok(None);
    };
    Ok(Some(Known { user, phone: console_users::phone(conn, id)? }))
}

pub async fn read(State(simulator): Sim, Path(id): Path<String>) -> Result<Json<Known>, Refused> {
    simulator.transact(|conn, _| known(conn, &id))?.map(Json).ok_or_else(unknown)
}

/// Ends a walk under way: what is set by hand stays.
pub async fn change(
    State(simulator): Sim,
    Path(id): Path<String>,
    JsonBody(change): JsonBody<Change>,
) -> Result<Json<ConsoleUser>, Refused> {
    simulator
        .transact(|conn, _| {
            let Some(user) = console_users::find(conn, &id)? else {
                return Ok(None);
            };
            let user = ConsoleUser {
                id: user.id,
                first_name: change.first_name.unwrap_or(user.first_name),
                last_name: change.last_name.unwrap_or(user.last_name),
                email: change.email.or(user.email),
                role: change.role.unwrap_or(user.role),
                enabled: change.enabled.unwrap_or(user.enabled),
                status: change.status.unwrap_or(user.status),
                user_type: change.user_type.unwrap_or(user.user_type),
            };
            console_users::replace(conn, &user)?;
            Ok(Some(user))
        })?
        .map(Json)
        .ok_or_else(unknown)
}

/// What people do about a user's phone and sign-in.
pub async fn act(State(simulator): Sim, Path((id, action)): Path<(String, String)>) -> Result<Json<Known>, Refused> {
    let settings = simulator.settings();
    simulator
        .transact(|conn, now| {
            let Some(user) = console_users::find(conn, &id)? else {
                return Ok(Err(unknown()));
            };
            let taken = match action.as_str() {
                "advance" => walk::advance(conn, &settings, now, &user)?,
                "approve_key_shares" => walk::approve_key_shares(conn, &settings, now, &user)?,
                "lose_second_factor" => walk::lose_second_factor(conn, &user)?,
                "reset_second_factor" => walk::reset_second_factor(conn, &settings, now, &user)?,
                "migrate" => walk::migrate(conn, &settings, &user)?,
                _ => {
                    return Ok(Err(Refused::not_found(
                        "a user can only: advance, approve_key_shares, lose_second_factor, reset_second_factor, migrate",
                    )));
                }
            };
            Ok(match taken {
                Ok(()) => known(conn, &id)?.ok_or_else(unknown),
                Err(objection) => Err(Refused::conflict(objection)),
            })
        })?
        .map(Json)
}

pub async fn create(
    State(simulator): Sim,
    JsonBody(new): JsonBody<NewUser>,
) -> Result<(StatusCode, Json<ConsoleUser>), Refused> {
    let user = ConsoleUser {
        id: new.id.unwrap_or_else(|| Uuid::new_v4().to_string()),
        first_name: new.first_name.unwrap_or_else(|| "New".into()),
        last_name: new.last_name.unwrap_or_else(|| "Colleague".into()),
        email: new.email,
        role: new.role.unwrap_or_else(|| "SIGNER".into()),
        enabled: new.enabled.unwrap_or(true),
        status: new.status.unwrap_or_else(|| READY.into()),
        user_type: new.user_type.unwrap_or_else(|| "CONSOLE".into()),
    };
    if simulator.transact(|conn, _| console_users::insert(conn, &user))? {
        Ok((StatusCode::CREATED, Json(user)))
    } else {
        Err(Refused::conflict("a user with this id exists"))
    }
}

fn unknown() -> Refused {
    Refused::not_found("no such user")
}
