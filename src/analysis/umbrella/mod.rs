//! Umbrella ties: which official may be shielding which gang, why, and why perhaps not.
//!
//! Pure: no store, no printing, no clock. A pair's score is log-odds, a prior plus named factors;
//! they add up to the whole, always. Candidates come from the gangs outward. The score of a gang's
//! pairs is a function of its [`Ball`] and of one small value of [`Globals`]; so the same function
//! serves a whole city, one new lead, and a store that is never loaded whole.
//!
//! What speaks *for* an umbrella is weighed by the strength of its ties, refuted claims included;
//! what speaks for the official, and every expectation, is counted whether refuted or not. So
//! refuting a claim never raises a score.
//!
//! Start at [`run`], then [`score_with`]; a mechanism each in `kin`, `money`, `cases`, `raids`,
//! `permits`, `reports`, `contact` and `broker`; `score` adds up, `settle` calibrates; `weights` has every number with its source.

mod advice;
mod basis;
mod broker;
mod cases;
pub mod census;
mod chance;
mod circle;
mod circles;
mod contact;
mod contacts;
mod coverage;
mod decisions;
mod duties;
mod flows;
mod found;
mod globals;
mod kin;
mod leads;
mod money;
#[cfg(test)]
mod nulls;
mod officials;
mod outcome;
mod paces;
mod people;
mod permits;
mod places;
mod raids;
mod reaches;
mod ready;
mod reports;
mod runs;
mod score;
mod settle;
mod shared;
mod side;
mod signatures;
mod signoffs;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod towns;
mod unlisted;
mod weights;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::analysis::Watch;
use crate::model::{Id, Kind, TieType};
use crate::network::ball::{Ball, Ground, Profiles};
use crate::network::reach::Reaches;
use crate::network::{Network, NodeIx};
use basis::Basis;
pub(super) use chance::benjamini_hochberg;
use circles::{Alike, Circles};
use coverage::Records;
use found::{ByOfficial, Scope};
pub use globals::{Globals, Tally, globals};
pub use leads::{asked_of_gangs, gangs_named, officials_named, score_lead_among, score_leads};
pub use outcome::{Factor, Hop, Innocent, LeadOutcome, Outcome, Pair, Party, Path, logistic};
pub use places::Place;
pub use ready::Ready;
pub use settle::{READINGS, calibrated_by, is_own};
pub use weights::{GAINS, Weights};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only these gangs; empty means all. Rank and q are then left out.
    pub gangs: Vec<Id>,
    /// Only these officials; empty means all. Rank and q are then left out.
    pub officials: Vec<Id>,
    /// Expected umbrellas of a gang; `None` takes the published figure of its class.
    pub expected_umbrellas: Option<f64>,
    /// The reporting line.
    pub line: f64,
    /// The weights.
    pub weights: Weights,
    /// Who looks on, gang by gang.
    pub watch: Watch,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gangs: vec![],
            officials: vec![],
            expected_umbrellas: None,
            line: 0.5,
            weights: Weights::default(),
            watch: Watch::default(),
        }
    }
}

impl Options {
    /// The officials who are asked for, `None` being all.
    fn asked(&self, network: &Network) -> Option<BTreeSet<NodeIx>> {
        let nodes = || self.officials.iter().filter_map(|id| network.node(id.as_str())).collect();
        (!self.officials.is_empty()).then(nodes)
    }
}

/// Scores every candidate pair of a network. Gangs are scored at the same time; the answer does
/// not depend on how many threads there are. Cost: a ball and its walks a gang.
pub fn run(network: &Network, options: &Options) -> Outcome {
    let gangs = if options.gangs.is_empty() { usize::MAX } else { options.gangs.len() };
    Ready::for_gangs(network, &globals(network), gangs, &options.weights).run(options)
}

/// So many gangs are scored sooner than ground is made ready for them.
const FEW: usize = 32;

/// The ground that so many of a network's balls stand on: profiles and likely doubles, ready where that pays.
pub fn ground(network: &Network, balls: usize) -> Ground<'_> {
    let likely = crate::analysis::doubles::positions(network);
    if balls > FEW { ready(network, &likely) } else { Ground::new(network, Profiles::of(network), &likely) }
}

/// Ground that is ready for many balls, where likely doubles are known.
pub fn ready<'n>(network: &'n Network, likely: &[(NodeIx, NodeIx, f64)]) -> Ground<'n> {
    let ground = Ground::new(network, Profiles::of(network), likely);
    ground.ready_for(reaches()).doubting(|ball, official| officials::likely(ball, official) == 0.0)
}

/// The candidate pairs of one gang, from its ball: the same as [`run`] asked for this gang alone.
pub fn run_ball(ball: &Ball<'_>, globals: &Globals, options: &Options) -> Outcome {
    outcome_of(ball, score_gang(ball, globals, options), globals, options)
}

