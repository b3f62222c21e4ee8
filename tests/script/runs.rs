//! Imports into a real server behind a cluster by script, whose members fail as the dice have it: nothing is lost,
//! nothing is doubled, and the content is that of the same imports into a file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::{Arc, Mutex};

use super::{Deed, Heard, Said, Server};
use crate::faults::{Dice, rounds};
use crate::neo4j::{answer, empty, run, servers, with};
use crate::program::{Desk, fixture};

const FOLLOWS: Deed = Deed::Fail(
    "Neo.ClientError.Cluster.NotALeader",
    "No write operations are allowed directly on this database. Writes must pass through the leader.",
);
const DEADLOCK: Deed =
    Deed::Fail("Neo.TransientError.Transaction.DeadlockDetected", "Another transaction holds the lock.");
const MEMORY: Deed = Deed::Fail(
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
    "The allocation of an extra 2.0 MiB would use more than the limit 1.0 MiB.",
);

const TOO_LONG: Deed = Deed::Fail(
    "Neo.ClientError.Transaction.TransactionTimedOut",
    "The transaction has been terminated: it took longer than 1s.",
);
const UNKNOWN: Deed = Deed::FailAfter("Neo.DatabaseError.General.UnknownError", "Something went wrong.");

/// What goes wrong in one import.
#[derive(Default)]
struct Plan {
    /// The message that came last before it.
    since: u64,
    /// By message, which fault.
    faults: BTreeMap<u64, u64>,
    leader: usize,
    done: BTreeMap<&'static str, u64>,
}

impl Plan {
    fn of(round: u64, since: u64, usual: u64, leader: usize) -> Self {
        let mut dice = Dice::of(round + 1);
        let faults = (0..=dice.below(3)).map(|_| (dice.below(usual), dice.below(9))).collect();
        Self { since, faults, leader, done: BTreeMap::new() }
    }

    fn deed(&mut self, heard: &Heard<'_>) -> Deed {
        if heard.member != self.leader && heard.changes() {
            return FOLLOWS;
        }
        let nth = heard.nth - self.since;
        // What befalls a commit waits for one.
        if let Some(fault @ (7 | 8)) = self.faults.get(&nth).copied()
            && heard.said != Said::Commit
        {
            self.faults.entry(nth + 1).or_insert(fault);
            return Deed::Pass;
        }
        let in_a_transaction = matches!(heard.said, Said::Run | Said::Pull | Said::Commit);
        let (name, deed) = match self.faults.get(&nth) {
            None => return Deed::Pass,
            Some(0) => ("dropped", Deed::Drop),
            Some(1) => ("done, and dropped", Deed::DropAfter),
            Some(2) if in_a_transaction => ("a deadlock", DEADLOCK),
            Some(3) => {
                self.leader = (self.leader + 1) % 3;
                let refused = heard.said == Said::Commit || heard.changes();
                ("another leader", if refused { FOLLOWS } else { Deed::Pass })
            }
            Some(4) if heard.said == Said::Run && heard.holds("CREATE (c:Claim") => ("too much", MEMORY),
            Some(7) if heard.said == Said::Commit => {
                ("done, and garbage", Deed::GarbageAfter(vec![0, 2, 0xB0, 0x99, 0, 0]))
            }
            Some(8) if heard.said == Said::Commit => ("done, and failed", UNKNOWN),
            Some(4 | 5) => ("garbage", Deed::Garbage(vec![0, 2, 0xB0, 0x99, 0, 0])),
            Some(_) => ("in slivers", Deed::Slivers),
        };
        *self.done.entry(name).or_default() += 1;
        deed
    }
}

