//! Reading by reach: the ties of a whole frontier, one question for all its nodes.

use std::collections::{BTreeMap, BTreeSet};

use super::rows;
use super::ties::{ClaimRow, Ends, Gathered, claim_row};
use super::view::{SqliteView, list, numbers, type_numbers};
use super::words::{is_current, is_known};
use crate::model::{Id, Layer, Tie, TieType, Voice};
use crate::store::{Frontier, Handle, Profile, RowHistory, StepView, StoreError, TieFilter, View};

/// The ties a node has: its number, the layer, the tie's number.
type Counted = BTreeSet<(i64, Layer, i64)>;

impl SqliteView {
    pub(super) fn frontier(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        let nodes = self.numbered(nodes)?;
        let mut capped = Vec::new();
        let mut open: BTreeSet<i64> = nodes.keys().copied().collect();
        if let Some(cap) = filter.cap {
            for (node, ties) in self.sizes(&open, filter)? {
                if ties > cap as usize {
                    open.remove(&node);
                    capped.extend(nodes.get(&node).cloned());
                }
            }
        }
        capped.sort();
        Ok(Frontier { ties: self.ties_at(&open, filter)?, capped })
    }

    /// The shown entities among these ids, by number.
    fn numbered(&self, ids: &[Id]) -> Result<BTreeMap<i64, Id>, StoreError> {
        let mut found = BTreeMap::new();
        let sql = include_str!("../../../queries/sqlite/numbers_of.sql");
        self.each_row(sql, [list(ids)], |row| {
            let read = || Ok((row.get(0)?, row.get::<_, String>(1)?));
            let (n, id) = read().map_err(|why| self.err(why))?;
            found.insert(n, Id::from(id));
            Ok(())
        })?;
        if let Some(shown) = self.shown_of(&found.keys().copied().collect())? {
            found.retain(|n, _| shown.contains(n));
        }
        Ok(found)
    }

    fn sizes(&self, nodes: &BTreeSet<i64>, filter: &TieFilter) -> Result<BTreeMap<i64, usize>, StoreError> {
        let mut sizes: BTreeMap<i64, usize> = BTreeMap::new();
        for (node, _, _) in self.counted(nodes, filter)? {
            *sizes.entry(node).or_default() += 1;
        }
        Ok(sizes)
    }

    /// Every tie of these nodes that the reader sees and the filter takes, under each of its nodes.
    fn counted(&self, nodes: &BTreeSet<i64>, filter: &TieFilter) -> Result<Counted, StoreError> {
        let mut found = Vec::new();
        let sql = include_str!("../../../queries/sqlite/claim_ends_of_nodes.sql");
        self.each_row(sql, [numbers(nodes)], |row| {
            let read = || {
                let ty = rows::word(TieType::ALL, row.get(1)?)?;
                let layer = rows::word(Layer::ALL, row.get(4)?)?;
                let times = (rows::date(row, 6)?, row.get(7)?);
                Ok((row.get(0)?, ty, (row.get(2)?, row.get(3)?), layer, row.get(5)?, times))
            };
            let (tie, ty, ends, layer, source, (known, beaten)) = read().map_err(|why| self.err(why))?;
            let shown = is_current(known, beaten, self.as_of) && !self.is_sealed(source);
            if shown && filter.takes(ty, layer) {
                found.push((tie, layer, ends));
            }
            Ok(())
        })?;
        let ends: BTreeSet<i64> = found.iter().flat_map(|(_, _, (from, to))| [*from, *to]).collect();
        let shown = self.shown_of(&ends)?;
        let shown = |n: &i64| shown.as_ref().is_none_or(|shown| shown.contains(n));
        let both = found.into_iter().filter(|(_, _, (from, to))| shown(from) && shown(to));
        let each = both.flat_map(|(tie, layer, (from, to))| [(from, layer, tie), (to, layer, tie)]);
        Ok(each.filter(|(node, _, _)| nodes.contains(node)).collect())
    }

    fn ties_at(&self, nodes: &BTreeSet<i64>, filter: &TieFilter) -> Result<Vec<Tie>, StoreError> {
        let take = |claim: &ClaimRow| self.is_shown(claim) && filter.takes(claim.ty, claim.layer);
        if filter.types.is_empty() {
            let sql = include_str!("../../../queries/sqlite/claims_of_nodes.sql");
            return self.ties_from(sql, [numbers(nodes)], take, &BTreeMap::new());
        }
        let sql = include_str!("../../../queries/sqlite/claims_of_nodes_and_types.sql");
        self.ties_from(sql, [numbers(nodes), type_numbers(&filter.types)], take, &BTreeMap::new())
    }

    /// The ties of these claims, as far as the reader may see them.
    pub(super) fn ties_numbered(
        &self,
        claims: &BTreeSet<i64>,
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/claims_numbered.sql");
        self.ties_from(sql, [numbers(claims)], |claim| self.is_shown(claim), ids)
    }

