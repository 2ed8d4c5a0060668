//! A part of a JSON constant between dollar quotes. No `$` stands in it, so nothing can close them.

use super::fragment::ToSql;

/// JSON on one line.
pub(crate) struct JsonText(String);

impl JsonText {
    pub(crate) fn new(value: &serde_json::Value) -> Self {
        // PostgreSQL has no NUL in JSON either.
        Self(value.to_string().replace("\\u0000", "").replace('$', "\\u0024"))
    }
}

impl ToSql for JsonText {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sql::Sql;

    #[test]
    fn a_dollar_is_an_escape() {
        let text = Sql::of(&JsonText::new(&json!({"it's": "$json$::jsonb; DROP TABLE x"})));
        assert_eq!(text.as_str(), r#"{"it's":"\u0024json\u0024::jsonb; DROP TABLE x"}"#);
    }
}
