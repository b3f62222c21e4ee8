//! Network diagrams: who is on the page is asked of the analyses, the scene is built and drawn.

use std::path::Path;

use crate::analysis::umbrella::{self, Options, Outcome, Pair};
use crate::messages::Catalogue;
use crate::model::view::SourceCard;
use crate::model::{Access, Id, Level, Message};
use crate::network::{Network, NodeIx, TieIx};
use crate::render::scenes::{self, Basis, Claimed, Over, Seat, Way};
use crate::render::{Format, Picture, Scene, Style};
use crate::report::{brief, evidence, likelihood};
use crate::store::Store;

use super::{TaskError, named, open, paths};

/// What to draw.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An official and a gang.
    Pair(String, String),
    /// A lead.
    Lead(String),
    /// A gang.
    Gang(String),
    /// What stands around some nodes, up to so many ties away.
    Around(Vec<String>, usize),
    /// The paths between two.
    Path(String, String),
    /// Everything, folded.
    All,
}

/// How to draw it.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to draw.
    pub subject: Subject,
    /// The most cards drawn one by one.
    pub most: Option<usize>,
    /// Colour or print.
    pub style: Style,
}

/// Everything pictures of one network are made from.
pub struct Ground<'a> {
    /// The network.
    pub network: &'a Network,
    /// The reader's language.
    pub words: &'a Catalogue,
    /// What the reader may know of sources.
    pub sources: &'a [SourceCard],
    /// The last line of each picture.
    pub stamp: String,
    /// The level it is for.
    pub level: Level,
}

impl Ground<'_> {
    fn basis(&self, most: Option<usize>) -> Basis<'_> {
        let basis = Basis::new(self.network, self.words);
        let most = most.unwrap_or(basis.most);
        let level = self.words.text(brief::level_key(self.level));
        let handling = self.words.say(&Message::new("brief-handling").text("level", level));
        Basis { sources: self.sources, stamp: self.stamp.clone(), handling, most, ..basis }
    }
}

/// Draws from a store.
pub fn draw(
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    request: &Request,
) -> Result<Picture, TaskError> {
    let network = open::network(store, access)?;
    let view = store.read(access)?;
    let (sources, digest) = (view.sources()?, view.info()?.digest);
    let stamp = stamp(words, &digest);
    let ground = Ground { network: &network, words, sources: &sources, stamp, level: access.level };
    let scene = scene(&ground, request)?;
    Ok(crate::render::draw(&scene, request.style))
}

/// The last line of a picture: what made it, and of which file.
pub fn stamp(words: &Catalogue, digest: &str) -> String {
    let message = Message::new("draw-stamp")
        .text("version", env!("CARGO_PKG_VERSION"))
        .text("digest", digest.get(..16).unwrap_or(digest));
    words.say(&message)
}

/// The scene of a request.
pub fn scene(ground: &Ground<'_>, request: &Request) -> Result<Scene, TaskError> {
    let network = ground.network;
    let basis = ground.basis(request.most);
    Ok(match &request.subject {
        Subject::Pair(official, gang) => {
            let (official, gang) = (named::official(network, official)?, named::gang(network, gang)?);
            match scored(network, official, gang) {
                Some(pair) => pair_scene(&basis, &pair, official, gang),
                None => untraced(&basis, official, gang, &routes(network, official, gang)?),
            }
        }
        Subject::Lead(lead) => lead_scene(&basis, named::node(network, lead)?)?,
        Subject::Gang(gang) => {
            let gang = named::gang(network, gang)?;
            scenes::gang(&basis, gang, &seats(network, gang))
        }
        Subject::Around(centres, hops) => {
            let centres: Result<Vec<NodeIx>, TaskError> =
                centres.iter().map(|text| named::node(network, text)).collect();
            scenes::around(&basis, &centres?, *hops)
        }
        Subject::Path(a, b) => {
            let (a, b) = (named::node(network, a)?, named::node(network, b)?);
            let request = paths::Request::between(network.id(a), network.id(b));
            let found = paths::run(network, &request)?.paths;
            if found.is_empty() {
                let nothing = Message::new("paths-nothing").text("a", network.id(a)).text("b", network.id(b));
                return Err(TaskError::Nothing(nothing));
            }
            let ways: Vec<Way> = found
                .into_iter()
                .map(|path| Way { weakest: Some(path.weakest), nodes: path.nodes })
                .collect();
            scenes::path(&basis, a, b, &ways)
        }
        Subject::All => {
            scenes::all(&basis, &over(ground.words, network, &umbrella::run(network, &Options::default())))
        }
    })
}

/// The pair's score, for the evidence its picture shows.
fn scored(network: &Network, official: NodeIx, gang: NodeIx) -> Option<Pair> {
    let options = Options {
        gangs: vec![Id::from(network.id(gang))],
        officials: vec![Id::from(network.id(official))],
        ..Options::default()
    };
    umbrella::run(network, &options).pairs.into_iter().next()
}

/// The officials scored for a gang, the highest first, each with whoever stands on its paths.
fn seats(network: &Network, gang: NodeIx) -> Vec<Seat> {
    let options = Options { gangs: vec![Id::from(network.id(gang))], ..Options::default() };
    let seat = |pair: &Pair| {
        let official = network.node(pair.official.id.as_str())?;
        let ends = [official, gang];
        let mut between = pair_paths(network, pair).concat();
        between.retain(|node| !ends.contains(node));
        Some(Seat { official, between, over_line: pair.over_line })
    };
    umbrella::run(network, &options).pairs.iter().filter_map(seat).collect()
}

