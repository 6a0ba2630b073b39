//! The sentences of an error: what happened, in the server's words too; what to do; what may have taken effect.

use super::{AttemptError, Context, ErrorKind, Outcome};
use crate::request::idempotency_key::EarlierUse;
use crate::request::operation::Operation;
use crate::text::push_number;

/// The message of a call that ended with `last` and may have done what `outcome` says.
pub(super) fn of(last: &AttemptError, outcome: Outcome, context: Context) -> String {
    let speaks_for_itself = !context.signs && last.is_json && last.server_message.is_some();
    let effect = effect(last, outcome, context);
    if speaks_for_itself {
        // A gateway knows its own rules. To ours of Fireblocks' roles and keys they would only be contradicted.
        let words = last.server_message.as_deref().unwrap_or_default();
        let own = with_numbers(words, last);
        // Its words tell what it did, but not what attempts before this one may have done.
        let is_told = last.outcome_is_stated && outcome == last.outcome;
        return sentences(&[&own, if is_told { "" } else { &effect }]);
    }
    let lead = last.detail.as_deref().unwrap_or_else(|| lead(last.kind, context));
    let mut first = with_numbers(lead, last);
    if let Some(words) = &last.server_message {
        first = [without_full_stop(&first), ": ", without_full_stop(words), "."].concat();
    }
    sentences(&[&first, remedy(last, context), &effect])
}

/// Those that say something, with a space between.
fn sentences(sentences: &[&str]) -> String {
    let mut told = String::new();
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        if !told.is_empty() {
            told.push(' ');
        }
        told.push_str(sentence);
    }
    told
}

/// `sentence`, with the numbers that support asks for before its full stop.
fn with_numbers(sentence: &str, error: &AttemptError) -> String {
    let mut numbered = String::from(without_full_stop(sentence));
    match (error.status, &error.cause_code) {
        (Some(status @ 1..), _) => {
            numbered.push_str(" (HTTP ");
            push_number(&mut numbered, status.into());
            if let Some(code) = error.code {
                numbered.push_str(", code ");
                push_number(&mut numbered, code.into());
            }
        }
        (_, Some(code)) => {
            numbered.push_str(" (");
            numbered.push_str(code);
        }
        _ => return String::from(sentence),
    }
    numbered.push_str(").");
    numbered
}

fn without_full_stop(sentence: &str) -> &str {
    sentence.strip_suffix('.').unwrap_or(sentence)
}

fn lead(kind: ErrorKind, context: Context) -> &'static str {
    match kind {
        ErrorKind::InvalidArgument => "An argument is not usable.",
        ErrorKind::Configuration => "The configuration is not usable.",
        ErrorKind::Aborted => "The call was aborted.",
        ErrorKind::Timeout => "No response came in time.",
        ErrorKind::Network => "No response came: the connection failed.",
        ErrorKind::Authentication | ErrorKind::Forbidden if !context.signs => {
            "The request was blocked on the way, by something other than the gateway."
        }
        ErrorKind::Authentication => "The API key or its signature was not accepted.",
        ErrorKind::Forbidden => "The API key may not do this.",
        ErrorKind::NotFound => "It was not found.",
        ErrorKind::Conflict => "It conflicts with something that is under way.",
        ErrorKind::Gone if !context.signs => "The gateway has closed this operation.",
        ErrorKind::Gone => "Fireblocks has closed this operation.",
        ErrorKind::RateLimited => "Too many requests.",
        ErrorKind::IdempotencyKeySpent => "This idempotency key was used before an internal error.",
        ErrorKind::InvalidRequest => "The request was refused.",
        ErrorKind::Server => "The server failed.",
        ErrorKind::Redirect => "The address redirects, which is never followed.",
        ErrorKind::UnexpectedResponse if !context.signs => "The response is not one that the gateway sends.",
        ErrorKind::UnexpectedResponse => "The response is not one that Fireblocks sends.",
    }
}

const ROLE: &str = "The API user needs the role Admin or Non-Signing Admin.";

