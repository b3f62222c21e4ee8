//! Whole pictures.

use super::scene::*;
use super::*;
use crate::model::Layer;

/// A chart as an analyst would make one: an official, his wife's brother, a company, a gang.
pub fn harbour() -> Scene {
    let mut scene = Scene::new("保护伞线索关联图：周国强 — 海沙帮", Plan::Layered);
    scene.subtitle = "案件 A-2019-071 · 截至 2020-06-30 已知情况".into();
    scene.handling = "内部资料 · 严禁外传 · 待核线索，非定罪结论".into();
    scene.counts = "显示 9 / 共 214 个对象 · 11 / 806 条关系".into();
    scene.notes = vec!["线的粗细表示独立来源的数量；推断的关系由程序计算，无人陈述。".into()];
    scene.footer = "Parasol 0.1.0 · 规则 v1 · 数据摘要 3f9a61c2d07be815".into();
    scene.lang = "zh".into();
    scene.legend_title = "图例".into();
    scene.sources_title = "来源".into();
    scene.more = "另有 {} 条，见简报".into();
    scene.groups = vec![Group { key: "g1".into(), name: "海沙帮（涉黑组织）".into() }];
    let mut add = |key: &str, symbol, part, name: &str, sub: &str, place, emphasis, group, folded| {
        scene.add(Node {
            key: key.into(),
            symbol: Some(symbol),
            part,
            name: name.into(),
            sub: sub.into(),
            emphasis,
            folded,
            place,
            group,
        })
    };
    use Emphasis::{Context, Normal, Subject};
    let free = Place::Free;
    let o = add(
        "o1",
        Symbol::Official,
        Part::Official,
        "周国强",
        "江州市公安局刑侦支队 副支队长",
        Place::Top,
        Subject,
        None,
        0,
    );
    let o2 = add(
        "o2",
        Symbol::Official,
        Part::Official,
        "何建平",
        "江州区法院 审判员",
        Place::Top,
        Normal,
        None,
        0,
    );
    let w = add("p1", Symbol::Person, Part::Plain, "林秀兰", "配偶", free, Normal, None, 0);
    let b = add("p2", Symbol::Person, Part::Plain, "林志远", "宏达建筑 监事", free, Normal, None, 0);
    let c = add("c1", Symbol::Company, Part::Plain, "江州市宏达建筑工程有限公司", "", free, Normal, None, 0);
    let a = add("a1", Symbol::Account, Part::Plain, "尾号 4417", "建设银行", free, Context, None, 0);
    let bank = add("c2", Symbol::Company, Part::Plain, "港口物流", "中转", free, Context, None, 23);
    let l = add("m1", Symbol::Person, Part::Leader, "陈海", "组织者", Place::Bottom, Normal, Some(0), 0);
    let m = add("m2", Symbol::Person, Part::Core, "陈波", "骨干", Place::Bottom, Normal, Some(0), 0);
    let n = add("m3", Symbol::Person, Part::Member, "王小六", "参加者", Place::Bottom, Normal, Some(0), 12);
    let k = add("k1", Symbol::Case, Part::Plain, "3·12 故意伤害案", "撤销 2018", free, Normal, None, 0);
    let mut tie = |key: &str, from, to, layer, line, voices, arrow, label: &str, short: &str| {
        scene.tie(Tie {
            key: key.into(),
            from,
            to,
            line,
            voices,
            arrow,
            label: label.into(),
            short: short.into(),
            layer,
            bold: false,
            claims: vec![],
        })
    };
    use Line::{Confirmed, Inferred, Refuted, Tentative, Unconfirmed};
    tie("r1", o, w, Layer::Kinship, Confirmed, 2, Arrow::None, "配偶 · A1 · 证1", "1");
    tie("r2", w, b, Layer::Kinship, Confirmed, 1, Arrow::None, "兄妹 · A1 · 证2", "2");
    tie("r3", b, c, Layer::Money, Confirmed, 3, Arrow::Forward, "持股 40% · A1 · 证3", "3");
    tie("r4", l, c, Layer::Crime, Unconfirmed, 1, Arrow::Forward, "实际控制 · B2 · 证4", "4");
    tie("r5", l, a, Layer::Money, Confirmed, 2, Arrow::Forward, "转账 12.5万 2017-03 · A2 · 证5", "5");
    tie("r6", a, b, Layer::Money, Unconfirmed, 1, Arrow::Forward, "转账 12万 2017-03 · B2 · 证6", "6");
    tie("r7", o, k, Layer::Duty, Confirmed, 1, Arrow::Forward, "经办：撤案 2018 · A1 · 证7", "7");
    tie("r8", m, k, Layer::Crime, Confirmed, 1, Arrow::Forward, "嫌疑人 · A1 · 证7", "7");
    tie("r9", o, l, Layer::Social, Tentative, 1, Arrow::None, "同餐 2018-05 · F6 · 证8", "8");
    tie("r10", o2, k, Layer::Duty, Confirmed, 1, Arrow::Forward, "审理 · A1 · 证9", "9");
    tie("r11", n, bank, Layer::Money, Unconfirmed, 1, Arrow::Both, "往来 7笔 · C3 · 证10", "10");
    tie("r12", bank, c, Layer::Money, Unconfirmed, 1, Arrow::Forward, "转账 · C3 · 证10", "10");
    tie("r13", o, b, Layer::Identity, Inferred, 1, Arrow::None, "推断：疑似同住", "");
    tie("r14", o2, m, Layer::Social, Refuted, 1, Arrow::None, "同学 · D5 · 证11", "11");
    tie("r15", l, m, Layer::Kinship, Confirmed, 1, Arrow::None, "兄弟", "");
    let source = |number: u32, text: &str, detail: &str| SourceRow {
        number: number.to_string(),
        text: text.into(),
        detail: detail.into(),
    };
    scene.sources = vec![
        source(1, "婚姻登记档案", "2009-05-02 · A1 · 民政局"),
        source(2, "户籍资料", "2019-01-10 · A1"),
        source(3, "工商登记：江州市宏达建筑工程有限公司股东名册", "2016-02 · A1 · 市场监管局"),
        source(4, "在押人员讯问笔录", "2019-11 · B2 · 受保护"),
        source(5, "银行流水 尾号 4417", "2017 · A2"),
        source(6, "银行流水 尾号 8820", "2017 · B2"),
        source(7, "3·12 案卷宗", "2018 · A1"),
        source(8, "群众举报", "2018-06 · F6 · 受保护"),
        source(9, "判决书", "2018 · A1"),
        source(10, "对公账户流水", "2018 · C3"),
        source(11, "匿名信（已查否）", "2019 · D5"),
    ];
    let entry = |mark, text: &str| Entry { mark, text: text.into() };
    scene.legend = vec![
        entry(Mark::Symbol(Symbol::Official), "公职人员"),
        entry(Mark::Symbol(Symbol::Person), "个人"),
        entry(Mark::Symbol(Symbol::Company), "公司"),
        entry(Mark::Symbol(Symbol::Account), "账户"),
        entry(Mark::Symbol(Symbol::Case), "案件"),
        entry(Mark::Frame(Part::Official), "任职"),
        entry(Mark::Frame(Part::Leader), "组织者"),
        entry(Mark::Frame(Part::Core), "骨干"),
        entry(Mark::Frame(Part::Member), "参加者"),
        entry(Mark::Line(Confirmed), "已证实"),
        entry(Mark::Line(Unconfirmed), "未证实"),
        entry(Mark::Line(Tentative), "存疑"),
        entry(Mark::Line(Inferred), "推断"),
        entry(Mark::Line(Refuted), "已查否"),
        entry(Mark::Layer(Layer::Kinship), "亲属"),
        entry(Mark::Layer(Layer::Social), "社交"),
        entry(Mark::Layer(Layer::Money), "资金"),
        entry(Mark::Layer(Layer::Duty), "职务"),
        entry(Mark::Layer(Layer::Crime), "涉案"),
        entry(Mark::Width, "越粗独立来源越多"),
        entry(Mark::Folded, "折叠数"),
        entry(Mark::Context, "背景对象"),
    ];
    scene
}

