//! `paths`: the best evidence-weighted paths between two, hop by hop, and what else is asked of them.

use serde_json::json;

use parasol::analysis::nulls::{Chance, Statistic};
use parasol::analysis::paths::{ChainOptions, Chains, MAX_HOPS, PATHS, Together, WAIT};
use parasol::model::{Arg, Date, Level, Message};
use parasol::network::{Network, Period};
use parasol::report;
use parasol::tasks::{self, paths::Request};

use super::args::probability;
use super::exit::{Exit, Problem};
use super::session::Session;
use super::wrong::NotTaken;

/// How many paths of those within a bound are shown.
const ALL: u32 = 100;
/// More than anybody reads; each further path takes a search of its own.
const MOST: u32 = 1000;

fn how_many(text: &str) -> Result<u32, NotTaken> {
    text.parse::<u32>()
        .ok()
        .filter(|count| (1..=MOST).contains(count))
        .ok_or_else(|| NotTaken::range("1–1000"))
}

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// One end, by id or name
    a: String,
    /// The other end, by id or name
    b: String,
    /// How many paths at most, up to 1000; 3, or with --within 100
    #[arg(short, value_name = "N", value_parser = how_many)]
    k: Option<u32>,
    /// The longest path, in hops
    #[arg(long, value_name = "N", default_value_t = MAX_HOPS, value_parser = super::args::positive)]
    max_hops: u32,
    /// One end is a gang: paths to (or from) any of its listed members
    #[arg(long)]
    members: bool,
    /// Only ties that may have held on this day or later
    #[arg(long, value_name = "DATE", value_parser = super::args::date)]
    since: Option<Date>,
    /// Only ties that may have held on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = super::args::date)]
    until: Option<Date>,
    /// Not over these, by id or name
    #[arg(long, value_name = "ID", num_args = 1..)]
    avoid: Vec<String>,
    /// Not over anybody tied to more than N others
    #[arg(long, value_name = "N")]
    avoid_hubs: Option<u32>,
    /// Ties that have a direction are walked only forwards
    #[arg(long)]
    directed: bool,
    /// All paths at least so reliable, counted: exactly up to a million
    #[arg(long, value_name = "P", value_parser = probability)]
    within: Option<f64>,
    /// How surely the two are connected, all ways taken together
    #[arg(long)]
    together: bool,
    /// Whether the two are nearer than chance (a gang stands for itself and its members): N draws that keep
    /// everybody's number of ties in each layer
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "1000",
        conflicts_with_all = ["avoid", "avoid_hubs"], value_parser = clap::value_parser!(u64).range(1..))]
    chance: Option<u64>,
    /// Chains in time: each hop later than the one before (money, unless --layers says otherwise)
    #[arg(long, conflicts_with_all = ["within", "together", "chance", "directed"])]
    in_time: bool,
    /// In time: how many days money or word rests between two hops, at most
    #[arg(long, value_name = "DAYS", default_value_t = WAIT, requires = "in_time")]
    wait: u32,
    /// Look at the whole network, however large: as a rule only at what lies between the two
    #[arg(long)]
    whole: bool,
    /// In time: what share of the first amount must be able to come through, at least
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = probability, requires = "in_time")]
    share: f64,
}

impl Args {
    fn request(&self, session: &Session) -> Request {
        let usual = if self.within.is_some() { ALL } else { PATHS as u32 };
        Request {
            k: self.k.unwrap_or(usual) as usize,
            max_hops: self.max_hops,
            members: self.members,
            layers: session.layers().map(<[_]>::to_vec),
            period: Period { since: self.since, until: self.until },
            directed: self.directed,
            avoid: self.avoid.clone(),
            avoid_hubs: self.avoid_hubs,
            within: self.within,
            together: self.together,
            chance: self.chance,
            seed: session.global.seed,
            ..Request::between(&self.a, &self.b)
        }
    }
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let store = session.open()?;
    let access = session.access(Level::Case);
    let watch = session.bar("progress-paths").watch();
    let request = Request { watch, ..args.request(session) };
    let found = if args.in_time {
        let (max_hops, wait, share) = (args.max_hops, args.wait, args.share);
        let ask = ChainOptions { k: request.k, max_hops, wait, share };
        let network = tasks::open::network(store.as_ref(), &access)?;
        let chains = tasks::paths::in_time(&network, &request, &ask)?;
        show_chains(session, &network, &chains)?
    } else {
        let answer = tasks::paths::of_store(store.as_ref(), &access, &request, args.whole)?;
        let tasks::paths::Answer { network, outcome, looked } = answer;
        show_paths(session, &network, &outcome.paths)?;
        if let Some(hops) = looked {
            session.tell(&Message::new("paths-looked").count("hops", hops as usize));
        }
        if let Some((count, is_exact)) = outcome.within {
            show_count(session, args, count, is_exact)?;
        }
        if let Some(together) = outcome.together {
            show_together(session, together)?;
        }
        if let Some(chance) = outcome.chance {
            show_chance(session, chance)?;
        }
        outcome.paths.len()
    };
    if found == 0 {
        let nothing = Message::new(if args.in_time { "chains-nothing" } else { "paths-nothing" });
        let hint = Message::new(match (args.in_time, session.layers()) {
            (true, None) => "hint-chains",
            (true, Some(_)) => "hint-chains-longer",
            (false, _) => "hint-paths",
        });
        let nothing = nothing.text("a", &args.a).text("b", &args.b);
        return Err(Problem::new(Exit::Nothing, nothing).hint(hint));
    }
    Ok(Exit::Done)
}

