//! What files call things: English codes and Chinese words, for sheets, headers and values.
//!
//! One table; `import --list-names` prints it whole ([`list`]). Look-ups ignore case, width
//! (full-width letters) and spaces.

mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::columns::{Col, Set, columns};
use crate::model::{
    CaseStage, Channel, Credibility, Decision, GangClass, Handling, Kind, LeadStatus, RaidOutcome,
    Reliability, Status, Table, TieType, UmbrellaFinding, is_unseen,
};

/// One line of the table of names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Name {
    /// Where the name may stand: `sheet`, `column`, `column of officials`, or a set of values.
    pub scope: String,
    /// The code it stands for.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
}

/// Every name that is understood beside the codes themselves, sorted by scope and code.
pub fn list() -> Vec<Name> {
    let sheets = table::SHEETS.iter().flat_map(|(table, names)| {
        names.iter().map(|&name| Name { scope: "sheet".to_owned(), code: table.code(), name })
    });
    let headers = table::HEADERS.iter().flat_map(|(tables, col, names)| {
        names.iter().flat_map(move |&name| {
            header_scopes(tables).into_iter().map(move |scope| Name { scope, code: col.code(), name })
        })
    });
    let values = table::VALUES.iter().flat_map(|(set, code, names)| {
        names.iter().map(|&name| Name { scope: set.code().to_owned(), code, name })
    });
    let mut all: Vec<Name> = sheets.chain(headers).chain(values).collect();
    all.sort();
    all
}

fn header_scopes(tables: &[Table]) -> Vec<String> {
    if tables.is_empty() {
        return vec!["column".to_owned()];
    }
    tables.iter().map(|table| format!("column of {table}")).collect()
}

/// A text as names are compared: NFKC, lower case, without what nobody sees, trimmed, inner blanks and hyphens as `_`.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return Cow::Borrowed(text);
    }
    let lower: String = text.chars().filter(|c| !is_unseen(*c)).nfkc().collect::<String>().to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| c.is_whitespace() || c == '-' || c == '_').filter(|p| !p.is_empty()).collect();
    let latin = parts.iter().all(|part| part.is_ascii());
    Cow::Owned(parts.join(if latin { "_" } else { "" }))
}

static BY_SHEET: LazyLock<BTreeMap<String, Table>> = LazyLock::new(|| {
    let names = table::SHEETS.iter().flat_map(|(table, names)| names.iter().map(|name| (*name, *table)));
    let codes = Table::ALL.iter().map(|table| (table.code(), *table));
    names.chain(codes).map(|(name, table)| (folded(name).into_owned(), table)).collect()
});

/// The table that a sheet or file (without its ending) is named after.
pub(super) fn sheet(name: &str) -> Option<Table> {
    BY_SHEET.get(&*folded(name)).copied()
}

static BY_HEADER: LazyLock<BTreeMap<(Table, String), Col>> = LazyLock::new(|| {
    let mut map = BTreeMap::new();
    // The general names first, so that a table's own names overrule them.
    let (general, own): (Vec<_>, Vec<_>) = table::HEADERS.iter().partition(|entry| entry.0.is_empty());
    for &(tables, col, names) in general.into_iter().chain(own) {
        let tables = if tables.is_empty() { Table::ALL } else { tables };
        for &table in tables.iter().filter(|table| has(**table, col)) {
            map.extend(names.iter().map(|name| ((table, folded(name).into_owned()), col)));
        }
    }
    for &table in Table::ALL {
        map.extend(columns(table).iter().map(|column| ((table, column.col.code().to_owned()), column.col)));
    }
    map
});

fn has(table: Table, col: Col) -> bool {
    columns(table).iter().any(|column| column.col == col)
}

/// The column that a header names, in this table.
pub(super) fn header(table: Table, name: &str) -> Option<Col> {
    BY_HEADER.get(&(table, folded(name).into_owned())).copied()
}

static BY_VALUE: LazyLock<BTreeMap<Set, BTreeMap<String, &'static str>>> = LazyLock::new(|| {
    let mut map: BTreeMap<Set, BTreeMap<String, &'static str>> = BTreeMap::new();
    for (set, code, names) in table::VALUES {
        let words = map.entry(*set).or_default();
        words.extend(names.iter().map(|name| (folded(name).into_owned(), *code)));
    }
    for &set in Set::ALL {
        let words = map.entry(set).or_default();
        words.extend(set.known().into_iter().map(|code| (folded(code).into_owned(), code)));
    }
    map
});

impl Set {
    /// Every set.
    pub const ALL: &[Self] = &[
        Self::Channel,
        Self::Reliability,
        Self::Credibility,
        Self::Handling,
        Self::OrganisationKind,
        Self::ObjectKind,
        Self::GangClass,
        Self::MemberRole,
        Self::FamilyRole,
        Self::AssociateRole,
        Self::HandledRole,
        Self::CaseStage,
        Self::UmbrellaFinding,
        Self::RaidOutcome,
        Self::LeadStatus,
        Self::Status,
        Self::Decision,
        Self::TieType,
        Self::Flag,
        Self::Step,
        Self::Sector,
        Self::Currency,
    ];

