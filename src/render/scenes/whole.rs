//! The whole network on one page, however large: folded into groups that can be read.
//!
//! A small network is drawn as it is. A larger one is folded, and every node is in exactly one
//! group: the people of a gang with its companies, the officials of an agency, things with whoever
//! holds them, cases, leads and events by kind, everybody else by who they are tied to (label
//! propagation in id order: Raghavan, Albert and Kumara 2007). Groups that are too many are folded
//! again. Start at [`all`].

use std::collections::BTreeMap;

use super::super::page;
use super::super::scene::{Arrow, At, Emphasis, Line, Mark, Node, Plan, Scene, Symbol, Tie};
use super::draft::{Draft, shown_by_default};
use super::ties::line_of;
use super::{Basis, finish, fitted};
use crate::model::{Arg, Kind, Layer, Message, TieType};
use crate::network::{Network, NodeIx};

/// A network up to this size is drawn as it is.
const SMALL: usize = 40;
/// The most groups of each sort.
const GANGS: usize = 14;
const AGENCIES: usize = 12;
const CIRCLES: usize = 9;
const APART: usize = 12;
/// Beyond so many cards the ties of the rest are not drawn.
const CROWDED: usize = 30;
/// About so many cards fill a page; circles take what the others leave.
const CARDS: usize = 34;
const ROUNDS: usize = 6;

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Apart,
    Gang,
    Agency,
    Circle,
    Kind(Kind),
    Rest,
}

/// Some nodes as one card.
#[derive(Clone, Debug)]
struct Fold {
    sort: Sort,
    /// The node it is named after; `None` for groups by kind and for the rest.
    head: Option<NodeIx>,
    count: usize,
}

/// A pair over the line.
#[derive(Clone, Debug)]
pub struct Over {
    /// The official, who stands alone.
    pub official: NodeIx,
    /// The gang, which is marked.
    pub gang: NodeIx,
    /// What stands on the line between them.
    pub label: String,
    /// What stands there where that has no room.
    pub short: String,
}

/// The whole network. Pairs over the line, best first, stand apart, with a line of the program's own between
/// them: as many as a page can hold, and how many more there are is said.
pub fn all(basis: &Basis<'_>, over: &[Over]) -> Scene {
    let as_it_is =
        |basis: &Basis<'_>| basis.network.node_count() <= if basis.asked { basis.most } else { SMALL };
    let small = as_it_is(basis).then(|| alone(basis, over));
    let readable = |scene: &Scene| basis.asked || page::scale(scene) >= page::LEAST;
    let grouped = || fitted(basis, |basis| Some(groups(basis, over))).unwrap_or_default();
    small.filter(readable).unwrap_or_else(grouped)
}

/// Everybody one by one.
fn alone(basis: &Basis<'_>, over: &[Over]) -> Scene {
    let network = basis.network;
    let apart = ends(over);
    let mut draft = Draft::new(basis, &Message::new("render-title-all"), Plan::Springs);
    for node in network.nodes() {
        draft.node(node, apart.contains(&node), super::Place::Free, None);
    }
    draft.ties(|tie| shown_by_default(network.tie(tie).ty()));
    for pair in over {
        let [from, to] =
            [pair.official, pair.gang].map(|node| draft.node(node, true, super::Place::Free, None));
        draft.tie(inferred(network, from, to, pair), 0);
    }
    finish(draft, 0)
}

