//! A store on a server: the same answers, byte for byte, as from a store in a file. Needs servers
//! (`scripts/servers/with`); without them says that it was left out.

use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::program::{Desk, fixture};

/// A server has one store at a time: one test after another.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The servers to test with, for one test alone, and the file of their password on this desk.
pub fn servers(desk: &Desk) -> (Vec<Vec<String>>, MutexGuard<'static, ()>) {
    let alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let named = std::env::var("PARASOL_TEST_BOLT").unwrap_or_default();
    if named.trim().is_empty() {
        crate::program::left_out(
            "no server to test with; `scripts/servers/with CMD` starts them and names them",
        );
    }
    let password = std::env::var("PARASOL_TEST_BOLT_PASSWORD").unwrap_or_default();
    fs::write(desk.path("password"), password).unwrap();
    let options =
        |address: &str| ["--store", address, "--password-file", "password"].map(str::to_owned).to_vec();
    (named.split_whitespace().map(options).collect(), alone)
}

/// Empties the server's database.
pub fn empty(options: &[String]) {
    while run(options, "MATCH (x) WITH x LIMIT 500 DETACH DELETE x RETURN 1 AS r") > 0 {}
}

/// Runs a statement as any other program would; gives how many rows it answers.
pub fn run(options: &[String], statement: &str) -> usize {
    asked(options, neo4rs::query(statement))
}

fn asked(options: &[String], question: neo4rs::Query) -> usize {
    let place = options[1].strip_prefix("bolt://").unwrap();
    let (user, place) = place.split_once('@').unwrap();
    let (host, database) = place.split_once('/').unwrap_or((place, ""));
    let password = std::env::var("PARASOL_TEST_BOLT_PASSWORD").unwrap_or_default();
    let config = neo4rs::ConfigBuilder::default().uri(format!("bolt://{host}")).user(user).password(password);
    let config = config.connection_timeout(std::time::Duration::from_secs(300));
    let config = if database.is_empty() { config } else { config.db(database) };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let graph = neo4rs::Graph::connect(config.build().unwrap()).unwrap();
        let mut rows = graph.execute(question).await.unwrap();
        let mut count = 0;
        while rows.next().await.unwrap().is_some() {
            count += 1;
        }
        count
    })
}

pub fn with<'a>(args: &[&'a str], options: &'a [String]) -> Vec<&'a str> {
    args.iter().copied().chain(options.iter().map(String::as_str)).collect()
}

/// The program's answer: exit code and JSON.
pub fn answer(desk: &Desk, args: &[&str]) -> (i32, String, String) {
    let run = desk.run(&[args, &["--json"]].concat());
    (run.code(), run.out(), if run.code() == 0 { String::new() } else { run.err() })
}

