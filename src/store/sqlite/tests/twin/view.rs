//! What the twin shows: a copy of everything, cut by going through all of it.

use super::*;
use crate::store::ClaimOf;

/// A view: a copy of everything, cut as it is asked.
pub(super) struct TwinView {
    pub(super) state: State,
    pub(super) access: Access,
}

impl TwinView {
    pub(super) fn shown<T>(&self, word: &Word<T>) -> bool {
        let known = match (self.access.as_of, word.known) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(day), Some(known)) => known.known_by(day),
        };
        known && !self.sealed(&word.by)
    }

    pub(super) fn sealed(&self, by: &Option<Id>) -> bool {
        by.as_ref().is_some_and(|id| self.state.source(id).unwrap().handling == Handling::Sealed)
    }

    /// The shown words that no later shown word of the same row and voice beats.
    pub(super) fn current<'a, T>(&self, words: &'a [Word<T>], row: impl Fn(&T) -> &Id) -> Vec<&'a Word<T>> {
        let shown: Vec<(usize, &Word<T>)> =
            words.iter().enumerate().filter(|(_, word)| self.shown(word)).collect();
        let beaten = |(place, word): &(usize, &Word<T>)| {
            shown.iter().any(|(other_place, other)| {
                row(&other.says) == row(&word.says)
                    && other.by == word.by
                    && (other.known, other.change, *other_place) > (word.known, word.change, *place)
            })
        };
        shown.iter().filter(|word| !beaten(word)).map(|(_, word)| *word).collect()
    }

    pub(super) fn cut(&self, mut props: Props) -> Props {
        if self.access.level < Level::Case {
            props.remove("id_number");
            props.remove("number");
        }
        props
    }

    pub(super) fn all_entities(&self) -> Vec<Entity> {
        let entity = |(id, kind): (&Id, &Kind)| {
            let mine = self.state.facts.iter().filter(|fact| fact.says.id == *id && self.shown(fact));
            let fact = |word: &Word<Statement>| Fact {
                table: word.says.table,
                props: self.cut(word.says.props.clone()),
                voice: self.state.voice(&word.by),
                known: word.known,
                change: word.change,
            };
            let mut facts: Vec<Fact> = mine.map(fact).collect();
            facts.sort_by_key(|f| (f.known, f.change, f.table, f.props.clone(), f.voice.clone()));
            Entity { id: id.clone(), kind: *kind, facts }
        };
        self.state.entities.iter().map(entity).filter(|entity| !entity.facts.is_empty()).collect()
    }

    pub(super) fn has(&self, id: &Id) -> bool {
        self.state.facts.iter().any(|fact| fact.says.id == *id && self.shown(fact))
    }

    pub(super) fn ties_of_words<'a>(&self, words: impl IntoIterator<Item = &'a Word<Relation>>) -> Vec<Tie> {
        let mut ties: Vec<(Relation, Tie)> = Vec::new();
        for word in words {
            let said = &word.says;
            if !self.has(&said.from) || !self.has(&said.to) {
                continue;
            }
            let place = ties.iter().position(|(first, _)| first.same_tie(said)).unwrap_or_else(|| {
                ties.push((said.clone(), empty_tie(said)));
                ties.len() - 1
            });
            ties[place].1.claims.push(self.claim(word));
        }
        let mut ties: Vec<Tie> = ties.into_iter().map(|(_, tie)| tie).collect();
        ties.iter_mut().for_each(|tie| crate::store::sort_claims(&mut tie.claims));
        ties.sort_by_key(|t| {
            let row = t.claims[0].row.clone();
            (t.from.clone(), t.to.clone(), t.ty, t.other_type.clone(), t.role.clone(), t.start, row)
        });
        ties
    }

    pub(super) fn claim(&self, word: &Word<Relation>) -> Claim {
        let source = word.by.as_ref().and_then(|id| self.state.source(id));
        let reliability = source.map_or(crate::model::Reliability::F, |source| source.reliability);
        let said = &word.says;
        let mut values = said.values.clone();
        values.props = self.cut(values.props);
        Claim {
            row: said.row.clone(),
            voice: self.state.voice(&word.by),
            reliability,
            credibility: said.credibility.unwrap_or(reliability.into()),
            status: said.status,
            known: word.known,
            values,
            change: word.change,
        }
    }

    /// Handles are places in id order here.
    pub(super) fn handle(&self, id: &Id) -> Handle {
        Handle(self.state.entities.keys().position(|own| own == id).unwrap() as u32)
    }

    pub(super) fn id(&self, handle: Handle) -> &Id {
        self.state.entities.keys().nth(handle.0 as usize).unwrap()
    }

    pub(super) fn all_ties(&self) -> Vec<Tie> {
        self.ties_of_words(self.current(&self.state.claims, |said| &said.row))
    }

    pub(super) fn layer(&self, tie: &Tie) -> Layer {
        tie.ty.layer(self.state.entities[&tie.to])
    }

    pub(super) fn digest(&self) -> String {
        let mut canon = Canon::default();
        let mut sum = Sum::default();
        let state = &self.state;
        state.sources.iter().for_each(|source| sum.add(canon.source(source)));
        let teller = |by: &Option<Id>| match by {
            None => Teller::Nobody,
            Some(id) if state.source(id).unwrap().protected => Teller::Protected(""),
            Some(id) => Teller::Open(state.source(id).unwrap().id.as_str()),
        };
        for word in &state.facts {
            let Statement { id, kind, table, props, .. } = &word.says;
            let text = FactText { id: id.as_str(), kind: *kind, table: *table, props, known: word.known };
            sum.add(canon.fact(&text, teller(&word.by)));
        }
        for word in &state.claims {
            sum.add(claim_summands(&mut canon, word, teller(&word.by)));
        }
        for word in &state.steps {
            let Step { id, subject, step, date, props, .. } = &word.says;
            let (id, subject, known) = (id.as_str(), subject.as_str(), word.known);
            let text = StepText { id, subject, step, date: *date, props, known };
            sum.add(canon.step(&text, teller(&word.by)));
        }
        format!("{:032x}", sum.open)
    }
}

