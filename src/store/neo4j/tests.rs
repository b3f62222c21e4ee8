//! The shared promises, and what is particular to a server, against real servers.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::test_runner::{Config, TestRunner};

use super::servers::{emptied, fresh};
use super::*;
use crate::model::{Handling, Id, Layer, Source, Tie, TieType};
use crate::store::promises::{self, samples::*};
use crate::store::sqlite::tests::random::{Changes, accesses, asked, changes, make};
use crate::store::{ClaimOf, Handle, Link, SqliteStore, TieFilter, copy};

#[test]
fn who_was_silent_for_longer_than_patience_lasts_is_asked_once_more_where_that_is_worth_it() {
    let impatient = driver::Patience { lasts: std::time::Duration::ZERO, tries: 1 };
    for (patience, silent, answered) in
        [(impatient, 1, false), (impatient.twice(), 1, true), (impatient.twice(), 2, false)]
    {
        let mut asked = 0;
        let answer = insist(patience, || {
            asked += 1;
            if asked > silent { Ok(asked) } else { Err(Bolt::Passing("no answer".to_owned())) }
        });
        assert_eq!(answer.is_ok(), answered, "{silent} silences");
    }
    // What fails for good is not asked again, however much patience there is.
    let mut asked = 0;
    let refused = insist(driver::PATIENCE, || -> Result<(), Bolt> {
        asked += 1;
        Err(Bolt::Denied("wrong password".to_owned()))
    });
    assert!(refused.is_err() && asked == 1);
}

/// Everything that can be asked of a part of a store, each of a view of its own; `forget` lets go what others have read.
fn asked_in_part(store: &dyn Store, access: &Access, forget: &dyn Fn()) -> Vec<String> {
    let people: Vec<Id> = ["p0", "p1", "p2", "p3", "p4", "p9"].map(Id::from).to_vec();
    let view = || {
        forget();
        store.read(access).unwrap()
    };
    let family = TieFilter { types: vec![TieType::Family], ..TieFilter::default() };
    let capped = TieFilter { layers: vec![Layer::Social, Layer::Kinship], cap: Some(2), types: vec![] };
    let handles: Vec<Handle> =
        view().handles(&people).unwrap().into_iter().map(|(_, handle)| handle).collect();
    let links = |types: &[TieType]| {
        let mut links: Vec<Link> = Vec::new();
        let some = handles.get(..2).unwrap_or_default();
        view().links(some, types, &mut |link| links.push(link)).unwrap();
        // Which claim of a tie comes first is not promised, only that one does.
        let mut firsts: Vec<(Handle, u64)> =
            links.iter().filter(|link| !link.again).map(|link| (link.near, link.claim.tie)).collect();
        links.iter_mut().for_each(|link| link.again = true);
        firsts.sort();
        links.sort();
        (firsts, links)
    };
    let mut answers = vec![
        format!("{:#?}", view().steps(&people[1..2]).unwrap()),
        format!("{:#?}", view().sources().unwrap()),
        format!("{:#?}", view().entities_of(&people[..2]).unwrap()),
        format!("{:#?}", view().profiles(&people[1..3]).unwrap()),
        format!("{:#?}", view().ties_of(&people[1..3], &family).unwrap()),
        format!("{:#?}", view().ties_of(&people[1..2], &TieFilter::default()).unwrap()),
        format!("{:#?}", view().ties_of(&people[1..4], &capped).unwrap()),
        format!("{handles:?} {:?} {:?}", links(&[]), links(&[TieType::Family, TieType::Call])),
        format!("{:?}", view().officials(&handles).unwrap()),
        format!("{:?}", view().kinds(&handles).unwrap()),
        format!("{:?}", view().entities_at(&handles).unwrap()),
        format!("{:#?}", opened(&*view(), &handles)),
        format!("{:?}", view().cases_of(&"g1".into()).unwrap()),
        format!("{:#?}", ["t0", "t1", "t2", "none"].map(|id| view().steps_named(&id.into()).unwrap())),
        format!("{:?}", view().named("wang").unwrap()),
        format!("{:?}", view().names().unwrap()),
        format!("{:?}", ["wang", "王", "p1", ""].map(|text| view().find(text, 5).unwrap())),
        view().digest(),
    ];
    answers.extend((0..6).map(|n| format!("{:#?}", view().row(&format!("r{n}").as_str().into()).unwrap())));
    answers.extend(["王伟", "zgq", "p1"].map(|text| format!("{:?}", view().find(text, 9).unwrap())));
    answers
}

