//! Groups against the plainest way to say them, on random graphs.

use std::collections::BTreeSet;

use petgraph::visit::IntoNodeIdentifiers;
use proptest::prelude::*;

use super::*;
use crate::network::{NodeIx, Projection};

const NODES: usize = 12;

fn arcs() -> impl Strategy<Value = Vec<(u32, u32, f64)>> {
    proptest::collection::vec((0..NODES as u32, 0..NODES as u32, 0.05_f64..1.0), 0..26)
}

/// Who is next to whom, whichever way arcs lead.
fn near(projection: &Projection, node: u32) -> BTreeSet<u32> {
    let node = NodeIx(node);
    projection.neighbours(node).iter().chain(projection.sources(node)).copied().collect()
}

/// Components without some nodes and one tie, by walking from everybody.
fn plain_components(projection: &Projection, without: &[u32], tie: Option<(u32, u32)>) -> Vec<u32> {
    let mut first = vec![u32::MAX; NODES];
    for start in (0..NODES as u32).filter(|start| !without.contains(start)) {
        let mut open = vec![start];
        while let Some(node) = open.pop().filter(|&node| first[node as usize] == u32::MAX) {
            first[node as usize] = start;
            open.extend(near(projection, node).into_iter().filter(|&other| {
                let is_cut = tie == Some((node.min(other), node.max(other)));
                !without.contains(&other) && !is_cut && first[other as usize] == u32::MAX
            }));
            open.sort_unstable();
            open.dedup();
        }
    }
    first
}

fn count(first: &[u32]) -> usize {
    first.iter().filter(|&&first| first != u32::MAX).collect::<BTreeSet<_>>().len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn components_are_whom_one_reaches(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let ours = components(&projection);
        prop_assert_eq!(&ours, &plain_components(&projection, &[], None));
        prop_assert_eq!(count(&ours), petgraph::algo::connected_components(projection.undirected()));
    }

    #[test]
    fn a_core_is_what_is_left_when_the_loosely_tied_go(arcs in arcs()) {
        let projection = Projection::from_arcs(NODES, &arcs, false).unwrap();
        let mut plain = vec![0; NODES];
        for k in 1..NODES as u32 {
            let mut left: BTreeSet<u32> = (0..NODES as u32).collect();
            loop {
                let firm = |&node: &u32| near(&projection, node).intersection(&left).count() >= k as usize;
                let next: BTreeSet<u32> = left.iter().copied().filter(firm).collect();
                if next == left {
                    break;
                }
                left = next;
            }
            left.into_iter().for_each(|node| plain[node as usize] = k);
        }
        prop_assert_eq!(cores(&projection), plain);
    }

    #[test]
    fn cut_points_and_bridges_are_what_takes_the_network_apart(arcs in arcs(), directed: bool) {
        let projection = Projection::from_arcs(NODES, &arcs, directed).unwrap();
        let blocks = blocks(&projection);
        let whole = count(&plain_components(&projection, &[], None));
        for node in 0..NODES as u32 {
            let parts = count(&plain_components(&projection, &[node], None)) + 1 - whole;
            let lone = near(&projection, node).is_empty();
            prop_assert_eq!(blocks.parts(NodeIx(node)), if lone { 0 } else { parts });
        }
        let is_cut = |node: &NodeIx| count(&plain_components(&projection, &[node.0], None)) > whole;
        prop_assert!(blocks.cut_points().eq(projection.nodes().filter(is_cut)));
        let mut bridges = Vec::new();
        for (a, b) in (0..NODES as u32).flat_map(|a| near(&projection, a).into_iter().map(move |b| (a, b))) {
            if a < b && count(&plain_components(&projection, &[], Some((a, b)))) > whole {
                bridges.push((NodeIx(a), NodeIx(b)));
            }
        }
        prop_assert_eq!(blocks.bridges(), bridges);
        for Bridge { ends: [a, b], sides } in super::bridges(&projection) {
            let apart = plain_components(&projection, &[], Some((a.0, b.0)));
            let side = |end: NodeIx| apart.iter().filter(|&&first| first == apart[end.at()]).count();
            prop_assert_eq!(sides, [side(a), side(b)]);
        }
        prop_assert_eq!(super::bridges(&projection).len(), blocks.bridges().len());
        // Two ties of one block lie on one circle: no third node keeps its nodes apart.
        for block in blocks.iter() {
            for without in (0..NODES as u32).filter(|_| block.len() > 2) {
                let first = plain_components(&projection, &[without], None);
                let rest = block.iter().filter(|&&node| node != without).map(|&node| first[node as usize]);
                prop_assert_eq!(rest.collect::<BTreeSet<_>>().len(), 1);
            }
        }
        // Every tie is in one block.
        let ties = projection.undirected().node_identifiers().map(|n| near(&projection, n.0).len()).sum::<usize>();
        let inside = |block: &[u32]| {
            block.iter().map(|&n| near(&projection, n).iter().filter(|o| block.contains(o)).count()).sum::<usize>()
        };
        prop_assert_eq!(blocks.iter().map(inside).sum::<usize>(), ties);
    }
}

#[test]
fn a_long_chain_is_all_bridges() {
    let arcs: Vec<_> = (0..100_000).map(|at| (at, at + 1, 0.5)).collect();
    let chain = Projection::from_arcs(100_001, &arcs, false).unwrap();
    let blocks = blocks(&chain);
    assert_eq!(
        (blocks.len(), blocks.cut_points().count(), blocks.bridges().len()),
        (100_000, 99_999, 100_000)
    );
    assert!(components(&chain).iter().all(|&first| first == 0));
    assert!(cores(&chain).iter().all(|&core| core == 1));
}

#[test]
fn nobody_and_somebody_alone() {
    for nodes in [0, 1] {
        let projection = Projection::from_arcs(nodes, &[], false).unwrap();
        assert_eq!(components(&projection).len(), nodes);
        assert_eq!(cores(&projection), vec![0; nodes]);
        assert!(blocks(&projection).is_empty());
    }
    assert!(blocks(&Projection::default()).is_empty());
}
