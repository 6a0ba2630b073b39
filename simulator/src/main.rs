//! A local Fireblocks.
fn main() {}
