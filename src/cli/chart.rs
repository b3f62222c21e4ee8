//! `chart`: a chart of figures.

use std::path::PathBuf;

use parasol::model::{Level, Message};
use parasol::tasks::charts::Kind;
use parasol::tasks::{self, charts, draw};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Which; `--list` names them
    #[arg(required_unless_present = "list")]
    kind: Option<String>,
    /// The file; its ending says SVG, PNG or PDF
    #[arg(long, short, value_name = "FILE", required_unless_present = "list")]
    out: Option<PathBuf>,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
    /// The charts there are
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let (Some(name), Some(out), false) = (&args.kind, &args.out, args.list) else {
        return list(session);
    };
    let known = || Kind::ALL.map(Kind::name).join(", ");
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| {
        Problem::usage(Message::new("error-chart").text("name", name).text("known", known()))
    })?;
    draw::format(out)?;
    tasks::files::check_output(out, session.store(), &[])?;
    let store = session.open()?;
    let access = session.access(Level::Briefing);
    let by = args.yardstick.into();
    let picture = charts::of_store(store.as_ref(), &access, &session.catalogue, kind, by)?;
    draw::write(&picture, out)?;
    session.written(out)?;
    Ok(Exit::Done)
}

fn list(session: &mut Session) -> Result<Exit, Problem> {
    for kind in Kind::ALL {
        let says = session.words().text(kind.key());
        if session.global.json {
            session.out.json(&serde_json::json!({ "chart": kind.name(), "says": says }))?;
        } else {
            session.out.line(format!("{} — {says}", kind.name()))?;
        }
    }
    Ok(Exit::Done)
}
