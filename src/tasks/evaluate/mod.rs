//! How good the score is where the truth is known: of one store, or of invented cities made for it.

mod cities;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use cities::{Cities, Group, Over, Run, of_cities, scored_city};

use crate::analysis::evaluate::{Baseline, Figures, Known, Scored, Truth, figures, judge};
use crate::analysis::umbrella;
use crate::ingest::judged;
use crate::model::{Access, Id, Kind, Message};
use crate::network::{Network, NodeIx};
use crate::store::Store;

use super::{TaskError, open, umbrella as pairs};

/// The first of the seeds that are kept for testing. Those under it are for fitting and for trying out.
pub const TESTING: u64 = 1001;
/// The name of the score's own ranking.
pub const OWN: &str = "parasol";
/// Nodes past which betweenness is left out: it costs nodes × arcs.
const BETWEENNESS: usize = 30_000;

/// One ranking of one city.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The ranking: [`OWN`], a baseline's name, a file's path.
    pub ranking: String,
    /// Its figures.
    pub figures: Figures,
}

/// A pair that a ranking has wrong: a false one among the first k, or a true one that is not there.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The file whose ranking it is; `None` for the score's own.
    pub file: Option<String>,
    /// Which city: style, seed, share missing.
    pub city: String,
    /// The place in the ranking; `None` where it is not in it.
    pub rank: Option<usize>,
    /// The official.
    pub official: Id,
    /// The gang.
    pub gang: Id,
    /// The score.
    pub score: f64,
    /// What is known of it.
    pub known: Known,
    /// The factors with their log-odds, as the pair has them; a file has none.
    pub factors: Vec<(&'static str, f64)>,
}

/// What came of one city.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The score's own ranking first, then others.
    pub measured: Vec<Measured>,
    /// What the score has wrong, or each file, false ones first, by rank.
    pub wrong: Vec<Wrong>,
    /// How many pairs of the files name somebody who is not in the store.
    pub strangers: usize,
}

/// Measures a store's ranking, or the rankings in `files`, against a truth file.
///
/// # Errors
/// When a file cannot be read, or the store cannot, or nobody of a file is in the store.
pub fn of_store(
    store: &dyn Store,
    access: &Access,
    truth: &Path,
    files: &[PathBuf],
    baselines: bool,
) -> Result<Report, TaskError> {
    let (file, truth) = (truth, read_truth(truth)?);
    let network = open::network(store, access)?;
    let strangers = strangers(&network, file, truth.keys().map(|(official, gang)| (official, gang)))?;
    if files.is_empty() {
        return Ok(Report { strangers, ..of_network(&network, &truth, baselines)? });
    }
    let all = all_pairs(&network);
    let mut report = Report { strangers, ..Report::default() };
    for path in files {
        let ranking = read_ranking(path)?;
        report.strangers +=
            self::strangers(&network, path, ranking.iter().map(|pair| (&pair.official, &pair.gang)))?;
        let figures = figures(&judge(&truth, &ranking, all).without_q());
        let file = path.display().to_string();
        let ranked = ranking.into_iter().map(|pair| (pair, vec![])).collect();
        let of_file = |wrong| Wrong { file: Some(file.clone()), ..wrong };
        report.wrong.extend(wrong(ranked, &truth, figures.truths as usize).into_iter().map(of_file));
        report.measured.push(Measured { ranking: file, figures });
    }
    if baselines {
        report.measured.extend(beside(&network, &truth)?);
    }
    Ok(report)
}

/// How many pairs of a file name somebody who is not in the network. A file of another city would give
/// figures like those of a bad score, so that one without anybody known is refused.
fn strangers<'p>(
    network: &Network,
    file: &Path,
    pairs: impl Iterator<Item = (&'p Id, &'p Id)>,
) -> Result<usize, TaskError> {
    let is_known = |(official, gang): (&Id, &Id)| {
        network.node(official.as_str()).is_some() && network.node(gang.as_str()).is_some()
    };
    let known: Vec<bool> = pairs.map(is_known).collect();
    if !known.is_empty() && !known.contains(&true) {
        let message = Message::new("error-other-city").text("path", file.display().to_string());
        return Err(TaskError::Usage(message.count("count", known.len())));
    }
    Ok(known.iter().filter(|known| !**known).count())
}

fn scored(official: Id, gang: Id, score: f64) -> Scored {
    Scored { official, gang, score, over_line: score >= pairs::LINE, q_value: None }
}

fn bad_file(path: &Path) -> impl Fn(judged::JudgedError) -> TaskError + '_ {
    move |error| {
        let path = path.display().to_string();
        TaskError::Usage(Message::new("error-judged").text("path", path).text("reason", error.to_string()))
    }
}

/// A file's ranking, best first; equal scores as the file has them.
fn read_ranking(path: &Path) -> Result<Vec<Scored>, TaskError> {
    let rows = judged::ranking(path).map_err(bad_file(path))?;
    let one = |row: judged::RankingRow| scored(row.official.into(), row.gang.into(), row.score);
    let mut ranking: Vec<Scored> = rows.into_iter().map(one).collect();
    ranking.sort_by(|a, b| b.score.total_cmp(&a.score));
    Ok(ranking)
}

