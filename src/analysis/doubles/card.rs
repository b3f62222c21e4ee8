//! What tells people apart, and how likely two of them are one.

use std::num::NonZeroU64;

use unicode_normalization::UnicodeNormalization;

use super::short::Short;
use crate::fingerprints::hash;
use crate::model::{Entity, Kind, Message};

/// The weights, as log-odds (stated judgement).
struct Weight;

impl Weight {
    /// Two people of one block are seldom one.
    const PRIOR: f64 = -7.0;
    const NUMBER: f64 = 12.0;
    const OTHER_NUMBER: f64 = -12.0;
    const NAME: f64 = 4.0;
    const OTHER_NAME: f64 = -0.5;
    const BIRTH: f64 = 5.5;
    const YEAR: f64 = 1.0;
    const OTHER_BIRTH: f64 = -6.0;
    const HOME: f64 = 1.5;
    const OTHER_HOME: f64 = -1.5;
    const NEIGHBOUR: f64 = 1.2;
    /// Nobody rings himself or is his own brother.
    const TIED: f64 = -3.0;
}

/// Pairs under this probability are not kept.
pub(super) const LEAST: f64 = 0.3;
/// Larger blocks say nothing (a name that forty have).
pub(super) const MOST_IN_BLOCK: usize = 40;
/// Neighbours with more ties than this are shared by anybody.
const HUB: usize = 80;
/// More shared neighbours than this say no more.
const MOST_SHARED: usize = 4;
/// So many shared neighbours join where nothing firm does.
const FIRM_SHARED: usize = 3;

/// What is on record of a person that tells him from others. A million are held at once, so that what
/// is only asked for equality is kept as a hash, and nearly nobody's card has anything outside itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    names: Names,
    number: Option<Short<22>>,
    birth: Option<Short<14>>,
    home: Option<NonZeroU64>,
}

/// Hashes of names, folded, sorted, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Names {
    One(u64),
    Others(Box<[u64]>),
}

impl Names {
    fn of(mut hashes: Vec<u64>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        match hashes.as_slice() {
            [one] => Self::One(*one),
            _ => Self::Others(hashes.into_boxed_slice()),
        }
    }

    fn all(&self) -> &[u64] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Others(all) => all,
        }
    }
}

/// What two people have to do with one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Met {
    /// Quiet neighbours that both have.
    pub shared: usize,
    /// Whether a tie between them says that they are two.
    pub tied: bool,
}

/// Whether a neighbour that two share says something of them.
pub fn is_quiet(kind: Kind, ties: usize) -> bool {
    ties <= HUB && !matches!(kind, Kind::Agency | Kind::Gang | Kind::Case)
}

