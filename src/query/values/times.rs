//! Dates, times and identifiers, as ISO 8601 and RFC 9562 write them. Moments are in UTC, whatever the zone of who reads.

use crate::ix::ObjectIx;
use crate::snapshot::Heap;
use jiff::{SignedDuration, Timestamp, civil};

/// A date, a time, a duration or a UUID; `None` for other classes, and for values that no calendar has.
pub(super) fn iso(heap: &Heap, object: ObjectIx) -> Option<String> {
    let integer = |name| heap.integer(object, name);
    // Beyond a second they are no part of one: the JDK writes none such, a damaged dump may.
    let nanos = || i32::try_from(integer("nanos")?).ok().filter(|nanos| (0..1_000_000_000).contains(nanos));
    match heap.class_name(object) {
        "java.util.Date" | "java.sql.Timestamp" | "java.sql.Date" | "java.sql.Time" => {
            Some(Timestamp::from_millisecond(integer("fastTime")?).ok()?.to_string())
        }
        "java.time.Instant" => Some(Timestamp::new(integer("seconds")?, nanos()?).ok()?.to_string()),
        "java.time.Duration" => Some(SignedDuration::new(integer("seconds")?, nanos()?).to_string()),
        "java.time.LocalDate" => date(heap, object).map(|date| date.to_string()),
        "java.time.LocalTime" => time(heap, object).map(|time| time.to_string()),
        "java.time.LocalDateTime" => local(heap, object),
        "java.time.OffsetDateTime" => offset(heap, object),
        "java.time.ZonedDateTime" => {
            let zone = heap.follow(object, "zone").and_then(|zone| heap.text_field(zone, "id"));
            let zone = zone.map_or_else(String::new, |zone| format!("[{zone}]"));
            Some(offset(heap, object)? + &zone)
        }
        "java.util.UUID" => {
            let half = |name| Some(integer(name)?.cast_unsigned());
            let (most, least) = (half("mostSigBits")?, half("leastSigBits")?);
            let (time, middle, version) = (most >> 32, most >> 16 & 0xffff, most & 0xffff);
            Some(format!(
                "{time:08x}-{middle:04x}-{version:04x}-{:04x}-{:012x}",
                least >> 48,
                least & 0xffff_ffff_ffff
            ))
        }
        _ => None,
    }
}

fn date(heap: &Heap, object: ObjectIx) -> Option<civil::Date> {
    let year = i16::try_from(heap.integer(object, "year")?).ok()?;
    let small = |name| i8::try_from(heap.integer(object, name)?).ok();
    civil::Date::new(year, small("month")?, small("day")?).ok()
}

fn time(heap: &Heap, object: ObjectIx) -> Option<civil::Time> {
    let small = |name| i8::try_from(heap.integer(object, name)?).ok();
    let nano = i32::try_from(heap.integer(object, "nano")?).ok()?;
    civil::Time::new(small("hour")?, small("minute")?, small("second")?, nano).ok()
}

fn local(heap: &Heap, object: ObjectIx) -> Option<String> {
    let date = date(heap, heap.follow(object, "date")?)?;
    Some(date.to_datetime(time(heap, heap.follow(object, "time")?)?).to_string())
}

/// A local time with its distance from UTC: `2026-01-31T08:00:00+01:00`.
fn offset(heap: &Heap, object: ObjectIx) -> Option<String> {
    let offset = heap.text_field(heap.follow(object, "offset")?, "id")?;
    Some(local(heap, heap.follow(object, "dateTime")?)? + &offset)
}
