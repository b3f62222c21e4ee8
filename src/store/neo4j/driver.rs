//! The one place that speaks Bolt: a runtime of its own, our own time-outs, and errors sorted by what can be done.
//!
//! The driver's code runs in tasks of that runtime. Where it panics (it does on answers that no Bolt server gives),
//! the task ends and the caller gets an error; what makes it abort the process cannot be caught (`docs/NEO4J.md`).

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use neo4rs::{Config, ConfigBuilder, Error, Graph, Neo4jErrorKind, Query, Row, Txn};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::mpsc;

use super::address::Address;
use crate::store::StoreError;

/// How long a connection may take to be made, with its greeting, and a transaction to begin or be taken back.
const GREETING: Duration = Duration::from_secs(15);
/// How long a server may take for one answer, also to a commit.
const ANSWER: Duration = Duration::from_secs(300);
/// Rows asked for, and handed on, at a time.
const FETCH: usize = 2_000;
/// Connections at most: views on several threads, and one that is asked within another's answer.
const CONNECTIONS: usize = 16;
/// What the threads are called that the driver runs in.
const THREADS: &str = "parasol-bolt";
/// A question is put so often before it is given up.
const TRIES: u32 = 4;
/// What is under way: a server that fell over takes a minute to be back, and one that was silent for longer than that
/// (its machine stood still) is asked once more.
pub(super) const PATIENCE: Patience = Patience { lasts: Duration::from_secs(180), tries: 2 };
/// What begins or ends: a cluster needs some seconds to find who leads.
pub(super) const MOMENT: Patience = Patience { lasts: Duration::from_secs(5), tries: 1 };

/// How long something that fails is tried again, and how often at least, however long each try takes.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    pub lasts: Duration,
    pub tries: u32,
}

impl Patience {
    /// Of what was sent so often.
    pub fn is_over(self, since: Instant, tries: u32) -> bool {
        tries >= self.tries && self.has_passed(since)
    }

    /// Of what is only waited for.
    pub fn has_passed(self, since: Instant) -> bool {
        since.elapsed() >= self.lasts
    }

    /// The same for what is worth another try, however long the first one took.
    pub const fn twice(self) -> Self {
        Self { tries: 2, ..self }
    }
}

/// What failed, by what can be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Another try may succeed. Where it came at a commit, nobody knows yet whether the commit was made.
    Passing(String),
    /// The same, and there was no answer in time: what was begun may still be under way.
    Silent(String),
    /// It took longer than the server lets it: another try may succeed, and if not, less at once may.
    TooLong(String),
    /// Too much at once for the server's memory: less may succeed.
    TooMuch(String),
    /// The server does not take this user or his password. Never tried again: servers lock those out who do.
    Denied(String),
    /// The server has no such database.
    NoDatabase(String),
    /// It may be read but not written.
    ReadOnly,
    /// A member of a cluster that may be read but not written: another one may be.
    Follows,
    /// No room on the server's disk.
    Full,
    /// What answers is no Bolt server, or the driver broke on its answer.
    Broken(String),
    /// Another writer has taken over.
    Overtaken,
    /// Anything else: the server's own words.
    Other(String),
}

impl Fault {
    pub fn at(self, address: &Address) -> StoreError {
        let place = || address.shown().into();
        match self {
            Self::Passing(why) | Self::Silent(why) | Self::TooLong(why) | Self::Broken(why) => {
                StoreError::Unreachable(format!("{}: {why}", address.shown()))
            }
            Self::Denied(why) => StoreError::Denied(why),
            Self::NoDatabase(_) => StoreError::Missing(place()),
            Self::ReadOnly | Self::Follows => StoreError::ReadOnly(place()),
            Self::Full => StoreError::Full(place()),
            Self::Overtaken => StoreError::Busy("another writer has taken over".to_owned()),
            Self::TooMuch(why) | Self::Other(why) => StoreError::Io(why),
        }
    }