impl Card {
    /// The card of somebody with these properties.
    pub fn of<'a>(prop: impl Fn(&str) -> Option<&'a str>) -> Self {
        let own = prop("name").into_iter();
        let others = prop("aliases").unwrap_or("").split(';');
        let folded = own.chain(others).map(fold).filter(|name| !name.is_empty());
        Self {
            names: Names::of(folded.map(|name| hash(&[name.as_bytes()])).collect()),
            number: prop("id_number").map(Short::of),
            birth: prop("birth_date").map(Short::of),
            // 0 is kept free for none.
            home: prop("hometown").and_then(|home| NonZeroU64::new(hash(&[home.as_bytes()]).max(1))),
        }
    }

    /// The card of a person, with the aliases that all his rows give.
    pub fn of_entity(entity: &Entity) -> Self {
        let aliases = entity.aliases().join(";");
        Self::of(|key| match key {
            "aliases" => Some(aliases.as_str()).filter(|aliases| !aliases.is_empty()),
            key => entity.prop(key),
        })
    }

    /// Adds it to bytes that [`Card::read`] reads.
    pub fn write(&self, to: &mut Vec<u8>) {
        let mut text = |text: Option<&[u8]>| {
            // A text is behind its length and one more, so that none at all is 0.
            to.extend(text.map_or(0, |text| text.len() as u32 + 1).to_le_bytes());
            to.extend(text.unwrap_or_default());
        };
        text(self.number().map(str::as_bytes));
        text(self.birth().map(str::as_bytes));
        text(self.home.map(|home| home.get().to_le_bytes()).as_ref().map(<[u8; 8]>::as_slice));
        let names = self.names.all();
        to.extend((names.len() as u32).to_le_bytes());
        names.iter().for_each(|name| to.extend(name.to_le_bytes()));
    }

    /// The card that stands next in bytes, which are taken from them; nothing where these are no cards.
    pub fn read(from: &mut &[u8]) -> Option<Self> {
        let number = words(from)?.map(Short::of);
        let birth = words(from)?.map(Short::of);
        let home = text(from)?.map(|home| home.try_into().map(u64::from_le_bytes)).transpose().ok()?;
        let home = home.and_then(NonZeroU64::new);
        let names = u32::from_le_bytes(*take(from)?);
        let names = (0..names).map(|_| take(from).copied().map(u64::from_le_bytes));
        Some(Self { names: Names::of(names.collect::<Option<Vec<u64>>>()?), number, birth, home })
    }

    /// The keys of the blocks it stands in.
    pub fn blocks(&self) -> impl Iterator<Item = u64> + '_ {
        let key = |what: &str, parts: [&[u8]; 2]| hash(&[what.as_bytes(), parts[0], parts[1]]);
        let birth = self.birth().filter(|date| date.len() == 10);
        let born = birth.zip(self.home);
        let born = born.map(move |(birth, home)| key("birth", [birth.as_bytes(), &home.get().to_le_bytes()]));
        let names = self.names.all().iter().map(move |name| key("name", [&name.to_le_bytes(), b""]));
        let number = self.number().map(move |number| key("number", [number.as_bytes(), b""]));
        names.chain(number).chain(born)
    }

    /// How likely the two are one person.
    pub fn probability(&self, other: &Self, met: Met) -> f64 {
        let (sum, firm) = self.sum(other, met);
        let enough = firm || met.shared >= FIRM_SHARED;
        if enough { 1.0 / (1.0 + libm::exp(-sum)) } else { 0.0 }
    }

    /// Whether any neighbours could make the two likely one.
    pub fn may_be(&self, other: &Self) -> bool {
        self.probability(other, Met { shared: MOST_SHARED, tied: false }) >= LEAST
    }

    /// The log-odds, and whether something firm joins them.
    fn sum(&self, other: &Self, met: Met) -> (f64, bool) {
        let mut sum = Weight::PRIOR;
        let number = self.same_number(other);
        sum += number.map_or(0.0, |same| if same { Weight::NUMBER } else { Weight::OTHER_NUMBER });
        sum += if self.shares_name(other) { Weight::NAME } else { Weight::OTHER_NAME };
        sum += self.birth_weight(other);
        sum += self.same_home(other).map_or(0.0, |same| if same { Weight::HOME } else { Weight::OTHER_HOME });
        sum += Weight::NEIGHBOUR * met.shared.min(MOST_SHARED) as f64;
        sum += if met.tied { Weight::TIED } else { 0.0 };
        (sum, number == Some(true) || self.same_birth(other))
    }

    /// Why they may be one, and why not.
    pub fn why(&self, other: &Self, met: Met) -> Vec<Message> {
        let number = self.same_number(other);
        let number =
            number.map(|same| if same { "umbrella-same-number" } else { "umbrella-same-other-number" });
        let plain = [
            number,
            self.shares_name(other).then_some("umbrella-same-name"),
            self.same_birth(other).then_some("umbrella-same-birth"),
            (self.same_home(other) == Some(true)).then_some("umbrella-same-home"),
        ];
        let mut why: Vec<Message> = plain.into_iter().flatten().map(Message::new).collect();
        if met.shared > 0 {
            why.push(Message::new("umbrella-same-neighbours").count("shared", met.shared));
        }
        if met.tied {
            why.push(Message::new("umbrella-same-tied"));
        }
        why
    }

    fn number(&self) -> Option<&str> {
        self.number.as_ref().map(Short::text)
    }

    fn birth(&self) -> Option<&str> {
        self.birth.as_ref().map(Short::text)
    }

    fn shares_name(&self, other: &Self) -> bool {
        self.names.all().iter().any(|name| other.names.all().binary_search(name).is_ok())
    }

    fn same_number(&self, other: &Self) -> Option<bool> {
        self.number().zip(other.number()).map(|(x, y)| same_number(x, y))
    }

    fn same_birth(&self, other: &Self) -> bool {
        self.birth().is_some_and(|date| date.len() == 10) && self.birth == other.birth
    }

    fn same_home(&self, other: &Self) -> Option<bool> {
        self.home.zip(other.home).map(|(x, y)| x == y)
    }

    fn birth_weight(&self, other: &Self) -> f64 {
        let Some((x, y)) = self.birth().zip(other.birth()) else { return 0.0 };
        let partial = x.get(..4) == y.get(..4) && (x.starts_with(y) || y.starts_with(x));
        if self.same_birth(other) {
            Weight::BIRTH
        } else if partial {
            Weight::YEAR
        } else {
            Weight::OTHER_BIRTH
        }
    }
}

/// Pairs of cards that share a block and may be one person whatever their neighbours say, by place,
/// the lesser first, sorted. Cost: a sort of the keys, a comparison for each pair of a block.
pub(super) fn candidates(cards: &[&Card]) -> Vec<(u32, u32)> {
    let all = (0_u32..).zip(cards);
    let mut keys: Vec<(u64, u32)> =
        all.flat_map(|(at, card)| card.blocks().map(move |key| (key, at))).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut pairs = Vec::new();
    for block in keys.chunk_by(|a, b| a.0 == b.0).filter(|block| block.len() <= MOST_IN_BLOCK) {
        for (place, &(_, a)) in block.iter().enumerate() {
            let others = block.iter().skip(place + 1).map(|&(_, b)| b);
            let may_be = |&b: &u32| cards[a as usize].may_be(cards[b as usize]);
            pairs.extend(others.filter(may_be).map(|b| (a, b)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// So many bytes off the front.
fn take<'b, const N: usize>(from: &mut &'b [u8]) -> Option<&'b [u8; N]> {
    let (first, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(first)
}

/// A text off the front.
fn text<'b>(from: &mut &'b [u8]) -> Option<Option<&'b [u8]>> {
    let Some(length) = u32::from_le_bytes(*take(from)?).checked_sub(1) else { return Some(None) };
    let (text, rest) = from.split_at_checked(length as usize)?;
    *from = rest;
    Some(Some(text))
}

fn words<'b>(from: &mut &'b [u8]) -> Option<Option<&'b str>> {
    text(from)?.map(std::str::from_utf8).transpose().ok()
}

fn fold(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace() && *c != '·').flat_map(char::to_lowercase).collect()
}

/// Whether two numbers are of one person: equal, or one the old form of 15 digits of the other.
fn same_number(x: &str, y: &str) -> bool {
    let old = |long: &str, short: &str| {
        long.len() == 18
            && short.len() == 15
            && long.get(..6) == short.get(..6)
            && long.get(8..17) == short.get(6..15)
    };
    x.eq_ignore_ascii_case(y) || old(x, y) || old(y, x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_new_numbers_of_one_man_agree() {
        assert!(same_number("110101700304001", "110101197003040012"));
        assert!(!same_number("110101700304002", "110101197003040012"));
    }
}
