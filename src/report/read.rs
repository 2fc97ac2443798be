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
        let value: serde_json::Value = serde_json::from_str(text)?;
        match value.get("schema").and_then(serde_json::Value::as_str) {
            Some(SCHEMA) => Ok(serde_json::from_value(value)?),
            Some(other) => Err(ReadReportError::OtherSchema(other.to_owned())),
            None => Err(ReadReportError::NoReport),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
