//! `brief`: the one-page brief of a pair or a lead.

use std::path::PathBuf;

use parasol::model::Level;
use parasol::tasks;
use parasol::tasks::brief::{self, Subject};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
#[command(group(clap::ArgGroup::new("subject").required(true).args(["pair", "lead"])))]
pub(crate) struct Args {
    /// An official and a gang
    #[arg(long, num_args = 2, value_names = ["OFFICIAL", "GANG"])]
    pair: Option<Vec<String>>,
    /// A lead
    #[arg(long, value_name = "ID")]
    lead: Option<String>,
    /// The file; its ending says PDF, PNG, SVG or HTML
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    parasol::tasks::draw::check_form(&args.out)?;
    tasks::files::check_output(&args.out, session.store(), &[])?;
    let subject = match (args.pair.as_deref(), &args.lead) {
        (Some([official, gang]), _) => Subject::Pair(official.clone(), gang.clone()),
        (_, lead) => Subject::Lead(lead.clone().unwrap_or_default()),
    };
    let store = session.open()?;
    let access = session.access(Level::Briefing);
    let made = brief::of_store(store.as_ref(), &access, &session.catalogue, &subject, args.yardstick.into())?;
    brief::write(&made, &args.out)?;
    session.written(&args.out)?;
    Ok(Exit::Done)
}
