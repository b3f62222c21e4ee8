//! Writing relations: which tie a row speaks of, and whether it says anything new.

use rusqlite::OptionalExtension;

use super::canon::{Head, Part, Said, Summands};
use super::rows;
use super::ties::NewClaim;
use super::words::{Word, is_said};
use super::writer::{By, SqliteWriter};
use crate::model::{Date, Layer, Nature, Relation, TieType};
use crate::store::{Outcome, StoreError};

/// A tie's place in the store.
pub(super) struct Place<'a> {
    pub head: Head<'a>,
    pub from: i64,
    pub to: i64,
    layer: Layer,
}

/// One word of a row, with the tie it speaks of.
pub(super) struct RowWord {
    pub word: Word,
    pub tie: i64,
    pub ty: TieType,
    pub from: i64,
    pub to: i64,
    pub start: Option<Date>,
    pub other: Option<String>,
    pub role: Option<String>,
}

impl RowWord {
    fn is_of(&self, place: &Place<'_>) -> bool {
        let head = &place.head;
        (self.ty, self.from, self.to, self.start) == (head.ty, place.from, place.to, head.start)
            && self.other.as_deref() == head.other
            && self.role.as_deref() == head.role
    }
}

impl SqliteWriter {
    pub(super) fn put_relation(&mut self, relation: &Relation) -> Result<Outcome, StoreError> {
        let by = self.tellers(&relation.row, &relation.sources, relation.recorded)?;
        let place = self.place(relation)?;
        let words = self.row_words(relation)?;
        let mut tie = None;
        let mut outcome = Outcome::Unchanged;
        for by in &by {
            let mine: Vec<&RowWord> = words.iter().filter(|word| word.word.source == by.n).collect();
            let summands = self.canon.claim(&place.head, &said(relation, by.known), by.teller());
            if self.is_told(&place, relation, by, &mine) {
                continue;
            }
            let (number, stood) = match tie {
                Some(tie) => tie,
                None => self.tie(&place, &words)?,
            };
            tie = Some((number, stood));
            self.add_claim(number, &place, relation, by, summands, &mine)?;
            outcome = match () {
                () if !mine.is_empty() => Outcome::Updated,
                () if outcome == Outcome::Updated => outcome,
                () if stood => Outcome::Merged,
                () => Outcome::Added,
            };
        }
        Ok(outcome)
    }

    fn place<'a>(&mut self, relation: &'a Relation) -> Result<Place<'a>, StoreError> {
        let (from, to, role) = relation.ends();
        let known_from = self.entity(&relation.row, from)?;
        let known_to = self.entity(&relation.row, to)?;
        let head = Head {
            ty: relation.ty,
            other: relation.other_type.as_deref(),
            from: from.as_str(),
            to: to.as_str(),
            role,
            start: relation.start,
        };
        let layer = relation.ty.layer(known_to.kind);
        Ok(Place { head, from: known_from.n, to: known_to.n, layer })
    }

    fn row_words(&mut self, relation: &Relation) -> Result<Vec<RowWord>, StoreError> {
        if self.last_claim == 0 && self.fresh.is_none() {
            self.without_indexes()?;
        }
        if self.is_first(relation.row.as_str())? {
            return Ok(Vec::new());
        }
        let sql = include_str!("../../../queries/sqlite/claims_of_row_for_writing.sql");
        let mut query = self.statement(sql)?;
        let words = query.query_map([relation.row.as_str()], rows::word_of_row).and_then(Iterator::collect);
        words.map_err(|why| self.err(why))
    }

    fn is_told(&mut self, place: &Place<'_>, relation: &Relation, by: &By, mine: &[&RowWord]) -> bool {
        if mine.is_empty() {
            return false;
        }
        let canon = std::cell::RefCell::new(&mut self.canon);
        let words: Vec<&Word> = mine.iter().map(|word| &word.word).collect();
        is_said(&words, by.known, |word| {
            let summands = canon.borrow_mut().claim(&place.head, &said(relation, word.known), by.teller());
            summands.stored(word.change) == word.hash
        })
    }

    /// The number of the tie, and whether it stood before.
    fn tie(&mut self, place: &Place<'_>, words: &[RowWord]) -> Result<(i64, bool), StoreError> {
        if let Some(word) = words.iter().find(|word| word.is_of(place)) {
            return Ok((word.tie, true));
        }
        let state = match place.head.ty.nature() {
            Nature::State => self.tie_of_state(place)?,
            Nature::Event => None,
        };
        Ok(state.map_or((self.last_claim + 1, false), |tie| (tie, true)))
    }

    fn tie_of_state(&mut self, place: &Place<'_>) -> Result<Option<i64>, StoreError> {
        if let Some(tie) = self.fresh_tie(place)? {
            return Ok(tie);
        }
        let Head { ty, role, start, other, .. } = place.head;
        let key = (place.from, place.to, ty as u8, role, start.map(Date::packed), other);
        let mut query = self.statement(include_str!("../../../queries/sqlite/tie_of_state.sql"))?;
        query.query_row(key, |row| row.get(0)).optional().map_err(|why| self.err(why))
    }

    fn add_claim(
        &mut self,
        tie: i64,
        place: &Place<'_>,
        relation: &Relation,
        by: &By,
        summands: Summands,
        mine: &[&RowWord],
    ) -> Result<(), StoreError> {
        let n = self.last_claim + 1;
        let words: Vec<&Word> = mine.iter().map(|word| &word.word).collect();
        let beat = include_str!("../../../queries/sqlite/claim_beat.sql");
        let beaten = self.supersede(n, by, &words, beat)?;
        let claim = NewClaim {
            n,
            tie,
            head: place.head,
            said: said(relation, by.known),
            layer: place.layer,
            from: place.from,
            to: place.to,
            source: by.n,
            change: self.number,
            beaten,
            hash: summands.stored(self.number),
        };
        claim.add(&self.conn).map_err(|why| self.err(why))?;
        self.last_claim = n;
        self.digest.part(Part::Claims).add(summands);
        Ok(())
    }
}

fn said(relation: &Relation, known: Option<Date>) -> Said<'_> {
    Said {
        row: relation.row.as_str(),
        status: relation.status,
        credibility: relation.credibility,
        values: &relation.values,
        known,
    }
}
