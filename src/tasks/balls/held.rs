//! Questions to a store's network, answered from no more of it than they ask for.
//!
//! A question is a function of a network. It is put to a part ([`Network::part_of`]), which notes what it
//! was asked for and does not hold; that is read, and the same is asked again, until nothing is missing.
//! So the answer is the whole network's by construction, and costs the neighbourhoods that it looks at.
//! A part is read of the network that is kept beside a large store (`lifted`), else of the store.

use std::collections::BTreeSet;

use super::Source;
use super::lifted::{Lifted, Unread};
use super::revised::Revised;
use crate::model::{Date, Entity, Id, Kind, Tie, TieType};
use crate::network::{Builder, Extent, Network, NodeIx, Over};
use crate::store::{StepView, TieFilter, View};
use crate::tasks::TaskError;
use crate::tasks::open::Doubles;

/// Asks a question of a store's network. `first` are nodes that it will surely look at. The question must
/// not pass over all nodes or all ties.
pub fn ask<T>(source: &Source<'_>, first: &[Id], question: impl Fn(&Network) -> T) -> Result<T, TaskError> {
    if let Some(kept) = source.kept() {
        match until_answered(Lifted::new(Over::plain(kept), source.extent()?), first, &question) {
            Ok(answer) => return Ok(answer),
            Err(Unread::Other(why)) => return Err(why),
            Err(Unread::Hurt) => source.forget_hurt(),
        }
    }
    ask_store(source, first, question)
}

/// The same, of the store alone; of the whole network where that was opened, or is as soon read.
pub(super) fn ask_store<T>(
    source: &Source<'_>,
    first: &[Id],
    question: impl Fn(&Network) -> T,
) -> Result<T, TaskError> {
    ask_up_to(source, first, question, source.most()?)
}

/// The same, where the whole is as soon read once more than so much of it would be.
pub(super) fn ask_up_to<T>(
    source: &Source<'_>,
    first: &[Id],
    question: impl Fn(&Network) -> T,
    mut most: Option<usize>,
) -> Result<T, TaskError> {
    if let Some(whole) = source.opened() {
        return Ok(question(&whole));
    }
    let mut held = Held::new(source.view(), source.access().as_of, source.extent()?);
    held.likely = source.likely()?;
    let doubles = || source.statistics()?.doubles_by_id(source.store, source.access());
    held.doubles = Some(&doubles);
    held.open(first)?;
    loop {
        match asked(&mut held, &question, most.unwrap_or(usize::MAX))? {
            Asked::Answered(answer) => return Ok(answer),
            Asked::More => {}
            Asked::TooMuch => match source.whole()? {
                Some(whole) => return Ok(question(&whole)),
                None => most = None,
            },
        }
    }
}

/// Asks until nothing is missing.
pub(super) fn until_answered<P: Part, T>(
    mut part: P,
    first: &[Id],
    question: &impl Fn(&Network) -> T,
) -> Result<T, P::Why> {
    part.open(first)?;
    loop {
        if let Asked::Answered(answer) = asked(&mut part, question, usize::MAX)? {
            return Ok(answer);
        }
    }
}

/// What came of a question to a part.
enum Asked<T> {
    Answered(T),
    /// Something was missing, and is read.
    More,
    /// So much is missing that it was not read.
    TooMuch,
}

/// Asks a part; reads what is missing, unless more than `most` would be open then.
fn asked<P: Part, T>(
    part: &mut P,
    question: &impl Fn(&Network) -> T,
    most: usize,
) -> Result<Asked<T>, P::Why> {
    let network = part.network()?;
    let answer = question(&network);
    let wanted = network.wanted();
    if part.opened().saturating_add(wanted.whole.len()) > most {
        return Ok(Asked::TooMuch);
    }
    let ids: Vec<Id> = wanted.ids.iter().map(|id| Id::from(id.as_str())).collect();
    let (more_ties, more_ids) = (part.open_nodes(&network, &wanted.whole)?, part.look_up(&ids)?);
    let more_likely = wanted.likely && part.learn_likely()?;
    Ok(if more_ties || more_ids || more_likely { Asked::More } else { Asked::Answered(answer) })
}

/// What is read of a network as it is asked for.
pub(super) trait Part {
    /// Why it could not be read.
    type Why: From<TaskError>;

    /// Reads all ties of these, and whom they lead to; whether that was anything new.
    fn open(&mut self, ids: &[Id]) -> Result<bool, Self::Why>;

    /// The same of nodes of the network that was given last.
    fn open_nodes(&mut self, network: &Network, nodes: &BTreeSet<NodeIx>) -> Result<bool, Self::Why>;

    /// Reads what these are, without their ties; whether that was anything new.
    fn look_up(&mut self, ids: &[Id]) -> Result<bool, Self::Why>;

    /// Reads who are likely one in the whole; whether that was anything new.
    fn learn_likely(&mut self) -> Result<bool, Self::Why>;

    /// What was read, as a part of the whole network.
    fn network(&mut self) -> Result<Network, Self::Why>;

    /// Whether all ties of a node of the network that was given last were read.
    fn is_whole(&self, network: &Network, node: NodeIx) -> bool;

    /// How many nodes were opened.
    fn opened(&self) -> usize;
}