fn remedy(error: &AttemptError, context: Context) -> &'static str {
    match error.kind {
        ErrorKind::Authentication | ErrorKind::Forbidden | ErrorKind::Redirect if !context.signs => {
            "Sign in again, and look for an access proxy or a firewall that answers in the gateway's place."
        }
        ErrorKind::Authentication => remedy_of_code(error.code),
        ErrorKind::Forbidden if context.operation == Some(Operation::RejectApproval) => {
            "The API user must be one that may act on this request; else an approver rejects it in the Fireblocks Console."
        }
        ErrorKind::Forbidden => ROLE,
        // A gateway that does not know the user says so itself.
        ErrorKind::NotFound if !context.signs => {
            "Check basePath, and look for a portal or proxy that answers in the gateway's place."
        }
        ErrorKind::NotFound if context.operation == Some(Operation::ResetDevice) => {
            "Check the user's id against the list of users."
        }
        ErrorKind::NotFound => "Check basePath and the id.",
        ErrorKind::RateLimited => "Wait before trying again.",
        ErrorKind::Network if context.in_page => {
            "Check the network and basePath, and that the server allows this page by CORS."
        }
        ErrorKind::Network => "Check the network and basePath.",
        ErrorKind::Redirect => "Set basePath to the address of the API itself.",
        ErrorKind::UnexpectedResponse => "Check basePath, and look for a portal or proxy that answers in its place.",
        _ => "",
    }
}

/// By the gateway codes of Fireblocks' page "API error codes", which come with a 401.
fn remedy_of_code(code: Option<i32>) -> &'static str {
    match code {
        Some(-1) => "The secret key does not belong to this API key: take both from the same API user.",
        Some(-2 | -3) => {
            "The API key or the token did not arrive: look for a proxy that removes X-API-Key or Authorization."
        }
        Some(-4) => {
            "The path that was signed is not the path that arrived: look for a proxy that rewrites it, and check basePath."
        }
        Some(-5) => "Usually the certificate of the API user has expired: renew it in the Fireblocks Console.",
        Some(-6) => "The token names another API user: check apiKey.",
        Some(-7) => "Either apiKey is wrong or basePath is that of another region: check both.",
        Some(-8) => ROLE,
        Some(-10) => "This machine's clock is behind, or the request was too long on its way: set the clock.",
        Some(-12) => "This machine's clock is ahead: set it.",
        _ => "Check apiKey, secretKey and basePath.",
    }
}

