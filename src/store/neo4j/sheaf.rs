//! Sheaves: what a walk and a score ask of an entity, packed into few rows of the server.
//!
//! Each change writes one for every entity of which it says something: what it says of it, and each claim that it makes
//! of a tie of its, in full and with who the other end is, and which earlier claims it beats. So a frontier is a row or
//! two a node, not a row a claim with a property looked up for each cell of it. A sheaf is never altered; those of an
//! entity up to a change, in order, are what a view sees. Facts and claims carry the hashes of their rows.
//!
//! The text is numbers in decimal and texts behind their length in bytes, each ended by a space; `-` where there is none.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry as Place;
use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::cells::Unreadable;
use crate::model::{Credibility, Date, Decision, Id, Kind, Layer, Props, Status, Table, TieType, Values};
use crate::store::sqlite::links::Entry;
use crate::store::sqlite::replica::FactRow;
use crate::store::sqlite::rows;
use crate::store::sqlite::ties::ClaimRow;

type Read<T> = Result<T, Unreadable>;

/// What comes next in a text of ties: a claim, or the end of one that stood before.
const CLAIM: i64 = 1;
const BEATEN: i64 = 2;

/// What comes next in a text of ties.
enum Item {
    Claim,
    /// A claim of an earlier change, and since when it is beaten.
    Beaten(i64, i64),
}

/// Writes a text.
#[derive(Default)]
pub(super) struct Pen(String);

impl Pen {
    fn number(&mut self, number: impl Into<i64>) {
        // Writing to a text cannot fail.
        let _ = write!(self.0, "{} ", number.into());
    }

    fn maybe(&mut self, number: Option<impl Into<i64>>) {
        match number {
            Some(number) => self.number(number),
            None => self.0.push_str("- "),
        }
    }

    fn text(&mut self, text: &str) {
        let _ = write!(self.0, "{} {text} ", text.len());
    }

    fn some(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.push_str("- "),
        }
    }

    fn day(&mut self, day: Option<Date>) {
        self.maybe(day.map(Date::packed));
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.0)
    }

    /// Whose sheaf it is.
    pub fn head(&mut self, id: &str, kind: Kind) {
        self.text(id);
        self.number(kind as u8);
    }

    /// A claim of a tie, from one of its ends; `far` is the other end's id and kind.
    pub fn claim(&mut self, numbers: (i64, i64), claim: &ClaimRow, outward: bool, far: (&str, Kind)) {
        let (n, tie) = numbers;
        self.number(CLAIM);
        self.number(if outward { claim.to } else { claim.from });
        self.head(far.0, far.1);
        self.number(outward);
        self.number(claim.ty as u8);
        self.number(claim.layer as u8);
        self.number(tie);
        self.number(n);
        self.maybe(claim.source);
        self.day(claim.known);
        self.maybe(claim.beaten);
        self.day(claim.start);
        let mut body = Self::default();
        body.body(claim);
        self.text(&body.0);
    }

    fn body(&mut self, claim: &ClaimRow) {
        let Values { end, count, amount, currency, share, decision, note, props } = &claim.values;
        self.number(claim.change as i64);
        self.number(claim.status as u8);
        self.maybe(claim.credibility.map(|grade| grade as u8));
        self.some(claim.other.as_deref());
        self.some(claim.role.as_deref());
        self.text(claim.row.as_str());
        self.day(*end);
        self.maybe(*count);
        self.some(amount.map(|amount| amount.to_string()).as_deref());
        self.some(currency.as_deref());
        self.some(share.map(|share| share.to_string()).as_deref());
        self.maybe(decision.map(|decision| decision as u8));
        self.some(note.as_deref());
        self.some((!props.is_empty()).then(|| rows::props_text(props)).as_deref());
        self.text(&format!("{:032x}", claim.hash));
    }

    /// A claim of an earlier change is beaten since a day.
    pub fn beaten(&mut self, claim: i64, since: i64) {
        self.number(BEATEN);
        self.number(claim);
        self.number(since);
    }

    /// What is said of an entity, each with the hash of what it says; first by whom it is listed as an official, which is
    /// asked of many.
    pub fn told(&mut self, facts: &[(FactRow, u128)]) {
        let listed = facts.iter().filter(|(fact, _)| fact.table == Table::Officials);
        self.number(listed.clone().count() as i64);
        for (fact, _) in listed {
            self.maybe(fact.source);
            self.day(fact.known);
        }
        facts.iter().for_each(|(fact, hash)| self.fact(fact, *hash));
    }

    fn fact(&mut self, fact: &FactRow, hash: u128) {
        self.number(fact.place);
        self.number(fact.table as u8);
        self.text(&rows::props_text(&fact.props));
        self.maybe(fact.source);
        self.day(fact.known);
        self.number(fact.change as i64);
        self.text(&format!("{hash:032x}"));
    }
}

