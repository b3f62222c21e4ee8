//! Network diagrams: who is on the page is asked of the analyses, the scene is built and drawn.

mod said;

use std::path::Path;

use crate::analysis::umbrella::{self, Outcome, Pair};
use crate::messages::Catalogue;
use crate::model::view::SourceCard;
use crate::model::{Access, Id, Level, Message};
use crate::network::{Network, NodeIx, TieIx};
use crate::render::scene::{Arrow, At, ClaimRow, Mark, Plan, SourceRow, Tie};
use crate::render::scenes::{self, Basis, Claimed, Over, Seat, Way};
use crate::render::{Format, Picture, Scene, Style, font};
use crate::report::diagram::{self, Diagram};
use crate::report::{brief, evidence, likelihood};
use crate::store::Store;

use super::balls::{self, Source, ask};
use super::umbrella::{OverLine, Yardstick, over_line};
use super::{TaskError, Watches, open};
pub use said::{Analyses, Routes, Said};

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

/// What somebody wishes of a picture's content.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wishes {
    /// The most cards drawn one by one; `None`: as many as can be read.
    pub most: Option<usize>,
    /// How it is laid out; `None`: as the subject is best read.
    pub plan: Option<Plan>,
    /// Whether disproved ties are drawn as well.
    pub disproved: bool,
    /// By what pairs are judged.
    pub yardstick: Yardstick,
}

/// How to draw it.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to draw.
    pub subject: Subject,
    /// How much of it.
    pub wishes: Wishes,
    /// Colour or print.
    pub style: Style,
    /// Who looks on.
    pub watches: Watches,
}

/// A picture, and what it shows.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// What it shows, in the reader's words.
    pub scene: Scene,
    /// The picture of it.
    pub picture: Picture,
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
    fn basis(&self, wishes: Wishes) -> Basis<'_> {
        let basis = Basis::new(self.network, self.words);
        let Wishes { plan, disproved, most, .. } = wishes;
        let (most, asked) = (most.unwrap_or(basis.most), most.is_some());
        let level = self.words.text(brief::level_key(self.level));
        let handling = self.words.say(&Message::new("brief-handling").text("level", level));
        Basis {
            sources: self.sources,
            stamp: self.stamp.clone(),
            handling,
            most,
            asked,
            plan,
            disproved,
            ..basis
        }
    }
}

/// Draws from a store.
pub fn draw(
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    request: &Request,
) -> Result<Drawn, TaskError> {
    let scene = balls::of_store(store, access, |source| scene_of(source, store, access, words, request))?;
    let gone = || TaskError::Nothing(Message::new("umbrella-nothing"));
    let scene = scene.ok_or_else(gone)?;
    let picture = crate::render::draw(&scene, request.style);
    Ok(Drawn { scene, picture })
}

/// The scene of a request, of a store that is read.
fn scene_of(
    source: &Source<'_>,
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    request: &Request,
) -> Result<Option<Scene>, TaskError> {
    let (digest, edition) = (source.view().digest(), source.view().edition()?);
    let (sources, stamp) = (source.view().sources()?, stamp(words, &digest));
    let on = |network: &Network, scene: &dyn Fn(&Ground<'_>) -> Option<Scene>| {
        scene(&Ground { network, words, sources: &sources, stamp: stamp.clone(), level: access.level })
    };
    let drawn =
        |network: &Network, said: &Said| on(network, &|ground| said_scene(ground, request.wishes, said));
    let yardstick = request.wishes.yardstick;
    let said = if source.is_large()? { Said::of(source, &request.subject, yardstick)? } else { None };
    Ok(match said {
        // What is drawn around a subject is read as the picture asks for it.
        Some(said) => ask(source, &said.nodes(source)?, |network| drawn(network, &said))?,
        None => {
            let network = open::network_watched(store, access, &request.watches.opening)?;
            match Said::of(&network, &request.subject, yardstick)? {
                Some(said) => drawn(&network, &said),
                None => {
                    let over =
                        over_line(store, access, &edition, &network, yardstick, &request.watches.scoring)?;
                    on(&network, &|ground| Some(whole_scene(ground, request.wishes, &over)))
                }
            }
        }
    })
}

/// The last line of a picture: what made it, and of which file.
pub fn stamp(words: &Catalogue, digest: &str) -> String {
    let message = Message::new("draw-stamp")
        .text("version", env!("CARGO_PKG_VERSION"))
        .text("digest", digest.get(..16).unwrap_or(digest));
    words.say(&message)
}

/// The scene of a request, of a whole network.
pub fn scene(ground: &Ground<'_>, request: &Request) -> Result<Scene, TaskError> {
    let scene = match Said::of(ground.network, &request.subject, request.wishes.yardstick)? {
        Some(said) => said_scene(ground, request.wishes, &said),
        None => {
            let outcome = umbrella::run(ground.network, &request.wishes.yardstick.options());
            Some(whole_scene(ground, request.wishes, &OverLine::of(&outcome)))
        }
    };
    scene.ok_or_else(|| TaskError::Nothing(Message::new("umbrella-nothing")))
}

