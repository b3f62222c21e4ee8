//! What a city must hold to be worth measuring on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;

mod leaks;

/// The rows of a table by column; no cell of a city has a comma in it.
fn rows(dir: &Path, table: &str) -> Vec<BTreeMap<String, String>> {
    let text = fs::read_to_string(dir.join(format!("{table}.csv"))).unwrap();
    let mut lines = text.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), heads.len(), "{line}");
        heads.iter().zip(cells).map(|(head, cell)| ((*head).to_owned(), cell.to_owned())).collect()
    };
    lines.map(row).collect()
}

fn city(options: &Options) -> (tempfile::TempDir, Counts) {
    let folder = tempfile::tempdir().unwrap();
    let counts = generate(folder.path(), options, &|_, _| ()).unwrap();
    (folder, counts)
}

const TABLES: [&str; 11] = [
    "sources",
    "people",
    "officials",
    "gang_members",
    "organisations",
    "cases",
    "objects",
    "leads",
    "relations",
    "steps",
    "truth",
];

#[test]
fn one_seed_is_one_city_to_the_byte() {
    let options = Options { style: &STYLES[4], missing: 0.3, ..Options::new(700, 8) };
    let (a, counts) = city(&options);
    let (b, again) = city(&options);
    let (c, _) = city(&Options { seed: 9, ..options });
    assert_eq!(counts, again);
    for table in TABLES {
        let of = |folder: &tempfile::TempDir| fs::read(folder.path().join(format!("{table}.csv"))).unwrap();
        assert_eq!(of(&a), of(&b), "{table}");
        assert_ne!(of(&a), of(&c), "{table}");
    }
    assert_eq!(fs::read_dir(a.path()).unwrap().count(), TABLES.len());
}

#[test]
fn a_city_with_rows_missing_is_the_whole_one_less_those_rows() {
    let whole = Options::new(800, 3);
    let (full, all) = city(&whole);
    let lines = |folder: &tempfile::TempDir, table: &str| -> BTreeSet<String> {
        let text = fs::read_to_string(folder.path().join(format!("{table}.csv"))).unwrap();
        text.lines().skip(1).map(str::to_owned).collect()
    };
    let every = lines(&full, "relations");
    assert_eq!((every.len() as u64, all.lost), (all.relations, 0));
    for loss in Loss::ALL.map(|(_, loss)| loss) {
        let (part, counts) = city(&Options { missing: 0.4, loss, ..whole.clone() });
        for table in TABLES.into_iter().filter(|table| !matches!(*table, "cases" | "truth")) {
            assert!(lines(&part, table).is_subset(&lines(&full, table)), "{table}");
        }
        assert_eq!(counts.relations + counts.lost, all.relations);
        let share = counts.lost as f64 / all.relations as f64;
        assert!((0.33..0.47).contains(&share), "{loss:?} {share}");
    }
}

/// The evidence of umbrellas that is in the file, as a share of what the whole city has.
fn evidence_left(loss: Loss) -> f64 {
    let count = |missing| {
        let (folder, _) = city(&Options { missing, loss, ..Options::new(1000, 5) });
        let of =
            |row: &BTreeMap<String, String>| row["evidence"].split(';').filter(|id| !id.is_empty()).count();
        rows(folder.path(), "truth").iter().filter(|row| row["decoy"].is_empty()).map(of).sum::<usize>()
    };
    count(0.25) as f64 / count(0.0) as f64
}

#[test]
fn what_is_hidden_on_purpose_goes_first_and_whole_sources_go_together() {
    let (mixed, hidden) = (evidence_left(Loss::Mixed), evidence_left(Loss::Hidden));
    assert!((0.6..0.9).contains(&mixed) && hidden < 0.45, "{mixed} {hidden}");
    let (folder, _) = city(&Options { missing: 0.5, loss: Loss::Source, ..Options::new(1000, 5) });
    let (full, _) = city(&Options::new(1000, 5));
    // A bank's quarter is there or is not.
    let quarters = |folder: &tempfile::TempDir| {
        let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in rows(folder.path(), "relations").iter().filter(|row| row["type"] == "payment") {
            let month: u32 = row["start"][5..7].parse().unwrap();
            let key = format!("{} {}", &row["start"][..4], (month - 1) / 3);
            *counts.entry((row["source"].clone(), key)).or_default() += 1;
        }
        counts
    };
    let (part, all) = (quarters(&folder), quarters(&full));
    assert!(part.len() < all.len() * 7 / 10);
    assert!(part.iter().all(|(cell, count)| all[cell] == *count));
}

