//! A call under way, without promises and without an executor.
//!
//! A future of ours waits for one thing at a time, a promise of the host. [`Task::resume`] runs the future until it
//! needs the next one and hands that promise out; the JavaScript half awaits it and resumes with its result.

use super::host::{JsHost, Reply, WebHost};
use super::write;
use crate::failure::Failure;
use js_sys::Promise;
use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use wasm_bindgen::prelude::*;

/// What passes between a future and [`Task::resume`].
#[derive(Default)]
pub struct Mailbox {
    promise: Cell<Option<Promise>>,
    reply: Cell<Option<Reply>>,
}

impl Mailbox {
    /// Hands `promise` out and waits for what it settles with.
    pub async fn settle(&self, promise: Promise) -> Reply {
        self.promise.set(Some(promise));
        // What is there now belongs to an earlier promise, or to none.
        self.reply.take();
        std::future::poll_fn(|_| match self.reply.take() {
            Some(reply) => Poll::Ready(reply),
            None => Poll::Pending,
        })
        .await
    }
}

type Running = Pin<Box<dyn Future<Output = Result<JsValue, Box<Failure>>>>>;

/// A call under way.
#[wasm_bindgen]
pub struct Task {
    mailbox: Rc<Mailbox>,
    running: RefCell<Option<Running>>,
    result: Cell<Option<Result<JsValue, JsValue>>>,
}

#[wasm_bindgen]
impl Task {
    /// Goes on with what the last promise settled with, the members of `Reply`; the first time with nothing. Returns the
    /// next promise to await, or nothing at the end.
    pub fn resume(&self, ending: u32, value: JsValue, text: JsValue, redirect_origin: JsValue) -> Option<Promise> {
        self.mailbox.reply.set(Some(Reply { ending, value, text, redirect_origin }));
        // Taken out while it runs: should it trap, it is gone, and no borrow is left behind.
        let mut running = self.running.take()?;
        match running.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => {
                self.running.replace(Some(running));
                self.mailbox.promise.take()
            }
            Poll::Ready(result) => {
                self.result.set(Some(result.map_err(|failure| write((&*failure).into()))));
                None
            }
        }
    }

    /// What the call came to. A failure is thrown, as plain data.
    pub fn result(&self) -> Result<JsValue, JsValue> {
        self.result.take().unwrap_or(Ok(JsValue::UNDEFINED))
    }
}

impl Task {
    /// A task that has not begun.
    pub fn new<F: Future<Output = Result<JsValue, Box<Failure>>> + 'static>(
        host: JsHost,
        run: impl FnOnce(WebHost) -> F,
    ) -> Self {
        let mailbox = Rc::new(Mailbox::default());
        let future = run(WebHost::new(host, mailbox.clone()));
        Self { mailbox, running: RefCell::new(Some(Box::pin(future))), result: Cell::new(None) }
    }
}
