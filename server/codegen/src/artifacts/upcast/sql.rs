//! Upcasting in SQL: one function for all event types, a step for each version.

use super::{
    Upcast,
    plan::{Plan, Source},
};
use crate::{
    artifacts::header,
    catalog::Catalog,
    sql::{Comment, Ident, Lines, Literal, Script, Sql, sql},
};

/// How many members one call makes: a function of PostgreSQL takes a hundred arguments.
const MEMBERS: usize = 40;

pub(super) fn upcast(_: Catalog<'_>, all: &[Upcast]) -> String {
    let mut script = Script::new();
    header(&mut script, "SpecQL events: payloads of older versions as newer ones");
    script.raw(include_str!("gap.sql"));
    let mut head = Lines::new();
    head.push(Sql::of(&Comment::new(
        "A payload as that of the newest version, one version after the other.",
    )));
    head.push(Sql::raw(
        "CREATE OR REPLACE FUNCTION app.upcast_event(p_event_type text, p_version integer, p_payload jsonb) RETURNS jsonb",
    ));
    head.push(Sql::raw("LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp"));
    let mut body = Lines::new();
    body.push(Sql::raw("BEGIN"));
    for it in all {
        body.indented(|into| step(into, it));
    }
    body.indented(|it| it.push(Sql::raw("RETURN p_payload;")));
    body.push(Sql::raw("END"));
    script.with_body(head, body);
    script.finish().0
}

fn step(into: &mut Lines, it: &Upcast) {
    let (event, from) = (Literal::text(it.event.as_str()), Literal::number(&it.from.to_string()));
    into.push(sql!("IF p_event_type = {} AND p_version = {} THEN", event, from));
    into.indented(|into| {
        for (path, _) in it.plan.gaps() {
            into.push(Sql::of(&Comment::new(format!(
                "GAP: `{path}` has no value in version {}",
                it.from
            ))));
        }
        let writer = Writer { event: Literal::text(it.event.as_str()), from };
        let payload = Sql::raw("p_payload");
        let value = writer.value(&it.plan, &payload, &payload, 0);
        let to = Literal::number(&it.to.to_string());
        into.push(sql!("RETURN app.upcast_event({}, {}, {});", event, to, value));
    });
    into.push(Sql::raw("END IF;"));
}

struct Writer {
    event: Literal,
    from: Literal,
}

impl Writer {
    /// The expression for a value, which stands inside of another.
    fn value(&self, plan: &Plan, value: &Sql, inside: &Sql, depth: usize) -> Sql {
        match plan {
            Plan::Keep => sql!("{}", value),
            Plan::Text => sql!("to_jsonb({} #>> '{{}}')", value),
            Plan::OrNull(it) => {
                let then = self.value(it, value, inside, depth);
                sql!("CASE WHEN {} = 'null'::jsonb THEN {} ELSE {} END", value, value, then)
            }
            Plan::List(it) => {
                let alias = Ident::new(format!("i{depth}"));
                let item = sql!("{}.item", alias);
                let item = self.value(it, &item, &item, depth + 1);
                sql!(
                    "coalesce((SELECT jsonb_agg({} ORDER BY {}.n) FROM jsonb_array_elements({}) WITH ORDINALITY AS {}(item, n)), '[]'::jsonb)",
                    item,
                    alias,
                    value,
                    alias
                )
            }
            Plan::Gap(path, _) => self.gap(path, inside),
            Plan::Object(members) => self.object(members, value, depth),
        }
    }

    fn gap(&self, path: &str, inside: &Sql) -> Sql {
        let path = Literal::text(path);
        sql!("app.upcast_gap({}, {}, {}, p_payload, {})", self.event, self.from, path, inside)
    }

    fn object(&self, members: &[(String, Source)], object: &Sql, depth: usize) -> Sql {
        let is_optional = |it: &(String, Source)| matches!(it.1, Source::IfThere(_));
        let always: Vec<_> = members.iter().filter(|it| !is_optional(it)).collect();
        let mut parts: Vec<Sql> = Vec::new();
        for chunk in always.chunks(MEMBERS) {
            let pairs = chunk.iter().map(|(name, source)| {
                sql!(
                    "{}, {}",
                    Literal::text(name.as_str()),
                    self.source(name, source, object, depth)
                )
            });
            parts.push(sql!("jsonb_build_object({})", Sql::join(pairs, ", ")));
        }
        for (name, source) in members.iter().filter(|it| is_optional(it)) {
            let (name_, value) =
                (Literal::text(name.as_str()), self.source(name, source, object, depth));
            parts.push(sql!(
                "CASE WHEN {} ? {} THEN jsonb_build_object({}, {}) ELSE '{{}}'::jsonb END",
                object,
                name_,
                name_,
                value
            ));
        }
        if parts.is_empty() {
            return Sql::raw("'{}'::jsonb");
        }
        sql!("({})", Sql::join(parts, " || "))
    }

    fn source(&self, name: &str, source: &Source, object: &Sql, depth: usize) -> Sql {
        let member = sql!("({} -> {})", object, Literal::text(name));
        match source {
            Source::Member(it) | Source::IfThere(it) => self.value(it, &member, object, depth),
            Source::OrNull(it) => {
                let value = self.value(it, &member, object, depth);
                sql!(
                    "CASE WHEN {} ? {} THEN {} ELSE 'null'::jsonb END",
                    object,
                    Literal::text(name),
                    value
                )
            }
            Source::Null => Sql::raw("'null'::jsonb"),
            Source::Constant(it) => sql!("to_jsonb({}::text)", Literal::text(it.as_str())),
            Source::Number(it) => sql!("to_jsonb({})", Literal::number(&it.to_string())),
            Source::Gap(path, _) => self.gap(path, object),
        }
    }
}
