//! `mapping guess`: a first mapping for tables with words of their own.

use std::path::PathBuf;

use parasol::tasks::files::{WholeFile, check_output};
use parasol::tasks::{TaskError, mapping};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// What to do: guess, which proposes a mapping from names and headers
    #[arg(value_parser = ["guess"])]
    action: String,
    /// CSV files, workbooks, folders of them, or a graph as bolt://host:port
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Where the mapping goes; without it it is printed
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let inputs = session.inputs(&args.inputs)?;
    let text = mapping::guess(&inputs)?;
    if let Some(path) = &args.out {
        check_output(path, session.store(), &args.inputs)?;
        let mut file = WholeFile::create(path)?;
        file.line(text.trim_end()).map_err(TaskError::file(path))?;
        file.finish()?;
        session.written(path)?;
    } else if session.global.json {
        session.out.json(&serde_json::json!({ "mapping": text }))?;
    } else {
        text.lines().try_for_each(|line| session.out.line(parasol::messages::tame(line)))?;
    }
    Ok(Exit::Done)
}
