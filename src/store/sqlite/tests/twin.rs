//! The plain twin: the same promises kept in the most obvious way, in memory, by going through
//! everything each time. Random changes must give the same answers from both.

mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex};

use super::*;
use crate::model::view::{Fact, SourceCard};
use crate::model::{
    Claim, Date, Entity, Fence, Handling, Id, Kind, Layer, Level, Props, Record, Relation, Source, Statement,
    Step, Table, Tie, TieType, Voice,
};
use crate::store::sqlite::canon::{Canon, FactText, Head, Said, StepText, Sum, Summands, Teller};
use crate::store::{
    Brief, Excerpt, Frontier, Handle, Hit, Info, Link, Names, Outcome, Passed, Profile, References,
    RowHistory, StepView, Surveyed, Tally, TieClaims, TieFilter, TiePart,
};

use view::TwinView;

/// Who says something, and since when it is known.
type By = (Option<Id>, Option<Date>);

/// A word by one voice: what was said, by whom, known when, in which change.
#[derive(Clone, Debug)]
struct Word<T> {
    says: T,
    by: Option<Id>,
    known: Option<Date>,
    change: u64,
}

#[derive(Clone, Debug, Default)]
struct State {
    entities: BTreeMap<Id, Kind>,
    facts: Vec<Word<Statement>>,
    claims: Vec<Word<Relation>>,
    steps: Vec<Word<Step>>,
    /// Every word of every source, in the order they came.
    sources: Vec<Source>,
    changes: u64,
    log: Vec<(Change, Vec<Record>)>,
    kept: BTreeMap<String, (String, Vec<u8>)>,
}

#[derive(Default)]
pub(super) struct Twin {
    state: Mutex<State>,
}

impl State {
    /// The source as it is now.
    fn source(&self, id: &Id) -> Option<&Source> {
        self.sources.iter().rev().find(|source| source.id == *id)
    }

    fn source_order(&self) -> Vec<&Id> {
        let mut order: Vec<&Id> = Vec::new();
        for source in &self.sources {
            if !order.contains(&&source.id) {
                order.push(&source.id);
            }
        }
        order
    }

    fn voice(&self, by: &Option<Id>) -> Voice {
        let Some(id) = by else { return Voice::Nobody };
        let hidden = |id: &&&Id| {
            let source = self.source(id).unwrap();
            source.protected && source.handling != Handling::Sealed
        };
        let order = self.source_order();
        match order.iter().filter(hidden).position(|other| *other == id) {
            Some(place) => Voice::Protected(place as u32 + 1),
            None => Voice::Source(id.clone()),
        }
    }

    /// Who says it, for a record's row; with the day each was known.
    fn tellers(
        &self,
        row: &Id,
        sources: &[Id],
        recorded: Option<Date>,
        default: Option<Date>,
    ) -> Result<Vec<By>, StoreError> {
        let mut tellers = Vec::new();
        for id in sources {
            let orphan = || StoreError::Orphan { row: row.clone(), missing: id.clone() };
            let source = self.source(id).ok_or_else(orphan)?;
            let teller = (Some(id.clone()), recorded.or(source.date).or(default));
            if !tellers.contains(&teller) {
                tellers.push(teller);
            }
        }
        if sources.is_empty() {
            tellers.push((None, recorded.or(default)));
        }
        Ok(tellers)
    }

    fn must_have(&self, row: &Id, id: &Id) -> Result<(), StoreError> {
        let orphan = || StoreError::Orphan { row: row.clone(), missing: id.clone() };
        self.entities.get(id).map(|_| ()).ok_or_else(orphan)
    }

    fn put(&mut self, record: &Record, default: Option<Date>, now: u64) -> Result<Outcome, StoreError> {
        match record {
            Record::Source(source) => Ok(self.put_source(source)),
            Record::Statement(said) => self.put_statement(said, default, now),
            Record::Relation(said) => self.put_relation(said, default, now),
            Record::Step(said) => self.put_step(said, default, now),
        }
    }

    fn put_source(&mut self, source: &Source) -> Outcome {
        let outcome = match self.source(&source.id) {
            Some(now) if now == source => return Outcome::Unchanged,
            Some(_) => Outcome::Updated,
            None => Outcome::Added,
        };
        if source.protected {
            let mine = self.sources.iter_mut().filter(|old| old.id == source.id);
            mine.for_each(|old| old.protected = true);
        }
        self.sources.push(source.clone());
        outcome
    }