fn effect(last: &AttemptError, outcome: Outcome, context: Context) -> String {
    let (none, perhaps, perhaps_before) = match context.operation {
        Some(Operation::RejectApproval) => (
            "Nothing was rejected",
            "The approval request may be rejected",
            "An earlier attempt may have rejected the approval request",
        ),
        _ => (
            "Nothing was filed",
            "An approval request may exist",
            "An earlier attempt may have filed an approval request",
        ),
    };
    // An internal error has spent the key, whatever its number.
    let spends_key =
        last.kind == ErrorKind::IdempotencyKeySpent || (last.kind == ErrorKind::Server && !last.is_retryable());
    let was_before = context.earlier_use != EarlierUse::None || last.outcome < Outcome::Unknown;
    let (what, which) = match outcome {
        Outcome::NotSent => return "Nothing was sent.".into(),
        _ if context.operation.is_some_and(|operation| !operation.writes()) => return String::new(),
        // A key that the caller has given may have been sent before, by another process.
        Outcome::Refused => return [none, if context.key_was_given { " by this call." } else { "." }].concat(),
        Outcome::Unknown if spends_key => (perhaps, "a new"),
        Outcome::Unknown => (
            if was_before { perhaps_before } else { perhaps },
            if context.earlier_use == EarlierUse::Spent { "a new" } else { "the same" },
        ),
    };
    [what, ": look at the approvals and the audit log before trying again, and then with ", which, " idempotency key."]
        .concat()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    const SIGNING: Context = Context {
        operation: Some(Operation::ResetDevice),
        signs: true,
        in_page: false,
        key_was_given: false,
        earlier_use: EarlierUse::None,
    };
    const THROUGH_A_GATEWAY: Context = Context { signs: false, ..SIGNING };

    fn http(kind: ErrorKind, outcome: Outcome, status: u16) -> AttemptError {
        AttemptError { status: Some(status), ..*AttemptError::new(kind, outcome) }
    }

    #[test]
    fn a_message_says_what_happened_what_to_do_and_what_took_effect() {
        let error = AttemptError {
            code: Some(-7),
            server_message: Some("Unauthorized: Token was not accepted.".into()),
            ..http(ErrorKind::Authentication, Outcome::Refused, 401)
        };
        assert_eq!(
            of(&error, Outcome::Refused, SIGNING),
            "The API key or its signature was not accepted (HTTP 401, code -7): Unauthorized: Token was not accepted. \
             Either apiKey is wrong or basePath is that of another region: check both. Nothing was filed."
        );
    }

    #[test]
    fn a_gateway_has_its_own_words() {
        let stated = AttemptError {
            code: Some(1202),
            server_message: Some("The Owner's device cannot be reset. Nothing was sent.".into()),
            outcome_is_stated: true,
            is_json: true,
            ..http(ErrorKind::Forbidden, Outcome::Refused, 403)
        };
        let words = "The Owner's device cannot be reset. Nothing was sent (HTTP 403, code 1202).";
        assert_eq!(of(&stated, Outcome::Refused, THROUGH_A_GATEWAY), words);
        let after_another = of(&stated, Outcome::Unknown, THROUGH_A_GATEWAY);
        assert!(after_another.starts_with(words) && after_another.contains("An earlier attempt"), "{after_another}");
        let unstated = AttemptError { outcome_is_stated: false, ..stated };
        assert!(of(&unstated, Outcome::Refused, THROUGH_A_GATEWAY).ends_with("Nothing was filed."));
    }

    #[test]
    fn a_page_in_the_gateways_place_is_told_as_one() {
        for (kind, status) in [(ErrorKind::Forbidden, 403), (ErrorKind::Authentication, 401)] {
            let message = of(&http(kind, Outcome::Refused, status), Outcome::Refused, THROUGH_A_GATEWAY);
            assert!(message.starts_with("The request was blocked on the way"), "{message}");
            assert!(!message.contains("API") && !message.contains("Admin"), "{message}");
            let text = AttemptError {
                server_message: Some("error code: 1020".into()),
                ..http(kind, Outcome::Refused, status)
            };
            let message = of(&text, Outcome::Refused, THROUGH_A_GATEWAY);
            assert!(message.starts_with("The request was blocked on the way"), "{message}");
            assert!(message.contains(&format!("(HTTP {status}): error code: 1020. Sign in again")), "{message}");
        }
        // An access proxy leads whoever is signed out to its own page.
        let redirect = http(ErrorKind::Redirect, Outcome::Unknown, 302);
        let message = of(&redirect, Outcome::Unknown, THROUGH_A_GATEWAY);
        assert!(message.contains("never followed (HTTP 302). Sign in again") && !message.contains("API"), "{message}");
        assert!(of(&redirect, Outcome::Unknown, SIGNING).contains("Set basePath to the address of the API"));
        let not_found = http(ErrorKind::NotFound, Outcome::Refused, 404);
        let message = of(&not_found, Outcome::Refused, THROUGH_A_GATEWAY);
        assert!(message.contains("Check basePath") && !message.contains("user's id"), "{message}");
        assert!(of(&not_found, Outcome::Refused, SIGNING).contains("Check the user's id"));
    }

    #[test]
    fn a_failed_connection_names_its_code_and_cors_in_a_page_alone() {
        let error = AttemptError {
            cause_code: Some("ENOTFOUND".into()),
            ..*AttemptError::new(ErrorKind::Network, Outcome::Unknown)
        };
        let message = of(&error, Outcome::Unknown, SIGNING);
        assert!(
            message.starts_with("No response came: the connection failed (ENOTFOUND). Check the network"),
            "{message}"
        );
        assert!(!message.contains("CORS"));
        assert!(of(&error, Outcome::Unknown, Context { in_page: true, ..SIGNING }).contains("CORS"));
    }

    #[test]
    fn a_key_that_was_given_may_have_been_sent_before() {
        let error = http(ErrorKind::Forbidden, Outcome::Refused, 403);
        let message = of(&error, Outcome::Refused, Context { key_was_given: true, ..SIGNING });
        assert!(message.ends_with("Nothing was filed by this call."), "{message}");
    }

    #[test]
    fn what_an_earlier_attempt_may_have_done_is_told() {
        let message = of(&http(ErrorKind::Forbidden, Outcome::Refused, 403), Outcome::Unknown, SIGNING);
        assert!(message.contains("An earlier attempt may have filed an approval request"), "{message}");
        assert!(message.ends_with("with the same idempotency key."), "{message}");
    }

    #[test]
    fn what_an_earlier_call_has_left_of_the_key_is_told() {
        for (earlier_use, which) in [(EarlierUse::Open, "the same"), (EarlierUse::Spent, "a new")] {
            let context = Context { earlier_use, ..SIGNING };
            for last in [
                http(ErrorKind::Forbidden, Outcome::Refused, 403),
                *AttemptError::new(ErrorKind::InvalidArgument, Outcome::NotSent),
                *AttemptError::new(ErrorKind::Network, Outcome::Unknown),
            ] {
                let message = of(&last, Outcome::Unknown, context);
                assert!(message.contains("An earlier attempt may have filed an approval request"), "{message}");
                assert!(message.ends_with(&format!("with {which} idempotency key.")), "{message}");
            }
            let spends = of(&http(ErrorKind::Server, Outcome::Unknown, 500), Outcome::Unknown, context);
            assert!(spends.ends_with("with a new idempotency key."), "{spends}");
        }
    }

    #[test]
    fn every_gateway_code_has_its_remedy() {
        let codes = [-1, -2, -4, -5, -6, -7, -8, -10, -12, -99];
        let mut remedies = codes.map(|code| remedy_of_code(Some(code))).to_vec();
        remedies.sort_unstable();
        remedies.dedup();
        assert_eq!(remedies.len(), codes.len());
    }

    #[test]
    fn a_dead_key_is_never_recommended_again() {
        for error in [
            http(ErrorKind::Server, Outcome::Unknown, 500),
            http(ErrorKind::Server, Outcome::Unknown, 520),
            http(ErrorKind::IdempotencyKeySpent, Outcome::Unknown, 400),
        ] {
            let message = of(&error, Outcome::Unknown, SIGNING);
            assert!(message.ends_with("with a new idempotency key."), "{message}");
            assert!(!error.is_retryable());
        }
        for status in [408, 444, 460, 499, 503] {
            let error = http(ErrorKind::Server, Outcome::Unknown, status);
            assert!(of(&error, Outcome::Unknown, SIGNING).ends_with("with the same idempotency key."), "{status}");
            assert!(error.is_retryable(), "{status}");
        }
    }

    #[test]
    fn a_rejection_is_told_as_one() {
        let context = Context { operation: Some(Operation::RejectApproval), ..SIGNING };
        let refused = of(&http(ErrorKind::Forbidden, Outcome::Refused, 403), Outcome::Refused, context);
        assert!(refused.contains("may act on this request") && refused.ends_with("Nothing was rejected."), "{refused}");
        let lost = of(&AttemptError::new(ErrorKind::Network, Outcome::Unknown), Outcome::Unknown, context);
        assert!(lost.contains("The approval request may be rejected: look at the approvals"), "{lost}");
        let later = of(&http(ErrorKind::Conflict, Outcome::Refused, 409), Outcome::Unknown, context);
        assert!(later.contains("An earlier attempt may have rejected the approval request: look"), "{later}");
    }

    #[test]
    fn a_read_claims_no_effect() {
        let error = AttemptError::new(ErrorKind::Network, Outcome::Unknown);
        let context = Context { operation: Some(Operation::GetWorkspace), ..SIGNING };
        assert!(!of(&error, Outcome::Unknown, context).contains("approval"));
    }
}
