//! The law of balls: what is read of a store by reach gives the whole network's answer.

use std::ops::Range;
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;

use super::{Scored, Source, Statistics, ask, kept};
use crate::analysis::doubles;
use crate::analysis::umbrella::{self, Options};
use crate::messages::{Catalogue, Lang};
use crate::model::{
    Access, Channel, Credibility, Date, Decision, Handling, Id, Kind, Level, Record, Relation, Reliability,
    Statement, Status, Step, Table, TieType, Values,
};
use crate::network::{ByteSource, Network, OnDisk};
use crate::report::{self, brief::Made};
use crate::store::{self, Change, Mode, Store};
use crate::tasks::cache::Cache;
use crate::tasks::draw::{self, Ground, Said, Subject};
use crate::tasks::umbrella::Yardstick;
use crate::tasks::{brief, open, paths, umbrella as tasks_umbrella};

/// Everybody and everything of a small case: letter, how many, kind, table.
const CAST: &[(char, usize, Kind, Table)] = &[
    ('a', 2, Kind::Agency, Table::Organisations),
    ('g', 2, Kind::Gang, Table::Organisations),
    ('c', 4, Kind::Company, Table::Organisations),
    ('o', 4, Kind::Person, Table::Officials),
    ('m', 4, Kind::Person, Table::GangMembers),
    ('p', 9, Kind::Person, Table::People),
    ('k', 4, Kind::Case, Table::Cases),
    ('l', 3, Kind::Lead, Table::Leads),
    ('t', 4, Kind::Phone, Table::Objects),
    ('b', 4, Kind::Account, Table::Objects),
    ('e', 3, Kind::Event, Table::Objects),
    ('h', 2, Kind::Address, Table::Objects),
];

/// Types of tie with the letters of their ends.
const TIES: &[(TieType, &str, &str)] = &[
    (TieType::Family, "omp", "omp"),
    (TieType::Associate, "omp", "omp"),
    (TieType::Meeting, "omp", "omp"),
    (TieType::Call, "ompt", "ompt"),
    (TieType::Call, "mp", "op"),
    (TieType::Attended, "omp", "e"),
    (TieType::Payment, "gcmpb", "ompcb"),
    (TieType::Payment, "cmp", "pb"),
    (TieType::Gift, "mp", "op"),
    (TieType::Holder, "omp", "tbh"),
    (TieType::Ownership, "ompc", "c"),
    (TieType::Directorship, "omp", "c"),
    (TieType::Employment, "p", "c"),
    (TieType::Controls, "gcmp", "c"),
    (TieType::Member, "mp", "g"),
    (TieType::Suspect, "mp", "k"),
    (TieType::Handled, "op", "k"),
    (TieType::Reviewed, "o", "kl"),
    (TieType::Inspected, "op", "c"),
    // Both ends may be one: a wrong end makes nobody an official.
    (TieType::Inspected, "op", "op"),
    (TieType::Licensed, "o", "c"),
    (TieType::Post, "o", "a"),
    (TieType::Briefed, "op", "e"),
    (TieType::Targets, "e", "gmc"),
    (TieType::About, "l", "ogmpc"),
    (TieType::Protects, "o", "g"),
    (TieType::Same, "omp", "omp"),
];

pub(in crate::tasks) fn change() -> Change {
    Change { who: "test".into(), why: "test".into(), known: "2018".parse().ok() }
}

fn day() -> impl Strategy<Value = Option<Date>> {
    let days = ["", "2019", "2019-03", "2019-03-04", "2019-03-06", "2020-01-02", "2021-05-05"];
    select(days.to_vec()).prop_map(|text| text.parse().ok())
}

/// A source: some protected, some sealed.
pub(super) fn a_source(n: usize) -> Record {
    let handling = [Handling::Open, Handling::Internal, Handling::Restricted, Handling::Sealed][n % 4];
    Record::Source(crate::model::Source {
        id: format!("s{n}").as_str().into(),
        channel: Channel::CaseInvestigation,
        title: Some(format!("file {n}")),
        date: None,
        reliability: [Reliability::A, Reliability::B, Reliability::D][n % 3],
        unit: None,
        handling,
        protected: n == 2,
        locator: None,
        props: Default::default(),
    })
}

