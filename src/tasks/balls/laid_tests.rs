//! The law of what is laid over a kept network, or over a store itself: leads come to what they come to on the whole
//! network with their rows.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::Source;
use super::cases::{Case, cases, change, stored};
use super::laid::Around;
use super::revised;
use super::tests::{keep, of_store_alone};
use crate::analysis::doubles;
use crate::analysis::umbrella::{self, Options};
use crate::model::{Access, Credibility, Kind, Layer, Record, Relation, Statement, Table, TieType as Ty};
use crate::network::ball::Profiles;
use crate::network::reach::{Ties as _, Types};
use crate::network::{ByteSource, Network, NodeIx, Over};
use crate::store::promises::samples::relation;
use crate::tasks::{open, overlay};

fn told(id: &str, kind: Kind, table: Table, props: &[(&str, &str)]) -> Record {
    let props = props.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let (id, sources) = (id.into(), vec!["s0".into()]);
    let recorded = "2020-02".parse().ok();
    Record::Statement(Statement { id, kind, table, props: props.collect(), sources, recorded })
}

/// A tie that somebody trustworthy tells of.
pub(super) fn related(row: &str, ty: Ty, from: &str, to: &str) -> Record {
    let told = (Some(Credibility::C3), vec!["s0".into()], "2020-02".parse().ok());
    let (credibility, sources, recorded) = told;
    Record::Relation(Relation { credibility, sources, recorded, ..relation(row, ty, from, to) })
}

/// A new lead, and whom it is about.
pub(super) fn a_lead(id: &str, about: &[&str]) -> Vec<Record> {
    let props = [("status", "open"), ("received", "2020-01-02"), ("channel", "public_report")];
    let lead = told(id, Kind::Lead, Table::Leads, &props);
    let relation = |(n, to): (usize, &&str)| related(&format!("about {id} {n}"), Ty::About, id, to);
    std::iter::once(lead).chain(about.iter().enumerate().map(relation)).collect()
}

/// Whom a lead is about: an official and a gang, a gang's member, only officials, nobody.
pub(super) const ABOUT: [&[&str]; 7] =
    [&["o1", "g1"], &["o0", "m1"], &["o2"], &["o0", "o3"], &["g0"], &["p3", "o1", "g0"], &["o3", "g0"]];

/// Two new leads, whose gangs and officials are asked for together.
pub(super) const NEW: [&str; 2] = ["l8", "l9"];

/// A store, its network, and that with some rows as an import would make it.
struct Laying {
    folders: [tempfile::TempDir; 2],
    access: Access,
    store: Box<dyn crate::store::Store>,
    before: Network,
    after: Network,
    near: Option<overlay::Touching>,
}

impl Laying {
    fn of(case: Case, rows: usize, about: [usize; 2], more: Vec<Record>) -> Self {
        Self::as_read(Access::default(), case, rows, about, more)
    }

    fn as_read(access: Access, case: Case, rows: usize, about: [usize; 2], more: Vec<Record>) -> Self {
        let [first, late, hub]: [Vec<Record>; 3] = case.try_into().unwrap();
        let mut records: Vec<Record> = late.into_iter().take(rows).collect();
        for (id, about) in NEW.into_iter().zip(about) {
            records.extend(a_lead(id, ABOUT[about % ABOUT.len()]));
        }
        records.extend(more);
        let before: Case = vec![first, hub];
        let (folder, store) = stored(&before);
        let (anew, with_rows) = stored(&[before, vec![records.clone()]].concat());
        let network = open::network(store.as_ref(), &access).unwrap();
        keep(store.as_ref(), &access, &network);
        let after = open::network(with_rows.as_ref(), &access).unwrap();
        let path = folder.path().join("excerpt.db");
        let near = overlay::touching(store.as_ref(), &access, &change(), &records, &path).unwrap();
        Self { folders: [folder, anew], access, store, before: network, after, near }
    }

    /// Whether the rows could be laid over balls of the store itself; if so, everything is as on the whole network.
    fn holds_of_the_store(&self, options: &Options) -> bool {
        let Some(near) = &self.near else { return false };
        let source = of_store_alone(self.store.as_ref(), &self.access);
        let found = revised::leads(&source, (&near.network, &near.pairs), &|_| true, options).unwrap();
        let Some(found) = found else { return false };
        // As of a day before they are known there are none.
        let there: Vec<&str> = NEW.into_iter().filter(|id| self.after.node(id).is_some()).collect();
        assert_eq!(found, umbrella::score_leads(&self.after, &there, options), "{:?}", self.access);
        true
    }

