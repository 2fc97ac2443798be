//! The HPROF binary format over a slice of bytes: header, records, heap sub-records, values.
//!
//! Zero-copy, bounds-checked, big-endian. Knows nothing of files, graphs or threads, and draws no conclusions: a record that does
//! not fit is reported with its offset, and what to do about it is the caller's business. The format is described in
//! `docs/hprof.md`; its source is the JDK's `heapDumper.cpp` and, for Android, ART's `hprof.cc`.

mod cursor;
mod heap;
mod ids;
mod record;
mod sniff;
mod value;

pub use cursor::{Cursor, Truncated};
pub use heap::{ClassDump, HeapError, HeapRecord, HeapRecords, RootTag};
pub use ids::{Encoding, NameId, ObjectId, Serial};
pub use record::{Frame, Header, HeaderError, LoadClass, Record, Records, Tag, Trace, plausible_record};
pub use sniff::describe;
pub use value::{FieldType, Value};
