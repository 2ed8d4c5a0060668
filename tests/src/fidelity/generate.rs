//! Documents that are valid by construction: every style of scalar and collection, nested at random,
//! with comments, anchors, aliases, merge keys, document markers and all line ends.

use fastrand::Rng;

/// Text that is plain in a block, on one line.
const PLAIN: &[&str] = &[
    "a",
    "text",
    "a b",
    "it's",
    "a: b",
    "a#b",
    "a,b",
    "x[a",
    "http://a.b/c?d=e#f",
    "-a",
    "--",
    ":a",
    "?a",
    "a - b",
    "a\\b",
    "x{y}",
    "é",
    "日本 語",
    "😀",
    "\u{a0}",
    "a'b\"c",
    "<<x",
    "=x",
    "~x",
    "x%y",
    "a &b",
    "a *b",
    "a !b",
    "no",
    "Yes",
    "OFF",
    "true",
    "~",
    "null",
    "0",
    "-12",
    "012",
    "0o17",
    "0x1F",
    "0b101",
    "1_000",
    "12:30",
    "1.5",
    ".5",
    "1e3",
    "1.5e+3",
    "-.inf",
    ".NaN",
    "12:30.5",
    "2024-01-31",
    "2024-01-31 10:20:30",
    "2024-1-1T1:02:03.5 +02:00",
    "089",
    "1.2.3",
    "+",
    ".",
    "x  y",
];

/// Text that is plain between brackets too.
const PLAIN_IN_FLOW: &[&str] = &[
    "a",
    "text",
    "a b",
    "it's",
    "a#b",
    "-a",
    "é",
    "日本 語",
    "😀",
    "no",
    "On",
    "~",
    "12",
    "012",
    "1.5",
    "12:30",
    "2024-01-31",
    "http://a.b/c",
    "a:b",
    "a\\b",
    "x  y",
    "=x",
];

/// Keys, without the number that makes them unique.
const KEYS: &[&str] = &[
    "a", "name", "fields", "steps", "impact", "a b", "é", "日本", "x-y", "x.y", "a'b", "a\"b",
    "$x", "<x",
];

/// Words of texts over several lines.
const WORDS: &[&str] =
    &["one", "two", "é", "😀", "it's", "a#b", "c,d", "x:y", "-", "--", "http://x", "1"];

/// A document.
#[must_use]
pub fn document(random: &mut Rng) -> String {
    let mut writer =
        Writer { out: String::new(), random, anchors: Vec::new(), maps: Vec::new(), keys: 0 };
    writer.document();
    let text = writer.out;
    match random.u8(0..8) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace('\n', "\r"),
        2 => format!("\u{feff}{text}"),
        _ => text,
    }
}

/// What stands before a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Root,
    Key,
    Dash,
}

struct Writer<'r> {
    out: String,
    random: &'r mut Rng,
    /// Anchors of scalars and lists.
    anchors: Vec<String>,
    /// Anchors of mappings, which `<<` merges.
    maps: Vec<String>,
    keys: usize,
}

