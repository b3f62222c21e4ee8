//! Weights set together: a logistic fit of labelled rows, pulled towards what was there before, each weight
//! within a range.
//!
//! Newton's method on the penalised likelihood (Hosmer and Lemeshow 2000, ch. 1); a weight that would leave
//! its range stays at the end of it. Cost: rows × features² a step, a dozen steps.

/// One labelled row: what is added whatever the weights, and its features.
#[derive(Clone, Debug)]
pub struct Row {
    /// Log-odds that no weight touches (a prior).
    pub offset: f64,
    /// The features, one for each weight.
    pub features: Vec<f64>,
    /// Whether it is true.
    pub is_true: bool,
}

/// What is known of one weight before the fit.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// What it is pulled towards, and where the fit starts.
    pub weight: f64,
    /// How strongly: the inverse of the variance of a normal prior around it; 0 lets it go.
    pub pull: f64,
    /// The least and the most that it may be; a least of 0 keeps its sign.
    pub range: [f64; 2],
}

/// Steps of Newton's method at most; a dozen are enough.
const MOST_STEPS: usize = 60;
/// A step that moves no weight by more than this is the last.
const SMALL: f64 = 1e-7;

/// The weights that fit the rows best. `None` where they cannot be told (a feature that is always 0 and
/// pulled towards nothing, say).
pub fn fit(rows: &[Row], before: &[Before]) -> Option<Vec<f64>> {
    let mut weights: Vec<f64> = before.iter().map(|one| one.weight).collect();
    let mut held = vec![false; before.len()];
    for _ in 0..MOST_STEPS {
        let (slope, curve) = derivatives(rows, before, &weights);
        for (at, one) in before.iter().enumerate() {
            let [least, most] = one.range;
            held[at] = weights[at] <= least && slope[at] > 0.0 || weights[at] >= most && slope[at] < 0.0;
        }
        let step = solve(&curve, &slope, &held)?;
        // From far away a whole step goes too far: half of it, until the fit is no worse.
        let now = misfit(rows, before, &weights);
        let (mut share, mut next) = (1.0, moved_by(&weights, &step, before, 1.0));
        while share > SMALL && misfit(rows, before, &next) > now {
            share /= 2.0;
            next = moved_by(&weights, &step, before, share);
        }
        let moved = weights.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        weights = next;
        if moved < SMALL {
            break;
        }
    }
    weights.iter().all(|weight| weight.is_finite()).then_some(weights)
}

/// The weights after so much of a step, each within its range.
fn moved_by(weights: &[f64], step: &[f64], before: &[Before], share: f64) -> Vec<f64> {
    let one = |((weight, step), before): ((&f64, &f64), &Before)| {
        (weight - share * step).clamp(before.range[0], before.range[1])
    };
    weights.iter().zip(step).zip(before).map(one).collect()
}

/// The penalised log-likelihood, turned round.
fn misfit(rows: &[Row], before: &[Before], weights: &[f64]) -> f64 {
    let pulled = before.iter().zip(weights).map(|(one, weight)| {
        let away = weight - one.weight;
        0.5 * one.pull * away * away
    });
    let missed = rows.iter().map(|row| {
        let sum: f64 =
            row.offset + row.features.iter().zip(weights).map(|(x, weight)| x * weight).sum::<f64>();
        let wrong = if row.is_true { -sum } else { sum };
        // ln(1 + e^wrong), without overflow.
        wrong.max(0.0) + libm::log1p(libm::exp(-wrong.abs()))
    });
    pulled.sum::<f64>() + missed.sum::<f64>()
}

/// The first and second derivatives of the penalised log-likelihood, turned round (a minimum is sought).
fn derivatives(rows: &[Row], before: &[Before], weights: &[f64]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let count = weights.len();
    let mut slope: Vec<f64> =
        before.iter().zip(weights).map(|(one, weight)| one.pull * (weight - one.weight)).collect();
    let mut curve = vec![vec![0.0; count]; count];
    for (at, one) in before.iter().enumerate() {
        curve[at][at] = one.pull;
    }
    for row in rows {
        let sum: f64 = row.features.iter().zip(weights).map(|(x, weight)| x * weight).sum();
        let p = 1.0 / (1.0 + libm::exp(-(row.offset + sum)));
        let (error, spread) = (p - f64::from(u8::from(row.is_true)), p * (1.0 - p));
        for (at, x) in row.features.iter().enumerate().filter(|(_, x)| **x != 0.0) {
            slope[at] += error * x;
            for (other, y) in row.features.iter().enumerate() {
                curve[at][other] += spread * x * y;
            }
        }
    }
    (slope, curve)
}

