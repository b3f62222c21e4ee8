//! What an evaluation measured, as a document.

use serde_json::{Map, Value, json};

use crate::analysis::evaluate::{BINS, Bin, Interval, Pooled};

/// One ranking over some cities; `missing` is the share of rows they lack, where that is known.
pub fn document(ranking: &str, style: Option<&str>, missing: Option<f64>, pooled: &Pooled) -> Value {
    json!({
        "ranking": ranking,
        "style": style,
        "missing": missing,
        "cities": pooled.cities,
        "truths": pooled.truths,
        "decoys": pooled.decoys,
        "average_precision": interval(pooled.average_precision),
        "precision": interval(pooled.precision),
        "recall": interval(pooled.recall),
        "decoys_in_top": interval(pooled.decoys_in_top),
        "over_line": interval(pooled.over_line),
        "wrong_over_line": interval(pooled.wrong_over_line),
        "brier": interval(pooled.brier),
        "brier_skill": interval(pooled.brier_skill),
        "any_discovery": pooled.any_discovery,
        "false_discoveries": pooled.false_discoveries,
        "false_without_decoys": pooled.false_without_decoys,
        "mechanisms": mechanisms(pooled),
        "reliability": reliability(&pooled.reliability),
    })
}

/// A mean with its interval; null where no city had the figure.
fn interval(of: Interval) -> Value {
    match of.cities {
        0 => Value::Null,
        cities => json!({
            "mean": of.mean, "low": of.low, "high": of.high, "sd": of.sd, "cities": cities
        }),
    }
}

fn mechanisms(pooled: &Pooled) -> Map<String, Value> {
    let one = |(name, (truths, found)): (&String, &(u64, f64))| {
        (name.clone(), json!({ "truths": truths, "found": found }))
    };
    pooled.mechanisms.iter().map(one).collect()
}

/// The table of what was said and what is so; empty bins are left out.
fn reliability(bins: &[Bin]) -> Vec<Value> {
    let bounds = BINS.windows(2).zip(bins);
    let full = bounds.filter(|(_, bin)| bin.pairs > 0);
    full.map(|(bounds, bin)| {
        let pairs = bin.pairs as f64;
        json!({
            "from": bounds[0],
            "to": bounds[1],
            "pairs": bin.pairs,
            "said": bin.said / pairs,
            "so": bin.so as f64 / pairs,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::evaluate::{Figures, pool};

    #[test]
    fn what_no_city_has_is_null_and_empty_bins_are_left_out() {
        let mut figures = Figures { truths: 0, ..Figures::default() };
        figures.reliability[2] = Bin { pairs: 4, said: 1.2, so: 1 };
        let document = document("x", None, Some(0.25), &pool(&[figures]));
        assert!(document["average_precision"].is_null());
        assert!(document["brier"].is_null());
        assert_eq!(document["reliability"].as_array().unwrap().len(), 1);
        assert_eq!(document["reliability"][0]["so"], 0.25);
    }
}
