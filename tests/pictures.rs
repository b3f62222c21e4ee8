//! Pictures of the fixtures. `PARASOL_LOOK=FOLDER` writes them for the eye.

use std::collections::BTreeMap;

use parasol::messages::{Catalogue, Lang};
use parasol::model::view::{Fact, SourceCard};
use parasol::model::*;
use parasol::network::{Builder, Network, NodeIx};
use parasol::render::scenes::{Basis, Claimed, MOST, Over, Way, all, around, fitted, gang, lead, pair, path};
use parasol::render::{Format, Picture, Scene, Style, draw, page};

fn look(name: &str, picture: &Picture) {
    if let Ok(folder) = std::env::var("PARASOL_LOOK") {
        for format in Format::ALL {
            let path = std::path::Path::new(&folder).join(format!("{name}.{}", format.ending()));
            std::fs::write(path, picture.bytes(format).unwrap()).unwrap();
        }
    }
}

type Row = BTreeMap<String, String>;

fn rows(bundle: &str, file: &str) -> Vec<Row> {
    let path = format!("{}/fixtures/{bundle}/{file}.csv", env!("CARGO_MANIFEST_DIR"));
    let Ok(mut reader) = csv::Reader::from_path(path) else { return vec![] };
    reader.deserialize::<Row>().map(|row| row.unwrap()).collect()
}

fn entity(table: Table, kind: Kind, row: &Row) -> Entity {
    let props = row.iter().filter(|(key, value)| !value.is_empty() && *key != "id" && *key != "kind");
    let props = props.map(|(key, value)| (key.clone(), value.clone())).collect();
    let fact = Fact { table, props, voice: Voice::Nobody, known: None, change: 1 };
    Entity { id: Id::from(row["id"].as_str()), kind, facts: vec![fact] }
}

fn tie(ty: TieType, from: &str, to: &str, row: &Row, sources: &BTreeMap<String, Row>) -> Tie {
    let get = |name: &str| row.get(name).map(String::as_str).filter(|value| !value.is_empty());
    let names: Vec<&str> = get("source").unwrap_or_default().split(';').collect();
    let claim = |name: &&str| {
        let source = sources.get(*name);
        let grade = source
            .and_then(|row| Reliability::from_code(row.get("reliability").map_or("", String::as_str)))
            .unwrap_or(Reliability::F);
        let number = name.trim_start_matches('s').parse().unwrap_or(0);
        let hidden = source.is_some_and(|row| row.get("protected").is_some_and(|value| value == "true"));
        Claim {
            row: Id::from(get("id").unwrap_or("r")),
            voice: match source {
                Some(_) if hidden => Voice::Protected(number),
                Some(_) => Voice::Source(Id::from(*name)),
                None => Voice::Nobody,
            },
            reliability: grade,
            credibility: get("credibility").and_then(Credibility::from_code).unwrap_or(grade.into()),
            status: get("status").and_then(Status::from_code).unwrap_or(Status::Confirmed),
            known: None,
            values: Values {
                end: get("end").and_then(|date| date.parse().ok()),
                count: get("count").and_then(|count| count.parse().ok()),
                amount: get("amount").and_then(|amount| amount.parse().ok()),
                share: get("share").and_then(|share| share.parse().ok()),
                decision: get("decision").and_then(Decision::from_code),
                ..Values::default()
            },
            change: 1,
        }
    };
    Tie {
        ty,
        other_type: None,
        from: from.into(),
        to: to.into(),
        role: get("role").map(str::to_owned),
        start: get("start").and_then(|date| date.parse().ok()),
        claims: names.iter().map(claim).collect(),
    }
}

fn cards(sources: &BTreeMap<String, Row>) -> Vec<SourceCard> {
    let card = |(id, row): (&String, &Row)| {
        let hidden = row.get("protected").is_some_and(|value| value == "true");
        let number = id.trim_start_matches('s').parse().unwrap_or(0);
        SourceCard {
            voice: if hidden { Voice::Protected(number) } else { Voice::Source(Id::from(id.as_str())) },
            channel: Channel::from_code(&row["channel"]).unwrap(),
            title: (!hidden).then(|| row.get("title").cloned().unwrap_or_default()),
            date: row.get("date").and_then(|date| date.parse().ok()),
            reliability: Reliability::from_code(row.get("reliability").map_or("", String::as_str))
                .unwrap_or(Reliability::F),
            unit: None,
            handling: Handling::Internal,
            locator: None,
        }
    };
    sources.iter().map(card).collect()
}

