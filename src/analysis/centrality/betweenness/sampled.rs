//! Betweenness estimated from shortest paths drawn at random, with a guarantee.
//!
//! A pair is drawn, then one of its shortest paths, each as likely; the share of draws whose path goes
//! through a node estimates its share of pairs (M. Riondato and E. Kornaropoulos, *Fast approximation
//! of betweenness centrality through sampling*, WSDM 2014). The path is found by breadth-first walks
//! from both ends (M. Borassi and E. Natale, *KADABRA is an adaptive algorithm for betweenness via random
//! approximation*, ESA 2016).
//!
//! **When to stop.** Whether a draw meets a node is a coin with that node's share, so after `m` draws the
//! share lies, but for a chance of `exp(−m · KL(found, share))` on each side, no further off than that
//! says (H. Chernoff 1952). It is checked at rounds fixed beforehand; δ is divided among all rounds, all
//! nodes that can be met and both sides. It ends at the first round at which no node can be further off
//! than ε; the bound is widest for the node met most often (of those met on at most half of the draws),
//! so large networks, where nobody is met often, need few draws.

use super::{RankError, RankOptions};
use crate::analysis::dice::Dice;
use crate::analysis::share::share;
use crate::network::{NodeIx, Projection};

/// How much more draws there are after a round than after the one before.
const GROWTH: f64 = 1.2;
/// How many draws a thread takes at a time.
const AT_ONCE: usize = 64;
/// Counts of paths over this are scaled down.
const MANY: f64 = 1e150;

/// An estimate of betweenness.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    /// For each node the estimate, in the units of [`super::betweenness`].
    pub values: Vec<f64>,
    /// How many paths were drawn.
    pub samples: usize,
    /// What no value is further off than, but for the chance δ, in the same units.
    pub error: f64,
}

/// [`sampled_betweenness`] as a measure: only the values.
pub fn approximate_betweenness(
    projection: &Projection,
    options: &RankOptions,
) -> Result<Vec<f64>, RankError> {
    sampled_betweenness(projection, options).map(|sampled| sampled.values)
}

/// [`super::betweenness`], none of its values further off than `options.epsilon` times the number of
/// pairs (all pairs of different nodes, in the same units), all at once, but for a chance of
/// `options.delta`.
///
/// Cost: some thousands of short walks from both ends; 36 bytes a node and thread. The draws hang on the
/// seed and their number alone.
///
/// ```
/// use parasol::analysis::centrality::{RankOptions, sampled_betweenness};
/// use parasol::network::Projection;
///
/// let star = Projection::from_arcs(4, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], false)?;
/// let sampled = sampled_betweenness(&star, &RankOptions::default())?;
/// assert!((sampled.values[0] - 3.0).abs() <= sampled.error && sampled.values[1..] == [0.0; 3]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sampled_betweenness(projection: &Projection, options: &RankOptions) -> Result<Sampled, RankError> {
    let (epsilon, delta) = (options.epsilon, options.delta);
    let sound = |x: f64| x > 0.0 && x < 1.0;
    if !sound(epsilon) || !sound(delta) {
        return Err(RankError::Guarantee(epsilon, delta));
    }
    let nodes = projection.node_count();
    let pairs = pairs(projection);
    let rounds = Rounds::new(projection, epsilon, delta);
    let (mut counts, mut samples) = (vec![0_u32; nodes], 0);
    let watch = options.watch.over(rounds.ends.len());
    for &end in &rounds.ends {
        draw(projection, options.seed, samples..end, &mut counts);
        samples = end;
        watch.one_done();
        if watch.is_stopped() {
            return Err(RankError::Stopped);
        }
        if rounds.is_enough(&counts, samples) {
            break;
        }
    }
    let value = |count: u32| f64::from(count) / samples.max(1) as f64 * pairs;
    Ok(Sampled { values: counts.into_iter().map(value).collect(), samples, error: epsilon * pairs })
}

/// All pairs of different nodes, as betweenness counts them.
fn pairs(projection: &Projection) -> f64 {
    let nodes = projection.node_count() as f64;
    (nodes * (nodes - 1.0)).max(0.0) * if projection.is_directed() { 1.0 } else { 0.5 }
}

/// What no value of [`sampled_betweenness`] is further off than, but for a chance of `options.delta`.
pub(in crate::analysis::centrality) fn error(projection: &Projection, options: &RankOptions) -> f64 {
    options.epsilon * pairs(projection)
}