/// A bundle by chance: rows that are new, that are known, and that correct others; sources that turn protected or are
/// sealed.
pub(super) fn bundle(desk: &Desk, round: u64) -> String {
    let (name, mut dice) = (format!("b{round}"), Dice::of(round ^ 0x5EED));
    let mut sources = "id,channel,title,reliability,handling,protected\n".to_owned();
    let mut people = "id,name,hometown,source\n".to_owned();
    let mut relations = "id,type,from,to,role,start,amount,currency,status,source\n".to_owned();
    let told = [dice.below(6), dice.below(6)];
    for (at, source) in told.iter().enumerate().filter(|(at, source)| *at == 0 || **source != told[0]) {
        let handling = if dice.below(5) == 0 { "sealed" } else { "internal" };
        let protected = if dice.below(3) == 0 { "yes" } else { "" };
        writeln!(sources, "s{source},public_report,title {at}{},C,{handling},{protected}", dice.below(3))
            .unwrap();
    }
    let mut known: Vec<u64> = Vec::new();
    while known.len() < 6 {
        let who = dice.below(30);
        if !known.contains(&who) {
            known.push(who);
            let (name, town) = (["王伟", "李强", "赵敏", "段海"][dice.below(4) as usize], dice.below(3));
            writeln!(people, "p{who},{name},town {town},s{}", told[dice.below(2) as usize]).unwrap();
        }
    }
    for nth in 0..12 {
        let (from, to) = (dice.below(6) as usize, dice.below(5) as usize);
        let (from, to) = (known[from], known[(from + 1 + to) % 6]);
        let (ty, role, amount) =
            [("family", "sibling", ""), ("associate", "", ""), ("call", "", ""), ("payment", "", "1200,CNY")]
                [dice.below(4) as usize];
        let amount = if amount.is_empty() { "," } else { amount };
        let status = ["", "confirmed", "suspected", "refuted"][dice.below(4) as usize];
        let (row, year) = (dice.below(6) * 12 + nth, 2010 + dice.below(9));
        writeln!(
            relations,
            "r{row},{ty},p{from},p{to},{role},{year},{amount},{status},s{}",
            told[dice.below(2) as usize]
        )
        .unwrap();
    }
    fs::create_dir(desk.path(&name)).unwrap();
    for (table, text) in [("sources", sources), ("people", people), ("relations", relations)] {
        fs::write(desk.path(&format!("{name}/{table}.csv")), text).unwrap();
    }
    name
}

/// The servers' options with the members of a cluster in the place of one server.
pub(super) fn cluster(options: &[String], ports: &[u16]) -> Vec<String> {
    let place = options[1].strip_prefix("bolt://").unwrap();
    let (user, _) = place.split_once('@').unwrap();
    let members: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let mut by_way = options.to_vec();
    by_way[1] = format!("bolt://{user}@{}", members.join(","));
    by_way
}

pub(super) fn place(options: &[String]) -> &str {
    options[1].split_once('@').unwrap().1
}

/// The one that is Neo4j, if it could be started.
fn server_or_left_out(servers: Vec<Vec<String>>) -> Option<Vec<String>> {
    let some = !servers.is_empty();
    let found = servers.into_iter().find(|options| !place(options).contains('/'));
    if found.is_none() && some {
        crate::program::left_out("no Neo4j to test with; another server alone does not stand for it");
    }
    found
}

/// The servers that are Neo4j: behind the script there is one.
pub(super) fn real(desk: &Desk) -> (Option<Vec<String>>, std::sync::MutexGuard<'static, ()>) {
    let (servers, alone) = servers(desk);
    (server_or_left_out(servers), alone)
}

#[test]
fn whatever_a_cluster_does_nothing_is_lost_and_nothing_is_doubled() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    let plan = Arc::new(Mutex::new(Plan::default()));
    let script = Arc::clone(&plan);
    let server = Server::start(3, Some(place(&options)), move |heard| script.lock().unwrap().deed(heard));
    let by_way = cluster(&options, &server.ports);
    let (mut usual, mut again, mut done) = (0, 0, BTreeMap::new());
    for round in 0..=rounds("PARASOL_TEST_SCRIPTS", 25) {
        let bundle = bundle(&desk, round);
        let here = answer(&desk, &["import", &bundle]);
        assert!(matches!(here.0, 0 | 4), "{}", here.2);
        let (since, leader) = (server.heard(), plan.lock().unwrap().leader);
        // The first one shows how many messages an import is.
        let next = if round == 0 {
            Plan { since, ..Plan::default() }
        } else {
            Plan::of(round, since, usual, leader)
        };
        *plan.lock().unwrap() = next;
        let import = ["import", &bundle];
        let there = desk.run(&with(&import, &by_way));
        if round == 0 {
            usual = server.heard() - since;
        }
        {
            let mut plan = plan.lock().unwrap();
            plan.faults.clear();
            for (name, times) in std::mem::take(&mut plan.done) {
                *done.entry(name).or_insert(0) += times;
            }
        }
        assert!(there.code() == here.0 || there.code() == 6, "{round}: {}: {}", there.code(), there.err());
        if there.code() == 6 {
            again += 1;
            // A minute later: who could not give the right to write back holds it no more.
            run(&options, "MATCH (p:Parasol) WHERE p.lease > 0 SET p.lease = 1 RETURN 1 AS r");
            let once_more = desk.run(&with(&import, &by_way));
            assert_eq!(once_more.code(), here.0, "{round}: {}", once_more.err());
        }
        assert_eq!(answer(&desk, &with(&["info"], &options)), answer(&desk, &["info"]), "{round}");
        let verify = answer(&desk, &with(&["verify"], &options));
        assert_eq!(verify.0, 0, "{round}: {} {}", verify.1, verify.2);
    }
    println!("an import is {usual} messages; {done:?}; {again} imports were run again");
    assert!(done.len() > 3, "{done:?}");
}

