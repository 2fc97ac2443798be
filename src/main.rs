//! The `oomph` binary.

fn main() -> std::process::ExitCode {
    oomph::cli::main()
}
