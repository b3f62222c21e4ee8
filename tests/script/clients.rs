//! Clients that die, and two at a time, before a real server: what one leaves behind is never seen, is taken away by the
//! next, and takes nothing with it of what was there.

use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use super::runs::{bundle, cluster, place, real};
use super::{Deed, Said, Server};
use crate::neo4j::{answer, empty, run, with};
use crate::program::Desk;

/// Nobody has given the right to write back; a minute later it is free.
fn a_minute_later(options: &[String]) {
    run(options, "MATCH (p:Parasol) WHERE p.lease > 0 SET p.lease = 1 RETURN 1 AS r");
}

/// The server holds what the file holds, and is sound.
fn same(desk: &Desk, options: &[String], what: &str) {
    assert_eq!(answer(desk, &with(&["info"], options)), answer(desk, &["info"]), "{what}");
    let verify = answer(desk, &with(&["verify"], options));
    assert_eq!(verify.0, 0, "{what}: {} {}", verify.1, verify.2);
}

fn begin(desk: &Desk, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parasol"));
    command.args(args).current_dir(desk.path(".")).env_clear();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// An import of both, into the file and the server.
fn both(desk: &Desk, options: &[String], bundle: &str) {
    let here = answer(desk, &["import", bundle]);
    assert!(matches!(here.0, 0 | 4), "{}", here.2);
    let there = answer(desk, &with(&["import", bundle], options));
    assert_eq!(there.0, here.0, "{}", there.2);
}

/// What seals a known source, opens it again and gives it another title, with ties and people old and new.
fn turning(desk: &Desk, round: u64) -> String {
    let name = bundle(desk, 100 + round);
    let handling = if round.is_multiple_of(2) { "sealed" } else { "internal" };
    let sources = format!(
        "id,channel,title,reliability,handling\n\
         s0,public_report,turned {round},C,{handling}\ns{round}new,public_report,new,C,sealed\n"
    );
    let people =
        format!("id,name,hometown,source\np0,王伟,turned {round},s0\nq{round},新人,town,s{round}new\n");
    let ties = format!(
        "id,type,from,to,source\nt{round},call,p0,q{round},s0\nt0,associate,p0,q{round},s{round}new\n"
    );
    for (table, text) in [("sources", sources), ("people", people), ("relations", ties)] {
        std::fs::write(desk.path(&format!("{name}/{table}.csv")), text).unwrap();
    }
    name
}

#[test]
fn a_client_that_is_killed_leaves_nothing_and_takes_nothing_with_it() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    // Everybody and all ties rest on the source that is sealed and opened again.
    for round in 0..3 {
        both(&desk, &options, &bundle(&desk, round));
    }
    let told = "id,name,source\np0,王伟,s0\np1,李强,s0\np2,赵敏,s0\n";
    let ties = "id,type,from,to,source\nk0,family,p0,p1,s0\nk1,associate,p1,p2,s0\nk2,call,p0,p2,s0\n";
    std::fs::create_dir(desk.path("known")).unwrap();
    std::fs::write(desk.path("known/people.csv"), told).unwrap();
    std::fs::write(desk.path("known/relations.csv"), ties).unwrap();
    std::fs::write(desk.path("known/sources.csv"), "id,channel,title,reliability\ns0,public_report,a,C\n")
        .unwrap();
    both(&desk, &options, "known");
    // The client, and at which message it is killed.
    let plan: Arc<Mutex<(Option<Child>, u64)>> = Arc::new(Mutex::new((None, u64::MAX)));
    let script = Arc::clone(&plan);
    let server = Server::start(1, Some(place(&options)), move |heard| {
        let mut plan = script.lock().unwrap();
        if heard.nth >= plan.1
            && let Some(mut child) = plan.0.take()
        {
            child.kill().unwrap();
            child.wait().unwrap();
            // Every other time what it sent last is done.
            return if heard.nth.is_multiple_of(2) { Deed::Drop } else { Deed::DropAfter };
        }
        Deed::Pass
    });
    let by_way = cluster(&options, &server.ports);
    both(&desk, &by_way, &turning(&desk, 0));
    let since = server.heard();
    both(&desk, &by_way, &turning(&desk, 1));
    let usual = server.heard() - since;
    let kills = 12;
    let (mut killed, mut in_time) = (0, 0);
    for round in 2..2 + kills {
        let name = turning(&desk, round);
        let before = answer(&desk, &with(&["info"], &options));
        {
            let mut plan = plan.lock().unwrap();
            // Those that change something are the later ones.
            let at = usual / 3 + (round - 2) * usual * 2 / 3 / kills;
            let child = begin(&desk, &with(&["import", &name], &by_way));
            *plan = (Some(child), server.heard() + at);
        }
        loop {
            std::thread::sleep(std::time::Duration::from_millis(20));
            let mut plan = plan.lock().unwrap();
            match plan.0.as_mut().map(|child| child.try_wait().unwrap()) {
                None => {
                    killed += 1;
                    break;
                }
                Some(Some(_)) => {
                    plan.0 = None;
                    break;
                }
                Some(None) => {}
            }
        }
        // It is seen whole or not at all.
        if answer(&desk, &with(&["info"], &options)) == before {
            in_time += 1;
        } else {
            desk.run(&["import", &name]);
            assert_eq!(answer(&desk, &with(&["info"], &options)), answer(&desk, &["info"]), "{round}");
        }
        a_minute_later(&options);
        both(&desk, &options, &bundle(&desk, 200 + round));
        same(&desk, &options, &format!("{round}: something else came after it"));
        both(&desk, &options, &name);
        same(&desk, &options, &format!("{round}: it came again"));
    }
    println!("{killed} clients of {kills} were killed, {in_time} before their import was in");
    assert!(killed > kills / 2 && in_time > 0, "{killed} {in_time}");
}

