//! The lines of a file, as their columns show them.

use specql_model::names::is_word;
use specql_text::TextRange;

/// A line of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    start: usize,
    /// The blanks before its first sign.
    pub(super) indent: usize,
    /// What its dashes take, with the blanks behind them.
    pub(super) dashes: usize,
    /// Behind that, without blanks at its end.
    text: &'a str,
    /// Nothing but blanks.
    pub(super) is_blank: bool,
    /// With its end.
    len: usize,
}

impl<'a> Line<'a> {
    fn new(line: &'a str, start: usize) -> Self {
        let content = line.trim_start_matches(' ');
        let mut rest = content;
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
        }
        let text = rest.trim_end();
        let dashes = content.len() - rest.len();
        Self {
            start,
            indent: line.len() - content.len(),
            dashes,
            text,
            is_blank: content.trim().is_empty(),
            len: line.len(),
        }
    }

    pub(super) fn says_something(&self) -> bool {
        let is_comment = self.dashes == 0 && self.text.starts_with('#');
        !self.is_blank && !is_comment
    }

    pub(super) fn is_item(&self) -> bool {
        self.dashes > 0
    }

    /// The column of its key.
    pub(super) fn column(&self) -> usize {
        self.indent + self.dashes
    }

    /// The key before its colon, without quotes.
    pub(super) fn key(&self) -> Option<&'a str> {
        let (written, rest) = self.text.split_once(':')?;
        let key = written.trim_matches(['"', '\'']);
        let is_key = key.split('-').all(is_word) && (rest.is_empty() || rest.starts_with(' '));
        is_key.then_some(key)
    }

    /// Whether nothing stands behind its key.
    pub(super) fn opens(&self) -> bool {
        let value = self.text.split_once(':').map(|it| it.1.trim_start());
        self.key().is_some() && value.is_some_and(|it| it.is_empty() || it.starts_with('#'))
    }

    /// What stands behind its key, and where.
    pub(super) fn value(&self) -> Option<(u32, &'a str)> {
        self.key()?;
        let (key, rest) = self.text.split_once(':')?;
        let value = rest.trim_start();
        let before = key.len() + 1 + rest.len() - value.len();
        let start = self.start + self.column() + before;
        (!value.is_empty()).then(|| (TextRange::from(start..start).start(), value))
    }

    /// A key and its value without a blank between them: `title:text`.
    pub(super) fn joined(&self) -> Option<(&'a str, &'a str)> {
        let (key, value) = self.text.split_once(':')?;
        let is_value = !value.is_empty() && !value.starts_with([' ', '/', ':']);
        (is_word(key) && is_value).then_some((key, value))
    }

    /// The one word that it is.
    pub(super) fn word(&self) -> Option<&'a str> {
        Some(self.text).filter(|it| is_word(it))
    }

    /// The blanks before its first sign.
    pub(super) fn blanks(&self) -> TextRange {
        TextRange::from(self.start..self.start + self.indent)
    }

    /// Its first sign.
    pub(super) fn first(&self) -> u32 {
        self.blanks().end()
    }

    /// The start of the line.
    pub(super) fn start(&self) -> u32 {
        self.blanks().start()
    }

    /// What it says behind its dashes.
    pub(super) fn said(&self) -> &'a str {
        self.text
    }

    /// The whole line as it is written, without its end.
    pub(super) fn written(&self) -> String {
        let dash = if self.is_item() { "-" } else { "" };
        format!("{:1$}{dash:2$}{3}", "", self.indent, self.dashes, self.text)
    }

    /// The place of that.
    pub(super) fn without_end(&self) -> TextRange {
        TextRange::from(self.start..self.start + self.column() + self.text.len())
    }

    /// From its start to that of the next line.
    pub(super) fn with_end(&self) -> TextRange {
        TextRange::from(self.start..self.start + self.len)
    }

    /// Its key; of a line without one all that it says.
    pub(super) fn place(&self) -> TextRange {
        let start = self.start + self.column();
        let written = self.key().and_then(|_| self.text.find(':')).unwrap_or(self.text.len());
        TextRange::from(start..start + written)
    }

    /// All that it says, its dashes included.
    pub(super) fn whole(&self) -> TextRange {
        TextRange::from(self.start + self.indent..self.start + self.column() + self.text.len())
    }
}

/// All lines of a file.
pub(super) struct Lines<'a>(Vec<Line<'a>>);

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut start = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let res = Line::new(line, start);
            start += line.len();
            res
        });
        Self(lines.collect())
    }

    /// The number of the line with a place.
    pub(super) fn number(&self, at: u32) -> usize {
        self.0.partition_point(|it| it.start <= at as usize).saturating_sub(1)
    }

    pub(super) fn get(&self, number: usize) -> Option<&Line<'a>> {
        self.0.get(number)
    }

    /// The lines that say something, with their numbers, from a line down.
    pub(super) fn from(&self, number: usize) -> impl Iterator<Item = (usize, &Line<'a>)> {
        self.0.iter().enumerate().skip(number).filter(|it| it.1.says_something())
    }

    /// Those above a line, the nearest first.
    pub(super) fn above(&self, number: usize) -> impl Iterator<Item = (usize, &Line<'a>)> {
        let above = self.0.iter().enumerate().take(number).rev();
        above.filter(|it| it.1.says_something())
    }

    /// The number behind the last line of what a line holds: what is deeper, and the items at the column of a key
    /// with nothing behind it.
    pub(super) fn end_of_block(&self, number: usize) -> usize {
        let Some(own) = self.get(number) else { return number };
        let is_inside = |it: &Line<'_>| {
            if own.is_item() {
                return it.indent >= own.column();
            }
            it.indent > own.indent || (it.indent == own.indent && it.is_item() && own.opens())
        };
        let inside = self.from(number + 1).take_while(|it| is_inside(it.1));
        inside.last().map_or(number, |it| it.0) + 1
    }

    /// The number behind the last line that stands no less deep than a line.
    pub(super) fn end_of_run(&self, number: usize) -> usize {
        let Some(own) = self.get(number) else { return number };
        let run = self.from(number + 1).take_while(|it| it.1.indent >= own.indent);
        run.last().map_or(number, |it| it.0) + 1
    }

    /// The nearest line above that stands less deep.
    pub(super) fn owner(&self, number: usize) -> Option<usize> {
        let own = self.get(number)?;
        self.above(number).find(|it| it.1.indent < own.indent).map(|it| it.0)
    }

    /// The lines above that a line can stand beside or below, the innermost first: each less deep than the one
    /// before it.
    pub(super) fn chain(&self, number: usize) -> Vec<(usize, &Line<'a>)> {
        let mut limit = usize::MAX;
        let mut chain = Vec::new();
        for (at, line) in self.above(number).filter(|it| it.1.key().is_some()) {
            if line.column() < limit {
                limit = if line.is_item() { line.indent + 1 } else { line.column() };
                chain.push((at, line));
            }
        }
        chain
    }
}
