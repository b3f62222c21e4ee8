//! What real files look like.

use super::help::{folder, read, read_with};
use crate::ingest::{Bundle, IngestError, Known, Nothing, NoticeKind};
use crate::model::{Fence, Fenced, Id, Kind, TieType};

#[test]
fn chinese_tables_without_ids_are_read() {
    let kept = read(&[
        (
            "组织.csv",
            "某区组织表\n名称,类型,定性\n区公安局,机关,\n码头帮,黑恶组织,涉黑组织\n海贸公司,公司,\n",
        ),
        ("公职人员.csv", "姓名,单位,职务,任职时间,出生日期\n王建国,区公安局,局长,2015年3月,1970.1.2\n"),
        ("团伙成员.csv", "姓名,团伙,地位\n李四,码头帮,骨干成员\n"),
        ("人员.csv", "姓名,别名\n王小明,小明\n"),
        (
            "关系.csv",
            "类型,甲方,乙方,角色,日期,金额（万元）\n亲属,王建国,小明,子女,,\n转账,海贸公司,王小明,,2019.8.1,12.5\n",
        ),
    ]);
    assert_eq!(kept.reasons(), Vec::<String>::new());
    let payment = kept.relations().into_iter().find(|r| r.ty == TieType::Payment).unwrap();
    assert_eq!(payment.values.amount.unwrap().to_string(), "125000");
    assert_eq!(payment.start.unwrap().to_string(), "2019-08-01");
    assert_eq!(payment.values.props["start_text"], "2019.8.1");
    let family = kept.relations().into_iter().find(|r| r.ty == TieType::Family).unwrap();
    assert_eq!(family.role.as_deref(), Some("parent"));
    assert_eq!(family.from, payment.to);
    let official = kept.statements().into_iter().find(|s| s.props["name"] == "王建国").unwrap();
    assert!(official.id.as_str().starts_with("officials-"));
    assert_eq!(
        (official.props["start"].as_str(), official.props["start_text"].as_str()),
        ("2015-03", "2015年3月")
    );
    assert_eq!(kept.noticed(NoticeKind::DerivedIds), 4);
    assert_eq!(kept.noticed(NoticeKind::NoCurrency), 1);
}

#[test]
fn a_table_with_ids_may_name_sources_without() {
    let kept = read(&[
        ("sources.csv", "channel,title\npublic_report,a letter\n"),
        ("officials.csv", "id,name,source\no1,Wang,a letter\n"),
        ("leads.csv", "id,received,channel,text,about,source\nl1,2020,public_report,x,o1,a letter\n"),
        ("relations.csv", "type,from,to,decision\nreviewed,o1,l1,unfounded\n"),
    ]);
    assert_eq!(kept.reasons(), Vec::<String>::new());
}

#[test]
fn card_numbers_join_and_part_people_without_ids() {
    let kept = read(&[
        (
            "officials.csv",
            "name,agency,id_number\nWang,A,11010519491231002X\nWang,B,11010519491231002X\nWang,A,440524188001010014\n",
        ),
        ("organisations.csv", "id,name,kind\na,A,agency\nb,B,agency\n"),
        ("people.csv", "id,name,id_number\np7,Wu,440524188001010014\n"),
        ("gang_members.csv", "name,id_number\nLi,1\nLi,2\nLi,\n"),
    ]);
    let ids: Vec<&str> =
        kept.statements().iter().filter(|s| s.kind == Kind::Person).map(|s| s.id.as_str()).collect();
    assert_eq!(ids[0], "p7");
    assert_eq!(ids[1], ids[2]);
    assert_eq!(ids[3], "p7");
    assert_eq!(ids[5], format!("{}-2", ids[4]));
    assert_eq!(ids[6], ids[4]);
}

/// A store in which one person and one source stand.
struct One;

impl Known for One {
    fn kind_of(&self, id: &Id) -> Option<Kind> {
        (id.as_str() == "p1").then_some(Kind::Person)
    }

    fn named(&self, name: &str) -> Vec<(Id, Kind)> {
        if name == "Chen" { vec![(Id::from("p1"), Kind::Person)] } else { Vec::new() }
    }

    fn id_numbers(&self, id: &Id) -> Vec<String> {
        if id.as_str().starts_with("people-") && !id.as_str().ends_with("-2") {
            vec!["130503670401001".to_owned()]
        } else {
            Vec::new()
        }
    }

