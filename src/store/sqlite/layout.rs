//! The layout of the file: its tables, its version, and how words of closed sets are numbered.
//!
//! Closed sets are stored as positions in their `ALL` list; a test pins the lists, so that a word
//! added anywhere but at the end is noticed before it reads old stores wrongly.

use rusqlite::Connection;

/// Version of the layout, in the file's `user_version`.
pub(super) const LAYOUT: u32 = 2;
/// "PRSL" in the file's `application_id`.
const APPLICATION: u32 = 0x5052_534c;
/// Bytes of a page of a new store: the indexes of ten million claims are one level lower, and the file a tenth
/// smaller, than with SQLite's 4 KiB; with 16 KiB imports into a large store are slower again.
pub(super) const PAGE: u32 = 8_192;
/// Cache of a reader: a walk comes back to the same pages.
pub(super) const READ_CACHE_KIB: i64 = 64 * 1024;
/// Cache of whoever passes over a table once, in its order.
pub(super) const PASS_CACHE_KIB: i64 = 8 * 1024;
/// Cache of a writer. While an index is made, twice as much again goes to the rows that are sorted.
pub(super) const WRITE_CACHE_KIB: i64 = 32 * 1024;
/// Cache of a writer to a store that has relations: it finds their places in the indexes instead of
/// remembering fingerprints (`fresh`), and has that memory to spare.
pub(super) const GROWING_CACHE_KIB: i64 = 160 * 1024;

/// Makes all tables, in one transaction.
pub(super) fn create(conn: &mut Connection) -> rusqlite::Result<()> {
    conn.pragma_update(None, "page_size", PAGE)?;
    let change = conn.transaction()?;
    for sql in TABLES {
        change.execute(sql, [])?;
    }
    change.pragma_update(None, "application_id", APPLICATION)?;
    change.pragma_update(None, "user_version", LAYOUT)?;
    change.commit()?;
    conn.pragma_update(None, "journal_mode", "WAL")
}

const TABLES: &[&str] = &[
    include_str!("../../../queries/sqlite/create_entity.sql"),
    include_str!("../../../queries/sqlite/create_fact.sql"),
    include_str!("../../../queries/sqlite/create_fact_gang.sql"),
    include_str!("../../../queries/sqlite/create_claim.sql"),
    include_str!("../../../queries/sqlite/create_claim_row.sql"),
    include_str!("../../../queries/sqlite/create_claim_from.sql"),
    include_str!("../../../queries/sqlite/create_claim_to.sql"),
    include_str!("../../../queries/sqlite/create_source.sql"),
    include_str!("../../../queries/sqlite/create_source_id.sql"),
    include_str!("../../../queries/sqlite/create_vault.sql"),
    include_str!("../../../queries/sqlite/create_vault_id.sql"),
    include_str!("../../../queries/sqlite/create_step.sql"),
    include_str!("../../../queries/sqlite/create_step_id.sql"),
    include_str!("../../../queries/sqlite/create_step_subject.sql"),
    include_str!("../../../queries/sqlite/create_name.sql"),
    include_str!("../../../queries/sqlite/create_change.sql"),
    include_str!("../../../queries/sqlite/create_digest.sql"),
    include_str!("../../../queries/sqlite/create_kept.sql"),
];

/// Whether the first bytes of a file are those of a store of this version; else why not.
pub(super) fn check_header(head: &[u8]) -> Result<(), String> {
    if !head.starts_with(b"SQLite format 3\0") || head.len() < 100 {
        return Err("it is not a store of Parasol".to_owned());
    }
    let number = |at: usize| {
        let bytes = head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes)
    };
    match (number(68), number(60)) {
        (APPLICATION, LAYOUT) => Ok(()),
        (APPLICATION, newer) if newer > LAYOUT => {
            Err(format!("its layout {newer} is newer than {LAYOUT}; use a newer parasol"))
        }
        (APPLICATION, older) if older > 0 => Err(format!(
            "its layout {older} is older than {LAYOUT}; make it anew: `parasol import` of its bundles into a new file"
        )),
        (APPLICATION, other) => Err(format!("its layout {other} is none that this version knows")),
        _ => Err("it is another program's database".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::model::*;

    /// Words are stored by position: change this only by adding at the end.
    #[test]
    fn the_numbers_of_words_are_pinned() {
        let codes = |all: Vec<&str>| all.join(" ");
        let pinned = [
            codes(Kind::ALL.iter().map(|w| w.code()).collect()),
            codes(Layer::ALL.iter().map(|w| w.code()).collect()),
            codes(TieType::ALL.iter().map(|w| w.code()).collect()),
            codes(Table::ALL.iter().map(|w| w.code()).collect()),
            codes(Decision::ALL.iter().map(|w| w.code()).collect()),
            codes(Status::ALL.iter().map(|w| w.code()).collect()),
            codes(Channel::ALL.iter().map(|w| w.code()).collect()),
            codes(Handling::ALL.iter().map(|w| w.code()).collect()),
        ];
        let expected = [
            "person agency gang company other case lead account phone vehicle address document event",
            "kinship social communication money duty crime report finding other identity",
            "family associate meeting attended call payment ownership directorship employment gift holder \
             post supervises handled inspected licensed reviewed briefed targets member suspect controls \
             about protects same other",
            "sources officials gang_members people organisations cases objects leads relations steps",
            "charged downgraded dropped not_prosecuted bail suspended_sentence commuted paroled \
             assets_returned none fined warned passed waived closed granted refused verified unfounded \
             no_umbrella",
            "confirmed suspected refuted",
            "case_investigation government_screening detainee_interview public_report open_source \
             concluded_case",
            "open internal restricted sealed",
        ];
        assert_eq!(pinned.each_ref().map(String::as_str), expected);
    }
}
