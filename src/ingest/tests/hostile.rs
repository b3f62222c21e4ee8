//! Laws that hold whatever comes in.

use proptest::prelude::*;

use super::help::{Kept, read_with};
use super::whole::BUNDLE;
use crate::ingest::csv::CsvRows;
use crate::ingest::row::RawRow;
use crate::ingest::{Bundle, Nothing, value};
use crate::model::{Record, Table};

/// Reads files of bytes; whatever they are, the laws hold or the bundle is refused as a whole.
fn survives(files: &[(&str, &[u8])]) -> Option<Kept> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let bundle = Bundle::open(&[folder.path().to_owned()]).ok()?;
    let mut kept = Kept::default();
    kept.summary = bundle.read(&Nothing, &mut kept).unwrap();
    kept.check_laws();
    Some(kept)
}

/// What a hand or a broken disk may do to a file.
#[derive(Clone, Debug)]
enum Harm {
    Set(usize, u8),
    Insert(usize, Vec<u8>),
    Cut(usize, usize),
    Repeat(usize, usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let bits = prop::sample::select(vec![
        &b"\""[..],
        b",",
        b"\n",
        b"\r",
        b"\0",
        b";",
        b"\xFF\xFE",
        b"\xEF\xBB\xBF",
        b"=1",
        b"\xE5",
        "，至今".as_bytes(),
        b"o1",
    ]);
    prop_oneof![
        (any::<usize>(), any::<u8>()).prop_map(|(at, byte)| Harm::Set(at, byte)),
        (any::<usize>(), bits).prop_map(|(at, bytes)| Harm::Insert(at, bytes.to_vec())),
        (any::<usize>(), 0..200_usize).prop_map(|(at, length)| Harm::Cut(at, length)),
        (any::<usize>(), 0..200_usize).prop_map(|(at, length)| Harm::Repeat(at, length)),
    ]
}

fn hurt(bytes: &mut Vec<u8>, harm: &Harm) {
    let place = |at: usize| at % (bytes.len() + 1);
    match harm {
        Harm::Set(at, byte) => {
            let at = place(*at);
            if let Some(there) = bytes.get_mut(at) {
                *there = *byte;
            }
        }
        Harm::Insert(at, more) => {
            let at = place(*at);
            bytes.splice(at..at, more.iter().copied());
        }
        Harm::Cut(at, length) => {
            let at = place(*at);
            bytes.drain(at..(at + length).min(bytes.len()));
        }
        Harm::Repeat(at, length) => {
            let at = place(*at);
            let part = bytes[at..(at + length).min(bytes.len())].to_vec();
            bytes.splice(at..at, part);
        }
    }
}

/// A CSV cell as a careful writer has it.
fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_that_are_nothing_do_no_harm(table in 0..10_usize, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let name = format!("{}.csv", Table::ALL[table]);
        survives(&[(&name, &bytes), ("truth.csv", b"x")]);
    }

