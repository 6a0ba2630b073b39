//! The secret key as people have it: PEM text (RFC 7468), often damaged on its way through a setting.

use crate::rsa_key::{self, RsaKeyError};
use crate::text::{contains, only, split_once};
use base64ct::{Base64Unpadded, Encoding};
use zeroize::Zeroizing;

/// Why the text of a secret key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemError {
    /// Nothing but white space.
    Empty,
    /// No `-----BEGIN …-----` line.
    NoBegin,
    /// No matching `-----END …-----` line.
    NoEnd,
    /// The key is protected by a passphrase.
    Encrypted,
    /// A certificate.
    Certificate,
    /// A certificate signing request.
    CertificateRequest,
    /// A public key.
    PublicKey,
    /// An OpenSSH key.
    OpenSsh,
    /// Some other PEM block.
    OtherLabel,
    /// The text between the lines is not base64.
    Base64,
    /// The bytes are not a usable RSA key.
    Key(RsaKeyError),
}

impl PemError {
    /// What is wrong and what to do, as sentences. They repeat nothing of the key.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Empty => "The secret key is empty.",
            Self::NoBegin => {
                "The secret key has no -----BEGIN line. Pass the whole content of the .key file, not its name or a part of it."
            }
            Self::NoEnd => {
                "The secret key is cut off: its -----END line is missing. Many settings take one line only; write the line breaks as \\n there."
            }
            Self::Encrypted => {
                "The secret key is protected by a passphrase. Decrypt it first: openssl pkcs8 -topk8 -nocrypt."
            }
            Self::Certificate => "This is a certificate. The secret key is the private key that belongs to it.",
            Self::CertificateRequest => {
                "This is a certificate signing request, the file given to Fireblocks. The secret key is the .key file made with it."
            }
            Self::PublicKey => "This is a public key. The secret key is the private key that belongs to it.",
            Self::OpenSsh => "This is an OpenSSH key. Fireblocks' keys are PEM; convert it with ssh-keygen -p -m PEM.",
            Self::OtherLabel => "The secret key must be a PEM block named PRIVATE KEY or RSA PRIVATE KEY.",
            Self::Base64 => "The secret key is damaged: there is something other than base64 between its lines.",
            Self::Key(RsaKeyError::Truncated) => "The secret key is cut off: a part of it is missing.",
            Self::Key(RsaKeyError::Damaged) => "The secret key is damaged: its bytes are not a private key.",
            Self::Key(RsaKeyError::EllipticCurve) => "This is an elliptic-curve key. Fireblocks' API keys are RSA.",
            Self::Key(RsaKeyError::Pss) => "This RSA key is bound to RSASSA-PSS. Fireblocks' API keys sign with RS256.",
            Self::Key(RsaKeyError::OtherAlgorithm) => "This is not an RSA key. Fireblocks' API keys are RSA.",
            Self::Key(RsaKeyError::TooSmall) => {
                "This RSA key has fewer than 2048 bits. Make a new one of 4096, as Fireblocks' guide does."
            }
        }
    }
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Reads a private RSA key as PKCS#8 bytes.
///
/// Takes PKCS#8 and PKCS#1, with real line breaks, escaped ones or none, alone or among other blocks.
///
/// # Errors
/// [`PemError`], a different one for each way in which a key is known to arrive broken.
pub fn to_pkcs8(text: &str) -> Result<Zeroizing<Vec<u8>>, PemError> {
    if only(text, |byte| byte.is_ascii_whitespace()) {
        return Err(PemError::Empty);
    }
    let (label, body) = find_key(text).ok_or(PemError::NoBegin)?;
    let body = body.ok_or(PemError::NoEnd)?;
    let refusal = match label {
        // The older form of an encrypted key says so in a header (RFC 1421).
        "PRIVATE KEY" | "RSA PRIVATE KEY" => contains(body, "ENCRYPTED").then_some(PemError::Encrypted),
        "ENCRYPTED PRIVATE KEY" => Some(PemError::Encrypted),
        "EC PRIVATE KEY" => Some(PemError::Key(RsaKeyError::EllipticCurve)),
        "OPENSSH PRIVATE KEY" => Some(PemError::OpenSsh),
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Some(PemError::Certificate),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(PemError::CertificateRequest),
        "PUBLIC KEY" | "RSA PUBLIC KEY" => Some(PemError::PublicKey),
        _ => Some(PemError::OtherLabel),
    };
    if let Some(error) = refusal {
        return Err(error);
    }
    let mut key = base64_of(body);
    decode(&mut key).ok_or_else(|| damage(body))?;
    let pkcs1 = label == "RSA PRIVATE KEY";
    let checked = if pkcs1 { rsa_key::check_pkcs1(&key) } else { rsa_key::check_pkcs8(&key) };
    checked.map_err(PemError::Key)?;
    Ok(if pkcs1 { rsa_key::wrap_pkcs1(&key) } else { key })
}

