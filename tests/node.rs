//! The WebAssembly surface in Node.
#![cfg(target_arch = "wasm32")]
// A test fails by its panic; the helpers of a test file are not known as tests to the lint.
#![allow(clippy::expect_used)]

mod web;
