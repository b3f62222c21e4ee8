//! Tables with words of their own, by a mapping.

use std::path::Path;

use super::books::{book, sheet};
use super::help::{Kept, folder};
use crate::ingest::mapping::graph;
use crate::ingest::{Bundle, GraphTable, IngestError, Mapping, Nothing, NoticeKind};
use crate::model::{Credibility, Kind, Record, Reliability, Status, TieType};

const MAP: &str = r#"
[defaults]
source = "reg"
credibility = "3"
status = "suspected"

[[sources]]
id = "reg"
channel = "open_source"
reliability = "B"
title = "the register"

[[tables]]
from = "staff list"
into = "people"
ignore = ["salary"]
[tables.columns]
id = "No."
name = "Full Name"
birth_date = "Born"

[[tables]]
from = "staff list"
into = "relations"
[tables.columns]
from = "No."
to = "Employer"
start = "Since"
[tables.fixed]
type = "employment"

[[tables]]
from = "firms"
into = "organisations"
[tables.columns]
id = "key"
name = "label"
kind = "form"
[tables.values.kind]
"GmbH" = "company"
"*" = "other"

[[tables]]
from = "Transfers"
into = "relations"
reverse = true
[tables.columns]
from = "taker"
to = "payer"
amount = "sum"
[tables.fixed]
type = "payment"
currency = "EUR"
"#;

const FILES: &[(&str, &str)] = &[
    ("map.toml", MAP),
    (
        "staff list.csv",
        "Staff of the harbour,,,,,,\nNo.,Full Name,Born,Employer,Since,salary,Desk\n7,Anna,1970-02-01,f1,2011,9000,12\n\
         8,,1971,f1,2012,,\n9,Bert,31.31.1980,f9,2013,1,\n",
    ),
    ("firms.csv", "key,label,form\nf1,Sea Trade,gmbh\nf2,Friends of the Sea,e.V.\n"),
    ("transfers.csv", "payer,taker,sum\nf1,7,12.5\n"),
];

fn read_mapped(folder: &Path, files: &[&Path], graphs: &[GraphTable]) -> Kept {
    let mapping = Mapping::open(&folder.join("map.toml")).unwrap();
    let paths: Vec<_> = files.iter().map(|path| (*path).to_owned()).collect();
    let bundle = Bundle::open_mapped(&paths, &mapping, graphs, &|| Ok(())).unwrap();
    assert_eq!(bundle.inputs()[0].file, "map.toml");
    let mut kept = Kept::default();
    kept.summary = bundle.read(&Nothing, &mut kept).unwrap();
    kept.check_laws();
    kept
}

#[test]
fn a_table_with_words_of_its_own_is_read_as_ours() {
    let folder = folder(FILES);
    let kept = read_mapped(folder.path(), &[folder.path()], &[]);
    assert_eq!(
        kept.reasons(),
        [
            "staff list.csv:4 name missing_value",
            "staff list.csv:5 birth_date bad_date",
            "staff list.csv:4 from rejected_reference",
            "staff list.csv:5 from rejected_reference",
            "staff list.csv:5 to unknown_reference",
        ]
    );
    let anna = kept.statements().into_iter().find(|found| found.id.as_str() == "7").unwrap();
    assert_eq!((anna.kind, anna.props["name"].as_str()), (Kind::Person, "Anna"));
    assert_eq!((anna.props["Desk"].as_str(), anna.props.get("salary")), ("12", None));
    assert_eq!(anna.sources, [crate::model::Id::from("reg")]);
    let kinds: Vec<Kind> = kept.statements().iter().map(|found| found.kind).collect();
    assert_eq!(kinds, [Kind::Company, Kind::Organisation, Kind::Person]);
    let ties = kept.relations();
    let told: Vec<(TieType, &str, &str)> =
        ties.iter().map(|tie| (tie.ty, tie.from.as_str(), tie.to.as_str())).collect();
    assert_eq!(told, [(TieType::Employment, "7", "f1"), (TieType::Payment, "f1", "7")]);
    assert_eq!((ties[0].status, ties[0].credibility), (Status::Suspected, Some(Credibility::C3)));
    assert_eq!(ties[1].values.amount.unwrap().to_string(), "12.5");
    assert_eq!((kept.noticed(NoticeKind::NoSource), kept.noticed(NoticeKind::MappingUnused)), (0, 0));
    let graded = kept.records.iter().any(|(origin, record)| {
        origin.to_string() == "map.toml:7"
            && matches!(record, Record::Source(source) if source.reliability == Reliability::B)
    });
    assert!(graded);
}

