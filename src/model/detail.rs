//! Details of failures that come in English from elsewhere (SQLite, the workbook reader) or from a stage that
//! has no catalogue, as messages.

use super::Message;

/// What such a detail says, and the message that says it. The first that fits counts, so what is narrower
/// stands before what is wider.
const KNOWN: &[(&str, &str)] = &[
    ("file is not a database", "told-no-database"),
    ("malformed", "told-malformed"),
    ("database is locked", "told-locked"),
    ("database or disk is full", "told-full"),
    ("readonly database", "told-read-only"),
    ("unable to open database file", "told-cannot-open"),
    ("disk I/O error", "told-disk"),
    ("out of memory", "told-memory"),
    ("another change is being written", "told-other-writer"),
    ("does not fit its own hash", "told-hash"),
    ("does not fit the digest", "told-digest"),
    ("it is not a store of Parasol", "told-no-store"),
    ("it is another program's database", "told-other-program"),
    ("it is an empty file", "told-empty"),
    ("it is a folder", "told-folder"),
    ("use a newer parasol", "told-newer"),
    ("make it anew: `parasol import`", "told-older"),
    ("a change waits in the log", "told-log"),
    ("in the old .xls format", "told-locked-or-old"),
    ("it is protected by a password", "told-password"),
    ("it is no .xlsx workbook", "told-no-workbook"),
    ("it is cut short", "told-cut"),
    ("it is damaged", "told-damaged"),
    ("entries overlap", "told-damaged"),
    ("it holds more than", "told-many"),
    ("it holds an archive inside", "told-nested"),
    ("it unpacks to too much", "told-large"),
    ("invalid Zip archive", "told-damaged"),
    ("Zip error", "told-damaged"),
    ("Invalid checksum", "told-damaged"),
    ("corrupt deflate stream", "told-damaged"),
    ("Xml error", "told-xml"),
];

/// How a detail ends that names the process that writes.
const WRITES: &str = " is writing another change";

impl Message {
    /// A detail in English as a message: a sentence of its own for the common ones, else as it was told.
    pub fn told(english: &str) -> Self {
        let process = english.strip_prefix("process ").and_then(|rest| rest.strip_suffix(WRITES));
        if let Some(process) = process {
            return Self::new("told-process").text("process", process);
        }
        let known = KNOWN.iter().find(|(part, _)| english.contains(part));
        Self::new(known.map_or("told-other", |(_, key)| key)).text("reason", english)
    }

    /// The message with a detail in English as its reason.
    #[must_use]
    pub fn because_told(self, english: &str) -> Self {
        self.with("reason", super::Arg::List(vec![Self::told(english)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{Catalogue, Lang};

    #[test]
    fn common_details_are_said_in_chinese_and_the_rest_as_it_was_told() {
        let (en, zh) = (Catalogue::new(Lang::En), Catalogue::new(Lang::Zh));
        for (part, key) in KNOWN {
            let (english, chinese) = (en.say(&Message::told(part)), zh.say(&Message::told(part)));
            assert!(zh.has(key) && en.has(key) && !english.is_empty(), "{key}");
            let details = ["told-newer", "told-older", "told-many", "told-large"].contains(key);
            assert!(details || !chinese.contains(part), "{part}: {chinese}");
        }
        let busy = Message::told("process 12 is writing another change");
        assert_eq!(en.say(&busy), "process 12 is writing another change");
        assert!(zh.say(&busy).contains("进程 12"), "{}", zh.say(&busy));
        let strange = Message::told("no such collation");
        assert_eq!(en.say(&strange), "no such collation");
        assert!(zh.say(&strange).contains("（no such collation）"), "{}", zh.say(&strange));
    }
}
