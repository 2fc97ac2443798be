//! When the dumps were made, and how fast what grew has grown.
//!
//! Dumps that are less than a minute apart have no rate: nothing says that it would go on like that.

use super::grown_collections;
use super::series::delta;
use crate::report::{Arg, Block, Cell, Column, Fact, Report, Table, Text};

/// Dumps closer together than this give no rate.
const SHORTEST_SECONDS: u64 = 60;
const HOUR: i128 = 3600;

/// Seconds from one dump to another, where both say when they were made and the order is right.
fn seconds_between(first: &Report, last: &Report) -> Option<u64> {
    let moment = |report: &Report| report.dump.created.as_deref()?.parse::<jiff::Timestamp>().ok();
    u64::try_from(moment(last)?.as_second().checked_sub(moment(first)?.as_second())?).ok()
}

/// Seconds from the oldest to the newest dump.
fn seconds(reports: &[&Report]) -> Option<u64> {
    seconds_between(reports.first()?, reports.last()?)
}

/// Seconds from each dump to the next, if all are known and none is 0.
pub(super) fn steps(reports: &[&Report]) -> Option<Vec<u64>> {
    let step = |pair: &[&Report]| seconds_between(pair[0], pair[1]).filter(|&seconds| seconds > 0);
    reports.windows(2).map(step).collect()
}

/// A change as one of an hour.
fn hourly(change: i64, seconds: u64) -> i64 {
    let an_hour = i128::from(change) * HOUR / i128::from(seconds.max(1));
    i64::try_from(an_hour).unwrap_or(if an_hour < 0 { i64::MIN } else { i64::MAX })
}

/// How fast the collection that the headline names has grown.
pub(super) fn sentence(reports: &[&Report]) -> Option<Text> {
    let seconds = seconds(reports).filter(|&seconds| seconds >= SHORTEST_SECONDS)?;
    let grown = grown_collections(reports, super::noise_bytes(reports));
    let top = grown.first()?;
    let an_hour = |change| hourly(change, seconds).unsigned_abs();
    // Elements may have become fewer while the bytes grew; then they say nothing.
    let elements = top.elements.as_ref().map_or(0, |(_, elements)| elements.change()).max(0);
    Some(Text::with(
        if elements > 0 { "growth-rate" } else { "growth-rate-bytes" },
        [
            ("minutes", Arg::Count(seconds / 60)),
            ("size", Arg::Bytes(an_hour(top.bytes.change()))),
            ("elements", Arg::Count(an_hour(elements))),
        ],
    ))
}

/// Time and rate, where known.
pub(super) fn facts(reports: &[&Report]) -> Vec<Fact> {
    let Some(seconds) = seconds(reports) else { return Vec::new() };
    let mut facts = vec![Fact::new("seconds", Cell::Count(seconds))];
    if seconds >= SHORTEST_SECONDS {
        let (first, last) = (&reports[0].heap, &reports[reports.len() - 1].heap);
        let change = delta(first.shallow_bytes, last.shallow_bytes);
        facts.push(Fact::new("bytes_per_hour", Cell::BytesDelta(hourly(change, seconds))));
    }
    facts
}

/// The dumps themselves.
pub(super) fn dumps(reports: &[&Report]) -> Block {
    let rows = reports.iter().enumerate().map(|(at, report)| {
        let before = &reports[at.saturating_sub(1)].heap;
        vec![
            Cell::Value(report.dump.file.clone()),
            report.dump.created.clone().map_or(Cell::None, Cell::Value),
            Cell::Count(report.heap.objects),
            Cell::Bytes(report.heap.shallow_bytes),
            Cell::BytesDelta(delta(before.shallow_bytes, report.heap.shallow_bytes)),
            Cell::Bytes(report.heap.unreachable_bytes),
        ]
    });
    let columns = vec![
        Column::left("file"),
        Column::left("created"),
        Column::right("objects"),
        Column::right("shallow_bytes"),
        Column::right("bytes_delta"),
        Column::right("unreachable_bytes"),
    ];
    Block::Table(Table { id: "dumps".to_owned(), columns, rows: rows.collect(), omitted: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_what_grew_in_ten_minutes() {
        assert_eq!(hourly(4_000, 600), 24_000);
        assert_eq!(hourly(-1, 3600), -1);
        assert_eq!(hourly(i64::MAX, 1), i64::MAX);
    }
}
