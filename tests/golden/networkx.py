"""Golden centralities and paths, by networkx 3.6.1: run by hand, its output is committed.

    PYTHONHASHSEED=0 python3 tests/golden/networkx.py

Needs networkx 3.6.1 and scipy. Graphs are simple, and undirected where they do not say `directed`; `edges`
lists are [a, b, strength], strength in (0, 1], parallel ties merged already. Nodes stand in byte order of
their names.
Conventions:

degree        number of neighbours
strength      sum of strengths over neighbours
betweenness   unweighted, unordered pairs, endpoints left out, not normalised
closeness     harmonic, unweighted, not normalised: sum of 1/d over reachable others
eigenvector   weighted, 2-norm 1, non-negative; the component with the greatest eigenvalue wins,
              0 elsewhere (left out where two components tie)
pagerank      damping 0.85, weighted, uniform restart, sums to 1; what a node without ties holds
              goes back by the restart
personalised  the same with the restart uniform over `seeds`
katz          alpha 0.85 by the greatest strength, beta 1, weighted, not normalised
core          core number
constraint, effective-size    Burt's, weighted; 0 for nodes without ties
triangles, clustering         unweighted
parts         in how many biconnected components a node is
katz-from     the same sum with beta 1 at `seeds` and 0 elsewhere; 0 for the seeds and those tied to them
common-neighbours, adamic-adar, resource-allocation
              added up over `seeds`, for nodes that are tied to no seed and are none; else 0
pagerank-from personalised, for the same nodes; else 0
l3            ways of three hops from the seeds, each by the root of the product of the two degrees in the middle
paths         the k best loopless paths from `from` to `to` with cost -ln(strength), best first;
              (`components`, `bridges`: as networkx has them; `divided`: its greedy communities and their
              modularity; `within`: [a, b, least, hops, how many paths are at least so reliable])
              `nodes` is null where two paths cost the same, so that their order is anybody's

Where arcs lead one way: degree counts whom arcs lead to or come from, core and triangles take a tie for whichever
way it leads, strength adds arcs that leave and arrive; betweenness takes
ordered pairs; closeness is about those a node reaches; katz counts ways that end at a node, alpha 0.85 by the
greatest strength that arrives anywhere; constraint and effective-size take what two put into each other together;
clustering is Fagiolo's.
"""

import csv
import importlib.util
import json
import math
import random
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path = [p for p in sys.path if Path(p or ".").resolve() != HERE]  # this file is named like the library

import networkx as nx  # noqa: E402
import numpy as np  # noqa: E402

FIXTURES = HERE.parent.parent / "fixtures"


def graph(nodes, edges):
    g = nx.Graph()
    g.add_nodes_from(sorted(nodes))
    for a, b, s in sorted(edges):
        g.add_edge(a, b, weight=s, cost=-math.log(s))
    return g


def eigenvector(g):
    """By dense eigenvectors, component by component: exact where power iteration is slow."""
    best = []
    for part in nx.connected_components(g):
        names = sorted(part)
        values, vectors = np.linalg.eigh(nx.to_numpy_array(g, nodelist=names, weight="weight"))
        best.append((values[-1], names, np.abs(vectors[:, -1])))
    best.sort(key=lambda x: -x[0])
    if len(best) > 1 and best[0][0] - best[1][0] < 1e-9:
        return None
    scores = dict.fromkeys(g, 0.0)
    scores.update(zip(best[0][1], map(float, best[0][2])))
    return scores


def harmonic(g, node):  # along the arcs, where networkx's own goes against them
    """What nx.harmonic_centrality gives, but summed in an order that does not change from run to run."""
    return math.fsum(1 / d for d in nx.single_source_shortest_path_length(g, node).values() if d)


def pagerank(g, seeds=None):
    restart = {s: 1 for s in seeds} if seeds else None
    return nx.pagerank(g, alpha=0.85, personalization=restart, weight="weight", max_iter=100000, tol=1e-15)


def katz(g, seeds=None):
    arriving = g.in_degree if g.is_directed() else g.degree
    most = max(dict(arriving(weight="weight")).values(), default=0) or 1
    order = list(g)
    system = np.eye(len(order)) - 0.85 / most * nx.to_numpy_array(g, nodelist=order, weight="weight").T
    start = np.array([1.0 if seeds is None or n in seeds else 0.0 for n in order])
    values = dict(zip(order, map(float, np.linalg.solve(system, start))))
    return untied(g, seeds, values) if seeds else values


