//! A large network held open: many questions in one process, each answered in moments.
//!
//! A [`City`] is what is opened and kept: the network, what scores must know of the whole file, and what paths
//! are looked for in. A [`Session`] is a city that is ready to be asked. New rows are laid over a city
//! ([`City::with`]), which gives another one: the counts of the whole file and who may be one person stay those of
//! the store, as they do for a shard; the rest is as if the rows had been imported.

use std::sync::OnceLock;

use crate::analysis::paths::Costs;
use crate::analysis::umbrella::{Globals, LeadOutcome, Options, Outcome, Ready, Weights};
use crate::messages::Catalogue;
use crate::model::{Access, Id, Kind};
use crate::network::{Network, Projection};
use crate::store::Store;

use super::balls::Statistics;
use super::import::{self, Imported};
use super::overlay::{self, Overlaid};
use super::{TaskError, open, paths};

/// A network that is open, with what answers need of the whole file.
pub struct City {
    network: Network,
    globals: Globals,
    /// Who may be one person, by ids.
    doubles: Vec<(Id, Id, f64)>,
    /// What paths lead over; made when the first are asked for.
    projection: OnceLock<Projection>,
}

impl City {
    /// Opens a store's network, from the cache beside it where that fits. Cost: as opening any large store.
    pub fn open(store: &dyn Store, access: &Access) -> Result<Self, TaskError> {
        open::of_one_content(store, access, || {
            let network = open::network(store, access)?;
            let statistics = Statistics::of(store, access)?;
            let doubles = statistics.doubles_by_id(store, access)?;
            Ok(Self { network, globals: statistics.globals, doubles, projection: OnceLock::new() })
        })
    }

    /// The city with the rows of a bundle, which the store does not hold, and what became of these. Cost: copying
    /// the network in memory, and reading what the rows touch.
    pub fn with(
        &self,
        store: &dyn Store,
        access: &Access,
        request: &import::Request,
        words: &Catalogue,
    ) -> Result<(Self, Imported), TaskError> {
        let Overlaid { network, imported } = overlay::over(store, access, &self.network, request, words)?;
        let (globals, doubles) = (self.globals.clone(), self.doubles.clone());
        Ok((Self { network, globals, doubles, projection: OnceLock::new() }, imported))
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }
}

/// A city that is ready to be asked. Threads may share it.
pub struct Session<'c> {
    city: &'c City,
    ready: Ready<'c>,
    costs: OnceLock<Costs<'c>>,
}

impl<'c> Session<'c> {
    /// Makes a city ready, for questions that are judged by the weights of every day: others take longer. Cost: two
    /// passes over its ties, what is around all its officials, and what all pairs of each gang rest on.
    pub fn of(city: &'c City) -> Self {
        let network = &city.network;
        let likely = open::placed(network, &city.doubles);
        let ready = Ready::of(network, &likely, &city.globals, &Weights::default());
        Self { city, ready, costs: OnceLock::new() }
    }

    /// The pairs of one gang. Rank and q are left out, as for any part of a run.
    pub fn gang(&self, gang: &Id, options: &Options) -> Result<Outcome, TaskError> {
        let network = &self.city.network;
        let is_gang = |node| network.kind(node) == Kind::Gang;
        let node = network.node(gang.as_str()).filter(|&node| is_gang(node));
        let node = node.ok_or_else(|| TaskError::Unknown(gang.to_string()))?;
        // By one of the threads that share the work: whoever hands out each piece of it from outside waits for one to wake.
        Ok(rayon::scope(|_| self.ready.gang(node, options)))
    }

    /// What leads of the network come to, by their ids, in the order given.
    pub fn leads(&self, leads: &[impl AsRef<str>], options: &Options) -> Vec<LeadOutcome> {
        self.ready.leads(leads, options)
    }

