//! `contact`: the official's own calls, messages and meetings with the gang's people, told one by
//! one, weighed by how often and how long ago.
//!
//! Against it: `popular` (so many contacts bring a few from any gang), `duty_contact` (his work
//! explains them), `familiar` (kin, neighbours, people of one school or village know one another
//! anyway). Each is what the contacts say with that reading and without: what is left is their sum.
//! A contact that counts before a raid (`raids`) does not count here again.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::broker;
use super::circle::Circle;
use super::circles::Circles;
use super::contacts::contacts;
use super::duties::{Duty, duties};
use super::found::{
    ByOfficial, Findings, Found, Scope, Trail, counted, holdings, is_refuted, join, mixed, way_ties,
};
use super::globals::Globals;
use super::side::{Side, worth};
use crate::model::{Arg, Date, Kind, Layer, Message, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx, TieRef};

/// Members told by name.
const MOST_TOLD: usize = 3;

/// What chance brings: the share of all ends of contact that each of the gang's people has, and how
/// many ends one person has.
#[derive(Debug)]
pub(super) struct Margins {
    /// Each with how far it is one of them at all.
    shares: Vec<(f64, f64)>,
    average: f64,
}

impl Margins {
    /// Those of a gang's people.
    pub fn of(ball: &Ball<'_>, side: &Side, globals: &Globals) -> Self {
        let ends = globals.ends_of(Layer::Communication) + globals.ends_of(Layer::Social);
        let share = |&member: &NodeIx| (reach(ball, member) / ends, side.nominal(member));
        let shares = side.people.keys().map(share).collect();
        Self { shares, average: ends / globals.nodes_of(Kind::Person) }
    }
}

/// One call, meeting or dinner, or one row that stands for several.
struct Event {
    ties: Vec<TieIx>,
    holders: Vec<TieIx>,
    /// How far it is real and with one of the gang.
    weight: f64,
    /// As often as its row says; a dinner for many counts in part.
    often: f64,
    times: u64,
    first: Option<Date>,
    last: Option<Date>,
}

/// What passed between the official and one of the gang's people.
struct Touch {
    member: NodeIx,
    events: Vec<Event>,
    /// Being acquainted, as rows say it: what it is worth, and the rows.
    known: f64,
    known_by: Vec<TieIx>,
    /// Ties that explain that the two know one another.
    familiar: Vec<TieIx>,
    /// What the contacts say, in members of whom as much is on file as is usual.
    contact: f64,
    /// The same of what work does not explain.
    off_duty: f64,
    /// The work that brings contact with this one.
    work: Vec<TieIx>,
}

/// Looks at every official with a contact among the gang's people, his own or somebody close's.
pub(super) fn find(scope: &Scope<'_>, circles: &Circles<'_>, found: &mut ByOfficial) {
    let look = |circle: &Circle| {
        let told = found.get(&circle.official).map(counted).unwrap_or_default();
        let (touches, between) = (touches(scope, circle, &told), broker::between(scope, circle, &told));
        let is_judged = !touches.is_empty() || between.is_some();
        is_judged.then(|| (circle.official, judge(scope, circle, &touches, between)))
    };
    let all = circles.asked_about(scope.basis.about());
    let seen: Vec<(NodeIx, Findings)> = all.par_iter().filter_map(|circle| look(circle)).collect();
    join(found, seen.into_iter().collect());
}

/// What passed between the official and each of the gang's people; what counts elsewhere is left out.
fn touches(scope: &Scope<'_>, circle: &Circle, told: &BTreeSet<TieIx>) -> Vec<Touch> {
    let mut touches: BTreeMap<NodeIx, Touch> = BTreeMap::new();
    for (member, event) in events(scope, circle.official) {
        if !event.ties.iter().any(|tie| told.contains(tie)) {
            touches.entry(member).or_insert_with(|| Touch::new(member)).events.push(event);
        }
    }
    for tie in scope.ball.ties(circle.official, &[TieType::Associate]) {
        let member = tie.other_end(circle.official);
        let Some(hold) = scope.side.people.get(&member).filter(|_| !told.contains(&tie.ix())) else {
            continue;
        };
        let touch = touches.entry(member).or_insert_with(|| Touch::new(member));
        if is_origin(tie) && !touch.events.is_empty() {
            touch.familiar.push(tie.ix());
        } else {
            let step = if is_origin(tie) { scope.weights.contact_origin } else { 1.0 };
            touch.known = touch.known.max(step * hold.likely * worth(tie));
            touch.known_by.push(tie.ix());
        }
    }
    let mut touches: Vec<Touch> = touches.into_values().collect();
    if !touches.is_empty() {
        let duties = duties(scope, circle.official);
        let measure = Measure::of(scope, circle.official);
        touches.iter_mut().for_each(|touch| touch.weigh(scope, circle, &measure, &duties));
    }
    touches
}