/// What the pairs of one gang come to.
fn outcome_of(ball: &Ball<'_>, pairs: Vec<Pair>, globals: &Globals, options: &Options) -> Outcome {
    let network = ball.network();
    let cut = ball.cut.iter().map(|cut| cut.node).collect();
    Outcome {
        gangs: 1,
        pairs: ranked(pairs, None),
        cut: ids(network, cut),
        ..Outcome::none(network, globals, options)
    }
}

/// Every reach of the analysis: what a gang's ball is read by.
pub fn reaches() -> &'static Reaches {
    reaches::ALL
}

fn ids(network: &Network, nodes: BTreeSet<NodeIx>) -> Vec<Id> {
    nodes.into_iter().map(|node| network.id(node).into()).collect()
}

impl Outcome {
    /// No pair of no gang.
    fn none(network: &Network, globals: &Globals, options: &Options) -> Self {
        Self {
            pairs: Vec::new(),
            line: options.line,
            expected: options.expected_umbrellas,
            as_of: network.as_of(),
            weights: options.weights.digest(),
            gangs: 0,
            officials: globals.officials as usize,
            full: false,
            cut: Vec::new(),
        }
    }
}

/// The gangs asked for, in id order; all, when none is named.
fn gangs(network: &Network, wanted: &[Id]) -> Vec<NodeIx> {
    let is_wanted =
        |node: &NodeIx| wanted.is_empty() || wanted.iter().any(|id| id.as_str() == network.id(*node));
    network.nodes().filter(|&node| network.kind(node) == Kind::Gang).filter(is_wanted).collect()
}

/// Best first, ties by ids.
fn by_rank(a: &Pair, b: &Pair) -> Ordering {
    let by_ids = || a.official.id.cmp(&b.official.id).then_with(|| a.gang.id.cmp(&b.gang.id));
    b.log_odds.total_cmp(&a.log_odds).then_with(by_ids)
}

/// Best first; over a full run, of so many officials and gangs, with ranks and q.
fn ranked(mut pairs: Vec<Pair>, full: Option<usize>) -> Vec<Pair> {
    pairs.sort_by(by_rank);
    if let Some(all) = full {
        let p: Vec<Option<f64>> = pairs.iter().map(|pair| pair.p_value).collect();
        let q = chance::benjamini_hochberg(&p, all.max(pairs.len()));
        for (at, (pair, q)) in pairs.iter_mut().zip(q).enumerate() {
            (pair.rank, pair.q_value) = (Some(at + 1), q);
        }
    }
    pairs
}

/// Every candidate pair of one gang with the officials asked for: a pure function of its ball and the global statistics.
pub fn score_gang(ball: &Ball<'_>, globals: &Globals, options: &Options) -> Vec<Pair> {
    let asked = options.asked(ball.network());
    score_with(ball, globals, asked.as_ref(), options)
}

/// The candidate pairs of one gang with these officials, `None` being all: the same as those among all pairs of it.
pub fn score_with(
    ball: &Ball<'_>,
    globals: &Globals,
    asked: Option<&BTreeSet<NodeIx>>,
    options: &Options,
) -> Vec<Pair> {
    score_on(ball, &officials(ball), Known::default(), globals, asked, options)
}

/// What is known by the weights that are asked for.
#[derive(Clone, Copy, Default)]
struct Known<'k> {
    /// What the gang's pairs rest on.
    basis: Option<&'k Basis>,
    /// Circles, where balls of the same ground were read.
    alike: Option<&'k Alike>,
    /// How complete the file is.
    records: Option<&'k Records<'k>>,
}

/// The same, where the ball's officials are known, and more may be.
fn score_on(
    ball: &Ball<'_>,
    officials: &[NodeIx],
    known: Known<'_>,
    globals: &Globals,
    asked: Option<&BTreeSet<NodeIx>>,
    options: &Options,
) -> Vec<Pair> {
    let (weights, is_asked) =
        (&options.weights, |one: NodeIx| asked.is_none_or(|asked| asked.contains(&one)));
    let circles = Circles::of(ball, officials, weights, known.alike, is_asked);
    let scored: BTreeSet<NodeIx> = officials.iter().copied().filter(|&one| is_asked(one)).collect();
    // Whom a row calls an umbrella is told of as himself, even where another record stands for him.
    let called = protectors(ball).filter(|&one| is_asked(one));
    let told_of: BTreeSet<NodeIx> = scored.iter().copied().chain(called).collect();
    // Of a part it must be told what is lacking, whoever is there.
    if told_of.is_empty() && ball.is_of_whole() {
        return Vec::new();
    }
    let (found_out, reckoned);
    let basis = match known.basis {
        Some(basis) => basis,
        None => {
            found_out = Basis::of(ball, &circles, globals, weights);
            &found_out
        }
    };
    let records = match known.records {
        Some(records) => records,
        None => {
            reckoned = Records::of_some(globals, weights, ball, &told_of);
            &reckoned
        }
    };
    let scope = Scope { ball, basis, side: &basis.side, globals, weights, paces: globals.paces(), records };
    let (mut found, worked) = rayon::join(|| near_gang(&scope, &circles), || at_work(&scope, &scored));
    found::join(&mut found, worked);
    raids::find(&scope, &circles, &mut found);
    contact::find(&scope, &circles, &mut found);
    kin_of_gang(&scope, &circles, &mut found);
    let found: Vec<_> = found.into_iter().filter(|(official, _)| is_asked(*official)).collect();
    let pair = |(official, findings)| score::pair(&scope, official, findings, options);
    found.into_par_iter().map(pair).collect()
}

