//! Hashes and keys, made by AWS-LC.

pub mod digest;
pub mod rsa_key;
