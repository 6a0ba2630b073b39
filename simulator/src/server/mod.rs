//! The listening socket, and answers that are not given: connections dropped as a fault orders.

pub mod json;
pub mod loopback;

use std::convert::Infallible;
use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures_util::stream;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

/// Marks a response that must never be sent.
#[derive(Clone, Copy)]
struct Unanswered;

/// Has the connection dropped in place of this response.
pub fn drop_unanswered(response: &mut Response) {
    response.extensions_mut().insert(Unanswered);
}

/// Has the headers and half of `body` sent, then the connection dropped. An empty body gets a half all the same: the
/// caller must see an answer that is not whole.
pub fn break_body(response: &mut Response, body: Bytes) {
    let whole = if body.is_empty() { Bytes::from_static(b"{}") } else { body };
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len().div_ceil(2).min(whole.len().saturating_sub(1)));
    let parts = stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // Without the pause the half would be thrown away together with the connection.
                tokio::time::sleep(Duration::from_millis(50)).await;
                Some((Err(io::Error::from(io::ErrorKind::ConnectionReset)), None))
            }
        }
    });
    *response.body_mut() = Body::from_stream(parts);
}

/// Serves every connection until the process ends.
pub async fn serve(listener: TcpListener, router: Router) -> Infallible {
    loop {
        let (stream, _) = match listener.accept().await {
            Ok(accepted) => accepted,
            // Out of file descriptors, or the caller left: neither is a reason to stop.
            Err(error) => {
                eprintln!("a connection could not be accepted: {error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Half a body must leave before the connection is dropped. Where it cannot be set, the caller has gone already.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                let router = router.clone();
                async move {
                    let response = match router.oneshot(request.map(Body::new)).await {
                        Ok(response) => response,
                        Err(never) => match never {},
                    };
                    // An error of the service makes hyper drop the connection without a word.
                    match response.extensions().get::<Unanswered>() {
                        Some(Unanswered) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
                        None => Ok(response),
                    }
                }
            });
            // An error here is the caller's, or was ordered. No timer: an idle connection that the server closes just as a
            // caller uses it again is a fault, and faults are ordered.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
