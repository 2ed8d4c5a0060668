//! All fixes of many findings at once, to a fixed point.
//!
//! Invariant: what comes out has fewer findings than what went in, advice aside, or is the same; no file has more errors than
//! before, and none has stopped being YAML. A batch that does not make it so is taken back, and its halves are
//! tried by themselves. An attempt costs what it can affect, not the workspace.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use rayon::prelude::*;
use specql_check::{Applicability, Asked, Diagnostic, Fix, Level, may_be_silenced};
use specql_model::FileId;
use specql_text::{TextEdit, apply_edits};

use crate::{Analysis, AnalysisHost};

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
    /// How often a file was checked for it.
    pub checks: usize,
}

/// Which fixes are wanted.
pub struct FixOptions<'a> {
    /// Fixes that need a look too.
    pub review: bool,
    /// Comments that silence the findings instead of fixes.
    pub suppress: bool,
    /// Whether a finding is to be mended.
    pub wanted: &'a (dyn Fn(&Diagnostic) -> bool + Sync),
}

/// What is found in the files whose findings are mended; edits may reach others. The beginning of
/// [`Self::fix_all`], which looks at no file again before it changes.
pub struct Looked {
    start: Analysis,
    host: AnalysisHost,
    /// The files in their order.
    files: Vec<FileId>,
    /// How each was asked for.
    asked: BTreeMap<FileId, Asked>,
    /// The findings of now in the files that are looked at, and in those that fixes reached.
    found: BTreeMap<FileId, Vec<Diagnostic>>,
    /// How often a file was checked.
    checks: usize,
}

impl Looked {
    /// Looks at files, each as it is asked for.
    pub(crate) fn at(start: &Analysis, asked: Vec<(FileId, Asked)>) -> Self {
        let host = AnalysisHost::from(start);
        let files: Vec<FileId> = asked.iter().map(|it| it.0).collect();
        let asked = asked.into_iter().collect();
        let (start, found) = (start.clone(), BTreeMap::new());
        let mut res = Self { start, host, files: files.clone(), asked, found, checks: 0 };
        let found = res.check(&files);
        res.found.extend(found);
        res
    }

    /// The findings of a file that is looked at.
    #[must_use]
    pub fn findings(&self, file: FileId) -> &[Diagnostic] {
        self.found.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The state with fixes applied until none is left. A batch that would not leave fewer findings is
    /// not applied.
    #[must_use]
    pub fn fix_all(self, options: &FixOptions<'_>) -> FixedAll {
        fix_all(self, options)
    }

    fn check(&mut self, files: &[FileId]) -> Vec<(FileId, Vec<Diagnostic>)> {
        let analysis = self.host.analysis();
        let one = |file: &FileId| {
            let asked = self.asked.get(file).copied().unwrap_or_default();
            (*file, analysis.check(*file, asked))
        };
        let checked: Vec<_> = files.par_iter().map(one).collect();
        self.checks += files.len();
        let mut res = Vec::with_capacity(checked.len());
        for (file, (found, reads)) in checked {
            self.host.note_checked(file, reads);
            res.push((file, found));
        }
        res
    }
}

/// Applies the first fitting fix of each finding, again and again until there is none.
fn fix_all(looked: Looked, options: &FixOptions<'_>) -> FixedAll {
    let start = looked.start.clone();
    let mut work = Work { looked, options, applied: Vec::new() };
    // A fix can bring another finding with a fix. Each round leaves fewer findings, so there is a last one.
    while work.round() {}
    let analysis = work.looked.host.analysis();
    let changed = |it: &FileId| start.text(*it) != analysis.text(*it);
    let mut files = analysis.files();
    files.retain(changed);
    files.sort();
    let not_silenced = match options.suppress {
        true => work.wanted().filter(|it| !may_be_silenced(it)).count(),
        false => 0,
    };
    FixedAll { not_silenced, analysis, files, checks: work.looked.checks, applied: work.applied }
}

/// The edit that applies the safe fixes of one file.
pub(crate) fn fix_file(start: &Analysis, file: FileId) -> Option<TextEdit> {
    let stays = |it: &Diagnostic| {
        let mut safe = it.fixes.iter().filter(|it| it.applicability == Applicability::Safe);
        safe.next().is_some_and(|it| it.edits.iter().all(|it| it.file == file))
    };
    let options = FixOptions { review: false, suppress: false, wanted: &stays };
    let fixed = Looked::at(start, vec![(file, Asked::default())]).fix_all(&options);
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
    looked: Looked,
    options: &'a FixOptions<'a>,
    applied: Vec<String>,
}

impl Work<'_> {
    /// One batch of fixes that do not touch each other; whether it changed anything.
    fn round(&mut self) -> bool {
        let before = self.looked.host.analysis();
        let fixes: Vec<Fix> = self.wanted().filter_map(|it| self.fix(&before, it)).collect();
        let batch = disjoint(fixes.iter());
        let touched = batch.iter().flat_map(|it| &it.edits).map(|it| it.file);
        let others: BTreeSet<FileId> =
            touched.filter(|it| !self.looked.found.contains_key(it)).collect();
        let others = self.looked.check(&others.into_iter().collect::<Vec<_>>());
        self.looked.found.extend(others);
        let mut kept = Kept { before, edits: BTreeMap::new(), titles: Vec::new() };
        self.keep(&batch, &mut kept);
        let is_other = !kept.titles.is_empty();
        self.applied.append(&mut kept.titles);
        is_other
    }