/// The paths of a scored pair.
fn pair_paths(network: &Network, pair: &Pair) -> Vec<Vec<NodeIx>> {
    let nodes = |ids: &[Id]| ids.iter().filter_map(|id| network.node(id.as_str())).collect::<Vec<_>>();
    pair.paths.iter().map(|path| nodes(&path.nodes)).collect()
}

/// The picture of a scored pair: its paths, and the ties its factors cite.
pub fn pair_scene(basis: &Basis<'_>, pair: &Pair, official: NodeIx, gang: NodeIx) -> Scene {
    let network = basis.network;
    let claimed = if pair.over_line { Claimed::Lead } else { Claimed::Traces };
    let basis = Basis { verdict: verdict(basis.words, pair), ..basis.clone() };
    scenes::pair(&basis, claimed, (official, gang), &pair_paths(network, pair), &cited(network, pair))
}

/// The picture of a pair that nothing connects.
fn untraced(basis: &Basis<'_>, official: NodeIx, gang: NodeIx, ways: &[Vec<NodeIx>]) -> Scene {
    let basis = Basis { verdict: basis.words.text("render-verdict-none"), ..basis.clone() };
    scenes::pair(&basis, Claimed::Nothing, (official, gang), ways, &[])
}

/// A pair's score in words, and what is on record of it.
fn verdict(words: &Catalogue, pair: &Pair) -> String {
    let key = if pair.over_line { "render-verdict-over" } else { "render-verdict-under" };
    let score = Message::new(key)
        .text("likelihood", words.text(likelihood::key(pair.score)))
        .text("score", likelihood::score(pair.score))
        .text("line", likelihood::score(Options::default().line));
    let known = pair.known.map(|status| {
        words.say(&Message::new("render-verdict-known").text("status", words.word(status.code())))
    });
    [words.say(&score)].into_iter().chain(known).collect::<Vec<_>>().join(" · ")
}

/// The picture of a scored pair of an outcome.
pub fn of_pair(ground: &Ground<'_>, pair: &Pair) -> Option<Scene> {
    let official = ground.network.node(pair.official.id.as_str())?;
    let gang = ground.network.node(pair.gang.id.as_str())?;
    Some(pair_scene(&ground.basis(None), pair, official, gang))
}

/// The whole network's picture; those over the line stand apart.
pub fn whole(ground: &Ground<'_>, outcome: &Outcome) -> Scene {
    scenes::all(&ground.basis(None), &over(ground.words, ground.network, outcome))
}

/// The pairs over the line, with their scores.
fn over(words: &Catalogue, network: &Network, outcome: &Outcome) -> Vec<Over> {
    let over = outcome.pairs.iter().filter(|pair| pair.over_line);
    let drawn = over.filter_map(|pair| {
        let short = likelihood::score(pair.score);
        let label = words.say(&Message::new("render-over").text("score", &short));
        let node = |id: &Id| network.node(id.as_str());
        Some(Over { official: node(&pair.official.id)?, gang: node(&pair.gang.id)?, label, short })
    });
    drawn.collect()
}

/// The ties behind what counts in a pair's factors, in the order they are first cited.
fn cited(network: &Network, pair: &Pair) -> Vec<TieIx> {
    let rows: Vec<Id> = pair
        .factors
        .iter()
        .filter(|factor| factor.log_odds != 0.0)
        .flat_map(|f| f.evidence.clone())
        .collect();
    let ties = evidence::ties(network, &rows);
    let mut seen = std::collections::BTreeSet::new();
    rows.iter().filter_map(|row| ties.get(row).copied()).filter(|tie| seen.insert(*tie)).collect()
}

/// The best paths between two, over the layers that paths walk by default.
fn routes(network: &Network, a: NodeIx, b: NodeIx) -> Result<Vec<Vec<NodeIx>>, TaskError> {
    let outcome = paths::run(network, &paths::Request::between(network.id(a), network.id(b)))?;
    Ok(outcome.paths.into_iter().map(|path| path.nodes).collect())
}

/// A lead, whom it is about, and the paths between the officials and gangs among them.
fn lead_scene(basis: &Basis<'_>, lead: NodeIx) -> Result<Scene, TaskError> {
    let network = basis.network;
    if network.kind(lead) != crate::model::Kind::Lead {
        return Err(TaskError::NotA { id: network.id(lead).to_owned(), wanted: "lead" });
    }
    let about: Vec<NodeIx> = network
        .arcs(lead)
        .filter(|arc| network.tie(arc.tie).ty() == crate::model::TieType::About)
        .map(|arc| arc.neighbour)
        .collect();
    let officials = about.iter().filter(|&&node| network.is_official(node));
    let mut all = Vec::new();
    for &official in officials {
        for &other in about.iter().filter(|&&other| other != official) {
            all.extend(routes(network, official, other)?);
        }
    }
    Ok(scenes::lead(basis, lead, &all, &[]))
}

/// Writes a picture in the form its file's ending asks for.
pub fn write(picture: &Picture, path: &Path) -> Result<(), TaskError> {
    let bytes = bytes(picture, format(path)?)?;
    std::fs::write(path, bytes).map_err(TaskError::file(path))
}

/// A picture's bytes in a form.
pub fn bytes(picture: &Picture, format: Format) -> Result<Vec<u8>, TaskError> {
    picture
        .bytes(format)
        .map_err(|error| TaskError::Usage(Message::new("error-render").text("reason", error.to_string())))
}

/// The form that a file's ending asks for.
pub fn format(path: &Path) -> Result<Format, TaskError> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
    Format::of_ending(ending).ok_or_else(|| {
        let known = Format::ALL.map(Format::ending).join(", ");
        TaskError::Usage(
            Message::new("error-format").text("path", path.display().to_string()).text("known", known),
        )
    })
}
