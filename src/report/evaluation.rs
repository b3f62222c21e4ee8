//! What an evaluation measured, as a document.

use serde_json::{Map, Value, json};

use crate::analysis::evaluate::{BINS, Bin, Discoveries, Interval, Pooled, Share};

/// One ranking over some cities, with what is to be known of how it was measured.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// The ranking's name.
    pub ranking: &'a str,
    /// The digest of the weights that it was made with; `None` for what has none.
    pub weights: Option<&'a str>,
    /// The style that its cities have, where only one style's are counted.
    pub style: Option<&'a str>,
    /// The share of rows that they lack, where that is known.
    pub missing: Option<f64>,
    /// Their seeds, where they were made.
    pub seeds: &'a [u64],
    /// Ctrl-C came before all cities asked for were measured.
    pub broken_off: bool,
    /// The figures.
    pub pooled: &'a Pooled,
}

/// The document of a line.
pub fn document(line: &Line<'_>) -> Value {
    let pooled = line.pooled;
    let found = pooled.discoveries;
    json!({
        "ranking": line.ranking,
        "weights": line.weights,
        "style": line.style,
        "missing": line.missing,
        "seeds": line.seeds,
        "broken_off": line.broken_off,
        "cities": pooled.cities,
        "pairs": pooled.pairs,
        "truths": pooled.truths,
        "decoys": pooled.decoys,
        "base_rate": pooled.base_rate(),
        "average_precision": interval(pooled.average_precision),
        "precision": interval(pooled.precision),
        "recall": interval(pooled.recall),
        "decoys_in_top": interval(pooled.decoys_in_top),
        "over_line": interval(pooled.over_line),
        "wrong_over_line": interval(pooled.wrong_over_line),
        "brier": interval(pooled.brier),
        "brier_skill": interval(pooled.brier_skill),
        "any_discovery": found.and_then(|found| found.cities.value()),
        "false_discoveries": found.map(|found| found.mean_wrong),
        "false_without_decoys": found.map(|found| found.mean_without_decoys),
        "discoveries": found.map(discoveries),
        "mechanisms": mechanisms(pooled),
        "reliability": reliability(&pooled.reliability),
    })
}

/// A mean with its interval; null where no city had the figure, without ends where too few had it.
fn interval(of: Interval) -> Value {
    let [low, high] = ends(of.ends);
    match of.cities {
        0 => Value::Null,
        cities => json!({ "mean": of.mean, "low": low, "high": high, "sd": of.sd, "cities": cities }),
    }
}

fn ends(of: Option<[f64; 2]>) -> [Option<f64>; 2] {
    of.map_or([None, None], |ends| ends.map(Some))
}

/// What was counted, all cities together; without ends where there was nothing to count.
fn discoveries(found: Discoveries) -> Value {
    let one = |share: Share| {
        let [low, high] = ends(share.value().map(|_| share.ends()));
        json!({ "part": share.part, "all": share.all, "low": low, "high": high })
    };
    json!({
        "cities": one(found.cities),
        "false": one(found.wrong),
        "false_without_decoys": one(found.without_decoys),
    })
}

fn mechanisms(pooled: &Pooled) -> Map<String, Value> {
    let one = |(name, share): (&String, &Share)| {
        let [low, high] = share.ends();
        (name.clone(), json!({ "truths": share.all, "found": share.value(), "low": low, "high": high }))
    };
    pooled.mechanisms.iter().map(one).collect()
}

/// The table of what was said and what is so; empty bins are left out.
fn reliability(bins: &[Bin]) -> Vec<Value> {
    let bounds = BINS.windows(2).zip(bins);
    let full = bounds.filter(|(_, bin)| bin.pairs > 0);
    full.map(|(bounds, bin)| {
        let [low, high] = bin.truths().ends();
        json!({
            "from": bounds[0],
            "to": bounds[1],
            "pairs": bin.pairs,
            "said": bin.mean_said(),
            "so": bin.truths().value(),
            "low": low,
            "high": high,
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
        figures.discoveries = Some([0, 0, 0]);
        let pooled = pool(&[figures]);
        let line = Line {
            ranking: "x",
            weights: None,
            style: None,
            missing: Some(0.25),
            seeds: &[7],
            broken_off: false,
            pooled: &pooled,
        };
        let document = document(&line);
        assert!(document["average_precision"].is_null());
        assert!(document["brier"].is_null());
        assert_eq!(document["reliability"].as_array().unwrap().len(), 1);
        let bin = &document["reliability"][0];
        assert_eq!(bin["so"], 0.25);
        assert!(bin["low"].as_f64().unwrap() < 0.25 && bin["high"].as_f64().unwrap() < 1.0);
        assert_eq!(document["any_discovery"], 0.0);
        assert!(document["discoveries"]["false"]["high"].is_null(), "nothing was found");
        assert!(document["discoveries"]["cities"]["high"].is_f64());
        let none = pool(&[Figures::default()]);
        assert!(super::document(&Line { pooled: &none, ..line })["any_discovery"].is_null());
    }
}