/// What is on record of everybody, by a few drawn numbers.
pub(in crate::tasks) fn cast(draws: &[u8]) -> Vec<Record> {
    let mut draws = draws.iter().copied().cycle();
    let mut draw = |n: usize| draws.next().map_or(0, |draw| usize::from(draw) % n);
    let mut records = Vec::new();
    for &(letter, count, kind, table) in CAST {
        for n in 0..count {
            let mut props = vec![("name", format!("name {letter}{n}"))];
            let maybe = |props: &mut Vec<(&'static str, String)>, key, all: &[&str], at: usize| {
                props.extend(
                    all.get(at).filter(|text| !text.is_empty()).map(|text| (key, (*text).to_owned())),
                );
            };
            match letter {
                'o' | 'm' | 'p' => {
                    maybe(&mut props, "name", &["冯启年", "王伟"], draw(6));
                    maybe(&mut props, "birth_date", &["1970-03-04", "1970", "1980-01-01"], draw(6));
                    maybe(&mut props, "hometown", &["北关", "南关"], draw(4));
                    maybe(&mut props, "id_number", &["110101197003040012", "110101700304001"], draw(9));
                    maybe(&mut props, "aliases", &["冯启年"], draw(9));
                    if letter == 'o' {
                        maybe(&mut props, "agency", &["a0", "a1"], draw(3));
                        maybe(&mut props, "jurisdiction", &["west"], draw(5));
                    }
                    if letter == 'm' {
                        maybe(&mut props, "gang", &["g0", "g1"], draw(3));
                    }
                }
                'a' => {
                    maybe(&mut props, "sector", &["police", "court"], n);
                    maybe(&mut props, "jurisdiction", &["east", "west"], draw(3));
                    maybe(&mut props, "parent", &["a0"], draw(2));
                }
                'g' | 'c' => maybe(&mut props, "jurisdiction", &["east", "west"], draw(3)),
                'k' => {
                    maybe(&mut props, "gang", &["g0", "g1"], draw(3));
                    maybe(&mut props, "jurisdiction", &["east", "west"], draw(3));
                }
                'l' => {
                    maybe(&mut props, "status", &["open", "unfounded", "verified"], draw(4));
                    maybe(&mut props, "received", &["2019-03-04", "2020-01-02"], draw(3));
                    maybe(&mut props, "channel", &["public_report", "detainee_interview"], draw(3));
                }
                'e' => {
                    maybe(&mut props, "outcome", &["empty", "found"], draw(3));
                    maybe(&mut props, "date", &["2019-03-06", "2020-01-02"], draw(3));
                }
                _ => {}
            }
            let sources = [vec![], vec!["s0"], vec!["s3"], vec!["s3", "s1"]][draw(9).min(3)].clone();
            records.push(Record::Statement(Statement {
                id: format!("{letter}{n}").as_str().into(),
                kind,
                table,
                props: props.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
                sources: sources.into_iter().map(Into::into).collect(),
                recorded: ["", "", "2019", "2021"][draw(4)].parse().ok(),
            }));
        }
    }
    records
}

fn relation(row: String, ty: TieType, from: String, to: String) -> Relation {
    Relation {
        row: row.as_str().into(),
        ty,
        other_type: None,
        from: from.as_str().into(),
        to: to.as_str().into(),
        role: None,
        start: None,
        values: Values::default(),
        status: Status::Confirmed,
        credibility: None,
        sources: vec![],
        recorded: None,
    }
}

/// Somebody of one of these letters.
fn one_of(letters: &str, draw: u8) -> String {
    let all: Vec<String> = CAST
        .iter()
        .filter(|(letter, ..)| letters.contains(*letter))
        .flat_map(|(letter, count, ..)| (0..*count).map(move |n| format!("{letter}{n}")))
        .collect();
    all[usize::from(draw) % all.len()].clone()
}

