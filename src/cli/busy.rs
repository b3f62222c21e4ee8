//! What shows on a terminal while a command works and has nothing to say yet.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Commands that answer sooner show nothing: a line that comes and goes at once is only a flicker.
const SOON: Duration = Duration::from_millis(700);
const TICK: Duration = Duration::from_millis(250);

/// A sign of life with the time gone by, until there is something to say. Copies share it.
#[derive(Clone, Default)]
pub(crate) struct Busy(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// There was something to say, or a bar shows how far the work is.
    over: bool,
    sign: Option<ProgressBar>,
}

impl Busy {
    /// Begins to wait, saying `what`. Only once, and only where stderr is a terminal, is there anything to see.
    pub(crate) fn begin(&self, what: String) {
        let shared = Arc::clone(&self.0);
        // The thread ends with the program, or shows the sign and ends.
        std::thread::spawn(move || {
            std::thread::sleep(SOON);
            let mut state = shared.lock().unwrap_or_else(PoisonError::into_inner);
            if state.over || state.sign.is_some() {
                return;
            }
            let sign = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_message(what);
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                sign.set_style(style);
            }
            sign.enable_steady_tick(TICK);
            state.sign = Some(sign);
        });
    }

    /// There is something to say: the sign goes, and does not come again.
    pub(crate) fn end(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.over = true;
        if let Some(sign) = state.sign.take() {
            sign.finish_and_clear();
        }
    }
}
