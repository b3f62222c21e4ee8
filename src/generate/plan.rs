//! Who shields whom, by what, and who only looks as if he did.

use super::chance::Draw;
use super::days;
use super::world::{Member, Part, Sector, World};

/// Makes a closed set of codes.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant,)+];

            /// As the truth file has it.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.code() == code)
            }
        }
    };
}

codes! {
    /// How an umbrella works.
    Mechanism {
        /// A relative in the gang's company.
        KinFront = "kin_front",
        /// Money over go-betweens.
        MoneyChain = "money_chain",
        /// The gang's cases decided its way.
        CaseFavour = "case_favour",
        /// Word before raids.
        RaidLeak = "raid_leak",
        /// Permits and inspections.
        LicenceFavour = "licence_favour",
        /// Reports closed as unfounded.
        SignOff = "sign_off",
        /// People say so.
        Allegation = "allegation",
        /// A place between gang and agencies.
        Broker = "broker",
    }
}

codes! {
    /// Why an innocent pair looks bad.
    Reading {
        /// A relative with an ordinary job at the gang's company.
        OrdinaryJob = "ordinary_job",
        /// The same, and he steps aside from the gang's cases.
        Recusal = "recusal",
        /// Money through an accountant or lawyer with many clients.
        Hub = "hub",
        /// A brother in the gang, and nothing else.
        GangKin = "gang_kin",
        /// Lenient with everybody.
        LenientWithAll = "lenient_with_all",
        /// Gets many of the gang's cases and decides them strictly.
        HonestJudge = "honest_judge",
        /// The gang's home is his beat.
        BeatOfficer = "beat_officer",
        /// An informant's handler.
        Handler = "handler",
        /// A light hand with every company.
        LightOffice = "light_office",
        /// The reports that he closed were baseless.
        BaselessLeads = "baseless_leads",
        /// One angry person who writes often.
        Slander = "slander",
        /// Rumour that settles on a visible man.
        Rumour = "rumour",
        /// Ninety contacts, some of them the gang's.
        Popular = "popular",
    }
}

impl Mechanism {
    /// The sectors that can work it.
    fn sectors(self) -> &'static [Sector] {
        match self {
            Self::CaseFavour => &Sector::LAW,
            Self::RaidLeak => {
                &[Sector::Police, Sector::Police, Sector::Procuratorate, Sector::Market, Sector::Government]
            }
            Self::LicenceFavour => &Sector::PERMITS,
            Self::SignOff => &Sector::CHECKS,
            _ => &Sector::ALL,
        }
    }
}

impl Reading {
    /// The sectors in which it happens.
    fn sectors(self) -> &'static [Sector] {
        match self {
            Self::LenientWithAll => &Sector::LAW,
            Self::HonestJudge => &[Sector::Court, Sector::Procuratorate, Sector::Police],
            Self::BeatOfficer | Self::Handler => &[Sector::Police],
            Self::LightOffice => &Sector::PERMITS,
            Self::BaselessLeads => &Sector::CHECKS,
            _ => &Sector::ALL,
        }
    }
}

/// A pair of official and gang that something is planted for.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub official: u32,
    pub gang: u32,
    /// Empty for an innocent pair.
    pub mechanisms: Vec<Mechanism>,
    /// Of an innocent pair.
    pub reading: Option<Reading>,
    /// Who stands in for the official.
    pub end: u32,
    /// Whether he is a friend, and not kin.
    pub friend: bool,
    /// Whether the official is in touch with the gang himself.
    pub direct: bool,
    /// How strongly it is worked.
    pub force: f64,
}

impl Pair {
    pub fn works(&self, mechanism: Mechanism) -> bool {
        self.mechanisms.contains(&mechanism)
    }

    pub fn looks(&self, reading: Reading) -> bool {
        self.reading == Some(reading)
    }
}

/// What is planted in a city.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub pairs: Vec<Pair>,
    of_gang: Vec<Vec<usize>>,
    lenient: Vec<u32>,
    light: Vec<u32>,
    /// Pairs that were wanted, for which nobody was free.
    pub unplaced: u32,
}

/// What to plant.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub mechanisms: Vec<Mechanism>,
    pub umbrella: f64,
    pub decoys: f64,
}

