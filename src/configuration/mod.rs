//! The configuration of a client: what is accepted, and what is taken where nothing is given.

pub mod base_path;
pub mod header;

use self::base_path::BasePath;
use crate::json::Json;
use crate::text::{contains, split_once};

/// In bytes.
const SHORTEST_SECRET: usize = 8;
/// The longest time that the runtimes' timers can hold, in milliseconds: 2³¹ − 1.
const LONGEST_MS: u32 = 2_147_483_647;
/// In UTF-16 units. The JavaScript half takes no longer text for a setting.
const LONGEST_TEXT: u32 = 65_536;
const USER_AGENT: &str = concat!("fireblocks-reset-device/", env!("CARGO_PKG_VERSION"));

/// A setting that is a number.
struct Number {
    name: &'static str,
    /// Taken where nothing is given.
    default: u32,
    least: u32,
    most: u32,
    whole: bool,
    /// The sentence that refuses any other value.
    refusal: &'static str,
}

/// How long one attempt may take, response body included, in milliseconds.
const TIMEOUT: Number = Number {
    name: "timeoutMs",
    default: 30_000,
    least: 1,
    most: LONGEST_MS,
    whole: false,
    refusal: "timeoutMs must be a number from 1 to 2147483647.",
};
/// How long a call may take with all its attempts and waits, in milliseconds.
const DEADLINE: Number = Number {
    name: "deadlineMs",
    default: 90_000,
    least: 1,
    most: LONGEST_MS,
    whole: false,
    refusal: "deadlineMs must be a number from 1 to 2147483647.",
};
/// Attempts after the first.
const MAX_RETRIES: Number = Number {
    name: "maxRetries",
    default: 2,
    least: 0,
    most: 10,
    whole: true,
    refusal: "maxRetries must be a whole number from 0 to 10.",
};
/// Seconds. Fireblocks' reference asks for less than 30; its SDKs use 55.
const TOKEN_LIFETIME: Number = Number {
    name: "tokenLifetimeSeconds",
    default: 29,
    least: 1,
    most: 55,
    whole: true,
    refusal: "tokenLifetimeSeconds must be a whole number from 1 to 55.",
};

impl Number {
    fn judge(&self, value: f64) -> Result<f64, &'static str> {
        let fits =
            (f64::from(self.least)..=f64::from(self.most)).contains(&value) && !(self.whole && value.fract() != 0.0);
        if fits { Ok(value) } else { Err(self.refusal) }
    }

    fn read<J: Json>(&self, config: &J) -> Result<f64, &'static str> {
        self.judge(config.number_of(self.name).unwrap_or(self.default.into()))
    }
}

/// What one call may give instead of the configuration's values.
#[derive(Debug, Default)]
pub struct Options {
    /// `timeoutMs`.
    pub timeout_ms: Option<f64>,
    /// `maxRetries`.
    pub max_retries: Option<f64>,
}

/// The bounds of one call.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// For one attempt, in milliseconds.
    pub timeout_ms: f64,
    /// For the whole call, in milliseconds.
    pub deadline_ms: f64,
    /// Attempts after the first.
    pub max_retries: u32,
}

impl Limits {
    /// These limits with those of one call in their place.
    ///
    /// # Errors
    /// A sentence that names the option.
    pub fn with(self, options: &Options) -> Result<Self, &'static str> {
        Ok(Self {
            timeout_ms: TIMEOUT.judge(options.timeout_ms.unwrap_or(self.timeout_ms))?,
            max_retries: MAX_RETRIES.judge(options.max_retries.unwrap_or(self.max_retries.into()))? as u32,
            ..self
        })
    }
}

/// A configuration that can work.
#[derive(Debug, Clone, PartialEq)]
pub struct Configuration {
    /// Where requests go.
    pub base_path: BasePath,
    /// The API user's key; `None` where a gateway adds the authorization.
    pub api_key: Option<String>,
    /// Extra headers: name, in lower case, and value.
    pub headers: Vec<(String, String)>,
    /// Whether the client runs in a page.
    pub in_page: bool,
    /// `User-Agent`; `None` in a page, where it would only cause a CORS preflight.
    pub user_agent: Option<String>,
    /// The bounds of each call.
    pub limits: Limits,
    /// `exp` − `iat`, in seconds.
    pub token_lifetime_seconds: u32,
    /// Milliseconds by which the server's clock was last found to be ahead of this machine's.
    pub clock_difference_ms: f64,
}

