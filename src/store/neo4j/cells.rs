//! Rows as the server gives them, one list a row, and what they say. What cannot be read is damage, never a guess.

use neo4rs::Row;
use serde::Deserialize;

use crate::model::{
    Channel, Credibility, Date, Decision, Handling, Id, Kind, Layer, Props, Reliability, Source, Status,
    Table, TieType, Values,
};
use crate::store::sqlite::replica::{FactRow, SourceRow, StepRow, VaultRow};
use crate::store::sqlite::ties::ClaimRow;

/// A row cannot be what the program wrote.
#[derive(Debug, thiserror::Error)]
#[error("a record of the server cannot be read: {0}")]
pub(super) struct Unreadable(pub String);

type Read<T> = Result<T, Unreadable>;

/// The one column of a row.
pub(super) fn cells<'r, T: Deserialize<'r>>(row: &'r Row) -> Read<T> {
    row.get::<T>("r").map_err(|why| Unreadable(why.to_string()))
}

fn word<T>(code: &str, from: impl Fn(&str) -> Option<T>) -> Read<T> {
    from(code).ok_or_else(|| Unreadable(format!("unknown word `{code}`")))
}

fn day(text: Option<&str>) -> Read<Option<Date>> {
    text.map(|text| text.parse().map_err(|_| Unreadable(format!("`{text}` is no date")))).transpose()
}

fn hex(text: &str) -> Read<u128> {
    u128::from_str_radix(text, 16).map_err(|_| Unreadable(format!("`{text}` is no hash")))
}

fn props(text: Option<&str>) -> Read<Props> {
    text.map_or(Ok(Props::new()), |text| {
        serde_json::from_str(text).map_err(|why| Unreadable(why.to_string()))
    })
}

/// Since when a word is beaten as the change `now` left it: its versions are pairs of change and day.
pub(super) fn beaten(versions: &Option<Vec<i64>>, now: u64) -> Option<i64> {
    let pairs = versions.as_deref().unwrap_or_default().chunks_exact(2);
    pairs
        .filter_map(|pair| pair.try_into().ok())
        .filter(|&[change, _]: &[i64; 2]| change <= now as i64)
        .map(|[_, day]| day)
        .next_back()
}

/// What the server knows of the store as a whole.
#[derive(Deserialize)]
pub(super) struct StoreCells(
    pub i64,
    pub i64,
    pub i64,
    pub i64,
    pub i64,
    pub i64,
    pub i64,
    pub Option<String>,
    pub Vec<String>,
);

#[derive(Deserialize)]
struct EntityCells<'r>(i64, &'r str, &'r str);

/// Number, id, kind.
pub(super) fn entity(row: &Row) -> Read<(i64, String, Kind)> {
    let EntityCells(n, id, kind) = cells(row)?;
    Ok((n, id.to_owned(), word(kind, Kind::from_code)?))
}

#[derive(Deserialize)]
struct FactCells<'r>(i64, i64, &'r str, &'r str, Option<i64>, Option<&'r str>, i64, &'r str);

/// A fact, with its hash.
pub(super) fn fact(row: &Row) -> Read<(FactRow, u128)> {
    let FactCells(entity, place, table, said, source, known, change, hash) = cells(row)?;
    let (table, known) = (word(table, Table::from_code)?, day(known)?);
    let change = change as u64;
    Ok((FactRow { entity, place, table, props: props(Some(said))?, source, known, change }, hex(hash)?))
}

#[derive(Deserialize)]
struct ClaimCells<'r>(
    i64,
    i64,
    &'r str,
    i64,
    i64,
    Option<&'r str>,
    Option<i64>,
    Option<&'r str>,
    i64,
    Option<Vec<i64>>,
    &'r str,
    Option<&'r str>,
    Option<&'r str>,
    Option<&'r str>,
    &'r str,
    Option<&'r str>,
    Option<i64>,
    Option<&'r str>,
    Option<&'r str>,
    Option<&'r str>,
    Option<&'r str>,
    Option<&'r str>,
    Option<&'r str>,
    &'r str,
    &'r str,
);

