//! What all pairs of a gang rest on: its side, its money and its contacts.
//!
//! Nothing of it depends on who is asked about. So it is found out before anybody is, and of a network that is asked
//! again and again ([`Ready`](super::Ready)) once of each gang.

use std::collections::{BTreeMap, BTreeSet};

use super::circles::Circles;
use super::contact::Margins;
use super::contacts::{Dinners, ToGang, dinners, with_gang};
use super::globals::Globals;
use super::raids::met_who_met;
use super::runs::Traced;
use super::side::Side;
use super::weights::Weights;
use crate::model::TieType;
use crate::network::NodeIx;
use crate::network::ball::Ball;

/// What is found out of one gang before anybody is asked about.
#[derive(Debug)]
pub(super) struct Basis {
    pub side: Side,
    pub traced: Traced,
    /// Contacts with the gang's people, by who had them.
    pub to_gang: BTreeMap<NodeIx, Vec<ToGang>>,
    /// Who may have been in contact with any of these; nothing of a part.
    pub met: Option<BTreeSet<NodeIx>>,
    pub dinners: Dinners,
    pub margins: Margins,
    /// How many tests of chance the gang's records allow.
    pub tests: usize,
}

impl Basis {
    /// Finds it out of a ball. `circles` are those of its officials: who stands near one is no member that no list has.
    pub fn of(ball: &Ball<'_>, circles: &Circles<'_>, globals: &Globals, weights: &Weights) -> Self {
        let side = Side::of(ball, circles, globals, weights);
        let (traced, (to_gang, met)) = rayon::join(
            || Traced::of(ball, &side, weights),
            || {
                let to_gang = with_gang(ball, &side);
                let met = met_who_met(ball, &side, &to_gang);
                (to_gang, met)
            },
        );
        let (dinners, margins) = (dinners(ball, &side), Margins::of(ball, &side, globals));
        let tests = tests(ball, &side);
        Self { side, traced, to_gang, met, dinners, margins, tests }
    }

    /// Of whom it matters in whose circles they stand: whoever was in contact with the gang's people, and these.
    pub fn about(&self) -> impl Iterator<Item = NodeIx> + '_ {
        self.to_gang.keys().chain(self.side.people.keys()).copied()
    }
}

/// How many tests of chance a gang's records allow: his decisions always, kin where it has companies,
/// warnings where it was raided, reports where some are about it.
fn tests(ball: &Ball<'_>, side: &Side) -> usize {
    let reported = side.nodes().any(|node| ball.ties(node, &[TieType::About]).next().is_some());
    1 + usize::from(!side.fronts.is_empty()) + usize::from(!side.raids.is_empty()) + usize::from(reported)
}
