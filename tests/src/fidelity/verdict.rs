//! How a text fares between the two readers, and the count over many texts.

use std::{collections::BTreeMap, fmt};

use specql_syntax::yaml::{Problem, ProblemKind};

use super::{oracle::Answer, value::Value};

/// Characters that are shown of a text which is only an example.
const LONGEST_SAMPLE: usize = 80;

/// How the two readings of a text compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same value, and nothing to say.
    Equal,
    /// The same value, with a problem that the loader does not have.
    EqualButDiagnosed,
    /// Another value, and a problem that says so.
    DiffersButDiagnosed,
    /// A value that a tag or a key behind `?` takes part in, which a problem says.
    OutsideAndDiagnosed,
    /// Another value in silence, or something outside of the profile: never.
    DiffersSilently,
    /// The loader refuses it, and a problem says so.
    RejectedAndDiagnosed,
    /// The loader refuses it in silence: never.
    RejectedSilently,
}

impl Verdict {
    /// Whether nothing tells the author what happens.
    #[must_use]
    pub fn is_silent(self) -> bool {
        matches!(self, Self::DiffersSilently | Self::RejectedSilently)
    }
}

/// A text with its verdict and what lies behind it.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// The text.
    pub text: String,
    /// The kinds of problems, in the order of the file.
    pub problems: Vec<&'static str>,
    /// For a silent verdict: what the loader says, and the text with both readings.
    pub silent: Option<(String, String)>,
}

/// Reads a text and compares with the loader's answer.
///
/// # Panics
///
/// When the tree has an error node: every text has a whole tree.
#[must_use]
pub fn judge(text: &str, answer: &Answer) -> Judged {
    let parse = specql_syntax::parse(text.into());
    // True for a node that is missing, too.
    assert!(!parse.tree().root_node().has_error(), "error node: {text:?}");
    let ours = Value::from_node(&parse.yaml().root);
    let problems = &parse.yaml().problems;
    let is_silent = problems.is_empty();
    let verdict = match &answer.value {
        Ok(_) if answer.is_outside && !is_silent => Verdict::OutsideAndDiagnosed,
        Ok(theirs) if *theirs == ours && !answer.is_outside && is_silent => Verdict::Equal,
        Ok(theirs) if *theirs == ours && !is_silent => Verdict::EqualButDiagnosed,
        Ok(_) if is_silent => Verdict::DiffersSilently,
        Ok(_) => Verdict::DiffersButDiagnosed,
        Err(_) if is_silent => Verdict::RejectedSilently,
        Err(_) => Verdict::RejectedAndDiagnosed,
    };
    let silent = verdict.is_silent().then(|| {
        let reason = match &answer.value {
            Err(error) => reason(error),
            Ok(_) if answer.is_outside => "a tag or a key behind `?`".to_owned(),
            Ok(_) => "another value".to_owned(),
        };
        (reason, format!("{text:?}\n  ours: {ours:?}\n  theirs: {:?}", answer.value))
    });
    Judged { verdict, text: text.to_owned(), problems: problems.iter().map(kind).collect(), silent }
}

/// An error without the place where it occurred.
fn reason(error: &str) -> String {
    let lines = error.lines().filter(|it| !it.starts_with("  "));
    lines.collect::<Vec<&str>>().join("; ")
}

/// The name of a problem's kind.
fn kind(problem: &Problem) -> &'static str {
    match problem.kind {
        ProblemKind::Invalid => "Invalid",
        ProblemKind::Misindented => "Misindented",
        ProblemKind::Tab => "Tab",
        ProblemKind::MissingColon => "MissingColon",
        ProblemKind::MissingDash => "MissingDash",
        ProblemKind::MisplacedSequence => "MisplacedSequence",
        ProblemKind::UnclosedFlow => "UnclosedFlow",
        ProblemKind::UnclosedQuote => "UnclosedQuote",
        ProblemKind::BadEscape(_) => "BadEscape",
        ProblemKind::SurrogateEscape(_) => "SurrogateEscape",
        ProblemKind::UnknownAlias(_) => "UnknownAlias",
        ProblemKind::DuplicateAnchor(_) => "DuplicateAnchor",
        ProblemKind::DuplicateKey(..) => "DuplicateKey",
        ProblemKind::SecondDocument => "SecondDocument",
        ProblemKind::Tag(_) => "Tag",
        ProblemKind::ComplexKey => "ComplexKey",
        ProblemKind::BadMerge => "BadMerge",
        ProblemKind::MarkInFlow(_) => "MarkInFlow",
        ProblemKind::RecursiveAlias(_) => "RecursiveAlias",
        ProblemKind::BadScalar(_) => "BadScalar",
        ProblemKind::BadDirective => "BadDirective",
        ProblemKind::TooDeep => "TooDeep",
        ProblemKind::AliasBomb => "AliasBomb",
        ProblemKind::TooLarge => "TooLarge",
    }
}

