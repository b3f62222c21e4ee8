//! From rows of the file to the model's types. What cannot be read is damage, never a guess.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Result, Row};

use super::canon::{Digest, Sum};
use super::relation::RowWord;
use super::words::Word;
use crate::model::{Channel, Date, Handling, Id, Props, Reliability, Source, TieType, Values};

/// No file has more entities: what is numbered higher is damage, and not a reason to ask for memory.
const MOST_ENTITIES: u32 = 1 << 28;

/// The number of an entity; nothing where none has such a number.
pub(super) fn entity_number(n: i64) -> Option<u32> {
    u32::try_from(n).ok().filter(|&n| n <= MOST_ENTITIES)
}

/// The word of a closed set at a position.
pub(in crate::store) fn word<T: Copy>(all: &[T], position: i64) -> Result<T> {
    let found = usize::try_from(position).ok().and_then(|position| all.get(position));
    found.copied().ok_or(Error::IntegralValueOutOfRange(0, position))
}

pub(in crate::store) fn date(row: &Row<'_>, column: usize) -> Result<Option<Date>> {
    let Some(packed) = row.get::<_, Option<i64>>(column)? else { return Ok(None) };
    let date = u32::try_from(packed).ok().and_then(Date::from_packed);
    date.map(Some).ok_or(Error::IntegralValueOutOfRange(column, packed))
}

pub(in crate::store) fn sum(row: &Row<'_>, column: usize) -> Result<u128> {
    row.get::<_, [u8; 16]>(column).map(u128::from_be_bytes)
}

pub(in crate::store) fn props_text(props: &Props) -> String {
    // A map of texts is always writable.
    serde_json::to_string(props).unwrap_or_default()
}

pub(in crate::store) fn props(row: &Row<'_>, column: usize) -> Result<Props> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|why| Error::FromSqlConversionFailure(column, Type::Text, why.into()))
}

pub(in crate::store) fn props_or_none(row: &Row<'_>, column: usize) -> Result<Props> {
    if row.get_ref(column)? == rusqlite::types::ValueRef::Null {
        Ok(Props::new())
    } else {
        props(row, column)
    }
}

pub(in crate::store) fn digest(conn: &Connection) -> Result<Digest> {
    let mut digest = Digest::default();
    let mut query = conn.prepare(include_str!("../../../queries/sqlite/digest_read.sql"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let part: i64 = row.get(0)?;
        let place = usize::try_from(part).ok().and_then(|part| digest.0.get_mut(part));
        let place = place.ok_or(Error::IntegralValueOutOfRange(0, part))?;
        *place = Sum { rows: row.get::<_, i64>(1)? as u64, open: sum(row, 2)?, whole: sum(row, 3)? };
    }
    Ok(digest)
}

pub(super) fn word_of_fact(row: &Row<'_>) -> Result<Word> {
    Ok(Word {
        n: row.get(0)?,
        source: row.get(2)?,
        known: date(row, 3)?,
        change: row.get::<_, i64>(4)? as u64,
        beaten: None,
        hash: sum(row, 5)?,
    })
}

pub(super) fn word_of_step(row: &Row<'_>) -> Result<Word> {
    Ok(Word {
        n: row.get(0)?,
        source: row.get(1)?,
        known: date(row, 2)?,
        change: row.get::<_, i64>(3)? as u64,
        beaten: row.get(4)?,
        hash: sum(row, 5)?,
    })
}

pub(super) fn word_of_row(row: &Row<'_>) -> Result<RowWord> {
    Ok(RowWord {
        word: Word {
            n: row.get(0)?,
            source: row.get(8)?,
            known: date(row, 9)?,
            change: row.get::<_, i64>(10)? as u64,
            beaten: row.get(11)?,
            hash: sum(row, 12)?,
        },
        tie: row.get(1)?,
        ty: word(TieType::ALL, row.get(2)?)?,
        from: row.get(3)?,
        to: row.get(4)?,
        start: date(row, 5)?,
        other: row.get(6)?,
        role: row.get(7)?,
    })
}

/// A row of `source_words.sql`, or of `sources.sql` (a protected source's id is empty there).
pub(in crate::store) fn source(row: &Row<'_>) -> Result<Source> {
    Ok(Source {
        id: Id::from(row.get::<_, Option<String>>(2)?.unwrap_or_default()),
        channel: word(Channel::ALL, row.get(3)?)?,
        title: row.get(4)?,
        date: date(row, 5)?,
        reliability: word(Reliability::ALL, row.get(6)?)?,
        unit: row.get(7)?,
        handling: word(Handling::ALL, row.get(8)?)?,
        protected: row.get(9)?,
        locator: row.get(10)?,
        props: props_or_none(row, 11)?,
    })
}

/// The values of a claim's row (`claims.sql`: columns 16 to 23).
pub(in crate::store) fn values(row: &Row<'_>) -> Result<Values> {
    let decision: Option<i64> = row.get(21)?;
    Ok(Values {
        end: date(row, 16)?,
        count: row.get(17)?,
        amount: amount(row, 18)?,
        currency: row.get(19)?,
        share: amount(row, 20)?,
        decision: decision.map(|decision| word(crate::model::Decision::ALL, decision)).transpose()?,
        note: row.get(22)?,
        props: props_or_none(row, 23)?,
    })
}

fn amount(row: &Row<'_>, column: usize) -> Result<Option<crate::model::Amount>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    let bad = |why| Error::FromSqlConversionFailure(column, Type::Text, Box::new(why));
    text.parse().map(Some).map_err(bad)
}