fn a_tie() -> impl Strategy<Value = Record> {
    let head = (select(TIES.to_vec()), any::<u8>(), any::<u8>(), 0_u16..400, day(), day());
    let said = (any::<u8>(), proptest::collection::vec(0_usize..5, 0..3), day(), 0_u8..8);
    (head, said).prop_map(|(((ty, from, to), a, b, row, start, end), (draw, sources, recorded, status))| {
        let decisions = ty.decisions();
        let decision: Option<Decision> = decisions.get(usize::from(draw) % (decisions.len() + 1)).copied();
        let roles = ["same_hometown", "friend", "sworn_sibling"];
        let role = match ty {
            TieType::Associate => roles.get(usize::from(draw) % 4).map(|role| (*role).to_owned()),
            TieType::Family => {
                ["spouse", "sibling"].get(usize::from(draw) % 3).map(|role| (*role).to_owned())
            }
            _ => None,
        };
        let amount = ["1000", "200000", "180000", ""][usize::from(draw) % 4].parse().ok();
        let money = matches!(ty, TieType::Payment | TieType::Gift);
        let share = ["30", "10", ""][usize::from(draw) % 3].parse().ok();
        let values = Values {
            decision,
            end: end.filter(|_| ty == TieType::Licensed),
            amount: amount.filter(|_| money),
            share: share.filter(|_| ty == TieType::Ownership),
            count: (draw % 5 == 0).then(|| u32::from(draw / 5) + 1),
            ..Values::default()
        };
        let sources: std::collections::BTreeSet<String> =
            sources.into_iter().filter(|s| *s < 4).map(|s| format!("s{s}")).collect();
        Record::Relation(Relation {
            role,
            start,
            values,
            status: if status == 0 { Status::Refuted } else { Status::Confirmed },
            credibility: (status == 1).then_some(Credibility::C5),
            sources: sources.iter().map(|s| s.as_str().into()).collect(),
            recorded,
            ..relation(format!("r{row}"), ty, one_of(from, a), one_of(to, b))
        })
    })
}

fn member(n: usize) -> Record {
    let (who, gang) = (format!("m{n}"), format!("g{}", n % 2));
    Record::Relation(relation(format!("member{n}"), TieType::Member, who, gang))
}

/// More ties than a go-between may have: he is reached and not opened.
fn hub(who: usize) -> Vec<Record> {
    let ends = [("p0", "m0", TieType::Call), ("b0", "b1", TieType::Payment), ("p1", "p2", TieType::Family)];
    let (from, to, ty) = ends[who % ends.len()];
    let row = |n: usize| {
        let (row, start) = (format!("hub{n}"), format!("{}-01-01", 1500 + n).parse().ok());
        Record::Relation(Relation { start, ..relation(row, ty, from.to_owned(), to.to_owned()) })
    };
    (0..401).map(row).collect()
}

fn a_step() -> impl Strategy<Value = Record> {
    let what =
        select(vec![("disposed", "unfounded"), ("reopened", ""), ("signed_off", "found"), ("回避", "o1")]);
    (0_u8..4, any::<u8>(), what, day()).prop_map(|(n, subject, (step, value), recorded)| {
        let key = if step == "回避" { "person" } else { "value" };
        Record::Step(Step {
            id: format!("x{n}").as_str().into(),
            subject: one_of("kl", subject).as_str().into(),
            step: step.to_owned(),
            date: "2019-06-01".parse().unwrap(),
            props: [(key.to_owned(), value.to_owned())].into_iter().filter(|(_, v)| !v.is_empty()).collect(),
            sources: vec![],
            recorded,
        })
    })
}

pub(in crate::tasks) type Case = Vec<Vec<Record>>;

pub(in crate::tasks) fn cases() -> impl Strategy<Value = Case> {
    let draws = proptest::collection::vec(any::<u8>(), 40..80);
    let ties = proptest::collection::vec(prop_oneof![14 => a_tie(), 1 => a_step()], 20..220);
    (draws, ties, proptest::option::weighted(0.4, 0_usize..3)).prop_map(|(draws, ties, with)| {
        let mut first: Vec<Record> = (0..4).map(a_source).collect();
        first.extend(cast(&draws));
        first.extend((0..4).map(member));
        let half = ties.len() / 2;
        let (early, late) = ties.split_at(half);
        first.extend_from_slice(early);
        vec![first, late.to_vec(), with.map_or_else(Vec::new, hub)]
    })
}

