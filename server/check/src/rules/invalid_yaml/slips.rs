//! Slips behind what is no YAML: a blank, a colon or a key that is missing, a line that is too deep.
//!
//! Invariant: a slip is told of, and mended, where the file was read again with it mended and has fewer
//! problems.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use specql_model::keys::{self, MappingSpec};
use specql_syntax::{
    parse,
    yaml::{Problem, ProblemKind},
};
use specql_text::{TextEdit, TextRange, apply_edits};

use crate::{Context, Fix};

/// A slip, and the fix of it.
pub(super) struct Slip {
    pub(super) message: String,
    pub(super) fix: Fix,
    /// Where it is, if not where the reader stopped.
    pub(super) at: Option<TextRange>,
    /// The lines, as they are now, with problems that stay once it is mended.
    pub(super) left: FxHashSet<usize>,
}

impl Slip {
    fn new(ctx: &Context<'_>, message: String, title: String, edits: Vec<TextEdit>) -> Self {
        Self {
            message,
            fix: Fix::review(title, ctx.id(), edits),
            at: None,
            left: FxHashSet::default(),
        }
    }
}

/// The slip that a problem comes from.
pub(super) fn slip(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let found = match problem.kind {
        ProblemKind::Invalid => missing_blank(ctx, problem),
        ProblemKind::MissingColon => missing_colon(ctx, problem),
        ProblemKind::Misindented | ProblemKind::MissingDash => {
            let ways = [
                indented_first,
                outdented_first,
                missing_dash,
                wrong_dash,
                wrong_column,
                wrong_item,
            ];
            return ways.iter().find_map(|way| way(ctx, problem).and_then(|it| mends(ctx, it)));
        }
        ProblemKind::MisplacedSequence => missing_key(ctx, problem),
        _ => None,
    };
    found.and_then(|it| mends(ctx, it))
}

/// A slip whose fix leaves a file with fewer problems, and those that it leaves.
fn mends(ctx: &Context<'_>, slip: Slip) -> Option<Slip> {
    let edits: Vec<TextEdit> = slip.fix.edits.iter().map(|it| it.edit.clone()).collect();
    let text: Arc<str> = apply_edits(ctx.file.text(), &edits).into();
    let mended = parse(Arc::clone(&text));
    let problems = &mended.yaml().problems;
    if problems.len() >= ctx.file.parse().yaml().problems.len() {
        return None;
    }
    // An edit that writes a line moves those below it.
    let is_line = |it: &&TextEdit| it.text.ends_with('\n');
    let written = edits.iter().find(is_line);
    let written = written.map(|it| LineEnds::of(ctx.file.text()).line(it.range.start()));
    let before = |line: usize| if written.is_some_and(|it| line > it) { line - 1 } else { line };
    let lines = LineEnds::of(&text);
    let left = problems.iter().map(|it| before(lines.line(it.range.start()))).collect();
    Some(Slip { left, ..slip })
}

/// Where the lines of a text end.
pub(super) struct LineEnds(Vec<usize>);

impl LineEnds {
    pub(super) fn of(text: &str) -> Self {
        // Of `\r\n` the last.
        let is_end = |it: &(usize, &str)| !text.get(it.0..).unwrap_or_default().starts_with("\r\n");
        Self(text.match_indices(['\n', '\r']).filter(is_end).map(|it| it.0).collect())
    }

    /// The number of the line with a place.
    pub(super) fn line(&self, at: u32) -> usize {
        self.0.partition_point(|it| *it < at as usize)
    }
}

