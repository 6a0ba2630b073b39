//! The address that requests go to.

use crate::json::Json;
use crate::text::{concat, trim_end};

/// An absolute address as the runtime's URL parser has taken it apart (WHATWG names, some of them joined).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UrlParts {
    /// With its colon: `https:`.
    pub protocol: String,
    /// In lower case, without a port; IPv6 in brackets.
    pub hostname: String,
    /// Scheme, host and port.
    pub origin: String,
    /// Percent-encoded, with its leading slash.
    pub pathname: String,
    /// `search` and `hash` together, with their `?` and `#`, or empty.
    pub query_and_fragment: String,
    /// User name and password together, or empty. Never repeated in an error.
    pub userinfo: String,
}

impl UrlParts {
    /// Reads the parts from an object with the same names.
    pub fn read<J: Json>(json: &J) -> Self {
        let part = |name| json.text_of(name, LONGEST_PART).unwrap_or_default();
        Self {
            protocol: part("protocol"),
            hostname: part("hostname"),
            origin: part("origin"),
            pathname: part("pathname"),
            query_and_fragment: part("queryAndFragment"),
            userinfo: part("userinfo"),
        }
    }
}

/// In UTF-16 units. The JavaScript half takes no longer text for an address.
const LONGEST_PART: u32 = 65_536;

/// Why an address is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasePathError {
    /// Neither `https:` nor `http:`.
    Scheme,
    /// `http:` to a host that is not this machine.
    PlainHttp,
    /// It holds a user name or a password.
    Userinfo,
    /// It holds a query or a fragment.
    QueryOrFragment,
    /// Its path ends in another version than `v1`.
    Version,
}

impl BasePathError {
    /// The reason as a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Scheme => "basePath must begin with https://.",
            Self::PlainHttp => {
                "basePath must begin with https:// unless it is this machine. Set allowHttp if the network between is yours."
            }
            Self::Userinfo => "basePath must not hold a user name or password.",
            Self::QueryOrFragment => "basePath must not hold a query or a fragment.",
            Self::Version => "basePath must end in /v1: this client speaks version 1 of the API.",
        }
    }
}

/// An address that may be called: an origin, and a path that ends in `/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasePath {
    /// Scheme, host and port, without a trailing slash.
    pub origin: String,
    /// Begins with a slash and has none at its end, for example `/v1`.
    pub path: String,
}

impl BasePath {
    /// Judges an address. `/v1` is added where it is missing, and trailing slashes are dropped.
    ///
    /// # Errors
    /// [`BasePathError`] where requests must not go there.
    pub fn new(url: &UrlParts, allow_http: bool) -> Result<Self, BasePathError> {
        match url.protocol.as_str() {
            "https:" => {}
            "http:" if allow_http || is_loopback(&url.hostname) => {}
            "http:" => return Err(BasePathError::PlainHttp),
            _ => return Err(BasePathError::Scheme),
        }
        if !url.userinfo.is_empty() {
            return Err(BasePathError::Userinfo);
        }
        if !url.query_and_fragment.is_empty() {
            return Err(BasePathError::QueryOrFragment);
        }
        let path = trim_end(&url.pathname, "/");
        let unversioned = path.strip_suffix("/v1").unwrap_or(path);
        if unversioned == path && ends_in_version(path) {
            return Err(BasePathError::Version);
        }
        Ok(Self { origin: url.origin.clone(), path: concat(&[unversioned, "/v1"]) })
    }
}

/// Whether the last segment is a `v` and a number.
fn ends_in_version(path: &str) -> bool {
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    digits > 0 && path.get(..path.len() - digits).is_some_and(|head| head.ends_with("/v"))
}

/// Whether `hostname` always means this machine (RFC 6761 for names under `localhost`).
fn is_loopback(hostname: &str) -> bool {
    hostname == "localhost"
        || hostname.ends_with(".localhost")
        || hostname == "[::1]"
        // A URL parser writes every spelling of an IPv4 address as four decimal numbers.
        || (hostname.starts_with("127.")
            && hostname.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(protocol: &str, hostname: &str, pathname: &str) -> UrlParts {
        UrlParts {
            protocol: protocol.into(),
            hostname: hostname.into(),
            origin: [protocol, "//", hostname].concat(),
            pathname: pathname.into(),
            ..UrlParts::default()
        }
    }

    #[test]
    fn v1_and_trailing_slashes_are_optional() {
        for pathname in ["/", "/v1", "/v1/", "//", "/v1//"] {
            let base = BasePath::new(&parts("https:", "api.fireblocks.io", pathname), false);
            let base = base.unwrap();
            assert_eq!(base.origin, "https://api.fireblocks.io");
            assert_eq!(base.path, "/v1", "{pathname}");
        }
        let relay = BasePath::new(&parts("https:", "relay.example", "/fireblocks/"), false);
        assert_eq!(relay.unwrap().path, "/fireblocks/v1");
        let other = BasePath::new(&parts("https:", "api.fireblocks.io", "/v2"), false);
        assert_eq!(other, Err(BasePathError::Version));
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for host in ["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(BasePath::new(&parts("http:", host, "/v1"), false).is_ok(), "{host}");
        }
        for host in ["api.fireblocks.io", "127.evil.example", "localhost.example", "10.0.0.1", "[::2]"] {
            let url = parts("http:", host, "/v1");
            assert_eq!(BasePath::new(&url, false), Err(BasePathError::PlainHttp), "{host}");
            assert!(BasePath::new(&url, true).is_ok(), "{host}");
        }
        let ftp = parts("ftp:", "localhost", "/v1");
        assert_eq!(BasePath::new(&ftp, true), Err(BasePathError::Scheme));
    }

    #[test]
    fn what_cannot_be_part_of_a_base_is_refused() {
        let url = parts("https:", "api.fireblocks.io", "/v1");
        let with_user = UrlParts { userinfo: "me:secret".into(), ..url.clone() };
        assert_eq!(BasePath::new(&with_user, false), Err(BasePathError::Userinfo));
        let with_query = UrlParts { query_and_fragment: "?a".into(), ..url.clone() };
        assert_eq!(BasePath::new(&with_query, false), Err(BasePathError::QueryOrFragment));
        let with_hash = UrlParts { query_and_fragment: "#a".into(), ..url };
        assert_eq!(BasePath::new(&with_hash, false), Err(BasePathError::QueryOrFragment));
    }

    proptest! {
        #[test]
        fn an_accepted_path_ends_in_v1_without_a_slash(pathname in "(/[a-z0-9.]{0,5}){1,4}") {
            if let Ok(base) = BasePath::new(&parts("https:", "h.example", &pathname), false) {
                prop_assert!(base.path.starts_with('/') && base.path.ends_with("/v1"));
            }
        }
    }
}
