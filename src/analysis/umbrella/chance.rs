//! Chance: how often it alone would bring what is on file of a pair.
//!
//! Analytic or exact tails, since no simulation reaches the p that thousands of pairs need. The nulls:
//!
//! - *Decisions:* which of an official's decisions of one kind (type and role) fell on the gang's
//!   matters is random: his caseload and his leniency are given. Exact, by counting all ways to draw
//!   (Fisher 1935), see [`scored_tail`]; kinds of decisions are drawn apart, so their p combine by
//!   Fisher's product ([`fisher`]). Where he decided hardly anything else of that kind, colleagues'
//!   like decisions stand in.
//! - *Ties:* the number of relatives in the gang's companies, and of empty raids with a completed
//!   chain of calls before them, given everybody's number of ties a layer (a configuration model;
//!   Chung & Lu 2002), is Poisson; its rate is inflated by [`DISPERSION`], because districts and kin
//!   make ties flock. How many of the gang's people somebody knows is no test: who knows one of a
//!   gang knows others, and cities without any umbrella show such clusters by the dozen. Nor is money.
//! - *Reports:* every independent voice that names him names this gang as often as reports do
//!   ([`binomial_tail`]), inflated likewise.
//!
//! A pair's p is the least of its tests times the number of tests that its gang's records allow
//! (Bonferroni), whether they were met or not: conservative whatever the tests have in common. q is
//! Benjamini & Hochberg (1995) over all officials and gangs of a full run, those without any trace
//! counted as p = 1. Neither enters a score.

/// How much the expectation of chains is inflated (stated judgement): homophily by district and
/// lognormal activity at σ = 0.9 make coincidences about three times as common as margins say.
pub const DISPERSION: f64 = 3.0;

/// `ln P(X ≥ k)` of a Poisson with this mean, inflated by [`DISPERSION`].
pub fn poisson_tail(k: u64, mean: f64) -> f64 {
    let mean = (mean * DISPERSION).max(1e-12);
    if k == 0 {
        return 0.0;
    }
    // The upper sum from k: the terms fall at least geometrically once past the mean.
    let mut term = k as f64 * libm::log(mean) - mean - libm::lgamma(k as f64 + 1.0);
    let first = term;
    let mut sum = 0.0;
    let mut at = k;
    while at < k + 2000 {
        let share = libm::exp(term - first);
        sum += share;
        if at as f64 > mean && share < 1e-17 * sum {
            break;
        }
        at += 1;
        term += libm::log(mean / at as f64);
    }
    (first + libm::log(sum)).min(0.0)
}

/// How likely each sum of scores is when so many are drawn from `counts[score]` of each score: a
/// table from sum 0 upward. Cost: the square of how many are drawn.
pub fn scored_sums(drawn: u64, counts: [u64; 3]) -> Vec<f64> {
    let choose = |n: u64, r: u64| {
        let (n, r) = (n as f64, r as f64);
        libm::lgamma(n + 1.0) - libm::lgamma(r + 1.0) - libm::lgamma(n - r + 1.0)
    };
    let [none, one, two] = counts;
    let whole = choose(none + one + two, drawn);
    let mut sums = vec![0.0; 2 * drawn as usize + 1];
    for twos in 0..=drawn.min(two) {
        for ones in 0..=(drawn - twos).min(one) {
            let rest = drawn - twos - ones;
            if rest <= none {
                let ways = choose(two, twos) + choose(one, ones) + choose(none, rest) - whole;
                sums[(2 * twos + ones) as usize] += libm::exp(ways);
            }
        }
    }
    sums
}

/// The table of the sum of two independent sums.
pub fn together(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; (a.len() + b.len()).saturating_sub(1)];
    for (i, p) in a.iter().enumerate() {
        for (j, q) in b.iter().enumerate() {
            sums[i + j] += p * q;
        }
    }
    sums
}

/// `ln P(sum ≥ least)` of such a table.
pub fn scored_tail(sums: &[f64], least: u64) -> f64 {
    libm::log(sums.iter().skip(least as usize).sum::<f64>().min(1.0))
}

/// `ln P(X ≥ k)` of `n` tries that succeed with probability `p`.
pub fn binomial_tail(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 || p >= 1.0 {
        return 0.0;
    }
    let choose = |r: u64| {
        let (n, r) = (n as f64, r as f64);
        libm::lgamma(n + 1.0) - libm::lgamma(r + 1.0) - libm::lgamma(n - r + 1.0)
    };
    let (yes, no) = (libm::log(p), libm::log(1.0 - p));
    let term = |x: u64| libm::exp(choose(x) + x as f64 * yes + (n - x) as f64 * no);
    libm::log((k..=n).map(term).sum::<f64>().min(1.0))
}

/// The log of the p of independent tests together, from the logs of theirs (Fisher 1925): the tail of
/// a chi-square of twice as many degrees of freedom.
pub fn fisher(tails: &[f64]) -> f64 {
    let sum: f64 = tails.iter().sum();
    let (mut term, mut series) = (1.0, 0.0);
    for at in 0..tails.len() {
        series += term;
        term *= -sum / (at + 1) as f64;
    }
    (sum + libm::log(series.max(f64::MIN_POSITIVE))).min(0.0)
}

/// The p of a pair from the logs of its tests; `None` where nothing was tested. `allowed` is how many
/// tests there might have been.
pub fn combined(tails: &[f64], allowed: usize) -> Option<f64> {
    let least = tails.iter().copied().min_by(f64::total_cmp)?;
    Some((libm::exp(least) * allowed.max(tails.len()) as f64).min(1.0))
}

