//! `oomph index`, `--index` and `--no-index`.

use super::{Dump, snapshot};
use hprof_fixtures::generate::{Options as GenerateOptions, ShapeKind, generate};
use oomph::snapshot::{Options, Reopened};
use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn shop(objects: u64) -> Dump {
    let mut out = Cursor::new(Vec::new());
    generate(&GenerateOptions { shape: ShapeKind::Shop, objects, seed: 5, giant: None }, &mut out).unwrap();
    Dump::new(&out.into_inner())
}

fn command(dump: &Dump, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oomph"));
    command.args(words.split_whitespace()).current_dir(dump.dir.path()).stdin(Stdio::null());
    command
}

/// Exit code, standard output, standard error.
fn run(dump: &Dump, words: &str) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command(dump, words).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

const INDEX: &str = "heap.hprof.oomph-index";

#[test]
fn nothing_is_kept_unasked_and_what_is_kept_is_used() {
    let dump = shop(3000);
    let (code, built, _) = run(&dump, "histogram heap.hprof --format json");
    assert_eq!((code, dump.files()), (0, vec!["heap.hprof".to_owned()]));
    let (code, said, _) = run(&dump, "index heap.hprof");
    assert_eq!(code, 0);
    assert!(said.starts_with("heap.hprof.oomph-index: ") && said.contains("bytes for each of"), "{said}");
    assert_eq!(dump.files(), ["heap.hprof", INDEX]);
    let (_, said, _) = run(&dump, "index heap.hprof");
    assert!(said.contains("is up to date"), "{said}");
    let (_, reopened, phases) = run(&dump, "histogram heap.hprof --format json --verbose");
    assert!(phases.contains("check the index") && !phases.contains("scan"), "{phases}");
    assert_eq!(reopened, built);
    let (_, ignored, phases) = run(&dump, "histogram heap.hprof --format json --verbose --no-index");
    assert!(phases.contains("scan") && !phases.contains("check the index"), "{phases}");
    assert_eq!(ignored, built);
    let (_, said, _) = run(&dump, "index heap.hprof --no-index");
    assert!(!said.contains("up to date"), "made anew: {said}");
}

#[test]
fn a_stale_index_is_told_in_one_line_and_made_anew_when_asked() {
    let dump = shop(3000);
    let (code, ..) = run(&dump, "threads heap.hprof --index");
    assert_eq!((code, dump.files()), (0, vec!["heap.hprof".to_owned(), INDEX.to_owned()]));
    std::fs::write(&dump.path, std::fs::read(shop(2000).path).unwrap()).unwrap();
    let (code, _, told) = run(&dump, "threads heap.hprof");
    assert_eq!(code, 0);
    assert_eq!(
        told,
        "oomph: the index heap.hprof.oomph-index is not used: it is stale: the dump's size has changed\n"
    );
    let (code, _, told) = run(&dump, "threads heap.hprof --quiet");
    assert_eq!((code, told.as_str()), (0, ""));
    let (code, _, told) = run(&dump, "threads heap.hprof --index");
    assert_eq!((code, told.lines().count()), (0, 2), "{told}");
    assert!(told.ends_with("oomph: kept the index heap.hprof.oomph-index\n"), "{told}");
    let (code, _, told) = run(&dump, "threads heap.hprof");
    assert_eq!((code, told.as_str()), (0, ""));
    assert_eq!(dump.files(), ["heap.hprof", INDEX]);
}

#[test]
fn a_damaged_index_does_not_stop_a_command() {
    let dump = shop(3000);
    let (_, whole, _) = run(&dump, "dominators heap.hprof --format json --index");
    let index = dump.dir.path().join(INDEX);
    let mut bytes = std::fs::read(&index).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0xa5);
    std::fs::write(&index, bytes).unwrap();
    let (code, again, told) = run(&dump, "dominators heap.hprof --format json");
    assert_eq!((code, &again), (0, &whole));
    assert!(told.contains("it is damaged: a checksum is wrong"), "{told}");
    let (_, said, _) = run(&dump, "index heap.hprof");
    assert!(!said.contains("up to date"), "{said}");
    assert_eq!(run(&dump, "dominators heap.hprof --format json"), (0, whole, String::new()));
}

#[test]
fn a_folder_of_indexes_is_made_used_and_apart() {
    let dump = shop(2000);
    let (code, said, _) = run(&dump, "index heap.hprof --index=kept/here");
    assert_eq!(code, 0);
    assert!(said.starts_with("kept/here/heap.hprof-"), "{said}");
    assert_eq!(dump.files(), ["heap.hprof", "kept"]);
    let (_, _, phases) = run(&dump, "threads heap.hprof --verbose --index kept/here");
    assert!(phases.contains("check the index"), "{phases}");
    let (_, _, phases) = run(&dump, "threads heap.hprof --verbose");
    assert!(!phases.contains("check the index"), "{phases}");
    // One beside the dump is used though another place is named, and then not written again.
    run(&dump, "index heap.hprof");
    let (_, _, phases) = run(&dump, "threads heap.hprof --verbose --index=other");
    assert!(phases.contains("check the index"), "{phases}");
    assert_eq!(std::fs::read_dir(dump.dir.path().join("other")).unwrap().count(), 0);
}

