//! `generate`: an invented city as a bundle, with its truth beside it.

use std::path::PathBuf;

use parasol::generate::{Counts, Loss, Mechanism, Options, STYLES, Style, style};
use parasol::model::Message;
use parasol::tasks;
use parasol::tasks::generate::Request;

use super::exit::{Exit, Problem};
use super::session::Session;
use super::wrong::{NotTaken, number};

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// The folder the bundle goes to: new, or empty
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    city: City,
}

/// What city is wanted; shared with `evaluate`.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct City {
    /// How many people
    #[arg(long, value_name = "N", default_value_t = 6000)]
    people: u32,
    /// How many relations before any is lost (default: the style's number a person)
    #[arg(long, value_name = "N")]
    relations: Option<u64>,
    /// How many gangs
    #[arg(long, value_name = "N")]
    gangs: Option<u32>,
    /// Only these mechanisms, by commas
    #[arg(long, value_name = "A,B", value_delimiter = ',', value_parser = mechanism)]
    mechanisms: Vec<Mechanism>,
    /// Which rows are missing: mixed, random, source (whole sources and quarters), hidden (what speaks for it first)
    #[arg(long, value_name = "HOW", default_value = "mixed", value_parser = loss)]
    loss: Loss,
    /// Share of gangs with an umbrella
    #[arg(long, value_name = "P", value_parser = super::args::probability)]
    umbrellas: Option<f64>,
    /// Innocent pairs that look bad, for each umbrella
    #[arg(long, value_name = "X", value_parser = amount)]
    decoys: Option<f64>,
}

/// What one city has of its own.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct One {
    /// The parameters: county, port, mine, precinct, murky
    #[arg(long, value_name = "STYLE", default_value = STYLES[0].name, value_parser = known_style)]
    style: &'static Style,
    /// Share of rows that is missing
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = share)]
    missing: f64,
}

impl City {
    /// The options of a city of this seed and these parameters.
    pub(crate) fn options(&self, seed: u64, style: &'static Style, missing: f64) -> Options {
        let mut options = Options::new(self.people, seed);
        if !self.mechanisms.is_empty() {
            options.mechanisms = self.mechanisms.clone();
        }
        Options {
            relations: self.relations,
            gangs: self.gangs,
            style,
            missing,
            loss: self.loss,
            umbrellas: self.umbrellas,
            decoys: self.decoys,
            ..options
        }
    }
}

pub(crate) fn run(session: &mut Session, args: &Args) -> Result<Exit, Problem> {
    let options = args.city.options(session.global.seed, args.one.style, args.one.missing);
    let request = Request { out: args.out.clone(), options };
    let bar = session.bar("progress-generate");
    let made = tasks::generate::run(&request, &|done, total| bar.at(done, total))?;
    shortfalls(session, args, &made);
    if session.global.json {
        session.out.json(&serde_json::json!({
            "bundle": args.out.display().to_string(),
            "style": args.one.style.name,
            "people": made.people,
            "officials": made.officials,
            "gangs": made.gangs,
            "relations": made.relations,
            "lost": made.lost,
            "umbrellas": made.umbrellas,
            "decoys": made.decoys,
            "unplaced": made.unplaced,
        }))?;
        return Ok(Exit::Done);
    }
    let says = Message::new("generate-summary")
        .count("people", made.people as usize)
        .count("officials", made.officials as usize)
        .count("gangs", made.gangs as usize)
        .count("relations", made.relations as usize)
        .count("lost", made.lost as usize)
        .count("umbrellas", made.umbrellas as usize)
        .count("decoys", made.decoys as usize);
    session.out.line(session.catalogue.say(&says))?;
    session.written(&args.out)?;
    Ok(Exit::Done)
}

/// What was asked for and could not be had.
fn shortfalls(session: &Session, args: &Args, made: &Counts) {
    if args.city.relations.is_some_and(|wanted| wanted < made.least) {
        session.tell(&Message::new("generate-least").count("least", made.least as usize));
    }
    if made.unplaced > 0 {
        session.tell(&Message::new("generate-unplaced").count("unplaced", made.unplaced as usize));
    }
}

/// A style by its name.
pub(crate) fn known_style(name: &str) -> Result<&'static Style, NotTaken> {
    style(name).ok_or_else(|| NotTaken::known(STYLES.iter().map(|style| style.name)))
}

/// A share of rows that may be missing: not all.
pub(crate) fn share(text: &str) -> Result<f64, NotTaken> {
    number(text, "0–0.95", |number| (0.0..=0.95).contains(&number))
}

fn amount(text: &str) -> Result<f64, NotTaken> {
    number(text, "0–100", |number| (0.0..=100.0).contains(&number))
}

fn mechanism(code: &str) -> Result<Mechanism, NotTaken> {
    Mechanism::from_code(code).ok_or_else(|| NotTaken::known(Mechanism::ALL.map(Mechanism::code)))
}

fn loss(code: &str) -> Result<Loss, NotTaken> {
    Loss::from_code(code).ok_or_else(|| NotTaken::known(Loss::ALL.map(|(code, _)| code)))
}
