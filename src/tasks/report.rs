//! The whole job in one go: a bundle in, pairs with reasons, briefs and charts out.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;

use crate::analysis::Watch;
use crate::analysis::umbrella::{Outcome, Pair};
use crate::export;
use crate::ingest::Input;
use crate::messages::Catalogue;
use crate::model::{Access, Date, Level, Message};
use crate::render::{self, Format, Picture, Style};
use crate::report::brief::{self, Made};
use crate::report::html;
use crate::report::index::{self, Index, PairFiles};
use crate::store::{self, Info, Mode};

use super::draw::{self, Ground};
use super::files::Scratch;
use super::import::{self, Imported, import};
use super::umbrella::Yardstick;
use super::{TaskError, Watches, brief as briefs, charts, open, umbrella};

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The bundle.
    pub bundle: Vec<PathBuf>,
    /// What stands for what in tables with words of their own.
    pub mapping: Option<PathBuf>,
    /// The folder to write to.
    pub out: PathBuf,
    /// Another store than `OUT/case.db`.
    pub store: Option<String>,
    /// Replaces the report of other inputs.
    pub force: bool,
    /// By what pairs are judged.
    pub yardstick: Yardstick,
    /// The day that undated facts became known.
    pub recorded: Option<Date>,
}

/// What a report came to.
#[derive(Debug)]
pub struct Report {
    /// What was imported.
    pub imported: Imported,
    /// What was found.
    pub outcome: Outcome,
    /// The page to open.
    pub index: PathBuf,
    /// Characters that the font lacks, sorted.
    pub missing: Vec<char>,
}

/// How many rejected rows the index page lists; the file beside it has them all.
const REJECTED_SHOWN: usize = 100;
const REJECTED: &str = "rejected.jsonl";

/// Who looks on while a report is made, stage by stage.
pub struct Onlookers<'o> {
    /// Is told how many bytes of how many are read.
    pub importing: &'o dyn Fn(u64, u64),
    /// While what was imported is opened and scored.
    pub watches: Watches,
    /// While briefs and charts are drawn.
    pub drawing: Watch,
}

/// Makes the report.
pub fn run(
    request: &Request,
    access: &Access,
    words: &Catalogue,
    json_words: &Catalogue,
    onlookers: &Onlookers<'_>,
) -> Result<Report, TaskError> {
    let out = request.out.as_path();
    check_folder(out, &request.bundle)?;
    let address = request.store.clone().unwrap_or_else(|| out.join(STORE).to_string_lossy().into_owned());
    let imported = take_in(request, &address, json_words, onlookers.importing)?;
    remove_old_pairs(out)?;
    let store = store::open(&address, Mode::Read)?;
    let network = open::network_watched(store.as_ref(), access, &onlookers.watches.opening)?;
    let view = store.read(access)?;
    let (info, sources, withheld) = (view.info()?, view.sources()?, view.withheld()?);
    let watches = onlookers.watches.clone();
    let asked = umbrella::Request { yardstick: request.yardstick, watches, ..umbrella::Request::default() };
    let outcome = crate::analysis::umbrella::run(&network, &asked.options(&network)?);
    let ground = Ground {
        network: &network,
        words,
        sources: &sources,
        stamp: draw::stamp(words, &info.digest),
        level: access.level,
    };
    let files = Files { out, missing: std::sync::Mutex::default() };
    let made = Made { level: access.level, digest: &info.digest, sources: &sources };
    let pairs = pair_files(&files, &ground, &outcome, made, &onlookers.drawing)?;
    let all = files.picture("network", &render::draw(&draw::whole(&ground, &outcome), Style::Colour))?;
    let page = charts::Page { network: &network, words, level: access.level, digest: &info.digest };
    let charts = chart_files(&files, &page, &outcome)?;
    tables(&files, words, json_words, &outcome)?;
    files.write("manifest.json", &manifest(request, access, &imported, &info, &outcome, withheld)?)?;
    let index = Index {
        name: bundle_name(&request.bundle),
        scope: brief::scope(words, &network),
        handling: words
            .say(&Message::new("brief-handling").text("level", words.text(brief::level_key(access.level)))),
        outcome: &outcome,
        extent: network.extent(),
        files: pairs,
        all,
        charts,
        tables: table_links(&imported),
        counts: counts(words, &imported, &info, access.level),
        notices: imported.notices.iter().map(|notice| import::notice(words, notice)).collect(),
        rejected: (rejected_rows(words, &imported), imported.rejected),
        footer: brief::footer(words, &outcome.weights, made),
    };
    files.write(html::FONT_FILE, render::font::file())?;
    files.write("index.html", index::html(words, &index).as_bytes())?;
    let missing = files.missing();
    Ok(Report { imported, outcome, index: out.join("index.html"), missing })
}

