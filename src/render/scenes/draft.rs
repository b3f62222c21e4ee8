//! A scene in the making: nodes chosen from a network, then everything that follows from them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::layout::cards::card;
use super::super::scene::{
    Arrow, At, ClaimRow, Emphasis, Entry, Group, Line, Mark, Node, Part, Place, Plan, Scene, Symbol, Tie,
};
use super::ties::{Bundle, Numbers, bundles, claims, line};
use super::{Basis, Way, pick};
use crate::analysis::doubles;
use crate::model::{Arg, Kind, Layer, Message, TieType};
use crate::network::{NodeIx, TieIx};

/// More lines than this between one pair are told by a number.
const LINES: usize = 3;
/// A page with more pairs than this has one line for each, so that it can be read.
const PAIRS: usize = 36;

/// A scene in the making.
pub struct Draft<'a> {
    basis: &'a Basis<'a>,
    /// The scene so far.
    pub scene: Scene,
    at: BTreeMap<NodeIx, At>,
    /// The id of whom a card is named after.
    ids: BTreeMap<At, String>,
    numbers: Numbers<'a>,
    drawn: usize,
    /// Disproved ties that were not drawn.
    disproved: usize,
}

impl<'a> Draft<'a> {
    /// An empty scene with its head and foot.
    pub fn new(basis: &'a Basis<'a>, title: &Message, plan: Plan) -> Self {
        let words = basis.words;
        let mut scene = Scene::new(&words.say(title), basis.plan.unwrap_or(plan));
        let day = match basis.network.as_of() {
            Some(day) => words.say(&Message::new("render-as-of").with("date", Arg::Date(day))),
            None => match basis.network.extent().newest {
                Some(day) => words.say(&Message::new("render-known-to").with("date", Arg::Date(day))),
                None => words.text("render-undated-file"),
            },
        };
        let case = basis
            .case
            .as_ref()
            .map(|case| words.say(&Message::new("render-case").text("case", case.as_str())));
        let verdict = Some(basis.verdict.clone()).filter(|verdict| !verdict.is_empty());
        scene.subtitle = case.into_iter().chain(verdict).chain([day]).collect::<Vec<_>>().join(" · ");
        scene.handling.clone_from(&basis.handling);
        scene.footer = basis.stamp.clone();
        scene.lang = words.lang().tag().to_owned();
        scene.legend_title = words.text("render-legend");
        scene.sources_title = words.text("render-sources");
        scene.more = words.say(&Message::new("render-more").text("count", "{}"));
        scene.unlabelled = words.say(&Message::new("render-unlabelled").text("count", "{}"));
        Self {
            basis,
            scene,
            at: BTreeMap::new(),
            ids: BTreeMap::new(),
            numbers: Numbers::new(basis),
            drawn: 0,
            disproved: 0,
        }
    }

    /// Whether a node is drawn.
    pub fn has(&self, node: NodeIx) -> bool {
        self.at.contains_key(&node)
    }

    /// Adds a box for an organisation.
    pub fn group(&mut self, node: NodeIx) -> usize {
        let network = self.basis.network;
        let (key, name) = (network.id(node).to_owned(), network.name(node).to_owned());
        self.scene.groups.push(Group { key, name });
        self.scene.groups.len() - 1
    }

    /// Draws a node, once.
    pub fn node(&mut self, node: NodeIx, subject: bool, place: Place, group: Option<usize>) -> At {
        if let Some(&at) = self.at.get(&node) {
            return at;
        }
        let network = self.basis.network;
        let kind = network.kind(node);
        let context = kind == Kind::Person && !network.is_subject(node);
        let emphasis = match (subject, context) {
            (true, _) => Emphasis::Subject,
            (_, true) => Emphasis::Context,
            _ => Emphasis::Normal,
        };
        let symbol = if network.is_official(node) { Symbol::Official } else { Symbol::from(kind) };
        let at = self.scene.add(Node {
            key: network.id(node).to_owned(),
            symbol: Some(symbol),
            part: self.basis.part(node),
            name: network.name(node).to_owned(),
            sub: self.basis.sub(node),
            emphasis,
            folded: 0,
            place,
            group,
        });
        self.at.insert(node, at);
        self.named_after(at, node);
        at
    }

    /// Says whom a card is named after, so that it can be told from another that reads the same.
    pub fn named_after(&mut self, at: At, node: NodeIx) {
        self.ids.insert(at, self.basis.network.id(node).to_owned());
    }

