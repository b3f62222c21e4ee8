//! Likely doubles: two records that may be one person.
//!
//! Candidates come from blocks (one number, one name or alias, one birth day and home), never from
//! all pairs. A candidate is weighed as log-odds from what the two records share; a name alone never
//! joins: without an equal number, birth day or several shared neighbours nothing is kept. The
//! weights are stated judgement, in the constants of `card::Weight`. Pure: a network in, pairs out;
//! or, of a file that is not loaded, entities and ties as they pass ([`roll`]).

mod card;
pub mod cards;
pub mod roll;
mod short;
pub mod touched;

use std::collections::{BTreeMap, BTreeSet};

pub use card::is_quiet;
use card::{Card, LEAST, MOST_IN_BLOCK, Met, candidates};

use crate::model::{Id, Kind, Message, TieType};
use crate::network::{Network, NodeIx, TieRef};

/// Two records that may be one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Double {
    /// The id of the row that says so, `same:A:B`.
    pub row: Id,
    /// One.
    pub a: Id,
    /// The other; its id is the greater.
    pub b: Id,
    /// How likely the two are one.
    pub probability: f64,
    /// Why, and why not.
    pub why: Vec<Message>,
}

/// The id of the row by which two are taken for one, whichever is named first.
pub fn row(a: &str, b: &str) -> Id {
    format!("same:{}:{}", a.min(b), a.max(b)).into()
}

/// Likely doubles, by ids. Cost: blocks of people, a comparison for each pair of a block.
pub fn find(network: &Network) -> Vec<Double> {
    let people = People::of(network);
    let double = |(a, b): (NodeIx, NodeIx)| {
        let (x, y) = (people.card(a)?, people.card(b)?);
        let met = met(network, a, b);
        let probability = x.probability(y, met);
        (probability >= LEAST).then(|| Double {
            row: row(network.id(a), network.id(b)),
            a: network.id(a).into(),
            b: network.id(b).into(),
            probability,
            why: x.why(y, met),
        })
    };
    people.pairs().into_iter().filter_map(double).collect()
}

/// Likely doubles by position: those on record as `same` ties, else those that [`find`] gives, or that
/// the network was told of because its reader may not see the cards.
pub fn positions(network: &Network) -> Vec<(NodeIx, NodeIx, f64)> {
    if let Some(told) = network.likely() {
        return with_recorded(network, told.collect());
    }
    let people = People::of(network);
    let mut found: Vec<(NodeIx, NodeIx, f64)> = Vec::new();
    for (a, b) in people.pairs() {
        let (Some(x), Some(y)) = (people.card(a), people.card(b)) else { continue };
        let probability = x.probability(y, met(network, a, b));
        if probability >= LEAST {
            found.push((a, b, probability));
        }
    }
    with_recorded(network, found)
}

