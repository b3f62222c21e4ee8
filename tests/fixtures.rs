//! The invented cases, held to what `expected.json` beside each says: through the command line,
//! since that is what others rely on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use serde_json::Value;

/// Strengths are kept in single precision.
const CLOSE: f64 = 1e-5;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn expected(name: &str) -> Value {
    let text = std::fs::read_to_string(fixture(name).join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn parasol(store: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parasol"));
    command.env_clear().arg("--store").arg(store).args(words).output().unwrap()
}

/// The JSON lines of a command that must not fail; nothing found is no line.
fn lines(store: &Path, words: &[&str]) -> Vec<Value> {
    let out = parasol(store, &[words, &["--json"]].concat());
    let text = String::from_utf8(out.stdout).unwrap();
    let code = out.status.code();
    assert!(matches!(code, Some(0 | 3)), "{words:?}: {code:?} {}", String::from_utf8_lossy(&out.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A store that holds one fixture, made once for all tests.
struct Case {
    name: &'static str,
    store: PathBuf,
    _folder: tempfile::TempDir,
}

impl Case {
    fn import(name: &'static str, bundle: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("case.db");
        let out = parasol(&store, &["import", bundle.to_str().unwrap()]);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(matches!(out.status.code(), Some(0 | 4)), "{name}: {said}");
        Self { name, store, _folder: folder }
    }

    fn ask(&self, words: &[&str]) -> Vec<Value> {
        lines(&self.store, words)
    }
}

static HARBOUR: LazyLock<Case> = LazyLock::new(|| Case::import("harbour-town", &fixture("harbour-town")));
static QUIET: LazyLock<Case> = LazyLock::new(|| Case::import("obvious-suspect", &fixture("obvious-suspect")));

fn cases() -> [&'static Case; 2] {
    [&HARBOUR, &QUIET]
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> Vec<&Value> {
    value.as_array().map(|all| all.iter().collect()).unwrap_or_default()
}

fn texts(value: &Value) -> BTreeSet<&str> {
    list(value).into_iter().map(text).collect()
}

fn pair_of(pair: &Value) -> (&str, &str) {
    (text(&pair["official"]["id"]), text(&pair["gang"]["id"]))
}

fn over_line(pairs: &[Value]) -> Vec<(&str, &str)> {
    pairs.iter().filter(|pair| pair["over_line"] == true).map(pair_of).collect()
}

#[test]
fn the_right_pairs_are_over_the_line_in_order_and_no_others() {
    for case in cases() {
        let (pairs, wanted) = (case.ask(&["umbrella"]), expected(case.name));
        let wanted: Vec<(&str, &str)> = list(&wanted["pairs"])
            .into_iter()
            .map(|pair| (text(&pair["official"]), text(&pair["gang"])))
            .collect();
        assert_eq!(over_line(&pairs), wanted, "{}", case.name);
    }
}

#[test]
fn each_mechanism_speaks_for_its_pair_and_cites_its_rows() {
    for case in cases() {
        let (pairs, wanted) = (case.ask(&["umbrella"]), expected(case.name));
        for want in list(&wanted["pairs"]) {
            let found =
                pairs.iter().find(|pair| pair_of(pair) == (text(&want["official"]), text(&want["gang"])));
            for (mechanism, rows) in want["mechanisms"].as_object().unwrap() {
                assert!(speaks(found.unwrap(), mechanism, &texts(rows)), "{}: {want} {mechanism}", case.name);
            }
        }
    }
}

/// Whether a factor of this name speaks for the pair, counts some of these rows, and shows all of them.
fn speaks(pair: &Value, mechanism: &str, rows: &BTreeSet<&str>) -> bool {
    list(&pair["factors"]).into_iter().any(|factor| {
        text(&factor["factor"]) == mechanism
            && factor["log_odds"].as_f64() > Some(0.0)
            && !texts(&factor["evidence"]).is_disjoint(rows)
            && {
                let shown: BTreeSet<&str> =
                    texts(&factor["evidence"]).union(&texts(&factor["context"])).copied().collect();
                rows.is_subset(&shown)
            }
    })
}

#[test]
fn a_factor_counts_in_the_sum_and_a_score_is_the_sum() {
    for pair in cases().iter().flat_map(|case| case.ask(&["umbrella"])) {
        let factors = list(&pair["factors"]);
        let sum: f64 = factors.iter().filter_map(|factor| factor["log_odds"].as_f64()).sum();
        let (log_odds, score) = (pair["log_odds"].as_f64().unwrap(), pair["score"].as_f64().unwrap());
        assert!(
            (sum - log_odds).abs() < 1e-9 && (1.0 / (1.0 + (-log_odds).exp()) - score).abs() < 1e-9,
            "{pair}"
        );
    }
}

#[test]
fn those_who_are_only_near_stay_under_the_line() {
    for case in cases() {
        let (pairs, wanted) = (case.ask(&["umbrella"]), expected(case.name));
        for want in list(&wanted["not_over_line"]) {
            let pair = (text(&want[0]), text(&want[1]));
            let found = pairs.iter().find(|found| pair_of(found) == pair);
            assert!(found.is_none_or(|found| found["over_line"] == false), "{}: {pair:?}", case.name);
        }
    }
}

/// `o10` of the second case is a member's brother, and that is all: however low the line, he is under it.
#[test]
fn a_brother_in_the_gang_is_never_over_any_line() {
    let pairs = QUIET.ask(&["umbrella", "--official", "o10", "--line", "0.001"]);
    let [pair] = pairs.as_slice() else { panic!("{pairs:?}") };
    assert!(pair["score"].as_f64().unwrap() > 0.001);
    assert_eq!(pair["over_line"], false);
    let cap = list(&pair["factors"]).into_iter().find(|factor| factor["factor"] == "kin_cap").unwrap();
    assert_eq!(texts(&cap["context"]), BTreeSet::from(["member:m04:g1:2015", "q013"]));
}

#[test]
fn what_is_on_record_is_said() {
    let wanted = expected("harbour-town");
    for pair in HARBOUR.ask(&["umbrella"]) {
        let (official, gang) = pair_of(&pair);
        assert_eq!(pair["known"], wanted["known"][format!("{official} {gang}")], "{official} {gang}");
    }
}

#[test]
fn key_figures_are_those_worked_out() {
    for case in cases() {
        let (info, wanted) = (case.ask(&["info"]), &expected(case.name)["figures"]);
        assert_eq!(info[0]["entities"], wanted["entities"], "{}", case.name);
        let ties: BTreeMap<&String, &Value> =
            info[0]["ties"].as_object().unwrap().iter().filter(|(ty, _)| *ty != "same").collect();
        assert_eq!(ties, wanted["ties"].as_object().unwrap().iter().collect(), "{}", case.name);
        assert_eq!(info[0]["claims"], wanted["claims"], "{}", case.name);
    }
}

#[test]
fn the_best_paths_are_those_worked_out() {
    for case in cases() {
        for want in list(&expected(case.name)["paths"]) {
            paths_are(&paths(case, want, &[]), want);
        }
    }
}

/// Two clocks: a row is known on its `recorded` day, else when the latest of its sources was written.
#[test]
fn nothing_is_known_before_it_happened() {
    for name in ["harbour-town", "obvious-suspect"] {
        let rows = |file: &str| -> Vec<BTreeMap<String, String>> {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name).join(file);
            let mut reader = csv::Reader::from_path(path).unwrap();
            reader.deserialize().map(Result::unwrap).collect()
        };
        let written: BTreeMap<String, String> =
            rows("sources.csv").into_iter().map(|row| (row["id"].clone(), row["date"].clone())).collect();
        let (mut early, mut looked_at) = (Vec::new(), 0);
        for file in ["cases.csv", "leads.csv", "relations.csv", "steps.csv"] {
            for row in rows(file) {
                let get = |column: &str| row.get(column).map_or("", String::as_str);
                let latest = get("source").split(';').filter_map(|id| written.get(id)).max();
                let known = Some(get("recorded").to_owned()).filter(|day| !day.is_empty());
                let Some(known) = known.or_else(|| latest.cloned()) else { continue };
                let days = ["start", "date", "opened", "closed", "signed", "received"].map(get);
                looked_at += days.iter().filter(|day| !day.is_empty()).count();
                early.extend(
                    days.iter()
                        .filter(|day| **day > known.as_str())
                        .map(|day| format!("{file} {row:?} {day}")),
                );
            }
        }
        assert!(early.is_empty() && looked_at > 100, "{name} {looked_at}: {early:#?}");
    }
}

/// The three best, however long.
fn paths(case: &Case, want: &Value, more: &[&str]) -> Vec<Value> {
    let words = ["paths", text(&want["from"]), text(&want["to"]), "-k", "3", "--max-hops", "20"];
    case.ask(&[&words, more].concat())
}

/// Compares paths with those worked out; where two are equally good, only how good they are.
fn paths_are(found: &[Value], want: &Value) {
    let wanted = list(&want["paths"]);
    assert_eq!(found.len(), wanted.len(), "{want}");
    for (path, want) in found.iter().zip(wanted) {
        assert!(near(&path["reliability"], &want["reliability"]), "{path}\n{want}");
        if want["nodes"].is_null() {
            continue;
        }
        assert_eq!(path["nodes"], want["nodes"]);
        for (hop, want) in list(&path["hops"]).into_iter().zip(list(&want["hops"])) {
            assert_eq!(texts(&hop["relations"]), texts(&want["relations"]));
            assert!(near(&hop["strength"], &want["strength"]), "{hop}\n{want}");
        }
    }
}

fn near(a: &Value, b: &Value) -> bool {
    let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
    (a - b).abs() <= CLOSE * b.abs().max(1.0)
}

#[test]
fn ranks_are_those_of_another_program() {
    for case in cases() {
        for (measure, want) in expected(case.name)["ranks"].as_object().unwrap() {
            let rows = case.ask(&["rank", "--by", measure, "--kind", "person", "--top", "10"]);
            let found: Vec<&str> = rows.iter().map(|row| text(&row["id"])).collect();
            let wanted: Vec<&str> = list(want).into_iter().map(|row| text(&row["id"])).collect();
            assert_eq!(found, wanted, "{} {measure}", case.name);
            for (row, want) in rows.iter().zip(list(want)) {
                assert!(near(&row["value"], &want["value"]), "{measure} {row} {want}");
            }
        }
    }
}

#[test]
fn earlier_days_show_what_was_known_then() {
    for case in cases() {
        for want in list(&expected(case.name)["as_of"]) {
            let day = text(&want["day"]);
            let info = case.ask(&["info", "--as-of", day]);
            assert_eq!(info[0]["entities"], want["figures"]["entities"], "{} {day}", case.name);
            for path in list(&want["paths"]) {
                paths_are(&paths(case, path, &["--as-of", day]), path);
            }
        }
    }
}

#[test]
fn on_the_day_of_the_sign_off_the_pair_was_under_the_line() {
    let wanted = expected("harbour-town");
    let then = HARBOUR.ask(&["umbrella", "--as-of", text(&wanted["sign_off"]["day"])]);
    for pair in list(&wanted["sign_off"]["not_over_line_then"]) {
        assert!(!over_line(&then).contains(&(text(&pair[0]), text(&pair[1]))));
    }
}

#[test]
fn the_workbook_of_an_office_gives_the_same_pairs() {
    let book = Case::import("workbook", &fixture("harbour-town-workbook").join("港口镇.xlsx"));
    let (typed, kept) = (book.ask(&["umbrella"]), HARBOUR.ask(&["umbrella"]));
    // Ids differ, and with them the order in which equal numbers are added up.
    let told = |pair: &Value| {
        let score = format!("{:.9}", pair["score"].as_f64().unwrap());
        let number = |key: &str| pair[key].as_f64().map(|p| format!("{p:.9}"));
        let factors: Vec<_> = list(&pair["factors"])
            .into_iter()
            .map(|factor| {
                (text(&factor["factor"]).to_owned(), format!("{:.9}", factor["log_odds"].as_f64().unwrap()))
            })
            .collect();
        let (official, gang) = (text(&pair["official"]["name"]), text(&pair["gang"]["name"]));
        (official.to_owned(), gang.to_owned(), score, number("p_value"), number("q_value"), factors)
    };
    assert_eq!(typed.len(), kept.len());
    for (typed, kept) in typed.iter().zip(&kept) {
        assert_eq!(told(typed), told(kept));
    }
    let counts = |case: &Case| {
        let info = case.ask(&["info"]);
        (info[0]["entities"].clone(), info[0]["ties"].clone(), info[0]["claims"].clone())
    };
    assert_eq!(counts(&book), counts(&HARBOUR), "the workbook holds all that the bundle holds");
}

/// What somebody reads who asks a case about everything.
fn everything(case: &Case) -> String {
    let asked: [&[&str]; 8] = [
        &["umbrella"],
        &["umbrella", "--json"],
        &["info", "--json"],
        &["find", "段", "--json"],
        &["show", "o01"],
        &["show", "m01", "--json"],
        &["paths", "o01", "g1", "--json"],
        &["rank", "--by", "degree", "--all-people", "--top", "500", "--json"],
    ];
    asked.iter().map(|words| String::from_utf8(parasol(&case.store, words).stdout).unwrap()).collect()
}

#[test]
fn sealed_rows_and_protected_sources_are_seen_nowhere() {
    for case in cases() {
        let (wanted, said) = (expected(case.name), everything(case));
        for hidden in texts(&wanted["sealed"]) {
            assert!(
                !said.contains(&format!("\"{hidden}\"")) && !said.contains(&format!("[{hidden}]")),
                "{hidden}"
            );
        }
        for hidden in texts(&wanted["protected"]["texts"]) {
            assert!(!said.contains(hidden), "{hidden}");
        }
    }
    assert_eq!(parasol(&HARBOUR.store, &["show", "p35"]).status.code(), Some(3));
}

#[test]
fn who_a_protected_source_is_changes_no_byte() {
    let bundle = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(fixture("harbour-town")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "csv") {
            let rows = std::fs::read_to_string(&path).unwrap();
            let other = rows.replace("s09", "another").replace("匿名信（码头装卸队内部人员）", "老板的司机");
            std::fs::write(bundle.path().join(path.file_name().unwrap()), other.replace("保险柜3-17", ""))
                .unwrap();
        }
    }
    assert_eq!(everything(&Case::import("another source", bundle.path())), everything(&HARBOUR));
}

#[test]
fn every_bad_row_is_named_and_the_rest_is_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let (store, rejects) = (folder.path().join("case.db"), folder.path().join("rejects.jsonl"));
    let bundle = fixture("bad-bundle");
    let out = parasol(&store, &["import", bundle.to_str().unwrap(), "--rejects", rejects.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(4), "{}", String::from_utf8_lossy(&out.stderr));
    let found = std::fs::read_to_string(&rejects).unwrap();
    let found: Vec<Value> = found.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(places(&found.iter().collect::<Vec<_>>()), places(&list(&expected("bad-bundle")["rejected"])));
    assert_eq!(over_line(&lines(&store, &["umbrella"])), [("o1", "g1")]);
}

fn places(rejected: &[&Value]) -> BTreeSet<String> {
    let place = |row: &&Value| {
        format!("{}:{} {} {}", text(&row["file"]), row["line"], text(&row["column"]), text(&row["code"]))
    };
    rejected.iter().map(place).collect()
}

#[test]
fn what_is_shipped_of_others_is_in_as_it_stands() {
    let case = Case::import("crimenet", &fixture("crimenet"));
    let info = case.ask(&["info"]);
    assert_eq!(info[0]["entities"]["gang"], 2424);
    assert_eq!(info[0]["ties"]["associate"], 2291);
}