pub(in crate::tasks) fn stored(case: &Case) -> (tempfile::TempDir, Box<dyn Store>) {
    let folder = tempfile::tempdir().unwrap();
    let store = store::open(&folder.path().join("case.db").display().to_string(), Mode::Create).unwrap();
    for records in case {
        let mut writer = store.write(&change()).unwrap();
        for record in records {
            writer.put(record).unwrap();
        }
        writer.finish().unwrap();
    }
    (folder, store)
}

pub(in crate::tasks) fn accesses() -> Vec<Access> {
    let day = |day: &str| Access { as_of: day.parse().ok(), ..Access::default() };
    let level = |level| Access { level, ..Access::default() };
    vec![
        Access::default(),
        level(Level::Briefing),
        level(Level::Public),
        level(Level::Handler),
        day("2019"),
        day("2020-03-01"),
    ]
}

/// A store whole and by parts. Kept (from the first briefing on) or taken, the statistics are the same.
fn opened<'s>(store: &'s dyn Store, access: &Access) -> (Network, Source<'s>) {
    if access.level == Level::Briefing {
        Statistics::keep(store).unwrap();
    }
    let network = open::network(store, access).unwrap();
    keep(store, access, &network);
    (network, Source::open(store, access).unwrap())
}

/// The same with nothing kept beside the store: all is read of the store itself.
fn of_store_alone<'s>(store: &'s dyn Store, access: &Access) -> Source<'s> {
    let source = Source::open(store, access).unwrap();
    assert!(source.kept.set(None).is_ok());
    source
}

/// Keeps a network beside its store, however small it is.
pub(super) fn keep(store: &dyn Store, access: &Access, network: &Network) {
    let twins = open::placed(network, &Statistics::named_doubles(store, access).unwrap());
    let cache = Cache::of(store, access, &store.read(access).unwrap().edition().unwrap());
    cache.into_iter().for_each(|cache| cache.keep(network, &twins).unwrap());
    assert_eq!(Source::open(store, access).unwrap().kept().is_some(), access.as_of.is_none());
}

/// Whom a part holds, and by which rows it ties them.
fn held(part: &Network) -> (Vec<&str>, Vec<Vec<&str>>) {
    (part.nodes().map(|node| part.id(node)).collect(), part.ties().map(|tie| part.tie(tie).rows()).collect())
}

/// Paths in words.
fn told(network: &Network, outcome: &paths::Outcome) -> Vec<String> {
    let words = Catalogue::new(Lang::En);
    let path = |(rank, path)| report::lines::path(&words, network, path, rank).join(";");
    (1..).zip(&outcome.paths).map(path).collect()
}

