//! The one-page brief of a pair, for somebody who has to decide: what may be so and how likely, what
//! speaks for it and against it, the innocent reading, what is missing, what to check first, and
//! the evidence behind each sentence.
//!
//! [`Brief`] is complete and in one language; [`html()`] writes it as a page, the PDF is laid out from
//! the same [`Brief`] by `render`.

mod page;

use std::collections::BTreeSet;

pub(super) use page::STYLE;
pub use page::html;

use super::evidence::{self, EvidenceRow};
use super::likelihood;
use crate::analysis::umbrella::{Factor, Innocent, LeadOutcome, Options, Outcome, Pair};
use crate::messages::Catalogue;
use crate::model::view::SourceCard;
use crate::model::{Arg, Id, Level, Message, Voice};
use crate::network::{Network, NodeIx};

/// How many rows of evidence a brief on paper lists at most, and no more than the page holds; a page on a screen
/// has them all.
pub const ROWS_ON_PAPER: usize = 28;

/// Where a factor stands in an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Where the sum begins, before any evidence.
    Start,
    /// For.
    For,
    /// Against.
    Against,
    /// Shown beside, with no size of its own.
    Context,
}

impl Side {
    /// In the order they are read.
    pub const ALL: [Self; 4] = [Self::For, Self::Against, Self::Start, Self::Context];

    /// The side of a factor.
    pub fn of(factor: &Factor) -> Self {
        match factor.log_odds {
            _ if matches!(factor.factor, "prior" | "calibration" | "ceiling") => Self::Start,
            size if size > 0.0 => Self::For,
            size if size < 0.0 => Self::Against,
            _ => Self::Context,
        }
    }

    /// The key of its heading.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Start => "pair-start",
            Self::For => "pair-for",
            Self::Against => "pair-against",
            Self::Context => "pair-context",
        }
    }
}

/// One sentence with its size and the numbers of its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// `+1.8`.
    pub size: String,
    /// The sentence.
    pub text: String,
    /// The numbers of the rows behind it.
    pub numbers: Vec<usize>,
    /// Whether it rests on something nobody stated.
    pub inferred: bool,
}

/// A brief, complete, in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    /// `zh` or `en`.
    pub lang: &'static str,
    /// Whom it is about.
    pub title: String,
    /// The handling line, top and bottom.
    pub handling: String,
    /// As of which day, how much of the file.
    pub scope: String,
    /// How likely, in words and as a number, and that it is a lead.
    pub verdict: Vec<String>,
    /// Headings and points: for, against, context.
    pub arguments: Vec<(String, Vec<Point>)>,
    /// Heading and sentences: the innocent reading, what is missing, the one check.
    pub notes: Vec<(String, Vec<String>)>,
    /// Heads of the evidence table.
    pub heads: [String; 6],
    /// The evidence, by number: all of it.
    pub evidence: Vec<EvidenceRow>,
    /// What the sources named in it are, in words; empty where nothing is known of them.
    pub sources: String,
    /// What a sheet of paper says instead, which has only the first [`ROWS_ON_PAPER`] rows.
    pub paper: Paper,
    /// What a page that has no room for all rows says, with `{}` for how many.
    pub cut: String,
    /// Program, weights, digest.
    pub footer: String,
}

/// What a sheet of paper says beside its table, which may be shorter than the evidence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paper {
    /// How many rows were left out of the table, in words; empty for none.
    pub more: String,
    /// What the sources of the rows that are left are, in words; empty where nothing is known of them.
    pub sources: String,
}

/// What a brief says beside the pair: the file it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Made<'a> {
    /// The level it is for.
    pub level: Level,
    /// The store's digest.
    pub digest: &'a str,
    /// Its sources.
    pub sources: &'a [SourceCard],
}

/// What stands on paper, where a long table is cut.
fn on_paper(words: &Catalogue, network: &Network, table: &[EvidenceRow], made: Made<'_>) -> Paper {
    let (shown, left_out) = table.split_at(table.len().min(ROWS_ON_PAPER));
    let more = match left_out.len() {
        0 => String::new(),
        count => words.say(&Message::new("brief-more").count("count", count)),
    };
    Paper { more, sources: sources(words, network, shown, made) }
}

