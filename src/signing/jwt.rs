//! The token that authorizes one request: what is signed, and how it is put together.
//!
//! Facts from Fireblocks' reference, "Signing a request (JWT structure)", and from what the official SDKs send.

use crate::json::push_string;
use crate::text::push_number;

/// SHA-256 of no bytes, in hex. Every request that this client signs has an empty body.
pub const EMPTY_BODY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// `{"alg":"RS256","typ":"JWT"}` in base64url, and the dot that ends it.
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.";

/// The claims of one request's token.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    /// Path and query exactly as on the wire, `/v1` included.
    pub uri: &'a str,
    /// Never used before.
    pub nonce: &'a str,
    /// Epoch seconds.
    pub issued_at: i64,
    /// Seconds.
    pub lifetime: u32,
    /// The API key, the same as in `X-API-Key`.
    pub sub: &'a str,
}

/// The text that is signed: header and claims, each base64url, joined by a dot.
pub fn signing_input(claims: &Claims) -> String {
    let mut json = String::from("{\"uri\":");
    push_string(&mut json, claims.uri);
    json.push_str(",\"nonce\":");
    push_string(&mut json, claims.nonce);
    json.push_str(",\"iat\":");
    push_number(&mut json, claims.issued_at);
    json.push_str(",\"exp\":");
    push_number(&mut json, claims.issued_at + i64::from(claims.lifetime));
    json.push_str(",\"sub\":");
    push_string(&mut json, claims.sub);
    json.push_str(",\"bodyHash\":\"");
    json.push_str(EMPTY_BODY_HASH);
    json.push_str("\"}");
    let mut input = String::from(HEADER);
    push_base64url(&mut input, json.as_bytes());
    input
}

/// Appends base64 for URLs without padding (RFC 4648, section 5). What is written here is public, so a table may be
/// read by it; the constant time of the crate that decodes the key would only cost bytes.
fn push_base64url(out: &mut String, bytes: &[u8]) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for chunk in bytes.chunks(3) {
        let mut bits = chunk.iter().fold(0, |bits, &byte| bits << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for _ in 0..=chunk.len() {
            out.push(char::from(ALPHABET.get((bits >> 18 & 63) as usize).copied().unwrap_or_default()));
            bits <<= 6;
        }
    }
}

/// The value of the `Authorization` header.
pub fn authorization(signing_input: &str, signature: &[u8]) -> String {
    let mut value = ["Bearer ", signing_input, "."].concat();
    push_base64url(&mut value, signature);
    value
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use base64ct::{Base64UrlUnpadded, Encoding};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn decode(part: &str) -> Value {
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(part).unwrap()).unwrap()
    }

    #[test]
    fn the_claims_are_the_official_ones_in_their_order() {
        let claims = Claims { uri: "/v1/workspace", nonce: "n", issued_at: 1_795_467_745, lifetime: 29, sub: "k" };
        let input = signing_input(&claims);
        let (header, payload) = input.split_once('.').unwrap();
        assert_eq!(decode(header), json!({"alg": "RS256", "typ": "JWT"}));
        let text = String::from_utf8(Base64UrlUnpadded::decode_vec(payload).unwrap()).unwrap();
        assert_eq!(
            text,
            "{\"uri\":\"/v1/workspace\",\"nonce\":\"n\",\"iat\":1795467745,\"exp\":1795467774,\"sub\":\"k\",\
             \"bodyHash\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}"
        );
    }

    #[test]
    fn the_signature_is_base64url_without_padding() {
        assert_eq!(authorization("h.p", &[0xfb, 0xff]), "Bearer h.p.-_8");
    }

    proptest! {
        #[test]
        fn base64url_is_that_of_the_crate(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let mut out = String::new();
            push_base64url(&mut out, &bytes);
            prop_assert_eq!(out, Base64UrlUnpadded::encode_string(&bytes));
        }

        #[test]
        fn any_key_and_target_survive_the_writing(uri in any::<String>(), sub in any::<String>(), at in any::<u32>()) {
            let input = signing_input(&Claims { uri: &uri, nonce: "n", issued_at: at.into(), lifetime: 1, sub: &sub });
            let claims = decode(input.split_once('.').unwrap().1);
            prop_assert_eq!(&claims["uri"], &json!(uri));
            prop_assert_eq!(&claims["sub"], &json!(sub));
            prop_assert_eq!(&claims["exp"], &json!(i64::from(at) + 1));
        }
    }
}
