//! The law of what is laid over a kept network: leads come to what they come to on the whole network with their rows.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::Source;
use super::laid::Around;
use super::tests::{Case, cases, change, keep, stored};
use crate::analysis::doubles;
use crate::analysis::umbrella::{self, Options};
use crate::model::{
    Access, Credibility, Kind, Record, Relation, Statement, Status, Table, TieType as Ty, Values,
};
use crate::network::reach::Ties as _;
use crate::network::{ByteSource, Network, NodeIx, Over};
use crate::tasks::{open, overlay};

fn told(id: &str, kind: Kind, table: Table, props: &[(&str, &str)]) -> Record {
    let props = props.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    let (id, sources) = (id.into(), vec!["s0".into()]);
    let recorded = "2022".parse().ok();
    Record::Statement(Statement { id, kind, table, props: props.collect(), sources, recorded })
}

/// A new lead, and whom it is about.
fn a_lead(about: &[&str]) -> Vec<Record> {
    let props = [("status", "open"), ("received", "2020-01-02"), ("channel", "public_report")];
    let lead = told("l9", Kind::Lead, Table::Leads, &props);
    let relation = |(n, to): (usize, &&str)| {
        Record::Relation(Relation {
            row: format!("about{n}").as_str().into(),
            ty: Ty::About,
            other_type: None,
            from: "l9".into(),
            to: (*to).into(),
            role: None,
            start: None,
            values: Values::default(),
            status: Status::Confirmed,
            credibility: Some(Credibility::C3),
            sources: vec!["s0".into()],
            recorded: None,
        })
    };
    std::iter::once(lead).chain(about.iter().enumerate().map(relation)).collect()
}

/// Whom a lead is about: an official and a gang, a gang's member, only officials, nobody.
const ABOUT: [&[&str]; 6] =
    [&["o1", "g1"], &["o0", "m1"], &["o2"], &["o0", "o3"], &["g0"], &["p3", "o1", "g0"]];

/// A store, its network, and that with some rows as an import would make it.
struct Laying {
    _folders: [tempfile::TempDir; 2],
    store: Box<dyn crate::store::Store>,
    before: Network,
    after: Network,
    near: Option<overlay::Touching>,
}

impl Laying {
    fn of(case: Case, rows: usize, about: usize, more: Vec<Record>) -> Self {
        let access = Access::default();
        let [first, late, hub]: [Vec<Record>; 3] = case.try_into().unwrap();
        let mut records: Vec<Record> = late.into_iter().take(rows).collect();
        records.extend(a_lead(ABOUT[about % ABOUT.len()]));
        records.extend(more);
        let before: Case = vec![first, hub];
        let (folder, store) = stored(&before);
        let (anew, with_rows) = stored(&[before, vec![records.clone()]].concat());
        let network = open::network(store.as_ref(), &access).unwrap();
        keep(store.as_ref(), &access, &network);
        let after = open::network(with_rows.as_ref(), &access).unwrap();
        let path = folder.path().join("excerpt.db");
        let near = overlay::touching(store.as_ref(), &access, &change(), &records, &path).unwrap();
        Self { _folders: [folder, anew], store, before: network, after, near }
    }

    /// Whether the rows could be laid over balls; if so, everything is as on the whole network.
    fn holds(&self, options: &Options) -> bool {
        let Some(near) = &self.near else { return false };
        let source = Source::open(self.store.as_ref(), &Access::default()).unwrap();
        let disk = source.kept().unwrap();
        let found = source.leads(&near.network, &near.pairs, |_| true, options).unwrap();
        let Some(found) = found else { return false };
        assert_eq!(found, umbrella::score_leads(&self.after, &["l9"], options));
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
        for (&place, &node) in &places {
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
        about in 0_usize..6,
    ) {
        Laying::of(case, rows, about, Vec::new()).holds(&Options::default());
    }
}

/// The law above says nothing unless rows can be laid over balls, officials are scored for gangs that nobody names,
/// and some come to be likely one, or no longer.
#[test]
fn random_rows_are_laid_over_balls() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut laid, mut pairs, mut moved) = (0, 0, 0);
    for at in 0..24 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let laying = Laying::of(case, at % 4, at, Vec::new());
        let holds = laying.holds(&Options::default());
        let leads = umbrella::score_leads(&laying.after, &["l9"], &Options::default());
        laid += usize::from(holds);
        pairs += leads.iter().map(|lead| lead.pairs.len()).sum::<usize>();
        moved += usize::from(holds && likely(&laying.before) != likely(&laying.after));
    }
    assert!(laid > 12 && pairs > 24 && moved > 0, "{laid} {pairs} {moved}");
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
    let holds = |more| Laying::of(case.clone(), 0, 0, more).holds(&Options::default());
    let person = |id, name| told(id, Kind::Person, Table::People, &[("name", name)]);
    assert!(holds(Vec::new()));
    assert!(!holds(vec![person("p99", "somebody new")]));
    assert!(!holds(vec![person("p0", "another name")]));
    let gang = told("g0", Kind::Gang, Table::Organisations, &[("jurisdiction", "north")]);
    assert!(!holds(vec![gang]));
}
