//! What stands in the city before anything happens: districts, agencies and their officials,
//! companies, gangs.

use super::chance::{Draw, Seed};
use super::days::{self, Day};
use super::people::People;
pub(super) use super::sector::Sector;
use super::style::Style;

/// An agency, or a district's branch of one.
#[derive(Clone, Debug)]
pub(super) struct Agency {
    pub sector: Sector,
    pub county: usize,
    /// The district of a branch.
    pub district: Option<usize>,
    /// The agency a branch is of.
    pub parent: Option<u32>,
    /// Its people, the head first, by number of official.
    pub officials: Vec<u32>,
    /// Their workloads added up.
    loads: Vec<f64>,
}

/// Somebody in office.
#[derive(Clone, Debug)]
pub(super) struct Official {
    pub person: u32,
    pub agency: u32,
    pub since: Day,
}

/// A company.
#[derive(Clone, Debug)]
pub(super) struct Company {
    pub district: usize,
    pub owner: u32,
    pub director: u32,
    /// How much business it has, beside others.
    pub size: f32,
    /// The gang it is a front of.
    pub gang: Option<u32>,
}

/// Somebody in a gang.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub person: u32,
    pub role: &'static str,
    /// Whether a list has him.
    pub listed: bool,
    pub since: Day,
}

/// A gang.
#[derive(Clone, Debug)]
pub(super) struct Gang {
    pub district: usize,
    pub class: &'static str,
    pub members: Vec<Member>,
    pub fronts: Vec<u32>,
}

/// What somebody is, for the table he stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Nobody,
    Official,
    Listed,
    Unlisted,
}

/// A city at rest.
pub(super) struct World {
    pub seed: Seed,
    pub style: &'static Style,
    pub people: People,
    /// The county of each district.
    pub districts: Vec<usize>,
    pub counties: usize,
    pub agencies: Vec<Agency>,
    pub officials: Vec<Official>,
    pub companies: Vec<Company>,
    pub gangs: Vec<Gang>,
    /// Accountants and lawyers, by county.
    pub hubs: Vec<Vec<u32>>,
    pub parts: Vec<Part>,
    /// Companies by county, with their sizes added up.
    by_county: Vec<(Vec<u32>, Vec<f64>)>,
}

/// Districts in a county.
const DISTRICTS: usize = 8;
/// People in a county, at most.
const COUNTY: u32 = 50_000;
/// Share of people who hold office.
const OFFICE: f64 = 0.04;
/// People for each company.
const COMPANY: u32 = 20;

impl World {
    /// Founds a city.
    pub fn found(seed: Seed, style: &'static Style, count: u32, gangs: u32) -> Self {
        let counties = count.div_ceil(COUNTY).max(1) as usize;
        let in_county = (count / counties as u32 / style.district).clamp(2, DISTRICTS as u32) as usize;
        let districts: Vec<usize> = (0..counties * in_county).map(|at| at / in_county).collect();
        let people = People::settle(seed, count, districts.len(), style);
        let parts = vec![Part::Nobody; count as usize];
        let mut world = Self {
            seed,
            style,
            people,
            districts,
            counties,
            agencies: Vec::new(),
            officials: Vec::new(),
            companies: Vec::new(),
            gangs: Vec::new(),
            hubs: Vec::new(),
            parts,
            by_county: Vec::new(),
        };
        world.agencies();
        world.appoint();
        world.companies();
        (0..gangs).for_each(|gang| world.gang(gang));
        world.sum_up();
        world.hubs();
        world
    }

    /// The county of a district.
    pub fn county(&self, district: usize) -> usize {
        self.districts[district]
    }

    /// The county somebody lives in.
    pub fn county_of(&self, person: u32) -> usize {
        self.county(self.people.home(person))
    }

