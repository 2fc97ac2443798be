//! The page in a real browser: `tests/browser/check.mjs` drives a headless Chromium. Needs Node and Chromium; without them
//! it says so and passes, unless `OOMPH_BROWSER=required`.

use super::{hostile, sample};
use oomph::render::html::{HtmlOptions, render};
use oomph::render::text::{bytes, count, share};
use std::path::Path;
use std::process::Command;

fn works(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn the_page_works_in_a_browser() {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    let given = std::env::var("CHROMIUM").is_ok();
    if !(works("node") && (given || browsers.into_iter().any(works))) {
        let required = std::env::var("OOMPH_BROWSER").is_ok_and(|value| value == "required");
        assert!(!required, "Node and Chromium are required");
        eprintln!("SKIPPED: no Node or no Chromium, so the HTML page was NOT tried in a browser");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html-browser");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, content: String| std::fs::write(folder.join(name), content).unwrap();
    write("sample.html", render(&sample::report(5_000), &HtmlOptions::default()));
    write("hostile.html", render(&hostile::report(), &HtmlOptions::default()));
    let [page, hostile_page] = super::growth::pages();
    write("growth.html", page);
    write("growth-hostile.html", hostile_page);
    write("figures.json", figures().to_string());
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser/check.mjs");
    let output = Command::new("node").arg(check).arg(&folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

/// Figures and how they are written, for comparing with those of the page's script.
fn figures() -> serde_json::Value {
    let sizes = [
        0,
        1,
        999,
        1023,
        1024,
        1500,
        10_229,
        10_240,
        102_399,
        1_048_000,
        1 << 20,
        24_536_678,
        1_099_511_627_775,
        1 << 52,
    ];
    let shares =
        [0.0, 0.0004, 0.00105, 0.00125, 0.125, 0.135, 0.0424, 0.0994, 0.0996, 0.424, 0.994, 0.9999, 1.0];
    serde_json::json!({
        "bytes": sizes.map(|size| (size, bytes(size))),
        "count": sizes.map(|size| (size, count(size))),
        "share": shares.map(|part| (part, share(part))),
    })
}
