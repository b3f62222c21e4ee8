//! A first mapping for tables with words of their own: what their names and headers suggest, for a person to look
//! over. It never decides anything: an import takes only what stands in the file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

mod words;

use self::words::{BELONGING, ENDS, HEADERS, TABLES, TIES};
use super::IngestError;
use super::bundle::{csv_head, ending, file_name};
use super::columns::{Col, Set, columns};
use super::names;
use super::row::RawRow;
use super::xlsx;
use crate::model::{Table, TieType};

/// A table as its owner has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The file or sheet, the label, or the type of tie.
    pub name: String,
    /// It is a type of tie in a graph.
    pub tie: bool,
    /// The headers, or the properties.
    pub headers: Vec<String>,
}

/// The heads of files: CSV tables, the sheets of workbooks, or a folder of them.
///
/// # Errors
/// Where a file cannot be read.
pub fn heads(paths: &[PathBuf]) -> Result<Vec<Head>, IngestError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        match path.read_dir() {
            Ok(entries) => files.extend(entries.filter_map(|entry| Some(entry.ok()?.path()))),
            Err(_) => files.push(path.clone()),
        }
    }
    files.sort();
    let mut found = Vec::new();
    for path in files {
        match ending(&path).as_str() {
            "csv" => found.extend(csv_rows(&path)?.map(|headers| head(file_name(&path), headers))),
            "xlsx" => {
                for (sheet, _) in xlsx::sheets(&path)? {
                    let mut rows = Rows::default();
                    xlsx::read(&path, &sheet, &mut |step| {
                        if let xlsx::Step::Row(row) = step {
                            rows.look(row);
                        }
                        Ok(if rows.seen < TOP { super::parts::Flow::On } else { super::parts::Flow::Stop })
                    })?;
                    found.extend(rows.headers().map(|headers| head(sheet, headers)));
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn head(name: String, headers: Vec<String>) -> Head {
    Head { name, tie: false, headers }
}

/// Rows that may be the header.
const TOP: usize = 10;

/// Of the first rows the one with the most cells that name a column, of such the fullest.
#[derive(Default)]
struct Rows {
    seen: usize,
    named: usize,
    best: Option<Vec<String>>,
}

impl Rows {
    fn look(&mut self, row: &RawRow) {
        if row.is_blank() {
            return;
        }
        self.seen += 1;
        let cells: Vec<String> =
            (0..row.len()).map(|at| row.cell(at).to_owned()).filter(|cell| !cell.is_empty()).collect();
        let named = cells.iter().filter(|cell| is_known(cell)).count();
        if self.best.as_ref().is_none_or(|best| (self.named, best.len()) < (named, cells.len())) {
            (self.named, self.best) = (named, Some(cells));
        }
    }

    /// The headers. A row that names no column may be somebody's data: of it nothing is told.
    fn headers(self) -> Option<Vec<String>> {
        let named = self.named > 0;
        self.best.map(|cells| if named { cells } else { Vec::new() })
    }
}

/// Whether a word names a column of some table.
fn is_known(header: &str) -> bool {
    let name = in_words(header);
    let ours = |table: &Table| names::header(*table, header).or_else(|| names::header(*table, &name));
    Table::ALL.iter().any(|table| ours(table).is_some())
        || HEADERS.iter().any(|(_, words, _)| words.split(' ').any(|word| word == name))
        || ENDS.iter().any(|(from, to, _)| from.split(' ').chain(to.split(' ')).any(|word| word == name))
}

fn csv_rows(path: &Path) -> Result<Option<Vec<String>>, IngestError> {
    let mut rows = Rows::default();
    csv_head(path, TOP, &mut |row| rows.look(row))?;
    Ok(rows.headers())
}

/// A name in small words: `BankAccount` is `bank_account`.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            words.push('_');
        }
        words.push(c);
        before = c;
    }
    names::folded(&words).into_owned()
}

/// Whether one of the words stands in a name: Latin ones as a word of their own.
fn says(name: &str, words: &str) -> bool {
    words.split(' ').any(|word| {
        if word.is_ascii() {
            name.split(['_', '.']).any(|own| own == word || own.strip_suffix('s') == Some(word))
        } else {
            name.contains(word)
        }
    })
}

/// Proposes a mapping, in TOML; `from` says where the tables are, as it may be shown.
pub fn propose(from: &str, heads: &[Head]) -> String {
    let mut text = format!(
        "# Proposed by `parasol mapping guess`: look it over, then `parasol import … --mapping THIS`.\n\n\
         # What empty cells hold.\n[defaults]\nsource = \"mapped\"\n\n\
         # Who says all this, and how good he is (DATA.md: sources).\n[[sources]]\nid = \"mapped\"\n\
         channel = \"open_source\"\nreliability = \"F\"\ntitle = {}\n",
        quoted(from)
    );
    heads.iter().for_each(|head| entry(&mut text, head));
    text
}

fn entry(text: &mut String, head: &Head) {
    let stem = head.name.strip_suffix(".csv").unwrap_or(&head.name);
    let name = in_words(stem);
    let found = if head.tie { Some((Table::Relations, "")) } else { table_of(&name, head) };
    let Some((table, kind)) = found else {
        let all: Vec<&str> = Table::ALL.iter().map(|table| table.code()).collect();
        let _ = write!(
            text,
            "\n# What is this? {}\n# [[tables]]\n# from = {}\n# into = \"\"\n",
            all.join(", "),
            quoted(&head.name)
        );
        if !head.headers.is_empty() {
            let _ = writeln!(text, "# headers: {}", shown(&head.headers));
        }
        return;
    };
    let _ = write!(text, "\n[[tables]]\nfrom = {}\ninto = \"{table}\"\n", quoted(&head.name));
    let columns = columns_of(table, &head.headers);
    let has = |col: Col| columns.iter().any(|(own, _)| *own == col);
    let mut fixed: Vec<(Col, String)> = Vec::new();
    if !kind.is_empty() && !has(Col::Kind) {
        fixed.push((Col::Kind, kind.to_owned()));
    }
    let by_ends = || Some(ends_of(&head.headers)?.ty);
    if table == Table::Relations && !head.tie && !has(Col::Type) {
        // The name of the file may be a person's: only a type of ours is taken from it.
        let named = || TIES.iter().find(|(words, ..)| says(&name, words)).map(|(_, ty, _)| *ty);
        fixed.extend(by_ends().or_else(named).map(|ty| (Col::Type, ty.code().to_owned())));
    }
    if head.tie {
        let Guess { ty, role, turned } = type_of(&name);
        if turned {
            let _ = writeln!(text, "reverse = true");
        }
        if ty.is_none() {
            let _ = writeln!(text, "# No type of ours: it is kept under its own name, in layer `other`.");
        }
        fixed.push((Col::Type, ty.unwrap_or(name)));
        if !role.is_empty() && !has(Col::Role) {
            fixed.push((Col::Role, role.to_owned()));
        }
    }
    let given = [Col::From, Col::To, Col::Id];
    let has = |col: Col| has(col) || fixed.iter().any(|(own, _)| *own == col);
    let missing = super::columns::columns(table).iter().filter(|column| {
        column.required
            && !has(column.col)
            && column.col != Col::Id
            && !(head.tie && given.contains(&column.col))
    });
    let missing: Vec<&str> = missing.map(|column| column.col.code()).collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "# Still missing, name a header or fix it: {}", missing.join(", "));
    }
    let pairs = |text: &mut String, what: &str, pairs: &[(Col, String)]| {
        if !pairs.is_empty() {
            let _ = writeln!(text, "[tables.{what}]");
        }
        for (col, word) in pairs {
            let _ = writeln!(text, "{} = {}", col.code(), quoted(word));
        }
    };
    pairs(text, "columns", &columns);
    pairs(text, "fixed", &fixed);
    let kept = head.headers.iter().filter(|header| !columns.iter().any(|(_, own)| own == *header));
    let kept: Vec<String> = kept.cloned().collect();
    if !kept.is_empty() {
        let _ = writeln!(text, "# Kept as properties: {}", shown(&kept));
    }
}