/// Both ends of some pairs, in order.
fn ends(over: &[Over]) -> Vec<NodeIx> {
    let mut ends: Vec<NodeIx> = over.iter().flat_map(|pair| [pair.official, pair.gang]).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Everybody in groups, as many as a page holds.
fn groups(basis: &Basis<'_>, over: &[Over]) -> Scene {
    let network = basis.network;
    // What is over the line takes at most half of the page.
    let limit = if basis.asked { basis.most } else { basis.most * CARDS / super::MOST };
    let (over, more) = over.split_at(over.len().min(APART.min(limit / 2).max(1)));
    let apart = ends(over);
    let apart = apart.as_slice();
    let mut draft = Draft::new(basis, &Message::new("render-title-all"), Plan::Springs);
    let (folds, of) = folded(network, apart, limit);
    // The largest circle around a firm is the rest by another name: no firm in it gives it its own.
    let largest = folds.iter().position(|fold| fold.sort == Sort::Circle);
    let firm = |fold: &Fold| fold.head.is_some_and(|head| network.kind(head) != Kind::Person);
    let cards: Vec<At> = folds
        .iter()
        .enumerate()
        .map(|(k, fold)| card(&mut draft, basis, fold, apart, largest == Some(k) && firm(fold)))
        .collect();
    let sorts: Vec<Sort> = folds.iter().map(|fold| fold.sort).collect();
    let (left, inside) = ties(&mut draft, basis, &of, &cards, &sorts);
    for pair in over {
        let card = |node: NodeIx| of.get(node.at()).and_then(|&fold| cards.get(fold)).copied();
        let (Some(from), Some(to)) = (card(pair.official), card(pair.gang)) else { continue };
        if from != to {
            draft.tie(inferred(network, from, to, pair), 0);
        }
    }
    let circles = folds.iter().filter(|fold| fold.sort != Sort::Apart).count();
    draft.note(
        &Message::new("render-folded-note").count("groups", circles).count("nodes", network.node_count()),
    );
    if !more.is_empty() {
        draft.note(&Message::new("render-more-over").count("count", more.len()));
    }
    if inside > 0 {
        draft.note(&Message::new("render-ties-inside").count("count", inside));
    }
    if left > 0 {
        draft.note(&Message::new("render-ties-left-out").count("count", left));
    }
    draft.held();
    let mut scene = draft.finish(network.node_count());
    for entry in scene.legend.iter_mut().filter(|entry| entry.mark == Mark::Width) {
        entry.text = basis.words.text("render-width-many");
    }
    scene
}

/// The groups, and the group of every node.
fn folded(network: &Network, apart: &[NodeIx], limit: usize) -> (Vec<Fold>, Vec<usize>) {
    let mut heads = Heads { network, limit, of: vec![None; network.node_count()] };
    let lone = apart.iter().filter(|node| network.kind(**node) != Kind::Gang).take(APART);
    lone.for_each(|&node| heads.set(node, Sort::Apart, node));
    heads.gangs();
    heads.agencies();
    heads.circles();
    heads.things();
    heads.finish(apart)
}

/// For each node, the sort and the head of its group.
struct Heads<'n> {
    network: &'n Network,
    /// About how many groups there may be.
    limit: usize,
    of: Vec<Option<(Sort, NodeIx)>>,
}

