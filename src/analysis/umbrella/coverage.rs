//! How much of each kind of record the file holds, for a place and a time: what silence is worth, and what
//! to say is missing.
//!
//! A kind of record of a pair is as complete as it is for the place of the official or that of the gang,
//! whichever has less of it, in the years in which he held office: a chain between the two is as whole as its
//! thinnest part. A place is measured by what should be there and is not: its officials, members, companies and
//! cases bring so many records a year, by what such bring in the whole file. Small counts are mixed with the
//! whole file's (`place_shrink`); where no place or no time is known, the whole file's counts.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::found::Found;
use super::globals::{Globals, Tally, jurisdiction};
use super::places::{Place, UNDATED};
use super::weights::Weights;
use crate::model::{Date, TieType};
use crate::network::ball::Ball;
use crate::network::{Network, NodeIx, TieIx};

/// A kind of record less complete than this is not on file at all.
pub(super) const NOTHING: f64 = 0.01;
/// A kind of record of which there are some is so complete at least.
const LITTLE: f64 = 0.1;
/// Fewer years than this show no period that is missing.
const FEW_YEARS: usize = 3;

/// One kind of record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coverage {
    /// The mechanism that reads it.
    pub mechanism: &'static str,
    /// Its name in `missing` and `coverage`.
    pub kind: &'static str,
    /// The ties that are such records.
    pub types: &'static [TieType],
    /// From 0 (none of it is in the file) to 1 (nothing seems to be missing).
    pub complete: f64,
    /// The same of all places and years.
    pub everywhere: f64,
}

impl Coverage {
    /// Whether a finding, for or against, rests on such records of the pair.
    pub fn is_heard_in(&self, network: &Network, found: &Found) -> bool {
        // A closing may stand on a case's own row, which is no tie.
        let signed = self.mechanism == "sign_off" && found.factor == "fair_review";
        let named = found.factor == self.mechanism || signed;
        named
            || (!ELSEWHERE.contains(&found.factor) && found.ties.iter().any(|&tie| self.holds(network, tie)))
    }

    /// What its silence speaks for an official.
    pub fn silence(&self, weights: &Weights) -> f64 {
        if self.complete < NOTHING { 0.0 } else { weights.silence * self.complete }
    }

    /// Whether a tie is such a record.
    pub fn holds(&self, network: &Network, tie: TieIx) -> bool {
        self.types.contains(&network.tie(tie).ty())
    }
}

/// How complete a file is in all, places and years together: the mean over the kinds of record that it has.
/// A kind that it lacks altogether tells nothing of how thin the others are.
pub(super) fn whole(kinds: &[Coverage]) -> f64 {
    let there = kinds.iter().map(|kind| kind.everywhere).filter(|complete| *complete >= NOTHING);
    let (sum, count) = there.fold((0.0, 0), |(sum, count), complete| (sum + complete, count + 1));
    if count == 0 { 1.0 } else { sum / f64::from(count) }
}

/// What the silence of every kind of record would speak for an official.
pub(super) fn all_silent(weights: &Weights, kinds: &[Coverage]) -> f64 {
    kinds.iter().map(|kind| kind.silence(weights)).sum()
}

/// Readings that rest on rows of other people and matters, which say nothing between the two.
const ELSEWHERE: [&str; 5] = ["hub", "lenient_with_all", "light_office", "popular", "popular_target"];

/// How complete a file is by place and time.
pub(super) struct Records<'g> {
    everywhere: Vec<Coverage>,
    whole: Local<'g>,
    places: BTreeMap<&'g str, Local<'g>>,
}

impl<'g> Records<'g> {
    /// Those of all places of a file. Cost: a pass over its counts a place.
    pub fn of(globals: &'g Globals, weights: &Weights) -> Self {
        Self::of_places(globals, weights, globals.places.keys().map(String::as_str))
    }

    /// Those of the places of these officials and of the gang of a ball.
    pub fn of_some(
        globals: &'g Globals,
        weights: &Weights,
        ball: &Ball<'_>,
        officials: &BTreeSet<NodeIx>,
    ) -> Self {
        let both: Vec<NodeIx> = officials.iter().copied().chain([ball.gang()]).collect();
        let named: Vec<&str> =
            both.par_iter().filter_map(|&node| jurisdiction(ball.network(), node)).collect();
        let named: BTreeSet<&str> = named.into_iter().collect();
        Self::of_places(globals, weights, named.into_iter())
    }