/// The ties of the first two, by the claims that a walk found.
fn opened(view: &dyn View, handles: &[Handle]) -> Vec<Tie> {
    let mut claims: BTreeMap<ClaimOf, Handle> = BTreeMap::new();
    let some = handles.get(..2).unwrap_or_default();
    view.links(some, &[], &mut |link| {
        claims.insert(link.claim, link.near);
    })
    .unwrap();
    let told: BTreeMap<Handle, Id> =
        view.entities_at(some).unwrap().into_iter().map(|(handle, entity)| (handle, entity.id)).collect();
    view.ties_of_claims(&claims.into_iter().collect::<Vec<_>>(), &told).unwrap()
}

/// What an excerpt shows once its records are written there.
fn excerpted(store: &dyn Store, last: &Changes) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("excerpt.db");
    let records: Vec<Record> = last.iter().flat_map(|(_, records)| records.clone()).collect();
    let excerpt = store.excerpt(&path, &records).unwrap();
    let copy = SqliteStore::open(&path, Mode::Write).unwrap();
    let told = make(&copy, last);
    let ids: Vec<Id> = excerpt.entities.iter().cloned().collect();
    let view = copy.read(&Access::default()).unwrap();
    let between = view.ties_of(&ids, &TieFilter::default()).unwrap().ties;
    format!("{excerpt:#?}{told:#?}{:#?}{between:#?}{}", view.entities_of(&ids).unwrap(), view.digest())
}

/// A store on a server and one in a file agree on everything, after any changes.
fn agree(address: &str, changes: &Changes) {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open(&folder.path().join("case.db"), Mode::Create).unwrap();
    let server = fresh(address);
    let (last, before) = changes.split_last().unwrap();
    let (last, before) = (vec![last.clone()], before.to_vec());
    assert_eq!(make(&*server, &before), make(&file, &before));
    assert_eq!(excerpted(&*server, &last), excerpted(&file, &last));
    assert_eq!(make(&*server, &last), make(&file, &last));
    let own = Neo4jStore::open(address, Mode::Read).unwrap();
    let forget = || *own.seen.lock().unwrap() = None;
    for access in accesses() {
        let in_file = asked_in_part(&file, &access, &|| ());
        assert_eq!(asked_in_part(&own, &access, &forget), in_file, "{access:?}");
        // What one view has read serves the others.
        assert_eq!(asked_in_part(&own, &access, &|| ()), in_file, "{access:?}");
        assert_eq!(asked(&*server, &access), asked(&file, &access), "{access:?}");
    }
    assert_eq!(server.verify().unwrap().faults, []);
    copied(address, &file, &*server, folder.path());
}

/// A store copied to a server or from one is that store, and goes on as it would.
fn copied(address: &str, file: &SqliteStore, server: &dyn Store, folder: &Path) {
    let (back, read) = copy(server, &folder.join("back.db").to_string_lossy(), &mut |_, _| true).unwrap();
    assert!(read == file.seal().unwrap());
    assert_eq!(asked(&*back, &Access::default()), asked(file, &Access::default()));
    assert!(back.seal().unwrap() == file.seal().unwrap() && server.seal().unwrap() == file.seal().unwrap());
    assert!(matches!(copy(file, address, &mut |_, _| true), Err(StoreError::NotEmpty(_))));
    emptied(address);
    let (there, read) = copy(file, address, &mut |done, all| done <= all).unwrap();
    assert!(read == file.seal().unwrap());
    assert_eq!(there.verify().unwrap().faults, []);
    assert!(there.seal().unwrap() == file.seal().unwrap());
    for access in accesses() {
        assert_eq!(asked(&*there, &access), asked(file, &access), "{access:?}");
    }
    let sealed = Record::Source(Source { handling: Handling::Sealed, ..source("s0") });
    let more = vec![(None, vec![person("p0", "新"), sealed, tie("r0", TieType::Call, "p0", "p1")])];
    assert_eq!(make(&*there, &more), make(&*back, &more));
    assert_eq!(asked(&*there, &Access::default()), asked(&*back, &Access::default()));
    assert_eq!(there.verify().unwrap().faults, []);
}

