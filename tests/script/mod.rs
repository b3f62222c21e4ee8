//! A Bolt server by script: what it answers to each message of its client is written in a test.
//!
//! Before a real server it passes messages on, whole ones, and puts faults in between, so that there are data behind
//! what an import reads again. Alone it answers as an empty store would, which is enough for errors told by their
//! class. It speaks Bolt 4.4, as the driver does.

mod classes;
mod clients;
mod packed;
mod runs;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use packed::{failure, record, success};

/// What a client says, by the first byte of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The versions that it speaks, before any message.
    Versions,
    Hello,
    Goodbye,
    Reset,
    Run,
    Begin,
    Commit,
    Rollback,
    Pull,
    Other,
}

impl Said {
    fn of(message: &[u8]) -> Self {
        match message.get(1) {
            Some(0x01) => Self::Hello,
            Some(0x02) => Self::Goodbye,
            Some(0x0F) => Self::Reset,
            Some(0x10) => Self::Run,
            Some(0x11) => Self::Begin,
            Some(0x12) => Self::Commit,
            Some(0x13) => Self::Rollback,
            Some(0x3F) => Self::Pull,
            _ => Self::Other,
        }
    }
}

/// A message as a script sees it.
pub struct Heard<'a> {
    /// Which member of the cluster hears it.
    pub member: usize,
    /// How many messages came before, to any member.
    pub nth: u64,
    pub said: Said,
    pub bytes: &'a [u8],
}

impl Heard<'_> {
    /// Whether a text stands in it.
    pub fn holds(&self, text: &str) -> bool {
        self.bytes.windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// Whether it is a statement that changes something.
    pub fn changes(&self) -> bool {
        self.said == Said::Run
            && ["CREATE ", "MERGE ", "SET ", "DELETE ", "REMOVE "].iter().any(|word| self.holds(word))
    }
}

/// What is done with a message.
#[derive(Clone, Debug)]
pub enum Deed {
    /// It is answered as it should be.
    Pass,
    /// It is answered, a byte a chunk.
    Slivers,
    /// It fails, by this code and in these words; what its transaction did is undone.
    Fail(&'static str, &'static str),
    /// It is never heard, and the connection ends.
    Drop,
    /// It is done, and the connection ends before the answer.
    DropAfter,
    /// These bytes are the answer, and the connection ends.
    Garbage(Vec<u8>),
    /// It is done, these bytes are the answer, and the connection ends.
    GarbageAfter(Vec<u8>),
    /// It is done, and the answer says that it failed.
    FailAfter(&'static str, &'static str),
}

