"""Figures, paths and ranks of the invented cases, by a second and plainer road: run by hand.

    python3 tests/golden/fixtures.py

Reads the bundles' CSV files by the rules of docs/DATA.md and src/model/strength.rs, works with
networkx 3.6.1, and writes `figures`, `degrees`, `ranks`, `paths` and `as_of` into each
`expected.json`. The rest of those files (which pairs, which mechanisms, which rows) is by hand and
is left as it stands. Sealed sources and refuted ties are left out, as in every analysis.
"""

import csv
import json
import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path = [p for p in sys.path if Path(p or ".").resolve() != HERE]  # a neighbour is named like the library

import networkx as nx  # noqa: E402

FIXTURES = HERE.parent.parent / "fixtures"
RELIABILITY = dict(zip("ABCDEF", [1.0, 0.9, 0.75, 0.5, 0.25, 0.5]))
CREDIBILITY = dict(zip("123456", [0.95, 0.8, 0.6, 0.35, 0.15, 0.4]))
FROM_GRADE = dict(zip("ABCDEF", "123456"))
PEOPLE = ("officials", "gang_members", "people")
STATES = set("family associate post member suspect ownership directorship employment holder supervises"
             " controls targets about protects".split())
LAYERS = {
    "kinship": ["family"], "social": ["associate", "meeting", "attended"], "communication": ["call"],
    "money": ["payment", "ownership", "directorship", "employment", "gift"],
    "duty": ["post", "supervises", "handled", "inspected", "licensed", "reviewed", "briefed", "targets"],
    "crime": ["member", "suspect", "controls"], "report": ["about"], "finding": ["protects"],
}
LAYER = {ty: layer for layer, types in LAYERS.items() for ty in types}
WALKED = {"kinship", "social", "communication", "money", "crime"}


class Bundle:
    def __init__(self, name, as_of=None):
        self.folder, self.as_of = FIXTURES / name, as_of
        self.sources = {row["id"]: row for row in self.table("sources")}
        self.kinds, self.names, self.subjects = {}, {}, set()
        self.ties, self.claims = defaultdict(list), 0
        for table in ("officials", "gang_members", "people", "organisations", "cases", "objects", "leads"):
            for row in self.table(table):
                self.entity(table, row)
        for row in self.table("relations"):
            self.relation(row)
        for row in self.table("steps"):
            if row["step"] == "signed_off" and row.get("by") and self.kinds.get(row["subject"]) == "case":
                self.signed(row["by"], row["subject"], row)
        self.withheld = sum(self.sources[s].get("protected") == "true" for cs in self.ties.values() for s, *_ in cs if s)

    def table(self, name):
        path = self.folder / f"{name}.csv"
        return list(csv.DictReader(open(path, encoding="utf-8", newline=""))) if path.exists() else []

    def voices(self, row):
        """The row's sources, sealed ones cut; None stands for nobody, an empty list for cut away."""
        ids = [s for s in row.get("source", "").split(";") if s]
        return [s for s in ids if self.sources[s].get("handling") != "sealed"] if ids else [None]

    def known(self, row, source):
        day = row.get("recorded") or row.get("received") or (source and self.sources[source].get("date"))
        return not self.as_of or bool(day) and day <= self.as_of

    def entity(self, table, row):
        if not any(self.known(row, s) for s in self.voices(row)):
            return
        kind = "person" if table in PEOPLE else {"cases": "case", "leads": "lead"}.get(table) or row["kind"]
        self.kinds[row["id"]] = kind
        self.names[row["id"]] = row.get("name") or row.get("title") or row.get("label") or row.get("text")
        if table == "officials" and row["agency"]:
            self.written("post", row["id"], row["agency"], row, f"post:{row['id']}:{row['agency']}", row["post"])
        if table == "gang_members" and row["gang"]:
            self.written("member", row["id"], row["gang"], row, f"member:{row['id']}:{row['gang']}", row["role"])
        for suspect in filter(None, row.get("suspects", "").split(";")):
            self.written("suspect", suspect, row["id"], row, f"suspect:{suspect}:{row['id']}", "", start="")
            self.subjects.add(suspect)
        if table == "cases" and row.get("signed_by"):
            self.signed(row["signed_by"], row["id"], row)
        for about in filter(None, row.get("about", "").split(";")):
            self.written("about", row["id"], about, row, f"about:{row['id']}:{about}", "", start="")
            self.subjects.add(about)
        if table in ("officials", "gang_members"):
            self.subjects.add(row["id"])

    def signed(self, by, case, row):
        self.written("reviewed", by, case, row, f"signed:{by}:{case}", "", start="")

    def written(self, ty, a, b, row, id, role, start=None):
        start = row.get("start", "") if start is None else start
        id = f"{id}:{start}" if start else id
        self.claim(ty, a, b, role, start, row | {"id": id, "status": "confirmed"})

    def relation(self, row):
        self.claim(row["type"], row["from"], row["to"], row["role"], row["start"], row)

    def claim(self, ty, a, b, role, start, row):
        if ty == "family" and role == "child":
            a, b, role = b, a, "parent"
        elif ty in ("family", "associate", "meeting") and role != "parent" and b < a:
            a, b = b, a
        key = (ty, a, b, role, start) if ty in STATES else (ty, a, b, role, start, row["id"])
        for source in self.voices(row):
            if self.known(row, source):
                grade = self.sources[source]["reliability"] or "F" if source else "F"
                trust = row.get("credibility") or FROM_GRADE[grade]
                self.ties[key].append((source, RELIABILITY[grade] * CREDIBILITY[trust], row["status"], row["id"]))

    def strength(self, key):
        def noisy_or(weigh):
            best = {}
            for source, belief, status, _ in self.ties[key]:
                best[source] = max(best.get(source, 0.0), weigh[status] * belief)
            return 1 - math.prod(1 - p for p in best.values())

        said = noisy_or({"confirmed": 1.0, "suspected": 0.6, "refuted": 0.0})
        denied = noisy_or({"confirmed": 0.0, "suspected": 0.0, "refuted": 1.0})
        return min(0.99, max(0.01, said * (1 - denied)))

    def layer(self, key):
        if key[0] != "holder":
            return LAYER[key[0]]
        return {"account": "money", "phone": "communication"}.get(self.kinds[key[2]], "social")

    def graph(self, layers=WALKED):
        """The projection: undirected, parallel ties merged as a noisy-or, held under 0.99."""
        g = nx.Graph()
        g.add_nodes_from(sorted(self.kinds))
        doubt, behind = defaultdict(lambda: 1.0), defaultdict(list)
        for key in sorted(self.ties):
            if self.layer(key) in layers and any(status != "refuted" for _, _, status, _ in self.ties[key]):
                pair = tuple(sorted(key[1:3]))
                doubt[pair] *= 1 - self.strength(key)
                behind[pair].append((-self.strength(key), sorted(row for *_, row in self.ties[key])))
        for (a, b), d in doubt.items():
            ties = behind[a, b]
            s = -ties[0][0] if len(ties) == 1 else min(0.99, 1 - d)
            rows = sorted({row for _, rows in ties for row in rows})
            g.add_edge(a, b, weight=s, cost=-math.log(s), rows=rows, ties=len(ties))
        return g


