//! Views of one content, one for each thread.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::TaskError;
use crate::model::Access;
use crate::store::{Store, StoreError, View};

/// Views of one content.
pub(super) struct Views<'s> {
    pub first: Box<dyn View + Send + 's>,
    pub more: Vec<Box<dyn View + Send + 's>>,
}

impl<'s> Views<'s> {
    /// As many as there are threads; fewer where a change ends meanwhile, since what later views see is not
    /// what the first one sees.
    pub fn open(store: &'s dyn Store, access: &Access) -> Result<Self, StoreError> {
        Self::beside(store.read(access)?, store, access)
    }

    /// The same, with a first view that is open already.
    pub fn beside(
        first: Box<dyn View + Send + 's>,
        store: &'s dyn Store,
        access: &Access,
    ) -> Result<Self, StoreError> {
        let mut more = Vec::new();
        for _ in 1..rayon::current_num_threads() {
            let view = store.read(access)?;
            if view.edition()? == first.edition()? {
                more.push(view);
            }
        }
        Ok(Self { first, more })
    }

    /// Does so many jobs on as many threads as there are views; the answers in the order of the jobs, or the
    /// first error by that order of those met before all stopped.
    pub fn share<T: Send>(
        &mut self,
        jobs: usize,
        job: impl Fn(&dyn View, usize) -> Result<T, TaskError> + Sync,
    ) -> Result<Vec<T>, TaskError> {
        let next = AtomicUsize::new(0);
        let work = |view: &mut Box<dyn View + Send + 's>| {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= jobs {
                    return done;
                }
                let answer = job(view.as_ref(), at);
                if answer.is_err() {
                    next.store(jobs, Ordering::Relaxed);
                }
                done.push((at, answer));
            }
        };
        let mut all = std::thread::scope(|scope| {
            let others: Vec<_> = self.more.iter_mut().map(|view| scope.spawn(|| work(view))).collect();
            let mut all = work(&mut self.first);
            for other in others {
                all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        });
        all.sort_unstable_by_key(|(at, _)| *at);
        all.into_iter().map(|(_, answer)| answer).collect()
    }
}
