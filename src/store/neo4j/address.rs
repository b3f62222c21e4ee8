//! `bolt://user@host:port/database`: where a server is. The password is never part of it.

use std::sync::OnceLock;

use crate::store::StoreError;

/// Schemes that the driver knows; `+s` is TLS, `+ssc` TLS without looking at the certificate.
const SCHEMES: [&str; 6] = ["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"];

/// The password of this process: given once, by a file, never in an address or in the environment.
static PASSWORD: OnceLock<String> = OnceLock::new();

/// Says the password for servers. A second one is not taken.
pub fn unlock(password: String) {
    let _ = PASSWORD.set(password);
}

/// Where a server is, and who asks.
#[derive(Clone)]
pub(super) struct Address {
    /// What the driver is given: scheme, host and port.
    pub uri: String,
    pub user: Option<String>,
    pub password: Option<String>,
    pub database: Option<String>,
}

impl Address {
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let unknown = || StoreError::Address(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(unknown)?;
        if !SCHEMES.contains(&scheme) {
            return Err(unknown());
        }
        let (place, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = place.rsplit_once('@').unwrap_or(("", place));
        // A password in an address ends in histories and lists of processes.
        if host.is_empty() || user.contains(':') {
            return Err(StoreError::Address(format!("{scheme}://{host}")));
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let user = some(user);
        let password = user.as_ref().and_then(|_| PASSWORD.get().cloned());
        Ok(Self { uri: format!("{scheme}://{host}"), user, password, database: some(database) })
    }

    /// The address as it may be shown.
    pub fn shown(&self) -> String {
        match &self.database {
            Some(database) => format!("{}/{database}", self.uri),
            None => self.uri.clone(),
        }
    }
}