/// The first block that is a private key, otherwise the first block: its label and, if it ends, what stands between its
/// lines.
fn find_key(text: &str) -> Option<(&str, Option<&str>)> {
    let mut first = None;
    let mut rest = text;
    while let Some((_, after)) = split_once(rest, BEGIN)
        && let Some((label, after)) = split_once(after, DASHES)
    {
        // A body never holds the dashes of the next line.
        let body = split_once(after, END)
            .filter(|(body, end)| !contains(body, BEGIN) && end.starts_with(label))
            .map(|(body, _)| body);
        if label.ends_with("PRIVATE KEY") {
            return Some((label, body));
        }
        if first.is_none() {
            first = Some((label, body));
        }
        rest = after;
    }
    first
}

/// The base64 in `body`: line breaks, in any form, are left out.
fn base64_of(body: &str) -> Zeroizing<Vec<u8>> {
    // Its full size at once, so that growing leaves no copy of the key behind; it is decoded where it stands.
    let mut key = Zeroizing::new(Vec::with_capacity(body.len()));
    let mut bytes = body.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            // `\n` and `\r` written out, as they arrive from settings that hold one line.
            b'\\' if matches!(bytes.next(), Some(b'n' | b'r')) => {}
            byte if byte.is_ascii_whitespace() => {}
            byte => key.push(byte),
        }
    }
    key
}

/// Decodes base64 where it stands; `None` where it is none.
fn decode(key: &mut Vec<u8>) -> Option<()> {
    if !key.len().is_multiple_of(4) {
        return None;
    }
    // The crate would read the padding too, for a third more WebAssembly.
    let padding = match key.as_slice() {
        [.., b'=', b'='] => 2,
        [.., b'='] => 1,
        _ => 0,
    };
    key.truncate(key.len() - padding);
    let length = Base64Unpadded::decode_in_place(key).ok()?.len();
    // What is behind the end now is wiped with the rest: `Zeroizing` goes by the capacity.
    key.truncate(length);
    Some(())
}

