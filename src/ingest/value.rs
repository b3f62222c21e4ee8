//! Single cells: dates, sums, counts, shares and card numbers as people write them.
//!
//! Nothing here guesses: what can be read in two ways (a day-first date) is not read.

use std::borrow::Cow;
use std::str::FromStr;

use rust_decimal::Decimal;
use unicode_normalization::UnicodeNormalization;

use super::columns::Set;
use super::names;
use crate::model::{Amount, Date};

/// A date as it was read, and whether the cell was ISO 8601 already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadDate {
    /// The date.
    pub date: Date,
    /// Nothing would be lost by keeping only the date.
    pub exact: bool,
}

/// Full-width letters and digits as plain ones.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().collect()) }
}

/// A name as it is said: 李  强, padded to the width of three letters, is 李强.
pub(super) fn tight(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    let han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}');
    if name.is_ascii() || !name.contains(char::is_whitespace) {
        return Cow::Borrowed(name);
    }
    let mut tight = String::with_capacity(name.len());
    let mut blanks = "";
    for part in name.split_inclusive(char::is_whitespace) {
        let word = part.trim_end_matches(char::is_whitespace);
        let inner = tight.chars().next_back().is_some_and(han) && word.chars().next().is_some_and(han);
        if !word.is_empty() {
            tight.push_str(if inner { "" } else { blanks });
            tight.push_str(word);
        }
        blanks = if tight.is_empty() { "" } else { " " };
    }
    Cow::Owned(tight)
}

/// Reads a date; `until` also takes "still so".
pub(super) fn date(text: &str, until: bool) -> Option<ReadDate> {
    if let Ok(date) = text.parse::<Date>() {
        let date = if until && date.year() == 9999 { Date::ONGOING } else { date };
        return Some(ReadDate { date, exact: true });
    }
    let text = plain(text);
    if until && is_ongoing(&text) {
        return Some(ReadDate { date: Date::ONGOING, exact: false });
    }
    let (day, clock) = split_clock(&text);
    if !clock.is_none_or(is_clock) {
        return None;
    }
    let date = digits_only(day).or_else(|| with_marks(day))?;
    let complete = clock.is_none() || date.day() > 0;
    complete.then_some(ReadDate { date, exact: false })
}

fn is_ongoing(text: &str) -> bool {
    ["至今", "现在", "目前", "今", "present", "now", "ongoing"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// Parts a date from a time of day: at the first `T`, or at the blank before a clock time.
fn split_clock(text: &str) -> (&str, Option<&str>) {
    let at = text.find(['T', 't']).or_else(|| {
        let colon = text.find([':', '时', '点'])?;
        text.get(..colon)?.rfind(char::is_whitespace)
    });
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((day, clock)) => (day.trim(), Some(clock.trim_start_matches(['T', 't']).trim())),
        None => (text, None),
    }
}

fn is_clock(text: &str) -> bool {
    let zone = text.trim_end_matches(['Z', 'z']);
    let clock = zone.split(['+', '-']).next().unwrap_or_default();
    let marks = clock.replace(['时', '点', '分'], ":").replace('秒', "");
    let parts: Vec<&str> = marks.trim_end_matches(':').split(':').collect();
    let number = |part: &str, most: f64| part.trim().parse::<f64>().is_ok_and(|n| (0.0..most).contains(&n));
    match parts.as_slice() {
        [hour] => number(hour, 24.0) && clock != *hour,
        [hour, minute] => number(hour, 25.0) && number(minute, 60.0),
        [hour, minute, second] => number(hour, 25.0) && number(minute, 60.0) && number(second, 61.0),
        _ => false,
    }
}

/// `201908`, `20190801`.
fn digits_only(text: &str) -> Option<Date> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    match text.len() {
        6 => Date::new(part(0..4)?, some(part(4..6)?)?, 0),
        8 => Date::new(part(0..4)?, some(part(4..6)?)?, some(part(6..8)?)?),
        _ => None,
    }
}

/// A month or day that is written must not be 0.
fn some(number: u16) -> Option<u8> {
    u8::try_from(number).ok().filter(|&n| n > 0)
}

