//! Steps: a keyword with a statement or a mapping, and the keys beside it.

use super::{AstNode, access::ast_nodes, entries, items, value};
use crate::{
    Name,
    yaml::{Entry, Node},
};

ast_nodes! {
    /// The keys that a step may have, beside its keyword or in the mapping behind it.
    StepOptions {
        /// The condition, where the keyword has no statement.
        value condition = "condition" | "expression";
        /// The code of the failure.
        text error = "error";
        /// The code of a rejection.
        text error_or_code = "error" | "code";
        /// The text of the failure.
        text message = "message" | "error_message";
        /// The entity in the long form of a write.
        text entity = "entity";
        /// The schema of the entity, or of the function.
        text schema = "schema";
        /// The fields that take their values from the input; in a mapping with their values.
        value fields = "fields";
        /// Fields with their values.
        value values = "values";
        /// Fields with their values.
        value set = "set";
        /// Which rows.
        value filter = "where";
        /// Where all fields come from.
        text from = "from";
        /// The variable that holds the result.
        text bind = "as" | "store" | "result";
        /// The variable that holds what a call gives.
        text bind_call = "store" | "result" | "as";
        /// The fields that tell whether a row is there already.
        names conflict_target = "conflict_target" | "on_conflict";
        /// What is done when it is.
        text conflict_action = "conflict_action";
        /// Whether rows are deleted for good.
        flag hard = "hard";
        /// The steps under the condition.
        value then = "then";
        /// The steps otherwise.
        value otherwise = "else";
        /// The steps of a loop.
        value body = "do" | "steps" | "loop";
        /// The variable of a loop.
        text variable = "variable" | "as" | "item";
        /// The variable of a loop, beside its keyword.
        text loop_variable = "as";
        /// What a loop runs over.
        value collection = "in" | "collection";
        /// The cases of a switch.
        value cases = "cases";
        /// The steps when no case is met.
        value default = "default" | "else";
        /// What is called.
        text function = "action" | "function" | "name";
        /// The arguments of a call.
        value arguments = "args" | "arguments";
        /// Who is notified.
        value to = "to" | "recipient";
        /// How.
        text channel = "channel";
        /// What is said.
        value text = "message";
        /// What is said, in the long form.
        value text_or_event = "message" | "event";
        /// What is sent along.
        value data = "data" | "payload";
        /// Which rows of a read model are made anew.
        text scope = "scope";
        /// The entities whose read models follow.
        names propagate = "propagate";
        /// How.
        text strategy = "strategy";
    }

    /// A case of a switch.
    Case {
        /// The value that is met.
        value when = "when";
        /// The steps then.
        list(Step) steps = "then" | "do" | "steps";
    }
}

/// A step: a mapping with a keyword among its keys.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a>(&'a Node);

impl<'a> AstNode<'a> for Step<'a> {
    fn cast(node: &'a Node) -> Self {
        Self(node)
    }

    fn node(self) -> &'a Node {
        self.0
    }
}

impl<'a> Step<'a> {
    /// The first key that is written here, or the only word: what seems to be the keyword.
    #[must_use]
    pub fn first_word(self) -> Option<Name> {
        self.first_entry().map(|it| it.key.clone()).or_else(|| self.0.name())
    }

    /// The first entry that is written here.
    #[must_use]
    pub fn first_entry(self) -> Option<&'a Entry> {
        entries(self.0).iter().find(|it| !it.merged)
    }

    /// The keys beside the keyword.
    #[must_use]
    pub fn beside(self) -> StepOptions<'a> {
        StepOptions::cast(self.0)
    }
}

impl<'a> Case<'a> {
    /// The cases of a list, of which each has a `when`; none where values are keys.
    #[must_use]
    pub fn all(node: &'a Node) -> Vec<Self> {
        items(node).iter().map(Self::cast).collect()
    }

    /// The entries of a mapping from values to steps, when cases are written so.
    #[must_use]
    pub fn by_value(node: &'a Node) -> Option<&'a [Entry]> {
        let is_case = value(node, &["when"]).is_some();
        (node.as_mapping().is_some() && !is_case).then(|| entries(node))
    }
}
