//! What was measured, as text for people.

use parasol::analysis::evaluate::{BINS, FEW, Interval, Pooled, Share};
use parasol::analysis::umbrella::Weights;
use parasol::model::{Arg, Message};
use parasol::tasks::evaluate::{Group, OWN, Over, Wrong};

use super::super::exit::Problem;
use super::super::session::Session;
use super::super::table;
use super::first_wrong;

/// The tables of one share missing, or of a store.
pub(super) fn print(session: &mut Session, over: &Over, wrong: usize) -> Result<(), Problem> {
    let Some(first) = over.groups.first() else { return Ok(()) };
    for says in what(over, first) {
        session.out.line(session.catalogue.say(&says))?;
    }
    rankings(session, &over.groups)?;
    mechanisms(session, &first.pooled)?;
    reliability(session, &first.pooled)?;
    if let Some(says) = discoveries(&first.pooled) {
        session.out.line(session.catalogue.say(&says))?;
    }
    first_wrong(over, wrong).try_for_each(|one| session.out.line(wrong_line(one)))
}

/// What was measured: how many cities, which, with what in them, with which weights.
fn what(over: &Over, first: &Group) -> Vec<Message> {
    let pooled = &first.pooled;
    let mut lines = Vec::new();
    if let Some(missing) = over.missing {
        let mut styles: Vec<&str> = over.groups.iter().filter_map(|group| group.style).collect();
        styles.dedup();
        let says = Message::new("evaluate-cities")
            .with("missing", Arg::Share(missing))
            .count("cities", pooled.cities)
            .text("seeds", ranges(&first.seeds))
            .text("styles", styles.join(", "));
        lines.push(says);
    }
    let of_a_city = pooled.truths as f64 / pooled.cities.max(1) as f64;
    let says = Message::new("evaluate-pairs")
        .count("pairs", pooled.pairs as usize)
        .count("truths", pooled.truths as usize)
        .text("k", if pooled.cities > 1 { format!("{of_a_city:.1}") } else { pooled.truths.to_string() })
        .count("decoys", pooled.decoys as usize)
        .text("rate", format!("{:.5}", pooled.base_rate()));
    lines.push(says);
    if first.ranking == OWN {
        lines.push(Message::new("evaluate-weights").text("digest", Weights::default().digest()));
    }
    if over.broken_off {
        lines.push(Message::new("evaluate-unfinished"));
    }
    if over.missing.is_some() && over.groups.iter().any(|group| group.pooled.cities < FEW) {
        lines.push(Message::new("evaluate-few").count("least", FEW));
    }
    lines
}

/// Numbers with runs of them as ranges: `1001–1030`.
fn ranges(numbers: &[u64]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).filter_map(|run| match run {
        [] => None,
        [one] => Some(one.to_string()),
        [first, .., last] => Some(format!("{first}–{last}")),
    });
    runs.collect::<Vec<_>>().join(", ")
}

fn heads(session: &Session, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| session.catalogue.text(key)).collect()
}

/// A mean, with its interval where it has one.
fn told(of: Interval, digits: usize) -> String {
    match (of.cities, of.ends) {
        (0, _) => "–".to_owned(),
        (_, None) => format!("{:.digits$}", of.mean),
        (_, Some([low, high])) => format!("{:.digits$} ({low:.digits$}–{high:.digits$})", of.mean),
    }
}

/// A share that was counted, with its interval.
fn counted(of: Share) -> String {
    let [low, high] = of.ends();
    of.value().map_or("–".to_owned(), |share| format!("{share:.2} ({low:.2}–{high:.2})"))
}