#[test]
fn every_umbrella_has_rows_that_show_it_and_they_are_in_the_file() {
    for style in STYLES {
        let (folder, counts) = city(&Options { style, relations: Some(1), ..Options::new(2000, 11) });
        let relations: BTreeSet<String> =
            rows(folder.path(), "relations").iter().map(|row| row["id"].clone()).collect();
        let mut about = BTreeSet::new();
        for lead in rows(folder.path(), "leads") {
            about.extend(lead["about"].split(';').map(|id| format!("about:{}:{id}", lead["id"])));
        }
        let truth = rows(folder.path(), "truth");
        assert_eq!(truth.len() as u32, counts.umbrellas + counts.decoys);
        assert!(counts.umbrellas > 0 && counts.decoys > counts.umbrellas);
        for row in truth {
            let evidence: Vec<&str> = row["evidence"].split(';').filter(|id| !id.is_empty()).collect();
            assert!(row["decoy"].is_empty() != row["mechanisms"].is_empty());
            assert!(!row["decoy"].is_empty() || !evidence.is_empty(), "{row:?}");
            assert!(evidence.iter().all(|id| relations.contains(*id) || about.contains(*id)));
        }
    }
}

/// What can be seen of a row by itself, but not when, who or how much.
fn look(row: &BTreeMap<String, String>) -> String {
    ["type", "role", "decision", "status", "currency", "credibility"].map(|head| row[head].as_str()).join("/")
}

#[test]
fn no_row_speaks_of_an_umbrella_by_its_kind() {
    let (mut planted, mut all) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    for seed in 0..4 {
        let (folder, _) = city(&Options::new(1500, 100 + seed));
        let truth = rows(folder.path(), "truth");
        let shown: BTreeSet<&str> = truth.iter().flat_map(|row| row["evidence"].split(';')).collect();
        for row in rows(folder.path(), "relations") {
            *all.entry(look(&row)).or_default() += 1;
            if shown.contains(row["id"].as_str()) {
                *planted.entry(look(&row)).or_default() += 1;
            }
        }
    }
    for (look, count) in planted {
        assert!(all[&look] >= 2 * count, "{look}: {count} planted of {}", all[&look]);
    }
}

/// How well a number tells the marked from the others: 0.5 is not at all. And the standard error of it.
fn area(mut scored: Vec<(f64, bool)>) -> (f64, f64) {
    scored.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum) = (0.0, 0.0);
    for same in scored.chunk_by(|a, b| a.0 == b.0) {
        let marked = same.iter().filter(|one| one.1).count() as f64;
        let others = same.len() as f64 - marked;
        sum += marked * (below + others / 2.0);
        below += others;
    }
    let marked = scored.len() as f64 - below;
    (sum / (marked * below), ((marked + below + 1.0) / (12.0 * marked * below)).sqrt())
}

/// Learns from the ids of some cities, digit by digit and from the place in the file, which are
/// marked, and tries itself on others. Each city is the ids of one table in file order.
fn learn(cities: &[Vec<(String, bool)>]) -> (f64, f64) {
    let half = cities.len() / 2;
    let features = |at: usize, len: usize, id: &str| -> Vec<String> {
        let digits = id.chars().enumerate().skip(1).map(|(at, digit)| format!("{at}{digit}"));
        digits.chain([format!("place {}", 20 * at / len), format!("first {}", &id[1..3])]).collect()
    };
    let mut counts: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for city in &cities[..half] {
        for (at, (id, marked)) in city.iter().enumerate() {
            for feature in features(at, city.len(), id) {
                counts.entry(feature).or_insert([2.0, 2.0])[usize::from(*marked)] += 1.0;
            }
        }
    }
    let mut scored = Vec::new();
    for city in &cities[half..] {
        for (at, (id, marked)) in city.iter().enumerate() {
            let weigh = |feature: &String| counts.get(feature).map_or(0.0, |[no, yes]| (yes / no).ln());
            scored.push((features(at, city.len(), id).iter().map(weigh).sum::<f64>(), *marked));
        }
    }
    area(scored)
}