/// A fixture as a network, read the short way: the columns pictures show, and no check.
fn town(bundle: &str) -> (Network, Vec<SourceCard>) {
    let sources: BTreeMap<String, Row> =
        rows(bundle, "sources").into_iter().map(|row| (row["id"].clone(), row)).collect();
    let mut builder = Builder::new(None);
    let mut ties = Vec::new();
    for row in rows(bundle, "organisations") {
        builder.entity(entity(Table::Organisations, Kind::from_code(&row["kind"]).unwrap(), &row));
    }
    for row in rows(bundle, "objects") {
        builder.entity(entity(Table::Objects, Kind::from_code(&row["kind"]).unwrap(), &row));
    }
    let people =
        [(Table::Officials, "officials"), (Table::GangMembers, "gang_members"), (Table::People, "people")];
    for (table, file) in people {
        for row in rows(bundle, file) {
            builder.entity(entity(table, Kind::Person, &row));
            for (column, ty) in [("agency", TieType::Post), ("gang", TieType::Member)] {
                if let Some(to) = row.get(column).filter(|to| !to.is_empty()) {
                    ties.push(tie(ty, &row["id"], to, &row, &sources));
                }
            }
        }
    }
    for row in rows(bundle, "cases") {
        builder.entity(entity(Table::Cases, Kind::Case, &row));
        for suspect in row["suspects"].split(';').filter(|id| !id.is_empty()) {
            ties.push(tie(TieType::Suspect, suspect, &row["id"], &row, &sources));
        }
    }
    for row in rows(bundle, "leads") {
        builder.entity(entity(Table::Leads, Kind::Lead, &row));
        for about in row["about"].split(';').filter(|id| !id.is_empty()) {
            let plain: Row =
                row.iter().filter(|(key, _)| *key != "status").map(|(k, v)| (k.clone(), v.clone())).collect();
            ties.push(tie(TieType::About, &row["id"], about, &plain, &sources));
        }
    }
    for row in rows(bundle, "relations") {
        let ty = TieType::from_code(&row["type"]).unwrap_or(TieType::Other);
        ties.push(tie(ty, &row["from"], &row["to"], &row, &sources));
    }
    ties.iter().for_each(|tie| builder.tie(tie).unwrap());
    (builder.build(), cards(&sources))
}

fn basis<'a>(network: &'a Network, words: &'a Catalogue, sources: &'a [SourceCard]) -> Basis<'a> {
    let stamp = "Parasol 0.1.0 · 3f9a61c2d07be815".to_owned();
    Basis { sources, stamp, ..Basis::new(network, words) }
}

/// The shortest ways between two nodes without office and hearsay, a plain breadth-first search.
fn ways(network: &Network, from: NodeIx, to: NodeIx, count: usize) -> Vec<Vec<NodeIx>> {
    let mut queue = std::collections::VecDeque::from([vec![from]]);
    let mut out = Vec::new();
    while let Some(way) = queue.pop_front().filter(|_| out.len() < count) {
        let last = way[way.len() - 1];
        if last == to {
            out.push(way);
            continue;
        }
        if way.len() > 6 {
            break;
        }
        let mut near: Vec<NodeIx> = network
            .arcs(last)
            .filter(|arc| {
                !matches!(network.tie(arc.tie).layer(), Layer::Duty | Layer::Report | Layer::Finding)
            })
            .map(|arc| arc.neighbour)
            .filter(|near| !way.contains(near))
            .collect();
        near.dedup();
        queue.extend(near.into_iter().map(|near| [way.clone(), vec![near]].concat()));
    }
    out
}

#[test]
fn a_pair_of_the_town() {
    for lang in [Lang::Zh, Lang::En] {
        let (network, sources) = town("harbour-town");
        let words = Catalogue::new(lang);
        let basis = basis(&network, &words, &sources);
        let (official, gang) = (network.node("o01").unwrap(), network.node("g1").unwrap());
        let ways = ways(&network, official, gang, 6);
        let scene = pair(&basis, Claimed::Lead, (official, gang), &ways, &[]);
        let picture = draw(&scene, Style::Colour);
        look(&format!("town-pair-{}", lang.tag()), &picture);
        assert!(scene.nodes().len() <= MOST);
        assert!(picture.missing.is_empty(), "{:?}", picture.missing);
        assert!(!scene.sources.is_empty() && !scene.legend.is_empty());
    }
}