/// Likely doubles among a few nodes that no `same` tie on record joins, by position: those the network was
/// told of, else by what it shows of them, if they are so in the whole as well (a name that many have joins nobody).
/// Cost: a comparison for each pair of people; if some are likely one, a pass over all people, or for a part what it
/// takes to be told.
pub fn among(network: &Network, nodes: &[NodeIx]) -> Vec<(NodeIx, NodeIx, f64)> {
    let recorded = |a, b| network.between(a, b).any(|tie| network.tie(tie).ty() == TieType::Same);
    if let Some(told) = network.likely() {
        let wanted: BTreeSet<NodeIx> = nodes.iter().copied().collect();
        let both = |&(a, b, _): &(NodeIx, NodeIx, f64)| wanted.contains(&a) && wanted.contains(&b);
        return told.filter(both).filter(|&(a, b, _)| !recorded(a, b)).collect();
    }
    let card = |node: NodeIx| (node, Card::of(|key| network.prop(node, key)));
    let people = nodes.iter().copied().filter(|&node| network.kind(node) == Kind::Person);
    let cards: Vec<(NodeIx, Card)> = people.map(card).collect();
    let mut found = Vec::new();
    for (i, (a, x)) in cards.iter().enumerate() {
        for (b, y) in cards.iter().skip(i + 1).filter(|(_, y)| x.may_be(y)) {
            let probability = x.probability(y, met(network, *a, *b));
            if probability >= LEAST && !recorded(*a, *b) {
                found.push((*a.min(b), *a.max(b), probability));
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    match network.likely_in_whole() {
        Some(told) => found.retain(|&(a, b, _)| told.contains(&(a, b))),
        None => keep_of_small_blocks(network, &mut found),
    }
    found
}

/// Keeps the pairs that share a block which is small enough to say something.
fn keep_of_small_blocks(network: &Network, pairs: &mut Vec<(NodeIx, NodeIx, f64)>) {
    let blocks =
        |node: NodeIx| -> BTreeSet<u64> { Card::of(|key| network.prop(node, key)).blocks().collect() };
    let shared = |a, b| -> Vec<u64> { blocks(a).intersection(&blocks(b)).copied().collect() };
    let of_pairs = pairs.iter().flat_map(|&(a, b, _)| shared(a, b));
    let mut sizes: BTreeMap<u64, usize> = of_pairs.map(|block| (block, 0)).collect();
    for person in network.nodes().filter(|&node| network.kind(node) == Kind::Person) {
        for block in blocks(person) {
            sizes.entry(block).and_modify(|size| *size += 1);
        }
    }
    let is_small = |block: &u64| sizes.get(block).is_some_and(|size| *size <= MOST_IN_BLOCK);
    pairs.retain(|&(a, b, _)| shared(a, b).iter().any(is_small));
}

/// These pairs, and those on record as `same` ties, which win. Nobody is his own double, whatever a row says.
pub fn with_recorded(network: &Network, found: Vec<(NodeIx, NodeIx, f64)>) -> Vec<(NodeIx, NodeIx, f64)> {
    let mut pairs: BTreeMap<(NodeIx, NodeIx), f64> =
        found.into_iter().map(|(a, b, probability)| ((a.min(b), a.max(b)), probability)).collect();
    let of_two = |tie: &TieRef<'_>| tie.ty() == TieType::Same && tie.from() != tie.to();
    for tie in network.ties().map(|tie| network.tie(tie)).filter(of_two) {
        let (a, b) = (tie.from().min(tie.to()), tie.from().max(tie.to()));
        pairs.insert((a, b), tie.strength());
    }
    pairs.into_iter().map(|((a, b), probability)| (a, b, probability)).collect()
}

/// Whether what two people are told apart by is the same of a node in both networks.
pub fn is_same_card(a: (&Network, NodeIx), b: (&Network, NodeIx)) -> bool {
    let card = |(network, node): (&Network, NodeIx)| Card::of(|key| network.prop(node, key));
    card(a) == card(b)
}

/// The cards of a network's people.
struct People {
    /// By person, in order.
    cards: Vec<(NodeIx, Card)>,
}

impl People {
    fn of(network: &Network) -> Self {
        let people = network.nodes().filter(|&node| network.kind(node) == Kind::Person);
        Self { cards: people.map(|node| (node, Card::of(|key| network.prop(node, key)))).collect() }
    }

    fn card(&self, node: NodeIx) -> Option<&Card> {
        let at = self.cards.binary_search_by_key(&node, |(own, _)| *own).ok()?;
        self.cards.get(at).map(|(_, card)| card)
    }

    fn pairs(&self) -> Vec<(NodeIx, NodeIx)> {
        let cards: Vec<&Card> = self.cards.iter().map(|(_, card)| card).collect();
        candidates(&cards)
            .into_iter()
            .map(|(a, b)| (self.cards[a as usize].0, self.cards[b as usize].0))
            .collect()
    }
}

/// What two people of a network have to do with one another.
fn met(network: &Network, a: NodeIx, b: NodeIx) -> Met {
    let tied = network.between(a, b).any(|tie| network.tie(tie).ty() != TieType::Same);
    Met { shared: shared(network, a, b), tied }
}

/// How many neighbours two people share, hubs and the agencies and gangs of many left out.
fn shared(network: &Network, a: NodeIx, b: NodeIx) -> usize {
    let quiet = |node: NodeIx| {
        let of = |other: &NodeIx| is_quiet(network.kind(*other), network.arc_count(*other));
        network.arcs(node).map(|arc| arc.neighbour).filter(of).collect::<BTreeSet<NodeIx>>()
    };
    quiet(a).intersection(&quiet(b)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::umbrella::testing::Town;
    use crate::messages::{Catalogue, Lang};
    use crate::model::Table;

    fn person(town: &mut Town, id: &str, props: &[(&str, &str)]) {
        town.entity(id, Kind::Person, Table::People, props);
    }

    fn probability(town: &Town) -> f64 {
        find(&town.network()).first().map_or(0.0, |double| double.probability)
    }

    #[test]
    fn a_name_alone_never_joins() {
        let mut town = Town::default();
        person(&mut town, "a", &[("name", "张伟")]);
        person(&mut town, "b", &[("name", "张伟")]);
        assert_eq!(probability(&town), 0.0);
        let mut town = Town::default();
        person(&mut town, "a", &[("name", "张伟"), ("hometown", "望潮镇")]);
        person(&mut town, "b", &[("name", "张伟"), ("hometown", "望潮镇")]);
        assert_eq!(probability(&town), 0.0);
    }

    #[test]
    fn name_birth_and_home_together_join_and_a_number_parts() {
        let props = [("name", "冯启年"), ("birth_date", "1970-03-04"), ("hometown", "北关")];
        let mut town = Town::default();
        person(&mut town, "a", &props);
        person(&mut town, "b", &[("name", "冯四"), ("aliases", "冯启年"), props[1], props[2]]);
        assert!(probability(&town) > 0.9);
        let catalogue = Catalogue::new(Lang::Zh);
        let found = find(&town.network());
        assert_eq!(found[0].row.as_str(), "same:a:b");
        assert!(found[0].why.iter().all(|why| !catalogue.say(why).starts_with("umbrella-")));
        person(&mut town, "a", &[("id_number", "110101197003040012")]);
        person(&mut town, "b", &[("id_number", "110101197003040039")]);
        assert_eq!(probability(&town), 0.0, "another number is another man");
    }

    #[test]
    fn a_few_nodes_give_the_doubles_that_the_whole_gives_for_them() {
        let props = [("name", "冯启年"), ("birth_date", "1970-03-04"), ("hometown", "北关")];
        let mut town = Town::default();
        for id in ["a", "b", "c"] {
            person(&mut town, id, &props);
        }
        person(&mut town, "d", &[("name", "冯启年")]);
        let network = town.network();
        let whole = positions(&network);
        assert_eq!(whole.len(), 3);
        let nodes: Vec<NodeIx> = network.nodes().collect();
        assert_eq!(among(&network, &nodes), whole);
        assert_eq!(among(&network, &nodes[1..]), whole[2..]);
        town.add(TieType::Same, "a", "b", &[]);
        let network = town.network();
        assert_eq!(among(&network, &network.nodes().collect::<Vec<_>>()).len(), 2, "one is on record");
    }

    #[test]
    fn a_name_that_many_have_joins_nobody_among_a_few_either() {
        for (namesakes, expected) in [(40, 1), (41, 0)] {
            let mut town = Town::default();
            for n in 0..namesakes {
                let birth = if n < 2 { "1970-03-04".to_owned() } else { format!("{}", 1900 + n) };
                person(&mut town, &format!("p{n}"), &[("name", "张伟"), ("birth_date", &birth)]);
            }
            person(&mut town, "m", &[("name", "李四")]);
            for other in ["p0", "p1"] {
                town.add(TieType::Call, other, "m", &[]);
            }
            let network = town.network();
            let few: Vec<NodeIx> = ["p0", "p1", "m"].iter().filter_map(|id| network.node(id)).collect();
            assert_eq!(among(&network, &few).len(), expected, "{namesakes}");
            assert_eq!(among(&network, &few), positions(&network));
        }
    }

    #[test]
    fn nobody_is_his_own_double() {
        let mut town = Town::default();
        person(&mut town, "a", &[("name", "冯启年")]);
        person(&mut town, "b", &[("name", "王一")]);
        town.add(TieType::Same, "a", "a", &[]);
        town.add(TieType::Same, "a", "b", &[]);
        let pairs = with_recorded(&town.network(), Vec::new());
        assert_eq!(pairs.iter().map(|(a, b, _)| (a.at(), b.at())).collect::<Vec<_>>(), [(0, 1)]);
    }

    #[test]
    fn another_name_joins_only_by_birth_home_and_neighbours_together() {
        let mut town = Town::default();
        let props = [("birth_date", "1970-03-04"), ("hometown", "北关")];
        person(&mut town, "a", &[("name", "王一"), props[0], props[1]]);
        person(&mut town, "b", &[("name", "李二"), props[0], props[1]]);
        assert!(probability(&town) < 0.5);
        town.people(&["x", "y"]);
        for (from, to) in [("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")] {
            town.add(TieType::Call, from, to, &[]);
        }
        assert!(probability(&town) > 0.7);
    }
}
