//! One slip that a structure was torn by: a line at the wrong column, a dash or the line of a key that is gone.
//! What follows from it is told as one finding, with the edit that mends it.
//!
//! Invariant: a slip is told where the file was read and checked again with it mended: fewer mistakes of
//! structure are left, none has come, and only what is no longer found is left out.

mod broken_lines;
mod faults;
mod lines;
mod signs;
mod swapped_lines;
mod ways;

use std::sync::Arc;

use rustc_hash::FxHashSet;
use specql_model::{FileKind, SourceFile};
use specql_text::apply_edits;

use crate::{Context, Diagnostic, Fix, Level, Rule, facts::Facts, rules};
use lines::Lines;
use ways::{Focus, Way};

/// So many slips of a file are looked for.
const MOST_SLIPS: usize = 8;
/// After so many places that no edit mends, the file is full of something else.
const MOST_MISSES: usize = 2;
/// So many bytes are read again for them, and no file is longer: a file that is being typed is looked at after
/// each key.
const MOST_BYTES: usize = 80_000;
const LONGEST_FILE: usize = 50_000;
/// To check a file costs as much as to read it so often.
const CHECK: usize = 3;
/// So many of the best ways are checked, and not read only.
const MOST_CHECKED: usize = 3;

/// The rules about structure, the first of which has a mistake of several.
const STRUCTURE: [&Rule; 9] = [
    &rules::invalid_yaml::RULE,
    &rules::invalid_config::RULE,
    &rules::wrong_shape::RULE,
    &rules::duplicate_key::RULE,
    &rules::unknown_key::RULE,
    &rules::missing_key::RULE,
    &rules::unknown_step::RULE,
    &rules::unknown_type::RULE,
    &rules::invalid_type::RULE,
];

fn is_of_structure(it: &Diagnostic) -> bool {
    STRUCTURE.iter().any(|rule| rule.code == it.code)
}

/// Whether nobody says yet how to mend it; that a key is there twice can mean that a dash is missing, a step that is
/// none can have one too many, and what ends a text can be a key of its own.
fn is_open(ctx: &Context<'_>, it: &Diagnostic) -> bool {
    let is_mended = !it.fixes.is_empty()
        && it.code != rules::duplicate_key::RULE.code
        && !rules::unknown_step::is_of_key(ctx, it);
    let is_told = || rules::invalid_yaml::is_of_open_text(it) && !is_behind_comment(ctx, it);
    (is_of_structure(it) && !is_mended && !is_told()) || rules::yaml_1_1_trap::is_of_colon(it)
}

/// Whether the line above a finding ends in what can be a comment.
fn is_behind_comment(ctx: &Context<'_>, it: &Diagnostic) -> bool {
    let before = ctx.file.text().get(..it.range.to_usize().start).unwrap_or_default();
    before.lines().rev().nth(1).is_some_and(|it| it.contains(" #"))
}

