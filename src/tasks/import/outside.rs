//! What a store holds already, as rows of a bundle may refer to it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::ingest::Known;
use crate::model::{Fence, Fenced, Id, Kind, Props};
use crate::store::{References, Store, StoreError};

use super::super::TaskError;

/// What a store already holds, as far as rows may refer to it. A failing look-up answers "nothing"
/// and is remembered, so that the import fails and not the row.
pub(super) struct Outside<'a> {
    references: Box<dyn References + 'a>,
    failed: Mutex<Option<StoreError>>,
    /// The protected sources that rows named.
    protected: Mutex<BTreeSet<Id>>,
}

impl<'a> Outside<'a> {
    /// `None` for a store without anything in it: every look-up would be in vain.
    pub(super) fn of(store: &'a dyn Store) -> Result<Option<Self>, TaskError> {
        let references = store.references()?;
        let empty = references.is_empty()?;
        Ok((!empty).then(|| Self { references, failed: Mutex::default(), protected: Mutex::default() }))
    }

    fn answer<T: Default>(&self, result: Result<T, StoreError>) -> T {
        result.unwrap_or_else(|error| {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.get_or_insert(error);
            T::default()
        })
    }

    /// Every name of the protected sources that rows named, if no look-up failed.
    pub(super) fn finish(self) -> Result<BTreeSet<String>, StoreError> {
        if let Some(error) = self.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        let named = self.protected.into_inner().unwrap_or_else(PoisonError::into_inner);
        if named.is_empty() {
            return Ok(BTreeSet::new());
        }
        let kept = self.references.fenced()?.into_iter();
        Ok(kept.filter(|kept| named.contains(&kept.id)).map(|kept| kept.name).collect())
    }
}

impl Known for Outside<'_> {
    fn kind_of(&self, id: &Id) -> Option<Kind> {
        self.answer(self.references.kind_of(id))
    }

    fn named(&self, name: &str) -> Vec<(Id, Kind)> {
        self.answer(self.references.named(name))
    }

    fn id_numbers(&self, id: &Id) -> Vec<String> {
        self.answer(self.references.id_numbers(id))
    }

    fn identities(&self, id: &Id) -> Vec<Props> {
        self.answer(self.references.identities(id))
    }

    fn source(&self, id: &Id) -> Option<Fence> {
        let found = self.answer(self.references.source(id));
        if found.is_some_and(|fence| fence.protected) {
            self.protected.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        }
        found
    }

    fn fenced(&self) -> Vec<Fenced> {
        self.answer(self.references.fenced())
    }
}
