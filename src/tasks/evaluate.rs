//! How good the score is where the truth is known: of one store, or of invented cities made for it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::analysis::evaluate::{Baseline, Figures, Known, Pooled, Scored, Truth, figures, judge, pool};
use crate::analysis::umbrella::{self, Outcome};
use crate::generate;
use crate::ingest::judged;
use crate::messages::{Catalogue, Lang};
use crate::model::{Access, Id, Kind, Message};
use crate::network::{Network, NodeIx};
use crate::store::Store;

use super::files::Scratch;
use super::{TaskError, import, open, umbrella as pairs};

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

/// A pair that the score has wrong: a false one among the first k, or a true one that is not there.
#[derive(Clone, Debug)]
pub struct Wrong {
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
    /// The factors with their log-odds, as the pair has them.
    pub factors: Vec<(&'static str, f64)>,
}

/// What came of one city.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The score's own ranking first, then others.
    pub measured: Vec<Measured>,
    /// What the score has wrong, false ones first, by rank.
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
        return Ok(Report { strangers, ..of_network(&network, &truth, baselines, "")? });
    }
    let all = all_pairs(&network);
    let mut report = Report { strangers, ..Report::default() };
    for path in files {
        let rows = judged::ranking(path).map_err(bad_file(path))?;
        let one = |row: judged::RankingRow| scored(row.official.into(), row.gang.into(), row.score);
        let ranking: Vec<Scored> = rows.into_iter().map(one).collect();
        report.strangers +=
            self::strangers(&network, path, ranking.iter().map(|pair| (&pair.official, &pair.gang)))?;
        let figures = figures(&judge(&truth, &ranking, all));
        report.measured.push(Measured { ranking: path.display().to_string(), figures });
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

fn of_network(network: &Network, truth: &Truth, baselines: bool, city: &str) -> Result<Report, TaskError> {
    let outcome = umbrella::run(network, &umbrella::Options { line: pairs::LINE, ..Default::default() });
    let one = |pair: &umbrella::Pair| Scored {
        official: pair.official.id.clone(),
        gang: pair.gang.id.clone(),
        score: pair.score,
        over_line: pair.over_line,
        q_value: pair.q_value,
    };
    let ranking: Vec<Scored> = outcome.pairs.iter().map(one).collect();
    let figures = figures(&judge(truth, &ranking, all_pairs(network)));
    let wrong = wrong(&outcome, truth, figures.truths as usize, city);
    let mut measured = vec![Measured { ranking: OWN.to_owned(), figures }];
    if baselines {
        measured.extend(beside(network, truth)?);
    }
    Ok(Report { measured, wrong, strangers: 0 })
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

/// What the score has wrong in one city.
fn wrong(outcome: &Outcome, truth: &Truth, k: usize, city: &str) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut left: BTreeMap<&(Id, Id), &Known> = truth.iter().filter(|(_, known)| known.is_true()).collect();
    let mut missed = Vec::new();
    for (at, pair) in outcome.pairs.iter().enumerate() {
        let key = (pair.official.id.clone(), pair.gang.id.clone());
        let known = truth.get(&key).cloned().unwrap_or_default();
        left.remove(&key);
        if known.is_true() == (at < k) {
            continue;
        }
        let factors = pair.factors.iter().map(|factor| (factor.factor, factor.log_odds)).collect();
        let (official, gang) = key;
        let (city, rank, score) = (city.to_owned(), Some(at + 1), pair.score);
        let list = if known.is_true() { &mut missed } else { &mut wrong };
        list.push(Wrong { city, rank, official, gang, score, known, factors });
    }
    wrong.extend(missed);
    wrong.extend(left.into_iter().map(|((official, gang), known)| Wrong {
        city: city.to_owned(),
        rank: None,
        official: official.clone(),
        gang: gang.clone(),
        score: 0.0,
        known: known.clone(),
        factors: vec![],
    }));
    wrong
}

/// Cities to be made and measured.
#[derive(Clone, Debug)]
pub struct Cities {
    /// One city for each of these and each share missing.
    pub cities: Vec<generate::Options>,
    /// Shares of rows missing.
    pub missing: Vec<f64>,
    /// Whether to set the baselines beside.
    pub baselines: bool,
}

/// What came of many cities with one share missing.
#[derive(Clone, Debug)]
pub struct Over {
    /// The share missing.
    pub missing: f64,
    /// Each ranking with its figures over all cities.
    pub rankings: Vec<(String, Pooled)>,
    /// The score's own, by style.
    pub styles: Vec<(String, Pooled)>,
    /// What the score has wrong, city by city.
    pub wrong: Vec<Wrong>,
}

/// Makes each city in a scratch folder, imports it as any bundle, and measures what the score says.
///
/// `told` hears how many cities are done, of how many.
///
/// # Errors
/// As generating, importing and opening.
pub fn of_cities(request: &Cities, told: &dyn Fn(u64, u64)) -> Result<Vec<Over>, TaskError> {
    let total = (request.cities.len() * request.missing.len()) as u64;
    let mut done = 0;
    let mut all = Vec::new();
    for &missing in &request.missing {
        let mut rankings: Vec<(String, Vec<Figures>)> = Vec::new();
        let mut styles: Vec<(String, Vec<Figures>)> = Vec::new();
        let mut wrong = Vec::new();
        for city in &request.cities {
            let report = of_city(&generate::Options { missing, ..city.clone() }, request.baselines)?;
            for measured in report.measured {
                if measured.ranking == OWN {
                    put(&mut styles, city.style.name, measured.figures.clone());
                }
                put(&mut rankings, &measured.ranking, measured.figures);
            }
            wrong.extend(report.wrong);
            done += 1;
            told(done, total);
        }
        let pooled = |list: Vec<(String, Vec<Figures>)>| {
            list.into_iter().map(|(name, figures)| (name, pool(&figures))).collect()
        };
        all.push(Over { missing, rankings: pooled(rankings), styles: pooled(styles), wrong });
    }
    Ok(all)
}

fn put(list: &mut Vec<(String, Vec<Figures>)>, name: &str, figures: Figures) {
    match list.iter_mut().find(|(known, _)| known == name) {
        Some((_, all)) => all.push(figures),
        None => list.push((name.to_owned(), vec![figures])),
    }
}

/// One city from nothing to its figures.
fn of_city(options: &generate::Options, baselines: bool) -> Result<Report, TaskError> {
    let name = format!("{} {} {}", options.style.name, options.seed, options.missing);
    let (network, truth) = city(options)?;
    of_network(&network, &truth, baselines, &name)
}

/// A city scored with some weights, for fitting them: its pairs, the truth, and how complete each kind of
/// record is.
///
/// # Errors
/// As generating, importing and opening.
pub fn scored_city(
    options: &generate::Options,
    weights: &umbrella::Weights,
) -> Result<(Outcome, Truth, Vec<f64>), TaskError> {
    let (network, truth) = city(options)?;
    let asked = umbrella::Options { line: pairs::LINE, weights: weights.clone(), ..Default::default() };
    let kinds = umbrella::completeness(&umbrella::globals(&network));
    let complete = kinds.into_iter().map(|(_, complete)| complete).collect();
    Ok((umbrella::run(&network, &asked), truth, complete))
}

/// A city made, imported and opened by the way that any bundle goes, with its truth.
fn city(options: &generate::Options) -> Result<(Network, Truth), TaskError> {
    super::generate::check_city(options)?;
    let scratch = Scratch::new()?;
    let bundle = scratch.file("city");
    let quiet: &dyn Fn(u64, u64) = &|_, _| ();
    std::fs::create_dir(&bundle).map_err(TaskError::file(&bundle))?;
    generate::generate(&bundle, options, quiet).map_err(TaskError::file(&bundle))?;
    let truth = read_truth(&bundle.join("truth.csv"))?;
    let store = scratch.file("city.db").display().to_string();
    import::import(&import::Request::of(&store, &[bundle]), &Catalogue::new(Lang::En), quiet)?
        .unless_broken_off()?;
    let network = open::network(open::reader(&store)?.as_ref(), &Access::default())?;
    Ok((network, truth))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_are_measured_by_style_and_share_missing() {
        let city = |seed, style| generate::Options { style, ..generate::Options::new(600, seed) };
        let cities =
            vec![city(1, &generate::STYLES[0]), city(2, &generate::STYLES[0]), city(1, &generate::STYLES[1])];
        let request = Cities { cities, missing: vec![0.0, 0.5], baselines: true };
        let over = of_cities(&request, &|_, _| ()).unwrap();
        assert_eq!(over.len(), 2);
        for one in &over {
            assert_eq!(one.rankings[0].0, OWN);
            assert_eq!(one.rankings.len(), 8);
            assert!(one.rankings.iter().all(|(_, pooled)| pooled.cities == 3));
            let styles: Vec<(&str, usize)> =
                one.styles.iter().map(|(name, pooled)| (name.as_str(), pooled.cities)).collect();
            assert_eq!(styles, [("county", 2), ("port", 1)]);
            let own = &one.rankings[0].1;
            let missed = one.wrong.iter().filter(|wrong| wrong.known.is_true()).count() as f64;
            assert!(own.truths > 0 && missed <= own.truths as f64);
        }
        assert_eq!(over[0].rankings[0].1.truths, over[1].rankings[0].1.truths, "the same cities");
    }

    #[test]
    fn where_nobody_shields_anybody_hardly_anybody_is_over_the_line_and_chance_explains_all() {
        let city = |(seed, style)| generate::Options {
            style,
            umbrellas: Some(0.0),
            ..generate::Options::new(1200, seed)
        };
        let cities: Vec<generate::Options> = (401..).zip(generate::STYLES).map(city).collect();
        let all = cities.len() as f64;
        for missing in [0.0, 0.5] {
            let (mut over, mut found) = (0, 0);
            for city in &cities {
                let report = of_city(&generate::Options { missing, ..city.clone() }, false).unwrap();
                let figures = &report.measured[0].figures;
                assert_eq!(figures.truths, 0);
                over += figures.over_line.unwrap()[0];
                found += u64::from(figures.discoveries[0] > 0);
            }
            assert!(
                over as f64 <= all && found <= 1,
                "{over} over the line, {found} of {all} with a discovery"
            );
        }
    }
}
