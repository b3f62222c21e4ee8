//! `info`: what the store holds.

use std::collections::BTreeMap;

use parasol::model::Level;
use parasol::tasks::{self, TaskError};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

pub(crate) fn run(session: &mut Session) -> Result<Exit, Problem> {
    let store = tasks::open::reader(session.store())?;
    let access = session.access(Level::Case);
    let view = store.read(&access).map_err(TaskError::from)?;
    let info = tasks::open::info(store.as_ref(), view.as_ref(), &access)?;
    if session.global.json {
        session.out.json(&info)?;
        return Ok(Exit::Done);
    }
    let words = session.words();
    let mut table = table::table(&[words.text("head-what"), words.text("head-count")]);
    let counted = |counts: &BTreeMap<String, u64>| -> Vec<[String; 2]> {
        counts.iter().map(|(code, count)| [words.word(code), count.to_string()]).collect()
    };
    for row in counted(&info.entities).into_iter().chain(counted(&info.ties)) {
        table::row(&mut table, row);
    }
    let rest = [
        ("info-officials", info.officials),
        ("info-claims", info.claims),
        ("info-sources", info.sources),
        ("info-steps", info.steps),
        ("info-undated", info.undated),
        ("info-changes", info.changes),
    ];
    for (key, count) in rest {
        table::row(&mut table, [words.text(key), count.to_string()]);
    }
    if let Some((first, last)) = info.known {
        table::row(&mut table, [words.text("info-known"), format!("{first} – {last}")]);
    }
    table::row(&mut table, [words.text("info-digest"), info.digest.clone()]);
    session.out.line(table::text(&table))?;
    Ok(Exit::Done)
}