/// `2019年8月1日`, `2019.8.1`, `2019/8`, `2019-8-1`, `2019年`.
fn with_marks(text: &str) -> Option<Date> {
    let tidy: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let chinese = tidy.contains('年');
    let body = tidy.trim_end_matches(['日', '号']);
    let marks: &[char] = if chinese { &['年', '月'] } else { &['.', '/', '-'] };
    let parts: Vec<&str> =
        body.trim_end_matches(if chinese { &['年', '月'][..] } else { &[] }).split(marks).collect();
    let number = |part: &str, most: usize| {
        let fits = (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let year = |part: &&str| (part.len() == 4).then(|| number(part, 4)).flatten();
    match parts.as_slice() {
        [y] if chinese => Date::new(year(y)?, 0, 0),
        [y, m] => Date::new(year(y)?, some(number(m, 2)?)?, 0),
        [y, m, d] => Date::new(year(y)?, some(number(m, 2)?)?, some(number(d, 2)?)?),
        _ => None,
    }
}

/// Why a sum could not be read is always the same, so `None` says it all.
/// The second part is the currency, where the cell itself names one.
pub(super) fn amount(text: &str, scale: Decimal) -> Option<(Amount, Option<&'static str>)> {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        let value = Decimal::from_str_exact(text).ok()?;
        return Some((Amount::from(times(value, scale)?), None));
    }
    let text = plain(text);
    let tidy: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (sign, body) = match tidy.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (Decimal::NEGATIVE_ONE, rest),
        None => (Decimal::ONE, tidy.strip_prefix('+').unwrap_or(&tidy)),
    };
    let (body, currency) = without_currency(body);
    let has_unit = body.contains(|c| unit(c).is_some());
    let value = if has_unit { in_units(body)? } else { times(decimal(body)?, scale)? };
    Some((Amount::from(times(value, sign)?), currency))
}

fn times(value: Decimal, scale: Decimal) -> Option<Decimal> {
    if scale == Decimal::ONE { Some(value) } else { value.checked_mul(scale) }
}

/// Cuts a currency off either end.
fn without_currency(text: &str) -> (&str, Option<&'static str>) {
    let is_mark = |c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',') || unit(c).is_some());
    let back = text.trim_end_matches(is_mark);
    let front = back.trim_start_matches(is_mark);
    let before = back.strip_suffix(front).unwrap_or_default();
    let after = text.strip_prefix(back).unwrap_or_default();
    match (before, after) {
        ("", "") => (text, None),
        (mark, "") | ("", mark) => match names::word(Set::Currency, mark) {
            Some(code) => (front, Some(code)),
            None => (text, None),
        },
        (a, b) => match (names::word(Set::Currency, a), names::word(Set::Currency, b)) {
            (Some(first), Some(second)) if first == second => (front, Some(first)),
            _ => (text, None),
        },
    }
}

/// The power of ten of a Chinese unit.
fn unit(c: char) -> Option<u32> {
    match c {
        '亿' | '億' => Some(8),
        '万' | '萬' => Some(4),
        '千' => Some(3),
        '百' => Some(2),
        _ => None,
    }
}

/// `12.5万`, `3亿`, `5千万`, `1亿2000万`: numbers with units, the units falling.
fn in_units(text: &str) -> Option<Decimal> {
    let mut rest = text;
    let mut sum = Decimal::ZERO;
    let mut last = u32::MAX;
    while !rest.is_empty() {
        let digits = rest.find(|c| unit(c).is_some()).unwrap_or(rest.len());
        let (number, tail) = rest.split_at_checked(digits)?;
        let marks = tail.find(|c| unit(c).is_none()).unwrap_or(tail.len());
        let (units, after) = tail.split_at_checked(marks)?;
        let power: u32 = units.chars().filter_map(unit).sum();
        if power >= last {
            return None;
        }
        let value = decimal(number)?.checked_mul(Decimal::from(10_u64.checked_pow(power)?))?;
        sum = sum.checked_add(value)?;
        (rest, last) = (after, power);
    }
    Some(sum)
}

