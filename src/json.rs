//! JSON as the client needs it: a view of a value that someone else has parsed, and the writing of strings.
//!
//! In WebAssembly the runtime's own `JSON.parse` does the parsing, which costs no bytes.

use crate::text::push_hex;

/// A parsed JSON value.
pub trait Json: Sized {
    /// The member `key` of an object.
    fn member(&self, key: &str) -> Option<Self>;
    /// The names of an object's members.
    fn names(&self) -> Vec<String>;
    /// The elements of an array.
    fn elements(&self) -> Option<Vec<Self>>;
    /// A string, at most `limit` UTF-16 units of it.
    fn text(&self, limit: u32) -> Option<String>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A boolean.
    fn boolean(&self) -> Option<bool>;
    /// Whether it is an object, and no array.
    fn is_object(&self) -> bool;
    /// Whether it is an array.
    fn is_array(&self) -> bool;

    /// The member `key`, where it is a string.
    fn text_of(&self, key: &str, limit: u32) -> Option<String> {
        self.member(key)?.text(limit)
    }
    /// The member `key`, where it is a number.
    fn number_of(&self, key: &str) -> Option<f64> {
        self.member(key)?.number()
    }
    /// Whether the member `key` is `true`.
    fn flag_of(&self, key: &str) -> bool {
        self.member(key).and_then(|flag| flag.boolean()).unwrap_or(false)
    }
    /// The elements of the member `key`; none where it is no array.
    fn list_of(&self, key: &str) -> Vec<Self> {
        self.member(key).and_then(|list| list.elements()).unwrap_or_default()
    }
}

/// Appends `text` to `out` as a JSON string, quotes included.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            character if character < ' ' => {
                out.push_str("\\u00");
                push_hex(out, character as u8, b'a');
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    impl Json for Value {
        fn member(&self, key: &str) -> Option<Self> {
            self.get(key).cloned()
        }
        fn names(&self) -> Vec<String> {
            self.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
        }
        fn elements(&self) -> Option<Vec<Self>> {
            self.as_array().cloned()
        }
        fn text(&self, limit: u32) -> Option<String> {
            let text = self.as_str()?;
            let units: Vec<u16> = text.encode_utf16().take(limit as usize).collect();
            Some(String::from_utf16_lossy(&units))
        }
        fn number(&self) -> Option<f64> {
            self.as_f64()
        }
        fn boolean(&self) -> Option<bool> {
            self.as_bool()
        }
        fn is_object(&self) -> bool {
            Value::is_object(self)
        }
        fn is_array(&self) -> bool {
            Value::is_array(self)
        }
    }

    proptest! {
        #[test]
        fn a_written_string_is_read_back(text in any::<String>()) {
            let mut out = String::new();
            push_string(&mut out, &text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