fn few() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn a_ball_gives_what_the_whole_network_gives(case in cases()) {
        let (_folder, store) = stored(&case);
        for access in accesses() {
            let (network, source) = opened(store.as_ref(), &access);
            prop_assert_eq!(&source.statistics().unwrap().globals, &umbrella::globals(&network));
            for gang in network.nodes().filter(|&node| network.kind(node) == Kind::Gang) {
                let gang = Id::from(network.id(gang));
                let options = Options { gangs: vec![gang.clone()], ..Options::default() };
                let whole = umbrella::run(&network, &options);
                let (alone, kept) =
                    (source.gang_of_store(&gang, &options).unwrap(), source.gang(&gang, &options).unwrap());
                prop_assert_eq!(&alone.outcome, &whole, "{:?}", access);
                prop_assert_eq!(&kept.outcome, &whole, "kept {:?}", access);
                // It was the kept network that answered, and both read the same part.
                let of_kept = |disk| kept::gang(&source, disk, &gang, &options).unwrap();
                let answered = source.kept().and_then(of_kept).map(|scored| scored.outcome == whole);
                prop_assert_eq!(answered, access.as_of.is_none().then_some(true), "{:?}", access);
                prop_assert_eq!(held(&kept.network), held(&alone.network), "{:?}", access);
                // What `explain` looks through for the best paths.
                for pair in &whole.pairs {
                    let request = paths::Request::between(pair.official.id.as_str(), gang.as_str());
                    let best = |of: &Scored| {
                        let found = paths::run(&of.network, &request).unwrap();
                        (told(&of.network, &found), found.paths.len())
                    };
                    prop_assert_eq!(best(&kept), best(&alone), "{:?}", pair.official.id);
                }
            }
        }
    }

    #[test]
    fn counts_of_a_store_are_its_networks(case in cases()) {
        let (_folder, store) = stored(&case);
        for access in accesses() {
            let (network, source) = opened(store.as_ref(), &access);
            prop_assert_eq!(source.extent().unwrap(), network.extent(), "{:?}", access);
        }
    }

    #[test]
    fn paths_of_a_part_are_those_of_the_whole(case in cases(), k in 1_usize..4, max_hops in 1_u32..7) {
        let (_folder, store) = stored(&case);
        let (network, kept) = opened(store.as_ref(), &Access::default());
        let alone = of_store_alone(store.as_ref(), &Access::default());
        for (a, b) in [("p0", "m1"), ("o0", "g0"), ("c0", "p2"), ("p1", "p1")] {
            let request = paths::Request { k, max_hops, ..paths::Request::between(a, b) };
            let whole = paths::run(&network, &request).ok().map(|found| told(&network, &found));
            for source in [&kept, &alone] {
                let part = source.paths(&request).ok();
                prop_assert!(part.as_ref().is_none_or(|answer| answer.looked.is_none()));
                let part = part.map(|answer| told(&answer.network, &answer.outcome));
                prop_assert_eq!(&part, &whole);
            }
        }
    }

    /// Who may not see numbers of cards is not told another score.
    #[test]
    fn a_pair_has_one_score_whoever_reads_it(case in cases()) {
        let (_folder, store) = stored(&case);
        for as_of in [None, "2020-03-01".parse().ok()] {
            let scores = |level| {
                let access = Access { level, as_of, ..Access::default() };
                let outcome = umbrella::run(&open::network(store.as_ref(), &access).unwrap(), &Options::default());
                let score = |pair: &umbrella::Pair| {
                    let also: Vec<String> = pair.official.also.iter().map(|id| format!("{id:?}")).collect();
                    (pair.official.id.clone(), pair.gang.id.clone(), pair.log_odds.to_bits(), also)
                };
                outcome.pairs.iter().map(score).collect::<Vec<_>>()
            };
            prop_assert_eq!(scores(Level::Briefing), scores(Level::Case));
        }
    }

    #[test]
    fn doubles_are_found_as_rows_pass(case in cases()) {
        let (_folder, store) = stored(&case);
        for access in accesses() {
            let (network, source) = opened(store.as_ref(), &access);
            let mut names = std::collections::BTreeMap::new();
            source.view().each_entity(&mut |handle, entity| drop(names.insert(handle, entity.id))).unwrap();
            let mut found = Vec::new();
            for (handle, id) in &names {
                for (twin, probability) in source.statistics().unwrap().doubles.of(*handle) {
                    found.push((network.node(id.as_str()).unwrap(), network.node(names[twin].as_str()).unwrap(), *probability));
                }
            }
            prop_assert_eq!(doubles::with_recorded(&network, found), doubles::positions(&network));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 20, ..few() })]

    /// Pictures and briefs of a part that was read as it was asked for.
    #[test]
    fn what_is_drawn_and_told_of_a_part_is_what_is_of_the_whole(case in cases(), sees_cards in any::<bool>()) {
        let (_folder, store) = stored(&case);
        let words = Catalogue::new(Lang::En);
        let level = if sees_cards { Level::Case } else { Level::Briefing };
        let access = Access { level, ..Access::default() };
        let (network, kept) = opened(store.as_ref(), &access);
        let alone = of_store_alone(store.as_ref(), &access);
        let sources = [("kept", &kept), ("alone", &alone)];
        let two = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let pair = |(a, b)| Subject::Pair(a, b);
        let mut subjects = vec![pair(two("o0", "g0")), pair(two("o1", "g1")), Subject::Gang("g0".to_owned())];
        subjects.extend(["o0", "m1", "c0"].map(|id| Subject::Around(vec![id.to_owned()], 2)));
        subjects.extend(["l0", "l1"].map(|id| Subject::Lead(id.to_owned())));
        subjects.push(Subject::Path("p0".to_owned(), "m1".to_owned()));
        // Another than the usual one, so that it must reach both.
        let by = Yardstick { line: 0.3, expected: Some(2.0) };
        for subject in subjects {
            let scene = |network: &Network, said: &Said| {
                let ground = Ground {
                    network,
                    words: &words,
                    sources: &[],
                    stamp: String::new(),
                    level,
                };
                // Fitting to a page lays out every try, slowly here: one pair is fitted, the others ask for a number.
                let is_fitted = matches!(&subject, Subject::Pair(official, _) if official == "o0");
                let wishes = draw::Wishes { most: (!is_fitted).then_some(25), ..draw::Wishes::default() };
                draw::said_scene(&ground, wishes, said)
            };
            let of_whole = Said::of(&network, &subject, by).ok().flatten();
            let whole_scene = of_whole.as_ref().map(|said| scene(&network, said));
            for (name, source) in sources {
                let of_part = Said::of(source, &subject, by).ok().flatten();
                let drawn = of_part.map(|said| {
                    ask(source, &said.nodes(source).unwrap(), |part| scene(part, &said)).unwrap()
                });
                prop_assert_eq!(&drawn, &whole_scene, "{:?} {}", subject, name);
            }
            let Some(Said::Pair(official, gang, Some(_), _)) = of_whole else { continue };
            let request = tasks_umbrella::Request::pair(official.as_str(), gang.as_str());
            let made = Made { level, digest: "d", sources: &[] };
            let (outcome, pair) = tasks_umbrella::find(&network, &request).unwrap();
            let whole = report::brief::pair(&words, &network, &outcome, &pair, made);
            // Positions of ties are a network's own.
            let page = |brief: &report::brief::Brief| report::brief::html(brief, None, &|_| String::new());
            for (name, source) in sources {
                let told = brief::of_pair(source, &words, &request, made).unwrap();
                prop_assert_eq!(page(&told), page(&whole), "{}", name);
            }
        }
        let made = Made { level, digest: "d", sources: &[] };
        let page = |brief: &report::brief::Brief| report::brief::html(brief, None, &|_| String::new());
        for lead in network.nodes().filter(|&node| network.kind(node) == Kind::Lead).map(|node| network.id(node)) {
            let whole = brief::of_lead(&words, &network, lead, by, made).unwrap();
            for (name, source) in sources {
                let part = brief::of_lead_in(source, &words, lead, by, made).unwrap();
                prop_assert_eq!(part.is_none(), umbrella::gangs_named(&network, lead).is_empty(), "{}", lead);
                let Some(part) = part else { continue };
                prop_assert_eq!(page(&part), page(&whole), "{} {}", lead, name);
            }
        }
    }
}

