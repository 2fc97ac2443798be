//! JSON of the judgements: `oomph/check/1`, schema in `docs/schemas`.

use super::{command, details, message};
use crate::gate::{Judgement, Status};
use crate::render::json::{add_words, drop_texts, plain};
use crate::render::text::Language;
use serde_json::{Value, json};

/// All dumps.
pub fn json(judgements: &[Judgement], language: Language) -> Value {
    let dump = |judgement: &Judgement| {
        let mut value = plain(judgement);
        add_words(&mut value, language);
        drop_texts(&mut value);
        value["passed"] = judgement.passed().into();
        for (value, outcome) in
            value["outcomes"].as_array_mut().into_iter().flatten().zip(&judgement.outcomes)
        {
            value["see"] = command(&judgement.file, outcome).into();
            value["message"] = message(outcome, language).into();
            if outcome.status == Status::Failed {
                value["details"] = details(&judgement.file, outcome, language).into();
            }
        }
        value
    };
    json!({
        "schema": "oomph/check/1",
        "passed": judgements.iter().all(Judgement::passed),
        "dumps": judgements.iter().map(dump).collect::<Vec<_>>(),
    })
}
