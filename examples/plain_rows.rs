//! Writes a bundle of plain rows: `cargo run --release --example plain_rows -- DIR PEOPLE RELATIONS SEED`.

#[path = "../benches/rows/mod.rs"]
mod rows;

fn main() -> std::io::Result<()> {
    let mut words = std::env::args().skip(1);
    let dir = words.next().unwrap_or_else(|| "plain".to_owned());
    let mut number = |default: u64| words.next().and_then(|word| word.parse().ok()).unwrap_or(default);
    let (people, relations, seed) = (number(6_000), number(120_000), number(1));
    let people = u32::try_from(people).unwrap_or(u32::MAX);
    rows::write_bundle(dir.as_ref(), people, relations, seed)
}
