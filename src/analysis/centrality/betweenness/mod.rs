//! Betweenness: on how many shortest ways between others somebody stands.
//!
//! U. Brandes, *A faster algorithm for betweenness centrality*, Journal of Mathematical Sociology
//! 25 (2001). Small networks are walked from eight sources at a time ([`wide`]), larger ones from one
//! ([`narrow`]); an estimate with a guarantee is in [`sampled`].

mod narrow;
mod sampled;
mod wide;

use super::sweep::together;
use super::{RankError, RankOptions};
use crate::analysis::dice::Dice;
use crate::analysis::share::share;
use crate::network::Projection;
use narrow::Narrow;
pub(super) use sampled::error as sampled_error;
pub use sampled::{Sampled, approximate_betweenness, sampled_betweenness};
use wide::{LANES, Wide};

/// The largest network that is walked from several sources at a time: there the rows of lanes, 220 bytes
/// a node and thread, still stay near the processor (14 MB at most).
const WIDE_NODES: usize = 1 << 16;

/// For each node the sum, over pairs of others, of the share of their shortest paths (in hops)
/// that go through it. Unordered pairs where ties lead both ways, ordered pairs where they lead one
/// way; ends do not count; not normalised; weights do not matter.
///
/// Cost: nodes × arcs in all, over all cores; 40 bytes a node and thread (220 up to 65,536 nodes).
///
/// ```
/// use parasol::analysis::centrality::betweenness;
/// use parasol::network::Projection;
///
/// // Every way between the three leaves of a star goes over its hub: three pairs.
/// let star = Projection::from_arcs(4, &[(0, 1, 1.0), (0, 2, 1.0), (0, 3, 1.0)], false)?;
/// assert_eq!(betweenness(&star, &Default::default())?, [3.0, 0.0, 0.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn betweenness(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    from_sources(projection, &together(projection), options)
}

/// How many sources [`betweenness_of_some`] walks from, up to [`WIDE_NODES`] nodes and past them.
const SOURCES: [usize; 2] = [512, 256];

/// [`betweenness`] by walks from some sources, drawn by the seed: 512 (256 past 65,536 nodes), or all where
/// there are no more. An estimate without bias whose error is a few in a hundred for those who stand on
/// most ways (U. Brandes and C. Pich, *Centrality estimation in large networks*, International Journal of
/// Bifurcation and Chaos 17, 2007): what ranks of many draws are made from, where exact walks take too long
/// and a guarantee over all pairs says too little of each.
///
/// Cost: as [`betweenness`], by the share of sources.
pub fn betweenness_of_some(projection: &Projection, options: &RankOptions) -> Result<Vec<f64>, RankError> {
    let nodes = projection.node_count();
    let many = SOURCES[usize::from(nodes > WIDE_NODES)];
    if nodes <= many {
        return betweenness(projection, options);
    }
    let mut drawn: Vec<u32> = (0..nodes as u32).collect();
    Dice::new(options.seed, "sources", 0).shuffle(&mut drawn);
    let mut is_drawn = vec![false; nodes];
    drawn.iter().take(many).for_each(|&node| is_drawn[node as usize] = true);
    let mut sources = together(projection);
    sources.retain(|&node| is_drawn[node as usize]);
    let mut values = from_sources(projection, &sources, options)?;
    let scale = nodes as f64 / sources.len().max(1) as f64;
    values.iter_mut().for_each(|value| *value *= scale);
    Ok(values)
}

/// What walks from these sources add up to.
fn from_sources(
    projection: &Projection,
    sources: &[u32],
    options: &RankOptions,
) -> Result<Vec<f64>, RankError> {
    let wide = projection.node_count() <= WIDE_NODES;
    let batches: Vec<&[u32]> = sources.chunks(LANES).collect();
    let count = options.watch.over(batches.len());
    let sums = share(
        batches.len(),
        || Walks::new(projection),
        |walks, batch| {
            if !count.is_stopped() {
                walks.from(batches[batch], wide);
                count.one_done();
            }
        },
    );
    if count.is_stopped() {
        return Err(RankError::Stopped);
    }
    let pairs = if projection.is_directed() { 1.0 } else { 0.5 };
    let total = Sums::added(projection, sums.into_iter().map(|walks| walks.sums));
    Ok(total.values().map(|value| pairs * value).collect())
}

/// What a thread walks with.
struct Walks<'p> {
    projection: &'p Projection,
    sums: Sums,
    wide: Option<Wide<'p>>,
    narrow: Option<Narrow<'p>>,
}

impl<'p> Walks<'p> {
    fn new(projection: &'p Projection) -> Self {
        Self { projection, sums: Sums::new(projection), wide: None, narrow: None }
    }

    fn from(&mut self, sources: &[u32], wide: bool) {
        let projection = self.projection;
        let at_once =
            wide && self.wide.get_or_insert_with(|| Wide::new(projection)).from(sources, &mut self.sums);
        if !at_once {
            let narrow = self.narrow.get_or_insert_with(|| Narrow::new(projection));
            sources.iter().for_each(|&source| narrow.from(source, &mut self.sums));
        }
    }
}

/// A sum for each node, in whole units, so that it does not matter in which order things are added.
struct Sums {
    unit: f64,
    units: Vec<i128>,
}