    /// Keeps of a batch what mends: all of it, else the same of its halves.
    fn keep(&mut self, batch: &[&Fix], kept: &mut Kept) {
        if batch.is_empty() {
            return;
        }
        let files: BTreeSet<FileId> =
            batch.iter().flat_map(|it| &it.edits).map(|it| it.file).collect();
        let mut edits: BTreeMap<FileId, Vec<TextEdit>> =
            files.iter().map(|it| (*it, kept.of(*it).to_vec())).collect();
        for it in batch.iter().flat_map(|it| &it.edits) {
            edits.entry(it.file).or_default().push(it.edit.clone());
        }
        self.looked.host.set_files(kept.texts(&edits));
        let after = self.check_affected();
        let now = self.looked.host.analysis();
        let is_lost = |it: &FileId| is_entity(&kept.before, *it) && !is_entity(&now, *it);
        if !files.iter().any(is_lost) && self.is_mended_by(&after) {
            self.looked.found.extend(after);
            kept.edits.extend(edits);
            kept.titles.extend(batch.iter().map(|it| it.title.clone()));
            return;
        }
        let as_kept = files.iter().map(|it| (*it, kept.of(*it).to_vec())).collect();
        self.looked.host.set_files(kept.texts(&as_kept));
        let same = self.check_affected();
        self.looked.found.extend(same);
        if let (left @ [_, ..], right) = batch.split_at(batch.len() / 2) {
            self.keep(left, kept);
            self.keep(right, kept);
        }
    }

    /// Whether these findings instead of those of now are fewer, with no file worse.
    fn is_mended_by(&self, after: &[(FileId, Vec<Diagnostic>)]) -> bool {
        let (mut weight_before, mut weight_after) = ((0, 0), (0, 0));
        let is_worse = after.iter().any(|(file, found)| {
            let before = self.looked.found.get(file).map_or(&[][..], Vec::as_slice);
            add(&mut weight_before, before);
            add(&mut weight_after, found);
            errors(found) > errors(before) || (is_broken(found) && !is_broken(before))
        });
        !is_worse && weight_after < weight_before
    }

    /// The findings of files whose findings a change may have changed, of those that are looked at.
    fn check_affected(&mut self) -> Vec<(FileId, Vec<Diagnostic>)> {
        let mut affected = self.looked.host.take_unchecked();
        affected.retain(|it| self.looked.found.contains_key(it));
        self.looked.check(&affected)
    }

