//! Rows of sources, of the seven tables of entities, and of steps.

use super::check::{Check, list, several};
use super::columns::{Col, Column, Set, Shape, kind_of};
use super::ids;
use super::layout::Layout;
use super::names;
use super::notice::NoticeKind;
use super::reason::Why;
use super::row::RawRow;
use super::value;
use super::world::Found;
use crate::model::tie_type::End;
use crate::model::{
    Channel, Date, Fence, Handling, Id, Kind, Props, Relation, Reliability, Source, Statement, Status, Step,
    Table, TieType, Values,
};

/// A row of a table of entities that has passed its checks.
#[derive(Debug)]
pub(super) struct EntityRow {
    /// What it says of its entity.
    pub statement: Statement,
    /// Whom else it names, by column.
    pub names: Vec<(Col, Found)>,
    start: Option<Date>,
    end: Option<Date>,
}

/// Checks a row of sources. `derived` is its id where the file has no column for it.
pub(super) fn source<'a>(mut check: Check<'a>, derived: Option<&Id>) -> Result<Source, Check<'a>> {
    let id = derived.cloned().or_else(|| check.id());
    let channel = check.required(Col::Channel).and_then(|_| check.word(Col::Channel, Set::Channel));
    let date = check.date(Col::Date, false);
    let reliability = check.word(Col::Reliability, Set::Reliability);
    let handling = check.word(Col::Handling, Set::Handling);
    check.word(Col::Protected, Set::Flag);
    if reliability.is_none() {
        check.note(NoticeKind::NoReliability, "");
    }
    let (Some(id), Some(channel), true) =
        (id, channel.and_then(Channel::from_code), check.reasons.is_empty())
    else {
        return Err(check);
    };
    let text = |col: Col| Some(check.text(col).to_owned()).filter(|text| !text.is_empty());
    Ok(Source {
        id,
        channel,
        title: text(Col::Title),
        date,
        reliability: reliability.and_then(Reliability::from_code).unwrap_or(Reliability::F),
        unit: text(Col::Unit),
        // Nobody said who may handle it: not for everybody, then.
        handling: handling.and_then(Handling::from_code).unwrap_or(Handling::Internal),
        protected: fence(check.layout, check.row).protected,
        locator: text(Col::Locator),
        props: check.props,
    })
}

/// What of the source in a row of `sources` is kept from readers, sound or not; what cannot be read of it keeps it, too.
pub(super) fn fence(layout: &Layout, row: &RawRow) -> Fence {
    let (flag, handling) = (layout.get(row, Col::Protected), layout.get(row, Col::Handling));
    let sealed = |word: &str| word == Handling::Sealed.code();
    Fence {
        protected: !flag.is_empty() && names::word(Set::Flag, flag) != Some("false"),
        sealed: !handling.is_empty() && names::word(Set::Handling, handling).is_none_or(sealed),
    }
}

/// What tells a source from others in a table without ids.
pub(super) fn source_id(check: &Check<'_>) -> Id {
    let fields = [Col::Channel, Col::Title, Col::Date, Col::Unit, Col::Locator].map(|col| check.text(col));
    Id::from(ids::derived(Table::Sources, &fields))
}

/// Checks a row of a table of entities. `derived` is its id where the file has no column for it.
pub(super) fn entity<'a>(mut check: Check<'a>, derived: Option<&Id>) -> Result<EntityRow, Check<'a>> {
    let table = check.layout.table;
    let id = derived.cloned().or_else(|| check.id());
    let kind = kind(&mut check);
    let mut names = Vec::new();
    let (mut start, mut end) = (None, None);
    let layout = check.layout;
    for &(_, column) in &layout.cells {
        match (column.col, column.shape) {
            (Col::Id | Col::Kind, _) | (_, Shape::Sources) => {}
            (Col::Start, _) => start = check.date(Col::Start, false),
            (Col::End, _) => end = check.date(Col::End, true),
            (col, Shape::Ref(expected)) => {
                let text = check.text(col);
                if !text.is_empty() {
                    names.extend(check.entity(col, text, expected).map(|found| (col, found)));
                }
            }
            (col, Shape::Refs(expected)) => {
                for name in list(check.text(col)).flat_map(several) {
                    names.extend(check.entity(col, name, expected).map(|found| (col, found)));
                }
            }
            (Col::Name, _) if kind_of(table).is_some() => person_name(&mut check, column),
            (col, _) => {
                let text = check.plain(column);
                check.props.extend(text.map(|text| (col.code().to_owned(), text)));
            }
        }
    }
    check.order(start, end);
    let sources = check.sources();
    if kind.is_some_and(|kind| kind.is_organisation() && kind != Kind::Gang)
        && check.props.contains_key("class")
    {
        check.note(NoticeKind::ClassOfNoGang, "");
    }
    if let (Some(id), Some(kind)) = (&id, kind)
        && let Some(why) = check.world.clash(id.as_str(), kind)
    {
        check.wrong(Col::Id, id.as_str(), why);
    }
    let (Some(id), Some(kind), true) = (id, kind, check.reasons.is_empty()) else { return Err(check) };
    let mut props = check.props;
    props.extend(
        [("start", start), ("end", end)]
            .into_iter()
            .filter_map(|(k, v)| Some((k.to_owned(), v?.to_string()))),
    );
    name_others(&mut props, &names);
    let recorded = (table == Table::Leads).then(|| props.get("received")?.parse().ok()).flatten();
    let statement = Statement { id, kind, table, props, sources, recorded };
    Ok(EntityRow { statement, names, start, end })
}

