//! The index page of a report: what to look at first, and links to every brief, chart, table and
//! rejected row. Plain HTML that works from a folder.

use super::brief::{self, Side};
use super::html::{self, escape};
use super::likelihood;
use crate::analysis::umbrella::{Factor, Outcome, Pair};
use crate::messages::Catalogue;
use crate::model::{Arg, Message};
use crate::network::Extent;

/// How many pairs under the line the page lists; the files have them all.
const UNDER_SHOWN: usize = 15;

/// The files of a pair that has a brief: relative paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairFiles {
    /// The brief as a page, and as PDF.
    pub brief: [String; 2],
    /// The chart as SVG, PNG, PDF.
    pub chart: [String; 3],
}

/// Everything the page shows, already in words where it is not data.
#[derive(Clone, Debug)]
pub struct Index<'a> {
    /// The bundle's name.
    pub name: String,
    /// As of which day, over how much.
    pub scope: String,
    /// The handling line.
    pub handling: String,
    /// What was found.
    pub outcome: &'a Outcome,
    /// How many officials and gangs the file has.
    pub extent: Extent,
    /// The files of the pairs over the line, in the outcome's order.
    pub files: Vec<PairFiles>,
    /// The whole network's picture: SVG, PNG, PDF.
    pub all: [String; 3],
    /// Charts of the figures: the key of the title, then SVG, PNG, PDF.
    pub charts: Vec<(&'static str, [String; 3])>,
    /// Other files: key of the words, relative path.
    pub tables: Vec<(&'static str, String)>,
    /// What the import counted: words and number.
    pub counts: Vec<(String, u64)>,
    /// Notices of the import, in words.
    pub notices: Vec<String>,
    /// The first rejected rows, in words: place, column, value, reason; and how many in all.
    pub rejected: (Vec<[String; 4]>, u64),
    /// The last line.
    pub footer: String,
}

/// The page.
pub fn html(words: &Catalogue, index: &Index<'_>) -> String {
    let title = words.say(&Message::new("index-title").text("name", &index.name));
    let mut body = format!(
        "<p class=\"handling\">{}</p>\n<h1>{}</h1>\n<p class=\"scope\">{}</p>\n",
        escape(&index.handling),
        escape(&title),
        escape(&index.scope)
    );
    body.push_str(&first(words, index));
    body.push_str(&over(words, index));
    body.push_str(&under(words, index));
    body.push_str(&pictures(words, index));
    body.push_str(&import(words, index));
    body.push_str(&format!(
        "<p class=\"footer\">{}</p>\n<p class=\"handling\">{}</p>\n",
        escape(&index.footer),
        escape(&index.handling)
    ));
    html::page(words.lang().tag(), &title, &format!("{}{}{STYLE}", html::font(""), brief::STYLE), &body)
}

fn heading(words: &Catalogue, key: &str) -> String {
    format!("<h2>{}</h2>\n", escape(&words.text(key)))
}

/// What to look at first.
fn first(words: &Catalogue, index: &Index<'_>) -> String {
    let over = index.outcome.pairs.iter().filter(|pair| pair.over_line).count();
    let summary = Message::new("index-summary")
        .count("over", over)
        .count("total", index.outcome.pairs.len())
        .with("line", Arg::Number(index.outcome.line));
    let mut lines = vec![nothing(words, index).unwrap_or_else(|| words.say(&summary))];
    lines.extend(index.outcome.pairs.first().map(|pair| {
        let first = Message::new("index-first")
            .text("official", &pair.official.name)
            .text("gang", &pair.gang.name)
            .text("check", words.say(&pair.check));
        words.say(&first)
    }));
    lines.extend(likelihood::expected(words, index.outcome.expected));
    if index.rejected.1 > 0 {
        lines.push(words.say(&Message::new("index-rejected").count("count", index.rejected.1 as usize)));
    }
    lines.push(words.text("pair-lead-only"));
    let lines: String = lines.iter().map(|line| format!("<p>{}</p>", escape(line))).collect();
    format!("<div class=\"verdict\">{lines}</div>\n")
}

/// Why there is no pair at all, where there is none.
fn nothing(words: &Catalogue, index: &Index<'_>) -> Option<String> {
    if !index.outcome.pairs.is_empty() {
        return None;
    }
    let why = match index.extent {
        extent if extent.officials == 0 || extent.gangs == 0 => "index-nobody",
        _ => "index-no-trace",
    };
    let counted = Message::new(why).count("officials", index.extent.officials);
    Some(words.say(&counted.count("gangs", index.extent.gangs)))
}

/// The pairs over the line, a card each.
fn over(words: &Catalogue, index: &Index<'_>) -> String {
    let pairs = index.outcome.pairs.iter().filter(|pair| pair.over_line);
    let cards: String = pairs.zip(&index.files).map(|(pair, files)| card(words, pair, files)).collect();
    if index.outcome.pairs.is_empty() {
        return String::new();
    }
    if cards.is_empty() {
        return format!(
            "{}<p>{}</p>\n",
            heading(words, "index-over"),
            escape(&words.text("index-none-over"))
        );
    }
    format!("{}{cards}", heading(words, "index-over"))
}

fn card(words: &Catalogue, pair: &Pair, files: &PairFiles) -> String {
    let title =
        Message::new("brief-title").text("official", &pair.official.name).text("gang", &pair.gang.name);
    let likely = format!("{} ({})", words.text(likelihood::key(pair.score)), likelihood::score(pair.score));
    let [page, pdf] = &files.brief;
    format!(
        "<section class=\"card\"><h3><a href=\"{page}\">{}</a></h3>\n<p class=\"likely\">{}</p>\n\
         <a href=\"{page}\"><img src=\"{}\" alt=\"{}\"></a>\n<ul>{}</ul>\n<p class=\"files\">{} · {}</p></section>\n",
        escape(&words.say(&title)),
        escape(&likely),
        files.chart[1],
        escape(&words.say(&title)),
        strongest(words, pair),
        link(&words.text("link-brief"), pdf, "PDF"),
        three(&words.text("link-chart"), &files.chart),
    )
}

/// The factors of a side, the strongest first; the file's silence and what holds one mechanism back after all that speaks
/// of the pair, as the heading says.
fn of_side(pair: &Pair, side: Side) -> Vec<&Factor> {
    let mut own: Vec<&Factor> = pair.factors.iter().filter(|factor| Side::of(factor) == side).collect();
    let rank = |factor: &Factor| (matches!(factor.factor, "silence" | "alone"), -factor.log_odds.abs());
    own.sort_by(|a, b| {
        let (a, b) = (rank(a), rank(b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    own
}

fn strongest_of(pair: &Pair, side: Side) -> Option<&Factor> {
    of_side(pair, side).first().copied()
}

/// How many reasons of a side a card has: an umbrella does two to four things together.
const REASONS: usize = 3;

/// The strongest for and the strongest against, so that a card argues both ways; how many more go into the sum; the
/// innocent reading, and the one check.
fn strongest(words: &Catalogue, pair: &Pair) -> String {
    let shown: Vec<&Factor> = [Side::For, Side::Against]
        .into_iter()
        .flat_map(|side| of_side(pair, side).into_iter().take(REASONS))
        .collect();
    let mut items: Vec<String> = shown
        .iter()
        .map(|factor| {
            format!("<b>{}</b> {}", brief::signed(factor.log_odds), escape(&brief::said(words, factor)))
        })
        .collect();
    let counted = pair.factors.iter().filter(|factor| factor.log_odds != 0.0).count();
    if let Some(left) = counted.checked_sub(shown.len()).filter(|left| *left > 0) {
        let more =
            Message::new("index-more-factors").count("count", left).text("sum", brief::signed(pair.log_odds));
        items.push(escape(&words.say(&more)));
    }
    let innocent = brief::innocent(words, pair).into_iter().next();
    let notes = innocent.map(|reading| ("pair-innocent", reading));
    let notes = notes.into_iter().chain([("pair-check", words.say(&pair.check))]);
    items.extend(notes.map(|(key, text)| format!("<i>{}</i> {}", escape(&words.text(key)), escape(&text))));
    items.into_iter().map(|item| format!("<li>{item}</li>")).collect()
}

fn link(what: &str, file: &str, name: &str) -> String {
    format!("{}: <a href=\"{file}\">{name}</a>", escape(what))
}

fn three(what: &str, files: &[String; 3]) -> String {
    let [svg, png, pdf] = files;
    format!("{}: <a href=\"{svg}\">SVG</a> <a href=\"{png}\">PNG</a> <a href=\"{pdf}\">PDF</a>", escape(what))
}

/// The best pairs under the line, a row each.
fn under(words: &Catalogue, index: &Index<'_>) -> String {
    let pairs: Vec<&Pair> = index.outcome.pairs.iter().filter(|pair| !pair.over_line).collect();
    if pairs.is_empty() {
        return String::new();
    }
    let heads: String =
        ["head-rank", "head-official", "head-gang", "head-score", "head-p", "head-for", "head-against"]
            .iter()
            .map(|key| format!("<th>{}</th>", escape(&words.text(key))))
            .collect();
    let rows: String = pairs.iter().take(UNDER_SHOWN).map(|pair| under_row(words, pair)).collect();
    let shown = Message::new("index-under-shown")
        .count("shown", pairs.len().min(UNDER_SHOWN))
        .count("total", pairs.len());
    format!(
        "{}<p class=\"scope\">{}</p><div class=\"wide\"><table class=\"pairs\"><thead><tr>{heads}</tr></thead>\n\
         <tbody>{rows}</tbody></table></div>\n",
        heading(words, "index-under"),
        escape(&words.say(&shown))
    )
}

fn under_row(words: &Catalogue, pair: &Pair) -> String {
    // The file's silence is named, not told at length: it is the same for most pairs.
    let said = |side| match strongest_of(pair, side) {
        Some(factor) if factor.factor == "silence" => super::factor_name(words, factor.factor),
        Some(factor) => brief::said(words, factor),
        None => String::new(),
    };
    let cells = [
        pair.rank.map_or(String::new(), |rank| rank.to_string()),
        format!("{} [{}]", pair.official.name, pair.official.id),
        pair.gang.name.clone(),
        likelihood::score(pair.score),
        pair.p_value.map_or(String::new(), likelihood::chance),
        said(Side::For),
        said(Side::Against),
    ];
    format!("<tr>{}</tr>\n", cells.iter().map(|cell| html::cell(cell)).collect::<String>())
}

fn pictures(words: &Catalogue, index: &Index<'_>) -> String {
    let picture = |title: &str, files: &[String; 3]| {
        format!(
            "<figure><a href=\"{0}\"><img src=\"{0}\" alt=\"{1}\"></a><figcaption>{1} · {2}</figcaption></figure>\n",
            files[1],
            escape(title),
            three(&words.text("link-files"), files)
        )
    };
    let mut out = heading(words, "index-pictures");
    out.push_str(&picture(&words.text("index-all"), &index.all));
    out.push_str("<div class=\"pair\">");
    out.extend(index.charts.iter().map(|(key, files)| picture(&words.text(key), files)));
    out.push_str("</div>\n");
    out
}

/// What came in: counts, notices, rejected rows, files.
fn import(words: &Catalogue, index: &Index<'_>) -> String {
    let mut out = heading(words, "index-import");
    let counts: String = index
        .counts
        .iter()
        .map(|(what, count)| format!("<tr>{}{}</tr>", html::cell(what), html::cell(&count.to_string())))
        .collect();
    out.push_str(&format!("<table class=\"counts\">{counts}</table>\n"));
    if !index.notices.is_empty() {
        let notices: String =
            index.notices.iter().map(|notice| format!("<li>{}</li>", escape(notice))).collect();
        out.push_str(&format!("<h3>{}</h3><ul>{notices}</ul>\n", escape(&words.text("index-notices"))));
    }
    let (rows, total) = &index.rejected;
    if *total > 0 {
        let heads: String = ["head-place", "head-column", "head-value", "head-reason"]
            .iter()
            .map(|key| format!("<th>{}</th>", escape(&words.text(key))))
            .collect();
        let rows: String = rows
            .iter()
            .map(|row| format!("<tr>{}</tr>\n", row.iter().map(|cell| html::cell(cell)).collect::<String>()))
            .collect();
        let shown = Message::new("index-rejected").count("count", *total as usize);
        out.push_str(&format!(
            "<h3>{}</h3><table class=\"evidence\"><tr>{heads}</tr>\n{rows}</table>\n",
            escape(&words.say(&shown))
        ));
    }
    let files: Vec<String> = index
        .tables
        .iter()
        .map(|(key, file)| format!("<a href=\"{file}\">{}</a>", escape(&words.text(key))))
        .collect();
    out.push_str(&format!("<p class=\"files\">{}</p>\n", files.join(" · ")));
    out
}

const STYLE: &str = "\
.card{border:1px solid #ccd4dc;border-radius:6px;padding:.6rem 1rem;margin:.8rem 0}.card h3{margin:.2rem 0;font-size:1.1rem}\
.card img,figure img{max-width:100%;border:1px solid #dde3e9}.likely{font-weight:600;margin:.2rem 0}\
figure{margin:.8rem 0}figcaption,.files{font-size:.85rem;color:#5a6673}\
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:1rem}\
.wide{overflow-x:auto}.pairs{table-layout:fixed;min-width:44rem}.pairs th:nth-child(1){width:2.6em}.pairs th:nth-child(2){width:15%}\
.pairs th:nth-child(3){width:13%}.pairs th:nth-child(4),.pairs th:nth-child(5){width:3.8em}.pairs td{overflow-wrap:anywhere}\
thead{display:table-header-group}tr,.card,figure{break-inside:avoid}h2,h3{break-after:avoid}.card li{margin:.15rem 0}\
.counts{width:auto}.counts td:nth-child(2){text-align:right;padding-left:2rem}\
@media print{body{font-size:9.5pt;line-height:1.4;max-width:none;margin:0;padding:0}.pairs{min-width:0;font-size:8.5pt}.wide{overflow:visible}\
.pair{grid-template-columns:1fr 1fr}.card img{max-height:105mm}ul{padding-left:1.2rem}}";
