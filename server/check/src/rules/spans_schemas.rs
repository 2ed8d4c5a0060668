//! One transaction writes entities of several schemas, which holds as long as they share a database.

use specql_model::Effect;

use crate::{Context, Diagnostic, Level, Rule};

pub(crate) const RULE: Rule = Rule {
    code: "spans-schemas",
    level: Level::Hint,
    summary: "an action writes entities of another schema in its transaction",
    run: spans_schemas,
    page: include_str!("../../../../docs/rules/spans-schemas.md"),
};

fn spans_schemas(ctx: &Context<'_>, acc: &mut Vec<Diagnostic>) {
    let Some(own) = ctx.entity() else { return };
    for (id, action) in ctx.actions() {
        let mut told: Vec<&str> = Vec::new();
        for effect in ctx.workspace.effects(id) {
            let Some(entity) = effect.entity.and_then(|it| ctx.workspace.entity(it)) else {
                continue;
            };
            let schema = entity.schema_name();
            if schema == own.schema_name() || told.contains(&schema) {
                continue;
            }
            told.push(schema);
            let message = format!(
                "`{}` of `{}` and `{schema}` change in one transaction; when the two become two \
                 services, this becomes a saga: an event here, and an action there that hears it and \
                 one that takes it back",
                action.name.text,
                own.schema_name()
            );
            let range = effect.via.unwrap_or_else(|| place(effect));
            acc.push(ctx.finding(&RULE, range, message).related(
                entity.id.0,
                entity.name.range,
                "the entity",
            ));
        }
    }
}

fn place(effect: &Effect) -> specql_text::TextRange {
    if effect.target.range.is_empty() { effect.step } else { effect.target.range }
}

#[cfg(test)]
mod tests {
    use crate::test_support::check_diagnostics;

    #[test]
    fn two_schemas_in_one_transaction() {
        check_diagnostics(
            r#"
#- /invoice.yaml
entity: Invoice
schema: billing
fields:
  number: text
actions:
  - name: write_invoice
    steps:
      - insert: Invoice(number)
    impact:
      primary: {entity: Invoice, operation: CREATE, fields: [number]}
#- /order.yaml
entity: Order
schema: shop
fields:
  number: text
actions:
  - name: place_order
    steps:
      - insert: Order(number)
      - insert: Invoice(number = input.number)
      #         ^^^^^^^ hint[spans-schemas]: `place_order` of `shop` and `billing` change in one transaction; when the two become two services, this becomes a saga: an event here, and an action there that hears it and one that takes it back
      - insert: Invoice(number = 'x')
    impact:
      primary: {entity: Order, operation: CREATE, fields: [number]}
      side_effects:
        - {entity: Invoice, operation: CREATE, fields: [number]}
  - name: place_by_call
    steps:
      - insert: Order(number)
      - call: write_invoice(number = input.number)
      # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ hint[spans-schemas]
    impact:
      primary: {entity: Order, operation: CREATE, fields: [number]}
      side_effects:
        - {entity: Invoice, operation: CREATE, fields: [number]}
"#,
        );
    }
}
