//! A network with a small change laid over it: the same as one built anew, in a fraction of the time.
//!
//! What a change touches comes as a network of its own: every entity that it says anything of, whole, and all
//! ties of every pair of ends whose ties it may have changed, as they are after it. The columns of both are put
//! together in runs, so that nearly all of it is copying memory; positions are those that a builder would give.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::builder::parts_by;
use super::texts::Texts;
use super::{Arcs, Claims, Network, NodeIx, Nodes, Parts, StepRow, TieIx, Ties, Words, span};
use crate::model::{Id, Kind, Voice};

/// A position of what is gone.
const GONE: u32 = u32::MAX;

/// Where the parts of two sequences come to stand in one.
struct Order {
    runs: Vec<Run>,
    /// The new position of each old one, of the base and of the change.
    base: Vec<u32>,
    change: Vec<u32>,
}

enum Run {
    Base(Range<usize>),
    Change(Range<usize>),
}

impl Order {
    /// Puts parts of a change in the places of parts of a base, which come in order.
    fn new(length: usize, cuts: impl Iterator<Item = (Range<usize>, Range<usize>)>) -> Self {
        let mut order = Self { runs: Vec::new(), base: Vec::with_capacity(length), change: Vec::new() };
        let (mut at, mut from) = (0, 0);
        for (old, new) in cuts {
            order.base(from..old.start, &mut at);
            order.base.resize(old.end, GONE);
            order.change.extend((at..).take(new.len()));
            at += new.len() as u32;
            from = old.end;
            order.runs.push(Run::Change(new));
        }
        order.base(from..length, &mut at);
        order
    }

    fn base(&mut self, run: Range<usize>, at: &mut u32) {
        self.base.extend((*at..).take(run.len()));
        *at += run.len() as u32;
        self.runs.push(Run::Base(run));
    }

    fn count(&self) -> usize {
        let length = |run: &Run| match run {
            Run::Base(run) | Run::Change(run) => run.len(),
        };
        self.runs.iter().map(length).sum()
    }

    /// A column of both, in order.
    fn gather<T: Copy>(&self, base: &[T], change: &[T]) -> Vec<T> {
        let mut column = Vec::with_capacity(self.count());
        for run in &self.runs {
            let part = match run {
                Run::Base(run) => base.get(run.clone()),
                Run::Change(run) => change.get(run.clone()),
            };
            column.extend_from_slice(part.unwrap_or_default());
        }
        column
    }

    /// The same of positions that are other ones now.
    fn places<T: Copy>(
        &self,
        base: &[T],
        change: &[T],
        was: impl Fn(T) -> T,
        new: impl Fn(T) -> T,
    ) -> Vec<T> {
        let mut column = Vec::with_capacity(self.count());
        for run in &self.runs {
            match run {
                Run::Base(run) => {
                    column.extend(base.get(run.clone()).unwrap_or_default().iter().map(|&at| was(at)));
                }
                Run::Change(run) => {
                    column.extend(change.get(run.clone()).unwrap_or_default().iter().map(|&at| new(at)));
                }
            }
        }
        column
    }

    fn texts(&self, base: &Texts, change: &Texts) -> Texts {
        let mut texts = Texts::default();
        texts.reserve(base, change);
        for run in &self.runs {
            match run {
                Run::Base(run) => texts.append_some(base, run.clone()),
                Run::Change(run) => texts.append_some(change, run.clone()),
            }
        }
        texts
    }

    /// The order of what belongs to the parts of both, given where the parts of each start.
    fn inner(&self, base: &[u32], change: &[u32]) -> (Self, Vec<u32>) {
        let mut starts = Vec::with_capacity(self.count() + 1);
        let mut at = 0_u32;
        let mut own = |of: &[u32], run: &Range<usize>| {
            let own = of.get(run.start..=run.end).unwrap_or_default();
            let (Some(&first), Some((&last, firsts))) = (own.first(), own.split_last()) else { return 0..0 };
            starts.extend(firsts.iter().map(|&start| start - first + at));
            at += last - first;
            first as usize..last as usize
        };
        let runs = self.runs.iter().map(|run| match run {
            Run::Base(run) => Run::Base(own(base, run)),
            Run::Change(run) => Run::Change(own(change, run)),
        });
        let runs = runs.collect();
        starts.push(at);
        (Self { runs, base: Vec::new(), change: Vec::new() }, starts)
    }
}

