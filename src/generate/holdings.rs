//! Who has a part in a company over the years: founders and partners, those who buy in later, seats, and
//! jobs of those who hold either. Relatives of officials in a gang's company are some among them.
//!
//! What a later holder has comes out of the founder's share, so that no company is owned more than once.

use std::collections::BTreeMap;

use super::chance::Draw;
use super::days::{self, Day};
use super::life;
use super::plan::{Mechanism, Pair, Plan};
use super::world::{Company, Part, World};

/// What somebody has in a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// So many hundredths of it.
    Stake(u32),
    Seat(&'static str),
    Job,
}

/// A part in a company.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holding {
    pub who: u32,
    pub since: Day,
    pub role: Role,
    /// The planted pair that it speaks for.
    pub plan: Option<usize>,
}

/// The parts of relatives that are planted, by company.
pub(super) type Planted = BTreeMap<u32, Vec<Holding>>;

/// The gang's company in which a relative has his parts, and the parts.
pub(super) struct KinFront {
    pub company: u32,
    pub roles: Vec<(Day, Role)>,
}

/// The first day on which a company may be founded, and the first after the last.
const FOUNDED: std::ops::Range<i32> = 2003..2018;
/// Those who buy in later, mean.
const LATER: f64 = 0.55;
/// Share of holders who buy in two steps.
const IN_STEPS: f64 = 0.15;
/// The least that a founder keeps when others buy in.
const KEPT: u32 = 20;

/// What is planted, by company.
pub(super) fn planted(world: &World, plan: &Plan) -> Planted {
    let mut planted = Planted::new();
    let works = plan.pairs.iter().enumerate().filter(|(_, pair)| pair.works(Mechanism::KinFront));
    for (at, pair) in works {
        let Some(front) = kin_front(world, at, pair) else { continue };
        let holding = |(since, role)| Holding { who: pair.end, since, role, plan: Some(at) };
        planted.entry(front.company).or_default().extend(front.roles.into_iter().map(holding));
    }
    planted
}

/// Where a pair's relative stands in for the official, and as what: each kind of part once.
pub(super) fn kin_front(world: &World, at: usize, pair: &Pair) -> Option<KinFront> {
    let mut draw = world.seed.of("kin front", at as u64);
    let company = draw.pick(&world.gangs[pair.gang as usize].fronts).copied()?;
    let founded = founded(world, company);
    let mut left = vec![Role::Stake(draw.range(5, 40)), Role::Seat(seat(&mut draw)), Role::Job];
    let mut weights = vec![0.45, 0.25, 0.3];
    let first = since(world, pair, founded, &mut draw);
    let mut roles = Vec::new();
    for _ in 0..(libm::round(1.7 * pair.force) as u32).clamp(1, 3) {
        let chosen = draw.weighted(&weights);
        weights.remove(chosen);
        let day = if draw.chance(0.5) { first } else { since(world, pair, founded, &mut draw) };
        roles.push((day, left.remove(chosen)));
    }
    Some(KinFront { company, roles })
}

/// Mostly since he has his post, and not before there is a company.
fn since(world: &World, pair: &Pair, founded: Day, draw: &mut Draw) -> Day {
    let post = world.officials[pair.official as usize].since;
    let day = match draw.chance(0.75) {
        true => Day(post.0 + 60 + draw.below((days::first_of(2020).0 - post.0 - 60) as u64) as i32),
        false => post.plus(-(30 + draw.below(1200) as i32)),
    };
    if day < founded { later(founded, draw) } else { day }
}

/// A day between the founding and the middle of the last year.
fn later(founded: Day, draw: &mut Draw) -> Day {
    founded.plus(draw.below((days::first_of(2020).0 + 180 - founded.0) as u64) as i32)
}

/// The day a company was founded.
fn founded(world: &World, company: u32) -> Day {
    let mut draw = world.seed.of("founded", u64::from(company));
    let first = days::first_of(FOUNDED.start);
    first.plus(draw.below((days::first_of(FOUNDED.end).0 - first.0) as u64) as i32)
}

fn seat(draw: &mut Draw) -> &'static str {
    draw.word(&["执行董事", "经理", "监事"])
}

