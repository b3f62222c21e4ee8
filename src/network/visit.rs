//! petgraph's visit traits on a projection, so that petgraph's algorithms run on it as well.
//!
//! [`Projection::directed`] sees every arc as it leads; [`Projection::undirected`] sees each pair
//! of neighbours once, whichever way its arcs lead (the stronger arc's weight stands). Node ids are
//! [`NodeIx`]; the id of an edge is its pair of nodes, for the graph is simple.

use petgraph::Direction;
use petgraph::visit::{
    Data, EdgeCount, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges, IntoEdgesDirected,
    IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, NodeCompactIndexable, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};

use super::{NodeIx, Projection};

/// A projection whose arcs lead one way.
#[derive(Clone, Copy, Debug)]
pub struct Directed<'p>(&'p Projection);

/// A projection whose pairs of neighbours have no direction.
#[derive(Clone, Copy, Debug)]
pub struct Undirected<'p>(&'p Projection);

impl Projection {
    /// For petgraph's algorithms on directed graphs.
    pub fn directed(&self) -> Directed<'_> {
        Directed(self)
    }

    /// For petgraph's algorithms on undirected graphs.
    pub fn undirected(&self) -> Undirected<'_> {
        Undirected(self)
    }
}

/// Which nodes were visited.
#[derive(Clone, Debug, Default)]
pub struct Seen(Vec<bool>);

impl VisitMap<NodeIx> for Seen {
    fn visit(&mut self, node: NodeIx) -> bool {
        self.0.get_mut(node.at()).is_some_and(|seen| !std::mem::replace(seen, true))
    }

    fn is_visited(&self, node: &NodeIx) -> bool {
        self.0.get(node.at()).copied().unwrap_or(false)
    }

    fn unvisit(&mut self, node: NodeIx) -> bool {
        self.0.get_mut(node.at()).is_some_and(|seen| std::mem::replace(seen, false))
    }
}

/// An arc or a pair: source, target, weight.
type Edge<'p> = (NodeIx, NodeIx, &'p f64);
type Nodes<'p> = Box<dyn Iterator<Item = NodeIx> + 'p>;
type Edges<'p> = Box<dyn Iterator<Item = PairRef<'p>> + 'p>;

/// A pair as seen from one of its ends: its id is the same from both.
#[derive(Clone, Copy, Debug)]
pub struct PairRef<'p>(Edge<'p>);

impl petgraph::visit::EdgeRef for PairRef<'_> {
    type NodeId = NodeIx;
    type EdgeId = (NodeIx, NodeIx);
    type Weight = f64;

    fn source(&self) -> NodeIx {
        self.0.0
    }

    fn target(&self) -> NodeIx {
        self.0.1
    }

    fn weight(&self) -> &f64 {
        self.0.2
    }

    fn id(&self) -> (NodeIx, NodeIx) {
        (self.0.0.min(self.0.1), self.0.0.max(self.0.1))
    }
}

/// What both adapters say of the nodes.
macro_rules! nodes {
    ($adapter:ident, $directed:ty) => {
        impl GraphBase for $adapter<'_> {
            type EdgeId = (NodeIx, NodeIx);
            type NodeId = NodeIx;
        }

        impl GraphRef for $adapter<'_> {}

        impl Data for $adapter<'_> {
            type NodeWeight = ();
            type EdgeWeight = f64;
        }

        impl GraphProp for $adapter<'_> {
            type EdgeType = $directed;
        }

        impl NodeCount for $adapter<'_> {
            fn node_count(&self) -> usize {
                self.0.node_count()
            }
        }

        impl NodeIndexable for $adapter<'_> {
            fn node_bound(&self) -> usize {
                self.0.node_count()
            }

            fn to_index(&self, node: NodeIx) -> usize {
                node.at()
            }

            fn from_index(&self, index: usize) -> NodeIx {
                NodeIx(index as u32)
            }
        }

        impl NodeCompactIndexable for $adapter<'_> {}

        impl Visitable for $adapter<'_> {
            type Map = Seen;

            fn visit_map(&self) -> Seen {
                Seen(vec![false; self.0.node_count()])
            }

            fn reset_map(&self, map: &mut Seen) {
                *map = self.visit_map();
            }
        }

        impl<'p> IntoNodeIdentifiers for $adapter<'p> {
            type NodeIdentifiers = Nodes<'p>;

            fn node_identifiers(self) -> Nodes<'p> {
                Box::new(self.0.nodes())
            }
        }
    };
}

