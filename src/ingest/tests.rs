//! Whole bundles, as they come in.

mod bad;
mod fixtures;
mod help;
mod real;
mod whole;