type Script = dyn Fn(&Heard<'_>) -> Deed + Send + Sync;

/// The servers of one script.
pub struct Server {
    pub ports: Vec<u16>,
    nth: Arc<AtomicU64>,
}

impl Server {
    /// So many members, before the server at this place, or alone. They serve until the test ends.
    pub fn start(
        members: usize,
        before: Option<&str>,
        script: impl Fn(&Heard<'_>) -> Deed + Send + Sync + 'static,
    ) -> Self {
        let (script, nth): (Arc<Script>, _) = (Arc::new(script), Arc::new(AtomicU64::new(0)));
        let ports = (0..members).map(|member| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let port = listener.local_addr().unwrap().port();
            let (script, nth, place) = (Arc::clone(&script), Arc::clone(&nth), before.map(str::to_owned));
            std::thread::spawn(move || {
                for client in listener.incoming().flatten() {
                    let (script, nth, place) = (Arc::clone(&script), Arc::clone(&nth), place.clone());
                    std::thread::spawn(move || {
                        let ear = Ear { member, script, nth };
                        // A connection that ends is what is tested: its client tells of it.
                        let _ = Line::open(ear, client, place.as_deref()).and_then(Line::serve);
                    });
                }
            });
            port
        });
        Self { ports: ports.collect(), nth }
    }

    /// How many messages came by now.
    pub fn heard(&self) -> u64 {
        self.nth.load(Ordering::SeqCst)
    }
}

/// What a member hears, and what its script makes of it.
struct Ear {
    member: usize,
    script: Arc<Script>,
    nth: Arc<AtomicU64>,
}

impl Ear {
    fn hear(&self, said: Said, bytes: &[u8]) -> Deed {
        let nth = self.nth.fetch_add(1, Ordering::SeqCst);
        (self.script)(&Heard { member: self.member, nth, said, bytes })
    }
}

/// One client's connection.
struct Line {
    ear: Ear,
    client: TcpStream,
    /// The real server's end.
    server: Option<TcpStream>,
    /// Something failed: all is ignored until the client resets.
    failed: bool,
    /// What a server that is alone answers to the next pull.
    next: Option<Vec<u8>>,
}

impl Line {
    fn open(ear: Ear, mut client: TcpStream, place: Option<&str>) -> io::Result<Self> {
        let mut versions = [0; 20];
        client.read_exact(&mut versions)?;
        let server = place.map(TcpStream::connect).transpose()?;
        for side in [Some(&client), server.as_ref()].into_iter().flatten() {
            side.set_nodelay(true)?;
        }
        match ear.hear(Said::Versions, &versions) {
            Deed::Drop | Deed::DropAfter => return Err(io::ErrorKind::ConnectionAborted.into()),
            Deed::Garbage(bytes) | Deed::GarbageAfter(bytes) => {
                client.write_all(&bytes)?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Deed::Pass | Deed::Slivers | Deed::Fail(..) | Deed::FailAfter(..) => {}
        }
        let mut version = [0, 0, 4, 4];
        if let Some(mut server) = server.as_ref() {
            server.write_all(&versions)?;
            server.read_exact(&mut version)?;
        }
        client.write_all(&version)?;
        Ok(Self { ear, client, server, failed: false, next: None })
    }

    fn serve(mut self) -> io::Result<()> {
        let served = self.messages();
        for side in [Some(&self.client), self.server.as_ref()].into_iter().flatten() {
            let _ = side.shutdown(Shutdown::Both);
        }
        served
    }

    fn messages(&mut self) -> io::Result<()> {
        loop {
            let message = read(&mut self.client)?;
            let said = Said::of(&message);
            if said == Said::Reset {
                self.failed = false;
            }
            if self.failed {
                write(&mut self.client, &[0xB0, 0x7E], usize::MAX)?;
                continue;
            }
            match self.ear.hear(said, &message) {
                Deed::Pass => self.answer(&message, said, usize::MAX)?,
                Deed::Slivers => self.answer(&message, said, 1)?,
                Deed::Fail(code, text) => {
                    if let Some(server) = &mut self.server {
                        write(server, &[0xB0, 0x0F], usize::MAX)?;
                        while !matches!(read(server)?.get(1), Some(0x70)) {}
                    }
                    self.failed = true;
                    write(&mut self.client, &failure(code, text), usize::MAX)?;
                }
                Deed::Drop => return Ok(()),
                Deed::DropAfter => return self.done(&message).map(drop),
                Deed::Garbage(bytes) => return self.client.write_all(&bytes),
                Deed::GarbageAfter(bytes) => {
                    self.done(&message)?;
                    return self.client.write_all(&bytes);
                }
                Deed::FailAfter(code, text) => {
                    self.done(&message)?;
                    self.failed = true;
                    write(&mut self.client, &failure(code, text), usize::MAX)?;
                }
            }
            if said == Said::Goodbye {
                return Ok(());
            }
        }
    }

    /// Answers as it should be, in chunks of so many bytes.
    fn answer(&mut self, message: &[u8], said: Said, chunk: usize) -> io::Result<()> {
        if self.server.is_none() {
            return self.alone(message, said, chunk);
        }
        if said == Said::Goodbye {
            return self.server.as_mut().map_or(Ok(()), |server| write(server, message, usize::MAX));
        }
        for answer in self.done(message)? {
            write(&mut self.client, &answer, chunk)?;
        }
        Ok(())
    }

    /// Lets the real server do it; gives its answers.
    fn done(&mut self, message: &[u8]) -> io::Result<Vec<Vec<u8>>> {
        let Some(server) = &mut self.server else { return Ok(Vec::new()) };
        write(server, message, usize::MAX)?;
        let mut answers = Vec::new();
        loop {
            let answer = read(server)?;
            let more = answer.get(1) == Some(&0x71);
            answers.push(answer);
            if !more {
                return Ok(answers);
            }
        }
    }

    /// Answers as a server with an empty store would that takes whatever it is told.
    fn alone(&mut self, message: &[u8], said: Said, chunk: usize) -> io::Result<()> {
        if said == Said::Run {
            let heard = Heard { member: 0, nth: 0, said, bytes: message };
            let one = heard.holds("RETURN p.") || heard.holds("REMOVE p.");
            self.next = match () {
                () if heard.holds("p.layout") => Some(packed::empty_store(heard.holds("AS finished"))),
                () if one => Some(record(&packed::text("yes"))),
                () => None,
            };
        }
        if said == Said::Pull
            && let Some(row) = self.next.take()
        {
            write(&mut self.client, &row, chunk)?;
        }
        if said == Said::Goodbye {
            Ok(())
        } else {
            write(&mut self.client, &success(said == Said::Run), chunk)
        }
    }
}

/// Reads one message, of however many chunks.
fn read(from: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    loop {
        let mut size = [0; 2];
        from.read_exact(&mut size)?;
        let size = usize::from(u16::from_be_bytes(size));
        match (size, message.is_empty()) {
            (0, true) => {}
            (0, false) => return Ok(message),
            (size, _) => {
                let end = message.len();
                message.resize(end + size, 0);
                from.read_exact(&mut message[end..])?;
            }
        }
    }
}

/// Writes one message in chunks of at most so many bytes.
fn write(to: &mut TcpStream, message: &[u8], chunk: usize) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(message.len() + 4);
    for part in message.chunks(chunk.min(60_000)) {
        bytes.extend((part.len() as u16).to_be_bytes());
        bytes.extend(part);
    }
    bytes.extend([0, 0]);
    to.write_all(&bytes)
}
