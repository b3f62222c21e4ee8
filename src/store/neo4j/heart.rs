//! The sign of life of a writer: the right to write ends by itself a minute after the last one. Batches give it by the
//! way; this gives it while a bundle is read, a file is written or somebody waits.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::batch::LEASE;
use super::query;
use super::remote::Remote;

/// How often it looks whether a sign is due.
const BEAT: Duration = Duration::from_secs(3);
/// A sign is due so long after the last one.
const DUE: Duration = Duration::from_secs(15);

/// Gives signs of life until it is dropped.
pub(super) struct Heart {
    /// When the last sign was given; held while one is under way, so that no two come in each other's way.
    last: Arc<Mutex<Instant>>,
    _until: Sender<()>,
}

/// Somebody sends, which is a sign of life itself.
pub(super) struct AtWork<'h>(MutexGuard<'h, Instant>);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        *self.0 = Instant::now();
    }
}

impl Heart {
    pub fn of(remote: Arc<Remote>, me: String) -> Self {
        let (until, ended) = channel::<()>();
        let last = Arc::new(Mutex::new(Instant::now()));
        let given = Arc::clone(&last);
        let beat = move || {
            while ended.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let Ok(mut last) = given.try_lock() else { continue };
                if last.elapsed() >= DUE {
                    let stay = query!("writer_stay").param("me", me.as_str()).param("lease", LEASE);
                    // Whether the right still holds, the next batch shows.
                    let _ = remote.driver.change(vec![stay]);
                    *last = Instant::now();
                }
            }
        };
        // Without this thread the right ends sooner, which the next batch shows.
        let _ = std::thread::Builder::new().name("parasol-heart".to_owned()).spawn(beat);
        Self { last, _until: until }
    }

    pub fn at_work(&self) -> AtWork<'_> {
        AtWork(self.last.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
