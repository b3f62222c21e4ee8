//! The canonical text of a row, and the sums over it that make the digest.
//!
//! A text names things by their ids, never by numbers of this store, so that two stores that hold
//! the same agree. Each text has an *open* form, which leaves out who a protected source is, and a
//! *whole* form; only sums of open forms are ever printed.

use std::hash::Hasher;
use std::io::Write;

use siphasher::sip128::{Hasher128, SipHasher24};

use crate::model::{Credibility, Date, Id, Kind, Props, Source, Status, Table, TieType, Values};

/// Fixed: the digest guards against rot and mix-ups, not against a forger with write access.
const KEY: (u64, u64) = (0x7061_7261_736f_6c20, 0x6f72_6465_7266_7265);
/// Odd, so that no two change numbers give one stamp.
const STAMP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// Who says something, as the writer and `verify` know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Teller<'a> {
    Nobody,
    Open(&'a str),
    Protected(&'a str),
}

/// What makes a tie, in canonical order.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Head<'a> {
    pub ty: TieType,
    pub other: Option<&'a str>,
    pub from: &'a str,
    pub to: &'a str,
    pub role: Option<&'a str>,
    pub start: Option<Date>,
}

/// What a claim says beside its tie.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Said<'a> {
    pub row: &'a str,
    pub status: Status,
    pub credibility: Option<Credibility>,
    pub values: &'a Values,
    pub known: Option<Date>,
}

/// What a fact says.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct FactText<'a> {
    pub id: &'a str,
    pub kind: Kind,
    pub table: Table,
    pub props: &'a Props,
    pub known: Option<Date>,
}

/// What a step says.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct StepText<'a> {
    pub id: &'a str,
    pub subject: &'a str,
    pub step: &'a str,
    pub date: Date,
    pub props: &'a Props,
    pub known: Option<Date>,
}

/// The two summands of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Summands {
    pub open: u128,
    pub whole: u128,
}

impl Summands {
    /// The row's own hash as it is stored: the open summand, bound to the row's change number.
    pub fn stored(self, change: u64) -> u128 {
        stored(self.open, change)
    }
}

/// The hash of a named value that is no row.
pub(in crate::store) fn of_bytes(name: &str, value: &[u8]) -> u128 {
    let mut hasher = SipHasher24::new_with_keys(KEY.0, KEY.1);
    hasher.write(name.as_bytes());
    hasher.write(&[0]);
    hasher.write(value);
    hasher.finish128().as_u128()
}

fn stored(open: u128, change: u64) -> u128 {
    open.wrapping_add(STAMP.wrapping_mul(u128::from(change)))
}

/// The open summand of a row, from its stored hash.
pub(in crate::store) fn open_summand(stored: u128, change: u64) -> u128 {
    stored.wrapping_sub(STAMP.wrapping_mul(u128::from(change)))
}

/// Writes canonical texts; keeps its buffer from row to row.
#[derive(Debug, Default)]
pub(in crate::store) struct Canon {
    text: Vec<u8>,
}

impl Canon {
    pub fn claim(&mut self, head: &Head<'_>, said: &Said<'_>, teller: Teller<'_>) -> Summands {
        self.begin(b'C');
        self.claim_body(head, said);
        self.told_by(teller)
    }

    pub fn fact(&mut self, fact: &FactText<'_>, teller: Teller<'_>) -> Summands {
        self.begin(b'F');
        self.some(fact.id);
        self.some(fact.kind.code());
        self.some(fact.table.code());
        self.props(fact.props);
        self.date(fact.known);
        self.told_by(teller)
    }

    pub fn step(&mut self, step: &StepText<'_>, teller: Teller<'_>) -> Summands {
        self.begin(b'S');
        self.some(step.id);
        self.some(step.subject);
        self.some(step.step);
        self.date(Some(step.date));
        self.props(step.props);
        self.date(step.known);
        self.told_by(teller)
    }

    pub fn source(&mut self, source: &Source) -> Summands {
        let whole = self.source_text(source, true);
        let open = if source.protected { self.source_text(source, false) } else { whole };
        Summands { open, whole }
    }

    /// The hash of a change's own row; no part of the digest.
    pub fn change(&mut self, n: u64, who: &str, why: &str, known: Option<Date>) -> u128 {
        self.begin(b'H');
        self.text.extend_from_slice(&n.to_le_bytes());
        self.some(who);
        self.some(why);
        self.date(known);
        self.hash()
    }

    fn source_text(&mut self, source: &Source, whole: bool) -> u128 {
        self.begin(b'Q');
        self.some(source.channel.code());
        self.date(source.date);
        self.some(source.reliability.code());
        self.maybe(source.unit.as_deref());
        self.some(source.handling.code());
        self.text.push(u8::from(source.protected));
        if whole {
            self.some(source.id.as_str());
            self.maybe(source.title.as_deref());
            self.maybe(source.locator.as_deref());
            self.props(&source.props);
        }
        self.hash()
    }