    /// Whether the rows could be laid over balls; if so, everything is as on the whole network.
    fn holds(&self, options: &Options) -> bool {
        let Some(near) = &self.near else { return false };
        let source = Source::open(self.store.as_ref(), &Access::default()).unwrap();
        let disk = source.kept().unwrap();
        let found = source.leads(&near.network, &near.pairs, |_| true, options).unwrap();
        let Some(found) = found else { return false };
        assert_eq!(found, umbrella::score_leads(&self.after, &NEW, options));
        let around = Around::of(disk, &near.network).unwrap().unwrap();
        let changed = around.network.changed(&near.network, &near.pairs);
        let globals = &source.statistics().unwrap().globals;
        assert_eq!(globals.changed(&around.network, &changed), Some(umbrella::globals(&self.after)));
        let laid = around.laid(disk, &near.network, &near.pairs).unwrap();
        self.walks_alike(Over::with(disk, &laid));
        true
    }

    /// Everybody has the ties, the parts and the likely doubles that he has in the whole network.
    fn walks_alike(&self, over: Over<'_, impl ByteSource>) {
        let after = &self.after;
        let places: BTreeMap<NodeIx, NodeIx> =
            after.nodes().map(|node| (over.find(after.id(node)).unwrap(), node)).collect();
        let mut twins = Vec::new();
        let profiles = Profiles::of(after);
        for (&place, &node) in &places {
            assert_eq!(over.counts_of(&[place]), [profiles.all(node)], "{}", after.id(node));
            let layers = Layer::ALL.iter().map(|&layer| profiles.ties(node, layer));
            assert_eq!(over.profile(place).to_vec(), layers.collect::<Vec<_>>(), "{}", after.id(node));
            let mut dated = Vec::new();
            over.dated_ties_of(&[place], &Types::PASSED.list(), &mut |seen| {
                dated.push((places[&seen.far], seen.ty, seen.outward, seen.start));
            });
            let arcs = after.tagged_arcs(node).filter(|(_, ty, _)| Types::PASSED.has(*ty));
            let mut days: Vec<_> = arcs
                .map(|(arc, ty, outward)| (arc.neighbour, ty, outward, after.tie(arc.tie).start()))
                .collect();
            dated.sort_unstable();
            days.sort_unstable();
            assert_eq!(dated, days, "{}", after.id(node));
            let mut near: Vec<_> = over.near(place).map(|n| (places[&n.far], n.ty, n.outward)).collect();
            let mut arcs: Vec<_> =
                after.tagged_arcs(node).map(|(arc, ty, outward)| (arc.neighbour, ty, outward)).collect();
            near.sort_unstable();
            arcs.sort_unstable();
            assert_eq!(near, arcs, "{}", after.id(node));
            assert_eq!(over.officials_of(&[place]), [after.is_official(node)], "{}", after.id(node));
            twins.extend(over.twins(place).map(|(twin, likely)| (node, places[&twin], likely)));
        }
        twins.retain(|(a, b, _)| a < b);
        twins.sort_unstable_by_key(|&(a, b, _)| (a, b));
        assert_eq!(twins, doubles::positions(after));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn leads_laid_over_a_kept_network_are_leads_of_the_whole(
        case in cases(),
        rows in 0_usize..6,
        about in [0_usize..6, 0_usize..6],
    ) {
        Laying::of(case, rows, about, Vec::new()).holds(&Options::default());
    }

    #[test]
    fn leads_laid_over_a_store_are_leads_of_the_whole(
        case in cases(),
        rows in 0_usize..6,
        about in [0_usize..6, 0_usize..6],
        day in proptest::option::of(prop_oneof![Just("2020-03-01"), Just("2021-06")]),
    ) {
        let access = Access { as_of: day.and_then(|day| day.parse().ok()), ..Access::default() };
        // A new case of a gang, which belongs where that does.
        let more = told("k9", Kind::Case, Table::Cases, &[("gang", "g0"), ("status", "closed")]);
        let more = if rows % 2 == 0 { vec![more] } else { Vec::new() };
        Laying::as_read(access, case, rows, about, more).holds_of_the_store(&Options::default());
    }
}

/// The law above says nothing unless rows can be laid over balls, officials are scored for gangs that nobody names,
/// and some come to be likely one, or no longer.
#[test]
fn random_rows_are_laid_over_balls() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut laid, mut of_earlier, mut pairs, mut unnamed, mut moved) = (0, 0, 0, 0, 0);
    for at in 0..24 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let earlier = case.clone();
        let laying = Laying::of(case, at % 4, [at, at / 2], Vec::new());
        let holds = laying.holds(&Options::default());
        assert_eq!(laying.holds_of_the_store(&Options::default()), holds);
        let access = Access { as_of: "2021-06".parse().ok(), ..Access::default() };
        let earlier = Laying::as_read(access, earlier, at % 4, [at, at / 2], Vec::new());
        if earlier.holds_of_the_store(&Options::default()) {
            let leads = umbrella::score_leads(&earlier.after, &NEW, &Options::default());
            of_earlier += leads.iter().map(|lead| lead.pairs.len()).sum::<usize>();
        }
        if !holds {
            continue;
        }
        laid += 1;
        moved += usize::from(likely(&laying.before) != likely(&laying.after));
        for lead in umbrella::score_leads(&laying.after, &NEW, &Options::default()) {
            let names_none = umbrella::gangs_named(&laying.after, lead.lead.as_str()).is_empty();
            *(if names_none { &mut unnamed } else { &mut pairs }) += lead.pairs.len();
        }
    }
    assert!(laid > 12 && pairs > 12 && unnamed > 12 && moved > 0, "{laid} {pairs} {unnamed} {moved}");
    assert!(of_earlier > 6, "{of_earlier} pairs as of an earlier day");
}