#[test]
fn the_mapping_beside_the_tables_is_none_by_whichever_path_it_is_named() {
    let folder = folder(FILES);
    let aside = folder.path().join(".aside");
    std::fs::create_dir(&aside).unwrap();
    let kept = read_mapped(folder.path(), &[&aside.join("..")], &[]);
    assert_eq!(kept.noticed(NoticeKind::FilesIgnored), 0);
}

#[test]
fn a_table_without_the_headers_of_its_mapping_is_refused_whole() {
    let mut files = FILES.to_vec();
    files[2].1 = "key,name,form\nf1,Sea Trade,GmbH\n";
    let folder = folder(&files);
    let kept = read_mapped(folder.path(), &[folder.path()], &[]);
    assert!(kept.reasons().contains(&"firms.csv:1 label missing_column".to_owned()), "{:?}", kept.reasons());
}

#[test]
fn a_sheet_is_mapped_as_a_file_is() {
    let folder = folder(&FILES[..1]);
    let rows: [&[&str]; 2] = [&["key", "label", "form"], &["f1", "Sea Trade", "GmbH"]];
    let (_folder, book) = book(&[("Firms", sheet(&rows, ""))], "");
    let kept = read_mapped(folder.path(), &[&book], &[]);
    assert_eq!((kept.reasons(), kept.statements()[0].kind), (vec![], Kind::Company));
    let unused = |notice: &&crate::ingest::Notice| notice.kind == NoticeKind::MappingUnused;
    let unused: Vec<&str> =
        kept.notices.iter().filter(unused).map(|notice| notice.subject.as_str()).collect();
    assert_eq!(unused, ["Transfers", "staff list"], "what the mapping speaks of and is not there");
}

#[test]
fn records_of_a_graph_stand_under_their_numbers() {
    let map = "[[tables]]\nfrom = 'Firma'\ninto = 'organisations'\n[tables.fixed]\nkind = 'company'\n\
               [[tables]]\nfrom = 'OWNS'\ninto = 'relations'\n[tables.fixed]\ntype = 'ownership'\n";
    let nodes = format!(
        "{},{},{},{},name\n4711,f1,,,\"Sea\nTrade\"\n4712,f2,,,\n4713,f3,,,Dock\n",
        graph::LINE,
        graph::ID,
        graph::FROM,
        graph::TO
    );
    let ties = format!(
        "{},{},{},{},share\n31,,f1,f3,40\n32,,f3,f2,140\n",
        graph::LINE,
        graph::ID,
        graph::FROM,
        graph::TO
    );
    let folder = folder(&[("map.toml", map), ("0.csv", &nodes), ("1.csv", &ties)]);
    let table = |name: &str, tie: bool, file: &str| GraphTable {
        name: name.to_owned(),
        tie,
        label: format!("bolt://somewhere#{name}"),
        path: folder.path().join(file),
    };
    let kept =
        read_mapped(folder.path(), &[], &[table("Firma", false, "0.csv"), table("OWNS", true, "1.csv")]);
    assert_eq!(
        kept.reasons(),
        [
            "bolt://somewhere#Firma:4712 name missing_value",
            "bolt://somewhere#OWNS:32 to rejected_reference",
            "bolt://somewhere#OWNS:32 share bad_share",
        ]
    );
    assert_eq!((kept.statements().len(), kept.relations().len()), (2, 1));
}

#[test]
fn what_is_no_mapping_is_refused() {
    let folder = folder(&[("map.toml", "tables = 1")]);
    let refused = Mapping::open(&folder.path().join("map.toml"));
    assert!(matches!(refused, Err(IngestError::Mapping { .. })));
    assert!(matches!(Mapping::open(&folder.path().join("none.toml")), Err(IngestError::Missing(_))));
}

/// What a refusal tells of the first row.
fn told_of_the_header(map: &str, name: &str, table: &str) -> String {
    let folder = folder(&[("map.toml", map), (name, table)]);
    let kept = read_mapped(folder.path(), &[&folder.path().join(name)], &[]);
    assert!(kept.reasons().iter().all(|reason| reason.ends_with("missing_column")), "{:?}", kept.reasons());
    assert!(!kept.rejected.is_empty());
    format!("{:?}", kept.rejected)
}

