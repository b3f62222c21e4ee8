//! Writing sources. Who a protected source is goes into the vault and nowhere else.

use rusqlite::OptionalExtension;

use super::canon::Part;
use super::rows;
use super::writer::{SqliteWriter, Told};
use crate::model::{Date, Id, Source};
use crate::store::{Outcome, StoreError};

/// Sources remembered at once.
const REMEMBERED: usize = 500_000;

impl SqliteWriter {
    /// The source with this id, as it is now.
    pub(super) fn source_told(&mut self, id: &Id) -> Result<Option<Told>, StoreError> {
        if let Some(told) = self.sources.get(id) {
            return Ok(Some(told.clone()));
        }
        let Some(n) = self.source_number(id)? else { return Ok(None) };
        let told = self.told(n, id)?;
        self.remember_source(&told);
        Ok(Some(told))
    }

    fn source_number(&self, id: &Id) -> Result<Option<i64>, StoreError> {
        if self.last_source == 0 {
            return Ok(None);
        }
        let mut query = self.statement(include_str!("../../../queries/sqlite/source_by_id.sql"))?;
        query.query_row([id.as_str()], |row| row.get(0)).optional().map_err(|why| self.err(why))
    }

    fn told(&self, n: i64, id: &Id) -> Result<Told, StoreError> {
        let mut query = self.statement(include_str!("../../../queries/sqlite/source_now.sql"))?;
        let now = query.query_row([n], |row| Ok((rows::date(row, 1)?, row.get(2)?)));
        let (date, protected) = now.map_err(|why| self.err(why))?;
        Ok(Told { n, date, protected, id: id.clone() })
    }

    fn remember_source(&mut self, told: &Told) {
        if self.sources.len() >= REMEMBERED {
            self.sources.clear();
        }
        self.sources.insert(told.id.clone(), told.clone());
    }

    pub(super) fn put_source(&mut self, source: &Source) -> Result<Outcome, StoreError> {
        let (n, words) = match self.source_number(&source.id)? {
            Some(n) => (n, self.source_words(n)?),
            None => (self.last_source + 1, Vec::new()),
        };
        if words.last().is_some_and(|(_, last)| last == source) {
            return Ok(Outcome::Unchanged);
        }
        let last_word = words.last().map_or(0, |(word, _)| *word);
        self.add_source(n, last_word + 1, source)?;
        if words.last().is_some_and(|(_, last)| last.protected != source.protected) {
            self.reseal(n, source, &words)?;
        }
        self.last_source = self.last_source.max(n);
        self.remember_source(&Told {
            n,
            date: source.date,
            protected: source.protected,
            id: source.id.clone(),
        });
        Ok(if words.is_empty() { Outcome::Added } else { Outcome::Updated })
    }

    /// Every word ever said of a source, earliest first, with its number.
    fn source_words(&self, n: i64) -> Result<Vec<(i64, Source)>, StoreError> {
        let mut query = self.statement(include_str!("../../../queries/sqlite/source_words.sql"))?;
        let words = query.query_map([n], |row| Ok((row.get(1)?, rows::source(row)?)));
        words.and_then(Iterator::collect).map_err(|why| self.err(why))
    }

    fn add_source(&mut self, n: i64, word: i64, source: &Source) -> Result<(), StoreError> {
        let props = (!source.props.is_empty()).then(|| rows::props_text(&source.props));
        let open = |text: Option<String>| text.filter(|_| !source.protected);
        let summands = self.canon.source(source);
        let row = (
            n,
            word,
            open(Some(source.id.to_string())),
            source.channel as u8,
            open(source.title.clone()),
            source.date.map(Date::packed),
            source.reliability as u8,
            &source.unit,
            source.handling as u8,
            source.protected,
            open(source.locator.clone()),
            open(props.clone()),
            self.number as i64,
            summands.stored(self.number).to_be_bytes(),
        );
        self.run(include_str!("../../../queries/sqlite/source_add.sql"), row)?;
        if source.protected {
            let row = (n, word, source.id.as_str(), &source.title, &source.locator, props);
            self.run(include_str!("../../../queries/sqlite/vault_add.sql"), row)?;
        }
        self.digest.part(Part::Sources).add(summands);
        Ok(())
    }
}
