//! A disk that fails: errors put into the program's calls, a full one, one that may not be written.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

use super::{Ground, digest, rounds};

/// The calls that are made to fail, and how.
const FAULTS: [(&str, &str); 6] = [
    ("pwrite64", "ENOSPC"),
    ("pwrite64", "EIO"),
    ("fdatasync,fsync", "EIO"),
    ("ftruncate", "EIO"),
    ("pread64", "EIO"),
    ("openat", "EMFILE"),
];

/// Runs the program under `strace`, which follows these calls into a file.
fn traced(folder: &Path, calls: &str, inject: Option<&str>, trace: &Path, args: &[&str]) -> Output {
    let follow = format!("trace={calls}");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-e", &follow]).args(inject.iter().flat_map(|plan| ["-e", plan]));
    strace
        .arg("-o")
        .arg(trace)
        .arg(env!("CARGO_BIN_EXE_parasol"))
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Runs the program with the `k`th call of some kind and all later ones failing; says whether one did.
fn with_fault(
    folder: &Path,
    (call, error): (&str, &str),
    k: u64,
    trace: &Path,
    args: &[&str],
) -> (Output, bool) {
    let plan = format!("inject={call}:error={error}:when={k}+");
    let output = traced(folder, call, Some(&plan), trace, args);
    let seen = String::from_utf8_lossy(&std::fs::read(trace).unwrap()).into_owned();
    (output, seen.contains("(INJECTED)"))
}

/// How many calls of a kind an import makes that nothing disturbs.
fn calls(ground: &Ground, call: &str) -> u64 {
    ground.fresh("calm.db");
    let trace = ground.desk.path("calm.trace");
    let args = ["--store", "calm.db", "import", "more", "-q"];
    assert!(traced(ground.desk.folder.path(), call, None, &trace, &args).status.success());
    let seen = String::from_utf8_lossy(&std::fs::read(&trace).unwrap()).into_owned();
    seen.lines().filter(|line| call.split(',').any(|call| line.contains(&format!("{call}(")))).count() as u64
}

/// Whether faults can be put into a program's calls here.
fn can_inject() -> bool {
    let run = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).output();
    run.is_ok_and(|output| output.status.success())
}

/// At each point the import fails with a cause, or is right; the store stays one of the two it may be. Says whether
/// the fault was felt by the program, and whether the import failed.
fn try_point(ground: &Ground, store: &str, fault: (&str, &str), k: u64) -> (bool, bool) {
    let at = format!("{fault:?} from call {k}");
    ground.fresh(store);
    let trace = ground.desk.path(&format!("{store}.trace"));
    let args = ["--store", store, "import", "more", "-q"];
    let (output, injected) = with_fault(ground.desk.folder.path(), fault, k, &trace, &args);
    let code = output.status.code().unwrap_or_else(|| panic!("{at}: ended by a signal"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // 127: the loader found its own libraries unreadable, and the program never began.
    assert!([0, 1, 2, 5, 6, 7, 127].contains(&code), "{at}: {code} {said}");
    assert!(code == 0 || !said.trim().is_empty(), "{at}: no cause is named");
    let seen = digest(&ground.desk, store);
    let right = if code == 0 { seen == ground.after } else { seen == ground.before || seen == ground.after };
    assert!(right, "{at}: exit {code}, but the store is neither");
    ground.desk.ok(&["--store", store, "verify"]);
    (injected && code != 127, code != 0)
}

#[test]
fn an_error_of_the_disk_at_any_call_loses_nothing() {
    if !can_inject() {
        crate::program::left_out("no fault can be put into a program's calls here (strace)");
        return;
    }
    let ground = Ground::of(1_500);
    let points = rounds("PARASOL_FAULT_POINTS", 650) as usize;
    // Every call that such an import makes, or as many as are asked for, evenly among them.
    let all = FAULTS.iter().flat_map(|&fault| (1..=calls(&ground, fault.0)).map(move |k| (fault, k)));
    let all: Vec<_> = all.collect();
    let plan: Vec<_> =
        (0..points.min(all.len())).map(|at| all[at * all.len() / points.min(all.len())]).collect();
    let (next, told) = (Mutex::new(plan.into_iter()), Mutex::new((0, 0)));
    std::thread::scope(|scope| {
        for store in ["left.db", "right.db"] {
            let (ground, next, told) = (&ground, &next, &told);
            scope.spawn(move || {
                loop {
                    let point = next.lock().unwrap().next();
                    let Some((fault, k)) = point else { return };
                    let (felt, failed) = try_point(ground, store, fault, k);
                    let mut told = told.lock().unwrap();
                    *told = (told.0 + usize::from(felt), told.1 + usize::from(failed));
                }
            });
        }
    });
    let (felt, failed) = *told.lock().unwrap();
    println!("calls: {}, faults felt: {felt}, imports that failed: {failed}", all.len());
    assert!(felt >= points.min(500) && failed > felt / 3, "{felt} faults were felt, {failed} imports failed");
    ground.fresh("left.db");
    ground.desk.ok(&["--store", "left.db", "import", "more"]);
    assert_eq!(digest(&ground.desk, "left.db"), ground.after);
}

/// A file system of its own, a few megabytes large, while it lives.
struct Small(tempfile::TempDir);

impl Small {
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let option = format!("size={size}");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &option, "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        mount.is_ok_and(|status| status.success()).then_some(Self(folder))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_keeps_what_was_there_and_goes_on_when_there_is_room() {
    let Some(small) = Small::mount("3m") else {
        crate::program::left_out("no small file system can be mounted here");
        return;
    };
    let ground = Ground::of(4_000);
    let store = small.0.path().join("case.db");
    std::fs::copy(ground.desk.path("base.db"), &store).unwrap();
    let filler = small.0.path().join("filler");
    let room = 3 * 1024 * 1024 - std::fs::metadata(&store).unwrap().len();
    std::fs::write(&filler, vec![1; (room - 64 * 1024) as usize]).unwrap();
    let name = store.display().to_string();
    let run = ground.desk.run(&["--store", &name, "import", "more"]);
    assert_eq!(run.code(), 1, "{}", run.err());
    for part in ["no room left", "case.db", " MB may be needed", " MB is free"] {
        assert!(run.err().contains(part), "{part}: {}", run.err());
    }
    assert_eq!(digest(&ground.desk, &name), ground.before);
    ground.desk.ok(&["--store", &name, "verify"]);
    let mut left: Vec<_> =
        std::fs::read_dir(small.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["case.db", "filler"], "files were left behind");
    // A copy needs as much as there is of the store.
    let copy = small.0.path().join("copy.db").display().to_string();
    let run = ground.desk.run(&["--store", &name, "backup", &copy]);
    let store_size = format!("{:.1} MB may be needed", std::fs::metadata(&store).unwrap().len() as f64 / 1e6);
    assert!(run.code() == 1 && run.err().contains(&store_size), "{}", run.err());
    std::fs::remove_file(&filler).unwrap();
    let run = ground.desk.run(&["--store", &name, "import", "more"]);
    // Three megabytes may still be too few; if not, all is in.
    if run.code() == 0 {
        assert_eq!(digest(&ground.desk, &name), ground.after);
    } else {
        assert_eq!(digest(&ground.desk, &name), ground.before);
    }
}