    #[test]
    fn rows_of_random_cells_do_no_harm(table in 0..10_usize, cells in prop::collection::vec("\\PC{0,12}", 0..60)) {
        let table = Table::ALL[table];
        let columns = crate::ingest::columns::columns(table);
        let header: Vec<&str> = columns.iter().map(|column| column.col.code()).collect();
        let rows = cells.chunks(columns.len()).map(|row| row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        let text = format!("{}\n{}", header.join(","), rows.collect::<Vec<_>>().join("\n"));
        survives(&[(&format!("{table}.csv"), text.as_bytes())]);
    }

    #[test]
    fn a_sound_bundle_that_was_damaged_does_no_harm(
        harms in prop::collection::vec((0..10_usize, harm()), 1..8),
    ) {
        let mut files: Vec<(&str, Vec<u8>)> = BUNDLE.iter().map(|(name, text)| (*name, text.as_bytes().to_vec())).collect();
        for (file, harm) in &harms {
            hurt(&mut files[*file].1, harm);
        }
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let kept = survives(&files).unwrap();
        for notice in &kept.notices {
            prop_assert!(!notice.to_string().contains("11010519491231002X"));
        }
        for rejected in &kept.rejected {
            for line in rejected.json_lines() {
                prop_assert!(serde_json::from_str::<serde_json::Value>(&line).is_ok());
                prop_assert!(!line.contains("11010519491231002X"));
            }
        }
    }

    #[test]
    fn cells_that_were_quoted_come_back_with_their_line(
        rows in prop::collection::vec(prop::collection::vec("[a-z\",\r\n；王 ]{0,6}", 1..5), 1..8),
        end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ) {
        let mut text = String::new();
        let mut lines = Vec::new();
        for row in &rows {
            let before = text.replace("\r\n", "\n").replace('\r', "\n");
            lines.push(before.matches('\n').count() as u64 + 1);
            text.push_str(&row.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
            text.push_str(end);
        }
        let mut reader = CsvRows::new(text.as_bytes(), b',', "UTF-8");
        let mut row = RawRow::default();
        for (expected, line) in rows.iter().zip(lines) {
            prop_assert!(reader.next(&mut row).unwrap());
            prop_assert_eq!(row.line, line);
            let cells: Vec<&str> = (0..row.len()).map(|at| row.cell(at)).collect();
            let expected: Vec<&str> = expected.iter().map(|cell| cell.trim()).collect();
            prop_assert_eq!(cells, expected);
            prop_assert!(row.faults.is_empty());
        }
        prop_assert!(!reader.next(&mut row).unwrap());
    }

    #[test]
    fn single_cells_never_make_it_panic(text in "\\PC{0,24}", more in "[-0-9年月日./:TZ,万亿千¥%+e ]{0,16}") {
        for text in [text, more] {
            value::date(&text, true);
            value::amount(&text, rust_decimal::Decimal::from(10_000));
            value::count(&text);
            value::share(&text);
            value::card_key(&value::card(&text).0);
        }
    }

    #[test]
    fn every_way_of_writing_a_day_is_that_day(year in 1900..2100_u16, month in 1..13_u8, day in 1..29_u8) {
        let expected = crate::model::Date::new(year, month, day).unwrap();
        for text in [
            format!("{year}-{month:02}-{day:02}"),
            format!("{year}-{month}-{day}"),
            format!("{year}.{month}.{day}"),
            format!("{year}/{month:02}/{day}"),
            format!("{year}年{month}月{day}日"),
            format!("{year}{month:02}{day:02}"),
            format!("{year}-{month:02}-{day:02}T08:30:00Z"),
        ] {
            prop_assert_eq!(value::date(&text, false).map(|read| read.date), Some(expected), "{}", text);
        }
        prop_assert_eq!(value::date(&format!("{day:02}/{month:02}/{year}"), false), None);
    }

    #[test]
    fn sums_in_wan_are_exact(units in 0..1_000_000_u64, part in 0..10_000_u64) {
        let one = rust_decimal::Decimal::ONE;
        let wan = value::amount(&format!("{units}.{part:04}万"), one).unwrap().0;
        prop_assert_eq!(wan.to_string(), (units * 10_000 + part).to_string());
    }

    #[test]
    fn the_order_of_columns_says_nothing(seed in any::<u64>()) {
        let turned: Vec<(&str, String)> = BUNDLE.iter().map(|(name, text)| (*name, turn(text, seed))).collect();
        let files: Vec<(&str, &[u8])> = turned.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let plain: Vec<(&str, &[u8])> = BUNDLE.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        prop_assert_eq!(sorted(&survives(&files).unwrap()), sorted(&survives(&plain).unwrap()));
    }
}

/// Moves every row's cells round by the same number of places (no cell of the bundle holds a comma
/// but one lead's text, which stays whole).
fn turn(text: &str, by: u64) -> String {
    let text = text.replace("says, a lot", "says; a lot");
    let turned = text.lines().map(|line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        let by = (by % cells.len() as u64) as usize;
        cells.rotate_left(by);
        cells.join(",") + "\n"
    });
    turned.collect()
}

/// Records as text, but for that one lead, in an order of their own.
fn sorted(kept: &Kept) -> Vec<String> {
    let said = |record: &Record| format!("{record:?}").replace("says; a lot", "says, a lot");
    let mut all: Vec<String> = kept.records.iter().map(|(_, record)| said(record)).collect();
    all.sort();
    all
}

#[test]
fn who_a_protected_source_is_shows_nowhere() {
    let read = |id: &str, title: &str| {
        let files: Vec<(&str, String)> = BUNDLE
            .iter()
            .map(|(name, text)| {
                let text = text.replace("s1", id).replace("letter", title).replace("box 3", title);
                (
                    *name,
                    if *name == "relations.csv" {
                        format!("{text}r9,call,p1,p9,,soon,,,,,,,,{id},,,\n")
                    } else {
                        text
                    },
                )
            })
            .collect();
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in &files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let bundle = Bundle::open(&[folder.path().to_owned()]).unwrap();
        let kept = read_with(folder.path(), &Nothing);
        let rows: Vec<String> = kept.relations().iter().map(|relation| relation.row.to_string()).collect();
        let told: Vec<String> =
            kept.rejected.iter().map(|r| format!("{:?} {:?}", r.row, r.json_lines())).collect();
        let notices: Vec<String> = kept.notices.iter().map(ToString::to_string).collect();
        (serde_json::to_string(bundle.inputs()).unwrap(), rows, told, notices)
    };
    assert_eq!(read("s1", "letter"), read("informer-77", "the man himself"));
}
