//! Keys as people have them, and what is said of those that cannot be read.

use super::*;
use crate::signing::rsa_key::tests::pkcs1;
use base64ct::{Base64, Encoding};
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
        text.replace('\n', "\\\\n"),
        text.replace('\n', "\\\\\\\\r\\\\\\\\n"),
        text.replace('\n', "\\n\n"),
        text.replace('\n', "\\\n"),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        text.replace('\n', "\n    "),
        text.replace('\n', " "),
        text.replace('\n', "\u{a0}"),
        text.replace('\n', ""),
        text.replace('/', "\\/"),
        format!("\u{feff}\"{}\"", text.replace('\n', "\\n")),
        format!("'{text}'"),
        format!("{{\"secretKey\":\"{}\"}}", text.replace('\n', "\\n").replace('/', "\\/")),
        format!("Bag Attributes\n  friendlyName: x\n{text}"),
        format!("{}{text}", pem("CERTIFICATE", b"not read")),
        format!("{text}\n{text}"),
    ] {
        assert_eq!(to_pkcs8(&variant), expected, "{variant:.60}");
    }
}

#[test]
fn what_can_be_one_key_alone_is_read() {
    let text = pkcs8_pem();
    let expected = to_pkcs8(&text);
    let bytes = expected.as_deref().unwrap();
    let windows = text.replace('\n', "\r\n");
    let little: Vec<u8> = windows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = windows.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let latin1 = |bytes: &[u8]| -> String { bytes.iter().map(|&byte| char::from(byte)).collect() };
    let base64 = Base64::encode_string;
    let padded = base64(bytes);
    assert!(padded.ends_with('='), "a key whose base64 has padding shows more");
    for variant in [
        // A file in UTF-16, as PowerShell's `>` writes it, read as another encoding.
        latin1(&little),
        latin1(&big),
        format!("\u{ff}\u{fe}{}", latin1(&little)),
        format!("\u{fffd}\u{fffd}{}", latin1(&little)),
        format!("\u{feff}{windows}"),
        // The base64 of the whole file, in lines or not, and once more.
        base64(text.as_bytes()),
        base64(text.as_bytes()).replace('=', ""),
        base64(windows.as_bytes()).as_bytes().chunks(76).map(|line| latin1(line) + "\r\n").collect(),
        base64(text.replace('\n', "\\n").as_bytes()),
        base64(base64(text.as_bytes()).as_bytes()),
        base64(&[&[0xff, 0xfe], little.as_slice()].concat()),
        base64(format!("\u{feff}{text}").as_bytes()),
        format!("\"{}\"\n", base64(text.as_bytes())),
        latin1(base64(text.as_bytes()).as_bytes()).chars().flat_map(|char| [char, '\0']).collect(),
        // The bytes alone.
        padded.clone(),
        padded.replace('=', ""),
        format!("'{}'", text.lines().filter(|line| !line.contains("KEY")).collect::<Vec<_>>().join("\\n")),
        base64(&pkcs1(2048)),
        // In the letters that addresses may hold.
        padded.replace('+', "-").replace('/', "_"),
        text.lines().filter(|line| !line.contains("KEY")).collect::<String>().replace('+', "-").replace('/', "_"),
        // A body without its padding, or under the other form's name: the bytes tell what they are.
        text.replace('=', ""),
        pem("PRIVATE KEY", &pkcs1(2048)),
        pem("RSA PRIVATE KEY", bytes),
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
    let little: Vec<u16> = text.encode_utf16().collect();
    let pairs: Vec<u16> = text.as_bytes().as_chunks::<2>().0.iter().map(|&pair| u16::from_le_bytes(pair)).collect();
    let base64 = |text: &str| Base64::encode_string(text.as_bytes());
    let swapped: Vec<u16> = little.iter().map(|unit| unit.swap_bytes()).collect();
    let cases = [
        (String::from(" \n"), PemError::Empty),
        (String::from("\0\0"), PemError::Empty),
        (String::from("fireblocks_secret.key"), PemError::NoBegin),
        (String::from("C:\\keys\\new.key"), PemError::NoBegin),
        (String::from("44fdead0-7053-4831-a53a-df7fb90d440f"), PemError::NoBegin),
        (String::from("hunter2hunter2"), PemError::NoBegin),
        (String::from("two\nlines"), PemError::NoBegin),
        (text.lines().next().unwrap().into(), PemError::NoEnd),
        (text[..400].into(), PemError::NoEnd),
        (text.replace("-----END PRIVATE", "-----END RSA PRIVATE"), PemError::NoEnd),
        (text.replace("-----", "----"), PemError::DamagedBegin),
        (text.replace("-----", "\u{2014}\u{2013}-"), PemError::DamagedBegin),
        (text.replace(' ', "\n"), PemError::DamagedBegin),
        (text.replace(' ', "%20"), PemError::DamagedBegin),
        (text.replace('\n', "/n"), PemError::LineBreaks),
        (text.replace('\n', "/r/n"), PemError::LineBreaks),
        (text.replace('\n', "//n"), PemError::LineBreaks),
        (text.replace('\n', "n"), PemError::LineBreaks),
        (text.replace('\n', "rn"), PemError::LineBreaks),
        (base64(&text.replace('\n', "/n")), PemError::LineBreaks),
        (String::from_utf16_lossy(&pairs), PemError::NotText),
        (String::from_utf16_lossy(&swapped), PemError::NotText),
        (String::from_utf8_lossy(&wrapped).into(), PemError::NotText),
        (text.chars().flat_map(|char| [char, ' ']).collect(), PemError::NotText),
        (pem("ENCRYPTED PRIVATE KEY", b"x"), PemError::Encrypted),
        (legacy, PemError::Encrypted),
        (pem("CERTIFICATE", b"x"), PemError::Certificate),
        (pem("CERTIFICATE REQUEST", b"x"), PemError::CertificateRequest),
        (pem("PUBLIC KEY", b"x"), PemError::PublicKey),
        (String::from("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC me@desk"), PemError::PublicKey),
        (String::from("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@desk"), PemError::PublicKey),
        (String::from("ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY me@desk"), PemError::PublicKey),
        (base64("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ me@desk"), PemError::PublicKey),
        (String::from("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----"), PemError::PublicKey),
        (pem("OPENSSH PRIVATE KEY", b"x"), PemError::OpenSsh),
        (String::from("PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\n"), PemError::Putty),
        (String::from("PuTTY-User-Key-File-3: ssh-rsa\\nEncryption: aes256-cbc\\n"), PemError::Putty),
        (String::from(r#"{"kty":"RSA","n":"AQAB","d":"AQAB"}"#), PemError::Jwk),
        (String::from(r#""{\"kty\":\"RSA\"}""#), PemError::Jwk),
        (String::from("{'kty':'RSA','n':'AQAB'}"), PemError::Jwk),
        (base64(r#"{"kty":"RSA","n":"AQAB","d":"AQAB"}"#), PemError::Jwk),
        (base64(&base64(r#"{"kty":"RSA","n":"AQAB","d":"AQAB"}"#)), PemError::Jwk),
        (base64("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n"), PemError::Putty),
        (base64(&text.replace("-----", "----")), PemError::DamagedBegin),
        (base64("two words of no key"), PemError::NoBegin),
        (format!("{text}{}", pem("RSA PRIVATE KEY", &pkcs1(4096))), PemError::SeveralKeys),
        (format!("{text}{}", pem("EC PRIVATE KEY", b"x")), PemError::SeveralKeys),
        (format!("{text}{}", &text[..400]), PemError::SeveralKeys),
        (format!("{}{text}", &text[..400]), PemError::NoEnd),
        (format!("FIREBLOCKS_SECRET_KEY={}", base64(&text)), PemError::Prefix),
        (format!("export API_KEY=\"{}\"", Base64::encode_string(&wrapped)), PemError::Prefix),
        (format!("data:application/x-pem-file;base64,{}", base64(&text)), PemError::Prefix),
        (format!("\"{}\"", text.replace('\n', "\\n\" +\n  \"")), PemError::Pieces),
        (format!("'{}'", text.replace('\n', "' + '")), PemError::Pieces),
        (pem("EC PRIVATE KEY", b"x"), PemError::Key(RsaKeyError::EllipticCurve)),
        (pem("PGP MESSAGE", b"x"), PemError::OtherLabel),
        (text.replace("MII", "M*I"), PemError::Base64),
        (text.replace("MII", "M\\tII"), PemError::Base64),
        (text.replace("MII", "M\u{fc}I"), PemError::Base64),
        (text.replace('\n', "<br>"), PemError::Base64),
        (pem("PRIVATE KEY", &wrapped[..200]), PemError::Key(RsaKeyError::Truncated)),
        (format!("{}\n-----END PRIVATE KEY-----", &text[..402]), PemError::Key(RsaKeyError::Truncated)),
        (format!("{}\n-----END PRIVATE KEY-----", &text[..403]), PemError::Key(RsaKeyError::Truncated)),
        (Base64::encode_string(&wrapped[..300]), PemError::Key(RsaKeyError::Truncated)),
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
    assert_eq!(sentences.len(), 22);
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
    fn whatever_is_put_between_the_lines_a_key_is_read_as_itself_or_not_at_all(
        between in "[ \\\\nr/<>%0A\u{feff}\u{a0}\u{e9}\\x00\n\r\t-]{0,4}", times in 0usize..3
    ) {
        let mut text = pkcs8_pem().replace('\n', &between);
        for _ in 0..times {
            text = Base64::encode_string(text.as_bytes());
        }
        if let Ok(read) = to_pkcs8(&text) {
            prop_assert_eq!(Ok(read), to_pkcs8(&pkcs8_pem()));
        }
    }

    #[test]
    fn a_cut_key_is_never_accepted(length in 0usize..1600) {
        let text = pkcs8_pem();
        let end = text.rfind("-----END").unwrap();
        // Without its padding alone it is whole.
        prop_assume!(length < text[..end].trim_end_matches(['\n', '=']).len());
        let cut = format!("{}\n-----END PRIVATE KEY-----", &text[..length]);
        prop_assert!(to_pkcs8(&cut).is_err());
    }
}
