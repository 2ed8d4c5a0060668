//! Half-typed statements: what stands before the cursor, or beside a word that is not there, keeps its
//! meaning.

use smallvec::smallvec;
use specql_text::TextRange;

use super::{
    super::*,
    forms,
    names::{Piece, pieces},
    shown::{statement_text, text},
};
use crate::{
    expression::ExpressionKind,
    yaml::{Resolved, Scalar, ScalarStyle, Segment},
};

/// A line that is a whole file, so that its offsets are those of the file.
struct Read {
    statement: Statement,
    problems: Vec<LineProblem>,
}

fn read(keyword: StatementKeyword, line: &str) -> Read {
    let len = TextRange::from(0..line.len()).len();
    let scalar = Scalar {
        text: line.into(),
        style: ScalarStyle::Plain,
        unclosed: false,
        resolved: Resolved::Str,
        segments: smallvec![Segment { text_start: 0, file_start: 0, len, file_len: len }],
    };
    let (statement, problems) = parse_statement(keyword, &scalar);
    Read { statement, problems }
}

impl Read {
    fn pieces(&self) -> Vec<Piece> {
        let all = pieces(&self.statement).into_iter();
        // Synthesized, or known only when it is closed.
        all.filter(|(name, range)| !range.is_empty() && !name.starts_with('(')).collect()
    }
}

fn at(offset: u32) -> usize {
    offset as usize
}

/// What does not hold for the first `cut` bytes of a line, given the whole.
fn broken_by(keyword: StatementKeyword, line: &str, whole: &Read, cut: usize) -> Option<String> {
    let typed = line.get(..cut)?;
    let tree = crate::line::parse(crate::line::Language::Step, typed);
    if tree.root_node().has_error() {
        return Some(tree.root_node().to_sexp());
    }
    let half = read(keyword, typed);
    for problem in &half.problems {
        let inside = at(problem.range.end()) <= cut;
        if !inside {
            return Some(format!("{problem:?} lies outside"));
        }
    }
    if statement_text(&half.statement).contains('∅') && half.problems.is_empty() {
        return Some("something is missing without a problem".to_owned());
    }
    let kept = half.pieces();
    let lost = whole.pieces().into_iter().find(|it| at(it.1.end()) < cut && !kept.contains(it));
    if let Some(it) = lost {
        return Some(format!("{it:?} is lost"));
    }
    match (&whole.statement, &half.statement) {
        (Statement::Write(whole_write), Statement::Write(write)) => {
            write_broken(whole_write, write, cut)
        }
        _ => None,
    }
}

/// The entity is there once its word is; an assignment once its `=` is, whole once the next one begins;
/// the filter once `WHERE` is.
fn write_broken(whole: &WriteStatement, half: &WriteStatement, cut: usize) -> Option<String> {
    let is_typed = |offset: u32| at(offset) < cut;
    let entity = whole.entity.as_ref().filter(|it| is_typed(it.range().end()));
    if entity.is_some() && entity != half.entity.as_ref() {
        return Some(format!("the entity is {:?}", half.entity));
    }
    let ends = whole.assignments.iter().skip(1).map(|it| it.field.range.start());
    let ends = ends.chain([whole.where_keyword.map_or(u32::MAX, TextRange::end)]);
    for (index, (assignment, end)) in whole.assignments.iter().zip(ends).enumerate() {
        let found = half.assignments.get(index);
        // `Post(a) VALUES (1)`: a column until its value is there.
        if half.columns.contains(&assignment.field) {
            continue;
        }
        let equals_is_typed = is_typed(assignment.value.range.start().saturating_sub(2));
        if equals_is_typed && found.map(|it| &it.field) != Some(&assignment.field) {
            return Some(format!("{} is no longer assigned", assignment.field.text));
        }
        let value = found.map(|it| text(&it.value));
        let ends_behind = assignment.value.range.end() <= end && end != u32::MAX;
        if ends_behind && is_typed(end) && value != Some(text(&assignment.value)) {
            return Some(format!("{} is {value:?}", assignment.field.text));
        }
    }
    let columns = whole.columns.iter().filter(|it| is_typed(it.range.end()));
    if let Some(it) = columns.into_iter().find(|it| !half.columns.contains(it)) {
        return Some(format!("{} is no longer a column", it.text));
    }
    let where_is_typed = whole.where_keyword.is_some_and(|it| is_typed(it.end()));
    (where_is_typed && half.filter.is_none()).then(|| "the filter is lost".to_owned())
}

/// Statements of the corpus.
fn corpus() -> Vec<(StatementKeyword, String)> {
    let mut found = Vec::new();
    for file in specql_corpus::files() {
        of_node(&crate::parse(file.text.as_str().into()).yaml().root, &mut found);
    }
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found.dedup();
    found
}

