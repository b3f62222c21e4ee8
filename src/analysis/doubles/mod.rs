//! Likely doubles: two records that may be one person.
//!
//! Candidates come from blocks (one number, one name or alias, one birth day and home), never from
//! all pairs. A candidate is weighed as log-odds from what the two records share; a name alone never
//! joins: without an equal number, birth day or several shared neighbours nothing is kept. The
//! weights are stated judgement, in the constants of `Weight`. Pure: a network in, pairs out.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;

use crate::model::{Id, Kind, Message, TieType};
use crate::network::{Network, NodeIx};

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

/// The weights, as log-odds (stated judgement).
struct Weight;

impl Weight {
    /// Two people of one block are seldom one.
    const PRIOR: f64 = -7.0;
    const NUMBER: f64 = 12.0;
    const OTHER_NUMBER: f64 = -12.0;
    const NAME: f64 = 4.0;
    const OTHER_NAME: f64 = -0.5;
    const BIRTH: f64 = 5.5;
    const YEAR: f64 = 1.0;
    const OTHER_BIRTH: f64 = -6.0;
    const HOME: f64 = 1.5;
    const OTHER_HOME: f64 = -1.5;
    const NEIGHBOUR: f64 = 1.2;
    /// Nobody rings himself or is his own brother.
    const TIED: f64 = -3.0;
}

/// Pairs under this probability are not kept.
const LEAST: f64 = 0.3;
/// Larger blocks say nothing (a name that forty have).
const MOST_IN_BLOCK: usize = 40;
/// Neighbours with more ties than this are shared by anybody.
const HUB: usize = 80;

/// Likely doubles, by ids. Cost: blocks of people, a comparison for each pair of a block.
pub fn find(network: &Network) -> Vec<Double> {
    let weighed = candidates(network).into_iter().map(|(a, b)| (a, b, weigh(network, a, b)));
    weighed
        .filter(|(_, _, (probability, _))| *probability >= LEAST)
        .map(|(a, b, (probability, why))| Double {
            row: format!("same:{}:{}", network.id(a), network.id(b)).into(),
            a: network.id(a).into(),
            b: network.id(b).into(),
            probability,
            why,
        })
        .collect()
}

/// Likely doubles by position: those on record as `same` ties, else those that [`find`] gives.
pub fn positions(network: &Network) -> Vec<(NodeIx, NodeIx, f64)> {
    let mut pairs: BTreeMap<(NodeIx, NodeIx), f64> = BTreeMap::new();
    for (a, b) in candidates(network) {
        let (probability, _) = weigh(network, a, b);
        if probability >= LEAST {
            pairs.insert((a, b), probability);
        }
    }
    for tie in network.ties().map(|tie| network.tie(tie)).filter(|tie| tie.ty() == TieType::Same) {
        let (a, b) = (tie.from().min(tie.to()), tie.from().max(tie.to()));
        pairs.insert((a, b), tie.strength());
    }
    pairs.into_iter().map(|((a, b), probability)| (a, b, probability)).collect()
}

/// Pairs of people that share a block, the lesser first.
fn candidates(network: &Network) -> BTreeSet<(NodeIx, NodeIx)> {
    let mut blocks: BTreeMap<String, Vec<NodeIx>> = BTreeMap::new();
    for node in network.nodes().filter(|&node| network.kind(node) == Kind::Person) {
        let mut keys: Vec<String> =
            names(network, node).into_iter().map(|name| format!("name {name}")).collect();
        keys.extend(network.prop(node, "id_number").map(|number| format!("number {number}")));
        let birth = network.prop(node, "birth_date").filter(|date| date.len() == 10);
        if let Some((birth, home)) = birth.zip(network.prop(node, "hometown")) {
            keys.push(format!("birth {birth} {home}"));
        }
        for key in keys {
            blocks.entry(key).or_default().push(node);
        }
    }
    let mut pairs = BTreeSet::new();
    for block in blocks.values().filter(|block| block.len() <= MOST_IN_BLOCK) {
        for (at, &a) in block.iter().enumerate() {
            pairs.extend(block[at + 1..].iter().filter(|&&b| b != a).map(|&b| (a.min(b), a.max(b))));
        }
    }
    pairs
}