/// All parts in a company.
pub(super) fn of(world: &World, company: u32, planted: &Planted, draw: &mut Draw) -> Vec<Holding> {
    let one = &world.companies[company as usize];
    let founded = founded(world, company);
    let mut left = 100;
    let mut all: Vec<Holding> = Vec::new();
    for &holding in planted.get(&company).into_iter().flatten() {
        take(&mut all, &mut left, holding, draw);
    }
    for (since, share) in partners(founded, draw) {
        let who = newcomer(world, one, draw);
        if who != one.owner && left > KEPT && all.iter().all(|known| known.who != who) {
            take(&mut all, &mut left, Holding { who, since, role: Role::Stake(share), plan: None }, draw);
        }
    }
    let holders: Vec<u32> = all.iter().map(|holding| holding.who).collect();
    let ordinary = |who, since, role| Holding { who, since, role, plan: None };
    take_all(&mut all, ordinary(one.owner, founded, Role::Stake(left)), founded, draw);
    for who in seated(world, one, &holders, draw) {
        let since = if draw.chance(0.5) { founded } else { later(founded, draw) };
        all.push(ordinary(who, since, Role::Seat(seat(draw))));
    }
    for who in with_jobs(&all, draw) {
        all.push(ordinary(who, life::hired(draw).max(founded), Role::Job));
    }
    all
}

/// Partners of the first day and those who buy in later: since when, and with what share.
fn partners(founded: Day, draw: &mut Draw) -> Vec<(Day, u32)> {
    let first = draw.chance(0.35).then(|| (founded, draw.range(10, 49)));
    let then =
        (0..draw.poisson(LATER)).map(|_| (later(founded, draw), draw.range(5, 40))).collect::<Vec<_>>();
    first.into_iter().chain(then).collect()
}

/// Somebody of the district, or the owner's kin.
fn newcomer(world: &World, company: &Company, draw: &mut Draw) -> u32 {
    let free = |p: &u32| world.parts[*p as usize] != Part::Official;
    let kin: Vec<u32> = world.people.kin(company.owner).iter().map(|kin| kin.person).filter(free).collect();
    let kin = draw.pick(&kin).copied().filter(|_| draw.chance(0.25));
    kin.unwrap_or_else(|| world.private(company.district, draw))
}

/// Adds a part; a stake comes out of what is left, at most half of it.
fn take(all: &mut Vec<Holding>, left: &mut u32, holding: Holding, draw: &mut Draw) {
    let Role::Stake(share) = holding.role else { return all.push(holding) };
    let share = share.min(*left / 2).max(1);
    *left -= share;
    take_all(all, Holding { role: Role::Stake(share), ..holding }, holding.since, draw);
}

/// Adds a stake whole, or in two steps of which the second is later.
fn take_all(all: &mut Vec<Holding>, holding: Holding, since: Day, draw: &mut Draw) {
    let Role::Stake(share) = holding.role else { return };
    let steps = draw.chance(IN_STEPS) && share > 5;
    let first = if steps { (share * draw.range(2, 8) / 10).max(1) } else { share };
    all.push(Holding { role: Role::Stake(first), ..holding });
    if first < share {
        all.push(Holding { role: Role::Stake(share - first), since: later(since, draw), ..holding });
    }
}

/// Who has seats: the director, and now and then a holder, kin of the owner, somebody else.
fn seated(world: &World, company: &Company, holders: &[u32], draw: &mut Draw) -> Vec<u32> {
    let mut seated = vec![company.director];
    for _ in 0..draw.poisson(0.9) {
        seated.push(match draw.pick(holders).filter(|_| draw.chance(0.5)) {
            Some(&holder) => holder,
            None => newcomer(world, company, draw),
        });
    }
    seated
}

/// Those who work at the company that they have a part in.
fn with_jobs(all: &[Holding], draw: &mut Draw) -> Vec<u32> {
    let mut who: Vec<u32> = all.iter().map(|holding| holding.who).collect();
    who.sort_unstable();
    who.dedup();
    who.retain(|&who| {
        all.iter().all(|known| known.who != who || known.role != Role::Job) && draw.chance(0.25)
    });
    who
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::chance::Seed;
    use crate::generate::plan::Wish;
    use crate::generate::style::STYLES;

    #[test]
    fn nothing_is_owned_more_than_once_whatever_is_planted() {
        let mut world = World::found(Seed::new(7), &STYLES[0], 3000, 20);
        let wish = Wish { mechanisms: vec![Mechanism::KinFront], umbrella: 1.0, decoys: 1.0 };
        let plan = Plan::plant(&mut world, &wish);
        let planted = planted(&world, &plan);
        let mut shown = 0;
        for company in 0..world.companies.len() as u32 {
            let all =
                of(&world, company, &planted, &mut world.seed.of("company register", u64::from(company)));
            let share = |holding: &Holding| if let Role::Stake(share) = holding.role { share } else { 0 };
            assert_eq!(all.iter().map(share).sum::<u32>(), 100, "{all:?}");
            assert!(all.iter().all(|holding| holding.role != Role::Stake(0)));
            assert!(all.iter().all(|holding| holding.since >= founded(&world, company)));
            shown += all.iter().filter(|holding| holding.plan.is_some()).count();
        }
        let roles: usize = planted.values().map(Vec::len).sum();
        assert!(shown >= roles && roles >= plan.pairs.len() / 3, "{shown} {roles}");
    }
}
