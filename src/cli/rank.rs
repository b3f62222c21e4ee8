//! `rank`: a centrality of everybody.

use std::collections::BTreeMap;

use serde::Serialize;

use parasol::analysis::centrality::{Dropped, RankOutcome, RankRow};
use parasol::analysis::{self};
use parasol::messages::two_decimals;
use parasol::model::{Kind, Level, Message};
use parasol::network::Network;
use parasol::tasks::{self, rank::Request};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;
use super::wrong::NotTaken;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The measure; `--list` names them
    #[arg(long, value_name = "MEASURE", required_unless_present = "list")]
    by: Option<String>,
    /// Whom a personalised measure starts from: a gang, people, leads
    #[arg(long, value_name = "ID", num_args = 1..)]
    from: Vec<String>,
    /// Only this kind: person, gang, company …
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<Kind>,
    /// Only the first N
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = super::args::positive)]
    top: u32,
    /// Says how firm each rank is when ties are missing, or people with all their ties
    #[arg(long, value_name = "ties|people", value_parser = dropped, num_args = 0..=1, require_equals = true,
        default_missing_value = "ties")]
    bands: Option<Dropped>,
    /// Says how often chance alone gives as much: draws keep everybody's number of ties in each layer
    #[arg(long, conflicts_with = "directed")]
    chance: bool,
    /// How far off an estimate may be, as a share of all pairs; 0.01. On a large network values are small:
    /// take 0.001 or less, at a hundred times the cost
    #[arg(long, value_name = "E", value_parser = super::args::probability)]
    epsilon: Option<f64>,
    /// How many draws bands and chance take; 200
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    draws: Option<u64>,
    /// Says what the measure is in each layer alone
    #[arg(long)]
    by_layer: bool,
    /// Ties that have a direction are walked only forwards
    #[arg(long)]
    directed: bool,
    /// Everybody, not only officials, members, suspects and people leads name
    #[arg(long)]
    all_people: bool,
    /// The measures there are, what each says and costs
    #[arg(long)]
    list: bool,
}

fn kind(code: &str) -> Result<Kind, NotTaken> {
    Kind::from_code(code).ok_or_else(|| NotTaken::known(Kind::ALL.iter().map(|kind| kind.code())))
}

fn dropped(what: &str) -> Result<Dropped, String> {
    match what {
        "ties" => Ok(Dropped::Ties),
        "people" => Ok(Dropped::People),
        _ => Err("ties or people".to_owned()),
    }
}

#[derive(Serialize)]
struct Doc<'a> {
    rank: usize,
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delta: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_ten: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    q: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_layer: Option<BTreeMap<&'static str, f64>>,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    if args.list {
        return list(session);
    }
    let request = Request {
        by: args.by.clone().unwrap_or_default(),
        from: args.from.clone(),
        kind: args.kind,
        all_people: args.all_people,
        top: Some(args.top as usize),
        bands: args.bands,
        chance: args.chance,
        draws: args.draws,
        epsilon: args.epsilon,
        by_layer: args.by_layer,
        directed: args.directed,
        layers: session.layers().map(<[_]>::to_vec),
        seed: session.global.seed,
        ..Request::default()
    };
    tasks::rank::measure(&request.by)?;
    let store = session.open()?;
    let network = tasks::open::network_watched(
        store.as_ref(),
        &session.access(Level::Case),
        &session.watches().opening,
    )?;
    if let Some(warning) = tasks::rank::warning(&network, &request) {
        session.tell(&warning);
    }
    let request = Request { watch: session.bar("progress-rank").watch(), ..request };
    let outcome = tasks::rank::run(&network, &request)?;
    if outcome.rows.is_empty() {
        return Err(Problem::new(Exit::Nothing, tasks::rank::nobody(&request)));
    }
    if session.global.json {
        return as_json(session, &network, &outcome).map(|()| Exit::Done);
    }
    as_table(session, &network, &outcome)?;
    for remark in tasks::rank::remarks(&request, &outcome) {
        let line = session.words().say(&remark);
        session.out.line(line)?;
    }
    Ok(Exit::Done)
}

