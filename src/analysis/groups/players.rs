//! Key players: the few without whom a network comes apart most, or from whom most of it is near.
//!
//! S. P. Borgatti, *Identifying sets of key players in a social network*, Computational & Mathematical
//! Organization Theory 12 (2006). The best few together are not the few best each: a set is built up one
//! by one, then members are exchanged for others as long as that helps. The best set there is may still
//! be better (to find it is not feasible); it is never worse than the highest betweenness.

use crate::analysis::centrality::{RankError, RankOptions, betweenness, sampled_betweenness};
use crate::network::{NodeIx, Projection};

/// Up to so many nodes betweenness is exact.
const EXACT: usize = 5000;
/// How often all members are offered for exchange.
const PASSES: usize = 5;

/// A set of key players.
#[derive(Clone, Debug, PartialEq)]
pub struct Players {
    /// The set, the most important first.
    pub nodes: Vec<NodeIx>,
    /// To fragment: the share of pairs of those who remain that cannot reach each other without the set. To reach: the share of
    /// nodes that the set is or is near.
    pub value: f64,
    /// The same for nobody (to fragment), or for the first of the set alone (to reach).
    pub before: f64,
}

/// The set of `size` nodes among `among` without which most pairs cannot reach each other.
///
/// Cost: for each member and exchange a look at each arc, and `size` times betweenness (exact up to 5,000
/// nodes, else estimated); 60 bytes a node.
///
/// ```
/// use parasol::analysis::centrality::RankOptions;
/// use parasol::analysis::groups::to_fragment;
/// use parasol::network::{NodeIx, Projection};
///
/// // Without the hub of a star none of its leaves reaches another.
/// let star = Projection::from_arcs(4, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], false)?;
/// let everybody: Vec<NodeIx> = star.nodes().collect();
/// let players = to_fragment(&star, &everybody, 1, &RankOptions::default())?;
/// assert_eq!((players.nodes, players.value, players.before), (vec![NodeIx(0)], 1.0, 0.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_fragment(
    projection: &Projection,
    among: &[NodeIx],
    size: usize,
    options: &RankOptions,
) -> Result<Players, RankError> {
    let mut apart = Apart::new(projection, among);
    let size = size.min(among.len());
    let mut best = apart.built_up(size);
    for other in [apart.by_betweenness(size, options)?, apart.one_after_other(size, options)?] {
        if apart.left(&other) < apart.left(&best) {
            best = other;
        }
    }
    apart.exchanged(&mut best);
    let (before, value) = (apart.share_apart(&[]), apart.share_apart(&best));
    Ok(Players { nodes: best, value, before })
}

/// A network some of whose nodes are gone.
struct Apart<'p> {
    projection: &'p Projection,
    may_go: Vec<bool>,
    gone: Vec<bool>,
    found: Vec<u32>,
    lowest: Vec<u32>,
    below: Vec<u32>,
    next: Vec<u32>,
    /// Of pieces that come off without a node: their nodes, and their pairs.
    off: Vec<(u64, u64)>,
}

fn pairs(nodes: u64) -> u64 {
    nodes * nodes.saturating_sub(1)
}

impl<'p> Apart<'p> {
    fn new(projection: &'p Projection, among: &[NodeIx]) -> Self {
        let nodes = projection.node_count();
        let mut may_go = vec![false; nodes];
        among.iter().for_each(|node| may_go[node.at()] = true);
        Self {
            projection,
            may_go,
            gone: vec![false; nodes],
            found: vec![0; nodes],
            lowest: vec![0; nodes],
            below: vec![0; nodes],
            next: vec![0; nodes],
            off: vec![(0, 0); nodes],
        }
    }

    /// The share of pairs of those who remain that cannot reach each other; 0 where no two remain.
    fn share_apart(&mut self, set: &[NodeIx]) -> f64 {
        let all = pairs((self.gone.len() - set.len()) as u64);
        if all == 0 { 0.0 } else { 1.0 - self.left(set) as f64 / all as f64 }
    }

    /// How many ordered pairs still reach each other without a set.
    fn left(&mut self, set: &[NodeIx]) -> u64 {
        set.iter().for_each(|node| self.gone[node.at()] = true);
        let (left, _) = self.best_to_go();
        set.iter().for_each(|node| self.gone[node.at()] = false);
        left
    }

    /// One by one, each the best with those before.
    fn built_up(&mut self, size: usize) -> Vec<NodeIx> {
        let mut set = Vec::new();
        while set.len() < size {
            let Some((node, _)) = self.best_to_go().1 else { break };
            self.gone[node.at()] = true;
            set.push(node);
        }
        set.iter().for_each(|node| self.gone[node.at()] = false);
        set
    }

    fn by_betweenness(&self, size: usize, options: &RankOptions) -> Result<Vec<NodeIx>, RankError> {
        let values = between(self.projection, options)?;
        let mut nodes: Vec<NodeIx> = self.projection.nodes().filter(|node| self.may_go[node.at()]).collect();
        nodes.sort_by(|a, b| values[b.at()].total_cmp(&values[a.at()]).then(a.cmp(b)));
        nodes.truncate(size);
        Ok(nodes)
    }

