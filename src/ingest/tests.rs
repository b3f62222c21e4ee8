//! Whole bundles, as they come in.

mod bad;
mod books;
mod fixtures;
mod help;
mod hostile;
mod mapped;
mod real;
mod whole;
mod words;
