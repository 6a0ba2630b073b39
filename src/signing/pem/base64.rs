//! The base64 of a key, with what settings and clipboards have put into it.

use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

/// What `text` writes in base64, with line breaks in any form and with its padding or without. `None` where it is none.
pub fn decode(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    decoded(without_breaks(text))
}

/// The same of the base64 that may stand in an address: `-` for `+`, and `_` for `/`.
pub fn decode_url(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = without_breaks(text);
    for byte in bytes.iter_mut() {
        match byte {
            b'-' => *byte = b'+',
            b'_' => *byte = b'/',
            _ => {}
        }
    }
    decoded(bytes)
}

fn decoded(mut bytes: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    // The crate would read the padding too, for a third more WebAssembly.
    let padding = match bytes.as_slice() {
        [.., b'=', b'='] => 2,
        [.., b'='] => 1,
        _ => 0,
    };
    let length = bytes.len() - padding;
    bytes.truncate(length);
    let length = Base64Unpadded::decode_in_place(&mut bytes).ok()?.len();
    // What is behind the end now is wiped with the rest: `Zeroizing` goes by the capacity.
    bytes.truncate(length);
    Some(bytes)
}

/// Whether there is nothing but base64 in `text`, though perhaps not all of it.
pub fn is_part(text: &str) -> bool {
    without_breaks(text).iter().all(|byte| matches!(byte, b'+' | b'/' | b'=') || byte.is_ascii_alphanumeric())
}

/// `text` without quotes and line breaks: real ones, and those that are written out, once or again and again (`\n`, `\\n`).
#[inline(never)]
fn without_breaks(text: &str) -> Zeroizing<Vec<u8>> {
    // Its full size at once, so that growing leaves no copy of the key behind; it is decoded where it stands.
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            b'\\' => escaped = true,
            b'n' | b'r' if escaped => escaped = false,
            b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'\'' => escaped = false,
            // Of what comes with a text from pages: a no-break space, a space of no width, a byte order mark.
            0xc2 | 0xa0 | 0xe2 | 0x80 | 0x8b | 0xef | 0xbb | 0xbf => {}
            _ => {
                // Some programs write `\/` in JSON. No other escape stands for a character of base64.
                if escaped && byte != b'/' {
                    bytes.push(b'\\');
                }
                escaped = false;
                bytes.push(byte);
            }
        }
    }
    bytes
}
