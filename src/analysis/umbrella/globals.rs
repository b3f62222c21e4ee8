//! What a score must know of the whole file: counts and sums, exact, mergeable, order-free.
//!
//! Everything here is an integer, so that parts add up to the whole to the last bit; rates are
//! divided out where they are used. A function of (network, as-of), made in one pass.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::paces::Paces;
use super::places::{Homes, MOST_PLACES, Place, Sort, home};
use crate::model::{Date, Decision, Kind, Layer, TieType};
use crate::network::{Network, NodeIx, TieRef};

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many were so.
    pub yes: u64,
    /// Of how many.
    pub all: u64,
}

impl Tally {
    fn add(&mut self, yes: bool) {
        self.yes += u64::from(yes);
        self.all += 1;
    }

    /// The rate, mixed with `weight` cases at `base`.
    pub fn rate(self, base: f64, weight: f64) -> f64 {
        (self.yes as f64 + base * weight) / (self.all as f64 + weight)
    }

    /// Adds the counts of another part.
    pub(super) fn merge(&mut self, other: Self) {
        self.yes += other.yes;
        self.all += other.all;
    }

    /// Takes away the counts of a part that was merged.
    pub(super) fn part_with(&mut self, other: Self) {
        self.yes = self.yes.saturating_sub(other.yes);
        self.all = self.all.saturating_sub(other.all);
    }

    /// The share that is so; `None` where there is none at all.
    pub fn share(self) -> Option<f64> {
        (self.all > 0).then(|| self.yes as f64 / self.all as f64)
    }
}

/// Counts over a whole file. See the module's documentation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Globals {
    /// Nodes a kind, by code.
    pub nodes: BTreeMap<String, u64>,
    /// Ties a type, by code, those to oneself left out.
    pub ties: BTreeMap<String, u64>,
    /// Tie ends a layer, by code: the margins of the layers.
    pub ends: BTreeMap<String, u64>,
    /// Ties a type and year of start, by `code/year`.
    pub years: BTreeMap<String, u64>,
    /// Officials.
    pub officials: u64,
    /// Officials a jurisdiction; `""` where none is known.
    pub jurisdictions: BTreeMap<String, u64>,
    /// Decisions in favour, by `type/role/sector`; sums over sector and role under `type/role/` and `type//`.
    pub favours: BTreeMap<String, Tally>,
    /// Cases a jurisdiction; `""` where none is known.
    pub cases: BTreeMap<String, u64>,
    /// Permits by the days they took, `0` to `MOST_DAYS`.
    pub paces: BTreeMap<u32, u64>,
    /// Cases with somebody who handled them.
    pub handled: Tally,
    /// Raids that came up empty.
    pub empty: Tally,
    /// Raids that somebody was briefed of.
    pub briefed: Tally,
    /// Accounts whose holder is known.
    pub held: Tally,
    /// Companies with an owner or a director on file.
    pub owned: Tally,
    /// Leads that name somebody.
    pub named: Tally,
    /// Officials with kin on file.
    pub kin: Tally,
    /// What is on file of each place, by its name: see `places`.
    pub places: BTreeMap<String, Place>,
    /// Who and what belongs to some place, by `sort`, and the ends of their ties, by `type/sort`.
    pub placed: BTreeMap<String, u64>,
}

/// Whether a decision went the way of the one it concerned; `None` where nothing was decided.
pub fn favour(decision: Decision) -> Option<bool> {
    use Decision as D;
    match decision {
        D::Downgraded
        | D::Dropped
        | D::NotProsecuted
        | D::Bail
        | D::SuspendedSentence
        | D::Commuted
        | D::Paroled
        | D::AssetsReturned
        | D::Passed
        | D::Waived
        | D::Granted
        | D::Unfounded
        | D::NoUmbrella => Some(true),
        D::Charged | D::Fined | D::Warned | D::Closed | D::Refused | D::Verified => Some(false),
        D::None => None,
    }
}

