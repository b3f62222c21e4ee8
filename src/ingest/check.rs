//! The one door: a row in, checked values or all that is wrong with it out.

use rust_decimal::Decimal;

use super::columns::{Col, Column, Set, Shape};
use super::entity::fence;
use super::layout::Layout;
use super::names;
use super::notice::{Notes, NoticeKind};
use super::reason::{MASK, Origin, Reason, Rejected, Why, cut};
use super::row::RawRow;
use super::value;
use super::world::{Found, World};
use crate::model::tie_type::End;
use crate::model::{Amount, Date, Id, Kind, Props, Table};

/// The parts of a cell with several values.
pub(super) fn list(cell: &str) -> impl Iterator<Item = &str> {
    cell.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// Whatever in a cell may be a name, by whichever mark or space stands between.
pub(super) fn parts(cell: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| c.is_whitespace() || ";；,，、/|".contains(c);
    let ends = list(cell).chain(cell.split(between).map(str::trim));
    ends.filter(|part| !part.is_empty())
}

/// Chinese lists of names have `、` between them.
pub(super) fn several(names: &str) -> impl Iterator<Item = &str> {
    names.split('、').map(str::trim).filter(|name| !name.is_empty())
}

/// A row being checked.
pub(super) struct Check<'a> {
    /// Which cell is what.
    pub layout: &'a Layout,
    /// The row.
    pub row: &'a RawRow,
    /// Where it stands.
    pub origin: &'a Origin,
    /// Where references are looked up.
    pub world: &'a dyn World,
    /// Where notices go.
    pub notes: &'a mut Notes,
    /// What is wrong so far.
    pub reasons: Vec<Reason>,
    /// Properties so far: columns outside the contract, and the text of dates that were not ISO.
    pub props: Props,
}

impl<'a> Check<'a> {
    /// Begins with what can be said without knowing the columns' meaning.
    pub fn new(
        layout: &'a Layout,
        row: &'a RawRow,
        origin: &'a Origin,
        world: &'a dyn World,
        notes: &'a mut Notes,
    ) -> Self {
        let mut check = Self { layout, row, origin, world, notes, reasons: Vec::new(), props: Props::new() };
        if !row.faults.is_empty() {
            check.faults();
        }
        let (found, expected) = (row.used(), layout.headers.len());
        if found > expected {
            check.reasons.push(Reason {
                column: String::new(),
                value: cut(check.row.cell(expected)),
                why: Why::TooManyCells { found, expected },
            });
        }
        if let Some(text) = totals(row) {
            check.reasons.push(Reason { column: String::new(), value: cut(text), why: Why::TotalsRow });
        }
        for (at, name) in &check.layout.extra {
            let text = row.cell(*at);
            if !text.is_empty() {
                check.props.insert(name.clone(), text.to_owned());
            }
        }
        for &at in &row.cut_numbers {
            check.note(NoticeKind::LostDigits, layout.name(at));
        }
        check
    }

    fn faults(&mut self) {
        for fault in &self.row.faults {
            // An open quote swallows whatever follows: it is the row's fault, not a cell's.
            let whole = fault.why == Why::UnclosedQuote;
            let column = if whole { "" } else { self.layout.name(fault.cell) };
            let value = if whole { String::new() } else { cut(self.row.cell(fault.cell)) };
            self.reasons.push(Reason { column: column.to_owned(), value, why: fault.why.clone() });
        }
    }

