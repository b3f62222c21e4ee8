//! Rows of relations.

use super::check::Check;
use super::columns::{Col, Set};
use super::ids;
use super::names;
use super::notice::NoticeKind;
use super::reason::{Why, cut};
use super::value;
use super::world::Found;
use crate::model::tie_type::End;
use crate::model::{Credibility, Decision, Id, Relation, Status, TieType, Values};

/// A row of relations that has passed its checks.
#[derive(Debug)]
pub(super) struct RelationRow {
    /// What it says.
    pub relation: Relation,
    /// It had no id: the one it has was made from what it says.
    pub derived: bool,
}

/// What a row says its tie is.
struct Type {
    ty: TieType,
    other: Option<String>,
    /// The type's cell held a role (配偶), which counts where the role's cell is empty.
    role: Option<&'static str>,
}

/// Checks a row of relations.
pub(super) fn relation(mut check: Check<'_>) -> Result<RelationRow, Check<'_>> {
    let id = own_id(&mut check);
    let ty = tie_type(&mut check);
    let (froms, tos) = ty.as_ref().map_or((&[End::Any][..], &[End::Any][..]), |ty| ty.ty.ends());
    let from = check.required(Col::From).and_then(|text| check.entity(Col::From, text, froms));
    let to = check.required(Col::To).and_then(|text| check.entity(Col::To, text, tos));
    let role = ty.as_ref().and_then(|ty| role(&mut check, ty));
    let start = check.date(Col::Start, false);
    let values = values(&mut check, ty.as_ref());
    check.order(start, values.end);
    let status = status(&mut check, ty.as_ref());
    let credibility = credibility(&mut check);
    let recorded = check.date(Col::Recorded, false);
    let sources = check.sources();
    let sound = check.reasons.is_empty();
    let (Some(ty), Some(from), Some(to), true) = (ty, from, to, sound) else { return Err(check) };
    duty_by_official(&mut check, ty.ty, &from);
    if from.id == to.id {
        check.note(NoticeKind::TieToSelf, "");
    }
    let derived = id.is_none();
    let mut relation = Relation {
        row: id.unwrap_or_else(|| Id::from("")),
        ty: ty.ty,
        other_type: ty.other,
        from: from.id,
        to: to.id,
        role,
        start,
        values: Values { props: check.props, ..values },
        status,
        credibility,
        sources,
        recorded,
    }
    .canonical();
    if derived {
        relation.row = Id::from(ids::relation(&relation));
    }
    Ok(RelationRow { relation, derived })
}

/// A relation may go without an id, but not have one that something else has.
fn own_id(check: &mut Check<'_>) -> Option<Id> {
    if check.text(Col::Id).is_empty() {
        return None;
    }
    let id = check.id()?;
    if let Some((was, at)) = check.world.taken(id.as_str()) {
        check.wrong(Col::Id, id.as_str(), Why::KindClash { was, new: "relation".to_owned(), at: Some(at) });
    }
    Some(id)
}

fn tie_type(check: &mut Check<'_>) -> Option<Type> {
    let text = check.required(Col::Type)?;
    // Codes first: they are what most of ten million rows have.
    let word = || names::word(Set::TieType, text).and_then(TieType::from_code);
    if let Some(ty) = TieType::from_code(text).or_else(word) {
        // `same` is computed, never read.
        let known = !matches!(ty, TieType::Other | TieType::Same);
        if known {
            return Some(Type { ty, other: None, role: None });
        }
    }
    for (set, ty) in [(Set::FamilyRole, TieType::Family), (Set::AssociateRole, TieType::Associate)] {
        if let Some(role) = names::word(set, text).filter(|role| *role != "other") {
            return Some(Type { ty, other: None, role: Some(role) });
        }
    }
    check.note(NoticeKind::UnknownType, &cut(text));
    Some(Type { ty: TieType::Other, other: Some(text.to_owned()), role: None })
}

fn role(check: &mut Check<'_>, ty: &Type) -> Option<String> {
    let text = check.text(Col::Role);
    if text.is_empty() {
        return ty.role.map(str::to_owned);
    }
    let set = match ty.ty {
        TieType::Family => Set::FamilyRole,
        TieType::Associate => Set::AssociateRole,
        TieType::Member => Set::MemberRole,
        TieType::Handled => Set::HandledRole,
        _ => return Some(text.to_owned()),
    };
    let code = names::word(set, text);
    if code.is_none() {
        check.wrong(Col::Role, text, Why::NotForType { ty: ty.ty.code(), known: set.known() });
    }
    code.map(str::to_owned)
}

fn values(check: &mut Check<'_>, ty: Option<&Type>) -> Values {
    let end = check.date(Col::End, true);
    let (amount, currency) = check.money();
    Values {
        end,
        count: number(check, Col::Count, value::count, Why::BadCount),
        amount,
        currency,
        share: number(check, Col::Share, value::share, Why::BadShare),
        decision: ty.and_then(|ty| decision(check, ty)),
        note: Some(check.text(Col::Note).to_owned()).filter(|note| !note.is_empty()),
        props: Default::default(),
    }
}

fn number<T>(check: &mut Check<'_>, col: Col, read: fn(&str) -> Option<T>, why: Why) -> Option<T> {
    let text = check.text(col);
    if text.is_empty() {
        return None;
    }
    let number = read(text);
    if number.is_none() {
        check.wrong(col, text, why);
    }
    number
}

/// A decision of the type's own; types outside the table keep any text as a property.
fn decision(check: &mut Check<'_>, ty: &Type) -> Option<Decision> {
    let text = check.text(Col::Decision);
    if text.is_empty() {
        return None;
    }
    let all = ty.ty.decisions();
    let word = || names::word(Set::Decision, text).and_then(Decision::from_code);
    let code = Decision::from_code(text).or_else(word);
    if ty.ty == TieType::Other {
        if code.is_none() {
            check.props.insert(Col::Decision.code().to_owned(), text.to_owned());
        }
        return code;
    }
    let fits = code.filter(|code| all.contains(code));
    if fits.is_none() {
        let known = all.iter().map(|decision| decision.code()).collect();
        check.wrong(Col::Decision, text, Why::NotForType { ty: ty.ty.code(), known });
    }
    fits
}

/// An umbrella tie of which nobody says that it was confirmed is only suspected.
fn status(check: &mut Check<'_>, ty: Option<&Type>) -> Status {
    let silent = match ty {
        Some(Type { ty: TieType::Protects, .. }) => Status::Suspected,
        _ => Status::Confirmed,
    };
    let code = Status::from_code(check.text(Col::Status));
    code.or_else(|| check.word(Col::Status, Set::Status).and_then(Status::from_code)).unwrap_or(silent)
}

/// Empty counts as 6; a file without the column takes the source's grade.
fn credibility(check: &mut Check<'_>) -> Option<Credibility> {
    check.layout.at(Col::Credibility)?;
    if check.text(Col::Credibility).is_empty() {
        check.note(NoticeKind::NoCredibility, "");
        return Some(Credibility::C6);
    }
    let code = Credibility::from_code(check.text(Col::Credibility));
    code.or_else(|| check.word(Col::Credibility, Set::Credibility).and_then(Credibility::from_code))
}

fn duty_by_official(check: &mut Check<'_>, ty: TieType, from: &Found) {
    if ty.ends().0 == [End::Official] && from.official == Some(false) {
        check.note(NoticeKind::TakenAsOfficial, "");
    }
}
