//! `report`: the whole job in one go.

use std::path::PathBuf;

use parasol::model::{Arg, Date, Level, Message};
use parasol::report::likelihood;
use parasol::tasks::report::{self, Report, Request};

use super::exit::{Exit, Problem};
use super::session::Session;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// A folder, a workbook (.xlsx), or CSV files
    #[arg(required = true, value_name = "BUNDLE")]
    bundle: Vec<PathBuf>,
    /// The folder the report goes to
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// What stands for what in tables with words of their own (see `mapping guess`)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Replaces the report of other inputs
    #[arg(long, short)]
    force: bool,
    #[command(flatten)]
    yardstick: super::args::Yardstick,
    /// The day that undated facts became known
    #[arg(long, value_name = "DATE", value_parser = super::args::date)]
    recorded: Option<Date>,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let request = Request {
        bundle: args.bundle.clone(),
        mapping: args.mapping.clone(),
        out: args.out.clone(),
        store: session.global.store.clone(),
        force: args.force,
        yardstick: args.yardstick.into(),
        recorded: args.recorded,
    };
    let bar = session.bar("progress-import");
    let onlookers = report::Onlookers {
        importing: &|done, total| {
            bar.at(done, total);
            if done >= total {
                bar.say(session.catalogue.text("progress-settle"));
            }
        },
        watches: session.watches(),
        drawing: session.bar("progress-report").watch(),
    };
    let made = report::run(
        &request,
        &session.access(Level::Briefing),
        &session.catalogue,
        &session.json_catalogue,
        &onlookers,
    )?;
    summary(session, args, &made)?;
    Ok(match (made.imported.rejected + made.imported.sealed, made.outcome.pairs.is_empty()) {
        (0, true) => Exit::Nothing,
        (0, false) => Exit::Done,
        _ => Exit::Rejected,
    })
}

/// What to look at first.
fn summary(session: &mut Session, args: &Args, made: &Report) -> Result<(), Problem> {
    let over = made.outcome.pairs.iter().filter(|pair| pair.over_line).count();
    if session.global.json {
        return session.out.json(&serde_json::json!({
            "index": args.out.join("index.html").display().to_string(),
            "pairs": made.outcome.pairs.len(),
            "over_line": over,
            "rejected": made.imported.rejected,
            "rejected_sealed": made.imported.sealed,
        }));
    }
    let words = &session.catalogue;
    let found = Message::new("report-summary")
        .count("total", made.outcome.pairs.len())
        .count("over", over)
        .with("line", Arg::Number(made.outcome.line));
    let mut lines = vec![words.say(&found)];
    lines.extend(made.outcome.pairs.first().map(|pair| {
        let first = Message::new("report-first")
            .text("official", format!("{} [{}]", pair.official.name, pair.official.id))
            .text("gang", format!("{} [{}]", pair.gang.name, pair.gang.id))
            .text("likelihood", words.text(likelihood::key(pair.score)))
            .text("score", likelihood::score(pair.score))
            .text("check", words.say(&pair.check));
        words.say(&first)
    }));
    if made.imported.rejected > 0 {
        let path = args.out.join("rejected.jsonl").display().to_string();
        lines.push(
            words.say(
                &Message::new("report-rejected")
                    .count("count", made.imported.rejected as usize)
                    .text("path", path),
            ),
        );
    }
    if made.imported.sealed > 0 {
        let store = session.global.store.clone();
        let store = store.unwrap_or_else(|| args.out.join("case.db").display().to_string());
        let bundle: Vec<String> = args.bundle.iter().map(|path| path.display().to_string()).collect();
        let sealed = Message::new("report-rejected-sealed").count("count", made.imported.sealed as usize);
        session.tell(&sealed.text("bundle", bundle.join(" ")).text("store", store));
    }
    lines.push(words.text("pair-lead-only"));
    lines.push(words.say(&Message::new("report-open").text("path", made.index.display().to_string())));
    if !made.missing.is_empty() {
        let characters: String = made.missing.iter().collect();
        session.tell(&Message::new("draw-missing").text("characters", characters));
    }
    lines.iter().try_for_each(|line| session.out.line(line))
}