/// When it is looked whether there are enough draws.
struct Rounds {
    epsilon: f64,
    /// −ln of the chance that is left to one side of one node in one round.
    doubt: f64,
    /// How many draws there are after each round; the last is enough whatever is found (W. Hoeffding 1963).
    ends: Vec<usize>,
}

impl Rounds {
    fn new(projection: &Projection, epsilon: f64, delta: f64) -> Self {
        // Nobody passes through a node without a way in and another way out.
        let passable = |&node: &NodeIx| {
            let (into, out) = (projection.sources(node), projection.neighbours(node));
            if projection.is_directed() { !into.is_empty() && !out.is_empty() } else { out.len() > 1 }
        };
        let passable = projection.nodes().filter(passable).count();
        if passable == 0 {
            return Self { epsilon, doubt: 0.0, ends: Vec::new() };
        }
        let ends_for = |rounds: usize| {
            let doubt = libm::log(2.0 * passable as f64 * rounds as f64 / delta);
            let first = doubt / -libm::log1p(-epsilon);
            let last = doubt / (2.0 * epsilon * epsilon);
            let mut ends: Vec<usize> =
                std::iter::successors(Some(first), |end| (*end < last).then_some(end * GROWTH))
                    .map(|end| libm::ceil(end.min(last)) as usize)
                    .collect();
            ends.dedup();
            (doubt, ends)
        };
        // More rounds need more draws, and so on; the number of rounds hangs on ε alone but for a few.
        let mut rounds = 1;
        loop {
            let (doubt, ends) = ends_for(rounds);
            if ends.len() <= rounds {
                return Self { epsilon, doubt, ends };
            }
            rounds = ends.len();
        }
    }

    /// Whether no node's share can be further off than ε.
    fn is_enough(&self, counts: &[u32], samples: usize) -> bool {
        let most = counts.iter().copied().max().unwrap_or(0);
        let (share, epsilon) = (f64::from(most) / samples as f64, self.epsilon);
        // Below one half the bound gets wider with the share; about one half it is Pinsker's.
        let least = if share + 2.0 * epsilon >= 0.5 {
            2.0 * epsilon * epsilon
        } else {
            let under = if share > epsilon { divergence(share, share - epsilon) } else { f64::INFINITY };
            under.min(divergence(share, share + epsilon))
        };
        samples as f64 * least >= self.doubt
    }
}

/// Kullback and Leibler's divergence of a coin that was found to show heads `found` of the time from one
/// that should do so `share` of the time.
fn divergence(found: f64, share: f64) -> f64 {
    let part = |a: f64, b: f64| if a > 0.0 { a * libm::log(a / b) } else { 0.0 };
    part(found, share) + part(1.0 - found, 1.0 - share)
}

/// Draws paths and counts whom they go through.
fn draw(projection: &Projection, seed: u64, draws: std::ops::Range<usize>, counts: &mut [u32]) {
    let batches = draws.len().div_ceil(AT_ONCE);
    let walkers = share(
        batches,
        || Walker::new(projection),
        |walker, batch| {
            let start = draws.start + batch * AT_ONCE;
            for place in start..(start + AT_ONCE).min(draws.end) {
                walker.draw(&mut Dice::new(seed, "betweenness", place as u64));
            }
        },
    );
    for walker in walkers {
        counts.iter_mut().zip(walker.counts).for_each(|(all, part)| *all += part);
    }
}

/// Walks from both ends of a pair.
struct Walker<'p> {
    projection: &'p Projection,
    ends: [End; 2],
    counts: Vec<u32>,
    /// The arcs at which the two walks meet, from the one that took the last step.
    meetings: Vec<(u32, u32)>,
}

/// The walk from one end.
struct End {
    /// 1 + hops from the end; 0 where it was not reached.
    level: Vec<u32>,
    /// How many shortest paths lead there, scaled.
    paths: Vec<f64>,
    order: Vec<u32>,
    /// Where the outermost level starts in `order`.
    start: usize,
}

impl<'p> Walker<'p> {
    fn new(projection: &'p Projection) -> Self {
        let nodes = projection.node_count();
        let end = || End { level: vec![0; nodes], paths: vec![0.0; nodes], order: Vec::new(), start: 0 };
        Self { projection, ends: [end(), end()], counts: vec![0; nodes], meetings: Vec::new() }
    }

    /// Draws a pair and one of its shortest paths, and counts whom it goes through.
    fn draw(&mut self, dice: &mut Dice) {
        let nodes = self.projection.node_count();
        let from = dice.below(nodes);
        let to = (from + 1 + dice.below(nodes - 1)) % nodes;
        self.ends[0].begin(from as u32);
        self.ends[1].begin(to as u32);
        while let Some(side) = self.next_side() {
            self.step(side);
            if !self.meetings.is_empty() {
                self.count(side, dice);
                break;
            }
        }
        self.ends.iter_mut().for_each(End::clear);
        self.meetings.clear();
    }