fn show_paths(
    session: &mut Session,
    network: &Network,
    paths: &[parasol::analysis::paths::Path],
) -> Result<(), Problem> {
    for (rank, path) in (1..).zip(paths) {
        if session.global.json {
            session.out.json(&report::pair::path(network, path, rank))?;
        } else {
            for line in report::lines::path(&session.catalogue, network, path, rank) {
                session.out.line(line)?;
            }
        }
    }
    Ok(())
}

fn show_count(session: &mut Session, args: &Args, count: u64, is_exact: bool) -> Result<(), Problem> {
    if session.global.json {
        return session.out.json(&json!({
            "within": args.within, "max_hops": args.max_hops, "paths": count, "exact": is_exact,
        }));
    }
    let message = Message::new(if is_exact { "paths-within" } else { "paths-within-at-least" })
        .count("count", count as usize)
        .text("least", args.within.unwrap_or_default().to_string())
        .count("hops", args.max_hops as usize);
    let line = session.words().say(&message);
    session.out.line(line)
}

fn show_together(session: &mut Session, together: Together) -> Result<(), Problem> {
    let Together { least, most, drawn } = together;
    if session.global.json {
        return session.out.json(&json!({
            "together": { "least": least, "most": most, "drawn": drawn.map(|(low, high)| [low, high]) },
        }));
    }
    let is_known = most - least < 5e-4;
    let message = Message::new(if is_known { "paths-together" } else { "paths-together-between" })
        .text("least", format!("{least:.3}"))
        .text("most", format!("{most:.3}"));
    let line = session.words().say(&message);
    session.out.line(line)?;
    let Some((low, high)) = drawn else { return Ok(()) };
    let message = Message::new("paths-together-drawn")
        .text("low", format!("{low:.3}"))
        .text("high", format!("{high:.3}"));
    let line = session.words().say(&message);
    session.out.line(line)
}

fn show_chance(session: &mut Session, chance: [Chance; 3]) -> Result<(), Problem> {
    let named = Statistic::ALL.into_iter().zip(chance);
    if session.global.json {
        let of = |chance: Chance| json!({ "seen": chance.seen, "expected": chance.expected, "p": chance.p });
        let all: serde_json::Map<_, _> =
            named.map(|(statistic, chance)| (statistic.code().to_owned(), of(chance))).collect();
        return session.out.json(&json!({ "chance": all }));
    }
    let keys = ["chance-tied", "chance-shared", "chance-three-hops"];
    for (key, (_, chance)) in keys.into_iter().zip(named) {
        let message = Message::new(key)
            .count("seen", chance.seen as usize)
            .with("expected", Arg::Number(chance.expected))
            .text("p", format!("{:.3}", chance.p));
        let line = session.words().say(&message);
        session.out.line(line)?;
    }
    Ok(())
}

fn show_chains(session: &mut Session, network: &Network, found: &Chains) -> Result<usize, Problem> {
    for (rank, chain) in (1..).zip(&found.chains) {
        if session.global.json {
            session.out.json(&report::pair::chain(network, chain, rank))?;
        } else {
            for line in report::lines::chain(&session.catalogue, network, chain, rank) {
                session.out.line(line)?;
            }
        }
    }
    if found.undated > 0 {
        session.tell(&Message::new("chains-undated").count("count", found.undated));
    }
    if !found.is_whole {
        session.tell(&Message::new("chains-not-all"));
    }
    Ok(found.chains.len())
}
