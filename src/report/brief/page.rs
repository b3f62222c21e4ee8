//! A brief as a page, with all its evidence.

use super::{Brief, Point};
use crate::report::html::{self, escape};

/// The brief as a page that stands alone. `picture` is the file name of its chart, beside the page;
/// `font` gives the rule that brings the characters of a text.
pub fn html(brief: &Brief, picture: Option<&str>, font: &dyn Fn(&str) -> String) -> String {
    let mut body =
        format!("<p class=\"handling\">{}</p>\n<h1>{}</h1>\n", escape(&brief.handling), escape(&brief.title));
    body.push_str(&format!("<p class=\"scope\">{}</p>\n<div class=\"verdict\">", escape(&brief.scope)));
    body.extend(brief.verdict.iter().map(|line| format!("<p>{}</p>", escape(line))));
    body.push_str("</div>\n");
    if let Some(file) = picture {
        body.push_str(&format!(
            "<p class=\"chart\"><img src=\"{0}\" alt=\"{1}\"></p>\n",
            escape(file),
            escape(&brief.title)
        ));
    }
    for (heading, points) in &brief.arguments {
        body.push_str(&format!(
            "<h2>{}</h2>\n<table class=\"points\">{}</table>\n",
            escape(heading),
            points.iter().map(point_row).collect::<String>()
        ));
    }
    for (heading, sentences) in &brief.notes {
        let items: String =
            sentences.iter().map(|sentence| format!("<li>{}</li>", escape(sentence))).collect();
        body.push_str(&format!("<h2>{}</h2>\n<ul>{items}</ul>\n", escape(heading)));
    }
    body.push_str(&evidence_table(brief));
    body.push_str(&format!(
        "<p class=\"footer\">{}</p>\n<p class=\"handling\">{}</p>\n",
        escape(&brief.footer),
        escape(&brief.handling)
    ));
    html::page(brief.lang, &brief.title, &(font(&body) + STYLE), &body)
}

fn point_row(point: &Point) -> String {
    let numbers: Vec<String> = point.numbers.iter().map(|number| format!("[{number}]")).collect();
    let class = if point.inferred { " class=\"inferred\"" } else { "" };
    format!(
        "<tr{class}><td class=\"size\">{}</td><td>{} <span class=\"rows\">{}</span></td></tr>\n",
        escape(&point.size),
        escape(&point.text),
        numbers.join(" ")
    )
}

fn evidence_table(brief: &Brief) -> String {
    let heads: String = brief.heads.iter().map(|head| format!("<th>{}</th>", escape(head))).collect();
    let rows: String = brief
        .evidence
        .iter()
        .map(|row| {
            let cells = [
                row.number.to_string(),
                row.row.to_string(),
                row.says.clone(),
                row.grade.clone(),
                row.source.clone(),
                row.known.clone(),
            ];
            format!("<tr>{}</tr>\n", cells.iter().map(|cell| html::cell(cell)).collect::<String>())
        })
        .collect();
    format!(
        "<table class=\"evidence\"><thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table>\n<p class=\"scope\">{}</p>\n",
        escape(&brief.sources)
    )
}

/// Made to be read on a screen and printed on A4, on as many pages as the evidence takes: no row is cut in two, and the
/// heads stand on every page.
pub(in crate::report) const STYLE: &str = "\
@page{size:A4;margin:14mm}\
body{font-family:'Parasol Sans SC','Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1d2733;max-width:60rem;margin:1.5rem auto;padding:0 1.2rem;line-height:1.55}\
h1{font-size:1.45rem;margin:.3rem 0}h2{font-size:1.05rem;margin:1.2rem 0 .3rem;border-bottom:1px solid #ccd4dc}\
.handling{font-size:.85rem;letter-spacing:.08em;text-align:center;color:#5a6673}\
.scope,.footer{font-size:.85rem;color:#5a6673}\
.verdict{border-left:4px solid #2f5d8a;background:#f3f6f9;padding:.4rem .9rem}.verdict p{margin:.2rem 0}.verdict p:first-child{font-weight:600}\
.chart img{max-width:100%;border:1px solid #dde3e9}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.22rem .6rem .22rem 0;border-bottom:1px solid #e6ebf0}\
.evidence{font-size:.85rem}.evidence thead{display:table-header-group}.evidence th,.evidence td:last-child{white-space:nowrap}\
.evidence td:nth-child(2),.evidence td:nth-child(5){overflow-wrap:break-word;max-width:14rem;color:#5a6673}.evidence td:nth-child(3){min-width:20rem}tr{break-inside:avoid}.size{white-space:nowrap;text-align:right;font-variant-numeric:tabular-nums;width:4rem}\
.rows{color:#5a6673;font-size:.85rem}.inferred td{font-style:italic}\
a{color:#24527a}";
