//! The habits of a file, learned from what is written in it.

use specql_text::line_end_of;

use crate::yaml::{Node, NodeKind, ScalarStyle};

/// How a file is laid out; two spaces, indented lists and double quotes where it does not tell.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// What ends its lines.
    pub newline: &'static str,
    /// Columns from a key to the keys below it.
    pub step: usize,
    /// Columns from a key to the dashes below it.
    pub list_step: usize,
    pub(crate) quote: char,
}

/// What was counted.
#[derive(Default)]
struct Counts {
    steps: [usize; 9],
    list_steps: [usize; 9],
    single_quotes: usize,
    double_quotes: usize,
}

impl Layout {
    /// Columns from a key to the lines of its value.
    #[must_use]
    pub const fn step_to(&self, value: &Node) -> usize {
        match &value.kind {
            NodeKind::Sequence(_) => self.list_step,
            NodeKind::Mapping(_) | NodeKind::Scalar(_) | NodeKind::Missing => self.step,
        }
    }

    /// What a text with these values shows of its author's habits.
    pub(crate) fn of(text: &str, root: &Node) -> Self {
        let mut counts = Counts::default();
        count(text, root, &mut counts);
        let step = most_common(&counts.steps).unwrap_or(2);
        Self {
            newline: line_end_of(text),
            step,
            list_step: most_common(&counts.list_steps).unwrap_or(step),
            quote: if counts.single_quotes > counts.double_quotes { '\'' } else { '"' },
        }
    }
}

fn most_common(counts: &[usize]) -> Option<usize> {
    let (step, count) = counts.iter().enumerate().max_by_key(|(step, it)| (**it, 9 - *step))?;
    (*count > 0).then_some(step)
}

fn count(text: &str, node: &Node, counts: &mut Counts) {
    match &node.kind {
        NodeKind::Missing => {}
        NodeKind::Scalar(it) => match it.style {
            ScalarStyle::SingleQuoted => counts.single_quotes += 1,
            ScalarStyle::DoubleQuoted => counts.double_quotes += 1,
            ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {}
        },
        NodeKind::Mapping(it) => {
            for entry in it.entries.iter().filter(|it| !it.merged) {
                let value = &entry.value;
                // An alias' value lies elsewhere.
                if !entry.range.contains_range(value.range)
                    || text.get(value.range.to_usize()).is_some_and(|it| it.starts_with('*'))
                {
                    continue;
                }
                if !it.flow {
                    count_step(text, entry.key.range.start(), value, counts);
                }
                count(text, value, counts);
            }
        }
        NodeKind::Sequence(it) => {
            for item in &it.items {
                if !item.range.slice(text).starts_with('*') {
                    count(text, item, counts);
                }
            }
        }
    }
}

fn count_step(text: &str, key: u32, value: &Node, counts: &mut Counts) {
    let steps = match &value.kind {
        NodeKind::Mapping(it) if !it.flow => &mut counts.steps,
        NodeKind::Sequence(it) if !it.flow => &mut counts.list_steps,
        _ => return,
    };
    let step = column(text, value.range.start()).checked_sub(column(text, key));
    if let Some(count) = step.and_then(|it| steps.get_mut(it)) {
        *count += 1;
    }
}

/// Where an offset stands in its line, in bytes.
fn column(text: &str, at: u32) -> usize {
    let before = text.get(..at as usize).unwrap_or_default();
    before.len() - memchr::memrchr2(b'\n', b'\r', before.as_bytes()).map_or(0, |it| it + 1)
}
