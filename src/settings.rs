//! The configuration of a client: what is accepted, and what is taken where nothing is given.

use crate::base_path::{BasePath, UrlParts};
use crate::header;
use crate::json::Json;
use crate::text::{concat, contains};

/// How long one attempt may take, response body included, in milliseconds.
pub const DEFAULT_TIMEOUT_MS: f64 = 30_000.0;
/// How long a call may take with all its attempts and waits, in milliseconds.
pub const DEFAULT_DEADLINE_MS: f64 = 90_000.0;
/// Attempts after the first.
pub const DEFAULT_MAX_RETRIES: u32 = 2;
/// Seconds. Fireblocks' reference asks for less than 30; its SDKs use 55.
pub const DEFAULT_TOKEN_LIFETIME_SECONDS: u32 = 29;

/// The longest time that the runtimes' timers can hold, in milliseconds: 2³¹ − 1.
const LONGEST_MS: f64 = 2_147_483_647.0;
const MOST_RETRIES: f64 = 10.0;
const LONGEST_TOKEN_LIFETIME_SECONDS: f64 = 55.0;
/// In bytes.
const SHORTEST_SECRET: usize = 8;
const USER_AGENT: &str = concat!("fireblocks-reset-device/", env!("CARGO_PKG_VERSION"));

/// The configuration as given. The key itself is not in it.
#[derive(Debug, Default)]
pub struct Config {
    /// `basePath`, taken apart by the runtime.
    pub base: UrlParts,
    /// `apiKey`.
    pub api_key: Option<String>,
    /// Whether there is something to sign with.
    pub has_secret_key: bool,
    /// `headers`, name and value.
    pub headers: Vec<(String, String)>,
    /// `userAgent`.
    pub user_agent: Option<String>,
    /// Whether the runtime lets `User-Agent` be set; in a page it only causes a CORS preflight.
    pub sends_user_agent: bool,
    /// `timeoutMs`.
    pub timeout_ms: Option<f64>,
    /// `deadlineMs`.
    pub deadline_ms: Option<f64>,
    /// `maxRetries`.
    pub max_retries: Option<f64>,
    /// `tokenLifetimeSeconds`.
    pub token_lifetime_seconds: Option<f64>,
    /// `allowHttp`.
    pub allow_http: bool,
}

/// In UTF-16 units. The JavaScript half takes no longer text for a setting.
const LONGEST_TEXT: u32 = 65_536;

impl Config {
    /// Reads a configuration whose members have the right types or are absent.
    pub fn read<J: Json>(json: &J) -> Self {
        let mut headers = Vec::new();
        let list = json.member("headers");
        for index in 0..list.length() {
            let header = list.element(index);
            if let (Some(name), Some(value)) =
                (header.text_of("name", LONGEST_TEXT), header.text_of("value", LONGEST_TEXT))
            {
                headers.push((name, value));
            }
        }
        Self {
            base: UrlParts::read(&json.member("base")),
            api_key: json.text_of("apiKey", LONGEST_TEXT),
            has_secret_key: json.flag_of("hasSecretKey"),
            headers,
            user_agent: json.text_of("userAgent", LONGEST_TEXT),
            sends_user_agent: json.flag_of("sendsUserAgent"),
            timeout_ms: json.number_of("timeoutMs"),
            deadline_ms: json.number_of("deadlineMs"),
            max_retries: json.number_of("maxRetries"),
            token_lifetime_seconds: json.number_of("tokenLifetimeSeconds"),
            allow_http: json.flag_of("allowHttp"),
        }
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
            timeout_ms: timeout(options.timeout_ms, self.timeout_ms)?,
            max_retries: max_retries(options.max_retries, self.max_retries)?,
            ..self
        })
    }
}

/// A configuration that can work.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Where requests go.
    pub base_path: BasePath,
    /// The API user's key; `None` where a gateway adds the authorization.
    pub api_key: Option<String>,
    /// Extra headers, name and value.
    pub headers: Vec<(String, String)>,
    /// `User-Agent`, where it can be set.
    pub user_agent: Option<String>,
    /// The bounds of each call.
    pub limits: Limits,
    /// `exp` − `iat`, in seconds.
    pub token_lifetime_seconds: u32,
}