def untied(g, seeds, values):
    """0 for the seeds and whoever is tied to any of them."""
    known = set(seeds).union(*(nx.all_neighbors(g, s) for s in seeds))
    return {n: 0.0 if n in known else value for n, value in values.items()}


def number(values):
    """0 where networkx says nan: nodes without ties."""
    return {n: 0.0 if math.isnan(v) else v for n, v in values.items()}


def effective_size(g):
    """Burt's formula from networkx's shares. (Its own effective_size of 3.6 takes q's strongest tie where Burt
    takes j's, so that it gives 1.90 for `a` of the diamond below instead of 1.95.)"""
    share = nx.algorithms.structuralholes.normalized_mutual_weight
    near = {n: sorted(set(nx.all_neighbors(g, n))) for n in g}

    def alike(i, j):
        return math.fsum(share(g, i, q, weight="weight") * share(g, j, q, norm=max, weight="weight")
                         for q in near[i] if q in near[j])

    return {i: math.fsum(1 - alike(i, j) for j in near[i]) for i in g}


def parts(g):
    count = dict.fromkeys(g, 0)
    for part in nx.biconnected_components(g):
        for n in part:
            count[n] += 1
    return count


def missing(g, seeds, score):
    values = dict.fromkeys(g, 0.0)
    for seed in seeds:
        pairs = [(seed, n) for n in g if n != seed and not g.has_edge(seed, n)]
        for _, n, value in score(g, pairs):
            values[n] += value
    return untied(g, seeds, values)


def common(g, pairs):
    return ((a, b, float(len(list(nx.common_neighbors(g, a, b))))) for a, b in pairs)


def paths(g, a, b, k):
    found = []
    if nx.has_path(g, a, b):
        for nodes in nx.shortest_simple_paths(g, a, b, weight="cost"):
            found.append((math.fsum(g[x][y]["cost"] for x, y in zip(nodes, nodes[1:])), nodes))
            if len(found) == k + 1:
                break
    answer = []
    for i, (cost, nodes) in enumerate(found[:k]):
        near = [c for j, (c, _) in enumerate(found) if j != i and abs(c - cost) < 1e-9]
        answer.append({"cost": cost, "strength": math.exp(-cost), "nodes": None if near else nodes})
    return {"from": a, "to": b, "k": k, "paths": answer}


