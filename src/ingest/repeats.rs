//! Row ids that come again, remembered in little memory.
//!
//! Ten million rows must fit. Of an id 64 bits of a hash are told apart; two ids that share them (one
//! chance in 370,000 over ten million rows) would be taken for one.

use std::collections::HashMap;

use super::ids;
use super::register::Place;
use crate::fingerprints::Fingerprints;
use crate::model::{Nature, Relation, Step};

/// Tells apart events that stand twice in one file without ids.
#[derive(Default)]
pub(super) struct Repeats {
    seen: Fingerprints<6, 6>,
    again: HashMap<u64, u32>,
}

impl Repeats {
    /// Gives the second and later of equal events the ids `…-2`, `…-3`; states keep theirs.
    pub fn tell_apart(&mut self, relation: &mut Relation) {
        if relation.ty.nature() == Nature::State {
            return;
        }
        let key = ids::short(relation.row.as_str());
        if self.seen.insert(key, 0).is_none() {
            return;
        }
        let nth = self.again.entry(key).or_insert(1);
        *nth += 1;
        relation.row = ids::numbered(relation.row.as_str(), *nth).into();
    }
}

/// What the rows with ids of their own say: type and ends, in 16 bits of a hash.
#[derive(Default)]
pub(super) struct RowIds {
    seen: Fingerprints<8, 6>,
}

impl RowIds {
    /// Whether an earlier row of this id has another type or other ends.
    pub fn contradicts(&mut self, relation: &Relation) -> bool {
        let key = ids::short(relation.row.as_str());
        let ty = relation.other_type.as_deref().unwrap_or(relation.ty.code());
        let says = ids::short_of(&[ty, relation.from.as_str(), relation.to.as_str()]) as u16;
        self.seen.insert(key, says.into()).is_some_and(|said| said != u64::from(says))
    }
}

/// The roles that the ties of a row which the program wrote stand for: nearly always one, of which 48 bits of a hash are
/// kept.
#[derive(Default)]
pub(super) struct Written {
    first: Fingerprints<12, 6>,
    more: HashMap<u64, Vec<u64>>,
}

impl Written {
    /// The how manyth role among those of its row id a tie has; 0 is the first.
    pub fn nth(&mut self, tie: &Relation) -> u32 {
        const KEPT: u64 = u64::MAX >> 16;
        let role = tie.role.as_deref();
        let says =
            ids::short_of(&[if role.is_some() { "role" } else { "" }, role.unwrap_or_default()]) & KEPT;
        let key = ids::short(tie.row.as_str());
        if self.first.insert(key, says).is_none_or(|first| first == says) {
            return 0;
        }
        let more = self.more.entry(key).or_default();
        let at = more.iter().position(|role| *role == says).unwrap_or_else(|| {
            more.push(says);
            more.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(u32::MAX)
    }
}

/// What steps are about, in 16 bits of a hash, and where each stands first.
#[derive(Default)]
pub(super) struct StepIds {
    seen: Fingerprints<14, 6>,
}

impl StepIds {
    /// Where an earlier step of this id stands that is about something else.
    pub fn contradicts(&mut self, step: &Step, place: Place) -> Option<Place> {
        let about = ids::short(step.subject.as_str()) as u16;
        let packed = u64::from(about) << 48 | u64::from(place.part) << 32 | u64::from(place.line);
        let was = self.seen.insert(ids::short(step.id.as_str()), packed)?;
        ((was >> 48) as u16 != about).then_some(Place { part: (was >> 32) as u16, line: was as u32 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Status, TieType, Values};

    fn post(row: &str, role: Option<&str>) -> Relation {
        Relation {
            row: row.into(),
            ty: TieType::Post,
            other_type: None,
            from: "o1".into(),
            to: "a1".into(),
            role: role.map(str::to_owned),
            start: None,
            values: Values::default(),
            status: Status::Confirmed,
            credibility: None,
            sources: Vec::new(),
            recorded: None,
        }
    }

    #[test]
    fn roles_of_one_row_are_told_apart_in_their_order() {
        let mut written = Written::default();
        let mut nth = |row: &str, role: Option<&str>| written.nth(&post(row, role));
        let said =
            [("r1", Some("科长")), ("r1", None), ("r1", Some("")), ("r1", Some("科长")), ("r1", Some(""))];
        assert_eq!(said.map(|(row, role)| nth(row, role)), [0, 1, 2, 0, 2]);
        assert_eq!([nth("r2", None), nth("r2", Some("科长"))], [0, 1]);
    }

    #[test]
    fn a_step_of_something_else_is_told_where_the_first_stands() {
        let mut steps = StepIds::default();
        let mut told = |id: &str, subject: &str, part: u16, line: u32| {
            let step = Step {
                id: id.into(),
                subject: subject.into(),
                step: "opened".to_owned(),
                date: "2020-01-01".parse().unwrap(),
                props: Default::default(),
                sources: Vec::new(),
                recorded: None,
            };
            steps.contradicts(&step, Place { part, line }).map(|place| (place.part, place.line))
        };
        assert_eq!(told("h1", "k1", 65_535, u32::MAX), None);
        assert_eq!(told("h1", "k1", 2, 9), None);
        assert_eq!(told("h1", "k2", 3, 11), Some((65_535, u32::MAX)));
        assert_eq!(told("h2", "k2", 3, 12), None);
    }
}
