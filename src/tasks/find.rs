//! Finding people and things by name.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Access, Entity, Id};
use crate::store::{Hit, Names, Store, View};

use super::TaskError;
use super::cache::{Cache, LEAST};

/// The entities that match a text, best first, at most so many.
pub fn run(store: &dyn Store, access: &Access, text: &str, limit: usize) -> Result<Vec<Hit>, TaskError> {
    Finder::open(store, access)?.find(text, limit)
}

/// Whoever was found, with what tells him from others of the name.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Who, and by what.
    pub hit: Hit,
    /// Columns with what was said last of each: post and agency, gang, birth, home, what a case or a lead came to.
    pub about: Vec<(&'static str, String)>,
}

/// What tells namesakes apart, by column; of an id the name stands there.
const TELLING: [&str; 12] = [
    "post",
    "agency",
    "role",
    "gang",
    "occupation",
    "birth_date",
    "hometown",
    "class",
    "jurisdiction",
    "opened",
    "received",
    "status",
];

/// The entities that match a text, with what tells them apart. Cost: beside the search, two look-ups.
pub fn found(store: &dyn Store, access: &Access, text: &str, limit: usize) -> Result<Vec<Found>, TaskError> {
    let finder = Finder::open(store, access)?;
    let hits = finder.find(text, limit)?;
    let ids: Vec<Id> = hits.iter().map(|hit| hit.id.clone()).collect();
    let entities = by_id(finder.view.as_ref(), &ids)?;
    let named = |entity: &Entity| {
        ["agency", "gang"].into_iter().filter_map(|key| entity.prop(key)).map(Id::from).collect()
    };
    let others: BTreeSet<Id> =
        entities.values().flat_map(|entity: &Entity| -> Vec<Id> { named(entity) }).collect();
    let others = by_id(finder.view.as_ref(), &Vec::from_iter(others))?;
    let about = |entity: &Entity| {
        let told = TELLING.iter().filter_map(|&key| {
            let value = entity.prop(key).filter(|value| !value.is_empty())?;
            let other = others.get(&Id::from(value)).filter(|_| matches!(key, "agency" | "gang"));
            Some((key, other.map_or(value, Entity::name).to_owned()))
        });
        told.collect()
    };
    let found = hits.into_iter().map(|hit| {
        let about = entities.get(&hit.id).map(about).unwrap_or_default();
        Found { hit, about }
    });
    Ok(found.collect())
}

fn by_id(view: &dyn View, ids: &[Id]) -> Result<BTreeMap<Id, Entity>, TaskError> {
    Ok(view.entities_of(ids)?.into_iter().map(|entity| (entity.id.clone(), entity)).collect())
}

/// A store that is searched again and again, as it was when this was opened.
pub struct Finder<'s> {
    view: Box<dyn View + Send + 's>,
    names: Names,
}

impl<'s> Finder<'s> {
    /// Opens a store to be searched.
    pub fn open(store: &'s dyn Store, access: &Access) -> Result<Self, TaskError> {
        let view = store.read(access)?;
        let names = names(store, view.as_ref())?;
        Ok(Self { view, names })
    }

    /// The entities that match a text, best first, at most so many.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, TaskError> {
        Ok(self.view.find_among(&self.names, text, limit)?)
    }
}

/// The names of a store: those kept beside a large store where they are of this very content, else read, and
/// kept for the next time.
fn names(store: &dyn Store, view: &dyn View) -> Result<Names, TaskError> {
    let cache = Cache::of_names(store, &view.edition()?);
    if let Some(names) = cache.as_ref().and_then(|cache| cache.read_bytes(Names::from_bytes)) {
        return Ok(names);
    }
    let names = view.names()?;
    if let Some(cache) = cache.filter(|_| names.count() >= LEAST) {
        cache.write_bytes(&names.to_bytes());
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Mode;
    use crate::store::promises::samples::{person, write};

    #[test]
    fn kept_names_are_of_one_content_and_never_hurt() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("case.db");
        let store = crate::store::open(&path.display().to_string(), Mode::Create).unwrap();
        write(store.as_ref(), &[person("a", "王伟")]);
        let view = store.read(&Access::default()).unwrap();
        let kept = |edition: &str| Cache::of_names(store.as_ref(), edition).unwrap();
        let names = view.names().unwrap();
        kept(&view.edition().unwrap()).write_bytes(&names.to_bytes()).unwrap();
        assert_eq!(kept(&view.edition().unwrap()).read_bytes(Names::from_bytes), Some(names));
        assert_eq!(kept("another").read_bytes(Names::from_bytes), None);
        let file = folder.path().join("case.db.names");
        let whole = std::fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut hurt = whole.clone();
            hurt[at] ^= 4;
            std::fs::write(&file, &hurt).unwrap();
            assert_eq!(kept(&view.edition().unwrap()).read_bytes(Names::from_bytes), None, "{at}");
        }
        // Who comes later is found, whatever lies beside the store.
        std::fs::write(&file, &whole).unwrap();
        write(store.as_ref(), &[person("b", "王伟")]);
        assert_eq!(run(store.as_ref(), &Access::default(), "王伟", 9).unwrap().len(), 2);
    }
}
