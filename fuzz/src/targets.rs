//! What is fed with anything at all, and what must hold whatever it is: no panic, and the laws below.
//!
//! libFuzzer drives these (docs/FAULTS.md); `tests/fuzz.rs` runs them over their seeds and over seeds that
//! were spoilt, in every run of the tests.

use std::path::{Path, PathBuf};

use parasol::ingest::{Bundle, Mapping, Nothing, Notice, Origin, Rejected, Sink, SinkError, guess};
use parasol::messages::tame;
use parasol::model::{Access, Amount, Date, Layer, Record};
use parasol::render::layout::layout;
use parasol::render::scene::{Node, Plan, Scene, SourceRow, Tie};
use parasol::render::{self, style::Style};
use parasol::store::{self, Mode};

/// A target: its name, its seeds, and what is done with an input.
type Target = (&'static str, fn() -> Vec<Vec<u8>>, fn(&[u8]));

/// Every target.
pub const ALL: &[Target] = &[
    ("table", tables, table),
    ("workbook", workbooks, workbook),
    ("mapping", mappings, mapping),
    ("date", dates, date),
    ("amount", amounts, amount),
    ("label", labels, label),
    ("store", stores, store),
];

/// The tables of a bundle, by their codes.
const TABLES: [&str; 9] = [
    "sources",
    "officials",
    "gang_members",
    "people",
    "organisations",
    "cases",
    "objects",
    "leads",
    "relations",
];

/// The first line names the table, the rest is its file.
pub fn table(data: &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let (name, rows) = data.split_at(end);
    let name = TABLES.iter().find(|table| table.as_bytes() == name).unwrap_or(&"steps");
    read(&format!("{name}.csv"), rows.get(1..).unwrap_or_default());
}

/// What parts a mapping from the table that is read by it.
const PARTED: &[u8] = b"\n---- ";

/// A mapping, and after a line that names it the table: whatever is taken for a mapping reads the table as any other,
/// and a first mapping that is guessed of it is one.
pub fn mapping(data: &[u8]) {
    let end = data.windows(PARTED.len()).position(|part| part == PARTED).unwrap_or(data.len());
    let (map, table) = data.split_at(end);
    let table = table.get(PARTED.len()..).unwrap_or_default();
    let end = table.iter().position(|&byte| byte == b'\n').unwrap_or(0);
    let (name, rows) = table.split_at(end);
    let name = String::from_utf8_lossy(name).replace(['/', '\0'], "");
    let name = if name.is_empty() || name.len() > 100 || name.starts_with('.') { "ledger" } else { &name };
    let folder = tempfile::tempdir().expect("a folder");
    let (file, path) = (folder.path().join(format!("{name}.csv")), folder.path().join("map.toml"));
    std::fs::write(&file, rows.get(1..).unwrap_or_default()).expect("a file");
    let read = |text: &[u8]| {
        std::fs::write(&path, text).expect("a mapping");
        let Ok(mapping) = Mapping::open(&path) else { return false };
        if let Ok(bundle) = Bundle::open_mapped(std::slice::from_ref(&file), &mapping, &[], &|| Ok(())) {
            read_whole(&bundle);
        }
        true
    };
    read(map);
    let heads = guess::heads(std::slice::from_ref(&file)).unwrap_or_default();
    assert!(read(guess::propose(name, &heads).as_bytes()));
}

/// A workbook.
pub fn workbook(data: &[u8]) {
    read("案件.xlsx", data);
}

/// Rows read are rows sound and rows rejected, and whoever is turned away is told why.
fn read(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join(name);
    std::fs::write(&file, bytes).expect("a file");
    if let Ok(bundle) = Bundle::open(&[file]) {
        read_whole(&bundle);
    }
}

fn read_whole(bundle: &Bundle) {
    let mut counts = Counts::default();
    let Ok(summary) = bundle.read(&Nothing, &mut counts) else { return };
    let total = summary.total();
    assert_eq!(total.read, total.sound + total.rejected);
    assert_eq!(counts.rejected, total.rejected + summary.refused);
    assert!(counts.records >= total.sound);
}

#[derive(Default)]
struct Counts {
    records: u64,
    rejected: u64,
}

impl Sink for Counts {
    fn record(&mut self, _: &Origin, _: Record) -> Result<(), SinkError> {
        self.records += 1;
        Ok(())
    }

    fn rejected(&mut self, rejected: Rejected) -> Result<(), SinkError> {
        assert!(!rejected.reasons.is_empty());
        assert!(rejected.json_lines().iter().all(|line| !line.contains('\n')));
        self.rejected += 1;
        Ok(())
    }

    fn notice(&mut self, _: Notice) {}

    fn progress(&mut self, done: u64, total: u64) -> Result<(), SinkError> {
        assert!(done <= total);
        Ok(())
    }
}

/// A date that is read is written so that it is read again.
pub fn date(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(date) = text.parse::<Date>() {
        assert_eq!(date.to_string().parse::<Date>().ok(), Some(date));
        assert!(date.first() <= date.last());
    }
    read("relations.csv", format!("id,type,from,to,start,end\nr1,call,a,b,{text},{text}\n").as_bytes());
}

/// An amount that is read is written so that it is read again.
pub fn amount(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(amount) = text.parse::<Amount>() {
        assert_eq!(amount.to_string().parse::<Amount>().ok(), Some(amount));
    }
    read("relations.csv", format!("id,type,from,to,amount,share\nr1,payment,a,b,{text},{text}\n").as_bytes());
}

/// A text that goes on a picture and on a screen does nothing there but stand.
pub fn label(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    assert!(!tame(text).contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
    let mut scene = Scene::new(text, Plan::Springs);
    scene.sources = vec![SourceRow { number: "1".into(), text: text.into(), detail: text.into() }];
    let node = || Node { key: text.into(), name: text.into(), sub: text.into(), ..Node::default() };
    let (a, b) = (scene.add(node()), scene.add(node()));
    let mut tie = Tie::between(text, a, b, Layer::Money);
    (tie.label, tie.short) = (text.into(), text.into());
    scene.tie(tie);
    let places = layout(&scene, (800.0, 600.0));
    assert!(places.unlabelled(&scene) <= 1);
    let picture = render::draw(&scene, Style::Colour);
    for bad in ["<script", "<img", "<!--", "\u{202E}", "\u{1b}", "\u{0}"] {
        assert!(!picture.svg.contains(bad));
    }
    assert!(picture.png(0.1).is_ok());
}

/// A file that should be a store is one, or is refused: whatever is read of it ends.
pub fn store(data: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("case.db");
    std::fs::write(&file, data).expect("a file");
    let Ok(store) = store::open(&file.to_string_lossy(), Mode::Read) else { return };
    let _ = store.verify();
    let Ok(view) = store.read(&Access::default()) else { return };
    let _ = view.entities(&mut |_| ());
    let _ = view.ties(&mut |_| ());
    let _ = (view.steps(&[]), view.sources(), view.info(), view.find("王", 5));
}

fn fixtures() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let above = if here.ends_with("fuzz") { here.parent().unwrap_or(here) } else { here };
    above.join("fixtures")
}

/// Files of the fixtures with an ending, of bearable size.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in
        std::fs::read_dir(fixtures()).expect("fixtures").flatten().filter(|entry| entry.path().is_dir())
    {
        let inside = std::fs::read_dir(folder.path()).expect("a fixture").flatten().map(|entry| entry.path());
        let fits = |path: &PathBuf| {
            path.extension().is_some_and(|own| own == ending)
                && path.metadata().is_ok_and(|meta| meta.len() < 40_000)
        };
        found.extend(inside.filter(fits));
    }
    found.sort();
    found
}

