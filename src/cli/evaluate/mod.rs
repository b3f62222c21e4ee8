//! `evaluate`: how good a ranking is where the truth is known.

mod tables;

use std::path::PathBuf;

use parasol::analysis::evaluate::pool;
use parasol::analysis::umbrella::Weights;
use parasol::generate::{STYLES, Style};
use parasol::model::{Level, Message};
use parasol::report::evaluation::{Line, document};
use parasol::tasks;
use parasol::tasks::evaluate::{self, Cities, Group, OWN, Over, Run, TESTING, Wrong};

use super::exit::{Exit, Problem};
use super::generate::{City, known_style, share};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The truth: official,gang,mechanisms,decoy,evidence
    #[arg(value_name = "TRUTH", required_unless_present = "cities")]
    truth: Option<PathBuf>,
    /// Rankings to measure instead of the store's own: official,gang,score
    #[arg(value_name = "RANKING")]
    rankings: Vec<PathBuf>,
    /// Makes so many cities and measures the score on them, one seed a city
    #[arg(long, value_name = "N", conflicts_with = "truth", value_parser = clap::value_parser!(u64).range(1..))]
    cities: Option<u64>,
    /// The first seed; those under 1001 are for fitting
    #[arg(long, value_name = "SEED", default_value_t = TESTING, requires = "cities")]
    first: u64,
    /// The cities' styles in turn, by commas (default: all)
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = known_style, requires = "cities")]
    styles: Vec<&'static Style>,
    /// Shares of rows that are missing, by commas
    #[arg(long, value_name = "P,P", value_delimiter = ',', value_parser = share, default_value = "0", requires = "cities")]
    missing: Vec<f64>,
    /// Leaves out the baselines
    #[arg(long)]
    no_baselines: bool,
    /// Lists the first N pairs that the score, or each ranking, has wrong
    #[arg(long, value_name = "N", default_value_t = 0)]
    wrong: usize,
    #[command(flatten)]
    city: City,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let run = match &args.cities {
        Some(count) => of_cities(session, args, *count)?,
        None => of_store(session, args)?,
    };
    for over in &run.overs {
        match session.global.json {
            true => as_json(session, over, args.wrong)?,
            false => tables::print(session, over, args.wrong)?,
        }
    }
    if run.done < run.wanted {
        // The city that was under way goes with its folder.
        tasks::files::clean_up();
        let says = Message::new("evaluate-broken-off").count("done", run.done).count("wanted", run.wanted);
        session.tell(&says);
        return Ok(Exit::Interrupted);
    }
    Ok(Exit::Done)
}

fn of_cities(session: &Session, args: &Args, count: u64) -> Result<Run, Problem> {
    let styles: Vec<&'static Style> =
        if args.styles.is_empty() { STYLES.iter().collect() } else { args.styles.clone() };
    let turn = (args.first..args.first.saturating_add(count)).zip(styles.iter().cycle());
    let cities = turn.map(|(seed, style)| args.city.options(seed, style, 0.0)).collect();
    let request = Cities { cities, missing: args.missing.clone(), baselines: !args.no_baselines };
    let bar = session.bar("progress-evaluate");
    bar.at(0, 1);
    Ok(evaluate::of_cities(&request, &|done, wanted| bar.at(done as u64, wanted as u64))?)
}

fn of_store(session: &Session, args: &Args) -> Result<Run, Problem> {
    let truth = args.truth.clone().unwrap_or_default();
    let (store, access) = (session.open()?, session.access(Level::Case));
    let report = evaluate::of_store(store.as_ref(), &access, &truth, &args.rankings, !args.no_baselines)?;
    if report.strangers > 0 {
        session.tell(&Message::new("evaluate-strangers").count("count", report.strangers));
    }
    let group = |one: evaluate::Measured| Group {
        ranking: one.ranking,
        pooled: pool(&[one.figures]),
        ..Group::default()
    };
    let groups = report.measured.into_iter().map(group).collect();
    Ok(Run { overs: vec![Over { groups, wrong: report.wrong, ..Over::default() }], done: 1, wanted: 1 })
}

/// The first so many that each ranking has wrong.
fn first_wrong(over: &Over, most: usize) -> impl Iterator<Item = &Wrong> {
    over.wrong.chunk_by(|a, b| a.file == b.file).flat_map(move |of_one| of_one.iter().take(most))
}

fn as_json(session: &mut Session, over: &Over, wrong: usize) -> Result<(), Problem> {
    let weights = Weights::default().digest();
    for group in &over.groups {
        session.out.json(&document(&Line {
            ranking: &group.ranking,
            weights: (group.ranking == OWN).then_some(&weights),
            style: group.style,
            missing: over.missing,
            seeds: &group.seeds,
            broken_off: over.broken_off,
            pooled: &group.pooled,
        }))?;
    }
    for one in first_wrong(over, wrong) {
        let factors: serde_json::Map<String, serde_json::Value> =
            one.factors.iter().map(|(name, size)| ((*name).to_owned(), (*size).into())).collect();
        session.out.json(&serde_json::json!({
            "wrong": if one.known.is_true() { "missed" } else { "false" },
            "file": one.file,
            "city": one.city,
            "rank": one.rank,
            "official": one.official,
            "gang": one.gang,
            "score": one.score,
            "mechanisms": one.known.mechanisms,
            "decoy": one.known.decoy,
            "factors": factors,
        }))?;
    }
    Ok(())
}