/// Associates by origin or unit, who need no other reason to know one another.
fn is_origin(tie: TieRef<'_>) -> bool {
    matches!(tie.role(), Some("same_hometown" | "comrade" | "former_colleague" | "classmate"))
}

/// Every contact, put down to the one member it is most likely with (a member may stand twice).
fn events(scope: &Scope<'_>, official: NodeIx) -> Vec<(NodeIx, Event)> {
    let mut best: BTreeMap<TieIx, (NodeIx, Event)> = BTreeMap::new();
    let mut offer = |member: NodeIx, event: Event| {
        let Some(&tie) = event.ties.first() else { return };
        if best.get(&tie).is_none_or(|(_, known)| known.weight < event.weight) {
            best.insert(tie, (member, event));
        }
    };
    for one in scope.basis.to_gang.get(&official).into_iter().flatten() {
        let tie = scope.tie(one.contact.tie);
        let event = Event {
            holders: one.contact.holders.clone(),
            often: f64::from(tie.count()),
            times: u64::from(tie.count()),
            ..Event::of(&[tie], one.likely * one.contact.worth)
        };
        offer(one.member, event);
    }
    for (member, [guest, own], weight) in scope.basis.dinners.get(&official).into_iter().flatten() {
        offer(*member, Event::of(&[scope.tie(*guest), scope.tie(*own)], *weight));
    }
    best.into_values().collect()
}

impl Event {
    fn of(ties: &[TieRef<'_>], weight: f64) -> Self {
        let first = ties.iter().find_map(|tie| tie.start());
        let ended = ties.iter().find_map(|tie| tie.end()).filter(|end| *end != Date::ONGOING);
        // What has no day happened before we knew of it.
        let known = || ties.iter().find_map(|tie| tie.known());
        Self {
            ties: ties.iter().map(|tie| tie.ix()).collect(),
            holders: Vec::new(),
            weight,
            often: weight.min(1.0),
            times: 1,
            first: first.or(ended),
            last: ended.or(first).or_else(known),
        }
    }
}

/// What an official's contacts are measured by.
struct Measure {
    /// How often he is in contact with whom he is in contact with, the gang's people left out.
    usual: f64,
    /// The day the file ends.
    now: i32,
    /// Since when he has had a post.
    post: Option<Date>,
}

impl Measure {
    fn of(scope: &Scope<'_>, official: NodeIx) -> Self {
        let weights = scope.weights;
        let (mut times, mut others) = (0.0, BTreeSet::new());
        for contact in contacts(scope.ball, official) {
            if !scope.side.belongs(contact.with) {
                times += f64::from(scope.tie(contact.tie).count());
                others.insert(contact.with);
            }
        }
        let usual = (times + weights.shrink * weights.contact_usual) / (others.len() as f64 + weights.shrink);
        let posts = scope.ball.ties(official, &[TieType::Post]);
        Self { usual, now: now(scope), post: posts.filter_map(|post| post.start()).min() }
    }
}

/// The day the file is as of; else the end of the last year that contacts are on file of.
fn now(scope: &Scope<'_>) -> i32 {
    let years = [TieType::Call, TieType::Meeting, TieType::Attended];
    let last = years.iter().filter_map(|ty| scope.globals.last_year(*ty)).max();
    let end = last.and_then(|year| Date::new(year, 12, 31));
    scope.network().as_of().or(end).map_or(0, |date| date.last().0)
}

impl Touch {
    fn new(member: NodeIx) -> Self {
        Self {
            member,
            events: Vec::new(),
            known: 0.0,
            known_by: Vec::new(),
            familiar: Vec::new(),
            contact: 0.0,
            off_duty: 0.0,
            work: Vec::new(),
        }
    }

