//! SHA-256 as Fireblocks writes it.

use aws_lc_rs::digest::{SHA256, digest};

/// The hash in lower-case hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
