//! Keeps web pages of other origins away from what only this machine's people and tests may do.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// Whether `host`, with or without a port, names this machine.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => {
            if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) || port.parse::<u16>().is_err() {
                return false;
            }
            name
        }
        _ => host,
    };
    if name.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Refuses a `Host` that is not loopback (a name that was rebound to 127.0.0.1) and an `Origin` that is not (a web page
/// that posts here).
pub async fn only(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let host_is_local = text(header::HOST).is_some_and(is_loopback);
    let origin_is_local =
        text(header::ORIGIN).is_none_or(|origin| origin.strip_prefix("http://").is_some_and(is_loopback));
    if host_is_local && origin_is_local {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "Only for this machine: Host and Origin must be loopback.\n").into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_told_from_everything_else() {
        for local in ["127.0.0.1", "127.0.0.1:8787", "localhost:1", "LOCALHOST", "[::1]", "[::1]:80"] {
            assert!(is_loopback(local), "{local}");
        }
        for other in [
            "",
            "example.com",
            "127.0.0.1.example.com",
            "127.0.0.1:80@example.com",
            "localhost.example.com",
            "127.0.0.1:99999",
            "127.0.0.1:",
            "10.0.0.1",
            "0.0.0.0",
            "[::2]:80",
            "2130706433",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
