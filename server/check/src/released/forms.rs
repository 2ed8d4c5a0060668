//! The forms of the language that the releases do not read as they are meant, as data: the page of the
//! rule, its messages and its tests read this table.

/// What a release does with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It refuses the file.
    Refused,
    /// It reads something else.
    Misread,
    /// It passes over it.
    Ignored,
}

impl Fate {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Misread => "read differently",
            Self::Ignored => "ignored",
        }
    }
}

/// A form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// How it is written, in Markdown.
    pub(crate) written: &'static str,
    /// What 0.5 does with it.
    pub(crate) v05: Fate,
    /// What 0.8 does with it.
    pub(crate) v08: Fate,
    /// What is said of it behind "released generators …", where `{}` is the subject of the finding.
    pub(crate) reason: &'static str,
    /// The rule that reports it, where that is not `compat`.
    pub(crate) rule: Option<&'static str>,
}

const fn refused(written: &'static str, reason: &'static str) -> Form {
    Form { written, v05: Fate::Refused, v08: Fate::Refused, reason, rule: None }
}

const fn misread(written: &'static str, reason: &'static str) -> Form {
    Form { written, v05: Fate::Misread, v08: Fate::Misread, reason, rule: None }
}

const fn ignored(written: &'static str, reason: &'static str) -> Form {
    Form { written, v05: Fate::Ignored, v08: Fate::Ignored, reason, rule: None }
}

const fn by(rule: &'static str, form: Form) -> Form {
    Form { rule: Some(rule), ..form }
}

const fn since_08(form: Form) -> Form {
    Form { v05: Fate::Ignored, ..form }
}

macro_rules! forms {
    ($($name:ident = $form:expr;)+) => {
        $(pub(super) static $name: Form = $form;)+
        /// Every form that has a place in a file, in the order of the page.
        static FORMS: &[&Form] = &[$(&$name),+];
    };
}