fn kind(check: &mut Check<'_>) -> Option<Kind> {
    let set = match check.layout.table {
        Table::Organisations => Set::OrganisationKind,
        Table::Objects => Set::ObjectKind,
        table => return kind_of(table),
    };
    let text = check.required(Col::Kind)?;
    if set == Set::OrganisationKind && is_class_only(text) {
        class_for_kind(check, text);
        return Some(Kind::Gang);
    }
    check.word(Col::Kind, set).and_then(Kind::from_code)
}

/// A word such as 恶势力集团, which says of what class a gang is and so that it is one.
fn is_class_only(text: &str) -> bool {
    names::word(Set::OrganisationKind, text).is_none() && names::word(Set::GangClass, text).is_some()
}

/// Offices have one column 类别 for both: the word stands for the class where that has no cell.
fn class_for_kind(check: &mut Check<'_>, text: &str) {
    if check.text(Col::Class).is_empty()
        && let Some(class) = names::word(Set::GangClass, text)
    {
        check.props.insert(Col::Class.code().to_owned(), class.to_owned());
    }
}

/// A person's name without the blanks that pad it; as it was written in `name_text`.
fn person_name(check: &mut Check<'_>, column: Column) {
    let Some(text) = check.plain(column) else { return };
    if !text.contains(char::is_alphabetic) {
        check.wrong(Col::Name, &text, Why::BadName);
    }
    let name = value::tight(&text).into_owned();
    if name != text {
        check.props.insert("name_text".to_owned(), text);
    }
    check.props.insert("name".to_owned(), name);
}

/// The others' ids as properties, several with `;` between.
fn name_others(props: &mut Props, names: &[(Col, Found)]) {
    for (col, found) in names {
        let list = props.entry(col.code().to_owned()).or_default();
        if list.is_empty() {
            list.push_str(found.id.as_str());
        } else if !list.split(';').any(|id| id == found.id.as_str()) {
            list.push(';');
            list.push_str(found.id.as_str());
        }
    }
}

/// What tells a row from others in a table without ids: name, unit or gang, birth date (and for
/// things that have no such, what they have instead).
pub(super) fn derived_id(check: &Check<'_>) -> String {
    let date = |col: Col| match value::date(check.text(col), false) {
        Some(read) => read.date.to_string(),
        None => check.text(col).to_owned(),
    };
    let name = |col: Col| names::folded(check.text(col)).into_owned();
    let table = check.layout.table;
    let fields = match table {
        Table::Officials => vec![name(Col::Name), name(Col::Agency), date(Col::BirthDate)],
        Table::GangMembers => vec![name(Col::Name), name(Col::Gang), date(Col::BirthDate)],
        Table::People => vec![name(Col::Name), String::new(), date(Col::BirthDate)],
        Table::Organisations => vec![name(Col::Name)],
        Table::Cases => vec![name(Col::Title), name(Col::Gang)],
        Table::Objects => vec![name(Col::Kind), name(Col::Label), name(Col::Number), date(Col::Date)],
        Table::Leads => vec![name(Col::Text), date(Col::Received), name(Col::Channel)],
        Table::Sources | Table::Relations | Table::Steps => vec![],
    };
    ids::derived(table, &fields.iter().map(String::as_str).collect::<Vec<_>>())
}

impl EntityRow {
    /// The names by which other rows may call the entity.
    pub fn called(&self) -> impl Iterator<Item = &str> {
        let props = &self.statement.props;
        let single = ["name", "title", "label", "number"].into_iter().filter_map(|key| props.get(key));
        single.map(String::as_str).chain(props.get("aliases").into_iter().flat_map(|names| list(names)))
    }

    /// The ties that the row implies, which the program writes itself.
    pub fn ties(&self) -> Vec<Relation> {
        self.names.iter().filter_map(|(col, found)| self.tie(*col, &found.id)).collect()
    }

