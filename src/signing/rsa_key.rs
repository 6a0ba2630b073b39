//! What a private key is, read from its DER bytes, and PKCS#1 put into the PKCS#8 envelope that WebCrypto takes.
//!
//! Only lengths and identifiers are read; the arithmetic is WebCrypto's.

use zeroize::Zeroizing;

/// The smallest RSA modulus that is accepted, in bits.
pub const MIN_MODULUS_BITS: usize = 2048;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// 1.2.840.113549.1.1.1, `rsaEncryption` (RFC 8017).
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.2.840.113549.1.1.10, `id-RSASSA-PSS` (RFC 8017).
const RSASSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
/// 1.2.840.10045.2.1, `id-ecPublicKey` (RFC 5480).
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// 1.2.840.113549.1, `pkcs`: what follows is the number of the standard.
const PKCS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01];

/// Why the bytes of a key are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsaKeyError {
    /// The bytes end before the key does.
    Truncated,
    /// The bytes are not a private key.
    Damaged,
    /// A private key that is encrypted.
    Encrypted,
    /// A public key, or a certificate.
    Public,
    /// A PKCS#12 file, which may hold a key.
    Pkcs12,
    /// An elliptic-curve key.
    EllipticCurve,
    /// A key bound to RSASSA-PSS, which cannot make RS256 signatures.
    Pss,
    /// A key of some other algorithm.
    OtherAlgorithm,
    /// A modulus below [`MIN_MODULUS_BITS`].
    TooSmall,
}

/// Reads DER (X.690) values one after the other.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next value, which must have `tag`.
    fn read(&mut self, tag: u8) -> Result<&'a [u8], RsaKeyError> {
        let (&found, rest) = self.0.split_first().ok_or(RsaKeyError::Truncated)?;
        if found != tag {
            return Err(RsaKeyError::Damaged);
        }
        let (&first, mut rest) = rest.split_first().ok_or(RsaKeyError::Truncated)?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            // A key of 16 384 bits needs two bytes of length; three leave room, and four could overflow.
            let count = usize::from(first & 0x7f);
            if !(1..=3).contains(&count) {
                return Err(RsaKeyError::Damaged);
            }
            let (bytes, after) = rest.split_at_checked(count).ok_or(RsaKeyError::Truncated)?;
            length = bytes.iter().fold(0, |sum, &byte| sum << 8 | usize::from(byte));
            rest = after;
        }
        let (content, after) = rest.split_at_checked(length).ok_or(RsaKeyError::Truncated)?;
        self.0 = after;
        Ok(content)
    }
}

