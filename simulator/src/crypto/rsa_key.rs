//! RSA key pairs, kept as PKCS#8 PEM.

use anyhow::{Result, anyhow};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use pem::{EncodeConfig, LineEnding, Pem};

/// A private key as PEM, and its public half.
pub struct RsaKey {
    /// PKCS#8, `BEGIN PRIVATE KEY`. Secret.
    pub private_key: String,
    /// RSAPublicKey, DER.
    pub public_key: Vec<u8>,
}

impl RsaKey {
    /// A new pair of `size`. RSA-4096 takes about a second.
    pub fn generate(size: KeySize) -> Result<Self> {
        let pair = KeyPair::generate(size).map_err(|_| anyhow!("the RSA key could not be generated"))?;
        let pkcs8 = pair.as_der().map_err(|_| anyhow!("the RSA key could not be encoded as PKCS#8"))?;
        let file = Pem::new("PRIVATE KEY", pkcs8.as_ref());
        Ok(Self {
            private_key: pem::encode_config(&file, EncodeConfig::new().set_line_ending(LineEnding::LF)),
            public_key: pair.public_key().as_ref().to_vec(),
        })
    }

    /// The pair of a PKCS#8 PEM.
    pub fn from_pem(private_key: &str) -> Result<Self> {
        let file = pem::parse(private_key).map_err(|_| anyhow!("it is not a PEM file"))?;
        if file.tag() != "PRIVATE KEY" {
            return Err(anyhow!("it is not a PKCS#8 PEM (BEGIN PRIVATE KEY)"));
        }
        let pair = KeyPair::from_pkcs8(file.contents()).map_err(|error| anyhow!("it is not an RSA key: {error}"))?;
        Ok(Self { private_key: private_key.to_owned(), public_key: pair.public_key().as_ref().to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_the_same_after_its_pem() {
        let made = RsaKey::generate(KeySize::Rsa2048).unwrap();
        assert!(made.private_key.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert_eq!(RsaKey::from_pem(&made.private_key).unwrap().public_key, made.public_key);
    }

    #[test]
    fn what_is_no_pkcs8_rsa_key_is_refused() {
        for bad in ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert!(RsaKey::from_pem(bad).is_err());
        }
    }
}