def golden(name, about, nodes, edges, seeds, pairs, k=5):
    g = graph(nodes, edges)
    order = list(g)
    table = {
        "degree": dict(g.degree()),
        "strength": dict(g.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(g, normalized=False),
        "closeness": {n: harmonic(g, n) for n in g},
        "eigenvector": eigenvector(g),
        "pagerank": pagerank(g),
        "personalised": pagerank(g, seeds),
        "pagerank-from": untied(g, seeds, pagerank(g, seeds)),
        "katz": katz(g),
        "katz-from": katz(g, seeds),
        "core": nx.core_number(g),
        "constraint": number(nx.constraint(g, weight="weight")),
        "effective-size": effective_size(g),
        "triangles": nx.triangles(g),
        "clustering": nx.clustering(g),
        "parts": parts(g),
        "common-neighbours": missing(g, seeds, common),
        "adamic-adar": missing(g, seeds, nx.adamic_adar_index),
        "resource-allocation": missing(g, seeds, nx.resource_allocation_index),
        "l3": missing(g, seeds, l3) if len(g) < 200 else None,
    }
    return {
        "name": name,
        "about": about,
        "nodes": order,
        "edges": sorted([min(a, b), max(a, b), s] for a, b, s in edges),
        "seeds": seeds,
        "measures": {m: v and [v[n] for n in order] for m, v in table.items()},
        "paths": [paths(g, a, b, k) for a, b in pairs],
        "components": sorted(sorted(part) for part in nx.connected_components(g)),
        "bridges": sorted(sorted(pair) for pair in nx.bridges(g)),
        "divided": divided(g),
        "within": [[a, b, 0.05, 5, within(g, a, b, 0.05, 5)] for a, b in pairs if len(g) < 200],
    }


def directed(name, about, base, seed):
    """A random digraph with random strengths, and what networkx says of it."""
    draw = random.Random(seed)
    label = {n: f"n{i:02}" for i, n in enumerate(base)}
    edges = sorted((label[a], label[b], round(draw.uniform(0.05, 1.0), 6)) for a, b in base.edges() if a != b)
    seeds = sorted(draw.sample(sorted(label.values()), 3))
    g = nx.DiGraph()
    g.add_nodes_from(sorted(label.values()))
    g.add_weighted_edges_from(edges)
    order = list(g)
    table = {
        "degree": {n: len(set(nx.all_neighbors(g, n))) for n in g},
        "strength": dict(g.degree(weight="weight")),
        "betweenness": nx.betweenness_centrality(g, normalized=False),
        "closeness": {n: harmonic(g, n) for n in g},
        "pagerank": pagerank(g),
        "personalised": pagerank(g, seeds),
        "pagerank-from": untied(g, seeds, pagerank(g, seeds)),
        "katz": katz(g),
        "katz-from": katz(g, seeds),
        "core": nx.core_number(g.to_undirected()),
        "triangles": nx.triangles(g.to_undirected()),
        "constraint": number(nx.constraint(g, weight="weight")),
        "effective-size": effective_size(g),
        "clustering": nx.clustering(g),
    }
    return {
        "name": name,
        "about": about,
        "directed": True,
        "nodes": order,
        "edges": edges,
        "seeds": seeds,
        "measures": {m: [v[n] for n in order] for m, v in table.items()},
        "paths": [],
    }


def led():
    yield directed("led-25", "arcs at random", nx.gnp_random_graph(25, 0.12, seed=11, directed=True), 11)
    yield directed("led-sparse", "few arcs, lone nodes, dead ends", nx.gnp_random_graph(50, 0.025, seed=12, directed=True), 12)
    yield directed("led-dense", "many arcs, most both ways", nx.gnp_random_graph(14, 0.6, seed=13, directed=True), 13)
    yield directed("led-hubs", "arcs that flock to a few", nx.DiGraph(nx.scale_free_graph(60, seed=14)), 14)


def l3(g, pairs):
    """Kovács et al.: ways of three hops, each by the root of the product of the degrees in the middle."""
    for a, b in pairs:
        yield a, b, math.fsum(1 / math.sqrt(g.degree(u) * g.degree(v)) for u in sorted(g[a]) for v in sorted(g[u])
                              if u != b and v != a and g.has_edge(v, b))


def divided(g):
    """Communities by networkx's own greedy method, and how modular they are: a division, not the best one."""
    if not g.number_of_edges():
        return None
    parts = nx.algorithms.community.greedy_modularity_communities(g, weight="weight")
    parts = sorted(sorted(part) for part in parts)
    return {"parts": parts, "modularity": nx.algorithms.community.modularity(g, parts, weight="weight")}


def within(g, a, b, least, hops):
    """How many loopless paths are at least so reliable."""
    if a not in g or b not in g:
        return 0
    count = 0
    for nodes in nx.all_simple_paths(g, a, b, cutoff=hops):
        count += math.prod(g[x][y]["weight"] for x, y in zip(nodes, nodes[1:])) >= least
    return count


def random_graph(name, about, g, seed):
    draw = random.Random(seed)
    label = {n: f"n{i:02}" for i, n in enumerate(g)}
    edges = [(label[a], label[b], round(draw.uniform(0.05, 1.0), 6)) for a, b in g.edges()]
    names = sorted(label.values())
    pairs = [tuple(draw.sample(names, 2)) for _ in range(4)]
    return golden(name, about, names, edges, sorted(draw.sample(names, 3)), pairs)


def merged(n, m, seed):
    """A multigraph whose parallel ties were merged as a noisy-or, as projections do."""
    draw = random.Random(seed)
    doubt = {}
    for _ in range(m):
        a, b = sorted(draw.sample(range(n), 2))
        doubt[a, b] = doubt.get((a, b), 1.0) * (1 - draw.uniform(0.1, 0.7))
    names = [f"n{i:02}" for i in range(n)]
    edges = [(names[a], names[b], round(1 - d, 6)) for (a, b), d in doubt.items()]
    pairs = [tuple(draw.sample(names, 2)) for _ in range(4)]
    return golden("merged", "parallel ties merged", names, edges, names[:2], pairs)


def plain():
    """Graphs a reader can check by head."""
    line = [("a", "b", 0.9), ("b", "c", 0.8), ("c", "d", 0.5)]
    yield golden("line", "a line of four", "abcd", line, ["a"], [("a", "d")])
    star = [("hub", f"leaf{i}", 1.0) for i in range(5)]
    yield golden("star", "a hub with five leaves, all certain", ["hub"] + [b for _, b, _ in star], star, ["leaf0"],
                 [("leaf0", "leaf4")])
    diamond = [("a", "b", 0.9), ("b", "d", 0.9), ("a", "c", 0.5), ("c", "d", 0.5), ("a", "d", 0.3)]
    yield golden("diamond", "the detour beats the direct tie", ["a", "b", "c", "d", "alone"], diamond, ["a"],
                 [("a", "d"), ("b", "c"), ("a", "alone")])


def drawn():
    yield random_graph("gnp-20", "random, 20 nodes", nx.gnp_random_graph(20, 0.2, seed=1), 1)
    yield random_graph("gnp-40", "random, 40 nodes", nx.gnp_random_graph(40, 0.1, seed=2), 2)
    yield random_graph("sparse", "random and disconnected, with lone nodes", nx.gnp_random_graph(60, 0.025, seed=3), 3)
    yield random_graph("islands", "two components of about one size",
                       nx.disjoint_union(nx.gnp_random_graph(14, 0.35, seed=4), nx.gnp_random_graph(16, 0.3, seed=5)), 4)
    yield random_graph("tree", "a random tree", nx.random_labeled_tree(30, seed=6), 5)
    yield random_graph("small-world", "a small world", nx.connected_watts_strogatz_graph(40, 4, 0.2, seed=7), 6)
    yield random_graph("hubs", "preferential attachment", nx.barabasi_albert_graph(60, 2, seed=8), 7)
    yield random_graph("dense", "dense", nx.gnp_random_graph(15, 0.7, seed=9), 8)
    yield random_graph("grid", "a grid, many equal shortest paths", nx.grid_2d_graph(5, 6), 9)
    yield merged(25, 80, 10)


def crimenet():
    """The alliances in fixtures/crimenet: layer social of the whole bundle, strengths by the model's rule."""
    folder = FIXTURES / "crimenet"
    rows = list(csv.DictReader(open(folder / "relations.csv", encoding="utf-8", newline="")))
    nodes = [row["id"] for row in csv.DictReader(open(folder / "organisations.csv", encoding="utf-8", newline=""))]
    edges = [(r["from"], r["to"], round(1 - 0.55 ** len(r["source"].split(";")), 6)) for r in rows if r["type"] == "associate"]
    part = sorted(max(nx.connected_components(graph(nodes, edges)), key=lambda c: (len(c), min(c))))
    return golden("crimenet", "layer social of fixtures/crimenet; one source 0.45, two 0.6975", nodes, edges, part[:3],
                  [(part[0], part[-1]), (part[10], part[200])], k=3)


def invented():
    """The invented cases as they are walked: layers without duty, report and finding, parallel ties merged."""
    spec = importlib.util.spec_from_file_location("bundles", HERE / "fixtures.py")
    bundles = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bundles)
    for name, seeds, pairs in [("harbour-town", ["g1"], [("o01", "g1"), ("o02", "g2"), ("o03", "g3")]),
                               ("obvious-suspect", ["g1"], [("o04", "g1"), ("o01", "g1"), ("o11", "g2")])]:
        g = bundles.Bundle(name).graph()
        edges = [(a, b, w) for a, b, w in g.edges(data="weight")]
        yield golden(name, "the walked layers of fixtures/" + name, list(g), edges, seeds, pairs)


def main():
    graphs = [*plain(), *drawn(), *led(), crimenet(), *invented()]
    text = json.dumps({"networkx": nx.__version__, "graphs": graphs}, indent=None, separators=(",", ":"))
    (HERE / "networkx.json").write_text(text.replace('{"name"', '\n{"name"') + "\n", encoding="utf-8")
    for g in graphs:
        print(g["name"], len(g["nodes"]), len(g["edges"]))


main()
