//! `groups`: what holds together, who stands between, and who holds it together.

use serde_json::json;

use parasol::analysis::groups::{Bridge, Players, Roles};
use parasol::model::{Level, Message};
use parasol::network::{Network, NodeIx};
use parasol::tasks::groups::{Group, Method, Outcome, Request};
use parasol::tasks::{self};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;
use super::wrong::{NotTaken, number};

/// How many names of a group are shown on the terminal.
const NAMES: usize = 6;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// How: communities, potts, components, cores, blocks, bridges; brokers between gangs and agencies; key
    /// players to fragment or to reach; the two factions of a circle. `--list` says what each one is
    #[arg(long, value_name = "METHOD", default_value = "communities", value_parser = method)]
    by: Method,
    /// Greater means smaller communities
    #[arg(long, value_name = "R", value_parser = resolution)]
    resolution: Option<f64>,
    /// Whose circle is split into factions, by id or name
    #[arg(long, value_name = "ID", required_if_eq("by", "faction"))]
    of: Option<String>,
    /// How many key players; 5
    #[arg(long, value_name = "N", value_parser = super::args::positive)]
    size: Option<u32>,
    /// How near is near to key players, how wide a circle is, in hops; 2
    #[arg(long, value_name = "N", value_parser = super::args::positive)]
    hops: Option<u32>,
    /// Brokers: ties that have a direction lead only forwards
    #[arg(long)]
    directed: bool,
    /// Only the first N groups, brokers or bridges
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = super::args::positive)]
    top: u32,
    /// The methods there are, what each says and costs
    #[arg(long)]
    list: bool,
}

fn method(code: &str) -> Result<Method, NotTaken> {
    Method::from_code(code).ok_or_else(|| NotTaken::known(Method::ALL.iter().map(|method| method.code())))
}

fn resolution(text: &str) -> Result<f64, NotTaken> {
    number(text, "0–1000", |number| number > 0.0 && number <= 1000.0)
}

/// The table of methods.
fn list(session: &mut Session) -> Result<Exit, Problem> {
    for method in Method::ALL {
        let [title, says, cost] = method.keys().map(|key| session.words().text(key));
        if session.global.json {
            session
                .out
                .json(&json!({ "method": method.code(), "title": title, "says": says, "cost": cost }))?;
        } else {
            session.out.line(format!("{} — {title}\n  {says}\n  {cost}", method.code()))?;
        }
    }
    Ok(Exit::Done)
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    if args.list {
        return list(session);
    }
    let store = session.open()?;
    let network = tasks::open::network_watched(
        store.as_ref(),
        &session.access(Level::Case),
        &session.watches().opening,
    )?;
    let request = Request {
        by: args.by,
        resolution: args.resolution,
        of: args.of.clone(),
        size: args.size.map(|size| size as usize),
        hops: args.hops,
        directed: args.directed,
        layers: session.layers().map(<[_]>::to_vec),
        seed: session.global.seed,
        watch: session.bar("progress-groups").watch(),
    };
    let found = tasks::groups::run(&network, &request)?;
    let top = args.top as usize;
    let shown = match found {
        Outcome::Groups(groups) => show_groups(session, &network, &groups, top)?,
        Outcome::Bridges(bridges) => show_bridges(session, &network, &bridges, top)?,
        Outcome::Factions(sides, modularity) => show_factions(session, &network, &sides, modularity)?,
        Outcome::Brokers(brokers) => show_brokers(session, &network, &brokers, top, args)?,
        Outcome::Players(players) => show_players(session, &network, &players, args.by)?,
    };
    if shown == 0 {
        let nothing = Message::new("groups-nothing").count("nodes", network.node_count());
        return Err(Problem::new(Exit::Nothing, nothing).hint(Message::new("hint-groups")));
    }
    Ok(Exit::Done)
}

fn ids(network: &Network, nodes: &[NodeIx]) -> Vec<String> {
    nodes.iter().map(|&node| network.id(node).to_owned()).collect()
}

fn show_groups(
    session: &mut Session,
    network: &Network,
    groups: &[Group],
    top: usize,
) -> Result<usize, Problem> {
    let shown = &groups[..groups.len().min(top)];
    if session.global.json {
        for group in shown {
            session.out.json(&document(network, group))?;
        }
        return Ok(shown.len());
    }
    let table = table_of(session, network, shown);
    let summary = Message::new("rank-summary").count("shown", shown.len()).count("total", groups.len());
    close(session, &table, &summary, shown.len())
}

/// The two sides, the one of whom the circle is about first.
fn show_factions(
    session: &mut Session,
    network: &Network,
    sides: &[Group],
    modularity: f64,
) -> Result<usize, Problem> {
    if session.global.json {
        for side in sides {
            let mut document = document(network, side);
            document["modularity"] = json!(modularity);
            session.out.json(&document)?;
        }
        return Ok(sides.len());
    }
    let table = table_of(session, network, sides);
    let key = if sides.len() > 1 { "factions-summary" } else { "factions-none" };
    let summary = Message::new(key).text("value", format!("{modularity:.2}"));
    close(session, &table, &summary, sides.len())
}

fn document(network: &Network, group: &Group) -> serde_json::Value {
    json!({
        "group": group.number, "size": group.nodes.len(),
        "subjects": ids(network, &group.subjects), "nodes": ids(network, &group.nodes),
    })
}