    /// Gives cards that read the same (namesakes, long names with one beginning) their id to be told apart by.
    fn tell_apart(&mut self) {
        let mut alike: BTreeMap<Vec<String>, Vec<At>> = BTreeMap::new();
        for &at in self.ids.keys() {
            let node = self.scene.nodes().get(at.0);
            alike.entry(node.map_or_else(Vec::new, |node| card(node).name)).or_default().push(at);
        }
        for at in alike.into_values().filter(|cards| cards.len() > 1).flatten() {
            if let (Some(id), Some(node)) = (self.ids.get(&at), self.scene.node_mut(at)) {
                node.sub = format!("{id} {}", node.sub).trim_end().to_owned();
            }
        }
    }

    /// Draws a card for nodes that are not drawn one by one.
    pub fn fold(&mut self, key: &str, name: String, count: usize, place: Place, group: Option<usize>) -> At {
        let folded = u32::try_from(count).unwrap_or(u32::MAX);
        let symbol = Some(Symbol::Fold);
        self.scene.add(Node { key: key.to_owned(), symbol, name, folded, place, group, ..Node::default() })
    }

    /// Draws nodes of one kind as one card that names them.
    pub fn together(&mut self, nodes: &[NodeIx]) {
        let network = self.basis.network;
        let Some(&first) = nodes.first() else { return };
        let kind = network.kind(first);
        let name =
            Message::new("render-together").with("kind", Arg::Word(kind.code())).count("count", nodes.len());
        let unfounded = pick::is_unfounded(network, first).then(|| self.basis.words.word("unfounded"));
        let own = |node: &NodeIx| match network.prop(*node, "date").filter(|_| kind == Kind::Event) {
            Some(day) => day.to_owned(),
            None => network.id(*node).to_owned(),
        };
        let ids: Vec<String> = unfounded.into_iter().chain(nodes.iter().map(own)).collect();
        let at = self.scene.add(Node {
            key: format!("{}+", network.id(first)),
            symbol: Some(Symbol::from(kind)),
            name: self.basis.words.say(&name),
            sub: ids.join(" "),
            ..Node::default()
        });
        self.at.extend(nodes.iter().map(|&node| (node, at)));
    }

    /// How many cards there are.
    pub fn cards(&self) -> usize {
        self.scene.nodes().len()
    }

    /// Draws every tie between drawn nodes that `wanted` lets through, merged.
    pub fn ties(&mut self, wanted: impl Fn(TieIx) -> bool) {
        let network = self.basis.network;
        let mut ties: Vec<TieIx> = Vec::new();
        for &node in self.at.keys() {
            let own = network.arcs(node).filter(|arc| arc.neighbour > node && self.has(arc.neighbour));
            ties.extend(own.map(|arc| arc.tie).filter(|&tie| wanted(tie)));
        }
        ties.sort_unstable();
        ties.dedup();
        let all = ties.len();
        ties.retain(|&tie| self.basis.draws(tie));
        self.without_disproved(all - ties.len());
        let mut pairs: BTreeMap<(At, At), Vec<Bundle<'_>>> = BTreeMap::new();
        for bundle in bundles(network, ties, |node| self.at.get(&node).copied()) {
            let ends = (bundle.from.min(bundle.to), bundle.from.max(bundle.to));
            pairs.entry(ends).or_default().push(bundle);
        }
        let most = if pairs.len() > PAIRS { 1 } else { LINES };
        pairs.into_values().for_each(|pair| self.pair(pair, most));
        self.doubles();
    }

    /// Draws who of the drawn may be one person, as the program's own and nobody's word.
    fn doubles(&mut self) {
        let words = self.basis.words;
        let network = self.basis.network;
        for (a, b, probability) in doubles::among(network, &self.drawn()) {
            let (Some(&from), Some(&to)) = (self.at.get(&a), self.at.get(&b)) else { continue };
            let key = format!("same-{}-{}", network.id(a), network.id(b));
            let (same, inferred) = (words.word(TieType::Same.code()), words.text("render-inferred"));
            // Nothing that is computed is certain.
            let likely = format!("{:.2}", probability.min(0.99));
            let between = Tie::between(&key, from, to, Layer::Identity);
            let label = format!("{same} {likely} · {inferred}");
            self.tie(Tie { line: Line::Inferred, label, short: inferred, ..between }, 0);
        }
    }

    /// Draws who on some paths is the gang's though no row says so (a suspect in its case who is on no list) as the
    /// program's own. Other steps without a tie of their own go over accounts and phones.
    pub fn inferred(&mut self, paths: &[Vec<NodeIx>]) {
        let (network, label) = (self.basis.network, self.basis.words.text("render-inferred"));
        for two in paths.iter().flat_map(|path| path.windows(2)) {
            let [a, b] = [two[0].min(two[1]), two[0].max(two[1])];
            let (Some(&from), Some(&to)) = (self.at.get(&a), self.at.get(&b)) else { continue };
            let joins = |tie: &Tie| [tie.from, tie.to] == [from, to] || [tie.to, tie.from] == [from, to];
            let stated = network.between(a, b).next().is_some() || self.scene.ties().iter().any(joins);
            let of_gang = [a, b].iter().any(|&node| network.kind(node) == Kind::Gang);
            if of_gang && from != to && !stated {
                let key = format!("inferred-{}-{}", network.id(a), network.id(b));
                let between = Tie::between(&key, from, to, Layer::Finding);
                self.tie(
                    Tie { line: Line::Inferred, label: label.clone(), short: label.clone(), ..between },
                    0,
                );
            }
        }
    }