fn rankings(session: &mut Session, groups: &[Group]) -> Result<(), Problem> {
    let keys = [
        "head-ranking",
        "head-cities",
        "head-average-precision",
        "head-precision",
        "head-recall",
        "head-decoys-in-top",
        "head-brier",
        "head-skill",
        "head-over-line",
        "head-wrong-over-line",
    ];
    let mut all = table::table(&heads(session, &keys));
    for group in groups {
        let pooled = &group.pooled;
        let row = [
            group.style.unwrap_or(&group.ranking).to_owned(),
            pooled.cities.to_string(),
            told(pooled.average_precision, 3),
            told(pooled.precision, 3),
            told(pooled.recall, 3),
            told(pooled.decoys_in_top, 3),
            told(pooled.brier, 5),
            told(pooled.brier_skill, 2),
            told(pooled.over_line, 1),
            told(pooled.wrong_over_line, 1),
        ];
        table::row(&mut all, row);
    }
    session.out.line(table::text(&all))
}

fn mechanisms(session: &mut Session, own: &Pooled) -> Result<(), Problem> {
    let mut all = table::table(&heads(session, &["head-mechanism", "head-truths", "head-found"]));
    for (name, share) in &own.mechanisms {
        table::row(&mut all, [name.clone(), share.all.to_string(), counted(*share)]);
    }
    session.out.line(table::text(&all))
}

/// The table of what was said and what is so; nothing for a ranking whose scores are no probabilities.
fn reliability(session: &mut Session, own: &Pooled) -> Result<(), Problem> {
    if own.brier.cities == 0 {
        return Ok(());
    }
    let mut all = table::table(&heads(session, &["head-said", "head-pairs", "head-mean-said", "head-so"]));
    for (bounds, bin) in BINS.windows(2).zip(&own.reliability) {
        let Some(said) = bin.mean_said() else { continue };
        let range = format!("{}–{}", bounds[0], bounds[1]);
        table::row(&mut all, [range, bin.pairs.to_string(), format!("{said:.2}"), counted(bin.truths())]);
    }
    session.out.line(table::text(&all))
}

/// What there is with a small q; nothing for a ranking without q.
fn discoveries(own: &Pooled) -> Option<Message> {
    let found = own.discoveries?;
    let part = |share: Share| {
        let [low, high] = share.ends();
        let key = if share.all == 0 { "evaluate-of-none" } else { "evaluate-share" };
        let says = Message::new(key)
            .count("part", share.part as usize)
            .count("all", share.all as usize)
            .with("low", Arg::Share(low))
            .with("high", Arg::Share(high));
        Arg::List(vec![says.with("share", Arg::Share(share.value().unwrap_or(0.0)))])
    };
    let says = Message::new("evaluate-discoveries")
        .with("cities", part(found.cities))
        .with("wrong", part(found.wrong))
        .with("plain", part(found.without_decoys))
        .with("mean", Arg::Share(found.mean_wrong))
        .with("mean_plain", Arg::Share(found.mean_without_decoys));
    Some(says)
}

fn wrong_line(one: &Wrong) -> String {
    let mut factors: Vec<(&str, f64)> = one.factors.clone();
    factors.retain(|(_, size)| size.abs() >= 0.05);
    let factors: Vec<String> = factors.iter().map(|(name, size)| format!("{name} {size:+.1}")).collect();
    let what = match (one.known.is_true(), &one.known.decoy) {
        (true, _) => one.known.mechanisms.join("+"),
        (false, Some(decoy)) => decoy.clone(),
        (false, None) => "–".to_owned(),
    };
    let mark = if one.known.is_true() { '-' } else { '+' };
    let place = one.file.as_ref().unwrap_or(&one.city);
    let rank = one.rank.map_or("–".to_owned(), |rank| rank.to_string());
    let why = if factors.is_empty() { String::new() } else { format!(": {}", factors.join(", ")) };
    format!("{mark} {place}  {rank}  {} {}  {:.2}  {what}{why}", one.official, one.gang, one.score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_told_as_ranges() {
        assert_eq!(ranges(&[1001, 1002, 1003, 1007, 1009, 1010]), "1001–1003, 1007, 1009–1010");
        assert_eq!(ranges(&[]), "");
    }
}