/// Reads a text. What does not fit is damage.
struct Eye<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Eye<'t> {
    fn of(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    fn is_done(&self) -> bool {
        self.at >= self.text.len()
    }

    fn unlike(&self) -> Unreadable {
        Unreadable(format!("a sheaf does not go on at {}", self.at))
    }

    /// Up to the next space.
    fn word(&mut self) -> Read<&'t str> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(|byte| byte == b' ').ok_or_else(|| self.unlike())?;
        self.at += end + 1;
        rest.get(..end).ok_or_else(|| self.unlike())
    }

    fn maybe(&mut self) -> Read<Option<i64>> {
        match self.word()? {
            "-" => Ok(None),
            word => word.parse().map(Some).map_err(|_| self.unlike()),
        }
    }

    fn number(&mut self) -> Read<i64> {
        self.maybe()?.ok_or_else(|| self.unlike())
    }

    fn some(&mut self) -> Read<Option<&'t str>> {
        let Some(length) = self.maybe()? else { return Ok(None) };
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let text = end.and_then(|end| self.text.get(self.at..end)).ok_or_else(|| self.unlike())?;
        self.at += text.len() + 1;
        Ok(Some(text))
    }

    fn text(&mut self) -> Read<&'t str> {
        self.some()?.ok_or_else(|| self.unlike())
    }

    fn day(&mut self) -> Read<Option<Date>> {
        let Some(packed) = self.maybe()? else { return Ok(None) };
        let day = u32::try_from(packed).ok().and_then(Date::from_packed);
        day.map(Some).ok_or_else(|| self.unlike())
    }

    fn of_all<T: Copy>(&mut self, all: &[T]) -> Read<T> {
        let place = self.number()?;
        rows::word(all, place).map_err(|_| self.unlike())
    }

    fn hash(&mut self) -> Read<u128> {
        u128::from_str_radix(self.text()?, 16).map_err(|_| self.unlike())
    }

    fn props(&mut self) -> Read<Props> {
        self.some()?.map_or_else(
            || Ok(Props::new()),
            |text| serde_json::from_str(text).map_err(|why| Unreadable(why.to_string())),
        )
    }

    fn listed(&mut self) -> Read<Vec<Listed>> {
        let count = self.number()?;
        (0..count).map(|_| Ok((self.maybe()?, self.day()?))).collect()
    }

    /// What comes next in a text of ties; of a claim only that one does.
    fn item(&mut self) -> Read<Option<Item>> {
        if self.is_done() {
            return Ok(None);
        }
        match self.number()? {
            CLAIM => Ok(Some(Item::Claim)),
            BEATEN => Ok(Some(Item::Beaten(self.number()?, self.number()?))),
            _ => Err(self.unlike()),
        }
    }

    /// Whose sheaf it is.
    fn head(&mut self) -> Read<(&'t str, Kind)> {
        Ok((self.text()?, self.of_all(Kind::ALL)?))
    }

    /// Who is at the other end of a claim's tie.
    fn far(&mut self) -> Read<(i64, &'t str, Kind)> {
        Ok((self.number()?, self.text()?, self.of_all(Kind::ALL)?))
    }

    fn amount<T: std::str::FromStr>(&mut self) -> Read<Option<T>> {
        self.some()?.map(str::parse::<T>).transpose().map_err(|_| self.unlike())
    }
}

/// A claim of a tie of the entity's, as a walk asks it.
pub(super) struct Tied {
    pub entry: Entry,
    pub claim: i64,
    pub outward: bool,
    pub start: Option<Date>,
    /// Which text has the rest of it, and where.
    body: (usize, usize),
}

/// Who an entity is: its id and kind.
pub(super) type Who = (Id, Kind);

/// What the sheaves of one entity say together.
pub(super) struct Sheaf {
    pub who: Who,
    texts: Vec<String>,
    /// In the order of their numbers.
    pub ties: Vec<Tied>,
}

/// Who is at the other ends of ties, by number.
pub(super) type Others = FxHashMap<i64, Who>;

