//! What is written into a file is laid out as the file is: in a copy with the line ends of Windows, or
//! with other indentation, every code action and every rename does what it does in the file itself.

use std::{collections::BTreeMap, fs, path::Path};

use specql_ide::{Analysis, AnalysisHost, FileEdit, FileId};
use specql_text::{TextEdit, TextRange, apply_edits};

/// The files of a workspace: path and text.
type Files = Vec<(String, String)>;

/// A file in one layout, in its workspace.
struct Copy {
    text: String,
    analysis: Analysis,
    file: FileId,
}

impl Copy {
    fn new(others: &[(String, String)], path: &str, text: String) -> Self {
        let mut host = AnalysisHost::new();
        for (other, text) in others.iter().filter(|it| it.0 != path) {
            host.set_file(other, text.as_str());
        }
        let file = host.set_file(path, text.as_str());
        Self { text, analysis: host.analysis(), file }
    }

    /// The file after edits of it.
    fn with(&self, edits: &[FileEdit]) -> String {
        let own = edits.iter().filter(|it| it.file == self.file);
        let edits: Vec<TextEdit> = own.map(|it| it.edit.clone()).collect();
        apply_edits(&self.text, &edits)
    }

    /// The findings as anybody reads them.
    fn findings(&self) -> Vec<String> {
        let found = self.analysis.diagnostics(self.file).into_iter();
        found.map(|it| format!("{} {}", it.code, it.message)).collect()
    }

    /// What the code actions at each finding make of the file, by their titles.
    fn mended(&self) -> Vec<(String, String)> {
        let mut found = self.analysis.diagnostics(self.file);
        found.sort_by_key(|it| (it.range.start(), it.range.end(), it.code));
        let fixes = found.iter().flat_map(|it| &it.fixes).map(|it| (&it.title, &it.edits));
        let fixes = fixes.map(|(title, edits)| (title.clone(), self.with(edits)));
        let actions = found.iter().flat_map(|it| self.analysis.code_actions(self.file, it.range));
        fixes.chain(actions.map(|it| (it.title.clone(), self.with(&it.edits)))).collect()
    }

    /// The same at each so many-th key, where there are forms to choose from.
    fn refactored(&self, every: usize) -> Vec<(String, String)> {
        let keys = self.text.match_indices(": ").step_by(every);
        let places = keys.map(|it| TextRange::empty(u32::try_from(it.0).unwrap()));
        let actions = places.flat_map(|it| self.analysis.code_actions(self.file, it));
        actions.map(|it| (it.title.clone(), self.with(&it.edits))).collect()
    }

    /// What is proposed at the end of each so many-th line, with what it writes.
    fn proposed(&self, every: usize) -> Vec<(String, String)> {
        let ends = self.text.match_indices('\n').map(|it| it.0).step_by(every);
        let ends = ends.map(|it| self.text[..it].trim_end_matches('\r').len());
        let lists = ends.map(|at| {
            let at = u32::try_from(at).unwrap();
            self.analysis.completions(self.file, at, None).items
        });
        lists.flatten().map(|it| (it.label, it.edit.text)).collect()
    }

    /// What renaming each so many-th name makes of the file.
    fn renamed(&self, every: usize) -> Vec<(String, String)> {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let begins = |at: &usize| {
            let (before, after) = self.text.split_at(*at);
            after.starts_with(is_word) && !before.ends_with(is_word)
        };
        let words = self.text.char_indices().map(|it| it.0).filter(begins).step_by(every);
        let named = words.filter_map(|at| {
            let at = u32::try_from(at).unwrap();
            let (_, name) = self.analysis.prepare_rename(self.file, at)?;
            let edits = self.analysis.rename(self.file, at, &format!("{name}_zq")).ok()?;
            Some((name, self.with(&edits.into_edits())))
        });
        named.collect()
    }
}

/// Four columns for a step instead of two; what is in an item stays two columns behind its dash.
fn widened(text: &str) -> String {
    let mut steps = vec![(0_usize, 0_usize)];
    let mut res = String::new();
    for line in text.split_inclusive('\n') {
        let mut rest = line.trim_start_matches(' ');
        let mut column = line.len() - rest.len();
        if rest.trim().is_empty() {
            res.push_str(line);
            continue;
        }
        steps.retain(|it| it.0 <= column);
        let (old, new) = *steps.last().unwrap();
        let mut wide = if old == column { new } else { new + 4 };
        steps.push((column, wide));
        res.push_str(&" ".repeat(wide));
        while let Some(item) = rest.strip_prefix("- ") {
            (column, wide) = (column + 2, wide + 2);
            steps.push((column, wide));
            res.push_str("- ");
            rest = item;
        }
        res.push_str(rest);
    }
    res
}

fn windows(text: &str) -> String {
    text.replace('\n', "\r\n")
}