/// The jurisdiction of an official or a gang: its own, else its agency's, else the agency's
/// parent's; `None` is the whole store.
pub fn jurisdiction(network: &Network, node: NodeIx) -> Option<&str> {
    let unit = |key: &str, of: NodeIx| network.prop(of, key).and_then(|id| network.node(id));
    let own = network.prop(node, "jurisdiction");
    let agency = unit("agency", node);
    let of_agency = || agency.and_then(|agency| network.prop(agency, "jurisdiction"));
    let of_parent = || {
        agency
            .and_then(|agency| unit("parent", agency))
            .and_then(|parent| network.prop(parent, "jurisdiction"))
    };
    own.or_else(of_agency).or_else(of_parent)
}

/// The sector of an official's agency, or nothing.
pub fn sector(network: &Network, official: NodeIx) -> &str {
    network
        .prop(official, "agency")
        .and_then(|id| network.node(id))
        .and_then(|agency| network.prop(agency, "sector"))
        .unwrap_or("")
}

/// Days past which a permit is simply slow.
const MOST_DAYS: u32 = 400;

/// How many days a permit took, where both days are known.
pub fn pace(tie: TieRef<'_>) -> Option<u32> {
    days_between(tie.start(), tie.end()).filter(|_| tie.ty() == TieType::Licensed)
}

fn days_between(start: Option<Date>, end: Option<Date>) -> Option<u32> {
    let (start, end) = start.zip(end).filter(|(start, end)| start.day() > 0 && end.day() > 0)?;
    u32::try_from(end.first().0 - start.first().0).ok().map(|days| days.min(MOST_DAYS))
}

/// The key of a kind of decision in [`Globals::favours`].
pub fn kind_of_decision(tie: TieRef<'_>, sector: &str) -> String {
    key(tie.ty(), tie.role(), sector)
}

fn key(ty: TieType, role: Option<&str>, sector: &str) -> String {
    format!("{}/{}/{sector}", ty.code(), role.unwrap_or(""))
}

/// The types of tie whose decisions and paces are counted.
pub(super) const DECIDED: &[TieType] =
    &[TieType::Handled, TieType::Inspected, TieType::Licensed, TieType::Reviewed];

/// What is counted of one tie of [`DECIDED`].
#[derive(Clone, Copy)]
pub(super) struct Decided<'a> {
    pub ty: TieType,
    pub role: Option<&'a str>,
    pub decision: Option<Decision>,
    /// When it began and ended.
    pub span: (Option<Date>, Option<Date>),
    /// The sector of whoever decided.
    pub sector: &'a str,
}

/// The counts of a network. Cost: one pass over nodes and ties.
pub fn globals(network: &Network) -> Globals {
    let mut globals = Globals::default();
    let mut marks = vec![0_u8; network.node_count()];
    let mut years: BTreeMap<(TieType, u16), u64> = BTreeMap::new();
    let (mut types, mut ends) = (BTreeMap::new(), BTreeMap::new());
    let homes = Homes::of(network.nodes().map(|node| (home(network, node), sort(network, node))));
    let mut of_places = homes.ends();
    for tie in network.ties().map(|tie| network.tie(tie)).filter(|tie| tie.from() != tie.to()) {
        *types.entry(tie.ty()).or_default() += 1;
        *ends.entry(tie.layer()).or_default() += 2;
        if let Some(start) = tie.start() {
            *years.entry((tie.ty(), start.year())).or_default() += 1;
        }
        of_places.tie(&homes, [tie.from().at(), tie.to().at()], tie.ty(), tie.start());
        globals.tie(network, tie);
        mark(&mut marks, tie);
    }
    of_places.finish(&homes, &mut globals);
    globals.ties = types.into_iter().map(|(ty, count)| (ty.code().to_owned(), count)).collect();
    globals.ends =
        ends.into_iter().map(|(layer, count): (Layer, u64)| (layer.code().to_owned(), count)).collect();
    globals.years =
        years.into_iter().map(|((ty, year), count)| (format!("{}/{year}", ty.code()), count)).collect();
    for node in network.nodes() {
        let (kind, official) = (network.kind(node), network.is_official(node));
        let place = if official { jurisdiction(network, node) } else { network.prop(node, "jurisdiction") };
        let (marks, outcome) = (marks[node.at()], network.prop(node, "outcome"));
        let home = homes.place(node.at()).map(|name| (name, sort(network, node)));
        globals.node(Counted { kind, official, marks, place, home, outcome });
    }
    globals
}

