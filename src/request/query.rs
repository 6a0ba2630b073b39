//! Query strings: which parameters an operation has, and how they are written.

use crate::json::Json;
use crate::names::value_of;
use crate::request::operation::Operation;
use crate::text::{push_encoded, push_number};

/// The longest value, in UTF-16 units. Page cursors are long, but servers take no more than some kilobytes.
const LONGEST_VALUE: u32 = 4_096;

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
enum Form {
    Text,
    /// One string, or a list of them.
    Texts,
    /// A whole number from 0.
    Integer,
    /// A whole number from 1 to 30.
    PageSizeTo30,
    /// A whole number from 1 to 500.
    PageSizeTo500,
    Boolean,
}

/// Names and forms, from Fireblocks' OpenAPI document and its pages on the audit log and the approvals API.
fn parameters(operation: Operation) -> &'static [(&'static str, Form)] {
    match operation {
        Operation::GetAuditLogs => &[
            ("startTime", Form::Integer),
            ("endTime", Form::Integer),
            ("category", Form::Texts),
            ("subject", Form::Texts),
            ("event", Form::Texts),
            ("user", Form::Texts),
            ("userId", Form::Texts),
            ("order", Form::Text),
            ("pageSize", Form::PageSizeTo500),
            ("pageCursor", Form::Text),
            ("timePeriod", Form::Text),
        ],
        Operation::GetApprovals => &[
            ("includeUserApproved", Form::Boolean),
            ("userId", Form::Text),
            ("includeAllUsers", Form::Boolean),
            ("quorumStatusMode", Form::Text),
            ("pageSize", Form::PageSizeTo30),
            ("pageCursor", Form::Text),
        ],
        Operation::GetApproval => &[("userId", Form::Text), ("quorumStatusMode", Form::Text)],
        _ => &[],
    }
}

/// Writes the parameters of `operation` that `params` holds, with a `?` before the first.
///
/// A space is written `%20`, as Fireblocks' guide to the audit log asks. A parameter that the operation does not have is
/// refused: left out in silence, it would widen what is asked for.
///
/// # Errors
/// A sentence that names the parameter.
pub fn write<J: Json>(operation: Operation, params: &J) -> Result<String, String> {
    let known = parameters(operation);
    let names = params.names();
    for index in 0..names.length() {
        let name = names.element(index).text(u32::MAX).unwrap_or_default();
        if value_of(known, &name).is_none() {
            return Err(["There is no parameter ", &name, "."].concat());
        }
    }
    let mut query = String::new();
    for &(name, form) in known {
        let value = params.member(name);
        let list = matches!(form, Form::Texts) && value.is_array();
        let count = if list {
            value.length()
        } else {
            u32::from(!(value.is_absent() || name == "pageCursor" && value.is_nothing()))
        };
        if list && count == 0 {
            // Left out, it would ask for everything.
            return Err([name, " must not be an empty list."].concat());
        }
        for index in 0..count {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            let element = value.element(index);
            if push(&mut query, form, if list { &element } else { &value }).is_none() {
                return Err([name, expectation(form)].concat());
            }
        }
    }
    Ok(query)
}

fn expectation(form: Form) -> &'static str {
    match form {
        Form::Text => " must be a string that is not empty and has no half of a surrogate pair.",
        Form::Texts => " must be a string that is not empty and has no half of a surrogate pair, or a list of such.",
        Form::Integer => " must be a whole number of milliseconds since 1970.",
        Form::PageSizeTo30 => " must be a whole number from 1 to 30.",
        Form::PageSizeTo500 => " must be a whole number from 1 to 500.",
        Form::Boolean => " must be true or false.",
    }
}