impl Settings {
    /// Judges a configuration.
    ///
    /// # Errors
    /// A sentence that names the setting. It repeats no value, since a value may be a secret in the wrong place.
    pub fn new(config: Config) -> Result<Self, &'static str> {
        let base_path = BasePath::new(&config.base, config.allow_http).map_err(|error| error.reason())?;
        match &config.api_key {
            Some(key) if key.is_empty() => return Err("apiKey must not be empty."),
            Some(key) if !header::is_value(key) || key.contains([' ', '\t']) => {
                return Err("apiKey must be visible ASCII characters, without spaces.");
            }
            Some(_) if !config.has_secret_key => {
                return Err("apiKey is given without secretKey. Give both, or neither for a gateway.");
            }
            None if config.has_secret_key => {
                return Err("secretKey is given without apiKey. Give both, or neither for a gateway.");
            }
            _ => {}
        }
        for (name, value) in &config.headers {
            if !header::is_name(name) {
                return Err("A name in headers is not one that HTTP allows.");
            }
            if header::is_own(name) {
                return Err("headers holds a header that the client sets itself.");
            }
            if !header::is_value(value) {
                return Err("A value in headers must be printable ASCII on one line.");
            }
        }
        let suffix = config.user_agent.as_deref().unwrap_or_default();
        if !header::is_value(suffix) {
            return Err("userAgent must be printable ASCII on one line.");
        }
        let space = if suffix.is_empty() { "" } else { " " };
        let lifetime = config.token_lifetime_seconds;
        Ok(Self {
            base_path,
            user_agent: config.sends_user_agent.then(|| concat(&[USER_AGENT, space, suffix])),
            limits: Limits {
                timeout_ms: timeout(config.timeout_ms, DEFAULT_TIMEOUT_MS)?,
                deadline_ms: within(config.deadline_ms, LONGEST_MS)
                    .ok_or("deadlineMs must be a number from 1 to 2147483647.")?
                    .unwrap_or(DEFAULT_DEADLINE_MS),
                max_retries: max_retries(config.max_retries, DEFAULT_MAX_RETRIES)?,
            },
            token_lifetime_seconds: within(lifetime, LONGEST_TOKEN_LIFETIME_SECONDS)
                .filter(|_| lifetime.is_none_or(|seconds| seconds.fract() == 0.0))
                .ok_or("tokenLifetimeSeconds must be a whole number from 1 to 55.")?
                .map_or(DEFAULT_TOKEN_LIFETIME_SECONDS, |seconds| seconds as u32),
            api_key: config.api_key,
            headers: config.headers,
        })
    }
}

impl Settings {
    /// Whether `text` holds the API key or the value of an extra header. Values of a few letters are no secrets, and
    /// would be found in any text.
    pub fn reveals(&self, text: &str) -> bool {
        let values = self.headers.iter().map(|(_, value)| value);
        self.api_key.iter().chain(values).any(|value| value.len() >= SHORTEST_SECRET && contains(text, value))
    }
}

/// `value` where it is from 1 to `most`; the outer `None` is a refusal.
fn within(value: Option<f64>, most: f64) -> Option<Option<f64>> {
    match value {
        None => Some(None),
        Some(value) => (1.0..=most).contains(&value).then_some(Some(value)),
    }
}

fn timeout(value: Option<f64>, default: f64) -> Result<f64, &'static str> {
    let value = within(value, LONGEST_MS).ok_or("timeoutMs must be a number from 1 to 2147483647.")?;
    Ok(value.unwrap_or(default))
}