fn sort(network: &Network, node: NodeIx) -> Sort {
    let names = |key| network.prop(node, key).is_some();
    Sort::of(network.kind(node), names("agency"), names("gang"))
}

/// What is counted of one node.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub kind: Kind,
    pub official: bool,
    /// What its ties say of it.
    pub marks: u8,
    /// A case's jurisdiction, or that of an official by his agency.
    pub place: Option<&'a str>,
    /// Where it belongs, by `places`, and as what.
    pub home: Option<(&'a str, Sort)>,
    /// How an event came out.
    pub outcome: Option<&'a str>,
}

const HANDLED: u8 = 1;
const BRIEFED: u8 = 2;
const HELD: u8 = 4;
const OWNED: u8 = 8;
const NAMES: u8 = 16;
const KIN: u8 = 32;
const TARGETS: u8 = 64;

/// What the node statistics need to know of a tie.
fn mark(marks: &mut [u8], tie: TieRef<'_>) {
    let (from, to) = marks_of(tie.ty());
    marks[tie.from().at()] |= from;
    marks[tie.to().at()] |= to;
}

/// What a tie of this type says of its ends.
pub(super) const fn marks_of(ty: TieType) -> (u8, u8) {
    match ty {
        TieType::Handled => (0, HANDLED),
        TieType::Briefed => (0, BRIEFED),
        TieType::Holder => (0, HELD),
        TieType::Ownership | TieType::Directorship => (0, OWNED),
        TieType::About => (NAMES, 0),
        TieType::Targets => (TARGETS, 0),
        TieType::Family => (KIN, KIN),
        _ => (0, 0),
    }
}

/// Counts by name.
type Counts = BTreeMap<String, u64>;

impl Globals {
    /// Counts one tie: its pace and its decision.
    pub(super) fn tie(&mut self, network: &Network, tie: TieRef<'_>) {
        if DECIDED.contains(&tie.ty()) {
            self.tie_of(tie, sector(network, tie.from()));
        }
    }

    /// Counts one tie of somebody of a sector.
    pub(super) fn tie_of(&mut self, tie: TieRef<'_>, sector: &str) {
        if DECIDED.contains(&tie.ty()) {
            self.decided(Decided {
                ty: tie.ty(),
                role: tie.role(),
                decision: tie.decision(),
                span: (tie.start(), tie.end()),
                sector,
            });
        }
    }

    /// Counts a decision and how long it took.
    pub(super) fn decided(&mut self, one: Decided<'_>) {
        let Decided { ty, role, decision, span: (start, end), sector } = one;
        if let Some(days) = days_between(start, end).filter(|_| ty == TieType::Licensed) {
            *self.paces.entry(days).or_default() += 1;
        }
        if ty == TieType::Inspected
            && let Some(favour) = decision.filter(|d| favour(*d) == Some(true))
        {
            self.favours.entry("waived//".to_owned()).or_default().add(favour == Decision::Waived);
        }
        if let Some(favour) = decision.and_then(favour) {
            let mut keys = vec![key(ty, role, sector), key(ty, role, ""), key(ty, None, "")];
            keys.sort();
            keys.dedup();
            for key in keys {
                self.favours.entry(key).or_default().add(favour);
            }
        }
    }

