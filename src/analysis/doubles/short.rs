//! Texts that are nearly always short, kept where they stand.

/// A text: in place where it has at most `N` bytes, which may be 255 at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Short<const N: usize> {
    Here { len: u8, bytes: [u8; N] },
    Elsewhere(Box<Long>),
}

/// A text that is longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Long(Box<str>);

impl<const N: usize> Short<N> {
    pub fn of(text: &str) -> Self {
        let mut bytes = [0; N];
        match (u8::try_from(text.len()), bytes.get_mut(..text.len())) {
            (Ok(len), Some(here)) => {
                here.copy_from_slice(text.as_bytes());
                Self::Here { len, bytes }
            }
            _ => Self::Elsewhere(Box::new(Long(text.into()))),
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Self::Here { len, bytes } => {
                let own = bytes.get(..usize::from(*len)).unwrap_or_default();
                std::str::from_utf8(own).unwrap_or_default()
            }
            Self::Elsewhere(long) => &long.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_whatever_its_length() {
        let long = "九".repeat(200);
        for text in ["", "1970-03-04", "1970-03-04 上午", "110101197003040012", "一二三四五", &long] {
            assert_eq!(Short::<14>::of(text).text(), text);
            assert_eq!(Short::<22>::of(text).text(), text);
            assert_eq!(Short::<14>::of(text), Short::<14>::of(text));
        }
        assert_ne!(Short::<14>::of("1970"), Short::<14>::of("1971"));
        assert_eq!((size_of::<Option<Short<14>>>(), size_of::<Option<Short<22>>>()), (16, 24));
    }
}
