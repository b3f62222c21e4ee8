//! `raid_leak`: contact from the official (or his circle) to the gang in the days before raids that
//! came up empty. Against it: `handler`, contact before raids that succeeded.
//!
//! Only completed chains to the gang count, before empty raids, minus those before successful ones,
//! minus what their frequency predicts.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::circle::Circle;
use super::circles::Circles;
use super::contacts::{Contact, ToGang, contacts, in_contact};
use super::found::{ByOfficial, Findings, Found, Scope, Trail, join, mixed};
use super::side::{Hold, Raid, Side, worth};
use crate::model::{Message, TieType};
use crate::network::ball::Ball;
use crate::network::{NodeIx, TieIx};

/// A contact that reached the gang on a day.
#[derive(Clone, Debug)]
struct Chain {
    day: i32,
    weight: f64,
    /// The weight if every tie were certain.
    nominal: f64,
    ties: Vec<TieIx>,
    holders: Vec<TieIx>,
    nodes: Vec<NodeIx>,
    hops: Vec<TieIx>,
}

/// A raid, whoever is asked about.
struct Raided<'a> {
    raid: &'a Raid,
    day: Option<i32>,
    /// Who was told of it before, and by which tie that is known.
    told: Vec<(NodeIx, TieIx)>,
}

/// What is known of one raid and one official.
struct Before<'a> {
    raid: &'a Raid,
    day: Option<i32>,
    briefed: Vec<TieIx>,
    /// Chains in the days before it.
    chains: Vec<Chain>,
}

/// Looks at every official whose chains reach the gang, or who knew of its raids.
pub(super) fn find(scope: &Scope<'_>, circles: &Circles<'_>, found: &mut ByOfficial) {
    if scope.side.raids.is_empty() {
        return;
    }
    let raids = raided(scope);
    let look = |circle: &Circle| {
        let chains = chains(scope, circle);
        let before = before(scope, &raids, circle.official, &chains)?;
        let (briefed, chained) =
            (|one: &Before<'_>| !one.briefed.is_empty(), |one: &Before<'_>| !one.chains.is_empty());
        let is_judged = before.iter().any(|one| briefed(one) || chained(one));
        is_judged.then(|| (circle.official, judge(scope, &chains, &before)))
    };
    let all = circles.asked_about(scope.basis.about());
    let seen: Vec<(NodeIx, Findings)> = all.par_iter().filter_map(|circle| look(circle)).collect();
    join(found, seen.into_iter().collect());
}

/// The raids on the gang.
fn raided<'a>(scope: &Scope<'a>) -> Vec<Raided<'a>> {
    let side: &'a Side = scope.side;
    let told = |raid: &Raid| {
        scope.ball.ties(raid.event, &[TieType::Briefed]).map(|tie| (tie.from(), tie.ix())).collect()
    };
    side.raids.iter().map(|raid| Raided { raid, day: day_of(raid), told: told(raid) }).collect()
}

/// Who may have been in contact with anybody who was in contact with the gang's people: nobody else's contacts reach it
/// over another. Nothing of a part, where whoever is asked tells what is lacking, nor where nothing was raided.
pub(super) fn met_who_met(
    ball: &Ball<'_>,
    side: &Side,
    to_gang: &BTreeMap<NodeIx, Vec<ToGang>>,
) -> Option<BTreeSet<NodeIx>> {
    if !ball.is_of_whole() || side.raids.is_empty() {
        return None;
    }
    let between: Vec<NodeIx> = to_gang.keys().copied().collect();
    let met = between.par_iter().flat_map_iter(|&node| in_contact(ball, node));
    Some(met.collect::<Vec<_>>().into_iter().collect())
}