#[test]
fn every_command_answers_alike_on_a_server() {
    let desk = Desk::new();
    let (servers, _alone) = servers(&desk);
    for options in servers {
        // ArcadeDB, which is named with its database, takes a minute to empty after each.
        let second = options[1].trim_start_matches("bolt://").contains('/');
        let all = ["harbour-town", "bad-bundle", "obvious-suspect", "crimenet"];
        for name in all.iter().take(if second { 2 } else { all.len() }) {
            empty(&options);
            let _ = fs::remove_file(desk.path("parasol.db"));
            let import = ["import", &fixture(name)];
            assert_eq!(answer(&desk, &with(&import, &options)), answer(&desk, &import), "{name}");
            let pairs = answer(&desk, &["umbrella"]).1;
            let first: Option<serde_json::Value> =
                pairs.lines().next().and_then(|line| serde_json::from_str(line).ok());
            let id = |who: &str| {
                first.as_ref().and_then(|pair| pair[who]["id"].as_str()).unwrap_or("x").to_owned()
            };
            let (official, gang) = (id("official"), id("gang"));
            let leads = fixture("new-leads");
            let together = ["paths", &official, &gang, "--together"];
            let questions: [&[&str]; 40] = [
                &["info"],
                &["info", "--as-of", "2020"],
                &["verify"],
                &["umbrella"],
                &["umbrella", "--as-of", "2021"],
                &["umbrella", "--gang", &gang],
                &["umbrella", "--official", &official],
                &["explain", &official, &gang],
                &["paths", &official, &gang],
                &["find", "王"],
                &["find", "wang"],
                &["show", &official],
                &["show", &gang, "--withhold", "public"],
                &["rank", "--by", "pagerank", "--top", "20"],
                &["groups", "--by", "components"],
                &["score", &leads],
                &["umbrella", "--line", "0.3", "--expected", "0.5", "--top", "5"],
                &["explain", &official, &gang, "--as-of", "2021", "--withhold", "briefing"],
                &["paths", &official, &gang, "-k", "9", "--max-hops", "4", "--layers", "kinship,money"],
                &["paths", &official, &gang, "--members", "--avoid-hubs", "30", "--until", "2020"],
                &["paths", &official, &gang, "--within", "0.2"],
                &["paths", &official, &gang, "--chance=20"],
                &["paths", &official, &gang, "--in-time"],
                &together,
                &["find", "zgq"],
                &["show", &official, "--withhold", "briefing", "--as-of", "2020"],
                &["rank", "--by", "degree", "--by-layer"],
                &["rank", "--by", "betweenness", "--top", "9"],
                &["rank", "--by", "personalised-pagerank", "--from", &gang, "--top", "9"],
                &["rank", "--by", "common-neighbours", "--from", &official, "--top", "9"],
                &["rank", "--by", "strength", "--bands", "--draws", "9", "--top", "9"],
                &["rank", "--by", "clustering", "--chance", "--draws", "9", "--top", "9"],
                &["groups"],
                &["groups", "--by", "cores"],
                &["groups", "--by", "bridges"],
                &["groups", "--by", "brokers"],
                &["groups", "--by", "fragment"],
                &["groups", "--by", "faction", "--of", &official],
                &["rank", "--list"],
                &["info", "--withhold", "public", "--as-of", "2019"],
            ];
            for question in questions {
                let here = answer(&desk, question);
                assert!(matches!(here.0, 0 | 3 | 4) || official == "x", "{name}: {question:?}: {}", here.2);
                let there = answer(&desk, &with(question, &options));
                assert_eq!(there, here, "{name}: {question:?}");
            }
            assert_eq!(answer(&desk, &with(&import, &options)), answer(&desk, &import), "{name}, again");
        }
    }
}

/// A case goes to a server and comes back as it was, history, sealed and protected things included.
#[test]
fn a_copy_goes_to_a_server_and_comes_back() {
    let desk = Desk::with(&["harbour-town", "new-leads"]);
    let (servers, _alone) = servers(&desk);
    for options in servers {
        empty(&options);
        let _ = fs::remove_file(desk.path("back.db"));
        let (address, password) = (options[1].as_str(), &options[2..]);
        let copy = |from: &str, to: &str| desk.run(&with(&["copy", from, to], password));
        let there = copy("parasol.db", address);
        assert_eq!(there.code(), 0, "{}", there.err());
        assert_eq!(copy("parasol.db", address).code(), 2, "a copy overwrites nothing");
        assert_eq!(copy(address, "back.db").code(), 0);
        let umbrella = answer(&desk, &["umbrella"]);
        assert_eq!(answer(&desk, &with(&["umbrella"], &options)), umbrella);
        assert_eq!(answer(&desk, &["umbrella", "--store", "back.db"]), umbrella);
        assert_eq!(answer(&desk, &with(&["verify"], &options)).0, 0);
        let leads = fixture("new-leads");
        let again = desk.json(&with(&["import", &leads], &options));
        assert_eq!((&again[0]["added"], &again[0]["updated"]), (&0.into(), &0.into()), "{again:?}");
    }
}