fn claim_summands(canon: &mut Canon, word: &Word<Relation>, teller: Teller<'_>) -> Summands {
    let said = &word.says;
    let head = Head {
        ty: said.ty,
        other: said.other_type.as_deref(),
        from: said.from.as_str(),
        to: said.to.as_str(),
        role: said.role.as_deref(),
        start: said.start,
    };
    let values = Said {
        row: said.row.as_str(),
        status: said.status,
        credibility: said.credibility,
        values: &said.values,
        known: word.known,
    };
    canon.claim(&head, &values, teller)
}

fn empty_tie(said: &Relation) -> Tie {
    let Relation { ty, other_type, from, to, role, start, .. } = said.clone();
    Tie { ty, other_type, from, to, role, start, claims: vec![] }
}

impl View for TwinView {
    fn entities(&self, each: &mut dyn FnMut(Entity)) -> Result<(), StoreError> {
        self.all_entities().into_iter().for_each(each);
        Ok(())
    }

    fn tie_parts(&self) -> Result<Vec<TiePart>, StoreError> {
        let all = self.all_ties().len() as u64;
        Ok([0..all / 2, all / 2..all].map(|part| TiePart(TieClaims::Alone(part, Arc::default()))).into())
    }

    fn ties_of_part(&self, part: &TiePart, each: &mut dyn FnMut(Tie)) -> Result<Passed, StoreError> {
        let TieClaims::Alone(range, _) = &part.0 else { return Ok(Passed::default()) };
        let ties = self.all_ties().into_iter().zip(0_u64..);
        ties.filter(|(_, at)| range.contains(at)).for_each(|(tie, _)| each(tie));
        Ok(Passed::default())
    }

    fn check_passed(&self, _: Passed) -> Result<(), StoreError> {
        Ok(())
    }

