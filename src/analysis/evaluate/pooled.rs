//! The figures of many cities: means with their intervals, tables added up.

use std::collections::BTreeMap;

use super::figures::{BINS, Bin, Figures};
use crate::analysis::intervals::{exact, student};

/// Cities under which no interval is given: a spread that is told from fewer says next to nothing.
pub const FEW: usize = 5;

/// A mean over cities with its 95% interval.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Lower and upper end; `None` for fewer than [`FEW`] cities.
    pub ends: Option<[f64; 2]>,
    /// The standard deviation between cities.
    pub sd: f64,
    /// How many cities had the figure.
    pub cities: usize,
}

/// How many of how many, counted over all cities together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// How many are so; a fraction where equal ranks share what they found.
    pub part: f64,
    /// Of how many.
    pub all: u64,
}

impl Share {
    /// The share; `None` of nothing.
    pub fn value(self) -> Option<f64> {
        (self.all > 0).then(|| self.part / self.all as f64)
    }

    /// Its exact 95% interval, as though what is counted were independent. Pairs of one city have its luck in
    /// common, so that the truth may lie outside more often.
    pub fn ends(self) -> [f64; 2] {
        exact(self.part, self.all)
    }

    fn add(&mut self, part: f64, all: u64) {
        *self = Self { part: self.part + part, all: self.all + all };
    }
}

/// What there is with q at most 0.1, over many cities.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Discoveries {
    /// Cities with any.
    pub cities: Share,
    /// The false ones among them, all cities together.
    pub wrong: Share,
    /// The same without decoys.
    pub without_decoys: Share,
    /// The share of false ones, mean over cities (0 where there is none): the false discovery rate.
    pub mean_wrong: f64,
    /// The same without decoys.
    pub mean_without_decoys: f64,
}

/// How good a ranking is over many cities.
#[derive(Clone, Debug, Default)]
pub struct Pooled {
    /// How many cities.
    pub cities: usize,
    /// All pairs of an official and a gang.
    pub pairs: u64,
    /// Those with an umbrella.
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
    /// What there is with q at most 0.1; `None` for a ranking without q.
    pub discoveries: Option<Discoveries>,
    /// Mechanism → how many of the true pairs that have it are among the first k.
    pub mechanisms: BTreeMap<String, Share>,
    /// The reliability table.
    pub reliability: [Bin; BINS.len() - 1],
}

impl Pooled {
    /// The share of true pairs among all: what a ranking by lot has as average precision.
    pub fn base_rate(&self) -> f64 {
        self.truths as f64 / self.pairs.max(1) as f64
    }
}

/// Pools the figures of many cities.
pub fn pool(cities: &[Figures]) -> Pooled {
    let all = |of: &dyn Fn(&Figures) -> Option<f64>| cities.iter().filter_map(of).collect::<Vec<f64>>();
    let share = |of: &dyn Fn(&Figures) -> Option<f64>| of_shares(&all(of));
    let within = |least, most, of: &dyn Fn(&Figures) -> Option<f64>| {
        let found = of_numbers(&all(of));
        Interval { ends: found.ends.map(|[low, high]| [low.max(least), high.min(most)]), ..found }
    };
    let sum = |of: &dyn Fn(&Figures) -> u64| cities.iter().map(of).sum();
    let mut mechanisms: BTreeMap<String, Share> = BTreeMap::new();
    let mut reliability = [Bin::default(); BINS.len() - 1];
    for city in cities {
        for (mechanism, (all, found)) in &city.mechanisms {
            mechanisms.entry(mechanism.clone()).or_default().add(*found, *all);
        }
        for (sum, bin) in reliability.iter_mut().zip(&city.reliability) {
            *sum = Bin { pairs: sum.pairs + bin.pairs, said: sum.said + bin.said, so: sum.so + bin.so };
        }
    }
    Pooled {
        cities: cities.len(),
        pairs: sum(&|city| city.pairs),
        truths: sum(&|city| city.truths),
        decoys: sum(&|city| city.decoys),
        average_precision: share(&|city| city.average_precision),
        precision: share(&|city| city.precision),
        decoys_in_top: share(&|city| city.decoys_in_top),
        recall: share(&|city| city.recall),
        over_line: within(0.0, f64::INFINITY, &|city| city.over_line.map(|[all, _]| all as f64)),
        wrong_over_line: within(0.0, f64::INFINITY, &|city| city.over_line.map(|[_, wrong]| wrong as f64)),
        brier: share(&|city| city.brier),
        brier_skill: within(f64::NEG_INFINITY, 1.0, &|city| city.brier_skill),
        discoveries: discoveries(cities),
        mechanisms,
        reliability,
    }
}

fn discoveries(cities: &[Figures]) -> Option<Discoveries> {
    let counts: Vec<[u64; 3]> = cities.iter().filter_map(|city| city.discoveries).collect();
    if counts.is_empty() {
        return None;
    }
    let mut found = Discoveries::default();
    for &[all, wrong, decoys] in &counts {
        found.cities.add(f64::from(u8::from(all > 0)), 1);
        found.wrong.add(wrong as f64, all);
        found.without_decoys.add((wrong - decoys) as f64, all - decoys);
        found.mean_wrong += wrong as f64 / all.max(1) as f64;
        found.mean_without_decoys += (wrong - decoys) as f64 / (all - decoys).max(1) as f64;
    }
    let cities = counts.len() as f64;
    let (mean_wrong, mean_without_decoys) = (found.mean_wrong / cities, found.mean_without_decoys / cities);
    Some(Discoveries { mean_wrong, mean_without_decoys, ..found })
}

