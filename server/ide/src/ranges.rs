//! Ranges that follow from the file's structure: what folds, and what a growing selection holds.

use specql_model::SourceFile;
use specql_syntax::yaml::{Node, NodeKind};
use specql_text::TextRange;

/// The ranges that fold: entries and items of several lines, and comments of several lines.
pub(crate) fn folding_ranges(file: &SourceFile) -> Vec<crate::Folding> {
    let yaml = file.parse().yaml();
    let text = file.text();
    let mut acc = Vec::new();
    foldings(&yaml.root, text, &mut acc);
    comments(&yaml.comments, text, &mut acc);
    acc.sort_by_key(|it| (it.range.start(), it.range.end()));
    acc.dedup_by_key(|it| it.range);
    acc
}

fn foldings(node: &Node, text: &str, acc: &mut Vec<crate::Folding>) {
    let mut push = |range: TextRange| {
        let trimmed = range.slice(text).trim_end().len();
        let end = range.start() + u32::try_from(trimmed).unwrap_or_default();
        let range = TextRange::new(range.start(), end);
        if range.slice(text).contains('\n') {
            acc.push(crate::Folding { range, comment: false });
        }
    };
    match &node.kind {
        NodeKind::Mapping(it) => {
            it.entries.iter().filter(|it| !it.merged).for_each(|it| push(it.range));
            let own = it.entries.iter().filter(|it| !it.merged && within(node, &it.value));
            own.for_each(|it| foldings(&it.value, text, acc));
        }
        NodeKind::Sequence(it) => {
            it.items.iter().for_each(|it| push(it.range));
            it.items.iter().filter(|it| within(node, it)).for_each(|it| foldings(it, text, acc));
        }
        NodeKind::Missing | NodeKind::Scalar(_) => {}
    }
}

/// Not behind an alias, whose value stands elsewhere.
fn within(outer: &Node, inner: &Node) -> bool {
    outer.range.contains_range(inner.range)
}

/// Comments on lines that follow each other fold as one.
fn comments(comments: &[TextRange], text: &str, acc: &mut Vec<crate::Folding>) {
    let mut run: Option<TextRange> = None;
    let opens_line = |it: &&TextRange| {
        let before = text.get(..it.start() as usize).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default().trim().is_empty()
    };
    let mut finish = |run: Option<TextRange>| {
        if let Some(range) = run.filter(|it| it.slice(text).contains('\n')) {
            acc.push(crate::Folding { range, comment: true });
        }
    };
    for it in comments.iter().filter(opens_line) {
        let joins = |last: &TextRange| {
            let between = text.get(last.end() as usize..it.start() as usize).unwrap_or("x");
            between.trim().is_empty() && between.matches('\n').count() == 1
        };
        run = match run {
            Some(last) if joins(&last) => Some(TextRange::new(last.start(), it.end())),
            last => {
                finish(last);
                Some(*it)
            }
        };
    }
    finish(run);
}

/// The ranges around an offset, the innermost first; each holds the one before it.
pub(crate) fn selection_ranges(file: &SourceFile, offset: u32) -> Vec<TextRange> {
    let text = file.text();
    let whole = TextRange::new(0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut acc = vec![whole];
    around(&file.parse().yaml().root, offset, &mut acc);
    if let Some(word) = word(text, offset) {
        acc.push(word);
    }
    let mut res: Vec<TextRange> = Vec::new();
    for range in acc {
        let last = res.last().copied();
        if last.is_none_or(|it| it != range && it.contains_range(range)) {
            res.push(range);
        }
    }
    res.reverse();
    res
}

fn around(node: &Node, offset: u32, acc: &mut Vec<TextRange>) {
    if !node.range.touches(offset) {
        return;
    }
    acc.push(node.range);
    match &node.kind {
        NodeKind::Mapping(it) => {
            let entry = it.entries.iter().find(|it| !it.merged && it.range.touches(offset));
            let Some(entry) = entry else { return };
            acc.push(entry.range);
            if entry.key.range.touches(offset) {
                acc.push(entry.key.range);
            } else {
                around(&entry.value, offset, acc);
            }
        }
        NodeKind::Sequence(it) => {
            if let Some(item) = it.items.iter().find(|it| it.range.touches(offset)) {
                around(item, offset, acc);
            }
        }
        NodeKind::Missing | NodeKind::Scalar(_) => {}
    }
}

fn word(text: &str, offset: u32) -> Option<TextRange> {
    let (before, after) = text.split_at_checked(offset as usize)?;
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let start = before.trim_end_matches(is_word).len();
    let end = text.len() - after.trim_start_matches(is_word).len();
    (start < end).then(|| (start..end).into())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::test_support::Fixture;

    #[test]
    fn blocks_and_comments_fold() {
        let it = Fixture::new(
            "# one\n# two\nentity: Post$0\nfields:\n  title: text\n  long:\n    type: text\n\nactions:\n  - name: a\n    steps:\n      - insert: Post\n",
        );
        let text = it.analysis.text(it.file).unwrap();
        let line = |offset: u32| text[..offset as usize].matches('\n').count() + 1;
        let shown: Vec<String> = it
            .analysis
            .folding_ranges(it.file)
            .iter()
            .map(|it| {
                let kind = if it.comment { " comment" } else { "" };
                format!("{}-{}{kind}", line(it.range.start()), line(it.range.end()))
            })
            .collect();
        assert_snapshot!(shown.join(" "), @"1-2 comment 4-7 6-7 9-12 10-12 11-12");
    }

    #[test]
    fn a_selection_grows_to_what_is_around() {
        let it = Fixture::new(
            "entity: Post\nactions:\n  - name: a\n    steps:\n      - validate: tit$0le IS NULL\n",
        );
        let text = it.analysis.text(it.file).unwrap();
        let shown: Vec<&str> = it
            .analysis
            .selection_ranges(it.file, it.offset())
            .iter()
            .map(|it| it.slice(text))
            .collect();
        assert_snapshot!(shown.join("\n~~~\n"), @"
    title
    ~~~
    title IS NULL
    ~~~
    validate: title IS NULL
    ~~~
    - validate: title IS NULL
    ~~~
    steps:
          - validate: title IS NULL
    ~~~
    name: a
        steps:
          - validate: title IS NULL
    ~~~
    - name: a
        steps:
          - validate: title IS NULL
    ~~~
    actions:
      - name: a
        steps:
          - validate: title IS NULL
    ~~~
    entity: Post
    actions:
      - name: a
        steps:
          - validate: title IS NULL
    ~~~
    entity: Post
    actions:
      - name: a
        steps:
          - validate: title IS NULL
    ");
    }
}
