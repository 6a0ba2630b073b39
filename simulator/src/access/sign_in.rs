//! The sign-in page: choose a person of the workspace, be them. For this machine alone.

use anyhow::Result;
use askama::Template;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::COOKIE;
use super::tokens::{self, TokenRequest};
use crate::seed::groups::{Group, groups_of};
use crate::seed::people;
use crate::server::json::{Query, Refused};
use crate::server::loopback::is_loopback;
use crate::simulator::Sim;
use crate::workspace::console_users::ConsoleUser;

/// What the application gives along.
#[derive(Deserialize)]
pub struct Application {
    #[serde(default)]
    kid: String,
    #[serde(default = "root")]
    redirect_url: String,
}

fn root() -> String {
    "/".into()
}

#[derive(Deserialize)]
pub struct Choice {
    #[serde(default)]
    email: String,
    #[serde(default)]
    groups: GroupsAs,
}

/// How the identity provider tells of groups. Access hands it on as it is.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum GroupsAs {
    /// `{ id, name, email }`, as a directory does.
    #[default]
    Objects,
    /// Their names alone.
    Texts,
}

impl GroupsAs {
    fn of(self, groups: &[Group]) -> Value {
        match self {
            Self::Objects => json!(groups),
            Self::Texts => groups.iter().map(|group| group.name).collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Return {
    return_to: Option<String>,
}

/// `GET /cdn-cgi/access/login/{hostname}`.
pub async fn page(
    State(simulator): Sim,
    Path(hostname): Path<String>,
    Query(application): Query<Application>,
) -> Result<Response, Refused> {
    if let Err(problem) = check(&hostname, &application, &simulator.audience) {
        return Ok(render(StatusCode::BAD_REQUEST, &hostname, Content::Message("Sign-in is not possible", problem)));
    }
    Ok(render(StatusCode::OK, &hostname, Content::People(&people::sign_in_people())))
}

/// Its form: sets the cookie, and goes back to the application.
pub async fn sign_in(
    State(simulator): Sim,
    Path(hostname): Path<String>,
    Query(application): Query<Application>,
    Form(choice): Form<Choice>,
) -> Result<Response, Refused> {
    if let Err(problem) = check(&hostname, &application, &simulator.audience) {
        return Ok(render(StatusCode::BAD_REQUEST, &hostname, Content::Message("Sign-in is not possible", problem)));
    }
    let people = people::sign_in_people();
    let Some(person) = people.iter().find(|person| person.email.as_ref() == Some(&choice.email)) else {
        return Ok(render(StatusCode::FORBIDDEN, &hostname, Content::People(&people)));
    };
    let groups = choice.groups.of(&groups_of(person));
    let request = TokenRequest {
        email: person.email.clone(),
        custom: Some(json!({ "groups": groups })),
        groups: Some(groups),
        ..TokenRequest::default()
    };
    let token =
        simulator.transact(|conn, now| tokens::issue(conn, &simulator.origin, &simulator.audience, now, &request))?;
    Ok(go(
        &format!("http://{hostname}{}", application.redirect_url),
        &format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"),
    ))
}

/// `GET /cdn-cgi/access/logout`: forgets the cookie; goes back only to an address on this machine.
pub async fn sign_out(Query(to): Query<Return>) -> Response {
    let forget = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    match to.return_to.filter(|url| is_local_url(url)) {
        Some(url) => go(&url, &forget),
        None => {
            let message = "Close this tab, or go back to the application to sign in again.";
            let mut response = render(StatusCode::OK, "", Content::Message("You are signed out", message));
            if let Ok(forget) = HeaderValue::try_from(forget) {
                response.headers_mut().insert(header::SET_COOKIE, forget);
            }
            response
        }
    }
}

fn check(hostname: &str, application: &Application, audience: &str) -> Result<(), &'static str> {
    if !is_loopback(hostname) {
        return Err("The application's address is not on this machine.");
    }
    if application.kid != audience {
        return Err("This application is not known here: its audience (kid) is not this simulator's.");
    }
    if !is_local_path(&application.redirect_url) {
        return Err("redirect_url must be a path on the application's host, beginning with one slash.");
    }
    Ok(())
}

/// A path that a browser cannot take for another host.
fn is_local_path(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && is_plain(path)
}

fn is_local_url(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    is_loopback(host) && is_plain(rest)
}

/// Visible ASCII without the backslash, which browsers read as a slash.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

fn go(url: &str, cookie: &str) -> Response {
    let headers = [
        (header::LOCATION, url),
        (header::SET_COOKIE, cookie),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

enum Content<'a> {
    People(&'a [ConsoleUser]),
    Message(&'a str, &'a str),
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    nonce: &'a str,
    hostname: &'a str,
    people: &'a [ConsoleUser],
    refused: bool,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage<'a> {
    nonce: &'a str,
    title: &'a str,
    message: &'a str,
}

fn render(status: StatusCode, hostname: &str, content: Content<'_>) -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    let html = match content {
        Content::People(people) => {
            SignInPage { nonce: &nonce, hostname, people, refused: status != StatusCode::OK }.render()
        }
        Content::Message(title, message) => MessagePage { nonce: &nonce, title, message }.render(),
    };
    let Ok(html) = html else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // form-action also holds for where the form's answer redirects to: the application.
    let application = if is_loopback(hostname) { format!(" http://{hostname}") } else { String::new() };
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'{application}; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_stays_on_the_application() {
        for good in ["/", "/resets?state=done#top", "/a//b"] {
            assert!(is_local_path(good), "{good}");
        }
        for bad in ["", "//example.com", "/\\example.com", "https://example.com", "/a\r\nb", "/ä", "a"] {
            assert!(!is_local_path(bad), "{bad}");
        }
    }

    #[test]
    fn a_return_stays_on_this_machine() {
        for good in ["http://127.0.0.1:8787/", "http://localhost", "http://127.0.0.1:1?a=b"] {
            assert!(is_local_url(good), "{good}");
        }
        for bad in [
            "https://127.0.0.1/",
            "http://example.com/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1:80@example.com/",
            "http://127.0.0.1\\@example.com/",
            "//127.0.0.1/",
            "http:///example.com",
            "javascript:alert(1)",
        ] {
            assert!(!is_local_url(bad), "{bad}");
        }
    }
}
