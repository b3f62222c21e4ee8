//! A period: ties that may have held in it.

use super::TieRef;
use crate::model::tie_type::Nature;
use crate::model::{Date, Day};

/// From one day to another, both counted; an open end takes everything on its side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Period {
    /// From its first day on.
    pub since: Option<Date>,
    /// Up to its last day.
    pub until: Option<Date>,
}

impl Period {
    /// Whether nothing is left out.
    pub fn is_always(self) -> bool {
        self == Self::default()
    }

    /// Whether a tie may have held on some day of the period. A state without a beginning or an end may
    /// have held before or after; what happened on a day that nobody knows is in no period.
    pub fn has(self, tie: TieRef<'_>) -> bool {
        if self.is_always() {
            return true;
        }
        let (first, last) = match tie.ty().nature() {
            Nature::State => (tie.start().map(Date::first), tie.end().map(Date::last)),
            Nature::Event => {
                let Some(start) = tie.start() else { return false };
                (Some(start.first()), Some(tie.end().unwrap_or(start).last()))
            }
        };
        let not_after = |a: Option<Day>, b: Option<Day>| a.zip(b).is_none_or(|(a, b)| a <= b);
        not_after(first, self.until.map(Date::last)) && not_after(self.since.map(Date::first), last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TieType;
    use crate::network::samples::{person, said, tie};
    use crate::network::{Builder, Network};

    fn network(ty: TieType, start: Option<&str>, end: Option<&str>) -> Network {
        let mut builder = Builder::new(None);
        ["a", "b"].into_iter().for_each(|id| builder.entity(person(id)));
        let mut tie = tie(ty, "a", "b", vec![said("r1", "s1")]).build();
        tie.start = start.and_then(|day| day.parse().ok());
        tie.claims[0].values.end = end.and_then(|day| day.parse().ok());
        builder.tie(&tie).unwrap();
        builder.build()
    }

    #[test]
    fn a_tie_is_in_every_period_in_which_it_may_have_held() {
        let year = Period { since: "2019".parse().ok(), until: "2019".parse().ok() };
        let is_in = |ty, start, end| {
            let network = network(ty, start, end);
            let tie = network.tie(network.ties().next().unwrap());
            assert!(Period::default().has(tie));
            year.has(tie)
        };
        let (state, event) = (TieType::Associate, TieType::Payment);
        for (ty, start, end, wanted) in [
            (state, None, None, true),
            (state, Some("2015"), None, true),
            (state, Some("2020-01-01"), None, false),
            (state, Some("2015"), Some("2018"), false),
            (state, None, Some("2019-01"), true),
            (event, None, None, false),
            (event, Some("2018-12-31"), None, false),
            (event, Some("2019-12-31"), None, true),
            (event, Some("2018"), Some("2019-02"), true),
        ] {
            assert_eq!(is_in(ty, start, end), wanted, "{ty} {start:?} {end:?}");
        }
    }
}
