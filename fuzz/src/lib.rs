//! What the targets share: JSON as the client sees it, parsed by `serde_json`.

use fireblocks_reset_device::json::Json;
use serde_json::Value;

/// A parsed value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed(pub Value);

impl Parsed {
    /// Parses a text; `None` where it is no JSON.
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

impl Json for Parsed {
    fn member(&self, key: &str) -> Self {
        Self(self.0.get(key).cloned().unwrap_or_default())
    }
    fn names(&self) -> Self {
        Self(self.0.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default())
    }
    fn length(&self) -> u32 {
        self.0.as_array().map_or(0, |array| array.len() as u32)
    }
    fn element(&self, index: u32) -> Self {
        Self(self.0.get(index as usize).cloned().unwrap_or_default())
    }
    fn text(&self, limit: u32) -> Option<String> {
        Some(self.0.as_str()?.chars().take(limit as usize).collect())
    }
    fn whole_text(&self, limit: u32) -> Result<String, &'static str> {
        let text = self.0.as_str().ok_or("must be a string.")?;
        if text.len() > limit as usize { Err("is too long.") } else { Ok(text.into()) }
    }
    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }
    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }
    fn is_object(&self) -> bool {
        self.0.is_object()
    }
    fn is_array(&self) -> bool {
        self.0.is_array()
    }
    fn is_absent(&self) -> bool {
        self.0.is_null()
    }
    fn is_nothing(&self) -> bool {
        self.0.is_null()
    }
}
