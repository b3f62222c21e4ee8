//! Charts of figures, by plotters: scores beside p values, ties by layer and year.
//!
//! Plain data in, labels already in the reader's language; the page around a chart is the one all
//! pictures have. Start at [`scores`] and [`years`].

use std::collections::BTreeMap;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::layout::Rect;
use super::picture::Picture;
use super::scene::{Line, Scene};
use super::style::Style;
use super::{font, page, text};
use crate::messages::Catalogue;
use crate::model::{Date, Layer, Message, TieType};
use crate::network::{Network, TieRef};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Done = Result<(), DrawingAreaErrorKind<std::io::Error>>;

const INK: RGBColor = RGBColor(0x1b, 0x24, 0x30);
const SOFT: RGBColor = RGBColor(0x56, 0x61, 0x70);
const RULE: RGBColor = RGBColor(0xdd, 0xe2, 0xe7);
const BAR: RGBColor = RGBColor(0x1f, 0x5f, 0x99);
const PALE_BAR: RGBColor = RGBColor(0xa9, 0xbf, 0xd4);
const DOT: RGBColor = RGBColor(0x8a, 0x5a, 0x12);
/// A chart has room for so many rows at least, so that one pair is no wall of colour.
const FEWEST: usize = 8;
/// The most pairs one chart holds.
pub const PAIRS: usize = 20;

/// One pair of the chart of scores.
#[derive(Clone, Debug, PartialEq)]
pub struct ScorePoint {
    /// The pair's names.
    pub label: String,
    /// Its score, 0 to 1, and as it is printed.
    pub score: f64,
    /// What is printed beside its bar.
    pub text: String,
    /// Its p value, where there is one.
    pub p_value: Option<f64>,
    /// Whether it is over the reporting line, caps considered.
    pub over_line: bool,
}

/// The chart of scores.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    /// Name of the score's axis.
    pub score_axis: String,
    /// Name of the p value's axis.
    pub p_axis: String,
    /// The reporting line.
    pub line: f64,
    /// What it is called.
    pub line_label: String,
    /// The pairs, best first; the first twenty are drawn.
    pub pairs: Vec<ScorePoint>,
}

/// The chart of ties by layer and year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Years {
    /// The layers and what they are called, in the order they are stacked.
    pub layers: Vec<(Layer, String)>,
    /// Each year with its count for each of the layers.
    pub years: Vec<(i32, Vec<u64>)>,
    /// Ties without a year: in no bar, but said.
    pub undated: u64,
    /// Ties of years that have no bar.
    pub elsewhere: u64,
}

/// The scores of the first pairs as bars, beside their p values as dots. `head` carries title,
/// handling and footer; its nodes are not drawn.
pub fn scores(head: &Scene, chart: &Scores) -> Picture {
    let names = chart.pairs.iter().map(|pair| pair.label.as_str());
    picture(head, names.collect(), |area| {
        let shown = &chart.pairs[..chart.pairs.len().min(PAIRS)];
        let (left, right) = area.split_horizontally((f64::from(area.dim_in_pixel().0) * 0.62) as i32);
        score_bars(&left, chart, shown)?;
        p_dots(&right, chart, shown)
    })
}

/// Ties by layer and year as stacked bars.
pub fn years(head: &Scene, chart: &Years) -> Picture {
    let names = chart.layers.iter().map(|(_, name)| name.as_str());
    picture(head, names.collect(), |area| {
        let (legend, bars) = area.split_vertically(34);
        layer_legend(&legend, chart)?;
        year_bars(&bars, chart)
    })
}

/// The ties of a network by layer and the year they began.
pub fn ties_by_year(network: &Network, words: &Catalogue) -> Years {
    let (mut counts, mut undated) = (BTreeMap::<(i32, Layer), u64>::new(), 0);
    for tie in network.ties().map(|tie| network.tie(tie)) {
        match began(network, tie) {
            Some(date) => *counts.entry((i32::from(date.year()), tie.layer())).or_default() += 1,
            None => undated += 1,
        }
    }
    let layers: Vec<Layer> =
        Layer::ALL.iter().copied().filter(|layer| counts.keys().any(|(_, own)| own == layer)).collect();
    let bar =
        |year: i32| layers.iter().map(|&layer| counts.get(&(year, layer)).copied().unwrap_or(0)).collect();
    let years: Vec<(i32, Vec<u64>)> =
        span(&counts).into_iter().flatten().map(|year| (year, bar(year))).collect();
    let drawn: u64 = years.iter().flat_map(|(_, counts)| counts).sum();
    let elsewhere = counts.values().sum::<u64>() - drawn;
    let layers = layers.iter().map(|&layer| (layer, words.word(layer.code()))).collect();
    Years { layers, years, undated, elsewhere }
}

