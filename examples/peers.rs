//! Our kernels as a peer among others: one task on one graph, timed as the other tools are.
//!
//! `docs/BENCHMARKS.md` says how it is run beside them. Reading and building are outside the clock; the
//! check is made of what other tools must come to as well.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::fs;
use std::time::Instant;

use parasol::analysis::centrality::{self, RankError, RankOptions};
use parasol::analysis::groups;
use parasol::analysis::missing::{self, Nearby};
use parasol::analysis::nulls::{Draws, Margins, pairs_by_chance};
use parasol::analysis::paths::{self, Costs, PathOptions};
use parasol::network::{NodeIx, Projection, ProjectionOptions, Weight};
use rayon::prelude::*;
use serde_json::{Value, json};

const HELP: &str = "\
usage: peers TASK GRAPHS_DIR GRAPH THREADS RUNS

Runs TASK on GRAPHS_DIR/GRAPH.csv (src,dst,weight) with GRAPHS_DIR/GRAPH.queries.json and prints one line
@@{json}: median_s, runs_s, cpu_s, build_s, peak_rss_mb, rss_built_mb, check.

tasks:
";

/// A task: its name, whether it goes by strengths, and what it does.
struct Task {
    name: &'static str,
    weight: Weight,
    run: fn(&Graph<'_>) -> Value,
}

const fn task(name: &'static str, weight: Weight, run: fn(&Graph<'_>) -> Value) -> Task {
    Task { name, weight, run }
}

const TASKS: &[Task] = &[
    task("build", Weight::One, build),
    task("bc_exact", Weight::One, |graph| vector(&graph.measure(centrality::betweenness))),
    task("bc_kadabra", Weight::One, sampled_betweenness),
    task("bc_kadabra_100", Weight::One, a_hundred_seeds),
    task("harmonic", Weight::One, |graph| vector(&graph.measure(centrality::closeness))),
    task("harmonic_top10", Weight::One, nearest),
    task("pagerank", Weight::One, |graph| vector(&graph.measure(centrality::pagerank))),
    task("ppr", Weight::One, |graph| vector(&graph.measure(centrality::personalised_pagerank))),
    task("eigenvector", Weight::One, |graph| vector(&graph.measure(centrality::eigenvector))),
    task("relpath", Weight::Strength, reliable),
    task("ksp", Weight::Strength, best_ways),
    task("constraint", Weight::Strength, |graph| vector(&graph.measure(centrality::constraint))),
    task("lcc", Weight::One, |graph| vector(&graph.measure(centrality::clustering))),
    task(
        "triangles",
        Weight::One,
        |graph| json!({ "triangles": centrality::triangle_count(graph.projection).unwrap() }),
    ),
    task("aa", Weight::One, adamic_adar),
    task("leiden", Weight::Strength, communities),
    task("kcore", Weight::One, cores),
    task("cc", Weight::One, components),
    task("bicc", Weight::One, blocks),
    task("nulls_1000", Weight::One, by_chance),
];

/// What is read.
struct Input {
    arcs: Vec<(u32, u32, f64)>,
    queries: Value,
    folder: String,
    name: String,
}

/// What a task works on.
struct Graph<'g> {
    input: &'g Input,
    projection: &'g Projection,
    /// What arcs cost, where ways are searched for.
    costs: Option<Costs<'g>>,
}

impl Input {
    fn load(folder: &str, name: &str) -> Self {
        let queries = fs::read_to_string(format!("{folder}/{name}.queries.json")).unwrap();
        let text = fs::read_to_string(format!("{folder}/{name}.csv")).unwrap();
        let arc = |line: &str| {
            let mut cells = line.split(',');
            let from = cells.next()?.parse().ok()?;
            Some((from, cells.next()?.parse().ok()?, cells.next()?.trim().parse().ok()?))
        };
        let queries: Value = serde_json::from_str(&queries).unwrap();
        let mut arcs = Vec::with_capacity(queries["m"].as_u64().unwrap() as usize);
        arcs.extend(text.lines().skip(1).filter_map(arc));
        Self { arcs, queries, folder: folder.to_owned(), name: name.to_owned() }
    }

    fn build(&self, weight: Weight) -> Projection {
        let nodes = self.queries["n"].as_u64().unwrap() as usize;
        let options = ProjectionOptions { weight, ..ProjectionOptions::default() };
        Projection::from_list(nodes, &self.arcs, options).unwrap()
    }
}

