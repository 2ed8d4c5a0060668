//! The fixture notation of this crate's tests: `#- /path` begins a file, `$0` is the cursor, `$1`
//! ends a selection that `$0` began.

use std::sync::Arc;

use specql_model::FileId;
use specql_text::{LineIndex, PositionEncoding, TextRange};

use crate::{Analysis, AnalysisHost, Target};

/// A workspace with a cursor.
pub(crate) struct Fixture {
    pub(crate) analysis: Analysis,
    pub(crate) file: FileId,
    pub(crate) selection: TextRange,
}

impl Fixture {
    /// Reads a fixture. Without a `#- /path` line all of it is `/main.yaml`.
    pub(crate) fn new(text: &str) -> Self {
        let mut host = AnalysisHost::new();
        let mut cursor = None;
        for (path, text) in split(text) {
            let (text, selection) = take_selection(&text);
            let file = host.set_file(&path, text);
            if let Some(selection) = selection {
                cursor = Some((file, selection));
            }
        }
        let analysis = host.analysis();
        let (file, selection) =
            cursor.unwrap_or_else(|| (analysis.files()[0], TextRange::default()));
        Self { analysis, file, selection }
    }

    /// The cursor.
    pub(crate) fn offset(&self) -> u32 {
        self.selection.start()
    }

    /// `/user.yaml 1:9 User`: where a target's name stands and what it is.
    pub(crate) fn show(&self, target: &Target) -> String {
        let text = self.analysis.text(target.file).unwrap();
        let position =
            LineIndex::new(text).position(target.name_range.start(), PositionEncoding::Utf32);
        format!(
            "{} {}:{} {}",
            self.analysis.path(target.file).unwrap(),
            position.line + 1,
            position.character + 1,
            target.name_range.slice(text),
        )
    }
}

/// Splits a fixture into its files.
pub(crate) fn split(text: &str) -> Vec<(String, String)> {
    let mut res: Vec<(String, String)> = Vec::new();
    for line in text.strip_prefix('\n').unwrap_or(text).split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("#- ") {
            res.push((path.trim().to_owned(), String::new()));
        } else {
            if res.is_empty() {
                res.push(("/main.yaml".to_owned(), String::new()));
            }
            res.last_mut().unwrap().1.push_str(line);
        }
    }
    res
}

fn take_selection(text: &str) -> (Arc<str>, Option<TextRange>) {
    let Some(start) = text.find("$0") else { return (text.into(), None) };
    let text = text.replacen("$0", "", 1);
    let end = text[start..].find("$1").map(|it| start + it);
    let text = if end.is_some() { text.replacen("$1", "", 1) } else { text };
    (text.into(), Some((start..end.unwrap_or(start)).into()))
}
