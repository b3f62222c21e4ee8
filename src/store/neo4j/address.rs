//! `bolt://user@host:port/database`: where a server is, or `host:port,host:port` where several are one cluster. The
//! password is never part of it.

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
    /// What the driver is given: scheme, host and port, of each member of a cluster.
    pub uris: Vec<String>,
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
        let uris: Vec<String> = host
            .split(',')
            .filter(|member| !member.is_empty())
            .map(|member| format!("{scheme}://{member}"))
            .collect();
        if uris.is_empty() {
            return Err(unknown());
        }
        Ok(Self { uris, user, password, database: some(database) })
    }

    /// The address as it may be shown.
    pub fn shown(&self) -> String {
        let mut shown = String::new();
        for (at, uri) in self.uris.iter().enumerate() {
            let more = uri.split_once("://").map_or(uri.as_str(), |(_, host)| host);
            shown += if at == 0 { uri } else { "," };
            shown += if at == 0 { "" } else { more };
        }
        match &self.database {
            Some(database) => format!("{shown}/{database}"),
            None => shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn members_of_a_cluster_stand_in_one_address() {
        let address = Address::parse("bolt+s://a:1,b:2,c:3/cases").unwrap();
        assert_eq!(address.uris, ["bolt+s://a:1", "bolt+s://b:2", "bolt+s://c:3"]);
        assert_eq!(address.shown(), "bolt+s://a:1,b:2,c:3/cases");
        assert_eq!(Address::parse("bolt://a").unwrap().shown(), "bolt://a");
        assert!(Address::parse("bolt://,").is_err() && Address::parse("bolt://u:p@a").is_err());
    }
}
