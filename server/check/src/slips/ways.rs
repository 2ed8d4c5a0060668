//! The edits by which a torn structure may be mended, those of one line first.

use std::{ops::Range, sync::LazyLock};

use specql_model::{
    FileKind,
    keys::{self, KeySpec, MappingSpec, Shape, Support},
};
use specql_text::{TextEdit, TextRange};

use super::{
    lines::{Line, Lines},
    signs::with_blank,
};
use crate::Context;

/// One edit, and how it is told.
pub(super) struct Way {
    pub(super) edits: Vec<TextEdit>,
    /// The line above which a line is written.
    pub(super) written: Option<usize>,
    /// The line that is taken away to be written there.
    pub(super) taken: Option<usize>,
    /// What the line says was not read before, so it can have mistakes of its own.
    pub(super) reveals: bool,
    pub(super) at: TextRange,
    pub(super) message: String,
    /// Of the fix; empty where the edit shows what is wrong and does not mend it.
    pub(super) title: String,
    pub(super) cost: usize,
}

impl Way {
    /// The line that a line of the mended text was before.
    pub(super) fn line_before(&self, line: usize) -> usize {
        match (self.written, self.taken) {
            (Some(written), Some(taken)) if line == written => taken,
            (Some(_), Some(taken)) if line > taken => line,
            (Some(written), _) if line > written => line - 1,
            _ => line,
        }
    }
}

/// So many columns are tried, the nearest first.
const MOST_COLUMNS: usize = 7;
/// So far from a line others show at which columns it may be meant to stand.
const NEAR: usize = 12;

/// What is said of a line.
pub(super) struct Focus {
    /// It is no YAML.
    pub(super) is_torn: bool,
    /// Its key is there twice.
    pub(super) is_doubled: bool,
    /// Nobody knows its key.
    pub(super) is_unknown: bool,
}

/// The ways around a line, the cheapest first. Where no YAML is torn, the line or its owner is the odd one; a key
/// that is unknown there and everywhere belongs to a mapping that takes any, or nowhere.
pub(super) fn around(
    ctx: &Context<'_>,
    lines: &Lines<'_>,
    line: usize,
    Focus { is_torn: torn, is_doubled: doubled, is_unknown }: Focus,
) -> Vec<Way> {
    let layout = ctx.file.parse().layout();
    let specs = specs(&ctx.file.kind);
    let from = Ways { lines, specs, torn, doubled, step: layout.step, newline: layout.newline };
    let mut ways = Vec::new();
    // A word is still typed, or lacks its colon: nothing around it is wrong for that.
    if let Some(own) = lines.get(line).filter(|it| it.word().is_some() && !it.is_item()) {
        from.with_colon(line, own, &mut ways);
        return ways;
    }
    let owner = lines.owner(line);
    let above = lines.above(line).next().map(|it| it.0);
    let below = |it: usize| lines.from(it + 1).next().map(|it| it.0);
    let is_stranger = |it: &str| from.specs.iter().all(|spec| spec.key(it).is_none());
    let key = lines.get(line).and_then(Line::key);
    if is_unknown && key.is_some_and(is_stranger) {
        from.of_stranger(line, [above, owner], &mut ways);
        ways.sort_by_key(|it| it.cost);
        return ways;
    }
    let mut places = vec![Some(line), above, owner, below(line)];
    if torn {
        places.push(owner.and_then(below));
        // The key in the column of an item holds the list, or cuts it in two.
        let own = lines.get(line).filter(|it| it.is_item());
        let is_beside =
            |it: &Line<'_>| own.is_some_and(|own| it.indent <= own.indent && !it.is_item());
        let key = lines.above(line).find(|it| is_beside(it.1)).map(|it| it.0);
        places.extend([key, key.and_then(below)]);
    }
    let mut seen = Vec::new();
    for place in places.into_iter().flatten() {
        if !seen.contains(&place) {
            seen.push(place);
            from.at(place, &mut ways);
        }
    }
    // The line of a key can stand between the one that holds the others and those.
    let between = owner.and_then(|it| lines.above(it).next()).filter(|_| torn);
    between.into_iter().for_each(|(at, line)| from.swapped(at, line, &mut ways));
    ways.sort_by_key(|it| it.cost);
    ways
}