/// Every contact that reached the gang: his own, over one other, or by his near kin. Where it is told who met somebody
/// that met the gang, of nobody else those over one other are looked for.
fn chains(scope: &Scope<'_>, circle: &Circle) -> Vec<Chain> {
    let (to_gang, met) = (&scope.basis.to_gang, scope.basis.met.as_ref());
    let window = scope.weights.raid_days as i32;
    let mut chains = Vec::new();
    let mut over: BTreeMap<NodeIx, Vec<Contact>> = BTreeMap::new();
    // A likely double speaks for him, too.
    let twins = scope.ball.either_twins(circle.official).iter().map(|twin| twin.node);
    let mut selves = twins.chain([circle.official]);
    let has_met = met.is_none_or(|met| selves.any(|one| met.contains(&one)));
    let own = if has_met { contacts(scope.ball, circle.official) } else { Vec::new() };
    for contact in own {
        over.entry(contact.with).or_default().push(contact);
    }
    for own in to_gang.get(&circle.official).into_iter().flatten() {
        push(&mut chains, own, (own.contact.worth * own.likely, 1.0), None, &[circle.official, own.member]);
    }
    let over_another = scope.weights.raid_over;
    for (&between, firsts) in &over {
        let near = circle.near.get(&between).map_or(over_another, |near| near.weight.max(over_another));
        let nominal = circle.near.get(&between).map_or(over_another, |near| near.nominal.max(over_another));
        for second in to_gang.get(&between).into_iter().flatten().filter(|s| s.member != circle.official) {
            let Some(day) = second.contact.day else { continue };
            let first = firsts.iter().filter(|f| f.day.is_some_and(|d| d <= day && day - d <= window));
            let Some(first) = first.max_by(|a, b| a.worth.total_cmp(&b.worth).then(b.tie.cmp(&a.tie))) else {
                continue;
            };
            let weight = near * first.worth * second.contact.worth * second.likely;
            push(
                &mut chains,
                second,
                (weight, nominal),
                Some(first),
                &[circle.official, between, second.member],
            );
        }
    }
    chains.extend(household(scope, circle));
    chains.retain(|chain| chain.nominal > 0.02);
    chains.sort_by(|a, b| a.day.cmp(&b.day).then(b.weight.total_cmp(&a.weight)).then(a.ties.cmp(&b.ties)));
    chains
}

/// Near kin who were in contact with the gang themselves: people of one house need no call.
fn household(scope: &Scope<'_>, circle: &Circle) -> Vec<Chain> {
    let mut chains = Vec::new();
    for (&person, near) in circle.near.iter().filter(|(_, near)| !near.own && near.nominal > 0.5) {
        for second in scope.basis.to_gang.get(&person).into_iter().flatten() {
            if scope.side.belongs(person) {
                continue;
            }
            let weight = scope.weights.raid_over * near.weight * second.contact.worth * second.likely;
            let weight = (weight, scope.weights.raid_over * near.nominal);
            let mut nodes = vec![circle.official];
            nodes.extend(near.way.iter().map(|(node, _)| *node));
            nodes.push(second.member);
            let hops: Vec<TieIx> = near.way.iter().filter_map(|(_, tie)| *tie).collect();
            let before = chains.len();
            push(&mut chains, second, weight, None, &nodes);
            if chains.len() > before
                && let Some(chain) = chains.last_mut()
            {
                chain.hops = hops.into_iter().chain(chain.hops.iter().copied()).collect();
            }
        }
    }
    chains
}

fn push(
    chains: &mut Vec<Chain>,
    last: &ToGang,
    (weight, nominal): (f64, f64),
    first: Option<&Contact>,
    nodes: &[NodeIx],
) {
    let Some(day) = last.contact.day else { return };
    let ties: Vec<TieIx> = first.map(|f| f.tie).into_iter().chain([last.contact.tie]).collect();
    let holders = first.iter().flat_map(|f| f.holders.iter()).chain(&last.contact.holders).copied().collect();
    chains.push(Chain { day, weight, nominal, hops: ties.clone(), ties, holders, nodes: nodes.to_vec() });
}