impl Graph<'_> {
    fn nodes(&self, query: &str) -> Vec<NodeIx> {
        self.input.queries[query].as_array().unwrap().iter().map(node).collect()
    }

    fn pairs(&self) -> Vec<(NodeIx, NodeIx)> {
        let pairs = self.input.queries["pairs"].as_array().unwrap();
        pairs.iter().map(|pair| (node(&pair[0]), node(&pair[1]))).collect()
    }

    fn costs(&self) -> &Costs<'_> {
        self.costs.as_ref().unwrap()
    }

    fn options(&self) -> RankOptions {
        RankOptions { from: self.nodes("seeds"), rest: 1e-8, ..RankOptions::default() }
    }

    fn measure(&self, run: fn(&Projection, &RankOptions) -> Result<Vec<f64>, RankError>) -> Vec<f64> {
        run(self.projection, &self.options()).unwrap()
    }

    /// Exact betweenness as shares of ordered pairs, where another tool left it (a NumPy file of doubles).
    fn exact_betweenness(&self) -> Option<Vec<f64>> {
        let bytes = fs::read(format!("{}/{}.bc_exact.npy", self.input.folder, self.input.name)).ok()?;
        let head = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        Some(bytes[head..].chunks_exact(8).map(|cell| f64::from_le_bytes(cell.try_into().unwrap())).collect())
    }
}

fn node(value: &Value) -> NodeIx {
    NodeIx(value.as_u64().unwrap() as u32)
}

/// What other tools must come to: sum, greatest value and where it is, 2-norm, values at three nodes.
fn vector(values: &[f64]) -> Value {
    let (mut most, mut at) = (f64::MIN, 0);
    for (place, &value) in values.iter().enumerate() {
        if value > most {
            (most, at) = (value, place);
        }
    }
    let n = values.len();
    json!({
        "sum": values.iter().sum::<f64>(), "max": most, "argmax": at,
        "l2": values.iter().map(|value| value * value).sum::<f64>().sqrt(),
        "at": [values[0], values[n / 3], values[n / 2]],
    })
}

fn build(graph: &Graph<'_>) -> Value {
    let built = graph.input.build(Weight::One);
    json!({ "n": built.node_count(), "m": built.arc_count() / 2 })
}

