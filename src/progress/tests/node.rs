//! JSON that is cheap to copy, since a history hands the same rows and items over at every look.

use crate::json::Json;
use serde_json::Value;
use std::rc::Rc;

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Node {
    #[default]
    Absent,
    Flag(bool),
    Number(f64),
    Text(Rc<str>),
    List(Rc<[Node]>),
    Object(Rc<[(String, Node)]>),
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Absent,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.as_f64().unwrap()),
            Value::String(text) => Self::Text(text.as_str().into()),
            Value::Array(list) => list.iter().map(Self::from).collect(),
            Value::Object(members) => {
                Self::Object(members.iter().map(|(name, value)| (name.clone(), value.into())).collect())
            }
        }
    }
}

impl From<f64> for Node {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Node {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl<T: Into<Node>> From<Option<T>> for Node {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

impl FromIterator<Node> for Node {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        Self::List(nodes.into_iter().collect())
    }
}

/// An object; absent members are left out.
pub fn object<const N: usize>(members: [(&str, Node); N]) -> Node {
    let present = members.into_iter().filter(|(_, node)| *node != Node::Absent);
    Node::Object(present.map(|(name, node)| (name.to_owned(), node)).collect())
}

impl Json for Node {
    fn member(&self, key: &str) -> Self {
        let Self::Object(members) = self else {
            return Self::Absent;
        };
        members.iter().find(|(name, _)| name == key).map(|(_, node)| node.clone()).unwrap_or_default()
    }
    fn names(&self) -> Self {
        let Self::Object(members) = self else {
            return Self::Absent;
        };
        members.iter().map(|(name, _)| name.as_str().into()).collect()
    }
    fn length(&self) -> u32 {
        if let Self::List(list) = self { list.len() as u32 } else { 0 }
    }
    fn element(&self, index: u32) -> Self {
        if let Self::List(list) = self { list[index as usize].clone() } else { Self::Absent }
    }
    fn text(&self, _limit: u32) -> Option<String> {
        if let Self::Text(text) = self { Some(text.as_ref().to_owned()) } else { None }
    }
    fn whole_text(&self, limit: u32) -> Result<String, &'static str> {
        self.text(limit).ok_or("must be a string.")
    }
    fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }
    fn boolean(&self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(*flag) } else { None }
    }
    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
    fn is_array(&self) -> bool {
        matches!(self, Self::List(_))
    }
    fn is_absent(&self) -> bool {
        *self == Self::Absent
    }
    fn is_nothing(&self) -> bool {
        self.is_absent()
    }
}
