//! Inspections and permits of companies: by whom, how they went, how long they took.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days;
use super::ids::Node;
use super::plan::{Mechanism, Pair, Plan, Reading};
use super::rows::Row;
use super::world::{Sector, World};
use crate::model::{Decision, TieType};

/// Inspections and permits of a company over the years, mean.
const INSPECTIONS: f64 = 4.5;
const PERMITS: f64 = 2.0;
/// How much more of both a gang's company has.
const FRONT: f64 = 2.2;
/// Share of permits that are simple enough to be done at once.
const AT_ONCE: f64 = 0.15;
/// How often each sector of [`Sector::PERMITS`] inspects.
const OFTEN: [f64; 6] = [0.35, 0.1, 0.12, 0.15, 0.08, 0.2];

/// How somebody deals with a company.
#[derive(Clone, Copy)]
enum Hand {
    Usual,
    Light,
    Favour,
}

/// Writes them all.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    for (at, company) in world.companies.iter().enumerate() {
        let mut draw = world.seed.of("permits", at as u64);
        let more = if company.gang.is_some() { FRONT } else { 1.0 };
        let busy = f64::from(company.size).clamp(0.4, 2.5) * more;
        for _ in 0..draw.poisson(INSPECTIONS * busy) {
            one(files, world, plan, at as u32, TieType::Inspected, &mut draw)?;
        }
        for _ in 0..draw.poisson(PERMITS * busy) {
            one(files, world, plan, at as u32, TieType::Licensed, &mut draw)?;
        }
    }
    Ok(())
}

fn one(
    files: &mut Files<'_>,
    world: &World,
    plan: &Plan,
    company: u32,
    ty: TieType,
    draw: &mut Draw,
) -> io::Result<()> {
    let district = world.companies[company as usize].district;
    let sector = Sector::PERMITS[draw.weighted(&OFTEN)];
    let gang = world.companies[company as usize].gang;
    let drawn = gang.and_then(|gang| draws(plan, gang, draw));
    let usual = world.duty(sector, district, draw);
    let Some(official) = drawn.map(|(_, pair)| pair.official).or(usual) else { return Ok(()) };
    let hand = match drawn {
        Some((_, pair)) if pair.works(Mechanism::LicenceFavour) => Hand::Favour,
        _ if plan.is_light(official) => Hand::Light,
        _ => Hand::Usual,
    };
    let told = world.office(world.officials[official as usize].agency, draw);
    let who = Node::Person(world.officials[official as usize].person);
    let row = Row::new(ty, who, Node::Company(company), told).shows(drawn.map(|(at, _)| at));
    let day = days::FIRST.plus(draw.below(days::SPAN - 90) as i32);
    files.add(match ty {
        TieType::Licensed => {
            let (granted, pace) = permit(hand, draw);
            let decision = if granted { Decision::Granted } else { Decision::Refused };
            row.on(day).until(day.plus(pace)).decided(decision).exact()
        }
        _ => row.on(day).decided(inspection(hand, draw)),
    })
}

/// Whom the matters of a gang's companies are drawn to.
fn draws<'a>(plan: &'a Plan, gang: u32, draw: &mut Draw) -> Option<(usize, &'a Pair)> {
    let share = |pair: &Pair| match pair.reading {
        None if pair.works(Mechanism::LicenceFavour) => (0.3 * pair.force).min(0.6),
        Some(Reading::LightOffice) => 0.25,
        _ => 0.0,
    };
    plan.of(gang).find(|(_, pair)| draw.chance(share(pair)))
}

fn inspection(hand: Hand, draw: &mut Draw) -> Decision {
    let decisions = [Decision::Passed, Decision::Warned, Decision::Fined, Decision::Waived, Decision::Closed];
    decisions[draw.weighted(match hand {
        Hand::Usual => &[0.58, 0.17, 0.14, 0.08, 0.03],
        Hand::Light => &[0.74, 0.06, 0.01, 0.19, 0.0],
        Hand::Favour => &[0.47, 0.05, 0.01, 0.47, 0.0],
    })]
}

/// Whether it was granted, and in how many days. Simple ones are done over the counter, by anybody.
fn permit(hand: Hand, draw: &mut Draw) -> (bool, i32) {
    let (granted, median, sigma) = match hand {
        Hand::Usual if draw.chance(AT_ONCE) => (0.95, 5.0, 0.8),
        Hand::Usual => (0.84, 25.0, 0.6),
        Hand::Light => (0.97, 11.0, 0.5),
        Hand::Favour => (0.98, 7.0, 0.5),
    };
    (draw.chance(granted), draw.lognormal(median, sigma).clamp(1.0, 300.0) as i32)
}
