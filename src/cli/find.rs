//! `find`: people and organisations by name, alias, pinyin, initials or id.

use std::collections::BTreeMap;

use serde::Serialize;

use parasol::messages::Catalogue;
use parasol::model::{Level, Message};
use parasol::store::Matched;
use parasol::tasks::find::{self, Found};

use super::exit::{Exit, Problem};
use super::session::Session;
use super::table;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// What to look for
    text: String,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    top: usize,
}

#[derive(Serialize)]
struct Doc<'a> {
    rank: usize,
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    matched: &'static str,
    text: Option<&'a str>,
    about: BTreeMap<&'static str, &'a str>,
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    if args.text.trim().is_empty() {
        return Err(Problem::usage(Message::new("find-empty")));
    }
    let store = session.open()?;
    let access = session.access(Level::Case);
    let hits = find::found(store.as_ref(), &access, &args.text, args.top)?;
    if hits.is_empty() {
        return Err(Problem::new(Exit::Nothing, Message::new("find-nothing").text("text", &args.text)));
    }
    if session.global.json {
        as_json(session, &hits)?
    } else {
        as_table(session, &hits)?
    }
    Ok(Exit::Done)
}

fn as_json(session: &mut Session, hits: &[Found]) -> Result<(), Problem> {
    for (at, Found { hit, about }) in hits.iter().enumerate() {
        let about = about.iter().map(|(key, value)| (*key, value.as_str())).collect();
        let (matched, text) = matched(&hit.matched);
        let doc = Doc {
            rank: at + 1,
            id: hit.id.as_str(),
            kind: hit.kind.code(),
            name: &hit.name,
            matched,
            text,
            about,
        };
        session.out.json(&doc)?;
    }
    Ok(())
}

fn as_table(session: &mut Session, hits: &[Found]) -> Result<(), Problem> {
    let words = session.words();
    let heads =
        ["head-id", "head-name", "head-kind", "head-about", "head-matched"].map(|key| words.text(key));
    let mut table = table::table(&heads);
    for Found { hit, about } in hits {
        let (how, text) = matched(&hit.matched);
        let how = words.text(&format!("matched-{how}"));
        let how = text.map_or(how.clone(), |text| format!("{how}: {text}"));
        let about = about.iter().map(|(key, value)| said(words, key, value)).collect::<Vec<_>>().join(" · ");
        table::row(
            &mut table,
            [hit.id.to_string(), hit.name.clone(), words.word(hit.kind.code()), about, how],
        );
    }
    session.out.line(table::text(&table))
}

/// A column's value in words; where the column is not plain by its value, with its name.
fn said(words: &Catalogue, key: &str, value: &str) -> String {
    match key {
        "birth_date" | "hometown" | "opened" | "received" => {
            format!("{} {value}", words.text(&format!("col-{}", key.replace('_', "-"))))
        }
        "role" | "class" | "status" => words.word(value),
        _ => value.to_owned(),
    }
}

fn matched(matched: &Matched) -> (&'static str, Option<&str>) {
    match matched {
        Matched::Id => ("id", None),
        Matched::Name => ("name", None),
        Matched::Alias(text) => ("alias", Some(text)),
        Matched::Part(text) => ("part", Some(text)),
        Matched::Pinyin(text) => ("pinyin", Some(text)),
        Matched::Initials(text) => ("initials", Some(text)),
    }
}
