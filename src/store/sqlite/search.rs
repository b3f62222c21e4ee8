//! Search by name. The table of names only finds candidates; whether one matches is decided on the
//! entity as the reader sees it, so that no name is found that he may not see.

use std::collections::BTreeSet;

use super::names::{are_initials, folded, is_read, letters, names_of, readings};
use super::view::{SqliteView, numbers};
use crate::model::{Entity, Id, Kind};
use crate::store::{Hit, Matched, StoreError, View};

/// A search text, ready to be compared.
struct Wanted {
    text: String,
    key: String,
    letters: Option<String>,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let key = folded(text);
        Self { text: text.trim().to_owned(), letters: letters(&key), key }
    }

    /// Whether a stored name could match.
    fn may_match(&self, key: &str, reading: Option<&str>) -> bool {
        key.contains(&self.key) || self.sounds(reading).is_some()
    }

    /// Whether a name sounds like the text: `true` when it is read so, `false` for its initials.
    fn sounds(&self, reading: Option<&str>) -> Option<bool> {
        let (letters, reading) = (self.letters.as_deref()?, reading?);
        is_read(reading, letters).then_some(true).or_else(|| are_initials(reading, letters).then_some(false))
    }

    /// How one name matches.
    fn matches(&self, name: &str, own: bool) -> Option<Matched> {
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

    /// The entities that match, best first, then by id.
    fn hits(&self, entities: &[Entity], limit: usize) -> Vec<Hit> {
        let mut hits: Vec<Hit> = entities.iter().filter_map(|entity| self.hit(entity)).collect();
        hits.sort_by(|a, b| grade(&a.matched).cmp(&grade(&b.matched)).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(limit);
        hits
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

/// Every name that the reader sees, in name order.
fn names(entity: &Entity) -> BTreeSet<&str> {
    entity.facts.iter().flat_map(|fact| names_of(entity.kind, &fact.props)).collect()
}

impl SqliteView {
    pub(super) fn exactly_named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        let key = folded(name);
        let mut candidates = BTreeSet::new();
        self.each_row(include_str!("../../../queries/sqlite/names_of_key.sql"), [&key], |row| {
            candidates.insert(row.get(0).map_err(|why| self.err(why))?);
            Ok(())
        })?;
        let entities = self.numbered_entities(&candidates)?;
        let has = |entity: &Entity| names(entity).into_iter().any(|name| folded(name) == key);
        Ok(entities.into_iter().filter(has).map(|entity| (entity.id, entity.kind)).collect())
    }

    pub(super) fn search(&self, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let wanted = Wanted::new(text);
        if wanted.key.is_empty() {
            return Ok(Vec::new());
        }
        let mut entities = self.numbered_entities(&self.candidates(&wanted)?)?;
        entities.extend(self.entities_of(&[Id::from(wanted.text.as_str())])?);
        entities.sort_by(|a, b| a.id.cmp(&b.id));
        entities.dedup_by(|a, b| a.id == b.id);
        Ok(wanted.hits(&entities, limit))
    }

    fn candidates(&self, wanted: &Wanted) -> Result<BTreeSet<i64>, StoreError> {
        let mut candidates = BTreeSet::new();
        self.each_row(include_str!("../../../queries/sqlite/names_all.sql"), [], |row| {
            let read = || Ok((row.get_ref(0)?.as_str()?, row.get(1)?, row.get_ref(2)?.as_str_or_null()?));
            let (key, entity, reading) = read().map_err(|why| self.err(why))?;
            if wanted.may_match(key, reading) {
                candidates.insert(entity);
            }
            Ok(())
        })?;
        Ok(candidates)
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

/// How good a match is, whatever the name.
fn grade(matched: &Matched) -> u8 {
    match matched {
        Matched::Id => 0,
        Matched::Name => 1,
        Matched::Alias(_) => 2,
        Matched::Part(_) => 3,
        Matched::Pinyin(_) => 4,
        Matched::Initials(_) => 5,
    }
}

/// What a search over these entities finds, by going through all of them.
#[cfg(test)]
pub(super) fn hits(text: &str, entities: &[Entity], limit: usize) -> Vec<Hit> {
    let wanted = Wanted::new(text);
    if wanted.key.is_empty() { Vec::new() } else { wanted.hits(entities, limit) }
}
