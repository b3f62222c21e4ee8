//! Looking on while a long kernel works: how far it is, and whether it should go on.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Someone who looks on. Told the share done, in [0, 1], from any thread; answers whether to go on.
type Onlooker = dyn Fn(f64) -> bool + Send + Sync;

/// Whether somebody looks on; by default nobody does. What a kernel computes does not depend on it.
#[derive(Clone, Default)]
pub struct Watch(Option<Arc<Onlooker>>);

impl Watch {
    /// A watch that tells `onlooker` how far the work is; it stops when told `false`.
    pub fn new(onlooker: impl Fn(f64) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(onlooker)))
    }

    /// A count of `jobs` jobs on this watch.
    pub(crate) fn over(&self, jobs: usize) -> Count<'_> {
        Count { watch: self, jobs, done: AtomicUsize::new(0), stopped: AtomicBool::new(false) }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Watch(somebody)" } else { "Watch(nobody)" })
    }
}

/// Whoever looks on, the work is the same.
impl PartialEq for Watch {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// Jobs done so far, counted by all threads.
pub(crate) struct Count<'w> {
    watch: &'w Watch,
    jobs: usize,
    done: AtomicUsize,
    stopped: AtomicBool,
}

impl Count<'_> {
    /// Says that one more job is done.
    pub(crate) fn one_done(&self) {
        let Some(onlooker) = &self.watch.0 else { return };
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !onlooker(done as f64 / self.jobs.max(1) as f64) {
            self.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the rest of the jobs should be left.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_onlooker_hears_how_far_it_is_and_can_stop_it() {
        let nobody = Watch::default();
        let count = nobody.over(2);
        count.one_done();
        assert!(!count.is_stopped());
        let watch = Watch::new(|share| share < 0.6);
        let count = watch.over(4);
        count.one_done();
        count.one_done();
        assert!(!count.is_stopped());
        count.one_done();
        assert!(count.is_stopped());
    }
}
