//! Laws of navigation at random names of the examples and of real files: what leads somewhere is found from there,
//! what is renamed and renamed back is what it was, and what a change writes is read.
//!
//! `SPECQL_SEED` draws other places, `SPECQL_PLACES` more.

use std::collections::BTreeSet;

use specql_ide::{
    Analysis, AnalysisHost, CallTarget, CodeActionKind, FileEdit, FileId, Level, Reference,
};
use specql_text::{TextEdit, TextRange, apply_edits};

use super::support::{self, Random, number};

/// A name somewhere.
struct Place<'a> {
    analysis: &'a Analysis,
    file: FileId,
    offset: u32,
}

impl Place<'_> {
    fn text(&self) -> &str {
        self.analysis.text(self.file).unwrap()
    }

    fn told(&self, what: &str) -> String {
        let before = &self.text()[..self.offset as usize];
        let (line, path) = (before.matches('\n').count(), self.analysis.path(self.file).unwrap());
        let shown = self.text().lines().nth(line).unwrap_or_default().trim();
        let column = before.len() - before.rfind('\n').map_or(0, |it| it + 1);
        format!("{path}:{}:{}: {what} (`{shown}`)", line + 1, column + 1)
    }
}

/// Asks a law at random words of all workspaces; what it says is broken fails.
fn hold(usual: usize, law: fn(&Place<'_>) -> Option<String>) {
    let seed = number("SPECQL_SEED").unwrap_or(1);
    let places = number("SPECQL_PLACES").map_or(usual, |it| usize::try_from(it).unwrap());
    let mut random = Random(seed);
    let mut broken = BTreeSet::new();
    for files in support::workspaces() {
        let mut host = AnalysisHost::new();
        let ids: Vec<FileId> =
            files.iter().map(|(path, text)| host.set_file(path, text.as_str())).collect();
        let analysis = host.analysis();
        for _ in 0..places {
            let file = ids[random.below(ids.len())];
            let words = support::words(analysis.text(file).unwrap());
            let Some(at) = words.get(random.below(words.len().max(1))) else { continue };
            let place = Place { analysis: &analysis, file, offset: *at };
            broken.extend(law(&place).map(|it| place.told(&it)));
        }
    }
    let told: Vec<String> = broken.into_iter().collect();
    assert!(told.is_empty(), "SPECQL_SEED={seed}: {}\n{}", told.len(), told.join("\n"));
}

fn keys(found: &[Reference]) -> BTreeSet<(FileId, TextRange)> {
    found.iter().map(|it| (it.file, it.range)).collect()
}

/// The middle of a name, where no quote is.
const fn middle(range: TextRange) -> u32 {
    u32::midpoint(range.start(), range.end())
}

#[test]
fn references_are_the_same_from_each_of_them() {
    hold(150, |it| {
        let found = it.analysis.references(it.file, it.offset);
        let all = keys(&found);
        if !found.is_empty()
            && !all.iter().any(|(file, range)| *file == it.file && range.touches(it.offset))
        {
            return Some("its references leave it out".to_owned());
        }
        let step = found.len() / 8 + 1;
        found.iter().step_by(step).find_map(|other| {
            let from = it.analysis.references(other.file, middle(other.range));
            let path = it.analysis.path(other.file).unwrap();
            (keys(&from) != all).then(|| {
                format!(
                    "{} references here, {} from {path} {:?}",
                    all.len(),
                    from.len(),
                    other.range
                )
            })
        })
    });
}

#[test]
fn a_definition_is_a_reference_and_is_defined_where_it_is() {
    hold(150, |it| {
        let targets = it.analysis.goto_definition(it.file, it.offset);
        let references = it.analysis.references(it.file, it.offset);
        if targets.is_empty() || references.is_empty() {
            return None;
        }
        let is_named = |file: FileId, range: TextRange| {
            references.iter().any(|it| it.file == file && it.range.intersects(range))
        };
        if let Some(other) = targets.iter().find(|it| !is_named(it.file, it.name_range)) {
            let path = it.analysis.path(other.file).unwrap();
            return Some(format!("leads to {path} {:?}, no reference", other.name_range));
        }
        let step = references.len() / 8 + 1;
        references.iter().step_by(step).find_map(|other| {
            let from = it.analysis.goto_definition(other.file, middle(other.range));
            let path = it.analysis.path(other.file).unwrap();
            (from != targets).then(|| format!("leads elsewhere from {path} {:?}", other.range))
        })
    });
}

/// Another state, with edits.
fn with(analysis: &Analysis, edits: &[FileEdit]) -> AnalysisHost {
    let mut host = AnalysisHost::from(analysis);
    let files: BTreeSet<FileId> = edits.iter().map(|it| it.file).collect();
    for file in files {
        let own = edits.iter().filter(|it| it.file == file);
        let own: Vec<TextEdit> = own.map(|it| it.edit.clone()).collect();
        let path = analysis.path(file).unwrap().to_owned();
        host.set_file(&path, apply_edits(analysis.text(file).unwrap(), &own));
    }
    host
}

#[test]
fn a_rename_back_restores_every_text() {
    hold(30, |it| {
        let (range, name) = it.analysis.prepare_rename(it.file, it.offset)?;
        let new = format!("{name}0zq");
        let edits = it.analysis.rename(it.file, it.offset, &new).ok()?.into_edits();
        let shift: usize = edits
            .iter()
            .filter(|edit| edit.file == it.file && edit.edit.range.end() < range.start())
            .map(|edit| edit.edit.text.len() - edit.edit.range.len() as usize)
            .sum();
        let there = with(it.analysis, &edits).analysis();
        let offset = it.offset + u32::try_from(shift).unwrap();
        // A name that something else has too is refused.
        let back = there.rename(it.file, offset, &name).ok()?.into_edits();
        let back = with(&there, &back).analysis();
        let differs = it.analysis.files().into_iter().find_map(|file| {
            let (old, new) = (it.analysis.text(file)?, back.text(file)?);
            let line = old.lines().zip(new.lines()).find(|it| it.0 != it.1);
            (old != new).then(|| format!("{:?} in {}", line, it.analysis.path(file).unwrap()))
        });
        differs.map(|it| format!("renamed to `{new}` and back: {it}"))
    });
}

#[test]
fn what_has_a_colour_has_a_hover() {
    hold(60, |it| {
        let line = TextRange::empty(it.offset);
        let tokens = it.analysis.semantic_tokens(it.file, line);
        tokens.into_iter().find_map(|token| {
            let hover = it.analysis.hover(it.file, middle(token.range));
            let name = token.range.slice(it.text());
            hover.is_none().then(|| format!("`{name}` is a {:?} without a hover", token.kind))
        })
    });
}

#[test]
fn ranges_nest() {
    hold(30, |it| {
        let folds = it.analysis.folding_ranges(it.file);
        let crosses = |one: TextRange, other: TextRange| {
            one.start() < other.start() && other.start() < one.end() && one.end() < other.end()
        };
        let mut pairs = folds.iter().flat_map(|one| folds.iter().map(move |other| (one, other)));
        if let Some((one, other)) = pairs.find(|it| crosses(it.0.range, it.1.range)) {
            return Some(format!("{:?} and {:?} fold across", one.range, other.range));
        }
        let selections = it.analysis.selection_ranges(it.file, it.offset);
        let grows = |it: &[TextRange]| it[1] != it[0] && it[1].contains_range(it[0]);
        if !selections.windows(2).all(grows) || !selections.iter().all(|s| s.touches(it.offset)) {
            return Some(format!("{selections:?} do not grow"));
        }
        let linked = it.analysis.linked_ranges(it.file, it.offset);
        let texts: BTreeSet<&str> = linked.iter().map(|range| range.slice(it.text())).collect();
        let is_here = linked.is_empty() || linked.iter().any(|range| range.touches(it.offset));
        (texts.len() > 1 || !is_here).then(|| format!("{texts:?} are linked"))
    });
}

#[test]
fn hierarchies_lead_back() {
    hold(60, |it| {
        if let Some(item) = it.analysis.type_item(it.file, it.offset) {
            for above in it.analysis.supertypes(item.file) {
                let below = it.analysis.subtypes(above.file);
                if !below.iter().any(|it| it.file == item.file) {
                    return Some(format!("`{}` is not below `{}`", item.name, above.name));
                }
            }
        }
        let item = it.analysis.call_item(it.file, it.offset)?;
        for called in it.analysis.outgoing_calls(&item.target) {
            let back = it.analysis.incoming_calls(&called.item.target);
            let same = back.iter().find(|it| it.item.target == item.target);
            if same.is_none_or(|it| it.ranges != called.ranges) {
                return Some(format!("`{}` is not called by `{}`", called.item.name, item.name));
            }
        }
        let text = |target: &CallTarget| match target {
            CallTarget::Action(_, name) | CallTarget::Event(name) => name.clone(),
        };
        let mut callers = it.analysis.incoming_calls(&item.target).into_iter();
        let lost = callers.find(|caller| {
            let called = it.analysis.outgoing_calls(&caller.item.target);
            !called.iter().any(|it| it.item.target == item.target)
        });
        lost.map(|it| format!("`{}` calls it and does not", text(&it.item.target)))
    });
}

/// The findings of all files of level warning and above, and what the loader refuses.
fn mistakes(analysis: &Analysis, files: &BTreeSet<FileId>) -> Vec<String> {
    let found = files.iter().flat_map(|file| analysis.diagnostics(*file));
    let found = found.filter(|it| it.level >= Level::Warning);
    found.map(|it| format!("{}: {}", it.code, it.message)).collect()
}

/// Other forms, and blocks that are written from others, say what was said: nothing is found then that was not
/// found before.
#[test]
fn what_is_written_in_another_way_is_no_mistake() {
    hold(60, |it| {
        let actions = it.analysis.code_actions(it.file, TextRange::empty(it.offset));
        let actions = actions.into_iter().filter(|it| it.kind != CodeActionKind::QuickFix);
        actions.into_iter().find_map(|action| {
            let files: BTreeSet<FileId> =
                action.edits.iter().map(|it| it.file).chain([it.file]).collect();
            let mut before = mistakes(it.analysis, &files);
            let after = mistakes(&with(it.analysis, &action.edits).analysis(), &files);
            let new = after.into_iter().find(|it| match before.iter().position(|old| old == it) {
                Some(at) => {
                    before.swap_remove(at);
                    false
                }
                None => true,
            });
            new.map(|it| format!("`{}` brings {it}", action.title))
        })
    });
}
