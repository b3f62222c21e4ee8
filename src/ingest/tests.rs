//! Whole bundles, as they come in.

mod bad;
mod help;
mod real;
mod whole;
