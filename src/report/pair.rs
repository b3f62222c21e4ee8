//! The JSON documents of pairs, leads and paths (`docs/DATA.md`, "What comes out").

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::Named;
use crate::analysis::paths;
use crate::analysis::umbrella::{Factor, Innocent, LeadOutcome, Pair, Path};
use crate::messages::Catalogue;
use crate::model::{Id, Message};
use crate::network::{Network, NodeIx, TieIx};

/// An official, with the ids that are likely the same person.
#[derive(Debug, Serialize)]
pub struct OfficialDoc {
    id: Id,
    name: String,
    also: Vec<Id>,
}

/// A named part of a score.
#[derive(Debug, Serialize)]
pub struct FactorDoc {
    factor: &'static str,
    log_odds: f64,
    text: String,
    evidence: Vec<Id>,
    context: Vec<Id>,
    inferred: bool,
}

/// How a factor may be innocent.
#[derive(Debug, Serialize)]
pub struct InnocentDoc {
    factor: Option<&'static str>,
    text: String,
}

fn innocent(words: &Catalogue, one: &Innocent) -> InnocentDoc {
    InnocentDoc { factor: one.factor, text: words.say(&one.says) }
}

/// A pair, as `umbrella --json` prints it.
#[derive(Debug, Serialize)]
pub struct PairDoc {
    #[serde(skip_serializing_if = "skip_rank")]
    rank: Rank,
    official: OfficialDoc,
    gang: Named,
    score: f64,
    log_odds: f64,
    over_line: bool,
    p_value: Option<f64>,
    q_value: Option<f64>,
    known: Option<&'static str>,
    factors: Vec<FactorDoc>,
    paths: Vec<Path>,
    innocent: String,
    innocent_readings: Vec<InnocentDoc>,
    coverage: BTreeMap<&'static str, f64>,
    missing: Vec<String>,
    check: String,
}

