//! What every command shares: the options, the language, the streams.

use std::cell::RefCell;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use parasol::messages::{Catalogue, Lang};
use parasol::model::{Access, Layer, Level, Message};
use parasol::store::Store;
use parasol::tasks::{self, TaskError, Watches};

use super::args::Global;
use super::busy::{Bar, Busy};
use super::exit::{Exit, Problem};
use super::out::Out;
use super::secret;

const DEFAULT_STORE: &str = "parasol.db";

/// One run of the program.
pub(crate) struct Session {
    pub(crate) global: Global,
    pub(crate) catalogue: Catalogue,
    /// The language of sentences inside JSON: English unless `--lang` is given.
    pub(crate) json_catalogue: Catalogue,
    pub(crate) out: Out,
    /// What shows until there is something to say.
    pub(crate) busy: Busy,
    /// The store without `--store`. `report` does not look at it: a bundle that lands in another case
    /// because of a forgotten variable would mix two cases.
    usual_store: String,
    /// Who has a password by now, on which server: a password goes to one server, and there to one user.
    unlocked: RefCell<Vec<String>>,
}

/// On Ctrl-C an import takes back what it began, or is in, and says which; all else ends at once. The
/// second time everything ends at once: what is half done then was never seen.
#[allow(clippy::print_stderr)]
fn on_ctrl_c(lang: Lang, quiet: bool) {
    let _ = ctrlc::set_handler(move || {
        if tasks::interrupt::ask() {
            if !quiet {
                eprintln!("{}", Catalogue::new(lang).text("breaking-off"));
            }
            return;
        }
        tasks::files::clean_up();
        secret::show_again();
        if !quiet {
            eprintln!("\n{}", Catalogue::new(lang).text("broken-off"));
        }
        std::process::exit(Exit::Interrupted as i32);
    });
}

/// A server's address with the user and the database that were named beside it.
fn on_server(global: &Global, address: &str) -> String {
    let Some((scheme, place)) = address.split_once("://") else { return address.to_owned() };
    let user = global.user.as_deref().filter(|_| !place.contains('@'));
    let user = user.map_or_else(String::new, |user| format!("{user}@"));
    let database = global.database.as_deref().filter(|_| !place.trim_end_matches('/').contains('/'));
    let database = database.map_or_else(String::new, |database| format!("/{database}"));
    format!("{scheme}://{user}{}{database}", place.trim_end_matches('/'))
}

/// Asks whoever sits at the terminal for a password; where nobody does, it must be in a file.
fn typed(who: &str, lang: Lang) -> Result<String, Problem> {
    let nobody = || Problem::usage(Message::new("error-password-file").text("address", who));
    if !std::io::stdin().is_terminal() {
        return Err(nobody());
    }
    let question = Catalogue::new(lang).say(&Message::new("ask-password").text("address", who));
    secret::ask(&question).map_err(|_| nobody())
}

impl Session {
    pub(crate) fn new(global: &Global) -> Result<Self, Problem> {
        let asked = global.lang.as_deref().and_then(Lang::from_tag);
        let lang = asked.unwrap_or_else(lang_of_environment);
        if let Some(threads) = global.threads {
            // A second call in one process is the only way this can fail: the first one holds.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        }
        on_ctrl_c(lang, global.quiet);
        let busy = Busy::default();
        let mut global = global.clone();
        let usual = std::env::var("PARASOL_STORE").ok().filter(|store| !store.is_empty());
        let usual_store = on_server(&global, &usual.unwrap_or_else(|| DEFAULT_STORE.to_owned()));
        global.store = global.store.as_ref().map(|store| on_server(&global, store));
        Ok(Self {
            global: global.clone(),
            catalogue: Catalogue::new(lang),
            json_catalogue: Catalogue::new(asked.unwrap_or(Lang::En)),
            out: Out::new(busy.clone()),
            busy,
            usual_store,
            unlocked: RefCell::default(),
        })
    }

    /// The store's address.
    pub(crate) fn store(&self) -> &str {
        self.global.store.as_deref().unwrap_or(&self.usual_store)
    }

    /// An address that was named beside `--store`, with the user and the database of a server's.
    pub(crate) fn address(&self, named: &str) -> Result<String, Problem> {
        let address = on_server(&self.global, named);
        self.unlock(&address)?;
        Ok(address)
    }

    /// Reads the password for the store, if that is on a server.
    pub(crate) fn unlock_store(&self) -> Result<(), Problem> {
        self.unlock(self.store())
    }

    /// Reads the password for a server. Who names a user names a password: an empty one would be a wrong try. The
    /// files stand in the order in which servers come: the store, then what is named beside it.
    fn unlock(&self, address: &str) -> Result<(), Problem> {
        if !parasol::store::is_server(address) {
            return Ok(());
        }
        let who = parasol::store::asks(address).map_err(TaskError::from)?;
        if address.split("://").next().is_some_and(|scheme| scheme.ends_with("+ssc")) {
            self.tell(&Message::new("warn-certificate"));
        }
        let Some(who) = who.filter(|who| !self.unlocked.borrow().contains(who)) else { return Ok(()) };
        let password = match self.global.password_file.get(self.unlocked.borrow().len()) {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(TaskError::file(path))?;
                text.lines().next().unwrap_or_default().to_owned()
            }
            None => typed(&who, self.catalogue.lang())?,
        };
        self.unlocked.borrow_mut().push(who);
        parasol::store::unlock(address, password).map_err(TaskError::from)?;
        Ok(())
    }

