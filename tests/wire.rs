//! A wire that breaks: a proxy before a real server, which drops every connection once so many bytes have passed.
//! Whatever byte it is, an import loses nothing and writes nothing twice.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::neo4j::{answer, empty, servers, with};
use crate::program::{Desk, fixture};

/// What passed, and where the wire breaks next.
#[derive(Default)]
struct Wire {
    up: AtomicU64,
    down: AtomicU64,
    breaks_at: AtomicU64,
    broken: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
}

impl Wire {
    /// Passes bytes on from one side to the other, in both directions, until it breaks or one side ends.
    fn carry(self: &Arc<Self>, client: &TcpStream, server: &TcpStream) {
        for (from, to, up) in [(client, server, true), (server, client, false)] {
            let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let wire = Arc::clone(self);
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(read @ 1..) = from.read(&mut buffer) {
                    let passed = if up { &wire.up } else { &wire.down };
                    let before = passed.fetch_add(read as u64, Ordering::SeqCst);
                    let rest = wire.breaks_at.load(Ordering::SeqCst).saturating_sub(before);
                    let whole = !up || rest >= read as u64;
                    let some = if whole { read } else { rest as usize };
                    if to.write_all(&buffer[..some]).is_err() || !whole {
                        break;
                    }
                }
                wire.end(&from, &to);
            });
        }
    }

    /// Ends a connection; where the wire broke, all others too, and it breaks no more.
    fn end(&self, one: &TcpStream, other: &TcpStream) {
        for side in [one, other] {
            let _ = side.shutdown(Shutdown::Both);
        }
        let breaks = self.up.load(Ordering::SeqCst) > self.breaks_at.load(Ordering::SeqCst);
        if breaks && self.breaks_at.swap(u64::MAX, Ordering::SeqCst) != u64::MAX {
            self.broken.fetch_add(1, Ordering::SeqCst);
            for side in self.open.lock().unwrap().drain(..) {
                let _ = side.shutdown(Shutdown::Both);
            }
        }
    }

    /// A wire to this place; gives its port.
    fn to(self: &Arc<Self>, place: &str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, wire, place) = (listener.local_addr().unwrap().port(), Arc::clone(self), place.to_owned());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(&place) else { continue };
                wire.open.lock().unwrap().extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                wire.carry(&client, &server);
            }
        });
        port
    }
}

/// `bolt://user@host:port/database` by way of another port.
fn by_way_of(options: &[String], port: u16) -> (String, Vec<String>) {
    let place = options[1].strip_prefix("bolt://").unwrap();
    let (user, place) = place.split_once('@').unwrap();
    let (host, database) = place.split_once('/').unwrap_or((place, ""));
    let mut by_way = options.to_vec();
    by_way[1] = format!("bolt://{user}@127.0.0.1:{port}/{database}").trim_end_matches('/').to_owned();
    (host.to_owned(), by_way)
}

/// How often the wire breaks; `PARASOL_TEST_BREAKS` says otherwise.
fn breaks() -> u64 {
    std::env::var("PARASOL_TEST_BREAKS").ok().and_then(|breaks| breaks.parse().ok()).unwrap_or(6)
}

#[test]
fn a_wire_that_breaks_anywhere_loses_nothing_and_doubles_nothing() {
    let desk = Desk::new();
    let import = ["import", &fixture("harbour-town")];
    desk.ok(&import);
    let here = answer(&desk, &["info"]);
    let (servers, _alone) = servers(&desk);
    // One server: what breaks is ours to mend, whoever is at the other end.
    for options in servers.iter().take(1) {
        empty(options);
        let wire = Arc::new(Wire::default());
        wire.breaks_at.store(u64::MAX, Ordering::SeqCst);
        let port = wire.to(&by_way_of(options, 0).0);
        let by_way = by_way_of(options, port).1;
        assert_eq!(desk.run(&with(&import, &by_way)).code(), 0);
        let all = wire.up.load(Ordering::SeqCst);
        for nth in 0..breaks() {
            empty(options);
            wire.up.store(0, Ordering::SeqCst);
            // Not at the same place of every batch.
            wire.breaks_at.store((2 * nth + 1) * all / (2 * breaks()) + nth % 7, Ordering::SeqCst);
            let broken = wire.broken.load(Ordering::SeqCst);
            let mut run = desk.run(&with(&import, &by_way));
            assert!(matches!(run.code(), 0 | 6), "{nth}: {}", run.err());
            if run.code() == 6 {
                run = desk.run(&with(&import, &by_way));
            }
            assert_eq!(run.code(), 0, "{nth}: {}", run.err());
            assert_eq!(wire.broken.load(Ordering::SeqCst), broken + 1, "{nth}: it did not break");
            assert_eq!(answer(&desk, &with(&["info"], options)), here, "{nth}");
            assert_eq!(answer(&desk, &with(&["verify"], options)).0, 0, "{nth}");
        }
    }
}

/// A member of a cluster that is gone, or goes in the middle of an import, is passed over.
#[test]
fn the_next_member_of_a_cluster_is_asked() {
    let desk = Desk::new();
    let import = ["import", &fixture("new-leads")];
    desk.ok(&["import", &fixture("harbour-town")]);
    let (servers, _alone) = servers(&desk);
    for options in servers.iter().take(1) {
        empty(options);
        desk.ok(&with(&["copy", "parasol.db", options[1].as_str()], &options[2..]));
        let wire = Arc::new(Wire::default());
        wire.breaks_at.store(20_000, Ordering::SeqCst);
        let port = wire.to(&by_way_of(options, 0).0);
        let members = options[1].replacen("127.0.0.1", &format!("127.0.0.1:1,127.0.0.1:{port},127.0.0.1"), 1);
        let by_way = [&["--store".to_owned(), members][..], &options[2..]].concat();
        let run = desk.run(&with(&import, &by_way));
        assert!(matches!(run.code(), 0 | 4), "{}", run.err());
        assert_eq!(wire.broken.load(Ordering::SeqCst), 1, "{}", wire.up.load(Ordering::SeqCst));
        assert_eq!(desk.run(&import).code(), run.code());
        assert_eq!(answer(&desk, &with(&["info"], options)), answer(&desk, &["info"]));
    }
}

/// Who listens and never answers is given up within a time-out.
#[test]
fn a_silent_port_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("bolt://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let run = Desk::new().run(&["info", "--store", &address]);
    assert_eq!(run.code(), 6, "{}", run.err());
}

/// One try each: servers lock those out who try a wrong password often.
#[test]
fn a_wrong_password_and_a_wrong_database_are_told() {
    let desk = Desk::new();
    let (servers, _alone) = servers(&desk);
    std::fs::write(desk.path("wrong"), "a wrong one").unwrap();
    for options in servers {
        let wrong = desk.run(&["info", "--store", &options[1], "--password-file", "wrong"]);
        assert_eq!(wrong.code(), 7, "{}", wrong.err());
        let place = options[1].trim_start_matches("bolt://");
        let host = place.split('/').next().unwrap();
        let elsewhere = format!("bolt://{host}/nosuchdatabase");
        let none = desk.run(&["info", "--store", &elsewhere, "--password-file", "password"]);
        assert!(matches!(none.code(), 1 | 7), "{}: {}", none.code(), none.err());
    }
}