nodes!(Directed, petgraph::Directed);
nodes!(Undirected, petgraph::Undirected);

impl<'p> Directed<'p> {
    /// Arcs at a node that lead this way, as arcs lead.
    fn arcs(self, node: NodeIx, way: Direction) -> Box<dyn Iterator<Item = Edge<'p>> + 'p> {
        let Self(projection) = self;
        match way {
            Direction::Outgoing => {
                let ends = projection.neighbours(node).iter().map(|&to| NodeIx(to));
                Box::new(ends.zip(projection.weights(node)).map(move |(to, weight)| (node, to, weight)))
            }
            Direction::Incoming => Box::new(projection.arriving(node).filter_map(move |hand| {
                Some((hand.neighbour, node, projection.weight_ref(hand.neighbour, node)?))
            })),
        }
    }
}

impl<'p> IntoNeighbors for Directed<'p> {
    type Neighbors = Nodes<'p>;

    fn neighbors(self, node: NodeIx) -> Nodes<'p> {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl<'p> IntoNeighborsDirected for Directed<'p> {
    type NeighborsDirected = Nodes<'p>;

    fn neighbors_directed(self, node: NodeIx, way: Direction) -> Nodes<'p> {
        match way {
            Direction::Outgoing => Box::new(self.0.neighbours(node).iter().map(|&to| NodeIx(to))),
            Direction::Incoming => Box::new(self.0.arriving(node).map(|hand| hand.neighbour)),
        }
    }
}

impl<'p> IntoEdgeReferences for Directed<'p> {
    type EdgeRef = Edge<'p>;
    type EdgeReferences = Box<dyn Iterator<Item = Edge<'p>> + 'p>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.0.nodes().flat_map(move |node| self.arcs(node, Direction::Outgoing)))
    }
}

impl<'p> IntoEdges for Directed<'p> {
    type Edges = Box<dyn Iterator<Item = Edge<'p>> + 'p>;

    fn edges(self, node: NodeIx) -> Self::Edges {
        self.arcs(node, Direction::Outgoing)
    }
}

impl<'p> IntoEdgesDirected for Directed<'p> {
    type EdgesDirected = Box<dyn Iterator<Item = Edge<'p>> + 'p>;

    fn edges_directed(self, node: NodeIx, way: Direction) -> Self::EdgesDirected {
        self.arcs(node, way)
    }
}

impl EdgeCount for Directed<'_> {
    fn edge_count(&self) -> usize {
        self.0.arc_count()
    }
}

impl<'p> Undirected<'p> {
    /// The pairs of a node, each once: those its arcs lead to, then those that only lead here.
    fn pairs(self, node: NodeIx) -> impl Iterator<Item = Edge<'p>> + 'p {
        let Self(projection) = self;
        let back = projection.is_directed().then(|| projection.arriving(node)).into_iter().flatten();
        let only_back =
            back.map(|hand| hand.neighbour).filter(move |&from| projection.weight_ref(node, from).is_none());
        let to = projection.neighbours(node).iter().map(|&to| NodeIx(to));
        to.chain(only_back).filter_map(move |other| Some((node, other, self.weight(node, other)?)))
    }

    fn weight(self, a: NodeIx, b: NodeIx) -> Option<&'p f64> {
        match (self.0.weight_ref(a, b), self.0.weight_ref(b, a)) {
            (Some(there), Some(back)) => Some(if there >= back { there } else { back }),
            (there, back) => there.or(back),
        }
    }
}

impl<'p> IntoNeighbors for Undirected<'p> {
    type Neighbors = Nodes<'p>;

    fn neighbors(self, node: NodeIx) -> Nodes<'p> {
        Box::new(self.pairs(node).map(|(_, other, _)| other))
    }
}

impl<'p> IntoNeighborsDirected for Undirected<'p> {
    type NeighborsDirected = Nodes<'p>;

    fn neighbors_directed(self, node: NodeIx, _: Direction) -> Nodes<'p> {
        self.neighbors(node)
    }
}