/// Workspaces, and a file in each with what is wrong in it: the examples, each with one word after another
/// misspelt, what the pages of rules show, and real files.
fn files() -> Vec<(Files, String, String)> {
    let mut res = Vec::new();
    for name in ["blog", "saas"] {
        let files = super::support::example(name);
        for (number, (path, text)) in files.iter().enumerate() {
            for key in ["impact:", "operation:", "fields:", "enabled:", "entity: ", "ref("] {
                let found: Vec<usize> = text.match_indices(key).map(|it| it.0).collect();
                let Some(at) = found.get(number % found.len().max(1)) else { continue };
                let (before, after) = text.split_at(*at);
                let broken =
                    format!("{before}{}", after.replacen(key, &key.replacen('e', "ee", 1), 1));
                res.push((files.clone(), path.clone(), broken));
            }
        }
    }
    for files in pages() {
        for (path, text) in &files {
            res.push((files.clone(), path.clone(), text.clone()));
        }
    }
    let real = specql_corpus::files().into_iter().step_by(3);
    res.extend(real.map(|it| (Vec::new(), it.name, it.text)));
    res.retain(|it| !it.2.contains('\r'));
    res
}

/// The workspaces that the pages of rules show, each with what its rule finds.
fn pages() -> Vec<Files> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let mut res = Vec::new();
    for path in paths {
        let page = fs::read_to_string(path).unwrap();
        for block in page.split("```yaml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            let block =
                if block.starts_with("#- ") { block } else { &format!("#- /main.yaml\n{block}") };
            let files = block.split("#- ").skip(1).filter_map(|it| it.split_once('\n'));
            res.push(files.map(|(path, text)| (path.trim().to_owned(), unmarked(text))).collect());
        }
    }
    res
}

/// Without the comments that say what is found, which stand below its place, however far that is.
fn unmarked(text: &str) -> String {
    let is_mark = |it: &&str| it.trim_start().starts_with('#') && it.contains('^');
    text.split_inclusive('\n').filter(|it| !is_mark(it)).collect()
}

/// What a file and its copy come to, compared by title and text.
fn compare(
    path: &str,
    own: Vec<(String, String)>,
    copied: Vec<(String, String)>,
    turned: impl Fn(&str) -> String,
    seen: &mut BTreeMap<String, usize>,
    broken: &mut Vec<String>,
) {
    if own.len() != copied.len() {
        broken.push(format!("{path}: {} and {}", own.len(), copied.len()));
        return;
    }
    for ((title, text), (other, copy)) in own.into_iter().zip(copied) {
        let wanted = turned(&text);
        if title != other || wanted != copy {
            let differ = wanted.split('\n').zip(copy.split('\n')).find(|it| it.0 != it.1);
            broken.push(format!("{path}: {title} | {other}: {differ:#?}"));
        }
        *seen.entry(title).or_default() += 1;
    }
}

#[test]
fn line_ends_of_windows_stay() {
    let (mut seen, mut broken) = (BTreeMap::new(), Vec::new());
    let mut labels = BTreeMap::new();
    for (others, path, text) in files() {
        let own = Copy::new(&others, &path, text.clone());
        let copy = Copy::new(&others, &path, windows(&text));
        assert_eq!(own.findings(), copy.findings(), "{path}");
        compare(&path, own.proposed(7), copy.proposed(7), windows, &mut labels, &mut broken);
        let mut hold = |one, two| compare(&path, one, two, windows, &mut seen, &mut broken);
        hold(own.mended(), copy.mended());
        hold(own.refactored(9), copy.refactored(9));
        let formatted = |it: &Copy| {
            let edits = it.analysis.format(it.file).unwrap_or_default();
            vec![("Format".to_owned(), apply_edits(&it.text, &edits))]
        };
        hold(formatted(&own), formatted(&copy));
    }
    assert!(broken.is_empty(), "{} of {seen:#?}\n{}", broken.len(), broken.join("\n"));
    assert!(seen.len() > 60, "{seen:#?}");
    assert!(labels.len() > 60, "{labels:#?}");
}

#[test]
fn a_rename_keeps_line_ends() {
    let (mut seen, mut broken) = (BTreeMap::new(), Vec::new());
    for (others, path, text) in files().into_iter().step_by(4) {
        let own = Copy::new(&others, &path, text.clone());
        let copy = Copy::new(&others, &path, windows(&text));
        compare(&path, own.renamed(11), copy.renamed(11), windows, &mut seen, &mut broken);
    }
    assert!(broken.is_empty(), "{} of {}\n{}", broken.len(), seen.len(), broken.join("\n"));
    assert!(seen.values().sum::<usize>() > 30, "{seen:?}");
}

#[test]
fn what_is_written_has_the_indentation_of_the_file() {
    let (mut seen, mut broken) = (BTreeMap::new(), Vec::new());
    for (others, path, text) in files() {
        let own = Copy::new(&others, &path, text.clone());
        let copy = Copy::new(&others, &path, widened(&text));
        // A text over several lines may mean something else when it is moved.
        if own.findings() != copy.findings() {
            continue;
        }
        compare(&path, own.mended(), copy.mended(), widened, &mut seen, &mut broken);
    }
    assert!(broken.is_empty(), "{} of {seen:#?}\n{}", broken.len(), broken.join("\n"));
    assert!(seen.len() > 60, "{seen:#?}");
}