impl Heads<'_> {
    fn set(&mut self, node: NodeIx, sort: Sort, head: NodeIx) {
        let own = &mut self.of[node.at()];
        *own = own.or(Some((sort, head)));
    }

    fn free(&self, node: NodeIx) -> bool {
        self.of[node.at()].is_none()
    }

    fn of_kind(&self, kind: Kind) -> Vec<NodeIx> {
        self.network.nodes().filter(|&node| self.network.kind(node) == kind).collect()
    }

    /// Members and companies with their gang. Of very many gangs, those of which no member is known
    /// are left to the circles.
    fn gangs(&mut self) {
        let network = self.network;
        let gangs = self.of_kind(Kind::Gang);
        let own = |ty: TieType| matches!(ty, TieType::Member | TieType::Controls);
        for &gang in &gangs {
            if gangs.len() > GANGS && !network.arcs(gang).any(|arc| own(network.tie(arc.tie).ty())) {
                continue;
            }
            self.set(gang, Sort::Gang, gang);
            for arc in network.arcs(gang) {
                if own(network.tie(arc.tie).ty()) && !network.is_official(arc.neighbour) {
                    self.set(arc.neighbour, Sort::Gang, gang);
                }
            }
        }
    }

    /// Officials with the agency of their last post.
    fn agencies(&mut self) {
        let network = self.network;
        for agency in self.of_kind(Kind::Agency) {
            self.set(agency, Sort::Agency, agency);
        }
        for node in network.nodes().filter(|&node| network.is_official(node)) {
            let own = network.prop(node, "agency").and_then(|id| network.node(id));
            if let Some(agency) = own.filter(|&agency| network.kind(agency) == Kind::Agency) {
                self.set(node, Sort::Agency, agency);
            }
        }
    }

    /// Other people and organisations with those they are tied to.
    fn circles(&mut self) {
        let network = self.network;
        let free = |node: NodeIx| {
            let kind = network.kind(node);
            self.free(node) && (kind == Kind::Person || kind.is_organisation())
        };
        let open: Vec<bool> = network.nodes().map(free).collect();
        let mut label: Vec<u32> = (0..network.node_count() as u32).collect();
        let mut near: Vec<u32> = Vec::new();
        for _ in 0..ROUNDS {
            let mut moved = false;
            for node in network.nodes().filter(|node| open[node.at()]) {
                near.clear();
                near.extend(
                    network
                        .arcs(node)
                        .filter(|arc| open[arc.neighbour.at()])
                        .map(|arc| label[arc.neighbour.at()]),
                );
                near.sort_unstable();
                let most = commonest(&near).unwrap_or(label[node.at()]);
                moved |= std::mem::replace(&mut label[node.at()], most) != most;
            }
            if !moved {
                break;
            }
        }
        for (node, &label) in network.nodes().zip(&label).filter(|(node, _)| open[node.at()]) {
            self.set(node, Sort::Circle, NodeIx(label));
        }
    }

    /// Things with whoever holds them; cases, leads and events by kind.
    fn things(&mut self) {
        let network = self.network;
        for node in network.nodes() {
            if self.free(node) {
                let holder = network.arcs(node).find(|arc| network.tie(arc.tie).ty() == TieType::Holder);
                let group = holder.and_then(|arc| self.of[arc.neighbour.at()]);
                let group = group.filter(|(sort, _)| *sort != Sort::Apart);
                self.of[node.at()] = Some(group.unwrap_or((Sort::Kind(network.kind(node)), NodeIx(0))));
            }
        }
    }

    /// Folds what is too much, and numbers the groups.
    /// The groups; those of `apart` come first, so that they have cards of their own.
    fn finish(self, apart: &[NodeIx]) -> (Vec<Fold>, Vec<usize>) {
        let mut sizes: BTreeMap<(Sort, NodeIx), usize> = BTreeMap::new();
        for group in self.of.iter().flatten() {
            *sizes.entry(*group).or_default() += 1;
        }
        let mut order: Vec<((Sort, NodeIx), usize)> =
            sizes.iter().map(|(group, count)| (*group, *count)).collect();
        let tied = |head: NodeIx| std::cmp::Reverse(self.network.arc_count(head));
        let later = |head: NodeIx| apart.binary_search(&head).is_err();
        order.sort_by_key(|&((sort, head), count)| {
            (sort, later(head), std::cmp::Reverse(count), tied(head), head)
        });
        let (mut folds, mut place): (Vec<Fold>, BTreeMap<(Sort, NodeIx), usize>) = (vec![], BTreeMap::new());
        for &(group, count) in &order {
            let of_sort =
                folds.iter().filter(|fold: &&Fold| fold.sort == group.0 && fold.head.is_some()).count();
            let alone = small(group.0, count);
            if of_sort < room(group.0, folds.len() - of_sort.min(folds.len()), self.limit) && !alone {
                let head = (!matches!(group.0, Sort::Kind(_))).then(|| self.head(group.1, group));
                folds.push(Fold { sort: group.0, head, count });
                place.insert(group, folds.len() - 1);
                continue;
            }
            let sort = if alone || group.0 == Sort::Circle { Sort::Rest } else { group.0 };
            let rest = folds.iter().position(|fold| fold.sort == sort && fold.head.is_none());
            let rest = rest.unwrap_or_else(|| {
                folds.push(Fold { sort, head: None, count: 0 });
                folds.len() - 1
            });
            folds[rest].count += count;
            place.insert(group, rest);
        }
        let of = self.of.iter().map(|group| group.and_then(|group| place.get(&group)).copied().unwrap_or(0));
        (folds, of.collect())
    }

    /// Whom a circle is named after: the most tied of it. Other groups have their head.
    fn head(&self, head: NodeIx, group: (Sort, NodeIx)) -> NodeIx {
        if group.0 != Sort::Circle {
            return head;
        }
        let own = self.network.nodes().filter(|node| self.of[node.at()] == Some(group));
        own.max_by_key(|&node| (self.network.arc_count(node), std::cmp::Reverse(node))).unwrap_or(head)
    }
}