/// What is known of each raid and an official; nothing of one whose contacts did not reach the gang and whom nobody told.
fn before<'a>(
    scope: &Scope<'a>,
    raids: &[Raided<'a>],
    official: NodeIx,
    chains: &[Chain],
) -> Option<Vec<Before<'a>>> {
    let twins = scope.ball.twins(official);
    let is_his = |(who, _): &&(NodeIx, TieIx)| *who == official || twins.iter().any(|twin| twin.node == *who);
    if chains.is_empty() && !raids.iter().any(|one| one.told.iter().any(|told| is_his(&told))) {
        return None;
    }
    let window = scope.weights.raid_days as i32;
    // A contact before two raids is before the next one only: it counts once.
    let next = |day: i32| raids.iter().filter_map(|one| one.day).filter(|raid| *raid >= day).min();
    let before = raids.iter().map(|&Raided { raid, day, ref told }| {
        let is_before = |c: &&Chain| day.is_some_and(|d| d - c.day <= window && next(c.day) == Some(d));
        Before {
            raid,
            day,
            briefed: told.iter().filter(is_his).map(|(_, tie)| *tie).collect(),
            chains: chains.iter().filter(is_before).cloned().collect(),
        }
    });
    Some(before.collect())
}

/// The day of a raid, where it is known to the day.
fn day_of(raid: &Raid) -> Option<i32> {
    raid.date.filter(|date| date.day() > 0).map(|date| date.first().0)
}

/// The chance that some window holds a chain, from the days outside all windows before raids.
fn usual(scope: &Scope<'_>, chains: &[Chain], before: &[Before<'_>]) -> f64 {
    let window = scope.weights.raid_days as i32;
    let days: Vec<i32> = before.iter().filter_map(|one| one.day).collect();
    let outside = chains.iter().filter(|c| !days.iter().any(|d| c.day <= *d && d - c.day <= window));
    let mut by_day: BTreeMap<i32, f64> = BTreeMap::new();
    for chain in outside {
        let weight = by_day.entry(chain.day).or_default();
        *weight = weight.max(chain.nominal);
    }
    let first = chains.iter().map(|c| c.day).chain(days.iter().copied()).min().unwrap_or(0);
    let last = chains.iter().map(|c| c.day).chain(days.iter().copied()).max().unwrap_or(0);
    let span = f64::from((last - first).max(365));
    ((by_day.values().sum::<f64>() + 0.4) * f64::from(window + 1) / span)
        .clamp(0.01, scope.weights.raid_under)
}

/// How likely some chain is real.
fn any(chains: &[Chain], weigh: impl Fn(&Chain) -> f64) -> f64 {
    let mut days: BTreeMap<i32, f64> = BTreeMap::new();
    chains.iter().for_each(|c| {
        let weight = days.entry(c.day).or_default();
        *weight = weight.max(weigh(c));
    });
    1.0 - days.values().map(|weight| 1.0 - weight.min(0.95)).product::<f64>()
}

fn judge(scope: &Scope<'_>, chains: &[Chain], before: &[Before<'_>]) -> Findings {
    let weights = scope.weights;
    let usual = usual(scope, chains, before);
    let surprise = libm::log(weights.raid_under / usual);
    let (mut leak, mut handler, mut brief) = (0.0, 0.0, 0.0);
    let empty_base = scope.globals.empty.rate(weights.empty_base, 10.0).min(0.6);
    for one in before {
        let knew = !one.briefed.is_empty();
        let anybody = scope.ball.ties(one.raid.event, &[TieType::Briefed]).next().is_some();
        let trust = if knew || !anybody { 1.0 } else { 0.5 };
        match one.raid.empty {
            Some(true) => {
                leak += any(&one.chains, |c| c.weight) * trust * surprise * one.raid.worth;
                let told = one.briefed.iter().map(|tie| worth(scope.tie(*tie))).fold(0.0, f64::max);
                brief += if knew {
                    weights.raid_briefed
                        * told
                        * one.raid.worth
                        * libm::log(weights.empty_leaked / empty_base)
                } else {
                    -weights.raid_unbriefed
                };
            }
            Some(false) => {
                handler += any(&one.chains, |c| c.nominal) * surprise;
                brief += if knew {
                    weights.raid_briefed * libm::log((1.0 - weights.empty_leaked) / (1.0 - empty_base))
                } else {
                    0.5 * weights.raid_unbriefed
                };
            }
            None => {}
        }
    }
    let chained = leak > 0.0;
    let brief = brief.clamp(-1.5, 2.0);
    let most = if chained { weights.most } else { weights.raid_most_briefed };
    let size = mixed(weights, ("raid_leak", most), leak + brief, weights.mix_raid);
    let mut findings = Findings::default();
    if chained {
        findings.tails.push(tail(before, usual));
    }
    // Not having known of raids that succeeded says nothing for a warning.
    let knew = before.iter().any(|one| one.raid.empty == Some(true) && !one.briefed.is_empty());
    if size > 0.0 && (chained || knew) {
        findings.trails.extend(trails(scope, before));
        findings.factors.push(leak_factor(scope, before, size));
    }
    let contacts =
        before.iter().filter(|one| one.raid.empty == Some(false) && !one.chains.is_empty()).count();
    if handler > 0.0 && contacts > 0 {
        let says = Message::new("umbrella-handler")
            .count("contacts", contacts)
            .text("gang", scope.name(scope.side.gang));
        let size = weights.gain_raid * weights.handler * handler;
        let mut factor = Found::new("handler", -size.min(weights.handler_most), says);
        let after = before.iter().filter(|one| one.raid.empty == Some(false));
        factor.ties =
            after.flat_map(|one| one.chains.iter().flat_map(|chain| chain.ties.iter().copied())).collect();
        findings.factors.push(factor);
    }
    findings
}

