//! A sentence as data: a key and its values. `messages` turns it into words.

use super::{Amount, Date};

/// What a sentence says, in no language: the key of a message of the catalogues and its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The key, `umbrella-kin-front` for instance: in both catalogues (a test).
    pub key: &'static str,
    /// The values, by the names that the catalogues use.
    pub args: Vec<(&'static str, Arg)>,
}

/// A value in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Text from the data: a name, a note. Shown as it is, made harmless by whoever prints it.
    Text(String),
    /// How many. Catalogues may choose a plural by it.
    Count(u64),
    /// A plain number, shown with two decimals at most.
    Number(f64),
    /// A share in 0 to 1, shown as a percentage.
    Share(f64),
    /// A sum of money, shown with its currency, in 万 and 亿 where the language has them.
    Money(Amount, String),
    /// A day, a month, a year.
    Date(Date),
    /// A word of a closed set by its code (`in_law`, `dropped`): looked up as `word-CODE`.
    Word(&'static str),
    /// Several sentences or parts of one, in this order: hops of a chain, people by name.
    List(Vec<Message>),
}

/// Why reading or writing failed, in words of our own where the kind of failure is a common one: what
/// the system says is in one language only.
impl From<&std::io::Error> for Message {
    fn from(error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let key = match error.kind() {
            Kind::NotFound => "io-not-found",
            Kind::PermissionDenied => "io-forbidden",
            Kind::AlreadyExists => "io-exists",
            Kind::StorageFull | Kind::QuotaExceeded => "io-full",
            Kind::ReadOnlyFilesystem => "io-read-only",
            Kind::IsADirectory => "io-folder",
            Kind::NotADirectory => "io-no-folder",
            Kind::UnexpectedEof => "io-cut",
            Kind::InvalidData => "io-broken",
            Kind::ResourceBusy | Kind::ExecutableFileBusy => "io-busy",
            Kind::FileTooLarge => "io-too-large",
            _ => return Self::new("io-other").text("reason", error.to_string()),
        };
        Self::new(key)
    }
}

impl Message {
    /// The message with why reading or writing failed.
    #[must_use]
    pub fn because(self, error: &std::io::Error) -> Self {
        self.with("reason", Arg::List(vec![Self::from(error)]))
    }

    /// A message without values.
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The message with one more value.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: Arg) -> Self {
        self.args.push((name, arg));
        self
    }

    /// The message with one more text.
    #[must_use]
    pub fn text(self, name: &'static str, text: impl Into<String>) -> Self {
        self.with(name, Arg::Text(text.into()))
    }

    /// The message with one more count.
    #[must_use]
    pub fn count(self, name: &'static str, count: usize) -> Self {
        self.with(name, Arg::Count(count as u64))
    }
}
