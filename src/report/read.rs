//! Reports read back from JSON.

use super::{Report, SCHEMA};

/// Why a text is no report.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadReportError {
    /// It is no JSON, or not of the form of a report.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// It is of another schema, like the result of a check, or of a version that this program does not know.
    #[error("it is of schema {0}, not {SCHEMA}")]
    OtherSchema(String),
    /// It is JSON without a schema.
    #[error("it is no report of oomph")]
    NoReport,
}

impl Report {
    /// Reads what [`crate::render::json::report`], `oomph analyze --json` or the baseline of a check is. Fields that were added later have their
    /// defaults, and what is not known is passed over.
    ///
    /// # Errors
    /// If the text is no report.
    pub fn from_json(text: &str) -> Result<Self, ReadReportError> {
        let mut value: serde_json::Value = serde_json::from_str(text)?;
        let suspects = value.get_mut("suspects").and_then(serde_json::Value::as_array_mut);
        suspects.into_iter().flatten().for_each(examples_in_words);
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) => Ok(serde_json::from_value(value)?),
            Some(other) => Err(ReadReportError::OtherSchema(other.to_owned())),
            None => Err(ReadReportError::NoReport),
        }
    }
}

/// Examples of a suspect were words of one language once.
fn examples_in_words(suspect: &mut serde_json::Value) {
    if let Some(suspect) = suspect.as_object_mut()
        && let (Some(words), None) = (suspect.get("examples"), suspect.get("examples_text"))
    {
        suspect.insert("examples_text".to_owned(), words.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_of_an_older_report_are_kept() {
        let mut suspect = serde_json::json!({ "examples": ["rows=3"] });
        examples_in_words(&mut suspect);
        assert_eq!(suspect["examples_text"], serde_json::json!(["rows=3"]));
        let newer = serde_json::json!({ "examples": ["rows=3"], "examples_text": [{ "en": "rows=3", "zh": "行数=3" }] });
        let mut read = newer.clone();
        examples_in_words(&mut read);
        assert_eq!(read, newer);
    }

    #[test]
    fn other_texts_are_no_reports() {
        assert!(matches!(Report::from_json("{"), Err(ReadReportError::Json(_))));
        assert!(matches!(Report::from_json("[1]"), Err(ReadReportError::NoReport)));
        let check = Report::from_json("{\"schema\": \"oomph/check/1\"}").unwrap_err();
        assert_eq!(check.to_string(), "it is of schema oomph/check/1, not oomph/report/1");
        assert!(matches!(
            Report::from_json("{\"schema\": \"oomph/report/1\"}"),
            Err(ReadReportError::Json(_))
        ));
    }
}