    /// The row's text in a column.
    pub fn text(&self, col: Col) -> &'a str {
        self.layout.get(self.row, col)
    }

    /// Adds what is wrong with a cell.
    pub fn wrong(&mut self, col: Col, value: &str, why: Why) {
        self.reasons.push(Reason { column: col.code().to_owned(), value: cut(value), why });
    }

    /// Adds a notice about this row.
    pub fn note(&mut self, kind: NoticeKind, subject: &str) {
        let sealed = self.is_sealed();
        self.notes.add(kind, subject, self.origin, sealed);
    }

    /// Whether nobody but sealed sources says what the row says, or the row is of such a source: then no reader of a
    /// store may learn that it is there.
    pub fn is_sealed(&self) -> bool {
        if !self.world.any_sealed() {
            return false;
        }
        if self.layout.table == Table::Sources {
            return self.world.fence(self.text(Col::Id)).or(fence(self.layout, self.row)).sealed;
        }
        // What cannot be found says nothing: a name that is spelt wrong opens no seal.
        let cell = self.text(Col::Source);
        let is_sealed = |name: &str| self.world.fence(name).sealed;
        let no_other = |name: &str| is_sealed(name) || self.world.source(name).is_err();
        is_sealed(cell) || (parts(cell).any(is_sealed) && parts(cell).all(no_other))
    }

    /// The text of a cell that must not be empty.
    pub fn required(&mut self, col: Col) -> Option<&'a str> {
        let text = self.text(col);
        if text.is_empty() {
            self.wrong(col, "", Why::MissingValue);
            return None;
        }
        Some(text)
    }

    /// The row's own id, where the file has a column for it.
    pub fn id(&mut self) -> Option<Id> {
        let text = self.required(Col::Id)?;
        if text.contains(|c: char| c.is_control() || c == ';' || c == '；') {
            self.wrong(Col::Id, text, Why::BadId);
            return None;
        }
        Some(Id::from(text))
    }

    /// A word of a closed set, as its code.
    pub fn word(&mut self, col: Col, set: Set) -> Option<&'static str> {
        let text = self.text(col);
        if text.is_empty() {
            return None;
        }
        let code = names::word(set, text);
        if code.is_none() {
            self.wrong(col, text, Why::BadWord { known: set.known() });
        }
        code
    }

    /// A date; its text is kept where it was not ISO.
    pub fn date(&mut self, col: Col, until: bool) -> Option<Date> {
        let text = self.text(col);
        if text.is_empty() {
            return None;
        }
        if let Some(year) = self.cut_month(col, text) {
            return Some(year);
        }
        let Some(read) = value::date(text, until) else {
            self.wrong(col, text, Why::BadDate);
            return None;
        };
        if !read.exact {
            self.props.insert(format!("{col}_text"), text.to_owned());
        }
        let year = read.date.year();
        if !(1900..=2100).contains(&year) && read.date != Date::ONGOING {
            self.note(NoticeKind::OddYear, col.code());
        }
        Some(read.date)
    }

    /// `2019.10` typed into a workbook is stored as 2019.1.
    fn cut_month(&mut self, col: Col, text: &str) -> Option<Date> {
        let at = self.layout.at(col)?;
        let year = text.strip_suffix(".1").filter(|_| self.row.numbers.contains(&at))?;
        let date = year.parse::<Date>().ok()?;
        self.props.insert(format!("{col}_text"), text.to_owned());
        self.note(NoticeKind::CutMonth, col.code());
        Some(date)
    }

    /// Says so when a tie ends before it starts.
    pub fn order(&mut self, start: Option<Date>, end: Option<Date>) {
        if let (Some(start), Some(end)) = (start, end)
            && end.before(start) == Some(true)
        {
            self.note(NoticeKind::EndBeforeStart, "");
        }
    }

    /// An amount with its currency: the column's, else the cell's own, else CNY with a notice.
    pub fn money(&mut self) -> (Option<Amount>, Option<String>) {
        let currency = self.currency();
        let text = self.text(Col::Amount);
        if text.is_empty() {
            return (None, currency);
        }
        let Some((amount, own)) = value::amount(text, self.layout.scale) else {
            self.wrong(Col::Amount, text, Why::BadAmount);
            return (None, currency);
        };
        if amount.decimal() < Decimal::ZERO {
            self.note(NoticeKind::NegativeAmount, "");
        }
        let currency = match (currency, own) {
            (Some(column), Some(own)) if column != own => {
                self.note(NoticeKind::OtherCurrency, "");
                column
            }
            (Some(column), _) => column,
            (None, Some(own)) => own.to_owned(),
            (None, None) => {
                self.note(NoticeKind::NoCurrency, "");
                "CNY".to_owned()
            }
        };
        (Some(amount), Some(currency))
    }

    fn currency(&self) -> Option<String> {
        let text = self.text(Col::Currency);
        if text.is_empty() {
            return None;
        }
        let code = if text == "CNY" { Some("CNY") } else { names::word(Set::Currency, text) };
        Some(code.unwrap_or(text).to_owned())
    }

    /// An entity that a cell names; an end of another kind than expected is a notice.
    pub fn entity(&mut self, col: Col, text: &str, expected: &'static [End]) -> Option<Found> {
        match self.world.entity(text, expected) {
            Ok(found) => {
                if found.kind.is_some_and(|kind| !takes(expected, kind)) {
                    self.note(NoticeKind::WrongKind, col.code());
                }
                Some(found)
            }
            Err(why) => {
                self.wrong(col, text, why);
                None
            }
        }
    }

    /// Every source that the row names, each once.
    pub fn sources(&mut self) -> Vec<Id> {
        let mut sources = Vec::new();
        for name in list(self.text(Col::Source)) {
            match self.world.source(name) {
                Ok(id) if sources.contains(&id) => {}
                Ok(id) => sources.push(id),
                Err(why) => self.wrong(Col::Source, name, why),
            }
        }
        if self.text(Col::Source).is_empty() {
            self.note(NoticeKind::NoSource, "");
        }
        sources
    }

    /// Checks one column by its shape and gives its normalised text.
    /// Ids, references to several entities and sources are not done here.
    pub fn plain(&mut self, column: Column) -> Option<String> {
        let (col, text) = (column.col, self.text(column.col));
        if text.is_empty() {
            if column.required {
                self.wrong(col, "", Why::MissingValue);
            }
            return None;
        }
        match column.shape {
            Shape::Text | Shape::Special => Some(text.to_owned()),
            Shape::List => Some(list(text).flat_map(several).collect::<Vec<_>>().join(";"))
                .filter(|list| !list.is_empty()),
            Shape::Date => self.date(col, false).map(|date| date.to_string()),
            Shape::Until => self.date(col, true).map(|date| date.to_string()),
            Shape::Word(set) => self.word(col, set).map(str::to_owned),
            Shape::Open(set) => Some(self.open(col, set, text)),
            Shape::Mention(expected) => Some(self.mention(col, text, expected)),
            Shape::IdNumber => Some(self.card(text)),
            Shape::Count => self.number(col, text, value::count(text).map(|n| n.to_string()), Why::BadCount),
            Shape::Share => self.number(col, text, value::share(text).map(|n| n.to_string()), Why::BadShare),
            Shape::Id | Shape::Ref(_) | Shape::Refs(_) | Shape::Sources | Shape::Amount | Shape::Currency => {
                None
            }
        }
    }

    fn number(&mut self, col: Col, text: &str, read: Option<String>, why: Why) -> Option<String> {
        if read.is_none() {
            self.wrong(col, text, why);
        }
        read
    }

    fn open(&mut self, col: Col, set: Set, text: &str) -> String {
        match names::word(set, text) {
            Some(code) => code.to_owned(),
            None => {
                if col == Col::Step {
                    self.note(NoticeKind::UnknownStep, &cut(text));
                }
                text.to_owned()
            }
        }
    }

    fn mention(&mut self, col: Col, text: &str, expected: &'static [End]) -> String {
        match self.world.entity(text, expected) {
            Ok(found) => found.id.as_str().to_owned(),
            Err(_) => {
                self.note(NoticeKind::KeptAsText, col.code());
                text.to_owned()
            }
        }
    }

    fn card(&mut self, text: &str) -> String {
        let (number, fault) = value::card(text);
        if fault.is_some() {
            self.note(NoticeKind::CheckDigit, "");
        }
        number
    }

    /// The row as it goes to quarantine.
    pub fn rejected(self) -> Rejected {
        let sealed = self.is_sealed();
        let Self { layout, row, origin, world, mut reasons, .. } = self;
        let secret = layout.table == Table::Sources
            && fence(layout, row).or(world.fence(layout.get(row, Col::Id))).protected;
        let hidden = |column: &str, value: &str| hides(secret, world, column, value);
        for reason in &mut reasons {
            if hidden(&reason.column, &reason.value) {
                reason.value = MASK.to_owned();
            }
        }
        let id = Some(layout.get(row, Col::Id)).filter(|id| !secret && !id.is_empty());
        let id = id.map(|id| Id::from(cut(id).as_str()));
        let cells = (0..row.len()).filter(|&at| !row.cell(at).is_empty());
        let row = cells.map(|at| {
            let (name, value) = (layout.name(at), row.cell(at));
            (name.to_owned(), if hidden(name, value) { MASK.to_owned() } else { cut(value) })
        });
        Rejected {
            origin: origin.clone(),
            table: layout.table,
            id,
            reasons,
            row: row.collect(),
            sealed,
            beside_sealed: world.any_sealed(),
        }
    }
}

/// The word by which a row says that it sums up the others, in its first cell that is not empty.
fn totals(row: &RawRow) -> Option<&str> {
    let first = (0..row.len()).map(|at| row.cell(at)).find(|cell| !cell.trim().is_empty())?;
    let word = names::folded(first.trim().trim_end_matches([':', '：']));
    let known = ["合计", "总计", "小计", "共计", "total", "totals", "subtotal", "grand_total"];
    known.contains(&&*word).then_some(first)
}

/// Whether a value must not be repeated: card numbers (also where damage moved them into another
/// column), and anything about a protected source.
fn hides(secret: bool, world: &dyn World, column: &str, value: &str) -> bool {
    if value.is_empty() {
        return false;
    }
    secret
        || column == Col::IdNumber.code()
        || value::holds_card(value)
        || world.fence(value).protected
        || parts(value).any(|name| world.fence(name).protected)
}

/// Whether something of this kind is among what is expected.
pub(super) fn takes(expected: &[End], kind: Kind) -> bool {
    expected.iter().any(|end| end.takes(kind))
}