/// Chance: so many empty raids with a completed chain before them, less those before the others.
fn tail(before: &[Before<'_>], usual: f64) -> f64 {
    let with = |empty: bool| {
        before
            .iter()
            .filter(|one| one.raid.empty == Some(empty) && any(&one.chains, |c| c.weight) > 0.3)
            .count() as u64
    };
    let empties = before.iter().filter(|one| one.raid.empty == Some(true)).count() as f64;
    super::chance::poisson_tail(with(true).saturating_sub(with(false)), usual * empties)
}

fn leak_factor(scope: &Scope<'_>, before: &[Before<'_>], size: f64) -> Found {
    let empty: Vec<&Before<'_>> = before.iter().filter(|one| one.raid.empty == Some(true)).collect();
    let with = empty.iter().filter(|one| !one.chains.is_empty()).count();
    let knew = empty.iter().filter(|one| !one.briefed.is_empty()).count();
    let says = Message::new("umbrella-raid-leak")
        .count("contacts", with)
        .count("empty", if with == 0 { knew } else { empty.len() })
        .text("gang", scope.name(scope.side.gang));
    let mut factor = Found::new("raid_leak", size, says);
    let mut ends = empty.iter().flat_map(|one| &one.chains).filter_map(|chain| chain.nodes.last());
    let is_inferred = |member: &NodeIx| scope.side.hold(*member).is_some_and(Hold::inferred);
    factor.inferred = with > 0 && knew == 0 && ends.all(is_inferred);
    for one in &empty {
        factor.ties.extend(one.chains.iter().flat_map(|chain| chain.ties.iter().copied()));
        factor.ties.extend(&one.briefed);
        factor.context.extend(one.chains.iter().flat_map(|chain| chain.holders.iter().copied()));
        // Who is of his house stands there, too.
        factor.context.extend(one.chains.iter().flat_map(|chain| chain.hops.iter().copied()));
        factor.context.extend(&one.raid.ties);
    }
    factor
}

