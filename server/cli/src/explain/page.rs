//! A page in Markdown as a terminal shows it: weights and colours, sentences wrapped to its width, tables in
//! columns.

use std::mem;

use crate::report::filled;

const BOLD: &str = "\x1b[1m";
const CODE: &str = "\x1b[36m";
const MARKER: &str = "\x1b[33m";
const END: &str = "\x1b[0m";

/// A page in lines of a width; code stays as it is.
pub(super) fn styled(page: &str, width: usize) -> String {
    let mut shown = Shown { width, ..Shown::default() };
    let mut fenced = false;
    for line in page.lines() {
        if line.starts_with("```") {
            shown.end_block();
            fenced = !fenced;
        } else if fenced {
            shown.line(&format!("    {}", code_line(line)));
        } else {
            shown.markdown(line);
        }
    }
    shown.end_block();
    shown.text
}

/// What is shown so far, and the block that is not at its end.
#[derive(Default)]
struct Shown {
    width: usize,
    text: String,
    /// The lines of a paragraph or of an item of a list, joined.
    paragraph: String,
    table: Vec<Vec<String>>,
}

impl Shown {
    fn markdown(&mut self, line: &str) {
        if let Some(row) = line.strip_prefix('|') {
            self.end_paragraph();
            self.row(row);
            return;
        }
        let is_item = line.starts_with("- ");
        if line.is_empty() || is_item || line.starts_with(['#', '<']) {
            self.end_block();
        }
        if line.is_empty() {
            self.line("");
        } else if let Some(heading) = line.strip_prefix('#') {
            self.line(&format!("{BOLD}{}{END}", heading.trim_start_matches('#').trim_start()));
        } else if !line.starts_with("<!--") {
            let glue = if self.paragraph.is_empty() { "" } else { " " };
            self.paragraph.push_str(glue);
            self.paragraph.push_str(line.trim());
        }
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn end_block(&mut self) {
        self.end_paragraph();
        self.end_table();
    }

    fn end_paragraph(&mut self) {
        let paragraph = mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        match paragraph.strip_prefix("- ") {
            Some(item) => self.item(item),
            None => self.line(&inline(&filled(&paragraph, self.width))),
        }
    }

    fn item(&mut self, text: &str) {
        let lines = filled(text, self.width - 2).replace('\n', "\n  ");
        self.line(&inline(&format!("- {lines}")));
    }

    fn row(&mut self, row: &str) {
        let is_rule = row.chars().all(|it| matches!(it, '|' | '-' | ':' | ' '));
        if !is_rule {
            let row = row.trim_end().trim_end_matches('|').replace("\\|", "\0");
            let cells = row.split('|').map(|it| it.trim().replace('\0', "|"));
            self.table.push(cells.collect());
        }
    }

    fn end_table(&mut self) {
        let table = mem::take(&mut self.table);
        let width = |column: usize| {
            let cells = table.iter().filter_map(|it| it.get(column));
            cells.map(|it| shown_width(it)).max().unwrap_or(0)
        };
        let columns = table.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        // Without room for its columns it is a list.
        if widths.iter().map(|it| it + 2).sum::<usize>() > self.width + 2 {
            return table.iter().for_each(|row| self.item(&row.join(" · ")));
        }
        for (number, row) in table.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let room = width - shown_width(cell);
                format!("{}{}", inline(cell), " ".repeat(room))
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            let line = line.trim_end();
            match number {
                0 => self.line(&format!("{BOLD}{line}{END}")),
                _ => self.line(line),
            }
        }
    }
}

/// The columns of a text without its backticks.
fn shown_width(text: &str) -> usize {
    textwrap::core::display_width(&text.replace('`', ""))
}

/// What an example says is found stands out.
fn code_line(line: &str) -> String {
    let is_marker = line.trim_start().starts_with('#') && line.contains('^');
    if is_marker { format!("{MARKER}{line}{END}") } else { line.to_owned() }
}

fn inline(text: &str) -> String {
    let mut res = String::new();
    for (at, part) in text.split('`').enumerate() {
        match at % 2 {
            0 => res.push_str(part),
            _ => res.push_str(&format!("{CODE}{part}{END}")),
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use super::styled;

    fn plain(page: &str, width: usize) -> String {
        let mut res = styled(page, width);
        for it in [super::BOLD, super::CODE, super::MARKER, super::END] {
            res = res.replace(it, "");
        }
        res
    }

    #[test]
    fn a_page_is_shown_with_weights() {
        let page = "# a-rule\n\nUse `x`.\n\n```yaml\na: b\n#  ^ error[a-rule]\n```\n";
        assert_eq!(
            styled(page, 80),
            "\u{1b}[1ma-rule\u{1b}[0m\n\nUse \u{1b}[36mx\u{1b}[0m.\n\n    a: b\n    \u{1b}[33m#  ^ \
             error[a-rule]\u{1b}[0m\n"
        );
    }

    #[test]
    fn sentences_are_wrapped_and_code_is_not() {
        let page =
            "One two\nthree four.\n- an item of\n  a list\n- b\n\n```\none two three four\n```\n";
        let shown = "One two three\nfour.\n- an item of\n  a list\n- b\n\n    one two three four\n";
        assert_eq!(plain(page, 13), shown);
    }

    #[test]
    fn a_table_has_columns_and_comments_are_gone() {
        let page = "<!-- forms -->\n| a | form |\n|---|---|\n| `x \\| y` | 1 |\n| z | `2` |\n";
        assert_eq!(plain(page, 40), "a      form\nx | y  1\nz      2\n");
        assert_eq!(plain(page, 9), "- a ·\n  form\n- x | y\n  · 1\n- z · 2\n");
    }

    /// No page has a line that is wider than the terminal, but for code.
    #[test]
    fn every_page_fits() {
        for (code, ..) in specql_ide::rules() {
            let page = specql_ide::explain(code).expect("every rule has a page");
            let wide = |it: &&str| it.chars().count() > 60 && !it.starts_with("    ");
            let shown = plain(page, 60);
            let wide: Vec<&str> = shown.lines().filter(wide).collect();
            assert_eq!(wide, Vec::<&str>::new(), "{code}");
            assert!(!shown.contains("<!--"), "{code}");
        }
    }
}
