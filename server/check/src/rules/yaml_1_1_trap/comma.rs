//! A text without quotes between braces or brackets that a comma ends: `{status: enum(a, b)}`.
//!
//! Found by a parenthesis that is never closed in the text and closed behind the comma, and by what no key
//! looks like behind a statement.

use specql_syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use specql_text::{TextEdit, TextRange};

use super::RULE;
use crate::{Context, Diagnostic, Fix, Level};

const REASON: &str = "between brackets a comma ends a text without quotes, so what follows is no part of it; \
                      write the whole text in quotes";

/// Reports every such text of a file.
pub(super) fn report(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    if ctx.file.text().contains(['{', '[']) {
        in_node(ctx, &ctx.file.parse().yaml().root, acc);
    }
}

/// Whether a finding is one of these.
pub(crate) fn is_it(finding: &Diagnostic) -> bool {
    finding.code == RULE.code && finding.message == REASON
}

fn in_node(ctx: &Context<'_>, node: &Node, acc: &mut Vec<Diagnostic>) {
    match &node.kind {
        NodeKind::Mapping(it) => {
            let is_flow = starts(ctx, node, b'{');
            let mut rest = it.entries.as_slice();
            while let Some((entry, behind)) = rest.split_first() {
                rest = behind;
                if entry.merged {
                    continue;
                }
                match is_flow.then(|| end_of_entry(ctx, entry, behind)).flatten() {
                    Some((count, whole)) => {
                        acc.push(finding(ctx, whole));
                        rest = behind.get(count..).unwrap_or_default();
                    }
                    None => in_node(ctx, &entry.value, acc),
                }
            }
        }
        NodeKind::Sequence(it) => {
            let is_flow = starts(ctx, node, b'[');
            let mut rest = it.items.as_slice();
            while let Some((item, behind)) = rest.split_first() {
                rest = behind;
                match is_flow.then(|| end_of_item(ctx, item, behind)).flatten() {
                    Some((count, whole)) => {
                        acc.push(finding(ctx, whole));
                        rest = behind.get(count..).unwrap_or_default();
                    }
                    None => in_node(ctx, item, acc),
                }
            }
        }
        NodeKind::Missing | NodeKind::Scalar(_) => {}
    }
}

fn starts(ctx: &Context<'_>, node: &Node, sign: u8) -> bool {
    ctx.file.text().as_bytes().get(node.range.to_usize().start) == Some(&sign)
}

/// The text of an entry goes on in so many entries behind it, to the end of a range.
fn end_of_entry(ctx: &Context<'_>, entry: &Entry, behind: &[Entry]) -> Option<(usize, TextRange)> {
    let text = plain(ctx, &entry.value)?;
    let mut open = depth(text);
    let mut end = None;
    for (at, next) in behind.iter().enumerate() {
        let key = ctx.slice(next.key.range);
        // Behind a comma stands a key without a value, which looks like a part of a statement.
        let is_text = next.value.is_null() && !next.merged;
        let is_part = open > 0 || (key.contains([' ', '=', '(', ')', '\'']) && text.contains(' '));
        if !is_text || !is_part {
            break;
        }
        open += depth(key);
        if open <= 0 {
            end = Some((at + 1, TextRange::new(entry.value.range.start(), next.key.range.end())));
        }
    }
    end
}

/// The same for the items of a list.
fn end_of_item(ctx: &Context<'_>, item: &Node, behind: &[Node]) -> Option<(usize, TextRange)> {
    let value = match &item.kind {
        // `[insert: Post(a, b)]`.
        NodeKind::Mapping(it) if !starts(ctx, item, b'{') => &it.entries.last()?.value,
        _ => item,
    };
    let mut open = depth(plain(ctx, value)?);
    if open <= 0 {
        return None;
    }
    for (at, next) in behind.iter().enumerate() {
        open += depth(plain(ctx, next)?);
        if open <= 0 {
            return Some((at + 1, TextRange::new(value.range.start(), next.range.end())));
        }
    }
    None
}

fn plain<'a>(ctx: &Context<'a>, node: &Node) -> Option<&'a str> {
    let scalar = node.as_scalar().filter(|it| it.style == ScalarStyle::Plain)?;
    let is_here = scalar.segments.first()?.file_start == node.range.start();
    is_here.then(|| ctx.slice(node.range))
}

/// How many parentheses a text leaves open.
fn depth(text: &str) -> i32 {
    text.chars().map(|it| i32::from(it == '(') - i32::from(it == ')')).sum()
}

fn finding(ctx: &Context<'_>, whole: TextRange) -> Diagnostic {
    let written = ctx.slice(whole);
    let edit = TextEdit::replace(
        whole,
        format!("\"{}\"", written.replace('\\', "\\\\").replace('"', "\\\"")),
    );
    let fix = Fix::review("Write it in quotes", ctx.id(), vec![edit]);
    let found = ctx.finding(&RULE, whole, REASON.to_owned()).level(Level::Error);
    if written.contains('\n') { found } else { found.fix(fix) }
}

#[cfg(test)]
mod tests {
    use crate::test_support::{check_diagnostics, check_fix};

    #[test]
    fn texts_that_a_comma_ends() {
        check_diagnostics(
            r#"
entity: Post
fields: {title: text!, state: enum(a, b, c) = b, price: decimal(10, 2), note: text}
#                             ^^^^^^^^^^^^^^^^^ 💡 error[yaml-1-1-trap]: between brackets a comma ends a text without quotes, so what follows is no part of it; write the whole text in quotes
#                                                       ^^^^^^^^^^^^^^ 💡 error[yaml-1-1-trap]
actions:
  - name: change
    steps:
      - {update: Post SET state = 'c', note = 'x'}
      #          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 💡 error[yaml-1-1-trap]
    impact: {primary: {operation: UPDATE, fields: [state, note]}}
  - name: add
    steps: [insert: Post(title, note)]
    #               ^^^^^^^^^^^^^^^^^ 💡 error[yaml-1-1-trap]
    impact: {primary: {operation: CREATE, fields: [title, note]}}
"#,
        );
    }

    #[test]
    fn the_text_is_quoted() {
        check_fix(
            "entity: Post\nfields: {title: text!, state: $0enum(a, b) = b, note: text}\n",
            "entity: Post\nfields: {title: text!, state: \"enum(a, b) = b\", note: text}\n",
        );
    }
}