    /// The ties of the claims that a query finds and the reader may see; ids that are not told are looked up.
    fn ties_from(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        take: impl Fn(&ClaimRow) -> bool,
        ids: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        let mut claims = Vec::new();
        self.each_row(sql, params, |row| {
            let claim = claim_row(row).map_err(|why| self.err(why))?;
            if take(&claim) {
                claims.push(claim);
            }
            Ok(())
        })?;
        let ends = self.ends_of(&claims.iter().flat_map(|claim| [claim.from, claim.to]).collect(), ids)?;
        let mut gathered = Gathered::default();
        for claim in claims {
            self.check_claim(&claim, &ends)?;
            self.gather(claim, &ends, &mut gathered);
        }
        let mut ties = Vec::new();
        gathered.hand_out(&ends, &mut |tie| ties.push(tie));
        Ok(ties)
    }

    fn ends_of(&self, entities: &BTreeSet<i64>, ids: &BTreeMap<Handle, Id>) -> Result<Ends, StoreError> {
        let mut named: Vec<(Id, i64)> = Vec::with_capacity(entities.len());
        let mut others = BTreeSet::new();
        for &n in entities {
            match u32::try_from(n).ok().and_then(|n| ids.get(&Handle(n))) {
                Some(id) => named.push((id.clone(), n)),
                None => drop(others.insert(n)),
            }
        }
        if !others.is_empty() {
            let sql = include_str!("../../../queries/sqlite/ids_of.sql");
            self.each_row(sql, [numbers(&others)], |row| {
                let read = || Ok((row.get(0)?, row.get_ref(1)?.as_str()?));
                let (n, id) = read().map_err(|why| self.err(why))?;
                named.push((Id::from(id), n));
                Ok(())
            })?;
        }
        named.sort_unstable();
        let shown = self.shown_of(entities)?;
        let mut ends = Ends::sparse();
        named.into_iter().for_each(|(id, n)| ends.add(n, id, shown.as_ref()));
        Ok(ends)
    }

    pub(super) fn profiles_of(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        let nodes = self.numbered(ids)?;
        let counted = self.counted(&nodes.keys().copied().collect(), &TieFilter::default())?;
        let mut profiles: BTreeMap<&Id, Vec<u32>> =
            nodes.values().map(|id| (id, vec![0; Layer::ALL.len()])).collect();
        for (node, layer, _) in counted {
            let ties = nodes.get(&node).and_then(|id| profiles.get_mut(id));
            if let Some(ties) = ties.and_then(|ties| ties.get_mut(layer as usize)) {
                *ties += 1;
            }
        }
        Ok(profiles.into_iter().map(|(id, ties)| Profile { id: id.clone(), ties }).collect())
    }

    pub(super) fn history(&self, id: &Id) -> Result<Option<RowHistory>, StoreError> {
        let sql = include_str!("../../../queries/sqlite/claims_of_row.sql");
        let take = |claim: &ClaimRow| is_known(claim.known, self.as_of) && !self.is_sealed(claim.source);
        let ties = self.ties_from(sql, [id.as_str()], take, &BTreeMap::new())?;
        Ok((!ties.is_empty()).then_some(RowHistory { ties }))
    }

    /// Facts and current claims whose source this reader may not know.
    pub(super) fn count_withheld(&self) -> Result<u64, StoreError> {
        let mut count = 0;
        self.each_row(include_str!("../../../queries/sqlite/facts_known.sql"), [], |row| {
            let read = || Ok((row.get(1)?, rows::date(row, 2)?));
            let (source, known) = read().map_err(|why| self.err(why))?;
            count += u64::from(is_known(known, self.as_of) && self.is_withheld(source));
            Ok(())
        })?;
        let shown = self.shown()?;
        let shown = |n: i64| shown.as_ref().is_none_or(|shown| shown.contains(&n));
        self.each_row(include_str!("../../../queries/sqlite/claims_counted.sql"), [], |row| {
            let read = || Ok((row.get(2)?, row.get(3)?, row.get(5)?, rows::date(row, 6)?, row.get(7)?));
            let (from, to, source, known, beaten) = read().map_err(|why| self.err(why))?;
            let current = is_current(known, beaten, self.as_of) && shown(from) && shown(to);
            count += u64::from(current && self.is_withheld(source));
            Ok(())
        })?;
        let steps = View::steps(self, &[])?;
        let hidden = |step: &&StepView| matches!(step.fact.voice, Voice::Protected(_));
        Ok(count + steps.iter().filter(hidden).count() as u64)
    }

    fn is_withheld(&self, source: Option<i64>) -> bool {
        self.is_protected(source) && !self.is_sealed(source)
    }
}
