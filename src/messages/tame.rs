//! Makes untrusted text harmless to look at: stored bytes stay as they are, only what is shown changes.

/// The text with characters that act on the reader's screen made visible or taken out: direction
/// marks become `⟦RLO⟧` and the like (they really turn words round), control characters
/// (terminal escapes) become `␛`-style pictures, line breaks become spaces, and the two
/// non-characters that stop XML parsers are dropped.
pub fn tame(text: &str) -> String {
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut tamed = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => tamed.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            '\u{0}'..='\u{1F}' => tamed.push(char::from_u32(0x2400 + c as u32).unwrap_or('␀')),
            '\u{7F}' => tamed.push('␡'),
            '\u{80}'..='\u{9F}' => tamed.push('␦'),
            _ => match direction(c) {
                Some(name) => tamed.push_str(&format!("⟦{name}⟧")),
                None => tamed.push(c),
            },
        }
    }
    tamed
}

fn is_plain(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}')
        || direction(c).is_some())
}

fn direction(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{061C}' => "ALM",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_screen_is_made_visible() {
        assert_eq!(tame("王伟\u{202E}abc"), "王伟⟦RLO⟧abc");
        assert_eq!(tame("\u{1B}[31mred\u{0}\nnext"), "␛[31mred␀ next");
        assert_eq!(tame("a\u{FFFE}b\u{9B}"), "ab␦");
        assert_eq!(tame("plain 王建国"), "plain 王建国");
    }
}