    /// Counts one node.
    pub(super) fn node(&mut self, node: Counted<'_>) {
        let Counted { kind, official, marks, place, home, outcome } = node;
        bump(&mut self.nodes, kind.code(), 1);
        if let Some((name, sort)) = home {
            let of_place = self.places.entry(name.to_owned()).or_default();
            bump(&mut of_place.nodes, sort.code(), 1);
            bump(&mut self.placed, sort.code(), 1);
            if official {
                of_place.kin.add(marks & KIN != 0);
            }
            match kind {
                Kind::Case => of_place.handled.add(marks & HANDLED != 0),
                Kind::Company => of_place.owned.add(marks & OWNED != 0),
                _ => {}
            }
        }
        if official {
            self.officials += 1;
            bump(&mut self.jurisdictions, place.unwrap_or(""), 1);
            self.kin.add(marks & KIN != 0);
        }
        match kind {
            Kind::Case => {
                bump(&mut self.cases, place.unwrap_or(""), 1);
                self.handled.add(marks & HANDLED != 0);
            }
            Kind::Account => self.held.add(marks & HELD != 0),
            Kind::Company => self.owned.add(marks & OWNED != 0),
            Kind::Lead => self.named.add(marks & NAMES != 0),
            Kind::Event if marks & TARGETS != 0 => {
                self.briefed.add(marks & BRIEFED != 0);
                if let Some(outcome) = outcome {
                    self.empty.add(outcome == "empty");
                }
            }
            _ => {}
        }
    }

    /// Adds the counts of another part of the same file. Associative and commutative.
    pub fn merge(&mut self, other: &Self) {
        self.officials += other.officials;
        for (own, others) in self.counts_with(other) {
            others.iter().for_each(|(key, count)| bump(own, key, *count));
        }
        for (days, count) in &other.paces {
            *self.paces.entry(*days).or_default() += count;
        }
        for (name, place) in &other.places {
            self.places.entry(name.clone()).or_default().merge(place);
        }
        for (key, tally) in &other.favours {
            self.favours.entry(key.clone()).or_default().merge(*tally);
        }
        for (own, others) in self.tallies_with(other) {
            own.merge(others);
        }
    }

