//! `cache_invalidations` to entries of `_cascade.invalidations`.

use specql_model::{Invalidation, Name, Strategy, entity::graphql_name};

use crate::{
    expression::Environment,
    sql::{Literal, Sql, sql},
};

/// The strategy of an invalidation; `INVALIDATE` where none is written.
pub(super) fn strategy(it: &Invalidation) -> Strategy {
    it.strategy.as_ref().and_then(|it| it.value).unwrap_or(Strategy::Invalidate)
}

/// A value of a filter as JSON: numbers, booleans and null as such, anything else as text.
pub(crate) fn filter_value(value: &Name) -> serde_json::Value {
    match serde_json::from_str(value.as_str()) {
        Ok(
            it @ (serde_json::Value::Number(_)
            | serde_json::Value::Bool(_)
            | serde_json::Value::Null),
        ) => it,
        _ => serde_json::Value::String(value.text.to_string()),
    }
}

/// The array of an action's invalidations.
pub(crate) fn invalidations(env: &mut Environment<'_>) -> Sql {
    let Some(impact) = &env.action.impact else { return Sql::raw("'{}'::jsonb[]") };
    let mut entries = Vec::new();
    for it in &impact.cache_invalidations {
        let Some(query) = &it.query else { continue };
        let scope = it
            .scope
            .as_ref()
            .map_or(Literal::Null, |it| Literal::text(it.text.to_ascii_uppercase()));
        entries.push(sql!(
            "app.cascade_invalidation({}, {}, {}, {})",
            Literal::text(query.as_str()),
            Literal::text(strategy(it).as_str()),
            arguments(env, it),
            scope
        ));
    }
    if entries.is_empty() {
        return Sql::raw("'{}'::jsonb[]");
    }
    sql!("ARRAY[{}]", Sql::block(entries))
}

/// The filter as a JSON object; `input.x` and `$x` are what the caller gave.
pub(super) fn arguments(env: &mut Environment<'_>, invalidation: &Invalidation) -> Sql {
    if invalidation.filter.is_empty() {
        return Sql::raw("NULL");
    }
    let pairs: Vec<Sql> = invalidation
        .filter
        .iter()
        .map(|(name, value)| {
            let given = value.text.strip_prefix("input.").or_else(|| value.text.strip_prefix('$'));
            let value = match given {
                Some(input) => {
                    let segments: Vec<&str> = input.split('.').collect();
                    sql!("to_jsonb({})", env.input_value(&segments, value.range, None).sql)
                }
                None => sql!("{}::jsonb", Literal::text(filter_value(value).to_string())),
            };
            sql!("{}, {}", Literal::text(graphql_name(name.as_str())), value)
        })
        .collect();
    sql!("jsonb_build_object({})", Sql::join(pairs, ", "))
}
