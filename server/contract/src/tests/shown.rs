//! Contracts and shapes as short texts.

use specql_model::{Certainty, EntityId};

use crate::{Contract, InvalidationValue, Object, Rows, Shape};

fn often(certainty: Certainty, rows: Rows) -> String {
    let certainty = match certainty {
        Certainty::Always => "always",
        Certainty::Sometimes => "sometimes",
    };
    let rows = match rows {
        Rows::One => "one",
        Rows::Many => "many",
    };
    format!("{certainty} {rows}")
}

pub(super) fn shown(it: &Contract, name: &dyn Fn(EntityId) -> &'static str) -> String {
    let mut res = Vec::new();
    for input in &it.inputs {
        let required = if input.required { " required" } else { "" };
        res.push(format!(
            "input {:?}{required}: {}",
            input.spellings,
            shown_shape(&input.shape, 0)
        ));
    }
    for change in &it.changes {
        let through = change.through.as_ref().map(|it| format!(" through {it}"));
        res.push(format!(
            "change {} {} {}{}{}",
            name(change.entity),
            change.operation.as_str(),
            often(change.certainty, change.rows),
            through.unwrap_or_default(),
            if change.declared.is_some() { " declared" } else { "" },
        ));
    }
    if let Some(cascade) = &it.cascade {
        for entry in &cascade.entries {
            let often = often(entry.certainty, entry.rows);
            res.push(format!("cascade {} {} {often}", entry.typename, entry.outcome.as_str()));
        }
        for it in &cascade.invalidations {
            let arguments = it.arguments.iter().map(|(name, value)| match value {
                InvalidationValue::Input(path, _) => format!("{name}: input {}", path.join(".")),
                InvalidationValue::Text(it) => format!("{name}: '{it}'"),
                InvalidationValue::Json(it) => format!("{name}: {it}"),
            });
            let arguments = arguments.collect::<Vec<_>>().join(", ");
            let (strategy, scope) = (it.strategy.as_str(), it.scope.as_str());
            res.push(format!("invalidates {} {strategy} {scope} ({arguments})", it.query));
        }
        res.push(format!("metadata {}", shown_object(&cascade.metadata(), 0)));
    }
    for it in &it.answer.collections {
        res.push(format!("collection {} of {}", it.name, name(it.entity)));
    }
    for event in &it.events {
        let often = often(event.certainty, event.rows);
        res.push(format!(
            "event {} v{} to {} {often} {:?} {}",
            event.event_type,
            event.version,
            event.topic,
            event.cascade,
            shown_object(&event.payload_shape(), 0)
        ));
    }
    for it in &it.audit.trails {
        res.push(format!("audit {} {:?}", name(it.entity), it.outcomes));
    }
    for it in &it.failures {
        res.push(format!("failed:{} {:?}", it.code, it.cause));
    }
    res.join("\n")
}

pub(super) fn shown_object(object: &Object, depth: usize) -> String {
    let pad = "  ".repeat(depth + 1);
    let members = object.members.iter().map(|it| {
        let optional = if it.required { "" } else { "?" };
        format!("\n{pad}{}{optional}: {}", it.name, shown_shape(&it.shape, depth + 1))
    });
    format!("{{{}\n{}}}", members.collect::<String>(), "  ".repeat(depth))
}

fn shown_shape(shape: &Shape, depth: usize) -> String {
    match shape {
        Shape::Object(it) => shown_object(it, depth),
        Shape::List(it) => format!("[{}]", shown_shape(it, depth)),
        Shape::Nullable(it) => format!("{}?", shown_shape(it, depth)),
        Shape::Text(it) => match it {
            crate::Format::Rich(it) => it.name.to_owned(),
            other => format!("{other:?}").to_lowercase(),
        },
        Shape::Enum(it) => it.join(" | "),
        Shape::Constant(it) => format!("'{it}'"),
        Shape::Number(it) => it.to_string(),
        Shape::Reference(it) => {
            let names: Vec<&str> = it.iter().map(|it| it.typename.as_str()).collect();
            format!("-> {}", names.join(" | "))
        }
        Shape::OneOf(it) => {
            it.iter().map(|it| shown_object(it, depth)).collect::<Vec<_>>().join(" | ")
        }
        other => format!("{other:?}").to_lowercase(),
    }
}