/// Whether a group is too small for a card of its own.
fn small(sort: Sort, count: usize) -> bool {
    match sort {
        Sort::Circle => count < 3,
        Sort::Kind(Kind::Case | Kind::Lead | Kind::Event) => false,
        Sort::Kind(_) => count < 6,
        Sort::Apart | Sort::Gang | Sort::Agency | Sort::Rest => false,
    }
}

/// How many groups of a sort are drawn beside `others` cards, of about `limit`.
fn room(sort: Sort, others: usize, limit: usize) -> usize {
    let share = |of: usize| (of * limit / CARDS).clamp(1, of.max(limit / 3));
    match sort {
        Sort::Apart => APART,
        Sort::Gang => share(GANGS),
        Sort::Agency => share(AGENCIES),
        Sort::Circle => limit.saturating_sub(others).max(share(CIRCLES)),
        Sort::Kind(_) | Sort::Rest => usize::MAX,
    }
}

/// The value that stands most often in a sorted list, the smallest of equals.
fn commonest(sorted: &[u32]) -> Option<u32> {
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.max_by(|a, b| a.len().cmp(&b.len()).then(b[0].cmp(&a[0]))).map(|run| run[0])
}

fn card(draft: &mut Draft<'_>, basis: &Basis<'_>, fold: &Fold, apart: &[NodeIx], lone: bool) -> At {
    let (network, words) = (basis.network, basis.words);
    if let (Sort::Apart, Some(node)) = (fold.sort, fold.head) {
        return draft.node(node, true, super::Place::Free, None);
    }
    let name = match (fold.sort, fold.head) {
        (Sort::Circle, Some(head)) if lone && network.kind(head) == Kind::Gang => {
            words.text("render-other-gangs")
        }
        (Sort::Circle, Some(_)) if lone => words.text("render-other-people"),
        (Sort::Circle, Some(head)) => {
            words.say(&Message::new("render-circle").text("name", network.name(head)))
        }
        (_, Some(head)) => network.name(head).to_owned(),
        (Sort::Kind(kind), None) => words.word(kind.code()),
        (Sort::Gang, None) => words.text("render-other-gangs"),
        (Sort::Agency, None) => words.text("render-other-agencies"),
        (_, None) => words.text("render-others"),
    };
    let symbol = match fold.sort {
        Sort::Gang => Symbol::Gang,
        Sort::Agency => Symbol::Agency,
        Sort::Kind(kind) => Symbol::from(kind),
        Sort::Apart | Sort::Circle | Sort::Rest => Symbol::Fold,
    };
    let marked = fold.head.is_some_and(|head| apart.contains(&head));
    let at = draft.scene.add(Node {
        key: format!("{}-{}", symbol_name(fold.sort), fold.head.map_or("", |head| network.id(head))),
        symbol: Some(symbol),
        name,
        sub: words.say(&Message::new("render-size").with("count", Arg::Count(fold.count as u64))),
        emphasis: if marked { Emphasis::Subject } else { Emphasis::Normal },
        ..Node::default()
    });
    if let Some(head) = fold.head {
        draft.named_after(at, head);
    }
    at
}

