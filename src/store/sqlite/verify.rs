//! Looking for damage: every row against its hash, every table against the digest, everything
//! derived against what it is derived from, and SQLite's own check of its pages and indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row};

use super::canon::{Canon, Digest, FactText, Part, StepText, Summands, Teller};
use super::ties::claim_row;
use super::words::{Word, beaten};
use super::{connect, names, rows};
use crate::model::{Kind, Nature, Source, Table, TieType};
use crate::store::{Fault, StoreError};

/// Faults of one code that are told; the rest are counted.
const TOLD: usize = 10;

/// What is wrong with the store; nothing, if it is sound.
pub(in crate::store) fn faults(path: &Path) -> Result<Vec<Fault>, StoreError> {
    let looked = connect::reader(path).and_then(|conn| look(&conn, path).map_err(connect::at(path)));
    match looked {
        Err(StoreError::Damaged { reason, .. }) => Ok(vec![fault("integrity", reason)]),
        other => other,
    }
}

fn fault(code: &str, text: impl Into<String>) -> Fault {
    Fault { code: code.to_owned(), text: text.into() }
}

fn look(conn: &Connection, path: &Path) -> rusqlite::Result<Vec<Fault>> {
    let mut check = Check::new(conn)?;
    check.length(path)?;
    check.pages()?;
    check.sources()?;
    check.facts()?;
    check.claims()?;
    check.steps()?;
    check.sums()?;
    check.words(include_str!("../../../queries/sqlite/words_of_claims.sql"))?;
    check.words(include_str!("../../../queries/sqlite/words_of_steps.sql"))?;
    check.tie_numbers()?;
    check.orphans()?;
    check.changes()?;
    check.kept()?;
    Ok(check.told())
}

/// A check under way.
struct Check<'a> {
    conn: &'a Connection,
    canon: Canon,
    read: Digest,
    /// The last word of each source.
    sources: BTreeMap<i64, Source>,
    last_change: u64,
    faults: BTreeMap<&'static str, Vec<String>>,
}

impl<'a> Check<'a> {
    fn new(conn: &'a Connection) -> rusqlite::Result<Self> {
        let sql = include_str!("../../../queries/sqlite/change_last.sql");
        let last_change: i64 = conn.query_row(sql, [], |row| row.get(0))?;
        Ok(Self {
            conn,
            canon: Canon::default(),
            read: Digest::default(),
            sources: BTreeMap::new(),
            last_change: last_change as u64,
            faults: BTreeMap::new(),
        })
    }

    fn fault(&mut self, code: &'static str, text: impl Into<String>) {
        self.faults.entry(code).or_default().push(text.into());
    }

    fn told(self) -> Vec<Fault> {
        let each = self.faults.into_iter().flat_map(|(code, texts)| {
            let more = texts.len().saturating_sub(TOLD);
            let rest = (more > 0).then(|| fault(code, format!("and {more} more of this kind")));
            texts.into_iter().take(TOLD).map(move |text| fault(code, text)).chain(rest)
        });
        each.collect()
    }

