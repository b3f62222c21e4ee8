//! The network kept beside a large store, while several programs read it, write it and change the store under it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::program::Desk;

/// Calls among so many people that a network is kept (`tasks::cache::LEAST` ties and more).
const CALLS: usize = 204_000;
const PEOPLE: usize = 3_000;

/// What is asked: of the whole network, which keeps it and reads it, and of one gang, which reads where it asks.
const QUESTIONS: [&[&str]; 2] = [
    &["rank", "--by", "degree", "--top", "5", "--json", "--quiet"],
    &["umbrella", "--gang", "g1", "--json", "--quiet"],
];

fn bundle(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let mut people = "id,name,id_number,source\n".to_owned();
    (0..PEOPLE).for_each(|at| writeln!(people, "p{at},Person {at},,s1").unwrap());
    // The second official stands twice, and only as the other he has to do with the gang.
    writeln!(people, "p7b,Second,410000197001011234,s1").unwrap();
    let mut relations =
        "id,type,from,to,start,source\nm0,member,p0,g1,2019,s1\nk0,family,o1,p0,,s1\nk1,family,p7b,p0,,s1\n"
            .to_owned();
    for at in 0..CALLS {
        let (from, step) = (at % PEOPLE, 1 + at / PEOPLE);
        let (month, day) = (1 + at % 12, 1 + at % 28);
        writeln!(relations, "c{at},call,p{from},p{},2020-{month:02}-{day:02},s1", (from + step) % PEOPLE)
            .unwrap();
    }
    for (name, text) in [
        ("people.csv", people.as_str()),
        ("relations.csv", &relations),
        (
            "officials.csv",
            "id,name,id_number,agency,post,source\no1,Official,,a1,chief,s1\no2,Second,410000197001011234,a1,clerk,s1\n",
        ),
        ("organisations.csv", "id,name,kind,class,source\na1,Bureau,agency,,s1\ng1,Gang,gang,gang,s1\n"),
        ("sources.csv", "id,channel,title,date,reliability\ns1,government_screening,Register,2021-01-01,B\n"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
}

/// Changes that answer both questions otherwise: of who has most ties, and of who is near the gang.
fn change(desk: &Desk, nth: usize) -> String {
    let folder = desk.path(&format!("change{nth}"));
    fs::create_dir(&folder).unwrap();
    let mut rows = format!("id,type,from,to,start,source\nx{nth}m,member,p{},g1,2019,s1\n", 10 * nth);
    writeln!(rows, "x{nth}k,family,o2,p{},,s1", 10 * nth).unwrap();
    (0..9 * nth)
        .for_each(|at| writeln!(rows, "x{nth}c{at},call,p{nth},o1,2021-02-{:02},s1", 1 + at).unwrap());
    fs::write(folder.join("relations.csv"), rows).unwrap();
    format!("change{nth}")
}

fn start(desk: &Desk, store: &str, args: &[&str]) -> Child {
    let all = [args, &["--store", store]].concat();
    let mut program = Command::new(env!("CARGO_BIN_EXE_parasol"));
    program.args(all).current_dir(desk.folder.path()).env_clear();
    program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{err}");
    String::from_utf8(output.stdout).unwrap()
}

/// The answers of a store that nothing is kept beside, which are those of the network that is kept then.
fn answers(desk: &Desk, store: &str) -> Vec<String> {
    let near = end(start(desk, store, QUESTIONS[1]));
    let all = vec![end(start(desk, store, QUESTIONS[0])), end(start(desk, store, QUESTIONS[1]))];
    assert_eq!(all[1], near, "read from the store, and from what is kept beside it");
    all
}

/// Files that stand in the folder for a store, by what follows its name.
fn beside(desk: &Desk, store: &str) -> BTreeSet<String> {
    let names = fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter_map(|name| name.strip_prefix(store).map(str::to_owned)).collect()
}

#[test]
fn programs_that_share_a_kept_network_give_no_stale_answer() {
    let desk = Desk::new();
    bundle(&desk.path("bundle"));
    desk.ok(&["import", "bundle", "--store", "work.db"]);
    // What is true before and after each change, of stores of their own.
    let changes = [change(&desk, 1), change(&desk, 2)];
    let mut truth: Vec<Vec<String>> = Vec::new();
    for at in 0..=changes.len() {
        let store = format!("truth{at}.db");
        fs::copy(desk.path("work.db"), desk.path(&store)).unwrap();
        changes
            .iter()
            .take(at)
            .for_each(|change| drop(desk.ok(&["import", change, "--store", &store, "--quiet"])));
        truth.push(answers(&desk, &store));
        assert!(beside(&desk, &store).contains(".case.cache"), "a network of this size is kept");
    }
    for at in 0..QUESTIONS.len() {
        let different: BTreeSet<&String> = truth.iter().map(|answers| &answers[at]).collect();
        assert_eq!(different.len(), truth.len(), "each change answers question {at} otherwise");
    }
    // Several build and keep it at once while the store changes under them; then again over what they left.
    for (nth, change) in changes.iter().enumerate() {
        let readers: Vec<(usize, Child)> =
            [0, 1, 0].into_iter().map(|at| (at, start(&desk, "work.db", QUESTIONS[at]))).collect();
        let writer = start(&desk, "work.db", &["import", change, "--quiet"]);
        for (at, reader) in readers {
            let said = end(reader);
            let true_then = [nth, nth + 1].iter().any(|state| truth[*state][at] == said);
            assert!(true_then, "question {at} during change {nth}: {said}");
        }
        end(writer);
        assert_eq!(answers(&desk, "work.db"), truth[nth + 1], "after change {nth}");
    }
    // A kept network of another content, of the same size, or spoilt, is not read.
    let kept = desk.path("work.db.case.cache");
    fs::copy(desk.path("truth0.db.case.cache"), &kept).unwrap();
    assert_eq!(answers(&desk, "work.db")[1], truth[2][1], "a network of another content was read");
    let mut spoilt = fs::read(&kept).unwrap();
    for at in (0..spoilt.len()).step_by(997) {
        spoilt[at] ^= 0x10;
    }
    fs::write(&kept, &spoilt).unwrap();
    assert_eq!(answers(&desk, "work.db"), truth[2], "a spoilt network was read");
    // Nothing is left of those that were broken off or came second.
    let names = fs::read_dir(desk.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    let left: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.starts_with(".parasol-")), "{left:?}");
}