/// What is kept is read a block at a time: whichever is hurt, and wherever the file ends, the answer is the store's.
#[test]
fn what_is_asked_of_a_hurt_file_is_answered_as_of_the_store() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let case = cases().new_tree(&mut runner).unwrap().current();
    let (folder, store) = stored(&case);
    let access = Access::default();
    let (_, whole) = opened(store.as_ref(), &access);
    let (gang, options) = (Id::from("g0"), Options::default());
    let scored = whole.gang_of_store(&gang, &options).unwrap().outcome;
    let request = paths::Request { max_hops: 3, ..paths::Request::between("p0", "g0") };
    let ways = |source: &Source<'_>| {
        let answer = source.paths(&request).unwrap();
        told(&answer.network, &answer.outcome)
    };
    let found = ways(&of_store_alone(store.as_ref(), &access));
    let around = |source: &Source<'_>| {
        let arcs = |network: &Network| network.node("g0").map(|gang| network.arcs(gang).count());
        ask(source, std::slice::from_ref(&gang), arcs).unwrap()
    };
    let asked = around(&of_store_alone(store.as_ref(), &access));
    assert!(kept::gang(&whole, whole.kept().unwrap(), &gang, &options).unwrap().is_some());
    let path = folder.path().join("case.db.case.cache");
    let bytes = std::fs::read(&path).unwrap();
    for at in (0..bytes.len()).step_by(bytes.len() / 150 + 1) {
        let mut hurt = bytes.clone();
        hurt[at] ^= 1 << (at % 8);
        for hurt in [&hurt, &bytes[..at]] {
            std::fs::write(&path, hurt).unwrap();
            let source = Source::open(store.as_ref(), &access).unwrap();
            assert_eq!(source.gang(&gang, &options).unwrap().outcome, scored, "{at}");
            let found_hurt = source.kept.get().and_then(Option::as_ref).is_some_and(|kept| !kept.is_sound());
            assert_eq!(path.exists(), !found_hurt, "what is found hurt is not read again: {at}");
            std::fs::write(&path, hurt).unwrap();
            assert_eq!(ways(&Source::open(store.as_ref(), &access).unwrap()), found, "{at}");
            std::fs::write(&path, hurt).unwrap();
            assert_eq!(around(&Source::open(store.as_ref(), &access).unwrap()), asked, "{at}");
        }
    }
}

