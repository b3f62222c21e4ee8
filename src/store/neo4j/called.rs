//! Everybody's names, told from what sheaves say of them: no tie comes over, and nobody is put into a table.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::remote::{Point, Remote};
use super::sheaves::Told;
use super::view::Neo4jView;
use super::{query, sheaves, stream};
use crate::model::{Entity, Id};
use crate::store::sqlite::canon::{self, Canon, FactText, Teller};
use crate::store::sqlite::names::{folded, names_of};
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::search::search;
use crate::store::{Hit, Names, StoreError};

/// Entities asked for in one question.
const AT_ONCE: i64 = 10_000;

impl Neo4jView<'_> {
    /// Every name, whoever may see it.
    pub(super) fn all_names(&self) -> Result<Names, StoreError> {
        let (mut ids, mut called, mut canon) = (Vec::new(), Vec::new(), Canon::default());
        let mut all = 0;
        let take = |(n, (id, kind), facts): Told| {
            let n = self.handle(n)?.0;
            all += facts.len() as u64;
            for (FactRow { table, props, known, change, .. }, hash) in &facts {
                let text = FactText { id: id.as_str(), kind, table: *table, props, known: *known };
                self.check(canon.fact(&text, Teller::Nobody), *change, *hash)?;
                called.extend(names_of(kind, props).map(|name| (folded(name), n)));
            }
            ids.push((id, n));
            Ok(())
        };
        let (remote, point) = (Arc::clone(&self.store.remote), self.point.clone());
        stream::hand_over(stream::SOME, |give| each_told(&remote, &point, give), take)?;
        sheaves::are_all(&self.store.remote, &self.point, (all, canon::Part::Facts, "facts"))?;
        Names::of(ids, called).ok_or_else(|| self.part.damaged("names are too long"))
    }

    /// The entities that match a text.
    pub(super) fn search(&self, names: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        let told = |ns: &[i64]| -> Result<Vec<Entity>, StoreError> {
            Ok(self.told_of(ns)?.into_iter().map(|(_, entity)| entity).collect())
        };
        let by_id = |id: &Id| told(&Vec::from_iter(self.numbered(std::slice::from_ref(id))?.into_values()));
        search(names, text, limit, by_id, |numbers| told(&Vec::from_iter(numbers.iter().copied())))
    }
}

/// Hands out everybody with what was ever said of him.
fn each_told(
    remote: &Remote,
    point: &Point,
    give: &mut dyn FnMut(Told) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for from in (0..=point.entities).step_by(AT_ONCE as usize) {
        let question = query!("sheaves_told_in_part").param("from", from).param("to", from + AT_ONCE);
        let (_, told) = sheaves::read(remote, point, question)?;
        for (n, texts) in BTreeMap::from_iter(told) {
            let told = sheaves::told_of(n, &texts).map_err(|why| remote.err(why.into()))?;
            told.map_or(Ok(()), &mut *give)?;
        }
    }
    Ok(())
}