/// The scene of everything, with those over the line apart.
fn whole_scene(ground: &Ground<'_>, wishes: Wishes, over: &[OverLine]) -> Scene {
    let mut scene = scenes::all(&ground.basis(wishes), &labelled(ground.words, ground.network, over));
    scene.notes.extend(likelihood::expected(ground.words, wishes.yardstick.expected));
    scene
}

/// The scene of what is said; `None` where somebody it speaks of is not in the network.
pub fn said_scene(ground: &Ground<'_>, wishes: Wishes, said: &Said) -> Option<Scene> {
    scenes::fitted(&ground.basis(wishes), |basis| {
        let mut scene = scene_on(basis, said, wishes.yardstick.line)?;
        if said.is_scored() {
            scene.notes.extend(likelihood::expected(ground.words, wishes.yardstick.expected));
        }
        if let Some(hops) = said.looked() {
            let looked = Message::new("render-looked").count("hops", hops as usize);
            scene.notes.push(ground.words.say(&looked));
        }
        Some(scene)
    })
}

/// The scene of what is said, with as many cards as a basis wants; pairs were held to this line.
fn scene_on(basis: &Basis<'_>, said: &Said, line: f64) -> Option<Scene> {
    let network = basis.network;
    let node = |id: &Id| network.node(id.as_str());
    let nodes = |ids: &[Id]| ids.iter().map(node).collect::<Option<Vec<NodeIx>>>();
    let ways =
        |routes: &Routes| routes.ways.iter().map(|(ids, _)| nodes(ids)).collect::<Option<Vec<Vec<NodeIx>>>>();
    Some(match said {
        Said::Pair(official, gang, Some(pair), _) => {
            pair_scene(basis, pair, line, (node(official)?, node(gang)?))
        }
        Said::Pair(official, gang, None, routes) => {
            untraced(basis, node(official)?, node(gang)?, &ways(routes)?)
        }
        Said::Lead(lead, routes) => scenes::lead(basis, node(lead)?, &ways(routes)?, &[]),
        Said::Gang(gang, pairs) => scenes::gang(basis, node(gang)?, &seats(network, node(gang)?, pairs)),
        Said::Around(centres, hops) => scenes::around(basis, &nodes(centres)?, *hops),
        Said::Path(a, b, routes) => {
            let way =
                |(ids, weakest): &(Vec<Id>, usize)| Some(Way { nodes: nodes(ids)?, weakest: Some(*weakest) });
            let ways: Option<Vec<Way>> = routes.ways.iter().map(way).collect();
            scenes::path(basis, node(a)?, node(b)?, &ways?)
        }
    })
}

/// The officials scored for a gang, the highest first, each with whoever stands on its paths.
fn seats(network: &Network, gang: NodeIx, pairs: &[Pair]) -> Vec<Seat> {
    let seat = |pair: &Pair| {
        let official = network.node(pair.official.id.as_str())?;
        let paths = pair_paths(network, pair);
        let ends = [official, gang];
        let best = paths.first().map_or(0, |path| path.iter().filter(|node| !ends.contains(node)).count());
        let mut between = paths.concat();
        between.retain(|node| !ends.contains(node));
        Some(Seat { official, between, best, over_line: pair.over_line })
    };
    pairs.iter().filter_map(seat).collect()
}

/// The paths of a scored pair.
fn pair_paths(network: &Network, pair: &Pair) -> Vec<Vec<NodeIx>> {
    let nodes = |ids: &[Id]| ids.iter().filter_map(|id| network.node(id.as_str())).collect::<Vec<_>>();
    pair.paths.iter().map(|path| nodes(&path.nodes)).collect()
}

/// The picture of a scored pair: its paths, and the ties its factors cite.
pub fn pair_scene(basis: &Basis<'_>, pair: &Pair, line: f64, ends: (NodeIx, NodeIx)) -> Scene {
    let network = basis.network;
    let claimed = if pair.over_line { Claimed::Lead } else { Claimed::Traces };
    let basis = Basis { verdict: verdict(basis.words, pair, line), ..basis.clone() };
    scenes::pair(&basis, claimed, ends, &pair_paths(network, pair), &cited(network, pair))
}

/// The picture of a pair that nothing connects.
fn untraced(basis: &Basis<'_>, official: NodeIx, gang: NodeIx, ways: &[Vec<NodeIx>]) -> Scene {
    let basis = Basis { verdict: basis.words.text("render-verdict-none"), ..basis.clone() };
    scenes::pair(&basis, Claimed::Nothing, (official, gang), ways, &[])
}

/// A pair's score in words beside the line it was held to, and what is on record of it.
fn verdict(words: &Catalogue, pair: &Pair, line: f64) -> String {
    let key = if pair.over_line { "render-verdict-over" } else { "render-verdict-under" };
    let score = Message::new(key)
        .text("likelihood", words.text(likelihood::key(pair.score)))
        .text("score", likelihood::score(pair.score))
        .text("line", likelihood::score(line));
    let known = pair.known.map(|status| {
        words.say(&Message::new("render-verdict-known").text("status", words.word(status.code())))
    });
    [words.say(&score)].into_iter().chain(known).collect::<Vec<_>>().join(" · ")
}

