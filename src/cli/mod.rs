//! The command line: one file a command; it translates to `tasks` and back, and holds no logic of
//! its own. Data goes to stdout, talk goes to stderr; the exit codes are those of
//! `docs/COMMANDS.md`. Only this module prints.

mod args;
mod backup;
#[cfg(feature = "render")]
mod brief;
mod busy;
#[cfg(feature = "render")]
mod chart;
mod completions;
mod copy;
#[cfg(feature = "render")]
mod draw;
mod evaluate;
mod exit;
mod explain;
mod find;
mod generate;
mod groups;
mod help;
mod import;
mod info;
mod man;
mod mapping;
mod out;
mod pair;
mod paths;
mod props;
mod rank;
#[cfg(feature = "render")]
mod report;
mod score;
mod secret;
mod session;
mod show;
mod table;
mod umbrella;
mod verify;
mod wrong;

use std::process::ExitCode;

use clap::FromArgMatches;

use parasol::messages::{Catalogue, Lang};
use parasol::model::Message;

use args::{Cli, Command};
use exit::{Exit, Problem};
use session::Session;

/// Reads the command line, does what it says, and gives the exit code.
pub(crate) fn run() -> ExitCode {
    let lang = session::lang_before_parsing(std::env::args_os());
    let matches = match help::command(lang).try_get_matches() {
        Ok(matches) => matches,
        Err(stop) => return usage(&stop, lang),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(stop) => return usage(&stop, lang),
    };
    let mut session = match Session::new(&cli.global) {
        Ok(session) => session,
        Err(problem) => return exit::report_early(&problem),
    };
    let result = dispatch(&mut session, cli.command).and_then(|exit| session.out.flush().map(|()| exit));
    session.busy.end();
    match result {
        Ok(exit) => exit.into(),
        Err(problem) => session.fail(&with_day(problem, &session)).into(),
    }
}

/// Somebody who is not found may not have been known on the day that was asked for.
fn with_day(problem: Problem, session: &Session) -> Problem {
    match session.global.as_of {
        Some(day) if problem.what.key == "error-unknown" && !problem.names_somebody() => {
            problem.hint(Message::new("hint-unknown-as-of").text("day", day.to_string()))
        }
        _ => problem,
    }
}

/// What is wrong with a command line (2), or the help that was asked for (0).
#[allow(clippy::print_stderr)] // before there is a session to say it in
fn usage(stop: &clap::Error, lang: Lang) -> ExitCode {
    let help_instead = stop.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    if help_instead || !stop.use_stderr() {
        // Nobody is left to tell when the terminal itself is gone.
        let _ = stop.print();
        return if help_instead { Exit::Usage.into() } else { Exit::Done.into() };
    }
    let exit = exit::report_early(&wrong::problem(stop));
    if let Some(usage) = wrong::usage(stop) {
        eprintln!("{} {usage}", Catalogue::new(lang).text("help-usage"));
    }
    exit
}

/// Commands that walk layers; elsewhere `--layers` would be a wish that nobody hears.
fn has_layers(command: &Command) -> bool {
    matches!(command, Command::Paths(_) | Command::Rank(_) | Command::Groups(_))
}

/// Commands that look at the store of `--store` or `PARASOL_STORE`.
#[cfg_attr(not(feature = "render"), allow(unused_variables, reason = "only a report may do without a store"))]
fn asks_the_store(session: &Session, command: &Command) -> bool {
    #[cfg(feature = "render")]
    if matches!(command, Command::Report(_)) {
        return session.global.store.is_some();
    }
    !matches!(
        command,
        Command::Copy(_)
            | Command::Mapping(_)
            | Command::Generate(_)
            | Command::Completions(_)
            | Command::Man
    )
}

fn dispatch(session: &mut Session, command: Command) -> Result<Exit, Problem> {
    if session.layers().is_some() && !has_layers(&command) {
        return Err(Problem::usage(Message::new("error-no-layers")));
    }
    if asks_the_store(session, &command) {
        session.unlock_store()?;
    }
    session.work("progress-work");
    match command {
        #[cfg(feature = "render")]
        Command::Report(args) => report::run(session, &args),
        Command::Import(args) => import::run(session, &args),
        Command::Show(args) => show::run(session, &args),
        Command::Find(args) => find::run(session, &args),
        Command::Umbrella(args) => umbrella::run(session, &args),
        Command::Explain(args) => explain::run(session, &args),
        Command::Score(args) => score::run(session, &args),
        Command::Paths(args) => paths::run(session, &args),
        Command::Rank(args) => rank::run(session, &args),
        Command::Groups(args) => groups::run(session, &args),
        #[cfg(feature = "render")]
        Command::Draw(args) => draw::run(session, &args),
        #[cfg(feature = "render")]
        Command::Chart(args) => chart::run(session, &args),
        #[cfg(feature = "render")]
        Command::Brief(args) => brief::run(session, &args),
        Command::Evaluate(args) => evaluate::run(session, &args),
        Command::Generate(args) => generate::run(session, &args),
        Command::Info => info::run(session),
        Command::Verify => verify::run(session),
        Command::Backup(args) => backup::run(session, &args),
        Command::Copy(args) => copy::run(session, &args),
        Command::Mapping(args) => mapping::run(session, &args),
        Command::Completions(args) => completions::run(session, &args),
        Command::Man => man::run(session),
    }
}
