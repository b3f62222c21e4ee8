//! Each class of error has its exit code, and what the server said is told: by a server by script that is alone, so
//! these run everywhere.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Deed, Heard, Said, Server};
use crate::program::{Desk, Run, fixture};

/// Imports into a server of this script.
fn imported(desk: &Desk, script: impl Fn(&Heard<'_>) -> Deed + Send + Sync + 'static) -> Run {
    imported_by(desk, "bolt", script)
}

fn imported_by(
    desk: &Desk,
    scheme: &str,
    script: impl Fn(&Heard<'_>) -> Deed + Send + Sync + 'static,
) -> Run {
    let server = Server::start(1, None, script);
    let address = format!("{scheme}://neo4j@127.0.0.1:{}", server.ports[0]);
    std::fs::write(desk.path("password"), "hidden-word").unwrap();
    let bundle = fixture("new-leads");
    let run =
        desk.run(&["import", &bundle, "--store", &address, "--password-file", "password", "--lang", "en"]);
    assert!(!run.err().contains("hidden-word"), "{}", run.err());
    assert!(!run.err().contains("panicked"), "{}", run.err());
    run
}

#[test]
fn a_server_by_script_that_does_as_it_should_is_imported_into() {
    let run = imported(&Desk::new(), |_| Deed::Pass);
    assert!(matches!(run.code(), 0 | 4), "{}", run.err());
    let run = imported(&Desk::new(), |_| Deed::Slivers);
    assert!(matches!(run.code(), 0 | 4), "{}", run.err());
}

/// A server that drops every connection at one step of the protocol, or answers it with what is none.
#[test]
fn a_server_that_breaks_off_at_any_step_is_out_of_reach() {
    let desk = Desk::new();
    let nonsense: [&[u8]; 6] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        // A message that there is not, a failure of nothing, a success that is a number, a row of nothing, a chunk that ends.
        &[0, 2, 0xB0, 0x99, 0, 0],
        &[0, 3, 0xB1, 0x7F, 0xA0, 0, 0],
        &[0, 3, 0xB1, 0x70, 0x01, 0, 0],
        &[0, 3, 0xB1, 0x71, 0x90, 0, 0],
        &[0xFF],
    ];
    for said in [Said::Versions, Said::Hello, Said::Begin, Said::Run, Said::Pull, Said::Commit] {
        let run = imported(&desk, move |heard| if heard.said == said { Deed::Drop } else { Deed::Pass });
        assert_eq!(run.code(), 6, "{said:?}: {}", run.err());
        for bytes in nonsense {
            let run =
                imported(
                    &desk,
                    move |heard| {
                        if heard.said == said { Deed::Garbage(bytes.to_vec()) } else { Deed::Pass }
                    },
                );
            assert_eq!(run.code(), 6, "{said:?}, {bytes:?}: {}", run.err());
        }
    }
    // What is asked for at the end, or between two uses of a connection, may fail.
    for said in [Said::Rollback, Said::Reset, Said::Goodbye] {
        let run = imported(&desk, move |heard| if heard.said == said { Deed::Drop } else { Deed::Pass });
        assert!(matches!(run.code(), 0 | 4), "{said:?}: {}", run.err());
    }
}

/// Where it fails, the code and the words of the server, and the exit code with a part of the message.
type Class = (Said, &'static str, &'static str, i32, &'static str);

#[test]
fn each_class_of_error_has_its_exit_code_and_its_message() {
    let classes: [Class; 15] = [
        (Said::Hello, "Neo.ClientError.Security.Unauthorized", "wrong word", 7, "refuses"),
        (Said::Hello, "Neo.TransientError.General.DatabaseUnavailable", "it is starting", 6, "is starting"),
        (Said::Run, "Neo.ClientError.Transaction.TransactionTimedOut", "too long", 6, "too long"),
        (Said::Begin, "Neo.ClientError.Database.DatabaseNotFound", "no cases", 1, "no store"),
        (Said::Run, "Neo.ClientError.Security.CredentialsExpired", "change it", 7, "change it"),
        (Said::Run, "Neo.ClientError.General.WriteOnReadOnlyAccessDatabase", "no", 7, "not written"),
        (Said::Run, "Neo.ClientError.General.ForbiddenOnReadOnlyDatabase", "no", 7, "not written"),
        (Said::Run, "Neo.ClientError.Statement.AccessMode", "no", 7, "not written"),
        (Said::Run, "Neo.ClientError.Security.Forbidden", "no", 7, "not written"),
        (Said::Commit, "Neo.ClientError.Security.Forbidden", "no", 7, "not written"),
        (Said::Run, "Neo.ClientError.Cluster.NotALeader", "not me", 6, "not me"),
        (Said::Run, "Neo.TransientError.Transaction.DeadlockDetected", "a lock", 6, "a lock"),
        (Said::Run, "Neo.DatabaseError.General.UnknownError", "No space left on device", 1, "no room"),
        (Said::Run, "Neo.ClientError.Schema.ConstraintValidationFailed", "twice", 1, "twice"),
        (Said::Run, "Neo.TransientError.General.MemoryPoolOutOfMemoryError", "too much", 1, "too much"),
    ];
    let desk = Desk::new();
    for (said, code, words, exit, told) in classes {
        let run = imported(&desk, move |heard| {
            let there = heard.said == said && (said != Said::Run || heard.changes());
            if there { Deed::Fail(code, words) } else { Deed::Pass }
        });
        assert_eq!(run.code(), exit, "{code}: {}", run.err());
        assert!(run.err().contains(told), "{code}: {}", run.err());
    }
}

/// Who sits at a terminal is asked for the password, which is sent and not shown.
#[test]
fn a_password_may_be_typed() {
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let server = Server::start(1, None, move |heard| {
        let typed = heard.said == Said::Hello && heard.holds("hidden-word");
        counted.fetch_add(typed.into(), Ordering::SeqCst);
        Deed::Pass
    });
    let desk = Desk::new();
    let address = format!("bolt://neo4j@127.0.0.1:{}", server.ports[0]);
    let line = format!("{} info --store {address}", env!("CARGO_BIN_EXE_parasol"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(desk.path(".")).env("PARASOL_LANG", "en");
    let Ok(mut script) = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        crate::program::left_out("`script` gives no terminal on this machine");
        return;
    };
    let (mut keys, mut screen) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let (mut seen, mut some) = (Vec::new(), [0; 1024]);
    while !String::from_utf8_lossy(&seen).contains("Password for") {
        let read = screen.read(&mut some).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend(&some[..read]);
    }
    keys.write_all(b"hidden-word\n").unwrap();
    keys.flush().unwrap();
    screen.read_to_end(&mut seen).unwrap();
    assert!(script.wait().unwrap().success(), "{}", String::from_utf8_lossy(&seen));
    assert!(sent.load(Ordering::SeqCst) > 0 && !String::from_utf8_lossy(&seen).contains("hidden-word"));
    let nobody = desk.run(&["info", "--store", &address]);
    assert_eq!(nobody.code(), 2, "{}", nobody.err());
}

/// Servers lock those out who try a wrong password often: it is sent once.
#[test]
fn a_refused_password_is_sent_once() {
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let run = imported(&Desk::new(), move |heard| {
        if heard.said != Said::Hello {
            return Deed::Pass;
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Deed::Fail("Neo.ClientError.Security.Unauthorized", "no")
    });
    assert_eq!((run.code(), sent.load(Ordering::SeqCst)), (7, 1), "{}", run.err());
}

/// What fails for good is not sent again, and what fails after it (here: all that is ignored) is not what is told.
#[test]
fn what_fails_for_good_is_sent_once_and_told() {
    let sent = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&sent);
    let run = imported(&Desk::new(), move |heard| {
        if heard.said != Said::Run || !heard.holds("UNWIND") {
            return Deed::Pass;
        }
        counted.fetch_add(1, Ordering::SeqCst);
        Deed::Fail("Neo.ClientError.Schema.ConstraintValidationFailed", "the first of all")
    });
    assert_eq!((run.code(), sent.load(Ordering::SeqCst)), (1, 1), "{}", run.err());
    assert!(run.err().contains("the first of all"), "{}", run.err());
}

/// Who asks for TLS is not answered in the clear.
#[test]
fn a_server_without_tls_is_refused_by_who_asks_for_it() {
    for scheme in ["bolt+s", "bolt+ssc"] {
        let run = imported_by(&Desk::new(), scheme, |_| Deed::Pass);
        assert_eq!(run.code(), 7, "{scheme}: {}", run.err());
    }
}

/// A server that counts what it hears of two words.
fn listener() -> (Server, Arc<[AtomicU64; 2]>) {
    let heard_of: Arc<[AtomicU64; 2]> = Arc::default();
    let counted = Arc::clone(&heard_of);
    let server = Server::start(1, None, move |heard| {
        for (word, times) in ["first-word", "second-word"].into_iter().zip(counted.iter()) {
            times.fetch_add(heard.holds(word).into(), Ordering::SeqCst);
        }
        Deed::Pass
    });
    (server, heard_of)
}

#[test]
fn a_password_is_sent_to_its_own_server_alone() {
    let desk = Desk::new();
    std::fs::write(desk.path("first"), "first-word").unwrap();
    std::fs::write(desk.path("second"), "second-word").unwrap();
    let ((one, of_one), (other, of_other)) = (listener(), listener());
    let address = |user: &str, server: &Server| format!("bolt://{user}@127.0.0.1:{}", server.ports[0]);
    let (from, to) = (address("ann", &one), address("bob", &other));
    let heard = |of: &[AtomicU64; 2]| [0, 1].map(|word: usize| of[word].load(Ordering::SeqCst) > 0);
    let copy = ["copy", from.as_str(), to.as_str(), "--lang", "en", "--password-file", "first"];
    let one_file = desk.run(&copy);
    assert_eq!(one_file.code(), 2, "{}", one_file.err());
    assert!(one_file.err().contains("bob@"), "{}", one_file.err());
    assert_eq!((heard(&of_one), heard(&of_other)), ([false, false], [false, false]));
    desk.run(&[&copy[..], &["--password-file", "second"]].concat());
    assert_eq!((heard(&of_one), heard(&of_other)), ([true, false], [false, true]));
}

/// ArcadeDB ends a connection over which more than 16 MiB come in one message.
#[test]
fn long_texts_are_sent_in_small_messages() {
    let desk = Desk::new();
    let text = "有人反映码头".repeat(700);
    let mut leads = "id,received,channel,text\n".to_owned();
    (0..1_500).for_each(|n| leads.push_str(&format!("l{n},2021-03-04,public_report,{n} {text}\n")));
    assert!(leads.len() > 18 << 20);
    std::fs::create_dir(desk.path("long")).unwrap();
    std::fs::write(desk.path("long/leads.csv"), leads).unwrap();
    let largest = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&largest);
    let server = Server::start(1, None, move |heard| {
        seen.fetch_max(heard.bytes.len() as u64, Ordering::SeqCst);
        Deed::Pass
    });
    let address = format!("bolt://127.0.0.1:{}", server.ports[0]);
    let run = desk.run(&["import", "long", "--store", &address]);
    assert_eq!(run.code(), 0, "{}", run.err());
    let largest = largest.load(Ordering::SeqCst);
    assert!((1 << 20..8 << 20).contains(&largest), "{largest}");
}
