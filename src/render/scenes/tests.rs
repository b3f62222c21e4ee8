//! Scenes of a small invented network.

use super::super::scene::{Emphasis, Line, Mark};
use super::*;
use crate::messages::Lang;
use crate::model::view::Fact;
use crate::model::{
    Channel, Claim, Credibility, Entity, Handling, Id, Kind, Layer, Reliability, Status, Table, Tie, Values,
    Voice,
};
use crate::network::Builder;

fn entity(id: &str, kind: Kind, table: Table, props: &[(&str, &str)]) -> Entity {
    let props = props.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let fact = Fact { table, props, voice: Voice::Nobody, known: None, change: 1 };
    Entity { id: Id::from(id), kind, facts: vec![fact] }
}

fn claim(row: &str, voice: Voice, grade: (Reliability, Credibility), status: Status) -> Claim {
    Claim {
        row: Id::from(row),
        voice,
        reliability: grade.0,
        credibility: grade.1,
        status,
        known: None,
        values: Values::default(),
        change: 1,
    }
}

const A1: (Reliability, Credibility) = (Reliability::A, Credibility::C1);
const B2: (Reliability, Credibility) = (Reliability::B, Credibility::C2);
const F6: (Reliability, Credibility) = (Reliability::F, Credibility::C6);

fn open(id: &str) -> Voice {
    Voice::Source(Id::from(id))
}

fn tie(ty: TieType, from: &str, to: &str, role: Option<&str>, claims: Vec<Claim>) -> Tie {
    let role = role.map(str::to_owned);
    Tie { ty, other_type: None, from: from.into(), to: to.into(), role, start: None, claims }
}

/// An official, his wife, her company, a gang with a leader and thirty members.
fn town() -> Network {
    let mut builder = Builder::new(None);
    builder.entity(entity("a1", Kind::Agency, Table::Organisations, &[("name", "Police of the Harbour")]));
    let post = [("name", "Zhou"), ("agency", "a1"), ("post", "deputy head")];
    builder.entity(entity("o1", Kind::Person, Table::Officials, &post));
    builder.entity(entity("p1", Kind::Person, Table::People, &[("name", "Lin"), ("occupation", "teacher")]));
    builder.entity(entity("c1", Kind::Company, Table::Organisations, &[("name", "Cold Store Ltd")]));
    builder.entity(entity(
        "g1",
        Kind::Gang,
        Table::Organisations,
        &[("name", "Sea Sand"), ("class", "gang")],
    ));
    builder.entity(entity("l1", Kind::Lead, Table::Leads, &[("text", "Zhou is paid")]));
    for i in 0..31 {
        let name = format!("Member {i}");
        builder.entity(entity(&format!("m{i:02}"), Kind::Person, Table::GangMembers, &[("name", &name)]));
    }
    let sure = |row: &str| vec![claim(row, open("s1"), A1, Status::Confirmed)];
    let mut ties = vec![
        tie(TieType::Family, "o1", "p1", Some("spouse"), sure("r1")),
        tie(
            TieType::Ownership,
            "p1",
            "c1",
            None,
            vec![claim("r2", Voice::Protected(7), B2, Status::Confirmed)],
        ),
        tie(TieType::Controls, "g1", "c1", None, vec![claim("r3", open("s2"), B2, Status::Suspected)]),
        tie(
            TieType::Associate,
            "m00",
            "o1",
            Some("friend"),
            vec![claim("r4", Voice::Nobody, F6, Status::Suspected)],
        ),
        tie(TieType::Gift, "m00", "o1", None, vec![claim("r5", open("s2"), B2, Status::Refuted)]),
        tie(TieType::About, "l1", "o1", None, sure("r6")),
        tie(TieType::About, "l1", "g1", None, sure("r7")),
        tie(TieType::Payment, "m00", "p1", None, sure("r8")),
        tie(TieType::Payment, "m00", "p1", None, sure("r9")),
    ];
    for i in 0..31 {
        let role = if i == 0 { "leader" } else { "member" };
        ties.push(tie(TieType::Member, &format!("m{i:02}"), "g1", Some(role), sure(&format!("x{i:02}"))));
    }
    ties.iter().for_each(|tie| builder.tie(tie).unwrap());
    builder.build()
}

fn cards() -> Vec<SourceCard> {
    let card = |voice: Voice, title: Option<&str>| SourceCard {
        voice,
        channel: Channel::PublicReport,
        title: title.map(str::to_owned),
        date: None,
        reliability: Reliability::B,
        unit: None,
        handling: Handling::Internal,
        locator: None,
    };
    // A protected card with a title is a mistake further up; the picture must not repeat it.
    vec![card(open("s1"), Some("the register")), card(Voice::Protected(7), Some("WHO HE IS"))]
}