/// Writes pictures for the eye, where `PARASOL_LOOK` names a folder.
pub fn look(name: &str, picture: &Picture) {
    if let Ok(folder) = std::env::var("PARASOL_LOOK") {
        for format in Format::ALL {
            let path = std::path::Path::new(&folder).join(format!("{name}.{}", format.ending()));
            std::fs::write(path, picture.bytes(format).unwrap()).unwrap();
        }
    }
}

#[test]
fn a_chart_is_the_same_twice_in_every_form() {
    let scene = harbour();
    let (one, two) = (draw(&scene, Style::Colour), draw(&scene, Style::Colour));
    look("harbour", &one);
    look("harbour-print", &draw(&scene, Style::Print));
    for format in Format::ALL {
        assert_eq!(one.bytes(format).unwrap(), two.bytes(format).unwrap(), "{format:?}");
    }
    assert!(one.missing.is_empty(), "{:?}", one.missing);
}

/// The SVG without its font.
fn plain(picture: &Picture) -> String {
    let (before, rest) = picture.svg.split_once("<style>").unwrap();
    format!("{before}{}", rest.split_once("</style>").unwrap().1.trim_start_matches('\n'))
}

#[test]
fn in_print_a_star_says_what_the_picture_is_about() {
    let mut scene = Scene::new("", Plan::Layered);
    for emphasis in [Emphasis::Subject, Emphasis::Normal] {
        scene.add(Node { emphasis, ..Node::default() });
    }
    scene.legend = vec![Entry { mark: Mark::Subject, text: "subject".into() }];
    let stars = |style| draw(&scene, style).svg.matches(style::STAR).count();
    assert_eq!((stars(Style::Print), stars(Style::Colour)), (2, 0), "the card and the legend");
}

