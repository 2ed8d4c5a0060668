//! Laws of completion over the examples and real files: what is accepted is never nonsense.

use std::collections::BTreeSet;

use specql_ide::{AnalysisHost, CompletionItem, CompletionKind, Completions, Level};
use specql_text::{TextRange, apply_edits};

use super::support::{Random, number, workspaces};

/// The file after a proposal is accepted; places of a snippet are left empty, and further lines are
/// indented as clients do.
fn accept(text: &str, item: &CompletionItem) -> String {
    let line = text[..item.edit.range.start() as usize].rsplit('\n').next().unwrap();
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut edit = item.edit.clone();
    if item.snippet {
        edit.text = super::support::filled(&edit.text);
    }
    edit.text = edit.text.replace('\n', &format!("\n{indent}"));
    apply_edits(text, &[edit])
}

/// A text with all words alike: YAML reads one word as it reads another.
fn shape(text: &str) -> String {
    let mut res = String::new();
    for it in text.chars() {
        let it = if it.is_alphabetic() || it == '_' { 'a' } else { it };
        if it != 'a' || !res.ends_with('a') {
            res.push(it);
        }
    }
    res
}

/// How much of a text the loader refuses.
fn unreadable(text: &str) -> usize {
    specql_syntax::parse(text.into()).yaml().problems.len()
}

/// Each line with a key is cut behind its colon, in turn with and without the block below it, and
/// something is asked for there. Of proposals that differ in letters alone one is read again, so that the files that
/// are parsed are a few for each place.
#[test]
fn directly_behind_a_colon_stands_no_key() {
    let (mut asked, mut offered, mut parsed) = (0, 0, 0);
    for files in workspaces() {
        let mut host = AnalysisHost::new();
        for (path, text) in &files {
            host.set_file(path, text.as_str());
        }
        for (path, text) in &files {
            for (cut, damaged) in half_lines(text) {
                asked += 1;
                let file = host.set_file(path, damaged.as_str());
                let analysis = host.analysis();
                for trigger in [':', '-', ','] {
                    assert_eq!(analysis.completions(file, cut, Some(trigger)).items, []);
                }
                let items = analysis.undocumented_completions(file, cut, None).items;
                let before = if items.is_empty() { 0 } else { unreadable(&damaged) };
                let mut shapes = BTreeSet::new();
                for item in items {
                    offered += 1;
                    let line = damaged[..cut as usize].rsplit('\n').next().unwrap();
                    let context = format!("`{}` behind `{line}` of {path}", item.label);
                    let text = &item.edit.text;
                    assert!(text.starts_with(' ') && !text.contains('\n'), "{context}");
                    assert!(!text.trim_end().ends_with(':'), "a key: {context}");
                    if shapes.insert(shape(text)) {
                        parsed += 1;
                        assert!(unreadable(&accept(&damaged, &item)) <= before, "{context}");
                    }
                }
            }
            host.set_file(path, text.as_str());
        }
    }
    println!("{asked} places, {offered} proposals, {parsed} files read again");
    assert!(asked > 500 && offered > asked, "{asked} {offered}");
    assert!(parsed < 3 * asked, "{parsed} of {asked}");
}

/// The text with a line cut behind its colon, and with all that is deeper below it gone.
fn half_lines(text: &str) -> Vec<(u32, String)> {
    let mut res = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let key = content.trim_start_matches([' ', '-']);
        let end = key.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(0);
        if end > 0 && key[end..].starts_with(':') {
            let column = content.len() - key.len();
            let cut = start + column + end + 1;
            let below: usize = text[start + line.len()..]
                .split_inclusive('\n')
                .take_while(|it| it.trim().is_empty() || it.len() - it.trim_start().len() > column)
                .map(str::len)
                .sum();
            let line_end = start + content.len();
            let offset = u32::try_from(cut).unwrap();
            res.push((offset, format!("{}{}", &text[..cut], &text[line_end..])));
            let rest = &text[start + line.len() + below..];
            res.push((offset, format!("{}\n{rest}", &text[..cut])));
        }
        start += line.len();
    }
    res
}