fn chart() -> Scene {
    let (network, words, sources) = (town(), Catalogue::new(Lang::En), cards());
    let basis = Basis { sources: &sources, disproved: true, ..Basis::new(&network, &words) };
    let node = |id: &str| network.node(id).unwrap();
    let paths =
        [vec![node("o1"), node("p1"), node("c1"), node("g1")], vec![node("o1"), node("m00"), node("g1")]];
    pair(&basis, Claimed::Lead, (node("o1"), node("g1")), &paths, &[])
}

fn line_of(scene: &Scene, key: &str) -> Line {
    scene.ties().iter().find(|tie| tie.key == key).unwrap_or_else(|| panic!("{key}")).line
}

#[test]
fn a_line_is_as_sure_as_its_claims() {
    let scene = chart();
    assert_eq!(line_of(&scene, "r1"), Line::Confirmed);
    assert_eq!(line_of(&scene, "r2"), Line::Unconfirmed);
    assert_eq!(line_of(&scene, "r4"), Line::Tentative);
    assert_eq!(line_of(&scene, "r5"), Line::Refuted);
}

#[test]
fn rows_that_say_the_same_are_one_line_with_their_number() {
    let scene = chart();
    let tie = scene.ties().iter().find(|tie| tie.key == "r8+").unwrap();
    assert!(tie.label.contains("×2"), "{}", tie.label);
}

#[test]
fn a_protected_source_is_called_that_and_nothing_else() {
    let scene = chart();
    let texts: Vec<&str> = scene.texts().collect();
    assert!(texts.iter().all(|text| !text.contains("WHO HE IS")));
    assert_eq!(scene.sources.iter().filter(|row| row.text.contains("protected")).count(), 1);
    assert!(scene.sources.iter().any(|row| row.text == "the register"));
}

/// Of kin who are equally sure the spouse comes before brothers and sisters, whatever their ids are.
#[test]
fn the_nearest_kin_come_first() {
    let mut builder = Builder::new(None);
    for id in ["o", "a", "b", "z"] {
        builder.entity(entity(id, Kind::Person, Table::People, &[("name", id)]));
    }
    for (row, other, role) in [("r1", "a", "sibling"), ("r2", "b", "in_law"), ("r3", "z", "spouse")] {
        let sure = vec![claim(row, open("s1"), A1, Status::Confirmed)];
        builder.tie(&tie(TieType::Family, "o", other, Some(role), sure)).unwrap();
    }
    let network = builder.build();
    let near = super::pick::strongest(&network, network.node("o").unwrap(), |_| true);
    let ids: Vec<&str> = near.iter().map(|(_, node)| network.id(*node)).collect();
    assert_eq!(ids, ["z", "a", "b"]);
}

#[test]
fn labels_name_numbers_of_the_table() {
    let scene = chart();
    for tie in scene.ties().iter().filter(|tie| tie.label.contains("src ")) {
        let number = tie.label.rsplit("src ").next().unwrap();
        let known = |number: &str| scene.sources.iter().any(|row| row.number == number);
        assert!(number.split(',').all(known), "{}", tie.label);
    }
}

#[test]
fn the_legend_names_what_is_on_the_page_and_nothing_else() {
    let scene = chart();
    let has = |mark: Mark| scene.legend.iter().any(|entry| entry.mark == mark);
    assert!(has(Mark::Line(Line::Refuted)) && has(Mark::Frame(Part::Leader)) && has(Mark::Context));
    assert!(!has(Mark::Line(Line::Inferred)) && !has(Mark::Frame(Part::Core)));
}

#[test]
fn people_who_are_no_subjects_are_grey_and_hubs_say_how_many_are_hidden() {
    let scene = chart();
    let node = |key: &str| scene.nodes().iter().find(|node| node.key == key).unwrap();
    assert_eq!(node("p1").emphasis, Emphasis::Context);
    assert_eq!(node("o1").emphasis, Emphasis::Subject);
    assert_eq!(node("g1").folded, 31);
    assert_eq!(node("o1").sub, "Police of the Harbour deputy head");
}

#[test]
fn a_gang_is_folded_to_a_page_and_says_how_many_are_left() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let seat = Seat { official: network.node("o1").unwrap(), between: vec![], best: 0, over_line: true };
    let scene = gang(&Basis::new(&network, &words), network.node("g1").unwrap(), &[seat]);
    assert!(scene.nodes().len() <= MOST + 1);
    let folded = scene.nodes().iter().find(|node| node.key == "members").unwrap();
    let shown =
        scene.nodes().iter().filter(|node| node.key.starts_with('m') && node.key != "members").count();
    assert_eq!(folded.folded as usize + shown, 31);
    assert!(scene.nodes().iter().any(|node| node.key == "o1" && node.place == Place::Row(0)));
}

