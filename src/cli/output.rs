//! Writing results: to standard output, or to files that appear whole or not at all.

use super::failure::Failure;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Writes to standard output. A closed pipe ends the command quietly.
pub(super) fn to_stdout(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::new(format!("cannot write to standard output: {error}")),
    })
}

/// Writes a file by way of a temporary one beside it, so that nobody ever sees half of it. `-` and things that are no plain files
/// (`/dev/stdout`, a pipe) are written to directly.
pub(super) fn to_file(path: &Path, text: &str) -> Result<(), Failure> {
    if path == Path::new("-") {
        return to_stdout(text);
    }
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::new(format!("cannot write {}: {error}", path.display())),
    };
    let is_special = std::fs::metadata(path).is_ok_and(|meta| !meta.is_file());
    if is_special {
        return std::fs::write(path, text).map_err(failed);
    }
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".oomph-").tempfile_in(dir).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    keep_permissions(path, file.as_file()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Whether data for that path go to standard output, which then has no room for text for people.
pub(super) fn is_stdout(path: &Path) -> bool {
    path == Path::new("-") || path == Path::new("/dev/stdout")
}

/// Whether [`to_file`] replaces what is there, rather than adding to what a reader has got.
pub(super) fn is_replaceable(path: &Path) -> bool {
    path != Path::new("-") && std::fs::metadata(path).map_or(true, |meta| meta.is_file())
}

/// Temporary files are for their owner only; a report is a file like any other.
#[cfg(unix)]
fn keep_permissions(path: &Path, file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = match std::fs::metadata(path) {
        Ok(meta) => meta.permissions().mode(),
        Err(_) => 0o644,
    };
    file.set_permissions(std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_permissions(_: &Path, _: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// To the file if there is one, else to standard output.
pub(super) fn write(output: Option<&Path>, text: &str) -> Result<(), Failure> {
    output.map_or_else(|| to_stdout(text), |path| to_file(path, text))
}