def figures(bundle):
    layers, types = Counter(), Counter()
    for key in bundle.ties:
        layers[bundle.layer(key)] += 1
        types[key[0]] += 1
    return {
        "entities": dict(sorted(Counter(bundle.kinds.values()).items())),
        "ties": dict(sorted(types.items())),
        "layers": dict(sorted(layers.items())),
        "claims": sum(map(len, bundle.ties.values())),
        "protected_claims": bundle.withheld,
    }


def paths(bundle, a, b, k=3):
    g = bundle.graph()
    if a not in g or b not in g or not nx.has_path(g, a, b):
        return {"from": a, "to": b, "paths": []}
    found = []
    for nodes in nx.shortest_simple_paths(g, a, b, weight="cost"):
        found.append((math.fsum(g[x][y]["cost"] for x, y in zip(nodes, nodes[1:])), nodes))
        if len(found) == k + 1:
            break
    answer = []
    for i, (cost, nodes) in enumerate(found[:k]):
        firm = all(abs(c - cost) > 1e-9 for j, (c, _) in enumerate(found) if j != i)
        hops = [{"from": x, "to": y, "relations": g[x][y]["rows"], "strength": g[x][y]["weight"]}
                for x, y in zip(nodes, nodes[1:])]
        answer.append({"reliability": math.exp(-cost), "nodes": nodes if firm else None, "hops": hops if firm else None})
    return {"from": a, "to": b, "paths": answer}


def ranks(bundle, top=10):
    """People who are subjects, in the whole walked projection, best first, ties by id."""
    g = bundle.graph()
    who = sorted(n for n in g if bundle.kinds[n] == "person" and n in bundle.subjects)
    tables = {
        "degree": dict(g.degree()),
        "betweenness": nx.betweenness_centrality(g, normalized=False),
        "closeness": {n: math.fsum(1 / d for d in nx.single_source_shortest_path_length(g, n).values() if d) for n in g},
        "pagerank": nx.pagerank(g, weight="weight", tol=1e-15, max_iter=100000),
    }
    def best(table):
        order = sorted(who, key=lambda n: (-round(table[n], 9), n))
        return [{"id": n, "value": table[n]} for n in order[:top]]

    return {name: best(table) for name, table in tables.items()}


def update(name, pairs, degrees, as_of):
    path = FIXTURES / name / "expected.json"
    expected = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    today = Bundle(name)
    expected["figures"] = figures(today)
    expected["degrees"] = {n: today.graph().degree(n) for n in degrees}
    expected["ranks"] = ranks(today)
    expected["paths"] = [paths(today, *pair) for pair in pairs]
    expected["as_of"] = []
    for day, asked in as_of:
        then = Bundle(name, day)
        expected["as_of"].append({"day": day, "figures": figures(then), "paths": [paths(then, *p) for p in asked]})
    path.write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    update("harbour-town", [("o01", "g1"), ("o02", "g2"), ("o03", "g1"), ("o10", "g1"), ("o12", "g1"), ("o04", "g1")],
           ["o01", "o02", "o10", "m01", "p01", "p05", "c01", "c14", "c15", "p11"],
           [("2021-06-18", [("o01", "g1"), ("o02", "g2")]), ("2021-10-12", [("o01", "g1")])])
    update("obvious-suspect", [("o04", "g1"), ("o01", "g1"), ("o03", "g1"), ("o02", "g1"), ("o10", "g1")],
           ["o01", "o02", "o03", "o04", "m01", "m05", "p01", "c01", "c03", "c14"],
           [("2020-03-16", [("o04", "g1"), ("o01", "g1")])])


if __name__ == "__main__":
    main()
