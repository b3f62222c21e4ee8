//! Real servers to test with.
//!
//! `PARASOL_TEST_BOLT` names them, blank-separated, as `bolt://user@host:port/database`, each with a database that
//! may be emptied; `PARASOL_TEST_BOLT_PASSWORD` is their password. `scripts/servers` starts such servers. Without
//! them tests say that they were left out.
#![allow(clippy::print_stderr)]

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use super::*;

/// A server has one store at a time, and so one test.
static ONE: Mutex<()> = Mutex::new(());

/// Puts a test to each server.
pub(crate) fn each(test: &str, put: &dyn Fn(&str)) {
    let named = std::env::var("PARASOL_TEST_BOLT").unwrap_or_default();
    if named.trim().is_empty() {
        return leave_out(test);
    }
    let password = std::env::var("PARASOL_TEST_BOLT_PASSWORD").unwrap_or_default();
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for address in named.split_whitespace() {
        unlock(address, password.clone()).unwrap();
        put(address);
    }
}

fn leave_out(test: &str) {
    let why = "no server to test with; `scripts/servers/with CMD` starts them and names them";
    // The test harness keeps back what the print macros say, not what is written to the stream.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    // What `scripts/test.sh` reads out at its end.
    if let Some(file) = std::env::var_os("PARASOL_LEFT_OUT") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(file, "{test}: {why}").unwrap();
    }
}

/// Empties the database.
pub(super) fn emptied(address: &str) {
    let address = Address::parse(address).unwrap();
    let driver = Driver::new(&address).unwrap();
    let remote = Remote { driver, address };
    let all = neo4rs::query("MATCH (x) WITH x LIMIT 5000 DETACH DELETE x RETURN 1 AS r");
    loop {
        match insist(driver::PATIENCE, || remote.driver.change(vec![all.clone()])) {
            Err(Bolt::Overtaken) => return,
            other => drop(other.unwrap()),
        }
    }
}

/// An empty store on a server.
pub(crate) fn fresh(address: &str) -> Box<dyn Store> {
    emptied(address);
    Box::new(Neo4jStore::open(address, Mode::Create).unwrap())
}

impl Neo4jStore {
    /// Whether everything was read of it.
    pub(crate) fn was_read_whole(&self) -> bool {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}
