//! What a file is, told from its first bytes.

/// What a file that is not an HPROF binary dump seems to be, in words that go on "this is ...".
pub fn describe(head: &[u8]) -> &'static str {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if head.is_empty() {
        "an empty file"
    } else if starts(b"JAVA PROFILE 1.0") && head.contains(&b',') {
        "the text form of the hprof agent (format=a), which holds no heap; run the agent with format=b"
    } else if starts(b"\x00\x12portable heap dump") || starts(b"\x00\x19portable heap dump") {
        "a portable heap dump (PHD) of an IBM J9 / OpenJ9 JVM; convert it or dump with -Xdump:system"
    } else if starts(b"BZh") {
        "a bzip2 file; unpack it first (oomph reads .hprof, .hprof.gz and .hprof.zst)"
    } else if starts(b"\xfd7zXZ\x00") {
        "an xz file; unpack it first (oomph reads .hprof, .hprof.gz and .hprof.zst)"
    } else if starts(b"PK\x03\x04") {
        "a ZIP archive; unpack it first"
    } else if starts(b"7z\xbc\xaf\x27\x1c") {
        "a 7-Zip archive; unpack it first"
    } else if head.len() > 262 && &head[257..262] == b"ustar" {
        "a tar archive; unpack it first"
    } else if starts(b"version https://git-lfs.github.com/spec/") {
        "a Git LFS pointer, not the file itself; run `git lfs pull`"
    } else if starts(b"FLR\x00") {
        "a Java Flight Recorder file; open it with JDK Mission Control"
    } else if starts(b"\x7fELF") {
        "an ELF file, perhaps a core dump; make a heap dump from it with `jhsdb jmap --binaryheap`"
    } else if starts(b"MDMP") {
        "a Windows minidump; make a heap dump from it with `jhsdb jmap --binaryheap`"
    } else if head.iter().all(|&b| b == 0) {
        "a file of zero bytes, as a full disk or an interrupted copy leaves behind"
    } else if head.iter().take(512).all(|&b| b.is_ascii_graphic() || b.is_ascii_whitespace()) {
        "a text file"
    } else {
        "something else"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_people_confuse_with_dumps() {
        assert!(describe(b"BZh91AY&SY").contains("bzip2"));
        assert!(describe(b"JAVA PROFILE 1.0.1, created Thu").contains("text form"));
        assert!(describe(b"version https://git-lfs.github.com/spec/v1\n").contains("Git LFS"));
        assert!(describe(b"").contains("empty"));
        assert!(describe(&[0; 100]).contains("zero"));
        assert_eq!(describe(b"hello world\n"), "a text file");
    }
}
