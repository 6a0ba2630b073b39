//! The WebAssembly surface in a browser.
#![cfg(target_arch = "wasm32")]
// A test fails by its panic; the helpers of a test file are not known as tests to the lint.
#![allow(clippy::expect_used)]

mod web;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