/// Puts one finding in the place of those that follow from a slip. `judge` finds what there is in a file.
pub(crate) fn tell(
    ctx: &Context<'_>,
    found: &mut Vec<Diagnostic>,
    judge: fn(&Context<'_>) -> Vec<Diagnostic>,
) {
    let text = ctx.file.text();
    if text.len() > LONGEST_FILE || !found.iter().any(|it| is_open(ctx, it)) {
        return;
    }
    let mut search = Search {
        ctx,
        judge,
        lines: Lines::of(text),
        before: faults::count(ctx, ctx.file),
        entries: faults::entries(ctx.file.parse()),
        bytes: MOST_BYTES,
    };
    let mut told = Vec::new();
    let mut gone = vec![false; found.len()];
    let mut seen = FxHashSet::default();
    let mut misses = 0;
    while told.len() < MOST_SLIPS && misses < MOST_MISSES {
        let left = found.iter().zip(&gone).filter(|it| !it.1 && is_open(ctx, it.0)).map(|it| it.0);
        let new = left.filter(|it| !seen.contains(&search.lines.number(it.range.start())));
        // What is missing somewhere shows least of where it stands.
        let is_absence = |it: &Diagnostic| it.code == rules::missing_key::RULE.code;
        // What is no YAML, and a block that is not read, tear what stands around them.
        let torn = [
            rules::invalid_yaml::RULE.code,
            rules::invalid_config::RULE.code,
            rules::wrong_shape::RULE.code,
        ];
        let is_torn = |it: &Diagnostic| torn.contains(&it.code);
        let first = new.min_by_key(|it| (is_absence(it), !is_torn(it), it.range.start()));
        let Some(focus) = first else { break };
        seen.insert(search.lines.number(focus.range.start()));
        if let Some((slip, explained)) = search.slip(focus, found) {
            gone.iter_mut().zip(explained).for_each(|(gone, it)| *gone |= it);
            told.push(slip);
        } else {
            misses += 1;
        }
    }
    let mut gone = gone.into_iter();
    // A key of a step that is gone is no step.
    let is_step = |it: &Diagnostic| {
        it.code == rules::unknown_step::RULE.code && told.iter().any(|by| by.range == it.range)
    };
    found.retain(|it| !gone.next().unwrap_or_default() && !is_step(it));
    found.append(&mut told);
}

struct Search<'a, 'b> {
    ctx: &'b Context<'a>,
    judge: fn(&Context<'_>) -> Vec<Diagnostic>,
    lines: Lines<'a>,
    /// The mistakes of structure that the file has now.
    before: usize,
    /// Its entries.
    entries: usize,
    /// How much may still be read.
    bytes: usize,
}

impl Search<'_, '_> {
    /// The slip that a finding follows from, and which of all findings do.
    fn slip(
        &mut self,
        focus: &Diagnostic,
        found: &[Diagnostic],
    ) -> Option<(Diagnostic, Vec<bool>)> {
        let line = self.lines.number(focus.range.start());
        let mut better: Vec<(usize, Way, Arc<SourceFile>)> = Vec::new();
        let is_torn = focus.code == rules::invalid_yaml::RULE.code;
        let is_doubled = focus.code == rules::duplicate_key::RULE.code;
        let is_unknown = focus.code == rules::unknown_key::RULE.code;
        for way in
            ways::around(self.ctx, &self.lines, line, Focus { is_torn, is_doubled, is_unknown })
        {
            let text = apply_edits(self.ctx.file.text(), &way.edits);
            // What the best of them costs to check is left.
            let left = if better.is_empty() { 0 } else { text.len() * CHECK };
            let Some(rest) = self.bytes.checked_sub(text.len()).filter(|it| *it >= left) else {
                break;
            };
            self.bytes = rest;
            let Some((faults, file)) = self.better(text) else { continue };
            better.push((faults, way, file));
            if faults == 0 {
                break;
            }
        }
        better.sort_by_key(|it| it.0);
        let mut best = better.into_iter().take(MOST_CHECKED);
        best.find_map(|(_, way, file)| {
            self.bytes = self.bytes.checked_sub(file.text().len() * CHECK)?;
            let explained = self.explained(&way, &file, found)?;
            let is_explained = found.iter().zip(&explained).any(|(it, gone)| *gone && it == focus);
            is_explained.then(|| (self.told(way, found, &explained), explained))
        })
    }

    /// The file with another text, where that has fewer mistakes of structure, and their number. Most have as
    /// many, which their values show before anybody asks what they declare.
    fn better(&self, text: String) -> Option<(usize, Arc<SourceFile>)> {
        let old = self.ctx.file;
        let parse = old.parse_as(text);
        let of_values = faults::of_values(&old.kind, &parse);
        // What becomes a part of a text is hidden, and not mended.
        let is_kept = || faults::entries(&parse) >= self.entries;
        if of_values >= self.before || !is_kept() {
            return None;
        }
        let file = Arc::new(old.with_parse(parse));
        let faults = of_values + faults::of_declarations(self.ctx, &file.kind);
        (faults < self.before && is_same_kind(old, &file)).then_some((faults, file))
    }

    /// Which findings a mended file does not have any more; nothing where it has new ones of structure.
    fn explained(
        &self,
        way: &Way,
        mended: &Arc<SourceFile>,
        found: &[Diagnostic],
    ) -> Option<Vec<bool>> {
        let workspace = self.ctx.workspace.with_file(Arc::clone(mended));
        let mut index = self.ctx.index.clone();
        index.update(&workspace, [&self.ctx.id()]);
        let facts = Facts::default();
        let context = Context {
            workspace: &workspace,
            file: mended,
            index: &index,
            facts: &facts,
            rules: self.ctx.rules,
            advice: self.ctx.advice,
        };
        let after = (self.judge)(&context);
        let lines = Lines::of(mended.text());
        let before = |at: u32| way.line_before(lines.number(at));
        let line = |it: &Diagnostic| before(it.range.start());
        let left: FxHashSet<(&str, usize, &str)> =
            after.iter().map(|it| (it.code, line(it), &*it.message)).collect();
        let explained = found.iter().map(|it| {
            !left.contains(&(it.code, self.lines.number(it.range.start()), &*it.message))
        });
        let explained: Vec<bool> = explained.collect();
        // What is no YAML on a line is still there when another finding says it.
        let problems = &mended.parse().yaml().problems;
        let torn: FxHashSet<usize> = problems.iter().map(|it| before(it.range.start())).collect();
        let is_hidden = |it: &Diagnostic| {
            it.code == rules::invalid_yaml::RULE.code
                && torn.contains(&self.lines.number(it.range.start()))
        };
        if found.iter().zip(&explained).any(|(it, gone)| *gone && is_hidden(it)) {
            return None;
        }
        let known: FxHashSet<(&str, usize, &str)> = found
            .iter()
            .map(|it| (it.code, self.lines.number(it.range.start()), &*it.message))
            .collect();
        let touched: FxHashSet<usize> =
            way.edits.iter().map(|it| self.lines.number(it.range.start())).collect();
        let is_new = |it: &&Diagnostic| {
            let is_grave = is_of_structure(it)
                || it.code == rules::legacy_impacts::RULE.code
                || (it.level >= Level::Warning && !way.reveals && touched.contains(&line(it)));
            is_grave && !known.contains(&(it.code, line(it), &*it.message))
        };
        (!after.iter().any(|it| is_new(&it))).then_some(explained)
    }

    /// The finding of a slip: of the rule that has the gravest mistake of those that follow.
    fn told(&self, way: Way, found: &[Diagnostic], explained: &[bool]) -> Diagnostic {
        let gone = || found.iter().zip(explained).filter(|it| *it.1).map(|it| it.0);
        let rule = STRUCTURE.iter().find(|rule| gone().any(|it| it.code == rule.code));
        let rule = rule.copied().unwrap_or(&rules::invalid_yaml::RULE);
        // A type that is none stands in the wrong place, where a key means nothing.
        let is_of_types = [rules::unknown_type::RULE.code, rules::invalid_type::RULE.code];
        let rule = if is_of_types.contains(&rule.code) { &rules::unknown_key::RULE } else { rule };
        let level = gone().filter(|it| is_of_structure(it)).map(|it| it.level).max();
        let fix = (!way.title.is_empty()).then(|| Fix::review(way.title, self.ctx.id(), way.edits));
        let found = self.ctx.finding(rule, way.at, way.message).fix(fix);
        found.level(level.unwrap_or(Level::Error))
    }
}

/// Whether a mended file is still what it was, and declares the same entity.
fn is_same_kind(one: &SourceFile, other: &SourceFile) -> bool {
    match (&one.kind, &other.kind) {
        (FileKind::Entity(one), FileKind::Entity(other)) => {
            one.name.text == other.name.text && one.declared == other.declared
        }
        (FileKind::Config(_), FileKind::Config(_)) => true,
        _ => false,
    }
}