/// The first key of a block stands deeper than all the others.
fn indented_first(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let other = lines.own.key().filter(|_| lines.own.dashes == 0)?;
    let wanted = lines.own.indent;
    // From the problem up, what stands deeper.
    let deeper = |it: &&Line<'_>| !it.says_something() || it.indent > wanted;
    let block: Vec<&Line<'_>> = lines.above.iter().take_while(deeper).collect();
    let first = block.iter().rev().find(|it| it.says_something())?;
    let key = first.key().filter(|_| first.dashes == 0)?;
    let above = lines.above.get(block.len());
    let owner_ends = above.is_none_or(|it| it.text.ends_with(':') && it.key_column() < wanted);
    if block.len() == Lines::MOST
        || !owner_ends
        || block.iter().any(|it| it.says_something() && it.indent < first.indent)
    {
        return None;
    }
    // The odd one is the line that fewer others stand beside.
    let following = || {
        let in_mapping = |it: &&Line<'_>| !it.says_something() || it.indent >= wanted;
        lines.below.iter().take_while(in_mapping).filter(|it| it.dashes == 0)
    };
    let is_beside_first = |it: &Line<'_>| {
        it.indent == first.indent && it.key().is_some_and(|it| stand_beside(it, key))
    };
    let is_beside_own = |it: &Line<'_>| it.indent == wanted && it.key().is_some();
    if following().any(is_beside_first)
        || !(stand_beside(key, other) || following().any(is_beside_own))
    {
        return None;
    }
    let message =
        format!("`{key}` stands too deep; it belongs beside `{other}`, so indent it like that");
    let by = first.indent - wanted;
    let edits = block.iter().rev().filter(|it| it.says_something()).map(|it| {
        let blanks = TextRange::from(it.start as usize..it.start as usize + by);
        TextEdit::replace(blanks, "")
    });
    let edits = edits.collect();
    let at = first.start + u32::try_from(first.indent).ok()?;
    let slip = Slip::new(ctx, message, format!("Indent it like `{other}`"), edits);
    Some(Slip { at: Some(TextRange::new(at, at + length(key))), ..slip })
}

/// The first key of a block stands less deep than all the others, in one line with its value.
fn outdented_first(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let other = lines.own.key().filter(|_| lines.own.dashes == 0)?;
    let wanted = lines.own.indent;
    let mut above = lines.above.iter().filter(|it| it.says_something());
    let first = above.next().filter(|it| it.dashes == 0 && it.has_value && it.indent < wanted)?;
    let owner = above.next().filter(|it| it.text.ends_with(':'))?;
    let key = first.key()?;
    let in_mapping = |it: &&Line<'_>| !it.says_something() || it.indent >= wanted;
    let mut following = lines.below.iter().take_while(in_mapping);
    let is_other = following.any(|it| it.indent == wanted && it.dashes == 0 && it.key().is_some());
    if !is_other || owner.key_column() >= first.indent || !stand_beside(key, other) {
        return None;
    }
    let message = format!(
        "`{key}` stands not deep enough; it belongs beside `{other}`, so indent it like that"
    );
    let edit = TextEdit::insert(first.start, " ".repeat(wanted - first.indent));
    let at = first.start + u32::try_from(first.indent).ok()?;
    let slip = Slip::new(ctx, message, format!("Indent it like `{other}`"), vec![edit]);
    Some(Slip { at: Some(TextRange::new(at, at + length(key))), ..slip })
}

/// The first line of an item stands beside the column of the others.
fn wrong_dash(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    moved_dash(ctx, problem, false)
}

/// A whole item does.
fn wrong_item(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    moved_dash(ctx, problem, true)
}

/// An item at a column where no other item of its list stands; `whole` moves its other lines with the first.
fn moved_dash(ctx: &Context<'_>, problem: &Problem, whole: bool) -> Option<Slip> {
    /// So far a slip goes.
    const FAR: usize = 2;
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let own = lines.own.indent;
    if lines.own.dashes == 0 {
        return None;
    }
    let is_near =
        |it: &&Line<'_>| it.dashes > 0 && it.indent != own && it.indent.abs_diff(own) <= FAR;
    let other = lines.above.iter().take_while(|it| !it.says_something() || it.indent + FAR >= own);
    let other = other.filter(|it| it.says_something()).find(is_near)?;
    let wanted = other.indent;
    let what = if own > wanted { "too deep" } else { "not deep enough" };
    let message = format!("this item stands {what}; indent its `-` like that of the item above");
    let is_below = |it: &&Line<'_>| whole && (!it.says_something() || it.indent > own);
    let below = lines.below.iter().take_while(is_below).filter(|it| it.says_something());
    let edits = std::iter::once(&lines.own).chain(below).map(|it| {
        let blanks = TextRange::from(it.start as usize..it.start as usize + it.indent);
        TextEdit::replace(blanks, " ".repeat((it.indent + wanted).saturating_sub(own)))
    });
    Some(Slip::new(ctx, message, "Indent it like the item above".to_owned(), edits.collect()))
}