pub(super) struct Ways<'l, 'a> {
    pub(super) lines: &'l Lines<'a>,
    /// The mappings that the file can have.
    pub(super) specs: &'static [&'static MappingSpec],
    /// What is there is no YAML.
    pub(super) torn: bool,
    /// A key stands there a second time.
    pub(super) doubled: bool,
    /// Columns from a key to what stands below it.
    pub(super) step: usize,
    pub(super) newline: &'static str,
}

impl Ways<'_, '_> {
    fn at(&self, number: usize, acc: &mut Vec<Way>) {
        let Some(line) = self.lines.get(number).filter(|it| it.says_something()) else { return };
        self.moved(number, line, acc);
        self.with_dash(number, line, acc);
        self.without_dash(number, line, acc);
        self.with_header(number, line, acc);
        self.with_body(number, line, acc);
        self.with_colon(number, line, acc);
        self.with_break(number, line, acc);
        self.beside_owner(number, line, acc);
        self.with_comment_above(number, line, acc);
        self.with_sign(line, acc);
        self.without_colon(number, line, acc);
        self.swapped(number, line, acc);
        self.swapped_items(number, line, acc);
        with_blank(line, acc);
    }

    /// A key that no mapping knows: what takes any key was meant to hold it.
    fn of_stranger(&self, number: usize, around: [Option<usize>; 2], acc: &mut Vec<Way>) {
        let Some(line) = self.lines.get(number) else { return };
        self.moved(number, line, acc);
        self.with_header(number, line, acc);
        for it in around.into_iter().flatten() {
            let other = self.lines.get(it);
            other.into_iter().for_each(|line| self.with_body(it, line, acc));
        }
    }

    /// The line at another column: alone, with its block, with all that stands no less deep below it.
    fn moved(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        if line.key().is_none() && !line.is_item() {
            return;
        }
        let mut columns = Vec::new();
        let near =
            self.lines.above(number).take(NEAR).chain(self.lines.from(number + 1).take(NEAR));
        for (_, other) in near.chain(self.lines.chain(number)) {
            let below = if other.opens() { Some(other.column() + self.step) } else { None };
            columns.extend([other.indent, other.column()].into_iter().chain(below));
        }
        columns.sort_unstable_by_key(|it| (it.abs_diff(line.indent), *it));
        columns.dedup();
        let mut ends = vec![number + 1, self.lines.end_of_block(number)];
        if self.begins_run(number, line) {
            ends.clear();
        }
        // A line that stands beside the others well enough moves none of them.
        ends.extend(self.torn.then(|| self.lines.end_of_run(number)));
        for column in columns.into_iter().filter(|it| *it != line.indent).take(MOST_COLUMNS) {
            let mut last = 0;
            for end in ends.iter().copied().filter(|it| *it > number) {
                if end > last {
                    last = end;
                    acc.extend(self.moved_to(number, line, column, end));
                }
            }
        }
    }

    /// Whether others stand beside a line that is deeper than the one above it: what holds them is gone, and no line
    /// alone is the odd one.
    fn begins_run(&self, number: usize, line: &Line<'_>) -> bool {
        let above = self.lines.above(number).next().map(|it| it.1);
        let below = self.lines.from(number + 1).next().map(|it| it.1);
        let is_deeper = above.is_some_and(|it| !it.opens() && it.column() < line.indent);
        let is_beside = |it: &Line<'_>| it.indent == line.indent && !it.is_item();
        let is_plain = !line.is_item() && !line.opens();
        self.torn && is_plain && is_deeper && below.is_some_and(is_beside)
    }

