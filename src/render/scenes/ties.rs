//! Ties of a network as ties of a scene: merged where they say the same, labelled, their sources
//! numbered in the order they are first needed.

use std::collections::BTreeMap;

use super::super::scene::{Arrow, At, ClaimRow, Line, SourceRow, Tie};
use super::Basis;
use crate::messages::Catalogue;
use crate::model::view::SourceCard;
use crate::model::{
    Amount, Arg, Credibility, Date, Decision, Layer, Message, Nature, Reliability, Status, TieType, Voice,
};
use crate::network::{ClaimRef, Network, NodeIx, TieIx, TieRef};

/// Ties that are one line: the same ends, type and role.
pub struct Bundle<'n> {
    /// The *from* end.
    pub from: At,
    /// The *to* end.
    pub to: At,
    ties: Vec<TieRef<'n>>,
}

/// The ties as lines between cards, by ends, type and role. Ties inside one card are left out.
pub fn bundles<'n>(
    network: &'n Network,
    ties: impl IntoIterator<Item = TieIx>,
    card: impl Fn(NodeIx) -> Option<At>,
) -> Vec<Bundle<'n>> {
    type Key<'n> = (At, At, TieType, &'n str, Option<&'n str>, bool);
    let mut found: BTreeMap<Key<'n>, Bundle<'n>> = BTreeMap::new();
    for tie in ties.into_iter().map(|tie| network.tie(tie)) {
        let (Some(from), Some(to)) = (card(tie.from()), card(tie.to())) else { continue };
        if from == to {
            continue;
        }
        let (from, to) = if tie.is_directed() { (from, to) } else { (from.min(to), from.max(to)) };
        // A disproved tie is never folded into one that stands.
        let refuted = tie.status() == Status::Refuted;
        let key = (from, to, tie.ty(), tie.type_name(), tie.role(), refuted);
        found.entry(key).or_insert_with(|| Bundle { from, to, ties: vec![] }).ties.push(tie);
    }
    found.into_values().collect()
}

impl<'n> Bundle<'n> {
    /// How many ties it stands for.
    pub fn len(&self) -> usize {
        self.ties.len()
    }

    /// The strongest of its ties: lines are kept by it where there are too many.
    pub fn strength(&self) -> f64 {
        self.ties.iter().map(|tie| tie.strength()).fold(0.0, f64::max)
    }

    fn first(&self) -> TieRef<'n> {
        self.ties[0]
    }

    fn claims(&self) -> impl Iterator<Item = ClaimRef<'n>> + '_ {
        self.ties.iter().flat_map(|tie| tie.claims())
    }

    /// How many independent voices speak for it.
    pub fn voices(&self) -> usize {
        let speaking = self.claims().filter(|claim| claim.status() != Status::Refuted);
        let mut voices: Vec<&Voice> = speaking.map(ClaimRef::voice).collect();
        voices.sort_unstable();
        voices.dedup();
        voices.len()
    }

    /// Its line. An official record is a claim of the best two grades by a wholly reliable source.
    pub fn line(&self) -> Line {
        if self.first().ty() == TieType::Same {
            return Line::Inferred;
        }
        if self.is_folded() {
            let each = self.ties.iter().map(|tie| line_of(*tie));
            return each.max().unwrap_or_default();
        }
        if self.ties.iter().all(|tie| tie.status() == Status::Refuted) {
            return Line::Refuted;
        }
        let confirmed = self.ties.iter().any(|tie| tie.status() == Status::Confirmed);
        let record = |claim: ClaimRef<'_>| {
            claim.reliability() == Reliability::A && claim.credibility() <= Credibility::C2
        };
        let graded = |claim: ClaimRef<'_>| {
            claim.reliability() != Reliability::F && claim.credibility() != Credibility::C6
        };
        if confirmed && (self.voices() >= 2 || self.claims().any(record)) {
            Line::Confirmed
        } else if self.claims().any(graded) {
            Line::Unconfirmed
        } else {
            Line::Tentative
        }
    }

    /// Whether it stands for ties of several: a card of leads is as sure as the least of them.
    fn is_folded(&self) -> bool {
        let ends = |tie: &TieRef<'_>| (tie.from().min(tie.to()), tie.from().max(tie.to()));
        let first = ends(&self.first());
        self.ties.iter().any(|tie| ends(tie) != first)
    }

    /// The best grade among its claims, as `B2`; of several ties folded, the best and the worst.
    fn grade(&self) -> String {
        if self.is_folded() {
            let best =
                |tie: &TieRef<'_>| tie.claims().map(|claim| (claim.reliability(), claim.credibility())).min();
            let mut grades: Vec<_> = self.ties.iter().filter_map(best).collect();
            grades.sort_unstable();
            grades.dedup();
            let ends = [grades.first(), grades.last().filter(|_| grades.len() > 1)];
            let ends = ends.into_iter().flatten().map(|(source, fact)| format!("{source}{fact}"));
            return ends.collect::<Vec<_>>().join("–");
        }
        let best = self.claims().map(|claim| (claim.reliability(), claim.credibility())).min();
        best.map_or_else(String::new, |(source, fact)| format!("{source}{fact}"))
    }

    /// The first and last day known of it.
    fn span(&self) -> (Option<Date>, Option<Date>) {
        let starts = self.ties.iter().filter_map(|tie| tie.start());
        let ends = self.ties.iter().filter_map(|tie| tie.end().or(tie.start()));
        (starts.min_by_key(|date| date.first()), ends.max_by_key(|date| date.last()))
    }

    fn times(&self) -> u64 {
        self.ties.iter().map(|tie| u64::from(tie.count())).sum()
    }
}