    /// The side whose next step looks at fewer arcs; none where a side is at its end.
    fn next_side(&self) -> Option<usize> {
        let volume = |side: usize| -> usize {
            self.ends[side].outermost().iter().map(|&node| ahead(self.projection, side, node).len()).sum()
        };
        let volumes = [volume(0), volume(1)];
        (!volumes.contains(&0)).then_some(usize::from(volumes[1] < volumes[0]))
    }

    /// One level more on one side. Two walks that have not met have no node in common, so all their
    /// meetings in one step are as far from both ends.
    fn step(&mut self, side: usize) {
        let [one, other] = &mut self.ends;
        let (here, there) = if side == 0 { (one, other) } else { (other, one) };
        here.scale();
        let (start, end) = (here.start, here.order.len());
        here.start = end;
        for at in start..end {
            let node = here.order[at];
            let (paths, next) = (here.paths[node as usize], here.level[node as usize] + 1);
            for &after in ahead(self.projection, side, node) {
                let level = &mut here.level[after as usize];
                if there.level[after as usize] != 0 {
                    self.meetings.push((node, after));
                } else if *level == 0 {
                    *level = next;
                    here.paths[after as usize] = paths;
                    here.order.push(after);
                } else if *level == next {
                    here.paths[after as usize] += paths;
                }
            }
        }
    }

    /// Chooses one of the shortest paths through the meetings, each as likely.
    fn count(&mut self, side: usize, dice: &mut Dice) {
        let (here, there) = (&self.ends[side], &self.ends[1 - side]);
        let most = there.most();
        let paths = |&(a, b): &(u32, u32)| here.paths[a as usize] * (there.paths[b as usize] / most);
        let Some((a, b)) = choose(dice, &self.meetings, paths) else { return };
        self.count_to(side, a, dice);
        self.count_to(1 - side, b, dice);
    }

    /// From a node back to the end, along one of the shortest paths; the end itself does not count.
    fn count_to(&mut self, side: usize, from: u32, dice: &mut Dice) {
        let end = &self.ends[side];
        let mut node = from;
        while end.level[node as usize] > 1 {
            self.counts[node as usize] += 1;
            let before = end.level[node as usize] - 1;
            let paths = |&other: &u32| {
                if end.level[other as usize] == before { end.paths[other as usize] } else { 0.0 }
            };
            let Some(next) = choose(dice, ahead(self.projection, 1 - side, node), paths) else { return };
            node = next;
        }
    }
}

impl End {
    fn begin(&mut self, node: u32) {
        (self.level[node as usize], self.paths[node as usize]) = (1, 1.0);
        self.order.push(node);
    }

    fn clear(&mut self) {
        for node in self.order.drain(..) {
            (self.level[node as usize], self.paths[node as usize]) = (0, 0.0);
        }
        self.start = 0;
    }

    fn outermost(&self) -> &[u32] {
        &self.order[self.start..]
    }

    fn most(&self) -> f64 {
        self.outermost().iter().map(|&node| self.paths[node as usize]).fold(0.0, f64::max)
    }

    /// Scales the counts of the outermost level, if they grow too large; only what they are to each other
    /// matters.
    fn scale(&mut self) {
        if self.most() > MANY {
            for &node in &self.order[self.start..] {
                self.paths[node as usize] /= MANY;
            }
        }
    }
}

/// One of some things, each as likely as it weighs.
fn choose<T: Copy>(dice: &mut Dice, things: &[T], weight: impl Fn(&T) -> f64) -> Option<T> {
    let mut left = dice.unit() * things.iter().map(&weight).sum::<f64>();
    let mut chosen = None;
    for thing in things {
        let weight = weight(thing);
        if weight > 0.0 {
            chosen = Some(*thing);
            left -= weight;
            if left < 0.0 {
                break;
            }
        }
    }
    chosen
}

/// Where an end's walk goes from a node: the first end along the arcs, the second against them.
fn ahead(projection: &Projection, side: usize, node: u32) -> &[u32] {
    if side == 0 { projection.neighbours(NodeIx(node)) } else { projection.sources(NodeIx(node)) }
}

#[cfg(test)]
mod tests {
    use super::super::betweenness;
    use super::*;

