//! The entity tables, and what registers say: kinship, shares, seats, jobs, posts, holders.

use std::io;

use super::Files;
use super::chance::Draw;
use super::days::Day;
use super::holdings::{self, Holding, Role};
use super::ids::Node;
use super::life;
use super::names;
use super::plan::Plan;
use super::rows::Row;
use super::sources::{self, Register, Told};
use super::table::Cells;
use super::world::{Part, World};
use crate::model::TieType;

/// Dividends of a holder that a bank's file has, mean.
const DIVIDENDS: f64 = 0.7;

/// Writes everybody and everything, and the registers' relations.
pub(super) fn write(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    sources::write_all(files, world)?;
    organisations(files, world)?;
    for person in 0..world.people.count() {
        human(files, world, person)?;
        kinship(files, world, person)?;
        livelihood(files, world, person)?;
    }
    offices(files, world)?;
    members(files, world)?;
    companies(files, world, plan)
}

/// A row of `people.csv`, and the second record of those who have one.
fn human(files: &mut Files<'_>, world: &World, person: u32) -> io::Result<()> {
    let people = &world.people;
    if matches!(world.parts[person as usize], Part::Nobody | Part::Unlisted) {
        let name = people.name(person);
        let number = number(world, person, 0.6);
        let row = Human { name: &name, aliases: "", number, born: people.born(person).to_string() };
        in_people(files, world, person, Node::Person(person), &row)?;
    }
    if people.is_double(person) {
        let mut draw = world.seed.of("second name", u64::from(person));
        let (surname, own) = (people.surname(person), people.name(person));
        let (name, aliases) = match draw.below(3) {
            0 => (names::nickname(surname, &mut draw), own),
            1 => (own, String::new()),
            _ => (format!("{surname}{}", names::given(&mut draw)), String::new()),
        };
        let born = people.born(person).to_string();
        let known = [10, 7, 4, 0][draw.weighted(&[0.75, 0.1, 0.1, 0.05])];
        let born = born.get(..known).unwrap_or("").to_owned();
        let number = number(world, person, 0.08);
        let row = Human { name: &name, aliases: &aliases, number, born };
        in_people(files, world, person, Node::Double(person), &row)?;
    }
    Ok(())
}

/// What a row of `people.csv` says.
struct Human<'a> {
    name: &'a str,
    aliases: &'a str,
    number: Option<String>,
    born: String,
}

const WORK: [&str; 12] =
    ["个体经营", "工人", "司机", "教师", "务农", "职员", "护士", "厨师", "退休", "保安", "会计", "无业"];

fn in_people(
    files: &mut Files<'_>,
    world: &World,
    person: u32,
    node: Node,
    row: &Human<'_>,
) -> io::Result<()> {
    let mut draw = world.seed.of("work", u64::from(person));
    let household = source(files, world.register(world.county_of(person), Register::Households));
    let name = files.ids.of(node);
    let mut cells = Cells::default();
    cells.plain(name).text(row.name).text(row.aliases).maybe(row.number.as_ref()).plain(&row.born);
    cells.text(&hometown(world, person)).plain(draw.word(&WORK)).plain(household);
    files.people.push(name.key(), cells.row())
}

fn source(files: &Files<'_>, told: Told) -> super::ids::Name {
    files.ids.of(Node::Source(told.source))
}

/// Where somebody's family is from: its district, or elsewhere.
fn hometown(world: &World, person: u32) -> String {
    let first = world.people.siblings(person).map(|other| other.min(person)).min().unwrap_or(person);
    let mut draw = world.seed.of("hometown", u64::from(first));
    match draw.chance(0.85) {
        true => names::place(world.counties + world.people.home(first)),
        false => names::place(20_000 + draw.place(3000)),
    }
}

