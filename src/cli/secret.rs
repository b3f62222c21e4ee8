//! A password that is typed at the terminal and not seen there.

#[cfg(unix)]
use std::fs::File;
use std::io;

#[cfg(unix)]
use std::{
    io::{BufRead, BufReader, Write},
    sync::{Mutex, PoisonError},
};

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// The terminal as it was, while it shows nothing.
#[cfg(unix)]
static HIDING: Mutex<Option<(File, Termios)>> = Mutex::new(None);

/// Asks on the terminal, whatever stdout is, and reads a line without showing it.
#[cfg(unix)]
pub(crate) fn ask(question: &str) -> io::Result<String> {
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let mut hiding = before.clone();
    hiding.local_modes.remove(LocalModes::ECHO);
    hiding.local_modes.insert(LocalModes::ECHONL);
    *HIDING.lock().unwrap_or_else(PoisonError::into_inner) = Some((terminal.try_clone()?, before));
    tcsetattr(&terminal, OptionalActions::Flush, &hiding)?;
    let mut line = String::new();
    let read = write!(terminal, "{question} ").and_then(|()| BufReader::new(&terminal).read_line(&mut line));
    show_again();
    read.map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Lets the terminal show again what is typed, where it was kept from it; also when the program is broken off.
#[cfg(unix)]
pub(crate) fn show_again() {
    if let Some((terminal, before)) = HIDING.lock().unwrap_or_else(PoisonError::into_inner).take() {
        // A terminal that is gone shows nothing.
        let _ = tcsetattr(&terminal, OptionalActions::Now, &before);
    }
}

#[cfg(not(unix))]
pub(crate) fn ask(_question: &str) -> io::Result<String> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
pub(crate) fn show_again() {}
