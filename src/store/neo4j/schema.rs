//! What the database must have: before the first row uniqueness of every number and id, which is the second line of
//! defence against a row written twice; and at the end of the first change the indexes that questions go by.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::batch::Watch;
use super::driver::{MOMENT, PATIENCE, Patience, insist};
use super::query;
use super::remote::{Remote, digest_texts};
use crate::store::sqlite::canon::Digest;
use crate::store::{Fault as Found, StoreError};

/// Uniqueness, there before the first row.
const CONSTRAINTS: [&str; 12] = [
    include_str!("../../../queries/neo4j/create_parasol_id.cypher"),
    include_str!("../../../queries/neo4j/create_entity_id.cypher"),
    include_str!("../../../queries/neo4j/create_entity_n.cypher"),
    include_str!("../../../queries/neo4j/create_fact_key.cypher"),
    include_str!("../../../queries/neo4j/create_claim_n.cypher"),
    include_str!("../../../queries/neo4j/create_step_n.cypher"),
    include_str!("../../../queries/neo4j/create_source_n.cypher"),
    include_str!("../../../queries/neo4j/create_source_word_key.cypher"),
    include_str!("../../../queries/neo4j/create_vault_key.cypher"),
    include_str!("../../../queries/neo4j/create_change_n.cypher"),
    include_str!("../../../queries/neo4j/create_kept_key.cypher"),
    include_str!("../../../queries/neo4j/create_sheaf_key.cypher"),
];

/// What questions go by. The claims from somebody are found by their ends, of which the first is asked for.
const INDEXES: [&str; 15] = [
    include_str!("../../../queries/neo4j/create_fact_of.cypher"),
    include_str!("../../../queries/neo4j/create_fact_gang.cypher"),
    include_str!("../../../queries/neo4j/create_claim_tie.cypher"),
    include_str!("../../../queries/neo4j/create_claim_row.cypher"),
    include_str!("../../../queries/neo4j/create_claim_to.cypher"),
    include_str!("../../../queries/neo4j/create_claim_ends.cypher"),
    include_str!("../../../queries/neo4j/create_claim_touched.cypher"),
    include_str!("../../../queries/neo4j/create_step_id.cypher"),
    include_str!("../../../queries/neo4j/create_step_subject.cypher"),
    include_str!("../../../queries/neo4j/create_step_touched.cypher"),
    include_str!("../../../queries/neo4j/create_sheaf_of.cypher"),
    include_str!("../../../queries/neo4j/create_name_key.cypher"),
    // By these what was left behind is taken away.
    include_str!("../../../queries/neo4j/create_fact_change.cypher"),
    include_str!("../../../queries/neo4j/create_sheaf_change.cypher"),
    include_str!("../../../queries/neo4j/create_name_change.cypher"),
];

/// How often it is asked whether the indexes are ready.
const LOOK: Duration = Duration::from_millis(100);
/// How long they are waited for.
const WAIT: Duration = Duration::from_secs(1_800);

/// The name that a statement gives to what it makes.
fn name(statement: &str) -> Option<&str> {
    statement.split_whitespace().nth(2)
}

/// Makes an empty store in an empty database. Somebody else's graph is left alone.
pub(super) fn create(remote: &Remote) -> Result<(), StoreError> {
    if remote.has_any(query!("store_nodes"))? {
        let reason = "it holds another graph; Parasol needs a database of its own".to_owned();
        return Err(StoreError::Foreign { path: remote.address.shown().into(), reason });
    }
    make(remote, &CONSTRAINTS, MOMENT.twice())?;
    let empty = Digest::default();
    let first =
        query!("store_create").param("digest", digest_texts(&empty)).param("printed", empty.printed());
    let made = insist(MOMENT, || remote.driver.change(vec![first.clone()]));
    made.map(drop).map_err(|fault| fault.at(&remote.address))
}

fn make(remote: &Remote, statements: &[&str], patience: Patience) -> Result<(), StoreError> {
    for statement in statements {
        let made = insist(patience, || remote.driver.schema(neo4rs::query(statement)));
        made.map_err(|fault| fault.at(&remote.address))?;
    }
    Ok(())
}

/// Makes the indexes, once the rows of the first change are there: put together at once they cost a fraction of what
/// they cost a row at a time. Where they take longer than a server may be waited for, the change is finished without them:
/// the server goes on with them by itself, and questions are only slower until then.
pub(super) fn index(remote: &Remote, watch: Watch<'_>) -> Result<(), StoreError> {
    make(remote, &INDEXES, PATIENCE)?;
    let mut heard = Instant::now();
    let since = heard;
    while since.elapsed() < WAIT {
        match remote.has_any(query!("indexes_not_ready")) {
            Ok(true) => heard = Instant::now(),
            // A server that does not tell makes them at once.
            Ok(false) | Err(StoreError::Io(_)) => return Ok(()),
            // It starts again, and goes on with them then.
            Err(StoreError::Unreachable(_)) if !PATIENCE.has_passed(heard) => {}
            Err(other) => return Err(other),
        }
        watch(0)?;
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Which constraints are not there.
pub(super) fn faults(remote: &Remote) -> Result<Vec<Found>, StoreError> {
    let mut there: BTreeSet<String> = BTreeSet::new();
    remote.ask(query!("constraints"), |row| {
        there.insert(row.get("name").unwrap_or_default());
        Ok(())
    })?;
    let wanted = CONSTRAINTS.iter().filter_map(|statement| name(statement));
    let missing = wanted.filter(|name| !there.contains(*name));
    Ok(missing
        .map(|name| Found { code: "constraint".to_owned(), text: format!("`{name}` is missing") })
        .collect())
}