/// When a tie began: what a report is about, on the day that the report came.
fn began(network: &Network, tie: TieRef<'_>) -> Option<Date> {
    let received = || network.prop(tie.from(), "received")?.parse().ok();
    tie.start().or_else(|| if tie.ty() == TieType::About { received() } else { None })
}

/// The most years one chart holds.
const YEARS: i32 = 40;

/// The years that have bars: those between the first and the last, at most [`YEARS`], and then those
/// that hold the most ties, the latest of equals. (One year mistyped must not empty the chart.)
fn span(counts: &BTreeMap<(i32, Layer), u64>) -> Option<std::ops::RangeInclusive<i32>> {
    let years: Vec<i32> = counts.keys().map(|key| key.0).collect();
    let within = |first: i32| -> u64 {
        let own = counts.iter().filter(|((year, _), _)| (first..first + YEARS).contains(year));
        own.map(|(_, count)| count).sum()
    };
    let first = years.iter().copied().max_by_key(|&first| (within(first), first))?;
    // As early as the years reach, where all fit.
    let last = years.iter().copied().filter(|year| *year < first + YEARS).max()?;
    Some(first..=last)
}

/// What stands under the chart of years.
pub fn notes(chart: &Years, words: &Catalogue) -> Vec<String> {
    let note = |key: &'static str, count: u64| {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        (count > 0).then(|| words.say(&Message::new(key).count("count", count)))
    };
    [note("render-undated", chart.undated), note("render-other-years", chart.elsewhere)]
        .into_iter()
        .flatten()
        .collect()
}