/// What a line is called: role or type, what was decided, how much, how often, when.
fn verb(bundle: &Bundle<'_>, words: &Catalogue) -> String {
    let [what, often] = what(bundle, words);
    let parts = [Some(what), money(bundle, words), Some(often), when(bundle)];
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Role or type, what was decided, which share; and how often.
fn what(bundle: &Bundle<'_>, words: &Catalogue) -> [String; 2] {
    let tie = bundle.first();
    let role =
        tie.role().filter(|_| matches!(tie.ty(), TieType::Family | TieType::Associate | TieType::Member));
    let role = role.filter(|role| *role != "other");
    let mut parts = vec![match (tie.ty(), role) {
        (TieType::Member, Some("associate")) => words.text("render-gang-associate"),
        (_, role) => words.word(role.unwrap_or(tie.type_name())),
    }];
    let mut decisions: Vec<_> = bundle.ties.iter().filter_map(|tie| tie.decision()).collect();
    decisions.retain(|decision| *decision != Decision::None);
    decisions.sort();
    decisions.dedup();
    if (1..=3).contains(&decisions.len()) {
        let all: Vec<String> = decisions.iter().map(|decision| words.word(decision.code())).collect();
        parts.push(all.join("/"));
    }
    if let Some(share) = tie.share() {
        parts.push(format!("{share}%"));
    }
    let often = Some(bundle.times()).filter(|times| *times > 1);
    let often = often.map(|times| words.say(&Message::new("render-times").with("count", Arg::Count(times))));
    [parts.join(" "), often.unwrap_or_default()]
}

/// Every claim of a line in full.
pub fn claims(
    bundle: &Bundle<'_>,
    numbers: &Numbers<'_>,
    words: &Catalogue,
    network: &Network,
) -> Vec<ClaimRow> {
    let of_tie = |tie: &TieRef<'_>| -> Vec<ClaimRow> {
        let tie = *tie;
        let one = Bundle { from: bundle.from, to: bundle.to, ties: vec![tie] };
        let says = what(&one, words).join(" ").trim_end().to_owned();
        let row = |claim: ClaimRef<'_>| ClaimRow {
            row: claim.row().to_owned(),
            ends: [tie.from(), tie.to()].map(|node| network.name(node).to_owned()),
            says: says.clone(),
            date: days(tie),
            amount: money(&one, words).unwrap_or_default(),
            grade: format!("{}{}", claim.reliability(), claim.credibility()),
            status: words.status(tie.ty(), claim.status()),
            source: numbers.source(claim.voice(), words),
        };
        tie.claims().map(row).collect()
    };
    bundle.ties.iter().flat_map(of_tie).collect()
}

/// From when until when a tie was.
fn days(tie: TieRef<'_>) -> String {
    let start = tie.start().map_or_else(String::new, |day| day.to_string());
    match tie.end() {
        None => start,
        Some(Date::ONGOING) => format!("{start} –"),
        Some(end) => format!("{start} – {end}"),
    }
}

/// The sum of a bundle in one currency, as far as it is known.
fn money(bundle: &Bundle<'_>, words: &Catalogue) -> Option<String> {
    let currency = bundle.first().currency();
    let same = bundle.ties.iter().filter(|tie| tie.currency() == currency);
    let sum = same.filter_map(|tie| tie.amount()).reduce(|sum, amount| sum + amount)?;
    let amount: Amount = format!("{sum:.2}").parse().ok()?;
    Some(words.money(amount, currency))
}

/// The day of one event; the years of a state or of several events.
fn when(bundle: &Bundle<'_>) -> Option<String> {
    let (first, last) = bundle.span();
    let first = first?;
    if bundle.ties.len() == 1 && bundle.first().ty().nature() == Nature::Event {
        return Some(first.to_string());
    }
    let start = first.year();
    Some(match last {
        Some(Date::ONGOING) => format!("{start}–"),
        Some(last) if last.year() == start => start.to_string(),
        Some(last) if last.year() / 100 == start / 100 => format!("{start}–{:02}", last.year() % 100),
        Some(last) => format!("{start}–{}", last.year()),
        None => start.to_string(),
    })
}

/// Sources that a line cites by number, at most.
const CITED: usize = 3;

