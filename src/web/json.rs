//! Values that the runtime's `JSON.parse` has made.

use crate::answer::Body;
use crate::json::Json;
use js_sys::{Array, JsString, Object};
use wasm_bindgen::prelude::*;

/// A JSON value in JavaScript's memory.
pub struct Value(pub JsValue);

impl Json for Value {
    fn member(&self, key: &str) -> Self {
        if !self.0.is_object() {
            return Self(JsValue::UNDEFINED);
        }
        Self(self.0.unchecked_ref::<Members>().get(key))
    }

    fn names(&self) -> Self {
        if !self.0.is_object() {
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

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        let is = |flag| self.0 == JsValue::from_bool(flag);
        (is(true) || is(false)).then(|| is(true))
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

    // As in the trait, but not repeated at each use.
    #[inline(never)]
    fn text_of(&self, key: &str, limit: u32) -> Option<String> {
        self.member(key).text(limit)
    }

    #[inline(never)]
    fn number_of(&self, key: &str) -> Option<f64> {
        self.member(key).number()
    }
}

#[wasm_bindgen]
extern "C" {
    /// An object that is plain data: what it is asked for never throws, as it might with `Reflect::get`.
    type Members;

    #[wasm_bindgen(method, structural, indexing_getter)]
    fn get(this: &Members, key: &str) -> JsValue;

    /// As `js_sys::JSON::parse`, but for a text that is in JavaScript's memory and can stay there.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub fn parse(text: &JsString) -> Result<JsValue, JsValue>;
}

/// Takes a body's value back into JavaScript.
pub fn body(body: Body<Value>) -> JsValue {
    match body {
        Body::Json(Value(value)) => value,
        _ => JsValue::UNDEFINED,
    }
}