impl Configuration {
    /// Reads and judges a configuration: an object whose members have the right types or are absent.
    ///
    /// - `base` and `allowHttp`: see [`BasePath::read`].
    /// - `apiKey`, and `hasSecretKey`: whether there is something to sign with. The key itself is not in it.
    /// - `headers`: a list of objects with `name` and `value`.
    /// - `userAgent`, and `inPage`: whether the client runs in a page.
    /// - `timeoutMs`, `deadlineMs`, `maxRetries` and `tokenLifetimeSeconds`.
    /// - `clockDifferenceMs`: what earlier calls have learnt of it.
    ///
    /// # Errors
    /// A sentence that names the setting. It repeats no value, since a value may be a secret in the wrong place.
    pub fn read<J: Json>(config: &J) -> Result<Self, &'static str> {
        let base_path = BasePath::read(config).map_err(|error| error.reason())?;
        let api_key = config.text_of("apiKey", LONGEST_TEXT);
        let has_secret_key = config.flag_of("hasSecretKey");
        match &api_key {
            Some(key) if key.is_empty() => return Err("apiKey must not be empty."),
            Some(key) if !header::is_visible(key) || contains(key, "\"") || contains(key, "'") => {
                return Err("apiKey must be visible ASCII characters, without spaces and quotes.");
            }
            Some(_) if !has_secret_key => {
                return Err("apiKey is given without secretKey. Give both, or neither for a gateway.");
            }
            None if has_secret_key => {
                return Err("secretKey is given without apiKey. Give both, or neither for a gateway.");
            }
            _ => {}
        }
        let mut headers: Vec<(String, String)> = Vec::new();
        let list = config.member("headers");
        for index in 0..list.length() {
            let header = list.element(index);
            let mut name = text(&header, "name");
            // One spelling of a name, so that of two values the last counts.
            name.make_ascii_lowercase();
            let value = text(&header, "value");
            if !header::is_name(&name) {
                return Err("A name in headers is not one that HTTP allows.");
            }
            if header::is_own(&name) {
                return Err("headers holds a header that the client sets itself.");
            }
            if !header::is_value(&value) {
                return Err("A value in headers must be printable ASCII on one line.");
            }
            match headers.iter_mut().find(|(known, _)| *known == name) {
                Some((_, first)) => *first = value,
                None => headers.push((name, value)),
            }
        }
        let suffix = text(config, "userAgent");
        if !header::is_value(&suffix) {
            return Err("userAgent must be printable ASCII on one line.");
        }
        let in_page = config.flag_of("inPage");
        let space = if suffix.is_empty() { "" } else { " " };
        Ok(Self {
            limits: Limits {
                timeout_ms: TIMEOUT.read(config)?,
                deadline_ms: DEADLINE.read(config)?,
                max_retries: MAX_RETRIES.read(config)? as u32,
            },
            token_lifetime_seconds: TOKEN_LIFETIME.read(config)? as u32,
            in_page,
            user_agent: (!in_page).then(|| [USER_AGENT, space, &suffix].concat()),
            clock_difference_ms: config.number_of("clockDifferenceMs").unwrap_or_default(),
            base_path,
            api_key,
            headers,
        })
    }

    /// Whether requests carry a token of ours. Otherwise the other side is a gateway that adds it.
    pub fn signs(&self) -> bool {
        self.api_key.is_some()
    }

    /// Whether `text` holds a token, the API key, or the value of an extra header or a part of it: what comes after a
    /// scheme, or one of several cookies. Values of a few letters are no secrets, and would be found in any text.
    pub fn reveals(&self, text: &str) -> bool {
        let is_in = |value: &str| value.len() >= SHORTEST_SECRET && contains(text, value);
        let parts_are_in = |value: &str| {
            let mut parts = value.split(|character: char| character.is_ascii_whitespace() || character == ';');
            parts.any(|part| is_in(part) || split_once(part, "=").is_some_and(|(_, value)| is_in(value)))
        };
        // A token begins with the base64 of `{"`.
        contains(text, "eyJ")
            || self.api_key.as_deref().is_some_and(is_in)
            || self.headers.iter().any(|(_, value)| is_in(value) || parts_are_in(value))
    }
}

