//! The people: two generations in households, marriages, homes, activity, and who is kin to whom.
//!
//! Kept in a few compact columns; what belongs to one person alone (name, birth, job) is computed
//! from his number when it is asked for.

use super::chance::{Draw, Seed};
use super::days::{self, Day};
use super::names;
use super::style::Style;

/// Nobody, nowhere.
const NONE: u32 = u32::MAX;
/// Share of people who are of the parents' generation.
const OLDER: f64 = 0.35;

/// How somebody is kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kin {
    /// Who.
    pub person: u32,
    /// By how many steps.
    pub steps: u8,
}

/// All people of a city, by number.
pub(super) struct People {
    seed: Seed,
    count: u32,
    older: u32,
    /// The first and last of each family of siblings, and its parents.
    families: Vec<Family>,
    family: Vec<u32>,
    spouse: Vec<u32>,
    /// The family that somebody is a parent of.
    children: Vec<u32>,
    /// The district somebody lives in.
    home: Vec<u16>,
    /// People by district, with their activity added up.
    by_home: Vec<u32>,
    summed: Vec<f32>,
    starts: Vec<u32>,
    doubles: f64,
}

/// Brothers and sisters.
#[derive(Clone, Copy)]
struct Family {
    first: u32,
    len: u8,
    parents: [u32; 2],
}

impl People {
    /// Settles so many people in so many districts.
    pub fn settle(seed: Seed, count: u32, districts: usize, style: &Style) -> Self {
        let older = (f64::from(count) * OLDER) as u32;
        let mut people = Self {
            seed,
            count,
            older,
            families: Vec::new(),
            family: Vec::with_capacity(count as usize),
            spouse: vec![NONE; count as usize],
            children: vec![NONE; count as usize],
            home: vec![0; count as usize],
            by_home: Vec::new(),
            summed: Vec::new(),
            starts: Vec::new(),
            doubles: style.doubles[0],
        };
        people.bear();
        people.marry(0, older);
        people.marry(older, count);
        people.adopt();
        people.house(districts);
        people.file(districts, style);
        people
    }

    /// Families of one to five siblings.
    fn bear(&mut self) {
        let mut at = 0;
        while at < self.count {
            let mut draw = self.seed.of("siblings", u64::from(at));
            let wanted = draw.weighted(&[0.35, 0.3, 0.2, 0.1, 0.05]) as u32 + 1;
            // No family has brothers in both generations.
            let end = if at < self.older { self.older } else { self.count };
            let len = wanted.min(end - at);
            let number = self.families.len() as u32;
            self.families.push(Family { first: at, len: len as u8, parents: [NONE; 2] });
            self.family.extend((0..len).map(|_| number));
            at += len;
        }
    }

    /// Three in four marry, within their generation and outside their family.
    fn marry(&mut self, from: u32, to: u32) {
        let mut order: Vec<u32> = (from..to).collect();
        self.seed.of("marry", u64::from(from)).shuffle(&mut order);
        for pair in order.chunks_exact(2) {
            let (a, b) = (pair[0] as usize, pair[1] as usize);
            if self.family[a] != self.family[b] && self.seed.of("wed", u64::from(pair[0])).chance(0.78) {
                (self.spouse[a], self.spouse[b]) = (pair[1], pair[0]);
            }
        }
    }

    /// Couples of the older generation become parents of families of the younger.
    fn adopt(&mut self) {
        let mut couples: Vec<u32> = (0..self.older)
            .filter(|&p| self.spouse[p as usize] != NONE && p < self.spouse[p as usize])
            .collect();
        self.seed.of("adopt", 0).shuffle(&mut couples);
        let first = self.families.partition_point(|family| family.first < self.older);
        for (family, couple) in (first..self.families.len()).zip(couples) {
            let other = self.spouse[couple as usize];
            self.families[family].parents = [couple, other];
            self.children[couple as usize] = family as u32;
            self.children[other as usize] = family as u32;
        }
    }

    /// Siblings mostly stay, couples live together.
    fn house(&mut self, districts: usize) {
        for person in 0..self.count {
            let family = u64::from(self.family[person as usize]);
            let mut own = self.seed.of("home", u64::from(person));
            let place = |draw: &mut Draw| draw.place(districts) as u16;
            self.home[person as usize] = match own.chance(0.75) {
                true => place(&mut self.seed.of("family home", family)),
                false => place(&mut own),
            };
        }
        for person in 0..self.count as usize {
            let spouse = self.spouse[person];
            if spouse != NONE && (person as u32) < spouse {
                self.home[spouse as usize] = self.home[person];
            }
        }
    }

    /// The register by district.
    fn file(&mut self, districts: usize, style: &Style) {
        let mut counts = vec![0_u32; districts + 1];
        self.home.iter().for_each(|home| counts[*home as usize + 1] += 1);
        for at in 1..counts.len() {
            counts[at] += counts[at - 1];
        }
        self.starts = counts.clone();
        self.by_home = vec![0; self.count as usize];
        for person in 0..self.count {
            let slot = &mut counts[self.home[person as usize] as usize];
            self.by_home[*slot as usize] = person;
            *slot += 1;
        }
        let activity =
            |person: &u32| self.seed.of("activity", u64::from(*person)).lognormal(1.0, style.activity) as f32;
        let mut summed: Vec<f32> = self.by_home.iter().map(activity).collect();
        for district in 0..districts {
            let range = self.starts[district] as usize..self.starts[district + 1] as usize;
            let mut sum = 0.0;
            for weight in &mut summed[range] {
                sum += *weight;
                *weight = sum;
            }
        }
        self.summed = summed;
    }

    pub fn count(&self) -> u32 {
        self.count
    }