/// Whether a word would stand directly behind a quote or bracket that closes.
fn is_glued(text: &str, item: &CompletionItem) -> bool {
    let line = text[..item.edit.range.start() as usize].rsplit('\n').next().unwrap();
    let closes = line.ends_with(['\'', '"', ')', ']']);
    let is_outside = ['\'', '"'].iter().all(|it| line.matches(*it).count() % 2 == 0);
    closes && is_outside && item.edit.text.starts_with(|it: char| it.is_alphanumeric() || it == '=')
}

/// Wherever the cursor is, and with the rest of its line gone, what is accepted gives a file that
/// loads as well as before, the range of each proposal holds the word before the cursor, and nothing is
/// written directly behind a quote. `SPECQL_COMPLETIONS=1` asks everywhere and accepts everything.
#[test]
fn what_is_accepted_loads() {
    let mut accepted = 0;
    let all = std::env::var_os("SPECQL_COMPLETIONS").is_some();
    let (places, items) = if all { (1, 1) } else { (61, 9) };
    for files in workspaces() {
        let mut host = AnalysisHost::new();
        for (path, text) in &files {
            host.set_file(path, text.as_str());
        }
        for (path, text) in &files {
            // Behind closing quotes and brackets too: rare places, at which words glue.
            let closing = text.match_indices(['\'', ')']).map(|it| it.0 + 1).step_by(places.min(5));
            let cuts = (0..text.len()).step_by(places).chain(closing);
            for cut in cuts.filter(|it| text.is_char_boundary(*it)) {
                let line_end = text[cut..].find('\n').map_or(text.len(), |it| cut + it);
                for damaged in [text.clone(), format!("{}{}", &text[..cut], &text[line_end..])] {
                    let file = host.set_file(path, damaged.as_str());
                    let analysis = host.analysis();
                    let before = unreadable(&damaged);
                    let offset = u32::try_from(cut).unwrap();
                    let word = damaged[..cut]
                        .trim_end_matches(|it: char| it.is_alphanumeric() || it == '_')
                        .len();
                    for item in analysis.completions(file, offset, None).items.iter().step_by(items)
                    {
                        accepted += 1;
                        let lines: Vec<&str> = damaged[..cut].lines().rev().take(3).collect();
                        let context = format!("`{}` at {cut} of {path}: {lines:#?}", item.label);
                        let range = item.edit.range;
                        assert!(
                            range.start() as usize <= word && range.touches(offset),
                            "{context}"
                        );
                        assert!(!is_glued(&damaged, item), "glued: {context}");
                        let new = accept(&damaged, item);
                        assert!(unreadable(&new) <= before, "{context}\n{new}");
                    }
                }
            }
            host.set_file(path, text.as_str());
        }
    }
    assert!(accepted > 500, "{accepted}");
}

/// How well a proposal fits what is typed of it, as clients order them: the word itself, its beginning, its letters
/// in their order from the beginning of a word on.
fn fit(typed: &str, label: &str) -> Option<usize> {
    let (typed, lower) = (typed.to_lowercase(), label.to_lowercase());
    if lower.starts_with(&typed) {
        return Some(lower.len() - typed.len());
    }
    let begins = |at: usize| !label[..at].ends_with(char::is_alphanumeric);
    let starts = lower.char_indices().map(|it| it.0).filter(|it| begins(*it));
    let holds = |at: usize| {
        let mut letters = lower[at..].chars();
        typed.chars().all(|it| letters.any(|other| other == it))
    };
    starts
        .filter(|it| lower[*it..].starts_with(typed.chars().next().unwrap_or('\0')))
        .any(holds)
        .then_some(1_000)
}

/// What is behind a word that is typed so far, in a client that asks behind a sign that triggers and at a letter,
/// filters by itself what it was given, and asks again only where it is told to or nothing is left.
fn open_list(host: &mut AnalysisHost, path: &str, before: &str) -> Vec<CompletionItem> {
    let word = before.trim_end_matches(|it: char| it.is_alphanumeric() || it == '_').len();
    let mut open: Option<Completions> = None;
    for end in (word..=before.len()).filter(|it| before.is_char_boundary(*it)) {
        let left = |it: &CompletionItem| {
            fit(&before[it.edit.range.start() as usize..end], &it.label).is_some()
        };
        if open.as_ref().is_some_and(|it| !it.is_incomplete && it.items.iter().any(left)) {
            continue;
        }
        let sign = before[..end].chars().next_back().filter(|_| end == word);
        if end == word && !sign.is_some_and(|it| " .(,$'".contains(it)) {
            continue;
        }
        let file = host.set_file(path, &before[..end]);
        let cursor = u32::try_from(end).unwrap();
        open = Some(host.analysis().undocumented_completions(file, cursor, sign));
    }
    let mut res = open.unwrap_or_default().items;
    let end = u32::try_from(before.len()).unwrap();
    for it in &mut res {
        it.edit.range = TextRange::new(it.edit.range.start(), end);
    }
    res
}

