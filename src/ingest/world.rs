//! What a row may refer to: the store, as far as ingest needs to know it, and the answer to a look-up.

use std::cell::RefCell;
use std::collections::HashMap;

use super::reason::{Origin, Why};
use crate::model::tie_type::End;
use crate::model::{Fence, Fenced, Id, Kind, Props};

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

    /// What is said of an entity that tells people apart, one a statement: `name`, `aliases`,
    /// `birth_date` and `id_number`, those that are there.
    fn identities(&self, id: &Id) -> Vec<Props>;

    /// What is kept from readers of the source with this id, if there is one.
    fn source(&self, id: &Id) -> Option<Fence>;

    /// Every id and title of sources of which something is kept from readers.
    fn fenced(&self) -> Vec<Fenced>;
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

    fn identities(&self, _: &Id) -> Vec<Props> {
        Vec::new()
    }

    fn source(&self, _: &Id) -> Option<Fence> {
        None
    }

    fn fenced(&self) -> Vec<Fenced> {
        Vec::new()
    }
}

/// Answers of [`Known`], kept for a while: ten million rows ask for the same few thousand again.
pub(super) struct Remembered<'k> {
    known: &'k dyn Known,
    kinds: RefCell<HashMap<Id, Option<Kind>>>,
    sources: RefCell<HashMap<Id, Option<Fence>>>,
}

/// Answers kept; when there are more, all are forgotten.
const KEPT: usize = 100_000;

impl<'k> Remembered<'k> {
    /// Asks `known`.
    pub fn new(known: &'k dyn Known) -> Self {
        Self { known, kinds: RefCell::default(), sources: RefCell::default() }
    }

    /// See [`Known::kind_of`].
    pub fn kind_of(&self, id: &str) -> Option<Kind> {
        remember(&self.kinds, id, |id| self.known.kind_of(id))
    }

    /// See [`Known::source`].
    pub fn source(&self, id: &str) -> Option<Fence> {
        remember(&self.sources, id, |id| self.known.source(id))
    }

    /// See [`Known::fenced`].
    pub fn fenced(&self) -> Vec<Fenced> {
        self.known.fenced()
    }

    /// See [`Known::named`].
    pub fn named(&self, name: &str) -> Vec<(Id, Kind)> {
        self.known.named(&super::value::tight(name))
    }

    /// See [`Known::id_numbers`].
    pub fn id_numbers(&self, id: &Id) -> Vec<String> {
        self.known.id_numbers(id)
    }

    /// See [`Known::identities`].
    pub fn identities(&self, id: &Id) -> Vec<Props> {
        if self.kind_of(id.as_str()).is_some() { self.known.identities(id) } else { Vec::new() }
    }
}

fn remember<T: Copy>(kept: &RefCell<HashMap<Id, T>>, id: &str, ask: impl FnOnce(&Id) -> T) -> T {
    if let Some(answer) = kept.borrow().get(id) {
        return *answer;
    }
    let id = Id::from(id);
    let answer = ask(&id);
    let mut kept = kept.borrow_mut();
    if kept.len() >= KEPT {
        kept.clear();
    }
    kept.insert(id, answer);
    answer
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

    /// What is kept from readers of the source, or the sources, that the text names by id or title, of the bundle or of
    /// the store; also where it names them in another spelling.
    fn fence(&self, text: &str) -> Fence;

    /// Whether any source of the bundle or the store is sealed.
    fn any_sealed(&self) -> bool;

    /// Why this id cannot be an entity of this kind.
    fn clash(&self, id: &str, kind: Kind) -> Option<Why>;

    /// What in the bundle has this id, other than a row of relations or steps, and where.
    fn taken(&self, id: &str) -> Option<(String, Origin)>;
}