/// `when:` in the column of the dash of another item that begins with it.
fn missing_dash(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let key = lines.own.key().filter(|_| lines.own.dashes == 0)?;
    let beside = |it: &&Line<'_>| it.says_something() && it.indent <= lines.own.indent;
    let item = lines.above.iter().find(beside)?;
    if item.indent != lines.own.indent || item.dashes == 0 || item.key() != Some(key) {
        return None;
    }
    let message = format!("`{key}` begins an item of the list, as above; write `- ` before it");
    let at = lines.own.start + u32::try_from(lines.own.indent).ok()?;
    Some(Slip::new(ctx, message, "Write `- `".to_owned(), vec![TextEdit::insert(at, "- ")]))
}

/// `title:text`, which is one text to YAML.
fn missing_blank(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let line = ctx.slice(problem.range).lines().next()?.trim_end();
    let (key, rest) = line.split_once(':')?;
    if !is_name(key) || rest.is_empty() || rest.starts_with([' ', '/', ':']) {
        return None;
    }
    let message = format!(
        "a blank is missing behind `{key}:`, so this is one text and no key; write `{key}: {rest}`"
    );
    let at = problem.range.start() + length(key) + 1;
    Some(Slip::new(ctx, message, "Add the blank".to_owned(), vec![TextEdit::insert(at, " ")]))
}

/// `fields` above its block.
fn missing_colon(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let key = ctx.slice(problem.range).trim_end();
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let below = lines.below.iter().find(|it| it.says_something())?;
    let column = lines.own.key_column();
    let is_block = below.indent > column || (below.indent == column && below.dashes > 0);
    if !is_name(key) || !is_block {
        return None;
    }
    let message =
        format!("`{key}` has no `:`, so the lines below belong to nothing; write `{key}:`");
    let at = problem.range.start() + length(key);
    Some(Slip::new(ctx, message, "Add the `:`".to_owned(), vec![TextEdit::insert(at, ":")]))
}

/// Steps that stand right below an `if`, a `foreach` or an `else`.
fn missing_key(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    const OWNERS: [(&str, &str, &str); 3] =
        [("if", "then", "steps"), ("foreach", "do", "steps"), ("switch", "cases", "cases")];
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let above = lines.above.iter().find(|it| it.says_something())?;
    let (owner, key, what) = OWNERS.iter().find(|it| above.key() == Some(it.0))?;
    let message = format!(
        "the {what} of `{owner}` stand below `{key}:`, which is missing; write it above them"
    );
    let written = format!("{:1$}{key}:\n", "", above.key_column());
    let edit = TextEdit::insert(lines.own.start, written);
    Some(Slip::new(ctx, message, format!("Write `{key}:`"), vec![edit]))
}

/// A key beside which nothing stands in its column: `impact` below `steps`, as deep as a step.
fn wrong_column(ctx: &Context<'_>, problem: &Problem) -> Option<Slip> {
    let lines = Lines::around(ctx.file.text(), problem.range.start());
    let key = lines.own.key().filter(|_| lines.own.dashes == 0)?;
    let sibling = sibling(&lines, key)?;
    let (own, wanted) = (lines.own.indent, sibling.key_column());
    let what = if own > wanted { "too deep" } else { "not deep enough" };
    let other = sibling.key()?;
    let message =
        format!("`{key}` stands {what}; it belongs beside `{other}`, so indent it like that");
    // A key of the same mapping, where this one should stand, is not below it.
    let is_sibling = |it: &&Line<'_>| {
        let other = it.key().filter(|_| it.indent == wanted && it.dashes == 0);
        other.is_some_and(|other| stand_beside(other, key))
    };
    let is_below = |it: &&Line<'_>| !it.says_something() || (it.indent > own && !is_sibling(it));
    let block = lines.below.iter().take_while(is_below).filter(|it| !it.text.is_empty());
    let moved = |it: &Line<'_>| {
        let blanks = TextRange::from(it.start as usize..it.start as usize + it.indent);
        TextEdit::replace(blanks, " ".repeat((it.indent + wanted).saturating_sub(own)))
    };
    let edits = std::iter::once(&lines.own).chain(block).map(moved).collect();
    Some(Slip::new(ctx, message, format!("Indent it like `{other}`"), edits))
}

