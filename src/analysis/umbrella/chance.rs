//! Chance: how often it alone would bring so close a connection.
//!
//! Analytic tails, since no simulation reaches the p that thousands of pairs need. Two nulls:
//!
//! - *Ties:* the number of completed chains to the gang, given everybody's number of ties a layer
//!   (a configuration model; Chung & Lu 2002), is Poisson; its rate is inflated by
//!   [`DISPERSION`], because districts and kin make ties flock.
//! - *Decisions:* the number of favours among the gang's cases is hypergeometric when decisions
//!   are permuted among like cases (Fisher 1935).
//!
//! A pair's p is the least of its tests times their number (Bonferroni): conservative whatever the
//! tests have in common. q is Benjamini & Hochberg (1995) over a full run. Neither enters a score.

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

/// `ln P(X ≥ k)` where `drawn` are drawn from `all` of which `marked` are marked.
pub fn hypergeometric_tail(k: u64, drawn: u64, marked: u64, all: u64) -> f64 {
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

/// The p of a pair from the logs of its tests; `None` where nothing was tested.
pub fn combined(tails: &[f64]) -> Option<f64> {
    let least = tails.iter().copied().min_by(f64::total_cmp)?;
    Some((libm::exp(least) * tails.len() as f64).min(1.0))
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