    fn put_statement(
        &mut self,
        said: &Statement,
        default: Option<Date>,
        now: u64,
    ) -> Result<Outcome, StoreError> {
        let tellers = self.tellers(&said.id, &said.sources, said.recorded, default)?;
        let was = self.entities.get(&said.id).copied();
        if let Some(was) = was.filter(|was| *was != said.kind) {
            return Err(StoreError::KindClash { id: said.id.clone(), was, new: said.kind });
        }
        let mine: Vec<&Word<Statement>> = self.facts.iter().filter(|fact| fact.says.id == said.id).collect();
        let new_now = mine.iter().all(|fact| fact.change == now);
        let in_table = mine.iter().any(|fact| fact.says.table == said.table);
        let mut news = Vec::new();
        for (by, known) in tellers {
            let words = mine.iter().filter(|fact| fact.by == by && fact.says.table == said.table);
            let same = |fact: &&&Word<Statement>| fact.says.props == said.props;
            let days: Vec<Option<Date>> = words.clone().map(|fact| fact.known).collect();
            let last =
                words.filter(same).map(|fact| fact.known).filter(|was| known.is_none() || *was <= known);
            let told = match (known, last.max()) {
                (_, None) => false,
                (None, Some(_)) => true,
                (Some(_), Some(None)) => false,
                (Some(_), Some(last)) => !days.iter().any(|day| last < *day && *day < known),
            };
            if !told {
                news.push((by, known));
            }
        }
        let outcome = match () {
            () if news.is_empty() => return Ok(Outcome::Unchanged),
            () if was.is_none() => Outcome::Added,
            () if in_table && !new_now => Outcome::Updated,
            () => Outcome::Merged,
        };
        self.entities.insert(said.id.clone(), said.kind);
        let word = |(by, known)| Word { says: said.clone(), by, known, change: now };
        self.facts.extend(news.into_iter().map(word));
        Ok(outcome)
    }

    fn put_relation(
        &mut self,
        said: &Relation,
        default: Option<Date>,
        now: u64,
    ) -> Result<Outcome, StoreError> {
        let tellers = self.tellers(&said.row, &said.sources, said.recorded, default)?;
        let said = Relation { sources: vec![], recorded: None, ..said.clone() }.canonical();
        let (from, to) = (said.from.clone(), said.to.clone());
        self.must_have(&said.row, &from)?;
        self.must_have(&said.row, &to)?;
        let stood = self.claims.iter().any(|claim| claim.says.same_tie(&said));
        let known_to: Vec<Option<Id>> = self
            .claims
            .iter()
            .filter(|claim| claim.says.row == said.row)
            .map(|claim| claim.by.clone())
            .collect();
        let news = news(&mut self.claims, &said, tellers, now, |word| word.row == said.row);
        Ok(match () {
            () if news.is_empty() => Outcome::Unchanged,
            () if news.iter().any(|by| known_to.contains(by)) => Outcome::Updated,
            () if stood => Outcome::Merged,
            () => Outcome::Added,
        })
    }

    fn put_step(&mut self, said: &Step, default: Option<Date>, now: u64) -> Result<Outcome, StoreError> {
        let tellers = self.tellers(&said.id, &said.sources, said.recorded, default)?;
        self.must_have(&said.id, &said.subject)?;
        let said = Step { sources: vec![], recorded: None, ..said.clone() };
        let known_to: Vec<Option<Id>> =
            self.steps.iter().filter(|step| step.says.id == said.id).map(|step| step.by.clone()).collect();
        let news = news(&mut self.steps, &said, tellers, now, |word| word.id == said.id);
        Ok(match () {
            () if news.is_empty() => Outcome::Unchanged,
            () if known_to.is_empty() => Outcome::Added,
            () if news.iter().any(|by| known_to.contains(by)) => Outcome::Updated,
            () => Outcome::Merged,
        })
    }
}

/// Adds what is new of a row, and tells by whom.
fn news<T: Clone + PartialEq>(
    words: &mut Vec<Word<T>>,
    said: &T,
    tellers: Vec<By>,
    now: u64,
    same_row: impl Fn(&T) -> bool,
) -> Vec<Option<Id>> {
    let mut news = Vec::new();
    for (by, known) in tellers {
        let mine: Vec<&Word<T>> = words.iter().filter(|word| word.by == by && same_row(&word.says)).collect();
        // What the last change at this point of time said.
        let at = |dated: &dyn Fn(&Word<T>) -> bool| {
            let times = mine.iter().filter(|word| dated(word)).map(|word| (word.known, word.change));
            let last = times.max();
            mine.iter().any(|word| Some((word.known, word.change)) == last && word.says == *said)
        };
        let told = match known {
            Some(_) => at(&|word| word.known.is_some() && word.known <= known),
            None => at(&|word| word.known.is_none()) || at(&|_| true),
        };
        if !told {
            news.push(by.clone());
            words.push(Word { says: said.clone(), by, known, change: now });
        }
    }
    news
}

struct TwinWriter<'a> {
    twin: &'a Twin,
    state: State,
    change: Change,
    tally: Tally,
    records: Vec<Record>,
}