/// Where the graph of a server is on its way to another one, `verify` says that it was not compared.
#[test]
fn a_graph_that_is_not_compared_is_not_called_sound() {
    let desk = Desk::with(&["harbour-town"]);
    let (servers, _alone) = servers(&desk);
    for options in servers {
        empty(&options);
        desk.ok(&with(&["copy", "parasol.db", options[1].as_str()], &options[2..]));
        let told = |language: &str| desk.run(&with(&["verify", "--lang", language], &options)).out();
        assert_eq!((told("en").trim(), told("zh").trim()), ("the store is sound", "库完好"));
        // As an import leaves it that was broken off after its third batch.
        assert_eq!(run(&options, "MATCH (p:Parasol {id: 'store'}) SET p.batch = 3 RETURN 1 AS r"), 1);
        for (language, words) in [("en", "NOT compared"), ("zh", "未与各行比对")] {
            let told = told(language);
            assert!(told.contains(words) && !told.contains("the store is sound"), "{told}");
        }
        let verified = &desk.json(&with(&["verify"], &options))[0];
        assert_eq!(verified.to_string(), r#"{"faults":[],"left_out":["graph"],"sound":null}"#);
    }
}

/// Pictures, briefs and charts are the same bytes, of whatever store they are drawn.
#[test]
fn every_picture_of_a_server_is_that_of_a_file() {
    let desk = Desk::with(&["harbour-town"]);
    let (servers, _alone) = servers(&desk);
    for options in servers {
        empty(&options);
        desk.ok(&with(&["copy", "parasol.db", options[1].as_str()], &options[2..]));
        let pictures: [&[&str]; 9] = [
            &["draw", "--pair", "o01", "g1"],
            &["draw", "--lead", "l01"],
            &["draw", "--gang", "g1", "--withhold", "case"],
            &["draw", "--around", "o01", "m01", "--layout", "springs"],
            &["draw", "--path", "o01", "g1"],
            &["draw", "--all"],
            &["brief", "--pair", "o01", "g1"],
            &["brief", "--lead", "l01"],
            &["chart", "scores"],
        ];
        for picture in pictures {
            let here = desk.run(&[picture, &["--out", "here.svg"]].concat());
            let there = desk.run(&with(&[picture, &["--out", "there.svg"]].concat(), &options));
            assert_eq!(there.code(), here.code(), "{picture:?}: {} {}", here.err(), there.err());
            assert_eq!(here.code(), 0, "{picture:?}: {}", here.err());
            assert!(
                fs::read(desk.path("there.svg")).unwrap() == fs::read(desk.path("here.svg")).unwrap(),
                "{picture:?}"
            );
        }
    }
}

/// A user of ArcadeDB who may read and not write sees all, and changes nothing.
#[test]
fn a_user_who_may_only_read_is_told_so() {
    let desk = Desk::with(&["harbour-town"]);
    let (servers, _alone) = servers(&desk);
    let one = |options: &&Vec<String>| options[1].starts_with("bolt://root@");
    if !servers.is_empty() && !servers.iter().any(|options| one(&options)) {
        crate::program::left_out("no ArcadeDB to test with, which alone has a user who may only read");
    }
    for options in servers.iter().filter(one) {
        empty(options);
        desk.ok(&with(&["copy", "parasol.db", options[1].as_str()], &options[2..]));
        let mut reader = options.clone();
        reader[1] = reader[1].replacen("root@", "reader@", 1);
        assert_eq!(answer(&desk, &with(&["umbrella"], &reader)), answer(&desk, &["umbrella"]));
        let refused = desk.run(&with(&["import", &fixture("new-leads"), "--lang", "en"], &reader));
        assert_eq!(refused.code(), 7, "{}", refused.err());
        assert!(refused.err().contains("may be read but not written"), "{}", refused.err());
        assert_eq!(answer(&desk, &with(&["info"], options)), answer(&desk, &["info"]));
    }
}

/// What an investigator would ask in Neo4j itself: each example finds something in a case that has it.
#[test]
fn every_example_finds_what_it_asks_for() {
    let desk = Desk::with(&["harbour-town"]);
    fs::create_dir(desk.path("more")).unwrap();
    let weak = "id,channel,title,reliability\nzz,public_report,a letter,E\n";
    // One denies what others say; one is all that speaks of a tie; one more holds a phone.
    let ties = "id,type,from,to,role,status,source\nx1,family,m02,m01,sibling,refuted,zz\n\
        x2,associate,m01,m21,,suspected,zz\nx3,holder,m12,h03,,,zz\n";
    fs::write(desk.path("more/sources.csv"), weak).unwrap();
    fs::write(desk.path("more/relations.csv"), ties).unwrap();
    desk.ok(&["import", "more"]);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("queries/neo4j/examples");
    let mut examples: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    examples.sort();
    assert_eq!(examples.len(), 10);
    let (servers, _alone) = servers(&desk);
    let mut found: Vec<Vec<(String, usize)>> = Vec::new();
    for options in servers {
        empty(&options);
        desk.ok(&with(&["copy", "parasol.db", options[1].as_str()], &options[2..]));
        let mut counts = Vec::new();
        for path in &examples {
            let name = path.file_name().unwrap().to_str().unwrap();
            let (a, b) = if name.starts_with("02") { ("m01", "o01") } else { ("m01", "c01") };
            let question = neo4rs::query(&fs::read_to_string(path).unwrap());
            let question = question.param("name", "段海川").param("gang", "g1").param("a", a).param("b", b);
            counts.push((name.to_owned(), asked(&options, question)));
        }
        assert!(counts.iter().all(|(_, rows)| *rows > 0), "some find nothing: {counts:?}");
        found.push(counts);
    }
    assert!(found.windows(2).all(|two| two[0] == two[1]), "servers differ: {found:?}");
}

/// Somebody's graph: with labels, types and properties of its own, odd names among them.
const FOREIGN: &str = "CREATE (a:Persona {uid: 'p-1', fullName: 'Anna Harbour', dob: date('1970-02-01'), nick: ['A', 'Annie'], shoe: 42}),
      (b:Persona:`Civil Servant` {uid: 'p-2', fullName: 'Bert Quay', grade: 3, posted: [date('2011-05-01'), date('2015-01-01')]}),
      (:Persona {uid: 'p-3'}), (:Persona {fullName: 'Nobody'}),
      (c:`Odd ``Firm``) DETACH DELETE n //` {name: 'Sea Trade', form: 'GmbH'}), (:Unmapped {uid: 'u-1'}),
      (a)-[:`HAS``SHARE IN` {percent: 40.5, since: date('2011-05-01')}]->(c), (b)-[:`HAS``SHARE IN` {percent: 400}]->(c),
      (a)-[:GOT_FROM {sum: 12000000.0, at: datetime('2019-03-04T10:00:00Z')}]->(c),
      (a)-[:MARRIED]->(b), (a)-[:MARRIED]->(:Stranger {uid: 's-1'})";

const MAPPING: &str = r#"
[defaults]
source = "graph"
credibility = "2"
[[sources]]
id = "graph"
channel = "government_screening"
reliability = "B"
[[tables]]
from = "Persona"
into = "people"
ignore = ["shoe"]
[tables.columns]
id = "uid"
name = "fullName"
birth_date = "dob"
aliases = "nick"
[[tables]]
from = "Odd `Firm`) DETACH DELETE n //"
into = "organisations"
[tables.values.kind]
gmbh = "company"
[tables.columns]
kind = "form"
[[tables]]
from = "HAS`SHARE IN"
into = "relations"
[tables.columns]
share = "percent"
start = "since"
[tables.fixed]
type = "ownership"
[[tables]]
from = "GOT_FROM"
into = "relations"
reverse = true
[tables.columns]
amount = "sum"
start = "at"
[tables.fixed]
type = "payment"
currency = "EUR"
[[tables]]
from = "MARRIED"
into = "relations"
[tables.fixed]
type = "family"
role = "spouse"
"#;

#[test]
fn somebodys_graph_is_imported_by_a_mapping() {
    let desk = Desk::new();
    // Only on Neo4j itself: it is its graphs that teams have.
    let (servers, _alone) = servers(&desk);
    let all = servers.len();
    let servers: Vec<_> = servers.into_iter().filter(|options| !options[1][7..].contains('/')).collect();
    if servers.is_empty() && all > 0 {
        crate::program::left_out("no Neo4j to test with; another server alone does not stand for it");
    }
    for options in servers {
        empty(&options);
        run(&options, FOREIGN);
        fs::write(desk.path("map.toml"), MAPPING).unwrap();
        let address = options[1].as_str();
        let import = ["import", address, "--password-file", "password"];
        assert_eq!(desk.run(&import).code(), 2, "a graph needs a mapping");
        let import = [&import[..], &["--mapping", "map.toml", "--rejects", "r.jsonl"]].concat();
        let taken = desk.run(&[&import[..], &["--json"]].concat());
        assert_eq!(taken.code(), 4, "{}", taken.err());
        let rejects = fs::read_to_string(desk.path("r.jsonl")).unwrap();
        let shown = format!("bolt://{}#", address.split_once('@').unwrap().1);
        let mut told: Vec<String> = rejects
            .lines()
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let file = line["file"].as_str().unwrap().strip_prefix(&shown).unwrap();
                let (label, number) = (file.replace('`', "``"), line["line"].as_i64().unwrap());
                let tie = if label.contains("SHARE") || label.contains("MARRIED") { "()-[n" } else { "(n" };
                let end = if tie == "(n" { ")" } else { "]->()" };
                let found = format!("MATCH {tie}:`{label}`{end} WHERE id(n) = {number} RETURN n");
                assert_eq!(run(&options, &found), 1, "{line}");
                format!("{file} {} {}", line["column"].as_str().unwrap(), line["code"].as_str().unwrap())
            })
            .collect();
        told.sort();
        let expected = [
            "HAS`SHARE IN share bad_share",
            "MARRIED to unknown_reference",
            "Persona id missing_value",
            "Persona name missing_value",
        ];
        assert_eq!(told, expected);
        let anna = &desk.json(&["show", "p-1"])[0];
        let text = anna.to_string();
        for part in
            ["Anna Harbour", "1970-02-01", "Annie", "Sea Trade", "40.5", "12000000", "2019-03-04", "spouse"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains("shoe"), "{text}");
        let bert = desk.json(&["show", "p-2"])[0].to_string();
        assert!(bert.contains("2011-05-01;2015-01-01"), "a list of days: {bert}");
        let again = desk.run(&[&import[..], &["--json"]].concat());
        let again: serde_json::Value = serde_json::from_str(again.out().lines().next().unwrap()).unwrap();
        assert_eq!((&again["added"], &again["updated"]), (&0.into(), &0.into()), "{again}");
        let before = run(&options, "MATCH (n) RETURN n");
        let guess =
            desk.ok(&["mapping", "guess", address, "--password-file", "password", "--out", "guess.toml"]);
        assert!(guess.err().contains("guess.toml"), "{}", guess.err());
        let guess = fs::read_to_string(desk.path("guess.toml")).unwrap();
        for part in ["from = \"MARRIED\"", "role = \"spouse\"", "# from = \"Unmapped\"", "fullName"] {
            assert!(guess.contains(part), "{part}: {guess}");
        }
        let dry = [
            "import",
            address,
            "--password-file",
            "password",
            "--mapping",
            "guess.toml",
            "-n",
            "--store",
            "n.db",
        ];
        assert!(
            matches!(desk.run(&dry).code(), 0 | 4),
            "what is proposed can be used: {}",
            desk.run(&dry).err()
        );
        assert_eq!(run(&options, "MATCH (n) RETURN n"), before, "nothing is changed");
    }
}

#[test]
fn what_fails_on_the_way_to_a_server_is_told_by_its_class() {
    let desk = Desk::new();
    let refused = desk.run(&["info", "--store", "bolt://127.0.0.1:1"]);
    assert_eq!(refused.code(), 6, "{}", refused.err());
    let no_password = desk.run(&["info", "--store", "bolt://somebody@127.0.0.1:1"]);
    assert_eq!(no_password.code(), 2, "{}", no_password.err());
    let with_password =
        desk.run(&["info", "--store", "bolt://somebody:secret@127.0.0.1:1", "--password-file", "x"]);
    assert!(with_password.code() != 0 && !with_password.err().contains("secret"), "{}", with_password.err());
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            use std::io::{Read as _, Write as _};
            let mut stream = stream;
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let other = desk.run(&["info", "--store", &format!("bolt://127.0.0.1:{port}")]);
    assert_eq!(other.code(), 6, "{}", other.err());
}