/// Appends one value; `None` where it is not of this form.
fn push<J: Json>(query: &mut String, form: Form, value: &J) -> Option<()> {
    let (least, most) = match form {
        Form::Text | Form::Texts => {
            let text = value.whole_text(LONGEST_VALUE).ok()?;
            // An empty one means nothing: it is what a variable holds that was never set.
            if text.is_empty() || text.len() > LONGEST_VALUE as usize {
                return None;
            }
            // A URL parser changes `'` into `%27` in the query of an `https:` address.
            push_encoded(query, &text, true);
            return Some(());
        }
        Form::Boolean => {
            query.push_str(if value.boolean()? { "true" } else { "false" });
            return Some(());
        }
        Form::Integer => (0.0, 9e15),
        Form::PageSizeTo30 => (1.0, 30.0),
        Form::PageSizeTo500 => (1.0, 500.0),
    };
    let number = value.number()?;
    if number.fract() != 0.0 || number < least || number > most {
        return None;
    }
    push_number(query, number as i64);
    Some(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn parameters_are_joined_and_encoded() {
        let params = json!({
            "startTime": 1_795_467_745_000_u64,
            "subject": ["Re-enroll mobile device", "User"],
            "user": "O'Hara & co",
        });
        assert_eq!(
            write(Operation::GetAuditLogs, &params).as_deref(),
            Ok("?startTime=1795467745000&subject=Re-enroll%20mobile%20device&subject=User&user=O%27Hara%20%26%20co")
        );
        let params = json!({"includeAllUsers": true, "pageSize": 30});
        assert_eq!(write(Operation::GetApprovals, &params).as_deref(), Ok("?includeAllUsers=true&pageSize=30"));
        assert_eq!(write(Operation::GetAuditLogs, &json!({})).as_deref(), Ok(""));
        assert_eq!(write(Operation::GetConsoleUsers, &json!(null)).as_deref(), Ok(""));
        // As `next` of a last page has it.
        assert_eq!(write(Operation::GetAuditLogs, &json!({"pageCursor": null})).as_deref(), Ok(""));
        let params = json!({"quorumStatusMode": "FULL"});
        assert_eq!(write(Operation::GetApproval, &params).as_deref(), Ok("?quorumStatusMode=FULL"));
    }

    #[test]
    fn a_parameter_that_does_not_exist_is_named() {
        for (operation, params, name) in [
            (Operation::GetConsoleUsers, json!({"order": "ASC"}), "order"),
            (Operation::GetAuditLogs, json!({"signal": {}}), "signal"),
            (Operation::GetAuditLogs, json!({"subjects": ["User"]}), "subjects"),
        ] {
            assert_eq!(write(operation, &params), Err(["There is no parameter ", name, "."].concat()));
        }
    }

    #[test]
    fn a_value_of_the_wrong_form_is_named() {
        for (params, name) in [
            (json!({"startTime": 1.5}), "startTime"),
            (json!({"endTime": -1}), "endTime"),
            (json!({"subject": [1]}), "subject"),
            (json!({"order": true}), "order"),
            (json!({"pageSize": 501}), "pageSize"),
            (json!({"pageSize": 0}), "pageSize"),
            (json!({"pageCursor": "c".repeat(5000)}), "pageCursor"),
            (json!({"subject": []}), "subject"),
            (json!({"subject": [""]}), "subject"),
            (json!({"userId": ""}), "userId"),
            (json!({"pageCursor": ""}), "pageCursor"),
            (json!({"subject": {"0": "User"}}), "subject"),
        ] {
            let reason = write(Operation::GetAuditLogs, &params).expect_err("must be refused");
            assert!(reason.starts_with(name), "{reason}");
        }
        assert!(write(Operation::GetApprovals, &json!({"pageSize": 31})).is_err());
        assert!(write(Operation::GetApprovals, &json!({"includeAllUsers": "yes"})).is_err());
    }

    proptest! {
        #[test]
        fn a_written_value_holds_only_what_a_url_parser_keeps(user in any::<String>()) {
            if let Ok(query) = write(Operation::GetAuditLogs, &json!({ "user": user })) {
                prop_assert!(query.bytes().all(|b| b.is_ascii_alphanumeric() || b"?=&%-_.!~*()".contains(&b)));
            }
        }
    }
}