fn at(places: &[u32], position: u32) -> u32 {
    places.get(position as usize).copied().unwrap_or(GONE)
}

impl Network {
    /// This network after a change: `change` holds every entity that it says anything of, and all ties between
    /// the ends of these `pairs` (from, to) as they are after it; its other ends are entities of it as well. Who
    /// may be one person is known as before. Cost: copying the network, in two threads.
    #[must_use]
    pub fn changed(&self, change: &Self, pairs: &[(Id, Id)]) -> Self {
        let nodes = order_of_nodes(self, change);
        let mut words = WordsOfBoth::of(self, change);
        let pairs = touched(self, change, &nodes, pairs);
        let ties = order_of_ties(self, change, &nodes, &pairs);
        let ((columns, claims), (named, arcs)) = rayon::join(
            || {
                rayon::join(
                    || merged_ties(self, change, &nodes, &ties, &words),
                    || merged_claims(self, change, &ties),
                )
            },
            || {
                rayon::join(
                    || merged_nodes(self, change, &nodes, &words),
                    || merged_arcs(self, change, &nodes, &ties, &pairs),
                )
            },
        );
        let (claims, voices) = claims;
        let likely = self.likely.as_ref().map(|likely| {
            let place = |&(a, b, probability): &(u32, u32, f64)| {
                (at(&nodes.base, a), at(&nodes.base, b), probability)
            };
            likely.iter().map(place).collect()
        });
        let mut network = Self {
            as_of: self.as_of,
            nodes: named,
            ties: columns,
            claims,
            arcs,
            steps: merged_steps(self, change, &nodes),
            told: Vec::new(),
            voices,
            likely,
            words: Words(std::mem::take(&mut words.all)),
            part: super::partial::Part::default(),
        };
        network.told = super::told::by_steps(&network, network.as_of);
        for &node in &nodes.change {
            network.take_part(NodeIx(node));
        }
        network
    }

    /// Notes the parts that somebody plays by his ties.
    fn take_part(&mut self, node: NodeIx) {
        if self.kind(node) != Kind::Person {
            return;
        }
        let own = node.0;
        let alone = tie_span(&self.ties, |from, to| (from, to).cmp(&(own, own)));
        let arcs = span(&self.arcs.starts, node.at()).filter_map(|arc| self.arcs.ties.get(arc)).copied();
        let of = |tie: u32| {
            let tie = self.tie(TieIx(tie));
            let ends = [tie.from(), tie.to()].into_iter().zip(parts_by(tie.ty()));
            ends.filter(|(end, _)| *end == node).map(|(_, part)| part).fold(Parts::default(), Parts::with)
        };
        let parts = alone.map(|tie| tie as u32).chain(arcs).map(of).fold(Parts::default(), Parts::with);
        if let Some(known) = self.nodes.parts.get_mut(node.at()) {
            *known = known.with(parts);
        }
    }
}

/// Nodes by id: an entity that the change tells of stands in the place of what it was.
fn order_of_nodes(base: &Network, change: &Network) -> Order {
    let mut cuts = Vec::new();
    for node in change.nodes() {
        let id = change.id(node);
        let place = match base.nodes.find(id) {
            Some(at) => at..at + 1,
            None => {
                let at = first_at(base.node_count(), |at| base.nodes.ids.at(at) >= id);
                at..at
            }
        };
        cuts.push((place, node.at()..node.at() + 1));
    }
    let mut order = Order::new(base.node_count(), cuts.iter().cloned());
    for (old, new) in &cuts {
        let place = order.change.get(new.start).copied().unwrap_or(GONE);
        order.base.get_mut(old.clone()).unwrap_or_default().fill(place);
    }
    order
}

