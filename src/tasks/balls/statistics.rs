//! What must be known of a whole file before a part of it can be judged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::analysis::doubles::roll::{Likely, Roll};
use crate::analysis::umbrella::Globals;
use crate::analysis::umbrella::census::Census;
use crate::model::{Access, Level};
use crate::store::{Handle, Store, StoreError, Surveyed, View};

/// Counts over a whole file, and who in it may be whom.
pub struct Statistics {
    /// The counts that scores are set against.
    pub globals: Globals,
    /// Likely doubles, those on record left out.
    pub(super) doubles: Doubles,
}

/// Likely doubles, from both ends.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Doubles(BTreeMap<Handle, Vec<(Handle, f64)>>);

impl Doubles {
    /// Whom somebody may be as well, in order, with how likely.
    pub fn of(&self, node: Handle) -> &[(Handle, f64)] {
        self.0.get(&node).map_or(&[], Vec::as_slice)
    }

    fn add(&mut self, a: Handle, b: Handle, probability: f64) {
        self.0.entry(a).or_default().push((b, probability));
        self.0.entry(b).or_default().push((a, probability));
    }
}

impl Statistics {
    /// The statistics of a view: those kept with the store, where they are of just this content; of an
    /// earlier day they are always taken.
    pub fn of(view: &dyn View, access: &Access) -> Result<Self, StoreError> {
        let kept = if access.as_of.is_none() { view.kept(NAME)? } else { None };
        let kept = kept.and_then(|text| serde_json::from_slice::<Taken>(&text).ok());
        let taken = kept.map_or_else(|| Taken::from(view), Ok)?;
        Ok(taken.at(access.level))
    }

    /// Takes the statistics of a store as it is now, and keeps them with it.
    pub fn keep(store: &dyn Store) -> Result<(), StoreError> {
        let view = store.read(&Access::default())?;
        let (digest, taken) = (view.digest(), Taken::from(view.as_ref())?);
        drop(view);
        let text = serde_json::to_vec(&taken).map_err(|why| StoreError::Io(why.to_string()))?;
        store.keep(NAME, &digest, &text)
    }
}

/// Under which name a store keeps them. Raise the last number when other things are counted, or
/// doubles are weighed otherwise: what an earlier program kept is then not read.
const NAME: &str = concat!("statistics/", env!("CARGO_PKG_VERSION"), "/1");

/// Statistics as they are kept: for readers of every level.
#[derive(Serialize, Deserialize)]
struct Taken {
    globals: Globals,
    /// The handles of both ends, how likely for those who may see numbers of cards, and for those who
    /// may not, as the bits of the numbers.
    doubles: Vec<(u32, u32, u64, u64)>,
}

impl Taken {
    /// Takes the statistics of a view. Cost: a pass over all entities and the indexes of all ties.
    fn from(view: &dyn View) -> Result<Self, StoreError> {
        let (mut census, mut roll) = (Census::default(), Roll::default());
        let mut handles: Vec<Handle> = Vec::new();
        view.each_entity(&mut |handle, entity| {
            handles.push(handle);
            census.entity(&entity);
            roll.entity(&entity);
        })?;
        let places = Places::of(&handles);
        let mut called = roll.call();
        view.survey(Census::DECIDED, &mut |surveyed| match surveyed {
            Surveyed::Brief(tie) => {
                let (from, to) = (places.of_handle(tie.from), places.of_handle(tie.to));
                census.tie(from, to, tie.ty, tie.layer, tie.start);
                called.tie(from, to, tie.ty);
            }
            Surveyed::Full(tie) => census.decided(&tie),
        })?;
        let handle = |place: usize| handles.get(place).copied();
        let double = |likely: Likely| {
            let (a, b) = (handle(likely.a)?, handle(likely.b)?);
            Some((a.0, b.0, likely.known.to_bits(), likely.plain.to_bits()))
        };
        let doubles = called.finish().into_iter().filter_map(double).collect();
        Ok(Self { globals: census.finish(), doubles })
    }

    /// The statistics for readers of a level: below `case` nobody sees numbers of cards.
    fn at(self, level: Level) -> Statistics {
        let mut doubles = Doubles::default();
        for (a, b, known, plain) in self.doubles {
            let probability = f64::from_bits(if level < Level::Case { plain } else { known });
            if probability > 0.0 {
                doubles.add(Handle(a), Handle(b), probability);
            }
        }
        Statistics { globals: self.globals, doubles }
    }
}

/// Places in id order, by handle.
struct Places(Vec<u32>);

impl Places {
    fn of(handles: &[Handle]) -> Self {
        let most = handles.iter().map(|handle| handle.0 as usize + 1).max().unwrap_or(0);
        let mut places = vec![u32::MAX; most];
        for (at, handle) in (0_u32..).zip(handles) {
            places.get_mut(handle.0 as usize).into_iter().for_each(|place| *place = at);
        }
        Self(places)
    }

    fn of_handle(&self, handle: Handle) -> usize {
        self.0.get(handle.0 as usize).map_or(usize::MAX, |&place| place as usize)
    }
}
