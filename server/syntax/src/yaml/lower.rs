//! The file's tree to values. Linear in the file, whatever the tree: aliases share what they name,
//! and what they would expand to is counted.

mod collections;
mod directives;
mod flow;
mod keys;
mod lexical;
mod merge;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use specql_text::TextRange;
use tree_sitter::{Node as TreeNode, Tree};

use super::{
    Node, NodeKind, Problem, ProblemKind, Resolved, Scalar, ScalarStyle, Yaml,
    block_scalar::block_scalar,
    cook::flow_scalar,
    kinds::{Role, role},
    resolve::is_loadable,
};
use directives::Directives;

/// Values that aliases and merge keys may add to those of the file.
const MAX_EXPANDED: usize = 100_000;
/// Levels of values, those behind aliases included. The grammar's own limits lie below.
const MAX_DEPTH: usize = 256;
/// Levels of blocks that the grammar's scanner keeps; a line beyond them is junk.
const MAX_BLOCKS: usize = 128;

/// Lowers the tree of a text.
pub(crate) fn lower(text: &str, tree: &Tree) -> Yaml {
    let mut lowering = Lowering::new(text);
    let root = lowering.stream(tree.root_node());
    let Lowering { mut problems, mut comments, .. } = lowering;
    problems.sort_by_key(|it| (it.range.start(), it.range.end()));
    problems.dedup();
    comments.sort_unstable();
    Yaml { root, problems, comments }
}

/// A value that an anchor names.
struct Anchored {
    node: Node,
    /// Values in it, itself included.
    values: usize,
    /// Levels below it.
    height: usize,
}

struct Lowering<'t> {
    text: &'t str,
    problems: Vec<Problem>,
    comments: Vec<TextRange>,
    /// Text in which tabs and control characters are not judged, or already reported.
    opaque: Vec<TextRange>,
    /// Values that are complete, by the name that their anchor gives them.
    anchors: HashMap<&'t str, Anchored>,
    /// The names of all anchors so far, those of open collections included.
    names: HashSet<&'t str>,
    /// Aliases that stand for nothing.
    dangling: HashSet<TextRange>,
    /// The scalar that is read is a key: there `<<` merges, and `=` is text.
    reads_key: bool,
    depth: usize,
    /// Brackets around the present place.
    flow_depth: usize,
    /// The deepest level reached since an anchored value began.
    deepest: usize,
    values: usize,
    expanded: usize,
}

/// The properties before a value.
#[derive(Default)]
struct Properties<'t> {
    anchor: Option<&'t str>,
    /// A tag that makes a plain scalar text.
    is_text: bool,
    last: Option<TextRange>,
}

