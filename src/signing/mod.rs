//! What is signed, and with which key.

pub mod jwt;
pub mod pem;
pub mod rsa_key;
