//! Writes the seeds of every target to `corpus/TARGET/`, from the fixtures.
#![allow(clippy::unwrap_used)]

#[path = "targets.rs"]
mod targets;

fn main() {
    for (name, seeds, _) in targets::ALL {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        for (at, seed) in seeds().into_iter().enumerate() {
            std::fs::write(folder.join(format!("seed-{at:03}")), seed).unwrap();
        }
    }
}