    /// The paths between two. The first question makes what all later ones look through.
    pub fn paths(&self, request: &paths::Request) -> Result<paths::Outcome, TaskError> {
        let projection = self.city.projection.get_or_init(|| paths::usual(&self.city.network));
        let costs = self.costs.get_or_init(|| Costs::new(projection));
        paths::run_over(&self.city.network, projection, costs, request)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::umbrella;
    use crate::tasks::balls::cases::{accesses, cases, one_more, stored};

    /// A change that ends while a city is opened is read with the rest, or with nothing of it.
    #[test]
    fn what_several_views_tell_is_of_one_content() {
        let (folder, store) = stored(&vec![Vec::new()]);
        let access = Access::default();
        let reads = std::cell::Cell::new(0);
        let told = open::of_one_content(store.as_ref(), &access, || {
            reads.set(reads.get() + 1);
            if reads.get() == 1 {
                one_more(folder.path(), "late");
            }
            Ok(store.read(&access)?.edition()?)
        });
        assert_eq!((told.unwrap(), reads.get()), (store.read(&access).unwrap().edition().unwrap(), 2));
    }

    #[test]
    fn counts_that_had_to_be_taken_while_a_change_ended_are_not_those_of_an_older_view() {
        let (folder, store) = stored(&vec![Vec::new()]);
        let access = Access::default();
        let view = store.read(&access).unwrap();
        let beside = || Statistics::beside(view.as_ref(), store.as_ref(), &access).err();
        assert!(beside().is_none());
        one_more(folder.path(), "late");
        assert!(matches!(beside(), Some(TaskError::Store(crate::store::StoreError::Busy(_)))));
    }

    #[test]
    fn counts_that_are_lacking_are_kept_by_an_import_that_changes_nothing() {
        let (folder, store) = stored(&vec![Vec::new()]);
        let access = Access::default();
        let kept =
            || store.read(&access).unwrap().kept(crate::tasks::balls::statistics::RULES).unwrap().is_some();
        assert!(!kept());
        one_more(folder.path(), "late");
        assert!(kept());
        let file = rusqlite::Connection::open(folder.path().join("case.db")).unwrap();
        assert!(file.execute("DELETE FROM kept", []).unwrap() > 0);
        assert!(!kept());
        one_more(folder.path(), "late");
        assert!(kept());
    }

    /// What a lead comes to if all pairs of the gangs are scored, and not only those of whom it names; `told` where
    /// it names nobody of whom there is a pair.
    fn of_all_pairs(network: &Network, lead: &Id, told: &LeadOutcome) -> LeadOutcome {
        let named = umbrella::gangs_named(network, lead.as_str());
        if named.is_empty() && told.pairs.is_empty() {
            return told.clone();
        }
        let every = network.nodes().filter(|&node| network.kind(node) == Kind::Gang);
        let every = every.map(|gang| Id::from(network.id(gang)));
        let gangs = if named.is_empty() { every.collect() } else { named };
        let all = umbrella::run(network, &Options { gangs, ..Options::default() });
        let globals = umbrella::globals(network);
        umbrella::score_lead_among(network, &globals, lead, &all.pairs, &Options::default())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

        /// What is told of the whole file is kept with the store; the answers are those of the network alone.
        #[test]
        fn a_session_answers_as_the_network_does(case in cases()) {
            let (_folder, store) = stored(&case);
            for access in accesses() {
                let city = City::open(store.as_ref(), &access).unwrap();
                let (session, network) = (Session::of(&city), city.network());
                for node in network.nodes() {
                    let id = Id::from(network.id(node));
                    match network.kind(node) {
                        Kind::Gang => {
                            let options = Options { gangs: vec![id.clone()], ..Options::default() };
                            let whole = umbrella::run(network, &options);
                            prop_assert_eq!(session.gang(&id, &Options::default()).unwrap(), whole);
                        }
                        Kind::Lead => {
                            let whole = umbrella::score_leads(network, &[&id], &Options::default());
                            prop_assert_eq!(&session.leads(&[&id], &Options::default()), &whole);
                            prop_assert_eq!(&of_all_pairs(network, &id, &whole[0]), &whole[0]);
                        }
                        _ => prop_assert!(session.gang(&id, &Options::default()).is_err()),
                    }
                }
                for pair in umbrella::run(network, &Options::default()).pairs {
                    let gang = network.node(pair.gang.id.as_str()).unwrap();
                    for person in std::iter::once(&pair.official.id).chain(&pair.official.also) {
                        let one = [network.node(person.as_str()).unwrap()].into();
                        let to = session.ready.ground().gangs_to(&one, umbrella::reaches());
                        prop_assert!(to.contains(&gang), "{} is scored for {}", person, pair.gang.id);
                    }
                }
                let ends: Vec<&str> = network.nodes().map(|node| network.id(node)).step_by(5).collect();
                for pair in ends.windows(2).filter(|pair| pair[0] != pair[1]) {
                    let request = paths::Request::between(pair[0], pair[1]);
                    let plain = paths::run(network, &request).unwrap();
                    prop_assert_eq!(session.paths(&request).unwrap(), plain);
                    let calls = Some(vec![crate::model::Layer::Communication]);
                    let wished = paths::Request { layers: calls, ..request };
                    prop_assert_eq!(session.paths(&wished).unwrap(), paths::run(network, &wished).unwrap());
                }
            }
        }
    }
}
