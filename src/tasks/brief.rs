//! The one-page brief of a pair or a lead, as a page or as PDF.

use std::path::Path;

use crate::analysis::umbrella as scores;
use crate::messages::Catalogue;
use crate::model::{Access, Kind};
use crate::network::Network;
use crate::render::font;
use crate::render::sheet::{self, Block, Sheet, Table};
use crate::report::brief::{self, Brief, Made, Point, ROWS_ON_PAPER};
use crate::report::evidence;
use crate::store::Store;

use super::balls::{self, Source, ask};
use super::umbrella::Yardstick;
use super::{TaskError, draw, named, open, umbrella};

/// Whom the brief is about.
#[derive(Clone, Debug)]
pub enum Subject {
    /// An official and a gang.
    Pair(String, String),
    /// A lead.
    Lead(String),
}

/// The brief of a store's pair or lead.
pub fn of_store(
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    subject: &Subject,
    yardstick: Yardstick,
) -> Result<Brief, TaskError> {
    balls::of_store(store, access, |source| {
        let digest = source.view().digest();
        let sources = source.view().sources()?;
        let made = Made { level: access.level, digest: &digest, sources: &sources };
        match subject {
            Subject::Pair(official, gang) => {
                let request = umbrella::Request { yardstick, ..umbrella::Request::pair(official, gang) };
                if source.is_large()? {
                    return of_pair(source, words, &request, made);
                }
                let network = open::network(store, access)?;
                let (outcome, pair) = umbrella::find(&network, &request)?;
                Ok(brief::pair(words, &network, &outcome, &pair, made))
            }
            Subject::Lead(lead) => {
                let part =
                    if source.is_large()? { of_lead_in(source, words, lead, yardstick, made)? } else { None };
                part.map_or_else(|| of_lead(words, &open::network(store, access)?, lead, yardstick, made), Ok)
            }
        }
    })
}

/// The brief of a pair from the gang's ball, and what else of the network it tells of.
pub(super) fn of_pair(
    source: &Source<'_>,
    words: &Catalogue,
    request: &umbrella::Request,
    made: Made<'_>,
) -> Result<Brief, TaskError> {
    let (outcome, pair) = umbrella::find_in(source, request)?;
    let ends = source.ends_of(&evidence::cited(&pair))?;
    ask(source, &ends, |network| brief::pair(words, network, &outcome, &pair, made))
}

/// The brief of a lead from the balls of the gangs that it names; none where it names no gang: then every gang's
/// pairs are asked for, and the whole network is.
pub(super) fn of_lead_in(
    source: &Source<'_>,
    words: &Catalogue,
    lead: &str,
    yardstick: Yardstick,
    made: Made<'_>,
) -> Result<Option<Brief>, TaskError> {
    let found = named::entity(source.view(), lead)?;
    if found.kind != Kind::Lead {
        return Err(TaskError::NotA { id: lead.to_owned(), wanted: "lead" });
    }
    let options = yardstick.options();
    let first = [found.id.clone()];
    let gangs = ask(source, &first, |network| scores::gangs_named(network, found.id.as_str()))?;
    if gangs.is_empty() {
        return Ok(None);
    }
    let mut pairs = Vec::new();
    for gang in &gangs {
        pairs.extend(source.gang(gang, &options)?.outcome.pairs);
    }
    let globals = &source.statistics()?.globals;
    let outcome = ask(source, &first, |network| {
        scores::score_lead_among(network, globals, &found.id, &pairs, &options)
    })?;
    let mut shown = source.ends_of(&brief::rows_of_lead(&outcome))?;
    shown.extend(first);
    ask(source, &shown, |network| {
        let node = network.node(found.id.as_str())?;
        Some(brief::lead(words, network, node, &outcome, &options, made))
    })
}

pub(super) fn of_lead(
    words: &Catalogue,
    network: &Network,
    lead: &str,
    yardstick: Yardstick,
    made: Made<'_>,
) -> Result<Brief, TaskError> {
    let node = named::node(network, lead)?;
    if network.kind(node) != Kind::Lead {
        return Err(TaskError::NotA { id: lead.to_owned(), wanted: "lead" });
    }
    let options = yardstick.options();
    let id = network.id(node).to_owned();
    let scored = scores::score_leads(network, &[&id], &options);
    let outcome = scored.into_iter().next().ok_or_else(|| TaskError::Unknown(lead.to_owned()))?;
    Ok(brief::lead(words, network, node, &outcome, &options, made))
}

/// Writes a brief in the form its file's ending asks for.
pub fn write(brief: &Brief, path: &Path) -> Result<(), TaskError> {
    let bytes = bytes(brief, path)?;
    std::fs::write(path, bytes).map_err(TaskError::file(path))
}

fn bytes(brief: &Brief, path: &Path) -> Result<Vec<u8>, TaskError> {
    if draw::is_page(path) {
        return Ok(brief::html(brief, None, &font::face_rule).into_bytes());
    }
    draw::bytes(&sheet::draw(&sheet(brief)), draw::format(path)?)
}

/// The brief as a sheet of paper: one page, whatever there is.
pub fn sheet(brief: &Brief) -> Sheet {
    let mut blocks = vec![
        Block::Title(brief.title.clone()),
        Block::Small(brief.scope.clone()),
        Block::Box(brief.verdict.clone()),
    ];
    for (heading, points) in &brief.arguments {
        blocks.push(Block::Heading(heading.clone()));
        blocks.extend(points.iter().map(|point| Block::Point(point.size.clone(), sentence(point))));
    }
    for (heading, sentences) in &brief.notes {
        blocks.push(Block::Heading(heading.clone()));
        blocks.extend(sentences.iter().cloned().map(Block::Bullet));
    }
    if !brief.paper.sources.is_empty() {
        blocks.push(Block::Small(brief.paper.sources.clone()));
    }
    blocks.push(Block::Table(table(brief)));
    if !brief.paper.more.is_empty() {
        blocks.push(Block::Small(brief.paper.more.clone()));
    }
    Sheet {
        title: brief.title.clone(),
        lang: brief.lang.to_owned(),
        handling: brief.handling.clone(),
        footer: brief.footer.clone(),
        blocks,
    }
}

/// A sentence with the numbers of its evidence that the table has; many are cut.
fn sentence(point: &Point) -> String {
    const SHOWN: usize = 8;
    let on_paper = point.numbers.iter().filter(|number| **number <= ROWS_ON_PAPER);
    let mut numbers: Vec<String> = on_paper.map(|number| format!("[{number}]")).collect();
    let more = if numbers.len() > SHOWN { " …" } else { "" };
    numbers.truncate(SHOWN);
    format!("{} {}{more}", point.text, numbers.join(" ")).trim_end().to_owned()
}

fn table(brief: &Brief) -> Table {
    let rows = brief.evidence.iter().take(ROWS_ON_PAPER).map(|row| {
        let cells =
            [&row.number.to_string(), row.row.as_str(), &row.says, &row.grade, &row.source, &row.known];
        cells.map(str::to_owned).to_vec()
    });
    Table {
        heads: brief.heads.to_vec(),
        widths: vec![0.05, 0.17, 0.46, 0.06, 0.13, 0.13],
        rows: rows.collect(),
        more: brief.cut.clone(),
    }
}
