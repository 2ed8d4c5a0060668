//! Two lines that stand the wrong way round: the line of a key below the first line of what it holds, the first
//! line of an item below its second.

use specql_text::TextEdit;

use super::{
    lines::Line,
    ways::{Way, Ways},
};

impl Ways<'_, '_> {
    /// A line and the one below it, the other way round.
    pub(super) fn swapped(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some((below, other)) = self.lines.from(number + 1).next() else { return };
        let is_turned = self.begins(number, line, other)
            // A key that is there twice is one too many, and belongs to nothing else for that.
            || (!self.doubled
                && (is_first(line, other)
                    || self.is_of_above(number, line, other)
                    || self.is_between(line, (below, other))));
        if below != number + 1 || !is_turned {
            return;
        }
        self.turned(number, line, other, acc);
    }

    /// The two items above a key that only the first of them can have: `- foreach` and `- update` above `do`.
    pub(super) fn swapped_items(&self, number: usize, line: &Line<'_>, acc: &mut Vec<Way>) {
        let Some(key) = line.key().filter(|_| !line.is_item()) else { return };
        let mut above = self.lines.above(number);
        let Some(((_, near), (at, far))) = above.next().zip(above.next()) else { return };
        let is_beside = |it: &Line<'_>| it.is_item() && it.column() == line.column();
        let takes = |it: &Line<'_>| it.key().is_some_and(|first| self.go_together(first, key));
        if is_beside(near) && is_beside(far) && !takes(near) && takes(far) && at + 2 == number {
            self.turned(at, far, near, acc);
        }
    }

    /// Whether a line is a second key of the item that begins below it.
    fn begins(&self, number: usize, line: &Line<'_>, below: &Line<'_>) -> bool {
        // Behind an item the key can be one of that.
        let is_behind_key = || {
            let above = self.lines.above(number).next().map(|it| it.1);
            above.is_some_and(|it| it.opens() && it.column() < line.column())
        };
        // `then` above the `if` that it belongs to.
        let is_its = || {
            let key = line.key().filter(|_| line.opens());
            below.key().zip(key).is_some_and(|(first, key)| self.go_together(first, key))
        };
        below.is_item()
            && !line.is_item()
            && below.column() == line.column()
            && (self.torn || self.doubled || is_behind_key() || is_its())
    }

    /// Whether a key stands between the line that holds others and the first of them: `schema` below `fields`.
    fn is_between(&self, line: &Line<'_>, below: (usize, &Line<'_>)) -> bool {
        let (number, below) = below;
        let is_beside = line.opens() && !below.opens() && below.column() == line.column();
        let mut behind = self.lines.from(number + 1);
        let held = behind.next().is_some_and(|it| it.1.indent > below.column());
        is_beside && !below.is_item() && held
    }

    /// Whether a line that holds others stands among those of the block above it, of which the one below is another.
    fn is_of_above(&self, number: usize, line: &Line<'_>, below: &Line<'_>) -> bool {
        let is_deeper = line.opens() && below.indent > line.indent;
        let mut above = self.lines.above(number).filter(|it| it.1.indent <= below.indent);
        let beside = above.next().map(|it| it.1);
        is_deeper && beside.is_some_and(|it| stands_beside(it, below))
    }

    fn turned(&self, number: usize, line: &Line<'_>, other: &Line<'_>, acc: &mut Vec<Way>) {
        let Some((first, second)) = line.key().zip(other.key()) else { return };
        acc.push(Way {
            edits: vec![
                TextEdit::replace(line.without_end(), other.written()),
                TextEdit::replace(other.without_end(), line.written()),
            ],
            written: Some(number),
            taken: Some(number + 1),
            reveals: false,
            at: other.place(),
            message: format!(
                "`{second}` stands below `{first}` and belongs above it; the two lines are the wrong way round"
            ),
            title: format!("Write `{second}` above `{first}`"),
            cost: 2,
        });
    }
}

/// Whether a line is the first of what the one below it holds.
fn is_first(line: &Line<'_>, below: &Line<'_>) -> bool {
    let holds = below.opens() && below.column() < line.column();
    let lists = line.is_item() && !below.is_item() && below.opens() && below.indent <= line.indent;
    holds || lists
}

/// Whether two lines are items of one list, or keys of one mapping.
fn stands_beside(one: &Line<'_>, other: &Line<'_>) -> bool {
    if other.is_item() {
        return one.is_item() && one.indent == other.indent;
    }
    one.column() == other.column()
}