    fn moved_to(&self, number: usize, line: &Line<'_>, column: usize, end: usize) -> Option<Way> {
        let own = line.indent;
        let moved = (number..end).filter_map(|it| self.lines.get(it)).filter(|it| !it.is_blank);
        let edits: Vec<TextEdit> = moved
            .map(|it| {
                let indent = (it.indent + column).saturating_sub(own);
                TextEdit::replace(it.blanks(), " ".repeat(indent))
            })
            .collect();
        let what = if own > column { "too deep" } else { "not deep enough" };
        // A key whose block stands as far from it as blocks do is moved with it, an item with its keys.
        let below = self.lines.from(number + 1).next().map(|it| it.1);
        let gap =
            below.filter(|_| !line.is_item() && line.opens()).map(|it| it.indent.checked_sub(own));
        let takes_block = gap.is_some_and(|it| it == Some(self.step));
        let is_whole = end == self.lines.end_of_block(number);
        let is_one = is_whole && (takes_block || line.is_item());
        let cost = if is_one { 1 } else { edits.len() + usize::from(takes_block) };
        let cost = cost * 4 + usize::from(own.abs_diff(column) > self.step);
        let at = if line.is_item() { line.whole() } else { line.place() };
        let (message, title) = match line.key().filter(|_| !line.is_item()) {
            Some(key) => {
                let (sibling, other) = self.beside(number, end, column)?;
                if !self.stand_together(key, (sibling, other), number..end) {
                    return None;
                }
                (
                    format!(
                        "`{key}` stands {what}; it belongs beside `{other}`, so indent it like that"
                    ),
                    format!("Indent it like `{other}`"),
                )
            }
            None => {
                let is_above =
                    self.lines.above(number).any(|it| it.1.is_item() && it.1.indent == column);
                let other = if is_above { "above" } else { "below" };
                (
                    format!(
                        "this item stands {what}; indent its `-` like that of the item {other}"
                    ),
                    format!("Indent it like the item {other}"),
                )
            }
        };
        Some(Way { edits, written: None, taken: None, reveals: false, at, message, title, cost })
    }

    /// Whether a mapping can have two keys: it knows both, or takes any.
    fn stand_together(
        &self,
        key: &str,
        (sibling, other): (usize, &str),
        moved: Range<usize>,
    ) -> bool {
        let has_both = |it: &&MappingSpec| it.key(key).is_some() && it.key(other).is_some();
        let takes_any =
            |it: &KeySpec| keys::mapping_of(it.shapes).is_some_and(|it| it.open.is_some());
        let column = self.lines.get(sibling).map_or(0, |it| it.indent);
        let above = || self.lines.above(sibling).filter(|it| !moved.contains(&it.0));
        let owner = || above().find(|it| it.1.indent < column)?.1.key();
        self.specs.iter().any(has_both)
            || owner().is_some_and(|owner| {
                self.specs.iter().filter_map(|it| it.key(owner)).any(takes_any)
            })
    }

    /// The key that a line stands beside at a column, and its line.
    fn beside(&self, number: usize, end: usize, column: usize) -> Option<(usize, &str)> {
        let above = self.lines.above(number).take_while(|it| it.1.column() >= column);
        let above = above.filter(|it| it.1.column() == column);
        let below = self.lines.from(end).take_while(|it| it.1.column() >= column);
        let below = below.filter(|it| it.1.column() == column && !it.1.is_item());
        above.chain(below).find_map(|it| Some((it.0, it.1.key()?)))
    }

