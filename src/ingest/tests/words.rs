//! Every reason and notice has its message in both catalogues, with values that it gives.

use std::collections::BTreeSet;

use crate::ingest::columns::Set;
use crate::ingest::names;
use crate::ingest::{Cases, IngestError, Notice, NoticeKind, Origin, Reason, Why};

const ZH: &str = include_str!("../../messages/ingest.zh.ftl");
const EN: &str = include_str!("../../messages/ingest.en.ftl");

fn reasons() -> Vec<Reason> {
    let at = Origin { file: "f.csv".into(), line: 2 };
    let all = vec![
        Why::MissingValue,
        Why::BadDate,
        Why::BadAmount,
        Why::BadCount,
        Why::BadShare,
        Why::BadId,
        Why::TotalsRow,
        Why::BadName,
        Why::BadWord { known: vec!["a"] },
        Why::NotForType { ty: "call", known: vec![] },
        Why::UnknownReference,
        Why::RejectedReference { at: at.clone() },
        Why::AmbiguousName { who: vec![("a".into(), Some(at.clone())), ("b".into(), None)] },
        Why::KindClash { was: "person".to_owned(), new: "gang".to_owned(), at: None },
        Why::DuplicateId { at: Some(at) },
        Why::TooManyCells { found: 2, expected: 1 },
        Why::CellTooLong { limit: 1 },
        Why::RowTooLong { limit: 1 },
        Why::UnclosedQuote,
        Why::NulByte,
        Why::BadEncoding { encoding: "UTF-8" },
        Why::CellError,
        Why::MissingColumn { found: vec!["id".to_owned()] },
        Why::TooManyColumns { limit: 1 },
        Why::NoText,
        Why::Elsewhere { code: "kind_clash" },
        Why::Unreadable { detail: "x".to_owned() },
    ];
    all.into_iter().map(|why| Reason { column: "c".to_owned(), value: "v".to_owned(), why }).collect()
}

/// The message of a key and the values it names.
fn message<'a>(catalogue: &'a str, key: &str) -> (&'a str, BTreeSet<&'a str>) {
    let line = catalogue.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    let line = line.unwrap_or_else(|| panic!("{key} is missing"));
    (line, line.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next()).collect())
}

fn check(key: &str, args: &[(&'static str, String)]) {
    let given: BTreeSet<&str> = args.iter().map(|(name, _)| *name).collect();
    for catalogue in [ZH, EN] {
        let (_, named) = message(catalogue, key);
        assert!(named.is_subset(&given), "{key}: {named:?} of {given:?}");
    }
    assert_eq!(message(ZH, key).1, message(EN, key).1, "{key}");
}

#[test]
fn every_reason_has_its_message() {
    for reason in reasons() {
        check(&reason.key(), &reason.args());
        assert!(!reason.to_string().is_empty());
    }
}

#[test]
fn every_notice_has_its_message() {
    for &kind in NoticeKind::ALL {
        let notice =
            Notice { kind, subject: "s".to_owned(), count: 1, places: Vec::new(), open: Cases::default() };
        check(&notice.key(), &notice.args());
        assert!(!notice.to_string().is_empty());
    }
}

#[test]
fn no_message_is_left_over() {
    let messages = |text: &str| {
        text.lines().filter(|line| line.starts_with("reject-") || line.starts_with("notice-")).count()
    };
    let expected = reasons().len() + NoticeKind::ALL.len();
    assert_eq!((messages(ZH), messages(EN)), (expected, expected));
}

/// A word that the program prints for a code is a word that a file may hold for it, unless another
/// code of the same set has it too.
#[test]
fn the_programs_own_words_are_understood() {
    const WORDS: &str = include_str!("../../messages/words.zh.ftl");
    for &set in Set::ALL {
        for code in set.known() {
            let key = format!("word-{}", code.replace('_', "-"));
            let line = WORDS.lines().find_map(|line| line.strip_prefix(&*key)?.strip_prefix(" = "));
            if let Some(word) = line {
                assert_eq!(names::word(set, word), Some(code), "{word} in {}", set.code());
            }
        }
    }
}

#[test]
fn an_error_has_its_message_in_both_languages() {
    let path = std::path::PathBuf::from("x");
    let denied = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    for error in [
        IngestError::Missing(path.clone()),
        IngestError::Io { path: path.clone(), source: denied },
        IngestError::Io { path: path.clone(), source: std::io::Error::other("x") },
        IngestError::UnknownFile(path.clone()),
        IngestError::Empty(path.clone()),
        IngestError::OldWorkbook(path.clone()),
        IngestError::Workbook { path, reason: "x".to_owned() },
        IngestError::Sink(crate::ingest::SinkError("x".into())),
    ] {
        let key = error.message().key;
        assert_eq!(message(ZH, key).1, message(EN, key).1, "{key}");
    }
}