/// The names of a person, folded.
fn names(network: &Network, node: NodeIx) -> BTreeSet<String> {
    let own = network.prop(node, "name").into_iter();
    let others = network.prop(node, "aliases").unwrap_or("").split(';');
    own.chain(others).map(fold).filter(|name| !name.is_empty()).collect()
}

fn fold(name: &str) -> String {
    name.nfkc().filter(|c| !c.is_whitespace() && *c != '·').flat_map(char::to_lowercase).collect()
}

/// How likely two records are one person, and why.
fn weigh(network: &Network, a: NodeIx, b: NodeIx) -> (f64, Vec<Message>) {
    let mut sum = Weight::PRIOR;
    let mut why = Vec::new();
    let mut firm = false;
    let both = |key: &str| network.prop(a, key).zip(network.prop(b, key));
    if let Some((x, y)) = both("id_number") {
        let same = same_number(x, y);
        sum += if same { Weight::NUMBER } else { Weight::OTHER_NUMBER };
        firm |= same;
        why.push(Message::new(if same { "umbrella-same-number" } else { "umbrella-same-other-number" }));
    }
    let named = names(network, a).intersection(&names(network, b)).next().is_some();
    sum += if named { Weight::NAME } else { Weight::OTHER_NAME };
    if named {
        why.push(Message::new("umbrella-same-name"));
    }
    if let Some((x, y)) = both("birth_date") {
        let (full, year) = (x == y && x.len() == 10, x.get(..4) == y.get(..4));
        let partial = year && (x.starts_with(y) || y.starts_with(x));
        sum += if full {
            Weight::BIRTH
        } else if partial {
            Weight::YEAR
        } else {
            Weight::OTHER_BIRTH
        };
        firm |= full;
        if full {
            why.push(Message::new("umbrella-same-birth"));
        }
    }
    if let Some((x, y)) = both("hometown") {
        sum += if x == y { Weight::HOME } else { Weight::OTHER_HOME };
        if x == y {
            why.push(Message::new("umbrella-same-home"));
        }
    }
    let shared = shared(network, a, b);
    sum += Weight::NEIGHBOUR * shared.min(4) as f64;
    if shared > 0 {
        why.push(Message::new("umbrella-same-neighbours").count("shared", shared));
    }
    if network.between(a, b).any(|tie| network.tie(tie).ty() != TieType::Same) {
        sum += Weight::TIED;
        why.push(Message::new("umbrella-same-tied"));
    }
    let enough = firm || shared >= 3;
    (if enough { 1.0 / (1.0 + libm::exp(-sum)) } else { 0.0 }, why)
}

/// Whether two numbers are of one person: equal, or one the old form of 15 digits of the other.
fn same_number(x: &str, y: &str) -> bool {
    let old = |long: &str, short: &str| {
        long.len() == 18
            && short.len() == 15
            && long.get(..6) == short.get(..6)
            && long.get(8..17) == short.get(6..15)
    };
    x.eq_ignore_ascii_case(y) || old(x, y) || old(y, x)
}

/// How many neighbours two people share, hubs and the agencies and gangs of many left out.
fn shared(network: &Network, a: NodeIx, b: NodeIx) -> usize {
    let quiet = |node: NodeIx| {
        let of = |&(other, _): &(NodeIx, ())| {
            network.arc_count(other) <= HUB
                && !matches!(network.kind(other), Kind::Agency | Kind::Gang | Kind::Case)
        };
        let neighbours = network.arcs(node).map(|arc| (arc.neighbour, ()));
        neighbours.filter(of).map(|(other, ())| other).collect::<BTreeSet<NodeIx>>()
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

    #[test]
    fn old_and_new_numbers_of_one_man_agree() {
        assert!(same_number("110101700304001", "110101197003040012"));
        assert!(!same_number("110101700304002", "110101197003040012"));
    }
}