    fn identities(&self, id: &Id) -> Vec<crate::model::Props> {
        let said = [("name", "Chen"), ("birth_date", "1970-01"), ("id_number", "7")];
        let props = said.map(|(key, value)| (key.to_owned(), value.to_owned())).into_iter().collect();
        if id.as_str() == "p1" { vec![props] } else { Vec::new() }
    }

    fn source(&self, id: &Id) -> Option<Fence> {
        (id.as_str() == "s1").then_some(Fence { protected: true, sealed: false })
    }

    fn fenced(&self) -> Vec<Fenced> {
        let fence = Fence { protected: true, sealed: false };
        vec![Fenced { name: "s1".to_owned(), id: Id::from("s1"), fence }]
    }
}

#[test]
fn what_the_store_holds_counts_as_known() {
    let files = folder(&[
        ("people.csv", "name,id_number\nChen,130503196704010016\nZhao,11010519491231002X\n"),
        ("organisations.csv", "id,name,kind\np1,Firm,company\n"),
        ("relations.csv", "type,from,to,source\ncall,p1,Zhao,s1\ncall,p1,Chen,s1\ncall,p1,Zhao,s2\n"),
    ]);
    let kept = read_with(files.path(), &One);
    let expected = [
        "organisations.csv:2 id kind_clash",
        "relations.csv:3 to ambiguous_name",
        "relations.csv:4 source unknown_reference",
    ];
    assert_eq!(kept.reasons(), expected);
    let ids: Vec<&str> = kept.statements().iter().map(|s| s.id.as_str()).collect();
    // Chen's old card of 15 digits and his new one are one; Zhao is a namesake of somebody else.
    assert!(!ids[0].ends_with("-2") && ids[1].ends_with("-2"), "{ids:?}");
}

#[test]
fn names_that_several_have_are_rejected_with_their_ids() {
    let kept = read(&[
        ("people.csv", "id,name\np1,Chen\np2,Chen\n"),
        ("organisations.csv", "id,name,kind\nc1,Chen,company\n"),
        ("relations.csv", "type,from,to\ncall,p1,Chen\nownership,p1,Chen\ncall,p1,Nobody\n"),
    ]);
    assert_eq!(kept.reasons(), ["relations.csv:2 to ambiguous_name", "relations.csv:4 to unknown_reference"]);
    assert!(kept.rejected[0].reasons[0].to_string().contains("p1 (people.csv:2), p2 (people.csv:3)"));
    assert_eq!(kept.relations()[0].to.as_str(), "c1");
}

#[test]
fn events_twice_are_two_and_states_twice_are_one() {
    let rows = "type,from,to,start,source\n\
                call,p1,p2,2019,s1\ncall,p1,p2,2019,s2\ncall,p1,p2,2019,s1\nassociate,p2,p1,,s1\nassociate,p1,p2,,s2\n";
    let kept = read(&[
        ("sources.csv", "id,channel\ns1,open_source\ns2,open_source\n"),
        ("people.csv", "id,name\np1,Chen\np2,Li\n"),
        ("relations.csv", rows),
    ]);
    let ids: Vec<&str> = kept.relations().iter().map(|r| r.row.as_str()).collect();
    assert_eq!(ids[1], format!("{}-2", ids[0]));
    assert_eq!(ids[2], format!("{}-3", ids[0]));
    assert_eq!(ids[3], ids[4]);
}

#[test]
fn two_posts_at_one_agency_are_two_ties() {
    let kept = read(&[
        ("organisations.csv", "id,name,kind\na1,A,agency\n"),
        ("officials.csv", "id,name,agency,post\no1,Wang,a1,chief\no1,Wang,a1,secretary\no1,Wang,a1,chief\n"),
    ]);
    let ids: Vec<&str> = kept.relations().iter().map(|r| r.row.as_str()).collect();
    assert_eq!(ids, ["post:o1:a1", "post:o1:a1-2", "post:o1:a1"]);
}

#[test]
fn lists_of_people_may_be_written_the_chinese_way() {
    let kept = read(&[
        ("people.csv", "id,name\np1,陈一\np2,李二\np3,王三\n"),
        ("案件.csv", "案件名称,嫌疑人\n码头案,陈一、李二；王三\n"),
    ]);
    let suspects: Vec<&str> = kept.relations().iter().map(|r| r.from.as_str()).collect();
    assert_eq!(suspects, ["p1", "p2", "p3"]);
    let kept = read(&[("people.csv", "id,name,aliases\np1,陈一,老陈、陈总；一哥\n")]);
    assert_eq!(kept.statements()[0].props["aliases"], "老陈;陈总;一哥");
}

