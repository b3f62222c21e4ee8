//! Bad rows: each is rejected with all its reasons, and nothing else is lost.

use super::help::read;

#[test]
fn a_row_is_rejected_with_all_its_reasons_and_the_rest_goes_on() {
    let kept = read(&[
        ("people.csv", "id,name,birth_date\np1,Chen,\np2,,1.2.1970\n,Li,\np3,Wu,2019-02-30\n"),
        (
            "relations.csv",
            "id,type,from,to,role,start,count,amount,share,decision,status,credibility\n\
             r1,family,p1,p9,cousin,soon,,,,,maybe,7\n\
             r2,call,p1,p1,,,-1,1e309,101,,,\n\
             r3,,,,,,,,,,,\n\
             r4,handled,p1,p1,,,,,,granted,,\n\
             r5,payment,p1,p1,,,,,,fined,,1\n",
        ),
    ]);
    let expected = [
        "people.csv:3 name missing_value",
        "people.csv:3 birth_date bad_date",
        "people.csv:4 id missing_value",
        "people.csv:5 birth_date bad_date",
        "relations.csv:2 to unknown_reference",
        "relations.csv:2 role not_for_type",
        "relations.csv:2 start bad_date",
        "relations.csv:2 status bad_word",
        "relations.csv:2 credibility bad_word",
        "relations.csv:3 amount bad_amount",
        "relations.csv:3 count bad_count",
        "relations.csv:3 share bad_share",
        "relations.csv:4 type missing_value",
        "relations.csv:4 from missing_value",
        "relations.csv:4 to missing_value",
        "relations.csv:5 decision not_for_type",
        "relations.csv:6 decision not_for_type",
    ];
    assert_eq!(kept.reasons(), expected);
    assert_eq!(kept.summary.total().sound, 1);
}

#[test]
fn the_quarantine_report_is_json_lines() {
    let kept = read(&[("people.csv", "id,name\np1,\n")]);
    let expected = "{\"file\":\"people.csv\",\"line\":2,\"column\":\"name\",\"value\":\"\",\"code\":\"missing_value\",\
                    \"reason\":\"`name` is empty, and a row needs it\"}";
    assert_eq!(kept.rejected[0].json_lines(), vec![expected]);
}

#[test]
fn a_reference_to_a_rejected_row_is_rejected_with_its_place() {
    let kept = read(&[
        ("organisations.csv", "id,name,kind,parent\na1,One,agency,a2\na2,Two,agency,a3\na3,Three,club,\n"),
        ("officials.csv", "id,name,agency\no1,Wang,a1\n"),
        ("relations.csv", "type,from,to\nassociate,o1,a3\n"),
    ]);
    let expected = [
        "organisations.csv:2 parent rejected_reference",
        "organisations.csv:3 parent rejected_reference",
        "organisations.csv:4 kind bad_word",
        "officials.csv:2 agency rejected_reference",
        "relations.csv:2 from rejected_reference",
        "relations.csv:2 to rejected_reference",
    ];
    assert_eq!(kept.reasons(), expected);
}

#[test]
fn an_id_of_another_kind_is_rejected_and_both_places_are_named() {
    let kept = read(&[
        ("sources.csv", "id,channel\ns1,open_source\n"),
        (
            "organisations.csv",
            "id,name,kind\nx1,Firm,company\nx2,Firm,company\nx2,Firm,agency\ns1,Firm,company\n",
        ),
        ("people.csv", "id,name\nx1,Chen\np1,Li\n"),
        ("gang_members.csv", "id,name\np1,Li\n"),
        ("relations.csv", "id,type,from,to\np1,call,p1,p1\nr1,call,p1,x1\nr1,call,x1,p1\nr1,call,p1,x1\n"),
    ]);
    let expected = [
        "organisations.csv:2 id kind_clash",
        "organisations.csv:4 id kind_clash",
        "organisations.csv:5 id kind_clash",
        "relations.csv:2 id kind_clash",
        "relations.csv:4 id duplicate_id",
    ];
    assert_eq!(kept.reasons(), expected);
    let said = kept.rejected[0].reasons[0].to_string();
    assert!(said.contains("people.csv:2") && said.contains("company") && said.contains("person"), "{said}");
}

#[test]
fn a_file_without_a_required_column_is_refused_and_the_others_are_read() {
    let kept = read(&[
        ("people.csv", "id,name\np1,Chen\n"),
        ("organisations.csv", "id,name\na1,One\n"),
        ("objects.csv", ""),
        ("leads.csv", "id,received,channel,text\n"),
    ]);
    assert_eq!(kept.reasons(), ["organisations.csv:1 kind missing_column"]);
    assert_eq!((kept.summary.refused, kept.summary.total().sound), (1, 1));
    assert_eq!(kept.notices.iter().map(|n| n.code()).collect::<Vec<_>>(), ["empty_file", "no_source"]);
}