/// Who waits at a message, and who has come so far.
#[derive(Default)]
struct Gate {
    state: Mutex<(bool, bool)>,
    moved: Condvar,
}

impl Gate {
    /// Stops whoever comes, until it is opened.
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 = true;
        self.moved.notify_all();
        while !state.1 {
            state = self.moved.wait(state).unwrap();
        }
    }

    fn wait_for_somebody(&self) {
        let mut state = self.state.lock().unwrap();
        while !state.0 {
            state = self.moved.wait(state).unwrap();
        }
    }

    fn open(&self) {
        self.state.lock().unwrap().1 = true;
        self.moved.notify_all();
    }
}

/// A client by way of a gate, which it meets at the transaction of this number that changes something.
fn held(options: &[String], at: u64, after_commit: bool) -> (Arc<Gate>, Vec<String>) {
    let gate = Arc::new(Gate::default());
    let (stop, batches) = (Arc::clone(&gate), Arc::new(Mutex::new((0, false))));
    let server = Server::start(1, Some(place(options)), move |heard| {
        let (counted, dropped) = {
            let mut state = batches.lock().unwrap();
            let finishes = heard.said == Said::Run && heard.holds("p.printed = $printed");
            if after_commit {
                // The last commit is made, and its answer is lost.
                state.0 += u64::from(finishes);
                let drop = state.0 == 1 && heard.said == Said::Commit;
                state.0 += u64::from(drop);
                (state.0 == 2 && !drop && !std::mem::replace(&mut state.1, true), drop)
            } else {
                state.0 += u64::from(heard.said == Said::Begin);
                (heard.said == Said::Begin && state.0 == at, false)
            }
        };
        if counted {
            stop.pass();
        }
        if dropped { Deed::DropAfter } else { Deed::Pass }
    });
    (gate, cluster(options, &server.ports))
}

#[test]
fn of_two_writers_one_waits_and_neither_takes_from_the_other() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    both(&desk, &options, &bundle(&desk, 0));
    let (mut refused_once, mut overtaken) = (0, 0);
    // At which transaction of the first one the second one comes.
    for (round, at) in [(1, 9), (2, 10), (3, 11), (4, 12), (5, 13), (6, 15)] {
        let (one, other) = (bundle(&desk, 20 + round), bundle(&desk, 40 + round));
        let (gate, by_way) = held(&options, at, false);
        let mut first = begin(&desk, &with(&["import", &one], &by_way));
        gate.wait_for_somebody();
        let state = "MATCH (p:Parasol) WHERE p.writer IS NOT NULL RETURN 1 AS r";
        if run(&options, state) == 1 {
            let refused = desk.run(&with(&["import", &other], &options));
            assert_eq!(refused.code(), 6, "{round}: {}", refused.err());
            refused_once += 1;
            // It is silent for a minute: the second one takes over.
            a_minute_later(&options);
        }
        both(&desk, &options, &other);
        same(&desk, &options, &format!("{round}: the second one"));
        gate.open();
        let code = first.wait().unwrap().code().unwrap();
        if code != 6 {
            // It was not its turn yet when the second one came.
            assert!(matches!(code, 0 | 4), "{round}: {code}");
        } else {
            overtaken += 1;
            same(&desk, &options, &format!("{round}: the first one wrote on"));
        }
        both(&desk, &options, &one);
        same(&desk, &options, &format!("{round}: both"));
    }
    assert!(refused_once > 1 && overtaken > 0, "no two wrote at a time: {refused_once} {overtaken}");
}