/// What is wrong with text that is not base64: something else is in it, or a part of it is missing.
fn damage(body: &str) -> PemError {
    // A backslash as part of a line break, and white space, were left out before.
    let known = only(body, |byte| {
        matches!(byte, b'+' | b'/' | b'=' | b'\\') || byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace()
    });
    if known { PemError::Key(RsaKeyError::Truncated) } else { PemError::Base64 }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use crate::rsa_key::tests::pkcs1;
    use base64ct::Base64;
    use proptest::prelude::*;

    fn pem(label: &str, der: &[u8]) -> String {
        let body = Base64::encode_string(der);
        let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn pkcs8_pem() -> String {
        pem("PRIVATE KEY", &rsa_key::wrap_pkcs1(&pkcs1(2048)))
    }

    #[test]
    fn both_containers_give_the_same_bytes() {
        let wrapped = rsa_key::wrap_pkcs1(&pkcs1(2048));
        assert_eq!(to_pkcs8(&pkcs8_pem()), Ok(wrapped.clone()));
        assert_eq!(to_pkcs8(&pem("RSA PRIVATE KEY", &pkcs1(2048))), Ok(wrapped));
    }

    #[test]
    fn line_breaks_may_be_escaped_doubled_or_lost() {
        let text = pkcs8_pem();
        let expected = to_pkcs8(&text);
        assert!(expected.is_ok());
        for variant in [
            text.replace('\n', "\\n"),
            text.replace('\n', "\\r\\n"),
            text.replace('\n', "\r\n"),
            text.replace('\n', " "),
            text.replace('\n', ""),
            format!("\u{feff}\"{}\"", text.replace('\n', "\\n")),
            format!("Bag Attributes\n  friendlyName: x\n{text}"),
            format!("{}{text}", pem("CERTIFICATE", b"not read")),
        ] {
            assert_eq!(to_pkcs8(&variant), expected, "{variant:.60}");
        }
    }

    #[test]
    fn each_kind_of_broken_key_has_its_own_sentence() {
        let text = pkcs8_pem();
        let legacy = pem("RSA PRIVATE KEY", &pkcs1(2048))
            .replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n");
        let wrapped = rsa_key::wrap_pkcs1(&pkcs1(2048));
        let cases = [
            (String::from(" \n"), PemError::Empty),
            (String::from("fireblocks_secret.key"), PemError::NoBegin),
            (text.lines().next().unwrap().into(), PemError::NoEnd),
            (text[..400].into(), PemError::NoEnd),
            (text.replace("-----END PRIVATE", "-----END RSA PRIVATE"), PemError::NoEnd),
            (pem("ENCRYPTED PRIVATE KEY", b"x"), PemError::Encrypted),
            (legacy, PemError::Encrypted),
            (pem("CERTIFICATE", b"x"), PemError::Certificate),
            (pem("CERTIFICATE REQUEST", b"x"), PemError::CertificateRequest),
            (pem("PUBLIC KEY", b"x"), PemError::PublicKey),
            (pem("OPENSSH PRIVATE KEY", b"x"), PemError::OpenSsh),
            (pem("EC PRIVATE KEY", b"x"), PemError::Key(RsaKeyError::EllipticCurve)),
            (pem("PGP MESSAGE", b"x"), PemError::OtherLabel),
            (text.replace("MII", "M*I"), PemError::Base64),
            (pem("PRIVATE KEY", &wrapped[..200]), PemError::Key(RsaKeyError::Truncated)),
            (format!("{}\n-----END PRIVATE KEY-----", &text[..402]), PemError::Key(RsaKeyError::Truncated)),
            (pem("PRIVATE KEY", b"garbage"), PemError::Key(RsaKeyError::Damaged)),
            (pem("RSA PRIVATE KEY", &pkcs1(1024)), PemError::Key(RsaKeyError::TooSmall)),
        ];
        let mut sentences = Vec::new();
        for (text, expected) in cases {
            assert_eq!(to_pkcs8(&text).err(), Some(expected), "{text:.60}");
            sentences.push(expected.reason());
        }
        sentences.sort_unstable();
        sentences.dedup();
        assert_eq!(sentences.len(), 14);
    }

    proptest! {
        #[test]
        fn any_text_is_answered_without_a_panic(text in any::<String>()) {
            let _ = to_pkcs8(&text);
        }

        #[test]
        fn any_block_is_answered_without_a_panic(label in "[A-Z ]{0,12}", body in "[A-Za-z0-9+/=\\\\n \n-]{0,200}") {
            let _ = to_pkcs8(&format!("-----BEGIN {label}-----{body}-----END {label}-----"));
            let _ = to_pkcs8(&format!("-----BEGIN PRIVATE KEY-----{body}-----END PRIVATE KEY-----"));
        }

        #[test]
        fn a_cut_key_is_never_accepted(length in 0usize..1600) {
            let text = pkcs8_pem();
            let end = text.rfind("-----END").unwrap();
            prop_assume!(length < end - 1);
            let cut = format!("{}\n-----END PRIVATE KEY-----", &text[..length]);
            prop_assert!(to_pkcs8(&cut).is_err());
        }
    }
}
