//! Search by name. The names of the store (`index`) only find candidates; whether one matches is decided on
//! the entity as the reader sees it, so that no name is found that he may not see. Candidates come best first,
//! so that no more of them are read than are shown.

use std::collections::BTreeSet;

use super::index::{Names, grade as may};
use super::names::{are_initials, folded, is_read, letters, names_of, readings};
use super::view::{SqliteView, numbers};
use crate::model::{Entity, Id, Kind};
use crate::store::{Hit, Matched, StoreError, View};

/// A search text, ready to be compared with names.
#[derive(Debug)]
pub struct Wanted {
    text: String,
    key: String,
    letters: Option<String>,
}

impl Wanted {
    /// Of what somebody typed.
    pub fn new(text: &str) -> Self {
        let key = folded(text);
        Self { text: text.trim().to_owned(), letters: letters(&key), key }
    }

    /// Whether a name sounds like the text: `true` when it is read so, `false` for its initials.
    fn sounds(&self, reading: Option<&str>) -> Option<bool> {
        let (letters, reading) = (self.letters.as_deref()?, reading?);
        is_read(reading, letters).then_some(true).or_else(|| are_initials(reading, letters).then_some(false))
    }

    /// Whether nothing was typed that anybody sees.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// Whether this is the whole name, as [`View::named`] compares names.
    pub fn is(&self, name: &str) -> bool {
        folded(name) == self.key
    }

    /// How one name matches; `own` tells an entity's own name from an alias.
    pub fn matches(&self, name: &str, own: bool) -> Option<Matched> {
        let key = folded(name);
        let name = name.to_owned();
        if key == self.key {
            return Some(if own { Matched::Name } else { Matched::Alias(name) });
        }
        if key.contains(&self.key) {
            return Some(Matched::Part(name));
        }
        let read = self.sounds(readings(&key).as_deref())?;
        Some(if read { Matched::Pinyin(name) } else { Matched::Initials(name) })
    }

    fn hit(&self, entity: &Entity) -> Option<Hit> {
        let own = entity.name();
        let names = names(entity).into_iter();
        let by_name = names.filter_map(|name| self.matches(name, name == own));
        let by_id = (entity.id.as_str() == self.text).then_some(Matched::Id);
        let matched = by_id.into_iter().chain(by_name).min()?;
        Some(Hit { id: entity.id.clone(), kind: entity.kind, name: own.to_owned(), matched })
    }
}

/// So many candidates are read first, then ever more.
const LEAST_AT_ONCE: usize = 64;

/// What was found so far, each with the grade that its name promised.
#[derive(Default)]
struct Found(Vec<(u8, Hit)>);

impl Found {
    /// Adds those of some entities that match. Candidates come once each; who was found by his id is not
    /// added again.
    fn add(&mut self, wanted: &Wanted, entities: &[Entity], best: u8) {
        let others = entities.iter().filter(|entity| best == 0 || entity.id.as_str() != wanted.text);
        self.0.extend(others.filter_map(|entity| wanted.hit(entity)).map(|hit| (best, hit)));
    }

    /// How many of them surely stand before all that is still to be read, which is no better than this grade and
    /// in it comes by id.
    fn settled(&self, best: u8) -> usize {
        let before = |(promised, hit): &&(u8, Hit)| {
            let own = grade(&hit.matched);
            own < best || own == best && *promised == best
        };
        self.0.iter().filter(before).count()
    }

    /// The best, then by id.
    fn hits(self, limit: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = self.0.into_iter().map(|(_, hit)| hit).collect();
        hits.sort_by(|a, b| grade(&a.matched).cmp(&grade(&b.matched)).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(limit);
        hits
    }
}

/// Every name that the reader sees, in name order.
fn names(entity: &Entity) -> BTreeSet<&str> {
    entity.facts.iter().flat_map(|fact| names_of(entity.kind, &fact.props)).collect()
}

impl SqliteView {
    pub(super) fn exactly_named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        let key = folded(name);
        if key.is_empty() {
            return Ok(Vec::new());
        }
        let mut candidates = BTreeSet::new();
        self.each_row(include_str!("../../../queries/sqlite/names_of_key.sql"), [&key], |row| {
            candidates.insert(row.get(0).map_err(|why| self.err(why))?);
            Ok(())
        })?;
        let entities = self.numbered_entities(&candidates)?;
        let has = |entity: &Entity| names(entity).into_iter().any(|name| folded(name) == key);
        Ok(entities.into_iter().filter(has).map(|entity| (entity.id, entity.kind)).collect())
    }

    pub(super) fn search(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let by_id = |id: &Id| self.entities_of(std::slice::from_ref(id));
        search(names, text, limit, by_id, |numbers| self.numbered_entities(numbers))
    }

    fn numbered_entities(&self, candidates: &BTreeSet<i64>) -> Result<Vec<Entity>, StoreError> {
        let mut entities = Vec::new();
        if candidates.is_empty() {
            return Ok(entities);
        }
        let sql = include_str!("../../../queries/sqlite/entities_numbered.sql");
        self.entities_from(sql, [numbers(candidates)], &mut |_, entity| entities.push(entity))?;
        Ok(entities)
    }
}

/// The entities that match a text, best first, at most so many, as the reader sees those who are read by their id, or by
/// their numbers.
pub(in crate::store) fn search(
    names: &Names,
    text: &str,
    limit: usize,
    by_id: impl Fn(&Id) -> Result<Vec<Entity>, StoreError>,
    numbered: impl Fn(&BTreeSet<i64>) -> Result<Vec<Entity>, StoreError>,
) -> Result<Vec<Hit>, StoreError> {
    let wanted = Wanted::new(text);
    if wanted.key.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Found::default();
    found.add(&wanted, &by_id(&Id::from(wanted.text.as_str()))?, 0);
    let candidates = names.candidates(&wanted.key, wanted.letters.as_deref());
    let mut at_once = LEAST_AT_ONCE;
    for best in candidates.grades() {
        let mut alike = candidates.of(best);
        while found.settled(best) < limit {
            let numbers: BTreeSet<i64> = alike.by_ref().take(at_once).map(i64::from).collect();
            if numbers.is_empty() {
                break;
            }
            found.add(&wanted, &numbered(&numbers)?, best);
            at_once *= 2;
        }
    }
    Ok(found.hits(limit))
}

/// How good a match is, whatever the name: less is better.
pub fn grade(matched: &Matched) -> u8 {
    match matched {
        Matched::Id => 0,
        Matched::Name => may::WHOLE,
        Matched::Alias(_) => 2,
        Matched::Part(_) => may::PART,
        Matched::Pinyin(_) => may::READ,
        Matched::Initials(_) => may::INITIALS,
    }
}

/// What a search over these entities finds, by going through all of them.
#[cfg(test)]
pub(super) fn hits(text: &str, entities: &[Entity], limit: usize) -> Vec<Hit> {
    let wanted = Wanted::new(text);
    let mut found = Found::default();
    if !wanted.key.is_empty() {
        found.add(&wanted, entities, 0);
    }
    found.hits(limit)
}