fn of_node(node: &crate::yaml::Node, found: &mut Vec<(StatementKeyword, String)>) {
    for it in node.as_sequence().into_iter().flat_map(|it| &it.items) {
        of_node(it, found);
    }
    for entry in node.as_mapping().into_iter().flat_map(|it| &it.entries) {
        let keyword = match entry.key.as_str() {
            "validate" | "if" => StatementKeyword::Condition,
            "insert" | "update" | "upsert" | "delete" | "find" => StatementKeyword::Write,
            "foreach" => StatementKeyword::ForEach,
            "call" => StatementKeyword::Call,
            "notify" => StatementKeyword::Notify,
            _ => {
                of_node(&entry.value, found);
                continue;
            }
        };
        if let Some(it) = entry.value.as_scalar() {
            found.push((keyword, it.text.trim().to_owned()));
        }
    }
}

fn lines() -> Vec<(StatementKeyword, String)> {
    let of_forms = forms::all().map(|(keyword, line)| (keyword, line.to_owned()));
    let in_clauses = forms::EXPRESSIONS.iter().filter(|it| !it.contains("--")).map(|it| {
        let line = format!("User SET a = 1, größe = {it}, c = b WHERE {it}");
        (StatementKeyword::Write, line)
    });
    of_forms.chain(in_clauses).chain(corpus()).collect()
}

#[test]
fn what_is_typed_stays() {
    let (mut broken, mut states) = (Vec::new(), 0);
    for (keyword, line) in lines() {
        let whole = read(keyword, &line);
        for (cut, _) in line.char_indices() {
            states += 1;
            if let Some(why) = broken_by(keyword, &line, &whole, cut) {
                broken.push(format!("{why}\n    {:?} of {line:?}", &line[..cut]));
            }
        }
    }
    assert!(states > 10_000, "{states}");
    assert!(broken.is_empty(), "{} of {states}\n{}", broken.len(), broken.join("\n"));
}

/// Words, texts and signs, roughly.
fn tokens(line: &str) -> Vec<std::ops::Range<usize>> {
    let (mut all, mut start) = (Vec::new(), 0);
    let class = |it: char| match it {
        it if it.is_alphanumeric() || it == '_' => 0,
        it if it.is_whitespace() => 1,
        _ => 2 + it as u32,
    };
    let characters: Vec<(usize, char)> = line.char_indices().collect();
    for pair in characters.windows(2) {
        if let [(_, before), (at, it)] = pair
            && class(*before) != class(*it)
        {
            all.push(start..*at);
            start = *at;
        }
    }
    all.push(start..line.len());
    all.retain(|it| !line[it.clone()].trim().is_empty());
    all
}

/// With a word, text or sign taken out, nearly all else keeps its meaning.
#[test]
fn what_stands_beside_a_gap_stays() {
    let (mut kept, mut all, mut entities) = (0, 0, 0);
    for (keyword, line) in lines() {
        let whole = read(keyword, &line);
        for gap in tokens(&line) {
            let blank = " ".repeat(gap.len());
            let gapped = format!("{}{blank}{}", &line[..gap.start], &line[gap.end..]);
            let tree = crate::line::parse(crate::line::Language::Step, &gapped);
            assert!(!tree.root_node().has_error(), "{gapped}");
            let half = read(keyword, &gapped);
            if statement_text(&half.statement).contains('∅') {
                assert_ne!(half.problems, [], "{gapped}");
            }
            if let (Statement::Write(before), Statement::Write(after)) =
                (&whole.statement, &half.statement)
                && let Some(entity) = &before.entity
                && at(entity.range().end()) < gap.start
            {
                entities += 1;
                assert_eq!(after.entity.as_ref(), Some(entity), "{gapped}");
            }
            let left = half.pieces();
            for it in whole.pieces() {
                let touched = at(it.1.start()) < gap.end && gap.start < at(it.1.end());
                if !touched {
                    all += 1;
                    kept += usize::from(left.contains(&it));
                }
            }
        }
    }
    assert!(entities > 2_000, "{entities}");
    assert!(kept * 1000 >= all * 960, "{kept} of {all} names kept");
}

#[test]
fn an_assignment_without_its_value_stays() {
    let half = read(StatementKeyword::Write, "User SET post_count = ");
    let Statement::Write(write) = half.statement else { unreachable!() };
    assert_eq!(write.entity.unwrap().name.as_str(), "User");
    let [assignment] = write.assignments.as_slice() else { panic!("{:?}", write.assignments) };
    assert_eq!(assignment.field.as_str(), "post_count");
    assert_eq!(assignment.value.kind, ExpressionKind::Missing);
    assert_eq!(half.problems.len(), 1);
}