    /// Inputs as they were named; servers among them as [`Self::address`] says.
    pub(crate) fn inputs(&self, named: &[PathBuf]) -> Result<Vec<PathBuf>, Problem> {
        let each = named.iter().map(|path| match path.to_str() {
            Some(address) if parasol::store::is_server(address) => Ok(self.address(address)?.into()),
            _ => Ok(path.clone()),
        });
        each.collect()
    }

    /// Opens the store to read. With `--as-of`, says how much can be in no such view for want of a day.
    pub(crate) fn open(&self) -> Result<Box<dyn Store>, Problem> {
        let store = tasks::open::reader(self.store())?;
        if self.global.as_of.is_some() {
            let access = self.access(Level::Case);
            let view = store.read(&access).map_err(TaskError::from)?;
            let undated = tasks::open::info(store.as_ref(), view.as_ref(), &access)?.undated;
            if undated > 0 {
                self.tell(&Message::new("as-of-undated").count("count", undated as usize));
            }
        }
        Ok(store)
    }

    /// Who reads, at the level that `--withhold` says or else at `level`.
    pub(crate) fn access(&self, level: Level) -> Access {
        let level = self.global.withhold.unwrap_or(level);
        Access { level, as_of: self.global.as_of, ..Access::default() }
    }

    /// The layers asked for, if any.
    pub(crate) fn layers(&self) -> Option<&[Layer]> {
        Some(self.global.layers.as_slice()).filter(|layers| !layers.is_empty())
    }

    /// The catalogue for sentences in what is printed.
    pub(crate) fn words(&self) -> &Catalogue {
        if self.global.json { &self.json_catalogue } else { &self.catalogue }
    }

    /// A sentence on stderr.
    #[allow(clippy::print_stderr)]
    pub(crate) fn tell(&self, message: &Message) {
        self.busy.end();
        if !self.global.quiet {
            eprintln!("{}", self.catalogue.say(message));
        }
    }

    /// Says where a file went.
    pub(crate) fn written(&mut self, path: &Path) -> Result<(), Problem> {
        let path = path.display().to_string();
        if self.global.json {
            return self.out.json(&serde_json::json!({ "written": path }));
        }
        self.tell(&Message::new("written").text("path", path));
        Ok(())
    }

    /// Says what went wrong and gives the exit code.
    #[allow(clippy::print_stderr)]
    pub(crate) fn fail(&self, problem: &Problem) -> Exit {
        self.busy.end();
        if problem.closed_pipe {
            return Exit::Done;
        }
        for line in problem.say(&self.catalogue) {
            eprintln!("{line}");
        }
        problem.exit
    }

    /// Whether progress is to be seen: on a terminal, unless told otherwise.
    fn shows_progress(&self) -> bool {
        !self.global.no_progress && !self.global.quiet && std::io::stderr().is_terminal()
    }

    /// Shows a sign of life from now on, until there is something to say.
    pub(crate) fn work(&self, what: &str) {
        if self.shows_progress() {
            self.busy.begin(self.catalogue.text(what));
        }
    }

    /// A bar of how far some work is.
    pub(crate) fn bar(&self, what: &str) -> Bar {
        Bar::new(self.catalogue.text(what), &self.busy, self.shows_progress())
    }

    /// Those who look on while a store is opened and scored: a bar each, once there is something to show.
    pub(crate) fn watches(&self) -> Watches {
        let watch = |what| self.bar(what).watch();
        Watches { opening: watch("progress-opening"), scoring: watch("progress-umbrella") }
    }
}

/// The language for help and early errors, before the command line is parsed.
pub(crate) fn lang_before_parsing(args: impl Iterator<Item = OsString>) -> Lang {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let given = args
        .iter()
        .zip(args.iter().skip(1))
        .find(|(name, _)| *name == "--lang")
        .map(|(_, value)| value.as_str());
    let joined = args.iter().find_map(|arg| arg.strip_prefix("--lang="));
    given.or(joined).and_then(Lang::from_tag).unwrap_or_else(lang_of_environment)
}

fn lang_of_environment() -> Lang {
    ["PARASOL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty())
        .and_then(|value| Lang::from_tag(&value))
        .unwrap_or(Lang::En)
}