#[test]
fn card_numbers_and_protected_sources_are_masked() {
    let kept = read(&[
        (
            "sources.csv",
            "id,channel,title,date,protected,locator\ninformer-7,public_report,Old Zhang,soon,true,box\n\
             informer-8,public_report,Old Wu,,yes,box\n",
        ),
        (
            "people.csv",
            "id,name,id_number,source\np1,,11010519491231002X,informer-7;informer-8\n\
             p2,Li,,informer-8,11010519491231002X\n",
        ),
    ]);
    let all: String =
        kept.rejected.iter().map(|r| format!("{:?}{}", r.row, r.json_lines().join(""))).collect();
    for secret in ["informer", "Zhang", "11010519491231002X", "box", "soon"] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
    assert_eq!(kept.reasons().len(), 4);
}

#[test]
fn rows_with_too_many_cells_nuls_and_open_quotes_are_rejected() {
    let kept =
        read(&[("people.csv", "id,name\np1,Chen,x\np2,Li,,\np3\np4,a\0b\np5,Wu\n\np6,\"Wang\np7,Zhao\n")]);
    let expected = [
        "people.csv:2  too_many_cells",
        "people.csv:4 name missing_value",
        "people.csv:5 name nul_byte",
        "people.csv:8  unclosed_quote",
    ];
    assert_eq!(kept.reasons(), expected);
    assert_eq!(kept.summary.total().sound, 2);
}

#[test]
fn limits_hold() {
    let wide = format!("id,name{}\np1,Chen\n", ",x".repeat(100_000));
    let long = format!("id,name\np1,{}\np2,Li\n", "x".repeat(2 << 20));
    let kept = read(&[("people.csv", &wide), ("gang_members.csv", &long)]);
    assert_eq!(kept.reasons(), ["people.csv:1  too_many_columns", "gang_members.csv:2 name cell_too_long"]);
    assert!(kept.rejected[1].json_lines()[0].len() < 2000);
    // Wherever a long text is cut, it is not called broken.
    for before in ["", "x", "xx"] {
        let text = format!("id,name\np1,{before}{}\n", "长".repeat(1 << 19));
        assert_eq!(read(&[("people.csv", &text)]).reasons(), ["people.csv:2 name cell_too_long"]);
    }
}

#[test]
fn hostile_values_have_a_defined_outcome() {
    let names = [
        "<script>alert(1)</script>",
        "=cmd|'/C calc'!A0",
        "\u{202E}abc",
        "Robert'); DROP TABLE x;--",
        "a\u{200B}b",
    ];
    let rows: String = names.iter().enumerate().map(|(k, name)| format!("p{k},\"{name}\",\n")).collect();
    let dates = "d1,Li,0000-00-00\nd2,Li,9999\nd3,Li,农历八月\n";
    let kept = read(&[
        ("people.csv", &format!("id,name,birth_date\n{rows}{dates}")),
        (
            "relations.csv",
            "type,from,to,amount\npayment,p0,p1,1e309\npayment,p0,p1,NaN\npayment,p0,p1,-0\npayment,p1,p1,-5\n",
        ),
    ]);
    let expected = [
        "people.csv:7 birth_date bad_date",
        "people.csv:9 birth_date bad_date",
        "relations.csv:2 amount bad_amount",
        "relations.csv:3 amount bad_amount",
    ];
    assert_eq!(kept.reasons(), expected);
    let kept_names: Vec<&str> = kept.statements().iter().take(5).map(|s| s.props["name"].as_str()).collect();
    assert_eq!(kept_names, names);
    let codes: Vec<&str> = kept.notices.iter().map(|notice| notice.code()).collect();
    assert_eq!(codes, ["tie_to_self", "no_currency", "negative_amount", "no_source", "odd_year"]);
}

#[test]
fn rows_of_totals_and_names_without_letters_are_rejected() {
    let officials = "编号,姓名,职务\n合计,3,\no1,12,科长\no2,李  强,科长\n,小计：,\n";
    let relations = "type,from,to\nfamily,李 强,李强\n";
    let kept = read(&[("officials.csv", officials), ("relations.csv", relations)]);
    let reasons = kept.reasons();
    for expected in [
        "officials.csv:2  totals_row",
        "officials.csv:2 name bad_name",
        "officials.csv:3 name bad_name",
        "officials.csv:5  totals_row",
    ] {
        assert!(reasons.contains(&expected.to_owned()), "{expected}: {reasons:?}");
    }
    let props = &kept.statements()[0].props;
    assert_eq!((props["name"].as_str(), props["name_text"].as_str()), ("李强", "李  强"));
    assert_eq!((kept.relations().len(), kept.relations()[0].from.as_str()), (1, "o2"));
}
