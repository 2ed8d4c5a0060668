//! What an action gave back, with the questions that tests ask of it.

use postgres::{Client, GenericClient};
use serde_json::Value;

/// A row of `app.mutation_result` as JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome(pub Value);

impl Outcome {
    /// Calls the function of an action.
    ///
    /// # Panics
    ///
    /// When the call ends in an error of PostgreSQL, which an action turns into a result.
    pub fn of(client: &mut impl GenericClient, function: &str, input: &Value) -> Self {
        Self::try_of(client, function, input)
            .unwrap_or_else(|error| panic!("{function}: {error:?}"))
    }

    /// Calls the function of an action that may end the transaction.
    ///
    /// # Errors
    ///
    /// The error of PostgreSQL.
    pub fn try_of(
        client: &mut impl GenericClient,
        function: &str,
        input: &Value,
    ) -> Result<Self, postgres::Error> {
        let query = format!("SELECT to_jsonb(r) FROM {function}($1) AS r");
        Ok(Self(client.query_one(&query, &[input])?.get(0)))
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> &str {
        self.text("/status")
    }

    /// The id of the primary entity.
    #[must_use]
    pub fn id(&self) -> &str {
        self.text("/id")
    }

    /// The `_cascade`.
    #[must_use]
    pub fn cascade(&self) -> &Value {
        self.at("/extra_metadata/_cascade")
    }

    /// Type and operation of what was updated, in the order of the list.
    #[must_use]
    pub fn updated(&self) -> Vec<(String, String)> {
        let list = self.cascade().pointer("/updated").and_then(Value::as_array);
        let text = |it: &Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
        list.into_iter()
            .flatten()
            .map(|it| (text(it, "__typename"), text(it, "operation")))
            .collect()
    }

    /// The value at a JSON pointer; null when there is none.
    #[must_use]
    pub fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or(&Value::Null)
    }

    /// The text at a JSON pointer; empty when there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    /// This outcome, when it is a success.
    ///
    /// # Panics
    ///
    /// When it is none.
    pub fn success(self) -> Self {
        assert_eq!(self.status(), "success", "{:#}", self.0);
        self
    }
}

/// One JSON value.
///
/// # Panics
///
/// When the query fails or has no row.
pub fn json(client: &mut Client, query: &str) -> Value {
    let row = client.query_one(query, &[]).unwrap_or_else(|error| panic!("{query}: {error:?}"));
    row.get::<_, Option<Value>>(0).unwrap_or(Value::Null)
}
