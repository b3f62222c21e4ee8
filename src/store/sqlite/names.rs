//! Names as they are searched: folded, and read aloud in pinyin.

use pinyin::{ToPinyin, ToPinyinMulti};
use unicode_normalization::UnicodeNormalization;

use crate::model::{Kind, Props, is_unseen};

/// How surnames are read where that is not, or not surely, among a character's usual readings.
const SURNAMES: &[(&str, &str)] = &[
    ("万俟", "mo qi"),
    ("尉迟", "yu chi"),
    ("长孙", "zhang sun"),
    ("澹台", "tan tai"),
    ("令狐", "ling hu"),
    ("鲜于", "xian yu"),
    ("单于", "chan yu"),
    ("曾", "zeng"),
    ("单", "shan"),
    ("解", "xie"),
    ("仇", "qiu"),
    ("区", "ou"),
    ("查", "zha"),
    ("盖", "ge"),
    ("任", "ren"),
    ("华", "hua"),
    ("朴", "piao"),
    ("翟", "zhai"),
    ("缪", "miao"),
    ("乐", "yue"),
    ("员", "yun"),
    ("覃", "qin"),
    ("召", "shao"),
    ("种", "chong"),
    ("秘", "bi"),
    ("冼", "xian"),
    ("洗", "xian"),
    ("谌", "chen"),
    ("隗", "wei"),
    ("黑", "he"),
    ("折", "she"),
    ("祭", "zhai"),
    ("繁", "po"),
    ("牟", "mu"),
    ("郗", "xi"),
    ("适", "kuo"),
    ("么", "yao"),
    ("车", "che"),
    ("盛", "sheng"),
    ("柏", "bai"),
    ("葛", "ge"),
    ("纪", "ji"),
    ("曲", "qu"),
    ("沈", "shen"),
    ("石", "shi"),
    ("卜", "bu"),
    ("宁", "ning"),
    ("那", "na"),
    ("尹", "yin"),
    ("都", "du"),
    ("贾", "jia"),
    ("过", "guo"),
];

/// The names a row gives: its own and its aliases.
pub(in crate::store) fn names_of(kind: Kind, props: &Props) -> impl Iterator<Item = &str> {
    let own = match kind {
        Kind::Case => "title",
        Kind::Lead => "",
        kind if kind.is_object() => "label",
        _ => "name",
    };
    let own = props.get(own).map(String::as_str);
    let aliases = props.get("aliases").map_or("", String::as_str).split(';');
    own.into_iter().chain(aliases).map(str::trim).filter(|name| !name.is_empty())
}

/// A name as names are compared: NFKC, case folded, without what nobody sees, blanks at the ends cut.
pub(in crate::store) fn folded(name: &str) -> String {
    if name.is_ascii() {
        return name.trim().to_ascii_lowercase();
    }
    let seen = name.chars().filter(|c| !is_unseen(*c));
    seen.nfkc().flat_map(char::to_lowercase).nfkc().collect::<String>().trim().to_owned()
}

/// How a folded name may be read: syllables with `/` between a syllable's readings and a blank
/// between syllables; `None` if there is nothing Chinese in it.
pub(in crate::store) fn readings(key: &str) -> Option<String> {
    if key.chars().all(|c| c.to_pinyin().is_none()) {
        return None;
    }
    let surname: Vec<&str> = surname(key).map_or_else(Vec::new, |reading| reading.split(' ').collect());
    let letters = key.chars().filter(|c| !c.is_whitespace());
    let syllables = letters.enumerate().map(|(at, c)| syllable(c, surname.get(at).copied()));
    Some(syllables.collect::<Vec<_>>().join(" "))
}

fn surname(key: &str) -> Option<&'static str> {
    SURNAMES.iter().find(|(name, _)| key.starts_with(name)).map(|(_, reading)| *reading)
}

/// All readings of one character, a surname's first; a character that is not Chinese reads as itself.
fn syllable(c: char, surname: Option<&str>) -> String {
    let mut readings: Vec<String> = surname.map(str::to_owned).into_iter().collect();
    let usual = c.to_pinyin().into_iter();
    let others = c.to_pinyin_multi().into_iter().flatten();
    for reading in usual.chain(others) {
        let plain = reading.plain();
        // ü is typed as v, or simply as u.
        for typed in [plain.replace('ü', "v"), plain.replace('ü', "u")] {
            if !readings.contains(&typed) {
                readings.push(typed);
            }
        }
    }
    if readings.is_empty() { c.to_string() } else { readings.join("/") }
}

