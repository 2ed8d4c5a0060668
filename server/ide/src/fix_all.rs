//! All fixes of many findings at once, to a fixed point.
//!
//! Invariant: what comes out has fewer findings than what went in, or is the same. A batch that does
//! not make it so is taken back, and its fixes are tried one by one.

use std::collections::BTreeMap;

use rayon::prelude::*;
use specql_check::{Applicability, Diagnostic, Fix, may_be_silenced};
use specql_model::FileId;
use specql_text::{TextEdit, apply_edits};

use crate::{Analysis, AnalysisHost};

/// A fix can bring another finding with a fix, but not for ever.
const ROUNDS: usize = 16;

/// What [`fix_all`] did.
#[derive(Debug)]
pub struct FixedAll {
    /// The state with the fixes.
    pub analysis: Analysis,
    /// The files whose text changed, in the order of their numbers.
    pub files: Vec<FileId>,
    /// The titles of the fixes, in the order in which they were applied.
    pub applied: Vec<String>,
    /// How many findings got no comment, because their file cannot be loaded with one either.
    pub not_silenced: usize,
}

/// Which fixes are wanted, and where findings are looked for.
pub struct FixOptions<'a> {
    /// Files whose findings are mended; edits may reach others.
    pub files: &'a [FileId],
    /// Fixes that need a look too.
    pub review: bool,
    /// Comments that silence the findings instead of fixes.
    pub suppress: bool,
    /// Whether a finding is to be mended.
    pub wanted: &'a (dyn Fn(&Diagnostic) -> bool + Sync),
}

/// Applies the first fitting fix of each finding, again and again until there is none.
pub(crate) fn fix_all(start: &Analysis, options: &FixOptions<'_>) -> FixedAll {
    let mut work = Work { host: AnalysisHost::from(start), options, applied: Vec::new() };
    for _ in 0..ROUNDS {
        if !work.round() {
            break;
        }
    }
    let analysis = work.host.analysis();
    let changed = |it: &FileId| start.text(*it) != analysis.text(*it);
    let mut files = analysis.files();
    files.retain(changed);
    files.sort();
    let not_silenced = match options.suppress {
        true => work
            .findings(&analysis)
            .iter()
            .filter(|it| (options.wanted)(it) && !may_be_silenced(it))
            .count(),
        false => 0,
    };
    FixedAll { not_silenced, analysis, files, applied: work.applied }
}

/// The edit that applies the safe fixes of one file.
pub(crate) fn fix_file(start: &Analysis, file: FileId) -> Option<TextEdit> {
    let stays = |it: &Diagnostic| {
        let mut safe = it.fixes.iter().filter(|it| it.applicability == Applicability::Safe);
        safe.next().is_some_and(|it| it.edits.iter().all(|it| it.file == file))
    };
    let options = FixOptions { files: &[file], review: false, suppress: false, wanted: &stays };
    let fixed = fix_all(start, &options);
    let (old, new) = (start.text(file)?, fixed.analysis.text(file)?);
    (old != new).then(|| difference(old, new))
}

/// The one replacement that makes the new text of the old one.
fn difference(old: &str, new: &str) -> TextEdit {
    let same = |(left, right): &(char, char)| left == right;
    let ahead = old.chars().zip(new.chars()).take_while(same);
    let start: usize = ahead.map(|it| it.0.len_utf8()).sum();
    let (old_rest, new_rest) =
        (old.get(start..).unwrap_or_default(), new.get(start..).unwrap_or_default());
    let behind = old_rest.chars().rev().zip(new_rest.chars().rev()).take_while(same);
    let end: usize = behind.map(|it| it.0.len_utf8()).sum();
    let text = new_rest.get(..new_rest.len() - end).unwrap_or_default();
    TextEdit::replace((start..old.len() - end).into(), text)
}

struct Work<'a> {
    host: AnalysisHost,
    options: &'a FixOptions<'a>,
    applied: Vec<String>,
}

