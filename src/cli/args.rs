//! The options every command takes, and the list of commands.

use clap::{Args, Parser, Subcommand};

use parasol::model::{Date, Layer, Level, NotADate};
use parasol::tasks::{self, umbrella::LINE};

use super::wrong::{NotTaken, number};

/// Surfaces the ties by which officials may shield gangs, argues each both ways, and draws them.
///
/// Every result is a lead to check, never a finding of guilt.
#[derive(Parser, Debug)]
#[command(
    name = "parasol",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Args, Debug, Clone)]
pub(crate) struct Global {
    /// The store: a file, or a server as bolt://host:port
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) store: Option<String>,
    /// Who asks, for a store on a server
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// The file whose first line is the password, for a store on a server; again for a second server
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) password_file: Vec<std::path::PathBuf>,
    /// Which database of the server holds the store
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) database: Option<String>,
    /// JSON lines on stdout, nothing else
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The file as it was known on that day
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Only these layers, by commas
    #[arg(long, global = true, value_name = "LAYERS", value_delimiter = ',', value_parser = layer)]
    pub(crate) layers: Vec<Layer>,
    /// What to withhold: the level the output is for
    #[arg(long, global = true, value_name = "LEVEL", value_parser = level)]
    pub(crate) withhold: Option<Level>,
    /// Language of sentences, tables and pictures
    #[arg(long, global = true, value_name = "zh|en", value_parser = ["zh", "en"])]
    pub(crate) lang: Option<String>,
    /// How many threads; never changes a result
    #[arg(long, global = true, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The seed of whatever is drawn by chance
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Only errors on stderr
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// More on stderr
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// No colours
    #[arg(long, global = true)]
    pub(crate) no_color: bool,
    /// No progress
    #[arg(long, global = true)]
    pub(crate) no_progress: bool,
}

/// By what pairs are judged.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Yardstick {
    /// The reporting line
    #[arg(long, value_name = "P", default_value_t = LINE, value_parser = probability)]
    pub(crate) line: f64,
    /// How many umbrellas a gang is expected to have, before any evidence; by its class unless told
    #[arg(long, value_name = "N", value_parser = expected)]
    pub(crate) expected: Option<f64>,
}

impl From<Yardstick> for tasks::umbrella::Yardstick {
    fn from(Yardstick { line, expected }: Yardstick) -> Self {
        Self { line, expected }
    }
}

/// A date in any of the forms that files may have it in.
pub(crate) fn date(text: &str) -> Result<Date, NotADate> {
    parasol::ingest::date(text).ok_or(NotADate)
}

/// A probability, from 0 to 1.
pub(crate) fn probability(text: &str) -> Result<f64, NotTaken> {
    number(text, "0–1", |number| (0.0..=1.0).contains(&number))
}

/// How many umbrellas are expected of a gang.
pub(crate) fn expected(text: &str) -> Result<f64, NotTaken> {
    number(text, "0.001–100", |number| (0.001..=100.0).contains(&number))
}

/// How many, at least one.
pub(crate) fn positive(text: &str) -> Result<u32, NotTaken> {
    text.parse::<u32>().ok().filter(|count| *count > 0).ok_or_else(|| NotTaken::range("1, 2, 3 …"))
}

fn layer(code: &str) -> Result<Layer, NotTaken> {
    Layer::from_code(code).ok_or_else(|| NotTaken::known(Layer::ALL.iter().map(|layer| layer.code())))
}

fn level(code: &str) -> Result<Level, NotTaken> {
    Level::from_code(code).ok_or_else(|| NotTaken::known(Level::ALL.iter().map(|level| level.code())))
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// The whole job in one go: a bundle in, pairs with reasons and charts out
    #[cfg(feature = "render")]
    Report(super::report::Args),
    /// Reads a bundle into the store
    Import(super::import::Args),
    /// One entity, row, case, lead or source, with everything known of it
    Show(super::show::Args),
    /// People and organisations by name, alias, pinyin, initials or id
    Find(super::find::Args),
    /// The pairs of official and gang that may be umbrella ties, best first
    Umbrella(super::umbrella::Args),
    /// One pair in full: for, against, what is missing, what to check first
    Explain(super::explain::Args),
    /// One line a new lead, against a store that it does not change
    Score(super::score::Args),
    /// The best evidence-weighted paths between two
    Paths(super::paths::Args),
    /// A centrality of everybody
    Rank(super::rank::Args),
    /// What holds together, who stands between, and who holds it together
    Groups(super::groups::Args),
    /// A network diagram: SVG, PNG, PDF or HTML
    #[cfg(feature = "render")]
    Draw(super::draw::Args),
    /// A chart of figures: SVG, PNG or PDF
    #[cfg(feature = "render")]
    Chart(super::chart::Args),
    /// The one-page brief of a pair or a lead: PDF, PNG, SVG or HTML
    #[cfg(feature = "render")]
    Brief(super::brief::Args),
    /// How good the score is where the truth is known, beside plain measures
    Evaluate(super::evaluate::Args),
    /// An invented city as a bundle, with the truth of it
    Generate(super::generate::Args),
    /// What the store holds
    Info,
    /// Whether the store is sound
    Verify,
    /// A copy of the store while others work
    Backup(super::backup::Args),
    /// The store in another place: from a file to a server, and back
    Copy(super::copy::Args),
    /// A first mapping for tables or a graph with words of their own
    Mapping(super::mapping::Args),
    /// Completions for a shell
    Completions(super::completions::Args),
    /// The manual page
    Man,
}
