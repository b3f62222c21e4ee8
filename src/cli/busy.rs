//! What shows on a terminal while a command works and has nothing to say yet.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use parasol::analysis::Watch;

/// Commands that answer sooner show nothing: a line that comes and goes at once is only a flicker.
const SOON: Duration = Duration::from_millis(700);
/// What is shown moves so often, also where nothing new is done: somebody must see that it lives.
const TICK: Duration = Duration::from_millis(250);

/// The one line that shows until there is something to say: a sign of life with the time gone by, or a bar. Copies
/// share it.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// There was something to say, or a bar shows how far the work is: no sign of life is needed.
    over: bool,
    /// What a sign of life says, once somebody waits.
    sign: Option<String>,
    shown: Option<ProgressBar>,
}

impl State {
    /// Shows this instead of what is there.
    fn show(&mut self, next: Option<ProgressBar>) {
        if let Some(before) = std::mem::replace(&mut self.shown, next) {
            before.finish_and_clear();
        }
        if let Some(shown) = &self.shown {
            shown.enable_steady_tick(TICK);
        }
    }
}

impl Busy {
    /// Begins to wait, saying `what`.
    pub(crate) fn begin(&self, what: String) {
        self.state().sign = Some(what);
        self.wait();
    }

    /// A bar is at its end, and the work may not be: back to the sign of life.
    fn go_on(&self) {
        let mut state = self.state();
        state.show(None);
        state.over = false;
        drop(state);
        self.wait();
    }

    fn wait(&self) {
        let shared = self.clone();
        // The thread ends with the program, or shows the sign and ends.
        std::thread::spawn(move || {
            std::thread::sleep(SOON);
            let mut state = shared.state();
            if let Some(what) = state.sign.clone().filter(|_| !state.over && state.shown.is_none()) {
                state.show(Some(line(None, what, "{spinner} {msg} {elapsed}")));
            }
        });
    }

    /// There is something to say: what shows goes, and no sign of life comes again.
    pub(crate) fn end(&self) {
        self.show(None);
    }

    fn show(&self, bar: Option<ProgressBar>) {
        let mut state = self.state();
        state.over = true;
        state.show(bar);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn line(total: Option<u64>, what: String, template: &str) -> ProgressBar {
    let line = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_message(what);
    match ProgressStyle::with_template(template) {
        Ok(style) => line.with_style(style.with_key("left", left)),
        Err(_) => line,
    }
}

/// The time left, as soon as enough is done to tell.
fn left(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    const ENOUGH: f32 = 0.05;
    if state.fraction() >= ENOUGH && state.fraction() < 1.0 {
        // Nobody is left to tell where the line cannot be written.
        let _ = write!(out, "{:#}", HumanDuration(state.eta()));
    }
}

/// A bar that comes with the first step, in place of whatever shows, and goes when there is something to say: how far
/// the work is, the time gone by, and the time left.
pub(crate) struct Bar {
    what: String,
    busy: Busy,
    /// Whether there is somebody to see it.
    is_seen: bool,
    shown: Mutex<Option<ProgressBar>>,
}

impl Bar {
    /// A bar that says `what`; not to be seen unless `is_seen`.
    pub(crate) fn new(what: String, busy: &Busy, is_seen: bool) -> Self {
        Self { what, busy: busy.clone(), is_seen, shown: Mutex::default() }
    }

    /// So much of the work is done.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if !self.is_seen {
            return;
        }
        let mut shown = self.shown();
        let bar = shown.get_or_insert_with(|| {
            let bar = line(Some(total), self.what.clone(), "{msg} {wide_bar} {percent}% {elapsed} {left}");
            self.busy.show(Some(bar.clone()));
            bar
        });
        bar.set_length(total.max(1));
        bar.set_position(done);
    }

    /// From now on it says this.
    pub(crate) fn say(&self, what: String) {
        if let Some(bar) = self.shown().as_ref() {
            bar.set_message(what);
        }
    }

    /// Somebody who looks on with this bar while a kernel works, in one pass or several. Ctrl-C needs nobody who looks:
    /// it ends the program.
    pub(crate) fn watch(self) -> Watch {
        const STEPS: u64 = 1000;
        if !self.is_seen {
            return Watch::default();
        }
        let last = AtomicU64::new(u64::MAX);
        Watch::new(move |share| {
            let step = (share.clamp(0.0, 1.0) * STEPS as f64) as u64;
            if last.swap(step, Ordering::Relaxed) == step {
                return true;
            }
            self.at(step, STEPS);
            if step == STEPS && self.shown().take().is_some() {
                self.busy.go_on();
            }
            true
        })
    }

    fn shown(&self) -> MutexGuard<'_, Option<ProgressBar>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
