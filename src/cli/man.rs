//! `man`: the manual page, from the same definitions as the help; one page with every command.

use clap::Command;

use super::exit::{Exit, Problem};
use super::help;
use super::session::Session;

pub(crate) fn run(session: &mut Session) -> Result<Exit, Problem> {
    let mut command = help::command(session.catalogue.lang());
    command.build();
    let mut bytes = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut bytes)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        bytes.extend(section(sub)?);
    }
    session.out.bytes(&bytes)?;
    Ok(Exit::Done)
}

/// A command's own part of the page.
fn section(sub: &Command) -> Result<Vec<u8>, Problem> {
    let mut bytes = format!(".SH \"parasol {}\"\n", sub.get_name()).into_bytes();
    let man = clap_mangen::Man::new(sub.clone());
    man.render_description_section(&mut bytes)?;
    man.render_options_section(&mut bytes)?;
    Ok(bytes)
}
