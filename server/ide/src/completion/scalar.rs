//! The scalar around the cursor: what of it a proposal replaces, and the quotes it stands in.

use specql_syntax::yaml::{Node, Scalar, ScalarStyle};

use specql_text::TextRange;

use super::{
    context::Context,
    items::{Items, Quotes},
    tokens,
};

/// For a value that is one name or word: a proposal replaces all of it, closes an open quote, and
/// begins like what is typed, so that behind a finished value nothing comes again.
pub(super) fn enter_whole(ctx: &Context<'_>, node: Option<&Node>, acc: &mut Items) {
    enter_part(ctx, node, acc);
    let Some((node, scalar)) = node.and_then(|it| Some((it, it.as_scalar()?))) else { return };
    let typed = ctx.before(Some(node)).to_lowercase();
    acc.prefix = Some(typed).filter(|it| it.contains(char::is_whitespace));
    let word = ctx.word("");
    let written = ctx.written_value(node);
    let quote = u32::from(acc.quotes != Quotes::None);
    let end = match written {
        Some(it) if !scalar.unclosed => it.end().saturating_sub(quote),
        _ => word.end(),
    };
    let start = written.map_or(word.start(), |it| it.start() + quote);
    acc.replaced = TextRange::new(start.min(end), end);
    acc.is_scalar = true;
    if scalar.unclosed {
        acc.tail = if acc.quotes == Quotes::Single { "'" } else { "\"" };
    }
}

/// For a part of a statement: a proposal replaces the word.
pub(super) fn enter_part(ctx: &Context<'_>, node: Option<&Node>, acc: &mut Items) {
    acc.replaced = ctx.word("");
    acc.prefix = None;
    acc.tail = "";
    acc.is_scalar = false;
    acc.in_flow = ctx.in_flow();
    acc.is_first = ctx.before(node).chars().all(tokens::is_name);
    acc.quotes = node.and_then(Node::as_scalar).map_or(Quotes::None, quotes);
}

const fn quotes(scalar: &Scalar) -> Quotes {
    match scalar.style {
        ScalarStyle::SingleQuoted => Quotes::Single,
        ScalarStyle::DoubleQuoted => Quotes::Double,
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => Quotes::None,
    }
}