/// Keeps who somebody at the other end is; whoever is called otherwise elsewhere is damage.
pub(super) fn keep(others: &mut Others, far: i64, id: &str, kind: Kind) -> Read<()> {
    match others.entry(far) {
        Place::Vacant(place) => drop(place.insert((Id::from(id), kind))),
        Place::Occupied(known) if known.get().0.as_str() == id && known.get().1 == kind => {}
        Place::Occupied(_) => {
            return Err(Unreadable("somebody is called otherwise in another sheaf".to_owned()));
        }
    }
    Ok(())
}

/// What of a row is the text of ties: the entity, the change, the part, the text.
pub(super) type Part = (i64, i64, i64, String);

/// Puts the texts of one entity in order. The parts of one change are numbered from 0: one in the middle that is lost is
/// told.
fn in_order(parts: &mut [Part]) -> Read<()> {
    parts.sort_unstable_by_key(|(_, change, part, _)| (*change, *part));
    for same in parts.chunk_by(|(_, a, ..), (_, b, ..)| a == b) {
        if !same.iter().map(|(_, _, part, _)| *part).eq(0..same.len() as i64) {
            return Err(Unreadable("a part of a sheaf is lost, or there twice".to_owned()));
        }
    }
    Ok(())
}

/// Looks through the rows of one entity: hands out the text of each claim of a tie that goes out from it, with the claim's
/// number ([`outward`] reads one), and which claims were beaten, by which change and since when. Gives who it is.
pub(super) fn skim<E: From<Unreadable>>(
    parts: &mut [Part],
    mut claim: impl FnMut(i64, &str) -> Result<(), E>,
    mut beaten: impl FnMut(i64, (i64, i64)),
) -> Result<Who, E> {
    in_order(parts)?;
    let mut who = None;
    for (near, change, _, text) in parts.iter() {
        let mut eye = Eye::of(text, 0);
        let (id, kind) = eye.head()?;
        who.get_or_insert_with(|| (Id::from(id), kind));
        while let Some(item) = eye.item()? {
            match item {
                Item::Beaten(claim, since) => beaten(claim, (*change, since)),
                Item::Claim => {
                    let from = eye.at;
                    let far = eye.far()?.0;
                    let tied = tied(&mut eye, (*near, far), 0)?;
                    if tied.outward {
                        claim(tied.claim, text.get(from..eye.at).ok_or_else(|| eye.unlike())?)?;
                    }
                }
            }
        }
    }
    Ok(who.ok_or_else(nobody)?)
}

fn nobody() -> Unreadable {
    Unreadable("a sheaf of nobody".to_owned())
}

/// A claim that [`skim`] handed out, of a tie that goes out from `near`, with its tie's number.
pub(super) fn outward(near: i64, text: &str) -> Read<(i64, ClaimRow)> {
    let mut eye = Eye::of(text, 0);
    let far = eye.far()?.0;
    let tied = tied(&mut eye, (near, far), 0)?;
    Ok((tied.entry.tie, full(&mut Eye::of(text, tied.body.1), &tied)?))
}

impl Sheaf {
    /// Of the rows of one entity; who is at the other ends is put beside what is known of others.
    pub fn read(mut parts: Vec<Part>, others: &mut Others) -> Read<Self> {
        in_order(&mut parts)?;
        let near = parts.first().map_or(0, |(of, ..)| *of);
        let texts: Vec<String> = parts.into_iter().map(|(.., text)| text).collect();
        let (mut who, mut ties) = (None, Vec::new());
        let mut beaten: BTreeMap<i64, i64> = BTreeMap::new();
        for (place, text) in texts.iter().enumerate() {
            let mut eye = Eye::of(text, 0);
            let (id, kind) = eye.head()?;
            who.get_or_insert((Id::from(id), kind));
            while let Some(item) = eye.item()? {
                match item {
                    Item::Beaten(claim, since) => drop(beaten.insert(claim, since)),
                    Item::Claim => {
                        let (far, id, kind) = eye.far()?;
                        keep(others, far, id, kind)?;
                        ties.push(tied(&mut eye, (near, far), place)?);
                    }
                }
            }
        }
        for tied in &mut ties {
            tied.entry.beaten = beaten.get(&tied.claim).copied().or(tied.entry.beaten);
        }
        ties.sort_by_key(|tied| tied.claim);
        let who = who.ok_or_else(nobody)?;
        Ok(Self { who, texts, ties })
    }

    /// A claim in full.
    pub fn claim(&self, n: i64) -> Option<Read<ClaimRow>> {
        let at = self.ties.binary_search_by_key(&n, |tied| tied.claim).ok()?;
        let tied = self.ties.get(at)?;
        let text = self.texts.get(tied.body.0)?;
        Some(full(&mut Eye::of(text, tied.body.1), tied))
    }
}

