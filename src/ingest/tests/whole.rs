//! A sound bundle with a row of everything.

use super::help::{Kept, folder, read};
use crate::ingest::{
    Bundle, IngestError, Mapping, Nothing, Notice, NoticeKind, Origin, Rejected, Sink, SinkError,
};
use crate::model::{
    Credibility, Date, Decision, Handling, Kind, Record, Reliability, Status, Table, TieType,
};

pub const BUNDLE: &[(&str, &str)] = &[
    (
        "sources.csv",
        "id,channel,title,date,reliability,unit,handling,protected,locator\n\
         s1,public_report,letter,2020-01-02,C,office,restricted,true,box 3\n\
         s2,open_source,paper,2019,B,,,,\n",
    ),
    (
        "organisations.csv",
        "id,name,aliases,kind,class,sector,parent,jurisdiction,credit_code,source\n\
         a1,Harbour police,,agency,,police,a0,Harbour,,s2\n\
         a0,Police,,agency,,police,,City,,s2\n\
         g1,Dock gang,The dockers;Dock boys,gang,criminal_syndicate,,,,,s1;s2\n\
         c1,Sea Trade Ltd,,company,,,,,9131,s2\n",
    ),
    (
        "officials.csv",
        "id,name,aliases,id_number,agency,post,rank,start,end,jurisdiction,birth_date,hometown,source\n\
         o1,Wang,,11010519491231002X,a1,chief,,2015-03,2018,,1970-01-01,Linhai,s2\n\
         o1,Wang,,,a0,deputy,,2018,至今,,,,s2\n",
    ),
    ("gang_members.csv", "id,name,gang,role,start,source\nm1,Li,g1,leader,2012,s1\n"),
    ("people.csv", "id,name,occupation,shoe_size\np1,Chen,cook,42\n"),
    (
        "cases.csv",
        "id,title,class,gang,suspects,stage,umbrella_finding,signed_by,signed\nk1,Dock case,gang,g1,m1;p1,trial,none,o1,2019-05-01\n",
    ),
    (
        "objects.csv",
        "id,kind,label,number,date,outcome\nx1,account,,6222,,\ne1,event,raid,,2018-02-03,empty\n",
    ),
    (
        "leads.csv",
        "id,received,channel,text,about,unit,status,due,source\nl1,2020-02-03,public_report,\"says, a lot\",o1;g1,a1,open,2020-03-01,s1\n",
    ),
    (
        "relations.csv",
        "id,type,from,to,role,start,end,count,amount,currency,share,decision,status,source,credibility,recorded,note\n\
         r1,family,p1,o1,child,,,,,,,,confirmed,s2,2,2020-05-01,\n\
         r2,payment,x1,p1,,2018-01-02,,,1000.50,CNY,,,,s1;s2,,,monthly\n\
         ,handled,o1,k1,approver,2018,,,,,,downgraded,suspected,s2,3,,\n\
         r4,friendship,o1,m1,,,,,,,,,,,,,\n",
    ),
    (
        "steps.csv",
        "id,subject,step,date,person,value,by,source\nt1,k1,class_set,2018-01-01,m1,gang,somebody,s2\n",
    ),
    ("notes.csv", "a,b\n"),
    ("README.md", "text"),
    ("truth.csv", "official,gang\n"),
];

