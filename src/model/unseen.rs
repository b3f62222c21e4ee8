//! Characters that nobody sees.

/// Whether a character has no width and tells names apart for no reader: joiners and spaces of no width, marks of
/// direction, soft hyphens, byte order marks. Names keep them as they were typed; names are compared without.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}