#[test]
fn a_small_scene_is_drawn_as_it_was() {
    let mut scene = Scene::new("Zhou — Sea Sand", Plan::Layered);
    scene.handling = "INTERNAL".into();
    let official = scene.add(Node {
        key: "o1".into(),
        symbol: Some(Symbol::Official),
        part: Part::Official,
        name: "Zhou".into(),
        place: Place::Top,
        ..Node::default()
    });
    let gang = scene.add(Node {
        key: "g1".into(),
        symbol: Some(Symbol::Gang),
        name: "Sea Sand".into(),
        place: Place::Bottom,
        folded: 3,
        ..Node::default()
    });
    let mut tie = Tie::between("r1", official, gang, Layer::Money);
    (tie.label, tie.arrow) = ("payment 2016 · B2 · src 1".into(), Arrow::Back);
    scene.tie(tie);
    insta::assert_snapshot!(plain(&draw(&scene, Style::Print)));
}

/// Names as somebody would write them who wishes us ill.
fn hostile(i: usize) -> String {
    match i % 8 {
        0 => "<script>alert(1)</script>".into(),
        1 => "\"><img onerror=alert(1) src=x>".into(),
        2 => format!("\u{202E}txt.exe{}", "\u{0}\u{1}\u{FFFE}\u{FFFF}"),
        3 => "王".repeat(1_000_000 / (1 + i)),
        4 => format!("e{}", "\u{301}".repeat(20_000)),
        5 => "]]><!--&#x0;&amp;'".into(),
        6 => "\u{2066}\u{200B}\u{1b}[31m\u{FEFF}".into(),
        _ => "javascript:alert(1) 𠀀😀".into(),
    }
}

#[test]
fn five_hundred_hostile_labels_are_harmless_and_drawn() {
    let mut scene = Scene::new(&hostile(0), Plan::Springs);
    (scene.subtitle, scene.handling, scene.footer) = (hostile(1), hostile(2), hostile(3));
    scene.groups = vec![Group { key: hostile(0), name: hostile(1) }];
    scene.sources =
        (0..40).map(|i| SourceRow { number: hostile(i), text: hostile(i), detail: hostile(i + 1) }).collect();
    scene.legend = (0..8).map(|i| Entry { mark: Mark::Line(Line::Confirmed), text: hostile(i) }).collect();
    let at: Vec<At> = (0..250)
        .map(|i| {
            scene.add(Node { key: hostile(i), name: hostile(i), sub: hostile(i + 1), ..Node::default() })
        })
        .collect();
    for i in 1..250 {
        let mut tie = Tie::between(&hostile(i), at[i], at[i / 2], Layer::Money);
        (tie.label, tie.short) = (hostile(i), hostile(i + 2));
        scene.tie(tie);
    }
    let picture = draw(&scene, Style::Colour);
    for bad in ["<script", "<img", "onerror=\"", "\u{202E}", "\u{1b}", "\u{0}", "<!--"] {
        assert!(!picture.svg.contains(bad), "{bad}");
    }
    assert!(picture.svg.contains("⟦RLO⟧"));
    assert_eq!(picture.missing, ['\u{20000}', '😀'].into_iter().rev().collect::<Vec<_>>());
    look("hostile", &picture);
    assert!(picture.png(0.5).unwrap().len() > 10_000);
    assert!(picture.pdf().unwrap().starts_with(b"%PDF"));
}

#[test]
fn a_png_is_a_page_and_not_blank() {
    let png = draw(&harbour(), Style::Colour).bytes(Format::Png).unwrap();
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (2245, 1587));
    assert!(png.len() > 100_000);
}

#[test]
fn an_empty_scene_is_a_page() {
    for plan in [Plan::Layered, Plan::Springs] {
        let picture = draw(&Scene::new("", plan), Style::Colour);
        assert!(Format::ALL.iter().all(|&format| picture.bytes(format).is_ok()));
    }
}