#[test]
fn ids_and_order_say_nothing_of_the_planting() {
    let mut tables: BTreeMap<&str, Vec<Vec<(String, bool)>>> = BTreeMap::new();
    // Every style, and every other city with rows that are missing.
    for seed in 0..20 {
        let style = &STYLES[seed as usize / 2 % STYLES.len()];
        let missing = f64::from(u8::from(seed % 2 == 1)) * 0.25;
        let (folder, _) =
            city(&Options { relations: Some(1), style, missing, ..Options::new(1200, 200 + seed) });
        let truth = rows(folder.path(), "truth");
        let is_true = |row: &&BTreeMap<String, String>| row["decoy"].is_empty();
        let shown: BTreeSet<&str> =
            truth.iter().filter(is_true).flat_map(|row| row["evidence"].split(';')).collect();
        let column = |head: &str| -> BTreeSet<String> {
            truth.iter().filter(is_true).map(|row| row[head].clone()).collect()
        };
        let (officials, gangs) = (column("official"), column("gang"));
        let relations = rows(folder.path(), "relations");
        let controls = relations.iter().filter(|row| row["type"] == "controls");
        let fronts: BTreeSet<String> = controls.map(|row| row["to"].clone()).collect();
        // Whoever and whatever stands at an end of what was planted.
        let planted = relations.iter().filter(|row| shown.contains(row["id"].as_str()));
        let touched: BTreeSet<String> =
            planted.flat_map(|row| [row["from"].clone(), row["to"].clone()]).collect();
        let mut put = |table, marked: &dyn Fn(&str) -> bool| {
            let of = |row: &BTreeMap<String, String>| (row["id"].clone(), marked(&row["id"]));
            tables.entry(table).or_default().push(rows(folder.path(), table).iter().map(of).collect());
        };
        put("relations", &|id| shown.contains(id));
        put("officials", &|id| officials.contains(id));
        put("organisations", &|id| gangs.contains(id) || fronts.contains(id));
        for table in ["people", "gang_members", "objects", "cases", "leads"] {
            put(table, &|id| touched.contains(id) || shown.contains(id));
        }
    }
    for (table, cities) in &tables {
        let (found, error) = learn(cities);
        assert!((found - 0.5).abs() < 3.5 * error, "{table}: {found} ± {error}");
        // The test can fail: where the marked stand first, it finds them.
        let sorted = cities.iter().map(|city| {
            let mut ids: Vec<String> = city.iter().map(|(id, _)| id.clone()).collect();
            ids.sort();
            let marked = city.iter().filter(|(_, marked)| *marked).count();
            ids.into_iter().enumerate().map(|(at, id)| (id, at < marked)).collect()
        });
        let (found, error) = learn(&sorted.collect::<Vec<_>>());
        assert!(found - 0.5 > 3.5 * error, "{table}: {found} ± {error}");
    }
}

/// Share of the rows that are so.
fn share<'a, T: 'a>(rows: impl Iterator<Item = &'a T>, is_so: impl Fn(&T) -> bool) -> f64 {
    let (mut so, mut all) = (0.0, 0.0);
    rows.for_each(|row| (so, all) = (so + f64::from(u8::from(is_so(row))), all + 1.0));
    so / all
}

