//! Charts of figures.

use crate::analysis::umbrella::{self, Outcome, Pair};
use crate::messages::Catalogue;
use crate::model::{Access, Level, Message};
use crate::network::Network;
use crate::render::scene::Plan;
use crate::render::{Picture, Scene, charts};
use crate::report::{brief, likelihood};
use crate::store::Store;

use super::umbrella::Yardstick;
use super::{TaskError, draw, open};

/// The charts there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Scores beside p values.
    Scores,
    /// Ties by layer and year.
    Layers,
}

impl Kind {
    /// Every chart.
    pub const ALL: [Self; 2] = [Self::Scores, Self::Layers];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Scores => "scores",
            Self::Layers => "layers",
        }
    }

    /// The key of what it shows.
    pub fn key(self) -> &'static str {
        match self {
            Self::Scores => "chart-scores",
            Self::Layers => "chart-layers",
        }
    }
}

/// A chart of a store.
pub fn of_store(
    store: &dyn Store,
    access: &Access,
    words: &Catalogue,
    kind: Kind,
    yardstick: Yardstick,
) -> Result<Picture, TaskError> {
    let network = open::network(store, access)?;
    let digest = store.read(access)?.digest();
    let page = Page { network: &network, words, level: access.level, digest: &digest };
    Ok(match kind {
        Kind::Scores => scores(&page, &umbrella::run(&network, &yardstick.options())),
        Kind::Layers => layers(&page),
    })
}

/// What stands around a chart.
pub struct Page<'a> {
    /// The network the figures are of.
    pub network: &'a Network,
    /// The reader's language.
    pub words: &'a Catalogue,
    /// The level it is for.
    pub level: Level,
    /// The store's digest.
    pub digest: &'a str,
}

impl Page<'_> {
    fn head(&self, title: &str) -> Scene {
        let words = self.words;
        let handling = Message::new("brief-handling").text("level", words.text(brief::level_key(self.level)));
        let mut head = Scene::new(&words.text(title), Plan::default());
        head.subtitle = brief::scope(words, self.network);
        head.handling = words.say(&handling);
        head.footer = draw::stamp(words, self.digest);
        head.lang = words.lang().tag().to_owned();
        head
    }
}

/// The best pairs' scores beside how much closer than chance they are.
pub fn scores(page: &Page<'_>, outcome: &Outcome) -> Picture {
    let words = page.words;
    let point = |pair: &Pair| charts::ScorePoint {
        label: format!("{} · {}", pair.official.name, pair.gang.name),
        score: pair.score,
        text: likelihood::score(pair.score),
        p_value: pair.p_value,
        over_line: pair.over_line,
    };
    let chart = charts::Scores {
        score_axis: words.text("chart-axis-score"),
        p_axis: words.text("chart-axis-p"),
        line: outcome.line,
        line_label: words.text("chart-line"),
        pairs: outcome.pairs.iter().map(point).collect(),
    };
    let mut head = page.head("chart-title-scores");
    head.notes = vec![words.text("pair-lead-only")];
    head.notes.extend(likelihood::expected(words, outcome.expected));
    if chart.pairs.len() > charts::PAIRS {
        let first =
            Message::new("chart-first").count("shown", charts::PAIRS).count("total", chart.pairs.len());
        head.notes.push(words.say(&first));
    }
    if chart.pairs.iter().take(charts::PAIRS).any(|pair| pair.p_value.is_none()) {
        head.notes.push(words.text("chart-no-p"));
    }
    charts::scores(&head, &chart)
}

/// Ties by layer and the year they began.
pub fn layers(page: &Page<'_>) -> Picture {
    let chart = charts::ties_by_year(page.network, page.words);
    let mut head = page.head("chart-title-layers");
    head.notes = charts::notes(&chart, page.words);
    charts::years(&head, &chart)
}