impl Sums {
    fn new(projection: &Projection) -> Self {
        let nodes = projection.node_count();
        // No walk adds more than `nodes` to a node, so a summand of LANES walks has at most 62 bits.
        let bits = usize::BITS - (nodes * LANES).leading_zeros();
        let unit = (1_u64 << (62 - bits).min(48)) as f64;
        Self { unit, units: vec![0; nodes] }
    }

    fn add(&mut self, node: u32, value: f64) {
        self.units[node as usize] += i128::from(libm::round(value * self.unit) as i64);
    }

    fn added(projection: &Projection, parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(Self::new(projection), |mut all, part| {
            all.units.iter_mut().zip(part.units).for_each(|(all, part)| *all += part);
            all
        })
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.units.iter().map(|&units| units as f64 / self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(nodes: usize, arcs: &[(u32, u32, f64)], directed: bool) -> Vec<f64> {
        let projection = Projection::from_arcs(nodes, arcs, directed).unwrap();
        betweenness(&projection, &RankOptions::default()).unwrap()
    }

    #[test]
    fn two_ways_between_the_same_two_share_the_pair() {
        let square = of(4, &[(0, 1, 1.0), (1, 2, 1.0), (2, 3, 1.0), (3, 0, 1.0)], false);
        assert_eq!(square, [0.5; 4]);
    }

    #[test]
    fn ordered_pairs_count_where_ties_lead_one_way() {
        assert_eq!(of(3, &[(0, 1, 1.0), (1, 2, 1.0)], true), [0.0, 1.0, 0.0]);
    }

    /// Squares in a row: 2 to the power of `squares` shortest paths from end to end.
    fn squares(squares: u32) -> (usize, Vec<(u32, u32, f64)>) {
        let mut arcs = Vec::new();
        for at in 0..squares {
            let (left, right) = (3 * at, 3 * at + 3);
            arcs.extend([(left, left + 1, 1.0), (left, left + 2, 1.0)]);
            arcs.extend([(left + 1, right, 1.0), (left + 2, right, 1.0)]);
        }
        (3 * squares as usize + 1, arcs)
    }

    #[test]
    fn more_paths_than_a_number_can_hold_are_counted_all_the_same() {
        let (nodes, arcs) = squares(520);
        let values = of(nodes, &arcs, false);
        assert!(values.iter().all(|value| value.is_finite()));
        // A corner stands on half of what passes its square; the first node between its neighbours.
        let (left, right) = (4.0, nodes as f64 - 6.0);
        assert!((values[4] - left * right / 2.0).abs() < 1e-6 && (values[4] - values[5]).abs() < 1e-6);
        assert_eq!(values[0], 0.5);
    }

    #[test]
    fn one_source_or_eight_at_a_time_come_to_the_same() {
        let mut dice = crate::analysis::dice::Dice::new(1, "graph", 0);
        for (nodes, ties) in [(2, 1), (40, 30), (60, 150), (100, 1500)] {
            let arcs: Vec<_> =
                (0..ties).map(|_| (dice.below(nodes) as u32, dice.below(nodes) as u32, 1.0)).collect();
            for directed in [false, true] {
                let projection = Projection::from_arcs(nodes, &arcs, directed).unwrap();
                let sums = |wide: bool| {
                    let mut walks = Walks::new(&projection);
                    together(&projection).chunks(LANES).for_each(|batch| walks.from(batch, wide));
                    walks.sums.values().collect::<Vec<_>>()
                };
                for (wide, narrow) in sums(true).into_iter().zip(sums(false)) {
                    assert!((wide - narrow).abs() <= 1e-10 * narrow.max(1.0), "{wide} {narrow}");
                }
            }
        }
    }

    #[test]
    fn some_sources_are_enough_to_know_who_stands_in_the_middle() {
        // A thousand in a random tree: few stand on most ways.
        let mut dice = Dice::new(1, "tree", 0);
        let arcs: Vec<_> = (1..1000).map(|node| (node as u32, dice.below(node) as u32, 1.0)).collect();
        let projection = Projection::from_arcs(1000, &arcs, false).unwrap();
        let options = RankOptions::default();
        let (all, some) = (
            betweenness(&projection, &options).unwrap(),
            betweenness_of_some(&projection, &options).unwrap(),
        );
        for (all, some) in all.iter().zip(&some).filter(|(all, _)| **all > 50_000.0) {
            assert!((all - some).abs() < 0.15 * all, "{all} {some}");
        }
        assert_ne!(
            some,
            betweenness_of_some(&projection, &RankOptions { seed: 2, ..options.clone() }).unwrap()
        );
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(one.install(|| betweenness_of_some(&projection, &options).unwrap()), some);
        let small = Projection::from_arcs(40, &arcs[..39], false).unwrap();
        assert_eq!(betweenness(&small, &options), betweenness_of_some(&small, &options));
    }

    #[test]
    fn it_stops_when_told_to() {
        let (nodes, arcs) = squares(20);
        let projection = Projection::from_arcs(nodes, &arcs, false).unwrap();
        let watch = crate::analysis::Watch::new(|share| share < 0.5);
        let stopped = betweenness(&projection, &RankOptions { watch, ..RankOptions::default() });
        assert_eq!(stopped, Err(RankError::Stopped));
    }
}
