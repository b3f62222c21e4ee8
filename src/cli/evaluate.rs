//! `evaluate`: how good a ranking is where the truth is known.

use std::path::PathBuf;

use parasol::analysis::evaluate::{BINS, Bin, Interval, Pooled, pool};
use parasol::generate::{STYLES, Style};
use parasol::model::{Level, Message};
use parasol::report::evaluation::document;
use parasol::tasks::evaluate::{self, Cities, OWN, Over, TESTING, Wrong};

use super::exit::{Exit, Problem};
use super::generate::{City, known_style, share};
use super::session::Session;
use super::table;

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
    /// Lists the first N pairs that the score has wrong
    #[arg(long, value_name = "N", default_value_t = 0)]
    wrong: usize,
    #[command(flatten)]
    city: City,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let overs = match &args.cities {
        Some(count) => of_cities(session, args, *count)?,
        None => vec![of_store(session, args)?],
    };
    for over in &overs {
        let missing = args.cities.map(|_| over.missing);
        if session.global.json {
            as_json(session, over, missing, args.wrong)?
        } else {
            as_tables(session, over, missing, args.wrong)?
        }
    }
    Ok(Exit::Done)
}

fn of_cities(session: &Session, args: &Args, count: u64) -> Result<Vec<Over>, Problem> {
    let styles: Vec<&'static Style> =
        if args.styles.is_empty() { STYLES.iter().collect() } else { args.styles.clone() };
    let turn = (args.first..args.first.saturating_add(count)).zip(styles.iter().cycle());
    let cities = turn.map(|(seed, style)| args.city.options(seed, style, 0.0)).collect();
    let request = Cities { cities, missing: args.missing.clone(), baselines: !args.no_baselines };
    let bar = session.progress("progress-evaluate", 1);
    let overs = evaluate::of_cities(&request, &|done, total| {
        bar.set_length(total.max(1));
        bar.set_position(done);
    });
    bar.finish_and_clear();
    Ok(overs?)
}

fn of_store(session: &Session, args: &Args) -> Result<Over, Problem> {
    let truth = args.truth.clone().unwrap_or_default();
    let (store, access) = (session.open()?, session.access(Level::Case));
    let report = evaluate::of_store(store.as_ref(), &access, &truth, &args.rankings, !args.no_baselines)?;
    if report.strangers > 0 {
        session.tell(&Message::new("evaluate-strangers").count("count", report.strangers));
    }
    let rankings = report.measured.into_iter().map(|one| (one.ranking, pool(&[one.figures]))).collect();
    Ok(Over { missing: 0.0, rankings, styles: vec![], wrong: report.wrong })
}

fn as_json(session: &mut Session, over: &Over, missing: Option<f64>, wrong: usize) -> Result<(), Problem> {
    for (name, pooled) in &over.rankings {
        session.out.json(&document(name, None, missing, pooled))?;
    }
    for (style, pooled) in &over.styles {
        session.out.json(&document(OWN, Some(style), missing, pooled))?;
    }
    for one in over.wrong.iter().take(wrong) {
        let factors: serde_json::Map<String, serde_json::Value> =
            one.factors.iter().map(|(name, size)| ((*name).to_owned(), (*size).into())).collect();
        session.out.json(&serde_json::json!({
            "wrong": if one.known.is_true() { "missed" } else { "false" },
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

fn as_tables(session: &mut Session, over: &Over, missing: Option<f64>, wrong: usize) -> Result<(), Problem> {
    if let Some(missing) = missing {
        let says = Message::new("evaluate-missing").with("missing", parasol::model::Arg::Share(missing));
        session.out.line(session.catalogue.say(&says))?;
    }
    let rows = over.rankings.iter().chain(&over.styles);
    rankings(session, rows)?;
    let Some((_, own)) = over.rankings.first() else { return Ok(()) };
    mechanisms(session, own)?;
    reliability(session, own)?;
    let says = Message::new("evaluate-discoveries")
        .with("any", parasol::model::Arg::Share(own.any_discovery))
        .with("wrong", parasol::model::Arg::Share(own.false_discoveries))
        .with("plain", parasol::model::Arg::Share(own.false_without_decoys));
    session.out.line(session.catalogue.say(&says))?;
    for one in over.wrong.iter().take(wrong) {
        session.out.line(wrong_line(one))?;
    }
    Ok(())
}

fn heads(session: &Session, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| session.catalogue.text(key)).collect()
}

/// A mean, with its interval where there are several cities.
fn told(of: Interval, digits: usize) -> String {
    match of.cities {
        0 => "–".to_owned(),
        1 => format!("{:.digits$}", of.mean),
        _ => format!("{:.digits$} ({:.digits$}–{:.digits$})", of.mean, of.low, of.high),
    }
}

fn rankings<'a>(
    session: &mut Session,
    rows: impl Iterator<Item = &'a (String, Pooled)>,
) -> Result<(), Problem> {
    let keys = [
        "head-ranking",
        "head-cities",
        "head-average-precision",
        "head-precision",
        "head-recall",
        "head-decoys-in-top",
        "head-brier",
        "head-over-line",
        "head-wrong-over-line",
    ];
    let mut all = table::table(&heads(session, &keys));
    for (name, pooled) in rows {
        let row = [
            name.clone(),
            pooled.cities.to_string(),
            told(pooled.average_precision, 3),
            told(pooled.precision, 3),
            told(pooled.recall, 3),
            told(pooled.decoys_in_top, 3),
            told(pooled.brier, 5),
            told(pooled.over_line, 1),
            told(pooled.wrong_over_line, 1),
        ];
        table::row(&mut all, row);
    }
    session.out.line(table::text(&all))
}

fn mechanisms(session: &mut Session, own: &Pooled) -> Result<(), Problem> {
    let mut all = table::table(&heads(session, &["head-mechanism", "head-truths", "head-found"]));
    for (name, (truths, found)) in &own.mechanisms {
        table::row(&mut all, [name.clone(), truths.to_string(), format!("{found:.2}")]);
    }
    session.out.line(table::text(&all))
}

fn reliability(session: &mut Session, own: &Pooled) -> Result<(), Problem> {
    let mut all = table::table(&heads(session, &["head-said", "head-pairs", "head-mean-said", "head-so"]));
    for (bounds, bin) in BINS.windows(2).zip(&own.reliability).filter(|(_, bin)| bin.pairs > 0) {
        let Bin { pairs, said, so } = *bin;
        let share = |sum: f64| format!("{:.2}", sum / pairs as f64);
        let row = [format!("{}–{}", bounds[0], bounds[1]), pairs.to_string(), share(said), share(so as f64)];
        table::row(&mut all, row);
    }
    session.out.line(table::text(&all))
}

fn wrong_line(one: &Wrong) -> String {
    let mut factors: Vec<(&str, f64)> = one.factors.iter().map(|(name, size)| (*name, *size)).collect();
    factors.retain(|(_, size)| size.abs() >= 0.05);
    let factors: Vec<String> = factors.iter().map(|(name, size)| format!("{name} {size:+.1}")).collect();
    let what = match (one.known.is_true(), &one.known.decoy) {
        (true, _) => one.known.mechanisms.join("+"),
        (false, Some(decoy)) => decoy.clone(),
        (false, None) => "–".to_owned(),
    };
    let mark = if one.known.is_true() { '-' } else { '+' };
    let rank = one.rank.map_or("–".to_owned(), |rank| rank.to_string());
    format!(
        "{mark} {}  {rank}  {} {}  {:.2}  {what}: {}",
        one.city,
        one.official,
        one.gang,
        one.score,
        factors.join(", ")
    )
}