impl Plan {
    /// Plants a city. Some innocent readings make somebody's brother a member.
    pub fn plant(world: &mut World, wish: &Wish) -> Self {
        let mut plan = Self { of_gang: vec![Vec::new(); world.gangs.len()], ..Self::default() };
        for gang in 0..world.gangs.len() as u32 {
            let mut draw = world.seed.of("umbrella", u64::from(gang));
            if draw.chance(wish.umbrella) && !wish.mechanisms.is_empty() {
                plan.umbrella(world, wish, gang, &mut draw);
                if draw.chance(world.style.second) {
                    plan.umbrella(world, wish, gang, &mut draw);
                }
            }
        }
        let base =
            if plan.pairs.is_empty() { world.gangs.len() as f64 * 0.9 } else { plan.pairs.len() as f64 };
        let wanted = libm::round(base * wish.decoys) as usize;
        // Every reading and, in turn, every agency that it may happen in.
        let turn = world.seed.of("decoy turn", 0).next();
        for at in 0..wanted as u64 {
            plan.decoy(world, at, at.wrapping_add(turn % 97));
        }
        plan.lenient = plan.officials(Reading::LenientWithAll);
        plan.light = plan.officials(Reading::LightOffice);
        plan
    }

    fn officials(&self, reading: Reading) -> Vec<u32> {
        let mut all: Vec<u32> =
            self.pairs.iter().filter(|pair| pair.looks(reading)).map(|pair| pair.official).collect();
        all.sort_unstable();
        all
    }

    /// What is planted around a gang.
    pub fn of(&self, gang: u32) -> impl Iterator<Item = (usize, &Pair)> {
        self.of_gang[gang as usize].iter().map(|&at| (at, &self.pairs[at]))
    }

    /// Whether somebody is lenient with all.
    pub fn is_lenient(&self, official: u32) -> bool {
        self.lenient.binary_search(&official).is_ok()
    }

    /// Whether somebody has a light hand with all.
    pub fn is_light(&self, official: u32) -> bool {
        self.light.binary_search(&official).is_ok()
    }

    fn push(&mut self, pair: Pair) {
        self.of_gang[pair.gang as usize].push(self.pairs.len());
        self.pairs.push(pair);
    }

    fn taken(&self, official: u32, gang: u32) -> bool {
        self.of(gang).any(|(_, pair)| pair.official == official)
    }

    fn umbrella(&mut self, world: &World, wish: &Wish, gang: u32, draw: &mut Draw) {
        let able = |official: u32| -> Vec<Mechanism> {
            let sector = world.sector(official);
            wish.mechanisms.iter().copied().filter(|m| m.sectors().contains(&sector)).collect()
        };
        let again = self.pairs.get(draw.place(self.pairs.len())).map(|pair| pair.official);
        let again = again.filter(|_| draw.chance(world.style.again));
        for at in 0..60 {
            let official = match again.filter(|_| at == 0) {
                Some(official) => official,
                None => someone(world, gang, draw),
            };
            let able = able(official);
            if able.is_empty() || self.taken(official, gang) {
                continue;
            }
            let mechanisms = mix(world, able, draw);
            let (end, friend) = stand_in(world, official, draw);
            let force = world.style.force * draw.lognormal(1.0, 0.3);
            let direct = draw.chance(world.style.direct);
            let reading = None;
            self.push(Pair { official, gang, mechanisms, reading, end, friend, direct, force });
            return;
        }
        self.unplaced += 1;
    }

    fn decoy(&mut self, world: &mut World, at: u64, turn: u64) {
        let mut draw = world.seed.of("decoy", at);
        let reading = Reading::ALL[(turn % Reading::ALL.len() as u64) as usize];
        let sectors = reading.sectors();
        let sector = sectors[((turn / Reading::ALL.len() as u64 + turn % Reading::ALL.len() as u64)
            % sectors.len() as u64) as usize];
        for _ in 0..80 {
            let gang = draw.place(world.gangs.len()) as u32;
            let district = world.gangs[gang as usize].district;
            let beat = reading == Reading::BeatOfficer;
            let found = match beat {
                true => {
                    let station = world.agency(world.county(district), sector, Some(district));
                    world.on_duty(station, &mut draw)
                }
                false => {
                    let branch = sector.branch().is_some() && draw.chance(0.6);
                    let agency = world.agency(world.county(district), sector, branch.then_some(district));
                    let office = &world.agencies[agency as usize].officials;
                    draw.pick(office).copied()
                }
            };
            let Some(official) = found.filter(|&official| !self.busy(official)) else { continue };
            let (end, friend) = stand_in(world, official, &mut draw);
            let by_kin = matches!(reading, Reading::OrdinaryJob | Reading::Recusal | Reading::GangKin);
            if by_kin && friend || reading == Reading::GangKin && !enlist(world, gang, end, &mut draw) {
                continue;
            }
            let force = draw.lognormal(1.0, 0.3);
            let pair = Pair {
                official,
                gang,
                mechanisms: vec![],
                reading: Some(reading),
                end,
                friend,
                direct: true,
                force,
            };
            self.push(pair);
            return;
        }
        self.unplaced += 1;
    }

    fn busy(&self, official: u32) -> bool {
        self.pairs.iter().any(|pair| pair.official == official)
    }
}