impl<'p> IntoEdgeReferences for Undirected<'p> {
    type EdgeRef = PairRef<'p>;
    type EdgeReferences = Edges<'p>;

    fn edge_references(self) -> Edges<'p> {
        let once = move |node| self.pairs(node).filter(|(a, b, _)| a < b).map(PairRef);
        Box::new(self.0.nodes().flat_map(once))
    }
}

impl<'p> IntoEdges for Undirected<'p> {
    type Edges = Edges<'p>;

    fn edges(self, node: NodeIx) -> Edges<'p> {
        Box::new(self.pairs(node).map(PairRef))
    }
}

impl EdgeCount for Undirected<'_> {
    fn edge_count(&self) -> usize {
        self.edge_references().count()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use petgraph::algo::{connected_components, dijkstra, is_bipartite_undirected, tarjan_scc, toposort};
    use petgraph::visit::{Bfs, EdgeRef};

    use super::*;

    /// 0 → 1 → 2 → 0, 2 → 3, 4 ⇄ 5, 6 alone.
    fn ring(directed: bool) -> Projection {
        let arcs = [(0, 1, 0.5), (1, 2, 0.5), (2, 0, 0.5), (2, 3, 0.25), (4, 5, 0.5), (5, 4, 0.9)];
        Projection::from_arcs(7, &arcs, directed).unwrap()
    }

    #[test]
    fn components_are_found_either_way() {
        for directed in [false, true] {
            let ring = ring(directed);
            assert_eq!(connected_components(ring.undirected()), 3);
            assert_eq!(ring.undirected().edge_count(), 5);
            assert!(!is_bipartite_undirected(ring.undirected(), NodeIx(0)));
            assert!(is_bipartite_undirected(ring.undirected(), NodeIx(4)));
        }
    }

    #[test]
    fn strong_components_follow_the_arcs() {
        let mut parts: Vec<Vec<u32>> = tarjan_scc(ring(true).directed())
            .into_iter()
            .map(|part| {
                let mut part: Vec<u32> = part.into_iter().map(|node| node.0).collect();
                part.sort_unstable();
                part
            })
            .collect();
        parts.sort();
        assert_eq!(parts, [vec![0, 1, 2], vec![3], vec![4, 5], vec![6]]);
        assert!(toposort(ring(true).directed(), None).is_err());
        let line = Projection::from_arcs(3, &[(2, 1, 1.0), (1, 0, 1.0)], true).unwrap();
        assert_eq!(toposort(line.directed(), None).unwrap(), [NodeIx(2), NodeIx(1), NodeIx(0)]);
    }

    #[test]
    fn dijkstra_and_breadth_first_walk_it() {
        let ring = ring(true);
        let far = |found: &mut dyn Iterator<Item = (NodeIx, f64)>| {
            found.map(|(node, cost)| (node.0, cost)).collect::<BTreeMap<_, _>>()
        };
        let forwards =
            far(&mut dijkstra(ring.directed(), NodeIx(1), None, |edge| *edge.weight()).into_iter());
        assert_eq!(forwards, BTreeMap::from([(0, 1.0), (1, 0.0), (2, 0.5), (3, 0.75)]));
        let both = far(&mut dijkstra(ring.undirected(), NodeIx(3), None, |edge| *edge.weight()).into_iter());
        assert_eq!(both, BTreeMap::from([(0, 0.75), (1, 0.75), (2, 0.25), (3, 0.0)]));
        let mut walk = Bfs::new(ring.directed(), NodeIx(2));
        let order: Vec<u32> = std::iter::from_fn(|| walk.next(ring.directed())).map(|node| node.0).collect();
        assert_eq!(order, [2, 0, 3, 1]);
    }

    #[test]
    fn a_pair_has_one_id_and_the_weight_of_its_stronger_arc() {
        let ring = ring(true);
        let seen: Vec<_> = [4, 5]
            .into_iter()
            .flat_map(|node| {
                ring.undirected()
                    .edges(NodeIx(node))
                    .map(|edge| (edge.id(), *edge.weight()))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(seen, [((NodeIx(4), NodeIx(5)), 0.9); 2]);
    }
}