    fn of_places<'p>(globals: &'g Globals, weights: &Weights, named: impl Iterator<Item = &'p str>) -> Self {
        let known = named.filter_map(|name| globals.places.get_key_value(name));
        let local = |place| Local::of(globals, place, weights.place_shrink);
        let places = known.map(|(name, place)| (name.as_str(), local(Some(place)))).collect();
        let whole = local(None);
        Self { everywhere: whole.kinds(EVER), whole, places }
    }

    /// The kinds of record as far as an official and the gang of a ball are concerned.
    pub fn of_pair(&self, ball: &Ball<'_>, official: NodeIx) -> Vec<Coverage> {
        let years = in_office(ball, official);
        let (his, its) =
            (self.local(ball, official).kinds(years), self.local(ball, ball.gang()).kinds(years));
        let least = |((all, his), its): ((&Coverage, Coverage), Coverage)| Coverage {
            complete: his.complete.min(its.complete),
            ..*all
        };
        self.everywhere.iter().zip(his).zip(its).map(least).collect()
    }

    fn local(&self, ball: &Ball<'_>, node: NodeIx) -> &Local<'g> {
        let place = jurisdiction(ball.network(), node).and_then(|name| self.places.get(name));
        place.unwrap_or(&self.whole)
    }
}

/// The kinds of record of all places and years.
pub(super) fn everywhere(globals: &Globals) -> Vec<Coverage> {
    Local::of(globals, None, 0.0).kinds(EVER)
}

/// The first and the last year of something, as far as they are known.
type Years = [Option<u16>; 2];
const EVER: Years = [None; 2];

/// The years in which somebody held office, by his posts, refuted or not.
fn in_office(ball: &Ball<'_>, official: NodeIx) -> Years {
    let posts = || ball.ties(official, &[TieType::Post]).filter(|tie| tie.from() == official);
    let year = |date: Date| date.year();
    let begun: Option<Vec<u16>> = posts().map(|post| post.start().map(year)).collect();
    let ended: Option<Vec<u16>> =
        posts().map(|post| post.end().filter(|end| *end != Date::ONGOING).map(year)).collect();
    [begun.and_then(|all| all.into_iter().min()), ended.and_then(|all| all.into_iter().max())]
}

/// How complete the records of one place are, or those of the whole file.
struct Local<'g> {
    globals: &'g Globals,
    place: Option<&'g Place>,
    shrink: f64,
    even: BTreeMap<TieType, Even>,
}

/// How much of a type of record there is of what should be there.
struct Even {
    /// By year, those of the file in order; none where it has too few to tell a period.
    years: Vec<(u16, f64)>,
    /// In all.
    all: f64,
    /// Whether there is any.
    any: bool,
}

impl Even {
    /// The mean over these years: a year that holds less than half of what the middle one does counts as
    /// that much missing. What is on file of no such year is not on file for them.
    fn of(&self, [first, last]: Years) -> f64 {
        let full = |held: f64| (2.0 * held).min(1.0);
        if self.years.is_empty() {
            return full(self.all);
        }
        let told = self.years.iter().filter(|(year, _)| {
            first.is_none_or(|first| *year >= first) && last.is_none_or(|last| *year <= last)
        });
        let held: Vec<f64> = told.map(|(_, held)| full(*held)).collect();
        held.iter().sum::<f64>() / held.len().max(1) as f64
    }
}

impl<'g> Local<'g> {
    fn of(globals: &'g Globals, place: Option<&'g Place>, shrink: f64) -> Self {
        let even = EVEN.map(|ty| (ty, even(globals, place, ty, shrink)));
        Self { globals, place, shrink, even: even.into_iter().collect() }
    }