/// The table of measures.
fn list(session: &mut Session) -> Result<Exit, Problem> {
    for measure in analysis::ALL {
        let words = session.words();
        let text = |key| words.text(key);
        let (title, says, cost) = (text(measure.title), text(measure.says), text(measure.cost));
        if session.global.json {
            let doc =
                serde_json::json!({ "measure": measure.name, "title": title, "says": says, "cost": cost });
            session.out.json(&doc)?;
        } else {
            session.out.line(format!("{} — {title}\n  {says}\n  {cost}", measure.name))?;
        }
    }
    Ok(Exit::Done)
}

fn as_json(session: &mut Session, network: &Network, outcome: &RankOutcome) -> Result<(), Problem> {
    for row in &outcome.rows {
        session.out.json(&Doc {
            rank: row.rank,
            id: network.id(row.node),
            name: network.name(row.node),
            kind: network.kind(row.node).code(),
            value: row.value,
            error: outcome.error.map(|(error, _)| error),
            delta: outcome.error.map(|(_, delta)| delta),
            top_ten: row.band.map(|band| band.top_ten),
            best: row.band.map(|band| band.best),
            worst: row.band.map(|band| band.worst),
            expected: row.likely.map(|likely| likely.expected),
            p: row.likely.map(|likely| likely.p),
            q: row.likely.map(|likely| likely.q),
            by_layer: Some(row.by_layer.iter().map(|(layer, value)| (layer.code(), *value)).collect())
                .filter(|layers: &BTreeMap<_, _>| !layers.is_empty()),
        })?;
    }
    Ok(())
}

fn as_table(session: &mut Session, network: &Network, outcome: &RankOutcome) -> Result<(), Problem> {
    let words = session.words();
    let asked = |is_there: fn(&RankRow) -> bool, heads: &'static [&'static str]| {
        if outcome.rows.iter().any(is_there) { heads } else { &[] }
    };
    let plain = ["head-rank", "head-id", "head-name", "head-value"];
    let bands = asked(|row| row.band.is_some(), &["head-top-ten", "head-band"]);
    let chance = asked(|row| row.likely.is_some(), &["head-expected", "head-p", "head-q"]);
    let mut heads: Vec<String> = plain.iter().chain(bands).chain(chance).map(|key| words.text(key)).collect();
    let layers = outcome.rows.first().map_or(&[][..], |row| &row.by_layer);
    heads.extend(layers.iter().map(|(layer, _)| words.word(layer.code())));
    let mut table = table::table(&heads);
    // No more digits than an estimate has.
    let is_coarse = outcome.error.is_some_and(|(error, _)| error >= 1.0);
    let value = |value: f64| if is_coarse { format!("{value:.0}") } else { shown(value) };
    for row in &outcome.rows {
        let mut cells = vec![
            row.rank.to_string(),
            network.id(row.node).to_owned(),
            network.name(row.node).to_owned(),
            value(row.value),
        ];
        match row.band {
            Some(band) => {
                cells.extend([words.share(band.top_ten), format!("{}–{}", band.best, band.worst)]);
            }
            // Somebody whom every draw dropped.
            None => cells.extend(bands.iter().map(|_| "–".to_owned())),
        }
        cells.extend(
            row.likely
                .into_iter()
                .flat_map(|likely| [shown(likely.expected), small(likely.p), small(likely.q)]),
        );
        cells.extend(row.by_layer.iter().map(|(_, value)| shown(*value)));
        table::row(&mut table, cells);
    }
    let summary =
        Message::new("rank-summary").count("shown", outcome.rows.len()).count("total", outcome.ranked);
    let (text, summary) = (table::text(&table), words.say(&summary));
    session.out.line(text)?;
    session.out.line(summary)
}

/// A chance in three digits.
fn small(chance: f64) -> String {
    if chance < 0.001 { format!("{chance:.1e}") } else { format!("{chance:.3}") }
}

/// A value with as many digits as tell it from its neighbours.
fn shown(value: f64) -> String {
    if value != 0.0 && value.abs() < 1.0 { format!("{value:.6}") } else { two_decimals(value) }
}