/// The mean of some numbers with its interval by Student's t.
fn of_numbers(values: &[f64]) -> Interval {
    let (mean, sd) = spread(values);
    let half = half_width(values.len(), sd);
    let ends = half.map(|half| [mean - half, mean + half]);
    Interval { mean, ends, sd, cities: values.len() }
}

/// The mean of some shares with its interval, which stays within 0 and 1: by Student's t on the log odds of the mean.
/// Where every city has 0 or every city 1, the end on the other side is the mean that would be seen so once in forty
/// times, whatever the shares' distribution.
fn of_shares(values: &[f64]) -> Interval {
    let (mean, sd) = spread(values);
    let bent = |half: f64| match mean {
        0.0 | 1.0 => exact(mean * values.len() as f64, values.len() as u64),
        _ => {
            let odds = libm::log(mean / (1.0 - mean));
            let half = half / (mean * (1.0 - mean));
            [odds - half, odds + half].map(|odds| 1.0 / (1.0 + libm::exp(-odds)))
        }
    };
    Interval { mean, ends: half_width(values.len(), sd).map(bent), sd, cities: values.len() }
}

/// Mean and standard deviation.
fn spread(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count.max(1.0);
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, libm::sqrt(squares / (count - 1.0).max(1.0)))
}

/// Half the width of Student's 95% interval; `None` for too few values.
fn half_width(count: usize, sd: f64) -> Option<f64> {
    (count >= FEW).then(|| student(count - 1) * sd / libm::sqrt(count as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_have_students_intervals_where_there_are_enough_cities() {
        let found = of_numbers(&[1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!((found.mean, found.sd, found.cities), (3.0, 2.5_f64.sqrt(), 5));
        let half = found.ends.unwrap()[1] - 3.0;
        assert!((half - 2.7764 * 0.5_f64.sqrt()).abs() < 1e-4, "{half}");
        for few in [&[][..], &[0.4], &[0.2, 0.9], &[0.1, 0.5, 0.6, 0.9]] {
            let found = of_shares(few);
            assert_eq!((found.ends, found.cities), (None, few.len()));
        }
    }

    #[test]
    fn the_interval_of_shares_stays_a_share() {
        let wide = of_shares(&[0.0, 1.0, 0.0, 1.0, 1.0]).ends.unwrap();
        let near_none = of_shares(&[0.0, 0.0, 0.0, 0.0, 0.2]).ends.unwrap();
        for [low, high] in [wide, near_none] {
            assert!(0.0 < low && low < high && high < 1.0, "{low} {high}");
        }
        assert!(near_none[0] < 0.04 && 0.04 < near_none[1]);
        // Far from 0 and 1, and with little spread, it is what Student's is.
        let values = [0.50, 0.51, 0.52, 0.53, 0.54, 0.55];
        let (bent, plain) = (of_shares(&values).ends.unwrap(), of_numbers(&values).ends.unwrap());
        assert!(bent.iter().zip(plain).all(|(bent, plain)| (bent - plain).abs() < 1e-4));
        // None at all in thirty cities still leaves room for some.
        let none = of_shares(&[0.0; 30]).ends.unwrap();
        assert!(none[0] == 0.0 && (none[1] - 0.1157).abs() < 1e-4);
        assert_eq!(of_shares(&[1.0; 30]).ends.unwrap()[1], 1.0);
    }

    #[test]
    fn skill_may_be_under_nothing_and_counts_may_not() {
        let city = |at: u64| Figures {
            brier_skill: Some(if at == 0 { -3.0 } else { 0.9 }),
            over_line: Some([at * at, 0]),
            ..Figures::default()
        };
        let pooled = pool(&(0..5).map(city).collect::<Vec<_>>());
        let [low, high] = pooled.brier_skill.ends.unwrap();
        assert!(low < 0.0 && high == 1.0);
        assert_eq!(pooled.over_line.ends.unwrap()[0], 0.0);
        assert!(pooled.over_line.ends.unwrap()[1] > 6.0);
    }

    #[test]
    fn tables_add_up_over_cities() {
        let city = |so| {
            let mut figures =
                Figures { pairs: 100, truths: 2, discoveries: Some([4, 2, 1]), ..Figures::default() };
            figures.mechanisms.insert("kin_front".into(), (2, so));
            figures.reliability[5] = Bin { pairs: 3, said: 2.7, so: 2 };
            figures
        };
        let pooled = pool(&[city(1.0), city(2.0)]);
        assert_eq!((pooled.cities, pooled.truths, pooled.base_rate()), (2, 4, 0.02));
        assert_eq!(pooled.mechanisms["kin_front"].value(), Some(0.75));
        assert_eq!(pooled.reliability[5], Bin { pairs: 6, said: 5.4, so: 4 });
        let found = pooled.discoveries.unwrap();
        assert_eq!((found.cities, found.wrong), (Share { part: 2.0, all: 2 }, Share { part: 4.0, all: 8 }));
        assert_eq!(found.mean_wrong, 0.5);
        assert!((found.mean_without_decoys - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(pool(&[Figures::default()]).discoveries, None, "a ranking without q");
    }
}
