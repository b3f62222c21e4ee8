//! The program itself, run as its users run it.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of the test's own, and the program run in it.
pub struct Desk {
    pub folder: tempfile::TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A desk with a store made from these fixtures.
    pub fn with(fixtures: &[&str]) -> Self {
        let desk = Self::new();
        for name in fixtures {
            let out = desk.run(&["import", &fixture(name)]);
            assert!(matches!(out.code(), 0 | 4), "{}", out.err());
        }
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// Runs the program in the folder, without anything of the machine's language or settings.
    pub fn run(&self, args: &[&str]) -> Run {
        let output = Command::new(env!("CARGO_BIN_EXE_parasol"))
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .output()
            .unwrap();
        Run(output)
    }

    /// Runs it and expects success.
    pub fn ok(&self, args: &[&str]) -> Run {
        let run = self.run(args);
        assert_eq!(run.code(), 0, "{args:?}: {}", run.err());
        run
    }

    /// Runs it with `--json` and parses every line.
    pub fn json(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let run = self.ok(&[args, &["--json"]].concat());
        run.out().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

pub struct Run(Output);

impl Run {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap_or(-1)
    }

    pub fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

pub fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).display().to_string()
}

/// Says that a test is left out on this machine, and why: on stderr, which `cargo test` shows of failed tests alone, and
/// in the file that `scripts/test.sh` reads out at its end.
pub fn left_out(why: &str) {
    // The test harness keeps back what the print macros say, not what is written to the stream.
    let _ = writeln!(std::io::stderr(), "left out: {why}");
    if let Some(file) = std::env::var_os("PARASOL_LEFT_OUT") {
        let name = std::thread::current().name().unwrap_or_default().to_owned();
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        writeln!(file, "{name}: {why}").unwrap();
    }
}

/// Waits until a program hears Ctrl-C: before it has come so far it ends by the signal, and says nothing.
pub fn wait_until_it_hears(program: &mut std::process::Child) {
    if !Path::new("/proc/self/status").exists() {
        // Not told on this machine.
        return std::thread::sleep(std::time::Duration::from_secs(1));
    }
    let status = format!("/proc/{}/status", program.id());
    let hears = || {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let caught = told.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        // SIGINT is the second signal.
        caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 2 != 0)
    };
    while !hears() && program.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

/// Every file under a folder by relative path, with its bytes; stores left out, whose pages may
/// lie in another order.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if !name.contains(".db") {
                found.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}