/// A plain decimal, with commas only where they part thousands.
fn decimal(text: &str) -> Option<Decimal> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') || text.contains(['e', 'E', '_', '+', '-'])
    {
        return None;
    }
    if !text.contains(',') {
        return Decimal::from_str_exact(text).ok();
    }
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let head = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    let sound = head && groups.all(|group| group.len() == 3) && !text.rsplit('.').next()?.contains(',')
        || head && !text.contains('.') && whole.split(',').skip(1).all(|group| group.len() == 3);
    sound.then(|| Decimal::from_str_exact(&text.replace(',', "")).ok()).flatten()
}

/// A whole number of things, not negative.
pub(super) fn count(text: &str) -> Option<u32> {
    if let Ok(count) = u32::from_str(text) {
        return (!text.starts_with('+')).then_some(count);
    }
    let text = plain(text);
    let bare = text.trim_end_matches(['次', '笔', '个', '通', '起', '人']).trim();
    let value = decimal(bare)?;
    if !value.fract().is_zero() { None } else { u32::try_from(value.trunc()).ok() }
}

/// A share in percent, 0 to 100.
pub(super) fn share(text: &str) -> Option<Amount> {
    let text = plain(text);
    let value = decimal(text.trim_end_matches('%').trim())?;
    (value <= Decimal::ONE_HUNDRED).then(|| Amount::from(value))
}

/// What is odd about an identity card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardFault {
    /// The last digit does not fit the others.
    CheckDigit,
}

/// A card number without blanks and with a big X; other documents' numbers pass as they are.
pub(super) fn card(text: &str) -> (String, Option<CardFault>) {
    let number: String =
        plain(text).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
    let body = number.get(..17).filter(|body| number.len() == 18 && body.bytes().all(|b| b.is_ascii_digit()));
    let fault = body.filter(|body| !number.ends_with(check_digit(body))).map(|_| CardFault::CheckDigit);
    (number, fault)
}

/// ISO 7064 MOD 11-2, as GB 11643 has it.
fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit.wrapping_sub(b'0')) * weight).sum();
    "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('0')
}

/// Whether the number of an 18-digit card with a sound check digit stands anywhere in a text.
pub(super) fn holds_card(text: &str) -> bool {
    let text = plain(text);
    let mut digits = 0;
    text.char_indices().any(|(at, c)| {
        let body = at.checked_sub(17).filter(|_| digits >= 17).and_then(|from| text.get(from..at));
        digits = if c.is_ascii_digit() { digits + 1 } else { 0 };
        body.is_some_and(|body| check_digit(body) == c.to_ascii_uppercase())
    })
}

