//! How good a ranking of pairs is, where the truth is known.
//!
//! Pure: labelled scores in, figures out; and the rankings that any graph library gives
//! (`baselines`), to set it beside. A city's figures are in `figures`, those of many cities with
//! their intervals in `pooled`; `fit` sets weights together. What the words mean: `docs/EVALUATION.md`.

mod baselines;
mod figures;
pub mod fit;
mod pooled;

pub use baselines::{BASELINES, Baseline, PairScore};
pub use figures::{BINS, Bin, Figures, figures};
pub use pooled::{Discoveries, FEW, Interval, Pooled, Share, pool};

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Id;

/// What is known of a pair of official and gang.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How the umbrella works; empty for an innocent pair.
    pub mechanisms: Vec<String>,
    /// Why an innocent pair looks bad.
    pub decoy: Option<String>,
}

impl Known {
    /// Whether there is an umbrella.
    pub fn is_true(&self) -> bool {
        !self.mechanisms.is_empty()
    }
}

/// What is known of a city: pairs that are not in it are innocent and look it.
pub type Truth = BTreeMap<(Id, Id), Known>;

/// One pair of a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    /// The official.
    pub official: Id,
    /// The gang.
    pub gang: Id,
    /// The score: a probability, or for other rankings anything that orders.
    pub score: f64,
    /// Whether it is over the reporting line, caps counted.
    pub over_line: bool,
    /// Its q value, where there is one.
    pub q_value: Option<f64>,
}

/// A ranking of one city, with the truth beside each pair. Pairs that the ranking leaves out count
/// as scored 0.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// Listed pairs: score, what is known, whether over the line, q.
    pub(crate) listed: Vec<Judgement>,
    /// True pairs and decoys that are not listed.
    pub(crate) unlisted: [u64; 2],
    /// Mechanisms of true pairs that are not listed.
    pub(crate) missed: Vec<Vec<String>>,
    /// All pairs of an official and a gang.
    pub(crate) pairs: u64,
    /// Whether the scores are probabilities.
    pub(crate) probable: bool,
    /// Whether the ranking says what chance explains.
    pub(crate) with_q: bool,
}

impl Judged {
    /// Takes the scores for what orders and no more.
    #[must_use]
    pub fn order_only(self) -> Self {
        Self { probable: false, ..self }
    }

    /// Takes the ranking for one that says nothing of chance.
    #[must_use]
    pub fn without_q(self) -> Self {
        Self { with_q: false, ..self }
    }
}

/// One listed pair.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub score: f64,
    pub known: Known,
    pub over_line: bool,
    pub q_value: Option<f64>,
}

/// Sets a ranking beside the truth. `pairs` is the number of officials times that of gangs.
pub fn judge(truth: &Truth, ranking: &[Scored], pairs: u64) -> Judged {
    let mut seen: BTreeSet<(&Id, &Id)> = BTreeSet::new();
    let mut judged = Judged { with_q: true, ..Judged::default() };
    for one in ranking {
        // A pair that stands twice counts once, where it stands first.
        if !seen.insert((&one.official, &one.gang)) {
            continue;
        }
        let known = truth.get(&(one.official.clone(), one.gang.clone())).cloned().unwrap_or_default();
        let (score, over_line, q_value) = (one.score, one.over_line, one.q_value);
        judged.listed.push(Judgement { score, known, over_line, q_value });
    }
    for ((official, gang), known) in truth {
        if !seen.contains(&(official, gang)) {
            judged.unlisted[usize::from(!known.is_true())] += 1;
            if known.is_true() {
                judged.missed.push(known.mechanisms.clone());
            }
        }
    }
    judged.listed.sort_by(|a, b| b.score.total_cmp(&a.score));
    judged.probable = judged.listed.iter().all(|one| (0.0..=1.0).contains(&one.score));
    judged.pairs = pairs.max(judged.listed.len() as u64 + judged.unlisted.iter().sum::<u64>());
    judged
}
