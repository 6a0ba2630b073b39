//! What is wrong with a secret key, as sentences.

use crate::signing::rsa_key::RsaKeyError;

/// Why the text of a secret key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemError {
    /// Nothing but white space.
    Empty,
    /// No `-----BEGIN …-----` line.
    NoBegin,
    /// Something like a `-----BEGIN …-----` line.
    DamagedBegin,
    /// No matching `-----END …-----` line.
    NoEnd,
    /// Private keys that differ.
    SeveralKeys,
    /// The name of a variable, or the head of a `data:` address, before the key.
    Prefix,
    /// Strings of a program, joined with `+`.
    Pieces,
    /// Line breaks written as characters that base64 may hold.
    LineBreaks,
    /// UTF-16 or binary bytes, read as if they were text.
    NotText,
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
    /// A key of PuTTY's.
    Putty,
    /// A JSON Web Key.
    Jwk,
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
            Self::DamagedBegin => {
                "The first line of the secret key is damaged. It must read -----BEGIN PRIVATE KEY-----, with spaces and five plain hyphens at each end."
            }
            Self::NoEnd => {
                "The secret key is cut off: its -----END line is missing, or not that of its first line. Many settings take one line only; write the line breaks as \\n there."
            }
            Self::SeveralKeys => "There is more than one private key in this text. Pass one alone.",
            Self::Prefix => "The secret key has a variable's name or data:…;base64, before it. Pass what follows that.",
            Self::Pieces => "The secret key is in pieces, joined with +. Pass the text that they make.",
            Self::LineBreaks => {
                "The line breaks of the secret key are written as /n or n, which may be a part of the key as well. Write them as \\n."
            }
            Self::NotText => {
                "The secret key is not plain text: it is in UTF-16, as PowerShell's > writes it, or a binary file. Save the former as UTF-8; convert the latter with openssl pkey -inform DER -in binary.key -out secret.key."
            }
            Self::Encrypted | Self::Key(RsaKeyError::Encrypted) => {
                "The secret key is protected by a passphrase. Decrypt it first: openssl pkey -in encrypted.key -out secret.key."
            }
            Self::Certificate => "This is a certificate. The secret key is the private key that belongs to it.",
            Self::CertificateRequest => {
                "This is a certificate signing request, the file given to Fireblocks. The secret key is the .key file made with it."
            }
            Self::PublicKey => "This is a public key. The secret key is the private key that belongs to it.",
            Self::Key(RsaKeyError::Public) => {
                "This is a public key or a certificate. The secret key is the private key that belongs to it."
            }
            Self::OpenSsh => {
                "This is an OpenSSH key. Fireblocks' keys are PEM; convert it with ssh-keygen -p -m PEM -f secret.key."
            }
            Self::Putty => {
                "This is a PuTTY key. Fireblocks' keys are PEM; convert it with puttygen key.ppk -O private-openssh -o secret.key."
            }
            Self::Jwk => {
                "This is a JSON Web Key. Fireblocks' keys are PEM; a JWK can be imported with crypto.subtle.importKey, and the CryptoKey passed."
            }
            Self::OtherLabel => "The secret key must be a PEM block named PRIVATE KEY or RSA PRIVATE KEY.",
            Self::Base64 => "The secret key is damaged: there is something other than base64 between its lines.",
            Self::Key(RsaKeyError::Truncated) => "The secret key is cut off or damaged: its parts do not add up.",
            Self::Key(RsaKeyError::Damaged) => "The secret key is damaged: its bytes are not a private key.",
            Self::Key(RsaKeyError::Pkcs12) => {
                "This is a PKCS#12 file. Take the key out of it: openssl pkcs12 -in file.pfx -nocerts -nodes -out secret.key."
            }
            Self::Key(RsaKeyError::EllipticCurve) => "This is an elliptic-curve key. Fireblocks' API keys are RSA.",
            Self::Key(RsaKeyError::Pss) => "This RSA key is bound to RSASSA-PSS. Fireblocks' API keys sign with RS256.",
            Self::Key(RsaKeyError::OtherAlgorithm) => "This is not an RSA key. Fireblocks' API keys are RSA.",
            Self::Key(RsaKeyError::TooSmall) => {
                "This RSA key has fewer than 2048 bits. Make a new one of 4096, as Fireblocks' guide does."
            }
        }
    }
}