#[test]
fn a_table_without_a_header_shows_nobodys_data() {
    let sources = "[[tables]]\nfrom = 'informants'\ninto = 'sources'\n[tables.columns]\nid = 'code'\nchannel = 'way'\n\
                   [tables.fixed]\nprotected = 'true'\n";
    let told = told_of_the_header(sources, "informants.csv", "code-x,线人张三,电话举报\n");
    assert!(!told.contains("张三") && !told.contains("code-x"), "{told}");
    let half = told_of_the_header(sources, "informants.csv", "code,线人张三,电话举报\n");
    assert!(!half.contains("张三"), "{half}");
    let people =
        "[[tables]]\nfrom = 'staff'\ninto = 'people'\n[tables.columns]\nid = 'No.'\nname = 'Full Name'\n";
    let told = told_of_the_header(people, "staff.csv", "x,张三\n");
    assert!(!told.contains("张三"), "{told}");
    let told = told_of_the_header(people, "staff.csv", "No.,Name of him\n");
    assert!(told.contains("Name of him"), "{told}");
    let fixed = "[[tables]]\nfrom = 'staff'\ninto = 'people'\n[tables.fixed]\noccupation = 'clerk'\n";
    let told = told_of_the_header(fixed, "staff.csv", "x,张三\n");
    assert!(!told.contains("张三"), "{told}");
}

#[test]
fn what_a_mapping_gives_is_kept_where_a_title_stands_above_our_headers() {
    let map = "[defaults]\nsource = 'reg'\n[[sources]]\nid = 'reg'\nchannel = 'open_source'\nreliability = 'B'\n\
               [[tables]]\nfrom = 'staff'\ninto = 'people'\n[tables.fixed]\noccupation = 'clerk'\n";
    let table = "Staff of the harbour,,\nid,name,birth_date\np1,Anna,1970\n";
    let folder = folder(&[("map.toml", map), ("staff.csv", table)]);
    let kept = read_mapped(folder.path(), &[&folder.path().join("staff.csv")], &[]);
    let anna = &kept.statements()[0];
    assert_eq!((kept.reasons(), anna.props["name"].as_str()), (vec![], "Anna"));
    assert_eq!((anna.props["occupation"].as_str(), anna.props.get("reg")), ("clerk", None));
    assert_eq!(anna.sources, [crate::model::Id::from("reg")]);
    assert_eq!(kept.noticed(NoticeKind::NoSource), 0);
}

/// The digests of a mapping and two tables.
fn digests(map: &str, sources: &str, elsewhere: &[&str]) -> Vec<String> {
    let people = "key,label,said by\np1,Anna,\n";
    let folder = folder(&[("m.toml", map), ("folk.csv", people), ("sources.csv", sources)]);
    let mapping = Mapping::open(&folder.path().join("m.toml")).unwrap();
    let bundle = Bundle::open_mapped(&[folder.path().to_owned()], &mapping, &[], &|| Ok(())).unwrap();
    let elsewhere = elsewhere.iter().map(|name| (*name).to_owned()).collect();
    bundle.inputs_hiding(&elsewhere, &|| Ok(())).unwrap().into_iter().map(|input| input.sha256).collect()
}

#[test]
fn the_digest_of_a_mapping_says_nothing_of_protected_sources() {
    let map = |who: &str, title: &str, name: &str| {
        format!(
            "# by {who}\n[defaults]\nsource = '{who}'\n[[sources]]\nid = 'box-{who}'\nchannel = 'public_report'\n\
             title = '{title}'\nprotected = 'true'\nlocator = '{title}, second floor'\n\
             [[tables]]\nfrom = 'folk'\ninto = 'people'\n[tables.columns]\nid = 'key'\nname = '{name}'\nsource = 'said by'\n\
             [tables.fixed]\noccupation = 'clerk'\n[tables.values.source]\n'{title}' = '{who}'\n'm' = 'reg'\n"
        )
    };
    let sources = |who: &str| format!("id,channel,title,protected\n{who},open_source,T{who},true\n");
    let one = digests(&map("inf-7", "Zhang", "label"), &sources("inf-7"), &[]);
    assert_eq!(one, digests(&map("zoe", "Anton", "label"), &sources("zoe"), &[]));
    let none = "id,channel\ns1,open_source\n";
    let known = digests(&map("inf-7", "Zhang", "label"), none, &["inf-7"]);
    assert_eq!(known, digests(&map("zoe", "Anton", "label"), none, &["zoe"]));
    // All else that it says counts.
    assert_ne!(one[0], digests(&map("inf-7", "Zhang", "key"), &sources("inf-7"), &[])[0]);
}

#[test]
fn the_digest_of_a_mapping_that_hides_nobody_is_that_of_its_bytes() {
    let map = "[[tables]]\nfrom = 'folk'\ninto = 'people'\n[tables.columns]\nid = 'key'\nname = 'label'\n";
    let all = digests(map, "id,channel,protected\ns1,open_source,true\n", &[]);
    assert_ne!(
        all[0],
        digests(&format!("# Anna\n{map}"), "id,channel,protected\ns1,open_source,true\n", &[])[0]
    );
}
