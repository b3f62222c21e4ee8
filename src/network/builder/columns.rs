//! Ties on their way into a network: columns that grow, on any thread, and are put behind one another.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::BuildError;
use crate::fingerprints::{Fingerprints, hash};
use crate::model::{Claim, Id, Tie, Voice};
use crate::network::{Claims, Nodes, Ties};

/// Ties on their way into a network: a thread may fill its own while others fill theirs, and
/// [`super::Builder::append`] takes them all.
#[derive(Debug)]
pub struct TieColumns {
    pub(super) ties: Ties,
    pub(super) claims: Claims,
    pub(super) voices: Vec<Voice>,
    voice_at: HashMap<Voice, u32>,
    pub(super) words: Vec<String>,
    word_at: HashMap<String, u16>,
}

impl Default for TieColumns {
    fn default() -> Self {
        let (ties, claims, voices, voice_at) = Default::default();
        let mut columns = Self { ties, claims, voices, voice_at, words: Vec::new(), word_at: HashMap::new() };
        // Position 0 is "none".
        columns.word("");
        columns
    }
}

/// Where each node of a sealed builder stands: what ties are added by.
#[derive(Clone, Copy, Debug)]
pub struct Places<'b> {
    pub(super) positions: &'b Fingerprints<10, 6>,
    pub(super) nodes: &'b Nodes,
}

impl Places<'_> {
    pub(super) fn of(&self, row: &str, id: &Id) -> Result<u32, BuildError> {
        let likely = self.positions.get(hash(&[id.as_str().as_bytes()])).map(|at| at as usize);
        let found = likely.filter(|&at| self.nodes.ids.at(at) == id.as_str());
        found
            .or_else(|| likely.and_then(|_| self.nodes.find(id.as_str())))
            .map(|at| at as u32)
            .ok_or_else(|| BuildError::Missing { row: row.to_owned(), missing: id.to_string() })
    }
}

impl TieColumns {
    /// Adds a tie between nodes that have these places.
    pub fn tie(&mut self, places: &Places<'_>, tie: &Tie) -> Result<(), BuildError> {
        let row = tie.claims.first().map_or("", |claim| claim.row.as_str());
        let (from, to) = (places.of(row, &tie.from)?, places.of(row, &tie.to)?);
        let at = u32::try_from(self.ties.from.len()).map_err(|_| BuildError::TooLarge)?;
        let role = tie.role.as_deref().map_or(0, |role| self.word(role));
        let kind = places.nodes.kinds[to as usize];
        if let Some(other) = &tie.other_type {
            let word = self.word(other);
            self.ties.other_types.push((at, word));
        }
        let ties = &mut self.ties;
        ties.from.push(from);
        ties.to.push(to);
        ties.types.push(tie.ty);
        ties.layers.push(tie.ty.layer(kind));
        ties.roles.push(role);
        ties.starts.push(tie.start);
        self.values(at, tie);
        self.claims(&tie.claims);
        Ok(())
    }

    /// The columns that what is said of the tie fills.
    fn values(&mut self, at: u32, tie: &Tie) {
        let values = tie.said().cloned().unwrap_or_default();
        if let Some(currency) = values.currency.filter(|currency| currency != "CNY") {
            let word = self.word(&currency);
            self.ties.currencies.push((at, word));
        }
        let ties = &mut self.ties;
        ties.ends.push(values.end);
        ties.counts.push(values.count.unwrap_or(0));
        ties.amounts.push(values.amount.map_or(f32::NAN, |amount| amount.approximate() as f32));
        ties.shares.push(
            values.share.map_or(u16::MAX, |share| {
                (share.decimal() * Decimal::ONE_HUNDRED).to_u16().unwrap_or(u16::MAX)
            }),
        );
        ties.decisions.push(values.decision.map_or(0, |decision| decision as u8 + 1));
    }