forms! {
    FIELDS = refused("`fields:` with nothing, or a list", "refuse the file: `fields` has to be a mapping; leave it out, or declare a field");
    FIELD_NAME = refused("a field called `5`, `yes` or `2024-01-01`", "refuse the file: they want the name of a field to be a text; write it in quotes");
    FIELD_TYPE = refused("`type:` with nothing, or no text", "refuse the file: they want `type` to be a text");
    MISSING_KEY = by("missing-key", refused("an action without `name`", "refuse the file: they want {} here"));
    RESERVED = by("reserved-field", refused("a field called `id`, `path`, `fk_…`", "refuse the file: the name {} is reserved"));
    ACTIONS = refused("`actions:` with nothing, or a mapping", "refuse the file: `actions` has to be a list of mappings with a `name`; leave it out, or declare an action");
    STEPS = refused("`steps:` with nothing, or a mapping", "refuse the file: `steps` has to be a list; leave it out, or write a step");
    STEP = refused("a step that is a word or a list", "refuse the file: a step has to be a mapping");
    UNKNOWN_STEP = refused("the steps `foreach`, `switch`, `upsert`, `return` and others", "refuse the file: they know no step {}");
    STATEMENT = refused("a statement in the long form: `insert: {entity: Post}`", "refuse the file: they read the statement of {} in one line only");
    BRANCH = refused("`then:` or `else:` with nothing, or a mapping", "refuse the file: {} has to be a list of steps; leave it out, or write a step");
    UPDATE = refused("`update: Post` without `SET`", "refuse the file: they want `SET` in an update; write `update: {} SET …`");
    UPDATE_CASE = refused("`update: Post set …` in lower case", "refuse the file: they want `SET` in upper case");
    UPDATE_LINE = refused("`update: \\|` with `SET` on a line of its own", "refuse the file: they want `SET` on the line of the entity, between spaces");
    CALL = refused("`call: send_email` without parentheses", "refuse the file: they want parentheses in a call; write `{}()`");
    CALL_SCHEMA = refused("`call: app.send_email()`", "refuse the file: they know no schema before the name of an action");
    NOTIFY = refused("`notify: PostCreated` and all but `recipient(channel, \"text\")`", "refuse the file: they read `notify` as `recipient(channel, \"text\")` only");
    FUNCTION = refused("functions in expressions: `now()`", "refuse the file: they know no functions, and look for a field {}");
    OPERATOR = refused("`IN`, `LIKE`, `BETWEEN`, `EXISTS`, `CASE`, `SELECT` in expressions", "refuse the file: they do not know {}, and look for a field of this name");
    CAST = refused("casts: `price::text`", "refuse the file: they know no casts, and look for a field {}");
    PATH = refused("paths through references: `author.name`", "refuse the file: they follow no reference, and look for a field {} in this entity");
    INPUT = refused("`input.x` where `x` is no field", "refuse the file: they want every input to be a field, and there is no field {}");
    BUILT_IN = refused("the built-in columns: `created_at`", "refuse the file: they know no built-in columns in expressions, and look for a field {}");
    CAMEL_CASE = refused("fields in camelCase: `unitPrice`", "refuse the file: they read an expression in lower case, and find no field {}");
    NAME = refused("variables, enum values without quotes, fields of another entity that is written", "refuse the file: they know the fields of this entity only, and {} is none");
    CONDITION = refused("a condition that is no text: `validate: true`", "refuse the file: they want the condition of {} to be a text; write it in quotes");
    REFRESH = refused("`refresh_table_view: self`", "refuse the file: they read `refresh_table_view` in the long form only");
    REFRESH_WORD = by("unknown-word", refused("another word in `scope` or `strategy`", "refuse the file: they do not know {} here"));
    PROPAGATE = refused("`propagate: Post`", "refuse the file: `propagate` has to be a list");
    AGENTS = refused("`agents:` with nothing", "refuse the file: `agents` has to be a list of mappings with a `name`");
    ORGANIZATION = refused("`organization:` without `table_code`", "refuse the file: they want `table_code` in `organization`");
    IDENTIFIER = refused("`identifier:` that is no mapping", "refuse the file: `identifier` has to be a mapping");
    COMPONENTS = refused("`components:` with nothing, or an item without `field`", "refuse the file: `components` has to be a list of fields");
    TABLE_VIEWS = refused("`table_views:` as a list", "refuse the file: `table_views` has to be a mapping");
    TABLE_VIEWS_WORD = refused("another word in `table_views.mode` or `refresh`", "refuse the file: they do not know {} here");
    RELATIONS = refused("`include_relations` without `- author: {fields: [name]}`", "refuse the file: they want one relation with its list of `fields` in each item");
    FILTER_COLUMNS = refused("`extra_filter_columns` with more than one key in an item", "refuse the file: they want a name, or one name with its mapping, in each item");
    PATTERNS = since_08(refused("`patterns` with an item that has no `type`", "refuse the file: they want a list of patterns with a `type`"));
    TRANSLATIONS = since_08(refused("`translations:` that is no mapping", "refuse the file: `translations` has to be a mapping"));
    TEXT_TYPE = misread("`text(50)`, `decimal(10,2)`, `text?`, `text[]`, `enum[a, b]`, `boolean=true`", "make plain text of {}, and read no more of it");
    POSTGRES_TYPE = by("postgres-type", misread("`timestamptz`, `jsonb` and other types of PostgreSQL", ""));
    BANG = by("lost-nullability", misread("`text! = 'x'`, `required: true`", ""));
    DEFAULT = misread("a default of a rich type, a reference or a composite: `money = 0.00`", "drop the default of {}");
    QUOTED_VALUES = misread("`enum('a', 'b')`", "keep the quotes as a part of the value {}");
    ALTERNATIVES = misread("`ref(Post\\|Page)`", "read {} only, and drop the others");
    WHERE_LINE = misread("`WHERE` on a line of its own behind `SET`", "take the `WHERE` for a part of `SET`, because it does not stand between spaces");
    POSITIONAL = misread("`call: greet(author)`", "drop the argument {}, which has no name");
    SECOND_STEP = misread("two steps in one mapping", "read `{}` only, and drop the other step");
    STEPS_OF_THREE = by("ignored-steps", ignored("the steps of actions called `create_…`, `update_…`, `delete_…`", ""));
    SHARED_NAME = by("duplicate-action", misread("an action with the name of one in another schema", ""));
}

/// Keys that no release reads; they are what this tool is for, so nothing is said of them.
static UNREAD: &[Form] = &[
    ignored("`impact`, `impacts`, `cdc`, `cascade`, `audit`, `hierarchy_impact`", ""),
    ignored("`params`, `parameters`, `inputs`, `returns`, `requires`", ""),
    ignored(
        "`message`, `error_message`, `severity` of `validate`; `hard` of `delete`; `as` of `find`",
        "",
    ),
    ignored("`unique`, `values`, `min`, `max`, `schema` and `validation` of a field", ""),
    ignored("what stands behind the entity in `insert: Post(title)` and `insert: Post SET …`", ""),
];

/// The forms and the releases as a table in Markdown.
#[must_use]
pub fn table() -> String {
    let mut res = "| form | 0.5 | 0.8 | finding |\n|---|---|---|---|\n".to_owned();
    for form in FORMS.iter().copied().chain(UNREAD) {
        let finding = match (form.rule, form.reason) {
            (Some(rule), _) => format!("`{rule}`"),
            (None, "") => "–".to_owned(),
            (None, _) => "`compat`".to_owned(),
        };
        let fates = (form.v05.as_str(), form.v08.as_str());
        res.push_str(&format!("| {} | {} | {} | {finding} |\n", form.written, fates.0, fates.1));
    }
    res
}