    fn each(
        &mut self,
        sql: &str,
        mut each: impl FnMut(&mut Self, &Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        let mut query = self.conn.prepare(sql)?;
        let mut found = query.query([])?;
        while let Some(row) = found.next()? {
            each(self, row)?;
        }
        Ok(())
    }

    /// A file that lost its end, even where nothing stood there. Pages that are still in the log alone may
    /// be missing from the file.
    fn length(&mut self, path: &Path) -> rusqlite::Result<()> {
        let number = |sql: &str| self.conn.query_row(sql, [], |row| row.get::<_, i64>(0));
        let whole = number("PRAGMA page_count")? * number("PRAGMA page_size")?;
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        let length = |file: &Path| std::fs::metadata(file).map_or(0, |meta| meta.len());
        if length(Path::new(&log)) == 0 && length(path) < whole as u64 {
            self.fault("integrity", format!("the file ends after {} of {whole} bytes", length(path)));
        }
        Ok(())
    }

    fn pages(&mut self) -> rusqlite::Result<()> {
        self.each("PRAGMA integrity_check(20)", |check, row| {
            let said: String = row.get(0)?;
            if said != "ok" {
                check.fault("integrity", said);
            }
            Ok(())
        })
    }

    fn row(&mut self, part: Part, what: &str, summands: Summands, stored: u128, change: u64) {
        if summands.stored(change) != stored {
            self.fault("row_hash", format!("{what} does not fit its own hash"));
        }
        if change == 0 || change > self.last_change {
            self.fault("change", format!("{what} names change {change}, which is not there"));
        }
        self.read.part(part).add(summands);
    }

    fn sources(&mut self) -> rusqlite::Result<()> {
        self.each(include_str!("../../../queries/sqlite/vault_words.sql"), |check, row| {
            let source = rows::source(row)?;
            let summands = check.canon.source(&source);
            let n: i64 = row.get(0)?;
            let change = row.get::<_, i64>(12)? as u64;
            check.row(Part::Sources, &format!("source number {n}"), summands, rows::sum(row, 13)?, change);
            check.sources.insert(n, source);
            Ok(())
        })
    }

    /// Computes a row's summands with its teller, or notes that the teller is not there.
    fn told_by(
        &mut self,
        n: Option<i64>,
        what: &str,
        compute: impl FnOnce(&mut Canon, Teller<'_>) -> Summands,
    ) -> Summands {
        let source = n.map(|n| self.sources.get(&n));
        let (missing, teller) = match source {
            None => (false, Teller::Nobody),
            Some(None) => (true, Teller::Nobody),
            Some(Some(source)) if source.protected => (false, Teller::Protected(source.id.as_str())),
            Some(Some(source)) => (false, Teller::Open(source.id.as_str())),
        };
        let summands = compute(&mut self.canon, teller);
        if missing {
            self.fault("orphan", format!("{what} names a source that is not there"));
        }
        summands
    }

    fn facts(&mut self) -> rusqlite::Result<()> {
        let mut expected: BTreeSet<(String, i64)> = BTreeSet::new();
        let mut names_found = 0;
        let mut at = None;
        self.each(include_str!("../../../queries/sqlite/facts_with_entities.sql"), |check, row| {
            let entity: i64 = row.get(0)?;
            if at != Some(entity) {
                names_found += check.names(&std::mem::take(&mut expected))?;
                at = Some(entity);
            }
            let Some(id) = row.get::<_, Option<String>>(2)? else {
                check.fault("orphan", format!("a fact names entity number {entity}, which is not there"));
                return Ok(());
            };
            let (kind, props) = (rows::word(Kind::ALL, row.get(3)?)?, rows::props(row, 5)?);
            let (table, known) = (rows::word(Table::ALL, row.get(4)?)?, rows::date(row, 6)?);
            let text = FactText { id: &id, kind, table, props: &props, known };
            let what = format!("a fact of `{id}`");
            let summands = check.told_by(row.get(8)?, &what, |canon, teller| canon.fact(&text, teller));
            check.row(Part::Facts, &what, summands, rows::sum(row, 9)?, row.get::<_, i64>(7)? as u64);
            expected.extend(names::names_of(kind, &props).map(|name| (names::folded(name), entity)));
            Ok(())
        })?;
        names_found += self.names(&expected)?;
        let sql = include_str!("../../../queries/sqlite/names_count.sql");
        let stored: u64 = self.conn.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64;
        if stored != names_found {
            self.fault("search_index", format!("{stored} names are stored, {names_found} are said"));
        }
        Ok(())
    }

    /// Checks that these names are stored as they should be; counts them.
    fn names(&mut self, expected: &BTreeSet<(String, i64)>) -> rusqlite::Result<u64> {
        for (key, entity) in expected {
            let mut query =
                self.conn.prepare_cached(include_str!("../../../queries/sqlite/name_reading.sql"))?;
            let stored: Option<Option<String>> =
                query.query_row((key, entity), |row| row.get(0)).optional()?;
            if stored != Some(names::readings(key)) {
                self.fault("search_index", format!("the name `{key}` is stored wrongly or not at all"));
            }
        }
        Ok(expected.len() as u64)
    }

    fn claims(&mut self) -> rusqlite::Result<()> {
        self.each(include_str!("../../../queries/sqlite/claims_with_ends.sql"), |check, row| {
            let claim = claim_row(row)?;
            let what = format!("a claim of row `{}`", claim.row);
            let ends: (Option<String>, Option<String>, Option<i64>) =
                (row.get(25)?, row.get(26)?, row.get(27)?);
            let (Some(from), Some(to), Some(kind)) = ends else {
                check.fault("orphan", format!("{what} names an entity that is not there"));
                return Ok(());
            };
            let compute = |canon: &mut Canon, teller: Teller<'_>| claim.summands(canon, &from, &to, teller);
            let summands = check.told_by(claim.source, &what, compute);
            check.row(Part::Claims, &what, summands, claim.hash, claim.change);
            if claim.layer != claim.ty.layer(rows::word(Kind::ALL, kind)?) {
                check.fault("derived", format!("{what} stands in the wrong layer"));
            }
            Ok(())
        })
    }

    fn steps(&mut self) -> rusqlite::Result<()> {
        self.each(include_str!("../../../queries/sqlite/steps.sql"), |check, row| {
            let (id, subject, step): (String, String, String) = (row.get(1)?, row.get(3)?, row.get(4)?);
            let date = rows::date(row, 5)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            let (props, known) = (rows::props(row, 6)?, rows::date(row, 8)?);
            let text = StepText { id: &id, subject: &subject, step: &step, date, props: &props, known };
            let what = format!("step `{id}`");
            let summands = check.told_by(row.get(7)?, &what, |canon, teller| canon.step(&text, teller));
            check.row(Part::Steps, &what, summands, rows::sum(row, 11)?, row.get::<_, i64>(9)? as u64);
            Ok(())
        })
    }

    fn sums(&mut self) -> rusqlite::Result<()> {
        let kept = rows::digest(self.conn)?;
        for (part, name) in ["sources", "facts", "claims", "steps"].iter().enumerate() {
            if kept.0.get(part) != self.read.0.get(part) {
                self.fault("digest", format!("the {name} do not add up to the digest"));
            }
        }
        Ok(())
    }

    /// Checks which words are marked as superseded. The query gives them row by row.
    fn words(&mut self, sql: &str) -> rusqlite::Result<()> {
        let mut row_id: Option<String> = None;
        let mut words: Vec<Word> = Vec::new();
        self.each(sql, |check, row| {
            let id = row.get_ref(0)?.as_str()?;
            if row_id.as_deref() != Some(id) {
                check.row_words(row_id.as_deref(), std::mem::take(&mut words));
                row_id = Some(id.to_owned());
            }
            words.push(Word {
                n: row.get(1)?,
                source: row.get(2)?,
                known: rows::date(row, 3)?,
                change: row.get::<_, i64>(4)? as u64,
                beaten: row.get(5)?,
                hash: 0,
            });
            Ok(())
        })?;
        self.row_words(row_id.as_deref(), words);
        Ok(())
    }

    fn row_words(&mut self, row: Option<&str>, mut words: Vec<Word>) {
        words.sort_by_key(|word| word.source);
        for group in words.chunk_by_mut(|a, b| a.source == b.source) {
            let since = beaten(group);
            if group.iter().zip(since).any(|(word, since)| word.beaten != since) {
                let row = row.unwrap_or_default().to_owned();
                self.fault("derived", format!("which word of row `{row}` is the latest is marked wrongly"));
            }
        }
    }

    fn tie_numbers(&mut self) -> rusqlite::Result<()> {
        let sql = include_str!("../../../queries/sqlite/ties_misnumbered.sql");
        let wrong: i64 = self.conn.query_row(sql, [], |row| row.get(0))?;
        if wrong > 0 {
            self.fault("derived", format!("{wrong} claims stand under a tie that is not theirs"));
        }
        let mut pair = None;
        let mut heads: BTreeMap<Vec<Option<String>>, i64> = BTreeMap::new();
        self.each(include_str!("../../../queries/sqlite/ties_split.sql"), |check, row| {
            let key: (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if pair != Some(key) {
                heads.clear();
                pair = Some(key);
            }
            let ty = rows::word(TieType::ALL, key.2)?;
            let event = if ty.nature() == Nature::Event { row.get(6)? } else { None };
            let start = row.get::<_, Option<i64>>(4)?.map(|start| start.to_string());
            let head = vec![row.get(3)?, start, row.get(5)?, event];
            let tie: i64 = row.get(7)?;
            if *heads.entry(head).or_insert(tie) != tie {
                check.fault("derived", "claims that agree stand under different ties");
            }
            Ok(())
        })
    }

    /// What is kept beside the content, against its own hash.
    fn kept(&mut self) -> rusqlite::Result<()> {
        self.each(include_str!("../../../queries/sqlite/kept_all.sql"), |check, row| {
            let (name, value): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
            if super::canon::of_bytes(&name, &value) != rows::sum(row, 2)? {
                check.fault("derived", format!("what is kept as `{name}` does not fit its own hash"));
            }
            Ok(())
        })
    }

    fn orphans(&mut self) -> rusqlite::Result<()> {
        let cases = [
            (
                include_str!("../../../queries/sqlite/entities_without_facts.sql"),
                "entities of which nothing is said",
            ),
            (
                include_str!("../../../queries/sqlite/vault_orphans.sql"),
                "words in the vault that belong to no protected source",
            ),
        ];
        for (sql, what) in cases {
            let count: i64 = self.conn.query_row(sql, [], |row| row.get(0))?;
            if count > 0 {
                self.fault("orphan", format!("{count} {what}"));
            }
        }
        Ok(())
    }

    fn changes(&mut self) -> rusqlite::Result<()> {
        self.each(include_str!("../../../queries/sqlite/changes_all.sql"), |check, row| {
            let (n, who, why): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if check.canon.change(n as u64, &who, &why, rows::date(row, 3)?) != rows::sum(row, 4)? {
                check.fault("row_hash", format!("change {n} does not fit its own hash"));
            }
            Ok(())
        })
    }
}