/// The leader moves every few commits, also between a statement and its commit.
#[test]
fn an_import_follows_the_leader() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    let import = ["import", &fixture("harbour-town")];
    desk.ok(&import);
    let state = Arc::new(Mutex::new((1, 0, 0)));
    let moving = Arc::clone(&state);
    let server = Server::start(3, Some(place(&options)), move |heard| {
        let mut state = moving.lock().unwrap();
        let (leader, commits, moved) = &mut *state;
        *commits += u64::from(heard.said == Said::Commit);
        if heard.said == Said::Commit && *commits % 5 == 0 {
            (*leader, *moved) = ((*leader + 1) % 3, *moved + 1);
            return FOLLOWS;
        }
        if heard.member != *leader && heard.changes() { FOLLOWS } else { Deed::Pass }
    });
    let by_way = cluster(&options, &server.ports);
    let there = desk.run(&with(&import, &by_way));
    assert_eq!(there.code(), 0, "{}", there.err());
    assert!(state.lock().unwrap().2 > 3, "the leader did not move");
    assert_eq!(answer(&desk, &with(&["info"], &options)), answer(&desk, &["info"]));
    assert_eq!(answer(&desk, &with(&["verify"], &options)).0, 0);
}

/// A server that holds little at once is given little: batches are halved until it takes them.
#[test]
fn what_is_too_much_at_once_is_halved() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    let import = ["import", &fixture("harbour-town")];
    desk.ok(&import);
    let refused = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&refused);
    let server = Server::start(1, Some(place(&options)), move |heard| {
        let large = heard.said == Said::Run && heard.holds("UNWIND") && heard.bytes.len() > 20_000;
        *counted.lock().unwrap() += u64::from(large && heard.changes());
        if large && heard.changes() { MEMORY } else { Deed::Pass }
    });
    let by_way = cluster(&options, &server.ports);
    let there = desk.run(&with(&import, &by_way));
    assert_eq!(there.code(), 0, "{}", there.err());
    assert!(*refused.lock().unwrap() > 1, "nothing was too much");
    assert_eq!(answer(&desk, &with(&["info"], &options)), answer(&desk, &["info"]));
    assert_eq!(answer(&desk, &with(&["verify"], &options)).0, 0);
}

/// However small the pieces are that a server takes, no name is lost, and none is there twice.
#[test]
fn what_takes_too_long_comes_in_pieces() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    fs::create_dir(desk.path("many")).unwrap();
    let (mut offices, mut people) = ("id,kind,name\n".to_owned(), "id,name\n".to_owned());
    (0..10).for_each(|n| writeln!(offices, "a{n},agency,局{n}").unwrap());
    (0..90).for_each(|n| writeln!(people, "p{n},王{n}").unwrap());
    fs::write(desk.path("many/organisations.csv"), offices).unwrap();
    fs::write(desk.path("many/people.csv"), people).unwrap();
    desk.ok(&["import", "many"]);
    let refused = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&refused);
    let server = Server::start(1, Some(place(&options)), move |heard| {
        // The names of all are one statement.
        let large = heard.said == Said::Run && heard.holds(":Name {") && heard.bytes.len() > 2_500;
        *counted.lock().unwrap() += u64::from(large);
        if large { TOO_LONG } else { Deed::Pass }
    });
    let there = desk.run(&with(&["import", "many"], &cluster(&options, &server.ports)));
    assert_eq!(there.code(), 0, "{}", there.err());
    assert!(*refused.lock().unwrap() > 1, "nothing took too long");
    for name in ["王0", "王44", "王45", "王89", "局0", "局9"] {
        assert_eq!(answer(&desk, &["find", name]).0, 0, "{name}");
        assert_eq!(answer(&desk, &with(&["find", name], &options)), answer(&desk, &["find", name]), "{name}");
    }
    let verify = answer(&desk, &with(&["verify"], &options));
    assert_eq!(verify.0, 0, "{} {}", verify.1, verify.2);
}
