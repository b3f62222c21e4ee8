//! Who reads, at which level, and as of which day.

use super::Date;
use super::words::words;

words! {
    /// How much a reader is shown. Nobody is shown sealed claims.
    Level {
        /// Anybody.
        Public = "public",
        /// People who decide: no id numbers, no numbers of accounts, phones and plates.
        Briefing = "briefing",
        /// Those who work the case. What commands work at.
        Case = "case",
        /// The only one who may see who a protected source is.
        Handler = "handler",
    }
}

/// What a reader of a store asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// Who reads.
    pub who: String,
    /// What he may see.
    pub level: Level,
    /// The file as it was known on that day (its last day, where partial); `None` is today's view.
    pub as_of: Option<Date>,
}

impl Default for Access {
    fn default() -> Self {
        Self { who: "local".to_owned(), level: Level::Case, as_of: None }
    }
}