/// Makes the folder of the report. A file is none, and the bundle's own would be read as rows the next time.
fn check_folder(out: &Path, bundle: &[PathBuf]) -> Result<(), TaskError> {
    if out.is_file() {
        return Err(TaskError::file(out)(std::io::ErrorKind::NotADirectory.into()));
    }
    let place = |path: &Path| fs::canonicalize(path).ok();
    let folder =
        |path: &Path| if path.is_dir() { Some(path.to_owned()) } else { path.parent().map(Path::to_owned) };
    let own = |path: &PathBuf| place(path).as_deref().and_then(folder) == place(out);
    if out.is_dir() && bundle.iter().any(own) {
        return Err(TaskError::OverInput(out.to_owned()));
    }
    fs::create_dir_all(out).map_err(TaskError::file(out))
}

/// The report's own store, in its folder.
const STORE: &str = "case.db";

/// Whether a store that is there is the report's own, by whichever name it is called. Another one is nobody's to
/// replace, wherever it lies.
fn is_own(store: &Path, out: &Path) -> bool {
    let place = |path: &Path| fs::canonicalize(path).ok();
    matches!((place(store), place(&out.join(STORE))), (Some(store), Some(own)) if store == own)
}

/// Imports the bundle; a folder whose store holds other inputs is refused, or emptied by `force`.
fn take_in(
    request: &Request,
    address: &str,
    words: &Catalogue,
    progress: &dyn Fn(u64, u64),
) -> Result<Imported, TaskError> {
    let own = request.store.is_none() || is_own(Path::new(address), &request.out);
    let asked = import::Request {
        mapping: request.mapping.clone(),
        recorded: request.recorded,
        rejects: Some(request.out.join(REJECTED)),
        keep_rejected: REJECTED_SHOWN,
        keep_leads: false,
        only_if_same: own,
        for_readers: true,
        ..import::Request::of(address, &request.bundle)
    };
    match import(&asked, words, progress) {
        Ok(again) if own && again.tally.unchanged > 0 => counted_anew(again, &asked, words),
        Err(TaskError::OtherInputs) if request.force => {
            import::remove_store(Path::new(address))?;
            import(&asked, words, progress)
        }
        Err(TaskError::OtherInputs) => Err(TaskError::OtherReport(request.out.clone())),
        other => other,
    }?
    .unless_broken_off()
}

/// What came in, as the first report of the same inputs told it: the same command on the same input
/// gives the same bytes, so what this import found unchanged is counted as into a new store.
fn counted_anew(again: Imported, asked: &import::Request, words: &Catalogue) -> Result<Imported, TaskError> {
    let scratch = Scratch::new()?;
    let anew = import::Request {
        store: scratch.file("anew.db").to_string_lossy().into_owned(),
        rejects: None,
        ..asked.clone()
    };
    Ok(Imported { inputs: again.inputs, ..import(&anew, words, &|_, _| {})? })
}

/// Removes the briefs and charts of an earlier report, known by the names that this program gives
/// them: a pair that is not over the line any more must not stay on file.
fn remove_old_pairs(out: &Path) -> Result<(), TaskError> {
    let folder = out.join("pairs");
    let Ok(entries) = fs::read_dir(&folder) else { return Ok(()) };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (number, rest) = name.split_at(name.find('-').unwrap_or(0));
        let ours = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if ours && (rest.starts_with("-brief.") || rest.starts_with("-chart.")) {
            fs::remove_file(&path).map_err(TaskError::file(&path))?;
        }
    }
    // A folder with something else in it stays.
    let _ = fs::remove_dir(&folder);
    Ok(())
}

