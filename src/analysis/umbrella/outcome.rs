//! What a run of the analysis gives: pairs, each with its factors.

use serde::Serialize;

use crate::model::{Date, Id, Message, Status};

/// An end of a pair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Party {
    /// Its id: an official's is that of `officials.csv`.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// Ids that are likely the same person.
    pub also: Vec<Id>,
}

/// One named part of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Its stable name.
    pub factor: &'static str,
    /// Its share of the log-odds; negative where it speaks for the official.
    pub log_odds: f64,
    /// What it says.
    pub says: Message,
    /// The rows that count in it, each in full in this factor only; sorted.
    pub evidence: Vec<Id>,
    /// Rows shown beside it that count elsewhere or not at all; sorted.
    pub context: Vec<Id>,
    /// Whether it rests on a hop that nobody stated (a likely member, a probable kinship).
    pub inferred: bool,
}

/// How a factor may be innocent.
#[derive(Clone, Debug, PartialEq)]
pub struct Innocent {
    /// The factor it reads; nothing where it reads the pair as a whole.
    pub factor: Option<&'static str>,
    /// The reading.
    pub says: Message,
}

/// One hop of a path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hop {
    /// From.
    pub from: Id,
    /// To.
    pub to: Id,
    /// The type of its strongest tie.
    #[serde(rename = "type")]
    pub ty: String,
    /// The rows behind it.
    pub relations: Vec<Id>,
    /// How likely it is real.
    pub strength: f64,
    /// Whether nobody stated it.
    pub inferred: bool,
}

/// A way from the official to the gang that counted in some factor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Path {
    /// The nodes, the official first, the gang last.
    pub nodes: Vec<Id>,
    /// The rows behind all hops.
    pub relations: Vec<Id>,
    /// The product of the strengths.
    pub reliability: f64,
    /// Hop by hop.
    pub hops: Vec<Hop>,
}

/// An official and a gang that some trace connects.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The official.
    pub official: Party,
    /// The gang.
    pub gang: Party,
    /// The sum of the factors.
    pub log_odds: f64,
    /// `1 / (1 + exp(-log_odds))`.
    pub score: f64,
    /// Whether it is at or over the reporting line and no cap holds it under.
    pub over_line: bool,
    /// How often chance alone would bring so close a connection; `None` where nothing can be tested.
    pub p_value: Option<f64>,
    /// Benjamini–Hochberg over a full run; `None` otherwise.
    pub q_value: Option<f64>,
    /// Its rank; `None` where only part of a run was computed.
    pub rank: Option<usize>,
    /// How a `protects` tie on record stands.
    pub known: Option<Status>,
    /// The parts of the score, the prior first, then by size; they add up to `log_odds`.
    pub factors: Vec<Factor>,
    /// The best ways between the two, most reliable first.
    pub paths: Vec<Path>,
    /// How much of each kind of record the file holds as far as the pair is concerned: for its places and
    /// the official's years in office, from 0 to 1, by name.
    pub coverage: Vec<(&'static str, f64)>,
    /// What is missing in the file.
    pub missing: Vec<Message>,
    /// The one check that would move the score most.
    pub check: Message,
    /// The innocent reading of each mechanism that speaks for the pair, by its name, the strongest first; where
    /// none does, one of what speaks against it or of the pair as a whole.
    pub innocent: Vec<Innocent>,
}

/// What a run found.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The pairs, best first.
    pub pairs: Vec<Pair>,
    /// The reporting line.
    pub line: f64,
    /// How many umbrellas a gang was expected to have; `None` where its class said.
    pub expected: Option<f64>,
    /// The day the file is as of.
    pub as_of: Option<Date>,
    /// The digest of the weights.
    pub weights: String,
    /// How many gangs were scored, and officials there are.
    pub gangs: usize,
    /// Officials in the network.
    pub officials: usize,
    /// Whether every pair was computed, so that ranks and q hold.
    pub full: bool,
    /// Nodes with too many ties that were not opened, over all balls, in id order.
    pub cut: Vec<Id>,
}

/// What one new lead comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadOutcome {
    /// The lead.
    pub lead: Id,
    /// How soon it deserves a look, in [0, 1].
    pub priority: f64,
    /// The pairs it touches, best first, without rank and q.
    pub pairs: Vec<Pair>,
    /// How much of each kind of record the file holds, by name.
    pub coverage: Vec<(&'static str, f64)>,
    /// What kept it from being scored better.
    pub problems: Vec<Message>,
}

/// The logistic function, with `libm` so that two machines agree.
pub fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}
