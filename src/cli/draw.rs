//! `draw`: a network diagram.

use std::path::PathBuf;

use parasol::model::{Level, Message};
use parasol::render::Style;
use parasol::render::scene::Plan;
use parasol::tasks;
use parasol::tasks::draw::{self, Request, Subject, Wishes};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
#[command(group(clap::ArgGroup::new("subject").required(true).args(["pair", "lead", "gang", "around", "path", "all"])))]
pub(crate) struct Args {
    /// An official and a gang
    #[arg(long, num_args = 2, value_names = ["OFFICIAL", "GANG"])]
    pair: Option<Vec<String>>,
    /// A lead
    #[arg(long, value_name = "ID")]
    lead: Option<String>,
    /// A gang
    #[arg(long, value_name = "ID")]
    gang: Option<String>,
    /// What stands around these
    #[arg(long, value_name = "ID", num_args = 1..)]
    around: Option<Vec<String>>,
    /// The paths between two
    #[arg(long, num_args = 2, value_names = ["A", "B"])]
    path: Option<Vec<String>>,
    /// The whole network, folded into groups that can be read
    #[arg(long)]
    all: bool,
    /// The file; its ending says SVG, PNG, PDF or HTML
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// How many ties away `--around` looks
    #[arg(long, value_name = "N", default_value_t = 1)]
    hops: usize,
    /// Disproved ties as well; otherwise only their number is told
    #[arg(long)]
    disproved: bool,
    /// The most cards drawn one by one; without it, as many as can be read in print
    #[arg(long, value_name = "N")]
    max_nodes: Option<usize>,
    /// In rows from official to gang, as springs pull, or on a circle; without it, as is best read
    #[arg(long, value_name = "rows|springs|circle", value_parser = Plan::ALL.map(Plan::code))]
    layout: Option<String>,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
    /// In colour, or for black-and-white print
    #[arg(long, value_name = "colour|print", value_parser = ["colour", "print"], default_value = "colour")]
    style: String,
}

impl Args {
    fn subject(&self) -> Subject {
        match (&self.pair, &self.lead, &self.gang, &self.around, &self.path) {
            (Some(pair), ..) => two(pair, Subject::Pair),
            (_, Some(lead), ..) => Subject::Lead(lead.clone()),
            (_, _, Some(gang), ..) => Subject::Gang(gang.clone()),
            (_, _, _, Some(around), _) => Subject::Around(around.clone(), self.hops),
            (.., Some(path)) => two(path, Subject::Path),
            _ => Subject::All,
        }
    }
}

/// The two names that clap made sure of.
fn two(names: &[String], subject: fn(String, String) -> Subject) -> Subject {
    let name = |at: usize| names.get(at).cloned().unwrap_or_default();
    subject(name(0), name(1))
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    draw::check_form(&args.out)?;
    tasks::files::check_output(&args.out, session.store(), &[])?;
    let store = session.open()?;
    let style = if args.style == "print" { Style::Print } else { Style::Colour };
    let plan = args.layout.as_deref().and_then(|word| Plan::ALL.into_iter().find(|plan| plan.code() == word));
    let wishes =
        Wishes { most: args.max_nodes, plan, disproved: args.disproved, yardstick: args.yardstick.into() };
    let request = Request { subject: args.subject(), wishes, style, watches: session.watches() };
    let drawn = draw::draw(store.as_ref(), &session.access(Level::Briefing), &session.catalogue, &request)?;
    draw::write_drawn(&drawn, &session.catalogue, &args.out)?;
    if !drawn.picture.missing.is_empty() {
        let characters: String = drawn.picture.missing.iter().collect();
        session.tell(&Message::new("draw-missing").text("characters", characters));
    }
    session.written(&args.out)?;
    Ok(Exit::Done)
}