    /// A key with a dash before it, at its column or before that.
    fn with_dash(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key().filter(|it| !line.is_item() && self.begins_item(it)) else {
            return;
        };
        let is_there = self.lines.above(number).take_while(|it| it.1.indent >= line.indent);
        let is_there = is_there.into_iter().any(|it| it.1.is_item() && it.1.key() == Some(key));
        let as_above = if is_there { ", as above" } else { "" };
        let (message, title) = if self.is_of_step(key) {
            (
                format!(
                    "`{key}` is a key of a step, and the line that says what the step does is missing; write it above"
                ),
                "",
            )
        } else {
            (
                format!("`{key}` begins an item of the list{as_above}; write `- ` before it"),
                "Write `- `",
            )
        };
        // Items beside it show how wide a dash is.
        let items =
            self.lines.above(number).take(NEAR).chain(self.lines.from(number + 1).take(NEAR));
        let item = items.map(|it| it.1).find(|it| it.is_item() && it.column() == line.indent);
        let width = item.map_or(2, |it| it.dashes).min(line.indent);
        let before =
            line.first().checked_sub(u32::try_from(width).unwrap_or(2)).filter(|_| width > 1);
        let before = before.map(|it| {
            TextEdit::replace(TextRange::new(it, line.first()), format!("{:width$}", "-"))
        });
        // The first line of a list is an item.
        let above = self.lines.above(number).next().map(|it| it.1).filter(|it| it.opens());
        let is_first = above.and_then(Line::key).is_some_and(|it| self.holds_items(it));
        let cost = if is_first { 2 } else { 4 };
        for edit in before.into_iter().chain([TextEdit::insert(line.first(), "- ")]) {
            acc.push(Way {
                edits: vec![edit],
                written: None,
                taken: None,
                reveals: false,
                at: line.place(),
                message: message.clone(),
                title: title.to_owned(),
                cost,
            });
        }
    }

    /// An item that is a key of the one above it, without its dash: `- error: taken` behind a `validate`; or one of
    /// the keys of a mapping.
    fn without_dash(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key().filter(|_| line.is_item()) else { return };
        let above = self.lines.above(number).find(|it| it.1.indent <= line.indent).map(|it| it.1);
        let below = self.lines.from(number + 1).find(|it| it.1.indent <= line.indent);
        let is_key = |it: &Line<'_>| !it.is_item() && it.indent == line.indent;
        let first = above.filter(|it| it.is_item() && it.column() == line.column());
        let goes_on = first.and_then(Line::key).is_some_and(|first| {
            !keys::STEP_KEYWORDS.contains(&key) && self.go_together(first, key)
        });
        let (width, start, what) = if goes_on {
            (line.dashes, line.place().start(), "is a key of the item above")
        } else if above.is_some_and(|it| is_key(it) && !it.opens())
            || below.is_some_and(|it| is_key(it.1))
        {
            (0, line.first(), "stands among the keys of a mapping")
        } else {
            return;
        };
        let range = TextRange::new(line.first(), line.place().start());
        acc.push(Way {
            edits: vec![TextEdit::replace(range, " ".repeat(width))],
            written: None,
            taken: None,
            reveals: false,
            at: TextRange::new(start, line.place().end()),
            message: format!(
                "`{key}` {what}, and its dash makes another item of it; leave the `-` out"
            ),
            title: "Leave the `-` out".to_owned(),
            cost: 3,
        });
    }

    /// Whether an item that begins with a key can have another one.
    pub(super) fn go_together(&self, first: &str, key: &str) -> bool {
        if keys::STEP_KEYWORDS.contains(&first) {
            return keys::step_spec(first).key(key).is_some();
        }
        self.specs.iter().any(|it| it.key(first).is_some() && it.key(key).is_some())
    }

    /// Whether an item of a list can begin with a key.
    fn begins_item(&self, key: &str) -> bool {
        keys::STEP_KEYWORDS.contains(&key)
            || self.items().any(|it| it.open.is_some() || it.key(key).is_some())
    }

    /// Whether a list stands behind a key, and nothing else can.
    fn holds_items(&self, key: &str) -> bool {
        let mut found = self.specs.iter().filter_map(|it| it.key(key)).peekable();
        found.peek().is_some()
            && found.all(|it| {
                keys::items_of(it.shapes).is_some() && keys::mapping_of(it.shapes).is_none()
            })
    }

