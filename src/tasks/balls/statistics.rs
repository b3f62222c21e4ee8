//! What must be known of a whole file before a part of it can be judged.

use std::collections::BTreeMap;

use crate::analysis::doubles::roll::{Likely, Roll};
use crate::analysis::umbrella::Globals;
use crate::analysis::umbrella::census::Census;
use crate::model::{Access, Level};
use crate::store::{Handle, StoreError, Surveyed, View};

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
    /// The statistics of a view.
    pub fn of(view: &dyn View, access: &Access) -> Result<Self, StoreError> {
        Ok(Taken::from(view)?.at(access.level))
    }
}

/// Statistics as they are kept: for readers of every level.
struct Taken {
    globals: Globals,
    /// Both ends, how likely for those who may see numbers of cards, and for those who may not.
    doubles: Vec<(Handle, Handle, f64, f64)>,
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
        let double =
            |likely: Likely| Some((handle(likely.a)?, handle(likely.b)?, likely.known, likely.plain));
        let doubles = called.finish().into_iter().filter_map(double).collect();
        Ok(Self { globals: census.finish(), doubles })
    }

    /// The statistics for readers of a level: below `case` nobody sees numbers of cards.
    fn at(self, level: Level) -> Statistics {
        let mut doubles = Doubles::default();
        for (a, b, known, plain) in self.doubles {
            let probability = if level < Level::Case { plain } else { known };
            if probability > 0.0 {
                doubles.add(a, b, probability);
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
