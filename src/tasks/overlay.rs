//! New rows laid over a store's network; the store stays as it is.
//!
//! What the rows touch is copied into a small store ([`Store::excerpt`]), the rows are written there by the rules of
//! any import, and what it then shows is laid over the network that is open ([`Network::changed`]): the same network
//! as of a store with those rows, in a fraction of the time. Where rows touch more than they name (another word of a
//! known source; somebody shown for the first time to a reader who could not see him before; whatever may make two people
//! likely one, for a reader who must be told of it), they are laid over a copy of the whole store.

use std::collections::BTreeSet;
use std::path::Path;

use crate::messages::Catalogue;
use crate::model::{Access, Id, Level, Record};
use crate::network::{Builder, Network};
use crate::store::{self, Change, Excerpt, Mode, Outcome, Store, Tally, View};

use super::files::Scratch;
use super::import::{self, Imported, Read, Request};
use super::{TaskError, interrupt, open};

/// A network with new rows, and what became of these.
pub struct Overlaid {
    /// The network.
    pub network: Network,
    /// What is told of the rows, as of any import.
    pub imported: Imported,
}

/// Lays the rows of a bundle over a store's network, which is `base` for this access. Cost: copying the network in
/// memory, and reading what the rows touch.
pub fn over(
    store: &dyn Store,
    access: &Access,
    base: &Network,
    request: &Request,
    words: &Catalogue,
) -> Result<Overlaid, TaskError> {
    Rows::read(store, access, request, words)?.over(store, access, base)
}

/// New rows, and what they touch.
pub(super) struct Rows {
    change: Change,
    records: Vec<Record>,
    imported: Imported,
    near: Option<Touching>,
    scratch: Scratch,
}

/// What some rows touch, as a reader sees it after them.
pub(super) struct Touching {
    /// Every entity that they say anything of, whole, and all ties between the pairs.
    pub network: Network,
    /// Between whom ties may be others than before, from and to.
    pub pairs: Vec<(Id, Id)>,
    tally: Tally,
}

impl Rows {
    /// Reads the rows of a bundle and what they touch.
    pub fn read(
        store: &dyn Store,
        access: &Access,
        request: &Request,
        words: &Catalogue,
    ) -> Result<Self, TaskError> {
        let Read { change, records, imported } = import::read(store, request, words)?;
        let scratch = Scratch::new()?;
        let near = touching(store, access, &change, &records, &scratch.file("excerpt.db"))?;
        Ok(Self { change, records, imported, near, scratch })
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.records.len()
    }

    /// What they touch; nothing where that is more than they name.
    pub fn touching(&self) -> Option<&Touching> {
        self.near.as_ref()
    }

    /// The rows over a network of this access.
    pub fn over(self, store: &dyn Store, access: &Access, base: &Network) -> Result<Overlaid, TaskError> {
        let (network, tally) = match &self.near {
            Some(near) => (base.changed(&near.network, &near.pairs), near.tally),
            None => whole(store, access, &self.change, &self.records, &self.scratch.file("copy.db"))?,
        };
        Ok(Overlaid { network, imported: self.told(tally)? })
    }

    /// What is told of the rows, where nothing is laid over a network.
    pub fn told_alone(self) -> Result<Imported, TaskError> {
        let tally = self.near.as_ref().map_or_else(Tally::default, |near| near.tally);
        self.told(tally)
    }

    fn told(self, tally: Tally) -> Result<Imported, TaskError> {
        let broken_off = interrupt::asked();
        Imported { tally, broken_off, ..self.imported }.unless_broken_off()
    }
}

/// What the records touch, after them; `None` where they touch more than they name.
pub(super) fn touching(
    store: &dyn Store,
    access: &Access,
    change: &Change,
    records: &[Record],
    path: &Path,
) -> Result<Option<Touching>, TaskError> {
    // Who may be one person is found by cards, and told to those who do not see them.
    if access.level < Level::Case || reveals(store, access, records)? {
        return Ok(None);
    }
    let excerpt = store.excerpt(path, records)?;
    let references = store.references()?;
    let known_source = |record: &Record| match record {
        Record::Source(source) => references.source(&source.id).map(|known| known.is_some()),
        _ => Ok(false),
    };
    let copy = store::open(&path.to_string_lossy(), Mode::Write)?;
    let mut writer = copy.write(change)?;
    for record in records {
        if writer.put(record)? != Outcome::Unchanged && known_source(record)? {
            return Ok(None);
        }
    }
    let tally = writer.finish()?;
    let Excerpt { entities, pairs } = excerpt;
    let ids: Vec<Id> = entities.into_iter().collect();
    let network = shown(copy.read(access)?.as_ref(), access, &ids)?;
    Ok(Some(Touching { network, pairs: pairs.into_iter().collect(), tally }))
}