/// Solves `curve · step = slope` by elimination; what is held does not move.
fn solve(curve: &[Vec<f64>], slope: &[f64], held: &[bool]) -> Option<Vec<f64>> {
    let free: Vec<usize> = (0..slope.len()).filter(|&at| !held[at]).collect();
    let mut rows: Vec<Vec<f64>> = free
        .iter()
        .map(|&at| free.iter().map(|&other| curve[at][other]).chain([slope[at]]).collect())
        .collect();
    for at in 0..rows.len() {
        let pivot = (at..rows.len()).max_by(|&a, &b| rows[a][at].abs().total_cmp(&rows[b][at].abs()))?;
        rows.swap(at, pivot);
        if rows[at][at].abs() < 1e-12 {
            return None;
        }
        let pivot = rows[at].clone();
        for row in rows.iter_mut().skip(at + 1) {
            let share = row[at] / pivot[at];
            row.iter_mut().zip(&pivot).skip(at).for_each(|(value, above)| *value -= share * above);
        }
    }
    let mut step = vec![0.0; slope.len()];
    for at in (0..rows.len()).rev() {
        let known: f64 = (at + 1..rows.len()).map(|other| rows[at][other] * step[free[other]]).sum();
        step[free[at]] = (rows[at][rows.len()] - known) / rows[at][at];
    }
    Some(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn free(weight: f64) -> Before {
        Before { weight, pull: 0.0, range: [f64::NEG_INFINITY, f64::INFINITY] }
    }

    fn rows(counts: &[(f64, u32, u32)]) -> Vec<Row> {
        let row = |x: f64, is_true| Row { offset: 0.0, features: vec![1.0, x], is_true };
        let of = |&(x, yes, no): &(f64, u32, u32)| {
            (0..yes).map(move |_| row(x, true)).chain((0..no).map(move |_| row(x, false)))
        };
        counts.iter().flat_map(of).collect()
    }

    #[test]
    fn two_groups_give_the_logs_of_their_odds() {
        // 1 of 4, and 3 of 4: an intercept of ln(1/3), a difference of 2 ln 3.
        let found = fit(&rows(&[(0.0, 1, 3), (1.0, 3, 1)]), &[free(0.0), free(0.0)]).unwrap();
        assert!((found[0] + libm::log(3.0)).abs() < 1e-6, "{found:?}");
        assert!((found[1] - 2.0 * libm::log(3.0)).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn a_fit_from_far_away_arrives() {
        let far = [free(-8.0), free(6.0)];
        let found = fit(&rows(&[(0.0, 1, 3), (1.0, 3, 1)]), &far).unwrap();
        assert!((found[0] + libm::log(3.0)).abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn a_range_is_kept_and_the_others_are_fitted_without() {
        let against = rows(&[(0.0, 3, 1), (1.0, 1, 3)]);
        let kept = Before { weight: 1.0, pull: 0.5, range: [0.0, 2.0] };
        let found = fit(&against, &[free(0.0), kept]).unwrap();
        assert_eq!(found[1], 0.0);
        assert!(found[0].abs() < 1e-6, "half of all are true: {found:?}");
        let most = Before { weight: 1.0, pull: 0.0, range: [0.5, 1.5] };
        let found = fit(&rows(&[(0.0, 1, 3), (1.0, 3, 1)]), &[free(0.0), most]).unwrap();
        assert_eq!(found[1], 1.5);
    }

    #[test]
    fn a_pull_holds_what_the_rows_say_nothing_of() {
        let kept = Before { weight: 1.5, pull: 1.0, range: [0.0, 9.0] };
        let found = fit(&rows(&[(0.0, 1, 3)]), &[free(0.0), kept]).unwrap();
        assert!((found[1] - 1.5).abs() < 1e-9);
        assert!(fit(&rows(&[(0.0, 1, 3)]), &[free(0.0), free(0.0)]).is_none(), "nothing can be told");
    }
}