#[test]
fn namesakes_without_ids_are_told_by_where_they_stand() {
    let kept = read(&[
        ("公职人员.csv", "姓名,单位,职务\n王伟,甲局,局长\n王伟,乙局,科长\n"),
        ("organisations.csv", "id,name,kind\na1,甲局,agency\na2,乙局,agency\ng1,某帮,黑恶势力\n"),
        ("sources.csv", "id,channel\ns1,来信\n"),
        ("关系.csv", "类型,甲方,乙方,占比\nassociate,王伟,g1,\n持股,g1,a1,20%\n"),
    ]);
    assert_eq!(kept.reasons(), ["关系.csv:2 from ambiguous_name"]);
    let told = kept.rejected[0].reasons[0].to_string();
    assert!(told.contains("(公职人员.csv:2)") && told.contains("(公职人员.csv:3)"), "{told}");
    let held = kept.relations().into_iter().find(|tie| tie.ty == TieType::Ownership).unwrap();
    assert_eq!(held.values.share.unwrap().to_string(), "20");
}

#[test]
fn names_are_the_same_without_what_nobody_sees() {
    let kept = read(&[
        ("people.csv", "id,name\np1,顾\u{200B}明远\np2,\u{202E}陈一\n"),
        ("relations.csv", "type,from,to\ncall,顾明远,陈一\n"),
    ]);
    assert_eq!(kept.reasons(), Vec::<String>::new());
    assert_eq!(kept.statements()[0].props["name"], "顾\u{200B}明远", "a name stays as it was typed");
}

#[test]
fn odd_ends_are_noticed_and_kept() {
    let kept = read(&[
        ("people.csv", "id,name,id_number\np1,Chen,110105194912310021\n"),
        ("cases.csv", "id,title\nk1,Case\n"),
        ("relations.csv", "type,from,to,start,end\nhandled,p1,k1,2019,2018\nfamily,p1,k1,,\n配偶,p1,p1,,\n"),
    ]);
    assert_eq!(kept.reasons(), Vec::<String>::new());
    for kind in [
        NoticeKind::TakenAsOfficial,
        NoticeKind::WrongKind,
        NoticeKind::TieToSelf,
        NoticeKind::EndBeforeStart,
        NoticeKind::CheckDigit,
    ] {
        assert_eq!(kept.noticed(kind), 1, "{kind:?}");
    }
    assert_eq!(kept.relations()[2].role.as_deref(), Some("spouse"));
}

#[test]
fn files_in_other_encodings_are_read_and_named() {
    let text = "id,name\r\np1,王建国\r\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let folder = folder(&[("officials.csv", "\u{FEFF}id,name\rp1,王建国\r")]);
    std::fs::write(folder.path().join("people.csv"), &gb).unwrap();
    std::fs::write(folder.path().join("gang_members.csv"), [&b"\xFF\xFE"[..], &wide].concat()).unwrap();
    let kept = read_with(folder.path(), &Nothing);
    kept.check_laws();
    assert!(kept.statements().iter().all(|s| s.props["name"] == "王建国"));
    assert_eq!(kept.summary.total().sound, 3);
    let subjects: Vec<&str> = kept.notices.iter().take(2).map(|notice| notice.subject.as_str()).collect();
    assert_eq!(subjects, ["GB18030: people.csv", "UTF-16LE: gang_members.csv"]);
}

#[test]
fn inputs_that_are_none_are_refused_with_a_hint() {
    let folder =
        folder(&[("notes.csv", "a"), ("old.xls", "x"), ("book.xlsx", "no zip"), ("relations.txt", "x")]);
    let open = |name: &str| Bundle::open(&[folder.path().join(name)]).unwrap_err();
    assert!(matches!(open("none"), IngestError::Missing(_)));
    assert!(matches!(open("notes.csv"), IngestError::UnknownFile(_)));
    assert!(matches!(open("relations.txt"), IngestError::UnknownFile(_)));
    assert!(matches!(open("old.xls"), IngestError::OldWorkbook(_)));
    assert!(matches!(open("book.xlsx"), IngestError::Workbook { .. }));
    assert!(matches!(
        Bundle::open(&[super::help::folder(&[]).path().to_owned()]),
        Err(IngestError::Empty(_))
    ));
}

fn digests(sources: &str, relations: &str) -> Vec<String> {
    let folder = folder(&[
        ("sources.csv", sources),
        ("people.csv", "id,name\np1,Chen\n"),
        ("relations.csv", relations),
    ]);
    let bundle = Bundle::open(&[folder.path().to_owned()]).unwrap();
    bundle.inputs().iter().map(|input| input.sha256.clone()).collect()
}

