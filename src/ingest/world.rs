//! What a row may refer to: the store, as far as ingest needs to know it, and the answer to a look-up.

use super::reason::{Origin, Why};
use crate::model::tie_type::End;
use crate::model::{Id, Kind};

/// What is known before the bundle: a view of a store, or [`Nothing`].
///
/// Answers are about what is there now, sealed and protected things included: they decide whether
/// a reference holds, and nothing of them is printed but ids of people and organisations.
pub trait Known: Sync {
    /// What this id is, if an entity has it.
    fn kind_of(&self, id: &Id) -> Option<Kind>;

    /// The entities that have this as their whole name or a whole alias, in id order.
    fn named(&self, name: &str) -> Vec<(Id, Kind)>;

    /// The card numbers that are on record for an entity.
    fn id_numbers(&self, id: &Id) -> Vec<String>;

    /// Whether there is a source with this id: `Some(true)` for a protected one.
    fn source(&self, id: &Id) -> Option<bool>;
}

/// Knows nothing: an import into a new store.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Known for Nothing {
    fn kind_of(&self, _: &Id) -> Option<Kind> {
        None
    }

    fn named(&self, _: &str) -> Vec<(Id, Kind)> {
        Vec::new()
    }

    fn id_numbers(&self, _: &Id) -> Vec<String> {
        Vec::new()
    }

    fn source(&self, _: &Id) -> Option<bool> {
        None
    }
}

/// An entity that a cell names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its id.
    pub id: Id,
    /// What it is; `None` while the entities are still being gathered.
    pub kind: Option<Kind>,
    /// Whether it stands in `officials`; `None` where only the store could say.
    pub official: Option<bool>,
}

/// Where a row's references are looked up.
pub(super) trait World {
    /// The entity with this id, or with a name that only one has. Where several have the name, those
    /// of the expected kind come first.
    fn entity(&self, text: &str, expected: &'static [End]) -> Result<Found, Why>;

    /// The source with this id or title.
    fn source(&self, text: &str) -> Result<Id, Why>;

    /// Whether the text names a protected source.
    fn is_protected(&self, text: &str) -> bool;

    /// Why this id cannot be an entity of this kind.
    fn clash(&self, id: &str, kind: Kind) -> Option<Why>;

    /// What in the bundle has this id, other than a row of relations or steps, and where.
    fn taken(&self, id: &str) -> Option<(String, Origin)>;
}