    fn each_entity(&self, each: &mut dyn FnMut(Handle, Entity)) -> Result<(), StoreError> {
        self.all_entities().into_iter().for_each(|entity| each(self.handle(&entity.id), entity));
        Ok(())
    }

    fn survey(
        &self,
        part: Range<Handle>,
        full: &[TieType],
        each: &mut dyn FnMut(Surveyed),
    ) -> Result<(), StoreError> {
        for tie in self.all_ties() {
            let (from, to) = (self.handle(&tie.from), self.handle(&tie.to));
            if !part.contains(&from) {
                continue;
            }
            each(Surveyed::Brief(Brief { from, to, ty: tie.ty, layer: self.layer(&tie), start: tie.start }));
            if full.contains(&tie.ty) {
                each(Surveyed::Full(tie));
            }
        }
        Ok(())
    }

    fn handles(&self, ids: &[Id]) -> Result<Vec<(Id, Handle)>, StoreError> {
        let found = self.entities_of(ids)?.into_iter();
        Ok(found.map(|entity| (entity.id.clone(), self.handle(&entity.id))).collect())
    }

    fn kinds(&self, handles: &[Handle]) -> Result<Vec<Kind>, StoreError> {
        Ok(handles.iter().map(|handle| self.state.entities[self.id(*handle)]).collect())
    }

    fn officials(&self, handles: &[Handle]) -> Result<Vec<bool>, StoreError> {
        let all = self.all_entities();
        let is = |id: &Id| all.iter().any(|one| one.id == *id && one.stands_in(Table::Officials));
        Ok(handles.iter().map(|handle| is(self.id(*handle))).collect())
    }

    fn links(
        &self,
        handles: &[Handle],
        types: &[TieType],
        each: &mut dyn FnMut(Link),
    ) -> Result<(), StoreError> {
        let wanted = |tie: &Tie| types.is_empty() || types.contains(&tie.ty);
        let all = self.all_ties();
        for (at, tie) in (0..).zip(&all).filter(|(_, tie)| tie.from != tie.to && wanted(tie)) {
            let claim = ClaimOf { tie: at, claim: at };
            let (from, to) = (self.handle(&tie.from), self.handle(&tie.to));
            for (near, far, outward) in [(from, to, true), (to, from, false)] {
                if handles.contains(&near) {
                    let start = tie.start.filter(|_| outward);
                    let (ty, layer) = (tie.ty, self.layer(tie));
                    each(Link { near, far, ty, layer, outward, start, claim, again: false });
                }
            }
        }
        Ok(())
    }

    fn ties_of_claims(
        &self,
        claims: &[(ClaimOf, Handle)],
        _: &BTreeMap<Handle, Id>,
    ) -> Result<Vec<Tie>, StoreError> {
        let is_asked = |at: u64| claims.iter().any(|(claim, _)| claim.tie == at);
        let all = (0..).zip(self.all_ties()).filter(|(at, _)| is_asked(*at));
        Ok(all.map(|(_, tie)| tie).collect())
    }

    fn entities_at(&self, handles: &[Handle]) -> Result<Vec<(Handle, Entity)>, StoreError> {
        let all = self.all_entities().into_iter().map(|entity| (self.handle(&entity.id), entity));
        Ok(all.filter(|(handle, _)| handles.contains(handle)).collect())
    }

    fn cases_of(&self, gang: &Id) -> Result<Vec<Id>, StoreError> {
        let all = self.all_entities().into_iter();
        let is = |one: &Entity| one.kind == Kind::Case && one.prop("gang") == Some(gang.as_str());
        Ok(all.filter(is).map(|one| one.id).collect())
    }

    fn kept(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.state.kept.get(name).filter(|(digest, _)| *digest == TwinView::digest(self));
        Ok(found.map(|(_, value)| value.clone()))
    }

    fn digest(&self) -> String {
        TwinView::digest(self)
    }

