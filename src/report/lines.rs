//! Lines of text about ties and paths, for the terminal and for briefs.

use crate::analysis::paths;
use crate::analysis::umbrella::Pair;
use crate::messages::{Catalogue, tame};
use crate::model::{Amount, Arg, Message};
use crate::network::{Network, NodeIx, TieRef};

/// `王建国 [p12]`.
pub fn node(network: &Network, node: NodeIx) -> String {
    format!("{} [{}]", tame(network.name(node)), tame(network.id(node)))
}

/// What a tie is, without its ends: `亲属 (姻亲) · 2015–至今`, `转账 · 12.5万元 · 2019-03-02`.
pub fn tie(words: &Catalogue, tie: TieRef<'_>) -> String {
    let role = tie.role().map(|role| format!(" ({})", words.word(role))).unwrap_or_default();
    let mut parts = vec![format!("{}{role}", words.word(tie.type_name()))];
    parts.extend(dates(words, tie));
    parts.extend((tie.count() > 1).then(|| format!("×{}", tie.count())));
    parts.extend(tie.amount().and_then(exact).map(|amount| words.money(amount, tie.currency())));
    parts.extend(tie.share().map(|share| format!("{}%", crate::messages::two_decimals(share))));
    parts.extend(tie.decision().map(|decision| words.word(decision.code())));
    parts.join(" · ")
}

fn dates(words: &Catalogue, tie: TieRef<'_>) -> Option<String> {
    let day = |date: Option<_>| date.map(|date| words.date(date)).unwrap_or_default();
    match (tie.start(), tie.end()) {
        (None, None) => None,
        (start, None) => Some(day(start)),
        (start, end) => Some(format!("{}–{}", day(start), day(end))),
    }
}

/// The decimal that a column's seven digits stand for.
fn exact(amount: f64) -> Option<Amount> {
    let text = if amount.abs() < 1e7 { format!("{amount:.2}") } else { format!("{amount:.0}") };
    text.parse().ok()
}

/// The best grade among a tie's claims, `B2`.
pub fn grade(tie: TieRef<'_>) -> String {
    let best = tie.claims().map(|claim| (claim.reliability(), claim.credibility())).min();
    best.map_or(String::new(), |(reliability, credibility)| format!("{reliability}{credibility}"))
}

/// The arrow follows the row, not the walk: who pays stands at its tail.
fn arrow(tie: TieRef<'_>, from: NodeIx) -> (&'static str, &'static str) {
    match (tie.is_directed(), tie.from() == from) {
        (false, _) => ("—", "—"),
        (true, true) => ("—", "→"),
        (true, false) => ("←", "—"),
    }
}

/// A chain in time, hop by hop, with the row behind each and what can have come through.
pub fn chain(words: &Catalogue, network: &Network, chain: &paths::Chain, rank: usize) -> Vec<String> {
    let key = if chain.share.is_some() { "chain-head-money" } else { "path-head" };
    let head = Message::new(key)
        .count("rank", rank)
        .count("hops", chain.ties.len())
        .text("reliability", format!("{:.3}", chain.reliability))
        .with("share", Arg::Share(chain.share.unwrap_or(1.0)));
    let mut lines = vec![words.say(&head)];
    let ends = chain.nodes.iter().zip(chain.nodes.iter().skip(1));
    for ((&from, &to), &ix) in ends.zip(&chain.ties) {
        let (tail, head) = arrow(network.tie(ix), from);
        lines.push(format!(
            "  {} {tail}{}{head} {}  [{}]",
            node(network, from),
            tie(words, network.tie(ix)),
            node(network, to),
            network.tie(ix).rows().join(", "),
        ));
    }
    lines
}

/// A path, hop by hop, with the rows behind each hop and the weakest marked.
pub fn path(words: &Catalogue, network: &Network, path: &paths::Path, rank: usize) -> Vec<String> {
    let head = Message::new("path-head")
        .count("rank", rank)
        .count("hops", path.hops.len())
        .text("reliability", format!("{:.3}", path.reliability));
    let mut lines = vec![words.say(&head)];
    for (at, hop) in path.hops.iter().enumerate() {
        let what = tie(words, network.tie(hop.strongest));
        let more = hop.ties.len().saturating_sub(1);
        let more = if more > 0 { format!(" +{more}") } else { String::new() };
        let weakest = if at == path.weakest && path.hops.len() > 1 {
            words.text("path-weakest")
        } else {
            String::new()
        };
        let (tail, head) = arrow(network.tie(hop.strongest), hop.from);
        lines.push(format!(
            "  {} {tail}{what}{more}{head} {}  {:.2}  [{}] {weakest}",
            node(network, hop.from),
            node(network, hop.to),
            hop.strength,
            hop.rows(network).join(", "),
        ));
    }
    lines.extend(path.shared_sources.iter().map(|shared| words.say(&shared.notice())));
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The strongest reason for a pair in one short sentence: the name of the factor, and its sentence up to
/// the first stop or colon outside of brackets.
pub fn reason(words: &Catalogue, pair: &Pair) -> String {
    let speaks =
        pair.factors.iter().filter(|f| f.log_odds > 0.0 && !matches!(f.factor, "prior" | "calibration"));
    let strongest = speaks.max_by(|a, b| a.log_odds.total_cmp(&b.log_odds).then(b.factor.cmp(a.factor)));
    strongest.map_or(String::new(), |factor| {
        let says = words.say(&factor.says);
        let message = Message::new("score-reason")
            .text("factor", super::factor_name(words, factor.factor))
            .text("clause", clause(&says));
        words.say(&message)
    })
}

/// A sentence up to its first stop, semicolon or colon that stands outside of brackets.
fn clause(sentence: &str) -> &str {
    let mut depth = 0_usize;
    for (at, mark) in sentence.char_indices() {
        let rest = sentence.get(at + mark.len_utf8()..).unwrap_or_default();
        match mark {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            '。' | '：' | '；' if depth == 0 => return sentence.get(..at).unwrap_or(sentence),
            '.' | ':' | ';' if depth == 0 && (rest.is_empty() || rest.starts_with(' ')) => {
                return sentence.get(..at).unwrap_or(sentence);
            }
            _ => {}
        }
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::clause;

    #[test]
    fn a_sentence_is_cut_at_its_first_stop_and_never_within_brackets() {
        assert_eq!(
            clause("9 of 9 went their way (53.5% is usual): 4 were waived."),
            "9 of 9 went their way (53.5% is usual)"
        );
        assert_eq!(clause("Money came to A (to B: in-law): C → D 1.5."), "Money came to A (to B: in-law)");
        assert_eq!(clause("资金流到方俊（与官员：姻亲）：甲 → 乙。"), "资金流到方俊（与官员：姻亲）");
        assert_eq!(clause("no stop"), "no stop");
    }
}