fn tied(eye: &mut Eye<'_>, ends: (i64, i64), place: usize) -> Read<Tied> {
    let outward = eye.number()? == 1;
    let (ty, layer) = (eye.of_all(TieType::ALL)?, eye.of_all(Layer::ALL)?);
    let (tie, claim) = (eye.number()?, eye.number()?);
    let (source, known, beaten, start) = (eye.maybe()?, eye.day()?, eye.maybe()?, eye.day()?);
    let body = eye.text()?;
    let body = (place, eye.at - body.len() - 1);
    let entry = Entry { ends, ty, layer, tie, source, known, beaten };
    Ok(Tied { entry, claim, outward, start, body })
}

fn full(eye: &mut Eye<'_>, tied: &Tied) -> Read<ClaimRow> {
    let some = |text: Option<&str>| text.map(str::to_owned);
    let Entry { ends: (near, far), ty, layer, source, known, beaten, .. } = tied.entry;
    let (from, to) = if tied.outward { (near, far) } else { (far, near) };
    let change = eye.number()? as u64;
    let status = eye.of_all(Status::ALL)?;
    let word = |place: Option<i64>| place.map(|place| rows::word(Credibility::ALL, place)).transpose();
    let credibility = word(eye.maybe()?).map_err(|_| eye.unlike())?;
    let (other, role) = (some(eye.some()?), some(eye.some()?));
    let row = Id::from(eye.text()?);
    let end = eye.day()?;
    let count = eye.maybe()?.map(u32::try_from).transpose().map_err(|_| eye.unlike())?;
    let (amount, currency, share) = (eye.amount()?, some(eye.some()?), eye.amount()?);
    let word = |place: Option<i64>| place.map(|place| rows::word(Decision::ALL, place)).transpose();
    let decision = word(eye.maybe()?).map_err(|_| eye.unlike())?;
    let (note, props) = (some(eye.some()?), eye.props()?);
    let values = Values { end, count, amount, currency, share, decision, note, props };
    let hash = eye.hash()?;
    let start = tied.start;
    Ok(ClaimRow {
        ty,
        layer,
        from,
        to,
        start,
        source,
        known,
        change,
        beaten,
        status,
        credibility,
        other,
        role,
        row,
        values,
        hash,
    })
}

/// By which source somebody stands among the officials, and since when that is known.
pub(super) type Listed = (Option<i64>, Option<Date>);

/// Where a text says that its entity stands among the officials.
pub(super) fn listed(text: &str) -> Read<Vec<Listed>> {
    let mut eye = Eye::of(text, 0);
    eye.head()?;
    eye.listed()
}