/// Ways from the official over the contacts to the gang.
fn trails(scope: &Scope<'_>, before: &[Before<'_>]) -> Vec<Trail> {
    let empty = before.iter().filter(|one| one.raid.empty == Some(true));
    let best = empty.flat_map(|one| one.chains.iter().take(2));
    best.map(|chain| {
        let mut nodes = chain.nodes.clone();
        let mut ties: Vec<Option<TieIx>> = chain.hops.iter().map(|tie| Some(*tie)).collect();
        let last = nodes.last().copied();
        for (node, tie) in last.into_iter().flat_map(|last| super::found::to_gang(scope, last)) {
            nodes.push(node);
            ties.push(tie);
        }
        Trail { nodes, ties }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::super::towns::{quiet, raid};
    use super::super::{Options, Pair, globals, reaches, ready, run_ball};
    use crate::model::{Kind, Layer, Table, TieType};
    use crate::network::Network;
    use crate::network::ball::{Ball, Ground, Profiles};

    const PEOPLE: [&str; 10] =
        ["o00", "o01", "o10", "o11", "p01", "p02", "p03", "m-g1-0", "m-g1-1", "m-g1-2"];
    const CONTACTS: [TieType; 4] = [TieType::Call, TieType::Call, TieType::Meeting, TieType::Family];
    /// What calls may go over; an account is none of these, and is taken as it is.
    const THINGS: [(&str, Kind); 3] = [("ph0", Kind::Phone), ("ph1", Kind::Phone), ("ac0", Kind::Account)];
    /// A day or two before a raid, and one of no raid.
    const DAYS: [&str; 5] = ["2019-03-08", "2019-03-09", "2019-05-19", "2019-06-30", "2019-09-09"];
    const RAIDS: [(&str, &str); 3] =
        [("2019-03-10", "empty"), ("2019-05-20", "empty"), ("2019-07-01", "seized")];

    /// What is known of everybody of a network, as of a part that lacks nothing.
    fn of_part(network: &Network) -> Profiles {
        let whole = Profiles::of(network);
        let mut part = Profiles::of_part(network.node_count());
        for node in network.nodes() {
            let ties = std::array::from_fn(|at| whole.ties(node, Layer::ALL[at]));
            part.tell(node, ties, network.is_official(node));
        }
        part
    }

    /// How many warnings and handlers the law saw.
    static SEEN: AtomicUsize = AtomicUsize::new(0);

    #[test]
    fn whoever_met_nobody_that_met_the_gang_need_not_tell_of_his_contacts() {
        whole_and_part_say_the_same();
        let seen = SEEN.load(Ordering::Relaxed);
        assert!(seen > 20, "{seen} factors of raids");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(160))]

        /// Of a part every official tells of all his contacts, of a whole network those who may matter.
        fn whole_and_part_say_the_same(
            rows in proptest::collection::vec((0..7_usize, 0..10_usize, 0..10_usize, 0..5_usize), 5..40),
            doubles in proptest::collection::vec((0..4_usize, 4..10_usize), 0..4),
        ) {
            let mut town = quiet();
            for (at, (day, outcome)) in RAIDS.iter().enumerate() {
                raid(&mut town, &format!("e{at}"), "g1", day, outcome, "o10");
            }
            for (thing, kind) in THINGS {
                town.entity(thing, kind, Table::Objects, &[]);
            }
            for (ty, from, to, day) in rows.into_iter().filter(|row| row.1 != row.2) {
                let (own, other, thing) = (PEOPLE[from], PEOPLE[to], THINGS[to % THINGS.len()].0);
                let on = [("start", DAYS[day])];
                match ty {
                    0..4 => town.add(CONTACTS[ty], own, other, &on),
                    4 => town.add(TieType::Holder, own, thing, &[]),
                    5 => town.add(TieType::Call, own, thing, &on),
                    _ => town.add(TieType::Same, own, thing, &[]),
                };
            }
            let network = town.network();
            let at = |place: usize| network.node(PEOPLE[place]).unwrap();
            let likely: Vec<_> = doubles.into_iter().map(|(official, other)| (at(official), at(other), 0.7)).collect();
            let whole = ready(&network, &likely);
            let part = Ground::new(&network, of_part(&network), &likely);
            let gang = network.node("g1").unwrap();
            let [whole, part] = [&whole, &part].map(|ground| {
                let ball = Ball::of(ground, gang, reaches());
                run_ball(&ball, &globals(&network), &Options::default())
            });
            let of_raids = |pair: &Pair| pair.factors.iter().filter(|f| f.factor == "raid_leak" || f.factor == "handler").count();
            SEEN.fetch_add(whole.pairs.iter().map(of_raids).sum(), Ordering::Relaxed);
            prop_assert_eq!(whole, part);
        }
    }
}