#[test]
fn rates_are_those_of_the_style() {
    let (folder, _) = city(&Options { relations: Some(1), ..Options::new(6000, 6) });
    let relations = rows(folder.path(), "relations");
    let truth = rows(folder.path(), "truth");
    let shown = |mechanism: &str| -> BTreeSet<&str> {
        let works = truth.iter().filter(|row| row["mechanisms"].split(';').any(|m| m == mechanism));
        works.flat_map(|row| row["evidence"].split(';')).collect()
    };
    let favour = |row: &BTreeMap<String, String>| !matches!(row["decision"].as_str(), "charged" | "none");
    let cases = shown("case_favour");
    let handled = || relations.iter().filter(|row| row["type"] == "handled");
    let under = share(handled().filter(|row| cases.contains(row["id"].as_str())), favour);
    let base = share(handled().filter(|row| !cases.contains(row["id"].as_str())), favour);
    assert!((0.6..0.9).contains(&under) && (0.12..0.24).contains(&base), "{under} {base}");
    let objects = rows(folder.path(), "objects");
    let raids = objects.iter().filter(|row| !row["outcome"].is_empty());
    let empty = share(raids, |row| row["outcome"] == "empty");
    assert!((0.15..0.4).contains(&empty), "{empty}");
    let people = rows(folder.path(), "people");
    let (officials, members) = (rows(folder.path(), "officials"), rows(folder.path(), "gang_members"));
    let records: BTreeSet<&str> =
        people.iter().chain(&officials).chain(&members).map(|row| row["id"].as_str()).collect();
    let twice = records.len() as f64 / 6000.0 - 1.0;
    assert!((0.03..0.05).contains(&twice), "{twice}");
    let names: BTreeSet<&str> = people.iter().map(|row| row["name"].as_str()).collect();
    assert!(names.len() * 10 < people.len() * 9, "namesakes");
    let vague = share(relations.iter().filter(|row| row["type"] == "meeting"), |row| row["start"].len() < 10);
    assert!((0.05..0.2).contains(&vague), "{vague}");
}

#[test]
fn most_umbrellas_never_touch_the_gang_and_slander_has_one_voice() {
    let (folder, _) = city(&Options { relations: Some(1), ..Options::new(6000, 12) });
    let truth = rows(folder.path(), "truth");
    let relations = rows(folder.path(), "relations");
    let leads = rows(folder.path(), "leads");
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(folder.path(), "gang_members") {
        members.entry(row["gang"].clone()).or_default().insert(row["id"].clone());
    }
    let touches = |row: &BTreeMap<String, String>| {
        let of = &members[&row["gang"]];
        let shown: BTreeSet<&str> = row["evidence"].split(';').collect();
        relations.iter().filter(|tie| shown.contains(tie["id"].as_str())).any(|tie| {
            let ends = [&tie["from"], &tie["to"]];
            matches!(tie["type"].as_str(), "call" | "meeting")
                && ends.contains(&&row["official"])
                && ends.iter().any(|end| of.contains(*end))
        })
    };
    let direct = share(truth.iter().filter(|row| row["decoy"].is_empty()), touches);
    assert!(direct < 0.35, "{direct}");
    for row in truth.iter().filter(|row| row["decoy"] == "slander") {
        let letters: BTreeSet<&str> =
            row["evidence"].split(';').filter_map(|id| id.split(':').nth(1)).collect();
        let of = leads.iter().filter(|lead| letters.contains(lead["id"].as_str()));
        let voices: BTreeSet<&str> = of.map(|lead| lead["source"].as_str()).collect();
        assert!(letters.len() >= 12 && voices.len() == 1);
    }
}

#[test]
fn only_what_is_asked_for_is_planted() {
    let none = Options { umbrellas: Some(0.0), decoys: Some(0.0), ..Options::new(1000, 1) };
    let (folder, counts) = city(&none);
    assert_eq!((counts.umbrellas, counts.decoys), (0, 0));
    assert!(rows(folder.path(), "truth").is_empty());
    let one =
        Options { mechanisms: vec![Mechanism::RaidLeak], umbrellas: Some(1.0), ..Options::new(2000, 1) };
    let (folder, counts) = city(&one);
    assert!(counts.umbrellas >= counts.gangs);
    let truth = rows(folder.path(), "truth");
    assert!(truth.iter().all(|row| ["", "raid_leak"].contains(&row["mechanisms"].as_str())));
}
