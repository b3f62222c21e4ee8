//! The scene: everything a picture shows, settled before a line of it is drawn.
//!
//! A scene carries texts in the reader's language; whoever builds one asks the catalogue. It holds
//! no position: [`super::layout`] finds those. Start at [`Scene::new`], add nodes, then ties.

use crate::model::{Kind, Layer};

/// The place of a node in its scene, as [`Scene::add`] gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At(pub usize);

/// What a node is drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symbol {
    /// A person.
    Person,
    /// A person who holds a post.
    Official,
    /// A state agency.
    Agency,
    /// A gang.
    Gang,
    /// A company.
    Company,
    /// Any other organisation.
    Organisation,
    /// A criminal case.
    Case,
    /// A lead.
    Lead,
    /// An account.
    Account,
    /// A telephone.
    Phone,
    /// A vehicle.
    Vehicle,
    /// An address.
    Address,
    /// A document.
    Document,
    /// An event.
    Event,
    /// Several nodes folded into one.
    Fold,
}

impl Symbol {
    /// Every symbol, in the order a legend lists them.
    pub const ALL: [Self; 15] = [
        Self::Official,
        Self::Person,
        Self::Agency,
        Self::Gang,
        Self::Company,
        Self::Organisation,
        Self::Case,
        Self::Lead,
        Self::Account,
        Self::Phone,
        Self::Vehicle,
        Self::Address,
        Self::Document,
        Self::Event,
        Self::Fold,
    ];
}

impl From<Kind> for Symbol {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Person,
            Kind::Agency => Self::Agency,
            Kind::Gang => Self::Gang,
            Kind::Company => Self::Company,
            Kind::Organisation => Self::Organisation,
            Kind::Case => Self::Case,
            Kind::Lead => Self::Lead,
            Kind::Account => Self::Account,
            Kind::Phone => Self::Phone,
            Kind::Vehicle => Self::Vehicle,
            Kind::Address => Self::Address,
            Kind::Document => Self::Document,
            Kind::Event => Self::Event,
        }
    }
}

/// The part a person plays, shown by the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// None of those below.
    #[default]
    Plain,
    /// Holds a post: a double frame.
    Official,
    /// Leads a gang: the heaviest frame.
    Leader,
    /// Belongs to a gang's core.
    Core,
    /// Belongs to a gang.
    Member,
}

/// How much a node matters here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emphasis {
    /// What the picture is about.
    Subject,
    /// As any other.
    #[default]
    Normal,
    /// There only to explain: grey.
    Context,
}

/// Where a layered picture puts a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In the uppermost row: the official.
    Top,
    /// In the lowest row: the gang.
    Bottom,
    /// In this row, counted from the top.
    Row(u8),
    /// Between, by its distance from both.
    #[default]
    Free,
}

/// One card of the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// A stable name: the entity's id.
    pub key: String,
    /// What it is drawn as.
    pub symbol: Option<Symbol>,
    /// The part it plays.
    pub part: Part,
    /// Its name.
    pub name: String,
    /// What stands under the name: post and unit, role.
    pub sub: String,
    /// How much it matters.
    pub emphasis: Emphasis,
    /// How many more stand behind it, not shown.
    pub folded: u32,
    /// Where a layered picture puts it.
    pub place: Place,
    /// The box it stands in: a position in [`Scene::groups`].
    pub group: Option<usize>,
}

/// How sure a tie is, by its line (the i2 convention, and one line more).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Two independent sources, or an official record: solid.
    Confirmed,
    /// One graded source: dashed.
    #[default]
    Unconfirmed,
    /// Hearsay, a single tip: dotted.
    Tentative,
    /// The program's own, nobody said it: dotted, in a colour of its own.
    Inferred,
    /// Disproved: thin, with a cross.
    Refuted,
}

impl Line {
    /// Every line, surest first.
    pub const ALL: [Self; 5] =
        [Self::Confirmed, Self::Unconfirmed, Self::Tentative, Self::Inferred, Self::Refuted];
}

/// Which ends of a tie have a head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Arrow {
    /// Neither.
    #[default]
    None,
    /// The *to* end.
    Forward,
    /// The *from* end.
    Back,
    /// Both.
    Both,
}

/// One claim behind a line, in full: for the table of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimRow {
    /// The id of its row.
    pub row: String,
    /// Who, and whom.
    pub ends: [String; 2],
    /// What it says.
    pub says: String,
    /// From when, until when.
    pub date: String,
    /// How much.
    pub amount: String,
    /// `B2`.
    pub grade: String,
    /// Whether it is suspected, confirmed or disproved.
    pub status: String,
    /// The source, as far as the reader may know.
    pub source: String,
}

/// One line of the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Tie {
    /// A stable name.
    pub key: String,
    /// One end.
    pub from: At,
    /// The other.
    pub to: At,
    /// How sure it is.
    pub line: Line,
    /// How many independent sources speak for it: its width.
    pub voices: u32,
    /// Its heads.
    pub arrow: Arrow,
    /// What stands beside it: `行贿 2016–18 · B2 · 证7`; ` · ` is where it may break.
    pub label: String,
    /// What stands beside it when there is no room: the number in the source table.
    pub short: String,
    /// Its layer: its colour.
    pub layer: Layer,
    /// Whether the picture is about it: its label is bold.
    pub bold: bool,
    /// What it stands for, one by one; nothing, where nobody said it or it is only counted.
    pub claims: Vec<ClaimRow>,
}

impl Tie {
    /// A tie between two nodes, undirected, unconfirmed, by one voice, without a label.
    pub fn between(key: &str, from: At, to: At, layer: Layer) -> Self {
        Self {
            key: key.to_owned(),
            from,
            to,
            line: Line::default(),
            voices: 1,
            arrow: Arrow::None,
            label: String::new(),
            short: String::new(),
            layer,
            bold: false,
            claims: vec![],
        }
    }
}

