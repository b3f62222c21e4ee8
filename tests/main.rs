//! The integration tests: one binary, one link.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::print_stderr, missing_docs)]

mod arrows;
mod browser;
mod city;
mod cli;
mod faults;
mod fixtures;
mod fixtures_rows;
mod fuzz;
mod golden;
mod kept;
mod measures;
#[cfg(feature = "neo4j")]
mod neo4j;
mod pictures;
mod program;
mod progress;
mod readme;
#[cfg(feature = "neo4j")]
mod script;
mod secrets;
#[cfg(feature = "neo4j")]
mod servers;
#[cfg(feature = "neo4j")]
mod wire;

/// Plain rows of any number, shared with the benchmarks.
#[path = "../benches/rows/mod.rs"]
#[allow(dead_code)]
mod rows;
