//! Over real files, whole and damaged: no question panics, and every answer lies in the text.

use specql_ide::{Analysis, AnalysisHost, FileId, LensKind, Symbol};
use specql_text::{TextRange, apply_edits};

/// The corpus: name and text.
fn real_files() -> Vec<(String, String)> {
    specql_corpus::files().into_iter().map(|it| (it.name, it.text)).collect()
}

fn is_in_text(range: TextRange, text: &str) -> bool {
    text.get(range.to_usize()).is_some()
}

/// Asks everything at an offset, also one inside a character.
fn ask(analysis: &Analysis, file: FileId, offset: u32) {
    let text = analysis.text(file).unwrap();
    if let Some(it) = analysis.hover(file, offset) {
        assert!(it.range.touches(offset) && is_in_text(it.range, text), "hover at {offset}");
        assert!(!it.markdown.trim().is_empty(), "empty hover at {offset}");
    }
    for it in analysis.goto_definition(file, offset) {
        let text = analysis.text(it.file).unwrap();
        assert!(is_in_text(it.range, text), "target of {offset}");
        assert!(it.range.contains_range(it.name_range), "name of the target of {offset}");
    }
    for it in analysis.completions(file, offset, None).items {
        let range = it.edit.range;
        assert!(range.touches(offset) && is_in_text(range, text), "{} at {offset}", it.label);
        assert!(!range.slice(text).contains('\n'), "{} at {offset} spans lines", it.label);
        assert!(!it.label.contains("specqlCompletionMark"), "the mark leaks at {offset}");
        assert!(!it.edit.text.contains("specqlCompletionMark"), "the mark leaks at {offset}");
    }
    let _ = analysis.preview_target(file, offset, None);
}

fn ask_for_actions(analysis: &Analysis, file: FileId, offset: u32) {
    let text = analysis.text(file).unwrap();
    for it in analysis.code_actions(file, TextRange::empty(offset)) {
        assert_eq!(it.codes.len(), it.diagnostic_ranges.len());
        assert!(!it.edits.is_empty(), "`{}` at {offset} changes nothing", it.title);
        let own: Vec<_> =
            it.edits.iter().filter(|it| it.file == file).map(|it| it.edit.clone()).collect();
        assert!(own.iter().all(|it| is_in_text(it.range, text)), "`{}` at {offset}", it.title);
        assert!(own.is_empty() || apply_edits(text, &own) != **text, "`{}` at {offset}", it.title);
    }
}

fn check_symbols(symbols: &[Symbol], text: &str) {
    for it in symbols {
        assert!(!it.name.is_empty() && is_in_text(it.range, text), "{}", it.name);
        assert!(it.range.contains_range(it.name_range), "{}", it.name);
        for child in &it.children {
            assert!(it.range.contains_range(child.range), "{} in {}", child.name, it.name);
        }
        check_symbols(&it.children, text);
    }
}

#[test]
fn of_whole_files() {
    let mut host = AnalysisHost::new();
    let files: Vec<FileId> =
        real_files().iter().map(|(path, text)| host.set_file(path, text.as_str())).collect();
    let analysis = host.analysis();
    for file in files {
        let text = analysis.text(file).unwrap().clone();
        check_symbols(&analysis.document_symbols(file), &text);
        for it in analysis.code_lenses(file) {
            assert!(is_in_text(it.range, &text));
            match &it.kind {
                LensKind::Preview(title, target) => {
                    assert!(!title.is_empty());
                    assert!(analysis.preview(target).is_some(), "{target:?} opens nothing");
                }
                LensKind::Uses(of) => {
                    for it in analysis.uses(file, it.range.start(), *of) {
                        assert!(is_in_text(it.range, analysis.text(it.file).unwrap()));
                    }
                }
            }
        }
        let end = u32::try_from(text.len()).unwrap();
        for offset in (0..=end + 1).step_by(17) {
            ask(&analysis, file, offset);
        }
        for offset in (0..=end).step_by(307) {
            ask_for_actions(&analysis, file, offset);
        }
    }
}

/// Each file is cut off at many places, as while it is typed, with the cursor at the cut.
#[test]
fn of_half_typed_files() {
    let files = real_files();
    let mut host = AnalysisHost::new();
    for (path, text) in &files {
        host.set_file(path, text.as_str());
    }
    for (path, text) in &files {
        for cut in (0..text.len()).step_by(83).filter(|it| text.is_char_boundary(*it)) {
            let line_end = text[cut..].find('\n').map_or(text.len(), |it| cut + it);
            let damaged = format!("{}{}", &text[..cut], &text[line_end..]);
            let file = host.set_file(path, damaged);
            let analysis = host.analysis();
            let offset = u32::try_from(cut).unwrap();
            ask(&analysis, file, offset);
            check_symbols(&analysis.document_symbols(file), analysis.text(file).unwrap());
        }
        host.set_file(path, text.as_str());
    }
}