    /// Ties whose second end is drawn from ever fewer nodes, so that there are hubs.
    fn hubs(nodes: usize, ties: usize, directed: bool) -> Projection {
        let mut dice = Dice::new(7, "graph", 0);
        let arc = |dice: &mut Dice| {
            let below = dice.below(nodes) + 1;
            (dice.below(nodes) as u32, dice.below(below) as u32, 1.0)
        };
        let arcs: Vec<_> = (0..ties).map(|_| arc(&mut dice)).collect();
        Projection::from_arcs(nodes, &arcs, directed).unwrap()
    }

    fn off(sampled: &Sampled, exact: &[f64]) -> f64 {
        sampled.values.iter().zip(exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    #[test]
    fn of_a_hundred_seeds_no_more_than_promised_are_further_off() {
        let projection = hubs(120, 400, false);
        let exact = betweenness(&projection, &RankOptions::default()).unwrap();
        let missed = |seed: &u64| {
            let options = RankOptions { seed: *seed, epsilon: 0.05, delta: 0.1, ..RankOptions::default() };
            let sampled = sampled_betweenness(&projection, &options).unwrap();
            assert!(sampled.samples > 300 && sampled.error == 0.05 * 120.0 * 119.0 / 2.0);
            off(&sampled, &exact) > sampled.error
        };
        assert!((0..100_u64).filter(missed).count() <= 10);
    }

    #[test]
    fn the_promise_holds_on_ten_thousand_people_over_a_hundred_seeds() {
        // As large as S of the benchmarks, where the same was measured with an error of 0.01.
        let projection = hubs(10_000, 60_000, false);
        let exact = betweenness(&projection, &RankOptions::default()).unwrap();
        let worst = |seed: u64| {
            let options = RankOptions { seed, epsilon: 0.03, delta: 0.1, ..RankOptions::default() };
            let sampled = sampled_betweenness(&projection, &options).unwrap();
            off(&sampled, &exact) / sampled.error
        };
        let worst: Vec<f64> = (0..100).map(worst).collect();
        assert!(worst.iter().filter(|worst| **worst > 1.0).count() <= 10, "{worst:?}");
        // Nor is more drawn than the promise takes.
        assert!(worst.iter().any(|worst| *worst > 0.1), "{worst:?}");
    }

    #[test]
    fn every_shortest_path_is_as_likely() {
        for directed in [false, true] {
            let projection = hubs(25, 55, directed);
            let exact = betweenness(&projection, &RankOptions::default()).unwrap();
            let options = RankOptions { epsilon: 0.01, delta: 0.01, ..RankOptions::default() };
            let sampled = sampled_betweenness(&projection, &options).unwrap();
            assert!(off(&sampled, &exact) <= sampled.error, "{} {}", off(&sampled, &exact), sampled.error);
        }
    }

    #[test]
    fn threads_do_not_matter_and_seeds_do() {
        let projection = hubs(100, 300, false);
        let run = |threads: usize, seed: u64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let options = RankOptions { seed, ..RankOptions::default() };
            pool.install(|| sampled_betweenness(&projection, &options).unwrap())
        };
        assert_eq!(run(1, 1), run(3, 1));
        assert_ne!(run(1, 1).values, run(1, 2).values);
    }

    #[test]
    fn more_paths_than_a_number_can_hold_do_no_harm() {
        // 2 to the power of 520 shortest paths from end to end.
        let mut arcs = Vec::new();
        for at in (0..1560).step_by(3) {
            arcs.extend([(at, at + 1, 1.0), (at, at + 2, 1.0), (at + 1, at + 3, 1.0), (at + 2, at + 3, 1.0)]);
        }
        let projection = Projection::from_arcs(1561, &arcs, false).unwrap();
        let options = RankOptions { epsilon: 0.2, ..RankOptions::default() };
        let sampled = sampled_betweenness(&projection, &options).unwrap();
        let exact = betweenness(&projection, &RankOptions::default()).unwrap();
        assert!(off(&sampled, &exact) <= sampled.error);
    }

    #[test]
    fn where_nobody_stands_between_there_is_nothing_to_draw() {
        let pair = Projection::from_arcs(2, &[(0, 1, 1.0)], false).unwrap();
        let sampled = sampled_betweenness(&pair, &RankOptions::default()).unwrap();
        assert_eq!((sampled.samples, sampled.values), (0, vec![0.0; 2]));
        for (epsilon, delta) in [(0.0, 0.1), (0.1, 1.0), (f64::NAN, 0.1)] {
            let options = RankOptions { epsilon, delta, ..RankOptions::default() };
            assert!(matches!(sampled_betweenness(&pair, &options), Err(RankError::Guarantee(..))));
        }
    }
}