    fn steps(&self, subjects: &[Id]) -> Result<Vec<StepView>, StoreError> {
        let current = self.current(&self.state.steps, |said| &said.id).into_iter();
        let asked = |word: &&Word<Step>| subjects.is_empty() || subjects.contains(&word.says.subject);
        let view = |word: &Word<Step>| StepView {
            id: word.says.id.clone(),
            subject: word.says.subject.clone(),
            step: word.says.step.clone(),
            date: word.says.date,
            fact: Fact {
                table: Table::Steps,
                props: self.cut(word.says.props.clone()),
                voice: self.state.voice(&word.by),
                known: word.known,
                change: word.change,
            },
        };
        let mut steps: Vec<StepView> =
            current.filter(asked).filter(|word| self.has(&word.says.subject)).map(view).collect();
        steps.sort_by_key(|s| {
            (s.subject.clone(), s.date, s.id.clone(), s.fact.known, s.fact.change, s.fact.voice.clone())
        });
        Ok(steps)
    }

    fn sources(&self) -> Result<Vec<SourceCard>, StoreError> {
        let order = self.state.source_order();
        let now = order.iter().map(|id| self.state.source(id).unwrap());
        let known = |source: &&Source| match (self.access.as_of, source.date) {
            (Some(day), Some(date)) => date.known_by(day),
            _ => true,
        };
        let open = now.filter(|source| source.handling != Handling::Sealed).filter(known);
        let card = |source: &Source| SourceCard {
            voice: self.state.voice(&Some(source.id.clone())),
            channel: source.channel,
            title: source.title.clone().filter(|_| !source.protected),
            date: source.date,
            reliability: source.reliability,
            unit: source.unit.clone(),
            handling: source.handling,
            locator: source.locator.clone().filter(|_| !source.protected),
        };
        let mut cards: Vec<SourceCard> = open.map(card).collect();
        cards.sort_by_key(|card| card.voice.clone());
        Ok(cards)
    }

    fn entities_of(&self, ids: &[Id]) -> Result<Vec<Entity>, StoreError> {
        Ok(self.all_entities().into_iter().filter(|entity| ids.contains(&entity.id)).collect())
    }

    fn ties_of(&self, nodes: &[Id], filter: &TieFilter) -> Result<Frontier, StoreError> {
        let taken = |tie: &Tie| {
            (filter.layers.is_empty() || filter.layers.contains(&self.layer(tie)))
                && (filter.types.is_empty() || filter.types.contains(&tie.ty))
        };
        let ties: Vec<Tie> = self.all_ties().into_iter().filter(taken).collect();
        let at = |node: &Id, tie: &Tie| tie.from == *node || tie.to == *node;
        let size = |node: &Id| ties.iter().filter(|tie| at(node, tie)).count();
        let over = |node: &Id| filter.cap.is_some_and(|cap| size(node) > cap as usize);
        let mut capped: Vec<Id> = nodes.iter().filter(|node| over(node)).cloned().collect();
        capped.sort();
        capped.dedup();
        let open: Vec<&Id> = nodes.iter().filter(|node| !over(node)).collect();
        let kept = ties.iter().filter(|tie| open.iter().any(|node| at(node, tie)));
        Ok(Frontier { ties: kept.cloned().collect(), capped })
    }

    fn profiles(&self, ids: &[Id]) -> Result<Vec<Profile>, StoreError> {
        let ties = self.all_ties();
        let profile = |entity: Entity| {
            let mine = |tie: &&Tie| tie.from == entity.id || tie.to == entity.id;
            let count = |layer: &Layer| ties.iter().filter(mine).filter(|t| self.layer(t) == *layer).count();
            let ties = Layer::ALL.iter().map(|layer| count(layer) as u32).collect();
            Profile { id: entity.id.clone(), ties }
        };
        Ok(self.entities_of(ids)?.into_iter().map(profile).collect())
    }

    fn row(&self, id: &Id) -> Result<Option<RowHistory>, StoreError> {
        let words = self.state.claims.iter().filter(|word| word.says.row == *id && self.shown(word));
        let ties = self.ties_of_words(words);
        Ok((!ties.is_empty()).then_some(RowHistory { ties }))
    }