    /// The one with the highest betweenness, then the one in what is left, and so on.
    fn one_after_other(&self, size: usize, options: &RankOptions) -> Result<Vec<NodeIx>, RankError> {
        let mut set: Vec<NodeIx> = Vec::new();
        while set.len() < size {
            let is_left = |node: &u32| !set.contains(&NodeIx(*node));
            let left = self.projection.nodes().filter(|node| is_left(&node.0));
            let arcs: Vec<(u32, u32, f64)> = left
                .flat_map(|node| self.projection.neighbours(node).iter().map(move |&to| (node.0, to, 1.0)))
                .filter(|(from, to, _)| from < to && is_left(to))
                .collect();
            let Ok(rest) = Projection::from_arcs(self.gone.len(), &arcs, false) else { break };
            let values = between(&rest, options)?;
            let nodes = self.projection.nodes().filter(|node| self.may_go[node.at()] && is_left(&node.0));
            let better = |a: &NodeIx, b: &NodeIx| values[a.at()].total_cmp(&values[b.at()]).then(b.cmp(a));
            let Some(node) = nodes.max_by(better) else { break };
            set.push(node);
        }
        Ok(set)
    }

    /// Exchanges members for others as long as that helps.
    fn exchanged(&mut self, set: &mut [NodeIx]) {
        let mut left = self.left(set);
        for _ in 0..PASSES {
            let mut helped = false;
            for at in 0..set.len() {
                set.iter().for_each(|node| self.gone[node.at()] = true);
                self.gone[set[at].at()] = false;
                let (whole, best) = self.best_to_go();
                set.iter().for_each(|node| self.gone[node.at()] = false);
                if let Some((node, gain)) = best
                    && whole - gain < left
                {
                    (set[at], left, helped) = (node, whole - gain, true);
                }
            }
            if !helped {
                break;
            }
        }
    }

    /// How many pairs still reach each other, and who of those left would part most of them, and how many;
    /// of equal ones he with the most ties, then the first. One depth-first walk (R. Tarjan 1972).
    fn best_to_go(&mut self) -> (u64, Option<(NodeIx, u64)>) {
        self.found.fill(0);
        self.next.fill(0);
        let (mut left, mut time) = (0, 0);
        let mut best: Option<(u64, usize, NodeIx)> = None;
        for root in self.projection.nodes() {
            if self.found[root.at()] != 0 || self.gone[root.at()] {
                continue;
            }
            let part = self.walk(root.0, &mut time);
            let whole = pairs(part.len() as u64);
            left += whole;
            for node in part.into_iter().map(NodeIx).filter(|node| self.may_go[node.at()]) {
                let (nodes, inside) = self.off[node.at()];
                let rest = u64::from(self.below[root.at()]) - 1 - nodes;
                let gain = whole - inside - pairs(rest);
                let ties =
                    self.projection.neighbours(node).iter().filter(|&&to| !self.gone[to as usize]).count();
                let better = |&(most, many, first): &(u64, usize, NodeIx)| {
                    (gain, ties).cmp(&(most, many)).then(first.cmp(&node)).is_gt()
                };
                if best.as_ref().is_none_or(better) {
                    best = Some((gain, ties, node));
                }
            }
        }
        (left, best.map(|(gain, _, node)| (node, gain)))
    }

    /// Walks a component; its nodes. Notes of each node what comes off without it.
    fn walk(&mut self, root: u32, time: &mut u32) -> Vec<u32> {
        let (mut way, mut part) = (vec![root], Vec::new());
        self.find(root, time, &mut part);
        while let Some(&here) = way.last() {
            let at = self.next[here as usize] as usize;
            self.next[here as usize] += 1;
            if let Some(&other) = self.projection.neighbours(NodeIx(here)).get(at) {
                if self.gone[other as usize] {
                    continue;
                }
                if self.found[other as usize] == 0 {
                    self.find(other, time, &mut part);
                    way.push(other);
                } else {
                    let lowest = self.lowest[here as usize].min(self.found[other as usize]);
                    self.lowest[here as usize] = lowest;
                }
                continue;
            }
            way.pop();
            if let Some(&above) = way.last() {
                let below = u64::from(self.below[here as usize]);
                self.below[above as usize] += self.below[here as usize];
                if self.lowest[here as usize] >= self.found[above as usize] {
                    let off = &mut self.off[above as usize];
                    *off = (off.0 + below, off.1 + pairs(below));
                } else {
                    let lowest = self.lowest[above as usize].min(self.lowest[here as usize]);
                    self.lowest[above as usize] = lowest;
                }
            }
        }
        part
    }

    fn find(&mut self, node: u32, time: &mut u32, part: &mut Vec<u32>) {
        *time += 1;
        let at = node as usize;
        (self.found[at], self.lowest[at], self.below[at], self.off[at]) = (*time, *time, 1, (0, 0));
        part.push(node);
    }
}

