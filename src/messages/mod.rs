//! Every sentence a user reads, by key, in Chinese and English.
//!
//! Analyses give findings as data ([`Message`]); this module turns them into words from the Fluent
//! catalogues beside it (`AREA.LANG.ftl`, see projectfluent.org). A test holds that both languages
//! have every message. Text from the data is made harmless here for reading ([`tame`]); escaping
//! for HTML, SVG or CSV is the writer's.

mod tame;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_decimal::Decimal;
use unic_langid::LanguageIdentifier;

use crate::model::{Amount, Arg, Date, Message, Status, TieType};
pub use tame::tame;

/// A language of sentences, tables and pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a tag as `--lang`, `PARASOL_LANG` and `LANG` have it: `zh`, `zh_CN.UTF-8`, `en` …
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        match tag.split(['-', '_', '.']).next() {
            Some("zh") => Some(Self::Zh),
            Some("en" | "c" | "posix") => Some(Self::En),
            _ => None,
        }
    }

    /// The tag: `zh` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// The catalogue files of one language.
macro_rules! areas {
    ($lang:literal: $($area:literal),+) => {
        &[$(($area, include_str!(concat!($area, ".", $lang, ".ftl")))),+]
    };
}

/// Help on the command line: English stands with the options themselves.
const HELP_ZH: (&str, &str) = ("help", include_str!("help.zh.ftl"));

const ZH: &[(&str, &str)] =
    areas!("zh": "words", "cli", "report", "ingest", "umbrella", "analysis", "render", "city");
const EN: &[(&str, &str)] =
    areas!("en": "words", "cli", "report", "ingest", "umbrella", "analysis", "render", "city");

/// The sentences of one language.
pub struct Catalogue {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// The catalogue of a language. Cost: parses its files, about a millisecond.
    pub fn new(lang: Lang) -> Self {
        let areas = match lang {
            Lang::Zh => ZH,
            Lang::En => EN,
        };
        let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would stand in every sentence; `tame` deals with direction instead.
        bundle.set_use_isolating(false);
        let help = (lang == Lang::Zh).then_some(&HELP_ZH);
        for (_, source) in areas.iter().chain(help) {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(sound, _)| sound);
            bundle.add_resource_overriding(resource);
        }
        Self { lang, bundle }
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The message in words. An unknown key gives the key itself, so that nothing is lost.
    pub fn say(&self, message: &Message) -> String {
        let mut args = FluentArgs::new();
        for (name, arg) in &message.args {
            args.set(*name, self.value(arg));
        }
        self.format(message.key, Some(&args))
    }

    /// The text of a message without values.
    pub fn text(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The message of a key that is made at run time (`reject-CODE`), with these texts as values.
    pub fn say_key(&self, key: &str, texts: &[(&'static str, String)]) -> String {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set(*name, FluentValue::from(tame(text)));
        }
        self.format(key, Some(&args))
    }

    /// A word of a closed set by its code, `word-CODE`; the code itself where the catalogue has none.
    pub fn word(&self, code: &str) -> String {
        let key = format!("word-{}", code.replace('_', "-"));
        if self.bundle.has_message(&key) { self.format(&key, None) } else { tame(code) }
    }

    /// How sure a claim is that it was so. What a report is about is on record as said, whatever came of the report.
    pub fn status(&self, ty: TieType, status: Status) -> String {
        if ty == TieType::About && status == Status::Confirmed {
            return self.text("word-as-reported");
        }
        self.word(status.code())
    }

    /// Whether the catalogue has this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let pattern = self.bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else { return key.to_owned() };
        // A missing value leaves its name in braces: visible, and caught by the tests.
        self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned()
    }

    fn value(&self, arg: &Arg) -> FluentValue<'static> {
        match arg {
            Arg::Count(count) => FluentValue::from(*count),
            Arg::Text(text) => FluentValue::from(tame(text)),
            Arg::Number(number) => FluentValue::from(two_decimals(*number)),
            Arg::Share(share) => FluentValue::from(self.share(*share)),
            Arg::Money(amount, currency) => FluentValue::from(self.money(*amount, currency)),
            Arg::Date(date) => FluentValue::from(self.date(*date)),
            Arg::Word(code) => FluentValue::from(self.word(code)),
            Arg::List(parts) => {
                let parts: Vec<String> = parts.iter().map(|part| self.say(part)).collect();
                FluentValue::from(parts.join(&self.text("list-join")))
            }
        }
    }