    fn tie(&self, col: Col, other: &Id) -> Option<Relation> {
        let own = &self.statement.id;
        let dated = |word: &str| match self.start {
            Some(start) => format!("{word}:{own}:{other}:{start}"),
            None => format!("{word}:{own}:{other}"),
        };
        let role = |key: &str| self.statement.props.get(key).cloned();
        let (ty, row, from, to, role) = match (self.statement.table, col) {
            (Table::Officials, Col::Agency) => (TieType::Post, dated("post"), own, other, role("post")),
            (Table::GangMembers, Col::Gang) => (TieType::Member, dated("member"), own, other, role("role")),
            (Table::Cases, Col::Suspects) => {
                (TieType::Suspect, format!("suspect:{other}:{own}"), other, own, None)
            }
            (Table::Leads, Col::About) => (TieType::About, format!("about:{own}:{other}"), own, other, None),
            (Table::Cases, Col::SignedBy) => (TieType::Reviewed, signed(other, own), other, own, None),
            _ => return None,
        };
        Some(Relation {
            role,
            start: self.start,
            values: Values { end: self.end, ..Values::default() },
            ..written(row, ty, (from, to), &self.statement.sources, self.statement.recorded)
        })
    }
}

/// A tie that the program writes itself.
fn written(row: String, ty: TieType, ends: (&Id, &Id), sources: &[Id], recorded: Option<Date>) -> Relation {
    Relation {
        row: Id::from(row),
        ty,
        other_type: None,
        from: ends.0.clone(),
        to: ends.1.clone(),
        role: None,
        start: None,
        values: Values::default(),
        status: Status::Confirmed,
        credibility: None,
        sources: sources.to_vec(),
        recorded,
    }
}

/// The row that says who signed a case off: the same by the case's column and by its step. What was
/// found, and on which day, stands there.
fn signed(by: &Id, case: &Id) -> String {
    format!("signed:{by}:{case}")
}

/// The tie that a step implies: who signed a case off stands beside it, where the file knows him.
fn signed_off(check: &Check<'_>, step: &Step, is_case: bool) -> Option<Relation> {
    let by = step.props.get("by").filter(|_| is_case && step.step == "signed_off")?;
    let by = check.world.entity(by, &[End::Official]).ok()?;
    let is_person = by.kind.is_none_or(|kind| kind == Kind::Person);
    let row = signed(&by.id, &step.subject);
    is_person.then(|| written(row, TieType::Reviewed, (&by.id, &step.subject), &step.sources, step.recorded))
}

/// Checks a row of steps; gives with it the tie that it implies, if any.
pub(super) fn step(mut check: Check<'_>) -> Result<(Step, Option<Relation>), Check<'_>> {
    let has_id = check.layout.at(Col::Id).is_some();
    let id = if has_id { check.id() } else { None };
    let mut subject = None;
    let layout = check.layout;
    let (mut date, mut recorded) = (None, None);
    for &(_, column) in &layout.cells {
        match (column.col, column.shape) {
            (Col::Id | Col::Amount | Col::Currency, _) | (_, Shape::Sources) => {}
            (Col::Date, _) => date = check.required(Col::Date).and_then(|_| check.date(Col::Date, false)),
            (Col::Recorded, _) => recorded = check.date(Col::Recorded, false),
            (Col::Subject, Shape::Ref(expected)) => {
                subject =
                    check.required(Col::Subject).and_then(|text| check.entity(Col::Subject, text, expected));
            }
            (col, Shape::Ref(expected)) => {
                let text = check.text(col);
                let found = if text.is_empty() { None } else { check.entity(col, text, expected) };
                check.props.extend(found.map(|found| (col.code().to_owned(), found.id.as_str().to_owned())));
            }
            (col, _) => {
                let text = check.plain(column);
                check.props.extend(text.map(|text| (col.code().to_owned(), text)));
            }
        }
    }
    let (amount, currency) = check.money();
    check.props.extend(amount.map(|amount| ("amount".to_owned(), amount.to_string())));
    check.props.extend(currency.map(|currency| ("currency".to_owned(), currency)));
    let sources = check.sources();
    let sound = check.reasons.is_empty() && (id.is_some() || !has_id);
    let (Some(subject), Some(date), true) = (subject, date, sound) else { return Err(check) };
    let step = check.props.remove("step").unwrap_or_default();
    let id = id.unwrap_or_else(|| step_id(&subject.id, &step, date, &check.props));
    let is_case = subject.kind.is_none_or(|kind| kind == Kind::Case);
    let props = std::mem::take(&mut check.props);
    let step = Step { id, subject: subject.id, step, date, props, sources, recorded };
    let tie = signed_off(&check, &step, is_case);
    Ok((step, tie))
}

/// The id of a step without one: of all it says.
fn step_id(subject: &Id, step: &str, date: Date, props: &Props) -> Id {
    let date = date.to_string();
    let said = props.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]);
    let fields: Vec<&str> = [subject.as_str(), step, &date].into_iter().chain(said).collect();
    Id::from(ids::derived(Table::Steps, &fields))
}
