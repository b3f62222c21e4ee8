//! Promises about changes.

use super::samples::*;
use super::{Maker, Promise};
use crate::model::{Access, Date, Kind, Record, Relation, Statement, Status, Table, TieType};
use crate::store::{Outcome, Store, StoreError, Tally};

pub(super) const PROMISES: &[Promise] = &[
    ("a change is seen when it is finished", seen_when_finished),
    ("a dropped change never was", dropped),
    ("twice is once", twice_is_once),
    ("the digest does not depend on order", order_free),
    ("the digest tells stores apart", digest_tells_apart),
    ("rows that agree are one tie", rows_that_agree),
    ("events merge by id only", events),
    ("the latest word is current", latest_word),
    ("a row that moves leaves its tie", row_moves),
    ("a word said again is said", said_again),
    ("a correction to and fro is kept", to_and_fro),
    ("an orphan is refused and leaves nothing", orphans),
    ("a kind cannot change", kind_clash),
    ("differing facts are all kept", facts_kept),
    ("a career is several facts", career),
    ("a source may speak again", source_again),
    ("steps have a latest word too", steps),
    ("a store that was written is sound, and so is its copy", sound),
    ("what is kept is good for its content only", kept),
];

fn base() -> Vec<Record> {
    vec![Record::Source(source("s1")), person("a", "甲"), person("b", "乙"), person("c", "丙")]
}

fn kept(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let view = |store: &dyn Store| store.read(&Access::default()).unwrap().kept("counts").unwrap();
    let digest = store.read(&Access::default()).unwrap().digest();
    assert_eq!(view(&*store), None);
    store.keep("counts", &digest, b"three").unwrap();
    assert_eq!(view(&*store).as_deref(), Some(&b"three"[..]));
    assert_eq!(store.read(&Access::default()).unwrap().digest(), digest, "it is no part of the content");
    assert_eq!(store.read(&Access::default()).unwrap().info().unwrap().digest, digest);
    write(&*store, &[person("d", "丁")]);
    assert_eq!(view(&*store), None, "of another content");
    assert_eq!(store.verify().unwrap().faults, []);
}

fn seen_when_finished(maker: &Maker<'_>) {
    let store = maker();
    let mut writer = store.write(&change()).unwrap();
    for record in base() {
        writer.put(&record).unwrap();
    }
    let before = store.read(&Access::default()).unwrap();
    assert_eq!(entities(&*store, &Access::default()).len(), 0);
    writer.finish().unwrap();
    let mut seen = 0;
    before.entities(&mut |_| seen += 1).unwrap();
    assert_eq!(seen, 0, "a view keeps what it saw");
    assert_eq!(entities(&*store, &Access::default()).len(), 3);
}

fn dropped(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let was = digest(&*store);
    let mut writer = store.write(&change()).unwrap();
    writer.put(&tie("r1", TieType::Call, "a", "b")).unwrap();
    drop(writer);
    assert_eq!(digest(&*store), was);
    assert!(ties(&*store, &Access::default()).is_empty());
}

fn twice_is_once(maker: &Maker<'_>) {
    let store = maker();
    let mut records = base();
    records.push(tie_by("r1", TieType::Associate, "b", "a", &["s1"]));
    records.push(tie("r2", TieType::Payment, "a", "c"));
    let (_, first) = write(&*store, &records);
    assert_eq!(first, Tally { added: 6, ..Tally::default() });
    let info = store.read(&Access::default()).unwrap().info().unwrap();
    let (_, again) = write(&*store, &records);
    assert_eq!(again, Tally { unchanged: 6, ..Tally::default() });
    assert_eq!(store.read(&Access::default()).unwrap().info().unwrap(), info);
}

/// The digest of a new store after these changes. A server has one store at a time.
fn digest_of(maker: &Maker<'_>, changes: &[&[Record]]) -> String {
    let store = maker();
    for records in changes {
        write(&*store, records);
    }
    digest(&*store)
}

fn order_free(maker: &Maker<'_>) {
    let relations = [
        tie("r1", TieType::Call, "a", "b"),
        tie_by("r2", TieType::Family, "c", "b", &["s1"]),
        tie("r3", TieType::Payment, "b", "a"),
    ];
    let mut back = base();
    back.reverse();
    let forwards = digest_of(maker, &[&[base(), relations.to_vec()].concat()]);
    let backwards = digest_of(maker, &[&[back, relations.iter().rev().cloned().collect()].concat()]);
    let in_parts = digest_of(maker, &[&base(), &relations[1..], &relations]);
    assert_eq!(forwards, backwards);
    assert_eq!(forwards, in_parts, "whatever the changes it came in");
}

fn digest_tells_apart(maker: &Maker<'_>) {
    let of = |from, to| digest_of(maker, &[&[base(), vec![tie("r1", TieType::Call, from, to)]].concat()]);
    assert_ne!(of("a", "b"), of("b", "a"));
}