/// What was read of a store so far.
pub(super) struct Held<'v> {
    view: &'v dyn View,
    as_of: Option<Date>,
    extent: Extent,
    /// Only ties of these types are read; of all, when empty.
    types: Vec<TieType>,
    /// Who may be one person, for a reader who does not see the cards.
    likely: Option<Doubles>,
    /// Tells who are likely one in the whole, and who was told.
    doubles: Option<&'v dyn Fn() -> Result<Doubles, TaskError>>,
    told: Option<Doubles>,
    /// New rows that are laid over the store: all that these touch must be opened first.
    revised: Option<&'v Revised<'v>>,
    /// Whose ties were read, and who was looked up: whether there is such a one or not.
    whole: BTreeSet<Id>,
    known: BTreeSet<Id>,
    entities: Vec<Entity>,
    ties: Vec<Tie>,
    steps: Vec<StepView>,
}

impl<'v> Held<'v> {
    pub fn new(view: &'v dyn View, as_of: Option<Date>, extent: Extent) -> Self {
        let (whole, known) = Default::default();
        let (types, likely, doubles, told, revised) = Default::default();
        let (entities, ties, steps) = Default::default();
        Self {
            view,
            as_of,
            extent,
            types,
            likely,
            doubles,
            told,
            revised,
            whole,
            known,
            entities,
            ties,
            steps,
        }
    }

    /// The same of a store as new rows would have it, with who is likely one then.
    pub fn with(self, revised: &'v Revised<'v>, doubles: &'v dyn Fn() -> Result<Doubles, TaskError>) -> Self {
        Self { revised: Some(revised), doubles: Some(doubles), ..self }
    }

    /// The same, of ties of some types alone.
    pub fn of_types(self, types: Vec<TieType>) -> Self {
        Self { types, ..self }
    }
}

impl Part for Held<'_> {
    type Why = TaskError;

    fn open(&mut self, ids: &[Id]) -> Result<bool, TaskError> {
        let new: BTreeSet<Id> = ids.iter().filter(|id| !self.whole.contains(*id)).cloned().collect();
        if new.is_empty() {
            return Ok(false);
        }
        let new: Vec<Id> = new.into_iter().collect();
        let filter = TieFilter { types: self.types.clone(), ..TieFilter::default() };
        let mut ends: BTreeSet<Id> = new.iter().cloned().collect();
        for tie in self.view.ties_of(&new, &filter)?.ties {
            if !self.whole.contains(&tie.from) && !self.whole.contains(&tie.to) {
                ends.extend([tie.from.clone(), tie.to.clone()]);
                self.ties.push(tie);
            }
        }
        self.whole.extend(new);
        self.look_up(&ends.into_iter().collect::<Vec<_>>())?;
        Ok(true)
    }

    fn open_nodes(&mut self, network: &Network, nodes: &BTreeSet<NodeIx>) -> Result<bool, TaskError> {
        self.open(&nodes.iter().map(|&node| Id::from(network.id(node))).collect::<Vec<_>>())
    }

    fn look_up(&mut self, ids: &[Id]) -> Result<bool, TaskError> {
        let new: BTreeSet<Id> = ids.iter().filter(|id| !self.known.contains(*id)).cloned().collect();
        if new.is_empty() {
            return Ok(false);
        }
        let entities = self.view.entities_of(&new.iter().cloned().collect::<Vec<_>>())?;
        let dated = entities.iter().filter(|entity| matches!(entity.kind, Kind::Case | Kind::Lead));
        let dated: Vec<Id> = dated.map(|entity| entity.id.clone()).collect();
        if !dated.is_empty() {
            self.steps.extend(self.view.steps(&dated)?);
        }
        self.entities.extend(entities);
        self.known.extend(new);
        Ok(true)
    }

    fn learn_likely(&mut self) -> Result<bool, TaskError> {
        let Some(doubles) = self.doubles.filter(|_| self.told.is_none()) else { return Ok(false) };
        self.told = Some(doubles()?);
        Ok(true)
    }

    fn network(&mut self) -> Result<Network, TaskError> {
        let mut builder = Builder::new(self.as_of);
        self.entities.iter().cloned().for_each(|entity| builder.entity(entity));
        for tie in &self.ties {
            builder.tie(tie)?;
        }
        for step in &self.steps {
            builder.step(&step.id, &step.subject, &step.step, step.date, &step.fact)?;
        }
        if let Some(likely) = &self.likely {
            builder.likely(likely);
        }
        let stored = builder.build();
        let network = match self.revised {
            Some(revised) => revised.over(&stored),
            None => stored,
        };
        let is_absent = |id: &&Id| network.node(id.as_str()).is_none();
        let absent = self.known.iter().filter(is_absent).map(Id::to_string).collect();
        let whole = network.nodes().map(|node| self.is_whole(&network, node)).collect();
        let place = |(a, b, _): &(Id, Id, f64)| Some((network.node(a.as_str())?, network.node(b.as_str())?));
        let told = self.told.as_ref().map(|told| told.iter().filter_map(place).collect());
        let part = network.part_of(self.extent, whole, absent);
        Ok(match told {
            Some(told) => part.told_likely(told),
            None => part,
        })
    }

    fn is_whole(&self, network: &Network, node: NodeIx) -> bool {
        let id = network.id(node);
        self.whole.contains(id) || self.revised.is_some_and(|revised| revised.touches(id))
    }

    fn opened(&self) -> usize {
        self.whole.len()
    }
}
