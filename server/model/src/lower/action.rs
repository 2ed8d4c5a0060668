//! Actions.

use specql_syntax::{
    Name,
    ast::{self, AstNode},
    yaml::Node,
};
use specql_text::TextRange;

use super::{cascade, cdc, impact, legacy_impact, parameter, reader::Reader, step};
use crate::{Action, Impact};

pub(super) fn action(reader: &Reader<'_>, written: ast::Action<'_>) -> Action {
    let body = written.body();
    let text = |it| reader.text_of(it);
    let steps = body.steps_entry();
    Action {
        name: written.name().unwrap_or_else(|| Name::new("", body.node().range)),
        range: written.range(),
        description: body.description(),
        requires: body.requires().and_then(text),
        parameters: body
            .parameters()
            // Beside a pattern `parameters` are what the pattern is given.
            .filter(|_| body.pattern().is_none() || body.node().get("parameters").is_none())
            .map(|it| parameter::parameters(reader, it))
            .unwrap_or_default()
            .into(),
        returns: body.returns().and_then(|it| returned(reader, it)),
        steps: steps.map(|it| step::steps(&it.value)).unwrap_or_default(),
        steps_key: steps.map(|it| it.key.range),
        impact: impact(reader, body).map(Box::new),
        cascade: body.cascade_entry().map(cascade::cascade).map(Box::new),
        cdc: body.cdc_entry().map(cdc::cdc).map(Box::new),
        pattern: body.pattern(),
    }
}

/// Words around the name of an entity: `list(Post)`.
const AROUND: [&str; 5] = ["list", "array", "ref", "setof", "optional"];

/// The one name in what is written that can be an entity's.
fn returned(reader: &Reader<'_>, written: &Node) -> Option<Name> {
    let text = reader.text_of(written)?.text;
    let is_part = |it: char| it.is_alphanumeric() || it == '_' || it == '.';
    let mut words = text
        .split(|it: char| !is_part(it))
        .filter(|it| !it.is_empty() && !AROUND.iter().any(|word| it.eq_ignore_ascii_case(word)));
    let (word, None) = (words.next()?, words.next()) else { return None };
    let start = text.find(word)?;
    let part = TextRange::from(start..start + word.len());
    let range = match written.as_scalar() {
        Some(it) => it.file_range(part),
        None => {
            TextRange::new(written.range.start() + part.start(), written.range.start() + part.end())
        }
    };
    // What an alias stands for is named where it is written.
    written.range.contains_range(range).then(|| Name::new(word, range))
}

/// `impact`, else `impacts`; one that is written in an older shape is read by that shape under either
/// key.
fn impact(reader: &Reader<'_>, body: ast::ActionBody<'_>) -> Option<Impact> {
    let entry = body.impact_entry()?;
    let read = legacy_impact::impact(reader, entry);
    Some(read.unwrap_or_else(|| impact::impact(reader, entry)))
}