fn tables() -> Vec<Vec<u8>> {
    let of = |path: PathBuf| {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let rows = std::fs::read(&path).expect("a table");
        [name.as_bytes(), b"\n", &rows].concat()
    };
    files("csv").into_iter().map(of).collect()
}

/// The mapping of an office's own tables, with each of them.
fn mappings() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR").trim_end_matches("/fuzz")).join("fixtures/own-words");
    let map = std::fs::read(folder.join("map.toml")).expect("a mapping");
    let tables = files("csv").into_iter().filter(|path| path.starts_with(&folder));
    let of = |path: PathBuf| {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let rows = std::fs::read(&path).expect("a table");
        [&map, PARTED, name.as_bytes(), b"\n", &rows].concat()
    };
    tables.map(of).collect()
}

fn workbooks() -> Vec<Vec<u8>> {
    files("xlsx").into_iter().map(|path| std::fs::read(path).expect("a workbook")).collect()
}

fn texts(all: &[&str]) -> Vec<Vec<u8>> {
    all.iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn dates() -> Vec<Vec<u8>> {
    texts(&[
        "2019-08-01",
        "2019-08",
        "2019",
        "2019.8.1",
        "2019/8/1",
        "2019年8月1日",
        "2019年8月",
        "二〇一九年八月一日",
        "20190801",
        "201908",
        "2019-08-01T12:30:00",
        "2019-08-01 12:30",
        "２０１９年８月",
        "至今",
        "9999-12-31",
        "43678",
        "0000-00-00",
        "2019-02-29",
        "2020-02-29",
        "1.8.2019",
        "",
        " ",
    ])
}

fn amounts() -> Vec<Vec<u8>> {
    texts(&[
        "120000",
        "120000.50",
        "12万",
        "12.5万元",
        "1.2亿",
        "¥12,000",
        "12,000.00",
        "壹拾贰万元整",
        "十二万",
        "-5",
        "1e9",
        "0.1",
        "35%",
        "0.35",
        "USD 100",
        "100元",
        "１２万",
        "12 000",
        "∞",
        "NaN",
        "99999999999999999999999999999",
        "",
    ])
}

fn labels() -> Vec<Vec<u8>> {
    texts(&[
        "王",
        "冯启年",
        "Feng Qinian",
        "望潮港务发展有限公司",
        "<script>alert(1)</script>",
        "\"><img onerror=x src=x>",
        "]]><!--&#x0;&amp;'",
        "\u{202E}txt.exe",
        "e\u{301}\u{301}\u{301}",
        "\u{2066}\u{200B}\u{1b}[31m\u{FEFF}",
        "𠀀😀👨‍👩‍👧",
        "שלום",
        "مرحبا",
        "=cmd|'/C calc'!A0",
        "a\tb\nc",
        "\u{0}\u{1}",
        "javascript:alert(1)",
        "…",
        "A&B <C>",
        "",
    ])
}

/// Small stores: each fixture's own.
fn stores() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().expect("a folder");
    let store_of = |name: &str| {
        let file = folder.path().join(format!("{name}.db"));
        let address = file.to_string_lossy().into_owned();
        let request = parasol::tasks::import::Request::of(&address, &[fixtures().join(name)]);
        let words = parasol::messages::Catalogue::new(parasol::messages::Lang::En);
        parasol::tasks::import::import(&request, &words, &|_, _| ()).expect("an import");
        std::fs::read(file).expect("a store")
    };
    ["harbour-town", "bad-bundle"].into_iter().map(store_of).collect()
}