/// A claim with its number and its tie's; its hash is that of what it says, whoever says it.
pub(super) fn claim(row: &Row, now: u64) -> Read<(i64, i64, ClaimRow)> {
    let ClaimCells(
        n,
        tie,
        ty,
        from,
        to,
        start,
        source,
        known,
        change,
        versions,
        status,
        credibility,
        other,
        role,
        id,
        end,
        count,
        amount,
        currency,
        share,
        decision,
        note,
        said,
        layer,
        hash,
    ) = cells(row)?;
    let number = |text: Option<&str>| {
        text.map(|text| text.parse().map_err(|_| Unreadable(format!("`{text}` is no amount")))).transpose()
    };
    let some = |text: Option<&str>| text.map(str::to_owned);
    let values = Values {
        end: day(end)?,
        count: count
            .map(|count| count.try_into().map_err(|_| Unreadable("a count".to_owned())))
            .transpose()?,
        amount: number(amount)?,
        currency: some(currency),
        share: number(share)?,
        decision: decision.map(|code| word(code, Decision::from_code)).transpose()?,
        note: some(note),
        props: props(said)?,
    };
    let row = ClaimRow {
        ty: word(ty, TieType::from_code)?,
        layer: word(layer, Layer::from_code)?,
        from,
        to,
        start: day(start)?,
        source,
        known: day(known)?,
        change: change as u64,
        beaten: beaten(&versions, now),
        status: word(status, Status::from_code)?,
        credibility: credibility.map(|code| word(code, Credibility::from_code)).transpose()?,
        other: some(other),
        role: some(role),
        row: Id::from(id),
        values,
        hash: hex(hash)?,
    };
    Ok((n, tie, row))
}

#[derive(Deserialize)]
struct StepCells<'r>(
    i64,
    &'r str,
    i64,
    &'r str,
    &'r str,
    &'r str,
    Option<i64>,
    Option<&'r str>,
    i64,
    Option<Vec<i64>>,
    &'r str,
);

/// A word of a step, with its hash.
pub(super) fn step(row: &Row, now: u64) -> Read<(StepRow, u128)> {
    let StepCells(n, id, subject, step, date, said, source, known, change, versions, hash) = cells(row)?;
    let date = day(Some(date))?.ok_or_else(|| Unreadable("a step without a day".to_owned()))?;
    let row = StepRow {
        n,
        id: id.to_owned(),
        subject,
        step: step.to_owned(),
        date,
        props: props(Some(said))?,
        source,
        known: day(known)?,
        change: change as u64,
        beaten: beaten(&versions, now),
    };
    Ok((row, hex(hash)?))
}

#[derive(Deserialize)]
struct SourceCells<'r>(
    i64,
    i64,
    Option<&'r str>,
    &'r str,
    Option<&'r str>,
    Option<&'r str>,
    &'r str,
    Option<&'r str>,
    &'r str,
    bool,
    Option<&'r str>,
    Option<&'r str>,
    i64,
);

pub(super) fn source(row: &Row) -> Read<SourceRow> {
    let SourceCells(
        n,
        word_number,
        id,
        channel,
        title,
        date,
        reliability,
        unit,
        handling,
        protected,
        locator,
        said,
        change,
    ) = cells(row)?;
    let some = |text: Option<&str>| text.map(str::to_owned);
    let source = Source {
        id: Id::from(id.unwrap_or_default()),
        channel: word(channel, Channel::from_code)?,
        title: some(title),
        date: day(date)?,
        reliability: word(reliability, Reliability::from_code)?,
        unit: some(unit),
        handling: word(handling, Handling::from_code)?,
        protected,
        locator: some(locator),
        props: props(said)?,
    };
    Ok(SourceRow { n, word: word_number, source, change: change as u64 })
}

#[derive(Deserialize)]
struct VaultCells(i64, i64, String, Option<String>, Option<String>, Option<String>);

pub(super) fn vault(row: &Row) -> Read<VaultRow> {
    let VaultCells(n, word, id, title, locator, props) = cells(row)?;
    Ok(VaultRow { n, word, id, title, locator, props })
}

#[derive(Deserialize)]
pub(super) struct ChangeCells(pub i64, pub String, pub String, pub Option<String>);

/// A change: its number, who, why, and since when its undated facts are known.
pub(super) fn change(row: &Row) -> Read<(u64, String, String, Option<Date>)> {
    let ChangeCells(n, who, why, known) = cells(row)?;
    Ok((n as u64, who, why, day(known.as_deref())?))
}
