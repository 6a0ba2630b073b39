//! Any text is refused as a secret key with a sentence, or is a key whose bytes pass the check again.
#![no_main]

use fireblocks_reset_device::signing::{pem::to_pkcs8, rsa_key::check_pkcs8};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for text in [text, &["-----BEGIN RSA PRIVATE KEY-----", text, "-----END RSA PRIVATE KEY-----"].concat()] {
        match to_pkcs8(text) {
            Ok(der) => assert_eq!(check_pkcs8(&der), Ok(())),
            Err(error) => assert!(!error.reason().is_empty()),
        }
    }
});