fn table_of(name: &str, head: &Head) -> Option<(Table, &'static str)> {
    let by_word =
        || TABLES.iter().find(|(words, ..)| says(name, words)).map(|(_, table, kind)| (*table, *kind));
    let by_name = names::sheet(name).map(|table| (table, ""));
    let by_ends = || {
        let ends = columns_of(Table::Relations, &head.headers);
        let has = |col: Col| ends.iter().any(|(own, _)| *own == col);
        (has(Col::From) && has(Col::To)).then_some((Table::Relations, ""))
    };
    // A register of people or firms may name whose they are as well: it stays a register.
    let in_register = [Table::People, Table::Organisations, Table::Cases].iter().any(|table| {
        let columns = columns_of(*table, &head.headers);
        let has = |wanted: Col| columns.iter().any(|(col, _)| *col == wanted);
        has(Col::Id) && (has(Col::Name) || has(Col::Title))
    });
    let by_ends = || if in_register { None } else { by_ends() };
    by_name.or_else(by_ends).or_else(by_word)
}

/// Our type for the name of a tie, with its role; `None` where there is none.
fn type_of(name: &str) -> Guess {
    let own = names::word(Set::TieType, name);
    let role = names::word(Set::FamilyRole, name).or_else(|| names::word(Set::AssociateRole, name));
    if own.or(role.filter(|role| *role != "other")).is_some() {
        return Guess { ty: Some(name.to_owned()), role: "", turned: false };
    }
    let found = TIES.iter().find(|(words, ..)| says(name, words));
    let Some((_, ty, role)) = found else { return Guess { ty: None, role: "", turned: false } };
    // Whoever is employed by a company works there; elsewhere `by` names the one who does it.
    let by = name.ends_with("_by") && *ty != TieType::Employment;
    let has = name.strip_prefix("has_").is_some_and(|what| says(what, BELONGING));
    let turned = (*role == "<") ^ by ^ has;
    Guess { ty: Some(ty.code().to_owned()), role: role.trim_start_matches('<'), turned }
}

