//! Lists and mappings in the place of something else: what they are meant to be.

use specql_model::keys::{Shape, fits};
use specql_model::{names::is_word, types};
use specql_syntax::yaml::{Entry, Node};
use specql_text::{TextEdit, TextRange};

use crate::{Context, Fix};

/// What a list or a mapping is in another shape, where that is one text.
pub(super) fn rewritten(
    ctx: &Context<'_>,
    shapes: &'static [Shape],
    node: &Node,
) -> Option<String> {
    let alternatives = || shapes.iter().flat_map(Shape::alternatives);
    if let Some(list) = node.as_sequence() {
        if alternatives().any(|it| matches!(it, Shape::FieldType)) {
            // Between braces a comma ends a text without quotes.
            let line = ctx.file.text().get(..node.range.to_usize().start)?.rsplit('\n').next()?;
            let is_braced = line.contains('{');
            return of_type(&list.items)
                .map(|it| if is_braced && it.contains(',') { format!("\"{it}\"") } else { it });
        }
        let [only] = list.items.as_slice() else { return None };
        let is_one = only.as_scalar().is_some() && fits(shapes, only);
        return is_one.then(|| ctx.slice(only.range).to_owned());
    }
    let mapping = node.as_mapping()?;
    let lists_names = alternatives().any(|it| {
        matches!(it, Shape::List(Shape::Field | Shape::FieldPath | Shape::Entity | Shape::Text))
    });
    let is_own_name = |it: &Node, key: &str| {
        it.is_null() || it.as_bool() == Some(true) || it.name().is_some_and(|it| it.text == key)
    };
    let names: Vec<&str> = mapping.entries.iter().map(|it| it.key.as_str()).collect();
    let are_names = mapping.entries.iter().all(|it| is_own_name(&it.value, &it.key.text));
    let is_rewritten = lists_names && are_names && !names.is_empty();
    is_rewritten.then(|| format!("[{}]", names.join(", ")))
}

/// `[text]` is a list of texts, `[draft, done]` an enum.
fn of_type(items: &[Node]) -> Option<String> {
    let names: Option<Vec<_>> = items.iter().map(Node::name).collect();
    let names = names?;
    let is_type = |it: &str| types::names().any(|name| name == it) || it.starts_with("ref(");
    match names.as_slice() {
        [only] => is_type(&only.text).then(|| format!("list({})", only.text)),
        [_, _, ..] if names.iter().all(|it| is_word(&it.text) && !is_type(&it.text)) => {
            let values: Vec<&str> = names.iter().map(|it| it.text.as_str()).collect();
            Some(format!("enum({})", values.join(", ")))
        }
        _ => None,
    }
}

/// What makes a list of a mapping that is one item without its dash, or a mapping of a list whose items are its
/// entries.
pub(super) fn dashes(ctx: &Context<'_>, shapes: &'static [Shape], node: &Node) -> Option<Fix> {
    let alternatives = || shapes.iter().flat_map(Shape::alternatives);
    if let Some(mapping) = node.as_mapping() {
        let item = alternatives().find_map(|it| match it {
            Shape::List(Shape::Mapping(spec)) => Some(*spec),
            _ => None,
        })?;
        let is_item = mapping.entries.iter().all(|it| item.key(&it.key.text).is_some());
        return is_item.then(|| as_item(ctx, node)).flatten();
    }
    let list = node.as_sequence()?;
    let spec = alternatives().find_map(|it| match it {
        Shape::Mapping(spec) => Some(*spec),
        _ => None,
    })?;
    // `primary: [{entity: …}]`: the one thing that the mapping is, as the item of a list.
    let is_whole = |it: &Node| {
        let keys = it.as_mapping().map(|it| &it.entries);
        let is_known = |it: &Vec<Entry>| it.iter().all(|it| spec.key(&it.key.text).is_some());
        spec.open.is_none() && keys.is_some_and(is_known)
    };
    let is_one = matches!(list.items.as_slice(), [one] if is_whole(one));
    let is_entry = |it: &Node| {
        it.as_mapping().is_some_and(|it| {
            matches!(it.entries.as_slice(), [one] if fits(spec.shapes_of(&one.key.text), &one.value)
                && spec.key("name").is_none())
        })
    };
    let are_entries = !list.items.is_empty() && list.items.iter().all(is_entry);
    if !(is_one || are_entries) || ctx.slice(node.range).starts_with('[') {
        return None;
    }
    let dash = |it: &Node| {
        let before = ctx.file.text().get(..it.range.to_usize().start)?;
        let at = before.trim_end_matches(' ').strip_suffix('-')?.len();
        // Further keys of an item stand where its first one does.
        let (end, blank) = if is_one { (at + 1, " ") } else { (before.len(), "") };
        Some(TextEdit::replace(TextRange::from(at..end), blank))
    };
    let edits: Option<Vec<TextEdit>> = list.items.iter().map(dash).collect();
    let title = if is_one { "Leave the `-` out" } else { "Leave the dashes out" };
    Some(Fix::review(title, ctx.id(), edits?))
}

