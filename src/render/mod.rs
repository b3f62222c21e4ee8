//! Pictures: from a complete [`scene::Scene`] to SVG, PNG and PDF.
//!
//! One scene is one picture: PNG and PDF are made from the SVG. Drawing cannot fail, opens no
//! file, looks for no font on the machine, knows no clock: the same scene gives the same bytes.
//! Whoever builds a scene settles every question before; this module only draws. Start at [`draw`].

pub mod charts;
pub mod drawing;
pub mod font;
pub mod layout;
pub mod markup;
pub mod page;
pub mod picture;
pub mod scene;
pub mod scenes;
pub mod sheet;
pub mod style;
pub mod subset;
pub mod symbols;
pub mod text;

pub use picture::{Format, Picture, PictureError};
pub use scene::Scene;
pub use style::Style;

/// Draws a scene.
pub fn draw(scene: &Scene, style: Style) -> Picture {
    let (svg, missing) = page::page(scene, style);
    let title = text::clean(&scene.title, text::LINE);
    Picture { svg, title, lang: text::label(&scene.lang), missing }
}

#[cfg(test)]
mod tests;