    fn claim_body(&mut self, head: &Head<'_>, said: &Said<'_>) {
        self.some(head.ty.code());
        self.maybe(head.other);
        self.some(head.from);
        self.some(head.to);
        self.maybe(head.role);
        self.date(head.start);
        self.some(said.row);
        self.some(said.status.code());
        self.maybe(said.credibility.map(Credibility::code));
        self.date(said.known);
        self.values(said.values);
    }

    fn values(&mut self, values: &Values) {
        self.date(values.end);
        self.shown(values.count);
        self.shown(values.amount);
        self.maybe(values.currency.as_deref());
        self.shown(values.share);
        self.maybe(values.decision.map(crate::model::Decision::code));
        self.maybe(values.note.as_deref());
        self.props(&values.props);
    }

    /// Ends the text with who says it, and hashes it.
    fn told_by(&mut self, teller: Teller<'_>) -> Summands {
        let body = self.text.len();
        self.text.push(match teller {
            Teller::Nobody => 0,
            Teller::Open(_) => 1,
            Teller::Protected(_) => 2,
        });
        if let Teller::Open(id) = teller {
            self.some(id);
        }
        let open = self.hash();
        let Teller::Protected(id) = teller else { return Summands { open, whole: open } };
        self.text.truncate(body + 1);
        self.some(id);
        Summands { open, whole: self.hash() }
    }

    fn begin(&mut self, tag: u8) {
        self.text.clear();
        self.text.push(tag);
    }

    fn some(&mut self, text: &str) {
        self.text.extend_from_slice(&(text.len() as u32).to_le_bytes());
        self.text.extend_from_slice(text.as_bytes());
    }

    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.some(text),
            None => self.text.extend_from_slice(&u32::MAX.to_le_bytes()),
        }
    }

    fn date(&mut self, date: Option<Date>) {
        self.text.extend_from_slice(&date.map_or(0, Date::packed).to_le_bytes());
    }

    fn shown(&mut self, value: Option<impl std::fmt::Display>) {
        let Some(value) = value else { return self.maybe(None) };
        let at = self.text.len();
        self.text.extend_from_slice(&[0; 4]);
        // Writing to a vector cannot fail.
        let _ = write!(self.text, "{value}");
        let length = (self.text.len() - at - 4) as u32;
        if let Some(place) = self.text.get_mut(at..at + 4) {
            place.copy_from_slice(&length.to_le_bytes());
        }
    }

    fn props(&mut self, props: &Props) {
        self.text.extend_from_slice(&(props.len() as u32).to_le_bytes());
        for (name, value) in props {
            self.some(name);
            self.some(value);
        }
    }

    fn hash(&self) -> u128 {
        let mut hasher = SipHasher24::new_with_keys(KEY.0, KEY.1);
        hasher.write(&self.text);
        hasher.finish128().as_u128()
    }
}

/// The parts of the digest, one for each table of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(in crate::store) enum Part {
    Sources,
    Facts,
    Claims,
    Steps,
}

/// How many rows, and the sums of their summands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Sum {
    pub rows: u64,
    pub open: u128,
    pub whole: u128,
}

impl Sum {
    pub fn add(&mut self, row: Summands) {
        self.rows += 1;
        self.open = self.open.wrapping_add(row.open);
        self.whole = self.whole.wrapping_add(row.whole);
    }

    pub fn remove(&mut self, row: Summands) {
        self.rows = self.rows.wrapping_sub(1);
        self.open = self.open.wrapping_sub(row.open);
        self.whole = self.whole.wrapping_sub(row.whole);
    }
}

/// The digest: a sum a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) struct Digest(pub [Sum; 4]);

impl Digest {
    pub fn part(&mut self, part: Part) -> &mut Sum {
        let [sources, facts, claims, steps] = &mut self.0;
        match part {
            Part::Sources => sources,
            Part::Facts => facts,
            Part::Claims => claims,
            Part::Steps => steps,
        }
    }

    pub fn get(&self, part: Part) -> Sum {
        let mut copy = *self;
        *copy.part(part)
    }

    /// The digest that may be printed.
    pub fn printed(&self) -> String {
        let sum = self.0.iter().fold(0u128, |sum, part| sum.wrapping_add(part.open));
        format!("{sum:032x}")
    }
}

/// Ids sorted and each once, for a statement's list parameter.
pub(in crate::store) fn sorted(ids: &[Id]) -> Vec<&Id> {
    let mut ids: Vec<&Id> = ids.iter().collect();
    ids.sort();
    ids.dedup();
    ids
}
