//! `score`: one line a new lead, against a store that it does not change.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use parasol::model::{Id, Level, Message};
use parasol::report::{self, likelihood};
use parasol::tasks::score::{self, Request, Scored};
use parasol::tasks::{self, TaskError};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A `leads.csv`, or a bundle folder with new leads, relations and sources
    leads: PathBuf,
    /// JSON lines go to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Goes on with a file that was broken off
    #[arg(long, requires = "out")]
    resume: bool,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    if let Some(out) = &args.out {
        tasks::files::check_output(out, session.store(), std::slice::from_ref(&args.leads))?;
    }
    let kept = match &args.out {
        Some(path) if args.resume => whole_lines(path)?,
        _ => String::new(),
    };
    let request = Request {
        store: session.store().to_owned(),
        leads: args.leads.clone(),
        yardstick: args.yardstick.into(),
        done: leads_of(&kept),
    };
    let scored = score::run(&request, &session.access(Level::Case), &session.json_catalogue)?;
    super::import::tell_all_rejected(session, &scored.imported);
    if lacks_sources(&args.leads, &scored) {
        session.tell(&Message::new("hint-score-folder"));
    }
    if scored.leads.is_empty() && request.done.is_empty() && scored.imported.rejected == 0 {
        let why = if scored.known.is_empty() { "score-none" } else { "score-known" };
        session.tell(&Message::new(why));
    }
    match &args.out {
        Some(path) => to_file(session, path, kept, &scored)?,
        None if session.global.json => {
            lines(session, &scored)?.iter().try_for_each(|line| session.out.line(line))?
        }
        None => as_table(session, &scored)?,
    }
    Ok(exit(&request, &scored))
}

/// A single file was given, names what it does not hold, and sources lie beside it.
fn lacks_sources(leads: &Path, scored: &Scored) -> bool {
    let beside = leads.is_file() && leads.with_file_name("sources.csv").is_file();
    let mut reasons = scored.imported.first_rejected.iter().flat_map(|rejected| &rejected.reasons);
    beside && reasons.any(|reason| reason.code() == "unknown_reference")
}

fn exit(request: &Request, scored: &Scored) -> Exit {
    if scored.imported.rejected > 0 {
        Exit::Rejected
    } else if scored.leads.is_empty() && request.done.is_empty() {
        Exit::Nothing
    } else {
        Exit::Done
    }
}

/// One line a lead: those scored and those known by id, then those whose rows were rejected.
fn lines(session: &Session, scored: &Scored) -> Result<Vec<String>, Problem> {
    let words = &session.json_catalogue;
    let new =
        scored.leads.iter().map(|lead| (Some(lead.lead.clone()), line(&report::pair::lead(words, lead))));
    let mut lines: Vec<_> = new.collect();
    let (known, rejected): (Vec<_>, Vec<_>) =
        scored.unscored(words).into_iter().partition(|unscored| unscored.place.is_none());
    lines.extend(known.into_iter().map(|unscored| (unscored.lead.clone(), line(&unscored))));
    lines.sort_by(|a, b| a.0.cmp(&b.0));
    let rejected = rejected.iter().map(line);
    lines.into_iter().map(|(_, line)| line).chain(rejected).collect()
}

fn line(document: &impl serde::Serialize) -> Result<String, Problem> {
    Ok(serde_json::to_string(document).map_err(std::io::Error::from)?)
}

/// The lines of a file that are whole: a last one without its end was being written.
fn whole_lines(path: &Path) -> Result<String, Problem> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.rfind('\n').and_then(|end| text.get(..=end)).unwrap_or("").to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(TaskError::file(path)(error).into()),
    }
}

fn leads_of(text: &str) -> BTreeSet<String> {
    let lead = |line: &str| {
        let document: serde_json::Value = serde_json::from_str(line).ok()?;
        Some(document.get("lead")?.as_str()?.to_owned())
    };
    text.lines().filter_map(lead).collect()
}

/// Writes all lines, those kept first, in one go and under a temporary name until they are whole.
fn to_file(session: &mut Session, path: &Path, kept: String, scored: &Scored) -> Result<(), Problem> {
    let mut text = kept.clone();
    // A rejected row may have no id to know it by: it is known by its line.
    let written: BTreeSet<&str> = kept.lines().collect();
    for line in lines(session, scored)?.iter().filter(|line| !written.contains(line.as_str())) {
        text.push_str(line);
        text.push('\n');
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(TaskError::file(path))?;
    file.write_all(text.as_bytes()).map_err(TaskError::file(path))?;
    file.persist(path).map_err(|error| TaskError::file(path)(error.error))?;
    session.written(path)
}

fn as_table(session: &mut Session, scored: &Scored) -> Result<(), Problem> {
    let words = session.words();
    let heads = ["head-lead", "head-priority", "head-official", "head-gang", "head-score", "head-strongest"];
    let mut table = table::table(&heads.map(|key| words.text(key)));
    for lead in &scored.leads {
        let best = lead.pairs.first();
        let name = |party: &parasol::analysis::umbrella::Party| format!("{} [{}]", party.name, party.id);
        let cells = [
            lead.lead.to_string(),
            likelihood::score(lead.priority),
            best.map_or(String::new(), |pair| name(&pair.official)),
            best.map_or(String::new(), |pair| name(&pair.gang)),
            best.map_or(String::new(), |pair| likelihood::score(pair.score)),
            best.map_or(String::new(), |pair| report::lines::reason(words, pair)),
        ];
        table::row(&mut table, cells);
    }
    let blank = || std::iter::repeat_n(String::new(), 4);
    for lead in &scored.known {
        let why = words.text("score-lead-known");
        table::row(&mut table, std::iter::once(lead.to_string()).chain(blank()).chain([why]));
    }
    for row in scored.rejected() {
        let lead = row.id.as_ref().map_or_else(|| row.origin.to_string(), Id::to_string);
        let why: Vec<String> =
            row.reasons.iter().map(|reason| tasks::import::reason(words, reason)).collect();
        let why = words
            .say(&Message::new("score-lead-rejected").text("reason", why.join(&words.text("list-join"))));
        table::row(&mut table, std::iter::once(lead).chain(blank()).chain([why]));
    }
    let summary = Message::new("score-summary")
        .count("leads", scored.leads.len())
        .count("known", scored.known.len())
        .count("rejected", scored.rejected().count());
    let summary = words.say(&summary);
    let text = table::text(&table);
    session.out.line(text)?;
    session.out.line(summary)
}