/// A rank, or no such key at all (the pairs of a lead).
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Rank {
    Of(Option<usize>),
    #[allow(dead_code)] // read by `skip_rank` through its pattern
    LeftOut,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for this shape
fn skip_rank(rank: &Rank) -> bool {
    matches!(rank, Rank::LeftOut)
}

fn factor(words: &Catalogue, factor: &Factor) -> FactorDoc {
    FactorDoc {
        factor: factor.factor,
        log_odds: factor.log_odds,
        text: words.say(&factor.says),
        evidence: factor.evidence.clone(),
        context: factor.context.clone(),
        inferred: factor.inferred,
    }
}

/// The document of a pair, its sentences in the catalogue's language.
pub fn pair(words: &Catalogue, pair: &Pair) -> PairDoc {
    let all = |messages: &[Message]| messages.iter().map(|message| words.say(message)).collect();
    PairDoc {
        rank: Rank::Of(pair.rank),
        official: OfficialDoc {
            id: pair.official.id.clone(),
            name: pair.official.name.clone(),
            also: pair.official.also.clone(),
        },
        gang: Named { id: pair.gang.id.to_string(), name: pair.gang.name.clone() },
        score: pair.score,
        log_odds: pair.log_odds,
        over_line: pair.over_line,
        p_value: pair.p_value,
        q_value: pair.q_value,
        known: pair.known.map(|status| status.code()),
        factors: pair.factors.iter().map(|f| factor(words, f)).collect(),
        paths: pair.paths.clone(),
        innocent: pair.innocent.iter().map(|one| words.say(&one.says)).collect::<Vec<_>>().join(" "),
        innocent_readings: pair.innocent.iter().map(|one| innocent(words, one)).collect(),
        coverage: pair.coverage.iter().copied().collect(),
        missing: all(&pair.missing),
        check: words.say(&pair.check),
    }
}

/// A pair in full, as `explain --json` prints it.
#[derive(Debug, Serialize)]
pub struct ExplainedDoc {
    #[serde(flatten)]
    pair: PairDoc,
    best_paths: BestDoc,
}

/// The most reliable paths between the two, and how much was looked through for them.
#[derive(Debug, Serialize)]
struct BestDoc {
    nodes: usize,
    ties: usize,
    paths: Vec<PathDoc>,
}

/// The document of a pair with the best paths between its ends, found in a part of the network.
pub fn explained(words: &Catalogue, of: &Pair, part: &Network, best: &[paths::Path]) -> ExplainedDoc {
    let paths = best.iter().zip(1..).map(|(found, rank)| path(part, found, rank)).collect();
    ExplainedDoc {
        pair: pair(words, of),
        best_paths: BestDoc { nodes: part.node_count(), ties: part.tie_count(), paths },
    }
}

/// A scored lead, as `score --json` prints it.
#[derive(Debug, Serialize)]
pub struct LeadDoc {
    lead: Id,
    status: &'static str,
    priority: f64,
    pairs: Vec<PairDoc>,
    coverage: BTreeMap<&'static str, f64>,
    problems: Vec<ProblemDoc>,
}

#[derive(Debug, Serialize)]
struct ProblemDoc {
    code: &'static str,
    text: String,
}

/// The document of a scored lead.
pub fn lead(words: &Catalogue, outcome: &LeadOutcome) -> LeadDoc {
    let without_rank = |p: &Pair| PairDoc { rank: Rank::LeftOut, ..pair(words, p) };
    LeadDoc {
        lead: outcome.lead.clone(),
        status: "scored",
        priority: outcome.priority,
        pairs: outcome.pairs.iter().map(without_rank).collect(),
        coverage: outcome.coverage.iter().copied().collect(),
        problems: outcome
            .problems
            .iter()
            .map(|message| ProblemDoc { code: message.key, text: words.say(message) })
            .collect(),
    }
}

/// A lead that was not scored, with why.
#[derive(Debug, Serialize)]
pub struct UnscoredDoc {
    /// Its id, where it has one that may be told.
    pub lead: Option<Id>,
    /// `known` or `rejected`.
    pub status: &'static str,
    /// Where the row of a rejected one stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceDoc>,
    /// Why.
    pub reasons: Vec<ReasonDoc>,
}

/// Where a row stands in an input.
#[derive(Debug, Serialize)]
pub struct PlaceDoc {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u64,
}

/// One reason, by its code and in words.
#[derive(Debug, Serialize)]
pub struct ReasonDoc {
    /// Its stable code.
    pub code: &'static str,
    /// The column it is about.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// In words.
    pub text: String,
}

/// A path, as `paths --json` prints it.
#[derive(Debug, Serialize)]
pub struct PathDoc {
    rank: usize,
    length: usize,
    reliability: f64,
    nodes: Vec<String>,
    names: Vec<String>,
    relations: Vec<String>,
    hops: Vec<HopDoc>,
    weakest: usize,
    shared_sources: Vec<SharedDoc>,
}

#[derive(Debug, Serialize)]
struct HopDoc {
    from: String,
    to: String,
    #[serde(rename = "type")]
    ty: String,
    types: Vec<String>,
    relations: Vec<String>,
    strength: f64,
    claims: usize,
    voices: usize,
}

#[derive(Debug, Serialize)]
struct SharedDoc {
    source: Option<String>,
    hops: Vec<usize>,
}

/// The document of a path; `rank` counts from 1.
pub fn path(network: &Network, path: &paths::Path, rank: usize) -> PathDoc {
    let id = |node: NodeIx| network.id(node).to_owned();
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect();
    PathDoc {
        rank,
        length: path.hops.len(),
        reliability: path.reliability,
        nodes: path.nodes.iter().map(|&node| id(node)).collect(),
        names: path.nodes.iter().map(|&node| network.name(node).to_owned()).collect(),
        relations: owned(path.rows(network)),
        hops: path.hops.iter().map(|h| hop(network, h)).collect(),
        weakest: path.weakest,
        shared_sources: path
            .shared_sources
            .iter()
            .map(|shared| SharedDoc {
                source: super::document::voice(&shared.voice),
                hops: shared.hops.clone(),
            })
            .collect(),
    }
}

/// A chain in time, as `paths --in-time --json` prints it.
#[derive(Debug, Serialize)]
pub struct ChainDoc {
    rank: usize,
    length: usize,
    reliability: f64,
    share: Option<f64>,
    nodes: Vec<String>,
    names: Vec<String>,
    hops: Vec<ChainHopDoc>,
}

#[derive(Debug, Serialize)]
struct ChainHopDoc {
    from: String,
    to: String,
    #[serde(rename = "type")]
    ty: String,
    date: Option<String>,
    amount: Option<f64>,
    currency: Option<String>,
    relations: Vec<String>,
    strength: f64,
}

/// The document of a chain; `rank` counts from 1.
pub fn chain(network: &Network, chain: &paths::Chain, rank: usize) -> ChainDoc {
    let ends = chain.nodes.iter().zip(chain.nodes.iter().skip(1));
    let hop = |((from, to), tie): ((&NodeIx, &NodeIx), &TieIx)| {
        let tie = network.tie(*tie);
        ChainHopDoc {
            from: network.id(*from).to_owned(),
            to: network.id(*to).to_owned(),
            ty: tie.type_name().to_owned(),
            date: tie.start().map(|date| date.to_string()),
            amount: tie.amount(),
            currency: tie.amount().map(|_| tie.currency().to_owned()),
            relations: tie.rows().into_iter().map(str::to_owned).collect(),
            strength: tie.strength(),
        }
    };
    ChainDoc {
        rank,
        length: chain.ties.len(),
        reliability: chain.reliability,
        share: chain.share,
        nodes: chain.nodes.iter().map(|&node| network.id(node).to_owned()).collect(),
        names: chain.nodes.iter().map(|&node| network.name(node).to_owned()).collect(),
        hops: ends.zip(&chain.ties).map(hop).collect(),
    }
}

fn hop(network: &Network, hop: &paths::Hop) -> HopDoc {
    let mut types: Vec<String> =
        hop.ties.iter().map(|&tie| network.tie(tie).type_name().to_owned()).collect();
    types.sort();
    types.dedup();
    HopDoc {
        from: network.id(hop.from).to_owned(),
        to: network.id(hop.to).to_owned(),
        ty: network.tie(hop.strongest).type_name().to_owned(),
        types,
        relations: hop.rows(network).into_iter().map(str::to_owned).collect(),
        strength: hop.strength,
        claims: hop.claims,
        voices: hop.voices,
    }
}
