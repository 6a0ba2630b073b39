//! JSON as the client needs it: a view of a value that someone else has parsed, and the writing of strings.
//!
//! In WebAssembly the runtime's own `JSON.parse` does the parsing, which costs no bytes.

use crate::text::push_hex;

/// A parsed JSON value, or the absence of one.
pub trait Json: Clone + PartialEq {
    /// The member `key` of an object; absent where there is none.
    fn member(&self, key: &str) -> Self;
    /// The names of an object's members, as an array; absent where it is no object.
    fn names(&self) -> Self;
    /// How many elements an array has; 0 where it is none.
    fn length(&self) -> u32;
    /// The element of an array at `index`; absent where there is none.
    fn element(&self, index: u32) -> Self;
    /// A string, at most `limit` UTF-16 units of it.
    fn text(&self, limit: u32) -> Option<String>;
    /// A string exactly as it is. Half of a surrogate pair would become another character on the way.
    ///
    /// # Errors
    /// Why there is none, as the end of a sentence. One of more than `limit` UTF-16 units is not copied.
    fn whole_text(&self, limit: u32) -> Result<String, &'static str>;
    /// A number.
    fn number(&self) -> Option<f64>;
    /// A boolean.
    fn boolean(&self) -> Option<bool>;
    /// Whether it is an object, and no array.
    fn is_object(&self) -> bool;
    /// Whether it is an array.
    fn is_array(&self) -> bool;
    /// Whether there is none.
    fn is_absent(&self) -> bool;
    /// Whether there is none, or `null`.
    fn is_nothing(&self) -> bool;

    /// The member `key`, where it is a string.
    fn text_of(&self, key: &str, limit: u32) -> Option<String> {
        self.member(key).text(limit)
    }
    /// The member `key`, where it is a number.
    fn number_of(&self, key: &str) -> Option<f64> {
        self.member(key).number()
    }
    /// Whether the member `key` is `true`.
    fn flag_of(&self, key: &str) -> bool {
        self.member(key).boolean() == Some(true)
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
        fn member(&self, key: &str) -> Self {
            self.get(key).cloned().unwrap_or_default()
        }
        fn names(&self) -> Self {
            self.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
        }
        fn length(&self) -> u32 {
            self.as_array().map_or(0, |array| array.len() as u32)
        }
        fn element(&self, index: u32) -> Self {
            self.get(index as usize).cloned().unwrap_or_default()
        }
        fn text(&self, limit: u32) -> Option<String> {
            let text = self.as_str()?;
            let units: Vec<u16> = text.encode_utf16().take(limit as usize).collect();
            Some(String::from_utf16_lossy(&units))
        }
        fn whole_text(&self, limit: u32) -> Result<String, &'static str> {
            let text = self.as_str().ok_or("must be a string.")?;
            if text.encode_utf16().count() > limit as usize { Err("is too long.") } else { Ok(text.into()) }
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
        fn is_absent(&self) -> bool {
            self.is_null()
        }
        fn is_nothing(&self) -> bool {
            self.is_null()
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
