//! Entity files on the pages of the site, in the colours of this project's own grammar.
//!
//! Invariant: a block's text stays as it is; highlight.js, which knows no SpecQL, leaves these blocks alone.

use std::sync::LazyLock;

use tree_sitter_highlight::{Highlight, HighlightConfiguration, Highlighter, HtmlRenderer};
use tree_sitter_specql as grammar;

/// Captures, and a class that each of mdBook's themes has a colour for. The longest name that begins a capture
/// counts.
const CLASSES: &[(&str, &str)] = &[
    ("attribute", "attribute"),
    ("boolean", "literal"),
    ("comment", "comment"),
    ("constant", "literal"),
    ("error", "deletion"),
    ("function", "title"),
    ("keyword", "keyword"),
    ("label", "symbol"),
    ("module", "symbol"),
    ("number", "number"),
    ("property", "attribute"),
    ("string", "string"),
    ("type", "built_in"),
    ("variable", "variable"),
    ("variable.member", "attribute"),
];

/// The page with its entity files coloured.
#[must_use]
pub fn coloured(page: &str) -> String {
    static COLOURS: LazyLock<Colours> = LazyLock::new(Colours::new);
    let mut res = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let fence = line.len() - line.trim_start_matches('`').len();
        if fence < 3 {
            res.push_str(line);
            res.push('\n');
            continue;
        }
        let (mark, language) = line.split_at(fence);
        let block: Vec<&str> = lines.by_ref().take_while(|it| *it != mark).collect();
        let text: String = block.iter().map(|it| format!("{it}\n")).collect();
        if language == "yaml" && is_entity_file(&text) {
            res.push_str(&COLOURS.block(&text));
        } else {
            res.push_str(&format!("{line}\n{text}{mark}\n"));
        }
    }
    res
}

/// Other YAML is configuration of services, which highlight.js colours.
fn is_entity_file(text: &str) -> bool {
    let keys = ["entity:", "fields:", "actions:"];
    text.lines().any(|it| keys.iter().any(|key| it.starts_with(key)))
}

struct Colours {
    file: HighlightConfiguration,
    of_type: HighlightConfiguration,
    of_step: HighlightConfiguration,
}

impl Colours {
    fn new() -> Self {
        let made =
            |language: tree_sitter_language::LanguageFn, name, highlights, injections: &str| {
                // The highlighter mixes up an outer and an inner colour that begin at one place, so a scalar
                // has no colour of its own where a language inside of it has colours.
                let is_outer = !injections.is_empty();
                let name_of = |it: &(&'static str, _)| match it.0 {
                    "string" if is_outer => "no capture",
                    name => name,
                };
                let names: Vec<&str> = CLASSES.iter().map(name_of).collect();
                let made =
                    HighlightConfiguration::new(language.into(), name, highlights, injections, "");
                let mut made = made.expect("the grammar's tests hold its queries");
                made.configure(&names);
                made
            };
        Self {
            file: made(
                grammar::LANGUAGE,
                "specql",
                grammar::HIGHLIGHTS_QUERY,
                grammar::INJECTIONS_QUERY,
            ),
            of_type: made(
                grammar::TYPE_LANGUAGE,
                "specql_type",
                grammar::TYPE_HIGHLIGHTS_QUERY,
                "",
            ),
            of_step: made(
                grammar::STEP_LANGUAGE,
                "specql_step",
                grammar::STEP_HIGHLIGHTS_QUERY,
                "",
            ),
        }
    }

    /// A block of HTML, which Markdown passes on up to its end. The site's own highlighter colours anew
    /// whatever has the class of a language.
    fn block(&self, text: &str) -> String {
        let mut highlighter = Highlighter::new();
        let inner = |name: &str| match name {
            "specql_type" => Some(&self.of_type),
            "specql_step" => Some(&self.of_step),
            _ => None,
        };
        let events = highlighter
            .highlight(&self.file, text.as_bytes(), None, inner)
            .expect("nobody cancels it");
        let mut renderer = HtmlRenderer::new();
        let class = |it: Highlight, out: &mut Vec<u8>| {
            let class = CLASSES.get(it.0).map_or("", |it| it.1);
            out.extend_from_slice(format!("class=\"hljs-{class}\"").as_bytes());
        };
        renderer.render(events, text.as_bytes(), &class).expect("it was text before");
        let lines: String = renderer.lines().collect();
        format!("<pre><code class=\"nohighlight hljs\">{lines}</code></pre>\n")
    }
}
