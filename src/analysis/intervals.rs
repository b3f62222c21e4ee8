//! Exact intervals by the beta distribution: of a share that was counted, and Student's t.

/// The 95% interval of a share of which `met` of `all` was counted (Clopper and Pearson 1934): exact for independent
/// counts, and never too narrow. `met` may be a fraction, where equal ranks share what they found. Both ends are in
/// 0 to 1; of nothing they are 0 and 1. Cost: some hundred terms of a continued fraction.
pub(super) fn exact(met: f64, all: u64) -> [f64; 2] {
    let all = all as f64;
    let low = if met > 0.0 { quantile(met, all - met + 1.0, 0.025) } else { 0.0 };
    let high = if met < all { quantile(met + 1.0, all - met, 0.975) } else { 1.0 };
    [low, high]
}

/// What Student's t with so many degrees of freedom exceeds, on either side, once in twenty times.
pub(super) fn student(degrees: usize) -> f64 {
    let degrees = degrees as f64;
    let x = quantile(degrees / 2.0, 0.5, 0.05);
    libm::sqrt(degrees * (1.0 - x) / x)
}

/// The x under which a beta-distributed number stays with chance `chance`, by halving.
fn quantile(a: f64, b: f64, chance: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if beta(a, b, middle) < chance { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// The regularised incomplete beta function I_x(a, b), for x in 0 to 1, by its continued fraction (Abramowitz and
/// Stegun 26.5.8) on the side of the mean where it converges fast.
fn beta(a: f64, b: f64, x: f64) -> f64 {
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - beta(b, a, 1.0 - x);
    }
    if x <= 0.0 {
        return 0.0;
    }
    let whole = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    libm::exp(whole + a * libm::log(x) + b * libm::log1p(-x)) / a / fraction(a, b, x)
}

/// The continued fraction 1 + d1/(1 + d2/(1 + …)), by Lentz' method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    /// What stands in for a zero on the way.
    const TINY: f64 = 1e-300;
    /// More than any count met here needs, which is about the root of the larger of `a` and `b`.
    const MOST: u32 = 100_000;
    let full = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut value, mut above, mut below) = (1.0, 1.0, 0.0);
    for at in 1..MOST {
        let m = f64::from(at / 2);
        let term = match at % 2 {
            0 => m * (b - m) / ((a + 2.0 * m - 1.0) * (a + 2.0 * m)),
            _ => -(a + m) * (a + b + m) / ((a + 2.0 * m) * (a + 2.0 * m + 1.0)),
        } * x;
        below = 1.0 / full(1.0 + term * below);
        above = full(1.0 + term / above);
        let step = above * below;
        value *= step;
        if (step - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The chance of `met` or more of `all`, each with chance `share`: the plain twin.
    fn tail(met: u64, all: u64, share: f64) -> f64 {
        let choose = |k: u64| (1..=k).fold(1.0, |made, at| made * (all - k + at) as f64 / at as f64);
        (met..=all).map(|k| choose(k) * share.powi(k as i32) * (1.0 - share).powi((all - k) as i32)).sum()
    }

    #[test]
    fn the_incomplete_beta_adds_up_the_binomial() {
        for all in [1, 2, 7, 40] {
            for met in 1..=all {
                for share in [0.001, 0.1, 0.5, 0.77, 0.999] {
                    let found = beta(met as f64, (all - met + 1) as f64, share);
                    assert!((found - tail(met, all, share)).abs() < 1e-12, "{met} of {all} at {share}");
                }
            }
        }
    }

    #[test]
    fn an_interval_is_clopper_and_pearsons() {
        // 4 of 20: the example of many a textbook.
        for (met, all, wanted) in [
            (4.0, 20, [0.0573, 0.4366]),
            (0.0, 100, [0.0, 0.0362]),
            (100.0, 100, [0.9638, 1.0]),
            (0.0, 30, [0.0, 0.1157]),
            (5.0, 10, [0.1871, 0.8129]),
        ] {
            let found = exact(met, all);
            assert!(
                found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-4),
                "{found:?}"
            );
        }
        assert_eq!(exact(0.0, 0), [0.0, 1.0]);
    }

    #[test]
    fn an_interval_leaves_a_share_out_as_rarely_as_it_says() {
        for (met, all) in [(1, 30), (17, 30), (3, 1000)] {
            let [low, high] = exact(met as f64, all);
            assert!((beta(met as f64, (all - met + 1) as f64, low) - 0.025).abs() < 1e-12);
            assert!((1.0 - beta(met as f64 + 1.0, (all - met) as f64, high) - 0.025).abs() < 1e-12);
        }
        // A fraction lies between the counts about it; large counts come to an end.
        let between = exact(3.5, 12);
        assert!(exact(3.0, 12)[0] < between[0] && between[1] < exact(4.0, 12)[1]);
        let [low, high] = exact(200_000.0, 1_000_000);
        assert!((low - 0.199_217).abs() < 1e-5 && (high - 0.200_785).abs() < 1e-5, "{low} {high}");
    }

    #[test]
    fn students_t_is_that_of_the_tables() {
        for (degrees, wanted) in [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (29, 2.045)] {
            let found = student(degrees);
            assert!((found - wanted).abs() < 6e-4, "{degrees}: {found}");
        }
    }
}
