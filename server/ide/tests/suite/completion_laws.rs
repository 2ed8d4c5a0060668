//! Laws of completion over the examples and real files: what is accepted is never nonsense.

use specql_ide::{AnalysisHost, CompletionItem};
use specql_text::{TextRange, apply_edits};

/// The files of the examples, one workspace each, and real ones as another.
fn workspaces() -> Vec<Vec<(String, String)>> {
    let real = specql_corpus::files().into_iter().map(|it| (it.name, it.text)).collect();
    ["blog", "shop", "saas"].map(super::support::example).into_iter().chain([real]).collect()
}

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

/// How much of a text the loader refuses.
fn unreadable(text: &str) -> usize {
    specql_syntax::parse(text.into()).yaml().problems.len()
}

/// Each line with a key is cut behind its colon, in turn with and without the block below it, and
/// something is asked for there.
#[test]
fn directly_behind_a_colon_stands_no_key() {
    let mut asked = 0;
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
                for trigger in [':', '-'] {
                    assert_eq!(analysis.completions(file, cut, Some(trigger)).items, []);
                }
                let before = unreadable(&damaged);
                for item in analysis.completions(file, cut, None).items {
                    let line = damaged[..cut as usize].rsplit('\n').next().unwrap();
                    let context = format!("`{}` behind `{line}` of {path}", item.label);
                    let text = &item.edit.text;
                    assert!(text.starts_with(' ') && !text.contains('\n'), "{context}");
                    assert!(!text.trim_end().ends_with(':'), "a key: {context}");
                    assert!(unreadable(&accept(&damaged, &item)) <= before, "{context}");
                }
            }
            host.set_file(path, text.as_str());
        }
    }
    assert!(asked > 500, "{asked}");
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
    starts.filter(|it| lower[*it..].starts_with(&typed[..1])).any(holds).then_some(1_000)
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
            for end in
                ends.filter(|it| text[..*it].ends_with(|it: char| it.is_ascii_alphanumeric()))
            {
                let before = &text[..end];
                let line = before.rsplit('\n').next().unwrap_or_default();
                let line_range = TextRange::from(end - line.len()..end);
                if wrong.iter().any(|it| it.intersects(line_range)) {
                    continue;
                }
                let file = host.set_file(path, before);
                let cut = u32::try_from(end).unwrap();
                let items = host.analysis().completions(file, cut, None).items;
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