/// Whether two keys stand beside each other in some mapping.
fn stand_beside(one: &str, other: &str) -> bool {
    /// Of steps each kind has its own keys.
    const OF_STEPS: [[&str; 2]; 3] = [["then", "else"], ["cases", "default"], ["when", "then"]];
    let has = |spec: &&MappingSpec, key: &str| spec.key(key).is_some();
    SPECS.iter().any(|it| has(it, one) && has(it, other))
        || OF_STEPS.iter().any(|it| it.contains(&one) && it.contains(&other))
}

/// The mappings whose keys stand beside each other.
const SPECS: [&MappingSpec; 11] = [
    &keys::ENTITY_FILE,
    &keys::ACTION,
    &keys::STEP,
    &keys::IMPACT,
    &keys::PRIMARY,
    &keys::SIDE_EFFECT,
    &keys::INVALIDATION,
    &keys::CDC,
    &keys::CASCADE,
    &keys::AUDIT,
    &keys::FIELD,
];

/// The line above with a key of the same mapping, the nearest first. Names of the author's stand beside those
/// of the line right above.
fn sibling<'l, 'a>(lines: &'l Lines<'a>, key: &str) -> Option<&'l Line<'a>> {
    let mut limit = usize::MAX;
    let mut around = Vec::new();
    for line in lines.above.iter().filter(|it| it.key().is_some()) {
        if line.key_column() < limit {
            limit = if line.dashes > 0 { line.indent + 1 } else { line.key_column() };
            around.push(line);
        }
    }
    let beside = |it: &&&Line<'_>| {
        let other = it.key().unwrap_or_default();
        SPECS.iter().any(|spec| spec.key(key).is_some() && spec.key(other).is_some())
    };
    let is_known = |it: &str| SPECS.iter().any(|spec| spec.key(it).is_some());
    let first = around.first().filter(|it| !is_known(key) && it.has_value);
    around.iter().find(beside).or(first).copied()
}

/// A line of a file.
struct Line<'a> {
    start: u32,
    /// The blanks before its first sign.
    indent: usize,
    /// What its dashes take, with the blanks behind them.
    dashes: usize,
    /// Behind that.
    text: &'a str,
    /// A value stands behind its key.
    has_value: bool,
}

impl<'a> Line<'a> {
    fn new(text: &'a str, start: u32) -> Self {
        let content = text.trim_start_matches(' ');
        let mut rest = content;
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
        }
        let value = rest.split_once(": ").map_or("", |it| it.1.trim());
        Self {
            start,
            indent: text.len() - content.len(),
            dashes: content.len() - rest.len(),
            text: rest.trim_end(),
            has_value: !value.is_empty() && !value.starts_with('#'),
        }
    }

    fn says_something(&self) -> bool {
        !self.text.is_empty() && !self.text.starts_with('#')
    }

    fn key_column(&self) -> usize {
        self.indent + self.dashes
    }

    fn key(&self) -> Option<&'a str> {
        let (key, rest) = self.text.split_once(':')?;
        (is_name(key) && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
    }
}

/// A line with those above, the nearest first, and those below.
struct Lines<'a> {
    own: Line<'a>,
    above: Vec<Line<'a>>,
    below: Vec<Line<'a>>,
}

impl<'a> Lines<'a> {
    /// So many lines are looked at.
    const MOST: usize = 200;

    fn around(text: &'a str, at: u32) -> Self {
        let before = text.get(..at as usize).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |it| it + 1);
        let (above, rest) = text.split_at_checked(start).unwrap_or((text, ""));
        let mut below = Vec::new();
        let mut from = start;
        for line in rest.split_inclusive('\n').take(Self::MOST) {
            below.push(Line::new(line, TextRange::from(from..from).start()));
            from += line.len();
        }
        let mut end = start;
        let mut lines = Vec::new();
        for line in above.split_inclusive('\n').rev().take(Self::MOST) {
            end -= line.len();
            lines.push(Line::new(line, TextRange::from(end..end).start()));
        }
        let own = if below.is_empty() { Line::new("", at) } else { below.remove(0) };
        Self { own, above: lines, below }
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

fn length(text: &str) -> u32 {
    TextRange::from(0..text.len()).len()
}