    fn weigh(&mut self, scope: &Scope<'_>, circle: &Circle, measure: &Measure, duties: &[Duty]) {
        let real = || self.events.iter().filter(|event| event.weight > 0.0);
        let best = real().map(|event| event.weight).fold(0.0, f64::max);
        let last = real().filter_map(|event| event.last).max_by_key(|date| date.last());
        let standing = best * recency(scope, last, measure.now) * in_office(scope, last, measure.post);
        let says = |often: f64| standing * often.min(1.0) * frequency(scope, often, measure.usual);
        self.contact = says(real().map(|event| event.often).sum());
        let left = |event: &Event| event.often * (1.0 - self.explained(scope, event, duties));
        self.off_duty = says(real().map(left).sum());
        self.work = duties.iter().filter(|duty| duty.concerns(self.member)).map(|duty| duty.tie).collect();
        if !self.events.is_empty() {
            self.familiar.extend(kin_or_neighbour(scope, circle, self.member));
        }
    }

    /// How much of one contact some duty explains.
    fn explained(&self, scope: &Scope<'_>, event: &Event, duties: &[Duty]) -> f64 {
        let days = event.first.zip(event.last).map(|(first, last)| (first.first().0, last.last().0));
        duties.iter().map(|duty| duty.explains(scope.weights, self.member, days)).fold(0.0, f64::max)
    }

    /// What is left when neither work nor kinship nor origin is taken for the reason.
    fn unexplained(&self, familiar: f64) -> f64 {
        let left = if self.familiar.is_empty() { 1.0 } else { 1.0 - familiar };
        (self.off_duty * left).max(self.known)
    }

    fn weight(&self) -> f64 {
        self.contact.max(self.known)
    }

    fn times(&self) -> u64 {
        self.events.iter().filter(|event| event.weight > 0.0).map(|event| event.times).sum()
    }

    fn ties(&self) -> impl Iterator<Item = TieIx> + '_ {
        self.events.iter().flat_map(|event| event.ties.iter().copied()).chain(self.known_by.iter().copied())
    }
}

/// What so often says beside what is usual with him: 1 where it is just that.
fn frequency(scope: &Scope<'_>, often: f64, usual: f64) -> f64 {
    let weights = scope.weights;
    let ratio = (often / usual.max(1e-9)).max(1e-9);
    (1.0 + libm::log(ratio) / libm::log(3.0)).clamp(weights.contact_once, weights.contact_often)
}

/// What is left of a contact that was not renewed since.
fn recency(scope: &Scope<'_>, last: Option<Date>, now: i32) -> f64 {
    let weights = scope.weights;
    let Some(last) = last else { return 2.0 * weights.contact_old };
    let years = f64::from((now - last.last().0).max(0)) / 365.25;
    libm::exp(-std::f64::consts::LN_2 * years / weights.contact_years).max(weights.contact_old)
}

/// Contact before he had any office is worth less.
fn in_office(scope: &Scope<'_>, last: Option<Date>, post: Option<Date>) -> f64 {
    let before = last.zip(post).and_then(|(last, post)| last.before(post));
    if before == Some(true) { scope.weights.before_post } else { 1.0 }
}

/// The ties by which a member is of the official's kin or house.
fn kin_or_neighbour(scope: &Scope<'_>, circle: &Circle, member: NodeIx) -> Vec<TieIx> {
    let kin = scope.ball.ties(circle.official, &[TieType::Family]);
    let kin: Vec<TieIx> =
        kin.filter(|tie| tie.other_end(circle.official) == member).map(|tie| tie.ix()).collect();
    let Some(near) = circle.near.get(&member).filter(|near| kin.is_empty() && !near.own) else { return kin };
    let ties: Vec<TieIx> = way_ties(near).collect();
    let apart = ties.iter().any(|&tie| !matches!(scope.tie(tie).ty(), TieType::Family | TieType::Holder));
    if apart { Vec::new() } else { ties }
}

/// Ends of contact that somebody has, those of his phones with them.
pub(super) fn reach(ball: &Ball<'_>, node: NodeIx) -> f64 {
    let own = ball.degree(node, Layer::Communication) + ball.degree(node, Layer::Social);
    let phones = holdings(ball, node, Kind::Phone);
    let of_phones = phones.iter().map(|(phone, _, _)| ball.degree(*phone, Layer::Communication));
    f64::from(own + of_phones.sum::<u32>())
}

