//! `rank`: a centrality of everybody.

use serde::Serialize;

use parasol::analysis::{self, centrality::RankOutcome};
use parasol::messages::two_decimals;
use parasol::model::{Kind, Level, Message};
use parasol::network::Network;
use parasol::tasks::{self, rank::Request};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

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
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// Says how firm each rank is when data are missing
    #[arg(long)]
    bands: bool,
    /// Everybody, not only officials, members, suspects and people leads name
    #[arg(long)]
    all_people: bool,
    /// The measures there are, what each says and costs
    #[arg(long)]
    list: bool,
}

fn kind(code: &str) -> Result<Kind, String> {
    let known = || Kind::ALL.iter().map(|kind| kind.code()).collect::<Vec<_>>().join(", ");
    Kind::from_code(code).ok_or_else(|| format!("known kinds: {}", known()))
}

#[derive(Serialize)]
struct Doc<'a> {
    rank: usize,
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_ten: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    worst: Option<usize>,
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
        top: Some(args.top),
        bands: args.bands,
        layers: session.layers().map(<[_]>::to_vec),
        seed: session.global.seed,
    };
    tasks::rank::measure(&request.by)?;
    let store = session.open()?;
    let network = tasks::open::network(store.as_ref(), &session.access(Level::Case))?;
    let outcome = tasks::rank::run(&network, &request)?;
    if outcome.rows.is_empty() {
        return Err(Problem::new(Exit::Nothing, Message::new("rank-nothing")));
    }
    if session.global.json {
        as_json(session, &network, &outcome)?
    } else {
        as_table(session, &network, &outcome)?
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
            top_ten: row.band.map(|band| band.top_ten),
            best: row.band.map(|band| band.best),
            worst: row.band.map(|band| band.worst),
        })?;
    }
    Ok(())
}

fn as_table(session: &mut Session, network: &Network, outcome: &RankOutcome) -> Result<(), Problem> {
    let words = session.words();
    let bands = outcome.rows.iter().any(|row| row.band.is_some());
    let heads = ["head-rank", "head-id", "head-name", "head-value"].into_iter();
    let heads = heads.chain(bands.then_some(["head-top-ten", "head-band"]).into_iter().flatten());
    let mut table = table::table(&heads.map(|key| words.text(key)).collect::<Vec<_>>());
    for row in &outcome.rows {
        let mut cells = vec![
            row.rank.to_string(),
            network.id(row.node).to_owned(),
            network.name(row.node).to_owned(),
            shown(row.value),
        ];
        cells.extend(
            row.band
                .into_iter()
                .flat_map(|band| [words.share(band.top_ten), format!("{}–{}", band.best, band.worst)]),
        );
        table::row(&mut table, cells);
    }
    let summary =
        Message::new("rank-summary").count("shown", outcome.rows.len()).count("total", outcome.ranked);
    let (text, summary) = (table::text(&table), words.say(&summary));
    session.out.line(text)?;
    session.out.line(summary)
}

/// A value with as many digits as tell it from its neighbours.
fn shown(value: f64) -> String {
    if value != 0.0 && value.abs() < 1.0 { format!("{value:.6}") } else { two_decimals(value) }
}