fn whole() -> Kept {
    read(BUNDLE)
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn every_table_becomes_records_and_the_counts_add_up() {
    let kept = whole();
    assert_eq!(kept.reasons(), Vec::<String>::new());
    let read: Vec<(Table, u64)> =
        kept.summary.tables.iter().map(|(table, count)| (*table, count.sound)).collect();
    let expected = [
        (Table::Sources, 2),
        (Table::Officials, 2),
        (Table::GangMembers, 1),
        (Table::People, 1),
        (Table::Organisations, 4),
        (Table::Cases, 1),
        (Table::Objects, 2),
        (Table::Leads, 1),
        (Table::Relations, 4),
        (Table::Steps, 1),
    ];
    assert_eq!(read, expected);
    assert_eq!(kept.summary.written, 8);
    assert!(!kept.summary.has_rejects());
}

#[test]
fn rows_of_people_write_their_own_ties() {
    let kept = whole();
    let post = kept.row("post:o1:a1:2015-03");
    assert_eq!((post.ty, post.role.as_deref()), (TieType::Post, Some("chief")));
    assert_eq!((post.start, post.values.end), (Some(date("2015-03")), Some(date("2018"))));
    assert_eq!(kept.row("post:o1:a0:2018").values.end, Some(Date::ONGOING));
    let member = kept.row("member:m1:g1:2012");
    assert_eq!((member.ty, member.role.as_deref()), (TieType::Member, Some("leader")));
    assert_eq!(kept.row("suspect:m1:k1").from.as_str(), "m1");
    assert_eq!(kept.row("suspect:p1:k1").to.as_str(), "k1");
    let signed = kept.row("signed:o1:k1");
    assert_eq!((signed.ty, signed.from.as_str(), signed.values.decision), (TieType::Reviewed, "o1", None));
    let about = kept.row("about:l1:g1");
    assert_eq!((about.recorded, about.sources.len()), (Some(date("2020-02-03")), 1));
}

#[test]
fn a_statement_keeps_every_column_normalised() {
    let kept = whole();
    let gang = kept.statements().into_iter().find(|s| s.id.as_str() == "g1").unwrap();
    assert_eq!((gang.kind, gang.sources.len()), (Kind::Gang, 2));
    assert_eq!(gang.props["aliases"], "The dockers;Dock boys");
    assert_eq!(gang.props["class"], "criminal_syndicate");
    assert!(!gang.props.contains_key("kind") && !gang.props.contains_key("source"));
    let person = kept.statements().into_iter().find(|s| s.id.as_str() == "p1").unwrap();
    assert_eq!(person.props["shoe_size"], "42");
    let case = kept.statements().into_iter().find(|s| s.id.as_str() == "k1").unwrap();
    assert_eq!((case.props["suspects"].as_str(), case.props["signed_by"].as_str()), ("m1;p1", "o1"));
    let lead = kept.statements().into_iter().find(|s| s.id.as_str() == "l1").unwrap();
    assert_eq!((lead.recorded, lead.props["text"].as_str()), (Some(date("2020-02-03")), "says, a lot"));
}

#[test]
fn relations_are_typed_and_canonical() {
    let kept = whole();
    let family = kept.row("r1");
    assert_eq!(
        (family.from.as_str(), family.to.as_str(), family.role.as_deref()),
        ("o1", "p1", Some("parent"))
    );
    assert_eq!((family.credibility, family.recorded), (Some(Credibility::C2), Some(date("2020-05-01"))));
    let payment = kept.row("r2");
    assert_eq!(payment.values.amount.unwrap().to_string(), "1000.5");
    assert_eq!((payment.credibility, payment.status), (Some(Credibility::C6), Status::Confirmed));
    assert_eq!(payment.sources.len(), 2);
    let handled = kept.relations().into_iter().find(|r| r.ty == TieType::Handled).unwrap();
    assert!(handled.row.as_str().starts_with("r-") && handled.row.as_str().len() == 26);
    assert_eq!((handled.values.decision, handled.status), (Some(Decision::Downgraded), Status::Suspected));
    assert_eq!(kept.row("r4").other_type.as_deref(), Some("friendship"));
}

#[test]
fn sources_come_first_with_their_grades() {
    let kept = whole();
    let Record::Source(first) = &kept.records[0].1 else { panic!("no source first") };
    assert_eq!(
        (first.reliability, first.handling, first.protected),
        (Reliability::C, Handling::Restricted, true)
    );
    let Record::Source(second) = &kept.records[1].1 else { panic!("no second source") };
    assert_eq!((second.date, second.protected), (Some(date("2019")), false));
}

#[test]
fn what_is_odd_is_noticed_once() {
    let kept = whole();
    let codes: Vec<(&str, u64)> = kept.notices.iter().map(|notice| (notice.code(), notice.count)).collect();
    let expected = [
        ("files_ignored", 1),
        ("unknown_column", 1),
        ("unknown_type", 1),
        ("no_source", 5),
        ("no_credibility", 2),
        ("kept_as_text", 1),
    ];
    assert_eq!(codes, expected);
    assert_eq!(kept.notices[0].subject, "notes.csv");
    assert_eq!(kept.noticed(NoticeKind::UnknownType), 1);
}

#[test]
fn the_same_bundle_gives_the_same_records() {
    let (first, second) = (whole(), whole());
    assert_eq!(first.records, second.records);
}

/// A sink for which nothing may go on, and which would take nothing.
struct Ended;

impl Sink for Ended {
    fn record(&mut self, _: &Origin, _: Record) -> Result<(), SinkError> {
        panic!("a record after the end");
    }

    fn rejected(&mut self, _: Rejected) -> Result<(), SinkError> {
        panic!("a row after the end");
    }

    fn notice(&mut self, _: Notice) {}

    fn progress(&mut self, _: u64, _: u64) -> Result<(), SinkError> {
        Err(SinkError("ended".into()))
    }
}

#[test]
fn what_may_not_go_on_ends_before_a_row_is_handed_out() {
    let folder = folder(BUNDLE);
    let paths = [folder.path().to_owned()];
    let ended = || IngestError::Sink(SinkError("ended".into()));
    // At every look, as the files are read for their digests, once and again without the protected.
    let looks = std::cell::Cell::new(0_i32);
    let count = || {
        looks.set(looks.get() + 1);
        Ok(())
    };
    let bundle = Bundle::open_mapped(&paths, &Mapping::default(), &[], &count).unwrap();
    assert!(looks.get() as usize > 2 * BUNDLE.len(), "{}", looks.get());
    for last in 0..looks.get() {
        let left = std::cell::Cell::new(last);
        let go_on = || {
            left.set(left.get() - 1);
            if left.get() < 0 { Err(ended()) } else { Ok(()) }
        };
        assert!(Bundle::open_mapped(&paths, &Mapping::default(), &[], &go_on).is_err(), "look {last}");
    }
    assert!(matches!(bundle.read(&Nothing, &mut Ended), Err(IngestError::Sink(_))));
}