/// What so many members say where chance brings so many: a log-likelihood ratio of a rate
/// `contact_rate` times as high, shrunk since contacts flock; never below nothing, since most
/// umbrellas never meet the gang.
pub(super) fn speaks(scope: &Scope<'_>, observed: f64, expected: f64, mix: f64) -> f64 {
    let weights = scope.weights;
    let rate = weights.contact_rate;
    let ratio = observed * libm::log(rate) - expected * (rate - 1.0);
    mixed(weights, ("contact", weights.contact_most), weights.contact_trust * ratio, mix).max(0.0)
}

/// How many of the gang's people so many ends of contact bring by chance, each once.
pub(super) fn expected(scope: &Scope<'_>, ends: f64) -> f64 {
    let district = scope.weights.contact_district;
    let with = |(share, far): &(f64, f64)| far * (1.0 - libm::exp(-district * ends * share));
    scope.basis.margins.shares.iter().map(with).sum::<f64>().max(0.15)
}

/// Turns what passed into factors. Of his own contacts and those of somebody close the greater
/// counts: a house that talks with the gang is one fact. The other is told, and counts nothing.
fn judge(scope: &Scope<'_>, circle: &Circle, touches: &[Touch], between: Option<Found>) -> Findings {
    let mut findings = Findings::default();
    let own = reach(scope.ball, circle.official);
    let fair = expected(scope, own);
    let plain = expected(scope, scope.basis.margins.average).min(fair);
    let says = |observed: f64, expected: f64| speaks(scope, observed, expected, scope.weights.mix_contact);
    let sum = |weight: &dyn Fn(&Touch) -> f64| touches.iter().map(weight).sum::<f64>();
    let all = sum(&Touch::weight);
    let off_duty = sum(&|touch| touch.off_duty.max(touch.known));
    let unexplained = sum(&|touch| touch.unexplained(scope.weights.familiar));
    // What was refuted is told as that, and speaks for him; it is no contact of his.
    let denied = touches.iter().flat_map(Touch::ties).filter(|tie| is_refuted(scope.tie(*tie)));
    findings.refuted.extend(denied);
    let real: Vec<&Touch> = touches.iter().filter(|touch| touch.weight() > 0.0).collect();
    findings.trails.extend(real.iter().filter_map(|touch| trail(scope, circle.official, touch)));
    let naive = says(all, plain);
    let through = between.as_ref().is_some_and(|between| between.size > naive);
    if let Some(mut between) = between {
        between.size = if through { between.size } else { 0.0 };
        findings.factors.push(between);
    }
    if real.is_empty() {
        return findings;
    }
    let sizes = if through {
        [0.0; 4]
    } else {
        [naive, says(all, fair), says(off_duty, fair), says(unexplained, fair)]
    };
    findings.factors.push(told(scope, &real, fair, sizes[0]));
    against(scope, circle.official, touches, own, sizes, &mut findings);
    findings
}

/// The factor: each member by name, how often, and when.
fn told(scope: &Scope<'_>, touches: &[&Touch], expected: f64, size: f64) -> Found {
    let mut most: Vec<&Touch> = touches.to_vec();
    most.sort_by(|a, b| b.weight().total_cmp(&a.weight()).then(a.member.cmp(&b.member)));
    let with = most.iter().take(MOST_TOLD).map(|touch| with(scope, touch)).collect();
    let says = Message::new("umbrella-contact")
        .count("members", touches.len())
        .count("more", touches.len().saturating_sub(MOST_TOLD))
        .with("with", Arg::List(with))
        .with("expected", Arg::Number(expected))
        .text("gang", scope.name(scope.side.gang));
    let mut contact = Found::new("contact", size, says);
    let stands = |tie: &TieIx| !is_refuted(scope.tie(*tie));
    contact.ties = touches.iter().flat_map(|touch| touch.ties()).filter(stands).collect();
    contact.context =
        touches.iter().flat_map(|t| t.events.iter().flat_map(|e| e.holders.iter().copied())).collect();
    contact.inferred =
        touches.iter().all(|t| scope.side.people.get(&t.member).is_some_and(|hold| hold.inferred()));
    contact
}

