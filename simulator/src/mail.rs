//! The stand-in for a mail service: a page with the mails that would have been sent. For this machine alone, and for as long
//! as the process runs.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::simulator::Sim;

const KEPT: usize = 200;

/// A mail as it would have gone out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mail {
    /// The `Message-ID`.
    pub id: String,
    pub from: String,
    pub to: Vec<String>,
    pub subject: String,
    pub text: String,
    /// ISO 8601.
    pub sent_at: String,
}

/// The newest last.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Mails(Vec<Mail>);

impl Mails {
    /// Adds a mail, once; the oldest goes when there are too many.
    pub fn keep(&mut self, mail: Mail) {
        if self.0.iter().any(|kept| kept.id == mail.id) {
            return;
        }
        self.0.push(mail);
        let surplus = self.0.len().saturating_sub(KEPT);
        self.0.drain(..surplus);
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    nonce: &'a str,
    mails: Vec<&'a Mail>,
}

/// `GET /mail`: the newest first. Plain text: nothing in a mail is a link here.
pub async fn page(State(simulator): Sim) -> Response {
    let nonce = Uuid::new_v4().simple().to_string();
    let mails = simulator.mails();
    let Ok(html) = (MailPage { nonce: &nonce, mails: mails.0.iter().rev().collect() }).render() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let policy = format!("default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; frame-ancestors 'none'");
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(id: usize) -> Mail {
        let text = String::new();
        Mail {
            id: id.to_string(),
            from: text.clone(),
            to: vec![],
            subject: text.clone(),
            text: text.clone(),
            sent_at: text,
        }
    }

    #[test]
    fn a_mail_is_kept_once_and_the_oldest_goes() {
        let mut mails = Mails::default();
        for id in 0..=KEPT {
            mails.keep(mail(id));
            mails.keep(mail(id));
        }
        assert_eq!(mails.0.len(), KEPT);
        assert_eq!(mails.0.first(), Some(&mail(1)));
        assert_eq!(mails.0.last(), Some(&mail(KEPT)));
    }
}
