//! Reading ties: claims in the order of the file, brought together and into the promised order.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row};

use super::canon::{Canon, Head, Said, Summands, Teller};
use super::rows;
use super::view::SqliteView;
use super::words::{Word, beaten, is_current};
use crate::model::{
    Amount, Claim, Credibility, Date, Id, Layer, Level, Nature, Status, Tie, TieType, Values,
};
use crate::store::{StoreError, sort_claims};

/// A row of the claims' table.
pub(in crate::store) struct ClaimRow {
    pub ty: TieType,
    pub layer: Layer,
    pub from: i64,
    pub to: i64,
    pub start: Option<Date>,
    pub source: Option<i64>,
    pub known: Option<Date>,
    pub change: u64,
    pub beaten: Option<i64>,
    pub status: Status,
    pub credibility: Option<Credibility>,
    pub other: Option<String>,
    pub role: Option<String>,
    pub row: Id,
    pub values: Values,
    pub hash: u128,
}

impl ClaimRow {
    /// The row's summands, given its ends' ids and who says it.
    pub fn summands(&self, canon: &mut Canon, from: &str, to: &str, teller: Teller<'_>) -> Summands {
        canon.claim(&self.head(from, to), &self.said(), teller)
    }

    /// The tie it is a claim of, given its ends' ids.
    pub fn head<'a>(&'a self, from: &'a str, to: &'a str) -> Head<'a> {
        Head {
            ty: self.ty,
            other: self.other.as_deref(),
            from,
            to,
            role: self.role.as_deref(),
            start: self.start,
        }
    }

    /// What it says beside its tie.
    pub fn said(&self) -> Said<'_> {
        Said {
            row: self.row.as_str(),
            status: self.status,
            credibility: self.credibility,
            values: &self.values,
            known: self.known,
        }
    }
}

/// A claim that is put into the table, borrowed from where it was worked out.
pub(super) struct NewClaim<'a> {
    pub n: i64,
    pub tie: i64,
    pub head: Head<'a>,
    pub said: Said<'a>,
    pub layer: Layer,
    pub from: i64,
    pub to: i64,
    pub source: Option<i64>,
    pub change: u64,
    pub beaten: Option<i64>,
    pub hash: u128,
}

impl NewClaim<'_> {
    /// Puts it in, in the order of `claim_add.sql`.
    pub fn add(&self, conn: &Connection) -> rusqlite::Result<()> {
        let Said { row, status, credibility, values, known } = &self.said;
        let Values { end, count, amount, currency, share, decision, note, props } = values;
        let columns = rusqlite::params![
            self.n,
            self.tie,
            self.head.ty as u8,
            self.layer as u8,
            self.from,
            self.to,
            self.head.start.map(Date::packed),
            self.source,
            known.map(Date::packed),
            self.change as i64,
            self.beaten,
            *status as u8,
            credibility.map(|credibility| credibility as u8),
            self.head.other,
            self.head.role,
            row,
            end.map(Date::packed),
            count,
            amount.as_ref().map(Amount::to_string),
            currency,
            share.as_ref().map(Amount::to_string),
            decision.map(|decision| decision as u8),
            note,
            (!props.is_empty()).then(|| rows::props_text(props)),
            self.hash.to_be_bytes(),
        ];
        let sql = include_str!("../../../queries/sqlite/claim_add.sql");
        conn.prepare_cached(sql)?.execute(columns).map(|_| ())
    }
}

/// Reads a row of `claims.sql` and its kin.
pub(in crate::store) fn claim_row(row: &Row<'_>) -> rusqlite::Result<ClaimRow> {
    let credibility: Option<i64> = row.get(12)?;
    Ok(ClaimRow {
        ty: rows::word(TieType::ALL, row.get(2)?)?,
        layer: rows::word(Layer::ALL, row.get(3)?)?,
        from: row.get(4)?,
        to: row.get(5)?,
        start: rows::date(row, 6)?,
        source: row.get(7)?,
        known: rows::date(row, 8)?,
        change: row.get::<_, i64>(9)? as u64,
        beaten: row.get(10)?,
        status: rows::word(Status::ALL, row.get(11)?)?,
        credibility: credibility.map(|grade| rows::word(Credibility::ALL, grade)).transpose()?,
        other: row.get(13)?,
        role: row.get(14)?,
        row: Id::from(row.get_ref(15)?.as_str()?),
        values: rows::values(row)?,
        hash: rows::sum(row, 24)?,
    })
}

