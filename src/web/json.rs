//! Values that the runtime's `JSON.parse` has made.

use crate::json::Json;
use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

/// A JSON value in JavaScript's memory.
#[derive(Debug, Clone, PartialEq)]
pub struct Value(pub JsValue);

impl Value {
    /// What a JSON text stands for; absent where it is none.
    pub fn parse(text: &str) -> Self {
        Self::parse_own(&JsString::from(text))
    }

    /// As [`parse`](Self::parse), for a text that is in JavaScript's memory and can stay there. It may begin with a byte
    /// order mark, which is white space in JavaScript.
    pub fn parse_own(text: &JsString) -> Self {
        Self(parse(&text.trim_start()).unwrap_or(JsValue::UNDEFINED))
    }
}

impl Json for Value {
    fn member(&self, key: &str) -> Self {
        if !self.0.is_object() {
            return Self(JsValue::UNDEFINED);
        }
        Self(self.0.unchecked_ref::<Members>().get(key))
    }

    fn names(&self) -> Self {
        if !self.is_object() {
            return Self(JsValue::UNDEFINED);
        }
        Self(Object::keys(self.0.unchecked_ref::<Object>()).into())
    }

    fn length(&self) -> u32 {
        self.0.dyn_ref::<Array>().map_or(0, Array::length)
    }

    fn element(&self, index: u32) -> Self {
        Self(self.0.dyn_ref::<Array>().map_or(JsValue::UNDEFINED, |array| array.get(index)))
    }

    fn text(&self, limit: u32) -> Option<String> {
        let text = self.0.dyn_ref::<JsString>()?;
        text.slice(0, limit).as_string()
    }

    fn whole_text(&self, limit: u32) -> Result<String, &'static str> {
        let text = self.text(limit).ok_or("must be a string.")?;
        if JsValue::from(self.0.unchecked_ref::<JsString>().slice(0, limit)) != self.0 {
            return Err("is too long.");
        }
        // The conversion has put another character in the place of half of a pair.
        if JsValue::from_str(&text) == self.0 { Ok(text) } else { Err("must not hold half of a surrogate pair.") }
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        [true, false].into_iter().find(|&flag| self.0 == JsValue::from_bool(flag))
    }

    fn is_object(&self) -> bool {
        self.0.is_object() && !self.is_array()
    }

    fn is_array(&self) -> bool {
        Array::is_array(&self.0)
    }

    fn is_absent(&self) -> bool {
        self.0 == JsValue::UNDEFINED
    }

    fn is_nothing(&self) -> bool {
        self.0 == JsValue::UNDEFINED || self.0 == JsValue::NULL
    }
}

#[wasm_bindgen]
extern "C" {
    /// An object that is plain data: what it is asked for never throws, as it might with `Reflect::get`.
    type Members;

    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Members, key: &str) -> JsValue;

    /// As `js_sys::JSON::parse`, but without a copy of the text.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn parse(text: &JsString) -> Result<JsValue, JsValue>;
}