    fn districts_of(&self, county: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.districts.len()).filter(move |&district| self.districts[district] == county)
    }

    /// The county's agencies, and branches for each district.
    fn agencies(&mut self) {
        for county in 0..self.counties {
            let districts: Vec<usize> = self.districts_of(county).collect();
            for sector in Sector::ALL {
                let head = self.agencies.len() as u32;
                let new = |district, parent| Agency {
                    sector,
                    county,
                    district,
                    parent,
                    officials: vec![],
                    loads: vec![],
                };
                self.agencies.push(new(None, None));
                if sector.branch().is_some() {
                    self.agencies.extend(districts.iter().map(|&at| new(Some(at), Some(head))));
                }
            }
        }
    }

    /// The agency of a sector in a county, or its branch in a district.
    pub fn agency(&self, county: usize, sector: Sector, district: Option<usize>) -> u32 {
        let wanted = |agency: &Agency| {
            agency.county == county && agency.sector == sector && agency.district == district
        };
        let each = self.agencies.len() / self.counties.max(1);
        let of_county = self.agencies.iter().enumerate().skip(county * each).take(each);
        of_county.filter(|(_, agency)| wanted(agency)).map(|(at, _)| at as u32).next().unwrap_or(0)
    }

    /// Puts 4% of the people of working age into office.
    fn appoint(&mut self) {
        let count = self.people.count();
        let mut fit: Vec<u32> = (0..count)
            .filter(|&person| {
                (days::first_of(1958)..days::first_of(1990)).contains(&self.people.born(person))
            })
            .collect();
        self.seed.of("office", 0).shuffle(&mut fit);
        let wanted = (f64::from(count) * OFFICE) as usize;
        for (at, &person) in fit.iter().take(wanted).enumerate() {
            let mut draw = self.seed.of("appointed", at as u64);
            let sector = Sector::ALL[draw.weighted(&Sector::ALL.map(Sector::share))];
            let county = match draw.chance(0.8) {
                true => self.county_of(person),
                false => draw.place(self.counties),
            };
            let branch = sector.branch().is_some() && draw.chance(0.7);
            let district = branch.then(|| {
                let all: Vec<usize> = self.districts_of(county).collect();
                all[draw.place(all.len())]
            });
            let agency = self.agency(county, sector, district);
            let since = days::first_of(2006).plus(draw.below(9 * 365) as i32);
            let load = draw.lognormal(1.0, 0.6);
            let office = &mut self.agencies[agency as usize];
            let sum = office.loads.last().copied().unwrap_or(0.0);
            office.officials.push(self.officials.len() as u32);
            office.loads.push(sum + load);
            self.officials.push(Official { person, agency, since });
            self.parts[person as usize] = Part::Official;
        }
    }

    fn companies(&mut self) {
        let count = (self.people.count() / COMPANY).max(self.counties as u32 * 4);
        for at in 0..count {
            let mut draw = self.seed.of("company", u64::from(at));
            let district = draw.place(self.districts.len());
            let owner = self.private(district, &mut draw);
            let director = if draw.chance(0.6) { owner } else { self.private(district, &mut draw) };
            let size = draw.lognormal(1.0, 1.1) as f32;
            self.companies.push(Company { district, owner, director, size, gang: None });
        }
    }

    /// Somebody of a district without an office.
    pub fn private(&self, district: usize, draw: &mut Draw) -> u32 {
        let one = |draw: &mut Draw| self.people.of_district(district, draw);
        let mut person = one(draw);
        for _ in 0..20 {
            if self.parts[person as usize] != Part::Official {
                break;
            }
            person = one(draw);
        }
        person
    }

    /// A boss, a fifth lieutenants, members; exponential in size, at least five.
    fn gang(&mut self, number: u32) {
        let mut draw = self.seed.of("gang", u64::from(number));
        let district = draw.place(self.districts.len());
        let size = 5 + draw.exponential(self.style.gang) as u32;
        let class = ["criminal_syndicate", "criminal_group", "gang"];
        let class = class[draw.weighted(&[0.25, 0.35, 0.4])];
        let since = days::first_of(2012);
        self.gangs.push(Gang { district, class, members: vec![], fronts: vec![] });
        for at in 0..size {
            let near = draw.chance(0.75);
            let place = if near { district } else { draw.place(self.districts.len()) };
            let brother = self.gangs[number as usize].members.last().map(|last| last.person);
            let brother = brother.and_then(|last| self.people.siblings(last).next());
            let person = match brother.filter(|_| draw.chance(0.12)) {
                Some(brother) => brother,
                None => self.private(place, &mut draw),
            };
            let role = match at {
                0 => "leader",
                at if at <= size / 5 => "core",
                _ if draw.chance(0.15) => "associate",
                _ => "member",
            };
            let since = since.plus(draw.below(5 * 365) as i32);
            let unlisted = at > 0 && draw.chance(self.style.unlisted);
            self.join(number, Member { person, role, listed: !unlisted, since });
        }
        self.fronts(number, &mut draw);
    }

    /// Makes somebody a member, if he is free.
    pub fn join(&mut self, gang: u32, member: Member) -> bool {
        let part = &mut self.parts[member.person as usize];
        if *part != Part::Nobody {
            return false;
        }
        *part = if member.listed { Part::Listed } else { Part::Unlisted };
        self.gangs[gang as usize].members.push(member);
        true
    }

    /// One to four companies, in the hands of members or of their kin.
    fn fronts(&mut self, number: u32, draw: &mut Draw) {
        let district = self.gangs[number as usize].district;
        for _ in 0..draw.range(1, 4) {
            let near = |company: &Company| self.districts[company.district] == self.districts[district];
            let at = (0..40).map(|_| draw.place(self.companies.len()));
            let free = |at: &usize| self.companies[*at].gang.is_none() && near(&self.companies[*at]);
            let Some(company) = at.collect::<Vec<_>>().into_iter().find(free) else { continue };
            let members = &self.gangs[number as usize].members;
            let Some(holder) = draw.pick(&members[..members.len().min(5)]).map(|member| member.person) else {
                continue;
            };
            let kin = self.people.kin(holder);
            let straw = kin.iter().map(|kin| kin.person).find(|&p| self.parts[p as usize] == Part::Nobody);
            let owner = straw.filter(|_| draw.chance(0.35)).unwrap_or(holder);
            let front = &mut self.companies[company];
            (front.owner, front.gang) = (owner, Some(number));
            front.size = front.size.clamp(0.5, 4.0);
            if draw.chance(0.5) {
                front.director = holder;
            }
            self.gangs[number as usize].fronts.push(company as u32);
        }
    }

    fn sum_up(&mut self) {
        self.by_county = vec![Default::default(); self.counties];
        for (at, company) in self.companies.iter().enumerate() {
            let (list, sums) = &mut self.by_county[self.districts[company.district]];
            list.push(at as u32);
            sums.push(sums.last().copied().unwrap_or(0.0) + f64::from(company.size));
        }
    }

    fn hubs(&mut self) {
        let [least, most] = self.style.hubs;
        for county in 0..self.counties {
            let mut draw = self.seed.of("hubs", county as u64);
            let districts: Vec<usize> = self.districts_of(county).collect();
            let hubs = (0..draw.range(least, most))
                .map(|_| self.private(districts[draw.place(districts.len())], &mut draw))
                .filter(|&person| self.parts[person as usize] == Part::Nobody);
            self.hubs.push(hubs.collect());
        }
    }

    /// A company of a county, the large sooner.
    pub fn business(&self, county: usize, draw: &mut Draw) -> Option<u32> {
        let (list, sums) = self.by_county.get(county)?;
        let wanted = draw.unit() * sums.last()?;
        list.get(sums.partition_point(|sum| *sum <= wanted)).copied()
    }

    /// Where somebody works: a company, for not quite half of those without an office.
    pub fn employer(&self, person: u32) -> Option<u32> {
        let mut draw = self.seed.of("job", u64::from(person));
        let works = self.parts[person as usize] != Part::Official && draw.chance(0.45);
        if works { self.business(self.county_of(person), &mut draw) } else { None }
    }

    /// Whoever of an agency gets the next piece of work, the busy sooner.
    pub fn on_duty(&self, agency: u32, draw: &mut Draw) -> Option<u32> {
        let agency = &self.agencies[agency as usize];
        let wanted = draw.unit() * agency.loads.last()?;
        agency.officials.get(agency.loads.partition_point(|sum| *sum <= wanted)).copied()
    }

    /// Whoever of a sector gets a matter of this district: of the branch sooner than of the head office.
    pub fn duty(&self, sector: Sector, district: usize, draw: &mut Draw) -> Option<u32> {
        let county = self.county(district);
        let branch = sector.branch().is_some() && draw.chance(0.75);
        let first = self.agency(county, sector, branch.then_some(district));
        self.on_duty(first, draw).or_else(|| self.on_duty(self.agency(county, sector, None), draw))
    }

    /// The sector of an official.
    pub fn sector(&self, official: u32) -> Sector {
        self.agencies[self.officials[official as usize].agency as usize].sector
    }

    /// The county of an official's agency.
    pub fn office_county(&self, official: u32) -> usize {
        self.agencies[self.officials[official as usize].agency as usize].county
    }

    /// A member of a gang, those at its head sooner.
    pub fn member(&self, gang: u32, draw: &mut Draw) -> u32 {
        let members = &self.gangs[gang as usize].members;
        let at = (draw.unit() * draw.unit() * members.len() as f64) as usize;
        members.get(at).map_or(0, |member| member.person)
    }

    /// Somebody whom a person meets: mostly of his own small round, mostly of his district.
    pub fn acquaintance(&self, person: u32, draw: &mut Draw) -> u32 {
        let mut fixed = match draw.chance(0.5) {
            true => self.seed.of_two("round", u64::from(person), draw.below(6)),
            false => draw.clone(),
        };
        draw.next();
        let home = self.people.home(person);
        let district = if fixed.chance(self.style.home) {
            home
        } else {
            let county = if fixed.chance(0.8) { self.county(home) } else { fixed.place(self.counties) };
            let each = self.districts.len() / self.counties;
            county * each + fixed.place(each)
        };
        self.people.active(district, &mut fixed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::style::STYLES;

    #[test]
    fn a_city_has_what_the_parameters_say() {
        let world = World::found(Seed::new(4), &STYLES[0], 6000, 16);
        assert_eq!((world.officials.len(), world.gangs.len(), world.counties), (240, 16, 1));
        assert_eq!(world.companies.len(), 300);
        let sizes: Vec<usize> = world.gangs.iter().map(|gang| gang.members.len()).collect();
        let mean = sizes.iter().sum::<usize>() as f64 / 16.0;
        assert!((7.0..17.0).contains(&mean), "{mean}");
        for gang in &world.gangs {
            assert_eq!(gang.members[0].role, "leader");
            assert!((1..=4).contains(&gang.fronts.len()), "{}", gang.fronts.len());
            for member in &gang.members {
                assert!(matches!(world.parts[member.person as usize], Part::Listed | Part::Unlisted));
            }
        }
        assert!((3..=9).contains(&world.hubs[0].len()));
        for sector in Sector::ALL {
            assert!((0..240).any(|official| world.sector(official) == sector), "{sector:?}");
        }
    }

    #[test]
    fn large_cities_have_counties_and_work_stays_in_them() {
        let world = World::found(Seed::new(4), &STYLES[0], 120_000, 60);
        assert_eq!(world.counties, 3);
        for at in 0..500 {
            let mut draw = Seed::new(1).of("duty", at);
            let district = draw.place(world.districts.len());
            let official = world.duty(Sector::Police, district, &mut draw).unwrap();
            assert_eq!(world.office_county(official), world.county(district));
        }
    }
}
