//! The `kith` program.

fn main() -> std::process::ExitCode {
    kith::cli::run(std::env::args_os())
}
