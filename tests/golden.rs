//! Our measures and paths against networkx, on the graphs of `tests/golden/networkx.json`.

use std::collections::BTreeMap;

use parasol::analysis::centrality::RankOptions;
use parasol::analysis::measure;
use parasol::analysis::paths::{PathOptions, best_routes};
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