/// An official who might shield a gang: nine in ten of its county; two in five from police,
/// prosecution, court or prisons (published: some 60% were not).
fn someone(world: &World, gang: u32, draw: &mut Draw) -> u32 {
    let home = world.county(world.gangs[gang as usize].district);
    let county = if draw.chance(0.92) { home } else { draw.place(world.counties) };
    let law = draw.chance(0.4);
    for _ in 0..400 {
        let official = draw.place(world.officials.len()) as u32;
        let fits = Sector::LAW.contains(&world.sector(official)) == law;
        if fits && world.office_county(official) == county {
            return official;
        }
    }
    draw.place(world.officials.len()) as u32
}

/// Two to four mechanisms, by the style's mix.
fn mix(world: &World, mut able: Vec<Mechanism>, draw: &mut Draw) -> Vec<Mechanism> {
    let wanted = 2 + draw.weighted(&world.style.together);
    let mut chosen = Vec::new();
    while chosen.len() < wanted && !able.is_empty() {
        let weights: Vec<f64> = able.iter().map(|m| world.style.mechanisms[*m as usize]).collect();
        chosen.push(able.remove(draw.weighted(&weights)));
    }
    chosen.sort_unstable();
    chosen
}

/// Kin who may stand in for an official, or else a friend.
fn stand_in(world: &World, official: u32, draw: &mut Draw) -> (u32, bool) {
    let person = world.officials[official as usize].person;
    let free = |p: &u32| world.parts[*p as usize] == Part::Nobody;
    let kin: Vec<u32> = world.people.kin(person).iter().map(|kin| kin.person).filter(free).collect();
    if let Some(&kin) = draw.pick(&kin).filter(|_| draw.chance(0.85)) {
        return (kin, false);
    }
    let friend = (0..40).map(|_| world.acquaintance(person, draw)).find(|p| free(p) && *p != person);
    (friend.unwrap_or(person), true)
}

/// Makes somebody's kin a listed member.
fn enlist(world: &mut World, gang: u32, person: u32, draw: &mut Draw) -> bool {
    let since = days::first_of(2013).plus(draw.below(1000) as i32);
    world.join(gang, Member { person, role: "member", listed: true, since })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::chance::Seed;
    use crate::generate::style::STYLES;
    use std::collections::BTreeSet;

    pub(super) fn planted(seed: u64) -> (World, Plan) {
        let style = &STYLES[0];
        let mut world = World::found(Seed::new(seed), style, 6000, 16);
        let wish =
            Wish { mechanisms: Mechanism::ALL.to_vec(), umbrella: style.umbrella, decoys: style.decoys };
        let plan = Plan::plant(&mut world, &wish);
        (world, plan)
    }

    #[test]
    fn every_mechanism_every_reading_and_every_agency_has_its_pairs() {
        let (mut mechanisms, mut readings) = (BTreeSet::new(), BTreeSet::new());
        let mut sectors = BTreeSet::new();
        let (mut law, mut all) = (0, 0);
        for seed in 0..20 {
            let (world, plan) = planted(seed);
            let truths = plan.pairs.iter().filter(|pair| pair.reading.is_none()).count();
            assert!((6..=22).contains(&truths), "{truths}");
            let mut once = BTreeSet::new();
            for pair in &plan.pairs {
                assert!(once.insert((pair.official, pair.gang)), "a pair stands once");
                assert_eq!(pair.mechanisms.is_empty(), pair.reading.is_some());
                mechanisms.extend(pair.mechanisms.iter().copied());
                let sector = world.sector(pair.official);
                if let Some(reading) = pair.reading {
                    readings.insert(reading);
                    sectors.insert(sector);
                    assert!(reading.sectors().contains(&sector));
                } else {
                    (law, all) = (law + usize::from(Sector::LAW.contains(&sector)), all + 1);
                }
            }
        }
        assert_eq!((mechanisms.len(), readings.len()), (Mechanism::ALL.len(), Reading::ALL.len()));
        assert_eq!(sectors.len(), Sector::ALL.len(), "decoys in every agency");
        let share = law as f64 / all as f64;
        assert!((0.3..0.5).contains(&share), "about 60% are not of police and courts: {share}");
    }

    #[test]
    fn each_reading_goes_through_all_its_agencies() {
        let mut seen = BTreeSet::new();
        for turn in 0..(13 * 10 * 13) as u64 {
            let reading = Reading::ALL[(turn % 13) as usize];
            let sectors = reading.sectors();
            seen.insert((reading, sectors[((turn / 13 + turn % 13) % sectors.len() as u64) as usize]));
        }
        let wanted: usize = Reading::ALL.iter().map(|r| r.sectors().len()).sum();
        assert_eq!(seen.len(), wanted);
    }
}
