//! The secret key as people have it: PEM text (RFC 7468), often damaged on its way through a setting.
//!
//! What can be one key alone is read: base64 and DER tell where they begin and end. What could be another one, or is no
//! private key of RSA, is named for what it is.

mod base64;
mod error;

pub use error::PemError;

use crate::names::value_of;
use crate::signing::rsa_key::{self, RsaKeyError};
use crate::text::{contains, split_once};
use zeroize::Zeroizing;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// The blocks that hold no key that can be read, by their labels.
const OTHER_BLOCKS: &[(&str, PemError)] = &[
    ("ENCRYPTED PRIVATE KEY", PemError::Encrypted),
    ("EC PRIVATE KEY", PemError::Key(RsaKeyError::EllipticCurve)),
    ("OPENSSH PRIVATE KEY", PemError::OpenSsh),
    ("CERTIFICATE", PemError::Certificate),
    ("X509 CERTIFICATE", PemError::Certificate),
    ("TRUSTED CERTIFICATE", PemError::Certificate),
    ("CERTIFICATE REQUEST", PemError::CertificateRequest),
    ("NEW CERTIFICATE REQUEST", PemError::CertificateRequest),
    ("PUBLIC KEY", PemError::PublicKey),
    ("RSA PUBLIC KEY", PemError::PublicKey),
];

/// What gives a text away that holds no block and is no base64, the surest first.
const SIGNS: &[(&str, PemError)] = &[
    ("PuTTY-User-Key-File", PemError::Putty),
    ("\"kty", PemError::Jwk),
    ("'kty", PemError::Jwk),
    ("SSH2 PUBLIC KEY", PemError::PublicKey),
    ("ssh-rsa ", PemError::PublicKey),
    ("ssh-ed25519 ", PemError::PublicKey),
    ("ecdsa-sha2-", PemError::PublicKey),
    ("BEGIN", PemError::DamagedBegin),
    ("_KEY=", PemError::Prefix),
    (";base64,", PemError::Prefix),
    // What the hyphens and letters of UTF-16 become where it is read as something else, or something else as UTF-16; and
    // what stands for a byte that cannot be read.
    ("\u{2d2d}", PemError::NotText),
    ("\u{2d00}", PemError::NotText),
    ("B E G I N", PemError::NotText),
    ("\u{fffd}", PemError::NotText),
];

/// Reads a private RSA key as PKCS#8 bytes.
///
/// Takes PKCS#8 and PKCS#1, with real line breaks, escaped ones or none, alone or among other blocks; as base64 without
/// its lines, as base64 once more, and with the zero bytes of UTF-16.
///
/// # Errors
/// [`PemError`], a different one for each way in which a key is known to arrive broken.
pub fn to_pkcs8(text: &str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    if text.bytes().any(|byte| byte == 0) {
        return to_pkcs8(&ascii(text.as_bytes()));
    }
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(PemError::Empty);
    }
    let Some((label, body)) = find_key(text)? else {
        return without_lines(text);
    };
    let body = body.ok_or(PemError::NoEnd)?;
    let refusal = match label {
        // The older form of an encrypted key says so in a header (RFC 1421).
        "PRIVATE KEY" | "RSA PRIVATE KEY" => contains(body, "ENCRYPTED").then_some(PemError::Encrypted),
        other => Some(value_of(OTHER_BLOCKS, other).unwrap_or(PemError::OtherLabel)),
    };
    if let Some(error) = refusal {
        return Err(error);
    }
    // A key begins with `MI`, so this is none of it.
    if let [b'/', b'n' | b'r', ..] | [b'/', b'/', b'n' | b'r', ..] | [b'n', b'M', ..] | [b'r', b'n', b'M', ..] =
        body.trim_ascii_start().as_bytes()
    {
        return Err(PemError::LineBreaks);
    }
    let der = base64::decode(body).ok_or(if base64::is_part(body) {
        PemError::Key(RsaKeyError::Truncated)
    } else {
        PemError::Base64
    });
    der.and_then(|der| rsa_key::to_pkcs8(der).map_err(PemError::Key)).map_err(|error| {
        // A plus is base64 as well, so that what is joined with it looks like a key that is damaged.
        if contains(body, "\" +") || contains(body, "' +") { PemError::Pieces } else { error }
    })
}

/// The block that is a private key, otherwise the first block: its label and, if it ends, what stands between its lines.
/// Which of two keys is meant cannot be told.
fn find_key(text: &str) -> Result<Option<(&str, Option<&str>)>, PemError> {
    let is_key = |label: &str| label.ends_with("PRIVATE KEY");
    let mut found: Option<(&str, Option<&str>)> = None;
    let mut rest = text;
    while let Some((_, after)) = split_once(rest, BEGIN)
        && let Some((label, after)) = split_once(after, DASHES)
    {
        // A body never holds the dashes of the next line.
        let body = split_once(after, END)
            .filter(|(body, end)| !contains(body, BEGIN) && end.starts_with(label))
            .map(|(body, _)| body);
        match found {
            Some((known, first)) if is_key(known) => {
                if is_key(label)
                    && first.is_some_and(|first| body.is_none_or(|body| body.trim_ascii() != first.trim_ascii()))
                {
                    return Err(PemError::SeveralKeys);
                }
            }
            Some(_) if !is_key(label) => {}
            _ => found = Some((label, body)),
        }
        rest = after;
    }
    Ok(found)
}

/// Reads what has no lines around it: base64 of the bytes, or of the whole file.
fn without_lines(text: &str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    let bytes = base64::decode(text)
        .or_else(|| base64::decode_url(text).filter(|bytes| is_der(bytes)))
        .ok_or_else(|| kind_of(text))?;
    if is_der(&bytes) {
        return rsa_key::to_pkcs8(bytes).map_err(PemError::Key);
    }
    to_pkcs8(&ascii(&bytes)).map_err(|error| match error {
        // A name or a word is base64 by chance, of nothing.
        PemError::Empty | PemError::NotText => PemError::NoBegin,
        named => named,
    })
}

/// Whether `bytes` begin as DER of a key's length does.
fn is_der(bytes: &[u8]) -> bool {
    matches!(bytes, [0x30, 0x80..=0xff, ..])
}

/// What a text is that holds no block and is no base64.
fn kind_of(text: &str) -> PemError {
    match SIGNS.iter().find(|(sign, _)| contains(text, sign)) {
        Some(&(_, error)) => error,
        None if text.bytes().any(|byte| byte < b' ' && !byte.is_ascii_whitespace()) => PemError::NotText,
        None => PemError::NoBegin,
    }
}

/// The text in `bytes`. All of a key is ASCII: a byte order mark, and the zeros of UTF-16, are none of it.
fn ascii(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    for &byte in bytes {
        if byte != 0 && byte.is_ascii() {
            text.push(char::from(byte));
        }
    }
    text
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