    /// The set's name in the list of names.
    pub fn code(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Reliability => "reliability",
            Self::Credibility => "credibility",
            Self::Handling => "handling",
            Self::OrganisationKind => "kind of organisation",
            Self::ObjectKind => "kind of object",
            Self::GangClass => "class",
            Self::MemberRole => "role of member",
            Self::FamilyRole => "role of family",
            Self::AssociateRole => "role of associate",
            Self::HandledRole => "role of handled",
            Self::CaseStage => "stage",
            Self::UmbrellaFinding => "umbrella_finding",
            Self::RaidOutcome => "outcome of a raid",
            Self::LeadStatus => "status of a lead",
            Self::Status => "status",
            Self::Decision => "decision",
            Self::TieType => "type",
            Self::Flag => "yes or no",
            Self::Step => "step",
            Self::Sector => "sector",
            Self::Currency => "currency",
        }
    }

    /// The codes of the set, in its order.
    pub fn known(self) -> Vec<&'static str> {
        fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().map(|&word| code(word)).collect()
        }
        match self {
            Self::Channel => codes(Channel::ALL, Channel::code),
            Self::Reliability => codes(Reliability::ALL, Reliability::code),
            Self::Credibility => codes(Credibility::ALL, Credibility::code),
            Self::Handling => codes(Handling::ALL, Handling::code),
            Self::OrganisationKind => {
                codes(Kind::ALL, Kind::code).into_iter().filter(|c| is(c, Kind::is_organisation)).collect()
            }
            Self::ObjectKind => {
                codes(Kind::ALL, Kind::code).into_iter().filter(|c| is(c, Kind::is_object)).collect()
            }
            Self::GangClass => codes(GangClass::ALL, GangClass::code),
            Self::MemberRole => TieType::Member.roles().unwrap_or_default().to_vec(),
            Self::FamilyRole => TieType::Family.roles().unwrap_or_default().to_vec(),
            Self::AssociateRole => TieType::Associate.roles().unwrap_or_default().to_vec(),
            Self::HandledRole => TieType::Handled.roles().unwrap_or_default().to_vec(),
            Self::CaseStage => codes(CaseStage::ALL, CaseStage::code),
            Self::UmbrellaFinding => codes(UmbrellaFinding::ALL, UmbrellaFinding::code),
            Self::RaidOutcome => codes(RaidOutcome::ALL, RaidOutcome::code),
            Self::LeadStatus => codes(LeadStatus::ALL, LeadStatus::code),
            Self::Status => codes(Status::ALL, Status::code),
            Self::Decision => codes(Decision::ALL, Decision::code),
            Self::TieType => codes(TieType::ALL, TieType::code),
            Self::Flag => vec!["true", "false"],
            Self::Step => table::STEPS.to_vec(),
            Self::Sector => table::SECTORS.to_vec(),
            Self::Currency => vec!["CNY"],
        }
    }
}

fn is(code: &str, test: fn(Kind) -> bool) -> bool {
    Kind::from_code(code).is_some_and(test)
}

/// The code that a cell's text stands for.
pub(super) fn word(set: Set, text: &str) -> Option<&'static str> {
    BY_VALUE.get(&set)?.get(&*folded(text)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_chinese_names_are_found() {
        assert_eq!(sheet("公职人员"), Some(Table::Officials));
        assert_eq!(sheet("Gang Members"), Some(Table::GangMembers));
        assert_eq!(sheet("notes"), None);
        assert_eq!(header(Table::Officials, " 身份证号 "), Some(Col::IdNumber));
        assert_eq!(header(Table::Officials, "单位"), Some(Col::Agency));
        assert_eq!(header(Table::Leads, "单位"), Some(Col::Unit));
        assert_eq!(header(Table::People, "ID Number"), Some(Col::IdNumber));
        assert_eq!(header(Table::People, "agency"), None);
        assert_eq!(word(Set::GangClass, "涉黑组织"), Some("criminal_syndicate"));
        assert_eq!(word(Set::Channel, "群众举报"), Some("public_report"));
        assert_eq!(word(Set::FamilyRole, "配偶"), Some("spouse"));
        assert_eq!(word(Set::TieType, "转账"), Some("payment"));
        assert_eq!(word(Set::Reliability, "a"), Some("A"));
        assert_eq!(word(Set::Credibility, "２"), Some("2"));
        assert_eq!(word(Set::OrganisationKind, "person"), None);
    }

    #[test]
    fn every_name_leads_to_a_code_and_none_to_two() {
        for (set, code, _) in table::VALUES {
            assert!(*set == Set::Currency || set.known().contains(code), "{set:?} {code}");
        }
        let names = list();
        for pair in names.windows(2) {
            if let [a, b] = pair {
                assert_ne!(a, b);
            }
        }
        for &set in Set::ALL {
            let mut seen = BTreeMap::new();
            for (_, code, names) in table::VALUES.iter().filter(|entry| entry.0 == set) {
                for name in *names {
                    let before = seen.insert(folded(name).into_owned(), *code);
                    assert!(before.is_none_or(|before| before == *code), "{set:?} {name}");
                }
            }
        }
    }

    #[test]
    fn every_column_and_every_closed_word_has_a_chinese_name() {
        for &table in Table::ALL {
            for column in columns(table) {
                let found = table::HEADERS.iter().any(|(tables, col, names)| {
                    *col == column.col && !names.is_empty() && (tables.is_empty() || tables.contains(&table))
                });
                assert!(found, "{table} {}", column.col);
            }
        }
        for &set in Set::ALL {
            for code in set.known() {
                let bare = code.len() == 1 || matches!(code, "same");
                let found =
                    table::VALUES.iter().any(|(s, c, names)| *s == set && *c == code && !names.is_empty());
                assert!(bare || found, "{set:?} {code}");
            }
        }
    }
}