    /// Whether another try may succeed.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Passing(_) | Self::Silent(_) | Self::TooLong(_) | Self::Follows)
    }

    /// What took too long twice is too much at once.
    pub fn after(self, tries: u32) -> Self {
        match self {
            Self::TooLong(why) if tries > 0 => Self::TooMuch(why),
            other => other,
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match &error {
            Error::AuthenticationError(said) => by_greeting(said, text),
            // A server of Bolt has a code for whatever fails.
            Error::Neo4j(said) if said.code().is_empty() => Self::Broken(text),
            Error::Neo4j(said) => by_code(said.code(), said.kind(), text),
            Error::IOError { detail } if detail.kind() == std::io::ErrorKind::InvalidData => {
                Self::Denied(text)
            }
            // The driver has the limit of an answer, too, and may be first to see it pass.
            Error::ConnectionTimedOut => Self::Silent(text),
            Error::IOError { .. }
            | Error::ConnectionError
            | Error::IncompleteBoltExchange
            | Error::Ignored(_)
            | Error::RequestIgnoredError
            | Error::ServerUnavailableError(_)
            | Error::UnexpectedMessage(_) => Self::Passing(text),
            Error::ProtocolMismatch(_)
            | Error::ConversionError
            | Error::DeserializationError(_)
            | Error::UnsupportedVersion(..)
            | Error::UnknownMessage(_)
            | Error::UnknownType(_)
            | Error::InvalidTypeMarker(_) => Self::Broken(text),
            _ => Self::Other(text),
        }
    }
}

/// What a greeting failed with, of which the driver keeps the words alone. Whatever is not known to be something else
/// is about the password, and is never tried again.
fn by_greeting(said: &str, text: String) -> Fault {
    const NOT_READY: [&str; 6] = [
        "unavailable",
        "not currently available",
        "shutting down",
        "starting",
        "insufficient threads",
        "too many connections",
    ];
    let said = said.to_lowercase();
    if NOT_READY.iter().any(|words| said.contains(words)) {
        Fault::Passing(text)
    } else {
        Fault::Denied(text)
    }
}

/// Servers' codes: those of Neo4j, and what ArcadeDB says in their place.
fn by_code(code: &str, kind: Neo4jErrorKind, text: String) -> Fault {
    let ends = |end: &str| code.ends_with(end);
    match () {
        () if code.contains("MemoryPoolOutOfMemory") || ends("OutOfMemoryError") => Fault::TooMuch(text),
        () if ends("DatabaseNotFound") => Fault::NoDatabase(text),
        () if ends("ForbiddenOnReadOnlyDatabase") || ends("WriteOnReadOnlyAccessDatabase") => Fault::Follows,
        () if ends("Security.Forbidden") || ends("Statement.AccessMode") => Fault::ReadOnly,
        () if code.contains(".Security.") => Fault::Denied(text),
        () if text.contains("No space left") => Fault::Full,
        // 4.4 has no word of its own for a limit that the server's administrator set.
        () if ends("TransactionTimedOut") || ends("TransactionTimedOutClientConfiguration") => {
            Fault::TooLong(text)
        }
        () if ends("NotALeader") || ends("SessionExpired") => Fault::Passing(text),
        () if kind == Neo4jErrorKind::Transient => Fault::Passing(text),
        () if text.contains("forwarding command to leader") => Fault::Passing(text),
        () => Fault::Other(text),
    }
}

/// The members of a cluster, or one server, and which of them is asked.
struct Members {
    graphs: Vec<(Config, Mutex<Graph>)>,
    at: AtomicUsize,
    /// How long a server may take for one answer.
    answer: Duration,
    runtime: Handle,
}

impl Members {
    /// Which one is asked now, with its turn.
    fn now(&self) -> Option<(usize, Graph)> {
        let turn = self.at.load(Ordering::SeqCst);
        let (_, graph) = self.graphs.get(turn % self.graphs.len().max(1))?;
        Some((turn, graph.lock().unwrap_or_else(PoisonError::into_inner).clone()))
    }

    /// Lets the connections to a member go, and with them what it still does for us: a transaction that waits for a lock
    /// would have it in the end, and nobody would give it back.
    fn part_with(&self, turn: usize) {
        let Some((config, graph)) = self.graphs.get(turn % self.graphs.len().max(1)) else { return };
        let _entered = self.runtime.enter();
        if let Ok(fresh) = Graph::connect(config.clone()) {
            *graph.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
        }
    }

    /// One that is gone, or does not lead, is not asked again: the next one is, by connections of its own.
    fn after<T>(&self, turn: usize, answer: Result<T, Fault>) -> Result<T, Fault> {
        // Who is alone follows nobody.
        let alone = |fault| if fault == Fault::Follows { Fault::ReadOnly } else { fault };
        let answer = if self.graphs.len() == 1 { answer.map_err(alone) } else { answer };
        if matches!(answer, Err(Fault::Silent(_))) {
            self.part_with(turn);
        }
        if answer.as_ref().is_err_and(Fault::may_pass) {
            // Somebody else may have gone on already.
            let _ = self.at.compare_exchange(turn, turn + 1, Ordering::SeqCst, Ordering::SeqCst);
        }
        answer
    }
}

