//! What a stranger could learn from the columns alone: buckets of every column of a row, alone and two at a
//! time, are learned on some cities and tried on others, of all styles.
//!
//! For each kind of row (a relation's type, reports, officials) three figures, on the cities kept apart:
//!
//! - *rules*: a bucket, or two of one row together, in which at least half of the learned rows show an
//!   umbrella, and at least half of those kept apart do too. There may be none;
//! - *first*: the share that shows one among the forty rows that the buckets together (naive Bayes) put
//!   first. It may not be half;
//! - *area*: how well they order all rows, 0.5 being chance. It cannot be 0.5: a permit at once, a large sum,
//!   a member's number are what umbrellas leave, and ordinary life less often. Its ceilings stand below.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::*;

/// Rows that a rule must have on either side.
const SUPPORT: u32 = 10;
/// The share of them from which a rule tells.
const TELLS: f64 = 0.5;
/// How many of the rows put first are looked at.
const FIRST: usize = 40;
/// Cities to learn from, and as many to try on.
const CITIES: u64 = 10;

/// How well a kind of row may be ordered, beyond twice the error of the area.
fn ceiling(kind: &str) -> f64 {
    match kind {
        // Large sums, and to members; calls and meetings with members; who sits at a table with them.
        "payment" => 0.9,
        "associate" | "call" | "meeting" | "attended" => 0.85,
        // Rows that must speak: decided, waived, granted at once.
        "licensed" => 0.85,
        "handled" | "inspected" | "reviewed" => 0.75,
        // One person's twenty letters are never true.
        "naming" => 0.75,
        // Shares, seats, jobs, friends, who was briefed, and what officials are.
        _ => 0.7,
    }
}

type Cells = BTreeMap<String, String>;

/// A row as a stranger sees it: its kind, and what is in which bucket, empty ones left out.
struct Seen {
    kind: String,
    buckets: Vec<(usize, u64)>,
    shows: bool,
}

