//! HTML that cannot be broken into: every text goes through [`escape`], every page carries a policy
//! that runs no script and loads nothing from elsewhere.

use crate::messages::tame;

/// Text for HTML, attribute values included: tamed, then escaped.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in tame(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A whole page. `title` is text; `style` and `body` are HTML made by us, their texts escaped.
pub fn page(lang: &str, title: &str, style: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; font-src 'self' file: data:\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>{}</title>\n<style>{style}</style>\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        escape(title)
    )
}

/// The name under which a report keeps the font beside its pages.
pub const FONT_FILE: &str = "parasol.ttf";

/// The style that takes the font from the report's folder, so that a page reads the same on a
/// machine without Chinese fonts. `up` leads from the page to that folder.
pub fn font(up: &str) -> String {
    format!("@font-face{{font-family:'Parasol Sans SC';src:url('{up}{FONT_FILE}')}}")
}

/// A table cell of text.
pub fn cell(text: &str) -> String {
    format!("<td>{}</td>", escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_text() {
        let bad = "\"><img src=x onerror=alert(1)>'\u{202E}&";
        let safe = escape(bad);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{202E}']), "{safe}");
        assert!(page("zh", bad, "", "").contains("&lt;img"));
    }
}
