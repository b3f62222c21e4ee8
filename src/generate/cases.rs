//! Cases: who is suspected, who handles them, and how they decide.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::{self, Day};
use super::ids::Node;
use super::names;
use super::plan::{Mechanism, Pair, Plan, Reading};
use super::rows::Row;
use super::table::Cells;
use super::world::{Sector, World};
use crate::model::{Decision, TieType};

/// Other people for each case.
const PEOPLE: u32 = 8;

/// A part somebody plays in a case.
struct Role {
    name: &'static str,
    sector: Sector,
    /// How often a case has one.
    often: f64,
    favours: &'static [Decision],
}

const ROLES: [Role; 6] = [
    Role {
        name: "investigator",
        sector: Sector::Police,
        often: 1.0,
        favours: &[Decision::Dropped, Decision::Bail, Decision::Downgraded, Decision::AssetsReturned],
    },
    Role {
        name: "approver",
        sector: Sector::Police,
        often: 0.4,
        favours: &[Decision::Dropped, Decision::Bail, Decision::AssetsReturned],
    },
    Role {
        name: "prosecutor",
        sector: Sector::Procuratorate,
        often: 0.7,
        favours: &[Decision::NotProsecuted, Decision::Downgraded, Decision::Bail],
    },
    Role {
        name: "judge",
        sector: Sector::Court,
        often: 0.6,
        favours: &[Decision::SuspendedSentence, Decision::Downgraded, Decision::AssetsReturned],
    },
    Role {
        name: "reviewer",
        sector: Sector::Justice,
        often: 0.15,
        favours: &[Decision::Commuted, Decision::Paroled],
    },
    Role {
        name: "lead_supervisor",
        sector: Sector::Police,
        often: 0.1,
        favours: &[Decision::Dropped, Decision::Downgraded],
    },
];

/// A case being written.
struct Case {
    number: u32,
    district: usize,
    gang: Option<u32>,
    opened: Day,
}

/// Writes all cases: one for so many people, and six to fifteen a gang.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    let ordinary = world.people.count() / PEOPLE;
    for number in 0..ordinary {
        let mut draw = world.seed.of("case", u64::from(number));
        let district = draw.place(world.districts.len());
        let case = Case { number, district, gang: None, opened: day(&mut draw) };
        let suspects: Vec<u32> =
            (0..draw.range(1, 3)).map(|_| world.people.of_district(district, &mut draw)).collect();
        one(files, world, plan, &case, &suspects, &mut draw)?;
    }
    let mut number = ordinary;
    for gang in 0..world.gangs.len() as u32 {
        let mut draw = world.seed.of("gang cases", u64::from(gang));
        for _ in 0..draw.range(6, 15) {
            let home = draw.chance(0.7);
            let district = match home {
                true => world.gangs[gang as usize].district,
                false => elsewhere(world, world.gangs[gang as usize].district, &mut draw),
            };
            let case = Case { number, district, gang: Some(gang), opened: day(&mut draw) };
            let suspects: Vec<u32> = (0..draw.range(1, 4)).map(|_| world.member(gang, &mut draw)).collect();
            one(files, world, plan, &case, &suspects, &mut draw)?;
            number += 1;
        }
    }
    Ok(())
}

/// A day of the file that leaves room for what follows.
fn day(draw: &mut Draw) -> Day {
    days::FIRST.plus(draw.below(days::SPAN - 120) as i32)
}

/// Another district of the same county.
fn elsewhere(world: &World, district: usize, draw: &mut Draw) -> usize {
    let each = world.districts.len() / world.counties;
    world.county(district) * each + draw.place(each)
}