impl<'t> Lowering<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            problems: Vec::new(),
            comments: Vec::new(),
            opaque: Vec::new(),
            anchors: HashMap::new(),
            names: HashSet::new(),
            dangling: HashSet::new(),
            reads_key: false,
            depth: 0,
            flow_depth: 0,
            deepest: 0,
            values: 0,
            expanded: 0,
        }
    }

    fn slice(&self, node: TreeNode<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn report(&mut self, range: impl Into<TextRange>, kind: ProblemKind) {
        self.problems.push(Problem { range: range.into(), kind });
    }

    /// The first document; what comes after it is reported and left alone.
    fn stream(&mut self, stream: TreeNode<'t>) -> Node {
        let mut root = None;
        let mut directives = Directives::default();
        let mut end = self.text.len();
        for child in stream.children(&mut stream.walk()) {
            match role(child) {
                Role::Document if root.is_none() => {
                    let starts = child.child(0).map(role) == Some(Role::DocumentStart);
                    if let Some(range) = directives.last.take().filter(|_| !starts) {
                        self.report(range, ProblemKind::Invalid);
                    }
                    root = Some(self.document(child));
                }
                Role::Document => {
                    self.report(self.first_line(child), ProblemKind::SecondDocument);
                    end = child.start_byte();
                    break;
                }
                Role::Directive => {
                    let range = TextRange::from(child.byte_range());
                    self.opaque.push(range);
                    if !directives.accept(self.slice(child), range) {
                        self.report(range, ProblemKind::BadDirective);
                    }
                }
                Role::DocumentEnd if root.is_none() => {
                    self.report(child.byte_range(), ProblemKind::Invalid);
                }
                Role::DocumentEnd => {}
                _ => self.extra(child),
            }
        }
        if let Some(range) = directives.last {
            self.report(range, ProblemKind::Invalid);
        }
        self.check_characters(end);
        root.unwrap_or(Node { range: TextRange::empty(0), kind: NodeKind::Missing })
    }

    fn first_line(&self, node: TreeNode<'_>) -> TextRange {
        let text = self.slice(node);
        let len = text.find(['\n', '\r']).unwrap_or(text.len());
        (node.start_byte()..node.start_byte() + len).into()
    }

    fn document(&mut self, document: TreeNode<'t>) -> Node {
        let mut cursor = document.walk();
        let mut children = document.children(&mut cursor).peekable();
        let mut at = document.start_byte();
        while let Some(start) = children.next_if(|it| role(*it) == Role::DocumentStart) {
            at = start.end_byte();
        }
        self.value(&mut children, offset(at))
    }

    /// The value among the rest of a node's children, up to a colon; without one, nothing at `at`.
    fn value(&mut self, children: &mut dyn Iterator<Item = TreeNode<'t>>, at: u32) -> Node {
        let mut properties = Properties::default();
        let mut value: Option<Node> = None;
        for child in children {
            match role(child) {
                Role::Colon => break,
                Role::Anchor | Role::Tag => self.property(child, &mut properties),
                it if is_value(it) => {
                    if value.is_some() {
                        self.report(self.first_line(child), ProblemKind::Invalid);
                    } else {
                        value = Some(self.anchored_value(child, &properties));
                        properties.anchor = None;
                    }
                }
                _ => self.extra(child),
            }
        }
        let value = value.unwrap_or_else(|| {
            let at = properties.last.map_or(at, TextRange::end);
            Node { range: TextRange::empty(at), kind: NodeKind::Missing }
        });
        self.name_missing(&properties, &value);
        value
    }

    /// A named value that is not there is a null that an alias may ask for.
    fn name_missing(&mut self, properties: &Properties<'t>, value: &Node) {
        if let Some(anchor) = properties.anchor {
            self.anchors.insert(anchor, Anchored { node: value.clone(), values: 1, height: 0 });
        }
    }

    fn property(&mut self, node: TreeNode<'t>, properties: &mut Properties<'t>) {
        let written = self.slice(node);
        properties.last = Some(node.byte_range().into());
        if role(node) == Role::Tag {
            properties.is_text |= matches!(written, "!!str" | "!<tag:yaml.org,2002:str>");
            self.report(node.byte_range(), ProblemKind::Tag(written.into()));
            return;
        }
        let name = written.trim_start_matches('&');
        let is_word = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
        if !name.bytes().all(is_word) || properties.anchor.is_some() || self.touches_bracket(node) {
            self.report(node.byte_range(), ProblemKind::Invalid);
        }
        if !self.names.insert(name) {
            self.report(node.byte_range(), ProblemKind::DuplicateAnchor(name.into()));
        }
        properties.anchor = Some(name);
    }

    /// Whether an opening bracket follows a name without a blank, which the loader refuses.
    fn touches_bracket(&self, node: TreeNode<'_>) -> bool {
        matches!(self.text.as_bytes().get(node.end_byte()), Some(b'[' | b'{'))
    }

    /// A value, kept under the name that its anchor gives it.
    fn anchored_value(&mut self, node: TreeNode<'t>, properties: &Properties<'t>) -> Node {
        let (outer, before) = (self.deepest, self.values);
        self.deepest = self.depth;
        let mut value = self.any_value(node);
        if let (true, NodeKind::Scalar(scalar)) = (properties.is_text, &mut value.kind) {
            Arc::make_mut(scalar).resolved = Resolved::Str;
        }
        let height = self.deepest - self.depth;
        self.deepest = self.deepest.max(outer);
        if let Some(anchor) = properties.anchor {
            if role(node) == Role::Alias {
                self.report(node.byte_range(), ProblemKind::Invalid);
            }
            let values = self.values - before;
            self.anchors.insert(anchor, Anchored { node: value.clone(), values, height });
        }
        value
    }

    fn any_value(&mut self, node: TreeNode<'t>) -> Node {
        self.values += 1;
        match role(node) {
            Role::Mapping => self.nested(node, Self::block_mapping),
            Role::Sequence => self.nested(node, Self::block_sequence),
            Role::FlowMapping => self.nested(node, Self::flow_mapping),
            Role::FlowSequence => self.nested(node, Self::flow_sequence),
            Role::Alias => self.alias(node),
            _ => {
                let (scalar, range) = self.scalar(node);
                self.check_loadable(&scalar, range);
                Node { range, kind: NodeKind::Scalar(Arc::new(scalar)) }
            }
        }
    }

    /// Reports a plain scalar that the loader can make no value of.
    fn check_loadable(&mut self, scalar: &Scalar, range: TextRange) {
        let is_mark = self.reads_key && matches!(scalar.text.as_str(), "<<" | "=");
        let is_plain = scalar.style == ScalarStyle::Plain && !is_mark;
        if is_plain && !is_loadable(&scalar.text, &scalar.resolved) {
            self.report(range, ProblemKind::BadScalar(scalar.text.clone()));
        }
    }

    fn nested(&mut self, node: TreeNode<'t>, lower: fn(&mut Self, TreeNode<'t>) -> Node) -> Node {
        let flow = usize::from(matches!(role(node), Role::FlowMapping | Role::FlowSequence));
        self.depth += 1;
        self.flow_depth += flow;
        self.deepest = self.deepest.max(self.depth);
        let value = lower(self, node);
        self.depth -= 1;
        self.flow_depth -= flow;
        value
    }

    /// What an alias names, at the alias' place.
    fn alias(&mut self, node: TreeNode<'t>) -> Node {
        let name = self.slice(node).trim_start_matches('*');
        let range = TextRange::from(node.byte_range());
        if self.touches_bracket(node) {
            self.report(range, ProblemKind::Invalid);
        }
        let (kind, values, height) = match self.anchors.get(name) {
            Some(it) => (it.node.kind.clone(), it.values, it.height),
            None => {
                let is_open = self.names.contains(name);
                let kind =
                    if is_open { ProblemKind::RecursiveAlias } else { ProblemKind::UnknownAlias };
                self.report(range, kind(name.into()));
                self.dangling.insert(range);
                return Node { range, kind: NodeKind::Missing };
            }
        };
        let problem = if self.depth + height > MAX_DEPTH {
            ProblemKind::TooDeep
        } else if self.expanded + values > MAX_EXPANDED {
            ProblemKind::AliasBomb
        } else {
            self.expanded += values;
            self.values += values;
            self.deepest = self.deepest.max(self.depth + height);
            return Node { range, kind };
        };
        self.report(range, problem);
        self.dangling.insert(range);
        Node { range, kind: NodeKind::Missing }
    }

    /// A scalar and where it is written, from its quote or header to its last character.
    fn scalar(&mut self, node: TreeNode<'t>) -> (Scalar, TextRange) {
        let (start, end) = (node.start_byte(), node.end_byte());
        let (style, unclosed) = match role(node) {
            Role::DoubleQuoted => (ScalarStyle::DoubleQuoted, false),
            Role::UnclosedDoubleQuoted => (ScalarStyle::DoubleQuoted, true),
            Role::SingleQuoted => (ScalarStyle::SingleQuoted, false),
            Role::UnclosedSingleQuoted => (ScalarStyle::SingleQuoted, true),
            Role::BlockScalar => return self.block_scalar(node),
            _ => {
                let blanks = [' ', '\t'];
                let at = (start, start + self.slice(node).trim_end_matches(blanks).len());
                let style = ScalarStyle::Plain;
                if self.flow_depth > 0 {
                    self.check_marks(at);
                }
                let scalar = flow_scalar(self.text, at, style, false, &mut self.problems);
                return (scalar, (at.0..at.1).into());
            }
        };
        let inner = (start + 1, if unclosed { end } else { end - 1 });
        self.opaque.push(node.byte_range().into());
        if unclosed {
            self.report(start..start + 1, ProblemKind::UnclosedQuote);
        }
        let scalar = flow_scalar(self.text, inner, style, unclosed, &mut self.problems);
        (scalar, node.byte_range().into())
    }

    /// Reports what plain text between brackets must not hold.
    fn check_marks(&mut self, (start, end): (usize, usize)) {
        let text = self.text.get(start..end).unwrap_or_default();
        if text.starts_with(':') {
            self.report(start..start + 1, ProblemKind::MarkInFlow(':'));
        }
        if let Some(at) = text.find('?').map(|it| start + it) {
            self.report(at..at + 1, ProblemKind::MarkInFlow('?'));
        }
    }

    fn block_scalar(&mut self, node: TreeNode<'t>) -> (Scalar, TextRange) {
        let mut header = node;
        let mut content = None;
        for child in node.children(&mut node.walk()) {
            match role(child) {
                Role::BlockHeader => header = child,
                Role::BlockContent => content = Some(child),
                _ => self.extra(child),
            }
        }
        let end = content.unwrap_or(header).end_byte();
        if let Some(it) = content {
            self.opaque.push(it.byte_range().into());
        }
        (block_scalar(self.text, header, content), (node.start_byte()..end).into())
    }

    /// A node that is no part of a value: a comment, junk, a mark.
    fn extra(&mut self, node: TreeNode<'t>) {
        let range = TextRange::from(node.byte_range());
        match role(node) {
            Role::Comment => {
                self.comments.push(range);
                self.opaque.push(range);
            }
            Role::Junk => {
                self.opaque.push(range);
                let kind = if self.is_beyond_limit(node) {
                    ProblemKind::TooDeep
                } else if self.follows_collection_key(node) {
                    ProblemKind::ComplexKey
                } else {
                    ProblemKind::Invalid
                };
                self.report(range, kind);
            }
            Role::MisplacedSequence => self.misplaced_sequence(node),
            _ => {}
        }
    }

    /// Whether junk is what stands behind a collection of several lines that was meant as a key.
    fn follows_collection_key(&self, junk: TreeNode<'_>) -> bool {
        let rest = self.slice(junk).strip_prefix(':');
        let before = self.text.get(..junk.start_byte()).unwrap_or_default().trim_end_matches(' ');
        rest.is_some_and(|it| it.is_empty() || it.starts_with([' ', '\t']))
            && before.ends_with([']', '}'])
    }

    /// Whether junk is what the scanner made of a collection that nests too deep: in brackets there is
    /// no other reason to refuse one.
    fn is_beyond_limit(&self, junk: TreeNode<'_>) -> bool {
        let is_flow = self.slice(junk).starts_with(['[', '{']);
        self.depth >= MAX_BLOCKS || (is_flow && self.flow_depth > 0)
    }
}

/// Whether a node is a value by itself.
const fn is_value(role: Role) -> bool {
    matches!(
        role,
        Role::Mapping
            | Role::Sequence
            | Role::FlowMapping
            | Role::FlowSequence
            | Role::Plain
            | Role::DoubleQuoted
            | Role::SingleQuoted
            | Role::UnclosedDoubleQuoted
            | Role::UnclosedSingleQuoted
            | Role::BlockScalar
            | Role::Alias
    )
}

/// An offset in the width of ranges.
fn offset(at: usize) -> u32 {
    TextRange::from(at..at).start()
}
