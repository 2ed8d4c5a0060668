//! Renaming a file or a folder: the places of the configuration that name it.
//!
//! Nothing else names files. An entity is called as its file says, whatever the file is called.

use specql_check::FileEdit;
use specql_model::{FileKind, SourceFile};
use specql_syntax::{Name, edit::scalar_text};
use specql_text::TextEdit;

use crate::Analysis;

impl Analysis {
    /// The edits that let the configuration name files as they are called afterwards; `renamed` has old
    /// and new paths, of files and of folders, relative to the workspace.
    #[must_use]
    pub fn file_rename(&self, renamed: &[(String, String)]) -> Vec<FileEdit> {
        let files = self.workspace().files();
        files.flat_map(|it| of_file(it, renamed)).collect()
    }
}

fn of_file(file: &SourceFile, renamed: &[(String, String)]) -> Vec<FileEdit> {
    let FileKind::Config(config) = &file.kind else { return Vec::new() };
    let globs = config.rules.iter().flat_map(|it| &it.paths);
    let edit = |it: &Name| {
        let new = renamed
            .iter()
            .fold(it.text.to_string(), |text, (from, to)| follow(&text, from, to).unwrap_or(text));
        let text = written(it.range.slice(file.text()), &new);
        let edit = TextEdit::replace(it.range, text);
        (new != it.text).then_some(FileEdit { file: file.id, edit })
    };
    globs.chain(&config.events.lock_file).filter_map(edit).collect()
}

/// A glob that begins with the old path, with the new one.
fn follow(glob: &str, from: &str, to: &str) -> Option<String> {
    let path = glob.trim_start_matches("./").trim_start_matches('/');
    let lead = glob.strip_suffix(path)?;
    let rest = path.strip_prefix(from)?;
    let is_whole = rest.is_empty() || rest.starts_with('/');
    is_whole.then(|| format!("{lead}{to}{rest}"))
}

/// The new text in the quotes of the old one, where it needs no escapes there.
fn written(old: &str, new: &str) -> String {
    let quote = old.chars().next().filter(|it| matches!(it, '\'' | '"'));
    match quote.filter(|_| !new.contains(['\'', '"', '\\'])) {
        Some(quote) => format!("{quote}{new}{quote}"),
        None => scalar_text(new, true),
    }
}

#[cfg(test)]
mod tests {
    use specql_text::{TextEdit, apply_edits};

    use crate::test_support::Fixture;

    const CONFIG: &str = "
events:
  lock_file: contracts/specql.events.lock
rules:
  naming:
    - level: off
      paths: [legacy/post.yaml, './legacy/**', \"**/post.yaml\", legacy2/a.yaml]
    - {level: info, paths: /legacy/post.yaml}
";

    fn after(renamed: &[(&str, &str)]) -> String {
        let it = Fixture::new(&format!("#- /specql.config.yaml{CONFIG}"));
        let pairs: Vec<(String, String)> =
            renamed.iter().map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let edits = it.analysis.file_rename(&pairs);
        let edits: Vec<TextEdit> = edits.into_iter().map(|it| it.edit).collect();
        apply_edits(it.analysis.text(it.file).unwrap(), &edits)
    }

    #[test]
    fn a_file_is_named_as_it_is_called_then() {
        let found = after(&[("legacy/post.yaml", "blog/a b: c.yaml")]);
        let expected = CONFIG
            .replacen("legacy/post.yaml", "'blog/a b: c.yaml'", 1)
            .replace("paths: /legacy/post.yaml", "paths: '/blog/a b: c.yaml'");
        assert_eq!(found.trim(), expected.trim());
    }

    #[test]
    fn a_folder_is_the_beginning_of_paths() {
        let found = after(&[("legacy", "old/most"), ("contracts", "c")]);
        let expected = CONFIG.replace("legacy/", "old/most/").replace("contracts/", "c/");
        assert_eq!(found.trim(), expected.trim());
    }

    #[test]
    fn what_nothing_names_changes_nothing() {
        assert_eq!(after(&[("legacy/other.yaml", "x.yaml"), ("leg", "x")]).trim(), CONFIG.trim());
    }
}
