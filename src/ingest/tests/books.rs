//! Workbooks: as offices type them, and as somebody would make them to do harm.

use std::io::{Cursor, Write};
use std::path::PathBuf;

use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::help::{Kept, read_with};
use crate::ingest::{Bundle, IngestError, Nothing, NoticeKind};
use crate::model::TieType;

const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
    <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
const RELS: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
    <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
    Target=\"xl/workbook.xml\"/></Relationships>";
/// Style 1 is a day, style 2 shows year and month.
const STYLES: &str = "<?xml version=\"1.0\"?><styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
    <numFmts count=\"1\"><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;\"/></numFmts>\
    <cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/></cellXfs></styleSheet>";

/// A cell: `=` before a number, `@` before a day, `~` before a day that shows its month, `!` before an error.
fn cell(at: &str, value: &str) -> String {
    let number = |style: u8, value: &str| format!("<c r=\"{at}\" s=\"{style}\"><v>{value}</v></c>");
    if value.is_empty() {
        String::new()
    } else if let Some(value) = value.strip_prefix('=') {
        number(0, value)
    } else if let Some(value) = value.strip_prefix('@') {
        number(1, value)
    } else if let Some(value) = value.strip_prefix('~') {
        number(2, value)
    } else if let Some(value) = value.strip_prefix('!') {
        format!("<c r=\"{at}\" t=\"e\"><v>{value}</v></c>")
    } else {
        format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{value}</t></is></c>")
    }
}

pub fn sheet(rows: &[&[&str]], merges: &str) -> String {
    let row = |(r, cells): (usize, &&[&str])| {
        let cells = cells.iter().enumerate().map(|(c, value)| {
            cell(&format!("{}{}", char::from(b'A' + u8::try_from(c).unwrap()), r + 1), value)
        });
        format!("<row r=\"{}\">{}</row>", r + 1, cells.collect::<String>())
    };
    let rows: String = rows.iter().enumerate().map(row).collect();
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{rows}</sheetData>{merges}</worksheet>"
    )
}

/// Packs entries into `book.xlsx` of a fresh folder.
fn pack(entries: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    std::fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
    (folder, path)
}

/// A workbook of these sheets; `epoch` is an attribute of the workbook.
pub fn book(sheets: &[(&str, String)], epoch: &str) -> (TempDir, PathBuf) {
    let list = |text: fn(usize, &str) -> String| -> String {
        sheets.iter().enumerate().map(|(at, (name, _))| text(at + 1, name)).collect()
    };
    let names = list(|n, name| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
    let workbook = format!(
        "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><workbookPr {epoch}/>\
         <sheets>{names}</sheets></workbook>"
    );
    let targets = list(|n, _| {
        format!(
            "<Relationship Id=\"rId{n}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
             Target=\"worksheets/sheet{n}.xml\"/>"
        )
    });
    let rels = format!(
        "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{targets}</Relationships>"
    );
    let paths: Vec<String> = (1..=sheets.len()).map(|n| format!("xl/worksheets/sheet{n}.xml")).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
    ];
    entries.extend(paths.iter().zip(sheets).map(|(path, (_, xml))| (path.as_str(), xml.as_bytes())));
    pack(&entries)
}

fn read(sheets: &[(&str, String)], epoch: &str) -> Kept {
    let (_folder, path) = book(sheets, epoch);
    let kept = read_with(&path, &Nothing);
    kept.check_laws();
    kept
}

#[test]
fn a_workbook_is_read_as_it_would_be_typed() {
    let people = sheet(
        &[
            &["人员情况表"],
            &[],
            &["姓名", "身份证号", "出生日期", "职业"],
            &["陈一", "=110105194912310002", "@43678", "厨师"],
            &["李二", "=7", "~43678"],
            &["姓名", "身份证号", "出生日期", "职业"],
            &["王三", "", "=2019.1", ""],
            &["!#N/A", "", "", ""],
        ],
        "<mergeCells count=\"2\"><mergeCell ref=\"A1:D1\"/><mergeCell ref=\"D4:D5\"/></mergeCells>",
    );
    let ties = sheet(
        &[
            &["类型", "甲方", "乙方", "金额"],
            &["转账", "陈一", "李二", "=12.5"],
            &["转账", "陈一", "李二", "3万"],
        ],
        "",
    );
    let kept = read(
        &[("人员", people), ("关系", ties), ("说明", sheet(&[&["x"]], "")), ("README", sheet(&[], ""))],
        "",
    );
    assert_eq!(kept.reasons(), ["book.xlsx#人员:8 name cell_error"]);
    let props: Vec<_> = kept.statements().iter().map(|s| s.props.clone()).collect();
    assert_eq!((props[0]["birth_date"].as_str(), props[1]["birth_date"].as_str()), ("2019-08-01", "2019-08"));
    assert_eq!((props[1]["id_number"].as_str(), props[1]["occupation"].as_str()), ("7", "厨师"));
    assert_eq!((props[2]["birth_date"].as_str(), props[2]["birth_date_text"].as_str()), ("2019", "2019.1"));
    let sums: Vec<String> = kept.relations().iter().map(|r| r.values.amount.unwrap().to_string()).collect();
    assert_eq!(sums, ["12.5", "30000"]);
    for (kind, count) in [
        (NoticeKind::FilesIgnored, 1),
        (NoticeKind::LostDigits, 1),
        (NoticeKind::CutMonth, 1),
        (NoticeKind::MergedCells, 1),
        (NoticeKind::HeaderAgain, 1),
    ] {
        assert_eq!(kept.noticed(kind), count, "{kind:?}");
    }
}

