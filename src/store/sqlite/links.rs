//! Reading for walks: handles, kinds, links, and the survey of all ties.
//!
//! The indexes of a claim's ends hold all that a walk asks of a tie, so that a walk, and the counts of
//! ties that it needs of every node it reaches, never touch the claims themselves. What an answer is
//! made from (entities, whole ties) is read and checked row by row, as everywhere.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

use rusqlite::Row;

use super::rows;
use super::view::{SqliteView, list, numbers, type_numbers};
use super::words::{is_current, is_known};
use crate::model::{Date, Entity, Id, Kind, Layer, TieType};
use crate::store::{Brief, ClaimOf, Handle, Link, StoreError, Surveyed};

/// Claims of ties that are wanted in full are read so many at a time.
const BATCH: usize = 4_096;

/// What an index tells of a claim: its ends, that which was asked for first.
pub(in crate::store) struct Entry {
    pub ends: (i64, i64),
    pub ty: TieType,
    pub layer: Layer,
    pub tie: i64,
    pub source: Option<i64>,
    pub known: Option<Date>,
    pub beaten: Option<i64>,
}

/// Links as they are found, as far as the reader may see them.
pub(in crate::store) struct Links<'v> {
    view: &'v SqliteView,
    found: Vec<Link>,
    /// By node and tie: further claims of it come again.
    seen: HashSet<(i64, i64)>,
}

impl<'v> Links<'v> {
    pub fn of(view: &'v SqliteView) -> Self {
        Self { view, found: Vec::new(), seen: HashSet::new() }
    }

    /// Takes in one claim, from the end that was asked for.
    pub fn add(
        &mut self,
        entry: &Entry,
        outward: bool,
        start: Option<Date>,
        claim: i64,
    ) -> Result<(), StoreError> {
        if !self.view.is_seen(entry) {
            return Ok(());
        }
        let (near, far) = entry.ends;
        let again = !self.seen.insert((near, entry.tie));
        let claim = ClaimOf { tie: entry.tie as u64, claim: claim as u64 };
        let (near, far) = (self.view.handle(near)?, self.view.handle(far)?);
        let Entry { ty, layer, .. } = *entry;
        self.found.push(Link { near, far, ty, layer, outward, start, claim, again });
        Ok(())
    }

    /// Everybody whom they name.
    pub fn ends(&self) -> BTreeSet<i64> {
        self.found.iter().flat_map(|link| [link.near, link.far]).map(|end| i64::from(end.0)).collect()
    }

    /// Hands out those whose ends the reader may see.
    pub fn hand_out(self, shown: impl Fn(i64) -> bool, each: &mut dyn FnMut(Link)) {
        let shown = |end: Handle| shown(i64::from(end.0));
        self.found.into_iter().filter(|link| shown(link.near) && shown(link.far)).for_each(each);
    }
}

/// Reads the columns of an index: both ends, type, layer and tie, then source, known and beaten.
fn entry(row: &Row<'_>, source: usize) -> rusqlite::Result<Entry> {
    Ok(Entry {
        ends: (row.get(0)?, row.get(1)?),
        ty: rows::word(TieType::ALL, row.get(2)?)?,
        layer: rows::word(Layer::ALL, row.get(3)?)?,
        tie: row.get(4)?,
        source: row.get(source)?,
        known: rows::date(row, source + 1)?,
        beaten: row.get(source + 2)?,
    })
}

fn numbered(handles: &[Handle]) -> String {
    numbers(&handles.iter().map(|handle| i64::from(handle.0)).collect())
}

impl SqliteView {
    fn handle(&self, n: i64) -> Result<Handle, StoreError> {
        u32::try_from(n).map(Handle).map_err(|_| self.damaged("an entity's number is out of range"))
    }

    /// Whether the reader sees what a source says, which is known since a day.
    pub(in crate::store) fn tells(&self, source: Option<i64>, known: Option<Date>) -> bool {
        is_known(known, self.as_of) && !self.is_sealed(source)
    }

    /// Whether the reader sees what an index tells.
    pub(in crate::store) fn is_seen(&self, entry: &Entry) -> bool {
        is_current(entry.known, entry.beaten, self.as_of) && !self.is_sealed(entry.source)
    }

    pub(super) fn handles_of(&self, ids: &[Id]) -> Result<Vec<(Id, Handle)>, StoreError> {
        let mut found = Vec::new();
        let sql = include_str!("../../../queries/sqlite/numbers_of.sql");
        self.each_row(sql, [list(ids)], |row| {
            let read = || Ok((row.get(0)?, row.get_ref(1)?.as_str()?));
            let (n, id): (i64, &str) = read().map_err(|why| self.err(why))?;
            found.push((n, Id::from(id)));
            Ok(())
        })?;
        if let Some(shown) = self.shown_of(&found.iter().map(|(n, _)| *n).collect())? {
            found.retain(|(n, _)| shown.contains(n));
        }
        found.into_iter().map(|(n, id)| Ok((id, self.handle(n)?))).collect()
    }

