//! A store on a server: the same answers, byte for byte, as from a store in a file. Needs servers
//! (`scripts/servers/with`); without them says that it was left out.

use std::fs;

use crate::program::{Desk, fixture};

/// The servers to test with, and the file of their password on this desk.
fn servers(desk: &Desk) -> Vec<Vec<String>> {
    let named = std::env::var("PARASOL_TEST_BOLT").unwrap_or_default();
    if named.trim().is_empty() {
        eprintln!("left out: no server to test with; `scripts/servers/with CMD` starts them and names them");
    }
    let password = std::env::var("PARASOL_TEST_BOLT_PASSWORD").unwrap_or_default();
    fs::write(desk.path("password"), password).unwrap();
    let options =
        |address: &str| ["--store", address, "--password-file", "password"].map(str::to_owned).to_vec();
    named.split_whitespace().map(options).collect()
}

/// Empties the server's database.
fn empty(options: &[String]) {
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
        loop {
            let some = "MATCH (x) WITH x LIMIT 500 DETACH DELETE x RETURN 1 AS r";
            let mut rows = graph.execute(neo4rs::query(some)).await.unwrap();
            let mut any = false;
            while rows.next().await.unwrap().is_some() {
                any = true;
            }
            if !any {
                break;
            }
        }
    });
}

fn with<'a>(args: &[&'a str], options: &'a [String]) -> Vec<&'a str> {
    args.iter().copied().chain(options.iter().map(String::as_str)).collect()
}

/// The program's answer: exit code and JSON.
fn answer(desk: &Desk, args: &[&str]) -> (i32, String, String) {
    let run = desk.run(&[args, &["--json"]].concat());
    (run.code(), run.out(), if run.code() == 0 { String::new() } else { run.err() })
}

#[test]
fn every_command_answers_alike_on_a_server() {
    let desk = Desk::new();
    for options in servers(&desk) {
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
            let questions: [&[&str]; 16] = [
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
    for options in servers(&desk) {
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