    fn named(&self, name: &str) -> Result<Vec<(Id, Kind)>, StoreError> {
        let has = |entity: &Entity| {
            let mut all = entity.facts.iter().flat_map(|fact| names::names_of(entity.kind, &fact.props));
            all.any(|own| names::folded(own) == names::folded(name))
        };
        Ok(self.all_entities().into_iter().filter(has).map(|entity| (entity.id, entity.kind)).collect())
    }

    fn find(&self, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        Ok(search::hits(text, &self.all_entities(), limit))
    }

    fn names(&self) -> Result<Names, StoreError> {
        Ok(Names::default())
    }

    fn find_among(&self, _: &Names, text: &str, limit: usize) -> Result<Vec<Hit>, StoreError> {
        self.find(text, limit)
    }

    fn info(&self) -> Result<Info, StoreError> {
        let mut info = Info {
            layout: layout::LAYOUT,
            changes: self.state.changes,
            digest: self.digest(),
            entities: BTreeMap::new(),
            ties: BTreeMap::new(),
            claims: 0,
            sources: self.sources()?.len() as u64,
            steps: self.steps(&[])?.len() as u64,
            undated: 0,
            known: None,
            officials: 0,
            newest: None,
        };
        let steps: Vec<Date> = self.steps(&[])?.iter().filter_map(|step| step.fact.known).collect();
        info.newest = steps.iter().copied().max_by_key(|day| (day.last(), *day));
        for entity in self.all_entities() {
            *info.entities.entry(entity.kind.code().to_owned()).or_default() += 1;
        }
        let mut officials: BTreeSet<Id> = BTreeSet::new();
        for tie in self.all_ties() {
            *info.ties.entry(tie.ty.code().to_owned()).or_default() += 1;
            let known = tie.claims.iter().filter_map(|claim| claim.known).chain(info.newest);
            info.newest = known.max_by_key(|day| (day.last(), *day));
            officials.extend((tie.ty.makes_official() && tie.from != tie.to).then_some(tie.from));
        }
        let people = self.all_entities().into_iter().filter(|entity| entity.kind == Kind::Person);
        let is_official =
            |entity: &Entity| entity.stands_in(Table::Officials) || officials.contains(&entity.id);
        info.officials = people.filter(is_official).count() as u64;
        let facts = self.state.facts.iter().filter(|fact| self.shown(fact)).map(|fact| fact.known);
        let both = |word: &&Word<Relation>| self.has(&word.says.from) && self.has(&word.says.to);
        let claims = self.state.claims.iter().filter(|word| self.shown(word)).filter(both);
        info.claims = claims.clone().count() as u64;
        let days: Vec<Option<Date>> = facts.chain(claims.map(|word| word.known)).collect();
        // What has no day is counted in as-of views, too.
        let bare =
            self.state.facts.iter().filter(|fact| fact.known.is_none() && !self.sealed(&fact.by)).count();
        let claims = self.state.claims.iter().filter(both);
        let bare_claims = claims.filter(|word| word.known.is_none() && !self.sealed(&word.by)).count();
        info.undated = (bare + bare_claims) as u64;
        let dated = || days.iter().flatten().chain(&steps).copied();
        info.known = dated().min().zip(dated().max());
        Ok(info)
    }

    fn withheld(&self) -> Result<u64, StoreError> {
        if self.access.level == Level::Handler {
            return Ok(0);
        }
        let hidden = |voice: &Voice| matches!(voice, Voice::Protected(_));
        let facts =
            self.all_entities().into_iter().flat_map(|e| e.facts).filter(|f| hidden(&f.voice)).count();
        let claims = self.all_ties().into_iter().flat_map(|t| t.claims).filter(|c| hidden(&c.voice)).count();
        let steps = self.steps(&[])?.into_iter().filter(|s| hidden(&s.fact.voice)).count();
        Ok((facts + claims + steps) as u64)
    }
}
