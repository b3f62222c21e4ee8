//! `explain`: one pair in full.

use parasol::messages::tame;
use parasol::model::Level;
use parasol::report;
use parasol::tasks::{self, umbrella::Request};

use super::exit::{Exit, Problem};
use super::pair;
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The official, by id or name
    official: String,
    /// The gang, by id or name
    gang: String,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let store = session.open()?;
    let request = Request { yardstick: args.yardstick.into(), ..Request::pair(&args.official, &args.gang) };
    let found = tasks::umbrella::pair(store.as_ref(), &session.access(Level::Case), &request)?;
    if session.global.json {
        let doc = report::pair::explained(&session.json_catalogue, &found.pair, &found.network, &found.best);
        session.out.json(&doc)?;
    } else {
        for line in pair::lines(&session.catalogue, &found) {
            session.out.line(tame(&line))?;
        }
    }
    Ok(Exit::Done)
}