/// The sources of a scene, numbered as they come.
pub struct Numbers<'a> {
    cards: BTreeMap<&'a Voice, &'a SourceCard>,
    given: BTreeMap<Voice, usize>,
    rows: Vec<Voice>,
}

impl<'a> Numbers<'a> {
    /// No number given yet.
    pub fn new(basis: &Basis<'a>) -> Self {
        let cards = basis.sources.iter().map(|card| (&card.voice, card)).collect();
        Self { cards, given: BTreeMap::new(), rows: vec![] }
    }

    /// The numbers of the best voices behind a line, in order, and how many voices more there are; only
    /// who is cited gets a number, so that the table holds who is cited and all of them. Nobody has none.
    fn of(&mut self, bundle: &Bundle<'_>) -> (Vec<usize>, usize) {
        let mut best: BTreeMap<&Voice, (Reliability, Credibility)> = BTreeMap::new();
        for claim in bundle.claims().filter(|claim| *claim.voice() != Voice::Nobody) {
            let grade = (claim.reliability(), claim.credibility());
            let own = best.entry(claim.voice()).or_insert(grade);
            *own = grade.min(*own);
        }
        let mut voices: Vec<_> = best.into_iter().collect();
        voices.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(b.0)));
        let more = voices.len().saturating_sub(CITED);
        let mut numbers: Vec<usize> =
            voices.iter().take(CITED).map(|(voice, _)| self.number(voice)).collect();
        numbers.sort_unstable();
        (numbers, more)
    }

    fn number(&mut self, voice: &Voice) -> usize {
        if let Some(&number) = self.given.get(voice) {
            return number;
        }
        self.rows.push(voice.clone());
        self.given.insert(voice.clone(), self.rows.len());
        self.rows.len()
    }

    /// The source table. A protected source is called that and nothing else.
    pub fn table(&self, words: &Catalogue) -> Vec<SourceRow> {
        self.rows.iter().enumerate().map(|(k, voice)| self.row(k + 1, voice, words)).collect()
    }

    /// A source by its title, as far as the reader may know.
    fn source(&self, voice: &Voice, words: &Catalogue) -> String {
        match voice {
            Voice::Nobody => words.text("voice-nobody"),
            Voice::Source(_) | Voice::Protected(_) => self.row(0, voice, words).text,
        }
    }

    fn row(&self, number: usize, voice: &Voice, words: &Catalogue) -> SourceRow {
        let number = number.to_string();
        let Voice::Source(id) = voice else {
            return SourceRow { number, text: words.word("protected"), detail: String::new() };
        };
        let card = self.cards.get(voice);
        let text = card.and_then(|card| card.title.clone()).unwrap_or_else(|| id.to_string());
        let channel = card.map(|card| words.word(card.channel.code()));
        let date = card.and_then(|card| card.date).map(|date| date.to_string());
        let grade = card.map(|card| card.reliability.code().to_owned());
        let detail = [channel, date, grade].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        SourceRow { number, text, detail }
    }
}

/// A line of the scene.
pub fn line(bundle: &Bundle<'_>, numbers: &mut Numbers<'_>, words: &Catalogue) -> Tie {
    let line = bundle.line();
    let (own, more) = if line == Line::Inferred { (vec![], 0) } else { numbers.of(bundle) };
    let shown = own.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
    let shown = if more > 0 { format!("{shown} +{more}") } else { shown };
    let number = match line {
        Line::Inferred => words.text("render-inferred"),
        _ if shown.is_empty() => String::new(),
        _ => words.say(&Message::new("render-number").text("numbers", shown.as_str())),
    };
    let grade = if line == Line::Inferred { String::new() } else { bundle.grade() };
    // What was disproved must not read like a finding.
    let refuted = if line == Line::Refuted { words.text("render-line-refuted") } else { String::new() };
    let parts = [refuted, verb(bundle, words), grade, number.clone()];
    let label = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let first = bundle.first();
    // Where there is no room, what kind of tie it is still says more than a number alone.
    let short = [words.word(first.type_name()), number].into_iter().filter(|part| !part.is_empty());
    let short = short.collect::<Vec<_>>().join(" · ");
    Tie {
        key: format!("{}{}", first.rows().first().unwrap_or(&""), if bundle.len() > 1 { "+" } else { "" }),
        from: bundle.from,
        to: bundle.to,
        line,
        // Many letters are many letters; they do not make what they say more so.
        voices: if first.layer() == Layer::Report { 1 } else { bundle.voices() as u32 },
        arrow: if first.is_directed() { Arrow::Forward } else { Arrow::None },
        label,
        short,
        layer: if line == Line::Inferred { Layer::Identity } else { first.layer() },
        bold: false,
        claims: vec![],
    }
}

/// How sure one tie is.
pub fn line_of(tie: TieRef<'_>) -> Line {
    Bundle { from: At(0), to: At(0), ties: vec![tie] }.line()
}