#[test]
fn what_has_no_file_has_no_index() {
    let dump = shop(100);
    for words in ["index -", "threads - --index"] {
        let (code, _, told) = run(&dump, words);
        assert_eq!((code, told.lines().count()), (2, 1), "{told}");
        assert!(told.contains("standard input"), "{told}");
    }
    let (code, _, told) = run(&dump, "index missing.hprof");
    assert_eq!(code, 2);
    assert!(told.contains("cannot read missing.hprof"), "{told}");
    std::fs::write(dump.dir.path().join("text.hprof"), "no dump").unwrap();
    let (code, _, told) = run(&dump, "index text.hprof");
    assert_eq!(code, 2);
    assert!(told.contains("not an HPROF"), "{told}");
    assert_eq!(dump.files(), ["heap.hprof", "text.hprof"]);
}

#[cfg(unix)]
#[test]
fn a_full_disk_costs_the_index_but_not_the_answer() {
    let dump = shop(20_000);
    let limited = |words: &str| {
        let shell = format!("trap '' XFSZ; ulimit -f 100; exec {} {words}", env!("CARGO_BIN_EXE_oomph"));
        let output = Command::new("sh").args(["-c", &shell]).current_dir(dump.dir.path()).output().unwrap();
        (output.status.code().unwrap(), output.stdout, String::from_utf8(output.stderr).unwrap())
    };
    let (code, _, told) = limited("index heap.hprof");
    assert_eq!(code, 2);
    assert!(told.contains("cannot keep the index heap.hprof.oomph-index: "), "{told}");
    let (code, answer, told) = limited("threads heap.hprof --index");
    assert_eq!((code, told.lines().count()), (0, 1), "{told}");
    assert!(!answer.is_empty());
    assert_eq!(dump.files(), ["heap.hprof"]);
}

#[cfg(target_os = "linux")]
#[test]
fn where_nothing_can_be_written_the_answer_comes_all_the_same() {
    let dump = shop(1000);
    let (code, answer, told) = run(&dump, "threads heap.hprof --index=/proc/self");
    assert_eq!((code, told.lines().count(), answer.is_empty()), (0, 1, false), "{told}");
    assert!(told.contains("cannot keep the index /proc/self/"), "{told}");
    let (code, _, told) = run(&dump, "index heap.hprof --index=/proc/self");
    assert_eq!((code, told.lines().count()), (2, 1), "{told}");
}

#[test]
fn processes_may_build_at_the_same_time() {
    let dump = shop(60_000);
    let running: Vec<_> =
        (0..3).map(|_| command(&dump, "index heap.hprof").stdout(Stdio::null()).spawn().unwrap()).collect();
    for mut process in running {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(dump.files(), ["heap.hprof", INDEX]);
    snapshot(dump.reopen(&Options::default()));
}

/// Killed at any time, a command leaves the whole index or none.
#[test]
fn a_killed_process_leaves_no_half_index() {
    let dump = shop(60_000);
    for delay in (0..12).map(|step| step * step * 2) {
        let mut process =
            command(&dump, "index heap.hprof --no-index").stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        process.kill().unwrap();
        process.wait().unwrap();
        match dump.reopen(&Options::default()) {
            Reopened::Rejected(why) => panic!("after {delay} ms: {why}"),
            Reopened::Absent | Reopened::Snapshot(_) => {}
        }
        // Only in the moment between two names of a whole file there may be a temporary one.
        let others = dump.files().into_iter().filter(|name| name != "heap.hprof" && name != INDEX);
        for name in others {
            assert!(Path::new(&name).extension().is_some_and(|ending| ending == "tmp"), "{name}");
            std::fs::remove_file(dump.dir.path().join(name)).unwrap();
        }
    }
}

#[cfg(unix)]
#[test]
fn interrupted_a_command_leaves_nothing() {
    let dump = shop(120_000);
    for delay in [60, 150, 260] {
        let mut process =
            command(&dump, "index heap.hprof --no-index").stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(delay));
        let killed = Command::new("kill").args(["-INT", &process.id().to_string()]).status();
        let code = process.wait().unwrap().code();
        if killed.is_ok_and(|status| status.success()) && code == Some(130) {
            assert!(
                dump.files().iter().all(|name| name == "heap.hprof" || name == INDEX),
                "{:?}",
                dump.files()
            );
        }
        if let Reopened::Rejected(why) = dump.reopen(&Options::default()) {
            panic!("{why}");
        }
    }
}
