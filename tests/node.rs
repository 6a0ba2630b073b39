//! The WebAssembly surface in Node.
#![cfg(target_arch = "wasm32")]

mod web;