/// An official on record as another is found by either record, though no card makes them one.
#[test]
fn a_lead_about_a_second_record_is_about_the_first() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut pairs = 0;
    for at in 0..24 {
        let mut case = cases().new_tree(&mut runner).unwrap().current();
        case.first_mut().unwrap().push(related("one", Ty::Same, "o1", "o3"));
        let laying = Laying::of(case, 0, [ABOUT.len() - 1, 2 + at % 2], Vec::new());
        if laying.holds_of_the_store(&Options::default()) && laying.holds(&Options::default()) {
            let leads = umbrella::score_leads(&laying.after, &NEW, &Options::default());
            pairs += leads.first().map_or(0, |lead| lead.pairs.len());
        }
    }
    assert!(pairs > 3, "{pairs}");
}

/// Who may be whom, by ids.
fn likely(network: &Network) -> Vec<(String, String, f64)> {
    let id = |node| network.id(node).to_owned();
    doubles::positions(network).into_iter().map(|(a, b, likely)| (id(a), id(b), likely)).collect()
}

/// Whoever is named anew, or told of by another card, is looked for among all people.
#[test]
fn rows_that_tell_of_people_anew_are_not_for_balls() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let case = cases().new_tree(&mut runner).unwrap().current();
    let person = |id, name| told(id, Kind::Person, Table::People, &[("name", name)]);
    assert!(Laying::of(case.clone(), 0, [0, 2], Vec::new()).holds(&Options::default()));
    let gang = told("g0", Kind::Gang, Table::Organisations, &[("jurisdiction", "north")]);
    for more in [person("p99", "somebody new"), person("p0", "another name"), gang] {
        let laying = Laying::of(case.clone(), 0, [0, 2], vec![more]);
        let source = Source::open(laying.store.as_ref(), &Access::default()).unwrap();
        let near = laying.near.as_ref().expect("the rows touch no more than they name");
        assert!(Around::of(source.kept().unwrap(), &near.network).unwrap().is_none());
        assert!(!laying.holds(&Options::default()));
    }
}

/// Whatever is hurt of what is kept, leads are those of the whole, or the whole is to be asked.
#[test]
fn leads_on_a_hurt_file_are_right_or_left_to_the_whole() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut told, mut left, mut gone) = (0, 0, 0);
    for about in [[0, 2], [3, 5]] {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let laying = Laying::of(case, 0, about, Vec::new());
        let near = laying.near.as_ref().unwrap();
        let whole = umbrella::score_leads(&laying.after, &NEW, &Options::default());
        let path = laying.folders[0].path().join("case.db.case.cache");
        let bytes = std::fs::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(bytes.len() / 60 + 1) {
            let mut hurt = bytes.clone();
            hurt[at] ^= 1 << (at % 8);
            std::fs::write(&path, hurt).unwrap();
            let source = Source::open(laying.store.as_ref(), &Access::default()).unwrap();
            let found = source.leads(&near.network, &near.pairs, |_| true, &Options::default()).unwrap();
            *(if found.is_some() { &mut told } else { &mut left }) += 1;
            gone += usize::from(!path.exists());
            assert!(found.is_none_or(|found| found == whole), "{at}");
        }
    }
    // What was found hurt is taken away, and the store itself is asked.
    assert!(told > 60 && gone > 20, "{told} {left} {gone}");
}
