//! Any bytes are refused as a private key, or can be wrapped into PKCS#8.
#![no_main]

use fireblocks_reset_device::signing::rsa_key::{check_pkcs1, check_pkcs8, to_pkcs8, wrap_pkcs1};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = check_pkcs8(bytes);
    if check_pkcs1(bytes).is_ok() {
        assert_eq!(check_pkcs8(&wrap_pkcs1(bytes)), Ok(()));
    }
    if let Ok(der) = to_pkcs8(bytes.to_vec().into()) {
        assert_eq!(check_pkcs8(&der), Ok(()));
    }
});
