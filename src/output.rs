//! What is handed out: objects of plain members, written by one routine.
//!
//! A derived `Serialize` for each type would bring its own code for each; in WebAssembly that is several kilobytes.

use serde::ser::{Serialize, SerializeMap, Serializer};

/// The value of a member.
#[derive(Debug, Clone, PartialEq)]
enum Member<'a> {
    Text(&'a str),
    Number(f64),
    Flag(bool),
    Object(Object<'a>),
}

/// An object, its texts borrowed from what it tells of. Members that are absent are left out, not null.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object<'a>(Vec<(&'a str, Member<'a>)>);

impl<'a> Object<'a> {
    /// Adds a string.
    pub fn text(&mut self, name: &'a str, value: &'a str) {
        self.0.push((name, Member::Text(value)));
    }

    /// Adds a string, where there is one.
    pub fn some_text(&mut self, name: &'a str, value: &'a Option<String>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Adds a number.
    pub fn number(&mut self, name: &'a str, value: f64) {
        self.0.push((name, Member::Number(value)));
    }

    /// Adds a number, where there is one.
    pub fn some_number(&mut self, name: &'a str, value: Option<f64>) {
        if let Some(value) = value {
            self.number(name, value);
        }
    }

    /// Adds a boolean.
    pub fn flag(&mut self, name: &'a str, value: bool) {
        self.0.push((name, Member::Flag(value)));
    }

    /// Adds an object, where it has members.
    pub fn object(&mut self, name: &'a str, value: Self) {
        if !value.0.is_empty() {
            self.0.push((name, Member::Object(value)));
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, member) in &self.0 {
            map.serialize_entry(name, member)?;
        }
        map.end()
    }
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
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
        inner.text("state", "beta");
        inner.some_text("link", &None);
        let mut object = Object::default();
        object.number("attempts", 2.0);
        object.some_number("status", None);
        object.text("kind", "gone");
        object.flag("retryable", true);
        object.object("lifecycle", inner);
        object.object("empty", Object::default());
        assert_eq!(
            serde_json::to_value(&object).unwrap(),
            json!({"attempts": 2.0, "kind": "gone", "retryable": true, "lifecycle": {"state": "beta"}})
        );
    }
}
