//! Statistics put right by what a change touched are those that are taken anew.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::after::{Before, Touched};
use super::cases::{Case, a_source, cases, cast, change, stored};
use super::laid_tests::related;
use super::statistics::{Aside, Doubles, Taken};
use crate::model::{Access, Handling, Id, Record, Relation, Statement, Step, TieType};
use crate::network::Extent;
use crate::store::Store;
use crate::store::promises::samples::step;
use crate::tasks::open;

/// Some of the cast anew, some of whom nobody knew, and with `seals` a source that is sealed from now on.
fn more(draws: &[u8], seals: bool) -> Vec<Record> {
    let keep = draws.iter().cycle();
    let told = cast(draws).into_iter().zip(keep).filter(|(_, keep)| **keep > 170);
    let mut all: Vec<Record> = Vec::new();
    for (record, keep) in told {
        let Record::Statement(statement) = record else { continue };
        // Places that others have from somebody are told anew now and then alone.
        let gives = ["jurisdiction", "sector", "parent"].iter().any(|key| statement.props.contains_key(*key));
        if gives && *keep < 250 {
            continue;
        }
        let id = if keep % 3 == 0 { Id::from(format!("new-{}", statement.id)) } else { statement.id.clone() };
        all.push(Record::Statement(Statement { id, ..statement }));
    }
    if seals {
        let Record::Source(source) = a_source(0) else { return all };
        all.push(Record::Source(crate::model::Source { handling: Handling::Sealed, ..source }));
    }
    all
}

/// Statistics, the bytes of everybody's card, and how much there is.
type All = (Taken, Vec<u8>, Extent);

fn extent(store: &dyn Store) -> Extent {
    open::network(store, &Access::default()).unwrap().extent()
}

/// What a change makes of the statistics: put right, where that can be done, and taken anew.
fn after(store: &dyn Store, records: &[Record]) -> (Option<All>, All) {
    let digest = store.read(&Access::default()).unwrap().digest();
    let (taken, cards) = Taken::from(store, &Access::default()).unwrap();
    Aside { cards, extent: extent(store) }.keep(store, &digest).unwrap();
    taken.keep(store, &digest).unwrap();
    let mut writer = store.write(&change()).unwrap();
    let mut touched = Touched::default();
    for record in records {
        let outcome = writer.put(record).unwrap();
        touched.note(record, outcome);
    }
    let before = Before::of(store, &touched).unwrap();
    let digest = writer.digest().unwrap();
    writer.finish().unwrap();
    let put_right = before.and_then(|before| before.after(store, &digest).unwrap());
    let (anew, cards) = Taken::from(store, &Access::default()).unwrap();
    let put_right = put_right.map(|(taken, aside)| (taken, aside.cards.bytes(), aside.extent));
    (put_right, (anew, cards.bytes(), extent(store)))
}

#[test]
fn statistics_put_right_are_those_taken_anew() {
    let (easy, done, met) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let config = ProptestConfig {
        cases: 96,
        max_shrink_iters: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let draws = proptest::collection::vec(any::<u8>(), 0..60);
    let law = |(case, draws, seals): (Case, Vec<u8>, u8)| {
        let [first, mut late, hub]: [Vec<Record>; 3] = case.try_into().unwrap();
        let (_folder, store) = stored(&vec![first, hub]);
        let seals = seals == 0;
        if draws.len() > 20 {
            late.splice(0..0, more(&draws, seals));
        }
        let (put_right, (anew, cards, extent)) = after(store.as_ref(), &late);
        let is_easy = draws.len() <= 20;
        // Unless nobody knows any more on which day something became known last.
        easy.set(easy.get() + i32::from(is_easy) * if put_right.is_some() { 1 } else { -9 });
        if let Some((taken, own, told)) = put_right {
            prop_assert_eq!(&taken.globals, &anew.globals);
            prop_assert_eq!(Doubles::of_pairs(&taken.doubles), Doubles::of_pairs(&anew.doubles));
            prop_assert!(own == cards, "everybody's card");
            prop_assert_eq!(told, extent);
            done.set(done.get() + usize::from(!is_easy));
            met.set(met.get() + usize::from(!anew.doubles.is_empty()));
        }
        Ok(())
    };
    TestRunner::new(config).run(&(cases(), draws, 0_u8..8), law).unwrap();
    assert!(easy.get() > 0, "rows about known people are nearly always put right");
    assert!(done.get() > 9 && met.get() > 9, "{} with new people, {} with doubles", done.get(), met.get());
}

/// A step of a case, as a source that is open tells of it.
fn a_step(id: &str, subject: &str, known: &str) -> Record {
    let (sources, recorded) = (vec!["s0".into()], known.parse().ok());
    Record::Step(Step { sources, recorded, ..step(id, subject, "opened", "2019-06-01") })
}

/// A tie that became known on a day.
fn a_tie(row: &str, (from, to): (&str, &str), known: &str) -> Record {
    let Record::Relation(tie) = related(row, TieType::Call, from, to) else { panic!("no tie") };
    Record::Relation(Relation { recorded: known.parse().ok(), ..tie })
}

/// The day known last, of whatever it is told, also where it is told no more.
#[test]
fn the_day_known_last_is_right_after_a_change_or_is_looked_for_anew() {
    let first = |last: Record| {
        let mut records: Vec<Record> = (0..4).map(a_source).collect();
        records.extend(cast(&[7]));
        records.push(last);
        records
    };
    let (of_case, tie) = (a_step("x0", "k0", "2024-05"), a_tie("r0", ("p0", "p1"), "2024-05"));
    let (p0, p1) = (("p0", "p0"), ("p0", "p1"));
    let cases = [
        // What tells a later day is put right.
        (&of_case, a_step("x1", "k1", "2024-06"), Some("2024-06")),
        (&of_case, a_tie("r1", p0, "2024-07"), Some("2024-07")),
        (&tie, a_tie("r0", ("p0", "p2"), "2024-08"), Some("2024-08")),
        (&tie, a_tie("r1", p1, "2019"), Some("2024-05")),
        // The same once more says nothing new.
        (&of_case, a_step("x0", "k0", "2024-05-20"), Some("2024-05")),
        // A word that ends the one of that day, on a day before its month ended: of another case, of other people.
        (&of_case, a_step("x0", "k1", "2024-05-20"), None),
        (&tie, a_tie("r0", p0, "2024-05-20"), None),
        (&tie, a_tie("r0", ("p2", "p3"), "2024-05-20"), None),
    ];
    for (at, (last, change, newest)) in cases.into_iter().enumerate() {
        let (_folder, store) = stored(&vec![first(last.clone())]);
        let (put_right, (_, _, extent)) = after(store.as_ref(), &[change]);
        assert_eq!(put_right.as_ref().map(|told| told.2), newest.map(|_| extent), "{at}");
        assert!(
            newest.is_none() || extent.newest == newest.and_then(|day| day.parse().ok()),
            "{at} {extent:?}"
        );
    }
}