/// The folder, and the characters that some picture could not show.
struct Files<'a> {
    out: &'a Path,
    missing: std::sync::Mutex<std::collections::BTreeSet<char>>,
}

impl Files<'_> {
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), TaskError> {
        let path = self.out.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(TaskError::file(folder))?;
        }
        fs::write(&path, bytes).map_err(TaskError::file(path))
    }

    /// Writes a picture in its three forms; the names, for links from the index page.
    fn picture(&self, name: &str, picture: &Picture) -> Result<[String; 3], TaskError> {
        if let Ok(mut missing) = self.missing.lock() {
            missing.extend(&picture.missing);
        }
        let names = Format::ALL.map(|format| format!("{name}.{}", format.ending()));
        for (format, name) in Format::ALL.into_iter().zip(&names) {
            self.write(name, &draw::bytes(picture, format)?)?;
        }
        Ok(names)
    }

    fn missing(self) -> Vec<char> {
        self.missing.into_inner().unwrap_or_default().into_iter().collect()
    }
}

/// A brief and a chart for each pair over the line.
fn pair_files(
    files: &Files<'_>,
    ground: &Ground<'_>,
    outcome: &Outcome,
    made: Made<'_>,
    watch: &Watch,
) -> Result<Vec<PairFiles>, TaskError> {
    let pairs: Vec<&Pair> = outcome.pairs.iter().filter(|pair| pair.over_line).collect();
    let done = watch.over(pairs.len());
    pairs
        .par_iter()
        .enumerate()
        .map(|(at, pair)| {
            let written = one_pair(files, ground, outcome, pair, at + 1, made);
            done.one_done();
            written
        })
        .collect()
}

fn one_pair(
    files: &Files<'_>,
    ground: &Ground<'_>,
    outcome: &Outcome,
    pair: &Pair,
    number: usize,
    made: Made<'_>,
) -> Result<PairFiles, TaskError> {
    let name = format!("pairs/{number:03}");
    let scene = draw::of_pair(ground, pair, Yardstick::of(outcome)).unwrap_or_default();
    let chart = files.picture(&format!("{name}-chart"), &render::draw(&scene, Style::Colour))?;
    let brief = brief::pair(ground.words, ground.network, outcome, pair, made);
    let names = [format!("{name}-brief.html"), format!("{name}-brief.pdf")];
    let beside = format!("{number:03}-chart.png");
    files.write(&names[0], brief::html(&brief, Some(&beside), &|_| html::font("../")).as_bytes())?;
    files.write(&names[1], &draw::bytes(&render::sheet::draw(&briefs::sheet(&brief)), Format::Pdf)?)?;
    Ok(PairFiles { brief: names, chart })
}

/// Charts of the figures; one of nothing is none.
fn chart_files(
    files: &Files<'_>,
    page: &charts::Page<'_>,
    outcome: &Outcome,
) -> Result<Vec<(&'static str, [String; 3])>, TaskError> {
    let mut made = Vec::new();
    if !outcome.pairs.is_empty() {
        made.push(("chart-title-scores", files.picture("charts/scores", &charts::scores(page, outcome))?));
    }
    let network = page.network;
    if network.ties().any(|tie| network.tie(tie).start().is_some()) {
        made.push(("chart-title-layers", files.picture("charts/layers", &charts::layers(page))?));
    }
    Ok(made)
}

/// The ranked list as CSV and JSON lines.
fn tables(
    files: &Files<'_>,
    words: &Catalogue,
    json: &Catalogue,
    outcome: &Outcome,
) -> Result<(), TaskError> {
    files.write("pairs.csv", &export::csv::pairs(words, &outcome.pairs))?;
    let mut lines = Vec::new();
    for pair in &outcome.pairs {
        // Serialising into memory fails for no document of ours.
        let _ = serde_json::to_writer(&mut lines, &crate::report::pair::pair(json, pair));
        lines.push(b'\n');
    }
    files.write("pairs.jsonl", &lines)
}