#[test]
fn the_other_charts_of_the_town() {
    let (network, sources) = town("harbour-town");
    let words = Catalogue::new(Lang::Zh);
    let basis = basis(&network, &words, &sources);
    let node = |id: &str| network.node(id).unwrap();
    look("town-gang", &draw(&gang(&basis, node("g1"), &[]), Style::Colour));
    look("town-around", &draw(&around(&basis, &[node("o02")], 2), Style::Colour));
    let ways = ways(&network, node("o02"), node("g1"), 3);
    let numbered: Vec<Way> =
        ways.iter().map(|nodes| Way { nodes: nodes.clone(), weakest: Some(0) }).collect();
    look("town-path", &draw(&path(&basis, node("o02"), node("g1"), &numbered), Style::Colour));
    look("town-lead", &draw(&lead(&basis, node("l02"), &ways, &[]), Style::Colour));
    let over = |official, gang| Over {
        official: node(official),
        gang: node(gang),
        label: "0.99".to_owned(),
        short: String::new(),
    };
    look("town-all", &draw(&all(&basis, &[over("o01", "g1"), over("o02", "g2")]), Style::Colour));
    let (network, sources) = town("crimenet");
    let basis = Basis { sources: &sources, ..Basis::new(&network, &words) };
    look("crimenet-all", &draw(&all(&basis, &[]), Style::Colour));
}

/// Print that is too small tells nothing: rather fewer cards, and a note that says how many are left out.
#[test]
fn the_smallest_print_can_be_read() {
    let readable = |scene: &Scene, what: &str| {
        let scale = page::scale(scene);
        assert!(scale >= page::LEAST, "{what}: {scale}");
    };
    for lang in [Lang::Zh, Lang::En] {
        let words = Catalogue::new(lang);
        let (network, sources) = town("harbour-town");
        let basis = basis(&network, &words, &sources);
        let node = |id: &str| network.node(id).unwrap();
        let ways = ways(&network, node("o01"), node("g1"), 9);
        let ends = (node("o01"), node("g1"));
        let scenes = [
            fitted(&basis, |basis| Some(pair(basis, Claimed::Lead, ends, &ways, &[]))),
            fitted(&basis, |basis| Some(gang(basis, node("g1"), &[]))),
            fitted(&basis, |basis| Some(around(basis, &[node("o01")], 2))),
            Some(all(&basis, &[])),
        ];
        scenes.iter().enumerate().for_each(|(k, scene)| readable(scene.as_ref().unwrap(), &k.to_string()));
    }
    let (network, sources) = town("crimenet");
    let words = Catalogue::new(Lang::En);
    readable(&all(&basis(&network, &words, &sources), &[]), "crimenet");
}

#[test]
fn folding_leaves_nobody_out() {
    let (network, _) = town("harbour-town");
    let words = Catalogue::new(Lang::En);
    let scene = all(&Basis::new(&network, &words), &[]);
    let size = |sub: &str| sub.split(' ').next().and_then(|count| count.parse::<usize>().ok()).unwrap();
    assert_eq!(scene.nodes().iter().map(|node| size(&node.sub)).sum::<usize>(), network.node_count());
    assert!(scene.nodes().len() <= 60);
}

/// The picture of everything, of a store made from these files.
fn whole_of(files: &[(&str, String)]) -> String {
    let desk = crate::program::Desk::new();
    std::fs::create_dir(desk.path("bundle")).unwrap();
    for (name, text) in files {
        std::fs::write(desk.path("bundle").join(name), text).unwrap();
    }
    desk.ok(&["import", "bundle"]);
    desk.ok(&["draw", "--all", "--out", "all.svg", "--lang", "en"]);
    std::fs::read_to_string(desk.path("all.svg")).unwrap()
}

#[test]
fn one_person_alone_is_a_picture() {
    let svg = whole_of(&[("people.csv", "id,name\np1,王伟\n".to_owned())]);
    assert!(svg.contains("1 of 1 entities") && svg.contains("王伟"));
}

#[test]
fn of_very_many_gangs_the_largest_have_cards_and_the_others_share_one() {
    let gangs = (0..30).map(|at| format!("g{at},帮{at},gang\n")).collect::<String>();
    let members = (0..90).map(|at| format!("m{at},成员{at},g{},member\n", at % 30)).collect::<String>();
    let svg = whole_of(&[
        ("organisations.csv", format!("id,name,kind\n{gangs}")),
        ("gang_members.csv", format!("id,name,gang,role\n{members}")),
    ]);
    assert!(svg.contains("other gangs"), "{}", svg.len());
    assert!(svg.contains("120 of 120 entities"));
}