#[test]
fn a_lead_is_drawn_with_whom_it_is_about() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let scene = lead(&Basis::new(&network, &words), network.node("l1").unwrap(), &[], &[]);
    let keys: Vec<&str> = scene.nodes().iter().map(|node| node.key.as_str()).collect();
    assert!(["l1", "o1", "g1"].iter().all(|key| keys.contains(key)), "{keys:?}");
    assert!(scene.notes[0].contains("Zhou is paid"));
}

#[test]
fn what_stands_around_is_cut_to_a_page_and_counted() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let basis = Basis { most: 8, ..Basis::new(&network, &words) };
    let scene = around(&basis, &[network.node("g1").unwrap()], 2);
    assert_eq!(scene.nodes().len(), 8);
    assert!(scene.notes.iter().any(|note| note.contains("not drawn")), "{:?}", scene.notes);
}

#[test]
fn the_whole_is_drawn_as_it_is_when_it_is_small_and_every_node_counts_once_when_not() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let basis = Basis { most: 40, asked: true, ..Basis::new(&network, &words) };
    assert_eq!(all(&basis, &[]).nodes().len(), network.node_count());
    let mut builder = Builder::new(None);
    for i in 0..300 {
        builder.entity(entity(&format!("p{i}"), Kind::Person, Table::People, &[("name", "x")]));
    }
    let network = builder.build();
    let scene = all(&Basis::new(&network, &words), &[]);
    assert_eq!(scene.nodes().len(), 1);
    assert_eq!(scene.nodes()[0].sub, "300 entities");
}

#[test]
fn a_disproved_tie_says_so_in_its_label() {
    let scene = chart();
    for tie in scene.ties() {
        assert_eq!(tie.label.starts_with("disproved · "), tie.line == Line::Refuted, "{}", tie.label);
    }
}