fn one(
    files: &mut Files<'_>,
    world: &World,
    plan: &Plan,
    case: &Case,
    suspects: &[u32],
    draw: &mut Draw,
) -> io::Result<()> {
    entity(files, world, case, suspects, draw)?;
    let mut done = case.opened;
    for role in &ROLES {
        if draw.chance(role.often) {
            done = done.plus(5 + draw.below(45) as i32).within();
            handle(files, world, plan, case, role, done, draw)?;
        }
    }
    if let Some(gang) = case.gang.filter(|_| draw.chance(0.45)) {
        signed(files, world, plan, (case, gang), done, draw)?;
    }
    steps(files, world, plan, case, done, draw)
}

/// Who looked whether anybody shields the gang, and mostly found nobody.
fn signed(
    files: &mut Files<'_>,
    world: &World,
    plan: &Plan,
    (case, gang): (&Case, u32),
    done: Day,
    draw: &mut Draw,
) -> io::Result<()> {
    let sector = Sector::CHECKS[draw.weighted(&[0.5, 0.3, 0.15, 0.05])];
    let closes = plan.of(gang).find(|(_, pair)| pair.works(Mechanism::SignOff));
    let drawn = closes.filter(|(_, pair)| draw.chance((0.45 * pair.force).min(0.8)));
    let usual = world.duty(sector, case.district, draw);
    let Some(official) = drawn.map(|(_, pair)| pair.official).or(usual) else { return Ok(()) };
    let none = draw.chance(if drawn.is_some() { 0.95 } else { 0.8 });
    let decision = if none { Decision::NoUmbrella } else { Decision::Verified };
    let office = world.officials[official as usize].agency;
    let told = world.office(office, draw);
    let who = Node::Person(world.officials[official as usize].person);
    let row = Row::new(TieType::Reviewed, who, Node::Case(case.number), told);
    let day = done.plus(20 + draw.below(60) as i32);
    files.add(row.on(day).decided(decision).shows(drawn.map(|(at, _)| at)))
}

fn entity(
    files: &mut Files<'_>,
    world: &World,
    case: &Case,
    suspects: &[u32],
    draw: &mut Draw,
) -> io::Result<()> {
    let police = world.agency(world.county(case.district), Sector::Police, None);
    let told = world.office(police, draw);
    let crime =
        draw.word(&["盗窃", "诈骗", "故意伤害", "寻衅滋事", "敲诈勒索", "聚众斗殴", "强迫交易", "开设赌场"]);
    let who = suspects.first().map_or("", |&person| world.people.surname(person));
    // Who stands among the suspects is known as other rows are.
    let mut known: Vec<String> = Vec::new();
    for (at, &person) in suspects.iter().enumerate() {
        let key = u64::from(case.number) << 8 | at as u64 | 1 << 60;
        let id = files.ids.of(files.named(Node::Person(person), draw)).to_string();
        if !files.is_lost(key, told.source, Some(case.opened), false) && !known.contains(&id) {
            known.push(id);
        }
    }
    let name = files.ids.of(Node::Case(case.number));
    let gang = case.gang.filter(|_| draw.chance(0.85)).map(|gang| files.ids.of(Node::Gang(gang)));
    let stage = draw.word(&["closed", "closed", "closed", "trial", "prosecution", "investigation"]);
    let closed = Some(case.opened.plus(120 + draw.below(200) as i32)).filter(|_| stage == "closed");
    let finding = if case.gang.is_some() && stage == "closed" {
        draw.word(&["none", "none", "pending", ""])
    } else {
        ""
    };
    let mut cells = Cells::default();
    cells.plain(name).text(&format!("{who}某等人{crime}案")).plain("").maybe(gang).plain(known.join(";"));
    cells.text(&names::place(world.county(case.district))).plain(case.opened).maybe(closed).plain(stage);
    cells.plain("").plain(finding).plain("").plain("").plain(files.ids.of(Node::Source(told.source)));
    files.cases.push(name.key(), cells.row())
}