    /// The lines of one pair; beyond a few, the weaker ones are one line with their number.
    fn pair(&mut self, mut lines: Vec<Bundle<'_>>, most: usize) {
        self.drawn += lines.iter().map(Bundle::len).sum::<usize>();
        lines.sort_by(|a, b| b.strength().total_cmp(&a.strength()));
        let most = if most > 1 && lines.len() == most + 1 { most + 1 } else { most };
        let rest: Vec<Bundle<'_>> = lines.split_off(most.min(lines.len()));
        let count: usize = rest.iter().map(Bundle::len).sum();
        let (words, network) = (self.basis.words, self.basis.network);
        let told = |bundles: &[Bundle<'_>], numbers: &Numbers<'_>| -> Vec<ClaimRow> {
            bundles.iter().flat_map(|bundle| claims(bundle, numbers, words, network)).collect()
        };
        for bundle in &lines {
            let mut tie = line(bundle, &mut self.numbers, words);
            tie.claims = told(std::slice::from_ref(bundle), &self.numbers);
            if most == 1 && count > 0 {
                tie.label = format!("{} · +{count}", tie.label);
                tie.claims.extend(told(&rest, &self.numbers));
            }
            self.scene.tie(tie);
        }
        let Some(bundle) = rest.first().filter(|_| most > 1) else { return };
        let mut tie = line(bundle, &mut self.numbers, words);
        tie.label = words.say(&Message::new("render-more-ties").count("count", count));
        (tie.short, tie.arrow, tie.layer) = (format!("+{count}"), Arrow::None, Layer::Other);
        tie.claims = told(&rest, &self.numbers);
        self.scene.tie(tie);
    }

    /// Says on the cards of hubs how many of their neighbours are not drawn.
    pub fn badges(&mut self, hub: usize) {
        let network = self.basis.network;
        let mut badges: Vec<(At, u32)> = Vec::new();
        for (&node, &at) in &self.at {
            let near: BTreeSet<NodeIx> = network.arcs(node).map(|arc| arc.neighbour).collect();
            let hidden = near.iter().filter(|near| !self.has(**near)).count();
            if near.len() >= hub && hidden > 0 {
                badges.push((at, hidden as u32));
            }
        }
        badges.into_iter().for_each(|(at, hidden)| self.scene.set_folded(at, hidden));
    }

    /// Says on each line which of some ways go over it, and where it is the weakest tie of one.
    pub fn ways(&mut self, ways: &[Way]) {
        let at = |node: NodeIx| self.at.get(&node).copied();
        let mut hops: BTreeMap<(At, At), (Vec<String>, bool)> = BTreeMap::new();
        for (k, way) in ways.iter().enumerate() {
            for (i, two) in way.nodes.windows(2).enumerate() {
                let (Some(a), Some(b)) = (at(two[0]), at(two[1])) else { continue };
                let hop = hops.entry((a.min(b), a.max(b))).or_default();
                hop.0.push((k + 1).to_string());
                hop.1 |= way.weakest == Some(i);
            }
        }
        let words = self.basis.words;
        for tie in self.scene.ties_mut() {
            let Some((numbers, weakest)) = hops.get(&(tie.from.min(tie.to), tie.from.max(tie.to))) else {
                continue;
            };
            let number = words.say(&Message::new("render-way").text("numbers", numbers.join("/")));
            let weakest = weakest.then(|| words.text("render-weakest"));
            let parts = [Some(number), Some(tie.label.clone()), weakest];
            tie.label = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            tie.bold = numbers.iter().any(|number| number == "1");
        }
    }

    /// Counts disproved ties that are not drawn.
    pub fn without_disproved(&mut self, count: usize) {
        self.disproved += count;
    }

    /// Counts the disproved ties of a node to those who are not drawn.
    pub fn disproved_of(&mut self, node: NodeIx) {
        let network = self.basis.network;
        let left = network.arcs(node).filter(|arc| !self.basis.draws(arc.tie) && !self.has(arc.neighbour));
        let count = left.filter(|arc| shown_by_default(network.tie(arc.tie).ty())).count();
        self.without_disproved(count);
    }

    /// Says it where more cards are needed than were asked for.
    pub fn held(&mut self) {
        let shown = self.cards();
        if self.basis.asked && shown > self.basis.most {
            let held = Message::new("render-held").count("asked", self.basis.most).count("shown", shown);
            self.note(&held);
        }
    }

    /// Adds a note.
    pub fn note(&mut self, note: &Message) {
        self.scene.notes.push(self.basis.words.say(note));
    }

    /// Adds a tie of our own making.
    pub fn tie(&mut self, tie: Tie, stands_for: usize) {
        if self.scene.tie(tie) {
            self.drawn += stands_for;
        }
    }

    /// The scene, with its counts, legend and sources; `nodes` is how many it stands for.
    pub fn finish(mut self, nodes: usize) -> Scene {
        let extent = self.basis.network.extent();
        let counts = Message::new("render-counts")
            .count("nodes", nodes)
            .count("all-nodes", extent.nodes)
            .count("ties", self.drawn)
            .count("all-ties", extent.ties);
        self.tell_apart();
        if self.disproved > 0 {
            self.note(&Message::new("render-disproved-left").count("count", self.disproved));
        }
        self.scene.counts = self.basis.words.say(&counts);
        self.scene.leads = self.leads();
        self.scene.sources = self.numbers.table(self.basis.words);
        self.scene.legend = self.legend();
        self.scene
    }

    /// The leads on the page, those that share a card as well.
    fn leads(&self) -> Vec<[String; 3]> {
        let network = self.basis.network;
        let leads = self.at.keys().copied().filter(|&node| network.kind(node) == Kind::Lead);
        let text = |node| [network.id(node).to_owned(), self.basis.sub(node), network.name(node).to_owned()];
        leads.map(text).collect()
    }

    /// The nodes drawn one by one.
    pub fn drawn(&self) -> Vec<NodeIx> {
        self.at.keys().copied().collect()
    }

    /// How many nodes are drawn one by one.
    pub fn shown(&self) -> usize {
        self.at.len()
    }

    /// What is on the page, and nothing else.
    fn legend(&self) -> Vec<Entry> {
        let words = self.basis.words;
        let mut entries: BTreeMap<Mark, String> = BTreeMap::new();
        for node in self.scene.nodes() {
            let symbol = node.symbol.unwrap_or(Symbol::Person);
            entries.insert(Mark::Symbol(symbol), words.text(symbol_key(symbol)));
            if let Some(key) = frame_key(node.part) {
                entries.insert(Mark::Frame(node.part), words.text(key));
            }
            if node.emphasis == Emphasis::Subject {
                entries.insert(Mark::Subject, words.text("render-subject"));
            }
            if node.emphasis == Emphasis::Context {
                entries.insert(Mark::Context, words.text("render-context"));
            }
            if node.folded > 0 && symbol != Symbol::Fold {
                entries.insert(Mark::Folded, words.text("render-folded"));
            }
        }
        for tie in self.scene.ties() {
            entries.insert(Mark::Line(tie.line), words.text(line_key(tie.line)));
            if tie.line != Line::Inferred {
                entries.insert(Mark::Layer(tie.layer), words.word(tie.layer.code()));
            }
            if tie.voices > 1 {
                entries.insert(Mark::Width, words.text("render-width"));
            }
        }
        entries.into_iter().map(|(mark, text)| Entry { mark, text }).collect()
    }
}

fn symbol_key(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Official => "word-official",
        Symbol::Person => "word-person",
        Symbol::Agency => "word-agency",
        Symbol::Gang => "word-gang",
        Symbol::Company => "word-company",
        Symbol::Organisation => "word-other",
        Symbol::Case => "word-case",
        Symbol::Lead => "word-lead",
        Symbol::Account => "word-account",
        Symbol::Phone => "word-phone",
        Symbol::Vehicle => "word-vehicle",
        Symbol::Address => "word-address",
        Symbol::Document => "word-document",
        Symbol::Event => "word-event",
        Symbol::Fold => "render-fold",
    }
}

fn frame_key(part: Part) -> Option<&'static str> {
    match part {
        Part::Plain => None,
        Part::Official => Some("render-frame-official"),
        Part::Leader => Some("word-leader"),
        Part::Core => Some("word-core"),
        Part::Member => Some("word-member"),
    }
}

fn line_key(line: Line) -> &'static str {
    match line {
        Line::Confirmed => "render-line-confirmed",
        Line::Unconfirmed => "render-line-unconfirmed",
        Line::Tentative => "render-line-tentative",
        Line::Inferred => "render-line-inferred",
        Line::Refuted => "render-line-refuted",
    }
}

/// Whether a tie is shown by default: what leads say is, only where the lead itself is drawn.
pub fn shown_by_default(ty: TieType) -> bool {
    !matches!(ty, TieType::Supervises)
}