fn read_truth(path: &Path) -> Result<Truth, TaskError> {
    let rows = judged::truth(path).map_err(bad_file(path))?;
    let one = |row: judged::TruthRow| {
        let key = (Id::from(row.official), Id::from(row.gang));
        (key, Known { mechanisms: row.mechanisms, decoy: row.decoy })
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Officials in office times gangs.
fn all_pairs(network: &Network) -> u64 {
    let gangs = network.nodes().filter(|&node| network.kind(node) == Kind::Gang).count();
    let posted = |node: &NodeIx| network.is_official(*node) && network.prop(*node, "agency").is_some();
    gangs as u64 * network.nodes().filter(posted).count() as u64
}

fn of_network(network: &Network, truth: &Truth, baselines: bool) -> Result<Report, TaskError> {
    let outcome = umbrella::run(network, &umbrella::Options { line: pairs::LINE, ..Default::default() });
    let ranking: Vec<Scored> = outcome.pairs.iter().map(own).collect();
    let figures = figures(&judge(truth, &ranking, all_pairs(network)));
    let factors = |pair: &umbrella::Pair| pair.factors.iter().map(|one| (one.factor, one.log_odds)).collect();
    let ranked = ranking.into_iter().zip(outcome.pairs.iter().map(factors)).collect();
    let wrong = wrong(ranked, truth, figures.truths as usize);
    let mut measured = vec![Measured { ranking: OWN.to_owned(), figures }];
    if baselines {
        measured.extend(beside(network, truth)?);
    }
    Ok(Report { measured, wrong, strangers: 0 })
}

/// A pair as the score has it.
fn own(pair: &umbrella::Pair) -> Scored {
    Scored {
        official: pair.official.id.clone(),
        gang: pair.gang.id.clone(),
        score: pair.score,
        over_line: pair.over_line,
        q_value: pair.q_value,
    }
}

/// The baselines.
fn beside(network: &Network, truth: &Truth) -> Result<Vec<Measured>, TaskError> {
    let all = all_pairs(network);
    let small = network.node_count() <= BETWEENNESS;
    let found = Baseline::all(network, |baseline| small || baseline.name != "betweenness");
    let found = found.map_err(|error| {
        TaskError::Usage(Message::new("error-baseline").text("reason", error.to_string()))
    })?;
    let measure = |(name, pairs): (&'static str, Vec<(NodeIx, NodeIx, f64)>)| {
        let id = |node| Id::from(network.id(node));
        let posted = pairs.into_iter().filter(|pair| network.prop(pair.0, "agency").is_some());
        let ranking: Vec<Scored> =
            posted.map(|(official, gang, score)| scored(id(official), id(gang), score)).collect();
        Measured { ranking: name.to_owned(), figures: figures(&judge(truth, &ranking, all).order_only()) }
    };
    Ok(found.into_iter().map(measure).collect())
}

/// What a ranking has wrong, given best first with each pair's factors. A pair that stands twice counts where it
/// stands first, as in [`judge`].
fn wrong(ranked: Vec<(Scored, Vec<(&'static str, f64)>)>, truth: &Truth, k: usize) -> Vec<Wrong> {
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    let mut seen: BTreeSet<(Id, Id)> = BTreeSet::new();
    for (pair, factors) in ranked {
        let key = (pair.official, pair.gang);
        if !seen.insert(key.clone()) {
            continue;
        }
        let known = truth.get(&key).cloned().unwrap_or_default();
        let (is_true, rank) = (known.is_true(), seen.len());
        if is_true != (rank <= k) {
            let one = one_wrong(key, known);
            let list = if is_true { &mut missed } else { &mut wrong };
            list.push(Wrong { rank: Some(rank), score: pair.score, factors, ..one });
        }
    }
    let left = truth.iter().filter(|(key, known)| known.is_true() && !seen.contains(key));
    wrong.extend(missed);
    wrong.extend(left.map(|(key, known)| one_wrong(key.clone(), known.clone())));
    wrong
}

/// A pair that is not in the ranking.
fn one_wrong((official, gang): (Id, Id), known: Known) -> Wrong {
    Wrong { file: None, city: String::new(), rank: None, official, gang, score: 0.0, known, factors: vec![] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_ranking_has_wrong_is_what_is_too_high_too_low_and_not_there() {
        let id = |at: usize| Id::from(format!("o{at}"));
        let pair = |at: usize| scored(id(at), Id::from("g"), 1.0 - at as f64 / 10.0);
        let so = Known { mechanisms: vec!["broker".into()], decoy: None };
        let truth: Truth = [1, 3, 9].map(|at| ((id(at), Id::from("g")), so.clone())).into();
        // The second pair stands twice, and no place is lost by it.
        let ranked = [0, 1, 1, 2, 3].map(|at| (pair(at), vec![])).into();
        let found: Vec<(Id, Option<usize>)> =
            wrong(ranked, &truth, 3).into_iter().map(|one| (one.official, one.rank)).collect();
        assert_eq!(found, [(id(0), Some(1)), (id(2), Some(3)), (id(3), Some(4)), (id(9), None)]);
    }
}
