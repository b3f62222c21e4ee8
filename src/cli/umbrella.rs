//! `umbrella`: the pairs, best first.

use parasol::analysis::umbrella::{Outcome, Pair};
use parasol::model::{Level, Message};
use parasol::report::brief::{Side, signed};
use parasol::report::{self, likelihood};
use parasol::tasks::{self, umbrella::Request};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Only this gang, by id or name
    #[arg(long, value_name = "ID")]
    gang: Option<String>,
    /// Only this official, by id or name
    #[arg(long, value_name = "ID")]
    official: Option<String>,
    /// Only the best N
    #[arg(long, value_name = "N")]
    top: Option<usize>,
    /// Only pairs scored at least P
    #[arg(long, value_name = "P", value_parser = super::args::probability)]
    min_score: Option<f64>,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let store = session.open()?;
    let request = Request {
        gang: args.gang.clone(),
        official: args.official.clone(),
        yardstick: args.yardstick.into(),
        watches: session.watches(),
    };
    let outcome = tasks::umbrella::run(store.as_ref(), &session.access(Level::Case), &request)?;
    if outcome.pairs.is_empty() {
        return Err(Problem::new(Exit::Nothing, Message::new("umbrella-nothing")));
    }
    let least = args.min_score.unwrap_or(0.0);
    let shown: Vec<&Pair> = outcome
        .pairs
        .iter()
        .filter(|pair| pair.score >= least)
        .take(args.top.unwrap_or(usize::MAX))
        .collect();
    if session.global.json {
        as_json(session, &shown)?
    } else {
        as_table(session, &outcome, &shown)?
    }
    Ok(Exit::Done)
}

fn as_json(session: &mut Session, pairs: &[&Pair]) -> Result<(), Problem> {
    for pair in pairs {
        let doc = report::pair::pair(&session.json_catalogue, pair);
        session.out.json(&doc)?;
    }
    Ok(())
}

fn as_table(session: &mut Session, outcome: &Outcome, pairs: &[&Pair]) -> Result<(), Problem> {
    let words = session.words();
    let heads = ["head-rank", "head-official", "head-gang", "head-score", "head-p", "head-q", "head-why"];
    let mut table = table::table(&heads.map(|key| words.text(key)));
    let value = |value: Option<f64>| value.map_or(String::new(), likelihood::chance);
    for pair in pairs {
        let mark = if pair.over_line { "●" } else { "" };
        let why: Vec<String> = pair
            .factors
            .iter()
            .filter(|factor| factor.log_odds != 0.0 && Side::of(factor) != Side::Start)
            .map(|factor| {
                format!("{} {}", report::factor_name(words, factor.factor), signed(factor.log_odds))
            })
            .collect();
        let row = [
            format!("{}{mark}", pair.rank.map_or(String::new(), |rank| rank.to_string())),
            format!("{} [{}]", pair.official.name, pair.official.id),
            format!("{} [{}]", pair.gang.name, pair.gang.id),
            likelihood::score(pair.score),
            value(pair.p_value),
            value(pair.q_value),
            why.join(", "),
        ];
        table::row(&mut table, row);
    }
    let text = table::text(&table);
    let over = outcome.pairs.iter().filter(|pair| pair.over_line).count();
    let summary = Message::new("umbrella-summary")
        .count("shown", pairs.len())
        .count("total", outcome.pairs.len())
        .count("over", over)
        .with("line", parasol::model::Arg::Number(outcome.line));
    let (summary, lead) = (words.say(&summary), words.text("pair-lead-only"));
    session.out.line(text)?;
    session.out.line(summary)?;
    session.out.line(lead)
}
