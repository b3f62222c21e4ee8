//! Statistics put right by what a change touched are those that are taken anew.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::after::{Before, Touched};
use super::cases::{Case, cases, cast, change, stored};
use super::statistics::{Aside, Doubles, Taken};
use crate::model::{Access, Handling, Id, Record, Statement};
use crate::network::Extent;
use crate::store::Store;
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
        let Record::Source(source) = super::cases::a_source(0) else { return all };
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
    let (done, met) = (Cell::new(0), Cell::new(0));
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
        prop_assert!(put_right.is_some() || !is_easy, "rows about known people are put right");
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
    assert!(done.get() > 9 && met.get() > 9, "{} with new people, {} with doubles", done.get(), met.get());
}
