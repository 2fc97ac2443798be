//! Small pictures of a series: a line from the oldest value to the newest. The script draws the same ones (`sparkOf` in `core.js`).

use super::markup::Markup;
use crate::render::text::{bytes, count};

/// The picture's own units; the style sheet says how large it is.
const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 24.0;
/// Room for the width of the line.
const EDGE: f64 = 2.5;

impl Markup {
    /// A series as a line between its least and its largest value, the values on hover.
    pub(super) fn spark(&mut self, values: &[u64], class: &'static str) {
        let points = points(values);
        self.el("svg")
            .class(class)
            .attr("viewBox", format_args!("0 0 {WIDTH} {HEIGHT}"))
            .attr("preserveAspectRatio", "none")
            .attr("role", "img")
            .attr("aria-label", words(values, count))
            .inside(|m| {
                m.el("title").text(&words(values, count));
                m.el("polyline").attr("points", points).text("");
            });
    }
}

/// The values one after the other.
fn words(values: &[u64], show: impl Fn(u64) -> String) -> String {
    values.iter().map(|&value| show(value)).collect::<Vec<_>>().join(" → ")
}

/// Sizes one after the other, as people read them.
pub(super) fn sizes(values: &[u64]) -> String {
    words(values, bytes)
}

fn points(values: &[u64]) -> String {
    let least = values.iter().copied().min().unwrap_or(0);
    let range = values.iter().copied().max().unwrap_or(0) - least;
    let steps = values.len().saturating_sub(1).max(1) as f64;
    let point = |(at, &value): (usize, &u64)| {
        let height = if range == 0 { 0.5 } else { (value - least) as f64 / range as f64 };
        let x = EDGE + at as f64 / steps * (WIDTH - 2.0 * EDGE);
        let y = HEIGHT - EDGE - height * (HEIGHT - 2.0 * EDGE);
        format!("{x:.1},{y:.1}")
    };
    values.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_from_corner_to_corner() {
        assert_eq!(points(&[1, 2, 3]), "2.5,21.5 50.0,12.0 97.5,2.5");
        assert_eq!(points(&[5, 5]), "2.5,12.0 97.5,12.0");
        assert_eq!(points(&[u64::MAX]), "2.5,12.0");
        assert_eq!(points(&[]), "");
        assert_eq!(sizes(&[0, 2048]), "0 B → 2.00 KiB");
    }
}