/// One member in words: how often and from when to when, or as what the two know one another.
fn with(scope: &Scope<'_>, touch: &Touch) -> Message {
    let times = touch.times();
    if times == 0 {
        let role = touch.known_by.iter().find_map(|&tie| scope.tie(tie).role()).unwrap_or("other");
        let role = TieType::Associate.roles().and_then(|all| all.iter().find(|word| **word == role));
        return Message::new("umbrella-contact-known")
            .text("member", scope.name(touch.member))
            .with("role", Arg::Word(role.copied().unwrap_or("other")));
    }
    let real = || touch.events.iter().filter(|event| event.weight > 0.0);
    let first = real().filter_map(|event| event.first).min_by_key(|date| date.first());
    let last =
        real().filter(|event| event.first.is_some()).filter_map(|e| e.last).max_by_key(|date| date.last());
    let message = Message::new("umbrella-contact-with").text("member", scope.name(touch.member));
    let message = message.with("times", Arg::Count(times));
    match first.zip(last) {
        None => message.count("days", 0).text("first", "").text("last", ""),
        Some((first, last)) => message
            .count("days", if first == last { 1 } else { 2 })
            .with("first", Arg::Date(first))
            .with("last", Arg::Date(last)),
    }
}

/// The innocent readings, each with what it takes away.
fn against(
    scope: &Scope<'_>,
    official: NodeIx,
    touches: &[Touch],
    own: f64,
    [naive, fair, off_duty, unexplained]: [f64; 4],
    findings: &mut Findings,
) {
    let gang = || scope.name(scope.side.gang);
    let mut push = |factor, size: f64, says: Message, ties: Vec<TieIx>, context: Vec<TieIx>| {
        if size < -1e-9 {
            findings.factors.push(Found { ties, context, ..Found::new(factor, size, says) });
        }
    };
    let says = Message::new("umbrella-popular").count("ties", own as usize);
    push("popular", fair - naive, says, others(scope, official, touches), vec![]);
    let posts = scope.ball.ties(official, &[TieType::Post]).map(|tie| tie.ix()).collect();
    let work = touches
        .iter()
        .filter(|touch| touch.off_duty < touch.contact)
        .flat_map(|touch| touch.work.iter().copied());
    let says = Message::new("umbrella-duty-contact").text("gang", gang());
    push("duty_contact", off_duty - fair, says, posts, work.collect());
    let stands = |touch: &&Touch| touch.weight() > 0.0 && !touch.familiar.is_empty();
    let known: Vec<&Touch> = touches.iter().filter(stands).collect();
    let names = known.iter().take(MOST_TOLD);
    let names =
        names.map(|touch| Message::new("umbrella-name").text("name", scope.name(touch.member))).collect();
    let says = Message::new("umbrella-familiar").with("with", Arg::List(names)).count("members", known.len());
    let ties = known.iter().flat_map(|touch| touch.familiar.iter().copied()).collect();
    push("familiar", unexplained - off_duty, says, ties, vec![]);
}

/// Contacts of his that have nothing to do with the gang.
fn others(scope: &Scope<'_>, official: NodeIx, touches: &[Touch]) -> Vec<TieIx> {
    let of = |touch: &Touch| touch.ties().chain(touch.familiar.iter().copied()).collect::<Vec<_>>();
    let ours: BTreeSet<TieIx> = touches.iter().flat_map(of).collect();
    let types = [TieType::Call, TieType::Meeting, TieType::Associate, TieType::Holder, TieType::Attended];
    scope.ball.ties(official, &types).map(|tie| tie.ix()).filter(|tie| !ours.contains(tie)).take(6).collect()
}

fn trail(scope: &Scope<'_>, official: NodeIx, touch: &Touch) -> Option<Trail> {
    let tie = touch.ties().find(|tie| {
        let tie = scope.tie(*tie);
        !is_refuted(tie) && (tie.from() == official || tie.to() == official)
    })?;
    let mut way = Trail { nodes: vec![official, touch.member], ties: vec![Some(tie)] };
    for (node, tie) in super::found::to_gang(scope, touch.member) {
        way.nodes.push(node);
        way.ties.push(tie);
    }
    Some(way)
}
