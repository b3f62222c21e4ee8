//! Nothing lost when things break: the program killed, starved, refused by its disk, crowded, and fed
//! with spoilt files. In `cargo test` at sizes that take minutes; `docs/FAULTS.md` has the long runs.

mod crowd;
mod disk;
mod kills;
mod minute;
mod spoilt;

pub use spoilt::spoil;

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::Desk;
use crate::rows;

/// How many rounds a test makes: its own number, or that of an environment variable.
pub fn rounds(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// Numbers by chance, the same in every run.
pub struct Dice(u64);

impl Dice {
    /// The dice of a round.
    pub fn of(round: u64) -> Self {
        Self(round.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

/// Two bundles, the second holding the first and as much again, and a store of the first.
struct Ground {
    desk: Desk,
    /// Digest of the store with the first bundle in it, and with both.
    before: String,
    after: String,
}

impl Ground {
    fn of(relations: u64) -> Self {
        let desk = Desk::new();
        let people = (relations / 4).max(100) as u32;
        rows::write_bundle(&desk.path("more"), people, relations * 2, 7).unwrap();
        std::fs::create_dir(desk.path("first")).unwrap();
        for entry in std::fs::read_dir(desk.path("more")).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let is_large = path.file_stem().unwrap() == "relations";
            let keep = if is_large { relations as usize + 1 } else { usize::MAX };
            let kept: String = text.split_inclusive('\n').take(keep).collect();
            std::fs::write(desk.path("first").join(path.file_name().unwrap()), kept).unwrap();
        }
        desk.ok(&["--store", "base.db", "import", "first"]);
        std::fs::copy(desk.path("base.db"), desk.path("whole.db")).unwrap();
        desk.ok(&["--store", "whole.db", "import", "more"]);
        let (before, after) = (digest(&desk, "base.db"), digest(&desk, "whole.db"));
        assert_ne!(before, after);
        Self { desk, before, after }
    }

    /// A fresh store with the first bundle in it.
    fn fresh(&self, name: &str) {
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(self.desk.path(&format!("{name}{ending}")));
        }
        std::fs::copy(self.desk.path("base.db"), self.desk.path(name)).unwrap();
    }

    /// Begins an import of the second bundle.
    fn begin(&self, store: &str) -> Child {
        let mut import = program(self.desk.folder.path());
        import.args(["--store", store, "import", "more"]).spawn().unwrap()
    }
}

/// The program, silent, in a folder.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parasol"));
    command.current_dir(folder).env_clear().stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The digest of a store's content, as a reader is told it.
fn digest(desk: &Desk, store: &str) -> String {
    let info = desk.json(&["--store", store, "info"]);
    info.first().and_then(|info| info["digest"].as_str()).unwrap().to_owned()
}