    /// The kinds of record, by mechanism, in these years. Measured by what should be there and is not:
    /// years that are thin, accounts without a holder, cases that nobody handled, raids that nobody knew of.
    fn kinds(&self, years: Years) -> Vec<Coverage> {
        let globals = self.globals;
        let even = |ty: TieType| self.even.get(&ty).map_or(0.0, |even| even.of(years));
        let any = |ty: TieType| f64::from(u8::from(globals.ties_of(ty) > 0.0));
        let share = |tally: Tally| tally.share().unwrap_or(1.0);
        let here = |all: Tally, here: fn(&Place) -> Tally| {
            self.place.map_or(share(all), |place| here(place).rate(share(all), self.shrink))
        };
        let companies = here(globals.owned, |place| place.owned) * here(globals.kin, |place| place.kin);
        let kind = |mechanism, kind, types: &'static [TieType], complete: f64| {
            // What there are rows of is on file, however little of it.
            let complete = complete.max(if self.has_some(types) { LITTLE } else { 0.0 });
            Coverage { mechanism, kind, types, complete, everywhere: complete }
        };
        vec![
            kind("kin_front", "companies", COMPANIES, any(TieType::Family) * companies),
            kind("money_chain", "payments", PAYMENTS, even(TieType::Payment) * share(globals.held)),
            kind(
                "case_favour",
                "handled",
                &[TieType::Handled],
                even(TieType::Handled) * here(globals.handled, |place| place.handled),
            ),
            kind(
                "raid_leak",
                "calls",
                &[TieType::Call, TieType::Briefed],
                even(TieType::Call) * share(globals.briefed),
            ),
            kind("licence_favour", "permits", PERMITS, even(TieType::Inspected).max(even(TieType::Licensed))),
            kind("sign_off", "reviews", &[TieType::Reviewed], even(TieType::Reviewed)),
            kind("allegation", "leads", &[TieType::About], even(TieType::About) * share(globals.named)),
        ]
    }

    /// Whether there are rows of these types: of a place, of those that are counted by place.
    fn has_some(&self, types: &[TieType]) -> bool {
        let mut counted = types.iter().filter_map(|ty| self.even.get(ty)).map(|even| even.any).peekable();
        if self.place.is_some() && counted.peek().is_some() {
            counted.any(|any| any)
        } else {
            types.iter().any(|&ty| self.globals.ties_of(ty) > 0.0)
        }
    }
}

/// How much there is of a type of record, by year.
fn even(globals: &Globals, place: Option<&Place>, ty: TieType, shrink: f64) -> Even {
    let all = globals.ties_of(ty);
    let whole = whole_years(globals);
    let years: Vec<(u16, u64)> = globals.years_of(ty).filter(|(year, _)| whole.contains(year)).collect();
    let mut counts: Vec<u64> = years.iter().map(|(_, count)| *count).collect();
    counts.sort_unstable();
    let middle = counts.get(counts.len() / 2).map_or(0.0, |&count| count as f64);
    let dated = counts.len() >= FEW_YEARS;
    // Of the whole file a year is held against the middle one.
    let of_year = |count: u64| count as f64 / middle;
    let Some(place) = place else {
        let years = years.into_iter().filter(|_| dated).map(|(year, count)| (year, of_year(count))).collect();
        return Even { years, all: if all > 0.0 { 1.0 } else { 0.0 }, any: all > 0.0 };
    };
    let here = place.records.get(ty.code());
    let count = |year: u16| here.and_then(|here| here.get(&year)).map_or(0.0, |&count| count as f64);
    let found: f64 = here.map_or(0.0, |here| here.values().sum::<u64>() as f64);
    let due = due(globals, place, ty);
    let held = if all > 0.0 { (found + shrink) / (due + shrink) } else { 0.0 };
    let year = |(year, in_all): (u16, u64)| {
        let due = due * middle / all.max(1.0);
        (year, (count(year) + shrink * held * of_year(in_all)) / (due + shrink))
    };
    let undated = count(UNDATED) > 0.5 * found && found > 0.0;
    let years = years.into_iter().filter(|_| dated && !undated).map(year).collect();
    Even { years, all: held, any: found > 0.0 }
}