/// The first position, of so many, from which on something is so.
fn first_at(count: usize, is: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if is(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

/// The pairs whose ties are those of the change, by their new places.
fn touched(base: &Network, change: &Network, nodes: &Order, pairs: &[(Id, Id)]) -> BTreeSet<(u32, u32)> {
    let place = |id: &Id| {
        let known = change.nodes.find(id.as_str()).map(|own| at(&nodes.change, own as u32));
        known.or_else(|| base.nodes.find(id.as_str()).map(|own| at(&nodes.base, own as u32)))
    };
    let named = pairs.iter().filter_map(|(from, to)| Some((place(from)?, place(to)?)));
    let held = change.ties.from.iter().zip(&change.ties.to);
    named.chain(held.map(|(&from, &to)| (at(&nodes.change, from), at(&nodes.change, to)))).collect()
}

/// The ties whose ends compare as equal, of ties in order.
fn tie_span(ties: &Ties, order: impl Fn(u32, u32) -> std::cmp::Ordering) -> Range<usize> {
    let ends =
        |at: usize| (ties.from.get(at).copied().unwrap_or(GONE), ties.to.get(at).copied().unwrap_or(GONE));
    let compared = |at: usize| {
        let (from, to) = ends(at);
        order(from, to)
    };
    let first = first_at(ties.from.len(), |at| compared(at).is_ge());
    first..first_at(ties.from.len(), |at| compared(at).is_gt())
}

fn order_of_ties(base: &Network, change: &Network, nodes: &Order, pairs: &BTreeSet<(u32, u32)>) -> Order {
    let of = |ties: &Ties, places: &[u32], pair: (u32, u32)| {
        tie_span(ties, |from, to| (at(places, from), at(places, to)).cmp(&pair))
    };
    let cut = |&pair: &(u32, u32)| (of(&base.ties, &nodes.base, pair), of(&change.ties, &nodes.change, pair));
    Order::new(base.tie_count(), pairs.iter().map(cut))
}

/// The words of both, and what those of the change are among them.
struct WordsOfBoth {
    all: Vec<String>,
    change: Vec<u16>,
}

impl WordsOfBoth {
    fn of(base: &Network, change: &Network) -> Self {
        let mut all = base.words.0.clone();
        let place = |word: &String| {
            let known = all.iter().position(|own| own == word);
            let place = known.unwrap_or_else(|| {
                all.push(word.clone());
                all.len() - 1
            });
            // Past the last position words are "none", as in a builder.
            u16::try_from(place).unwrap_or(0)
        };
        let change = change.words.0.iter().map(place).collect();
        Self { all, change }
    }

    fn at(&self, word: u16) -> u16 {
        self.change.get(usize::from(word)).copied().unwrap_or(0)
    }
}

fn merged_nodes(base: &Network, change: &Network, order: &Order, words: &WordsOfBoth) -> Nodes {
    let (old, new) = (&base.nodes, &resorted(&change.nodes, words));
    let (props, prop_starts) = order.inner(&old.prop_starts, &new.prop_starts);
    Nodes {
        ids: order.texts(&old.ids, &new.ids),
        names: order.texts(&old.names, &new.names),
        kinds: order.gather(&old.kinds, &new.kinds),
        parts: order.gather(&old.parts, &new.parts),
        prop_starts,
        prop_keys: props.gather(&old.prop_keys, &new.prop_keys),
        prop_values: props.texts(&old.prop_values, &new.prop_values),
    }
}

/// The nodes of a change with their properties by the words of both, in the order of these.
fn resorted(nodes: &Nodes, words: &WordsOfBoth) -> Nodes {
    let (mut prop_keys, mut prop_values) = (Vec::new(), Texts::default());
    for node in 0..nodes.kinds.len() {
        let own = span(&nodes.prop_starts, node);
        let sorted: BTreeMap<u16, &str> = own
            .filter_map(|at| Some((words.at(*nodes.prop_keys.get(at)?), nodes.prop_values.at(at))))
            .collect();
        for (key, value) in sorted {
            prop_keys.push(key);
            prop_values.push(value);
        }
    }
    Nodes { prop_keys, prop_values, ..nodes.clone() }
}

fn merged_ties(base: &Network, change: &Network, nodes: &Order, order: &Order, words: &WordsOfBoth) -> Ties {
    let (old, new) = (&base.ties, &change.ties);
    let ends = |old: &[u32], new: &[u32]| {
        order.places(old, new, |own| at(&nodes.base, own), |own| at(&nodes.change, own))
    };
    let sparse = |old: &[(u32, u16)], new: &[(u32, u16)]| {
        let kept =
            old.iter().map(|&(tie, word)| (at(&order.base, tie), word)).filter(|(tie, _)| *tie != GONE);
        let mut all: Vec<(u32, u16)> =
            kept.chain(new.iter().map(|&(tie, word)| (at(&order.change, tie), words.at(word)))).collect();
        all.sort_unstable();
        all
    };
    Ties {
        from: ends(&old.from, &new.from),
        to: ends(&old.to, &new.to),
        types: order.gather(&old.types, &new.types),
        layers: order.gather(&old.layers, &new.layers),
        statuses: order.gather(&old.statuses, &new.statuses),
        decisions: order.gather(&old.decisions, &new.decisions),
        roles: order.places(&old.roles, &new.roles, |word| word, |word| words.at(word)),
        shares: order.gather(&old.shares, &new.shares),
        starts: order.gather(&old.starts, &new.starts),
        ends: order.gather(&old.ends, &new.ends),
        known: order.gather(&old.known, &new.known),
        strengths: order.gather(&old.strengths, &new.strengths),
        amounts: order.gather(&old.amounts, &new.amounts),
        counts: order.gather(&old.counts, &new.counts),
        currencies: sparse(&old.currencies, &new.currencies),
        other_types: sparse(&old.other_types, &new.other_types),
    }
}

fn merged_claims(base: &Network, change: &Network, ties: &Order) -> (Claims, Vec<Voice>) {
    let (old, new) = (&base.claims, &change.claims);
    let (order, starts) = ties.inner(&old.starts, &new.starts);
    let mut voices = base.voices.clone();
    let known: HashMap<&Voice, u32> = base.voices.iter().zip(0..).collect();
    let place = |voice: &Voice| {
        known.get(voice).copied().unwrap_or_else(|| {
            voices.push(voice.clone());
            voices.len() as u32 - 1
        })
    };
    let places: Vec<u32> = change.voices.iter().map(place).collect();
    let claims = Claims {
        starts,
        rows: order.texts(&old.rows, &new.rows),
        voices: order.places(&old.voices, &new.voices, |voice| voice, |voice| at(&places, voice)),
        reliabilities: order.gather(&old.reliabilities, &new.reliabilities),
        credibilities: order.gather(&old.credibilities, &new.credibilities),
        statuses: order.gather(&old.statuses, &new.statuses),
        known: order.gather(&old.known, &new.known),
    };
    (claims, voices)
}

/// Both directions of every tie. Of nodes that no pair touches the arcs are those they were.
fn merged_arcs(
    base: &Network,
    change: &Network,
    nodes: &Order,
    ties: &Order,
    pairs: &BTreeSet<(u32, u32)>,
) -> Arcs {
    let touched: BTreeSet<u32> = pairs.iter().flat_map(|&(from, to)| [from, to]).collect();
    let mut old: Vec<u32> = vec![GONE; nodes.count()];
    for (&place, own) in nodes.base.iter().zip(0..) {
        old.get_mut(place as usize).into_iter().for_each(|old| *old = own);
    }
    let mut new: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
    for tie in change.ties().map(|tie| change.tie(tie)).filter(|tie| tie.from() != tie.to()) {
        let (from, to) = (at(&nodes.change, tie.from().0), at(&nodes.change, tie.to().0));
        let tie = at(&ties.change, tie.ix().0);
        new.entry(from).or_default().push((to, tie));
        new.entry(to).or_default().push((from, tie));
    }
    let was = &base.arcs;
    let mut starts = Vec::with_capacity(nodes.count() + 1);
    let mut arcs = Arcs {
        neighbours: Vec::with_capacity(was.ties.len() + 2 * change.tie_count()),
        ties: Vec::with_capacity(was.ties.len() + 2 * change.tie_count()),
        starts: Vec::new(),
    };
    for (node, &own) in (0_u32..).zip(&old) {
        starts.push(arcs.ties.len() as u32);
        let own = if own == GONE { 0..0 } else { span(&was.starts, own as usize) };
        let own = was
            .neighbours
            .get(own.clone())
            .into_iter()
            .flatten()
            .zip(was.ties.get(own).into_iter().flatten());
        let moved = own.map(|(&neighbour, &tie)| (at(&nodes.base, neighbour), at(&ties.base, tie)));
        if !touched.contains(&node) {
            for (neighbour, tie) in moved {
                arcs.neighbours.push(neighbour);
                arcs.ties.push(tie);
            }
            continue;
        }
        let mut all: Vec<(u32, u32)> = moved.filter(|(_, tie)| *tie != GONE).collect();
        all.append(new.entry(node).or_default());
        all.sort_unstable();
        arcs.neighbours.extend(all.iter().map(|(neighbour, _)| *neighbour));
        arcs.ties.extend(all.iter().map(|(_, tie)| *tie));
    }
    starts.push(arcs.ties.len() as u32);
    Arcs { starts, ..arcs }
}

/// The steps of both: those of a subject that the change tells of are the change's.
fn merged_steps(base: &Network, change: &Network, nodes: &Order) -> Vec<StepRow> {
    let told: BTreeSet<u32> = nodes.change.iter().copied().collect();
    let moved = |step: &StepRow, places: &[u32]| StepRow {
        subject: NodeIx(at(places, step.subject.0)),
        ..step.clone()
    };
    let kept =
        base.steps.iter().map(|step| moved(step, &nodes.base)).filter(|step| !told.contains(&step.subject.0));
    let mut steps: Vec<StepRow> =
        kept.chain(change.steps.iter().map(|step| moved(step, &nodes.change))).collect();
    steps.sort_by(|a, b| (a.subject, a.date, &a.row).cmp(&(b.subject, b.date, &b.row)));
    steps
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Entity, Table, Tie, TieType, Values};
    use crate::network::Builder;
    use crate::network::samples::{entity, person, said, tie};

    /// A row: its type, ends, role, source and value.
    type Row = (usize, usize, usize, usize, usize);

    fn id(at: usize) -> String {
        format!("n{at:02}")
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        proptest::collection::vec(
            (0..TieType::ALL.len(), 0..14_usize, 0..14_usize, 0..3_usize, 0..4_usize),
            0..40,
        )
    }

    fn thing(at: usize, later: bool) -> Entity {
        let mut thing =
            if at.is_multiple_of(7) { entity(&id(at), Table::Cases, Kind::Case) } else { person(&id(at)) };
        if later {
            let mut fact = entity(&id(at), Table::Officials, Kind::Person).facts.remove(0);
            fact.props.insert(format!("column {at}"), "later".to_owned());
            fact.props.insert("name".to_owned(), format!("later {at}"));
            thing.facts.push(fact);
        }
        thing
    }

    fn told_by(at: usize, &(ty, from, to, role, value): &Row) -> Tie {
        let mut tie = tie(
            TieType::ALL[ty],
            &id(from),
            &id(to),
            vec![
                said(&format!("r{at}"), &format!("s{}", at % 5)),
                said(&format!("r{at}"), &format!("t{}", at % 3)),
            ],
        )
        .build();
        tie.role = [None, Some("judge"), Some("friend")][role].map(str::to_owned);
        tie.other_type = (TieType::ALL[ty] == TieType::Other).then(|| format!("owes {role}"));
        tie.claims[0].values = Values {
            count: Some(value as u32),
            currency: (value == 3).then(|| "USD".to_owned()),
            ..Values::default()
        };
        tie
    }

    fn built(things: &[Entity], ties: &[Tie]) -> Network {
        let mut builder = Builder::new(None);
        things.iter().for_each(|thing| builder.entity(thing.clone()));
        for tie in ties {
            builder.tie(tie).unwrap();
        }
        for thing in things.iter().filter(|thing| thing.kind == Kind::Case) {
            let (row, fact) = (format!("{} {}", thing.id, thing.facts.len()), &thing.facts[0]);
            builder
                .step(&row.as_str().into(), &thing.id, "opened", "2020-01-02".parse().unwrap(), fact)
                .unwrap();
        }
        builder.build()
    }

    /// Everything that a network can be asked.
    fn told(network: &Network) -> Vec<String> {
        let props = |node: NodeIx| -> Vec<(&String, &str)> {
            let mut words: Vec<&String> = network.words.0.iter().collect();
            words.sort();
            words.into_iter().filter_map(|word| Some((word, network.prop(node, word)?))).collect()
        };
        let node = |node: NodeIx| {
            let arcs: Vec<_> = network.arcs(node).map(|arc| (arc.neighbour, arc.tie)).collect();
            let parts = network.parts(node);
            let own = (network.id(node), network.name(node), network.kind(node), parts, props(node));
            format!("{own:?} {arcs:?} {:?} {:?}", network.steps_of(node), network.node(network.id(node)))
        };
        let tie = |tie: TieIx| {
            let tie = network.tie(tie);
            let claims: Vec<_> = tie
                .claims()
                .map(|claim| (claim.row(), claim.voice(), claim.reliability(), claim.known()))
                .collect();
            let kind =
                (tie.from(), tie.to(), tie.ty(), tie.type_name(), tie.layer(), tie.role(), tie.start());
            let values = (tie.count(), tie.amount(), tie.currency(), tie.share(), tie.decision(), tie.end());
            format!("{kind:?} {values:?} {} {:?} {:?} {claims:?}", tie.strength(), tie.status(), tie.known())
        };
        network.nodes().map(node).chain(network.ties().map(tie)).collect()
    }

    proptest! {
        /// Of the ties some pairs' are others after the change; some things are new and of some more is told.
        #[test]
        fn a_changed_network_is_the_one_built_anew(
            before in rows(),
            after in rows(),
            new in proptest::collection::btree_set(0..14_usize, 0..5),
            later in proptest::collection::btree_set(0..14_usize, 0..5),
            moved in proptest::collection::vec((0..14_usize, 0..14_usize), 0..4),
        ) {
            let old: Vec<Entity> = (0..14).filter(|at| !new.contains(at)).map(|at| thing(at, false)).collect();
            let all: Vec<Entity> = (0..14).map(|at| thing(at, later.contains(&at))).collect();
            let known = |&&(_, from, to, ..): &&Row| !new.contains(&from) && !new.contains(&to);
            let before: Vec<Tie> =
                before.iter().filter(known).enumerate().map(|(at, row)| told_by(at, row)).collect();
            let after: Vec<Tie> = after.iter().enumerate().map(|(at, row)| told_by(100 + at, row)).collect();
            // Pairs of the change lose what they had, but for every other tie.
            let ends = |tie: &Tie| (tie.from.clone(), tie.to.clone());
            let mut pairs: Vec<(Id, Id)> = after.iter().map(ends).collect();
            pairs.extend(moved.iter().map(|&(a, b)| (Id::from(id(a).as_str()), Id::from(id(b).as_str()))));
            let is_touched = |tie: &Tie| pairs.contains(&ends(tie));
            let kept = before.iter().enumerate().filter(|(at, tie)| at % 2 == 0 && is_touched(tie));
            let own: Vec<Tie> = kept.map(|(_, tie)| tie.clone()).chain(after.iter().cloned()).collect();
            let others = before.iter().filter(|tie| !is_touched(tie)).cloned();
            let anew = built(&all, &others.chain(own.iter().cloned()).collect::<Vec<_>>());
            let named: BTreeSet<Id> = pairs.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
            let told_of = |at: usize, thing: &Entity| {
                new.contains(&at) || later.contains(&at) || named.contains(&thing.id)
            };
            let things: Vec<Entity> =
                all.iter().enumerate().filter(|(at, thing)| told_of(*at, thing)).map(|(_, t)| t.clone()).collect();
            let changed = built(&old, &before).changed(&built(&things, &own), &pairs);
            prop_assert_eq!(told(&changed), told(&anew));
            // It is a network like others: what it is made of can be frozen and thawed.
            let mut bytes = Vec::new();
            changed.freeze("", &mut bytes).unwrap();
            prop_assert!(Network::thaw(bytes.as_slice(), "").is_some());
        }
    }

    #[test]
    fn nothing_changed_is_the_same_network() {
        let things: Vec<Entity> = (0..9).map(|at| thing(at, false)).collect();
        let network = built(&things, &[told_by(1, &(0, 1, 2, 0, 1)), told_by(2, &(4, 2, 3, 1, 2))]);
        let same = network.changed(&Builder::new(None).build(), &[]);
        assert_eq!(told(&same), told(&network));
    }
}