    /// The findings that are to be mended, in the order of the files that were asked for.
    fn wanted(&self) -> impl Iterator<Item = &Diagnostic> {
        let found = self.looked.files.iter().flat_map(|it| self.looked.findings(*it));
        found.filter(|it| (self.options.wanted)(it))
    }

    fn fix(&self, analysis: &Analysis, finding: &Diagnostic) -> Option<Fix> {
        if self.options.suppress {
            if !may_be_silenced(finding) {
                return None;
            }
            return specql_check::suppress(analysis.workspace().file(finding.file)?, finding);
        }
        let fits = |it: &&Fix| self.options.review || it.applicability == Applicability::Safe;
        finding.fixes.iter().find(fits).cloned()
    }
}

/// What a round has kept so far.
struct Kept {
    before: Analysis,
    edits: BTreeMap<FileId, Vec<TextEdit>>,
    titles: Vec<String>,
}

impl Kept {
    fn of(&self, file: FileId) -> &[TextEdit] {
        self.edits.get(&file).map_or(&[], Vec::as_slice)
    }

    /// The texts of files with edits of what they were before.
    fn texts(&self, edits: &BTreeMap<FileId, Vec<TextEdit>>) -> Vec<(String, Arc<str>)> {
        let text = |(file, edits): (&FileId, &Vec<TextEdit>)| {
            let (path, old) = (self.before.path(*file)?, self.before.text(*file)?);
            let new = match edits.as_slice() {
                [] => Arc::clone(old),
                edits => apply_edits(old, edits).into(),
            };
            Some((path.to_owned(), new))
        };
        edits.iter().filter_map(text).collect()
    }
}

/// How many findings there are that are no advice, then how many there are.
type Weight = (usize, usize);

/// What is mended may bring advice along: a new version of an event has no readers yet.
fn add(weight: &mut Weight, findings: &[Diagnostic]) {
    weight.0 += findings.iter().filter(|it| it.level > Level::Hint).count();
    weight.1 += findings.len();
}

fn errors(findings: &[Diagnostic]) -> usize {
    findings.iter().filter(|it| it.level == Level::Error).count()
}

/// Whether a file declares an entity: of others little is found.
fn is_entity(analysis: &Analysis, file: FileId) -> bool {
    analysis.workspace().file(file).is_some_and(|it| it.entity().is_some())
}