/// A text of the configuration; absent, it is empty.
pub(crate) fn text<J: Json>(object: &J, name: &str) -> String {
    object.text_of(name, LONGEST_TEXT).unwrap_or_default()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// A configuration that works, for Fireblocks itself or, without a key, for a gateway.
    pub(crate) fn config(api_key: Option<&str>) -> Value {
        json!({
            "base": {
                "protocol": "https:",
                "hostname": "api.fireblocks.io",
                "origin": "https://api.fireblocks.io",
                "pathname": "/v1",
            },
            "apiKey": api_key,
            "hasSecretKey": api_key.is_some(),
        })
    }

    fn changed(name: &str, value: Value) -> Result<Configuration, &'static str> {
        let mut config = config(Some("key"));
        config[name] = value;
        Configuration::read(&config)
    }

    fn refused(name: &str, value: Value) -> &'static str {
        changed(name, value).expect_err("must be refused")
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let settings = Configuration::read(&config(Some("key"))).unwrap();
        let limits = Limits { timeout_ms: 30_000.0, deadline_ms: 90_000.0, max_retries: 2 };
        assert_eq!(settings.limits, limits);
        assert_eq!(settings.token_lifetime_seconds, 29);
        assert_eq!(settings.user_agent.as_deref(), Some(USER_AGENT));
    }

    #[test]
    fn key_and_secret_come_together() {
        assert!(refused("hasSecretKey", json!(false)).contains("without secretKey"));
        assert!(refused("apiKey", json!(null)).contains("without apiKey"));
        assert!(refused("apiKey", json!("")).contains("empty"));
        assert!(refused("apiKey", json!("a b")).contains("visible ASCII"));
        assert!(refused("apiKey", json!("a\tb")).contains("visible ASCII"));
        assert!(refused("apiKey", json!("\"a\"")).contains("quotes"));
        assert!(refused("apiKey", json!("'a'")).contains("quotes"));
        assert!(refused("apiKey", json!("a\r\nX: y")).contains("visible ASCII"));
        assert_eq!(Configuration::read(&config(None)).unwrap().api_key, None);
    }

    #[test]
    fn headers_cannot_inject_nor_replace() {
        for (name, value, words) in [
            ("X A", "v", "name"),
            ("", "v", "name"),
            ("Authorization", "v", "sets itself"),
            ("idempotency-KEY", "v", "sets itself"),
            ("X-A", "v\r\nB: c", "one line"),
            ("X-A", "ü", "one line"),
        ] {
            let reason = refused("headers", json!([{ "name": name, "value": value }]));
            assert!(reason.contains(words), "{name}: {value} → {reason}");
        }
        let headers = changed("headers", json!([{"name": "X-A", "value": "v"}])).unwrap().headers;
        assert_eq!(headers, [("x-a".into(), "v".into())]);
        assert!(refused("userAgent", json!("a\nb")).contains("userAgent"));
        let own = changed("userAgent", json!("desk/2")).unwrap();
        assert!(own.user_agent.unwrap().ends_with(" desk/2"));
        let page = changed("inPage", json!(true)).unwrap();
        assert_eq!(page.user_agent, None);
    }

    #[test]
    fn a_part_of_a_header_reveals_it_too() {
        let headers = json!([
            {"name": "Proxy-Authorization", "value": "Basic dXNlcjpwYXNzd29yZA=="},
            {"name": "Cookie", "value": "a=1; sessionid=abc123secret456"},
            {"name": "X-Words", "value": "to be or not to be"},
        ]);
        let settings = changed("headers", headers).unwrap();
        for text in ["dXNlcjpwYXNzd29yZA==", "abc123secret456", "sessionid=abc123secret456", "to be or not to be"] {
            assert!(settings.reveals(&["bad ", text, "."].concat()), "{text}");
        }
        assert!(settings.reveals("Bearer eyJhbGciOiJSUzI1NiJ9.e30.x"));
        for text in ["Basic", "a=1", "sessionid", "to be or", "abc123"] {
            assert!(!settings.reveals(text), "{text}");
        }
    }

    #[test]
    fn numbers_have_their_bounds() {
        for bad in [0.0, -1.0, 3e9] {
            assert!(refused("timeoutMs", json!(bad)).contains("timeoutMs"), "{bad}");
            assert!(refused("deadlineMs", json!(bad)).contains("deadlineMs"), "{bad}");
        }
        for bad in [-1.0, 1.5, 11.0] {
            assert!(refused("maxRetries", json!(bad)).contains("maxRetries"), "{bad}");
        }
        for bad in [0.0, 29.5, 56.0] {
            assert!(refused("tokenLifetimeSeconds", json!(bad)).contains("tokenLifetime"), "{bad}");
        }
        // JSON has no such numbers.
        for bad in [f64::NAN, f64::INFINITY] {
            for number in [TIMEOUT, DEADLINE, MAX_RETRIES, TOKEN_LIFETIME] {
                assert!(number.judge(bad).unwrap_err().contains(number.name), "{bad}");
            }
        }
        assert_eq!(changed("maxRetries", json!(0)).unwrap().limits.max_retries, 0);
        assert_eq!(changed("tokenLifetimeSeconds", json!(55)).unwrap().token_lifetime_seconds, 55);
    }

    #[test]
    fn one_call_may_differ() {
        let limits = Configuration::read(&config(Some("key"))).unwrap().limits;
        let options = Options { timeout_ms: Some(5.0), max_retries: Some(0.0) };
        let own = limits.with(&options).unwrap();
        assert_eq!((own.timeout_ms, own.max_retries, own.deadline_ms), (5.0, 0, 90_000.0));
        let bad = Options { timeout_ms: Some(-5.0), max_retries: None };
        assert!(limits.with(&bad).is_err());
    }
}
