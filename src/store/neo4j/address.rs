//! `bolt://user@host:port/database`: where a server is, or `host:port,host:port` where several are one cluster. The
//! password is never part of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::store::StoreError;

/// Schemes that the driver knows; `+s` is TLS, `+ssc` TLS without looking at the certificate.
const SCHEMES: [&str; 6] = ["bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc"];

/// The passwords of this process, by whose they are and where: given by files or typed, never in an address or in the
/// environment, and never sent anywhere else.
static PASSWORDS: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());

/// Says the password of an address's user there.
///
/// # Errors
/// The address is none.
pub fn unlock(address: &str, password: String) -> Result<(), StoreError> {
    if let Some(who) = Address::parse(address)?.who() {
        PASSWORDS.lock().unwrap_or_else(PoisonError::into_inner).insert(who, password);
    }
    Ok(())
}

/// Who asks at an address, as `user@host:port`; `None` where nobody is named.
///
/// # Errors
/// The address is none.
pub fn asks(address: &str) -> Result<Option<String>, StoreError> {
    Ok(Address::parse(address)?.who())
}

/// Where a server is, and who asks.
#[derive(Clone)]
pub(super) struct Address {
    /// What the driver is given: scheme, host and port, of each member of a cluster.
    pub uris: Vec<String>,
    pub user: Option<String>,
    pub database: Option<String>,
}

impl Address {
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let hidden = |text: &str| text.rsplit_once('@').map_or(text, |(_, place)| place).to_owned();
        let (scheme, rest) = text.split_once("://").ok_or_else(|| StoreError::Address(hidden(text)))?;
        // Whatever stands before the last `@` may be a password: it is not told.
        let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
        let none = || {
            // What is no scheme of ours may be anything.
            let scheme = if SCHEMES.contains(&scheme) { scheme } else { "…" };
            let place = place.split_once('?').map_or(place, |(place, _)| place);
            StoreError::Address(format!("{scheme}://{place}"))
        };
        let (host, database) = place.split_once('/').unwrap_or((place, ""));
        let scheme_is_known = SCHEMES.contains(&scheme);
        // A password in an address ends in histories and lists of processes.
        if !scheme_is_known || host.is_empty() || place.contains('?') || user.contains([':', '/', '@']) {
            return Err(none());
        }
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let uris: Vec<String> = host
            .split(',')
            .filter(|member| !member.is_empty())
            .map(|member| format!("{scheme}://{member}"))
            .collect();
        if uris.is_empty() {
            return Err(none());
        }
        Ok(Self { uris, user: some(user), database: some(database) })
    }

    /// The members, without the scheme.
    fn hosts(&self) -> String {
        let host =
            |uri: &String| uri.split_once("://").map_or_else(|| uri.clone(), |(_, host)| host.to_owned());
        self.uris.iter().map(host).collect::<Vec<_>>().join(",")
    }

    /// Whose password is asked for, and where.
    fn who(&self) -> Option<String> {
        self.user.as_ref().map(|user| format!("{user}@{}", self.hosts()))
    }

    /// The password that was given for this user at this place.
    pub fn password(&self) -> Option<String> {
        let who = self.who()?;
        PASSWORDS.lock().unwrap_or_else(PoisonError::into_inner).get(&who).cloned()
    }

    /// The address as it may be shown.
    pub fn shown(&self) -> String {
        let scheme = self.uris.first().and_then(|uri| uri.split_once("://")).map_or("", |(scheme, _)| scheme);
        let shown = format!("{scheme}://{}", self.hosts());
        match &self.database {
            Some(database) => format!("{shown}/{database}"),
            None => shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, asks, unlock};

    #[test]
    fn members_of_a_cluster_stand_in_one_address() {
        let address = Address::parse("bolt+s://a:1,b:2,c:3/cases").unwrap();
        assert_eq!(address.uris, ["bolt+s://a:1", "bolt+s://b:2", "bolt+s://c:3"]);
        assert_eq!(address.shown(), "bolt+s://a:1,b:2,c:3/cases");
        assert_eq!(Address::parse("bolt://a").unwrap().shown(), "bolt://a");
        assert!(Address::parse("bolt://,").is_err() && Address::parse("bolt://u:p@a").is_err());
    }

    #[test]
    fn a_password_goes_to_its_own_server_alone() {
        unlock("bolt://ann@one:7687/cases", "first".to_owned()).unwrap();
        unlock("bolt+s://ann@two", "second".to_owned()).unwrap();
        let password = |text: &str| Address::parse(text).unwrap().password();
        assert_eq!(password("bolt://ann@one:7687/others").as_deref(), Some("first"));
        assert_eq!(password("bolt+s://ann@two").as_deref(), Some("second"));
        for other in ["bolt://bob@one:7687", "bolt://ann@one:7688", "bolt://ann@three", "bolt://one:7687"] {
            assert_eq!(password(other), None, "{other}");
        }
        assert_eq!(asks("bolt://ann@one:7687,two:1/cases").unwrap().as_deref(), Some("ann@one:7687,two:1"));
    }

    #[test]
    fn a_password_in_an_address_is_not_told() {
        for wrong in [
            "bolts://u:secret@h",
            "u:secret@bolt://h",
            "bolt://h?password=secret",
            "Bolt://u:secret@h",
            "bolt://u:sec/ret@h",
            "bolt://u:sec@ret@h",
            "bolt://u:secret@",
            "bolt://u/secret@h/cases",
            "bolt://u:secret@,",
        ] {
            let Err(told) = Address::parse(wrong).map(|_| ()) else { panic!("{wrong}") };
            assert!(!told.to_string().contains("sec") && !told.to_string().contains("ret@"), "{told}");
        }
    }
}
