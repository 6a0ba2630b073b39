//! What is handed out: objects of plain members, written by one routine.
//!
//! A derived `Serialize` for each type would bring its own code for each; in WebAssembly that is several kilobytes.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The value of a member.
#[derive(Debug, Clone, PartialEq)]
pub enum Member {
    /// A string.
    Text(String),
    /// A word of a closed list.
    Word(&'static str),
    /// A number.
    Number(f64),
    /// A boolean.
    Flag(bool),
    /// An object within.
    Object(Object),
}

/// An object. Members that are absent are left out, not null.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object(Vec<(&'static str, Member)>);

impl Object {
    /// Adds a member.
    pub fn put(&mut self, name: &'static str, member: Member) {
        self.0.push((name, member));
    }

    /// Adds a number.
    pub fn number(&mut self, name: &'static str, value: impl Into<f64>) {
        self.put(name, Member::Number(value.into()));
    }

    /// Adds a string, where there is one.
    pub fn text(&mut self, name: &'static str, value: Option<String>) {
        if let Some(value) = value {
            self.put(name, Member::Text(value));
        }
    }

    /// Adds a number, where there is one.
    pub fn some_number(&mut self, name: &'static str, value: Option<f64>) {
        if let Some(value) = value {
            self.put(name, Member::Number(value));
        }
    }

    /// Adds an object, where it has members.
    pub fn object(&mut self, name: &'static str, value: Object) {
        if !value.0.is_empty() {
            self.put(name, Member::Object(value));
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, member) in &self.0 {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}

impl Serialize for Member {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Word(word) => serializer.serialize_str(word),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_members_are_left_out() {
        let mut inner = Object::default();
        inner.text("state", Some("beta".into()));
        inner.text("link", None);
        let mut object = Object::default();
        object.number("attempts", 2);
        object.some_number("status", None);
        object.put("kind", Member::Word("gone"));
        object.put("retryable", Member::Flag(true));
        object.object("lifecycle", inner);
        object.object("empty", Object::default());
        assert_eq!(
            serde_json::to_value(&object).unwrap(),
            json!({"attempts": 2.0, "kind": "gone", "retryable": true, "lifecycle": {"state": "beta"}})
        );
    }
}