fn rows_that_agree(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let parent = Relation { role: Some("parent".into()), ..relation("r1", TieType::Family, "a", "b") };
    let child = Relation { role: Some("child".into()), ..relation("r2", TieType::Family, "b", "a") };
    let other = Relation { role: Some("parent".into()), ..relation("r3", TieType::Family, "b", "a") };
    let records: Vec<Record> = [parent, child, other].into_iter().map(Record::Relation).collect();
    let (outcomes, _) = write(&*store, &records);
    assert_eq!(outcomes, [Outcome::Added, Outcome::Merged, Outcome::Added]);
    assert_eq!(told(&ties(&*store, &Access::default())), ["a-b:r1+r2", "b-a:r3"]);
}

fn events(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let records = [
        tie("r1", TieType::Call, "a", "b"),
        tie("r2", TieType::Call, "a", "b"),
        tie_by("r1", TieType::Call, "a", "b", &["s1"]),
    ];
    let (outcomes, _) = write(&*store, &records);
    assert_eq!(outcomes, [Outcome::Added, Outcome::Added, Outcome::Merged]);
    let all = ties(&*store, &Access::default());
    assert_eq!(told(&all), ["a-b:r1", "a-b:r2"]);
    assert_eq!(all[0].claims.len(), 2);
}

fn stated(status: Status, recorded: &str) -> Record {
    let recorded = recorded.parse().ok();
    Record::Relation(Relation { status, recorded, ..relation("r1", TieType::Associate, "a", "b") })
}

fn statuses(store: &dyn crate::store::Store, access: &Access) -> Vec<Status> {
    ties(store, access).iter().flat_map(|tie| &tie.claims).map(|claim| claim.status).collect()
}

fn latest_word(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    write(&*store, &[stated(Status::Suspected, "2020-01-01")]);
    let (outcomes, _) = write(&*store, &[stated(Status::Refuted, "2021-01-01")]);
    assert_eq!(outcomes, [Outcome::Updated]);
    // A word that comes late but is older changes only the past.
    write(&*store, &[stated(Status::Confirmed, "2019-01-01")]);
    assert_eq!(statuses(&*store, &Access::default()), [Status::Refuted]);
    // The facts of both ends have no known day, so an as-of view has neither them nor the tie.
    assert!(statuses(&*store, &as_of("2020")).is_empty());
    let known = Some(date("2018"));
    write_known(&*store, &[person("a", "甲"), person("b", "乙")], known);
    assert_eq!(statuses(&*store, &as_of("2021-01-01")), [Status::Refuted]);
    assert_eq!(statuses(&*store, &as_of("2020")), [Status::Suspected]);
    assert_eq!(statuses(&*store, &as_of("2019-06")), [Status::Confirmed]);
    assert!(statuses(&*store, &as_of("2018-12-31")).is_empty());
}

fn row_moves(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    write(&*store, &[tie("r1", TieType::Associate, "a", "b"), tie("r2", TieType::Associate, "a", "b")]);
    write(&*store, &[tie("r1", TieType::Associate, "a", "c")]);
    assert_eq!(told(&ties(&*store, &Access::default())), ["a-b:r2", "a-c:r1"]);
    write(&*store, &[tie("r2", TieType::Associate, "b", "c")]);
    assert_eq!(told(&ties(&*store, &Access::default())), ["a-c:r1", "b-c:r2"]);
}

fn said_again(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    write(&*store, &[stated(Status::Suspected, "2020")]);
    let (outcomes, _) = write(&*store, &[stated(Status::Suspected, "2021"), stated(Status::Suspected, "")]);
    assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Unchanged]);
    let (outcomes, _) = write(&*store, &[stated(Status::Suspected, "2019")]);
    assert_eq!(outcomes, [Outcome::Updated], "known earlier than we thought");
}

fn to_and_fro(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    for status in [Status::Suspected, Status::Refuted, Status::Suspected, Status::Confirmed, Status::Refuted]
    {
        write(&*store, &[stated(status, "")]);
        assert_eq!(statuses(&*store, &Access::default()), [status]);
    }
}

fn orphans(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let was = digest(&*store);
    let mut writer = store.write(&change()).unwrap();
    let orphans = [
        tie("r1", TieType::Call, "a", "nobody"),
        tie_by("r1", TieType::Call, "a", "b", &["s1", "nobody"]),
        person_by("d", "丁", &["nobody"]),
        Record::Step(step("t1", "nobody", "opened", "2020")),
    ];
    for record in &orphans {
        let why = writer.put(record).unwrap_err();
        assert!(matches!(&why, StoreError::Orphan { missing, .. } if missing.as_str() == "nobody"), "{why}");
    }
    assert_eq!(writer.finish().unwrap(), Tally::default());
    assert_eq!(digest(&*store), was);
}

fn kind_clash(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    let company = Record::Statement(statement("a", Kind::Company, Table::Organisations, &[("name", "甲")]));
    let why = store.write(&change()).unwrap().put(&company).unwrap_err();
    assert!(matches!(why, StoreError::KindClash { was: Kind::Person, new: Kind::Company, .. }), "{why}");
}