    /// Whether a key stands in steps alone, beside the one that says what the step does.
    fn is_of_step(&self, key: &str) -> bool {
        let is_beside = |it: &&str| *it != key && keys::step_spec(it).key(key).is_some();
        keys::STEP.key(key).is_none()
            && keys::STEP_KEYWORDS.iter().any(is_beside)
            && !self.items().any(|it| it.open.is_none() && it.key(key).is_some())
    }

    /// The mappings that are items of lists.
    fn items(&self) -> impl Iterator<Item = &'static MappingSpec> {
        let lists =
            self.specs.iter().flat_map(|it| it.keys).filter_map(|it| keys::items_of(it.shapes));
        lists.filter_map(keys::mapping_of)
    }

    /// Whether the keys in the column of a line are those of a mapping; one of them can be misspelt.
    fn is_of(&self, spec: &MappingSpec, number: usize) -> bool {
        let Some(own) = self.lines.get(number) else { return false };
        let column = own.column();
        // An item begins a mapping of its own.
        let begins = |it: &Line<'_>| it.is_item() && it.column() == column;
        let mut is_begun = begins(own);
        let above = self.lines.above(number).take_while(|it| it.1.column() >= column);
        let above = above.take_while(|it| {
            let is_own = !is_begun;
            is_begun |= begins(it.1);
            is_own
        });
        let below = self
            .lines
            .from(number + 1)
            .take_while(|it| it.1.column() >= column && it.1.indent >= column && !begins(it.1));
        let keys =
            above.chain(below).filter(|it| it.1.column() == column).filter_map(|it| it.1.key());
        keys.filter(|it| spec.key(it).is_none()).nth(1).is_none()
    }

    /// The line of a key above the lines that belong to it.
    fn with_header(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key() else { return };
        let below = self.lines.from(number + 1).find(|it| it.1.indent < line.indent);
        let below = below.filter(|it| !it.1.is_item());
        for (at, sibling) in self.lines.chain(number).into_iter().take(4).chain(below) {
            let column = sibling.column();
            let is_below = line.indent > column || (line.is_item() && line.indent == column);
            let Some(beside) = sibling.key().filter(|_| is_below) else { continue };
            let is_of_it = |it: &&&MappingSpec| it.key(beside).is_some() && self.is_of(it, at);
            let of_it = self.specs.iter().filter(is_of_it);
            let mut written = Vec::new();
            for header in of_it.flat_map(|it| it.keys).filter(|it| it.support == Support::Full) {
                if header.name == beside || written.contains(&header.name) {
                    continue;
                }
                let Some(holds) = holder(header.shapes, line.is_item(), key) else { continue };
                written.push(header.name);
                self.headed(number, column, header.name, holds, acc);
            }
        }
    }

    /// A header above the first line of those that it can hold, and above each one below that.
    fn headed(
        &self,
        number: usize,
        column: usize,
        header: &str,
        holds: &'static MappingSpec,
        acc: &mut Vec<Way>,
    ) {
        let Some(own) = self.lines.get(number) else { return };
        let is_of_it = |it: &Line<'_>| {
            it.indent > own.indent
                || (it.indent == own.indent
                    && it.is_item() == own.is_item()
                    && it.key().is_some_and(|it| holds.open.is_some() || holds.key(it).is_some()))
        };
        let run = self.lines.above(number).take_while(|it| is_of_it(it.1));
        let mut firsts: Vec<(usize, &Line<'_>)> =
            run.filter(|it| it.1.indent == own.indent).collect();
        firsts.reverse();
        firsts.push((number, own));
        for (at, first) in firsts {
            let Some(key) = first.key() else { continue };
            // A line that is no entry belongs to what stands above it, and so does what follows.
            let above = self.lines.above(at).next().map(|it| it.1);
            if above
                .is_some_and(|it| it.indent == first.indent && it.key().is_none() && !it.is_item())
            {
                continue;
            }
            let message = format!(
                "`{key}` and what follows it belong to `{header}`, whose line is missing; write `{header}:` above it"
            );
            let text = format!("{:column$}{header}:{}", "", self.newline);
            acc.push(Way {
                edits: vec![TextEdit::insert(first.start(), text)],
                written: Some(at),
                taken: None,
                reveals: false,
                at: if first.is_item() { first.whole() } else { first.place() },
                message,
                title: format!("Write `{header}:`"),
                // What takes any key says least of where this one belongs.
                cost: if holds.open.is_none() { 3 } else { 5 },
            });
        }
    }

    /// What stands beside a key with nothing behind it, below it.
    fn with_body(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key().filter(|_| line.opens()) else { return };
        let stand_beside = |other: &str| {
            let has = |it: &&&MappingSpec| it.key(key).is_some() && it.key(other).is_some();
            self.specs.iter().find(has).is_some()
        };
        let is_body = |it: &Line<'_>| {
            it.indent > line.column()
                || (it.indent == line.column()
                    && !it.is_item()
                    && it.key().is_some_and(|it| !stand_beside(it)))
        };
        let body: Vec<&Line<'_>> =
            self.lines.from(number + 1).take_while(|it| is_body(it.1)).map(|it| it.1).collect();
        let Some(first) = body.first().filter(|it| it.indent == line.column()) else { return };
        let Some(inner) = first.key() else { return };
        let edits: Vec<TextEdit> =
            body.iter().map(|it| TextEdit::insert(it.start(), " ".repeat(self.step))).collect();
        let message = format!(
            "nothing stands below `{key}`, and `{inner}` beside it belongs there, so it is not read; indent \
             `{inner}`, and what follows it, deeper than `{key}`"
        );
        let cost = edits.len() * 4;
        acc.push(Way {
            edits,
            written: None,
            taken: None,
            reveals: false,
            at: line.place(),
            message,
            title: format!("Indent what belongs to `{key}`"),
            cost,
        });
    }
}

