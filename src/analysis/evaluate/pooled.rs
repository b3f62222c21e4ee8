//! The figures of many cities: means with their intervals, tables added up.

use std::collections::BTreeMap;

use super::figures::{BINS, Bin, Figures};

/// A mean over cities with its 95% interval (Student's t).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// The lower end; the mean itself for a single city.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// The standard deviation between cities.
    pub sd: f64,
    /// How many cities had the figure.
    pub cities: usize,
}

/// How good a ranking is over many cities.
#[derive(Clone, Debug, Default)]
pub struct Pooled {
    /// How many cities.
    pub cities: usize,
    /// True pairs and decoys in all.
    pub truths: u64,
    /// Decoys in all.
    pub decoys: u64,
    /// Average precision.
    pub average_precision: Interval,
    /// Precision at the number of true pairs.
    pub precision: Interval,
    /// Decoys in the first k.
    pub decoys_in_top: Interval,
    /// Share of the true pairs over the line.
    pub recall: Interval,
    /// Pairs over the line, a city.
    pub over_line: Interval,
    /// Pairs over the line that are not true, a city.
    pub wrong_over_line: Interval,
    /// Brier score.
    pub brier: Interval,
    /// Brier skill against the base rate.
    pub brier_skill: Interval,
    /// Share of cities with any q at most 0.1.
    pub any_discovery: f64,
    /// Share of false pairs among those with q at most 0.1, mean over cities (0 where there is none).
    pub false_discoveries: f64,
    /// The same without decoys.
    pub false_without_decoys: f64,
    /// Mechanism → true pairs that have it, and the share of them among the first k.
    pub mechanisms: BTreeMap<String, (u64, f64)>,
    /// The reliability table.
    pub reliability: [Bin; BINS.len() - 1],
}

/// Pools the figures of many cities.
pub fn pool(cities: &[Figures]) -> Pooled {
    let over = |of: &dyn Fn(&Figures) -> Option<f64>| {
        let found = interval(&cities.iter().filter_map(of).collect::<Vec<f64>>());
        // Nothing but skill can be under 0.
        Interval { low: found.low.max(0.0), ..found }
    };
    let mut mechanisms: BTreeMap<String, (u64, f64)> = BTreeMap::new();
    let mut reliability = [Bin::default(); BINS.len() - 1];
    for city in cities {
        for (mechanism, (all, found)) in &city.mechanisms {
            let entry = mechanisms.entry(mechanism.clone()).or_default();
            *entry = (entry.0 + all, entry.1 + found);
        }
        for (sum, bin) in reliability.iter_mut().zip(&city.reliability) {
            *sum = Bin { pairs: sum.pairs + bin.pairs, said: sum.said + bin.said, so: sum.so + bin.so };
        }
    }
    for (all, found) in mechanisms.values_mut() {
        *found /= (*all).max(1) as f64;
    }
    let mean = |of: &dyn Fn(&Figures) -> f64| cities.iter().map(of).sum::<f64>() / cities.len().max(1) as f64;
    let share = |wrong: u64, all: u64| wrong as f64 / all.max(1) as f64;
    Pooled {
        cities: cities.len(),
        truths: cities.iter().map(|city| city.truths).sum(),
        decoys: cities.iter().map(|city| city.decoys).sum(),
        average_precision: over(&|city| city.average_precision),
        precision: over(&|city| city.precision),
        decoys_in_top: over(&|city| city.decoys_in_top),
        recall: over(&|city| city.recall),
        over_line: over(&|city| city.over_line.map(|[all, _]| all as f64)),
        wrong_over_line: over(&|city| city.over_line.map(|[_, wrong]| wrong as f64)),
        brier: over(&|city| city.brier),
        brier_skill: interval(&cities.iter().filter_map(|city| city.brier_skill).collect::<Vec<f64>>()),
        any_discovery: mean(&|city| f64::from(u8::from(city.discoveries[0] > 0))),
        false_discoveries: mean(&|city| share(city.discoveries[1], city.discoveries[0])),
        false_without_decoys: mean(&|city| {
            let [all, wrong, decoys] = city.discoveries;
            share(wrong - decoys, all - decoys)
        }),
        mechanisms,
        reliability,
    }
}

/// The mean of some numbers with its 95% interval.
pub fn interval(values: &[f64]) -> Interval {
    let count = values.len();
    if count == 0 {
        return Interval::default();
    }
    let mean = values.iter().sum::<f64>() / count as f64;
    if count == 1 {
        return Interval { mean, low: mean, high: mean, sd: 0.0, cities: 1 };
    }
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let sd = libm::sqrt(squares / (count - 1) as f64);
    let half = student(count - 1) * sd / libm::sqrt(count as f64);
    Interval { mean, low: mean - half, high: mean + half, sd, cities: count }
}

/// The 97.5% point of Student's t: Cornish and Fisher's expansion, within 0.4% from four degrees on.
fn student(degrees: usize) -> f64 {
    const TABLE: [f64; 3] = [12.706, 4.303, 3.182];
    let (z, n) = (1.959_963_985, degrees as f64);
    let (z3, z5) = (z * z * z, z * z * z * z * z);
    match TABLE.get(degrees.wrapping_sub(1)) {
        Some(known) => *known,
        None => {
            let third = 3.0 * z5 * z * z + 19.0 * z5 + 17.0 * z3 - 15.0 * z;
            z + (z3 + z) / (4.0 * n)
                + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n)
                + third / (384.0 * n * n * n)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_tables() {
        for (degrees, wanted) in [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (29, 2.045)] {
            let found = student(degrees);
            assert!((found / wanted - 1.0).abs() < 0.004, "{degrees}: {found}");
        }
        let found = interval(&[1.0, 2.0, 3.0]);
        assert_eq!((found.mean, found.sd, found.cities), (2.0, 1.0, 3));
        assert!((found.high - 2.0 - 4.303 / 3.0_f64.sqrt()).abs() < 1e-9);
        assert_eq!(interval(&[]).cities, 0);
    }

    #[test]
    fn tables_add_up_over_cities() {
        let city = |so| {
            let mut figures = Figures { truths: 2, discoveries: [4, 2, 1], ..Figures::default() };
            figures.mechanisms.insert("kin_front".into(), (2, so));
            figures.reliability[5] = Bin { pairs: 3, said: 2.7, so: 2 };
            figures
        };
        let pooled = pool(&[city(1.0), city(2.0)]);
        assert_eq!((pooled.cities, pooled.truths), (2, 4));
        assert_eq!(pooled.mechanisms["kin_front"], (4, 0.75));
        assert_eq!(pooled.reliability[5], Bin { pairs: 6, said: 5.4, so: 4 });
        assert_eq!((pooled.false_discoveries, pooled.any_discovery), (0.5, 1.0));
        assert!((pooled.false_without_decoys - 1.0 / 3.0).abs() < 1e-12);
    }
}
