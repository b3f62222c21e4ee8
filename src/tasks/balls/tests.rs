//! The law of balls: what is read of a store by reach gives the whole network's answer.

use std::ops::Range;
use std::sync::Mutex;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

use super::cases::{accesses, cases, one_more, stored};
use super::held::ask_up_to;
use super::{Scored, Source, Statistics, TRIES, ask, kept, of_store, ways};
use crate::analysis::doubles;
use crate::analysis::umbrella::{self, Options};
use crate::messages::{Catalogue, Lang};
use crate::model::{Access, Id, Kind, Level};
use crate::network::{ByteSource, Network, OnDisk};
use crate::report::{self, brief::Made};
use crate::store::{Store, StoreError};
use crate::tasks::cache::Cache;
use crate::tasks::draw::{self, Ground, Said, Subject};
use crate::tasks::umbrella::Yardstick;
use crate::tasks::{TaskError, brief, open, paths, umbrella as tasks_umbrella};

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
pub(super) fn of_store_alone<'s>(store: &'s dyn Store, access: &Access) -> Source<'s> {
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
pub(super) fn told(network: &Network, outcome: &paths::Outcome) -> Vec<String> {
    let words = Catalogue::new(Lang::En);
    let path = |(rank, path)| report::lines::path(&words, network, path, rank).join(";");
    (1..).zip(&outcome.paths).map(path).collect()
}

#[test]
fn a_question_is_put_anew_where_a_change_ended_while_it_was_answered() {
    let (folder, store) = stored(&vec![Vec::new()]);
    let (access, asked) = (Access::default(), std::cell::Cell::new(0));
    // Counts of the view would have to be taken, and the store has others by then.
    let answer = of_store(store.as_ref(), &access, |source| {
        asked.set(asked.get() + 1);
        if asked.get() == 1 {
            one_more(folder.path(), "late");
        }
        Ok((source.statistics()?.globals.clone(), source.view().edition()?))
    });
    let now = store.read(&access).unwrap();
    let globals = Statistics::of(store.as_ref(), &access).unwrap().globals;
    assert_eq!((answer.unwrap(), asked.get()), ((globals, now.edition().unwrap()), 2));
    let never = of_store(store.as_ref(), &access, |_| -> Result<(), TaskError> {
        asked.set(asked.get() + 1);
        Err(StoreError::Busy(String::new()).into())
    });
    assert!(matches!(never, Err(TaskError::Store(StoreError::Busy(_)))));
    assert_eq!(asked.get(), 2 + TRIES, "whoever is changed again and again hears of it");
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
            // Where a small part is not enough.
            if let Some(whole) = whole {
                let source = of_store_alone(store.as_ref(), &Access::default());
                let answer = ways::ways_up_to(&source, &request, 3).unwrap();
                prop_assert_eq!(answer.looked, None);
                prop_assert_eq!(told(&answer.network, &answer.outcome), whole);
                let near = |network: &Network| {
                    let end = network.node(a)?;
                    let near = network.arcs(end).flat_map(|arc| network.arcs(arc.neighbour));
                    Some(near.map(|arc| network.id(arc.neighbour).to_owned()).collect::<Vec<_>>())
                };
                for most in [None, Some(2)] {
                    let source = of_store_alone(store.as_ref(), &Access::default());
                    prop_assert_eq!(ask_up_to(&source, &[Id::from(a)], near, most).unwrap(), near(&network));
                    prop_assert!(most.is_some() || source.opened().is_none());
                }
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