/// What the sources of the rows shown are: on paper nobody can look an id up. Of a protected one nothing is told.
fn sources(words: &Catalogue, network: &Network, table: &[EvidenceRow], made: Made<'_>) -> String {
    let of_row = |row: &EvidenceRow| {
        let own = row.row.clone();
        let claims = row.tie.into_iter().flat_map(|tie| network.tie(tie).claims());
        claims.filter(move |claim| claim.row() == own.as_str())
    };
    let claims = table.iter().flat_map(of_row);
    let cited: BTreeSet<&str> = claims
        .filter_map(|claim| match claim.voice() {
            Voice::Source(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let named = made.sources.iter().filter_map(|card| match (&card.voice, &card.title) {
        (Voice::Source(id), Some(title)) if cited.contains(id.as_str()) => {
            let date = card.date.map_or(String::new(), |date| format!(" {}", words.date(date)));
            Some(format!("{id} {title}{date}"))
        }
        _ => None,
    });
    let mut named: Vec<String> = named.collect();
    named.sort();
    if named.is_empty() {
        return String::new();
    }
    words.say(&Message::new("brief-sources").text("sources", named.join(&words.text("list-join"))))
}

/// The brief of a pair.
pub fn pair(words: &Catalogue, network: &Network, outcome: &Outcome, pair: &Pair, made: Made<'_>) -> Brief {
    let table = evidence::table(words, network, &evidence::cited(pair));
    Brief {
        lang: words.lang().tag(),
        title: words.say(
            &Message::new("brief-title").text("official", &pair.official.name).text("gang", &pair.gang.name),
        ),
        handling: words.say(&Message::new("brief-handling").text("level", words.text(level_key(made.level)))),
        scope: scope(words, network),
        verdict: verdict(words, outcome, pair),
        arguments: arguments(words, pair, &table),
        notes: notes(words, pair),
        heads: ["head-number", "head-row", "head-says", "head-grade", "head-source", "head-known"]
            .map(|key| words.text(key)),
        sources: sources(words, network, &table, made),
        paper: on_paper(words, network, &table, made),
        evidence: table,
        cut: words.text("brief-cut"),
        footer: footer(words, &outcome.weights, made),
    }
}

/// The brief of a lead: what it says, whom it names, what it would mean for which pair, and what
/// happened to it.
pub fn lead(
    words: &Catalogue,
    network: &Network,
    lead: NodeIx,
    outcome: &LeadOutcome,
    options: &Options,
    made: Made<'_>,
) -> Brief {
    let evidence = evidence::of_lead(words, network, lead, &rows_of_lead(outcome));
    Brief {
        lang: words.lang().tag(),
        title: words.say(&Message::new("brief-lead-title").text("lead", network.id(lead))),
        handling: words.say(&Message::new("brief-handling").text("level", words.text(level_key(made.level)))),
        scope: scope(words, network),
        verdict: lead_verdict(words, network, lead, outcome),
        arguments: argued(outcome).map(|pair| lead_pair(words, pair, &evidence)).collect(),
        notes: lead_notes(words, network, lead, outcome),
        heads: ["head-number", "head-row", "head-says", "head-grade", "head-source", "head-known"]
            .map(|key| words.text(key)),
        sources: sources(words, network, &evidence, made),
        paper: on_paper(words, network, &evidence, made),
        evidence,
        cut: words.text("brief-cut"),
        footer: footer(words, &options.weights.digest(), made),
    }
}

/// How many pairs a lead's brief argues.
const LEAD_PAIRS: usize = 2;

/// The pairs that a lead's brief argues.
fn argued(outcome: &LeadOutcome) -> impl Iterator<Item = &Pair> {
    outcome.pairs.iter().take(LEAD_PAIRS)
}

/// The factors of a pair that a lead's brief tells of: those that count.
fn counted(pair: &Pair) -> impl Iterator<Item = &Factor> {
    pair.factors.iter().filter(|factor| factor.log_odds != 0.0)
}

/// The rows that the brief of a lead cites beside the lead's own.
pub fn rows_of_lead(outcome: &LeadOutcome) -> Vec<Id> {
    evidence::rows_behind(argued(outcome).flat_map(counted).map(shown))
}

/// The rows that stand behind a factor, or where none does, those shown beside it.
fn shown(factor: &Factor) -> &[Id] {
    if factor.evidence.is_empty() { &factor.context } else { &factor.evidence }
}

fn lead_verdict(words: &Catalogue, network: &Network, lead: NodeIx, outcome: &LeadOutcome) -> Vec<String> {
    let prop = |name| network.prop(lead, name).unwrap_or_default();
    let received = Message::new("brief-lead-received")
        .text("received", prop("received"))
        .text("channel", words.word(prop("channel")))
        .text("status", if prop("status").is_empty() { "–".to_owned() } else { words.word(prop("status")) });
    let priority = Message::new("brief-lead-priority").text("priority", likelihood::score(outcome.priority));
    vec![
        words.say(&priority),
        words.say(&received),
        words.say(&Message::new("brief-lead-says").text("text", network.name(lead))),
        words.text("pair-lead-only"),
    ]
}

fn lead_pair(words: &Catalogue, pair: &Pair, table: &[EvidenceRow]) -> (String, Vec<Point>) {
    let heading = Message::new("brief-lead-pair")
        .text("official", &pair.official.name)
        .text("gang", &pair.gang.name)
        .text("likelihood", words.text(likelihood::key(pair.score)))
        .text("score", likelihood::score(pair.score));
    (words.say(&heading), counted(pair).map(|factor| point(words, factor, table)).collect())
}

fn lead_notes(
    words: &Catalogue,
    network: &Network,
    lead: NodeIx,
    outcome: &LeadOutcome,
) -> Vec<(String, Vec<String>)> {
    let check = outcome.pairs.first().map(|pair| words.say(&pair.check));
    let steps = network.steps_of(lead).iter().map(|step| format!("{} {}", step.date, words.word(&step.step)));
    let missing = argued(outcome).flat_map(|pair| &pair.missing).map(|missing| words.say(missing));
    let notes = [
        ("pair-innocent", once(argued(outcome).flat_map(|pair| innocent(words, pair)))),
        ("pair-missing", once(missing)),
        ("pair-check", check.into_iter().collect()),
        ("brief-problems", outcome.problems.iter().map(|problem| words.say(problem)).collect()),
        ("brief-steps", steps.collect()),
    ];
    let filled = notes.into_iter().filter(|(_, sentences)| !sentences.is_empty());
    filled.map(|(key, sentences)| (words.text(key), sentences)).collect()
}

/// Sentences, each once: two pairs of a gang have much in common.
fn once(sentences: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    sentences.filter(|sentence| seen.insert(sentence.clone())).collect()
}

/// The key of a level's words.
pub fn level_key(level: Level) -> &'static str {
    match level {
        Level::Public => "level-public",
        Level::Briefing => "level-briefing",
        Level::Case => "level-case",
        Level::Handler => "level-handler",
    }
}

/// As of which day, over how much.
pub fn scope(words: &Catalogue, network: &Network) -> String {
    let extent = network.extent();
    let day = network.as_of().or(extent.newest);
    let key = if day.is_some() { "brief-scope" } else { "brief-scope-undated" };
    words.say(
        &Message::new(key)
            .text("day", day.map_or(String::new(), |day| day.to_string()))
            .count("nodes", extent.nodes)
            .count("ties", extent.ties)
            .count("gangs", extent.gangs)
            .count("officials", extent.officials),
    )
}

/// Program, weights, digest: so that the same brief can be made again.
pub fn footer(words: &Catalogue, weights: &str, made: Made<'_>) -> String {
    words.say(
        &Message::new("brief-footer")
            .text("version", env!("CARGO_PKG_VERSION"))
            .text("weights", weights)
            .text("digest", made.digest.get(..16).unwrap_or(made.digest)),
    )
}

fn verdict(words: &Catalogue, outcome: &Outcome, pair: &Pair) -> Vec<String> {
    let likely = Message::new("brief-verdict")
        .text("likelihood", words.text(likelihood::key(pair.score)))
        .text("score", likelihood::score(pair.score))
        .text("log_odds", signed(pair.log_odds));
    let line = if pair.over_line { "brief-over-line" } else { "brief-under-line" };
    let line = words.say(&Message::new(line).with("line", Arg::Number(outcome.line)));
    let chance = chance(words, pair);
    let known = pair
        .known
        .map(|status| words.say(&Message::new("pair-known").with("status", Arg::Word(status.code()))));
    let parts = [words.say(&likely), line, chance].into_iter().chain(known);
    parts.chain([words.text("pair-lead-only")]).collect()
}

/// What chance says of a pair, worded by what it says.
pub fn chance(words: &Catalogue, pair: &Pair) -> String {
    let Some(p) = pair.p_value else { return words.text("brief-no-chance") };
    let q = pair.q_value.map_or(words.text("brief-no-q"), likelihood::chance);
    let key = if p <= CLOSE { "brief-chance" } else { "brief-chance-plain" };
    words.say(&Message::new(key).text("p", likelihood::chance(p)).text("q", q))
}

/// At or under this p a pair is called closer than chance.
const CLOSE: f64 = 0.05;

fn arguments(words: &Catalogue, pair: &Pair, table: &[EvidenceRow]) -> Vec<(String, Vec<Point>)> {
    let side = |side: Side| -> Vec<Point> {
        pair.factors.iter().filter(|f| Side::of(f) == side).map(|f| point(words, f, table)).collect()
    };
    let sides = Side::ALL.map(|each| (each.key(), side(each)));
    let filled = sides.into_iter().filter(|(_, points)| !points.is_empty());
    filled.map(|(key, points)| (words.text(key), points)).collect()
}

fn point(words: &Catalogue, factor: &Factor, table: &[EvidenceRow]) -> Point {
    let rows = shown(factor).iter().filter_map(|id| table.iter().find(|row| row.row == *id));
    let numbers = rows.map(|row| row.number);
    Point {
        size: signed(factor.log_odds),
        text: said(words, factor),
        numbers: numbers.collect(),
        inferred: factor.inferred,
    }
}

/// A factor's sentence, marked where it rests on something nobody stated.
pub fn said(words: &Catalogue, factor: &Factor) -> String {
    let says = words.say(&factor.says);
    if factor.inferred { format!("{says} ({})", words.text("inferred")) } else { says }
}

/// A number with its sign and two decimals, so that the parts of a sum can be added up by eye.
pub fn signed(number: f64) -> String {
    let text = format!("{:.2}", number.abs());
    match number {
        _ if text == "0.00" => "0".to_owned(),
        n if n < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// The innocent readings, each after what it reads where there are several.
pub fn innocent(words: &Catalogue, pair: &Pair) -> Vec<String> {
    let several = pair.innocent.len() > 1;
    let line = |one: &Innocent| match one.factor.filter(|_| several) {
        Some(factor) => {
            let reading = Message::new("pair-innocent-of").text("factor", super::factor_name(words, factor));
            words.say(&reading.text("reading", words.say(&one.says)))
        }
        None => words.say(&one.says),
    };
    pair.innocent.iter().map(line).collect()
}

fn notes(words: &Catalogue, pair: &Pair) -> Vec<(String, Vec<String>)> {
    let said = |messages: &[Message]| messages.iter().map(|message| words.say(message)).collect::<Vec<_>>();
    let notes = [
        ("pair-innocent", innocent(words, pair)),
        ("pair-missing", said(&pair.missing)),
        ("pair-check", said(std::slice::from_ref(&pair.check))),
    ];
    let filled = notes.into_iter().filter(|(_, sentences)| !sentences.is_empty());
    filled.map(|(key, sentences)| (words.text(key), sentences)).collect()
}