/// How many texts of a set have which verdict.
#[derive(Debug, Default)]
pub struct Tally {
    verdicts: BTreeMap<Verdict, usize>,
    /// Which problems the loader does not share, or which say that the value is another one.
    kinds: BTreeMap<(Verdict, &'static str), Shortest>,
    /// For each thing the loader says: how often, and the shortest text.
    silent: BTreeMap<String, Shortest>,
}

/// How many texts are of a kind, and the shortest of them.
#[derive(Debug, Default)]
struct Shortest {
    count: usize,
    text: String,
}

impl Shortest {
    fn add(&mut self, text: String) {
        if self.count == 0 || text.len() < self.text.len() {
            self.text = text;
        }
        self.count += 1;
    }
}

impl Tally {
    /// Counts one text.
    pub fn add(&mut self, judged: Judged) {
        *self.verdicts.entry(judged.verdict).or_default() += 1;
        if let (Verdict::EqualButDiagnosed | Verdict::DiffersButDiagnosed, Some(first)) =
            (judged.verdict, judged.problems.first())
        {
            self.kinds.entry((judged.verdict, first)).or_default().add(judged.text);
        }
        if let Some((reason, text)) = judged.silent {
            self.silent.entry(reason).or_default().add(text);
        }
    }

    /// How many texts have a verdict.
    #[must_use]
    pub fn count(&self, verdict: Verdict) -> usize {
        self.verdicts.get(&verdict).copied().unwrap_or_default()
    }

    /// Fails when a text is read in another way than the loader does, in silence.
    ///
    /// # Panics
    ///
    /// Then, with the shortest text for each reason.
    pub fn assert_nothing_silent(&self, set: &str) {
        let mut shown = String::new();
        for (reason, Shortest { count, text }) in &self.silent {
            shown.push_str(&format!("\n{count} × {reason}\n  {text}"));
        }
        assert!(self.silent.is_empty(), "{set}: {self}{shown}");
    }
}

impl FromIterator<Judged> for Tally {
    fn from_iter<T: IntoIterator<Item = Judged>>(texts: T) -> Self {
        let mut tally = Self::default();
        texts.into_iter().for_each(|it| tally.add(it));
        tally
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.verdicts.values().sum();
        let counts = self.verdicts.iter().map(|(verdict, count)| format!("{verdict:?} {count}"));
        write!(f, "{total} texts: {}", counts.collect::<Vec<String>>().join(", "))?;
        for ((verdict, kind), Shortest { count, text }) in &self.kinds {
            let text: String = text.chars().take(LONGEST_SAMPLE).collect();
            write!(f, "\n  {verdict:?} for {kind}: {count}, as in {text:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(text: &str, value: Result<Value, String>) -> Verdict {
        judge(text, &Answer { value, is_outside: false }).verdict
    }

    fn text(it: &str) -> Value {
        Value::Str(it.to_owned())
    }

    fn int(it: &str) -> Value {
        Value::Int(it.to_owned())
    }

    #[test]
    fn a_difference_of_type_is_seen() {
        let map = |key, value| Ok(Value::map([(key, value)]));
        assert_eq!(verdict("a: 012", map(text("a"), int("10"))), Verdict::Equal);
        assert_eq!(verdict("a: 012", map(text("a"), text("012"))), Verdict::DiffersSilently);
        assert_eq!(verdict("1: a", map(int("1"), text("a"))), Verdict::Equal);
        assert_eq!(verdict("1: a", map(text("1"), text("a"))), Verdict::DiffersSilently);
        assert_eq!(verdict("'1': a", map(int("1"), text("a"))), Verdict::DiffersSilently);
        let date = |parts: &[i64]| Ok(Value::Timestamp(parts.to_vec()));
        assert_eq!(verdict("2024-01-31", date(&[2024, 1, 31])), Verdict::Equal);
        assert_eq!(verdict("2024-01-31", date(&[2024, 1, 30])), Verdict::DiffersSilently);
    }

    #[test]
    fn a_refusal_and_a_problem_are_seen() {
        assert_eq!(verdict("a: b", Err("error".to_owned())), Verdict::RejectedSilently);
        assert_eq!(verdict("a: *b", Err("error".to_owned())), Verdict::RejectedAndDiagnosed);
        assert_eq!(verdict("a: *b", Ok(Value::Null)), Verdict::DiffersButDiagnosed);
        let twice = [(text("a"), int("1")), (text("a"), int("2"))];
        assert_eq!(verdict("a: 1\na: 2", Ok(Value::map(twice))), Verdict::EqualButDiagnosed);
        let first = [(text("a"), int("1"))];
        assert_eq!(verdict("a: 1\na: 2", Ok(Value::map(first))), Verdict::DiffersButDiagnosed);
        let outside = Answer { value: Ok(text("a")), is_outside: true };
        assert_eq!(judge("a", &outside).verdict, Verdict::DiffersSilently);
        assert_eq!(judge("!!str a", &outside).verdict, Verdict::OutsideAndDiagnosed);
    }
}
