//! Unpacks, in parallel, the gzip files that HotSpot writes.
//!
//! `jcmd GC.heap_dump -gz` packs each megabyte as a gzip member of its own and says so in the first member's comment, `HPROF BLOCKSIZE=n`
//! (JDK: `heapDumperCompression.cpp`). Members do not tell their length, but all but the first begin with the same ten bytes. Places with
//! these bytes are taken for beginnings, unpacked at the same time, and believed only if each member ends, its checksum right,
//! where the next one begins; where one does not, it is unpacked again with no end given. So a file is read as by one reader
//! from end to end, damage included. Cost: the packed file mapped, and some megabytes per thread.

use flate2::bufread::GzDecoder;
use rayon::prelude::*;
use std::io::{self, Read};

/// What stands in the comment of the first member.
const COMMENT: &[u8] = b"HPROF BLOCKSIZE=";
/// Bytes of a header without name and comment.
const HEADER: usize = 10;
/// Members per thread that are unpacked before they are handed on.
const MEMBERS_PER_THREAD: usize = 8;
/// Larger members are unpacked piece by piece, so that no member decides how much memory is used.
const MOST_BYTES: u64 = 16 << 20;
/// Beginnings are searched for in parallel pieces of that size.
const PIECE: usize = 1 << 22;

/// Whether these are the first bytes of such a file.
pub(super) fn is_chunked(packed: &[u8]) -> bool {
    packed.len() > HEADER
        && packed.starts_with(&[0x1f, 0x8b, 8])
        && packed[3] == 0x10
        && packed[HEADER..].starts_with(COMMENT)
}

/// Unpacks all members in order. `take` gets the unpacked bytes and how many packed ones they were. Returns why the data ended before
/// the end of the file, if they did.
pub(super) fn unpack<E>(
    packed: &[u8],
    mut take: impl FnMut(&[u8], usize) -> Result<(), E>,
) -> Result<Option<io::Error>, E> {
    let mut at = 0;
    let mut begins = Vec::new().into_iter().peekable();
    let mut searched = false;
    let mut buffer = vec![0; 1 << 20];
    while at < packed.len() {
        // One member at a time until the next beginning is one that was foreseen.
        while begins.next_if(|&begin| begin < at).is_some() {}
        if begins.peek() == Some(&at) {
            let wave: Vec<usize> =
                begins.by_ref().take(MEMBERS_PER_THREAD * rayon::current_num_threads()).collect();
            let after = begins.peek().copied().unwrap_or(packed.len());
            let ends = wave[1..].iter().copied().chain([after]);
            let members: Vec<(usize, usize)> = wave.iter().copied().zip(ends).collect();
            let unpacked: Vec<Option<Vec<u8>>> =
                members.par_iter().map(|&(begin, end)| whole_member(&packed[begin..end])).collect();
            for (&(begin, end), bytes) in members.iter().zip(&unpacked) {
                let Some(bytes) = bytes else { break };
                take(bytes, end - begin)?;
                at = end;
            }
            if unpacked.iter().all(Option::is_some) {
                continue;
            }
        }
        let mut decoder = GzDecoder::new(&packed[at..]);
        loop {
            match decoder.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => take(&buffer[..count], 0)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Some(error)),
            }
        }
        let length = packed.len() - at - decoder.into_inner().len();
        take(&[], length)?;
        at += length;
        if !std::mem::replace(&mut searched, true) {
            begins = beginnings(packed, at).into_iter().peekable();
        }
    }
    Ok(None)
}

/// The unpacked bytes of a member that takes up all of `packed`, unless there are too many of them.
fn whole_member(packed: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = GzDecoder::new(packed);
    let mut bytes = Vec::new();
    decoder.by_ref().take(MOST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= MOST_BYTES && decoder.into_inner().is_empty()).then_some(bytes)
}

