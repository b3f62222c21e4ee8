//! Ctrl-C while something is made that is seen whole or not at all: it ends by itself, and says what came of it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

/// Work that looks whether it was asked to end ([`asked`]), as long as this is held.
pub struct Work(());

impl Work {
    /// Begins such work.
    pub fn begin() -> Self {
        UNDER_WAY.fetch_add(1, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Asks the work under way to end. `false` when there is none, or when it was asked before: then the
/// program is to end at once.
pub fn ask() -> bool {
    !ASKED.swap(true, Ordering::SeqCst) && UNDER_WAY.load(Ordering::SeqCst) > 0
}

/// Whether the work under way should end.
pub fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
