//! Many rows at once: one thread makes sense of what comes while another puts it into tables.

use std::sync::mpsc::sync_channel;

use neo4rs::{Query, Row};

use super::remote::{Remote, Trouble};
use crate::store::StoreError;

/// Rows handed on at a time.
const SOME: usize = 2_000;
/// How often so many may wait.
const WAITING: usize = 4;

/// Puts questions one after another, and hands out what `read` makes of the rows of their answers, in order.
pub(super) fn each<T: Send>(
    remote: &Remote,
    questions: Vec<Query>,
    read: impl Fn(&Row) -> Result<T, Trouble> + Send,
    mut put: impl FnMut(T) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let (to, from) = sync_channel::<Vec<T>>(WAITING);
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut some = Vec::with_capacity(SOME);
            // Who takes them has failed, and says why.
            let send = |some: &mut Vec<T>| {
                let full = std::mem::replace(some, Vec::with_capacity(SOME));
                to.send(full).map_err(|_| StoreError::BrokenOff)
            };
            for question in questions {
                remote.ask(question, |row| {
                    some.push(read(row)?);
                    if some.len() == SOME { send(&mut some).map_err(Trouble::Store) } else { Ok(()) }
                })?;
            }
            send(&mut some)
        });
        // The receiver goes with this loop: who reads does not wait for somebody who has failed.
        let taken = from.into_iter().flatten().try_for_each(&mut put);
        let broken = || StoreError::Io("what reads has failed".to_owned());
        let read = reading.join().map_err(|_| broken()).and_then(|read| read);
        taken.and(read)
    })
}