/// A box around the people of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// A stable name.
    pub key: String,
    /// What stands on the box.
    pub name: String,
}

/// What a legend explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A symbol.
    Symbol(Symbol),
    /// A frame.
    Frame(Part),
    /// The card of what the picture is about.
    Subject,
    /// How sure.
    Line(Line),
    /// A layer's colour.
    Layer(Layer),
    /// That a wider line has more sources.
    Width,
    /// The number of those not shown.
    Folded,
    /// Grey.
    Context,
}

/// One entry of the legend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The mark.
    pub mark: Mark,
    /// What it means.
    pub text: String,
}

/// One row of the source table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceRow {
    /// The number tie labels name.
    pub number: String,
    /// The source, as far as the reader may know.
    pub text: String,
    /// What else: date, grade.
    pub detail: String,
}

/// How a scene is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plan {
    /// In rows, the official above, the gang below.
    #[default]
    Layered,
    /// As springs would have it.
    Springs,
    /// On one ring.
    Circle,
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 3] = [Self::Layered, Self::Springs, Self::Circle];

    /// The word a user asks for it by.
    pub fn code(self) -> &'static str {
        match self {
            Self::Layered => "rows",
            Self::Springs => "springs",
            Self::Circle => "circle",
        }
    }
}

/// A complete picture, but for positions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// What it shows.
    pub title: String,
    /// As-of date, case number.
    pub subtitle: String,
    /// Who may see it: stands at top and bottom.
    pub handling: String,
    /// Shown and total.
    pub counts: String,
    /// What the reader must know: what was folded, what is missing.
    pub notes: Vec<String>,
    /// Program and rule version, digest.
    pub footer: String,
    /// The language tag of its texts.
    pub lang: String,
    /// Heading of the legend.
    pub legend_title: String,
    /// What the marks mean.
    pub legend: Vec<Entry>,
    /// Heading of the source table.
    pub sources_title: String,
    /// The numbered sources.
    pub sources: Vec<SourceRow>,
    /// The leads on the page: id, when and how it came, the whole text.
    pub leads: Vec<[String; 3]>,
    /// What stands under a table that was cut, with `{}` for how many more.
    pub more: String,
    /// What is said where labels found no place, with `{}` for how many.
    pub unlabelled: String,
    /// Boxes around nodes.
    pub groups: Vec<Group>,
    /// How it is laid out.
    pub plan: Plan,
    nodes: Vec<Node>,
    ties: Vec<Tie>,
}

impl Scene {
    /// An empty scene.
    pub fn new(title: &str, plan: Plan) -> Self {
        Self { title: title.to_owned(), plan, ..Self::default() }
    }

    /// Adds a node; a box that does not exist is forgotten.
    pub fn add(&mut self, mut node: Node) -> At {
        node.group = node.group.filter(|&group| group < self.groups.len());
        self.nodes.push(node);
        At(self.nodes.len() - 1)
    }

    /// Adds a tie, and says whether it could: both ends must be in the scene and differ.
    pub fn tie(&mut self, tie: Tie) -> bool {
        let known = |at: At| at.0 < self.nodes.len();
        let sound = known(tie.from) && known(tie.to) && tie.from != tie.to;
        if sound {
            self.ties.push(tie);
        }
        sound
    }

    /// Says how many more stand behind a node.
    pub fn set_folded(&mut self, at: At, folded: u32) {
        if let Some(node) = self.nodes.get_mut(at.0) {
            node.folded = folded;
        }
    }

    /// One of its nodes, to say more on it.
    pub(super) fn node_mut(&mut self, at: At) -> Option<&mut Node> {
        self.nodes.get_mut(at.0)
    }

    /// Its ties, to say more on them.
    pub(super) fn ties_mut(&mut self) -> &mut [Tie] {
        &mut self.ties
    }

    /// Its nodes, as they were added.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Its ties, as they were added; both ends of each are among the nodes.
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// Every text of the scene.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let heads = [&self.title, &self.subtitle, &self.handling, &self.counts, &self.footer];
        let heads = heads.into_iter().chain(&self.notes).chain([&self.legend_title, &self.sources_title]);
        let nodes = self.nodes.iter().flat_map(|node| [&node.name, &node.sub]);
        let ties = self.ties.iter().map(|tie| &tie.label);
        let rows = self.sources.iter().flat_map(|row| [&row.text, &row.detail]);
        let legend = self.legend.iter().map(|entry| &entry.text);
        let groups = self.groups.iter().map(|group| &group.name);
        heads.chain(nodes).chain(ties).chain(rows).chain(legend).chain(groups).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tie_to_nowhere_is_refused() {
        let mut scene = Scene::new("x", Plan::Layered);
        let a = scene.add(Node { key: "a".to_owned(), ..Node::default() });
        let b = scene.add(Node { key: "b".to_owned(), group: Some(3), ..Node::default() });
        assert!(scene.tie(Tie::between("t", a, b, Layer::Money)));
        assert!(!scene.tie(Tie::between("t", a, At(7), Layer::Money)));
        assert!(!scene.tie(Tie::between("t", a, a, Layer::Money)));
        assert_eq!((scene.ties().len(), scene.nodes()[1].group), (1, None));
    }

    #[test]
    fn every_kind_has_a_symbol_and_every_symbol_is_listed_once() {
        for &kind in Kind::ALL {
            assert!(Symbol::ALL.contains(&Symbol::from(kind)), "{kind}");
        }
        let mut all = Symbol::ALL.to_vec();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), Symbol::ALL.len());
    }
}