/// Whoever types a file from its first line to its last, and ends each line with Enter, has typed that file: the
/// list that is open then changes nothing, although clients accept its first proposal.
#[test]
fn enter_behind_a_finished_line_leaves_it() {
    let (mut asked, mut changed) = (0, Vec::new());
    for files in workspaces() {
        let mut host = AnalysisHost::new();
        for (path, text) in &files {
            host.set_file(path, text.as_str());
        }
        for (path, text) in &files {
            if path.starts_with("unfinished/") {
                continue;
            }
            let file = host.set_file(path, text.as_str());
            // What is wrong is meant otherwise, and completed.
            let wrong: Vec<TextRange> =
                host.analysis().diagnostics(file).iter().map(|it| it.range).collect();
            let ends = text.match_indices('\n').map(|it| it.0);
            // A list is open while a word is typed.
            let may_be_open = |it: char| it.is_ascii_alphanumeric() || it == ',';
            for end in ends.filter(|it| text[..*it].ends_with(may_be_open)) {
                let before = &text[..end];
                let line = before.rsplit('\n').next().unwrap_or_default();
                let line_range = TextRange::from(end - line.len()..end);
                if wrong.iter().any(|it| it.intersects(line_range)) {
                    continue;
                }
                let items = open_list(&mut host, path, before);
                let typed =
                    |it: &CompletionItem| before[it.edit.range.start() as usize..].to_owned();
                let fits = |it: &CompletionItem| {
                    Some((fit(&typed(it), &it.label)?, it.sort_text.clone(), it.clone()))
                };
                let best = items
                    .iter()
                    .filter_map(fits)
                    .min_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
                asked += 1;
                let Some((_, _, best)) = best else { continue };
                // That a file is called after another entity than it declares is found where it is read.
                let is_of_file_name = best.detail.as_deref() == Some("from the file's name");
                if !is_of_file_name && accept(before, &best).trim_end() != before {
                    changed.push(format!("`{line}` becomes `{}`", best.edit.text));
                }
            }
            host.set_file(path, text.as_str());
        }
    }
    assert!(asked > 200, "{asked}");
    assert!(changed.is_empty(), "{changed:#?}");
}

/// Rules that compare what one place says with what another does: whoever writes a file says one of the two first.
const OF_TWO_PLACES: [&str; 22] = [
    "cdc-disabled",
    "cdc-without-impact",
    "compat",
    "conditional-effect",
    "duplicate-event-type",
    "field-not-declared",
    "field-not-written",
    "ignored-steps",
    "missing-conflict-target",
    "missing-entity",
    "missing-impact",
    "missing-key",
    "missing-required-field",
    "missing-side-effect",
    "no-side-effects-to-include",
    "operation-mismatch",
    "phantom-side-effect",
    "postgres-type",
    "primary-not-own-entity",
    "sensitive-payload",
    "shadowed-name",
    "unbounded-write",
];

/// Rules about the type of a value, which another operator or a member behind it changes.
const OF_VALUES: [&str; 3] = ["type-mismatch", "no-effect", "constant-condition"];

/// Whether something has to follow what is accepted: a place to fill in, what stands behind a keyword.
fn is_incomplete(item: &CompletionItem) -> bool {
    let text = item.edit.text.trim_end();
    let is_open = item.edit.text.ends_with([' ', ':', '(']) || text.ends_with(':');
    item.snippet || is_open || item.goes_on || matches!(item.kind, CompletionKind::Keyword)
}

