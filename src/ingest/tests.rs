//! Whole bundles, as they come in.

mod bad;
mod books;
mod fixtures;
mod help;
mod hostile;
mod real;
mod whole;
mod words;