/// What the name of a tie suggests.
struct Guess {
    /// Our type.
    ty: Option<String>,
    /// The role; may be empty.
    role: &'static str,
    /// The ends stand the other way round.
    turned: bool,
}

/// Our columns for headers, each once.
fn columns_of(table: Table, headers: &[String]) -> Vec<(Col, String)> {
    let mut found: Vec<(Col, String)> = Vec::new();
    let mut take = |col: Option<Col>, header: &String| {
        let fits = |col: &Col| columns(table).iter().any(|column| column.col == *col);
        if let Some(col) = col.filter(fits).filter(|col| !found.iter().any(|(own, _)| own == col))
            && !found.iter().any(|(_, own)| own == header)
        {
            found.push((col, header.clone()));
        }
    };
    // What imports know comes first: a second-best word must not take its place.
    for header in headers {
        take(names::header(table, header).or_else(|| names::header(table, &in_words(header))), header);
    }
    for header in headers {
        let name = in_words(header);
        let fits = |tables: &[Table]| tables.is_empty() || tables.contains(&table);
        let known = HEADERS
            .iter()
            .find(|(tables, words, _)| fits(tables) && words.split(' ').any(|word| word == name));
        take(known.map(|(.., col)| *col), header);
    }
    if let Some(Ends { from, to, ty }) = ends_of(headers).filter(|_| table == Table::Relations) {
        take(Some(Col::From), from);
        take(Some(Col::To), to);
        // Between kin the relation is who they are to each other, and not of which type.
        if ty == TieType::Family && !found.iter().any(|(col, _)| *col == Col::Role) {
            found.iter_mut().filter(|(col, _)| *col == Col::Type).for_each(|(col, _)| *col = Col::Role);
        }
    }
    found.sort();
    found
}

/// Two headers that stand for the ends of a tie.
struct Ends<'a> {
    from: &'a String,
    to: &'a String,
    ty: TieType,
}

fn ends_of(headers: &[String]) -> Option<Ends<'_>> {
    let called =
        |words: &str| headers.iter().find(|header| words.split(' ').any(|word| word == in_words(header)));
    ENDS.iter().find_map(|(from, to, ty)| Some(Ends { from: called(from)?, to: called(to)?, ty: *ty }))
}

fn shown(headers: &[String]) -> String {
    escaped(&super::bundle::few(headers))
}