/// What circles have of the gang's companies, and of its money.
fn near_gang(scope: &Scope<'_>, circles: &Circles<'_>) -> ByOfficial {
    let mut found = ByOfficial::new();
    kin::find(scope, circles, &mut found);
    money::find(scope, circles, &scope.basis.traced, &mut found);
    found
}

/// What these officials did at work on the gang's matters, and what is reported of them. It looks at nothing that
/// others found.
fn at_work(scope: &Scope<'_>, officials: &BTreeSet<NodeIx>) -> ByOfficial {
    let mut found = ByOfficial::new();
    cases::find(scope, officials, &mut found);
    permits::find(scope, officials, &mut found);
    reports::find(scope, officials, &mut found);
    found
}

/// The officials of a ball whose own ties are all there, those left out whom one row alone takes for
/// one ([`officials::likely`]) and no finding names. A person who stands twice is one: the id
/// of `officials.csv` stands for both, the least where there are several.
fn officials(ball: &Ball<'_>) -> Vec<NodeIx> {
    let network = ball.network();
    let gang = ball.gang();
    let is_known = |node: NodeIx| ball.ties(gang, &[TieType::Protects]).any(|tie| tie.from() == node);
    let is_official = |node: &NodeIx| {
        let doubted = || ball.is_doubted(*node).unwrap_or_else(|| officials::likely(ball, *node) == 0.0);
        ball.is_open(*node) && ball.is_official(*node) && (!doubted() || is_known(*node))
    };
    let second = |node: &NodeIx| {
        ball.twins(*node).iter().any(|twin| {
            twin.probability >= 0.5 && is_official(&twin.node) && first_of(network, twin.node, *node)
        })
    };
    ball.whole().par_iter().copied().filter(is_official).filter(|node| !second(node)).collect()
}

/// Whether the first stands for both: it has a post and the other has none, or the lesser id.
fn first_of(network: &Network, first: NodeIx, second: NodeIx) -> bool {
    let posted = |node: NodeIx| network.prop(node, "agency").is_some();
    match (posted(first), posted(second)) {
        (true, false) => true,
        (false, true) => false,
        _ => first < second,
    }
}

/// Officials who are of the gang's kin: candidates, by kinship never more.
fn kin_of_gang(scope: &Scope<'_>, circles: &Circles<'_>, found: &mut ByOfficial) {
    for (&person, hold) in &scope.side.people {
        for (at, near) in circles.near_asked(person).into_iter().filter(|(_, near)| near.weight > 0.2) {
            let circle = circles.at(at);
            let findings = found.entry(circle.official).or_default();
            findings.kin.extend(found::way_ties(near).chain(hold.ties.iter().copied()));
            let end = found::to_gang(scope, person);
            findings.trails.push(found::trail(circle.official, near, &end));
        }
    }
    for official in protectors(scope.ball) {
        found.entry(official).or_default();
    }
}

/// The officials of whom a row says that they protect the gang.
fn protectors<'b>(ball: &'b Ball<'_>) -> impl Iterator<Item = NodeIx> + use<'b> {
    let said = ball.ties(ball.gang(), &[TieType::Protects]).map(|tie| tie.from());
    said.filter(|&node| ball.is_official(node))
}

/// How complete each kind of record of a file looks, places and years together: its name, and from 0 (none of
/// it) to 1.
pub fn completeness(globals: &Globals) -> Vec<(&'static str, f64)> {
    coverage::everywhere(globals).iter().map(|kind| (kind.kind, kind.complete)).collect()
}

/// How much of a file looks missing, from 0 to 1: the mean over the kinds of record that it has.
pub fn missing(globals: &Globals) -> f64 {
    1.0 - coverage::whole(&coverage::everywhere(globals))
}
