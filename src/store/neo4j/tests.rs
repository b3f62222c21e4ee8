//! The shared promises, and what is particular to a server, against real servers.
//!
//! `PARASOL_TEST_BOLT` names them, blank-separated, as `bolt://user@host:port/database`, each with a database that
//! may be emptied; `PARASOL_TEST_BOLT_PASSWORD` is their password. `scripts/servers` starts such servers. Without
//! them these tests say that they were left out.
#![allow(clippy::print_stderr)]

use super::*;
use crate::store::promises::{self, samples::*};

/// The servers to test with.
fn servers() -> Vec<String> {
    let named = std::env::var("PARASOL_TEST_BOLT").unwrap_or_default();
    if named.trim().is_empty() {
        eprintln!("left out: no server to test with; `scripts/servers/with CMD` starts them and names them");
        return Vec::new();
    }
    unlock(std::env::var("PARASOL_TEST_BOLT_PASSWORD").unwrap_or_default());
    named.split_whitespace().map(str::to_owned).collect()
}

/// Empties the database.
fn emptied(address: &str) {
    let address = Address::parse(address).unwrap();
    let driver = Driver::new(&address).unwrap();
    let remote = Remote { driver, address };
    let all = neo4rs::query("MATCH (x) WITH x LIMIT 5000 DETACH DELETE x RETURN 1 AS r");
    schema::repeat(&remote, &all).unwrap();
}

fn fresh(address: &str) -> Box<dyn Store> {
    emptied(address);
    Box::new(Neo4jStore::open(address, Mode::Create).unwrap())
}

#[test]
fn the_promises_are_kept() {
    for address in servers() {
        promises::keep(&|| fresh(&address));
    }
}