    /// Every plain count by name, with the other's.
    fn counts_with<'o>(&mut self, other: &'o Self) -> [(&mut Counts, &'o Counts); 7] {
        [
            (&mut self.nodes, &other.nodes),
            (&mut self.ties, &other.ties),
            (&mut self.ends, &other.ends),
            (&mut self.years, &other.years),
            (&mut self.jurisdictions, &other.jurisdictions),
            (&mut self.cases, &other.cases),
            (&mut self.placed, &other.placed),
        ]
    }

    /// Every tally of the file, with the other's.
    fn tallies_with(&mut self, other: &Self) -> [(&mut Tally, Tally); 7] {
        [
            (&mut self.handled, other.handled),
            (&mut self.empty, other.empty),
            (&mut self.briefed, other.briefed),
            (&mut self.held, other.held),
            (&mut self.owned, other.owned),
            (&mut self.named, other.named),
            (&mut self.kin, other.kin),
        ]
    }

    /// These counts after a change: `before` and `after` are everybody and everything that it touches, with all their
    /// ties, whom these lead to, and the agencies and gangs of all of them, whose places the change leaves as they
    /// are. Nothing where there are more places than are told apart, so that it matters which are the largest. Cost:
    /// of the two.
    pub fn changed(&self, before: &Network, after: &Network) -> Option<Self> {
        let mut all = self.clone();
        all.merge(&globals(after));
        if self.places.len() >= MOST_PLACES || all.places.len() >= MOST_PLACES {
            return None;
        }
        all.part_with(&globals(before));
        Some(all)
    }

    /// Takes away the counts of a part that was merged.
    fn part_with(&mut self, other: &Self) {
        self.officials = self.officials.saturating_sub(other.officials);
        for (own, others) in self.counts_with(other) {
            less(own, others);
        }
        less(&mut self.paces, &other.paces);
        for (name, place) in &other.places {
            if let Some(own) = self.places.get_mut(name) {
                own.part_with(place);
            }
        }
        self.places.retain(|_, place| *place != Place::default());
        for (key, tally) in &other.favours {
            self.favours.get_mut(key).into_iter().for_each(|own| own.part_with(*tally));
        }
        self.favours.retain(|_, tally| tally.all > 0);
        for (own, others) in self.tallies_with(other) {
            own.part_with(others);
        }
    }

    /// How many ties of a type there are.
    pub fn ties_of(&self, ty: TieType) -> f64 {
        self.ties.get(ty.code()).copied().unwrap_or(0) as f64
    }

    /// How many nodes of a kind there are, at least one.
    pub fn nodes_of(&self, kind: Kind) -> f64 {
        self.nodes.get(kind.code()).copied().unwrap_or(0).max(1) as f64
    }

    /// How many tie ends a layer has, at least one.
    pub fn ends_of(&self, layer: Layer) -> f64 {
        self.ends.get(layer.code()).copied().unwrap_or(0).max(1) as f64
    }

    /// How many officials a gang's jurisdiction has; the whole store's where it has none, at least one.
    pub fn officials_for(&self, jurisdiction: Option<&str>) -> u64 {
        let known = jurisdiction.and_then(|of| self.jurisdictions.get(of)).copied();
        known.filter(|&count| count > 0).unwrap_or(self.officials).max(1)
    }

    /// The decisions of a kind, those counted in `his` left out.
    pub fn others(&self, key: &str, his: &Self) -> Tally {
        let of = |globals: &Self| globals.favours.get(key).copied().unwrap_or_default();
        let (all, own) = (of(self), of(his));
        Tally { yes: all.yes.saturating_sub(own.yes), all: all.all.saturating_sub(own.all) }
    }

    /// The rate of favour of peers: a role's in a sector, mixed with the role's anywhere, mixed
    /// with the type's, mixed with a base. Nobody is his own peer: `his` is left out of each, so
    /// that one who alone has a role is set against all decisions of that type.
    pub fn peers(&self, tie: TieRef<'_>, sector: &str, base: f64, shrink: f64, his: &Self) -> f64 {
        let tally = |key: &str| self.others(key, his);
        let of_type = tally(&format!("{}//", tie.ty().code())).rate(base, shrink);
        let of_role = tally(&kind_of_decision(tie, "")).rate(of_type, shrink);
        if sector.is_empty() { of_role } else { tally(&kind_of_decision(tie, sector)).rate(of_role, shrink) }
    }

    /// How long permits took.
    pub(super) fn paces(&self) -> Paces {
        Paces::of(&self.paces)
    }

    /// The last year that ties of a type start in.
    pub fn last_year(&self, ty: TieType) -> Option<u16> {
        self.years_of(ty).next_back().map(|(year, _)| year)
    }

    /// Ties of a type by year of start, in order.
    pub(super) fn years_of(&self, ty: TieType) -> impl DoubleEndedIterator<Item = (u16, u64)> + use<> {
        let prefix = format!("{}/", ty.code());
        let from = self.years.range(prefix.clone()..);
        let own = from.take_while(|(key, _)| key.starts_with(&prefix));
        let year = |(key, &count): (&String, &u64)| {
            let year = key.rsplit('/').next().and_then(|year| year.parse().ok())?;
            Some((year, count))
        };
        own.filter_map(year).collect::<Vec<_>>().into_iter()
    }
}

/// Takes counts away; what then is none is not told.
pub(super) fn less<K: Ord>(counts: &mut BTreeMap<K, u64>, others: &BTreeMap<K, u64>) {
    for (key, count) in others {
        counts.get_mut(key).into_iter().for_each(|own| *own = own.saturating_sub(*count));
    }
    counts.retain(|_, count| *count > 0);
}

fn bump(counts: &mut BTreeMap<String, u64>, key: &str, by: u64) {
    match counts.get_mut(key) {
        Some(count) => *count += by,
        None => {
            counts.insert(key.to_owned(), by);
        }
    }
}
