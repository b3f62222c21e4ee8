//! A wrong command line, said in the reader's language: clap finds what is wrong, the catalogues say it.

use std::error::Error as _;
use std::fmt;
use std::num::{ParseFloatError, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use parasol::messages::{Catalogue, Lang};
use parasol::model::{Message, NotADate};

use super::exit::{Exit, Problem};

/// Why a value is not taken, as a message of the catalogues.
#[derive(Debug)]
pub(crate) struct NotTaken(Message);

impl NotTaken {
    /// Not one of these codes.
    pub(crate) fn known<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let codes: Vec<&str> = codes.into_iter().collect();
        Self(Message::new("wrong-known").text("known", codes.join(", ")))
    }

    /// Not a number in this range.
    pub(crate) fn range(range: &str) -> Self {
        Self(Message::new("wrong-range").text("range", range))
    }
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Catalogue::new(Lang::En).say(&self.0))
    }
}

impl std::error::Error for NotTaken {}

/// A number in a range; `range` says it in words that both languages read.
pub(crate) fn number(text: &str, range: &str, fits: impl Fn(f64) -> bool) -> Result<f64, NotTaken> {
    text.parse::<f64>().ok().filter(|number| fits(*number)).ok_or_else(|| NotTaken::range(range))
}

/// Commands of the contract that are still to be built (COMMANDS.md).
const NOT_BUILT: [&str; 3] = ["export", "fit", "same"];

/// The command that was asked for, if it is to be built one day.
fn not_built(stop: &clap::Error) -> Option<String> {
    texts(stop, ContextKind::InvalidSubcommand).filter(|command| NOT_BUILT.contains(&command.as_str()))
}

/// What is wrong, the usage that clap has for it, and what may have been meant.
pub(crate) fn problem(stop: &clap::Error) -> Problem {
    let suggested =
        [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let meant = suggested.into_iter().filter_map(|kind| texts(stop, kind)).find(|text| !text.is_empty());
    let problem = Problem::new(Exit::Usage, what(stop));
    match meant {
        _ if not_built(stop).is_some() => problem.hint(Message::new("hint-help")),
        Some(meant) => problem.hint(Message::new("hint-meant").text("meant", meant)),
        None => problem.hint(Message::new("hint-help")),
    }
}

fn what(stop: &clap::Error) -> Message {
    let text = |kind| texts(stop, kind).unwrap_or_default();
    let (arg, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let of = |key| Message::new(key).text("arg", &arg).text("value", &value);
    match stop.kind() {
        ErrorKind::UnknownArgument => of("wrong-unknown-argument"),
        ErrorKind::InvalidSubcommand => {
            let key = if not_built(stop).is_some() { "wrong-not-built" } else { "wrong-unknown-command" };
            Message::new(key).text("command", text(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => of("wrong-no-value"),
        ErrorKind::InvalidValue => {
            let known = Message::new("wrong-known").text("known", text(ContextKind::ValidValue));
            of("wrong-value").with("why", parasol::model::Arg::List(vec![known]))
        }
        ErrorKind::ValueValidation => {
            of("wrong-value").with("why", parasol::model::Arg::List(vec![not_taken(stop)]))
        }
        ErrorKind::MissingRequiredArgument => of("wrong-missing"),
        ErrorKind::ArgumentConflict => match text(ContextKind::PriorArg) {
            prior if prior == arg || prior.is_empty() => of("wrong-twice"),
            prior => of("wrong-conflict").text("prior", prior),
        },
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            of("wrong-number-of-values")
        }
        ErrorKind::InvalidUtf8 => Message::new("wrong-text"),
        ErrorKind::MissingSubcommand => Message::new("wrong-no-command"),
        // What clap may add one day keeps its own words.
        _ => Message::new("wrong-other").text("reason", stop.to_string().trim().to_owned()),
    }
}

/// Why a value is not taken, by the error that its parser gave.
fn not_taken(stop: &clap::Error) -> Message {
    let Some(source) = stop.source() else { return Message::new("wrong-value-other").text("reason", "") };
    if let Some(NotTaken(why)) = source.downcast_ref() {
        why.clone()
    } else if source.is::<NotADate>() {
        Message::new("wrong-date")
    } else if source.is::<ParseIntError>() || source.is::<ParseFloatError>() {
        Message::new("wrong-not-a-number")
    } else {
        Message::new("wrong-value-other").text("reason", source.to_string())
    }
}

/// A context of clap's as text.
fn texts(stop: &clap::Error, kind: ContextKind) -> Option<String> {
    match stop.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(all) => Some(all.join(", ")),
        _ => None,
    }
}

/// The line of usage that clap would print, without its heading.
pub(crate) fn usage(stop: &clap::Error) -> Option<String> {
    let ContextValue::StyledStr(usage) = stop.get(ContextKind::Usage)? else { return None };
    let usage = usage.to_string();
    Some(usage.split_once(": ").map_or(usage.as_str(), |(_, usage)| usage).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help;

    fn said(lang: Lang, line: &[&str]) -> String {
        let stop = help::command(lang).try_get_matches_from(line).unwrap_err();
        problem(&stop).say(&Catalogue::new(lang)).join("\n")
    }

    #[test]
    fn what_is_wrong_is_said_in_the_readers_language() {
        let lines: [&[&str]; 12] = [
            &["parasol", "frobnicate"],
            &["parasol", "info", "--frob"],
            &["parasol", "import"],
            &["parasol", "umbrella", "--line", "2"],
            &["parasol", "umbrella", "--top", "x"],
            &["parasol", "info", "--as-of", "yesterday"],
            &["parasol", "info", "--lang", "fr"],
            &["parasol", "info", "--store"],
            &["parasol", "info", "--json", "--json"],
            &["parasol", "rank", "--by", "degree", "--kind", "unicorn"],
            &["parasol", "paths", "a", "b", "-k", "0"],
            &["parasol", "explain", "a"],
        ];
        for line in lines {
            let (zh, en) = (said(Lang::Zh, line), said(Lang::En, line));
            assert!(en.starts_with("error: ") && !en.contains("错误"), "{en}");
            let first = zh.lines().next().unwrap();
            assert!(first.starts_with("错误：") && !zh.contains("wrong-"), "{zh}");
            let words = first.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
            let english =
                ["the", "value", "invalid", "argument", "unexpected", "a", "is", "not", "for", "required"];
            let stray: Vec<&str> =
                words.filter(|word| english.contains(word) && !line.contains(word)).collect();
            assert!(stray.is_empty(), "{zh}: {stray:?}");
        }
    }

    #[test]
    fn what_may_have_been_meant_is_named() {
        assert!(said(Lang::Zh, &["parasol", "umbrela"]).contains("umbrella"));
        for command in NOT_BUILT {
            let told = said(Lang::En, &["parasol", command]);
            assert!(told.contains("not built yet") && !told.contains("did you mean"), "{told}");
        }
        assert!(said(Lang::En, &["parasol", "info", "--jsn"]).contains("--json"));
    }
}