/// The entities that ties may name. They are added in id order.
pub(in crate::store) struct Ends {
    places: Places,
    /// Ids by position; every entity has one, shown or not.
    ids: Vec<Id>,
}

/// Position in id order by number, and whether the entity is shown.
enum Places {
    /// Of all entities.
    All(Vec<Option<(u32, bool)>>),
    /// Of a few.
    Few(HashMap<i64, (u32, bool)>),
}

impl Ends {
    pub fn all() -> Self {
        Self { places: Places::All(Vec::new()), ids: Vec::new() }
    }

    pub fn sparse() -> Self {
        Self { places: Places::Few(HashMap::new()), ids: Vec::new() }
    }

    pub fn add(&mut self, n: i64, id: Id, shown: Option<&HashSet<i64>>) {
        let place = (self.ids.len() as u32, shown.is_none_or(|shown| shown.contains(&n)));
        match &mut self.places {
            Places::Few(few) => drop(few.insert(n, place)),
            Places::All(all) => {
                let Ok(at) = usize::try_from(n) else { return };
                if all.len() <= at {
                    all.resize(at + 1, None);
                }
                if let Some(slot) = all.get_mut(at) {
                    *slot = Some(place);
                }
            }
        }
        self.ids.push(id);
    }

    fn place(&self, n: i64) -> Option<(u32, bool)> {
        match &self.places {
            Places::Few(few) => few.get(&n).copied(),
            Places::All(all) => usize::try_from(n).ok().and_then(|n| all.get(n)).copied().flatten(),
        }
    }

    /// The position of an entity that is shown.
    fn rank(&self, n: i64) -> Option<u32> {
        self.place(n).filter(|(_, shown)| *shown).map(|(rank, _)| rank)
    }

    /// The id of an entity, shown or not.
    fn id(&self, n: i64) -> Option<&Id> {
        self.at(self.place(n)?.0)
    }

    fn at(&self, rank: u32) -> Option<&Id> {
        self.ids.get(rank as usize)
    }
}

/// A claim on its way into a tie.
struct Piece {
    ty: TieType,
    other: Option<String>,
    role: Option<String>,
    start: Option<Date>,
    claim: Claim,
}

type PieceKey<'a> = (TieType, &'a Option<String>, &'a Option<String>, Option<Date>, Option<&'a Id>);

impl Piece {
    /// Pieces with equal keys (and ends) are claims of one tie.
    fn key(&self) -> PieceKey<'_> {
        let row = (self.ty.nature() == Nature::Event).then_some(&self.claim.row);
        (self.ty, &self.other, &self.role, self.start, row)
    }
}

/// Claims gathered to be handed out as ties.
#[derive(Default)]
pub(in crate::store) struct Gathered {
    /// From, to, and the piece's place.
    order: Vec<(u32, u32, u32)>,
    pieces: Vec<Option<Piece>>,
}

impl Gathered {
    fn push(&mut self, from: u32, to: u32, piece: Piece) {
        self.order.push((from, to, self.pieces.len() as u32));
        self.pieces.push(Some(piece));
    }

    /// Hands out the ties in order.
    pub fn hand_out(mut self, ends: &Ends, each: &mut dyn FnMut(Tie)) {
        self.order.sort_unstable();
        let pieces = &mut self.pieces;
        let mut take = |place: &(u32, u32, u32)| pieces.get_mut(place.2 as usize).and_then(Option::take);
        for pair in self.order.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let Some(&(from, to, _)) = pair.first() else { continue };
            let (Some(from), Some(to)) = (ends.at(from), ends.at(to)) else { continue };
            if let [only] = pair {
                take(only).into_iter().for_each(|piece| each(tie(from, to, piece, Vec::new())));
                continue;
            }
            ties_between(from, to, pair.iter().filter_map(&mut take).collect(), each);
        }
    }
}

fn ties_between(from: &Id, to: &Id, mut pieces: Vec<Piece>, each: &mut dyn FnMut(Tie)) {
    pieces.sort_by(|a, b| a.key().cmp(&b.key()));
    let mut open: Option<Piece> = None;
    let mut claims: Vec<Claim> = Vec::new();
    for piece in pieces {
        if let Some(first) = open.take_if(|first| first.key() != piece.key()) {
            each(tie(from, to, first, std::mem::take(&mut claims)));
        }
        match &open {
            None => open = Some(piece),
            Some(_) => claims.push(piece.claim),
        }
    }
    if let Some(first) = open {
        each(tie(from, to, first, claims));
    }
}