    /// The district somebody lives in.
    pub fn home(&self, person: u32) -> usize {
        self.home[person as usize] as usize
    }

    /// Somebody who lives in a district.
    pub fn of_district(&self, district: usize, draw: &mut Draw) -> u32 {
        let (first, last) = (self.starts[district], self.starts[district + 1]);
        match last.checked_sub(first) {
            Some(0) | None => draw.below(u64::from(self.count)) as u32,
            Some(len) => self.by_home[(first + draw.below(u64::from(len)) as u32) as usize],
        }
    }

    /// Somebody of a district, the active sooner.
    pub fn active(&self, district: usize, draw: &mut Draw) -> u32 {
        let range = self.starts[district] as usize..self.starts[district + 1] as usize;
        let summed = &self.summed[range.clone()];
        let Some(total) = summed.last() else { return draw.below(u64::from(self.count)) as u32 };
        let wanted = draw.unit() as f32 * total;
        let at = summed.partition_point(|sum| *sum <= wanted).min(summed.len() - 1);
        self.by_home[range.start + at]
    }

    /// Husband or wife.
    pub fn spouse(&self, person: u32) -> Option<u32> {
        Some(self.spouse[person as usize]).filter(|&spouse| spouse != NONE)
    }

    /// Father and mother, where they are in the file.
    pub fn parents(&self, person: u32) -> impl Iterator<Item = u32> + use<> {
        self.families[self.family[person as usize] as usize].parents.into_iter().filter(|&p| p != NONE)
    }

    /// Brothers and sisters.
    pub fn siblings(&self, person: u32) -> impl Iterator<Item = u32> + use<> {
        self.members(self.family[person as usize]).filter(move |&other| other != person)
    }

    /// Sons and daughters.
    pub fn children(&self, person: u32) -> impl Iterator<Item = u32> + use<> {
        let family = self.children[person as usize];
        let none = family == NONE;
        self.members(if none { 0 } else { family }).filter(move |_| !none)
    }

    fn members(&self, family: u32) -> std::ops::Range<u32> {
        let family = self.families[family as usize];
        family.first..family.first + u32::from(family.len)
    }

    /// Kin of one step, then in-laws of two: through wife or husband, and the wives and husbands of
    /// brothers and children.
    pub fn kin(&self, person: u32) -> Vec<Kin> {
        let near = |p: u32| {
            self.spouse(p).into_iter().chain(self.parents(p)).chain(self.siblings(p)).chain(self.children(p))
        };
        let mut kin: Vec<Kin> = near(person).map(|person| Kin { person, steps: 1 }).collect();
        let first: Vec<u32> = kin.iter().map(|kin| kin.person).collect();
        let by_spouse = self.spouse(person).into_iter().flat_map(near);
        let of_others = first.iter().filter_map(|&p| self.spouse(p));
        for other in by_spouse.chain(of_others) {
            if other != person && kin.iter().all(|known| known.person != other) {
                kin.push(Kin { person: other, steps: 2 });
            }
        }
        kin
    }

    /// Whether somebody stands in the file twice.
    pub fn is_double(&self, person: u32) -> bool {
        self.seed.of("double", u64::from(person)).chance(self.doubles)
    }

    /// The day of birth.
    pub fn born(&self, person: u32) -> Day {
        let mut draw = self.seed.of("born", u64::from(person));
        let (first, last) = if person < self.older { (1942, 1964) } else { (1966, 1994) };
        Day(days::first_of(first).0
            + draw.below(u64::from(days::first_of(last).0.abs_diff(days::first_of(first).0))) as i32)
    }

    /// The surname: the father's where he is in the file.
    pub fn surname(&self, person: u32) -> &'static str {
        match self.parents(person).next() {
            Some(father) => self.surname(father),
            None => names::surname(&mut self.seed.of("surname", u64::from(self.family[person as usize]))),
        }
    }

    /// The name.
    pub fn name(&self, person: u32) -> String {
        let given = names::given(&mut self.seed.of("given", u64::from(person)));
        format!("{}{given}", self.surname(person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::style::STYLES;

    fn people(count: u32) -> People {
        People::settle(Seed::new(5), count, 4, &STYLES[0])
    }

    #[test]
    fn kinship_goes_both_ways() {
        let people = people(3000);
        for person in 0..people.count() {
            if let Some(spouse) = people.spouse(person) {
                assert_eq!(people.spouse(spouse), Some(person));
                assert_eq!(people.home(spouse), people.home(person));
                assert!(!people.siblings(person).any(|sibling| sibling == spouse));
            }
            assert!(people.siblings(person).all(|other| people.siblings(other).any(|p| p == person)));
            assert!(people.children(person).all(|child| people.parents(child).any(|p| p == person)));
            assert!(people.parents(person).all(|parent| people.born(parent) < people.born(person)));
            assert!(people.kin(person).iter().all(|kin| kin.person != person));
        }
        let married = (0..3000).filter(|&p| people.spouse(p).is_some()).count();
        assert!((2000..2600).contains(&married), "{married}");
        let with_parents = (0..3000).filter(|&p| people.parents(p).next().is_some()).count();
        assert!(with_parents > 600, "{with_parents}");
    }

    #[test]
    fn the_active_are_met_more_often() {
        let people = people(2000);
        let mut met = vec![0; 2000];
        for at in 0..20_000 {
            let mut draw = Seed::new(2).of("met", at);
            let person = people.active(1, &mut draw);
            assert_eq!(people.home(person), 1);
            met[person as usize] += 1;
        }
        met.sort_unstable();
        let top: i32 = met.iter().rev().take(50).sum();
        assert!(top > 4000, "the most active tenth of a district has a third of its contacts: {top}");
    }
}