/// Where the ten bytes stand that are at `first`, from there on.
fn beginnings(packed: &[u8], first: usize) -> Vec<usize> {
    let Some(header) = packed.get(first..first + HEADER) else { return Vec::new() };
    let pieces = (first..packed.len()).into_par_iter().step_by(PIECE);
    let found = pieces.flat_map_iter(|begin| {
        // A header may lie across the border.
        let end = (begin + PIECE + HEADER - 1).min(packed.len());
        packed[begin..end]
            .windows(HEADER)
            .enumerate()
            .filter(|(_, window)| *window == header)
            .map(move |(at, _)| begin + at)
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A file as HotSpot writes it.
    fn pack(data: &[u8], block: usize) -> Vec<u8> {
        let mut packed = Vec::new();
        for (at, block_bytes) in data.chunks(block).enumerate() {
            let builder = flate2::GzBuilder::new().operating_system(3);
            let builder = if at == 0 { builder.comment(format!("HPROF BLOCKSIZE={block}")) } else { builder };
            let mut writer = builder.write(&mut packed, flate2::Compression::fast());
            writer.write_all(block_bytes).unwrap();
            writer.finish().unwrap();
        }
        packed
    }

    fn all(packed: &[u8]) -> (Vec<u8>, Option<io::Error>) {
        let (mut bytes, mut counted) = (Vec::new(), 0);
        let error = unpack(packed, |part, length| {
            bytes.extend_from_slice(part);
            counted += length;
            Ok::<_, std::convert::Infallible>(())
        });
        let Ok(error) = error;
        assert!(error.is_some() || counted == packed.len());
        (bytes, error)
    }

    fn data(count: u32) -> Vec<u8> {
        (0..count).flat_map(|n| (n.wrapping_mul(2_654_435_761) >> 12).to_be_bytes()).collect()
    }

    #[test]
    fn unpacks_members_in_order() {
        let data = data(300_000);
        for block in [1000, 65_536, 5_000_000] {
            let packed = pack(&data, block);
            assert!(is_chunked(&packed));
            let (bytes, error) = all(&packed);
            assert!(bytes == data && error.is_none());
        }
    }

    #[test]
    fn bytes_that_only_look_like_a_beginning_do_no_harm() {
        let mut plain = data(20_000);
        let header = pack(&plain, 1000)[..]
            .windows(10)
            .find(|w| w[3] == 0 && w.starts_with(&[0x1f, 0x8b, 8]))
            .unwrap()
            .to_vec();
        // Stored, not deflated: the look-alikes stand in the packed bytes as they are.
        for at in [5000, 5500, 30_000] {
            plain[at..at + 10].copy_from_slice(&header);
        }
        let mut packed = Vec::new();
        for (at, block) in plain.chunks(8000).enumerate() {
            let builder = flate2::GzBuilder::new().operating_system(3);
            let builder = if at == 0 { builder.comment("HPROF BLOCKSIZE=8000") } else { builder };
            let mut writer = builder.write(&mut packed, flate2::Compression::none());
            writer.write_all(block).unwrap();
            writer.finish().unwrap();
        }
        let (bytes, error) = all(&packed);
        assert!(bytes == plain, "{error:?}");
    }

    #[test]
    fn keeps_what_comes_before_damage() {
        let data = data(100_000);
        let mut packed = pack(&data, 10_000);
        let (cut, error) = all(&packed[..packed.len() / 2]);
        assert!(error.is_some() && cut.len() > 100_000 && data.starts_with(&cut));
        let middle = packed.len() / 2;
        packed[middle..middle + 40].fill(0xff);
        let (bytes, error) = all(&packed);
        assert!(error.is_some() && bytes.len() >= 100_000);
        assert!(data.starts_with(&bytes[..bytes.len() / 10_000 * 10_000]));
    }

    #[test]
    fn other_files_are_not_taken_for_such() {
        assert!(!is_chunked(b""));
        assert!(!is_chunked(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2]));
    }
}