/// A chart on the page all pictures have.
fn picture(head: &Scene, names: Vec<&str>, draw: impl Fn(&Area<'_>) -> Done) -> Picture {
    let (svg, mut missing) = page::framed(head, Style::Colour, |out, area| {
        out.chart(&markup(area, &draw), area, &[]);
    });
    missing.extend(
        names.iter().map(|name| text::label(name)).flat_map(|name| text::missing(&name).collect::<Vec<_>>()),
    );
    missing.sort_unstable();
    missing.dedup();
    Picture { svg, title: text::clean(&head.title, text::LINE), lang: text::label(&head.lang), missing }
}

/// What plotters draws, without its outer element. Writing into a string cannot fail; a chart that
/// plotters refuses (a range it cannot divide) is left empty.
fn markup(area: &Rect, draw: &impl Fn(&Area<'_>) -> Done) -> String {
    let mut svg = String::new();
    {
        let backend = SVGBackend::with_string(&mut svg, (area.w as u32, area.h as u32));
        let root = backend.into_drawing_area();
        if draw(&root).and_then(|()| root.present()).is_err() {
            return String::new();
        }
    }
    let inner = svg.split_once('>').map_or("", |(_, rest)| rest);
    let inner = inner.rsplit_once("</svg>").map_or(inner, |(inner, _)| inner);
    inner.replace(&format!("font-family=\"{}\"", font::FAMILY), "")
}

fn look(size: f64, colour: RGBColor) -> TextStyle<'static> {
    (font::FAMILY, size).into_font().color(&colour)
}

/// The row a position in the list is drawn in: the best on top.
fn row(count: usize, at: usize) -> f64 {
    (count - at) as f64 - 0.5
}

fn score_bars(area: &Area<'_>, chart: &Scores, pairs: &[ScorePoint]) -> Done {
    let rows = pairs.len().max(FEWEST);
    let names = 250;
    let mut plot = ChartBuilder::on(area)
        .margin_right(26)
        .margin_top(26)
        .set_label_area_size(LabelAreaPosition::Bottom, 46)
        .set_label_area_size(LabelAreaPosition::Left, names)
        .build_cartesian_2d(0.0..1.0, 0.0..rows as f64)?;
    mesh(&mut plot, &chart.score_axis, 5, &|x| format!("{x:.1}"))?;
    let mut values = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let (y, colour) = (row(rows, at), if pair.over_line { BAR } else { PALE_BAR });
        let bar = [(0.0, y - 0.31), (pair.score.clamp(0.0, 1.0), y + 0.31)];
        plot.draw_series([Rectangle::new(bar, colour.filled())])?;
        let (inside, score) = (pair.score > 0.12, pair.score.clamp(0.0, 1.0));
        let (colour, side) = match (inside, pair.over_line) {
            (true, true) => (WHITE, HPos::Right),
            (true, false) => (INK, HPos::Right),
            (false, _) => (INK, HPos::Left),
        };
        let value = look(11.0, colour).pos(Pos::new(side, VPos::Center));
        let x = if inside { score - 0.012 } else { score + 0.012 };
        values.push(Text::new(text::label(&pair.text), (x, y), value));
        let name = text::fit(&text::label(&pair.label), 12.0, f64::from(names) - 16.0);
        let end = look(12.0, INK).pos(Pos::new(HPos::Right, VPos::Center));
        let pixel = plot.backend_coord(&(0.0, y));
        let base = area.get_base_pixel();
        area.draw(&Text::new(name, (pixel.0 - base.0 - 10, pixel.1 - base.1), end))?;
    }
    let line = chart.line.clamp(0.0, 1.0);
    let ends = [(line, 0.0), (line, rows as f64)];
    plot.draw_series(DashedLineSeries::new(ends, 5, 4, INK.stroke_width(1)))?;
    plot.draw_series(values)?;
    let pixel = plot.backend_coord(&(line, rows as f64));
    let base = area.get_base_pixel();
    let above = look(11.0, INK).pos(Pos::new(HPos::Center, VPos::Bottom));
    area.draw(&Text::new(text::label(&chart.line_label), (pixel.0 - base.0, pixel.1 - base.1 - 6), above))
}

/// P values on a scale where each step is a tenth; smaller is further right.
fn p_dots(area: &Area<'_>, chart: &Scores, pairs: &[ScorePoint]) -> Done {
    let rows = pairs.len().max(FEWEST);
    let steps = |p: f64| -libm::log10(p.clamp(1e-12, 1.0));
    let far = pairs.iter().filter_map(|pair| pair.p_value).map(steps).fold(3.0, f64::max).ceil();
    let mut plot = ChartBuilder::on(area)
        .margin_right(24)
        .margin_top(26)
        .set_label_area_size(LabelAreaPosition::Bottom, 46)
        .build_cartesian_2d(0.0..far, 0.0..rows as f64)?;
    let label = |x: &f64| {
        if *x < 0.5 { "1".to_owned() } else { format!("{:.*}", x.round() as usize, libm::exp10(-x.round())) }
    };
    mesh(&mut plot, &chart.p_axis, far as usize + 1, &label)?;
    for (at, pair) in pairs.iter().enumerate() {
        let y = row(rows, at);
        if let Some(x) = pair.p_value.map(steps) {
            plot.draw_series([PathElement::new(vec![(0.0, y), (x, y)], RULE.stroke_width(2))])?;
            plot.draw_series([Circle::new((x, y), 5, DOT.filled())])?;
        }
    }
    Ok(())
}

type Plot<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn mesh(plot: &mut Plot<'_, '_>, name: &str, steps: usize, label: &dyn Fn(&f64) -> String) -> Done {
    plot.configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_labels(steps + 1)
        .x_label_formatter(&label)
        .x_desc(text::label(name))
        .axis_desc_style(look(12.0, SOFT))
        .label_style(look(11.0, SOFT))
        .light_line_style(TRANSPARENT)
        .bold_line_style(RULE)
        .axis_style(SOFT)
        .draw()
}

fn layer_colour(layer: Layer) -> RGBColor {
    let hex = Style::Colour.tie(Line::Confirmed, layer);
    let part =
        |at: usize| hex.get(at..at + 2).and_then(|part| u8::from_str_radix(part, 16).ok()).unwrap_or(0);
    RGBColor(part(1), part(3), part(5))
}

