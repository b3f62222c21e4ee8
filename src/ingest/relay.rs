//! Checking on one thread, taking on another: what comes out is handed over in batches, in order.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::IngestError;
use super::notice::Notice;
use super::read::{Sink, SinkError, Summary};
use super::reason::{Origin, Rejected};
use crate::model::Record;

/// What a sink is told, one at a time.
#[allow(clippy::large_enum_variant)] // nearly all are records; a box for each would cost more
enum Told {
    Record(Origin, Record),
    Rejected(Rejected),
    Notice(Notice),
    Progress(u64, u64),
}

/// Told at once: few enough that progress moves and memory stays small.
const BATCH: usize = 128;
/// Batches under way.
const UNDER_WAY: usize = 16;

/// Runs the work on a thread of its own and tells the sink, on this thread, all that comes out.
/// If the sink fails the work is broken off, and the sink's error is the outcome.
pub(super) fn relay(
    sink: &mut dyn Sink,
    work: impl FnOnce(&mut dyn Sink) -> Result<Summary, IngestError> + Send,
) -> Result<Summary, IngestError> {
    let (to, from) = sync_channel(UNDER_WAY);
    std::thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let mut sender = Sender { to, batch: Vec::with_capacity(BATCH) };
            let summary = work(&mut sender)?;
            sender.flush()?;
            Ok(summary)
        });
        let told = tell(from, sink);
        let summary = worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        told?;
        summary
    })
}

/// Tells the sink everything; the receiver is dropped when it fails, which breaks the work off.
fn tell(from: Receiver<Vec<Told>>, sink: &mut dyn Sink) -> Result<(), SinkError> {
    for told in from.into_iter().flatten() {
        match told {
            Told::Record(origin, record) => sink.record(&origin, record)?,
            Told::Rejected(rejected) => sink.rejected(rejected)?,
            Told::Notice(notice) => sink.notice(notice),
            Told::Progress(done, total) => sink.progress(done, total)?,
        }
    }
    Ok(())
}

/// The sink on the working side.
struct Sender {
    to: SyncSender<Vec<Told>>,
    batch: Vec<Told>,
}

impl Sender {
    fn tell(&mut self, told: Told) -> Result<(), SinkError> {
        self.batch.push(told);
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.to.send(batch).map_err(|_| SinkError("nobody takes the records any more".into()))
    }
}

impl Sink for Sender {
    fn record(&mut self, origin: &Origin, record: Record) -> Result<(), SinkError> {
        self.tell(Told::Record(origin.clone(), record))
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), SinkError> {
        self.tell(Told::Rejected(rejected))
    }

    fn notice(&mut self, notice: Notice) {
        // If nobody listens any more, the next record says so.
        let _ = self.tell(Told::Notice(notice));
    }

    fn progress(&mut self, done: u64, total: u64) -> Result<(), SinkError> {
        self.tell(Told::Progress(done, total))?;
        self.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many records and then no more.
    struct Few(u32);

    impl Sink for Few {
        fn record(&mut self, _: &Origin, _: Record) -> Result<(), SinkError> {
            Ok(())
        }

        fn rejected(&mut self, _: Rejected) -> Result<(), SinkError> {
            Ok(())
        }

        fn notice(&mut self, _: Notice) {}

        fn progress(&mut self, _: u64, _: u64) -> Result<(), SinkError> {
            self.0 = self.0.checked_sub(1).ok_or_else(|| SinkError("full".into()))?;
            Ok(())
        }
    }

    #[test]
    fn a_sink_that_fails_breaks_the_work_off_with_its_own_error() {
        let outcome = relay(&mut Few(3), |sink| {
            loop {
                sink.progress(1, 2)?;
            }
        });
        assert_eq!(outcome.unwrap_err().to_string(), "full");
        let done = relay(&mut Few(3), |sink| {
            sink.progress(1, 2)?;
            Ok(Summary::default())
        });
        assert_eq!(done.unwrap(), Summary::default());
    }
}
