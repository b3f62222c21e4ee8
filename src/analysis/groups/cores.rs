//! Cores: the parts in which everybody has at least k neighbours of the same part.
//!
//! S. B. Seidman, *Network structure and minimum degree*, Social Networks 5 (1983); peeled level by
//! level after H. Kabir and K. Madduri, *Parallel k-core decomposition on multicore platforms*, 2017.

use crate::network::Projection;

/// For each node the greatest k of whose k-core it is part: everybody there has at least k neighbours
/// there. Arcs that lead one way count for both ends.
///
/// Cost: two looks at each arc; 12 bytes a node.
///
/// ```
/// use parasol::analysis::groups::cores;
/// use parasol::network::Projection;
///
/// // A triangle with a tail.
/// let projection = Projection::from_arcs(4, &[(0, 1, 1.0), (1, 2, 1.0), (2, 0, 1.0), (2, 3, 1.0)], false)?;
/// assert_eq!(cores(&projection), [2, 2, 2, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn cores(projection: &Projection) -> Vec<u32> {
    let both = projection.is_directed();
    let degree = |node| {
        let back = if both { projection.sources(node).len() } else { 0 };
        (projection.neighbours(node).len() + back) as u32
    };
    let mut left: Vec<u32> = projection.nodes().map(degree).collect();
    let mut waiting: Vec<u32> = (0..projection.node_count() as u32).collect();
    let (mut peeled, mut k) = (Vec::new(), 0);
    while !waiting.is_empty() {
        peeled.extend(waiting.iter().copied().filter(|&node| left[node as usize] <= k));
        while let Some(node) = peeled.pop() {
            let node = crate::network::NodeIx(node);
            let back = if both { projection.sources(node) } else { &[] };
            for &other in projection.neighbours(node).iter().chain(back) {
                let left = &mut left[other as usize];
                if *left > k {
                    *left -= 1;
                    if *left == k {
                        peeled.push(other);
                    }
                }
            }
        }
        // Whoever was peeled now stands at k, which is his core.
        waiting.retain(|&node| left[node as usize] > k);
        k = waiting.iter().map(|&node| left[node as usize]).min().unwrap_or(k);
    }
    left
}
