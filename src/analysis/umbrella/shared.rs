//! `shared`: the rows that put this official forward put another forward as well, since whoever holds
//! the share or received the money is near to both.
//!
//! Which of them he stands in for the rows cannot tell, so each gets his part of their weight, by how
//! near he is. That depends on kinship and friendship alone: no pair's score moves another's. The
//! reading cites what makes the other one a candidate: his post, and how he is near.

use super::circle::{Circle, Near};
use super::circles::Circles;
use super::found::{Findings, Found, Scope, way_ties};
use crate::model::{Arg, Message, TieType};
use crate::network::{NodeIx, TieIx};

/// Others told by name.
const MOST_TOLD: usize = 3;

/// What is put down to others, under way.
pub(super) struct Shared<'c> {
    circles: &'c Circles<'c>,
    at: usize,
    others: Vec<(&'c Circle, &'c Near)>,
}

impl<'c> Shared<'c> {
    /// Of one official's circle, nothing yet.
    pub fn of(circles: &'c Circles<'c>, at: usize) -> Self {
        Self { circles, at, others: Vec::new() }
    }

    /// The part of what somebody does that falls to this official.
    pub fn part(&mut self, node: NodeIx) -> f64 {
        if let Some((circle, near)) = self.circles.rival(self.at, node)
            && self.others.iter().all(|(known, _)| known.official != circle.official)
        {
            self.others.push((circle, near));
        }
        self.circles.share(self.at, node)
    }

    /// Adds the reading, where the parts make so much of a difference.
    pub fn tell(self, scope: &Scope<'_>, size: f64, findings: &mut Findings) {
        if size > -1e-9 || self.others.is_empty() {
            return;
        }
        let posts = |official| scope.ball.ties(official, &[TieType::Post]).map(|tie| tie.ix());
        let ties: Vec<TieIx> = self
            .others
            .iter()
            .flat_map(|(circle, near)| posts(circle.official).chain(way_ties(near)))
            .collect();
        let name = |(circle, _): &(&Circle, &Near)| {
            Message::new("umbrella-name").text("name", scope.name(circle.official))
        };
        let says = Message::new("umbrella-shared")
            .with("with", Arg::List(self.others.iter().take(MOST_TOLD).map(name).collect()));
        findings.factors.push(Found { ties, ..Found::new("shared", size, says) });
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{log_odds, outcome, pair, size};
    use super::super::towns::quiet;
    use crate::messages::{Catalogue, Lang};
    use crate::model::TieType;

    #[test]
    fn rows_that_speak_for_two_are_shared_and_say_so() {
        let town = |both: bool| {
            let mut town = quiet();
            town.add(TieType::Family, "o20", "p50", &[("role", "spouse")]);
            if both {
                town.add(TieType::Family, "o10", "p50", &[("role", "sibling")]);
            }
            town.add(TieType::Ownership, "p50", "c-g1", &[("share", "30")]);
            outcome(&town)
        };
        let (alone, both) = (town(false), town(true));
        assert_eq!(size(&alone, "o20", "shared"), 0.0);
        for official in ["o20", "o10"] {
            assert!(size(&both, official, "shared") < -0.1, "{official}");
        }
        assert!(log_odds(&both, "o20") < log_odds(&alone, "o20"));
        let found = pair(&both, "o20", "g1").unwrap();
        let shared = found.factors.iter().find(|factor| factor.factor == "shared").unwrap();
        let said = Catalogue::new(Lang::En).say(&shared.says);
        assert!(said.contains("name of o10") && !shared.evidence.is_empty(), "{said}");
    }
}
