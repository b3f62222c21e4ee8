//! Laws of networks and projections, on random ties.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::samples::{person, said, tie};
use super::*;
use crate::model::Tie;
use crate::model::strength::MOST;

const TYPES: [TieType; 5] =
    [TieType::Family, TieType::Call, TieType::Payment, TieType::Handled, TieType::Ownership];

/// A tie by its type, ends, sources, and whether they refute it.
type Draft = (usize, u8, u8, Vec<u8>, bool);

fn drafts() -> impl Strategy<Value = Vec<Draft>> {
    let draft = (0..TYPES.len(), 0_u8..6, 0_u8..6, proptest::collection::vec(0_u8..4, 1..4), any::<bool>());
    proptest::collection::vec(draft, 0..25)
}

fn id(number: u8) -> String {
    format!("p{number}")
}

fn ties(drafts: &[Draft]) -> Vec<Tie> {
    let made = drafts.iter().enumerate().map(|(at, (ty, from, to, sources, refuted))| {
        let row = format!("r{at:02}");
        let mut sources = sources.clone();
        sources.sort_unstable();
        sources.dedup();
        let said = |source: u8| {
            let said = said(&row, &format!("s{source}"));
            if *refuted { said.refuted() } else { said }
        };
        tie(TYPES[*ty], &id(*from), &id(*to), sources.into_iter().map(said).collect()).build()
    });
    made.collect()
}

fn network(ties: &[Tie], people: impl Iterator<Item = u8>) -> Network {
    let mut builder = Builder::new(None);
    people.for_each(|number| builder.entity(person(&id(number))));
    ties.iter().for_each(|tie| builder.tie(tie).unwrap());
    builder.build()
}

/// A tie's ends and type, rows, strength, status, number of voices, and voices.
type Seen = (String, Vec<String>, f64, Status, usize, Vec<Voice>);

/// Everything a reader can see of the ties, by id.
fn seen(network: &Network) -> Vec<Seen> {
    let tie = |tie: TieIx| {
        let tie = network.tie(tie);
        let name = format!("{}-{}-{}", network.id(tie.from()), tie.type_name(), network.id(tie.to()));
        let rows = tie.rows().into_iter().map(str::to_owned).collect();
        let mut voices: Vec<Voice> = tie.claims().map(|claim| claim.voice().clone()).collect();
        voices.sort();
        (name, rows, tie.strength(), tie.status(), tie.voices(), voices)
    };
    network.ties().map(tie).collect()
}

proptest! {
    #[test]
    fn a_network_does_not_depend_on_the_order_things_come_in(
        (drafts, order) in drafts().prop_flat_map(|drafts| {
            let order = Just((0..drafts.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(drafts), order)
        }),
    ) {
        let ties = ties(&drafts);
        let shuffled: Vec<Tie> = order.into_iter().map(|at| ties[at].clone()).collect();
        let (here, there) = (network(&ties, 0..6), network(&shuffled, (0..6).rev()));
        prop_assert_eq!(seen(&here), seen(&there));
        let options = ProjectionOptions { layers: Layers::ALL, ..ProjectionOptions::default() };
        prop_assert_eq!(Projection::new(&here, options), Projection::new(&there, options));
    }

    #[test]
    fn every_tie_is_seen_from_both_its_ends(drafts in drafts()) {
        let network = network(&ties(&drafts), 0..6);
        let mut ends = vec![0; network.tie_count()];
        for node in network.nodes() {
            prop_assert_eq!(network.node(network.id(node)), Some(node));
            for arc in network.arcs(node) {
                prop_assert_eq!(network.tie(arc.tie).other_end(node), arc.neighbour);
                prop_assert!(network.between(node, arc.neighbour).any(|tie| tie == arc.tie));
                ends[arc.tie.at()] += 1;
            }
        }
        for tie in network.ties().map(|tie| network.tie(tie)) {
            prop_assert_eq!(ends[tie.ix().at()], if tie.from() == tie.to() { 0 } else { 2 });
        }
    }

    #[test]
    fn a_projection_holds_the_ties_it_should_and_merges_them(
        drafts in drafts(), directed: bool, refuted: bool, duty: bool,
    ) {
        let network = network(&ties(&drafts), 0..6);
        let layers = if duty { Layers::ALL } else { Layers::WALKED };
        let options = ProjectionOptions { layers, directed, refuted, ..ProjectionOptions::default() };
        let mut doubts: BTreeMap<(NodeIx, NodeIx), Vec<f64>> = BTreeMap::new();
        for tie in network.ties().map(|tie| network.tie(tie)).filter(|tie| tie.from() != tie.to()) {
            let walked = duty || tie.layer() != Layer::Duty;
            if walked && (refuted || tie.status() != Status::Refuted) {
                doubts.entry((tie.from(), tie.to())).or_default().push(tie.strength());
                if !directed || !tie.is_directed() {
                    doubts.entry((tie.to(), tie.from())).or_default().push(tie.strength());
                }
            }
        }
        let projection = Projection::new(&network, options);
        prop_assert_eq!(projection.arc_count(), doubts.len());
        for ((from, to), strengths) in doubts {
            let plain = (1.0 - strengths.iter().map(|s| 1.0 - s).product::<f64>()).min(MOST);
            prop_assert!((projection.weight(from, to).unwrap() - plain).abs() < 1e-12);
            prop_assert_eq!(projection.ties_between(&network, from, to).len(), strengths.len());
        }
    }
}