/// Bytes that note where they are read.
struct Watched<'b>(&'b [u8], Mutex<Vec<Range<u64>>>);

impl ByteSource for Watched<'_> {
    fn length(&self) -> std::io::Result<u64> {
        self.0.length()
    }

    fn read_at(&self, start: u64, buffer: &mut [u8]) -> std::io::Result<()> {
        self.1.lock().unwrap().push(start..start + buffer.len() as u64);
        self.0.read_at(start, buffer)
    }
}

/// Whatever an answer of the kept network read is checked: any bit of it that is another one is noticed, and none
/// beside.
#[test]
fn every_hurt_block_that_is_read_is_noticed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let case = cases().new_tree(&mut runner).unwrap().current();
    let (folder, store) = stored(&case);
    let access = Access::default();
    let (_, source) = opened(store.as_ref(), &access);
    let (gang, options) = (Id::from("g0"), Options::default());
    let scored = source.gang_of_store(&gang, &options).unwrap().outcome;
    let cache = Cache::of(store.as_ref(), &access, &source.view().edition().unwrap()).unwrap();
    fn open<'b>(bytes: &'b [u8], cache: &Cache) -> Option<OnDisk<Watched<'b>>> {
        OnDisk::open(Watched(bytes, Mutex::default()), cache.key())
    }
    let answer = |disk: &OnDisk<Watched<'_>>| kept::gang(&source, disk, &gang, &options).unwrap();
    let bytes = std::fs::read(folder.path().join("case.db.case.cache")).unwrap();
    let sound = open(&bytes, &cache).unwrap();
    assert_eq!(answer(&sound).map(|answer| answer.outcome), Some(scored));
    let read = sound.source().1.lock().unwrap().clone();
    let is_read = |at: usize| read.iter().any(|read| read.contains(&(at as u64)));
    let mut noticed = 0;
    for at in (0..bytes.len()).step_by(bytes.len() / 400 + 1) {
        let mut hurt = bytes.clone();
        hurt[at] ^= 1 << (at % 8);
        let answered = open(&hurt, &cache).and_then(|disk| answer(&disk));
        assert_eq!(answered.is_none(), is_read(at), "{at}");
        noticed += usize::from(answered.is_none());
    }
    assert!(noticed > 100, "{noticed}");
}

/// The law above says nothing unless the random cases have pairs, hubs that are cut, and doubles.
#[test]
fn random_cases_have_pairs_hubs_and_doubles() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut pairs, mut factors, mut cut, mut twins) = (0, std::collections::BTreeSet::new(), 0, 0);
    for _ in 0..24 {
        let case = cases().new_tree(&mut runner).unwrap().current();
        let (_folder, store) = stored(&case);
        let network = open::network(store.as_ref(), &Access::default()).unwrap();
        let outcome = umbrella::run(&network, &Options::default());
        pairs += outcome.pairs.len();
        cut += outcome.cut.len();
        twins += doubles::positions(&network).len();
        factors.extend(outcome.pairs.iter().flat_map(|pair| &pair.factors).map(|factor| factor.factor));
    }
    assert!(pairs > 50 && cut > 0 && twins > 10, "{pairs} {cut} {twins}");
    let mechanisms = [
        "kin_front",
        "money_chain",
        "case_favour",
        "raid_leak",
        "licence_favour",
        "sign_off",
        "allegation",
        "contact",
    ];
    assert!(mechanisms.iter().all(|mechanism| factors.contains(mechanism)), "{factors:?}");
}