/// The mapping as the only item of a list.
fn as_item(ctx: &Context<'_>, node: &Node) -> Option<Fix> {
    let text = ctx.slice(node.range);
    let start = node.range.start();
    if text.starts_with('{') {
        let edits = vec![TextEdit::insert(start, "["), TextEdit::insert(node.range.end(), "]")];
        return Some(Fix::review("Make it the item of a list", ctx.id(), edits));
    }
    let line = ctx.file.text().get(..start as usize)?.rsplit('\n').next()?;
    if !line.bytes().all(|it| it == b' ') {
        return None;
    }
    // Further items show that the first one lacks its dash.
    let behind = ctx.file.text().get(node.range.to_usize().end..)?;
    if behind.trim_start().starts_with("- ") {
        return None;
    }
    let mut edits = vec![TextEdit::insert(start, "- ")];
    let ends = text.match_indices('\n').map(|it| it.0 + 1);
    // Lines of nothing stay as they are.
    let ends = ends.filter(|at| text.get(*at..).is_some_and(|it| !it.starts_with(['\n', '\r'])));
    edits.extend(ends.map(|at| TextEdit::insert(start + TextRange::from(0..at).len(), "  ")));
    Some(Fix::review("Make it the item of a list", ctx.id(), edits))
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_fix;

    #[test]
    fn lists_as_types() {
        let before = "entity: Post\nfields:\n  tags: $0[text]\n";
        check_fix(before, &before.replace("$0[text]", "list(text)"));
        let before = "entity: Post\nfields:\n  kind: {type: $0[long, short]}\n";
        check_fix(before, &before.replace("$0[long, short]", "\"enum(long, short)\""));
    }

    const ACTION: &str = "entity: Post\nfields: {title: text}\nactions:\n  - name: add\n    steps:\n      - insert: Post(title)\n    impact:\n      primary: {operation: OPERATION, fields: FIELDS}\n      cache_invalidations:\nQUERIES";

    fn action(operation: &str, fields: &str, queries: &str) -> String {
        ACTION.replace("OPERATION", operation).replace("FIELDS", fields).replace("QUERIES", queries)
    }

    #[test]
    fn lists_and_mappings_for_one_another() {
        let list = "        - query: posts\n          strategy: REFETCH\n";
        let right = action("CREATE", "[title]", list);
        check_fix(&action("$0[CREATE]", "[title]", list), &right);
        check_fix(&action("CREATE", "$0{title: title}", list), &right);
        let bare = "        $0query: posts\n        strategy: REFETCH\n";
        check_fix(&action("CREATE", "[title]", bare), &right);
    }

    #[test]
    fn entries_with_dashes() {
        let before = "entity: Post\nfields:\n  $0- title: text\n  - body: text\n";
        check_fix(before, "entity: Post\nfields:\n  title: text\n  body: text\n");
    }
}
