//! Parameters that give fields their values because they have their names: `insert: Loan(book)` takes what callers
//! give as `book`. Such a parameter follows its field; renamed alone it would give nothing.

use specql_model::{Entity, EntityId, Field, Parameter, Workspace, entity::graphql_name};

use crate::identity::Identity;

/// A parameter, and the field that has its value from it.
struct Pair<'a> {
    action: &'a str,
    parameter: &'a Parameter,
    /// Where the action is.
    declared_by: EntityId,
    owner: &'a Entity,
    field: &'a Field,
}

impl Pair<'_> {
    fn parameter(&self) -> Identity {
        Identity::Parameter(self.declared_by, self.parameter.name.range)
    }

    fn field(&self) -> Identity {
        Identity::Field(self.owner.id, self.field.name.range)
    }

    /// `Loan.book`.
    fn shown(&self) -> String {
        format!("{}.{}", self.owner.name.text, self.field.name.text)
    }
}

/// The parameters that have to be renamed with something.
///
/// # Errors
/// A message when names that have to stay alike would not.
pub(super) fn along(
    workspace: &Workspace,
    identity: &Identity,
    new: &str,
) -> Result<Vec<Identity>, String> {
    match identity {
        Identity::Field(owner, _) => of_field(workspace, *owner, identity, new),
        Identity::Parameter(owner, _) => {
            let pairs = pairs(workspace, *owner);
            pairs.iter().find(|it| it.parameter() == *identity).map_or(Ok(Vec::new()), |it| {
                let (name, field) = (&it.parameter.name.text, it.shown());
                let what =
                    format!("`{name}` gives `{field}` its value, by the name that both have");
                Err(format!("{what}; rename the field, and the parameter follows"))
            })
        }
        _ => Ok(Vec::new()),
    }
}

fn of_field(
    workspace: &Workspace,
    owner: EntityId,
    identity: &Identity,
    new: &str,
) -> Result<Vec<Identity>, String> {
    let mut res: Vec<Identity> = Vec::new();
    for file in workspace.files_handling(owner) {
        let pairs = pairs(workspace, EntityId(file));
        for it in pairs.iter().filter(|it| it.field() == *identity) {
            let parameter = it.parameter();
            if res.contains(&parameter) {
                continue;
            }
            let (name, action) = (&it.parameter.name.text, it.action);
            let others = pairs.iter().filter(|it| it.parameter() == parameter);
            if let Some(other) = { others }.find(|it| it.field() != *identity) {
                let what = format!("the parameter `{name}` of `{action}` gives its value");
                return Err(format!("{what}, and that of `{}` too", other.shown()));
            }
            let declared = workspace.entity(it.declared_by).into_iter().flat_map(|it| &it.actions);
            let around = { declared }.find(|other| {
                other.parameters.iter().any(|other| other.name.range == it.parameter.name.range)
            });
            let mut others = around.into_iter().flat_map(|it| &it.parameters);
            if others
                .any(|it| it.name.text != *name && graphql_name(&it.name.text) == graphql_name(new))
            {
                return Err(format!("`{new}` is a parameter of `{action}` already"));
            }
            res.push(parameter);
        }
    }
    Ok(res)
}

/// What parameters of the actions of an entity give by their names.
fn pairs(workspace: &Workspace, declared_by: EntityId) -> Vec<Pair<'_>> {
    let mut res = Vec::new();
    let Some(entity) = workspace.entity(declared_by) else { return res };
    for action in entity.actions.iter().filter(|it| !it.parameters.is_empty()) {
        for step in &action.steps {
            step.walk(&mut |step| {
                let Some(write) = step.write() else { return };
                let named = write.entity.as_ref();
                let id = named
                    .map_or(Some(declared_by), |it| workspace.resolve(declared_by, it).found());
                let Some(owner) = id.and_then(|it| workspace.entity(it)) else { return };
                res.extend(action.parameters.iter().filter_map(|parameter| {
                    let field = owner.field(&parameter.name.text)?;
                    let action = action.name.as_str();
                    write.takes(owner, field).then_some(Pair {
                        action,
                        parameter,
                        declared_by,
                        owner,
                        field,
                    })
                }));
            });
        }
    }
    res
}

#[cfg(test)]
mod tests {
    use specql_text::{TextEdit, apply_edits};

    use crate::test_support::Fixture;

    /// The file of the cursor afterwards.
    fn renamed(fixture: &str, new: &str) -> Result<String, String> {
        let it = Fixture::new(fixture);
        let edits = it.analysis.rename(it.file, it.offset(), new)?.into_edits();
        let edits: Vec<TextEdit> = edits.into_iter().map(|it| it.edit).collect();
        Ok(apply_edits(it.analysis.text(it.file).unwrap(), &edits))
    }

    const LOAN: &str = "entity: Loan\nfields:\n  book: text!\n  note: text\nactions:\n  - name: lend\n    params:\n      book: text!\n      reason: text\n    steps:\n      - validate: input.book <> $reason\n      - insert: Loan(book)\n  - name: swap\n    params: {book: text!}\n    steps:\n      - update: Loan SET book = $book\n";

    #[test]
    fn a_parameter_follows_the_field_that_it_gives() {
        let after = renamed(&LOAN.replacen("book", "bo$0ok", 1), "title").unwrap();
        let lend = after.split("  - name: swap").next().unwrap();
        assert_eq!(lend, LOAN.split("  - name: swap").next().unwrap().replace("book", "title"));
        // What is assigned has a name of its own.
        assert!(
            after.ends_with(
                "    params: {book: text!}\n    steps:\n      - update: Loan SET title = $book\n"
            ),
            "{after}"
        );
    }

    #[test]
    fn a_parameter_that_gives_a_field_keeps_its_name() {
        let message =
            renamed(&LOAN.replacen("      book", "      bo$0ok", 1), "title").unwrap_err();
        assert_eq!(
            message,
            "`book` gives `Loan.book` its value, by the name that both have; rename the field, and the parameter follows"
        );
        let swap = LOAN.replacen("{book", "{bo$0ok", 1);
        assert!(renamed(&swap, "title").unwrap().contains("SET book = $title"));
        let taken = renamed(&LOAN.replacen("book", "bo$0ok", 1), "reason").unwrap_err();
        assert!(taken.contains("already"), "{taken}");
    }
}
