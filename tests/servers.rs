//! Servers that a test starts itself, as `scripts/servers` does, to kill them or to run them with settings of their
//! own. Needs the jars that `scripts/servers/with` fetched; without them says that it was left out.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::neo4j::answer;
use crate::program::{Desk, fixture};

/// Where the jars are.
fn jars() -> Option<PathBuf> {
    let jars = std::env::var_os("PARASOL_TEST_SERVERS").map(PathBuf::from);
    if jars.is_none() {
        crate::program::left_out(
            "no server can be started; `scripts/servers/with CMD` fetches what is needed",
        );
    }
    jars
}

fn script(name: &str) -> Command {
    Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/servers").join(name))
}

fn ends_well(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{command:?}: {} {}", said(&output.stdout), said(&output.stderr));
    output
}

/// A Neo4j of the test's own, which ends with it.
struct Own {
    jars: PathBuf,
    folder: PathBuf,
    port: u16,
}

impl Own {
    fn start(jars: &Path, desk: &Desk, settings: &str) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let own = Self { jars: jars.to_owned(), folder: desk.path("server"), port };
        own.go(settings);
        own
    }

    /// Starts it, or starts it again on what it holds.
    fn go(&self, settings: &str) {
        let mut start = script("start-neo4j");
        start.arg(&self.folder).arg(self.port.to_string());
        let settings =
            [("CONF", settings), ("HEAP", "400m"), ("PAGECACHE", "64m"), ("PASSWORD", "parasol-test")];
        ends_well(start.env("LIBS", self.jars.join("neo4j-5.26.30-lib")).envs(settings));
    }

    fn stop(&self) {
        ends_well(script("stop").arg(&self.folder));
    }

    fn address(&self, scheme: &str) -> String {
        format!("{scheme}://neo4j@127.0.0.1:{}", self.port)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = script("stop").arg(&self.folder).arg("-9").output();
    }
}

/// A key and a certificate for a server on this machine, signed by an authority of the test's own.
fn certified(desk: &Desk, folder: &Path) {
    std::fs::write(desk.path("names"), "subjectAltName=IP:127.0.0.1").unwrap();
    let request = folder.join("request.csr");
    let openssl = |args: &[&str], files: &[(&str, &Path)]| {
        let mut made = Command::new("openssl");
        made.args(args);
        for (option, file) in files {
            made.arg(option).arg(file);
        }
        ends_well(&mut made);
    };
    let (key, authority) = (desk.path("ca.key"), desk.path("ca.crt"));
    let new = ["req", "-newkey", "rsa:2048", "-nodes", "-subj"];
    openssl(
        &[&new[..], &["/CN=ours", "-x509", "-days", "2"]].concat(),
        &[("-keyout", &key), ("-out", &authority)],
    );
    let private = folder.join("private.key");
    openssl(&[&new[..], &["/CN=127.0.0.1"]].concat(), &[("-keyout", &private), ("-out", &request)]);
    let signed: [(&str, &Path); 5] = [
        ("-in", &request),
        ("-CA", &authority),
        ("-CAkey", &key),
        ("-extfile", &desk.path("names")),
        ("-out", &folder.join("public.crt")),
    ];
    openssl(&["x509", "-req", "-CAcreateserial", "-days", "2"], &signed);
}

/// Answers by TLS alone, with a certificate that nobody known signed, and takes no change.
const SHUT: &str = "server.databases.read_only=neo4j
dbms.ssl.policy.bolt.enabled=true
dbms.ssl.policy.bolt.base_directory=certificates/bolt
dbms.ssl.policy.bolt.client_auth=NONE
server.bolt.tls_level=REQUIRED";

#[test]
fn a_server_that_may_only_be_read_and_one_with_a_certificate_of_its_own() {
    let Some(jars) = jars() else { return };
    if Command::new("openssl").arg("version").output().is_err() {
        crate::program::left_out("no certificate can be made (openssl)");
        return;
    }
    let desk = Desk::with(&["harbour-town"]);
    std::fs::write(desk.path("password"), "parasol-test").unwrap();
    let own = Own::start(&jars, &desk, "");
    let secret = ["--password-file", "password"];
    desk.ok(&[&["copy", "parasol.db", &own.address("bolt")], &secret[..]].concat());
    own.stop();
    let certificates = own.folder.join("certificates/bolt");
    std::fs::create_dir_all(&certificates).unwrap();
    certified(&desk, &certificates);
    own.go(SHUT);
    let there = |scheme: &str, args: &[&str]| {
        let address = own.address(scheme);
        desk.run(&[args, &["--lang", "en", "--json", "--store", &address], &secret[..]].concat())
    };
    let unknown = there("bolt+s", &["info"]);
    assert_eq!(unknown.code(), 7, "{}", unknown.err());
    // An authority of one's own, where the machine keeps those that it trusts.
    let mut known = Command::new(env!("CARGO_BIN_EXE_parasol"));
    known.args(["info", "--json", "--store", &own.address("bolt+s")]).args(secret);
    known.current_dir(desk.path(".")).env_clear().env("SSL_CERT_FILE", desk.path("ca.crt"));
    let known = ends_well(&mut known);
    assert_eq!(String::from_utf8_lossy(&known.stdout), answer(&desk, &["info"]).1);
    assert!(!String::from_utf8_lossy(&known.stderr).contains("ssc"));
    let clear = there("bolt", &["info"]);
    assert_eq!(clear.code(), 6, "{}", clear.err());
    for question in [&["umbrella"][..], &["verify"]] {
        let told = there("bolt+ssc", question);
        assert_eq!((told.code(), told.out()), (0, answer(&desk, question).1), "{}", told.err());
        assert!(told.err().contains("+ssc"), "nobody is warned: {}", told.err());
    }
    let bundle = fixture("new-leads");
    // What would come of it is told without a right to write.
    let tried = ["import", bundle.as_str(), "--dry-run"];
    let here = answer(&desk, &tried);
    let told = there("bolt+ssc", &tried);
    assert_eq!((told.code(), told.out()), (here.0, here.1), "{}", told.err());
    let refused = there("bolt+ssc", &["import", &bundle]);
    assert_eq!(refused.code(), 7, "{}", refused.err());
    assert!(refused.err().contains("may be read but not written"), "{}", refused.err());
}

/// A few of the kills of `scripts/servers/kills`, whose long form `docs/FAULTS.md` has.
#[test]
fn a_server_that_is_killed_in_an_import_loses_nothing_and_doubles_nothing() {
    let Some(jars) = jars() else { return };
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut kills = script("kills");
    kills.args(["3", env!("CARGO_BIN_EXE_parasol")]).env("SERVERS", &jars);
    let settings = [("PORT", &*port.to_string()), ("PEOPLE", "300"), ("HEAP", "400m"), ("PAGECACHE", "64m")];
    let output = ends_well(kills.envs(settings.map(|(name, value)| (name, value.to_owned()))));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("import under way: yes"), "no kill came before the end: {told}");
}
