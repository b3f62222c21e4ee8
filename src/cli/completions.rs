//! `completions`: for a shell, from the same definitions as the help.

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "parasol", &mut bytes);
    session.out.bytes(&bytes)?;
    Ok(Exit::Done)
}