    /// A share in 0 to 1 as a percentage. What is nearly nothing or nearly all never reads as 0 or 100%.
    pub fn share(&self, share: f64) -> String {
        match (share * 1000.0).round() / 10.0 {
            percent if percent >= 100.0 && share < 1.0 => ">99.9%".to_owned(),
            percent if percent <= 0.0 && share > 0.0 => "<0.1%".to_owned(),
            percent => format!("{}%", two_decimals(percent)),
        }
    }

    /// A sum of money in the language's way: 万 and 亿 in Chinese, thousands commas in English.
    pub fn money(&self, amount: Amount, currency: &str) -> String {
        let unit = if currency.is_empty() { "CNY" } else { currency };
        match self.lang {
            Lang::Zh if unit == "CNY" => format!("{}元", in_wan(amount.decimal())),
            Lang::Zh => format!("{}{}", in_wan(amount.decimal()), tame(unit)),
            Lang::En => format!("{} {}", tame(unit), with_commas(amount.decimal())),
        }
    }

    /// A date as ISO 8601; the end of what has not ended in words.
    pub fn date(&self, date: Date) -> String {
        if date == Date::ONGOING { self.text("date-ongoing") } else { date.to_string() }
    }
}

/// A number with at most two decimals, without trailing zeros, never `-0`.
pub fn two_decimals(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn in_wan(amount: Decimal) -> String {
    let (wan, yi) = (Decimal::from(10_000), Decimal::from(100_000_000));
    if amount.abs() >= yi {
        format!("{}亿", (amount / yi).round_dp(4).normalize())
    } else if amount.abs() >= wan {
        format!("{}万", (amount / wan).round_dp(4).normalize())
    } else {
        amount.normalize().to_string()
    }
}

fn with_commas(amount: Decimal) -> String {
    let text = amount.normalize().to_string();
    let (sign, rest) = text.strip_prefix('-').map_or(("", text.as_str()), |rest| ("-", rest));
    let (whole, part) = rest.split_once('.').map_or((rest, None), |(whole, part)| (whole, Some(part)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    part.map_or(format!("{sign}{grouped}"), |part| format!("{sign}{grouped}.{part}"))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent_bundle::FluentResource;

    use super::*;

    /// Key → names of the values it uses, of every file of a language.
    fn keys(areas: &[(&str, &str)]) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for (area, source) in areas {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{area} does not parse");
            let mut key = String::new();
            for line in source.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}', '[']))
                {
                    key = name.to_owned();
                    assert!(
                        keys.insert(key.clone(), BTreeSet::new()).is_none(),
                        "{area}: {key} stands twice"
                    );
                }
                let values = line.split('$').skip(1);
                let names = values.map(|rest| {
                    rest.chars()
                        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                        .collect::<String>()
                });
                if let Some(set) = keys.get_mut(&key) {
                    set.extend(names);
                }
            }
        }
        keys
    }

    #[test]
    fn both_languages_have_every_message_with_the_same_values() {
        let (zh, en) = (keys(ZH), keys(EN));
        let missing: Vec<_> = en.keys().filter(|key| !zh.contains_key(*key)).collect();
        assert!(missing.is_empty(), "not in Chinese: {missing:?}");
        let missing: Vec<_> = zh.keys().filter(|key| !en.contains_key(*key)).collect();
        assert!(missing.is_empty(), "not in English: {missing:?}");
        let differ: Vec<_> = en.iter().filter(|(key, values)| zh.get(*key) != Some(values)).collect();
        assert!(differ.is_empty(), "other values: {differ:?}");
    }

    #[test]
    fn every_word_of_a_closed_set_has_its_message() {
        use crate::model::*;
        let catalogue = Catalogue::new(Lang::Zh);
        let mut codes: Vec<&str> = Vec::new();
        codes.extend(Kind::ALL.iter().map(|word| word.code()));
        codes.extend(Layer::ALL.iter().map(|word| word.code()));
        codes.extend(TieType::ALL.iter().map(|word| word.code()));
        codes.extend(TieType::ALL.iter().flat_map(|ty| ty.roles().unwrap_or_default()));
        codes.extend(Decision::ALL.iter().map(|word| word.code()));
        codes.extend(Status::ALL.iter().map(|word| word.code()));
        codes.extend(Channel::ALL.iter().map(|word| word.code()));
        codes.extend(LeadStatus::ALL.iter().map(|word| word.code()));
        codes.extend(GangClass::ALL.iter().map(|word| word.code()));
        codes.extend(CaseStage::ALL.iter().map(|word| word.code()));
        codes.extend(RaidOutcome::ALL.iter().map(|word| word.code()));
        codes.extend(UmbrellaFinding::ALL.iter().map(|word| word.code()));
        codes.extend(Handling::ALL.iter().map(|word| word.code()));
        codes.extend(Table::ALL.iter().map(|word| word.code()));
        let missing: Vec<_> = codes
            .into_iter()
            .filter(|code| !catalogue.has(&format!("word-{}", code.replace('_', "-"))))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn what_a_report_is_about_is_as_reported_whatever_came_of_it() {
        let words = Catalogue::new(Lang::En);
        assert_eq!(words.status(TieType::About, Status::Confirmed), "as reported");
        assert_eq!(words.status(TieType::About, Status::Refuted), words.word("refuted"));
        assert_eq!(words.status(TieType::Payment, Status::Confirmed), "confirmed");
    }

    #[test]
    fn one_thing_is_not_told_as_several() {
        // Nouns that follow a count; sums, "n of m" and what is always many may stay as they are.
        let nouns = "rows ties pairs leads hops gangs officials entities groups facts relations members \
                     reports claims people umbrellas";
        let nouns: Vec<&str> = nouns.split_whitespace().collect();
        let many = ["error-generate-people", "umbrella-prior", "umbrella-prior-few", "paths-within-at-least"];
        let mut wrong = Vec::new();
        for line in EN.iter().flat_map(|(_, text)| text.lines()) {
            let Some((key, text)) = line.split_once(" = ").filter(|(key, _)| !many.contains(key)) else {
                continue;
            };
            for (at, _) in text.match_indices(" } ") {
                let noun = text[at + 3..].split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
                let before = text[..at].rsplit_once("{ $").map_or("", |(before, _)| before);
                if nouns.contains(&noun)
                    && !["of ", "of the ", "of its "].iter().any(|of| before.ends_with(of))
                {
                    wrong.push(key);
                }
            }
        }
        assert!(wrong.is_empty(), "these say 1 rows: {wrong:?}");
        // Chinese has no plural: a variant by it would never be chosen.
        assert!(ZH.iter().all(|(_, text)| !text.contains("[one]")));
    }

    #[test]
    fn values_are_written_in_the_language() {
        let (zh, en) = (Catalogue::new(Lang::Zh), Catalogue::new(Lang::En));
        let amount: Amount = "125000".parse().unwrap();
        assert_eq!(zh.money(amount, "CNY"), "12.5万元");
        assert_eq!(en.money(amount, "CNY"), "CNY 125,000");
        assert_eq!(en.money("1234567.5".parse().unwrap(), ""), "CNY 1,234,567.5");
        assert_eq!(zh.share(0.123), "12.3%");
        assert_eq!(
            (zh.share(0.99999), zh.share(0.00001), zh.share(1.0)),
            (">99.9%".into(), "<0.1%".into(), "100%".into())
        );
        assert_eq!(zh.word("in_law"), "姻亲");
        assert_eq!(two_decimals(-0.001), "0");
    }

    #[test]
    fn language_tags_are_read() {
        assert_eq!(Lang::from_tag("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("en-GB"), Some(Lang::En));
        assert_eq!(Lang::from_tag("C"), Some(Lang::En));
        assert_eq!(Lang::from_tag("fr"), None);
    }
}
