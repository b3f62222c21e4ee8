use std::collections::BTreeSet;

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
        builder.step(&row.as_str().into(), &thing.id, "opened", "2020-01-02".parse().unwrap(), fact).unwrap();
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
        let kind = (tie.from(), tie.to(), tie.ty(), tie.type_name(), tie.layer(), tie.role(), tie.start());
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
        changed.freeze("", &[], &mut bytes).unwrap();
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