/// Reads a private key, PKCS#8 or PKCS#1 as its bytes tell it, as PKCS#8.
///
/// # Errors
/// [`RsaKeyError`] where it is no RSA key that can sign RS256.
pub fn to_pkcs8(der: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, RsaKeyError> {
    let mut key = Der(Der(&der).read(SEQUENCE)?);
    if let [SEQUENCE, ..] = key.0 {
        // Both an encrypted key and a public one begin with the algorithm, a certificate with its content.
        let algorithm = Der(key.read(SEQUENCE)?).read(OBJECT_IDENTIFIER).unwrap_or_default();
        // The ways to encrypt with a passphrase are those of PKCS#5 and PKCS#12.
        let encrypted = matches!(algorithm.strip_prefix(PKCS), Some([5 | 12, ..]));
        return Err(if encrypted { RsaKeyError::Encrypted } else { RsaKeyError::Public });
    }
    let version = key.read(INTEGER)?;
    match key.0 {
        // The modulus of a public key stands where the version of a private one does.
        [INTEGER, ..] if version.len() > 1 => Err(RsaKeyError::Public),
        [INTEGER, ..] => check_pkcs1(&der).map(|()| wrap_pkcs1(&der)),
        // RFC 5915, `ECPrivateKey`.
        [OCTET_STRING, ..] => Err(RsaKeyError::EllipticCurve),
        _ => check_pkcs8(&der).map(|()| der),
    }
}

/// Checks a PKCS#8 private key (RFC 5208, `PrivateKeyInfo`).
///
/// # Errors
/// [`RsaKeyError`] where it is no RSA key that can sign RS256.
pub fn check_pkcs8(der: &[u8]) -> Result<(), RsaKeyError> {
    let mut outer = Der(der);
    let mut key = Der(outer.read(SEQUENCE)?);
    key.read(INTEGER)?;
    let mut algorithm = Der(key.read(SEQUENCE)?);
    let algorithm = algorithm.read(OBJECT_IDENTIFIER)?;
    if algorithm == RSA_ENCRYPTION {
        check_pkcs1(key.read(OCTET_STRING)?)
    } else if algorithm == RSASSA_PSS {
        Err(RsaKeyError::Pss)
    } else if algorithm == EC_PUBLIC_KEY {
        Err(RsaKeyError::EllipticCurve)
    } else if let Some([7, ..]) = algorithm.strip_prefix(PKCS) {
        // A PKCS#12 file begins as a key does: with a version, and its content's type (PKCS#7) where the algorithm is.
        Err(RsaKeyError::Pkcs12)
    } else {
        Err(RsaKeyError::OtherAlgorithm)
    }
}

/// Checks a PKCS#1 private key (RFC 8017, `RSAPrivateKey`).
///
/// # Errors
/// [`RsaKeyError`] where it is incomplete or too small.
pub fn check_pkcs1(der: &[u8]) -> Result<(), RsaKeyError> {
    let mut outer = Der(der);
    let mut key = Der(outer.read(SEQUENCE)?);
    key.read(INTEGER)?;
    let mut modulus = key.read(INTEGER)?;
    // Public and private exponent, two primes, two exponents, one coefficient.
    for _ in 0..6 {
        key.read(INTEGER)?;
    }
    while let [0, rest @ ..] = modulus {
        modulus = rest;
    }
    let unused = modulus.first().map_or(0, |byte| byte.leading_zeros() as usize);
    if modulus.len() * 8 - unused < MIN_MODULUS_BITS {
        return Err(RsaKeyError::TooSmall);
    }
    Ok(())
}

/// Puts a PKCS#1 private key into a PKCS#8 envelope.
///
/// Its length must need two bytes, as that of every key does that [`check_pkcs1`] lets pass and 16 384 bits can have.
pub fn wrap_pkcs1(der: &[u8]) -> Zeroizing<Vec<u8>> {
    // SEQUENCE { version 0; AlgorithmIdentifier { rsaEncryption, NULL }; OCTET STRING }, with room for two lengths.
    let mut envelope = [
        0x30, 0x82, 0, 0, 0x02, 0x01, 0x00, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01,
        0x01, 0x05, 0x00, 0x04, 0x82, 0, 0,
    ];
    [envelope[2], envelope[3]] = ((envelope.len() - 4 + der.len()) as u16).to_be_bytes();
    [envelope[24], envelope[25]] = (der.len() as u16).to_be_bytes();
    // Its full size at once, so that growing leaves no copy of the key behind.
    let mut out = Zeroizing::new(Vec::with_capacity(envelope.len() + der.len()));
    out.extend_from_slice(&envelope);
    out.extend_from_slice(der);
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A DER value of any length.
    fn value(tag: u8, content: &[u8]) -> Vec<u8> {
        let bytes = content.len().to_be_bytes();
        let significant: Vec<u8> = bytes.into_iter().skip_while(|&byte| byte == 0).collect();
        let length = match content.len() {
            short @ ..0x80 => vec![short as u8],
            _ => [&[0x80 | significant.len() as u8], significant.as_slice()].concat(),
        };
        [&[tag], length.as_slice(), content].concat()
    }

    /// A key whose numbers are of the right size and otherwise meaningless.
    pub(crate) fn pkcs1(bits: usize) -> Vec<u8> {
        let mut modulus = vec![0xc1; bits.div_ceil(8)];
        if !bits.is_multiple_of(8) {
            modulus[0] = 1 << (bits % 8 - 1);
        } else {
            modulus.insert(0, 0);
        }
        let mut content = [value(INTEGER, &[0]), value(INTEGER, &modulus)].concat();
        for _ in 0..7 {
            content.extend(value(INTEGER, &[1, 0, 1]));
        }
        value(SEQUENCE, &content)
    }

    fn pkcs8(oid: &[u8]) -> Vec<u8> {
        let algorithm = value(SEQUENCE, &value(OBJECT_IDENTIFIER, oid));
        let parts = [value(INTEGER, &[0]), algorithm, value(OCTET_STRING, &pkcs1(2048))];
        value(SEQUENCE, &parts.concat())
    }

    #[test]
    fn the_modulus_must_have_2048_bits() {
        assert_eq!(check_pkcs1(&pkcs1(4096)), Ok(()));
        assert_eq!(check_pkcs1(&pkcs1(2048)), Ok(()));
        assert_eq!(check_pkcs1(&pkcs1(2047)), Err(RsaKeyError::TooSmall));
        assert_eq!(check_pkcs1(&pkcs1(1024)), Err(RsaKeyError::TooSmall));
    }

    #[test]
    fn algorithms_are_told_apart() {
        assert_eq!(check_pkcs8(&pkcs8(RSA_ENCRYPTION)), Ok(()));
        assert_eq!(check_pkcs8(&pkcs8(RSASSA_PSS)), Err(RsaKeyError::Pss));
        assert_eq!(check_pkcs8(&pkcs8(EC_PUBLIC_KEY)), Err(RsaKeyError::EllipticCurve));
        assert_eq!(check_pkcs8(&pkcs8(&[0x2b, 0x65, 0x70])), Err(RsaKeyError::OtherAlgorithm));
        assert_eq!(check_pkcs8(&pkcs1(2048)), Err(RsaKeyError::Damaged));
    }

    #[test]
    fn the_bytes_tell_what_they_are() {
        let read = |der: Vec<u8>| to_pkcs8(Zeroizing::new(der));
        assert_eq!(read(pkcs8(RSA_ENCRYPTION)), Ok(Zeroizing::new(pkcs8(RSA_ENCRYPTION))));
        assert_eq!(read(pkcs1(2048)), Ok(wrap_pkcs1(&pkcs1(2048))));
        let algorithm = |oid: &[u8]| value(SEQUENCE, &value(OBJECT_IDENTIFIER, oid));
        let number = |bytes: &[u8]| value(INTEGER, bytes);
        let content = value(OCTET_STRING, &[7; 300]);
        let pkcs = |rest: &[u8]| algorithm(&[PKCS, rest].concat());
        for (parts, expected) in [
            (vec![pkcs(&[5, 13]), content.clone()], RsaKeyError::Encrypted),
            (vec![pkcs(&[12, 1, 3]), content.clone()], RsaKeyError::Encrypted),
            (vec![algorithm(RSA_ENCRYPTION), value(0x03, &[7; 300])], RsaKeyError::Public),
            (vec![algorithm(EC_PUBLIC_KEY), value(0x03, &[7; 64])], RsaKeyError::Public),
            // A certificate, a request for one, and a public key of PKCS#1.
            (vec![value(SEQUENCE, &value(0xa0, &number(&[2]))), content.clone()], RsaKeyError::Public),
            (vec![value(SEQUENCE, &number(&[0])), content.clone()], RsaKeyError::Public),
            (vec![number(&[0x7f; 256]), number(&[1, 0, 1])], RsaKeyError::Public),
            (vec![number(&[3]), pkcs(&[7, 1]), content.clone()], RsaKeyError::Pkcs12),
            (vec![number(&[1]), content.clone()], RsaKeyError::EllipticCurve),
            (vec![number(&[0]), algorithm(EC_PUBLIC_KEY), content.clone()], RsaKeyError::EllipticCurve),
            (vec![number(&[0]), content], RsaKeyError::EllipticCurve),
            (vec![], RsaKeyError::Truncated),
        ] {
            assert_eq!(read(value(SEQUENCE, &parts.concat())), Err(expected));
        }
    }

    #[test]
    fn a_wrapped_key_is_pkcs8() {
        for bits in [2048, 3072, 4096, 8192] {
            assert_eq!(check_pkcs8(&wrap_pkcs1(&pkcs1(bits))), Ok(()), "{bits}");
        }
        let content = [7; 256];
        assert_eq!(*wrap_pkcs1(&content), {
            let algorithm = value(SEQUENCE, &[value(OBJECT_IDENTIFIER, RSA_ENCRYPTION), vec![5, 0]].concat());
            value(SEQUENCE, &[value(INTEGER, &[0]), algorithm, value(OCTET_STRING, &content)].concat())
        });
    }

    #[test]
    fn every_cut_is_noticed() {
        for whole in [pkcs1(2048), pkcs8(RSA_ENCRYPTION)] {
            for length in 0..whole.len() {
                let cut = &whole[..length];
                assert_eq!(check_pkcs1(cut).and(check_pkcs8(cut)), Err(RsaKeyError::Truncated), "{length}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = check_pkcs8(&bytes);
            let _ = check_pkcs1(&bytes);
            let _ = to_pkcs8(Zeroizing::new(bytes));
        }

        #[test]
        fn lengths_of_any_size_are_read(length in 0usize..70_000) {
            let whole = value(OCTET_STRING, &vec![7; length]);
            prop_assert_eq!(Der(&whole).read(OCTET_STRING).map(<[u8]>::len), Ok(length));
        }
    }
}
