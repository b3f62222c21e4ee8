//! A picture as a page of its own: the picture, and below it every claim, lead and source in full.
//!
//! Labels on a picture are cut to their place and its source table to the page; here they can be read
//! to the end, searched and copied. No script, nothing from elsewhere.

use crate::messages::Catalogue;

use super::html::{self, escape};

/// What a page tells beside its picture. All texts are in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram<'a> {
    /// The language tag of its texts.
    pub lang: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// Who may see it.
    pub handling: &'a str,
    /// As-of date, case number.
    pub subtitle: &'a str,
    /// What the reader must know.
    pub notes: &'a [String],
    /// Program and digest.
    pub footer: &'a str,
    /// Claims: row, one end, other end, what it says, when, how much, grade, status, source.
    pub claims: Vec<[&'a str; 9]>,
    /// Lines without claims: one end, which way, the other end, what it says, how sure it is.
    pub ties: Vec<[&'a str; 5]>,
    /// Leads: id, when and how it came, the whole text.
    pub leads: &'a [[String; 3]],
    /// Number, source, what else.
    pub sources: Vec<[String; 3]>,
}

/// The page. `svg` is a picture made by us; `font` gives the rule that brings the characters of a text.
pub fn html(words: &Catalogue, diagram: &Diagram<'_>, svg: &str, font: &dyn Fn(&str) -> String) -> String {
    let handling = format!("<p class=\"handling\">{}</p>\n", escape(diagram.handling));
    let above = format!(
        "{handling}<h1>{}</h1>\n<p class=\"scope\">{}</p>\n",
        escape(diagram.title),
        escape(diagram.subtitle)
    );
    let mut below = String::new();
    let notes: String = diagram.notes.iter().map(|note| format!("<li>{}</li>", escape(note))).collect();
    if !notes.is_empty() {
        below.push_str(&format!("<ul>{notes}</ul>\n"));
    }
    below.push_str(&table(words, "page-claims", CLAIMS, &diagram.claims));
    below.push_str(&table(words, "page-ties", TIES, &diagram.ties));
    below.push_str(&table(words, "page-leads", LEADS, diagram.leads));
    below.push_str(&table(words, "page-sources", SOURCES, &diagram.sources));
    below.push_str(&format!("<p class=\"scope\">{}</p>\n{handling}", escape(diagram.footer)));
    let style = font(&format!("{above}{below}")) + STYLE;
    let body = format!("{above}<div class=\"picture\">{svg}</div>\n{below}");
    html::page(diagram.lang, diagram.title, &style, &body)
}

const CLAIMS: &[&str] = &[
    "page-row",
    "page-from",
    "page-to",
    "page-says",
    "page-date",
    "page-amount",
    "page-grade",
    "page-status",
    "page-source",
];
const LEADS: &[&str] = &["page-row", "page-came", "page-text"];
const TIES: &[&str] = &["page-from", "page-way", "page-to", "page-says", "page-sure"];
const SOURCES: &[&str] = &["page-number", "page-source", "page-detail"];

/// A table with its heading; nothing where it has no row.
fn table<const N: usize>(
    words: &Catalogue,
    heading: &str,
    heads: &[&str],
    rows: &[[impl AsRef<str>; N]],
) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let heads: String = heads.iter().map(|key| format!("<th>{}</th>", escape(&words.text(key)))).collect();
    let row = |row: &[_; N]| -> String {
        let cells: String = row.iter().map(|text| html::cell(AsRef::<str>::as_ref(text))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<h2>{}</h2>\n<table><tr>{heads}</tr>\n{rows}</table>\n", escape(&words.text(heading)))
}

/// Wide, since the picture is what is looked at; the tables stay as wide as their texts.
const STYLE: &str = "\
@page{size:A4 landscape;margin:10mm}\
body{font-family:'Parasol Sans SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1d2733;max-width:100rem;margin:1rem auto;padding:0 1.2rem;line-height:1.5}\
h1{font-size:1.35rem;margin:.3rem 0}h2{font-size:1.05rem;margin:1.4rem 0 .3rem}\
.handling{font-size:.85rem;letter-spacing:.08em;text-align:center;color:#5a6673}\
.scope{font-size:.85rem;color:#5a6673}\
.picture svg{width:100%;height:auto;border:1px solid #dde3e9}\
table{border-collapse:collapse;font-size:.9rem}td,th{text-align:left;vertical-align:top;padding:.22rem .9rem .22rem 0;border-bottom:1px solid #e6ebf0}\
@media print{.picture{break-after:page}}";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Lang;

    #[test]
    fn texts_cannot_break_out_and_nothing_is_cut() {
        let bad = "<script>alert(1)</script>";
        let long = "证".repeat(4_000);
        let words = Catalogue::new(Lang::Zh);
        let diagram = Diagram {
            lang: "zh",
            title: bad,
            ties: vec![[bad, "→", "乙", &long, ""]],
            claims: vec![["r1", bad, "乙", "", "2019-08-01", "", "B2", "", &long]],
            leads: &[["l1".to_owned(), String::new(), bad.to_owned()]],
            sources: vec![["1".to_owned(), bad.to_owned(), String::new()]],
            ..Diagram::default()
        };
        let page = html(&words, &diagram, "<svg></svg>", &|_| String::new());
        assert!(!page.contains("<script") && page.contains(&long) && page.contains("<svg></svg>"));
        assert_eq!(page.matches("&lt;script&gt;").count(), 6, "heading, title, claim, tie, lead, source");
    }

    #[test]
    fn a_page_without_ties_has_no_table() {
        let words = Catalogue::new(Lang::En);
        assert!(!html(&words, &Diagram::default(), "", &|_| String::new()).contains("<table"));
    }
}