/// One test after another: a server has one store at a time.
#[test]
fn a_server_is_a_store_like_a_file() {
    servers::each("a_server_is_a_store_like_a_file", &|address: &str| {
        promises::keep(&|| fresh(address));
        let cases =
            std::env::var("PARASOL_TEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4);
        let config = Config { cases, max_shrink_iters: 10, failure_persistence: None, ..Config::default() };
        let run = TestRunner::new(config).run(&changes(), |changes| {
            agree(address, &changes);
            Ok(())
        });
        run.unwrap();
        an_import_that_was_broken_off_never_was(address);
        a_copy_that_was_broken_off_never_was(address);
        a_hub_is_left_closed_as_in_a_file(address);
        a_sheaf_that_is_lost_is_no_silence(address);
        a_sheaf_of_several_that_is_lost_is_no_silence(address);
        what_was_given_up_holds_no_lock(address);
        what_others_finish_meanwhile_is_no_damage(address);
        what_is_wrong_with_the_graph_is_found(address);
    });
}

/// A writer dies between two batches: nobody sees anything of it, and the next one takes it away.
fn an_import_that_was_broken_off_never_was(address: &str) {
    let store = fresh(address);
    write(&*store, &[person("a", "甲"), person("b", "乙"), tie("r1", TieType::Associate, "a", "b")]);
    let was = digest(&*store);
    let parsed = Address::parse(address).unwrap();
    let remote = Remote { driver: Driver::new(&parsed).unwrap(), address: parsed };
    let half = "MATCH (p:Parasol {id: 'store'}) SET p.batch = 3, p.writer = 'dead', p.lease = timestamp() - 1
        WITH p MATCH (c:Claim {row: 'r1'}) SET c.beaten = [2, 18000], c.touched = 2
        CREATE (:Claim {n: 2, tie: 1, row: 'r1', change: 2, `from`: 1, `to`: 2, type: 'associate'}),
          (:Entity:Person {n: 3, id: 'c', kind: 'person', change: 2}),
          (:Sheaf {key: '1/2/0', of: 1, change: 2, part: 0, ties: '1 a 0 1 2 1 b 0 1 ', told: null}),
          (:Name {key: 'c', of: 3, change: 2})
        RETURN 1 AS r";
    remote.driver.change(vec![neo4rs::query(half)]).unwrap();
    assert_eq!(
        (digest(&*store), told(&ties(&*store, &Access::default()))),
        (was.clone(), vec!["a-b:r1".to_owned()])
    );
    let verified = store.verify().unwrap();
    assert_eq!((verified.faults, verified.graph_left_out), (vec![], true), "its graph is on its way");
    write(&*store, &[person("d", "丁")]);
    assert_eq!(told(&ties(&*store, &Access::default())), ["a-b:r1"]);
    assert_eq!(entities(&*store, &Access::default()).len(), 3);
    assert!(
        !remote
            .has_any(neo4rs::query("MATCH (c:Claim) WHERE c.n > 1 OR c.touched > 1 RETURN 1 AS r"))
            .unwrap()
    );
    // Of the change that came instead nothing is said of the first two.
    let left =
        "MATCH (x) WHERE (x:Sheaf AND x.of < 3 AND x.change > 1) OR (x:Name AND x.key = 'c') RETURN 1 AS r";
    assert!(!remote.has_any(neo4rs::query(left)).unwrap());
    assert_eq!(store.verify().unwrap(), Verified::default());
}

/// A copy that somebody broke off is no store, and the next one takes away what it left.
fn a_copy_that_was_broken_off_never_was(address: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open(&folder.path().join("case.db"), Mode::Create).unwrap();
    write(&file, &[person("a", "甲"), person("b", "乙"), tie("r1", TieType::Associate, "a", "b")]);
    emptied(address);
    let broken = copy(&file, address, &mut |_, _| false);
    assert!(matches!(broken, Err(StoreError::BrokenOff)));
    let server = Neo4jStore::open(address, Mode::Read).unwrap();
    assert_eq!(server.read(&Access::default()).unwrap().info().unwrap().changes, 0);
    // Two changes end in the file while it is copied: the copy is what was there at its beginning.
    let (was, mut more) = (file.seal().unwrap(), ["c", "d"].into_iter());
    let mut meanwhile = |_, _| {
        more.by_ref().for_each(|id| drop(write(&file, &[person(id, "丙")])));
        true
    };
    let (there, read) = copy(&file, address, &mut meanwhile).unwrap();
    assert!(read == was && there.seal().unwrap() == was && file.seal().unwrap() != was);
    assert_eq!(there.verify().unwrap().faults, []);
}

/// Whose ties fill more pieces of a sheaf than a cap would, and who is closed by it or not.
fn a_hub_is_left_closed_as_in_a_file(address: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = SqliteStore::open(&folder.path().join("case.db"), Mode::Create).unwrap();
    let server = fresh(address);
    let mut records: Vec<Record> = (0..40).map(|n| person(&format!("p{n}"), "某")).collect();
    records.extend([person("h", "某"), tie("own", TieType::Call, "h", "h")]);
    records.extend((0..400).map(|n| {
        let ty = if n < 150 { TieType::Payment } else { TieType::Call };
        let mut record = tie(&format!("r{n}"), ty, "h", &format!("p{}", n % 40));
        if let Record::Relation(relation) = &mut record {
            relation.values.note = Some("长".repeat(300));
        }
        record
    }));
    let stores: [&dyn Store; 2] = [&file, &*server];
    for store in stores {
        write(store, &records);
        write(store, &[tie("r0", TieType::Payment, "p1", "p2")]);
    }
    let nodes: Vec<Id> = ["h", "p1", "p2"].map(Id::from).to_vec();
    let (payments, calls) = (vec![TieType::Payment], vec![Layer::Communication]);
    let of = |types: &[TieType], layers: &[Layer], cap| TieFilter {
        types: types.to_vec(),
        layers: layers.to_vec(),
        cap: Some(cap),
    };
    let mut closed = Vec::new();
    // Of 400 rows one names others by now, and one call is to himself.
    let filters = [
        of(&[], &[], 399),
        of(&[], &[], 400),
        of(&payments, &[], 148),
        of(&payments, &[], 149),
        of(&[], &calls, 250),
        of(&[], &calls, 251),
    ];
    for access in accesses() {
        for filter in &filters {
            // By a store that has read nothing yet.
            let own = Neo4jStore::open(address, Mode::Read).unwrap();
            let found = own.read(&access).unwrap().ties_of(&nodes, filter).unwrap();
            assert_eq!(found, file.read(&access).unwrap().ties_of(&nodes, filter).unwrap(), "{filter:?}");
            if access == Access::default() {
                closed.push(found.capped.contains(&"h".into()));
            }
        }
    }
    assert_eq!(closed, [true, false, true, false, true, false]);
}

/// Of whom something is said, and the server has lost it, no question answers that nothing is.
fn a_sheaf_that_is_lost_is_no_silence(address: &str) {
    let store = fresh(address);
    write(&*store, &[person("a", "甲"), person("b", "乙"), tie("r1", TieType::Associate, "a", "b")]);
    let parsed = Address::parse(address).unwrap();
    let remote = Remote { driver: Driver::new(&parsed).unwrap(), address: parsed };
    let handles = [Handle(1), Handle(2)];
    let asked = || {
        let store = Neo4jStore::open(address, Mode::Read).unwrap();
        let view = store.read(&Access::default()).unwrap();
        let mut links = 0;
        let walked = view.links(&handles, &[], &mut |_| links += 1);
        (walked.map(|()| links), view.entities_at(&handles).map(|found| found.len()))
    };
    assert!(matches!(asked(), (Ok(2), Ok(2))));
    let lose = "MATCH (s:Sheaf {of: 1}) DELETE s RETURN 1 AS r";
    remote.driver.change(vec![neo4rs::query(lose)]).unwrap();
    let damaged = |error: Option<StoreError>| matches!(error, Some(StoreError::Damaged { .. }));
    let (walked, told) = asked();
    assert!(damaged(walked.err()) && damaged(told.err()));
}

/// Whoever asks about everybody hears of a sheaf that is lost, also of one of several.
fn a_sheaf_of_several_that_is_lost_is_no_silence(address: &str) {
    let parsed = Address::parse(address).unwrap();
    let remote = Remote { driver: Driver::new(&parsed).unwrap(), address: parsed };
    let lost_of = |claims: bool| {
        let store = fresh(address);
        write(&*store, &[person("a", "甲"), person("b", "乙"), tie("r1", TieType::Associate, "a", "b")]);
        let more = if claims { tie("r2", TieType::Call, "a", "b") } else { person("a", "丙") };
        write(&*store, &[more]);
        let asked =
            || Neo4jStore::open(address, Mode::Read).unwrap().read(&Access::default()).unwrap().info();
        assert!(asked().is_ok());
        let lose = "MATCH (s:Sheaf {of: 1, change: 2}) DELETE s RETURN 1 AS r";
        remote.driver.change(vec![neo4rs::query(lose)]).unwrap();
        asked().err()
    };
    assert!(matches!(lost_of(true), Some(StoreError::Damaged { .. })));
    assert!(matches!(lost_of(false), Some(StoreError::Damaged { .. })));
}

/// A transaction that waited for a lock until it was given up does not get it in the end: nobody would give it back.
fn what_was_given_up_holds_no_lock(address: &str) {
    // ArcadeDB locks nothing before a commit.
    if address.trim_start_matches("bolt://").contains('/') {
        return;
    }
    fresh(address);
    let parsed = Address::parse(address).unwrap();
    let (user, password) = (parsed.user.clone().unwrap(), parsed.password().unwrap());
    let config = neo4rs::ConfigBuilder::default().uri(&parsed.uris[0]).user(user).password(password);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut holder = runtime.block_on(async {
        neo4rs::Graph::connect(config.build().unwrap()).unwrap().start_txn().await.unwrap()
    });
    runtime.block_on(holder.run("MATCH (p:Parasol) SET p.asked = 'holder'")).unwrap();
    let look = |me: &str| vec![query!("store_look").param("me", me)];
    let hasty = Driver::with(&parsed, Duration::from_secs(2)).unwrap();
    assert!(matches!(hasty.change(look("hasty")), Err(Bolt::Silent(_))));
    runtime.block_on(holder.rollback()).unwrap();
    let next = Driver::with(&parsed, Duration::from_secs(20)).unwrap();
    assert_eq!(next.change(look("next")).unwrap().len(), 1);
    let again = insist(driver::PATIENCE, || hasty.change(look("hasty")));
    assert_eq!(again.unwrap().len(), 1, "it goes on by connections of its own");
}

/// Whatever ends while a store is verified, its seal taken, or a backup of it made: it is sound, and so is the backup.
fn what_others_finish_meanwhile_is_no_damage(address: &str) {
    let store = fresh(address);
    write(&*store, &[Record::Source(source("s")), person_by("a", "甲", &["s"]), person("b", "乙")]);
    let point = Neo4jStore::open(address, Mode::Read).unwrap().point().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let rows = folder.path().join("rows.db");
    store.backup(&rows).unwrap();
    let parsed = Address::parse(address).unwrap();
    let remote = Remote { driver: Driver::new(&parsed).unwrap(), address: parsed };
    assert_eq!(check::compare(&remote, &rows, &point).unwrap(), Compared::Faults(vec![]));
    write(&*store, &[tie("r1", TieType::Associate, "a", "b")]);
    let gone = check::compare(&remote, &rows, &point).unwrap();
    assert_eq!(gone, Compared::WentOn, "these rows are not what the graph shows");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..12 {
                // Who told us is hidden from now on, which changes the digest of what is there.
                let told = Source { protected: n > 5, ..source("s") };
                let row = tie(&format!("q{n}"), TieType::Call, "a", "b");
                write(&*store, &[Record::Source(told), row]);
            }
        });
        for n in 0.. {
            assert_eq!(Neo4jStore::open(address, Mode::Read).unwrap().verify().unwrap().faults, []);
            let path = folder.path().join(format!("{n}.db"));
            let read = store.backup(&path).unwrap();
            let copy = SqliteStore::open(&path, Mode::Read).unwrap();
            assert_eq!(copy.verify().unwrap().faults, []);
            assert!(copy.seal().unwrap() == read);
            if writer.is_finished() {
                break;
            }
        }
    });
    assert!(folder.path().join("1.db").exists(), "the writer was done too soon");
}

