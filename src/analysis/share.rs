//! Work shared among threads so that who did what cannot show in the result.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// Lets the threads of the current pool take `jobs` jobs one after the other, each thread with a state of
/// its own, and gives the states that were used, in no order that means anything: whoever adds them up
/// does so in whole numbers, or in another way that order and grouping do not show in.
///
/// Unlike a parallel fold there are never more states than threads, however large they are.
pub(super) fn share<S: Send>(
    jobs: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) + Sync,
) -> Vec<S> {
    let next = AtomicUsize::new(0);
    let crew = |_| {
        let mut state = None;
        loop {
            let job = next.fetch_add(1, Ordering::Relaxed);
            if job >= jobs {
                return state;
            }
            work(state.get_or_insert_with(&start), job);
        }
    };
    let threads = rayon::current_num_threads().min(jobs);
    (0..threads).into_par_iter().with_max_len(1).filter_map(crew).collect()
}

/// What `of` says of each of `many` numbers, in order; a thread takes `at_once` of them at a time, with a
/// state of its own.
pub(super) fn map<S: Send, T: Send>(
    many: usize,
    at_once: usize,
    start: impl Fn() -> S + Sync,
    of: impl Fn(&mut S, usize) -> T + Sync,
) -> Vec<T> {
    let begin = || (start(), Vec::new());
    let states = share(many.div_ceil(at_once), begin, |(state, parts), job| {
        let places = job * at_once..((job + 1) * at_once).min(many);
        parts.push((job, places.map(|place| of(state, place)).collect::<Vec<T>>()));
    });
    let mut parts: Vec<_> = states.into_iter().flat_map(|(_, parts)| parts).collect();
    parts.sort_unstable_by_key(|&(job, _)| job);
    parts.into_iter().flat_map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_once_by_some_thread() {
        for (jobs, threads) in [(0, 2), (1, 3), (1000, 1), (1000, 3)] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let states = pool.install(|| share(jobs, Vec::new, |done, job| done.push(job)));
            assert!(states.len() <= threads);
            let mut done = states.concat();
            done.sort_unstable();
            assert_eq!(done, (0..jobs).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_map_is_in_order() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        for (many, at_once) in [(0, 4), (3, 4), (1001, 10)] {
            let squares = pool.install(|| map(many, at_once, || (), |(), place| place * place));
            assert!(squares.into_iter().eq((0..many).map(|place| place * place)));
        }
    }
}