/// The answer to the last commit is lost, and somebody else goes on before it can be asked what came of it.
#[test]
fn who_lost_the_last_answer_is_told_what_came_of_it_whoever_went_on() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    both(&desk, &options, &bundle(&desk, 0));
    let (one, other) = (bundle(&desk, 61), bundle(&desk, 62));
    let (gate, by_way) = held(&options, 0, true);
    let mut first = begin(&desk, &with(&["import", &one], &by_way));
    gate.wait_for_somebody();
    assert!(matches!(desk.run(&["import", &one]).code(), 0 | 4));
    same(&desk, &options, "it is in");
    a_minute_later(&options);
    both(&desk, &options, &other);
    gate.open();
    let code = first.wait().unwrap().code().unwrap();
    assert!(matches!(code, 0 | 4), "it is in, and ended with {code}");
    same(&desk, &options, "both are in");
}

/// The answer to whoever takes the right to write is lost, after longer than a beginning is tried for: he has it, and
/// writes, instead of going and leaving it to nobody for a minute.
#[test]
fn who_has_the_right_to_write_and_no_answer_writes() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    both(&desk, &options, &bundle(&desk, 0));
    let (taken, lost) = (AtomicBool::new(false), Arc::new(AtomicBool::new(false)));
    let once = Arc::clone(&lost);
    let server = Server::start(1, Some(place(&options)), move |heard| {
        if heard.said == Said::Run && heard.holds("p.lease < timestamp()") {
            taken.store(true, Ordering::SeqCst);
        }
        if heard.said == Said::Commit && taken.load(Ordering::SeqCst) && !once.swap(true, Ordering::SeqCst) {
            std::thread::sleep(Duration::from_secs(6));
            return Deed::DropAfter;
        }
        Deed::Pass
    });
    let (by_way, next) = (cluster(&options, &server.ports), bundle(&desk, 71));
    let here = answer(&desk, &["import", &next]);
    let there = answer(&desk, &with(&["import", &next], &by_way));
    assert_eq!(there.0, here.0, "{}", there.2);
    assert!(lost.load(Ordering::SeqCst), "nothing was lost");
    same(&desk, &options, "it is in");
}

/// Ctrl-C while an import sends: it says that nothing was imported, which is so, and does not wait for the right to
/// write to end by itself.
#[test]
fn an_import_that_is_interrupted_while_it_sends_leaves_nothing() {
    let desk = Desk::new();
    let (Some(options), _alone) = real(&desk) else { return };
    empty(&options);
    both(&desk, &options, &bundle(&desk, 0));
    let before = answer(&desk, &with(&["info"], &options));
    // Several batches of people, and of what is said of them.
    std::fs::create_dir(desk.path("many")).unwrap();
    let people: String = (0..9_000).map(|n| format!("many{n},王{n}\n")).collect();
    std::fs::write(desk.path("many/people.csv"), format!("id,name\n{people}")).unwrap();
    let child: Arc<Mutex<Option<u32>>> = Arc::default();
    let whom = Arc::clone(&child);
    let server = Server::start(1, Some(place(&options)), move |heard| {
        if heard.said == Said::Run
            && heard.holds("CREATE (e:Entity")
            && let Some(whom) = whom.lock().unwrap().take()
        {
            let sent = Command::new("kill").args(["-INT", &whom.to_string()]).status().unwrap();
            assert!(sent.success(), "it is there to be interrupted");
        }
        Deed::Pass
    });
    let by_way = cluster(&options, &server.ports);
    let mut import = Command::new(env!("CARGO_BIN_EXE_parasol"));
    import.args(with(&["import", "many", "--lang", "en"], &by_way)).current_dir(desk.path(".")).env_clear();
    import.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let ended = {
        let mut child = child.lock().unwrap();
        let import = import.spawn().unwrap();
        *child = Some(import.id());
        drop(child);
        import.wait_with_output().unwrap()
    };
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(130), "{said}");
    assert!(said.contains("nothing of it was imported"), "{said}");
    assert!(child.lock().unwrap().is_none(), "it sent something before");
    assert_eq!(answer(&desk, &with(&["info"], &options)), before);
    both(&desk, &options, "many");
    same(&desk, &options, "it came again at once");
}
