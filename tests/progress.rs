//! What somebody sees who waits: on a terminal, by `script` (util-linux), which gives the program one.

use std::io::Read;
use std::process::{Command, Stdio};

use crate::program::Desk;

/// What a command prints on a terminal; `None` where none can be had.
fn on_a_terminal(desk: &Desk, command: &str) -> Option<String> {
    let line = format!("{} {command}", env!("CARGO_BIN_EXE_parasol"));
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(desk.path("."));
    let out = script.env("PARASOL_LANG", "en").env("TERM", "xterm").output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).into_owned())
}

#[test]
fn long_work_shows_how_far_it_is_and_only_on_a_terminal() {
    let desk = Desk::new();
    // Large enough that the work takes longer than a bar that is not drawn at all.
    crate::rows::write_bundle(&desk.path("in"), 3_000, 40_000, 1).unwrap();
    let Some(seen) = on_a_terminal(&desk, "import in") else {
        crate::program::left_out("`script` gives no terminal on this machine");
        return;
    };
    for part in ["importing", "settling indexes and statistics"] {
        assert!(seen.contains(part), "{part}: {seen}");
    }
    let seen = on_a_terminal(&desk, "umbrella --top 1").unwrap();
    let places = ["opening the store", "scoring", "of 0.5"].map(|part| seen.find(part).expect(part));
    assert!(places.is_sorted(), "{seen}");
    // Nothing of a bar is left where the answer stands.
    assert!(!seen[seen.rfind(" rank ").unwrap()..].contains('█'), "{seen}");
    let told_not_to = on_a_terminal(&desk, "umbrella --top 1 --no-progress").unwrap();
    assert!(!told_not_to.contains("scoring"), "{told_not_to}");
    assert_eq!(desk.run(&["umbrella", "--top", "1"]).err(), "", "no terminal, nothing to see");
}

/// What cannot tell how far it is shows that it lives: here leads that never come are waited for.
#[test]
fn what_waits_shows_a_sign_of_life() {
    let desk = Desk::with(&["obvious-suspect"]);
    let made = Command::new("mkfifo").arg(desk.path("leads.csv")).status();
    if !made.is_ok_and(|status| status.success()) || on_a_terminal(&desk, "info").is_none() {
        crate::program::left_out("no pipe or no terminal on this machine");
        return;
    }
    let line = format!("{} score leads.csv", env!("CARGO_BIN_EXE_parasol"));
    let mut script = Command::new("script");
    script.args(["-qefc", &line, "/dev/null"]).current_dir(desk.path(".")).stdout(Stdio::piped());
    let mut script = script.env("PARASOL_LANG", "en").env("TERM", "xterm").spawn().unwrap();
    let (mut seen, mut out) = (Vec::new(), script.stdout.take().unwrap());
    let mut some = [0; 256];
    while !String::from_utf8_lossy(&seen).contains("working") {
        let read = out.read(&mut some).unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&seen));
        seen.extend(&some[..read]);
    }
    // Without its terminal it ends.
    script.kill().unwrap();
    script.wait().unwrap();
}