fn sampled_betweenness(graph: &Graph<'_>) -> Value {
    let sampled = centrality::sampled_betweenness(graph.projection, &graph.options()).unwrap();
    let n = sampled.values.len() as f64;
    let shares: Vec<f64> = sampled.values.iter().map(|value| value * 2.0 / (n * (n - 1.0))).collect();
    let mut check = vector(&shares);
    check["samples"] = json!(sampled.samples);
    if let Some(exact) = graph.exact_betweenness() {
        let off = shares.iter().zip(exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        check["max_abs_err"] = json!(off);
    }
    check
}

/// The greatest errors of the estimate over a hundred seeds.
fn a_hundred_seeds(graph: &Graph<'_>) -> Value {
    let exact = graph.exact_betweenness().unwrap();
    let n = exact.len() as f64;
    let off = |seed: u64| {
        let options = RankOptions { seed, ..graph.options() };
        let sampled = centrality::sampled_betweenness(graph.projection, &options).unwrap();
        let shares = sampled.values.iter().map(|value| value * 2.0 / (n * (n - 1.0)));
        shares.zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    };
    let errors: Vec<f64> = (0..100).map(off).collect();
    let over = errors.iter().filter(|&&error| error > graph.options().epsilon).count();
    json!({ "greatest": errors.iter().copied().fold(0.0, f64::max), "median": median(errors), "over": over })
}

fn nearest(graph: &Graph<'_>) -> Value {
    let everybody: Vec<NodeIx> = graph.projection.nodes().collect();
    let best = centrality::nearest_to_all(graph.projection, &everybody, 10, &graph.options()).unwrap();
    let (top, scores): (Vec<u32>, Vec<f64>) = best.into_iter().map(|(node, value)| (node.0, value)).unzip();
    json!({ "top": top, "scores": scores[..3] })
}

/// What a way costs, from its strengths: −ln of their product.
fn cost(graph: &Graph<'_>, way: &[NodeIx]) -> f64 {
    let hops = way.iter().zip(way.iter().skip(1));
    hops.map(|(&from, &to)| -graph.projection.weight(from, to).unwrap().ln()).sum()
}

fn reliable(graph: &Graph<'_>) -> Value {
    let ways = paths::most_reliable(graph.costs(), &graph.pairs());
    json!({ "cost": ways.iter().flatten().map(|way| cost(graph, way)).sum::<f64>() })
}

/// The ten best ways of as many pairs as the other tools are given.
fn best_ways(graph: &Graph<'_>) -> Value {
    let many = match graph.input.name.as_str() {
        "M" => 3,
        "L" => 1,
        _ => 5,
    };
    let options = PathOptions { k: 10, max_hops: u32::MAX };
    let costs = graph.costs();
    let of = |&(from, to): &(NodeIx, NodeIx)| paths::best_routes_by(costs, from, to, &options);
    let ways: Vec<_> = graph.pairs()[..many].par_iter().flat_map_iter(of).collect();
    json!({ "cost10": ways.iter().map(|way| cost(graph, way)).sum::<f64>() })
}

fn adamic_adar(graph: &Graph<'_>) -> Value {
    let mut from = graph.nodes("aa_nodes");
    from.truncate(if graph.input.name == "L" { 100 } else { 1000 });
    let scores = missing::nearby_of_all(graph.projection, &from, Nearby::AdamicAdar);
    let scores = scores.iter().flatten();
    json!({ "pairs": scores.clone().count(), "sum": scores.map(|(_, score)| score).sum::<f64>() })
}

fn communities(graph: &Graph<'_>) -> Value {
    let found = groups::communities(graph.projection, &Default::default());
    json!({ "Q": (found.quality * 1e5).round() / 1e5, "ncomm": found.count })
}

fn cores(graph: &Graph<'_>) -> Value {
    let cores = groups::cores(graph.projection);
    json!({ "sum": cores.iter().map(|&core| u64::from(core)).sum::<u64>(), "max": cores.iter().max() })
}

fn components(graph: &Graph<'_>) -> Value {
    let first = groups::components(graph.projection);
    json!({ "components": (0..).zip(&first).filter(|(node, first)| node == *first).count() })
}

fn blocks(graph: &Graph<'_>) -> Value {
    let blocks = groups::blocks(graph.projection);
    json!({ "bicc": blocks.len(), "articulation": blocks.cut_points().count() })
}

/// The pairs against a thousand draws that keep everybody's number of ties.
fn by_chance(graph: &Graph<'_>) -> Value {
    let margins = Margins::of_projection(graph.projection);
    let sides: Vec<_> = graph.pairs().into_iter().map(|(a, b)| (vec![a], vec![b])).collect();
    let draws = Draws { count: 1000, seed: 1 };
    let found = pairs_by_chance(&margins, &sides, &draws, &Default::default()).unwrap();
    let of = |at: usize| found.iter().map(move |chance| chance[at]);
    let seen: Vec<u64> = (0..3).map(|at| of(at).map(|chance| chance.seen).sum()).collect();
    let expected: Vec<f64> = (0..3).map(|at| of(at).map(|chance| chance.expected).sum()).collect();
    json!({ "seen": seen, "expected": expected, "least_p": of(2).map(|chance| chance.p).fold(1.0, f64::min) })
}

/// A line of `/proc/self/status`, in MB.
fn memory(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

/// Seconds of processor time so far, user and system.
fn processor() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = after.split(' ').skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    ticks.sum::<f64>() / 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let task = args.first().and_then(|name| TASKS.iter().find(|task| task.name == name));
    let (Some(task), [_, folder, name, threads, runs]) = (task, &args[..]) else {
        println!("{HELP}  {}", TASKS.iter().map(|task| task.name).collect::<Vec<_>>().join(" "));
        std::process::exit(if args.iter().any(|arg| arg == "--help") { 0 } else { 2 });
    };
    let threads = threads.parse().unwrap();
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();
    let mut input = Input::load(folder, name);
    let start = Instant::now();
    let projection = if task.name == "build" { Projection::default() } else { input.build(task.weight) };
    if task.name != "build" {
        input.arcs = Vec::new();
    }
    let searches = matches!(task.name, "relpath" | "ksp");
    let costs = searches.then(|| Costs::new(&projection));
    let graph = Graph { input: &input, projection: &projection, costs };
    let build_s = start.elapsed().as_secs_f64();
    let rss_built_mb = memory("VmRSS:");
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (mut times, mut busy, mut check) = (Vec::new(), Vec::new(), Value::Null);
    for _ in 0..runs.parse().unwrap() {
        let (before, start) = (processor(), Instant::now());
        check = (task.run)(&graph);
        times.push(start.elapsed().as_secs_f64());
        busy.push(processor() - before);
        if times.last().is_some_and(|&time| time > 60.0) {
            break;
        }
    }
    let line = json!({
        "peer": "ours", "task": task.name, "graph": name, "threads": threads, "build_s": build_s,
        "median_s": median(times.clone()), "runs_s": times, "cpu_s": median(busy),
        "peak_rss_mb": memory("VmHWM:"), "rss_built_mb": rss_built_mb, "check": check,
    });
    println!("@@{line}");
}