/// A text as it may stand for pinyin: its letters; `None` if it has others, or fewer than two.
pub(in crate::store) fn letters(key: &str) -> Option<String> {
    let letters: String = key
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .map(|c| if c == 'ü' { 'v' } else { c })
        .collect();
    (letters.len() >= 2 && letters.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(letters)
}

/// Whether the letters are how the name is read, from some syllable on; the last may be cut short.
pub(in crate::store) fn is_read(readings: &str, letters: &str) -> bool {
    is_spoken(&readings.split(' ').collect::<Vec<_>>(), letters)
}

/// The same of a name whose syllables stand apart.
pub(in crate::store) fn is_spoken(syllables: &[&str], letters: &str) -> bool {
    (0..syllables.len()).any(|from| reads(syllables.get(from..).unwrap_or_default(), letters))
}

fn reads(syllables: &[&str], letters: &str) -> bool {
    if letters.is_empty() {
        return true;
    }
    let Some((first, rest)) = syllables.split_first() else { return false };
    first.split('/').any(|reading| {
        reading.starts_with(letters)
            || letters.strip_prefix(reading).is_some_and(|left| !reading.is_empty() && reads(rest, left))
    })
}

/// Whether a name may be read as these letters from this syllable on.
pub(in crate::store) fn may_begin(syllable: &str, letters: &str) -> bool {
    syllable.split('/').any(|reading| reading.starts_with(letters) || letters.starts_with(reading))
}

/// Whether these letters are a reading of a syllable, or how one begins.
pub(in crate::store) fn is_begun_by(syllable: &str, letters: &str) -> bool {
    syllable.split('/').any(|reading| reading.starts_with(letters))
}

/// Whether the letters are the first letters of the name's first syllables.
pub(in crate::store) fn are_initials(readings: &str, letters: &str) -> bool {
    are_first_letters(readings.split(' '), letters)
}

/// The same of a name whose syllables stand apart.
pub(in crate::store) fn are_first_letters<'s>(
    mut syllables: impl Iterator<Item = &'s str>,
    letters: &str,
) -> bool {
    letters.chars().all(|letter| syllables.next().is_some_and(|syllable| begins(syllable, letter)))
}

/// Whether a reading of a syllable begins with this letter.
pub(in crate::store) fn begins(syllable: &str, letter: char) -> bool {
    syllable.split('/').any(|reading| reading.starts_with(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, typed: &str) -> bool {
        is_read(&readings(&folded(name)).unwrap(), &letters(&folded(typed)).unwrap())
    }

    #[test]
    fn surnames_are_read_as_surnames() {
        let cases = [
            ("曾国强", "zeng guoqiang"),
            ("单雄信", "shanxiongxin"),
            ("解晓东", "xie"),
            ("仇和", "qiu he"),
            ("区伯", "ou"),
            ("查良镛", "zhaliangyong"),
            ("盖叫天", "ge"),
            ("任华", "renhua"),
            ("尉迟恭", "yuchigong"),
            ("万俟卨", "moqi"),
            ("重庆公司", "chongqing gongsi"),
            ("重庆公司", "zhongqing"),
            ("吕布", "lvbu"),
            ("吕布", "lubu"),
            ("吕布", "lü bu"),
            ("王国强", "guoq"),
            ("西安路", "xian"),
        ];
        for (name, typed) in cases {
            assert!(read(name, typed), "{name} {typed}");
        }
        for (name, typed) in [("王伟", "wnag"), ("王伟", "weiwang"), ("王伟", "ang")] {
            assert!(!read(name, typed), "{name} {typed}");
        }
    }

    #[test]
    fn initials_start_at_the_surname() {
        let initials = |name: &str, typed: &str| are_initials(&readings(name).unwrap(), typed);
        assert!(initials("曾国强", "zgq") && initials("曾国强", "zg"));
        assert!(!initials("曾国强", "gq") && !initials("曾国强", "zgqx"));
    }

    #[test]
    fn names_are_folded() {
        assert_eq!(folded(" ＡＢＣ公司 "), "abc公司");
        assert_eq!(folded("\u{202E}顾\u{200B}明\u{FEFF}远\u{2069}"), "顾明远");
        assert_eq!(folded("Straße"), folded("STRAßE"));
        assert_eq!(readings("smith"), None);
        assert_eq!(letters("王"), None);
        assert_eq!(letters("o'neil d"), Some("oneild".to_owned()));
    }
}
