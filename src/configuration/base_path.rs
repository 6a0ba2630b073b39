//! The address that requests go to.

use crate::configuration::text;
use crate::json::Json;

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
    /// Reads and judges the address in a configuration. `/v1` is added where it is missing, and trailing slashes are
    /// dropped.
    ///
    /// `base` is an absolute address as the runtime's URL parser has taken it apart (WHATWG names, some of the parts
    /// joined):
    ///
    /// - `protocol`: with its colon, `https:`.
    /// - `hostname`: in lower case, without a port; IPv6 in brackets.
    /// - `origin`: scheme, host and port.
    /// - `pathname`: percent-encoded, with its leading slash.
    /// - `queryAndFragment`: `search` and `hash` together, with their `?` and `#`, or empty.
    /// - `userinfo`: user name and password together, or empty. Never repeated in an error.
    ///
    /// `allowHttp` lets `http:` lead to any host.
    ///
    /// # Errors
    /// [`BasePathError`] where requests must not go there.
    pub fn read<J: Json>(config: &J) -> Result<Self, BasePathError> {
        let url = config.member("base");
        let part = |name| text(&url, name);
        match part("protocol").as_str() {
            "https:" => {}
            "http:" if config.flag_of("allowHttp") || is_loopback(&part("hostname")) => {}
            "http:" => return Err(BasePathError::PlainHttp),
            _ => return Err(BasePathError::Scheme),
        }
        if !part("userinfo").is_empty() {
            return Err(BasePathError::Userinfo);
        }
        if !part("queryAndFragment").is_empty() {
            return Err(BasePathError::QueryOrFragment);
        }
        let path = part("pathname");
        let mut path = path.as_str();
        while let Some(shorter) = path.strip_suffix('/') {
            path = shorter;
        }
        let unversioned = match path.strip_suffix("/v1") {
            Some(unversioned) => unversioned,
            None if ends_in_version(path) => return Err(BasePathError::Version),
            None => path,
        };
        Ok(Self { origin: part("origin"), path: [unversioned, "/v1"].concat() })
    }
}

/// Whether the last segment is a `v` and a number.
fn ends_in_version(path: &str) -> bool {
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    digits > 0 && path.get(..path.len() - digits).is_some_and(|head| head.ends_with("/v"))
}

/// Whether `hostname` always means this machine (RFC 6761 for names under `localhost`).
fn is_loopback(hostname: &str) -> bool {
    matches!(hostname, "localhost" | "[::1]")
        || hostname.ends_with(".localhost")
        // A URL parser writes every spelling of an IPv4 address as four decimal numbers.
        || (hostname.starts_with("127.")
            && hostname.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// A configuration with an address, as it is taken apart.
    fn config(protocol: &str, hostname: &str, pathname: &str) -> Value {
        let origin = [protocol, "//", hostname].concat();
        json!({"base": {"protocol": protocol, "hostname": hostname, "origin": origin, "pathname": pathname}})
    }

    #[test]
    fn v1_and_trailing_slashes_are_optional() {
        for pathname in ["/", "/v1", "/v1/", "//", "/v1//"] {
            let base = BasePath::read(&config("https:", "api.fireblocks.io", pathname));
            let base = base.unwrap();
            assert_eq!(base.origin, "https://api.fireblocks.io");
            assert_eq!(base.path, "/v1", "{pathname}");
        }
        let relay = BasePath::read(&config("https:", "relay.example", "/fireblocks/"));
        assert_eq!(relay.unwrap().path, "/fireblocks/v1");
        let other = BasePath::read(&config("https:", "api.fireblocks.io", "/v2"));
        assert_eq!(other, Err(BasePathError::Version));
    }

    #[test]
    fn plain_http_is_for_this_machine() {
        for host in ["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"] {
            assert!(BasePath::read(&config("http:", host, "/v1")).is_ok(), "{host}");
        }
        for host in ["api.fireblocks.io", "127.evil.example", "localhost.example", "10.0.0.1", "[::2]"] {
            let mut config = config("http:", host, "/v1");
            assert_eq!(BasePath::read(&config), Err(BasePathError::PlainHttp), "{host}");
            config["allowHttp"] = json!(true);
            assert!(BasePath::read(&config).is_ok(), "{host}");
        }
        let mut ftp = config("ftp:", "localhost", "/v1");
        ftp["allowHttp"] = json!(true);
        assert_eq!(BasePath::read(&ftp), Err(BasePathError::Scheme));
        assert_eq!(BasePath::read(&json!({})), Err(BasePathError::Scheme));
    }

    #[test]
    fn what_cannot_be_part_of_a_base_is_refused() {
        for (part, value, error) in [
            ("userinfo", "me:secret", BasePathError::Userinfo),
            ("queryAndFragment", "?a", BasePathError::QueryOrFragment),
            ("queryAndFragment", "#a", BasePathError::QueryOrFragment),
        ] {
            let mut config = config("https:", "api.fireblocks.io", "/v1");
            config["base"][part] = json!(value);
            assert_eq!(BasePath::read(&config), Err(error));
        }
    }

    proptest! {
        #[test]
        fn an_accepted_path_ends_in_v1_without_a_slash(pathname in "(/[a-z0-9.]{0,5}){1,4}") {
            if let Ok(base) = BasePath::read(&config("https:", "h.example", &pathname)) {
                prop_assert!(base.path.starts_with('/') && base.path.ends_with("/v1"));
            }
        }
    }
}