impl Writer for TwinWriter<'_> {
    fn put(&mut self, record: &Record) -> Result<Outcome, StoreError> {
        let now = self.state.changes + 1;
        let outcome = self.state.put(record, self.change.known, now)?;
        let tally = &mut self.tally;
        match outcome {
            Outcome::Added => tally.added += 1,
            Outcome::Updated => tally.updated += 1,
            Outcome::Unchanged => tally.unchanged += 1,
            Outcome::Merged => tally.merged += 1,
        }
        self.records.push(record.clone());
        Ok(outcome)
    }

    fn tally(&self) -> Tally {
        self.tally
    }

    fn finish(mut self: Box<Self>) -> Result<Tally, StoreError> {
        if self.tally.added + self.tally.updated + self.tally.merged > 0 {
            self.state.changes += 1;
            self.state.log.push((self.change.clone(), std::mem::take(&mut self.records)));
            *self.twin.state.lock().unwrap() = self.state;
        }
        Ok(self.tally)
    }
}

impl References for TwinView {
    fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.state.changes == 0)
    }

    fn kind_of(&self, id: &Id) -> Result<Option<Kind>, StoreError> {
        Ok(self.state.entities.get(id).copied())
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        View::named(self, name)
    }

    fn id_numbers(&self, id: &Id) -> Result<Vec<String>, StoreError> {
        let mine = self.state.facts.iter().filter(|fact| fact.says.id == *id);
        let mut all: Vec<String> =
            mine.filter_map(|fact| fact.says.props.get("id_number").cloned()).collect();
        all.sort();
        all.dedup();
        Ok(all)
    }

    fn identities(&self, id: &Id) -> Result<Vec<crate::model::Props>, StoreError> {
        let mut all = std::collections::BTreeSet::new();
        for fact in self.state.facts.iter().filter(|fact| fact.says.id == *id) {
            let mut said = fact.says.props.clone();
            said.retain(|key, _| ["name", "aliases", "birth_date", "id_number"].contains(&key.as_str()));
            all.insert(said);
        }
        Ok(all.into_iter().collect())
    }

    fn source(&self, id: &Id) -> Result<Option<Fence>, StoreError> {
        Ok(self.state.source(id).map(Source::fence))
    }

    fn fenced(&self) -> Result<Vec<crate::model::Fenced>, StoreError> {
        let mut last: std::collections::BTreeMap<&Id, Fence> = std::collections::BTreeMap::new();
        for source in &self.state.sources {
            last.insert(&source.id, source.fence());
        }
        let kept = self.state.sources.iter().filter(|source| last[&source.id].is_any());
        let names = kept.flat_map(|source| {
            let names = [Some(source.id.to_string()), source.title.clone()].into_iter().flatten();
            names.map(|name| crate::model::Fenced { name, id: source.id.clone(), fence: last[&source.id] })
        });
        Ok(names.collect::<std::collections::BTreeSet<_>>().into_iter().collect())
    }
}

impl Twin {
    fn view(&self, access: &Access) -> TwinView {
        TwinView { state: self.state.lock().unwrap().clone(), access: access.clone() }
    }
}

impl Store for Twin {
    fn read<'a>(&'a self, access: &Access) -> Result<Box<dyn View + Send + 'a>, StoreError> {
        Ok(Box::new(self.view(access)))
    }

    fn write<'a>(&'a self, change: &Change) -> Result<Box<dyn Writer + 'a>, StoreError> {
        let state = self.state.lock().unwrap().clone();
        let (change, tally) = (change.clone(), Tally::default());
        Ok(Box::new(TwinWriter { twin: self, state, change, tally, records: vec![] }))
    }

    fn references<'a>(&'a self) -> Result<Box<dyn References + 'a>, StoreError> {
        Ok(Box::new(self.view(&Access::default())))
    }

    fn verify(&self) -> Result<Verified, StoreError> {
        Ok(Verified::default())
    }

    /// Told again, change by change, to a store in a file.
    fn keep(&self, name: &str, digest: &str, value: &[u8]) -> Result<(), StoreError> {
        let mut state = self.state.lock().unwrap();
        state.kept.insert(name.to_owned(), (digest.to_owned(), value.to_vec()));
        Ok(())
    }

    /// A copy of everything is no excerpt: nobody asks the twin for one.
    fn excerpt(&self, _: &Path, _: &[Record]) -> Result<Excerpt, StoreError> {
        Err(StoreError::Io("the twin gives no excerpts".to_owned()))
    }

    fn seal(&self) -> Result<Seal, StoreError> {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("copy.db");
        self.backup(&copy)
    }

    fn backup(&self, to: &Path) -> Result<Seal, StoreError> {
        if to.exists() {
            return Err(StoreError::Io("it is there already".to_owned()));
        }
        let copy = SqliteStore::open(to, Mode::Create)?;
        for (change, records) in &self.state.lock().unwrap().log {
            let mut writer = copy.write(change)?;
            records.iter().try_for_each(|record| writer.put(record).map(drop))?;
            writer.finish()?;
        }
        copy.seal()
    }
}