/// Connections to a server, and the runtime that they live in.
pub(super) struct Driver {
    runtime: Option<Runtime>,
    members: Arc<Members>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // What hangs on a silent server is not waited for.
        self.runtime.take().into_iter().for_each(Runtime::shutdown_background);
    }
}

impl Driver {
    pub fn new(address: &Address) -> Result<Self, Fault> {
        Self::with(address, ANSWER)
    }

    /// With a limit of its own for one answer.
    pub fn with(address: &Address, answer: Duration) -> Result<Self, Fault> {
        let other = |why: std::io::Error| Fault::Other(why.to_string());
        hush();
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name(THREADS).enable_all().build();
        let runtime = runtime.map_err(other)?;
        let mut graphs = Vec::new();
        for uri in &address.uris {
            let mut config = ConfigBuilder::default()
                .uri(uri)
                .user(address.user.as_deref().unwrap_or_default())
                .password(address.password().unwrap_or_default())
                .fetch_size(FETCH)
                .max_connections(CONNECTIONS)
                .connection_timeout(answer)
                .max_lifetime(GREETING);
            if let Some(database) = &address.database {
                config = config.db(database.as_str());
            }
            let config = config.build().map_err(Fault::from)?;
            let graph = runtime.block_on(async { Graph::connect(config.clone()) })?;
            graphs.push((config, Mutex::new(graph)));
        }
        let (at, handle) = (AtomicUsize::new(0), runtime.handle().clone());
        let members = Arc::new(Members { graphs, at, answer, runtime: handle });
        Ok(Self { runtime: Some(runtime), members })
    }

    fn runtime(&self) -> Result<&Runtime, Fault> {
        self.runtime.as_ref().ok_or_else(|| Fault::Other("the connection is closed".to_owned()))
    }

    /// Runs a task of the driver to its end, also where that is a panic.
    fn run<T: Send + 'static>(
        &self,
        task: impl Future<Output = Result<T, Fault>> + Send + 'static,
    ) -> Result<T, Fault> {
        let runtime = self.runtime()?;
        let task = runtime.spawn(task);
        runtime.block_on(task).unwrap_or_else(|_| Err(broken()))
    }

    /// Puts a question and hands out the rows of its answer. Before the first row it is put again where another try
    /// may succeed.
    pub fn each<E: From<Fault>>(
        &self,
        question: &Query,
        mut each: impl FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let (to, mut from) = mpsc::channel::<Vec<Row>>(2);
        let task = self.runtime()?.spawn(ask(Arc::clone(&self.members), question.clone(), to));
        while let Some(rows) = from.blocking_recv() {
            for row in &rows {
                each(row)?;
            }
        }
        self.runtime()?.block_on(task).unwrap_or_else(|_| Err(broken()))?;
        Ok(())
    }

    /// Runs statements in one transaction; its first must give a row, else nothing is done and the writer is
    /// overtaken. Gives the rows of the last one. Not tried again: only the caller knows whether it was done.
    pub fn change(&self, statements: Vec<Query>) -> Result<Vec<Row>, Fault> {
        self.change_and(statements, None)
    }

    /// The same with a statement after the last one, whose rows nobody asks for.
    pub fn change_and(&self, statements: Vec<Query>, after: Option<Query>) -> Result<Vec<Row>, Fault> {
        let (turn, graph) = self.members.now().ok_or_else(broken)?;
        self.members.after(turn, self.run(change(graph, self.members.answer, statements, after)))
    }

    /// Runs one statement by itself, for what changes the schema.
    pub fn schema(&self, statement: Query) -> Result<(), Fault> {
        let (turn, graph) = self.members.now().ok_or_else(broken)?;
        let limit = self.members.answer;
        let done = self.run(async move {
            let mut txn = within(GREETING, graph.start_txn()).await?;
            match within(limit, txn.run(statement)).await {
                Ok(_) => within(limit, txn.commit()).await.map(|_| ()),
                Err(first) => {
                    roll_back(txn).await;
                    Err(first)
                }
            }
        });
        self.members.after(turn, done)
    }
}

