//! The README's commands do what it says.

use std::fs;
use std::path::Path;

use crate::program::Desk;

fn readme(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The commands of every shell block that follows a mark.
fn commands(text: &str, mark: &str) -> Vec<String> {
    let blocks = text.split(mark).skip(1).filter_map(|rest| rest.split("```sh\n").nth(1));
    let lines = blocks.filter_map(|block| block.split("```").next()).flat_map(str::lines);
    lines
        .map(|line| line.split(" #").next().unwrap_or("").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

/// Words of a command, with the fixtures found from anywhere.
fn words(line: &str) -> Vec<String> {
    let root = env!("CARGO_MANIFEST_DIR");
    let whole =
        |word: &str| if word.starts_with("fixtures/") { format!("{root}/{word}") } else { word.to_owned() };
    line.split_whitespace().map(whole).collect()
}

#[test]
fn the_table_of_measures_has_every_name_and_no_other() {
    use parasol::{analysis, tasks::groups::Method};
    let table = readme("docs/MEASURES.md");
    let named = |section: &str| -> Vec<String> {
        let rest = table.split(section).nth(1).unwrap();
        let lines = rest.split("\n## ").next().unwrap().lines();
        let names = lines.filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        names.map(str::to_owned).collect()
    };
    let measures: Vec<&str> = analysis::ALL.iter().map(|measure| measure.name).collect();
    assert_eq!(named("## `rank --by …`").len(), measures.len());
    assert!(named("## `rank --by …`").iter().all(|name| measures.contains(&name.as_str())));
    let methods: Vec<&str> = Method::ALL.iter().map(|method| method.code()).collect();
    assert_eq!(named("## `groups --by …`"), methods);
}

#[test]
fn the_tour_can_be_followed() {
    let desk = Desk::new();
    let tour = commands(&readme("README.md"), "<!-- tour -->");
    assert!(tour.len() >= 18, "{tour:?}");
    for line in tour {
        let words = words(line.strip_prefix("parasol ").unwrap());
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let run = desk.run(&args);
        assert_eq!(run.code(), 0, "{line}: {}", run.err());
        assert!(!run.out().is_empty() || !run.err().is_empty(), "{line} says nothing");
    }
}

#[test]
fn what_a_team_does_with_a_server_can_be_followed() {
    let desk = Desk::with(&["harbour-town"]);
    let block = commands(&readme("README.md"), "<!-- server -->");
    assert!(block.len() >= 5, "{block:?}");
    let (servers, _alone) = crate::neo4j::servers(&desk);
    for options in servers.into_iter().filter(|options| !options[1][7..].contains('/')) {
        crate::neo4j::empty(&options);
        for line in &block {
            let line = line.replace("bolt://neo4j@db.example:7687", &options[1]);
            let words = words(line.strip_prefix("parasol ").unwrap());
            let args: Vec<&str> = words.iter().map(String::as_str).collect();
            let run = desk.run(&args);
            assert_eq!(run.code(), 0, "{line}: {}", run.err());
        }
        let digest = |store: &str| desk.json(&["info", "--store", store])[0]["digest"].clone();
        assert_eq!(digest("parasol.db"), digest("back.db"));
        crate::neo4j::empty(&options);
    }
}

#[test]
fn the_two_commands_are_there_and_the_first_does_the_main_job() {
    for (name, lang) in [("README.md", ""), ("README.zh-CN.md", " --lang zh")] {
        let text = readme(name);
        let main = format!("cargo run --release -- report fixtures/harbour-town --out report{lang}\n");
        assert!(text.contains(&main), "{name}");
        assert!(text.contains("\nbash scripts/test.sh\n"), "{name}");
        let desk = Desk::new();
        let words = words(main.trim().strip_prefix("cargo run --release -- ").unwrap());
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        desk.ok(&args);
        assert!(desk.path("report/index.html").exists());
    }
    let ci = readme(".ci/run");
    assert!(ci.contains("bash scripts/test.sh"), "CI runs another command than the README names");
}

#[test]
fn chinese_commands_can_be_followed_too() {
    let desk = Desk::new();
    let text = readme("README.zh-CN.md");
    for line in commands(&text, "## 常用命令") {
        let words = words(line.strip_prefix("parasol ").unwrap());
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(desk.run(&args).code(), 0, "{line}");
    }
}

#[test]
fn documents_link_only_to_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"] {
        let text = readme(name);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.contains("://")) {
            assert!(root.join(name).parent().unwrap().join(link).exists(), "{name} links to {link}");
        }
        let paths = text
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|code| code.starts_with("src/") || code.starts_with("docs/"));
        for path in paths.filter(|path| !path.contains(['*', ' ', '…', '{'])) {
            assert!(root.join(path).exists(), "{name} names {path}");
        }
    }
}