/// A text of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// A text without what would end a line or turn words round: for quotes, and for comments.
fn escaped(text: &str) -> String {
    let mut quoted = String::new();
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            // What turns words round on a screen stands there as a number.
            '\u{200E}'
            | '\u{200F}'
            | '\u{61C}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
            | '\u{2028}'
            | '\u{2029}' => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::Mapping;
    use crate::model::Kind;

    fn head(name: &str, tie: bool, headers: &[&str]) -> Head {
        Head {
            name: name.to_owned(),
            tie,
            headers: headers.iter().map(|&header| header.to_owned()).collect(),
        }
    }

    fn read(heads: &[Head]) -> Mapping {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.toml");
        std::fs::write(&path, propose("some \"where\"\n", heads)).unwrap();
        Mapping::open(&path).unwrap()
    }

    #[test]
    fn what_is_proposed_can_be_read_and_says_what_was_seen() {
        let mapping = read(&[
            head("Person", false, &["uid", "fullName", "dob", "shoe \"size\""]),
            head("BankAccount", false, &["iban", "name"]),
            head("Widget", false, &["a\nb"]),
            head("OWNS", true, &["percentage", "since"]),
            head("REPORTS_TO", true, &[]),
            head("ODD`ONE", true, &[]),
            head("转账.csv", false, &["付款方", "收款方", "金额", "日期"]),
            head("2020年3月.csv", false, &["主叫号码", "被叫号码", "次数", "起始", "截止"]),
            head("register.csv", false, &["Shareholder", "Company", "stake"]),
            head("firms.csv", false, &["id", "name", "company", "shareholder"]),
            head("people2.csv", false, &["id", "name", "gang", "member"]),
            head("fam.csv", false, &["本人", "关系人", "关系"]),
        ]);
        let told: Vec<String> = mapping
            .entries()
            .iter()
            .map(|entry| {
                let columns: Vec<String> = entry
                    .columns
                    .iter()
                    .chain(&entry.fixed)
                    .map(|(col, word)| format!("{col}={word}"))
                    .collect();
                format!("{} {} {}", entry.from, entry.into, columns.join(" "))
            })
            .collect();
        assert_eq!(
            told,
            [
                "Person people birth_date=dob id=uid name=fullName",
                "BankAccount objects label=name number=iban kind=account",
                "OWNS relations share=percentage start=since type=ownership",
                "REPORTS_TO relations from=(to) to=(from) type=supervises",
                "ODD`ONE relations type=odd`one",
                "转账.csv relations amount=金额 from=付款方 start=日期 to=收款方 type=payment",
                "2020年3月.csv relations count=次数 end=截止 from=主叫号码 start=起始 to=被叫号码 type=call",
                "register.csv relations from=Shareholder share=stake to=Company type=ownership",
                "firms.csv organisations id=id name=name kind=company",
                "fam.csv relations from=本人 role=关系 to=关系人 type=family",
            ]
        );
    }

    /// What is guessed of a tie: type, role, and whether it is turned.
    fn tie(name: &str) -> (String, &'static str, bool) {
        let guess = type_of(&in_words(name));
        (guess.ty.unwrap_or_default(), guess.role, guess.turned)
    }

    #[test]
    fn the_far_end_does_what_is_done_by_it_and_is_what_the_near_one_has() {
        for (name, ty, role, turned) in [
            ("INVESTIGATED_BY", "handled", "", true),
            ("HANDLED_BY", "handled", "", true),
            ("PAID_BY", "payment", "", true),
            ("CALLED_BY", "call", "", true),
            ("CALLED", "call", "", false),
            ("EMPLOYED_BY", "employment", "", false),
            ("HAS_CHILD", "family", "child", true),
            ("HAS_PARENT", "family", "parent", true),
            ("SON_OF", "family", "child", false),
            ("HAS_SUBORDINATE", "supervises", "", false),
            ("HAS_ACCOUNT", "holder", "", false),
        ] {
            assert_eq!(tie(name), (ty.to_owned(), role, turned), "{name}");
        }
    }

    #[test]
    fn the_header_is_what_names_columns_and_data_is_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let headers = |text: &str| {
            let path = folder.path().join("folk.csv");
            std::fs::write(&path, text).unwrap();
            heads(&[path]).unwrap().remove(0).headers
        };
        assert_eq!(headers(",name,age\n0,Anna,41\n"), ["name", "age"]);
        assert_eq!(headers("0,Anna,41\n1,Bert,42\n"), [""; 0]);
    }

    #[test]
    fn a_header_cannot_end_a_comment_or_turn_it_round() {
        let text = propose("x", &[head("Widget", false, &["a\u{b}b", "c\u{202E}d", "e\nf"])]);
        assert!(text.contains(r"# headers: a\u000Bb, c\u202Ed, e\u000Af"), "{text}");
    }

    #[test]
    fn kinds_in_the_table_are_kinds() {
        for (_, table, kind) in TABLES.iter().filter(|(.., kind)| !kind.is_empty()) {
            assert!(Kind::from_code(kind).is_some(), "{table} {kind}");
        }
    }
}