fn symbol_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Apart => "one",
        Sort::Gang => "gang",
        Sort::Agency => "agency",
        Sort::Circle => "circle",
        Sort::Kind(kind) => kind.code(),
        Sort::Rest => "rest",
    }
}

/// What lies between two groups.
#[derive(Default)]
struct Between {
    count: usize,
    layers: BTreeMap<Layer, usize>,
    line: Option<Line>,
}

/// Draws the ties between groups, the thickest first, as many as can be read; the number of
/// ties that were not drawn, and of those inside groups.
fn ties(
    draft: &mut Draft<'_>,
    basis: &Basis<'_>,
    of: &[usize],
    cards: &[At],
    sorts: &[Sort],
) -> (usize, usize) {
    let network = basis.network;
    let mut pairs: BTreeMap<(usize, usize), Between> = BTreeMap::new();
    let (mut inside, mut never, mut disproved) = (0, 0, 0);
    for ix in network.ties() {
        let tie = network.tie(ix);
        let (a, b) = (of[tie.from().at()], of[tie.to().at()]);
        if a == b {
            inside += 1;
        } else if !basis.draws(ix) {
            disproved += 1;
        } else if !shown_by_default(tie.ty()) {
            never += 1;
        } else {
            let between = pairs.entry((a.min(b), a.max(b))).or_default();
            between.count += 1;
            *between.layers.entry(tie.layer()).or_default() += 1;
            let line = line_of(tie);
            between.line = Some(between.line.map_or(line, |other| other.min(line)));
        }
    }
    draft.without_disproved(disproved);
    let mut order: Vec<((usize, usize), Between)> = pairs.into_iter().collect();
    order.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(&b.0)));
    let room = cards.len() * 3 / 2 + if cards.len() > CROWDED { cards.len() / 2 } else { 0 };
    let crowded = cards.len() > CROWDED;
    // Whoever stands alone keeps his two thickest ties, however thin beside the others, and every group its thickest.
    let mut own = vec![0usize; cards.len()];
    let mut kept = |(k, ((a, b), _)): (usize, &((usize, usize), Between))| {
        // What ties the rest to everybody tells nobody anything.
        let rest = sorts[*a] == Sort::Rest || sorts[*b] == Sort::Rest;
        if rest && crowded {
            return false;
        }
        let mut keep = k < room;
        for end in [*a, *b] {
            own[end] += 1;
            keep |= own[end] <= if sorts[end] == Sort::Apart { 2 } else { 1 };
        }
        keep
    };
    let keep: Vec<bool> = order.iter().enumerate().map(&mut kept).collect();
    let left: usize =
        order.iter().zip(&keep).filter(|(_, keep)| !**keep).map(|((_, between), _)| between.count).sum();
    let drawn = order.into_iter().zip(keep).filter(|(_, keep)| *keep);
    for ((a, b), between) in drawn.map(|(pair, _)| pair) {
        let (Some(&from), Some(&to)) = (cards.get(a), cards.get(b)) else { continue };
        let layer = between.layers.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        let mut tie =
            Tie::between(&format!("{a}-{b}"), from, to, layer.map_or(Layer::Other, |(layer, _)| *layer));
        tie.arrow = Arrow::None;
        tie.line = between.line.unwrap_or_default();
        tie.voices = between.count.ilog2().min(8) / 2 + 1;
        tie.label = between.count.to_string();
        tie.short.clone_from(&tie.label);
        draft.tie(tie, between.count);
    }
    (left + never, inside)
}

/// The line of a pair over the line: nobody's word, the program's own.
fn inferred(network: &Network, from: At, to: At, pair: &Over) -> Tie {
    let key = format!("over-{}-{}", network.id(pair.official), network.id(pair.gang));
    let between = Tie::between(&key, from, to, Layer::Identity);
    Tie { line: Line::Inferred, label: pair.label.clone(), short: pair.short.clone(), bold: true, ..between }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_is_the_smallest_of_equals() {
        assert_eq!(commonest(&[1, 2, 2, 5, 5]), Some(2));
        assert_eq!(commonest(&[]), None);
    }
}