fn layer_legend(area: &Area<'_>, chart: &Years) -> Done {
    let mut x = 60;
    for (layer, name) in &chart.layers {
        let name = text::label(name);
        let colour = layer_colour(*layer);
        area.draw(&Rectangle::new([(x, 9), (x + 14, 21)], colour.filled()))?;
        let start = look(12.0, INK).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(name.clone(), (x + 20, 15), start))?;
        x += 44 + text::width(&name, 12.0) as i32;
    }
    Ok(())
}

fn year_bars(area: &Area<'_>, chart: &Years) -> Done {
    let sum = |counts: &Vec<u64>| counts.iter().sum::<u64>();
    let most = chart.years.iter().map(|(_, counts)| sum(counts)).max().unwrap_or(0).max(4);
    let first = chart.years.first().map_or(2000, |(year, _)| *year);
    let last = chart.years.last().map_or(first, |(year, _)| *year);
    let span = f64::from(first) - 0.5..f64::from(last) + 0.5;
    let mut plot = ChartBuilder::on(area)
        .margin_right(16)
        .margin_top(16)
        .set_label_area_size(LabelAreaPosition::Bottom, 34)
        .set_label_area_size(LabelAreaPosition::Left, 60)
        .build_cartesian_2d(span, 0.0..most as f64 * 1.06)?;
    plot.configure_mesh()
        .disable_x_mesh()
        .x_labels(chart.years.len().clamp(2, 21))
        .x_label_formatter(&|x| format!("{x:.0}"))
        .y_label_formatter(&|y| format!("{y:.0}"))
        .y_labels(6)
        .label_style(look(11.0, SOFT))
        .light_line_style(TRANSPARENT)
        .bold_line_style(RULE)
        .axis_style(SOFT)
        .draw()?;
    for (year, counts) in &chart.years {
        let (x, mut base) = (f64::from(*year), 0.0);
        for ((layer, _), &count) in chart.layers.iter().zip(counts).filter(|(_, count)| **count > 0) {
            let top = base + count as f64;
            let bar = Rectangle::new([(x - 0.36, base), (x + 0.36, top)], layer_colour(*layer).filled());
            plot.draw_series([bar])?;
            base = top;
        }
        let above = look(10.5, SOFT).pos(Pos::new(HPos::Center, VPos::Bottom));
        let lift = most as f64 * 0.008;
        if sum(counts) > 0 {
            plot.draw_series([Text::new(sum(counts).to_string(), (x, base + lift), above)])?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::picture::Format;
    use super::super::scene::Plan;
    use super::super::tests::look;
    use super::*;
    use crate::messages::Lang;
    use crate::model::view::Fact;
    use crate::model::{Claim, Credibility, Entity, Kind, Reliability, Status, Table, Tie, Values, Voice};
    use crate::network::Builder;

    fn head(title: &str) -> Scene {
        let mut head = Scene::new(title, Plan::Layered);
        head.subtitle = "按现有资料".into();
        head.handling = "内部资料 · 仅为待核线索，不是有罪认定".into();
        head.footer = "Parasol 0.1.0".into();
        head
    }

    fn pairs(count: usize) -> Scores {
        let pair = |i: usize| ScorePoint {
            label: format!("顾明远{} — 潮头帮", "县".repeat(i * 2)),
            score: 0.95 - i as f64 * 0.08,
            text: format!("{:.2}", 0.95 - i as f64 * 0.08),
            p_value: (i != 2).then(|| 0.0004 * 3f64.powi(i as i32)),
            over_line: i < 4,
        };
        Scores {
            score_axis: "分值（线索优先度）".into(),
            p_axis: "偶然性 p 值（越右越不像偶然）".into(),
            line: 0.5,
            line_label: "报告线 0.5".into(),
            pairs: (0..count).map(pair).collect(),
        }
    }

    #[test]
    fn scores_stand_beside_their_p_values() {
        let picture = scores(&head("前列组合：分值与偶然性"), &pairs(10));
        look("chart-scores", &picture);
        assert!(picture.svg.contains("顾明远") && picture.svg.contains("0.95"));
        assert!(picture.missing.is_empty(), "{:?}", picture.missing);
        assert_eq!(picture.bytes(Format::Pdf).unwrap(), picture.bytes(Format::Pdf).unwrap());
    }

    #[test]
    fn one_year_mistyped_does_not_empty_the_chart() {
        let counts = |years: &[(i32, u64)]| -> BTreeMap<(i32, Layer), u64> {
            years.iter().map(|&(year, count)| ((year, Layer::Duty), count)).collect()
        };
        assert_eq!(span(&counts(&[(2015, 3), (2020, 9), (9999, 1)])), Some(2015..=2020));
        assert_eq!(span(&counts(&[(1950, 2), (1999, 1), (2010, 1)])), Some(1999..=2010));
        assert_eq!(span(&counts(&[])), None);
    }

    #[test]
    fn a_report_stands_in_the_year_it_came_and_a_payment_in_its_own() {
        let mut builder = Builder::new(None);
        let mut entity = |id: &str, kind, table, props: &[(&str, &str)]| {
            let props = props.iter().map(|(key, day)| ((*key).to_owned(), (*day).to_owned())).collect();
            let fact = Fact { table, props, voice: Voice::Nobody, known: None, change: 1 };
            builder.entity(Entity { id: id.into(), kind, facts: vec![fact] });
        };
        entity("l1", Kind::Lead, Table::Leads, &[("received", "2021-03-04")]);
        entity("l2", Kind::Lead, Table::Leads, &[]);
        for id in ["o1", "p1"] {
            entity(id, Kind::Person, Table::People, &[]);
        }
        let tie = |from: &str, ty, start: Option<&str>| Tie {
            ty,
            other_type: None,
            from: from.into(),
            to: "o1".into(),
            role: None,
            start: start.map(|day| day.parse().unwrap()),
            claims: vec![Claim {
                row: format!("{from}{start:?}").as_str().into(),
                voice: Voice::Nobody,
                reliability: Reliability::F,
                credibility: Credibility::C6,
                status: Status::Confirmed,
                known: None,
                values: Values::default(),
                change: 1,
            }],
        };
        builder.tie(&tie("l1", TieType::About, None)).unwrap();
        builder.tie(&tie("l2", TieType::About, None)).unwrap();
        builder.tie(&tie("p1", TieType::Payment, Some("2019"))).unwrap();
        builder.tie(&tie("p1", TieType::Payment, None)).unwrap();
        let chart = ties_by_year(&builder.build(), &Catalogue::new(Lang::En));
        assert_eq!(
            chart.layers.iter().map(|(layer, _)| *layer).collect::<Vec<_>>(),
            [Layer::Money, Layer::Report]
        );
        assert_eq!(chart.years, [(2019, vec![1, 0]), (2020, vec![0, 0]), (2021, vec![0, 1])]);
        assert_eq!((chart.undated, chart.elsewhere), (2, 0));
    }

    #[test]
    fn years_are_stacked_by_layer() {
        let chart = Years {
            layers: vec![
                (Layer::Kinship, "亲属".into()),
                (Layer::Money, "资金".into()),
                (Layer::Duty, "履职".into()),
            ],
            years: (2012..=2023)
                .map(|year| (year, vec![2, (year % 7) as u64 * 3, (year % 5) as u64 * 9]))
                .collect(),
            undated: 3,
            elsewhere: 0,
        };
        let picture = years(&head("关系的层次与年份"), &chart);
        look("chart-years", &picture);
        assert!(picture.svg.contains("履职") && picture.svg.contains("2023"));
    }

    #[test]
    fn charts_of_nothing_and_of_hostile_names_are_drawn() {
        for picture in [scores(&head(""), &Scores::default()), years(&head(""), &Years::default())] {
            assert!(picture.bytes(Format::Png).is_ok());
        }
        let mut chart = pairs(1);
        chart.pairs[0].label = "</text><script>\u{202E}\u{1}😀".into();
        let picture = scores(&head(""), &chart);
        assert!(!picture.svg.contains("<script") && picture.svg.contains("⟦RLO⟧"));
        assert_eq!(picture.missing, ['😀']);
        assert!(picture.bytes(Format::Png).is_ok());
    }
}
