//! The client of Fireblocks' `resetDevice` operation, and of the few operations that tell what became of a reset.
//!
//! Everything that needs no JavaScript is in the modules below and is tested natively. [`call`] is the way of one
//! call through them: it signs, sends, judges the answer, waits and tries again, over a [`call::Host`] that stands
//! for the outside world. `web`, which exists on `wasm32` alone, is that world seen from WebAssembly.
//!
//! | question | module |
//! |---|---|
//! | Which ids are accepted, and how do they appear in the path? | [`user_id`] |
//! | Which idempotency keys are accepted? | [`idempotency_key`] |
//! | Which addresses may be called? | [`base_path`] |
//! | Which settings are accepted? | [`settings`] |
//! | Which header names and values may be sent? | [`header`] |
//! | How is a query string written? | [`query`] |
//! | What is wrong with this PEM text? | [`pem`], [`rsa_key`] |
//! | What is signed? | [`jwt`] |
//! | What does an error body say? | [`error_body`] |
//! | What does an answer mean? | [`answer`] |
//! | Is it tried again, and when? | [`retry`], [`http_time`] |
//! | What is the caller told when it fails? | [`failure`] |
//! | What has become of a reset? | [`progress`] |
//! | What is handed out, and how? | [`output`] |

pub mod answer;
pub mod base_path;
pub mod call;
pub mod error_body;
pub mod failure;
pub mod header;
pub mod http_time;
pub mod idempotency_key;
pub mod json;
pub mod jwt;
pub mod operation;
pub mod output;
pub mod pem;
pub mod progress;
pub mod query;
pub mod retry;
pub mod rsa_key;
pub mod settings;
mod text;
pub mod user_id;

#[cfg(target_arch = "wasm32")]
pub mod web;
