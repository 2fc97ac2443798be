//! JSON against the schemas in `docs/schemas`, and the names that the project has promised.

use crate::sample;
use oomph::render::json;
use oomph::render::text::Language;
use oomph::report::Report;
use serde_json::{Value, json};
use std::path::Path;

/// A schema of `docs/schemas`, compiled.
pub(crate) fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

/// Panics with all that a schema has against `value`.
pub(crate) fn assert_valid(name: &str, value: &Value) {
    let errors: Vec<String> =
        schema(name).iter_errors(value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
}

fn section(id: &str) -> Value {
    let report = sample::report();
    json::section(report.section(id).unwrap(), Language::En)
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn the_report_fits_its_schema_and_survives() {
    let report = sample::report();
    for language in Language::ALL {
        let value = json::report(&report, language);
        assert_valid("report.schema.json", &value);
        let edge = json!({"from": 1, "to": 2, "field": "f", "paths": 1});
        assert_eq!(value["suspects"][0]["path_graph"]["edges"][2], edge);
        assert_eq!(serde_json::from_value::<Report>(value).unwrap(), report);
    }
}

#[test]
fn words_stand_beside_texts_in_the_language_asked_for() {
    let value = json::report(&sample::report(), Language::Zh);
    assert_eq!(value["suspects"][0]["advice"], json!(["只保留一个工厂。"]));
    assert_eq!(value["findings"][0]["title"], "5000 个 org.apache.activemq.ActiveMQConnectionFactory");
    assert_eq!(value["dump"]["damage"][0]["message"], "the last record is cut");
    assert_eq!(value["oom"]["evidence"], json!(["it held 1.5 % only"]));
    assert_eq!(keys(&value["jvm"]["properties"]), ["a_text"], "properties are no texts");
}

#[test]
fn the_report_has_the_promised_names() {
    let value = json::report(&sample::report(), Language::En);
    for (pointer, names) in [
        ("", "schema dump jvm heap oom suspects findings inspections"),
        ("/dump", "file bytes format id_bytes created truncated damage"),
        ("/jvm", "version vendor object_layout properties"),
        ("/jvm/object_layout", "header_bytes reference_bytes alignment_bytes compact_headers confidence"),
        (
            "/heap",
            "objects shallow_bytes unreachable_objects unreachable_bytes classes class_loaders gc_roots",
        ),
        ("/oom", "kind thread message role site"),
        (
            "/suspects/0",
            "rank kind pattern title class instances retained_bytes share holder accumulation_point path rule \
             advice fingerprint",
        ),
        ("/suspects/0/holder", "kind class field thread frame"),
        ("/suspects/0/accumulation_point", "address class field"),
        ("/suspects/0/path/0", "address class field"),
        ("/findings/0", "id severity title class bytes count holder advice fingerprint"),
    ] {
        let object = value.pointer(pointer).unwrap();
        for name in names.split_whitespace() {
            assert!(object.get(name).is_some(), "{pointer} has no {name}: {:?}", keys(object));
        }
    }
    assert_eq!(value["schema"], "oomph/report/1");
    assert_eq!(value["suspects"][0]["path"][0]["address"], "0x70000");
}

#[test]
fn the_histogram_is_as_promised() {
    let value = section("histogram");
    assert_valid("histogram.schema.json", &value);
    assert_eq!(value["schema"], "oomph/histogram/1");
    assert_eq!(
        value["classes"][0],
        json!({"class": "byte[]", "loader": "app", "instances": 40_000, "shallow_bytes": 200 << 20, "retained_bytes": 200 << 20})
    );
    assert_eq!(keys(&value["unreachable"][0]), ["class", "loader", "instances", "shallow_bytes"]);
    assert_eq!(value["total"], json!({"instances": 45_003, "shallow_bytes": 400 << 20}));
    assert_eq!(value["omitted"], json!({"unreachable": 7}));
}

#[test]
fn dominators_are_as_promised() {
    let value = section("dominators");
    assert_valid("dominators.schema.json", &value);
    assert_eq!(
        value["objects"][0],
        json!({"address": "0x70010", "class": "java.util.HashMap", "shallow_bytes": 48, "retained_bytes": 300 << 20, "share": 0.75, "children": 1})
    );
    let leaf = json!({"class": "a.Leaf", "retained_bytes": 9, "omitted": 4});
    assert_eq!(value["tree"], json!([{"class": "a.Root", "retained_bytes": 10, "children": [leaf]}]));
    assert_eq!(value["bar"], json!([{"label": "Leak", "bytes": 10}]));
    assert_eq!(value["notes"].as_array().unwrap().len(), 1);
}

#[test]
fn threads_are_as_promised() {
    let value = section("threads");
    assert_valid("threads.schema.json", &value);
    let thread = &value["threads"][0];
    for name in "address name state daemon virtual shallow_bytes retained_bytes locals_retained_bytes threw_oom frames"
        .split(' ')
    {
        assert!(thread.get(name).is_some(), "{name}");
    }
    let frame = &thread["frames"][0];
    assert_eq!(keys(frame), ["class", "method", "file", "line", "locals"]);
    assert_eq!(frame["locals"][0]["retained_bytes"], 5 << 20);
    assert_eq!(value["groups"][0]["doing"], "Load");
    assert!(value["groups"][0].get("doing_text").is_none());
}

#[test]
fn every_section_fits_the_general_schema() {
    for section in &sample::report().inspections {
        assert_valid("inspection.schema.json", &json::section(section, Language::En));
    }
}

#[test]
fn the_schemas_refuse_what_is_not_theirs() {
    let mut value = section("histogram");
    value["classes"][0]["shallow_bytes"] = json!("200 MiB");
    assert!(!schema("histogram.schema.json").is_valid(&value));
    let mut value = json::report(&sample::report(), Language::En);
    value["suspects"][0]["path"][0]["address"] = json!(1234);
    assert!(!schema("report.schema.json").is_valid(&value));
    let mut value = json::report(&sample::report(), Language::En);
    value.as_object_mut().unwrap().remove("heap");
    assert!(!schema("report.schema.json").is_valid(&value));
}