#[test]
fn whoever_is_over_the_line_is_seated_first_and_the_others_are_a_number() {
    let mut builder = Builder::new(None);
    builder.entity(entity("g1", Kind::Gang, Table::Organisations, &[("name", "Sea Sand")]));
    for i in 0..12 {
        builder.entity(entity(&format!("o{i:02}"), Kind::Person, Table::Officials, &[("name", "x")]));
    }
    builder.entity(entity("p1", Kind::Person, Table::People, &[("name", "Lin")]));
    let (network, words) = (builder.build(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let seat = |i: usize| Seat {
        official: node(&format!("o{i:02}")),
        between: if i < 8 { vec![node("p1")] } else { vec![] },
        best: usize::from(i < 8),
        over_line: i == 7,
    };
    let seats: Vec<Seat> = (0..12).map(seat).collect();
    let scene = gang(&Basis { most: 3, ..Basis::new(&network, &words) }, node("g1"), &seats);
    let card = |key: &str| scene.nodes().iter().find(|node| node.key == key);
    assert!(card("o07").is_some_and(|card| card.place == Place::Row(0)) && card("p1").is_some());
    let folded = |key: &str| card(key).map(|card| card.folded);
    assert_eq!((folded("render-duty-only"), folded("render-under-line")), (Some(4), Some(7)));
}

#[test]
fn a_title_claims_no_more_than_the_score() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let ends = (network.node("o1").unwrap(), network.node("g1").unwrap());
    let basis = Basis { verdict: "unlikely".to_owned(), ..Basis::new(&network, &words) };
    let title = |claimed| pair(&basis, claimed, ends, &[], &[]).title;
    assert!(title(Claimed::Lead).contains("a lead to check"));
    assert!(!title(Claimed::Traces).contains("umbrella"));
    assert!(title(Claimed::Nothing).starts_with("No trace"));
    assert!(pair(&basis, Claimed::Traces, ends, &[], &[]).subtitle.starts_with("unlikely · "));
}

#[test]
fn a_picture_says_up_to_which_day_its_file_goes() {
    let mut builder = Builder::new(None);
    builder.entity(entity("p1", Kind::Person, Table::People, &[("name", "x")]));
    builder.entity(entity("p2", Kind::Person, Table::People, &[("name", "y")]));
    let on = |row: &str, day: &str| Claim {
        known: Some(day.parse().unwrap()),
        ..claim(row, open("s1"), B2, Status::Confirmed)
    };
    let days = vec![on("r1", "2022-05-06"), on("r2", "2019-01-02")];
    builder.tie(&tie(TieType::Associate, "p1", "p2", None, days)).unwrap();
    let (network, words) = (builder.build(), Catalogue::new(Lang::En));
    assert_eq!(all(&Basis::new(&network, &words), &[]).subtitle, "file as known up to 2022-05-06");
}

#[test]
fn a_card_of_leads_is_as_sure_as_the_least_and_leads_found_empty_stand_apart() {
    let mut builder = Builder::new(None);
    builder.entity(entity("o1", Kind::Person, Table::Officials, &[("name", "Zhou")]));
    builder.entity(entity("g1", Kind::Gang, Table::Organisations, &[("name", "Sea Sand")]));
    let (mut ways, mut ties) = (Vec::new(), Vec::new());
    for i in 0..6 {
        let status = if i < 3 { "open" } else { "unfounded" };
        builder.entity(entity(
            &format!("l{i}"),
            Kind::Lead,
            Table::Leads,
            &[("text", "x"), ("status", status)],
        ));
        let grade = if i == 1 { F6 } else { A1 };
        let about = claim(&format!("r{i}"), open("s1"), grade, Status::Confirmed);
        ties.push(tie(TieType::About, &format!("l{i}"), "o1", None, vec![about]));
        ways.push(format!("l{i}"));
    }
    ties.iter().for_each(|tie| builder.tie(tie).unwrap());
    let (network, words) = (builder.build(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let ways: Vec<Vec<NodeIx>> = ways.iter().map(|id| vec![node(id)]).collect();
    let basis = Basis::new(&network, &words);
    let scene = pair(&basis, Claimed::Traces, (node("o1"), node("g1")), &ways, &[]);
    let mut seen: Vec<(Line, bool)> =
        scene.ties().iter().map(|tie| (tie.line, tie.label.contains("A1–F6"))).collect();
    seen.sort();
    assert_eq!(seen, [(Line::Confirmed, false), (Line::Tentative, true)]);
    assert!(scene.nodes().iter().any(|node| node.sub.starts_with("unfounded l3")));
}

#[test]
fn a_path_is_drawn_with_its_number_and_nothing_beside_it() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let way = Way { nodes: vec![node("o1"), node("m00"), node("g1")], weakest: Some(0) };
    let scene = path(&Basis::new(&network, &words), node("o1"), node("g1"), &[way]);
    assert!(scene.ties().iter().all(|tie| tie.bold && tie.label.starts_with("way 1 · ")));
    assert!(scene.ties().iter().any(|tie| tie.label.ends_with("weakest hop")));
    assert_eq!(scene.nodes().len(), 3);
}

/// Two records of one man: nobody said so, and the picture says that nobody did.
#[test]
fn a_likely_double_is_an_inferred_line_and_namesakes_are_told_apart_by_their_ids() {
    let who =
        [("name", "Tao"), ("birth_date", "1978-02-09"), ("hometown", "Harbour"), ("occupation", "trader")];
    let mut builder = Builder::new(None);
    builder.entity(entity("o1", Kind::Person, Table::Officials, &[("name", "Zhou")]));
    builder.entity(entity("g1", Kind::Gang, Table::Organisations, &[("name", "Sea Sand")]));
    for id in ["p1", "p1b"] {
        builder.entity(entity(id, Kind::Person, Table::People, &who));
    }
    let sure = |row: &str| vec![claim(row, open("s1"), A1, Status::Confirmed)];
    builder.tie(&tie(TieType::Family, "o1", "p1", Some("in_law"), sure("r1"))).unwrap();
    builder.tie(&tie(TieType::Member, "p1b", "g1", None, sure("r2"))).unwrap();
    let (network, words) = (builder.build(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let ways = [["o1", "p1", "p1b", "g1"].map(node).to_vec()];
    let scene = pair(&Basis::new(&network, &words), Claimed::Traces, (node("o1"), node("g1")), &ways, &[]);
    let same = scene.ties().iter().find(|tie| tie.key == "same-p1-p1b").unwrap();
    assert_eq!((same.line, same.layer), (Line::Inferred, Layer::Identity));
    assert!(same.label.ends_with(" · inferred"), "{}", same.label);
    assert!(scene.legend.iter().any(|entry| entry.mark == Mark::Line(Line::Inferred)));
    let subs: Vec<&str> = scene.nodes().iter().map(|node| node.sub.as_str()).collect();
    assert!(subs.contains(&"p1 trader") && subs.contains(&"p1b member"), "{subs:?}");
}

/// A suspect in the gang's case who is on no list: no row says that he is the gang's.
#[test]
fn a_step_that_no_row_states_is_an_inferred_line() {
    let mut builder = Builder::new(None);
    builder.entity(entity("o1", Kind::Person, Table::Officials, &[("name", "Zhou")]));
    builder.entity(entity("g1", Kind::Gang, Table::Organisations, &[("name", "Sea Sand")]));
    builder.entity(entity("p1", Kind::Person, Table::People, &[("name", "Tao")]));
    // What goes over an account has no tie of its own, and is no inference.
    builder.entity(entity("c1", Kind::Company, Table::Organisations, &[("name", "Cold Store Ltd")]));
    builder.entity(entity("k1", Kind::Case, Table::Cases, &[("name", "Case 1"), ("gang", "g1")]));
    let sure = |row: &str| vec![claim(row, open("s1"), A1, Status::Confirmed)];
    builder.tie(&tie(TieType::Family, "o1", "p1", Some("in_law"), sure("r1"))).unwrap();
    builder.tie(&tie(TieType::Suspect, "p1", "k1", None, sure("r2"))).unwrap();
    let (network, words) = (builder.build(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let ways = [["o1", "p1", "g1"].map(node).to_vec(), ["o1", "c1", "p1", "g1"].map(node).to_vec()];
    let scene = pair(&Basis::new(&network, &words), Claimed::Traces, (node("o1"), node("g1")), &ways, &[]);
    let lines: Vec<(&str, Line)> = scene.ties().iter().map(|tie| (tie.key.as_str(), tie.line)).collect();
    assert!(lines.contains(&("inferred-g1-p1", Line::Inferred)), "{lines:?}");
    assert_eq!(
        lines.iter().filter(|(_, line)| *line == Line::Inferred).count(),
        1,
        "what a row says is none"
    );
}

#[test]
fn a_disproved_tie_is_left_out_and_counted_unless_somebody_asks() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let node = |id: &str| network.node(id).unwrap();
    let of = |disproved| {
        let basis = Basis { disproved, ..Basis::new(&network, &words) };
        around(&basis, &[node("o1")], 1)
    };
    let refuted = |scene: &Scene| scene.ties().iter().filter(|tie| tie.line == Line::Refuted).count();
    let says = |scene: &Scene| scene.notes.iter().any(|note| note.contains("Disproved ties not drawn: 1"));
    let (without, with) = (of(false), of(true));
    assert_eq!((refuted(&without), says(&without)), (0, true), "{:?}", without.notes);
    assert_eq!((refuted(&with), says(&with)), (1, false));
}

#[test]
fn as_many_cards_are_drawn_as_were_asked_for_and_all_others_are_counted() {
    let (network, words) = (town(), Catalogue::new(Lang::En));
    let of = |most, asked, hops| {
        let basis = Basis { most, asked, ..Basis::new(&network, &words) };
        around(&basis, &[network.node("g1").unwrap()], hops)
    };
    assert_eq!(of(30, true, 1).nodes().len(), 30);
    assert!(of(30, false, 1).nodes().len() < 20);
    // The gang's own: 31 members, a company, a lead; and two hops off the official and his wife, but not the agency.
    assert!(of(4, true, 1).notes.iter().any(|note| note == "More entities concerned, not drawn: 30."));
    assert!(of(4, true, 2).notes.iter().any(|note| note == "More entities concerned, not drawn: 32."));
}

#[test]
fn names_are_joined_as_the_language_joins_them() {
    let network = town();
    let title = |lang| {
        let words = Catalogue::new(lang);
        around(&Basis::new(&network, &words), &["o1", "p1"].map(|id| network.node(id).unwrap()), 1).title
    };
    assert!(title(Lang::En).ends_with("Zhou, Lin") && title(Lang::Zh).ends_with("Zhou、Lin"));
}

#[test]
fn every_claim_and_lead_of_the_page_is_told_in_full() {
    let scene = chart();
    let rows: Vec<&str> =
        scene.ties().iter().flat_map(|tie| &tie.claims).map(|claim| claim.row.as_str()).collect();
    assert!(
        ["r8", "r9", "r2"].iter().all(|row| rows.contains(row)),
        "folded rows are told one by one: {rows:?}"
    );
    let two = scene.ties().iter().flat_map(|tie| &tie.claims).find(|claim| claim.row == "r2").unwrap();
    assert_eq!((two.grade.as_str(), two.source.as_str()), ("B2", "protected"));
    let network = town();
    let words = Catalogue::new(Lang::En);
    let page = lead(&Basis::new(&network, &words), network.node("l1").unwrap(), &[], &[]);
    assert_eq!(page.leads[0][2], "Zhou is paid");
}
