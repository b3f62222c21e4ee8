//! The promises of a store as plain functions, so that every store is held to the same ones.
//!
//! Not part of the program: tests of a store call [`keep`] with a maker of fresh, empty stores.
//! Each promise panics with what was broken.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod reading;
pub mod samples;
mod secrets;
mod writing;

use super::Store;

/// Makes a new, empty store.
pub type Maker<'a> = dyn Fn() -> Box<dyn Store> + 'a;

/// A promise: its name and its test.
pub type Promise = (&'static str, fn(&Maker<'_>));

/// Every promise there is.
pub fn promises() -> Vec<Promise> {
    [writing::PROMISES, reading::PROMISES, secrets::PROMISES].concat()
}

/// Runs every promise against a kind of store.
pub fn keep(maker: &Maker<'_>) {
    for (name, promise) in promises() {
        let kept = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| promise(maker)));
        assert!(kept.is_ok(), "the promise `{name}` is broken");
    }
}
