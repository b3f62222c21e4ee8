//! Much at once: one thread makes ready what comes while another takes it in.

use std::sync::mpsc::sync_channel;

use neo4rs::{Query, Row};

use super::remote::{Remote, Trouble};
use crate::store::StoreError;

/// Rows handed on at a time.
pub(super) const SOME: usize = 2_000;
/// How often so much may wait.
const WAITING: usize = 4;

/// Hands `put` what `make` gives, so much at a time and in order, while `make` goes on in a thread of its own.
pub(super) fn hand_over<T: Send>(
    at_a_time: usize,
    make: impl FnOnce(&mut dyn FnMut(T) -> Result<(), StoreError>) -> Result<(), StoreError> + Send,
    mut put: impl FnMut(T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (to, from) = sync_channel::<Vec<T>>(WAITING);
    std::thread::scope(|scope| {
        let making = scope.spawn(move || {
            let mut some = Vec::with_capacity(at_a_time);
            // Who takes them has failed, and says why.
            let send = |some: &mut Vec<T>| {
                let full = std::mem::replace(some, Vec::with_capacity(at_a_time));
                to.send(full).map_err(|_| StoreError::BrokenOff)
            };
            make(&mut |one| {
                some.push(one);
                if some.len() == at_a_time { send(&mut some) } else { Ok(()) }
            })?;
            send(&mut some)
        });
        // The receiver goes with this loop: who makes does not wait for somebody who has failed.
        let taken = from.into_iter().flatten().try_for_each(&mut put);
        let broken = || StoreError::Io("what reads has failed".to_owned());
        let made = making.join().map_err(|_| broken()).and_then(|made| made);
        taken.and(made)
    })
}

/// Puts questions one after another, and hands out what `read` makes of the rows of their answers, in order.
pub(super) fn each<T: Send>(
    remote: &Remote,
    questions: Vec<Query>,
    read: impl Fn(&Row) -> Result<T, Trouble> + Send,
    put: impl FnMut(T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let make = move |give: &mut dyn FnMut(T) -> Result<(), StoreError>| {
        questions
            .into_iter()
            .try_for_each(|question| remote.ask(question, |row| give(read(row)?).map_err(Trouble::Store)))
    };
    hand_over(SOME, make, put)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(why: &str) -> StoreError {
        StoreError::Io(why.to_owned())
    }

    #[test]
    fn all_is_handed_over_in_order() {
        for (at_a_time, all) in [(1, 0), (1, 7), (3, 7), (100, 7), (3, 1_000)] {
            let mut taken = Vec::new();
            let put = |n: usize| {
                taken.push(n);
                Ok(())
            };
            hand_over(at_a_time, |give| (0..all).try_for_each(give), put).unwrap();
            assert!(taken.into_iter().eq(0..all), "{all} by {at_a_time}");
        }
    }

    #[test]
    fn whoever_fails_says_why_and_the_other_does_not_wait() {
        let make = |give: &mut dyn FnMut(usize) -> Result<(), StoreError>| {
            (0..10).try_for_each(give)?;
            Err(failed("made"))
        };
        let why = |done: Result<(), StoreError>| done.unwrap_err().to_string();
        assert!(why(hand_over(4, make, |_| Ok(()))).contains("made"));
        // The taker fails while the maker has far more than may wait.
        let endless =
            |give: &mut dyn FnMut(usize) -> Result<(), StoreError>| (0..usize::MAX).try_for_each(give);
        let put = |n: usize| if n == 50 { Err(failed("taken")) } else { Ok(()) };
        assert!(why(hand_over(2, endless, put)).contains("taken"));
    }
}
