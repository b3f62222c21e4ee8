//! A finished picture, and its three forms: SVG, and PNG and PDF made from that SVG.

use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::font;

/// The forms a picture can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Vectors for the screen; texts are texts.
    Svg,
    /// Dots.
    Png,
    /// A page to print; texts can be selected.
    Pdf,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Png, Self::Pdf];

    /// The ending of its files, without the dot.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// The form a file's ending asks for, capitals or not.
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending().eq_ignore_ascii_case(ending))
    }
}

/// Why a picture could not be turned into dots or a page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// The SVG could not be read back: a mistake of ours.
    #[error("the picture could not be read back: {0}")]
    Svg(String),
    /// It would be larger than memory allows.
    #[error("the picture is too large for dots")]
    Size,
    /// It could not be written.
    #[error("the picture could not be written: {0}")]
    Write(String),
}

/// A finished picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// The SVG.
    pub svg: String,
    /// What it shows.
    pub title: String,
    /// The language tag of its texts.
    pub lang: String,
    /// Characters that the font lacks and that stand as boxes in PNG and PDF, sorted.
    pub missing: Vec<char>,
}

/// Dots an inch of a PNG: sharp on paper.
const DOTS: f32 = 192.0;

impl Picture {
    /// The picture in a form. The same picture gives the same bytes.
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>, PictureError> {
        match format {
            Format::Svg => Ok(self.svg.clone().into_bytes()),
            Format::Png => self.png(DOTS / 96.0),
            Format::Pdf => self.pdf(),
        }
    }

    /// The picture as PNG, so many dots a unit of the SVG.
    pub fn png(&self, scale: f32) -> Result<Vec<u8>, PictureError> {
        let tree = self.tree()?;
        let dots = |side: f32| (side * scale).round().max(1.0) as u32;
        let size = tree.size();
        let mut map = Pixmap::new(dots(size.width()), dots(size.height())).ok_or(PictureError::Size)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut map.as_mut());
        map.encode_png().map_err(|why| PictureError::Write(why.to_string()))
    }

    /// The picture as a PDF of one page.
    pub fn pdf(&self) -> Result<Vec<u8>, PictureError> {
        const POINTS: f32 = 72.0 / 96.0;
        let tree = self.tree()?;
        let (w, h) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
        let settings = PageSettings::from_wh(w, h).ok_or(PictureError::Size)?;
        let size = Size::from_wh(w, h).ok_or(PictureError::Size)?;
        let mut document = Document::new_with(SerializeSettings::default());
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.draw_svg(&tree, size, SvgSettings::default());
        surface.finish();
        page.finish();
        // Neither a date nor an id: the same picture gives the same bytes.
        let lang = if self.lang.is_empty() { "en" } else { &self.lang };
        document.set_metadata(Metadata::new().title(self.title.clone()).language(lang.to_owned()));
        document.finish().map_err(|why| PictureError::Write(format!("{why:?}")))
    }

    fn tree(&self) -> Result<Tree, PictureError> {
        let options = Options {
            fontdb: font::database(),
            font_family: font::FAMILY.to_owned(),
            dpi: 96.0,
            ..Options::default()
        };
        Tree::from_str(&self.svg, &options).map_err(|why| PictureError::Svg(why.to_string()))
    }
}