#[test]
fn digests_say_nothing_of_protected_sources() {
    let one = digests(
        "id,channel,title,protected\nx,open_source,Zhang,true\ns2,open_source,T,\n",
        "type,from,to,source\ncall,p1,p1,x;s2\n",
    );
    let two = digests(
        "id,channel,title,protected\ny,open_source,Wu,true\ns2,open_source,T,\n",
        "type,from,to,source\ncall,p1,p1,y;s2\n",
    );
    assert_eq!(one, two);
    let open = digests(
        "id,channel,title,protected\ny,open_source,Wu,true\ns2,open_source,U,\n",
        "type,from,to,source\ncall,p1,p1,s2\n",
    );
    assert_ne!(one, open);
    // people.csv names no protected source: its digest is that of its bytes.
    assert_eq!(one[0], "b7d345b6713769a39ac7eb0639a8b5ba041dd1a81b5f0078cfdba6ba9024fd56");
}

#[test]
fn an_id_that_stands_for_somebody_else_is_told() {
    let people =
        "id,name,birth_date\np1,Chen,1970\np1,Wu,1961-02\np2,Li,1980\np2,Zhao,1990\np3,Sun,\np3,Sun,1990\n";
    let folder = super::help::folder(&[("people.csv", people)]);
    let fresh = super::help::read_with(folder.path(), &crate::ingest::Nothing);
    assert_eq!(fresh.noticed(NoticeKind::IdentityChanged), 2);
    let other = super::help::folder(&[("people.csv", "id,name,birth_date\np1,Wu,1961-02\np9,Li,1980\n")]);
    let kept = super::help::read_with(other.path(), &One);
    let notice = kept.notices.iter().find(|notice| notice.kind == NoticeKind::IdentityChanged).unwrap();
    assert_eq!((notice.count, notice.places[0].to_string()), (1, "people.csv:2".to_owned()));
}

#[test]
fn one_column_for_kind_and_class_is_read_as_both() {
    let kept = read(&[(
        "组织.csv",
        "名称,类别\n码头帮,恶势力犯罪集团\n江北帮,黑社会性质组织\n区公安局,机关\n不明帮,黑恶组织\n怪帮,门派\n",
    )]);
    let said: Vec<(Kind, Option<&str>)> =
        kept.statements().iter().map(|s| (s.kind, s.props.get("class").map(String::as_str))).collect();
    let class = ["criminal_group", "criminal_syndicate"];
    let expected = [
        (Kind::Gang, Some(class[0])),
        (Kind::Gang, Some(class[1])),
        (Kind::Agency, None),
        (Kind::Gang, None),
    ];
    assert_eq!(said, expected);
    assert_eq!(kept.reasons(), ["组织.csv:6 kind bad_word"]);
    let kept = read(&[("案件.csv", "编号,案件名称,类别\nc1,码头案,涉恶\n")]);
    assert_eq!(kept.statements()[0].props["class"], "gang");
}

#[test]
fn a_file_that_holds_no_text_is_refused_alone() {
    let dir = folder(&[("people.csv", "id,name\np1,Li\n")]);
    std::fs::write(dir.path().join("officials.csv"), b"PK\x03\x04\x14\0\x06\0").unwrap();
    let kept = read_with(dir.path(), &Nothing);
    assert_eq!(kept.reasons(), ["officials.csv:1  no_text"]);
    assert_eq!((kept.statements().len(), kept.summary.refused), (1, 1));
}

#[test]
fn files_of_one_name_are_told_apart_by_their_folders() {
    let dir = folder(&[]);
    for case in ["east", "west"] {
        std::fs::create_dir(dir.path().join(case)).unwrap();
        std::fs::write(dir.path().join(case).join("people.csv"), "id,name\np1,7\n").unwrap();
    }
    std::fs::write(dir.path().join("west/cases.csv"), "id,title\nc1,x\n").unwrap();
    let paths = ["east", "west"].map(|case| dir.path().join(case));
    let bundle = Bundle::open(&paths).unwrap();
    let files: Vec<&str> = bundle.inputs().iter().map(|input| input.file.as_str()).collect();
    assert_eq!(files, ["east/people.csv", "cases.csv", "west/people.csv"]);
    let mut kept = super::help::Kept::default();
    bundle.read(&Nothing, &mut kept).unwrap();
    assert_eq!(kept.reasons(), ["east/people.csv:2 name bad_name", "west/people.csv:2 name bad_name"]);
}
