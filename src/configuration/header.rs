//! Header names and values that can be sent as they are.

/// Names that the client or the connection sets, in lower case. `headers` of the configuration cannot replace them:
/// with some of them `fetch` would refuse the request, which would look like a broken network.
const OWN: [&str; 15] = [
    "accept",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-api-key",
];

/// Whether `name` is a token in the sense of RFC 9110, section 5.6.2.
pub fn is_name(name: &str) -> bool {
    let is_token = |byte: u8| match byte {
        b'"' | b'(' | b')' | b',' | b'/' | b':'..=b'@' | b'['..=b']' | b'{' | b'}' => false,
        _ => byte.is_ascii_graphic(),
    };
    !name.is_empty() && name.bytes().all(is_token)
}

/// Whether `value` is visible ASCII, with single spaces or tabs only between words.
///
/// RFC 9110 would let bytes above 0x7F pass; what becomes of them differs between runtimes, so they are refused.
pub fn is_value(value: &str) -> bool {
    value.bytes().all(|byte| byte == b' ' || byte == b'\t' || byte.is_ascii_graphic())
        && !matches!(value.as_bytes(), [b' ' | b'\t', ..] | [.., b' ' | b'\t'])
}

/// Whether `text` is visible ASCII, without spaces.
pub fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether the client or the connection sets the header `name`, which is in lower case.
pub fn is_own(name: &str) -> bool {
    OWN.contains(&name)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_and_values() {
        assert!(is_name("X-Relay-Token") && !is_name("") && !is_name("a b") && !is_name("ü"));
        assert!(is_value("") && is_value("a b") && !is_value(" a") && !is_value("a\r\nb: c"));
        assert!(!is_value("é") && !is_value("a\0"));
        assert!(is_own("x-api-key") && is_own("authorization") && !is_own("x-relay-token"));
    }

    proptest! {
        #[test]
        fn no_value_can_end_its_line(value in any::<String>()) {
            if is_value(&value) {
                prop_assert!(value.bytes().all(|b| b == b'\t' || (0x20..0x7f).contains(&b)));
            }
        }
    }
}