impl Seen {
    fn new(kind: &str, texts: &[String], shows: bool) -> Self {
        let told = texts.iter().enumerate().filter(|(_, text)| !text.is_empty());
        let buckets = told.map(|(at, text)| (at, hash(text))).collect();
        Self { kind: kind.to_owned(), buckets, shows }
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(7, |hash, byte| chance::mix(hash ^ u64::from(byte)))
}

/// Rows in a bucket that show nothing, and that do.
type Count = [u32; 2];

/// Numbers by their size: half as much again, and again.
fn size(text: &str) -> String {
    text.parse::<f64>().map_or(String::new(), |number| format!("{:.0}", (2.0 * number.max(0.1).ln()).floor()))
}

/// The year, and how much of the day is written.
fn day(text: &str) -> String {
    if text.is_empty() {
        return "none".to_owned();
    }
    format!("{} {}", text.get(..4).unwrap_or(""), text.len())
}

/// Days from one day to another, where both are whole.
fn days_between(from: &str, to: &str) -> Option<i32> {
    let date = |text: &str| {
        let mut parts = text.split('-').map(|part| part.parse::<u16>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        crate::model::Date::new(year, month as u8, day as u8).map(|date| date.first().0)
    };
    Some(date(to)? - date(from)?)
}

fn letter(id: &str) -> &str {
    id.get(..1).unwrap_or("")
}

/// What one company, or two ends together, have in all.
#[derive(Default)]
struct Sums {
    shares: HashMap<String, (u32, u32, String)>,
    pairs: HashMap<(String, String), BTreeMap<String, u32>>,
}

impl Sums {
    fn of(relations: &[Cells]) -> Self {
        let mut sums = Self::default();
        for row in relations {
            let pair = (row["from"].clone(), row["to"].clone());
            *sums.pairs.entry(pair).or_default().entry(row["type"].clone()).or_default() += 1;
            if row["type"] == "ownership" {
                let (sum, holders, first) = sums.shares.entry(row["to"].clone()).or_default();
                (*sum, *holders) = (*sum + row["share"].parse::<u32>().unwrap_or(0), *holders + 1);
                let year = row["start"].get(..4).unwrap_or("");
                if first.is_empty() || (!year.is_empty() && year < first.as_str()) {
                    *first = year.to_owned();
                }
            }
        }
        sums
    }

    /// Beside what a row stands.
    fn beside(&self, row: &Cells) -> [String; 4] {
        let others = &self.pairs[&(row["from"].clone(), row["to"].clone())];
        let same = others.get(&row["type"]).copied().unwrap_or(0);
        let kinds: Vec<&str> = others.keys().map(String::as_str).collect();
        let (sum, holders, first) = self.shares.get(&row["to"]).cloned().unwrap_or_default();
        let later = row["start"]
            .get(..4)
            .and_then(|year| Some(year.parse::<i32>().ok()? - first.parse::<i32>().ok()?));
        let corporate = matches!(row["type"].as_str(), "ownership" | "directorship" | "employment");
        [
            if corporate { same.to_string() } else { String::new() },
            if corporate { kinds.join("+") } else { String::new() },
            if corporate { format!("{:?} {holders}", sum.cmp(&100)) } else { String::new() },
            later.filter(|_| corporate).map_or(String::new(), |years| years.to_string()),
        ]
    }
}

/// A relation by all its columns, the channel and grade of its source, and what stands beside it.
fn relation(row: &Cells, sources: &HashMap<&str, String>, sums: &Sums) -> Vec<String> {
    let span = days_between(&row["start"], &row["end"]).map_or(String::new(), |days| size(&days.to_string()));
    let delay =
        days_between(&row["start"], &row["recorded"]).map_or(String::new(), |days| (days / 50).to_string());
    let round = row["amount"].len() - row["amount"].trim_end_matches('0').len();
    let share = row["share"].parse::<u32>().map_or(String::new(), |share| (share / 5).to_string());
    let mut buckets = vec![
        format!("{}{}", letter(&row["from"]), letter(&row["to"])),
        row["role"].clone(),
        day(&row["start"]),
        span,
        size(&row["count"]),
        size(&row["amount"]),
        if row["amount"].is_empty() { String::new() } else { format!("{} {round}", row["amount"].len()) },
        share,
        row["decision"].clone(),
        row["status"].clone(),
        row["credibility"].clone(),
        sources.get(row["source"].as_str()).cloned().unwrap_or_default(),
        delay,
    ];
    buckets.extend(sums.beside(row));
    buckets
}

/// A lead by all its columns, its source, and who checked it.
fn lead(
    row: &Cells,
    sources: &HashMap<&str, String>,
    letters: &HashMap<&str, u32>,
    checks: &HashMap<&str, String>,
) -> Vec<String> {
    let mut about: Vec<&str> = row["about"].split(';').map(letter).collect();
    about.sort_unstable();
    let number = about.len();
    let named = ["g", "o"].map(|one| about.contains(&one));
    vec![
        row["channel"].clone(),
        row["text"].clone(),
        number.to_string(),
        about.concat(),
        format!("{named:?}"),
        row["status"].clone(),
        day(&row["received"]),
        sources.get(row["source"].as_str()).cloned().unwrap_or_default(),
        size(&letters[row["source"].as_str()].to_string()),
        checks.get(row["id"].as_str()).cloned().unwrap_or_default(),
    ]
}

/// Every row of a city that can show something, as a stranger sees it.
fn seen(options: &Options) -> Vec<Seen> {
    let (folder, _) = city(options);
    let table = |name: &str| rows(folder.path(), name);
    let (truth, relations) = (table("truth"), table("relations"));
    let (leads, sources) = (table("leads"), table("sources"));
    let truths = truth.iter().filter(|row| row["decoy"].is_empty());
    let shown: BTreeSet<&str> = truths.clone().flat_map(|row| row["evidence"].split(';')).collect();
    let letters_shown: BTreeSet<&str> = shown.iter().filter_map(|id| id.split(':').nth(1)).collect();
    let officials: BTreeSet<&str> = truths.map(|row| row["official"].as_str()).collect();
    let told =
        |row: &Cells| ["channel", "reliability", "handling", "protected"].map(|head| row[head].clone());
    let grades: HashMap<&str, String> =
        sources.iter().map(|row| (row["id"].as_str(), told(row).join(" "))).collect();
    let mut letters: HashMap<&str, u32> = HashMap::new();
    leads.iter().for_each(|row| *letters.entry(row["source"].as_str()).or_default() += 1);
    let checked = relations.iter().filter(|row| row["type"] == "reviewed");
    let checks: HashMap<&str, String> =
        checked.map(|row| (row["to"].as_str(), row["decision"].clone())).collect();
    let sums = Sums::of(&relations);
    let mut seen: Vec<Seen> = Vec::new();
    for row in &relations {
        seen.push(Seen::new(
            &row["type"],
            &relation(row, &grades, &sums),
            shown.contains(row["id"].as_str()),
        ));
    }
    // Only reports that name somebody in office with others can show an umbrella: they are compared among
    // themselves.
    let naming =
        |row: &&Cells| row["about"].contains(';') && row["about"].split(';').any(|id| letter(id) == "o");
    for row in leads.iter().filter(naming) {
        let buckets = lead(row, &grades, &letters, &checks);
        seen.push(Seen::new("naming", &buckets, letters_shown.contains(row["id"].as_str())));
    }
    for row in &table("officials") {
        let plain = ["post", "rank", "aliases", "jurisdiction"].map(|head| row[head].clone());
        let days = ["start", "end", "birth_date"].map(|head| day(&row[head]));
        let buckets: Vec<String> = plain.into_iter().chain(days).collect();
        seen.push(Seen::new("official", &buckets, officials.contains(row["id"].as_str())));
    }
    seen
}

/// Two buckets of a row: their columns, and what is in them.
type Two = (usize, usize, u64);

/// Rows of one kind by bucket, and by two buckets.
#[derive(Default)]
struct Learned {
    rows: Count,
    singles: HashMap<(usize, u64), Count>,
    pairs: HashMap<Two, Count>,
}

fn pairs(buckets: &[(usize, u64)]) -> impl Iterator<Item = Two> + '_ {
    let two = |(a, x): (usize, u64), (b, y): (usize, u64)| (a, b, chance::mix(x ^ y.rotate_left(7)));
    buckets.iter().enumerate().flat_map(move |(at, &a)| buckets[at + 1..].iter().map(move |&b| two(a, b)))
}

/// Counts all kinds of row of which any shows something.
fn learned(cities: &[Vec<Seen>], kinds: &BTreeSet<String>) -> BTreeMap<String, Learned> {
    let mut all: BTreeMap<String, Learned> =
        kinds.iter().map(|kind| (kind.clone(), Learned::default())).collect();
    for row in cities.iter().flatten() {
        let Some(of) = all.get_mut(&row.kind) else { continue };
        let shows = usize::from(row.shows);
        of.rows[shows] += 1;
        for &bucket in &row.buckets {
            of.singles.entry(bucket).or_default()[shows] += 1;
        }
        for two in pairs(&row.buckets) {
            of.pairs.entry(two).or_default()[shows] += 1;
        }
    }
    all
}

/// Whether at least half of enough rows show an umbrella.
fn tells(count: &Count) -> bool {
    let all = count[0] + count[1];
    all >= SUPPORT && f64::from(count[1]) >= TELLS * f64::from(all)
}

impl Learned {
    /// The rules that tell here and in the cities kept apart: by columns, with the counts of both.
    fn rules(&self, apart: &Self) -> Vec<String> {
        let one = self
            .singles
            .iter()
            .map(|((at, of), count)| ((*at, *at, *of), count, apart.singles.get(&(*at, *of))));
        let two = self.pairs.iter().map(|(key, count)| (*key, count, apart.pairs.get(key)));
        let found = one.chain(two).filter(|(_, count, other)| tells(count) && other.is_some_and(tells));
        let mut rules: Vec<String> = found
            .map(|((a, b, _), count, other)| format!("columns {a} and {b}: {count:?} {other:?}"))
            .collect();
        rules.sort();
        rules
    }