fn born(day: &str, known: &str) -> Record {
    let said = statement("a", Kind::Person, Table::People, &[("name", "甲"), ("birth_date", day)]);
    Record::Statement(Statement { recorded: known.parse::<Date>().ok(), ..said })
}

fn facts_kept(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &[born("1980", "2020")]);
    let (outcomes, _) = write(&*store, &[born("1981", "2021")]);
    assert_eq!(outcomes, [Outcome::Updated]);
    let all = entities(&*store, &Access::default());
    assert_eq!(all[0].facts.len(), 2);
    assert_eq!(all[0].prop("birth_date"), Some("1981"));
    assert_eq!(entities(&*store, &as_of("2020"))[0].prop("birth_date"), Some("1980"));
    write(&*store, &[born("1980", "2022")]);
    assert_eq!(entities(&*store, &Access::default())[0].prop("birth_date"), Some("1980"));
}

fn career(maker: &Maker<'_>) {
    let store = maker();
    let post = |agency: &str| {
        let columns = [("name", "甲"), ("agency", agency)];
        Record::Statement(statement("a", Kind::Person, Table::Officials, &columns))
    };
    let records = [post("g1"), post("g2"), person("a", "甲")];
    let (outcomes, _) = write_known(&*store, &records, Some(date("2020")));
    assert_eq!(outcomes, [Outcome::Added, Outcome::Merged, Outcome::Merged]);
    let more = [post("g1"), post("g2"), post("g3"), person("a", "甲")];
    let (outcomes, _) = write_known(&*store, &more, Some(date("2021")));
    assert_eq!(outcomes, [Outcome::Unchanged, Outcome::Unchanged, Outcome::Updated, Outcome::Unchanged]);
    let (_, tally) = write_known(&*store, &more, Some(date("2021")));
    assert_eq!(tally.unchanged, 4);
    let all = entities(&*store, &Access::default());
    assert!(all[0].stands_in(Table::Officials) && all[0].stands_in(Table::People));
    assert_eq!(all[0].facts.len(), 4);
}

fn source_again(maker: &Maker<'_>) {
    let store = maker();
    write(&*store, &base());
    write(&*store, &[tie_by("r1", TieType::Call, "a", "b", &["s1"])]);
    let better = crate::model::Source { reliability: crate::model::Reliability::A, ..source("s1") };
    let (outcomes, _) = write(&*store, &[Record::Source(better)]);
    assert_eq!(outcomes, [Outcome::Updated]);
    let claim = &ties(&*store, &Access::default())[0].claims[0];
    assert_eq!(claim.reliability, crate::model::Reliability::A);
    assert_eq!(claim.credibility, crate::model::Credibility::C1);
    assert_eq!(store.read(&Access::default()).unwrap().sources().unwrap().len(), 1);
}

fn steps(maker: &Maker<'_>) {
    let store = maker();
    let case = |id| Record::Statement(statement(id, Kind::Case, Table::Cases, &[("title", "案")]));
    let said = |id: &str, subject: &str, day: &str| Record::Step(step(id, subject, "opened", day));
    write(&*store, &[case("k1"), case("k2"), said("t2", "k2", "2020"), said("t1", "k1", "2021")]);
    let (outcomes, _) = write(&*store, &[said("t1", "k1", "2019"), said("t2", "k2", "2020")]);
    assert_eq!(outcomes, [Outcome::Updated, Outcome::Unchanged]);
    let view = store.read(&Access::default()).unwrap();
    let of = |subjects: &[&str]| -> Vec<String> {
        let steps = view.steps(&ids(subjects)).unwrap();
        steps.iter().map(|step| format!("{}:{}:{}", step.subject, step.date, step.id)).collect()
    };
    assert_eq!(of(&[]), ["k1:2019:t1", "k2:2020:t2"]);
    assert_eq!(of(&["k2", "nobody"]), ["k2:2020:t2"]);
}

fn sound(maker: &Maker<'_>) {
    let store = maker();
    latest_word_records(&*store);
    assert_eq!(store.verify().unwrap().faults, []);
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("copy.db");
    let copied = store.backup(&to).unwrap();
    assert!(store.backup(&to).is_err(), "a copy never overwrites");
    let copy = crate::store::open(to.to_str().unwrap(), crate::store::Mode::Read).unwrap();
    assert_eq!(copy.verify().unwrap().faults, []);
    assert_eq!(digest(&*copy), digest(&*store));
    assert!(copy.seal().unwrap() == store.seal().unwrap() && copied == copy.seal().unwrap());
    assert_eq!(ties(&*copy, &Access::default()), ties(&*store, &Access::default()));
}

fn latest_word_records(store: &dyn crate::store::Store) {
    write(store, &base());
    for day in ["2020", "", "2021", "2019-05"] {
        let status = if day.is_empty() { Status::Refuted } else { Status::Suspected };
        write(store, &[stated(status, day), tie("r2", TieType::Call, "a", "c"), born("1980", day)]);
        write(store, &[tie("r1", TieType::Associate, "a", "c")]);
    }
}