/// The picture of a scored pair of an outcome, which judged it by this yardstick.
pub fn of_pair(ground: &Ground<'_>, pair: &Pair, by: Yardstick) -> Option<Scene> {
    let official = ground.network.node(pair.official.id.as_str())?;
    let gang = ground.network.node(pair.gang.id.as_str())?;
    scenes::fitted(&ground.basis(Wishes::default()), |basis| {
        let mut scene = pair_scene(basis, pair, by.line, (official, gang));
        scene.notes.extend(likelihood::expected(ground.words, by.expected));
        Some(scene)
    })
}

/// The whole network's picture; those over the line stand apart.
pub fn whole(ground: &Ground<'_>, outcome: &Outcome) -> Scene {
    let wishes = Wishes { yardstick: Yardstick::of(outcome), ..Wishes::default() };
    whole_scene(ground, wishes, &OverLine::of(outcome))
}

/// The pairs over the line, with their scores.
fn labelled(words: &Catalogue, network: &Network, over: &[OverLine]) -> Vec<Over> {
    let drawn = over.iter().filter_map(|pair| {
        let short = likelihood::score(pair.score);
        let label = words.say(&Message::new("render-over").text("score", &short));
        let node = |id: &Id| network.node(id.as_str());
        Some(Over { official: node(&pair.official)?, gang: node(&pair.gang)?, label, short })
    });
    drawn.collect()
}

/// The rows behind what counts in a pair's factors.
fn cited_rows(pair: &Pair) -> Vec<Id> {
    let counted = pair.factors.iter().filter(|factor| factor.log_odds != 0.0);
    counted.flat_map(|factor| factor.evidence.clone()).collect()
}

/// The ties behind what counts in a pair's factors, in the order they are first cited.
fn cited(network: &Network, pair: &Pair) -> Vec<TieIx> {
    let rows = cited_rows(pair);
    let ties = evidence::ties(network, &rows);
    let mut seen = std::collections::BTreeSet::new();
    rows.iter().filter_map(|row| ties.get(row).copied()).filter(|tie| seen.insert(*tie)).collect()
}

/// Writes what was drawn in the form its file's ending asks for: a picture, or a page with it.
pub fn write_drawn(drawn: &Drawn, words: &Catalogue, path: &Path) -> Result<(), TaskError> {
    if !is_page(path) {
        return write(&drawn.picture, path);
    }
    let page = diagram::html(words, &diagram(&drawn.scene), &drawn.picture.svg, &font::face_rule);
    std::fs::write(path, page).map_err(TaskError::file(path))
}

/// Refuses a file whose ending is neither a picture's nor a page's.
pub fn check_form(path: &Path) -> Result<(), TaskError> {
    if is_page(path) || format(path).is_ok() {
        return Ok(());
    }
    let known = Format::ALL.map(Format::ending).join(", ");
    Err(unknown_form(path, &format!("{known}, html")))
}

/// Whether a file's ending asks for a page.
pub fn is_page(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm"))
}

fn unknown_form(path: &Path, known: &str) -> TaskError {
    let path = path.display().to_string();
    TaskError::Usage(Message::new("error-format").text("path", path).text("known", known.to_owned()))
}

/// What a page tells beside its picture: every claim, lead and source in full, to search and to copy.
fn diagram(scene: &Scene) -> Diagram<'_> {
    let name = |at: At| scene.nodes().get(at.0).map_or("", |node| node.name.as_str());
    let meaning = |tie: &Tie| {
        let entry = scene.legend.iter().find(|entry| entry.mark == Mark::Line(tie.line));
        entry.map_or("", |entry| entry.text.as_str())
    };
    let way = |tie: &Tie| match tie.arrow {
        Arrow::None => "—",
        Arrow::Forward => "→",
        Arrow::Back => "←",
        Arrow::Both => "↔",
    };
    let source = |row: &SourceRow| [row.number.clone(), row.text.clone(), row.detail.clone()];
    Diagram {
        lang: &scene.lang,
        title: &scene.title,
        handling: &scene.handling,
        subtitle: &scene.subtitle,
        notes: &scene.notes,
        footer: &scene.footer,
        claims: scene.ties().iter().flat_map(|tie| &tie.claims).map(cells).collect(),
        leads: &scene.leads,
        ties: scene
            .ties()
            .iter()
            .filter(|tie| tie.claims.is_empty())
            .map(|tie| [name(tie.from), way(tie), name(tie.to), &tie.label, meaning(tie)])
            .collect(),
        sources: scene.sources.iter().map(source).collect(),
    }
}

/// A claim as the cells of a row.
fn cells(claim: &ClaimRow) -> [&str; 9] {
    let [from, to] = &claim.ends;
    let ClaimRow { row, says, date, amount, grade, status, source, ends: _ } = claim;
    [row, from, to, says, date, amount, grade, status, source].map(String::as_str)
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
    let known = || unknown_form(path, &Format::ALL.map(Format::ending).join(", "));
    Format::of_ending(ending).ok_or_else(known)
}