/// Who accepts a proposal has no finding there that the place had not, neither with what stood there nor without
/// it; what is not complete yet aside. `SPECQL_SEED` draws other places, `SPECQL_COMPLETIONS=1` twenty times as
/// many.
#[test]
fn what_is_accepted_is_no_mistake() {
    let seed = number("SPECQL_SEED").unwrap_or(1);
    println!("SPECQL_SEED={seed}");
    let places = if std::env::var_os("SPECQL_COMPLETIONS").is_some() { 2_000 } else { 100 };
    let mut random = Random(seed);
    let (mut accepted, mut wrong) = (0, Vec::new());
    for files in workspaces() {
        let mut host = AnalysisHost::new();
        for (path, text) in &files {
            host.set_file(path, text.as_str());
        }
        for _ in 0..places {
            let (path, text) = &files[random.below(files.len())];
            let words = super::support::words(text);
            let Some(at) = words.get(random.below(words.len().max(1))) else { continue };
            let rest = &text[*at as usize..];
            let is_name = |it: char| it.is_alphanumeric() || it == '_';
            let ends = [rest.find(|it| !is_name(it)), rest.find('\n')];
            let end = *at as usize + ends[random.below(2)].unwrap_or(rest.len());
            let damaged = format!("{}{}", &text[..*at as usize], &text[end..]);
            let mut place = Place::new(&mut host, path, text, damaged, *at);
            let items = std::mem::take(&mut place.items);
            let chosen = [0, random.below(items.len().max(1)), random.below(items.len().max(1))];
            for item in chosen.iter().filter_map(|it| items.get(*it)) {
                if !is_incomplete(item) {
                    accepted += 1;
                    wrong.extend(place.findings_of(&mut host, item));
                }
            }
            host.set_file(path, text.as_str());
        }
    }
    println!("{accepted} accepted");
    assert!(accepted > 200, "{accepted}");
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "SPECQL_SEED={seed}: {}\n{}", wrong.len(), wrong.join("\n"));
}

/// A place in a file from which something is taken away.
struct Place<'a> {
    path: &'a str,
    damaged: String,
    at: u32,
    /// What is said of the file, by rule and words.
    known: BTreeSet<(&'static str, String)>,
    /// A statement was half typed there, and stays so.
    is_half_typed: bool,
    items: Vec<CompletionItem>,
}

impl<'a> Place<'a> {
    fn new(host: &mut AnalysisHost, path: &'a str, text: &str, damaged: String, at: u32) -> Self {
        let mut known = BTreeSet::new();
        for it in [text, &damaged] {
            let file = host.set_file(path, it);
            let found = host.analysis().diagnostics(file).into_iter();
            known.extend(found.map(|it| (it.code, it.message)));
        }
        let file = host.set_file(path, damaged.as_str());
        let found = host.analysis().diagnostics(file);
        let is_half_typed = found.iter().any(|it| it.code == "invalid-statement");
        let items = host.analysis().undocumented_completions(file, at, None).items;
        Self { path, damaged, at, known, is_half_typed, items }
    }

    /// What is said of an accepted proposal, and was not said before.
    fn findings_of(&self, host: &mut AnalysisHost, item: &CompletionItem) -> Vec<String> {
        let text = accept(&self.damaged, item);
        let start = item.edit.range.start();
        let end = text.len() - (self.damaged.len() - item.edit.range.end() as usize);
        let put = TextRange::new(start, u32::try_from(end).unwrap());
        let file = host.set_file(self.path, text.as_str());
        let (before, after) = self.damaged.split_at(self.at as usize);
        let line = before.rsplit('\n').next().unwrap();
        let rest = after.lines().next().unwrap_or_default();
        let found = host.analysis().diagnostics(file).into_iter();
        let new = found.filter(|it| it.range.intersects(put) && !put.is_empty());
        let new =
            new.filter(|it| !OF_TWO_PLACES.contains(&it.code) && !OF_VALUES.contains(&it.code));
        // Advice is about what is right.
        let new = new.filter(|it| it.level > Level::Hint);
        let new = new.filter(|it| !(self.is_half_typed && it.code == "invalid-statement"));
        let new = new.filter(|it| !self.known.contains(&(it.code, it.message.clone())));
        let told = |it: specql_ide::Diagnostic| {
            let name = self.path.rsplit('/').next().unwrap();
            format!("{}: `{}` at `{line}|{rest}` of {name}: {}", it.code, item.label, it.message)
        };
        new.map(told).collect()
    }
}
