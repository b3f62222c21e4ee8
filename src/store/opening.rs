//! From an address to a store: a file's path, or a server's.

use std::path::Path;

#[cfg(feature = "neo4j")]
use super::Neo4jStore;
use super::{SqliteStore, Store, StoreError};

/// What a store is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// To read; nothing is changed, not even a file beside it. (But for what was left of the making of a store that
    /// was broken off: that is taken back first, as by any other mode.)
    Read,
    /// To read and write; it must be there.
    Write,
    /// To read and write; where there is nothing, an empty store is made.
    Create,
}

/// Whether an address is a server's, not a file's.
pub fn is_server(address: &str) -> bool {
    address.contains("://")
}

/// Whether there is a store at an address.
pub fn is_there(address: &str) -> Result<bool, StoreError> {
    match open(address, Mode::Read) {
        Ok(_) => Ok(true),
        Err(StoreError::Missing(_)) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Says the password of an address's user there; this build has no stores on servers.
#[cfg(not(feature = "neo4j"))]
pub fn unlock(address: &str, _password: String) -> Result<(), StoreError> {
    asks(address).map(drop)
}

/// Who asks at an address; this build has no stores on servers.
#[cfg(not(feature = "neo4j"))]
pub fn asks(address: &str) -> Result<Option<String>, StoreError> {
    let place = address.rsplit_once('@').map_or(address, |(_, place)| place);
    Err(StoreError::Address(place.to_owned()))
}

/// Opens the store at an address: a file's path, or `bolt://user@host:port/database`.
pub fn open(address: &str, mode: Mode) -> Result<Box<dyn Store>, StoreError> {
    #[cfg(feature = "neo4j")]
    if is_server(address) {
        return Ok(Box::new(Neo4jStore::open(address, mode)?));
    }
    #[cfg(not(feature = "neo4j"))]
    if is_server(address) {
        return Err(StoreError::Address(address.to_owned()));
    }
    Ok(Box::new(SqliteStore::open(Path::new(address), mode)?))
}