/// An identity number with its check digit (GB 11643-1999), of an area that does not exist.
fn number(world: &World, person: u32, known: f64) -> Option<String> {
    let mut draw = world.seed.of("number", u64::from(person));
    let (area, serial) = (900_000 + draw.below(99_999), draw.below(1000));
    if !draw.chance(known) {
        return None;
    }
    let (year, month, day) = world.people.born(person).civil();
    let digits = format!("{area:06}{year:04}{month:02}{day:02}{serial:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = digits.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let check = b"10X98765432"[sum as usize % 11] as char;
    Some(format!("{digits}{check}"))
}

/// Wife or husband, the next of the siblings, parents, and some in-laws.
fn kinship(files: &mut Files<'_>, world: &World, person: u32) -> io::Result<()> {
    let people = &world.people;
    let told = world.register(world.county_of(person), Register::Households);
    let row = |a: u32, b: u32| {
        Row::new(TieType::Family, Node::Person(a), Node::Person(b), told).status("confirmed")
    };
    if let Some(spouse) = people.spouse(person).filter(|&spouse| person < spouse) {
        files.add(row(person, spouse).role("spouse"))?;
    }
    for other in people.siblings(person).filter(|&other| person < other) {
        files.add(row(person, other).role("sibling"))?;
    }
    for parent in people.parents(person) {
        files.add(row(parent, person).role("parent"))?;
    }
    if let Some(spouse) = people.spouse(person) {
        for other in people.siblings(spouse) {
            let mut draw = world.seed.of_two("in-law", u64::from(person), u64::from(other));
            if draw.chance(0.15) {
                let told = world.voice(world.county_of(person), &mut draw);
                files.add(row(person, other).role("in_law").told(told))?;
            }
        }
    }
    Ok(())
}

/// Job, account, phone.
fn livelihood(files: &mut Files<'_>, world: &World, person: u32) -> io::Result<()> {
    let county = world.county_of(person);
    let mut draw = world.seed.of("livelihood", u64::from(person));
    let from = Node::Person(person);
    if let Some(company) = world.employer(person) {
        files.add(life::job(world, person, company, &mut draw))?;
    }
    let told = world.register(county, Register::Holders);
    if world.has_account(Node::Person(person)) {
        let object = Node::Account(person);
        let label = format!("{}个人账户", world.people.name(person));
        files.object(
            object,
            "account",
            &label,
            Some(draw.below(10_u64.pow(16)) | 1 << 52),
            None,
            "",
            told,
        )?;
        files.add(Row::new(TieType::Holder, from, object, told))?;
    }
    if world.has_phone(person) {
        let object = Node::Phone(person);
        let number = 13_000_000_000 + draw.below(9_999_999_999 - 3_000_000_000);
        files.object(object, "phone", "手机", Some(number), None, "", told)?;
        files.add(Row::new(TieType::Holder, from, object, told))?;
    }
    Ok(())
}

impl World {
    /// Whether somebody's account is an object in the file.
    pub fn has_account(&self, node: Node) -> bool {
        match node {
            Node::Person(at) => self.seed.of("account", u64::from(at)).chance(self.style.accounts),
            Node::Company(at) => {
                self.seed.of("company account", u64::from(at)).chance(self.style.accounts + 0.2)
            }
            _ => false,
        }
    }

    /// Whether somebody's phone is an object in the file.
    pub fn has_phone(&self, person: u32) -> bool {
        self.seed.of("phone", u64::from(person)).chance(self.style.phones)
    }
}

/// Agencies, gangs, companies.
fn organisations(files: &mut Files<'_>, world: &World) -> io::Result<()> {
    for (at, agency) in world.agencies.iter().enumerate() {
        let name = sources::agency_name(world, at as u32);
        let parent = agency.parent.map(|parent| files.ids.of(Node::Agency(parent)));
        let of = Node::Agency(at as u32);
        let more = (agency.sector.code(), parent, Some(agency.county));
        files.organisation(of, &name, "agency", "", more)?;
    }
    for (at, gang) in world.gangs.iter().enumerate() {
        let mut draw = world.seed.of("gang name", at as u64);
        let name = names::gang(&names::place(world.counties + gang.district), &mut draw);
        let more = ("", None, Some(world.county(gang.district)));
        files.organisation(Node::Gang(at as u32), &name, "gang", gang.class, more)?;
    }
    for (at, company) in world.companies.iter().enumerate() {
        let mut draw = world.seed.of("company name", at as u64);
        let name = names::company(&names::place(world.counties + company.district), &mut draw);
        let more = ("", None, Some(world.county(company.district)));
        files.organisation(Node::Company(at as u32), &name, "company", "", more)?;
    }
    Ok(())
}

/// `officials.csv`, with an earlier post for some, and who is over whom.
fn offices(files: &mut Files<'_>, world: &World) -> io::Result<()> {
    for (at, official) in world.officials.iter().enumerate() {
        let mut draw = world.seed.of("career", at as u64);
        let agency = &world.agencies[official.agency as usize];
        let head = agency.officials.first() == Some(&(at as u32));
        let title = match (head, draw.below(6)) {
            (true, _) => ("负责人", if agency.parent.is_none() { "副处级" } else { "副科级" }),
            (false, 0) => ("副职", "股级"),
            _ => ("科员", "科员级"),
        };
        if draw.chance(0.15) {
            let before = world.agency(agency.county, agency.sector, None);
            let since = official.since.plus(-(400 + draw.below(2000) as i32));
            post(files, world, official.person, before, ("科员", "科员级"), (since, Some(official.since)))?;
        }
        post(files, world, official.person, official.agency, title, (official.since, None))?;
        let over =
            agency.officials.first().filter(|_| !head).map(|&head| world.officials[head as usize].person);
        if let Some(over) = over {
            let told = world.office(official.agency, &mut draw);
            files.add(Row::new(
                TieType::Supervises,
                Node::Person(over),
                Node::Person(official.person),
                told,
            ))?;
        }
    }
    Ok(())
}

fn post(
    files: &mut Files<'_>,
    world: &World,
    person: u32,
    agency: u32,
    (title, rank): (&str, &str),
    (start, end): (Day, Option<Day>),
) -> io::Result<()> {
    let mut draw = world.seed.of("post", u64::from(person));
    let told = world.office(agency, &mut draw);
    let (name, of) = (files.ids.of(Node::Person(person)), files.ids.of(Node::Agency(agency)));
    let county = world.agencies[agency as usize].county;
    let mut cells = Cells::default();
    cells.plain(name).text(&world.people.name(person)).plain("").maybe(number(world, person, 0.6)).plain(of);
    cells.plain(title).plain(rank).plain(start).maybe(end).text(&names::place(county));
    cells.plain(world.people.born(person)).text(&hometown(world, person)).plain(source(files, told));
    files.officials.push(name.key(), cells.row())
}

/// `gang_members.csv`: those whom a list has.
fn members(files: &mut Files<'_>, world: &World) -> io::Result<()> {
    for (at, gang) in world.gangs.iter().enumerate() {
        for member in gang.members.iter().filter(|member| member.listed) {
            let mut draw = world.seed.of("member", u64::from(member.person));
            let police = world.agency(world.county(gang.district), super::world::Sector::Police, None);
            let told = match draw.chance(0.7) {
                true => world.office(police, &mut draw),
                false => world.voice(world.county(gang.district), &mut draw),
            };
            let person = member.person;
            let alias = names::nickname(world.people.surname(person), &mut draw);
            let name = files.ids.of(Node::Person(person));
            let mut cells = Cells::default();
            cells.plain(name).text(&world.people.name(person)).plain(if draw.chance(0.3) {
                &alias
            } else {
                ""
            });
            cells.maybe(number(world, person, 0.6)).plain(files.ids.of(Node::Gang(at as u32)));
            cells.plain(member.role).plain(member.since).plain("").plain(world.people.born(person));
            cells.text(&hometown(world, person)).plain(source(files, told));
            files.members.push(name.key(), cells.row())?;
        }
    }
    Ok(())
}

/// Who owns and directs companies, which accounts they hold, and whose they are said to be.
fn companies(files: &mut Files<'_>, world: &World, plan: &Plan) -> io::Result<()> {
    let planted = holdings::planted(world, plan);
    for (at, company) in world.companies.iter().enumerate() {
        let mut draw = world.seed.of("company register", at as u64);
        let county = world.county(company.district);
        let to = Node::Company(at as u32);
        for holding in holdings::of(world, at as u32, &planted, &mut draw) {
            part(files, world, (at as u32, county), holding, &mut draw)?;
        }
        let told = world.register(county, Register::Holders);
        if world.has_account(to) {
            let object = Node::Account(world.people.count() + at as u32);
            files.object(
                object,
                "account",
                "对公账户",
                Some(draw.below(10_u64.pow(16)) | 1 << 52),
                None,
                "",
                told,
            )?;
            files.add(Row::new(TieType::Holder, to, object, told))?;
        }
        if let Some(gang) = company.gang.filter(|_| draw.chance(0.85)) {
            let police = world.agency(county, super::world::Sector::Police, None);
            let told = world.office(police, &mut draw);
            let status = if draw.chance(0.6) { "confirmed" } else { "suspected" };
            files.add(Row::new(TieType::Controls, Node::Gang(gang), to, told).status(status))?;
        }
    }
    Ok(())
}

/// What the register says of a part in a company, and the dividends that a bank's file has of it.
fn part(
    files: &mut Files<'_>,
    world: &World,
    (company, county): (u32, usize),
    Holding { who, since, role, plan }: Holding,
    draw: &mut Draw,
) -> io::Result<()> {
    let told = world.register(county, Register::Companies);
    let row = |ty| Row::new(ty, Node::Person(who), Node::Company(company), told);
    let row = match role {
        Role::Stake(share) => row(TieType::Ownership).share(share),
        Role::Seat(title) => row(TieType::Directorship).role(title),
        Role::Job => life::job(world, who, company, draw),
    };
    files.add(row.on(since).shows(plan))?;
    // What a planted holder is paid is planted with him.
    if plan.is_none() && matches!(role, Role::Stake(_)) {
        for _ in 0..draw.poisson(DIVIDENDS) {
            files.add(life::dividend(world, company, who, draw))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::chance::Seed;
    use crate::generate::style::STYLES;

    #[test]
    fn numbers_have_their_check_digit_and_belong_to_one() {
        let world = World::found(Seed::new(1), &STYLES[0], 600, 3);
        let numbers: Vec<String> = (0..600).filter_map(|person| number(&world, person, 0.6)).collect();
        assert!((300..420).contains(&numbers.len()));
        for text in &numbers {
            assert_eq!(text.len(), 18);
            let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
            let value = |c: u8| if c == b'X' { 10 } else { u32::from(c - b'0') };
            let sum: u32 = text.bytes().zip(weights).map(|(c, weight)| value(c) * weight).sum();
            assert_eq!(sum % 11, 1, "{text}");
        }
        assert_eq!(number(&world, 7, 1.0), number(&world, 7, 1.0));
    }
}
