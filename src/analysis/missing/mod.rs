//! Missing ties: who is likely tied to whom without a record of it.
//!
//! Each score is about a pair that is not tied: how many ways of two or three hops there are between the
//! two, a way counting less the more ties those in the middle have (D. Liben-Nowell and J. Kleinberg, *The
//! link-prediction problem for social networks*, JASIST 58, 2007). A high score says where to look; it is
//! no evidence of a tie, and stands in no score of a pair.

mod nearby;

pub use nearby::{Nearby, near_sides, nearby, nearby_of_all};

#[cfg(test)]
mod tests;
