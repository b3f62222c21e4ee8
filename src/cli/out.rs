//! The two streams: data to stdout, talk to stderr.

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;

use super::busy::Busy;
use super::exit::Problem;

/// Where data goes. Nothing else is written to stdout.
pub(crate) struct Out {
    stdout: BufWriter<Stdout>,
    /// Ends when there is something to say.
    busy: Busy,
}

impl Out {
    pub(crate) fn new(busy: Busy) -> Self {
        Self { stdout: BufWriter::new(io::stdout()), busy }
    }

    /// One JSON document on a line.
    pub(crate) fn json(&mut self, document: &impl Serialize) -> Result<(), Problem> {
        self.busy.end();
        serde_json::to_writer(&mut self.stdout, document).map_err(io::Error::from)?;
        Ok(self.stdout.write_all(b"\n")?)
    }

    /// A line of text.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> Result<(), Problem> {
        self.busy.end();
        self.stdout.write_all(text.as_ref().as_bytes())?;
        Ok(self.stdout.write_all(b"\n")?)
    }

    /// Bytes as they are (completions, a manual page).
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        Ok(self.stdout.write_all(bytes)?)
    }

    pub(crate) fn flush(&mut self) -> Result<(), Problem> {
        Ok(self.stdout.flush()?)
    }
}

/// Whether stdout is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}