    /// How much a row's buckets speak for its showing something.
    fn weigh(&self, row: &Seen) -> f64 {
        let base = (f64::from(self.rows[1]) + 1.0) / (f64::from(self.rows[0]) + 1.0);
        let weight = |bucket| {
            let [no, yes] = self.singles.get(bucket).copied().unwrap_or_default().map(f64::from);
            ((yes + 4.0 * base) / (no + 4.0) / base).ln()
        };
        row.buckets.iter().map(weight).sum()
    }
}

/// The share that shows something among the rows put first.
fn first(scored: &[(f64, bool)]) -> f64 {
    let mut scored = scored.to_vec();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    share(scored.iter().take(FIRST), |row| row.1)
}

#[test]
fn no_column_gives_the_planting_away() {
    let one = |at: u64| {
        let style = &STYLES[at as usize % STYLES.len()];
        seen(&Options { style, gangs: Some(8), relations: Some(22_000), ..Options::new(2000, 300 + at) })
    };
    let (known, apart) = std::thread::scope(|scope| {
        let half = |first: u64| (first..first + CITIES).map(one).collect::<Vec<_>>();
        let known = scope.spawn(move || half(0));
        let apart = half(CITIES);
        (known.join().unwrap(), apart)
    });
    let kinds = known.iter().flatten().filter(|row| row.shows).map(|row| row.kind.clone()).collect();
    let (learned, kept) = (learned(&known, &kinds), learned(&apart, &kinds));
    let mut told = Vec::new();
    for (kind, of) in &learned {
        let rows = apart.iter().flatten().filter(|row| &row.kind == kind);
        let scored: Vec<(f64, bool)> = rows.map(|row| (of.weigh(row), row.shows)).collect();
        let (rules, first, shown) = (of.rules(&kept[kind]), first(&scored), kept[kind].rows);
        let (area, error) = area(scored);
        let says =
            format!("{kind} {shown:?}: area {area:.3} ± {error:.3}, first {first:.2}, rules {rules:?}");
        println!("{says}");
        if !rules.is_empty() || first >= TELLS || area - 2.0 * error > ceiling(kind) {
            told.push(says);
        }
    }
    assert!(learned.len() > 10, "many kinds of row show umbrellas");
    assert!(told.is_empty(), "{told:#?}");
}
