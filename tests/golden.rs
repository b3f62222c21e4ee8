//! Our measures and paths against networkx, on the graphs of `tests/golden/networkx.json`.

use std::collections::BTreeMap;

use parasol::analysis::centrality::RankOptions;
use parasol::analysis::groups::{self, CommunityOptions};
use parasol::analysis::paths::{Costs, PathOptions, best_routes, routes_within};
use parasol::analysis::{Watch, measure};
use parasol::network::{NodeIx, Projection};
use serde::Deserialize;

#[derive(Deserialize)]
struct Golden {
    graphs: Vec<Graph>,
}

#[derive(Deserialize)]
struct Graph {
    name: String,
    #[serde(default)]
    directed: bool,
    nodes: Vec<String>,
    edges: Vec<(String, String, f64)>,
    seeds: Vec<String>,
    measures: BTreeMap<String, Option<Vec<f64>>>,
    paths: Vec<Paths>,
    #[serde(default)]
    components: Vec<Vec<String>>,
    #[serde(default)]
    bridges: Vec<(String, String)>,
    divided: Option<Divided>,
    /// From, to, the least reliability, hops, and how many paths there are.
    #[serde(default)]
    within: Vec<(String, String, f64, u32, u64)>,
}

#[derive(Deserialize)]
struct Divided {
    parts: Vec<Vec<String>>,
    modularity: f64,
}

#[derive(Deserialize)]
struct Paths {
    from: String,
    to: String,
    k: usize,
    paths: Vec<Path>,
}

#[derive(Deserialize)]
struct Path {
    cost: f64,
    strength: f64,
    nodes: Option<Vec<String>>,
}

impl Graph {
    fn at(&self, name: &str) -> u32 {
        self.nodes.iter().position(|node| node == name).unwrap() as u32
    }

    fn projection(&self) -> Projection {
        let arcs: Vec<_> = self.edges.iter().map(|(a, b, s)| (self.at(a), self.at(b), *s)).collect();
        Projection::from_arcs(self.nodes.len(), &arcs, self.directed).unwrap()
    }
}

fn golden() -> Vec<Graph> {
    serde_json::from_str::<Golden>(include_str!("golden/networkx.json")).unwrap().graphs
}

#[test]
fn measures_equal_networkx() {
    for graph in golden() {
        let projection = graph.projection();
        let from = graph.seeds.iter().map(|seed| NodeIx(graph.at(seed))).collect();
        let options = RankOptions { from, ..RankOptions::default() };
        for (name, theirs) in &graph.measures {
            let Some(theirs) = theirs else { continue };
            let name = if name == "personalised" { "personalised-pagerank" } else { name };
            let ours = (measure(name).unwrap().run)(&projection, &options).unwrap();
            for (node, (a, b)) in graph.nodes.iter().zip(ours.iter().zip(theirs)) {
                assert!((a - b).abs() <= 1e-8 * b.abs().max(1.0), "{} {name} {node}: {a}, {b}", graph.name);
            }
        }
    }
}

#[test]
fn paths_equal_networkx() {
    for graph in golden() {
        let projection = graph.projection();
        for theirs in &graph.paths {
            let ends = (NodeIx(graph.at(&theirs.from)), NodeIx(graph.at(&theirs.to)));
            let options = PathOptions { k: theirs.k, max_hops: u32::MAX };
            let ours = best_routes(&projection, ends.0, ends.1, &options);
            assert_eq!(ours.len(), theirs.paths.len(), "{}", graph.name);
            for (ours, theirs) in ours.iter().zip(&theirs.paths) {
                let strength: f64 = ours.windows(2).map(|w| projection.weight(w[0], w[1]).unwrap()).product();
                assert!(
                    (strength - theirs.strength).abs() < 1e-8 && (strength.ln() + theirs.cost).abs() < 1e-8
                );
                let names: Vec<&String> = ours.iter().map(|node| &graph.nodes[node.at()]).collect();
                assert!(theirs.nodes.as_ref().is_none_or(|nodes| nodes.iter().eq(names)), "{}", graph.name);
            }
        }
    }
}

#[test]
fn groups_equal_networkx() {
    let mut compared = 0;
    for graph in golden().into_iter().filter(|graph| !graph.directed) {
        let projection = graph.projection();
        let mut ours: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (node, part) in graph.nodes.iter().zip(groups::components(&projection)) {
            ours.entry(part).or_default().push(node.clone());
        }
        let mut ours: Vec<_> = ours.into_values().collect();
        ours.sort();
        assert_eq!(ours, graph.components, "{}", graph.name);
        let name = |node: NodeIx| graph.nodes[node.at()].clone();
        let mut ours: Vec<_> = groups::bridges(&projection)
            .iter()
            .map(|bridge| (name(bridge.ends[0]), name(bridge.ends[1])))
            .collect();
        ours.sort();
        assert_eq!(ours, graph.bridges, "{}", graph.name);
        let Some(divided) = &graph.divided else { continue };
        let mut of = vec![0; graph.nodes.len()];
        for (part, nodes) in (0..).zip(&divided.parts) {
            nodes.iter().for_each(|node| of[graph.at(node) as usize] = part);
        }
        let options = CommunityOptions::default();
        let quality = groups::division_quality(&projection, &of, &options);
        assert!((quality - divided.modularity).abs() < 1e-8, "{} {quality}", graph.name);
        // Leiden's is as good as the greedy one, but for a hair.
        let found = groups::communities(&projection, &options);
        assert!(groups::division_quality(&projection, &found.of, &options) > divided.modularity - 0.005);
        compared += 1;
    }
    assert!(compared > 9);
}

#[test]
fn paths_within_a_bound_are_as_many_as_networkx_finds() {
    for graph in golden() {
        let projection = graph.projection();
        let costs = Costs::new(&projection);
        for (from, to, least, max_hops, count) in &graph.within {
            let (from, to) = (NodeIx(graph.at(from)), NodeIx(graph.at(to)));
            let options = PathOptions { k: 1, max_hops: *max_hops };
            let found = routes_within(&costs, from, &[to], *least, &options, &Watch::default());
            assert!(found.is_exact && found.count == *count, "{}: {} {count}", graph.name, found.count);
        }
    }
}
