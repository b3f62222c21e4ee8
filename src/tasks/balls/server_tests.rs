//! The law of balls on real servers: what is told of a part of a store there, of which not everything is read, is what is
//! told of the whole in a file. In tests the smallest store is large.

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;

use super::after::{Before, Touched};
use super::cases::{cases, change, stored, write};
use super::laid_tests::{ABOUT, NEW, a_lead};
use super::tests::told;
use super::{Source, Statistics, revised};
use crate::analysis::umbrella::{self, Options};
use crate::messages::{Catalogue, Lang};
use crate::model::{Access, Level, Record};
use crate::render::Style;
use crate::report::brief::html;
use crate::store::{Mode, Neo4jStore, Store, servers};
use crate::tasks::draw::{self, Subject, Wishes};
use crate::tasks::umbrella::Yardstick;
use crate::tasks::{Watches, brief, open, overlay, paths};

/// Writes some rows, and puts right what is kept with the store.
fn write_and_put_right(store: &dyn Store, records: &[Record]) {
    let (mut writer, mut touched) = (store.write(&change()).unwrap(), Touched::default());
    for record in records {
        let outcome = writer.put(record).unwrap();
        touched.note(record, outcome);
    }
    let before = Before::of(store, &touched).unwrap().unwrap();
    let digest = writer.digest().unwrap();
    writer.finish().unwrap();
    assert!(Statistics::keep_after(store, before, &digest).unwrap());
}

/// Paths, pictures and a brief, in words and bytes; a picture of everybody around has few cards, since to lay out is slow.
fn told_of(store: &dyn Store, access: &Access, lead: Option<&str>) -> Vec<Result<String, String>> {
    let words = Catalogue::new(Lang::En);
    let mut all = Vec::new();
    for (a, b) in [("p0", "m1"), ("o0", "g0"), ("c0", "p2"), ("o1", "nobody"), ("p1", "p1")] {
        let found = paths::of_store(store, access, &paths::Request::between(a, b), false);
        let found =
            found.map(|found| format!("{:?} {:?}", found.looked, told(&found.network, &found.outcome)));
        all.push(found.map_err(|why| why.to_string()));
    }
    let two = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let (pair, path) = (two("o0", "g0"), two("p0", "m1"));
    let subjects = [
        Subject::Pair(pair.0, pair.1),
        Subject::Gang("g1".to_owned()),
        Subject::Around(vec!["o1".to_owned()], 2),
        Subject::Path(path.0, path.1),
        Subject::Lead("l0".to_owned()),
    ];
    for subject in subjects {
        let wishes = Wishes { most: Some(20), ..Wishes::default() };
        let request = draw::Request { subject, wishes, style: Style::default(), watches: Watches::default() };
        let drawn = draw::draw(store, access, &words, &request);
        all.push(drawn.map(|drawn| drawn.picture.svg).map_err(|why| why.to_string()));
    }
    let pair = brief::Subject::Pair("o0".to_owned(), "g0".to_owned());
    for subject in lead.map(|lead| brief::Subject::Lead(lead.to_owned())).into_iter().chain([pair]) {
        let told = brief::of_store(store, access, &words, &subject, Yardstick::default());
        all.push(told.map(|told| html(&told, None, &|_| String::new())).map_err(|why| why.to_string()));
    }
    all
}

/// What two new leads come to, of no more than what they touch; nothing where they touch more than a few balls.
fn leads_come_to_the_same(server: &dyn Store, file: &dyn Store, about: [usize; 2]) -> bool {
    let access = Access::default();
    let leads = NEW.into_iter().zip(about);
    let rows: Vec<Record> = leads.flat_map(|(id, about)| a_lead(id, ABOUT[about % ABOUT.len()])).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("excerpt.db");
    let near = overlay::touching(server, &access, &change(), &rows, &path).unwrap().unwrap();
    let source = Source::open(server, &access).unwrap();
    let found =
        revised::leads(&source, (&near.network, &near.pairs), &|_| true, &Options::default()).unwrap();
    let Some(found) = found else { return false };
    let after = folder.path().join("after.db");
    file.backup(&after).unwrap();
    let after = crate::store::open(&after.display().to_string(), Mode::Write).unwrap();
    write(after.as_ref(), &rows);
    let network = open::network(after.as_ref(), &access).unwrap();
    assert_eq!(found, umbrella::score_leads(&network, &NEW, &Options::default()));
    true
}

#[test]
fn what_is_told_of_a_part_of_a_server_is_told_of_the_whole() {
    servers::each("what_is_told_of_a_part_of_a_server_is_told_of_the_whole", &|address: &str| {
        let mut runner = TestRunner::deterministic();
        let (mut scored, mut briefed, mut answered) = (0, 0, 0);
        for round in 0..2 {
            let [first, mut late, hub]: [Vec<Record>; 3] =
                cases().new_tree(&mut runner).unwrap().current().try_into().unwrap();
            late.truncate(12);
            let (_folder, file) = stored(&vec![first.clone(), hub.clone()]);
            let server = servers::fresh(address);
            [first, hub].iter().for_each(|records| write(server.as_ref(), records));
            Statistics::keep(server.as_ref()).unwrap();
            for is_put_right in [false, true] {
                if is_put_right {
                    write_and_put_right(server.as_ref(), &late);
                    write(file.as_ref(), &late);
                }
                for level in [Level::Case, [Level::Briefing, Level::Public][round]] {
                    let access = Access { level, ..Access::default() };
                    // One that has read nothing so far.
                    let own = Neo4jStore::open(address, Mode::Read).unwrap();
                    let network = open::network(file.as_ref(), &access).unwrap();
                    assert_eq!(Source::open(&own, &access).unwrap().extent().unwrap(), network.extent());
                    // A lead that names no gang is told of the whole.
                    let names_one = |lead: &&str| !umbrella::gangs_named(&network, lead).is_empty();
                    let lead = ["l0", "l1", "l2"].into_iter().find(names_one);
                    let told = told_of(&own, &access, lead);
                    assert_eq!(told, told_of(file.as_ref(), &access, lead), "{round} {level}");
                    // (Of whom all is sealed nothing is told.)
                    answered += told.iter().filter(|told| told.is_ok()).count();
                    briefed += usize::from(lead.is_some());
                    assert!(!own.was_read_whole(), "{round} {level}");
                }
                let own = Neo4jStore::open(address, Mode::Read).unwrap();
                scored += usize::from(leads_come_to_the_same(&own, file.as_ref(), [round, round + 4]));
                assert!(!own.was_read_whole());
            }
        }
        assert!(scored > 1 && briefed > 1 && answered > 40, "{scored} {briefed} {answered}");
    });
}