    pub(super) fn kinds_of(&self, handles: &[Handle]) -> Result<Vec<Kind>, StoreError> {
        let mut kinds: HashMap<i64, Kind> = HashMap::new();
        let sql = include_str!("../../../queries/sqlite/kinds_of.sql");
        self.each_row(sql, [numbered(handles)], |row| {
            let read = || Ok((row.get(0)?, rows::word(Kind::ALL, row.get(1)?)?));
            let (n, kind) = read().map_err(|why| self.err(why))?;
            kinds.insert(n, kind);
            Ok(())
        })?;
        let kind = |handle: &Handle| kinds.get(&i64::from(handle.0)).copied();
        let all = handles.iter().map(|handle| {
            kind(handle).ok_or_else(|| self.damaged("a claim names an entity that is not there"))
        });
        all.collect()
    }

    pub(super) fn officials_of(&self, handles: &[Handle]) -> Result<Vec<bool>, StoreError> {
        let mut found: HashSet<i64> = HashSet::new();
        let sql = include_str!("../../../queries/sqlite/facts_official_of.sql");
        self.each_row(sql, [numbered(handles)], |row| {
            let read = || Ok((row.get(0)?, row.get(1)?, rows::date(row, 2)?));
            let (entity, source, known) = read().map_err(|why| self.err(why))?;
            if self.tells(source, known) {
                found.insert(entity);
            }
            Ok(())
        })?;
        Ok(handles.iter().map(|handle| found.contains(&i64::from(handle.0))).collect())
    }

    pub(super) fn links_of(
        &self,
        handles: &[Handle],
        types: &[TieType],
        each: &mut dyn FnMut(Link),
    ) -> Result<(), StoreError> {
        let mut links = Links::of(self);
        let mut keep = |row: &Row<'_>| {
            let read = || Ok((entry(row, 5)?, row.get::<_, i64>(8)? == 1, rows::date(row, 9)?, row.get(10)?));
            let (entry, outward, start, claim): (_, _, _, i64) = read().map_err(|why| self.err(why))?;
            links.add(&entry, outward, start, claim)
        };
        let nodes = numbered(handles);
        if types.is_empty() {
            self.each_row(include_str!("../../../queries/sqlite/links_of.sql"), [nodes], &mut keep)?;
        } else {
            let sql = include_str!("../../../queries/sqlite/links_of_types.sql");
            self.each_row(sql, [nodes, type_numbers(types)], &mut keep)?;
        }
        let ends = if self.may_hide_entities() { links.ends() } else { BTreeSet::new() };
        let shown = self.shown_of(&ends)?;
        links.hand_out(|end| shown.as_ref().is_none_or(|shown| shown.contains(&end)), each);
        Ok(())
    }

    pub(super) fn entities_with_handles(
        &self,
        handles: &[Handle],
    ) -> Result<Vec<(Handle, Entity)>, StoreError> {
        let mut found = Vec::new();
        let sql = include_str!("../../../queries/sqlite/entities_numbered.sql");
        self.entities_from(sql, [numbered(handles)], &mut |n, entity| found.push((n, entity)))?;
        found.into_iter().map(|(n, entity)| Ok((self.handle(n)?, entity))).collect()
    }

    pub(super) fn all_cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError> {
        let mut ever: BTreeSet<i64> = BTreeSet::new();
        let sql = include_str!("../../../queries/sqlite/cases_of_gang.sql");
        self.each_row(sql, [gang.as_str()], |row| {
            ever.insert(row.get(0).map_err(|why| self.err(why))?);
            Ok(())
        })?;
        let mut cases = Vec::new();
        let sql = include_str!("../../../queries/sqlite/entities_numbered.sql");
        self.entities_from(sql, [numbers(&ever)], &mut |_, entity| {
            if entity.kind == Kind::Case && entity.prop("gang") == Some(gang.as_str()) {
                cases.push(entity.id);
            }
        })?;
        Ok(cases)
    }

    pub(super) fn ties_in_brief(
        &self,
        from: &Range<Handle>,
        full: &[TieType],
        each: &mut dyn FnMut(Surveyed),
    ) -> Result<(), StoreError> {
        let shown = self.shown_once()?;
        let shown = |n: i64| shown.is_none_or(|shown| shown.contains(&n));
        let mut last = None;
        let mut wanted: BTreeSet<i64> = BTreeSet::new();
        let sql = include_str!("../../../queries/sqlite/claims_surveyed.sql");
        self.each_row(sql, [from.start.0, from.end.0], |row| {
            let read = || Ok((entry(row, 6)?, rows::date(row, 5)?, row.get(9)?));
            let (entry, start, n) = read().map_err(|why| self.err(why))?;
            if !self.is_seen(&entry) || !shown(entry.ends.0) || !shown(entry.ends.1) {
                return Ok(());
            }
            // The index brings the claims of one tie together.
            if last.replace(entry.tie) != Some(entry.tie) {
                let (from, to) = (self.handle(entry.ends.0)?, self.handle(entry.ends.1)?);
                each(Surveyed::Brief(Brief { from, to, ty: entry.ty, layer: entry.layer, start }));
                if wanted.len() >= BATCH {
                    self.in_full(&std::mem::take(&mut wanted), each)?;
                }
            }
            if full.contains(&entry.ty) {
                wanted.insert(n);
            }
            Ok(())
        })?;
        self.in_full(&wanted, each)
    }

    fn in_full(&self, claims: &BTreeSet<i64>, each: &mut dyn FnMut(Surveyed)) -> Result<(), StoreError> {
        let ties = self.ties_numbered(claims, &BTreeMap::new())?;
        ties.into_iter().for_each(|tie| each(Surveyed::Full(tie)));
        Ok(())
    }
}