#[test]
fn both_epochs_are_known() {
    let rows: &[&[&str]] = &[&["id", "name", "birth_date"], &["p1", "Chen", "@42216"]];
    let kept = read(&[("people", sheet(rows, ""))], "date1904=\"1\"");
    assert_eq!(kept.statements()[0].props["birth_date"], "2019-08-01");
}

#[test]
fn the_harbour_town_workbook_has_nothing_to_reject() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/harbour-town-workbook/港口镇.xlsx");
    let kept = read_with(&path, &Nothing);
    kept.check_laws();
    assert_eq!(kept.reasons(), Vec::<String>::new());
    assert!(kept.relations().iter().all(|r| r.ty != TieType::Other));
}

fn refused(entries: &[(&str, &[u8])]) -> String {
    let (_folder, path) = pack(entries);
    let Err(IngestError::Workbook { reason, .. }) = Bundle::open(&[path]) else { panic!("not refused") };
    reason
}

#[test]
fn bombs_and_traps_are_refused_before_they_are_unpacked() {
    let zeros = vec![0; 100 << 20];
    assert!(refused(&[("xl/worksheets/sheet1.xml", &zeros)]).contains("too much"));
    assert!(refused(&[("../x.xml", b"x")]).contains("outside"));
    assert!(refused(&[("xl/inner.zip", b"x")]).contains("archive"));
    let names: Vec<String> = (0..2001).map(|n| n.to_string()).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    assert!(refused(&many).contains("2000"));
    assert!(!refused(&[("x", b"x")]).is_empty());
}

#[test]
fn what_only_looks_like_a_workbook_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.xlsx");
    for bytes in [&b""[..], b"PK", b"PK\x03\x04 and no more", &[0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3], b"id,name"]
    {
        std::fs::write(&path, bytes).unwrap();
        assert!(matches!(Bundle::open(std::slice::from_ref(&path)), Err(IngestError::Workbook { .. })));
    }
}

#[test]
fn a_broken_sheet_is_refused_from_there_and_the_others_are_read() {
    let good = sheet(&[&["id", "name"], &["p1", "Chen"]], "");
    let torn = good.replace("people", "x").replace("<row r=\"2\">", "<row r=\"2\"></wrong>");
    let back = sheet(&[&["id", "name"], &["m1", "Li"]], "").replace("r=\"A2\"", "r=\"A1\"");
    let kept = read(&[("people", good), ("officials", torn), ("gang_members", back)], "");
    assert_eq!(kept.summary.refused, 1, "{:?}", kept.reasons());
    assert_eq!(kept.statements()[0].id.as_str(), "p1");
}

#[test]
fn cut_and_flipped_workbooks_never_panic() {
    let (_folder, path) = book(&[("people", sheet(&[&["id", "name"], &["p1", "Chen"]], ""))], "");
    let whole = std::fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(5) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x41;
        for bytes in [&flipped[..], &whole[..at]] {
            std::fs::write(&path, bytes).unwrap();
            if let Ok(bundle) = Bundle::open(std::slice::from_ref(&path)) {
                let mut kept = Kept::default();
                let _ = bundle.read(&Nothing, &mut kept);
            }
        }
    }
}

#[test]
fn a_sheet_left_by_its_programs_name_is_the_table_of_its_file() {
    let people = sheet(&[&["姓名"], &["陈一"]], "");
    let sheets = [("Sheet1", people.clone()), ("Sheet2", sheet(&[], ""))];
    let (folder, path) = book(&sheets, "");
    let error = Bundle::open(std::slice::from_ref(&path)).unwrap_err().to_string();
    assert!(error.contains("Sheet1, Sheet2"), "{error}");
    let named = folder.path().join("人员.xlsx");
    std::fs::rename(&path, &named).unwrap();
    let kept = read_with(&named, &Nothing);
    assert_eq!(kept.statements()[0].props["name"], "陈一");
    assert_eq!(kept.noticed(NoticeKind::FilesIgnored), 1);
    let own = [("封面", sheet(&[], "")), ("人员", people)];
    assert_eq!(read(&own, "").statements().len(), 1);
}