/// Who handles it in one role, and what he decides.
fn handle(
    files: &mut Files<'_>,
    world: &World,
    plan: &Plan,
    case: &Case,
    role: &Role,
    day: Day,
    draw: &mut Draw,
) -> io::Result<()> {
    let Some(usual) = world.duty(role.sector, case.district, draw) else { return Ok(()) };
    let drawn = case.gang.and_then(|gang| draws(world, plan, gang, role, draw));
    let stays = usual_stays(world, plan, case, usual);
    let Some(official) = drawn.map(|(_, pair)| pair.official).or(stays) else { return Ok(()) };
    let [base, under] = world.style.favour;
    let own = if plan.is_lenient(official) { 0.6 } else { base * leniency(world, official) };
    let rate = match drawn {
        Some((_, pair)) if pair.works(Mechanism::CaseFavour) => under,
        Some((_, pair)) if pair.looks(Reading::HonestJudge) => base * 0.5,
        _ => own.min(0.7),
    };
    let decision = match (draw.chance(rate), draw.chance(0.15)) {
        (true, _) => draw.pick(role.favours).copied().unwrap_or(Decision::Bail),
        (false, true) => Decision::None,
        (false, false) => Decision::Charged,
    };
    let told = world.office(world.officials[official as usize].agency, draw);
    let shows = drawn.map(|(at, _)| at);
    let person = Node::Person(world.officials[official as usize].person);
    let row = Row::new(TieType::Handled, person, Node::Case(case.number), told);
    files.add(row.role(role.name).on(day).decided(decision).shows(shows))
}

/// How lenient somebody is beside others.
fn leniency(world: &World, official: u32) -> f64 {
    world.seed.of("leniency", u64::from(official)).lognormal(0.95, 0.35)
}

/// Whom the gang's case is drawn to, in a role that he can have.
fn draws<'a>(
    world: &World,
    plan: &'a Plan,
    gang: u32,
    role: &Role,
    draw: &mut Draw,
) -> Option<(usize, &'a Pair)> {
    let fits = |pair: &Pair| world.sector(pair.official) == role.sector;
    let share = |pair: &Pair| match pair.reading {
        None if pair.works(Mechanism::CaseFavour) => (0.45 * pair.force).min(0.8),
        Some(Reading::HonestJudge) => 0.5,
        Some(Reading::LenientWithAll) => 0.35,
        Some(Reading::BeatOfficer) => 0.5,
        _ => 0.0,
    };
    plan.of(gang).filter(|(_, pair)| fits(pair)).find(|(_, pair)| draw.chance(share(pair)))
}

/// The one whose turn it was, unless he steps aside.
fn usual_stays(world: &World, plan: &Plan, case: &Case, usual: u32) -> Option<u32> {
    let aside = |pair: &Pair| pair.official == usual && pair.looks(Reading::Recusal);
    let recused = case.gang.is_some_and(|gang| plan.of(gang).any(|(_, pair)| aside(pair)));
    if !recused {
        return Some(usual);
    }
    let office = &world.agencies[world.officials[usual as usize].agency as usize].officials;
    office.iter().copied().find(|&other| other != usual)
}

/// What happened to the case: opened, closed, now and then somebody stepped aside.
fn steps(
    files: &mut Files<'_>,
    world: &World,
    plan: &Plan,
    case: &Case,
    done: Day,
    draw: &mut Draw,
) -> io::Result<()> {
    let of = Node::Case(case.number);
    files.step(of, "opened", case.opened, None)?;
    if draw.chance(0.6) {
        files.step(of, "handed_over", done, None)?;
    }
    let aside = case.gang.and_then(|gang| plan.of(gang).find(|(_, pair)| pair.looks(Reading::Recusal)));
    let person = |official: u32| world.officials[official as usize].person;
    match aside {
        Some((_, pair)) if draw.chance(0.4) => {
            files.step(of, "回避", case.opened.plus(2), Some(person(pair.official)))
        }
        _ if draw.chance(0.01) => {
            let somebody = world.duty(Sector::Police, case.district, draw);
            files.step(of, "回避", case.opened.plus(2), somebody.map(person))
        }
        _ => Ok(()),
    }
}