/// Where the driver breaks, that is an error of ours (`broken`); what it says of it itself is nobody's concern.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let others = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(THREADS) {
                others(panic);
            }
        }));
    });
}

fn broken() -> Fault {
    Fault::Broken("what answers is no Bolt server that the driver understands".to_owned())
}

async fn within<T>(limit: Duration, task: impl Future<Output = Result<T, Error>>) -> Result<T, Fault> {
    match tokio::time::timeout(limit, task).await {
        Ok(done) => done.map_err(Fault::from),
        Err(_) => Err(Fault::Silent(format!("no answer within {} seconds", limit.as_secs()))),
    }
}

/// Gives back what a transaction holds: one that is only dropped keeps its locks on the server. What this fails
/// with is never told: the first error is the cause.
async fn roll_back(txn: Txn) {
    let _ = within(GREETING, txn.rollback()).await;
}

async fn ask(members: Arc<Members>, question: Query, to: mpsc::Sender<Vec<Row>>) -> Result<(), Fault> {
    let mut tries = 0;
    loop {
        let (mut told, since) = (false, Instant::now());
        let (turn, graph) = members.now().ok_or_else(broken)?;
        match members.after(turn, answer((&graph, members.answer), question.clone(), &to, &mut told).await) {
            // Who was silent for so long is not asked again.
            Err(fault) if fault.may_pass() && !told && tries + 1 < TRIES && since.elapsed() < GREETING => {
                tokio::time::sleep(pause(tries)).await;
                tries += 1;
            }
            other => return other,
        }
    }
}

/// Does what may be done twice: until it is done, fails for good, or patience is over.
pub(super) fn insist<T>(patience: Patience, mut once: impl FnMut() -> Result<T, Fault>) -> Result<T, Fault> {
    let (since, mut tries) = (Instant::now(), 0);
    loop {
        match once() {
            Err(fault) if fault.may_pass() && !patience.is_over(since, tries + 1) => {
                std::thread::sleep(pause(tries));
                tries += 1;
            }
            other => return other,
        }
    }
}

/// How long to wait before the next try.
pub(super) fn pause(tries: u32) -> Duration {
    Duration::from_millis(200 << tries.min(5))
}

async fn answer(
    (graph, limit): (&Graph, Duration),
    question: Query,
    to: &mpsc::Sender<Vec<Row>>,
    told: &mut bool,
) -> Result<(), Fault> {
    let mut txn = within(GREETING, graph.start_txn()).await?;
    let read = hand_on((&mut txn, limit), question, to, told).await;
    roll_back(txn).await;
    read
}

async fn hand_on(
    (txn, limit): (&mut Txn, Duration),
    question: Query,
    to: &mpsc::Sender<Vec<Row>>,
    told: &mut bool,
) -> Result<(), Fault> {
    let mut rows = within(limit, txn.execute(question)).await?;
    let mut some = Vec::with_capacity(FETCH);
    while let Some(row) = within(limit, rows.next(&mut *txn)).await? {
        some.push(row);
        if some.len() == FETCH {
            *told = true;
            // Nobody listens any more: he had enough, or failed.
            if to.send(std::mem::replace(&mut some, Vec::with_capacity(FETCH))).await.is_err() {
                return Ok(());
            }
        }
    }
    *told = true;
    let _ = to.send(some).await;
    Ok(())
}

async fn change(
    graph: Graph,
    limit: Duration,
    statements: Vec<Query>,
    after: Option<Query>,
) -> Result<Vec<Row>, Fault> {
    let mut txn = within(GREETING, graph.start_txn()).await?;
    let made = match make(&mut txn, limit, statements).await {
        Ok(rows) => make(&mut txn, limit, after.into_iter().collect()).await.map(|_| rows),
        failed => failed,
    };
    match made {
        Ok(rows) => within(limit, txn.commit()).await.map(|_| rows),
        Err(first) => {
            roll_back(txn).await;
            Err(first)
        }
    }
}

async fn make(txn: &mut Txn, limit: Duration, statements: Vec<Query>) -> Result<Vec<Row>, Fault> {
    let mut given = Vec::new();
    for (at, statement) in statements.into_iter().enumerate() {
        given.clear();
        let mut rows = within(limit, txn.execute(statement)).await?;
        while let Some(row) = within(limit, rows.next(&mut *txn)).await? {
            given.push(row);
        }
        if at == 0 && given.is_empty() {
            return Err(Fault::Overtaken);
        }
    }
    Ok(given)
}
