//! How a pair reads on the terminal.

use parasol::analysis::umbrella::{Factor, Pair, Path};
use parasol::messages::Catalogue;
use parasol::model::{Id, Message};
use parasol::report::brief::{self, Side, said, signed};
use parasol::report::{likelihood, lines};
use parasol::tasks::umbrella::Explained;

/// One pair in full, line by line: for, against, what is missing, what to check first.
pub(crate) fn lines(words: &Catalogue, found: &Explained) -> Vec<String> {
    let pair = &found.pair;
    let mut lines = vec![heading(words, pair), words.text("pair-lead-only")];
    for side in Side::ALL {
        let factors: Vec<&Factor> = pair.factors.iter().filter(|factor| Side::of(factor) == side).collect();
        section(words, &mut lines, side.key(), &factors);
    }
    lines.push(
        words.say(
            &Message::new("pair-sum")
                .text("log_odds", signed(pair.log_odds))
                .text("score", likelihood::score(pair.score)),
        ),
    );
    lines.push(brief::chance(words, pair));
    let innocent = brief::innocent(words, pair);
    match innocent.as_slice() {
        [only] => lines.push(format!("{} {only}", words.text("pair-innocent"))),
        several => {
            lines.push(words.text("pair-innocent"));
            lines.extend(several.iter().map(|reading| format!("  · {reading}")));
        }
    }
    if !pair.missing.is_empty() {
        lines.push(words.text("pair-missing"));
        lines.extend(pair.missing.iter().map(|missing| format!("  · {}", words.say(missing))));
    }
    lines.push(format!("{} {}", words.text("pair-check"), words.say(&pair.check)));
    lines.extend(trail_lines(words, found));
    lines.extend(best_lines(words, found));
    lines
}

/// What `paths` finds in the part that was read, and how far that part goes.
fn best_lines(words: &Catalogue, found: &Explained) -> Vec<String> {
    let network = &found.network;
    let head = Message::new(if found.best.is_empty() { "pair-best-none" } else { "pair-best" })
        .count("nodes", network.node_count())
        .count("ties", network.tie_count())
        .text("official", found.pair.official.id.as_str())
        .text("gang", found.pair.gang.id.as_str());
    let paths = found.best.iter().zip(1..).flat_map(|(path, rank)| lines::path(words, network, path, rank));
    std::iter::once(words.say(&head)).chain(paths.map(|line| format!("  {line}"))).collect()
}

fn heading(words: &Catalogue, pair: &Pair) -> String {
    let also = if pair.official.also.is_empty() {
        String::new()
    } else {
        let ids: Vec<&str> = pair.official.also.iter().map(Id::as_str).collect();
        format!(" ({} {})", words.text("pair-also"), ids.join(", "))
    };
    let known =
        pair.known.map(|status| format!(" · {}", words.say(&known(status.code())))).unwrap_or_default();
    format!(
        "{} [{}]{also} ⇢ {} [{}]: {} ({}){known}",
        pair.official.name,
        pair.official.id,
        pair.gang.name,
        pair.gang.id,
        words.text(likelihood::key(pair.score)),
        likelihood::score(pair.score)
    )
}

fn known(code: &'static str) -> Message {
    Message::new("pair-known").with("status", parasol::model::Arg::Word(code))
}

fn section(words: &Catalogue, lines: &mut Vec<String>, key: &str, factors: &[&Factor]) {
    if factors.is_empty() {
        return;
    }
    lines.push(words.text(key));
    lines.extend(factors.iter().map(|factor| factor_line(words, factor)));
}

fn factor_line(words: &Catalogue, factor: &Factor) -> String {
    let shown = if factor.evidence.is_empty() { &factor.context } else { &factor.evidence };
    let rows: Vec<&str> = shown.iter().map(Id::as_str).collect();
    let rows = if rows.is_empty() { String::new() } else { format!("  [{}]", rows.join(", ")) };
    format!("  {:>6}  {}{rows}", signed(factor.log_odds), said(words, factor))
}

/// The ways that the mechanisms speak of.
fn trail_lines(words: &Catalogue, found: &Explained) -> Vec<String> {
    let named = |id: &Id| {
        let name = found.network.node(id.as_str()).map_or(id.as_str(), |node| found.network.name(node));
        if name == id.as_str() { name.to_owned() } else { format!("{name} [{id}]") }
    };
    let line = |path: &Path| {
        let hops = path.hops.iter().map(|hop| {
            let inferred =
                if hop.inferred { format!(" ({})", words.text("inferred")) } else { String::new() };
            format!("—{}{inferred} {:.2}— {}", words.word(&hop.ty), hop.strength, named(&hop.to))
        });
        let start = path.nodes.first().map_or(String::new(), named);
        format!("  {:.2}  {start} {}", path.reliability, hops.collect::<Vec<_>>().join(" "))
    };
    let head = (!found.pair.paths.is_empty()).then(|| words.text("pair-paths"));
    head.into_iter().chain(found.pair.paths.iter().map(line)).collect()
}
