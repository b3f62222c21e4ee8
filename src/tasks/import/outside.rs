//! What a store holds already, as rows of a bundle may refer to it.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use crate::ingest::Known;
use crate::model::{Fence, Fenced, Id, Kind, Props};
use crate::store::{References, Store, StoreError};

use super::super::TaskError;

/// What a store already holds, as far as rows may refer to it. A failing look-up answers "nothing"
/// and is remembered, so that the import fails and not the row; after it nothing more is asked: each question to a
/// server that is gone takes its time.
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

    fn ask<T: Default>(&self, question: impl FnOnce(&dyn References) -> Result<T, StoreError>) -> T {
        let failed = || self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed().is_some() {
            return T::default();
        }
        question(self.references.as_ref()).unwrap_or_else(|error| {
            failed().get_or_insert(error);
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
        self.ask(|there| there.kind_of(id))
    }

    fn named(&self, name: &str) -> Vec<(Id, Kind)> {
        self.ask(|there| there.named(name))
    }

    fn id_numbers(&self, id: &Id) -> Vec<String> {
        self.ask(|there| there.id_numbers(id))
    }

    fn identities(&self, id: &Id) -> Vec<Props> {
        self.ask(|there| there.identities(id))
    }

    fn source(&self, id: &Id) -> Option<Fence> {
        let found = self.ask(|there| there.source(id));
        if found.is_some_and(|fence| fence.protected) {
            self.protected.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        }
        found
    }

    fn fenced(&self) -> Vec<Fenced> {
        self.ask(|there| there.fenced())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A server that is gone, and how often it was asked.
    struct Gone(AtomicUsize);

    impl Gone {
        fn asked<T>(&self) -> Result<T, StoreError> {
            self.0.fetch_add(1, Ordering::SeqCst);
            Err(StoreError::Unreachable("gone".to_owned()))
        }
    }

    impl References for &Gone {
        fn is_empty(&self) -> Result<bool, StoreError> {
            Ok(false)
        }

        fn kind_of(&self, _: &Id) -> Result<Option<Kind>, StoreError> {
            self.asked()
        }

        fn named(&self, _: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
            self.asked()
        }

        fn id_numbers(&self, _: &Id) -> Result<Vec<String>, StoreError> {
            self.asked()
        }

        fn identities(&self, _: &Id) -> Result<Vec<Props>, StoreError> {
            self.asked()
        }

        fn source(&self, _: &Id) -> Result<Option<Fence>, StoreError> {
            self.asked()
        }

        fn fenced(&self) -> Result<Vec<Fenced>, StoreError> {
            self.asked()
        }
    }

    #[test]
    fn a_server_that_is_gone_is_asked_once_and_the_import_fails() {
        let gone = Gone(AtomicUsize::new(0));
        let outside =
            Outside { references: Box::new(&gone), failed: Mutex::default(), protected: Mutex::default() };
        for n in 0..9 {
            assert_eq!(outside.kind_of(&format!("p{n}").as_str().into()), None);
            assert!(outside.named("王").is_empty() && outside.fenced().is_empty());
        }
        assert_eq!(gone.0.load(Ordering::SeqCst), 1);
        assert!(matches!(outside.finish(), Err(StoreError::Unreachable(_))));
    }
}
