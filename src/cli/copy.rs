//! `copy`: a store to another place, from a file to a server and back.

use parasol::model::Message;
use parasol::tasks::copy::{Watched, copy};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The store to copy: a file, or a server
    from: String,
    /// Where to: a new file, or an empty database of a server
    to: String,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let (from, to) = (session.address(&args.from)?, session.address(&args.to)?);
    let bar = session.bar("progress-copy");
    let watched =
        Watched { copying: &|done, all| bar.at(done, all), comparing: &|| session.work("progress-compare") };
    let (digest, graph_left_out) = copy(&from, &to, &watched)?;
    if graph_left_out {
        session.tell(&Message::new("warn-graph-left-out"));
    }
    if session.global.json {
        session.out.json(&serde_json::json!({ "copy": to, "digest": digest }))?;
    } else {
        session.tell(&Message::new("copy-done").text("path", to).text("digest", digest));
    }
    Ok(Exit::Done)
}