fn max_retries(value: Option<f64>, default: u32) -> Result<u32, &'static str> {
    match value {
        None => Ok(default),
        Some(value) if (0.0..=MOST_RETRIES).contains(&value) && value.fract() == 0.0 => Ok(value as u32),
        Some(_) => Err("maxRetries must be a whole number from 0 to 10."),
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests {
    use super::*;

    /// A configuration that works, for Fireblocks itself or, without a key, for a gateway.
    pub(crate) fn config(api_key: Option<&str>) -> Config {
        Config {
            base: UrlParts {
                protocol: "https:".into(),
                hostname: "api.fireblocks.io".into(),
                origin: "https://api.fireblocks.io".into(),
                pathname: "/v1".into(),
                ..UrlParts::default()
            },
            api_key: api_key.map(String::from),
            has_secret_key: api_key.is_some(),
            sends_user_agent: true,
            ..Config::default()
        }
    }

    fn refused(change: impl FnOnce(&mut Config)) -> &'static str {
        let mut config = config(Some("key"));
        change(&mut config);
        Settings::new(config).expect_err("must be refused")
    }

    #[test]
    fn the_defaults_are_the_documented_ones() {
        let settings = Settings::new(config(Some("key"))).unwrap();
        let limits = Limits { timeout_ms: 30_000.0, deadline_ms: 90_000.0, max_retries: 2 };
        assert_eq!(settings.limits, limits);
        assert_eq!(settings.token_lifetime_seconds, 29);
        assert_eq!(settings.user_agent.as_deref(), Some(USER_AGENT));
    }

    #[test]
    fn key_and_secret_come_together() {
        assert!(refused(|config| config.has_secret_key = false).contains("without secretKey"));
        assert!(refused(|config| config.api_key = None).contains("without apiKey"));
        assert!(refused(|config| config.api_key = Some("".into())).contains("empty"));
        assert!(refused(|config| config.api_key = Some("a b".into())).contains("visible ASCII"));
        assert!(refused(|config| config.api_key = Some("a\r\nX: y".into())).contains("visible ASCII"));
        assert_eq!(Settings::new(config(None)).unwrap().api_key, None);
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
            let reason = refused(|config| config.headers = vec![(name.into(), value.into())]);
            assert!(reason.contains(words), "{name}: {value} → {reason}");
        }
        assert!(refused(|config| config.user_agent = Some("a\nb".into())).contains("userAgent"));
        let own = Config { user_agent: Some("desk/2".into()), ..config(Some("key")) };
        assert!(Settings::new(own).unwrap().user_agent.unwrap().ends_with(" desk/2"));
        let page = Config { sends_user_agent: false, ..config(Some("key")) };
        assert_eq!(Settings::new(page).unwrap().user_agent, None);
    }

    #[test]
    fn numbers_have_their_bounds() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 3e9] {
            assert!(refused(|config| config.timeout_ms = Some(bad)).contains("timeoutMs"), "{bad}");
            assert!(refused(|config| config.deadline_ms = Some(bad)).contains("deadlineMs"), "{bad}");
        }
        for bad in [-1.0, 1.5, 11.0, f64::NAN] {
            assert!(refused(|config| config.max_retries = Some(bad)).contains("maxRetries"), "{bad}");
        }
        for bad in [0.0, 29.5, 56.0, f64::NAN] {
            assert!(refused(|config| config.token_lifetime_seconds = Some(bad)).contains("tokenLifetime"), "{bad}");
        }
        let none = Config { max_retries: Some(0.0), token_lifetime_seconds: Some(55.0), ..config(Some("key")) };
        let settings = Settings::new(none).unwrap();
        assert_eq!((settings.limits.max_retries, settings.token_lifetime_seconds), (0, 55));
    }

    #[test]
    fn one_call_may_differ() {
        let limits = Settings::new(config(Some("key"))).unwrap().limits;
        let options = Options { timeout_ms: Some(5.0), max_retries: Some(0.0) };
        let own = limits.with(&options).unwrap();
        assert_eq!((own.timeout_ms, own.max_retries, own.deadline_ms), (5.0, 0, 90_000.0));
        let bad = Options { timeout_ms: Some(-5.0), max_retries: None };
        assert!(limits.with(&bad).is_err());
    }
}
