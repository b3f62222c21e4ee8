//! What somebody sees who waits: on a terminal, by `script` (util-linux), which gives the program one.

use std::process::Command;

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
    desk.ok(&["import", "in"]);
    let Some(seen) = on_a_terminal(&desk, "umbrella --top 1") else {
        eprintln!("left out: `script` gives no terminal on this machine");
        return;
    };
    assert!(seen.contains("scoring"), "{seen}");
    let told_not_to = on_a_terminal(&desk, "umbrella --top 1 --no-progress").unwrap();
    assert!(!told_not_to.contains("scoring"), "{told_not_to}");
    assert_eq!(desk.run(&["umbrella", "--top", "1"]).err(), "", "no terminal, nothing to see");
}
