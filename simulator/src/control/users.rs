//! `/_control/users`.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{JsonBody, Refused, Sim};
use crate::console_users::{self, ConsoleUser, READY};
use crate::re_enrolment;

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

pub async fn read(State(simulator): Sim, Path(id): Path<String>) -> Result<Json<ConsoleUser>, Refused> {
    simulator.transact(|state, _| console_users::find(state, &id))?.map(Json).ok_or_else(unknown)
}

/// Ends a walk under way: what is set by hand stays.
pub async fn change(
    State(simulator): Sim,
    Path(id): Path<String>,
    JsonBody(change): JsonBody<Change>,
) -> Result<Json<ConsoleUser>, Refused> {
    simulator
        .transact(|state, _| {
            let Some(user) = console_users::find(state, &id)? else {
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
            console_users::replace(state, &user)?;
            Ok(Some(user))
        })?
        .map(Json)
        .ok_or_else(unknown)
}

/// The user takes the next step of the walk now.
pub async fn advance(State(simulator): Sim, Path(id): Path<String>) -> Result<Json<ConsoleUser>, Refused> {
    let settings = simulator.settings();
    simulator
        .transact(|state, now| {
            let Some(user) = console_users::find(state, &id)? else {
                return Ok(None);
            };
            re_enrolment::advance(state, &settings, now, &user)?;
            console_users::find(state, &id)
        })?
        .map(Json)
        .ok_or_else(unknown)
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
    if simulator.transact(|state, _| console_users::insert(state, &user))? {
        Ok((StatusCode::CREATED, Json(user)))
    } else {
        Err(Refused::conflict("a user with this id exists"))
    }
}

fn unknown() -> Refused {
    Refused::not_found("no such user")
}
