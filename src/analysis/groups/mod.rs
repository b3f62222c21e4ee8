//! Groups: what holds together.
//!
//! Components, cores, blocks, communities: one file each. All are about the network as it is walked; ways
//! arcs lead do not matter here.

mod blocks;
mod bridges;
mod brokerage;
mod components;
mod cores;
mod faction;
mod leiden;
mod level;
mod players;
mod refine;
mod settle;

pub use blocks::{Blocks, blocks};
pub use bridges::{Bridge, bridges};
pub use brokerage::{Roles, brokerage};
pub use components::components;
pub use cores::cores;
pub use faction::{Factions, factions};
pub use leiden::{Communities, CommunityOptions, Quality, communities, division_quality};
pub use players::{Players, to_fragment, to_reach};

#[cfg(test)]
mod communities_tests;
#[cfg(test)]
mod players_tests;
#[cfg(test)]
mod tests;