/// The years that the file tells whole. Its first and its last year may have only begun, or be on file only
/// because a matter of later reaches back: where all kinds of record together hold less than half of what
/// they hold in the middle year, that is the file's end and nothing is missing.
fn whole_years(globals: &Globals) -> std::ops::RangeInclusive<u16> {
    let mut counts: BTreeMap<u16, u64> = BTreeMap::new();
    for (year, count) in EVEN.iter().flat_map(|&ty| globals.years_of(ty)) {
        *counts.entry(year).or_default() += count;
    }
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_unstable();
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    let mut full = counts.iter().filter(|(_, count)| **count * 2 >= middle).map(|(year, _)| *year);
    let first = full.next().unwrap_or(0);
    first..=full.next_back().unwrap_or(first)
}

/// How many ends of such records those who belong to a place would bring, by what such bring anywhere.
fn due(globals: &Globals, place: &Place, ty: TieType) -> f64 {
    let of_sort = |(sort, &here): (&String, &u64)| {
        let placed = |key: &str| globals.placed.get(key).copied().unwrap_or(0) as f64;
        here as f64 * placed(&format!("{}/{sort}", ty.code())) / placed(sort).max(1.0)
    };
    place.nodes.iter().map(of_sort).sum()
}

/// The types of record that are counted by year and place.
const EVEN: [TieType; 7] = super::places::RECORDS;
/// Registers of companies and of kin.
const COMPANIES: &[TieType] =
    &[TieType::Family, TieType::Ownership, TieType::Directorship, TieType::Employment, TieType::Controls];
/// Money.
const PAYMENTS: &[TieType] = &[TieType::Payment, TieType::Gift];
/// Inspections and permits.
const PERMITS: &[TieType] = &[TieType::Inspected, TieType::Licensed];

#[cfg(test)]
mod tests {
    use super::super::testing::Town;
    use super::super::tests::{outcome, pair, size};
    use super::super::{Options, run};
    use super::*;
    use crate::model::{Kind, Table};

    /// Two districts, each with an agency, a gang, its companies and officials; payments of every year among
    /// the companies of the districts named.
    fn districts(banks: &[&str], years: std::ops::Range<u16>) -> Town {
        let mut town = Town::default();
        for (at, place) in ["east", "west"].into_iter().enumerate() {
            let (agency, gang) = (format!("a-{place}"), format!("g{}", at + 1));
            town.entity(&agency, Kind::Agency, Table::Organisations, &[("jurisdiction", place)]);
            let class = [("class", "criminal_syndicate"), ("jurisdiction", place)];
            town.entity(&gang, Kind::Gang, Table::Organisations, &class);
            (0..5).for_each(|n| {
                town.member(&format!("m-{place}-{n}"), &gang).official(&format!("o-{place}-{n}"), &agency);
            });
            for n in 0..20 {
                let company = format!("c-{place}-{n:02}");
                town.entity(&company, Kind::Company, Table::Organisations, &[("jurisdiction", place)]);
            }
            town.add(
                TieType::Meeting,
                &format!("o-{place}-0"),
                &format!("m-{place}-0"),
                &[("start", "2019-05")],
            );
        }
        for (place, year) in banks.iter().flat_map(|place| years.clone().map(move |year| (place, year))) {
            for n in 0..40 {
                let (from, to) =
                    (format!("c-{place}-{:02}", n % 20), format!("c-{place}-{:02}", (n * 7 + 3) % 20));
                let values = [("amount", "900"), ("start", &*format!("{year}-05-04"))];
                town.add(TieType::Payment, &from, &to, &values);
            }
        }
        town
    }

    fn complete(town: &Town, official: &str, gang: &str, kind: &str) -> f64 {
        let outcome = outcome(town);
        let pair = pair(&outcome, official, gang).unwrap();
        pair.coverage.iter().find(|(name, _)| *name == kind).unwrap().1
    }

    #[test]
    fn a_district_whose_bank_is_missing_is_neutral_while_anothers_silence_speaks() {
        let town = districts(&["east"], 2015..2021);
        let (east, west) =
            (complete(&town, "o-east-0", "g1", "payments"), complete(&town, "o-west-0", "g2", "payments"));
        assert!(east > 0.9 && west < 0.05, "{east} {west}");
        let outcome = outcome(&town);
        let silent = |official, gang| {
            let pair = pair(&outcome, official, gang).unwrap();
            pair.factors
                .iter()
                .filter(|factor| factor.factor == "silence")
                .map(|factor| factor.log_odds)
                .sum::<f64>()
        };
        assert!(silent("o-east-0", "g1") < silent("o-west-0", "g2") - 0.5);
        let both = districts(&["east", "west"], 2015..2021);
        assert!(complete(&both, "o-west-0", "g2", "payments") > 0.9);
    }

