//! `import`: a bundle into the store.

use std::path::PathBuf;

use parasol::ingest::Rejected;
use parasol::messages::{Lang, tame};
use parasol::model::{Date, Message};
use parasol::tasks::import::{Imported, Request, import};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A folder, a workbook (.xlsx), single CSV files named like their tables, or a graph as bolt://host:port
    #[arg(required_unless_present = "list_names", value_name = "BUNDLE")]
    paths: Vec<PathBuf>,
    /// What stands for what in tables with words of their own (see `mapping guess`)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Any bad row fails the import
    #[arg(long)]
    strict: bool,
    /// Where rejected rows go, as JSON lines
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Checks everything and writes nothing
    #[arg(long, short = 'n')]
    dry_run: bool,
    /// The day that undated facts became known
    #[arg(long, value_name = "DATE", value_parser = super::args::date)]
    recorded: Option<Date>,
    /// The Chinese names of tables, columns and words that are understood
    #[arg(long)]
    list_names: bool,
}

/// How many rejected rows are told on the terminal; a file gets them all.
const TOLD: usize = 20;

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    if args.list_names {
        return list_names(session);
    }
    let request = Request {
        strict: args.strict,
        dry_run: args.dry_run,
        recorded: args.recorded,
        rejects: args.rejects.clone(),
        keep_rejected: TOLD,
        mapping: args.mapping.clone(),
        ..Request::of(session.store(), &session.inputs(&args.paths)?)
    };
    let bar = session.bar("progress-import");
    let imported = import(&request, &session.json_catalogue, &|done, total| {
        bar.at(done, total);
        if done >= total {
            bar.say(session.catalogue.text("progress-settle"));
        }
    })?;
    tell(session, args, &imported);
    summary(session, args, &imported)?;
    if imported.graph_behind {
        session.tell(&Message::new("warn-graph-behind"));
    }
    if imported.broken_off {
        session.tell(&Message::new("error-interrupted-after"));
        return Ok(Exit::Interrupted);
    }
    Ok(if imported.rejected == 0 { Exit::Done } else { Exit::Rejected })
}

/// Rejected rows and notices, on stderr.
fn tell(session: &Session, args: &Args, imported: &Imported) {
    tell_all_rejected(session, imported);
    if imported.rejected > 0 && args.rejects.is_none() {
        session.tell(&Message::new("hint-rejects"));
    }
    for notice in &imported.notices {
        let words = parasol::tasks::import::notice(&session.catalogue, notice);
        session.tell(&Message::new("import-notice").text("notice", tame(&words)));
    }
}

/// The first rejected rows, on stderr, and how many more there are.
pub(super) fn tell_all_rejected(session: &Session, imported: &Imported) {
    let told = imported.first_rejected.iter().take(TOLD);
    let more = imported.rejected.saturating_sub(told.len() as u64);
    told.for_each(|rejected| tell_rejected(session, rejected));
    if more > 0 {
        session.tell(&Message::new("import-more-rejected").count("count", more as usize));
    }
}

/// All that is wrong with one row, on stderr; what is wrong with the row as a whole names no column.
fn tell_rejected(session: &Session, rejected: &Rejected) {
    for reason in &rejected.reasons {
        let words = parasol::tasks::import::reason(&session.catalogue, reason);
        let key = if reason.column.is_empty() { "import-reject-row" } else { "import-reject" };
        let line = Message::new(key).text("place", rejected.origin.to_string()).text("reason", words);
        // Headers are as a rule written in one of the two: in Chinese, or by the column's code.
        let column = match session.catalogue.lang() {
            Lang::En => reason.column.clone(),
            Lang::Zh => super::props::label(&session.catalogue, &reason.column),
        };
        session.tell(&if reason.column.is_empty() { line } else { line.text("column", column) });
    }
}

fn summary(session: &mut Session, args: &Args, imported: &Imported) -> Result<(), Problem> {
    if session.global.json {
        return session.out.json(&imported.document(args.dry_run));
    }
    let words = session.words();
    let heads = ["head-table", "head-read", "head-sound", "head-rejected"].map(|key| words.text(key));
    let mut by_table = table::table(&heads);
    for (name, counts) in &imported.tables {
        let cells = [
            words.word(name),
            counts.read.to_string(),
            counts.sound.to_string(),
            counts.rejected.to_string(),
        ];
        table::row(&mut by_table, cells);
    }
    let sound: u64 = imported.tables.values().map(|counts| counts.sound).sum();
    let total = Message::new("import-summary")
        .count("sound", sound as usize)
        .count("written", imported.written as usize)
        .count("added", imported.tally.added as usize)
        .count("updated", imported.tally.updated as usize)
        .count("unchanged", imported.tally.unchanged as usize)
        .count("merged", imported.tally.merged as usize)
        .count("rejected", imported.rejected as usize);
    let lines = [table::text(&by_table), words.say(&total)];
    let refused = Message::new("import-refused").count("count", imported.refused as usize);
    let refused = (imported.refused > 0).then(|| words.say(&refused));
    let dry = args.dry_run.then(|| words.text("import-dry-run"));
    lines.iter().chain(&refused).chain(&dry).try_for_each(|line| session.out.line(line))
}

fn list_names(session: &mut Session) -> Result<Exit, Problem> {
    for name in parasol::ingest::list_names() {
        if session.global.json {
            session.out.json(&name)?;
        } else {
            session.out.line(format!("{}: {} = {}", name.scope, name.name, name.code))?;
        }
    }
    Ok(Exit::Done)
}