impl Writer<'_> {
    fn document(&mut self) {
        self.filler(0);
        match self.random.u8(0..6) {
            0 => self.out.push_str("---\n"),
            1 => self.out.push_str("%YAML 1.1\n---\n"),
            2 => self.out.push_str("--- # c\n"),
            _ => {}
        }
        match self.random.u8(0..10) {
            0 => self.sequence(0, 3),
            1 => {
                let text = self.flow(3, 0);
                self.line(&text);
            }
            2 => self.scalar(0, Owner::Root),
            _ => self.mapping(0, 3),
        }
        if self.random.u8(0..6) == 0 {
            self.out.push_str("...\n");
        }
        self.filler(0);
        if self.random.u8(0..6) == 0 {
            self.out.truncate(self.out.trim_end_matches(['\n', ' ']).len());
        }
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(self.random.usize(0..from.len())).copied().unwrap_or_default()
    }

    fn one_in(&mut self, sides: u8) -> bool {
        self.random.u8(0..sides) == 0
    }

    /// Ends a line, at times with a comment.
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        if self.one_in(8) {
            let end = self.pick(&["  # c", " # it's: [x", " #", "  "]);
            self.out.push_str(end);
        }
        self.out.push('\n');
    }

    /// Empty lines and comments at any column.
    fn filler(&mut self, indent: usize) {
        while self.one_in(6) {
            let column =
                if self.random.bool() { indent } else { self.random.usize(0..=indent + 2) };
            let line = self.pick(&["", "# c", "# key: value", "# - item", "#"]);
            self.out.push_str(&" ".repeat(column));
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn mapping(&mut self, indent: usize, depth: usize) {
        for number in 0..self.random.usize(1..4) {
            if number > 0 {
                self.filler(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            let merges = number > 0 && self.one_in(6);
            if let Some(map) = self.random.choice(&self.maps).filter(|_| merges) {
                let merge = if self.random.bool() {
                    format!("<<: *{map}")
                } else {
                    format!("<<: [*{map}]")
                };
                self.line(&merge);
                continue;
            }
            let key = self.key();
            self.out.push_str(&key);
            self.out.push(':');
            self.value(indent, depth, Owner::Key);
        }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        let text = format!("{}{}", self.pick(KEYS), self.keys);
        match self.random.u8(0..8) {
            0 => format!("'{}'", text.replace('\'', "''")),
            1 => format!("\"{}\" ", text.replace('"', "\\\"")),
            2 => format!("{text} "),
            3 => {
                self.anchors.push(format!("k{}", self.keys));
                format!("&k{} {text}", self.keys)
            }
            _ => text,
        }
    }

    fn sequence(&mut self, indent: usize, depth: usize) {
        for number in 0..self.random.usize(1..4) {
            if number > 0 {
                self.filler(indent);
                self.out.push_str(&" ".repeat(indent));
            }
            self.out.push('-');
            self.value(indent, depth, Owner::Dash);
        }
    }

    /// The value behind a colon or a dash at a column, to the end of its last line.
    fn value(&mut self, indent: usize, depth: usize, owner: Owner) {
        if depth == 0 || self.random.u8(0..10) < 5 {
            self.out.push(' ');
            self.scalar(indent, owner);
            return;
        }
        let deeper = indent + self.random.usize(1..4);
        match self.random.u8(0..6) {
            0 => {
                self.out.push(' ');
                let text = self.flow(depth, indent + 1);
                self.line(&text);
            }
            1 | 2 if owner == Owner::Dash => {
                let gap = self.random.usize(1..4);
                self.out.push_str(&" ".repeat(gap));
                let column = indent + 1 + gap;
                if self.random.bool() {
                    self.mapping(column, depth - 1);
                } else {
                    self.sequence(column, depth - 1);
                }
            }
            3 => {
                let column =
                    if owner == Owner::Key && self.random.bool() { indent } else { deeper };
                self.block(column, |it| it.sequence(column, depth - 1));
            }
            4 => {
                let name = format!("m{}", self.out.len());
                self.out.push_str(&format!(" &{name}"));
                self.block(deeper, |it| it.mapping(deeper, depth - 1));
                self.maps.push(name);
            }
            _ => self.block(deeper, |it| it.mapping(deeper, depth - 1)),
        }
    }

    /// A block on the lines below.
    fn block(&mut self, column: usize, write: impl FnOnce(&mut Self)) {
        self.line("");
        self.filler(column);
        self.out.push_str(&" ".repeat(column));
        write(self);
    }

    fn scalar(&mut self, indent: usize, owner: Owner) {
        if self.one_in(8) {
            let name = format!("s{}", self.out.len());
            self.out.push_str(&format!("&{name} "));
            self.anchors.push(name);
        } else if self.one_in(8)
            && let Some(name) = self.random.choice(&self.anchors)
        {
            let alias = format!("*{name}");
            self.line(&alias);
            return;
        }
        let inner = indent + self.random.usize(1..4);
        match self.random.u8(0..10) {
            0 => {
                let text = self.quoted(inner);
                self.line(&text);
            }
            1 => {
                let text = self.folded_plain(inner);
                self.line(&text);
            }
            2 | 3 => self.block_scalar(if owner == Owner::Root { 0 } else { indent }, owner),
            4 if owner != Owner::Root => self.line(""),
            5 => {
                let text = self.quoted(inner);
                self.line(&text);
            }
            _ => {
                let text = self.pick(PLAIN);
                // `a: b` is a pair where a value stands alone.
                self.line(&text.replace(": ", ":"));
            }
        }
    }

    /// A plain text over several lines.
    fn folded_plain(&mut self, indent: usize) -> String {
        let mut text = String::from("one");
        for _ in 0..self.random.usize(0..4) {
            let gap = self.gap(indent);
            text.push_str(&gap);
            text.push_str(self.pick(WORDS));
        }
        text
    }

    /// A blank, a line end, or a line end and an empty line.
    fn gap(&mut self, indent: usize) -> String {
        let spaces = " ".repeat(indent);
        match self.random.u8(0..5) {
            0 => format!("\n{spaces}w"),
            1 => format!(" \n\n  {spaces}w"),
            _ => " ".to_owned(),
        }
    }

    fn quoted(&mut self, indent: usize) -> String {
        let double = self.random.bool();
        let pieces: &[&str] = if double {
            &[
                "a",
                "'",
                "\\\"",
                "\\n",
                "\\t",
                "\\x41",
                "\\u00e9",
                "\\U0001F600",
                "\\\\",
                "#",
                ": ",
                " # ",
                "é",
                "\t",
                "\\ ",
                "- ",
                "{",
                "%",
            ]
        } else {
            &["a", "''", "\"", "\\", "\\n", "#", ": ", " # ", "é", "\t", "- ", "[", "&x", "%"]
        };
        let mut text = String::new();
        for _ in 0..self.random.usize(0..6) {
            text.push_str(self.pick(pieces));
            if self.one_in(6) {
                let gap = self.gap(indent.max(1));
                text.push_str(&gap);
            }
            if double && self.one_in(8) {
                text.push_str(&format!("\\\n{}b", " ".repeat(indent.max(1))));
            }
        }
        if double { format!("\"{text}\"") } else { format!("'{text}'") }
    }

    /// A literal or folded text below its header.
    fn block_scalar(&mut self, indent: usize, owner: Owner) {
        let depth = self.random.usize(1..4);
        let least = if owner == Owner::Root { 0 } else { indent };
        let (style, chomping) = (self.pick(&["|", ">"]), self.pick(&["", "-", "+"]));
        let starts_deeper = self.one_in(4);
        let digit = if starts_deeper || self.one_in(4) { depth.to_string() } else { String::new() };
        let header = if self.random.bool() {
            format!("{style}{digit}{chomping}")
        } else {
            format!("{style}{chomping}{digit}")
        };
        self.line(&header);
        let spaces = " ".repeat(least + depth);
        for number in 0..self.random.usize(0..5) {
            let deeper = if (number == 0 && starts_deeper) || (number > 0 && self.one_in(4)) {
                " "
            } else {
                ""
            };
            let line = self.pick(&[
                "one",
                "two # no comment",
                "- x: y",
                "it's \"so\"",
                "é",
                "---",
                "\ttab",
                "#x",
            ]);
            self.out.push_str(&format!("{spaces}{deeper}{line}\n"));
            if self.one_in(4) {
                self.out.push('\n');
            }
        }
    }

    /// A collection in brackets, whose further lines stand at a column or deeper.
    fn flow(&mut self, depth: usize, indent: usize) -> String {
        let is_mapping = self.random.bool();
        let mut items: Vec<String> = Vec::new();
        for _ in 0..self.random.usize(0..4) {
            let value = self.flow_value(depth, indent);
            let has_key = is_mapping || self.one_in(5);
            items.push(if has_key { format!("{}: {value}", self.flow_key()) } else { value });
        }
        let separator = match self.random.u8(0..4) {
            0 => format!(",\n{}", " ".repeat(indent.max(1))),
            1 => format!(" , # c\n{}", " ".repeat(indent.max(1))),
            _ => ", ".to_owned(),
        };
        let trailing = if !items.is_empty() && self.one_in(6) { "," } else { "" };
        let body = items.join(&separator);
        let (open, close) = if is_mapping { ("{", "}") } else { ("[", "]") };
        format!("{open}{body}{trailing}{close}")
    }

    fn flow_key(&mut self) -> String {
        self.keys += 1;
        let number = self.keys;
        match self.random.u8(0..4) {
            0 => format!("'k {number}'"),
            1 => format!("\"k{number}\""),
            _ => format!("k{number}"),
        }
    }

    fn flow_value(&mut self, depth: usize, indent: usize) -> String {
        match self.random.u8(0..8) {
            0 | 1 if depth > 0 => self.flow(depth - 1, indent),
            2 => self.quoted(indent.max(1)),
            3 => {
                let name = self.random.choice(&self.anchors);
                name.map_or_else(|| "~".to_owned(), |it| format!("*{it} "))
            }
            _ => self.pick(PLAIN_IN_FLOW).to_owned(),
        }
    }
}