/// The mapping that a key holds, or that the items of its list are, where a line with a key can be of it.
fn holder(shapes: &'static [Shape], is_item: bool, key: &str) -> Option<&'static MappingSpec> {
    let spec =
        if is_item { keys::mapping_of(keys::items_of(shapes)?) } else { keys::mapping_of(shapes) };
    spec.filter(|it| it.open.is_some() || it.key(key).is_some())
}

/// The mappings that a kind of file can have.
fn specs(kind: &FileKind) -> &'static [&'static MappingSpec] {
    static OF_ENTITY: LazyLock<Vec<&MappingSpec>> = LazyLock::new(|| {
        let steps = keys::STEP_KEYWORDS.iter().map(|it| keys::step_spec(it));
        reached_from([&keys::ENTITY_FILE].into_iter().chain(steps))
    });
    static OF_CONFIG: LazyLock<Vec<&MappingSpec>> = LazyLock::new(|| reached_from([&keys::CONFIG]));
    match kind {
        FileKind::Entity(_) => &OF_ENTITY,
        FileKind::Config(_) => &OF_CONFIG,
        FileKind::Other => &[],
    }
}

/// Mappings, and those below them.
fn reached_from(
    mappings: impl IntoIterator<Item = &'static MappingSpec>,
) -> Vec<&'static MappingSpec> {
    let mut all: Vec<&'static MappingSpec> = Vec::new();
    let mut open: Vec<&'static MappingSpec> = mappings.into_iter().collect();
    while let Some(spec) = open.pop() {
        if all.iter().any(|it| std::ptr::eq(*it, spec)) {
            continue;
        }
        all.push(spec);
        for shapes in
            spec.keys.iter().map(|it| it.shapes).chain(spec.open.map(std::slice::from_ref))
        {
            open.extend(keys::mapping_of(shapes));
            open.extend(keys::items_of(shapes).and_then(keys::mapping_of));
        }
    }
    all
}
