//! Whether a reset of a user may wait already: asked before another is sent, and it errs to yes.

use super::approvals::{may_wait, request_status};
use super::reading::{LONGEST_TEXT, read_user_id};
use crate::json::Json;
use crate::text::{first_visible, is_damaged};

/// Whether something that may wait names the user, in any role, or cannot be read. `items` is a list of the approvals API,
/// and `parse` reads a JSON text, and gives what is absent where it is none.
///
/// # Errors
/// A sentence that names what is missing, as its parts.
pub fn may_be_pending<J: Json>(user_id: &J, items: &J, parse: impl Fn(&str) -> J) -> Result<bool, [&'static str; 2]> {
    let search = Search { user_id: read_user_id(user_id)?, parse };
    Ok((0..items.length()).any(|index| {
        let item = items.element(index);
        may_wait(request_status(&item))
            && (!search.can_read(&item.member("requestPayload")) || search.finds_in_item(&item))
    }))
}

/// What lies deeper is not read, and may be anything.
const DEEPEST: u32 = 16;

/// Looks for a user's id.
struct Search<P> {
    user_id: String,
    parse: P,
}

impl<J: Json, P: Fn(&str) -> J> Search<P> {
    fn can_read(&self, payload: &J) -> bool {
        let is_read = |json: &J| json.is_object() || json.is_array();
        is_read(payload) || payload.text(LONGEST_TEXT).is_some_and(|text| is_read(&(self.parse)(&text)))
    }

    /// Everywhere but where Fireblocks lists who may approve, which are the same people for every request.
    fn finds_in_item(&self, item: &J) -> bool {
        let names = item.names();
        (0..names.length())
            .filter_map(|index| names.element(index).text(LONGEST_TEXT))
            .any(|name| name != "quorumStatus" && self.finds(&item.member(&name), DEEPEST))
    }

    /// In every text and name, and in the texts that are JSON themselves, where an id may be written with escapes.
    fn finds(&self, node: &J, deeper: u32) -> bool {
        let Some(deeper) = deeper.checked_sub(1) else {
            return true;
        };
        if let Some(text) = node.text(LONGEST_TEXT) {
            let is_json = matches!(first_visible(&text), Some('{' | '[' | '"'));
            return text.len() >= LONGEST_TEXT as usize
                || names(&text, &self.user_id)
                || is_json && self.finds(&(self.parse)(&text), deeper);
        }
        let members = node.names();
        (0..node.length()).any(|index| self.finds(&node.element(index), deeper))
            || (0..members.length())
                .filter_map(|index| members.element(index).text(LONGEST_TEXT))
                // What is under a name with half of a surrogate pair is not found by it.
                .any(|name| is_damaged(&name) || names(&name, &self.user_id) || self.finds(&node.member(&name), deeper))
    }
}

/// Whether `id` is in `text` as a whole word, in upper or lower case, with or without its dashes. One without letters and
/// digits may be in any.
fn names(text: &str, id: &str) -> bool {
    let text = text.as_bytes();
    if !id.bytes().any(|byte| is_part(&byte)) {
        return true;
    }
    (0..text.len()).any(|start| {
        let (before, rest) = text.split_at(start);
        let begins = matches!(before, [.., b'%', _, _]) || !before.last().is_some_and(is_part);
        // Not from what stands before a word: a long line of it would be skipped again from each of its characters.
        begins && rest.first().is_some_and(is_part) && begins_with(rest, id.as_bytes())
    })
}

/// Whether `text` begins with `id` and ends or has another word after it. Letters and digits alone are compared.
fn begins_with(mut text: &[u8], id: &[u8]) -> bool {
    for wanted in id.iter().filter(|byte| is_part(byte)) {
        text = loop {
            match text {
                // As it is written in a link.
                [b'%', _, _, rest @ ..] => text = rest,
                [byte, rest @ ..] if is_part(byte) => {
                    if !byte.eq_ignore_ascii_case(wanted) {
                        return false;
                    }
                    break rest;
                }
                [_, rest @ ..] => text = rest,
                [] => return false,
            }
        };
    }
    !text.first().is_some_and(is_part)
}

/// Of a word. Bytes of other alphabets belong to one.
fn is_part(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}