impl Work<'_> {
    /// One batch of fixes that do not touch each other; whether it changed anything.
    fn round(&mut self) -> bool {
        let before = self.host.analysis();
        let findings = self.findings(&before);
        let fixes: Vec<Fix> = findings.iter().filter_map(|it| self.fix(&before, it)).collect();
        let batch = disjoint(fixes.iter());
        if batch.is_empty() {
            return false;
        }
        if self.attempt(&before, findings.len(), &batch) {
            return true;
        }
        // Something in the batch is no mending. One by one, what helps is kept.
        batch.iter().any(|it| {
            let one = [*it];
            self.attempt(&before, findings.len(), &one)
        })
    }

    fn findings(&self, analysis: &Analysis) -> Vec<Diagnostic> {
        let of_file = |file: &FileId| analysis.diagnostics(*file);
        self.options.files.par_iter().flat_map_iter(of_file).collect()
    }

    fn fix(&self, analysis: &Analysis, finding: &Diagnostic) -> Option<Fix> {
        if !(self.options.wanted)(finding) {
            return None;
        }
        if self.options.suppress {
            if !may_be_silenced(finding) {
                return None;
            }
            return specql_check::suppress(analysis.workspace().file(finding.file)?, finding);
        }
        let fits = |it: &&Fix| self.options.review || it.applicability == Applicability::Safe;
        finding.fixes.iter().find(fits).cloned()
    }

    /// Applies fixes if there are fewer findings afterwards.
    fn attempt(&mut self, before: &Analysis, count: usize, fixes: &[&Fix]) -> bool {
        let mut edits: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
        for it in fixes.iter().flat_map(|it| &it.edits) {
            edits.entry(it.file).or_default().push(it.edit.clone());
        }
        self.set(before, edits.keys(), |file, old| {
            edits.get(&file).map_or_else(|| old.to_owned(), |it| apply_edits(old, it))
        });
        let after = self.host.analysis();
        if self.findings(&after).len() < count {
            self.applied.extend(fixes.iter().map(|it| it.title.clone()));
            return true;
        }
        self.set(before, edits.keys(), |_, old| old.to_owned());
        false
    }

    fn set<'f>(
        &mut self,
        before: &Analysis,
        files: impl Iterator<Item = &'f FileId>,
        text: impl Fn(FileId, &str) -> String,
    ) {
        for file in files {
            if let (Some(path), Some(old)) = (before.path(*file), before.text(*file)) {
                self.host.set_file(path, text(*file, old));
            }
        }
    }
}

/// The fixes that touch nothing which a fix before them touches. Two insertions at one place touch.
fn disjoint<'a>(fixes: impl Iterator<Item = &'a Fix>) -> Vec<&'a Fix> {
    let mut taken: BTreeMap<FileId, BTreeMap<u32, u32>> = BTreeMap::new();
    let mut res = Vec::new();
    for fix in fixes {
        let free = fix.edits.iter().all(|it| {
            let Some(of_file) = taken.get(&it.file) else { return true };
            let range = it.edit.range;
            of_file.range(..=range.end()).next_back().is_none_or(|(_, end)| *end < range.start())
        });
        if free {
            for it in &fix.edits {
                let of_file = taken.entry(it.file).or_default();
                of_file.insert(it.edit.range.start(), it.edit.range.end());
            }
            res.push(fix);
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(text: &str, review: bool) -> (String, Vec<String>) {
        let mut host = AnalysisHost::new();
        let file = host.set_file("a.yaml", text);
        let options = FixOptions { files: &[file], review, suppress: false, wanted: &|_| true };
        let res = host.analysis().fix_all(&options);
        (res.analysis.text(file).expect("it is there").to_string(), res.applied)
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let text = "entity: A\nfields:\n  a: txt\n  b: txt\n  s: enum(x, x, y)\n";
        let (res, applied) = fixed(text, true);
        assert_eq!(res, "entity: A\nfields:\n  a: text\n  b: text\n  s: enum(x, y)\n");
        assert_eq!(applied.len(), 3);
    }

    #[test]
    fn what_needs_a_look_stays() {
        let text = "entity: A\nfields:\n  a: txt\n";
        assert_eq!(fixed(text, false), (text.to_owned(), Vec::new()));
    }
}