/// What a text says of an entity, each fact with its hash.
pub(super) fn facts(of: i64, text: &str) -> Read<(Who, Vec<(FactRow, u128)>)> {
    let mut eye = Eye::of(text, 0);
    let (id, kind) = eye.head()?;
    let who = (Id::from(id), kind);
    eye.listed()?;
    let mut facts = Vec::new();
    while !eye.is_done() {
        let (place, table) = (eye.number()?, eye.of_all(Table::ALL)?);
        let (props, source, known) = (eye.props()?, eye.maybe()?, eye.day()?);
        let change = eye.number()? as u64;
        facts.push((FactRow { entity: of, place, table, props, source, known, change }, eye.hash()?));
    }
    Ok((who, facts))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::store::neo4j) fn claim(row: &str, note: &str) -> ClaimRow {
        ClaimRow {
            ty: TieType::Payment,
            layer: TieType::Payment.layer(Kind::Gang),
            from: 3,
            to: 7,
            start: "2019-04".parse().ok(),
            source: Some(2),
            known: None,
            change: 1,
            beaten: None,
            status: Status::ALL[0],
            credibility: None,
            other: None,
            role: Some("a b".to_owned()),
            row: Id::from(row),
            values: Values { note: Some(note.to_owned()), amount: "1.50".parse().ok(), ..Values::default() },
            hash: 5,
        }
    }

    fn text(write: impl FnOnce(&mut Pen)) -> String {
        let mut pen = Pen::default();
        pen.head("p3", Kind::Person);
        write(&mut pen);
        pen.take()
    }

    #[test]
    fn what_is_packed_is_what_is_read_whatever_it_says() {
        let first =
            text(|pen| pen.claim((9, 9), &claim("r 1", "12 朱 - \u{1f}\n"), true, ("g 7", Kind::Gang)));
        let later = text(|pen| {
            let inward = ClaimRow { from: 7, to: 3, ..claim("r2", "") };
            pen.claim((11, 9), &inward, false, ("g 7", Kind::Gang));
            pen.beaten(9, 4_000);
        });
        let rows = vec![(3, 2, 0, later), (3, 1, 0, first)];
        let mut others = Others::default();
        let sheaf = Sheaf::read(rows, &mut others).unwrap();
        assert_eq!(sheaf.who, (Id::from("p3"), Kind::Person));
        let beaten: Vec<_> = sheaf.ties.iter().map(|tied| (tied.claim, tied.entry.beaten)).collect();
        assert_eq!(beaten, [(9, Some(4_000)), (11, None)]);
        let full = sheaf.claim(9).unwrap().unwrap();
        assert_eq!((full.from, full.to, full.row.as_str()), (3, 7, "r 1"));
        assert_eq!(full.values.note.as_deref(), Some("12 朱 - \u{1f}\n"));
        assert_eq!((full.start, full.values.amount), ("2019-04".parse().ok(), "1.50".parse().ok()));
        assert_eq!(full.hash, 5);
        assert_eq!(others, Others::from_iter([(7, (Id::from("g 7"), Kind::Gang))]));
        assert!(sheaf.claim(10).is_none());
    }

    #[test]
    fn a_claim_that_goes_out_is_handed_out_once_and_reads_as_it_was_written() {
        let far = ("g 7", Kind::Gang);
        let first = text(|pen| {
            pen.claim((9, 8), &claim("r 1", "12 朱 - \u{1f}\n"), true, far);
            pen.claim((10, 10), &ClaimRow { from: 7, to: 3, ..claim("r2", "") }, false, far);
        });
        let later = text(|pen| {
            pen.beaten(9, 4_000);
            pen.claim((11, 11), &claim("r3", ""), true, far);
        });
        let (mut claims, mut beaten) = (Vec::new(), Vec::new());
        let take = |n: i64, text: &str| {
            claims.push((n, outward(3, text)?));
            Ok::<_, Unreadable>(())
        };
        let mut parts = [(3, 2, 0, later.clone()), (3, 1, 0, first.clone())];
        let who = skim(&mut parts, take, |claim, since| beaten.push((claim, since))).unwrap();
        assert_eq!(who, (Id::from("p3"), Kind::Person));
        assert_eq!(beaten, [(9, (2, 4_000))]);
        let told: Vec<_> =
            claims.iter().map(|(n, (tie, row))| (*n, *tie, row.from, row.to, row.row.as_str())).collect();
        assert_eq!(told, [(9, 8, 3, 7, "r 1"), (11, 11, 3, 7, "r3")]);
        assert_eq!(claims[0].1.1.values.note.as_deref(), Some("12 朱 - \u{1f}\n"));
        // A text that is cut, or one whose beginning is lost, is damage.
        let cut = |parts: &mut [Part]| skim(parts, |_, _| Ok::<_, Unreadable>(()), |_, _| ()).is_err();
        assert!(cut(&mut [(3, 1, 0, first[..first.len() - 2].to_owned())]));
        assert!(cut(&mut [(3, 1, 1, first)]) && cut(&mut []));
    }

    #[test]
    fn whoever_has_two_names_is_damage() {
        let mut others = Others::default();
        let mut read = |row: &str, far: (&str, Kind)| {
            let text = text(|pen| pen.claim((9, 9), &claim(row, ""), true, far));
            Sheaf::read(vec![(3, 1, 0, text)], &mut others).is_ok()
        };
        assert!(read("r1", ("g7", Kind::Gang)) && read("r2", ("g7", Kind::Gang)));
        assert!(!read("r3", ("g8", Kind::Gang)) && !read("r4", ("g7", Kind::Company)));
    }

    #[test]
    fn a_text_that_is_cut_or_foreign_is_damage() {
        let whole = text(|pen| pen.claim((9, 9), &claim("r1", "朱"), true, ("g7", Kind::Gang)));
        let read = |text: &str| {
            let sheaf = Sheaf::read(vec![(3, 1, 0, text.to_owned())], &mut Others::default())?;
            sheaf.claim(9).ok_or_else(|| Unreadable("none".to_owned()))?.map(drop)
        };
        assert!(read(&whole).is_ok());
        for end in (0..whole.len() - 2).filter(|end| whole.is_char_boundary(*end)) {
            assert!(read(&whole[..end]).is_err(), "cut at {end}");
        }
        for strange in ["", " ", "9 x 1 ", "-1 x 1 ", "99999999999999999999 ", "2 p3 9999 "] {
            assert!(read(strange).is_err(), "{strange}");
        }
    }
}
