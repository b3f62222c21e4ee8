//! No more on a page than can be read in print.

use super::super::page;
use super::super::scene::Scene;
use super::Basis;
use crate::network::Wanted;

/// No page is cut to fewer cards.
const FEWEST: usize = 8;

/// The scene with as many cards as can be read in print: fewer and fewer until the smallest text has its
/// size. How many were asked for is how many are drawn. Cost: a layout for each try, of which there are few.
pub fn fitted(basis: &Basis<'_>, draw: impl Fn(&Basis<'_>) -> Option<Scene>) -> Option<Scene> {
    let mut scene = draw(basis)?;
    let mut most = basis.most;
    // What rests on a part that lacks something is thrown away, and asked again of more.
    let lacks = || basis.network.wanted() != Wanted::default();
    while !basis.asked && most > FEWEST && !lacks() {
        let scale = page::scale(&scene);
        if scale >= page::LEAST {
            break;
        }
        let shown = most.min(scene.nodes().len());
        let fewer = (shown as f64 * (scale / page::LEAST).max(0.7)) as usize;
        most = fewer.min(most - 1).max(FEWEST);
        scene = draw(&Basis { most, ..basis.clone() })?;
    }
    Some(scene)
}