    /// A last year that has only begun for every kind of record is the file's end; one that has begun for
    /// payments alone is missing.
    #[test]
    fn the_year_in_which_a_file_ends_is_not_missing() {
        let mut town = districts(&["east", "west"], 2015..2021);
        for n in 0..40 {
            for year in 2015..2021 {
                let (day, member) = (format!("{year}-06-01"), format!("m-east-{}", n % 5));
                town.add(TieType::Call, &member, "m-west-1", &[("start", &day)]);
            }
        }
        town.add(TieType::Payment, "c-east-01", "c-east-02", &[("start", "2021-01-04")]);
        assert!(complete(&town, "o-east-0", "g1", "payments") > 0.95);
        for n in 0..80 {
            town.add(TieType::Call, &format!("m-east-{}", n % 5), "m-west-1", &[("start", "2021-06-01")]);
        }
        let with_calls = complete(&town, "o-east-0", "g1", "payments");
        assert!((0.8..0.9).contains(&with_calls), "one year of seven: {with_calls}");
    }

    #[test]
    fn a_pair_across_districts_is_as_complete_as_the_poorer_and_small_counts_say_little() {
        let mut town = districts(&["east"], 2015..2021);
        town.add(TieType::Meeting, "o-east-1", "m-west-1", &[("start", "2019-05")]);
        assert!(complete(&town, "o-east-1", "g2", "payments") < 0.05);
        // One official and no company of a third place: nothing can be told of it.
        town.entity("a-far", Kind::Agency, Table::Organisations, &[("jurisdiction", "far")]);
        town.official("o-far", "a-far");
        town.add(TieType::Meeting, "o-far", "m-east-1", &[("start", "2019-05")]);
        assert!(complete(&town, "o-far", "g1", "payments") > 0.9);
    }

    /// A second record of an official is scored where a row calls it an umbrella: by its own place, whoever is asked for.
    #[test]
    fn a_second_record_is_as_complete_as_its_place_whoever_else_is_asked_for() {
        let mut town = districts(&["east"], 2015..2021);
        town.add(TieType::Same, "o-east-0", "o-west-4", &[]);
        town.add(TieType::Protects, "o-west-4", "g1", &[]);
        town.add(TieType::Meeting, "o-west-0", "m-east-0", &[("start", "2019-05")]);
        let network = town.network();
        let told = |officials: &[&str]| {
            let officials = officials.iter().map(|id| (*id).into()).collect();
            let outcome = run(&network, &Options { officials, ..Options::default() });
            let pair = pair(&outcome, "o-west-4", "g1").unwrap().clone();
            (pair.coverage, pair.log_odds)
        };
        let (all, alone) = (told(&[]), told(&["o-west-4"]));
        assert_eq!(alone, all);
        assert!(all.0.iter().any(|(name, complete)| *name == "payments" && *complete < 0.05), "{all:?}");
    }

    #[test]
    fn what_is_missing_of_the_years_in_office_alone_counts() {
        let mut town = districts(&["east"], 2010..2016);
        for year in 2016..2020 {
            town.add(TieType::Payment, "c-east-01", "c-east-02", &[("start", &*format!("{year}-03-04"))]);
        }
        for (official, start, end) in [("o-east-1", "2010", "2015"), ("o-east-2", "2016", "2019")] {
            town.rows.retain(|tie| tie.from.as_str() != official);
            town.add(TieType::Post, official, "a-east", &[("start", start), ("end", end)]);
            town.add(TieType::Meeting, official, "m-east-1", &[("start", "2019-05")]);
        }
        let of = |official| complete(&town, official, "g1", "payments");
        assert!(of("o-east-1") > 0.9 && of("o-east-2") < 0.3, "{} {}", of("o-east-1"), of("o-east-2"));
        assert!(size(&outcome(&town), "o-east-1", "silence") < size(&outcome(&town), "o-east-2", "silence"));
    }
}