/// Benjamini–Hochberg: the q of each p, in the same order. `tests` is how many pairs there were,
/// those without a p counted as p = 1.
pub fn benjamini_hochberg(p: &[Option<f64>], tests: usize) -> Vec<Option<f64>> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&at| p[at].is_some()).collect();
    order.sort_by(|&a, &b| p[a].unwrap_or(1.0).total_cmp(&p[b].unwrap_or(1.0)).then(a.cmp(&b)));
    let mut q = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, &at) in order.iter().enumerate().rev() {
        least = least.min(p[at].unwrap_or(1.0) * tests as f64 / (rank + 1) as f64);
        q[at] = Some(least);
    }
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ln P(X ≥ k)` where `drawn` are drawn from `all` of which `marked` are marked.
    fn hypergeometric_tail(k: u64, drawn: u64, marked: u64, all: u64) -> f64 {
        let most = drawn.min(marked);
        if k == 0 || k + all < drawn + marked || drawn > all || marked > all {
            return 0.0;
        }
        if k > most {
            return f64::NEG_INFINITY;
        }
        let choose = |n: u64, r: u64| {
            let (n, r) = (n as f64, r as f64);
            libm::lgamma(n + 1.0) - libm::lgamma(r + 1.0) - libm::lgamma(n - r + 1.0)
        };
        let whole = choose(all, drawn);
        let term = |x: u64| choose(marked, x) + choose(all - marked, drawn - x) - whole;
        let sum: f64 = (k..=most).filter(|x| drawn - x <= all - marked).map(|x| libm::exp(term(x))).sum();
        libm::log(sum.min(1.0))
    }

    #[test]
    fn poisson_tails_are_those_of_the_book() {
        // P(X >= 1 | 1) = 1 - 1/e; the mean is inflated, so it is divided first.
        let p = |k, mean: f64| libm::exp(poisson_tail(k, mean / DISPERSION));
        assert!((p(1, 1.0) - 0.632_120_558_828_557_7).abs() < 1e-12);
        assert!((p(3, 2.0) - 0.323_323_583_816_936_1).abs() < 1e-12);
        assert!((p(10, 1.0) / 1.114_254_783_387_2e-7 - 1.0).abs() < 1e-9);
        assert_eq!(p(0, 5.0), 1.0);
        assert!(p(1, 50.0) > 0.999);
    }

    #[test]
    fn hypergeometric_tails_are_those_of_a_count_by_hand() {
        // Four of eight marked, four drawn: P(all four) = 1/70, P(>= 3) = 17/70 (the tea lady).
        assert!((libm::exp(hypergeometric_tail(4, 4, 4, 8)) - 1.0 / 70.0).abs() < 1e-12);
        assert!((libm::exp(hypergeometric_tail(3, 4, 4, 8)) - 17.0 / 70.0).abs() < 1e-12);
        assert_eq!(hypergeometric_tail(0, 4, 4, 8), 0.0);
    }

    #[test]
    fn scores_drawn_are_those_of_a_count_by_hand() {
        // Two drawn from scores 0, 1, 1, 2: six ways, 0+1 twice, 0+2 once, 1+1 once, 1+2 twice.
        let sums = scored_sums(2, [1, 2, 1]);
        for (sum, ways) in [(0, 0.0), (1, 2.0), (2, 2.0), (3, 2.0), (4, 0.0)] {
            assert!((sums[sum] - ways / 6.0).abs() < 1e-12, "{sum}");
        }
        assert!((libm::exp(scored_tail(&sums, 3)) - 1.0 / 3.0).abs() < 1e-12);
        // With two scores it is the hypergeometric one.
        for k in 0..=4 {
            let tail = scored_tail(&scored_sums(4, [4, 4, 0]), k);
            assert!((tail - hypergeometric_tail(k, 4, 4, 8)).abs() < 1e-9, "{k}");
        }
        let twice = together(&sums, &sums);
        assert!((twice.iter().sum::<f64>() - 1.0).abs() < 1e-12 && twice.len() == 9);
    }

    #[test]
    fn binomial_and_fisher_are_those_of_the_book() {
        assert!((libm::exp(binomial_tail(2, 3, 0.5)) - 0.5).abs() < 1e-12);
        assert!((libm::exp(binomial_tail(3, 3, 0.1)) - 0.001).abs() < 1e-12);
        // Two p of 0.1: 0.01 (1 - ln 0.01) = 0.0560517.
        let p = libm::exp(fisher(&[libm::log(0.1), libm::log(0.1)]));
        assert!((p - 0.056_051_701_859_880_91).abs() < 1e-12, "{p}");
        assert!((fisher(&[libm::log(0.3)]) - libm::log(0.3)).abs() < 1e-12 && fisher(&[0.0, 0.0]) == 0.0);
    }

    #[test]
    fn q_values_are_those_of_the_1995_paper() {
        let p = [0.01, 0.04, 0.03, 0.5].map(Some);
        let q = benjamini_hochberg(&p, 4);
        let expected = [0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5];
        for (q, expected) in q.iter().zip(expected) {
            assert!((q.unwrap() - expected).abs() < 1e-12);
        }
        assert_eq!(benjamini_hochberg(&[None, Some(0.5)], 2), [None, Some(1.0)]);
    }
}
