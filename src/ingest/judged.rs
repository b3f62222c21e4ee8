//! The files beside a bundle that no import reads: the truth of an invented city, and rankings of
//! other programs to set beside it (`docs/DATA.md`).

use std::path::Path;

/// A row of `truth.csv`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TruthRow {
    /// The official.
    pub official: String,
    /// The gang.
    pub gang: String,
    /// How the umbrella works.
    pub mechanisms: Vec<String>,
    /// Why an innocent pair looks bad.
    pub decoy: Option<String>,
}

/// A row of a ranking: `official,gang,score`.
#[derive(Clone, Debug, PartialEq)]
pub struct RankingRow {
    /// The official.
    pub official: String,
    /// The gang.
    pub gang: String,
    /// Anything that orders.
    pub score: f64,
}

/// Why such a file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JudgedError {
    /// It is not CSV, or cannot be opened.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("no column `{0}`")]
    NoColumn(&'static str),
    /// A row lacks a value, or its score is no number.
    #[error("line {line}: column `{column}` has no sound value")]
    Value {
        /// The line where the row starts.
        line: u64,
        /// The column.
        column: &'static str,
    },
}

/// Reads a truth file: `official,gang,mechanisms,decoy,evidence`, of which the first three must be there.
pub fn truth(path: &Path) -> Result<Vec<TruthRow>, JudgedError> {
    let table = Table::open(path)?;
    let list = |cell: &str| {
        cell.split(';').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
    };
    table.rows(&["official", "gang", "mechanisms"], |row| {
        Ok(TruthRow {
            official: row.needed("official")?,
            gang: row.needed("gang")?,
            mechanisms: list(row.cell("mechanisms")),
            decoy: Some(row.cell("decoy").to_owned()).filter(|decoy| !decoy.is_empty()),
        })
    })
}

/// Reads a ranking: `official,gang,score`.
pub fn ranking(path: &Path) -> Result<Vec<RankingRow>, JudgedError> {
    let table = Table::open(path)?;
    table.rows(&["official", "gang", "score"], |row| {
        let score = row.needed("score")?.parse::<f64>().ok().filter(|score| score.is_finite());
        let score = score.ok_or(JudgedError::Value { line: row.line, column: "score" })?;
        Ok(RankingRow { official: row.needed("official")?, gang: row.needed("gang")?, score })
    })
}

struct Table {
    heads: Vec<String>,
    reader: csv::Reader<std::fs::File>,
}

struct Row<'a> {
    heads: &'a [String],
    cells: csv::StringRecord,
    line: u64,
}

impl Table {
    fn open(path: &Path) -> Result<Self, JudgedError> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_path(path)?;
        let head = |head: &str| head.trim_start_matches('\u{feff}').to_owned();
        let heads = reader.headers()?.iter().map(head).collect();
        Ok(Self { heads, reader })
    }

    fn rows<T>(
        self,
        needed: &[&'static str],
        read: impl Fn(&Row<'_>) -> Result<T, JudgedError>,
    ) -> Result<Vec<T>, JudgedError> {
        let Self { heads, mut reader } = self;
        if let Some(column) = needed.iter().find(|column| !heads.iter().any(|head| head == *column)) {
            return Err(JudgedError::NoColumn(column));
        }
        let mut rows = Vec::new();
        for cells in reader.records() {
            let cells = cells?;
            let line = cells.position().map_or(0, csv::Position::line);
            rows.push(read(&Row { heads: &heads, cells, line })?);
        }
        Ok(rows)
    }
}

impl Row<'_> {
    fn cell(&self, column: &str) -> &str {
        let at = self.heads.iter().position(|head| head == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or("")
    }

    fn needed(&self, column: &'static str) -> Result<String, JudgedError> {
        let cell = self.cell(column);
        if cell.is_empty() {
            Err(JudgedError::Value { line: self.line, column })
        } else {
            Ok(cell.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn a_truth_is_read_and_a_wrong_one_says_where() {
        let rows = truth(
            file("\u{feff}official,gang,mechanisms,decoy,evidence\no1,g1,kin_front; broker,,r1;r2\no2,g1,,hub,\n").path(),
        );
        let rows = rows.unwrap();
        assert_eq!(rows[0].mechanisms, ["kin_front", "broker"]);
        assert_eq!((rows[1].mechanisms.len(), rows[1].decoy.as_deref()), (0, Some("hub")));
        assert!(matches!(truth(file("official,gang\n").path()), Err(JudgedError::NoColumn("mechanisms"))));
        let bad = truth(file("official,gang,mechanisms\no1,g1,x\n,g1,x\n").path());
        assert!(matches!(bad, Err(JudgedError::Value { line: 3, column: "official" })));
    }

    #[test]
    fn a_ranking_has_numbers() {
        let rows = ranking(file("score,gang,official\n0.5,g1,o1\n").path()).unwrap();
        assert_eq!(rows, [RankingRow { official: "o1".into(), gang: "g1".into(), score: 0.5 }]);
        for wrong in ["nan", "", "x"] {
            assert!(ranking(file(&format!("official,gang,score\no,g,{wrong}\n")).path()).is_err());
        }
        assert!(matches!(ranking(Path::new("/nowhere/x.csv")), Err(JudgedError::Csv(_))));
    }
}