    fn claims(&mut self, claims: &[Claim]) {
        self.claims.starts.push(self.claims.voices.len() as u32);
        for claim in claims {
            let voice = self.voice(&claim.voice);
            let columns = &mut self.claims;
            columns.rows.push(claim.row.as_str());
            columns.voices.push(voice);
            columns.reliabilities.push(claim.reliability);
            columns.credibilities.push(claim.credibility);
            columns.statuses.push(claim.status);
            columns.known.push(claim.known);
        }
    }

    fn voice(&mut self, voice: &Voice) -> u32 {
        if let Some(&at) = self.voice_at.get(voice) {
            return at;
        }
        let at = self.voices.len() as u32;
        self.voices.push(voice.clone());
        self.voice_at.insert(voice.clone(), at);
        at
    }

    /// The position of an interned word. There are few: column names, roles, currencies, types.
    /// Past 65,535 different ones (a file with a column of free text as role) the rest is "none".
    pub(super) fn word(&mut self, word: &str) -> u16 {
        if let Some(&at) = self.word_at.get(word) {
            return at;
        }
        let Ok(at) = u16::try_from(self.words.len()) else { return 0 };
        self.words.push(word.to_owned());
        self.word_at.insert(word.to_owned(), at);
        at
    }

    /// Makes room for the ties of others, no more than they need.
    pub(super) fn reserve(&mut self, all: &[Self]) {
        let ties: usize = all.iter().map(|columns| columns.ties.from.len()).sum();
        let claims: usize = all.iter().map(|columns| columns.claims.voices.len()).sum();
        let own = &mut self.ties;
        [&mut own.from, &mut own.to, &mut own.counts]
            .into_iter()
            .for_each(|column| column.reserve_exact(ties));
        [&mut own.starts, &mut own.ends].into_iter().for_each(|column| column.reserve_exact(ties));
        own.amounts.reserve_exact(ties);
        let own = &mut self.claims;
        own.voices.reserve_exact(claims);
        own.known.reserve_exact(claims);
    }

    /// Adds the ties of others, in their order, behind these.
    pub(super) fn append(&mut self, other: Self) -> Result<(), BuildError> {
        let (ties, claims) = (self.ties.from.len(), self.claims.voices.len());
        let fits = |count: usize| u32::try_from(count).map_err(|_| BuildError::TooLarge);
        let (first, base) = (fits(ties)?, fits(claims)?);
        fits(ties + other.ties.from.len())?;
        fits(claims + other.claims.voices.len())?;
        let words: Vec<u16> = other.words.iter().map(|word| self.word(word)).collect();
        let voices: Vec<u32> = other.voices.iter().map(|voice| self.voice(voice)).collect();
        let word = |at: u16| words.get(usize::from(at)).copied().unwrap_or(0);
        let Ties {
            from,
            to,
            types,
            layers,
            statuses: _,
            decisions,
            roles,
            shares,
            starts,
            ends,
            known: _,
            strengths: _,
            amounts,
            counts,
            currencies,
            other_types,
        } = other.ties;
        let own = &mut self.ties;
        own.from.extend(from);
        own.to.extend(to);
        own.types.extend(types);
        own.layers.extend(layers);
        own.decisions.extend(decisions);
        own.roles.extend(roles.into_iter().map(word));
        own.shares.extend(shares);
        own.starts.extend(starts);
        own.ends.extend(ends);
        own.amounts.extend(amounts);
        own.counts.extend(counts);
        own.currencies.extend(currencies.into_iter().map(|(at, of)| (first + at, word(of))));
        own.other_types.extend(other_types.into_iter().map(|(at, of)| (first + at, word(of))));
        let Claims { starts, rows, voices: voice, reliabilities, credibilities, statuses, known } =
            other.claims;
        let own = &mut self.claims;
        own.starts.extend(starts.into_iter().map(|at| base + at));
        own.rows.append(&rows);
        own.voices.extend(voice.into_iter().map(|at| voices.get(at as usize).copied().unwrap_or(0)));
        own.reliabilities.extend(reliabilities);
        own.credibilities.extend(credibilities);
        own.statuses.extend(statuses);
        own.known.extend(known);
        Ok(())
    }
}
