//! Sources as a reader sees them: who speaks, how reliably, and whether he is sealed.
//!
//! Nearly every row names a source, so that a view knows them all: of each no more than rows ask for. What else is on
//! its card is read by whoever shows cards.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, Row};

use super::rows;
use crate::model::view::SourceCard;
use crate::model::{Handling, Id, Reliability, Voice};

/// No file has more sources: what is numbered higher is damage, and not a reason to ask for memory.
const MOST: usize = 1 << 26;

/// A source as this reader sees it.
#[derive(Debug)]
pub(super) struct SourceSeen {
    pub voice: Voice,
    pub reliability: Reliability,
    pub sealed: bool,
}

/// All sources as they are now, by number; number 0 is nobody's.
#[derive(Debug, Default)]
pub(super) struct Sources {
    all: Vec<Option<SourceSeen>>,
    /// Some source is sealed, so that entities may be cut in today's view.
    any_sealed: bool,
}

impl Sources {
    /// Cost: a pass over the sources.
    pub fn of(conn: &Connection) -> rusqlite::Result<Self> {
        let mut all: Vec<Option<SourceSeen>> = Vec::new();
        let mut query = conn.prepare(include_str!("../../../queries/sqlite/sources_seen.sql"))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let n: i64 = row.get(0)?;
            let at = usize::try_from(n).ok().filter(|&at| at <= MOST);
            let at = at.ok_or(rusqlite::Error::IntegralValueOutOfRange(0, n))?;
            if all.len() <= at {
                all.resize_with(at + 1, || None);
            }
            // Of its words the last stands.
            if let Some(place) = all.get_mut(at) {
                *place = Some(SourceSeen::of(row)?);
            }
        }
        number_protected(&mut all);
        let any_sealed = all.iter().flatten().any(|source| source.sealed);
        Ok(Self { all, any_sealed })
    }

    /// The source with this number.
    pub fn get(&self, n: Option<i64>) -> Option<&SourceSeen> {
        let n = usize::try_from(n?).ok()?;
        self.all.get(n).and_then(Option::as_ref)
    }

    pub fn any_sealed(&self) -> bool {
        self.any_sealed
    }

    /// The numbers of the sources that have this voice.
    pub fn with_voice(&self, voice: &Voice) -> impl Iterator<Item = i64> {
        let has = |seen: &Option<SourceSeen>| seen.as_ref().is_some_and(|seen| seen.voice == *voice);
        (0..).zip(&self.all).filter(move |(_, seen)| has(seen)).map(|(n, _)| n)
    }

    /// The cards of those that are not sealed, by number.
    pub fn cards(&self, conn: &Connection) -> rusqlite::Result<Vec<SourceCard>> {
        let mut cards: Vec<(i64, SourceCard)> = Vec::new();
        let mut query = conn.prepare(include_str!("../../../queries/sqlite/sources.sql"))?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            let n: i64 = row.get(0)?;
            let Some(seen) = self.get(Some(n)).filter(|seen| !seen.sealed) else { continue };
            // Of its words the last stands.
            if cards.last().is_some_and(|(before, _)| *before == n) {
                cards.pop();
            }
            let source = rows::source(row)?;
            let card = SourceCard {
                voice: seen.voice.clone(),
                channel: source.channel,
                title: source.title,
                date: source.date,
                reliability: source.reliability,
                unit: source.unit,
                handling: source.handling,
                locator: source.locator,
            };
            cards.push((n, card));
        }
        Ok(cards.into_iter().map(|(_, card)| card).collect())
    }
}

impl SourceSeen {
    /// A row of `sources_seen.sql`; a protected source's id is empty there.
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let handling: Handling = rows::word(Handling::ALL, row.get(3)?)?;
        let voice = if row.get(4)? {
            Voice::Protected(0)
        } else {
            Voice::Source(Id::from(row.get_ref(1)?.as_str_or_null()?.unwrap_or_default()))
        };
        let reliability = rows::word(Reliability::ALL, row.get(2)?)?;
        Ok(Self { voice, reliability, sealed: handling == Handling::Sealed })
    }
}

/// Numbers protected sources in the order they came in; sealed ones, which leave no trace, after all others.
fn number_protected(sources: &mut [Option<SourceSeen>]) {
    let mut last = 0;
    for sealed in [false, true] {
        for source in sources.iter_mut().flatten().filter(|source| source.sealed == sealed) {
            if let Voice::Protected(number) = &mut source.voice {
                last += 1;
                *number = last;
            }
        }
    }
}

/// The sources of the content that was read last, with its edition: a question opens several views of a store.
#[derive(Debug, Default)]
pub(super) struct SeenSources(Mutex<Option<(String, Arc<Sources>)>>);

impl SeenSources {
    /// The sources of this edition, read from here if they are not known.
    pub fn of(&self, edition: &str, conn: &Connection) -> rusqlite::Result<Arc<Sources>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sources)) = known.as_ref().filter(|(of, _)| of == edition) {
            return Ok(Arc::clone(sources));
        }
        let sources = Arc::new(Sources::of(conn)?);
        *known = Some((edition.to_owned(), Arc::clone(&sources)));
        Ok(sources)
    }
}