/// A card number as people are told apart by: the old 15 digits become the 18 they stand for.
pub(super) fn card_key(number: &str) -> String {
    let old = number.len() == 15 && number.bytes().all(|b| b.is_ascii_digit());
    match number.split_at_checked(6).filter(|_| old) {
        Some((place, rest)) => {
            let body = format!("{place}19{rest}");
            let check = check_digit(&body);
            format!("{body}{check}")
        }
        None => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_the_blanks_that_pad_them() {
        for (name, expected) in [
            ("李  强", "李强"),
            ("李\u{3000}强", "李强"),
            ("欧阳 建 国", "欧阳建国"),
            ("Chen Yi", "Chen Yi"),
            ("李 Qiang", "李 Qiang"),
            ("李强", "李强"),
        ] {
            assert_eq!(tight(name), expected);
        }
    }

    fn read(text: &str) -> Option<String> {
        date(text, false).map(|read| read.date.to_string())
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        let cases = [
            ("2019", "2019"),
            ("2019-08", "2019-08"),
            ("2019-08-01", "2019-08-01"),
            ("2019年8月1日", "2019-08-01"),
            ("2019年8月1号", "2019-08-01"),
            ("2019 年 8 月", "2019-08"),
            ("2019年", "2019"),
            ("2019.8.1", "2019-08-01"),
            ("2019.08", "2019-08"),
            ("2019/8/1", "2019-08-01"),
            ("2019-8-1", "2019-08-01"),
            ("２０１９／８／１", "2019-08-01"),
            ("201908", "2019-08"),
            ("20190801", "2019-08-01"),
            ("2019-08-01 12:30", "2019-08-01"),
            ("2019-08-01T12:30:00Z", "2019-08-01"),
            ("2019-08-01T12:30:00.123+08:00", "2019-08-01"),
            ("2019/8/1 9:05:00", "2019-08-01"),
            ("2019年8月1日 10时30分", "2019-08-01"),
            ("9999", "9999"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_guessed() {
        for text in [
            "",
            "01/08/2019",
            "1.8.2019",
            "0000-00-00",
            "2019-02-30",
            "2019.13",
            "农历八月",
            "19-8-1",
            "43678",
            "2019年13月",
            "2019-08-00",
            "20190001",
            "昨天",
            "2019-08-01x",
            "2019 08:00",
            "2019-08-01 99:99",
            "至今",
            "2019-08-01-02",
            "-",
            "年",
            "2019..1",
            "１２３",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn still_so_is_for_ends_only() {
        assert_eq!(date("至今", true), Some(ReadDate { date: Date::ONGOING, exact: false }));
        assert_eq!(date("9999-12-31", true), Some(ReadDate { date: Date::ONGOING, exact: true }));
        assert_eq!(date("至今", false), None);
    }

    fn sum(text: &str) -> Option<String> {
        amount(text, Decimal::ONE).map(|(amount, _)| amount.to_string())
    }

    #[test]
    fn amounts_are_exact() {
        let cases = [
            ("12.5万", "125000"),
            ("3亿", "300000000"),
            ("5千万", "50000000"),
            ("1亿2000万", "120000000"),
            ("1,234,567.89", "1234567.89"),
            ("１２，０００", "12000"),
            ("¥500", "500"),
            ("￥1,000.10", "1000.1"),
            ("12.5万元", "125000"),
            ("人民币3万元", "30000"),
            ("-200", "-200"),
            ("-0", "0"),
            ("0.1", "0.1"),
            ("3千", "3000"),
        ];
        for (text, expected) in cases {
            assert_eq!(sum(text).as_deref(), Some(expected), "{text}");
        }
        for bad in [
            "1e309", "NaN", "inf", "约12万", "12,34", "1,2345", "万", "三亿", "", "--1", "1万3亿", "12.5.1",
            "1_000", "1.5,000",
        ] {
            assert_eq!(sum(bad), None, "{bad}");
        }
        assert_eq!(amount("$5", Decimal::ONE).unwrap().1, Some("USD"));
        assert_eq!(amount("12.5", Decimal::from(10_000)).unwrap().0.to_string(), "125000");
        assert_eq!(amount("12.5万", Decimal::from(10_000)).unwrap().0.to_string(), "125000");
    }

    #[test]
    fn counts_and_shares_stay_in_their_bounds() {
        assert_eq!(count("3"), Some(3));
        assert_eq!(count("1,200次"), Some(1200));
        assert_eq!(count("3.0"), Some(3));
        for bad in ["-1", "1.5", "x", "99999999999", "+1"] {
            assert_eq!(count(bad), None, "{bad}");
        }
        assert_eq!(share("30%").unwrap().to_string(), "30");
        assert_eq!(share("100").unwrap().to_string(), "100");
        for bad in ["101", "-1", "x", "30%%x"] {
            assert_eq!(share(bad), None, "{bad}");
        }
    }

    #[test]
    fn card_numbers_are_checked_and_old_ones_lengthened() {
        assert_eq!(card("11010519491231002x"), ("11010519491231002X".to_owned(), None));
        assert_eq!(card("110105194912310021").1, Some(CardFault::CheckDigit));
        assert_eq!(card("130503670401001").1, None);
        assert_eq!(card("E12345678").1, None);
        assert_eq!(card_key("110105491231002"), "11010519491231002X");
        assert_eq!(card_key("E12345678"), "E12345678");
        assert!(holds_card("Wang11010519491231002x, cook") && holds_card("9911010519491231002X"));
        assert!(!holds_card("110105194912310021") && !holds_card("1101051949123100"));
    }
}