fn between(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    if projection.node_count() <= EXACT {
        betweenness(projection, options)
    } else {
        Ok(sampled_betweenness(projection, options)?.values)
    }
}

/// The set of `size` nodes among `among` from which most nodes are within `hops` hops (themselves counted).
///
/// Cost: a walk of `hops` hops from those whose bound is high enough, a few times for each member.
///
/// ```
/// use parasol::analysis::groups::to_reach;
/// use parasol::network::{NodeIx, Projection};
///
/// // Two stars: the two hubs reach all.
/// let arcs = [(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0), (4, 5, 1.0), (4, 6, 1.0), (3, 6, 1.0)];
/// let projection = Projection::from_arcs(7, &arcs, false)?;
/// let everybody: Vec<NodeIx> = projection.nodes().collect();
/// let players = to_reach(&projection, &everybody, 2, 1);
/// assert_eq!((players.nodes, players.value), (vec![NodeIx(0), NodeIx(4)], 1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_reach(projection: &Projection, among: &[NodeIx], size: usize, hops: u32) -> Players {
    let mut reach = Reach::new(projection, among, hops);
    let mut set = Vec::new();
    while set.len() < size.min(among.len()) {
        let Some((node, _)) = reach.best(&set) else { break };
        reach.cover(node, 1);
        set.push(node);
    }
    let all = projection.node_count().max(1) as f64;
    for _ in 0..PASSES {
        let mut helped = false;
        for at in 0..set.len() {
            let out = set[at];
            let now = reach.many;
            reach.cover(out, -1);
            let best = reach.best(&set);
            let taken = best.filter(|&(_, gain)| reach.many + gain > now).map_or(out, |(node, _)| node);
            reach.cover(taken, 1);
            (set[at], helped) = (taken, helped || taken != out);
        }
        if !helped {
            break;
        }
    }
    let value = reach.many as f64 / all;
    let first = set.first().map_or(0, |&node| reach.ball(node).len());
    Players { nodes: set, value, before: first as f64 / all }
}

/// Whom a set is near.
struct Reach<'p> {
    projection: &'p Projection,
    hops: u32,
    /// How many of the set each node is near.
    near: Vec<u32>,
    /// How many nodes the set is near.
    many: usize,
    /// What nobody of `among` can add more than, greatest first.
    bounds: Vec<(usize, NodeIx)>,
    seen: Vec<u32>,
    stamp: u32,
}

impl<'p> Reach<'p> {
    fn new(projection: &'p Projection, among: &[NodeIx], hops: u32) -> Self {
        let mut bounds: Vec<(usize, NodeIx)> =
            among.iter().map(|&node| (bound(projection, node, hops), node)).collect();
        bounds.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let nodes = projection.node_count();
        Self { projection, hops, near: vec![0; nodes], many: 0, bounds, seen: vec![0; nodes], stamp: 0 }
    }

    /// Who adds most, and how many; looked for until no bound is higher.
    fn best(&mut self, set: &[NodeIx]) -> Option<(NodeIx, usize)> {
        let mut best: Option<(usize, NodeIx)> = None;
        for at in 0..self.bounds.len() {
            let (bound, node) = self.bounds[at];
            if best.is_some_and(|(most, _)| bound < most) {
                break;
            }
            if set.contains(&node) {
                continue;
            }
            let ball = self.ball(node);
            // What somebody is near in all is as good a bound for the next looks.
            self.bounds[at].0 = ball.len();
            let gain = ball.into_iter().filter(|&node| self.near[node as usize] == 0).count();
            if best.is_none_or(|(most, first)| gain > most || (gain == most && node < first)) {
                best = Some((gain, node));
            }
        }
        self.bounds.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        best.map(|(gain, node)| (node, gain))
    }

    fn cover(&mut self, node: NodeIx, by: i32) {
        for near in self.ball(node) {
            let near = &mut self.near[near as usize];
            let before = *near;
            *near = near.saturating_add_signed(by);
            match (before, *near) {
                (0, 1..) => self.many += 1,
                (1.., 0) => self.many -= 1,
                _ => {}
            }
        }
    }

    /// Everybody within the hops, the node itself first.
    fn ball(&mut self, node: NodeIx) -> Vec<u32> {
        self.stamp += 1;
        self.seen[node.at()] = self.stamp;
        let (mut ball, mut start) = (vec![node.0], 0);
        for _ in 0..self.hops {
            let end = ball.len();
            for at in start..end {
                for &other in self.projection.neighbours(NodeIx(ball[at])) {
                    if std::mem::replace(&mut self.seen[other as usize], self.stamp) != self.stamp {
                        ball.push(other);
                    }
                }
            }
            start = end;
        }
        ball
    }
}

/// How many a node can be near at most, by degrees.
fn bound(projection: &Projection, node: NodeIx, hops: u32) -> usize {
    let near = projection.neighbours(node);
    let two: usize = near.iter().map(|&near| projection.neighbours(NodeIx(near)).len()).sum();
    match hops {
        0 => 1,
        1 => 1 + near.len(),
        2 => 1 + near.len() + two,
        _ => projection.node_count(),
    }
}
