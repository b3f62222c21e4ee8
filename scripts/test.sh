#!/usr/bin/env bash
# The one test command. Installs what it needs (Rust must be there), then checks format, lints,
# documentation, licences, and runs every test in the release of the tree as it stands.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf '\n== %s\n' "$*"; }

say "tools"
rustup component add rustfmt clippy >/dev/null 2>&1 || true
tools="$PWD/target/tools"
if ! command -v cargo-deny >/dev/null 2>&1 && [ ! -x "$tools/bin/cargo-deny" ]; then
  cargo install --quiet --locked --root "$tools" cargo-deny@0.20.2
fi
export PATH="$tools/bin:$PATH"
# A browser, to look at the report's page as its reader does. Without one that test says it was left out.
if ! command -v chromium >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium) \
    >/dev/null 2>&1 || echo "no browser could be installed: its test is left out"
fi

# What puts faults into the program's calls. Without it that test says it was left out.
if ! command -v strace >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace) \
    >/dev/null 2>&1 || echo "no strace could be installed: its test is left out"
fi

say "format";        cargo fmt --check
say "lints";         cargo clippy --locked --all-targets -- -D warnings
say "documentation"; RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet
say "licences";      cargo deny --log-level error check licenses bans sources
say "without pictures"; cargo check --locked --no-default-features --quiet
# The same random cases in every run: a red check means the change, not the dice. Plain `cargo test` rolls anew.
export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261124}"
# Real servers for the tests of stores on servers: fetched and started; what cannot be is left out, and said.
# What this machine cannot do is left out, and read out at the end.
PARASOL_LEFT_OUT=$(mktemp); export PARASOL_LEFT_OUT
told() { if [ -s "$PARASOL_LEFT_OUT" ]; then say "left out on this machine"; sort -u "$PARASOL_LEFT_OUT"; fi; rm -f "$PARASOL_LEFT_OUT"; }
trap told EXIT
say "tests";         bash scripts/servers/with cargo test --locked
# The promises of a store, shortly, on the oldest and the newest server that it is meant for.
for version in 4.4.48 2026.08.1; do
  say "a store on Neo4j $version"
  # Shown and kept. (`tee /dev/stderr` would open it anew, and where it is a file begin it anew; awk writes to it as it is.)
  ran=$(NEO4J=$version ARCADEDB=off PARASOL_TEST_CASES=1 bash scripts/servers/with \
    cargo test --locked --lib a_server_is_a_store -- --nocapture 2>&1 | awk '{ print; print > "/dev/stderr" }')
  # A filter that finds no test, and a test that finds no server, end well, too.
  grep -q 'test result: ok. 1 passed' <<< "$ran" || { echo "no promise was put to Neo4j $version" >&2; exit 1; }
  ! grep -q 'left out: no server' <<< "$ran" \
    || echo "a_server_is_a_store_like_a_file: Neo4j $version could not be started" >> "$PARASOL_LEFT_OUT"
done
