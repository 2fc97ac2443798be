//! The squarified treemap layout of Bruls, Huizing and van Wijk ("Squarified Treemaps", VisSym 2000): areas in proportion
//! to sizes, sides as equal as the order allows. Knows nothing of what is drawn. Cost: linear in the sizes.
//!
//! `assets/map.js` has the same layout for zooming; a browser test compares the two.

/// A rectangle in units of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    /// The area without a margin on each side, and without `head` at the top.
    pub(super) fn inner(self, margin: f64, head: f64) -> Self {
        Self {
            x: self.x + margin,
            y: self.y + margin + head,
            width: (self.width - 2.0 * margin).max(0.0),
            height: (self.height - 2.0 * margin - head).max(0.0),
        }
    }
}

/// An area for each of `sizes`, which descend and are positive, inside `area`. What `whole` exceeds their sum by stays empty.
pub(super) fn squarify(sizes: &[f64], whole: f64, area: Area) -> Vec<Area> {
    let mut areas = Vec::with_capacity(sizes.len());
    let mut free = area;
    let mut rest = whole.max(sizes.iter().sum());
    let mut sizes = sizes;
    while let Some(&first) = sizes.first() {
        let short = free.width.min(free.height);
        if short <= 0.0 || rest <= 0.0 {
            break;
        }
        let scale = free.width * free.height / rest;
        let mut taken = 1;
        let mut sum = first;
        while let Some(&next) = sizes.get(taken) {
            if worst(first, next, sum + next, scale, short)
                > worst(first, sizes[taken - 1], sum, scale, short)
            {
                break;
            }
            sum += next;
            taken += 1;
        }
        let thick = sum * scale / short;
        let mut at = 0.0;
        for size in &sizes[..taken] {
            let long = short * size / sum;
            areas.push(if free.width >= free.height {
                Area { x: free.x, y: free.y + at, width: thick, height: long }
            } else {
                Area { x: free.x + at, y: free.y, width: long, height: thick }
            });
            at += long;
        }
        if free.width >= free.height {
            free.x += thick;
            free.width = (free.width - thick).max(0.0);
        } else {
            free.y += thick;
            free.height = (free.height - thick).max(0.0);
        }
        rest -= sum;
        sizes = &sizes[taken..];
    }
    areas.resize(areas.len() + sizes.len(), Area { x: free.x, y: free.y, width: 0.0, height: 0.0 });
    areas
}

/// The worst ratio of sides in a row with that largest and smallest size and sum.
fn worst(largest: f64, smallest: f64, sum: f64, scale: f64, short: f64) -> f64 {
    let squared = short * short;
    let sum = sum * scale;
    (squared * largest * scale / (sum * sum)).max(sum * sum / (squared * smallest * scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Area = Area { x: 0.0, y: 0.0, width: 600.0, height: 400.0 };

    #[test]
    fn the_example_of_the_paper() {
        let areas =
            squarify(&[6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0], 24.0, Area { width: 6.0, height: 4.0, ..PAGE });
        let rounded: Vec<[i64; 4]> = areas
            .iter()
            .map(|a| [a.x, a.y, a.width, a.height].map(|side| (side * 100.0).round() as i64))
            .collect();
        assert_eq!(rounded[0], [0, 0, 300, 200]);
        assert_eq!(rounded[1], [0, 200, 300, 200]);
        assert_eq!(rounded[2], [300, 0, 171, 233], "4 and 3 share a row of height 7/3");
        assert_eq!(rounded[3], [471, 0, 129, 233]);
    }

    #[test]
    fn areas_are_in_proportion_and_what_is_left_over_stays_empty() {
        let sizes = [50.0, 20.0, 10.0, 5.0, 5.0];
        let areas = squarify(&sizes, 120.0, PAGE);
        for (size, area) in sizes.iter().zip(&areas) {
            let expected = size / 120.0 * 600.0 * 400.0;
            assert!((area.width * area.height - expected).abs() < 1e-6, "{size}: {area:?}");
            assert!(
                area.x >= 0.0 && area.x + area.width <= 600.0 + 1e-9 && area.y + area.height <= 400.0 + 1e-9
            );
        }
        for (i, a) in areas.iter().enumerate() {
            for b in &areas[i + 1..] {
                let apart = a.x + a.width <= b.x + 1e-9
                    || b.x + b.width <= a.x + 1e-9
                    || a.y + a.height <= b.y + 1e-9
                    || b.y + b.height <= a.y + 1e-9;
                assert!(apart, "{a:?} and {b:?} overlap");
            }
        }
        assert_eq!(squarify(&[1.0, 1.0], 2.0, Area { width: 0.0, ..PAGE }).len(), 2);
    }
}
