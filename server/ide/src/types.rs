//! What the features answer.

use specql_model::FileId;
use specql_text::{TextEdit, TextRange};

/// The text shown for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What the text is about.
    pub range: TextRange,
    /// Markdown.
    pub markdown: String,
    /// What shows the whole of which the text has a part.
    pub whole: Vec<Whole>,
}

/// A preview that a hover leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// What prints it in a terminal.
    pub command: String,
    /// As [`Preview::title`].
    pub title: String,
    /// The preview.
    pub target: PreviewTarget,
}

/// A place that a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The file.
    pub file: FileId,
    /// The whole declaration.
    pub range: TextRange,
    /// The name in it.
    pub name_range: TextRange,
}

/// What a completion inserts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A key of a mapping.
    Key,
    /// An entity.
    Entity,
    /// A field or built-in column.
    Field,
    /// A type.
    Type,
    /// A word of a fixed vocabulary or a value of an enum.
    Value,
    /// An action.
    Action,
    /// A keyword of a statement (`SET`, `WHERE`).
    Keyword,
    /// A function of expressions.
    Function,
    /// A variable (`input`, a loop's variable).
    Variable,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompletionItem {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What is inserted and what it replaces; the range contains the cursor. Lines behind the first
    /// are indented relative to the cursor's line (`InsertTextMode.adjustIndentation`).
    pub edit: TextEdit,
    /// The text has `$0`, `${1:…}` places.
    pub snippet: bool,
    /// Shown behind the label: a type, an operation.
    pub detail: Option<String>,
    /// Markdown.
    pub documentation: Option<String>,
    /// Orders the list; the first comes first.
    pub sort_text: String,
    /// A path can go on behind it, so a dot that is typed accepts it.
    pub goes_on: bool,
}

/// What can be written at a cursor, the likeliest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completions {
    /// The proposals.
    pub items: Vec<CompletionItem>,
    /// There are more: ask again when more is typed.
    pub is_incomplete: bool,
}

/// A change an editor offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeAction {
    /// Imperative sentence.
    pub title: String,
    /// The findings it mends; empty for a refactoring.
    pub codes: Vec<&'static str>,
    /// Where those findings are, in the order of `codes`.
    pub diagnostic_ranges: Vec<TextRange>,
    /// May be applied unseen and is the best for its finding.
    pub preferred: bool,
    /// What sort of change it is.
    pub kind: CodeActionKind,
    /// The edits.
    pub edits: Vec<specql_check::FileEdit>,
}

/// What sort of change a code action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeActionKind {
    /// It mends a finding, or silences it.
    QuickFix,
    /// What is there is written in another way.
    Rewrite,
    /// A block is written that follows from what is there.
    Extract,
    /// What stands elsewhere is written here.
    Inline,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SymbolKind {
    /// The entity.
    Entity,
    /// A field.
    Field,
    /// A value of an enum.
    EnumMember,
    /// An action.
    Action,
    /// A step.
    Step,
    /// `impact`, `cascade`, `cdc`, `audit` and the lists in them.
    Block,
    /// An event.
    Event,
}

/// A node of a file's outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// The name.
    pub name: String,
    /// Shown behind it: a type, an operation.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// The whole.
    pub range: TextRange,
    /// The name in it.
    pub name_range: TextRange,
    /// What lies inside.
    pub children: Vec<Self>,
}

/// What can be previewed: a project, an entity or an action, and which artifact of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PreviewTarget {
    /// The file of the entity; absent for an artifact of the whole project.
    pub file: Option<FileId>,
    /// The action's name; absent for an artifact of the entity.
    pub action: Option<String>,
    /// The artifact.
    pub artifact: Artifact,
}

/// The artifact's kind, as named on the command line.
pub type Artifact = specql_codegen::Artifact;

/// A generated text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// `Post.create_post · action`.
    pub title: String,
    /// `sql`, `json`.
    pub language: &'static str,
    /// The artifact.
    pub text: String,
}

/// A line above a declaration that a click acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeLens {
    /// Where: the name of the action, the key of a block.
    pub range: TextRange,
    /// What it shows.
    pub kind: LensKind,
}

/// What a lens shows, and what a click on it opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LensKind {
    /// A preview; the title says what is in it: `SQL · writes Post, User · publishes PostCreated`.
    Preview(String, PreviewTarget),
    /// The uses of what is declared there, see [`crate::Analysis::uses`]. They are counted when the lens
    /// comes into sight.
    Uses(UsesOf),
}

/// Which uses of a declaration are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UsesOf {
    /// Every place that names it.
    #[default]
    References,
    /// The places that ask for an event about it.
    Events,
}

/// What is done at a place with what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// It is declared.
    Declaration,
    /// It is named or read.
    Read,
    /// A step gives it a value.
    Write,
}

/// A place that names something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The file.
    pub file: FileId,
    /// The name, with quotes that stand around it.
    pub range: TextRange,
    /// What is done there.
    pub access: Access,
}

/// What a word is, for its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// An entity.
    Class,
    /// A type of a field.
    Type,
    /// A field or column.
    Property,
    /// A value of an enum.
    EnumMember,
    /// An action.
    Function,
    /// A parameter of an action.
    Parameter,
    /// A stored result, a loop's variable, a value of the session.
    Variable,
    /// A type of events.
    Event,
    /// The key of a block that is checked against the steps.
    Keyword,
}

/// A coloured word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// The word, in one line.
    pub range: TextRange,
    /// What it is.
    pub kind: TokenKind,
    /// It is declared here.
    pub declares: bool,
    /// It comes with the language.
    pub built_in: bool,
}

/// A range that can be folded to its first line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folding {
    /// From the first character to the last.
    pub range: TextRange,
    /// It is a comment.
    pub comment: bool,
}
