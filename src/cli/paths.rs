//! `paths`: the best evidence-weighted paths between two, hop by hop.

use parasol::analysis::paths::{MAX_HOPS, PATHS};
use parasol::model::{Level, Message};
use parasol::report;
use parasol::tasks::{self, paths::Request};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// One end, by id or name
    a: String,
    /// The other end, by id or name
    b: String,
    /// How many paths at most
    #[arg(short, value_name = "N", default_value_t = PATHS as u32, value_parser = clap::value_parser!(u32).range(1..))]
    k: u32,
    /// The longest path, in hops
    #[arg(long, value_name = "N", default_value_t = MAX_HOPS)]
    max_hops: u32,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let store = session.open()?;
    let network = tasks::open::network(store.as_ref(), &session.access(Level::Case))?;
    let request = Request {
        a: args.a.clone(),
        b: args.b.clone(),
        k: args.k as usize,
        max_hops: args.max_hops,
        layers: session.layers().map(<[_]>::to_vec),
    };
    let outcome = tasks::paths::run(&network, &request)?;
    for (at, path) in outcome.paths.iter().enumerate() {
        let doc = report::pair::path(&network, path, at + 1);
        if session.global.json {
            session.out.json(&doc)?;
        } else {
            for line in report::lines::path(&session.catalogue, &network, path, at + 1) {
                session.out.line(line)?;
            }
        }
    }
    if outcome.paths.is_empty() {
        let nothing = Message::new("paths-nothing").text("a", &args.a).text("b", &args.b);
        return Err(Problem::new(Exit::Nothing, nothing).hint(Message::new("hint-paths")));
    }
    Ok(Exit::Done)
}