fn tie(from: &Id, to: &Id, first: Piece, mut claims: Vec<Claim>) -> Tie {
    let Piece { ty, other, role, start, claim } = first;
    claims.push(claim);
    sort_claims(&mut claims);
    Tie { ty, other_type: other, from: from.clone(), to: to.clone(), role, start, claims }
}

/// The tie of a claim that is its only one; none where one of its ends is cut.
pub(in crate::store) fn alone(view: &SqliteView, claim: ClaimRow, ends: &Ends) -> Option<Tie> {
    let (from, to) = (ends.at(ends.rank(claim.from)?)?, ends.at(ends.rank(claim.to)?)?);
    Some(tie(from, to, view.piece(claim), Vec::new()))
}

impl SqliteView {
    /// The ends that all ties may name, read once.
    pub(in crate::store) fn known_ends(&self) -> Result<&Ends, StoreError> {
        if let Some(ends) = self.ends.get() {
            return Ok(ends);
        }
        let ends = self.all_ends()?;
        Ok(self.ends.get_or_init(|| ends))
    }

    fn all_ends(&self) -> Result<Ends, StoreError> {
        let shown = self.shown()?;
        let mut ends = Ends::all();
        self.each_row(include_str!("../../../queries/sqlite/entities.sql"), [], |row| {
            let read = || Ok((row.get::<_, i64>(0)?, row.get_ref(1)?.as_str()?));
            let (n, id) = read().map_err(|why| self.err(why))?;
            rows::entity_number(n).ok_or_else(|| self.misnumbered())?;
            ends.add(n, Id::from(id), shown.as_ref());
            Ok(())
        })?;
        Ok(ends)
    }

    pub(in crate::store) fn check_claim(
        &self,
        claim: &ClaimRow,
        ends: &Ends,
    ) -> Result<Summands, StoreError> {
        let (Some(from), Some(to)) = (ends.id(claim.from), ends.id(claim.to)) else {
            return Err(self.damaged("a claim names an entity that is not there"));
        };
        let canon = &mut self.canon.borrow_mut();
        let summands = claim.summands(canon, from.as_str(), to.as_str(), self.teller(claim.source));
        self.check_row(summands, claim.hash, claim.change)?;
        Ok(summands)
    }

    /// A claim that is said to be beaten must be: since when is in no row's hash.
    pub(in crate::store) fn check_beaten(&self, claim: &ClaimRow) -> Result<(), StoreError> {
        if claim.beaten.is_none() {
            return Ok(());
        }
        let mut words: Vec<Word> = Vec::new();
        let sql = include_str!("../../../queries/sqlite/claims_of_row_for_writing.sql");
        self.each_row(sql, [claim.row.as_str()], |row| {
            let word = rows::word_of_row(row).map_err(|why| self.err(why))?.word;
            words.extend((word.source == claim.source).then_some(word));
            Ok(())
        })?;
        let since = beaten(&mut words);
        if words.iter().zip(since).all(|(word, since)| word.beaten == since) {
            return Ok(());
        }
        Err(self.damaged("a claim is beaten by no later one"))
    }

    pub(in crate::store) fn is_shown(&self, claim: &ClaimRow) -> bool {
        is_current(claim.known, claim.beaten, self.as_of) && !self.is_sealed(claim.source)
    }

    /// Adds a claim to be shown, unless one of its ends is cut.
    pub(in crate::store) fn gather(&self, claim: ClaimRow, ends: &Ends, gathered: &mut Gathered) {
        if let (Some(from), Some(to)) = (ends.rank(claim.from), ends.rank(claim.to)) {
            gathered.push(from, to, self.piece(claim));
        }
    }

    fn piece(&self, row: ClaimRow) -> Piece {
        let reliability = self.reliability(row.source);
        let mut values = row.values;
        if self.level < Level::Case {
            values.props = self.cut(values.props);
        }
        let claim = Claim {
            row: row.row,
            voice: self.voice(row.source),
            reliability,
            credibility: row.credibility.unwrap_or_else(|| reliability.into()),
            status: row.status,
            known: row.known,
            values,
            change: row.change,
        };
        Piece { ty: row.ty, other: row.other, role: row.role, start: row.start, claim }
    }
}
