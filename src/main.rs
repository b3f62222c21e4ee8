//! The `parasol` program: translates the command line to tasks, and nothing else.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