/// What somebody did to the graph by hand, or a server lost, is told by `verify`.
fn what_is_wrong_with_the_graph_is_found(address: &str) {
    let parsed = Address::parse(address).unwrap();
    let remote = Remote { driver: Driver::new(&parsed).unwrap(), address: parsed };
    let wrongs = [
        ("MATCH (:Entity)-[t:ASSOCIATE]->(:Entity) DELETE t RETURN 1 AS r", "derived"),
        ("MATCH (:Entity)-[t:ASSOCIATE]->(:Entity) SET t.amount = '1' RETURN 1 AS r", "derived"),
        ("MATCH (:Entity)-[t:ASSOCIATE]->(:Entity) SET t.status = 'refuted' RETURN 1 AS r", "derived"),
        (
            "MATCH (a:Entity)-[t:ASSOCIATE]->(b:Entity) WITH a, b, t, properties(t) AS p DELETE t
            CREATE (a)-[u:CALL]->(b) SET u = p RETURN 1 AS r",
            "derived",
        ),
        (
            "MATCH (a:Entity)-[t:ASSOCIATE]->(b:Entity) WITH a, b, t, properties(t) AS p DELETE t
            CREATE (b)-[u:ASSOCIATE]->(a) SET u = p RETURN 1 AS r",
            "derived",
        ),
        ("MATCH (:Fact {key: '1/1'})-[t:ABOUT_ENTITY]->(:Entity) DELETE t RETURN 1 AS r", "orphan"),
        ("MATCH (f:Fact {key: '1/1'})-[t:SAID_BY]->(:Source) DELETE t RETURN 1 AS r", "orphan"),
        ("MATCH (x:Name {of: 1}) DELETE x RETURN 1 AS r", "search_index"),
        ("MATCH (x:Name {of: 1}) SET x.of = 2 RETURN 1 AS r", "search_index"),
        ("MATCH (s:Sheaf {of: 1}) DELETE s RETURN 1 AS r", "derived"),
        ("MATCH (s:Sheaf {of: 1}) SET s.told = null RETURN 1 AS r", "derived"),
        ("MATCH (s:Sheaf {of: 2}) SET s.ties = replace(s.ties, 'r1', 'r2') RETURN 1 AS r", "derived"),
        ("MATCH (s:Sheaf {of: 2}) SET s.of = 99 RETURN 1 AS r", "derived"),
        ("MATCH (e:Entity {id: 'a'}) SET e.name = '乙' RETURN 1 AS r", "derived"),
        ("MATCH (e:Entity {id: 'a'}) SET e.more = 'x' RETURN 1 AS r", "derived"),
        ("MATCH (s:Source) SET s.handling = 'sealed' RETURN 1 AS r", "derived"),
        ("MATCH (c:Claim {row: 'r1'}) DETACH DELETE c RETURN 1 AS r", "digest"),
        ("MATCH (e:Entity {id: 'a'}) DETACH DELETE e RETURN 1 AS r", "row_hash"),
    ];
    for (wrong, code) in wrongs {
        let store = fresh(address);
        let told = [Record::Source(source("s")), person_by("a", "甲", &["s"]), person("b", "乙")];
        write(&*store, &[&told[..], &[tie("r1", TieType::Associate, "a", "b")]].concat());
        assert_eq!(store.verify().unwrap().faults, []);
        remote.driver.change(vec![neo4rs::query(wrong)]).unwrap();
        let found: Vec<String> = store.verify().unwrap().faults.into_iter().map(|fault| fault.code).collect();
        assert!(found.iter().any(|found| found == code), "{wrong}: {found:?}");
    }
}