/// Whether no loader reads the file, so that nobody is told what else is wrong with it.
fn is_broken(findings: &[Diagnostic]) -> bool {
    findings.iter().any(|it| !may_be_silenced(it))
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
    use specql_check::FileEdit;

    use super::*;

    fn looked(host: &mut AnalysisHost, file: FileId) -> Looked {
        Looked::at(&host.analysis(), vec![(file, Asked::default())])
    }

    fn fixed(text: &str, review: bool) -> (String, Vec<String>) {
        let mut host = AnalysisHost::new();
        let file = host.set_file("a.yaml", text);
        let options = FixOptions { review, suppress: false, wanted: &|_| true };
        let res = looked(&mut host, file).fix_all(&options);
        (res.analysis.text(file).expect("it is there").to_string(), res.applied)
    }

    #[test]
    fn fixes_are_applied_until_none_is_left() {
        let text = "entity: A\nfields:\n  a: txt\n  b: txt\n  s: enum(x, x, y)\n";
        let (res, applied) = fixed(text, true);
        assert_eq!(res, "entity: A\nfields:\n  a: text\n  b: text\n  s: enum(x, y)\n");
        assert_eq!(applied.len(), 3);
    }

    /// A file after a batch of replacements, right and wrong ones, as if rules had offered them.
    fn replaced(fixes: &[(&str, &str)], text: &str) -> String {
        let mut host = AnalysisHost::new();
        let file = host.set_file("a.yaml", text);
        let start = host.analysis();
        let options = FixOptions { review: true, suppress: false, wanted: &|_| true };
        let mut work =
            Work { looked: looked(&mut host, file), options: &options, applied: Vec::new() };
        let fix = |(at, new): &(&str, &str)| {
            let begin = text.find(at).expect("it is there");
            let edit = TextEdit::replace((begin..begin + at.len()).into(), *new);
            let edits = vec![FileEdit { file, edit }];
            Fix { title: (*new).to_owned(), applicability: Applicability::Review, edits }
        };
        let fixes: Vec<Fix> = fixes.iter().map(fix).collect();
        let mut kept = Kept { before: start, edits: BTreeMap::new(), titles: Vec::new() };
        work.keep(&fixes.iter().collect::<Vec<_>>(), &mut kept);
        work.looked.host.analysis().text(file).expect("it is there").to_string()
    }

    #[test]
    fn of_a_batch_what_makes_a_file_worse_is_left_out() {
        let text = "entity: A\nfields:\n  a: txt\n  b: txd\n  c: txe\n  d: enum(x, x)\n";
        // Three errors less and one more: fewer in all, and still one fix breaks the file.
        let fixes = [("txt", "text"), ("txd", "[text"), ("txe", "text"), ("x, x", "x")];
        let res = replaced(&fixes, text);
        assert_eq!(res, "entity: A\nfields:\n  a: text\n  b: txd\n  c: text\n  d: enum(x)\n");
    }

    #[test]
    fn what_hides_other_errors_mends_none() {
        let text = "entity: A\nfields:\n  a: txt\n  b: txd\n  c: txe\n";
        assert_eq!(replaced(&[("entity: A", "[")], text), text);
    }

    #[test]
    fn many_findings_of_one_place_are_silenced_one_after_the_other() {
        let names: Vec<String> = (0..40).map(|it| format!("n{it}: txt")).collect();
        let text = format!("entity: A\nfields: {{{}}}\n", names.join(", "));
        let mut host = AnalysisHost::new();
        let file = host.set_file("a.yaml", text.as_str());
        let options = FixOptions { review: false, suppress: true, wanted: &|_| true };
        let res = looked(&mut host, file).fix_all(&options);
        let left = res.analysis.diagnostics(file);
        assert!(left.is_empty(), "{left:#?}");
    }

    /// A file is looked at once, and once more when it has changed: the number of findings, and that of
    /// files that none are in, take no further look.
    #[test]
    fn a_file_is_checked_again_only_where_it_has_changed() {
        // Of more than a quarter the state is made anew.
        const FILES: usize = 60;
        let checks = |suppress: bool, findings: usize| {
            let fields = |number: usize| -> String {
                let ty = if number.is_multiple_of(6) { "txt" } else { "text" };
                (0..findings).map(|it| format!("  f{it}: {ty}\n")).collect()
            };
            let mut host = AnalysisHost::new();
            let ids = (0..FILES).map(|number| {
                let text = format!("entity: A{number}\nfields:\n{}", fields(number));
                (host.set_file(&format!("a{number}.yaml"), text), Asked::default())
            });
            let ids: Vec<_> = ids.collect();
            let options = FixOptions { review: true, suppress, wanted: &|_| true };
            let res = Looked::at(&host.analysis(), ids).fix_all(&options);
            assert_eq!((res.applied.len(), res.files.len()), (findings * FILES / 6, FILES / 6));
            res.checks
        };
        for suppress in [true, false] {
            assert_eq!(checks(suppress, 1), FILES + FILES / 6);
            assert_eq!(checks(suppress, 40), FILES + FILES / 6);
        }
    }

    #[test]
    fn what_needs_a_look_stays() {
        let text = "entity: A\nfields:\n  a: txt\n";
        assert_eq!(fixed(text, false), (text.to_owned(), Vec::new()));
    }
}