fn table_links(imported: &Imported) -> Vec<(&'static str, String)> {
    let mut links = vec![("table-csv", "pairs.csv".to_owned()), ("table-json", "pairs.jsonl".to_owned())];
    if imported.rejected > 0 {
        links.push(("table-rejects", REJECTED.to_owned()));
    }
    links.push(("table-manifest", "manifest.json".to_owned()));
    links
}

/// What the report was made from and with: no clock, no absolute path.
#[derive(Serialize)]
struct Manifest<'a> {
    program: &'static str,
    version: &'static str,
    weights: &'a str,
    inputs: &'a [Input],
    options: Options,
    #[serde(skip_serializing_if = "Option::is_none")]
    import: Option<import::ImportDoc<'a>>,
    store: &'a Info,
    pairs: usize,
    over_line: usize,
    withheld: String,
}

#[derive(Serialize)]
struct Options {
    line: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<f64>,
    level: &'static str,
    as_of: Option<Date>,
    recorded: Option<Date>,
}

fn manifest(
    request: &Request,
    access: &Access,
    imported: &Imported,
    info: &Info,
    outcome: &Outcome,
    withheld: u64,
) -> Result<Vec<u8>, TaskError> {
    let manifest = Manifest {
        program: "parasol",
        version: env!("CARGO_PKG_VERSION"),
        weights: &outcome.weights,
        inputs: &imported.inputs,
        options: Options {
            line: request.yardstick.line,
            expected: request.yardstick.expected,
            level: access.level.code(),
            as_of: access.as_of,
            recorded: request.recorded,
        },
        // Rows that came in include those that this level is not told of.
        import: (access.level >= Level::Case).then(|| imported.document(false)),
        store: info,
        pairs: outcome.pairs.len(),
        over_line: outcome.pairs.iter().filter(|pair| pair.over_line).count(),
        withheld: small_count(withheld),
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest)
        .map_err(|error| TaskError::file("manifest.json")(std::io::Error::from(error)))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A count of what was withheld: a small one would point at somebody.
pub fn small_count(count: u64) -> String {
    match count {
        0 => "0".to_owned(),
        1..=4 => "<5".to_owned(),
        more => more.to_string(),
    }
}

/// The bundle's own name: its last folder or file.
fn bundle_name(paths: &[PathBuf]) -> String {
    let name = |path: &PathBuf| {
        let whole = path.canonicalize().unwrap_or_else(|_| path.clone());
        whole.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    };
    paths.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What the page counts: the rows that came in, or, for those who are not told of all of them, what they see of it.
fn counts(words: &Catalogue, imported: &Imported, info: &Info, level: Level) -> Vec<(String, u64)> {
    if level < Level::Case {
        let kinds = info.entities.iter().map(|(kind, count)| (words.word(kind), *count));
        let rest = [
            (words.word("relations"), info.claims),
            (words.word("sources"), info.sources),
            (words.word("steps"), info.steps),
            (words.text("count-rejected"), imported.rejected),
        ];
        return kinds.chain(rest).collect();
    }
    let tables = imported.tables.iter().map(|(table, count)| (words.word(table), count.read));
    let tally = [
        ("count-written", imported.written),
        ("count-added", imported.tally.added),
        ("count-merged", imported.tally.merged),
        ("count-updated", imported.tally.updated),
        ("count-unchanged", imported.tally.unchanged),
        ("count-rejected", imported.rejected),
    ];
    tables.chain(tally.map(|(key, count)| (words.text(key), count))).collect()
}

/// The rejected rows that were kept: place, column, value, reason.
fn rejected_rows(words: &Catalogue, imported: &Imported) -> Vec<[String; 4]> {
    let row = |rejected: &crate::ingest::Rejected| {
        let place = rejected.origin.to_string();
        let reasons = rejected.reasons.iter();
        let row = |r: &crate::ingest::Reason| {
            [place.clone(), r.column.clone(), r.value.clone(), import::reason(words, r)]
        };
        reasons.map(row).collect::<Vec<_>>()
    };
    imported.first_rejected.iter().flat_map(row).collect()
}
