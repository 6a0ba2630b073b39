//! The client of Fireblocks' `resetDevice` operation, and of the few operations that tell what became of a reset.
//!
//! Everything that needs no JavaScript is in the modules below and is tested natively. [`call`] is the way of one call
//! through them, sans-I/O: it is told what has happened and answers with the next step. `web`, which exists on `wasm32`
//! alone, gives it to JavaScript, which takes the steps.
//!
//! | question | module |
//! |---|---|
//! | Which operations are there? Which ids and keys are accepted, and how do they appear on the wire? | [`request`] |
//! | Which settings, addresses and headers are accepted? | [`configuration`] |
//! | What is signed? What is wrong with this PEM text? | [`signing`] |
//! | What does a response mean? What does an error body say? | [`response`] |
//! | What happens next in a call? Is it tried again, and when? | [`call`] |
//! | What is the caller told when it fails? | [`error`] |
//! | What has become of a reset? | [`progress`] |
//! | What is handed out, and how? | [`output`] |

pub mod call;
pub mod configuration;
pub mod error;
pub mod json;
mod names;
pub mod output;
pub mod progress;
pub mod request;
pub mod response;
pub mod signing;
mod text;

#[cfg(target_arch = "wasm32")]
pub mod web;
