//! The notation of fixtures: the only code that knows it.

use std::sync::Arc;

use specql_model::{FileId, SourceFile, Workspace};
use specql_text::TextRange;

use super::on_first_line;
use crate::Diagnostic;

/// A workspace written as one text.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The files; the number of each is its place here.
    pub files: Vec<FixtureFile>,
    /// Where `$0` stands.
    pub cursor: Option<(FileId, u32)>,
}

/// A file of a fixture.
#[derive(Debug, Clone)]
pub struct FixtureFile {
    /// Its path.
    pub path: String,
    /// Its text, without markers.
    pub text: String,
    /// What its markers expect.
    pub expected: Vec<Expected>,
}

/// What a marker expects.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The columns it points at.
    pub range: TextRange,
    /// What stands behind the carets: `💡 error[code]: text`.
    pub text: String,
}

impl Fixture {
    /// Reads the notation.
    #[must_use]
    pub fn parse(fixture: &str) -> Self {
        let mut res = Self { files: Vec::new(), cursor: None };
        let fixture = fixture.strip_prefix('\n').unwrap_or(fixture);
        for line in fixture.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("#- ") {
                res.begin(path.trim());
            } else {
                if res.files.is_empty() {
                    res.begin("/entity.yaml");
                }
                res.push_line(line);
            }
        }
        res
    }

    fn begin(&mut self, path: &str) {
        let file = FixtureFile { path: path.to_owned(), text: String::new(), expected: Vec::new() };
        self.files.push(file);
    }

    fn push_line(&mut self, line: &str) {
        let number = FileId(u32::try_from(self.files.len() - 1).unwrap());
        let file = self.files.last_mut().unwrap();
        if let Some(expected) = marker(line, &file.text) {
            file.expected.push(expected);
            return;
        }
        match line.find("$0") {
            Some(at) => {
                self.cursor = Some((number, u32::try_from(file.text.len() + at).unwrap()));
                file.text.push_str(&line.replace("$0", ""));
            }
            None => file.text.push_str(line),
        }
    }

    /// The workspace of these files.
    #[must_use]
    pub fn workspace(&self) -> Workspace {
        let numbered = (0..).map(FileId).zip(&self.files);
        Workspace::new(
            numbered
                .map(|(id, it)| Arc::new(SourceFile::new(id, it.path.as_str(), it.text.as_str()))),
        )
    }

    /// The path of a file.
    #[must_use]
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].text
    }

    /// Whether a marker expects a finding of a rule.
    #[must_use]
    pub fn expects(&self, code: &str) -> bool {
        self.expected().any(|(_, it)| it.text.contains(&format!("[{code}]")))
    }

    /// Every marker with its file.
    pub fn expected(&self) -> impl Iterator<Item = (FileId, &Expected)> {
        let numbered = (0..).map(FileId).zip(&self.files);
        numbered.flat_map(|(id, file)| file.expected.iter().map(move |it| (id, it)))
    }

    /// The fixture with markers for these findings.
    #[must_use]
    pub fn with_markers(&self, found: &[Diagnostic]) -> String {
        let mut res = String::new();
        for (id, file) in (0..).map(FileId).zip(&self.files) {
            res.push_str(&format!("#- {}\n", file.path));
            let mut offset = 0;
            for line in file.text.split_inclusive('\n') {
                res.push_str(line);
                if !line.ends_with('\n') {
                    res.push('\n');
                }
                let lines = offset..offset + line.len();
                let here = found.iter().filter(|it| it.file == id);
                for it in here.filter(|it| lines.contains(&it.range.to_usize().start)) {
                    let range = on_first_line(it.range, &file.text).to_usize();
                    let column = file.text[offset..range.start].chars().count();
                    let width = file.text[range].chars().count().max(1);
                    let indent = line.chars().take_while(|it| *it == ' ').count();
                    res.push_str(&carets(indent, column, width));
                    res.push_str(&format!(" {}\n", marker_text(it)));
                }
                offset += line.len();
            }
        }
        res
    }
}

impl Expected {
    /// Whether this is the finding that is expected.
    #[must_use]
    pub fn is(&self, found: &Diagnostic, file: FileId, text: &str) -> bool {
        let shown = marker_text(found);
        let wording = if self.text.contains("]: ") {
            shown == self.text
        } else {
            shown.split_once("]: ").is_some_and(|(code, _)| format!("{code}]") == self.text)
        };
        wording && found.file == file && on_first_line(found.range, text) == self.range
    }
}

/// `💡 error[code]: text`.
pub(super) fn marker_text(it: &Diagnostic) -> String {
    let bulb = if it.fixes.is_empty() { "" } else { "💡 " };
    format!("{bulb}{}[{}]: {}", it.level.as_str(), it.code, it.message)
}

/// `#   ^^^` for a column and a width, with the `#` at an indentation or before it; what begins at the
/// `#` is written `#<^`.
fn carets(indent: usize, column: usize, width: usize) -> String {
    let hash = indent.min(column);
    let shown = match column - hash {
        0 => format!("#<{}", "^".repeat(width.saturating_sub(2))),
        gap => format!("#{}{}", " ".repeat(gap - 1), "^".repeat(width)),
    };
    " ".repeat(hash) + &shown
}

/// The marker that a line is, pointing into the last line of `before`.
fn marker(line: &str, before: &str) -> Option<Expected> {
    let hash =
        line.find(|it: char| !it.is_whitespace()).filter(|at| line[*at..].starts_with('#'))?;
    let behind = &line[hash + 1..];
    let caret = hash + 1 + behind.find(|it: char| it != ' ')?;
    let at_hash = behind.starts_with('<');
    if !at_hash && !line[caret..].starts_with('^') {
        return None;
    }
    let carets = line[caret + usize::from(at_hash)..].chars().take_while(|it| *it == '^').count();
    let text = line[caret + usize::from(at_hash) + carets..].trim().to_owned();
    let (start, width) = if at_hash { (hash, carets + 2) } else { (caret, carets) };
    let target_start = before.trim_end_matches('\n').rfind('\n').map_or(0, |it| it + 1);
    let target = before[target_start..].trim_end_matches(['\n', '\r']);
    let column = |of: usize| target.char_indices().nth(of).map_or(target.len(), |(at, _)| at);
    // Without a byte to point at, the marker fits nothing and the comparison says so.
    let range = target_start + column(start)..target_start + column(start + width);
    Some(Expected { range: range.into(), text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_point_at_columns_of_the_line_above_and_leave_the_text() {
        let fixture = Fixture::parse(
            "\n#- /a.yaml\nentity: Pöst\n#<^^^^ error[a]\n#       ^^^^ 💡 info[b]: text\n#- /b.yaml\nx: $0y\n",
        );
        assert_eq!(fixture.text(FileId(0)), "entity: Pöst\n");
        assert_eq!(fixture.cursor, Some((FileId(1), 3)));
        let slices: Vec<_> = fixture
            .expected()
            .map(|(file, it)| (it.range.slice(fixture.text(file)), it.text.as_str()))
            .collect();
        assert_eq!(slices, [("entity", "error[a]"), ("Pöst", "💡 info[b]: text")]);
    }

    #[test]
    fn carets_are_read_as_they_are_written() {
        for (indent, column, width) in [(0, 0, 2), (0, 0, 6), (2, 2, 3), (0, 1, 1), (2, 7, 3)] {
            let text = "0123456789\n";
            let line = format!("{} error[a]\n", carets(indent, column, width));
            let expected = marker(&line, text).unwrap();
            assert_eq!(expected.range, (column..column + width).into());
        }
    }
}
