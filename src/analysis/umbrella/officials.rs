//! Who is an official: whom a score is about.
//!
//! A post, or a row of `officials.csv`, says so. Where there is none, duties may: but rows have wrong
//! ends (two in a hundred), and one such row makes nobody an official. Two on different matters make it
//! likely; of somebody who is listed with a gang it takes three.

use std::collections::BTreeSet;

use super::side::worth;
use crate::model::TieType;
use crate::network::NodeIx;
use crate::network::ball::Ball;

/// Duties that say of whoever does them that he has an office.
const DUTIES: &[TieType] =
    &[TieType::Handled, TieType::Inspected, TieType::Licensed, TieType::Reviewed, TieType::Briefed];
/// What only a row of `officials.csv` gives.
const OF_OFFICE: [&str; 3] = ["agency", "post", "rank"];

/// How likely somebody whom the file takes for an official is one, in [0, 1].
pub(super) fn likely(ball: &Ball<'_>, node: NodeIx) -> f64 {
    if !ball.is_official(node) {
        return 0.0;
    }
    let mut duties = ball.facing(node, DUTIES).filter(|(_, _, outward)| *outward);
    // An official by neither post nor duty is one by his row in the register.
    if duties.next().is_none() || is_posted(ball, node) {
        return 1.0;
    }
    // Refuted or not: that he is no member must not make him an official.
    let listed = ball.ties(node, &[TieType::Member]).any(|tie| tie.from() == node);
    let counted = matters(ball, node).saturating_sub(usize::from(listed));
    1.0 - 1.0 / counted.max(1) as f64
}

/// Whether a post or a row of the register says that he has an office.
fn is_posted(ball: &Ball<'_>, node: NodeIx) -> bool {
    OF_OFFICE.iter().any(|key| ball.network().prop(node, key).is_some())
        || ball.facing(node, &[TieType::Post]).any(|(tie, _, outward)| outward && worth(tie) > 0.0)
}

/// On how many matters he is on record with a duty.
fn matters(ball: &Ball<'_>, node: NodeIx) -> usize {
    let duties = ball.ties(node, DUTIES).filter(|tie| tie.from() == node && worth(*tie) > 0.0);
    duties.map(|tie| tie.to()).collect::<BTreeSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::super::Pair;
    use super::super::tests::{outcome, pair};
    use super::super::towns::quiet;
    use crate::model::{Kind, Table, TieType};

    #[test]
    fn one_row_with_a_wrong_end_makes_nobody_an_official_and_two_make_him_likely_one() {
        let candidate = |rows: usize, who: &str| {
            let mut town = quiet();
            town.add(TieType::Ownership, who, "c-g1", &[("share", "30")]);
            for at in 0..rows {
                let id = format!("kl{at}");
                town.entity(&id, Kind::Case, Table::Cases, &[]);
                town.add(TieType::Handled, who, &id, &[("role", "investigator"), ("decision", "charged")]);
            }
            pair(&outcome(&town), who, "g1").cloned()
        };
        assert!(candidate(1, "p50").is_none(), "one row");
        assert!(candidate(2, "m-g1-2").is_none(), "two rows of a member");
        let (two, five) = (candidate(2, "p50").unwrap(), candidate(5, "p50").unwrap());
        let share =
            |pair: &Pair| pair.factors.iter().find(|factor| factor.factor == "kin_front").cloned().unwrap();
        assert!(share(&two).inferred && share(&two).log_odds < share(&five).log_odds);
    }
}
