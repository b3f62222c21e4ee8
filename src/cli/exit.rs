//! Exit codes with names, and what can go wrong.

use std::process::ExitCode;

use parasol::messages::Catalogue;
use parasol::model::Message;
use parasol::tasks::TaskError;

use super::session;

/// How a command ended; the codes are a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failure = 1,
    Usage = 2,
    Nothing = 3,
    Rejected = 4,
    Damaged = 5,
    Busy = 6,
    NotPermitted = 7,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What went wrong, for a tired person: what happened, and what to do next.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) exit: Exit,
    pub(crate) what: Message,
    pub(crate) hint: Option<Message>,
    /// Nobody reads our output any more (`| head`): not a failure.
    pub(crate) closed_pipe: bool,
}

impl Problem {
    pub(crate) fn new(exit: Exit, what: Message) -> Self {
        Self { exit, what, hint: None, closed_pipe: false }
    }

    pub(crate) fn usage(what: Message) -> Self {
        Self::new(Exit::Usage, what)
    }

    pub(crate) fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Whether its hint names who may have been meant.
    pub(crate) fn names_somebody(&self) -> bool {
        self.hint.as_ref().is_some_and(|hint| hint.key == "hint-near")
    }

    /// The problem in words, with its hint.
    pub(crate) fn say(&self, catalogue: &Catalogue) -> Vec<String> {
        let error = format!("{} {}", catalogue.text("error"), catalogue.say(&self.what));
        let hint =
            self.hint.as_ref().map(|hint| format!("{} {}", catalogue.text("hint"), catalogue.say(hint)));
        std::iter::once(error).chain(hint).collect()
    }
}

impl From<std::io::Error> for Problem {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let exit = match error.kind() {
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => Exit::NotPermitted,
            _ => Exit::Failure,
        };
        let closed_pipe = error.kind() == Kind::BrokenPipe;
        Self { closed_pipe, ..Self::new(exit, Message::new("error-io").because(&error)) }
    }
}

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        let exit = match error.class() {
            parasol::tasks::Class::Failure => Exit::Failure,
            parasol::tasks::Class::Usage => Exit::Usage,
            parasol::tasks::Class::Nothing => Exit::Nothing,
            parasol::tasks::Class::Rejected => Exit::Rejected,
            parasol::tasks::Class::Damaged => Exit::Damaged,
            parasol::tasks::Class::Busy => Exit::Busy,
            parasol::tasks::Class::NotPermitted => Exit::NotPermitted,
            parasol::tasks::Class::Interrupted => Exit::Interrupted,
        };
        Self { hint: error.hint(), ..Self::new(exit, error.message()) }
    }
}

/// Says a problem before there is a session to say it in.
#[allow(clippy::print_stderr)] // beside `out` and `session` the one place that prints
pub(crate) fn report_early(problem: &Problem) -> ExitCode {
    let catalogue = Catalogue::new(session::lang_before_parsing(std::env::args_os()));
    for line in problem.say(&catalogue) {
        eprintln!("{line}");
    }
    problem.exit.into()
}