fn table_of(session: &Session, network: &Network, groups: &[Group]) -> comfy_table::Table {
    let words = session.words();
    let heads = ["head-number", "head-size", "head-subjects", "head-who"].map(|key| words.text(key));
    let mut table = table::table(&heads);
    for group in groups {
        let names = group.subjects.iter().take(NAMES).map(|&node| network.name(node));
        let more = if group.subjects.len() > NAMES { " …" } else { "" };
        let names = names.collect::<Vec<_>>().join(" · ") + more;
        let counts = [group.number, group.nodes.len(), group.subjects.len()].map(|count| count.to_string());
        table::row(&mut table, counts.into_iter().chain([names]));
    }
    table
}

fn show_brokers(
    session: &mut Session,
    network: &Network,
    brokers: &[(NodeIx, Roles)],
    top: usize,
    args: &Args,
) -> Result<usize, Problem> {
    let shown = (1..).zip(brokers.iter().take(top));
    let count = brokers.len().min(top);
    if session.global.json {
        for (rank, (node, roles)) in shown {
            let mut line = json!({
                "rank": rank, "id": network.id(*node), "name": network.name(*node),
                "coordinator": roles.coordinator, "itinerant": roles.itinerant,
                "gatekeeper": roles.gatekeeper, "liaison": roles.liaison,
            });
            if args.directed {
                line["representative"] = json!(roles.representative);
            }
            session.out.json(&line)?;
        }
        return Ok(count);
    }
    let words = session.words();
    let mut heads = vec!["rank", "id", "name", "liaison", "gatekeeper", "itinerant", "coordinator"];
    heads.extend(args.directed.then_some("representative"));
    let heads: Vec<String> = heads.iter().map(|head| words.text(&format!("head-{head}"))).collect();
    let mut table = table::table(&heads);
    for (rank, (node, roles)) in shown {
        let who = [rank.to_string(), network.id(*node).to_owned(), network.name(*node).to_owned()];
        let mut pairs = vec![roles.liaison, roles.gatekeeper, roles.itinerant, roles.coordinator];
        pairs.extend(args.directed.then_some(roles.representative));
        table::row(&mut table, who.into_iter().chain(pairs.iter().map(u64::to_string)));
    }
    let summary = Message::new("rank-summary").count("shown", count).count("total", brokers.len());
    close(session, &table, &summary, count)?;
    let mut keys = vec![if args.directed { "brokers-roles-directed" } else { "brokers-roles" }];
    keys.extend((args.by == Method::Brokers).then_some("brokers-who"));
    for key in keys.into_iter().filter(|_| count > 0) {
        let line = session.words().text(key);
        session.out.line(line)?;
    }
    Ok(count)
}

/// Ties without which somebody cannot be reached, with how many lie on each side.
fn show_bridges(
    session: &mut Session,
    network: &Network,
    bridges: &[Bridge],
    top: usize,
) -> Result<usize, Problem> {
    let shown = &bridges[..bridges.len().min(top)];
    if session.global.json {
        for (rank, bridge) in (1..).zip(shown) {
            let ends = bridge.ends.map(|end| network.id(end));
            let names = bridge.ends.map(|end| network.name(end));
            session
                .out
                .json(&json!({ "rank": rank, "ends": ends, "names": names, "sides": bridge.sides }))?;
        }
        return Ok(shown.len());
    }
    let words = session.words();
    let heads = ["head-rank", "head-bridge-from", "head-side", "head-bridge-to", "head-side"];
    let mut table = table::table(&heads.map(|key| words.text(key)));
    for (rank, bridge) in (1..).zip(shown) {
        let [one, other] = bridge.ends.map(|end| format!("{} {}", network.name(end), network.id(end)));
        let [near, far] = bridge.sides.map(|side| side.to_string());
        table::row(&mut table, [rank.to_string(), one, near, other, far]);
    }
    let summary = Message::new("bridges-summary").count("shown", shown.len()).count("total", bridges.len());
    close(session, &table, &summary, shown.len())
}

fn show_players(
    session: &mut Session,
    network: &Network,
    players: &Players,
    by: Method,
) -> Result<usize, Problem> {
    let ranked = (1..).zip(&players.nodes);
    if session.global.json {
        for (rank, &node) in ranked {
            session.out.json(&json!({
                "rank": rank, "id": network.id(node), "name": network.name(node),
                "set": players.value, "before": players.before,
            }))?;
        }
        return Ok(players.nodes.len());
    }
    let words = session.words();
    let heads = ["head-rank", "head-id", "head-name"].map(|key| words.text(key));
    let mut table = table::table(&heads);
    for (rank, &node) in ranked {
        table::row(
            &mut table,
            [rank.to_string(), network.id(node).to_owned(), network.name(node).to_owned()],
        );
    }
    let key = if by == Method::Fragment { "players-fragment" } else { "players-reach" };
    let share = |share: f64| words.share(share);
    let summary = Message::new(key).text("before", share(players.before)).text("value", share(players.value));
    close(session, &table, &summary, players.nodes.len())
}

fn close(
    session: &mut Session,
    table: &comfy_table::Table,
    summary: &Message,
    shown: usize,
) -> Result<usize, Problem> {
    let (text, summary) = (table::text(table), session.words().say(summary));
    if shown > 0 {
        session.out.line(text)?;
        session.out.line(summary)?;
    }
    Ok(shown)
}