/// Whether something that is said of anybody may show him, and with him ties that the reader does not see now.
fn reveals(store: &dyn Store, access: &Access, records: &[Record]) -> Result<bool, TaskError> {
    let told: BTreeSet<Id> = records
        .iter()
        .filter_map(|record| match record {
            Record::Statement(statement) => Some(statement.id.clone()),
            _ => None,
        })
        .collect();
    let ids: Vec<Id> = told.into_iter().collect();
    let seen: BTreeSet<Id> =
        store.read(access)?.entities_of(&ids)?.into_iter().map(|entity| entity.id).collect();
    let references = store.references()?;
    for id in ids.iter().filter(|id| !seen.contains(*id)) {
        if references.kind_of(id)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a small store shows of these entities, as a network.
fn shown(view: &dyn View, access: &Access, ids: &[Id]) -> Result<Network, TaskError> {
    let mut builder = Builder::new(access.as_of);
    if ids.is_empty() {
        return Ok(builder.build());
    }
    view.entities_of(ids)?.into_iter().for_each(|entity| builder.entity(entity));
    for tie in view.ties_of(ids, &store::TieFilter::default())?.ties {
        builder.tie(&tie)?;
    }
    for step in view.steps(ids)? {
        builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
    }
    Ok(builder.build())
}

/// The records over a copy of the whole store.
fn whole(
    store: &dyn Store,
    access: &Access,
    change: &Change,
    records: &[Record],
    path: &Path,
) -> Result<(Network, Tally), TaskError> {
    store.backup(path)?;
    let copy = store::open(&path.to_string_lossy(), Mode::Write)?;
    let mut writer = copy.write(change)?;
    for record in records {
        writer.put(record)?;
    }
    let tally = writer.finish()?;
    Ok((open::once(copy.as_ref(), access)?, tally))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::analysis::umbrella::{self, Options};
    use crate::model::Kind;
    use crate::tasks::balls::cases::{Case, accesses, cases, cast, change, stored};

    /// All that a network comes to: its pairs, its leads, and what stands around everybody.
    fn told(network: &Network) -> Vec<String> {
        let leads: Vec<String> = network
            .nodes()
            .filter(|&node| network.kind(node) == Kind::Lead)
            .map(|node| network.id(node).to_owned())
            .collect();
        let arcs = network.nodes().map(|node| {
            let arcs = network.arcs(node).map(|arc| (network.id(arc.neighbour), network.tie(arc.tie).rows()));
            format!("{} {:?}", network.id(node), arcs.collect::<Vec<_>>())
        });
        let mut told: Vec<String> = arcs.collect();
        told.push(format!("{:#?}", umbrella::run(network, &Options::default())));
        told.push(format!("{:#?}", umbrella::score_leads(network, &leads, &Options::default())));
        told.push(format!("{:?}", network.likely().map(Iterator::collect::<Vec<_>>)));
        told
    }

    /// Where two networks do not come to the same.
    fn differing(a: &Network, b: &Network) -> Vec<(String, String)> {
        let lines = |told: Vec<String>| told.join("\n").lines().map(str::to_owned).collect::<Vec<_>>();
        let (a, b) = (lines(told(a)), lines(told(b)));
        let length = (a.len(), b.len());
        let mut all: Vec<(String, String)> = a.into_iter().zip(b).filter(|(a, b)| a != b).take(5).collect();
        if length.0 != length.1 {
            all.push((length.0.to_string(), length.1.to_string()));
        }
        all
    }

    /// Some of the change is about people and things: of the cast anew, and of somebody nobody knew.
    fn statements(draws: &[u8]) -> Vec<Record> {
        let mut all = cast(draws);
        let new = all.iter().find_map(|record| match record {
            Record::Statement(statement) if statement.kind == Kind::Lead => {
                Some(Record::Statement(store_statement(statement, "l-new")))
            }
            _ => None,
        });
        let keep = draws.iter().cycle();
        all = all.into_iter().zip(keep).filter(|(_, keep)| **keep > 200).map(|(record, _)| record).collect();
        all.extend(new);
        all
    }

    fn store_statement(of: &crate::model::Statement, id: &str) -> crate::model::Statement {
        crate::model::Statement { id: id.into(), ..of.clone() }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

        #[test]
        fn rows_laid_over_a_network_are_the_rows_of_a_store(
            case in cases(),
            draws in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let [first, late, hub]: [Vec<Record>; 3] = case.try_into().unwrap();
            let mut records = if draws.len() > 20 { statements(&draws) } else { Vec::new() };
            records.extend(late);
            let before: Case = vec![first, hub];
            let (_kept, store) = stored(&before);
            let (_anew, with_rows) = stored(&[before, vec![records.clone()]].concat());
            let folder = tempfile::tempdir().unwrap();
            for (at, access) in accesses().into_iter().enumerate() {
                let digest = store.read(&access).unwrap().digest();
                let base = open::network(store.as_ref(), &access).unwrap();
                let path = folder.path().join(format!("{at}.db"));
                let near = touching(store.as_ref(), &access, &change(), &records, &path).unwrap();
                let anew = open::network(with_rows.as_ref(), &access).unwrap();
                let is_easy = draws.len() <= 20 && access.level >= Level::Case;
                prop_assert!(near.is_some() || !is_easy, "rows that name known people need no copy");
                if let Some(near) = near {
                    let network = base.changed(&near.network, &near.pairs);
                    prop_assert_eq!(differing(&network, &anew), Vec::new(), "{:?}", access);
                }
                let path = folder.path().join(format!("copy {at}.db"));
                let (network, _) = whole(store.as_ref(), &access, &change(), &records, &path).unwrap();
                prop_assert_eq!(differing(&network, &anew), Vec::new(), "{:?}", access);
                prop_assert_eq!(store.read(&access).unwrap().digest(), digest);
            }
        }
    }
}
