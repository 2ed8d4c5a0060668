//! The actions of a random workspace: for each entity one that creates, and some that change, branch,
//! loop, delete, upsert and call.

use std::fmt::Write;

use fastrand::Rng;

use super::{
    Draft, RandomOptions,
    blocks::{self, SideEffect},
    snake,
};

/// The actions of an entity, with its `audit` block before them.
pub(super) fn actions(rng: &mut Rng, all: &[Draft], own: usize, options: RandomOptions) -> String {
    let mut res = blocks::audit(rng, &all[own]);
    res.push_str("actions:\n");
    let mut maker = Maker { rng, all, own, text: res, made: Vec::new() };
    maker.create();
    if maker.rng.bool() {
        maker.change();
    }
    if maker.rng.bool() {
        maker.branch();
    }
    let children: Vec<usize> =
        (own + 1..all.len()).filter(|it| all[*it].only_reference(own).is_some()).collect();
    for child in children {
        match maker.rng.u8(0..4) {
            0 => maker.update_children(child),
            1 => maker.insert_children(child),
            2 => maker.delete_children(child),
            _ => {}
        }
    }
    if maker.rng.bool() {
        maker.remove();
    }
    if options.calls && maker.rng.bool() {
        maker.call();
    }
    if options.calls {
        maker.relay();
        maker.round();
    }
    maker.tally();
    maker.text
}

struct Maker<'a> {
    rng: &'a mut Rng,
    all: &'a [Draft],
    own: usize,
    text: String,
    /// The actions about a row that is there.
    made: Vec<String>,
}

impl Maker<'_> {
    fn entity(&self) -> &Draft {
        &self.all[self.own]
    }

    /// `schema.Name` of an entity.
    fn name(&self, index: usize) -> String {
        format!("{}.{}", self.all[index].schema, self.all[index].name)
    }

    /// An action with its steps, each line below `steps:`.
    fn action(
        &mut self,
        verb: &str,
        past: &str,
        operation: &str,
        before: &str,
        steps: &str,
        side_effects: &[SideEffect],
    ) {
        let (all, own) = (self.all, self.own);
        let entity = &all[own];
        let name = format!("{verb}_{}", snake(entity.name));
        let _ = writeln!(self.text, "  - name: {name}");
        if operation != "CREATE" && before.is_empty() {
            self.made.push(name);
        }
        self.text.push_str(before);
        let _ = write!(self.text, "    steps:\n{steps}");
        let event = format!("{}{past}", entity.name);
        let impact = blocks::impact(self.rng, all, own, operation, side_effects);
        let cascade = blocks::cascade(self.rng, all, own);
        let cdc = blocks::cdc(self.rng, all, own, &event, side_effects);
        self.text.push_str(&(impact + &cascade + &cdc));
    }

    /// Entities that one `ref` of the own one leads to.
    fn parents(&self) -> Vec<usize> {
        let all = 0..self.own;
        all.filter(|it| self.entity().only_reference(*it).is_some_and(|it| it.required)).collect()
    }

    fn count_for_parents(&mut self, steps: &mut String, pad: &str) -> Vec<SideEffect> {
        let mut res = Vec::new();
        for parent in self.parents() {
            if self.rng.bool() && self.all[parent].has("item_count") {
                let name = self.name(parent);
                let _ = writeln!(steps, "{pad}- update: {name} SET item_count = item_count + 1");
                res.push(SideEffect { entity: parent, operation: "UPDATE", sometimes: false });
            }
        }
        res
    }

    fn create(&mut self) {
        let name = self.name(self.own);
        let mut steps = format!("      - insert: {name}\n");
        let side_effects = self.count_for_parents(&mut steps, "      ");
        if self.rng.u8(0..3) == 0 {
            let _ = writeln!(steps, "      - update: {name} SET item_count = 7");
        }
        self.action("create", "Created", "CREATE", "", &steps, &side_effects);
    }

    fn change(&mut self) {
        let name = self.name(self.own);
        let fields = self.entity().fields.iter().filter(|it| it.target.is_none());
        let fields: Vec<String> = fields.map(|it| it.name.clone()).collect();
        let mut steps = String::new();
        if self.rng.bool() {
            steps.push_str("      - validate: item_count >= 0\n        error: negative\n");
        }
        let _ = writeln!(steps, "      - update: {name}({})", fields.join(", "));
        let side_effects = self.count_for_parents(&mut steps, "      ");
        self.action("change", "Changed", "UPDATE", "", &steps, &side_effects);
    }

    /// One of two branches is taken, by what the row says.
    fn branch(&mut self) {
        let name = self.name(self.own);
        let mut then = String::new();
        let mut side_effects = self.count_for_parents(&mut then, "            ");
        side_effects.iter_mut().for_each(|it| it.sometimes = true);
        let steps = format!(
            "      - if: item_count > 3\n        then:\n{then}            - update: {name} SET item_count = 1\n        else:\n            - update: {name} SET item_count = item_count + 4\n"
        );
        self.action("toggle", "Toggled", "UPDATE", "", &steps, &side_effects);
    }

    fn update_children(&mut self, child: usize) {
        let Some(field) = self.all[child].only_reference(self.own).map(|it| it.name.clone()) else {
            return;
        };
        let (name, own) = (self.name(child), self.name(self.own));
        let steps = format!(
            "      - update: {own} SET item_count = item_count + 1\n      - update: {name} SET item_count = item_count + 1 WHERE {field} = input.id\n"
        );
        let effects = [SideEffect { entity: child, operation: "UPDATE", sometimes: true }];
        let verb = format!("sweep_{}s_of", snake(self.all[child].name));
        let past = format!("{}sSwept", self.all[child].name);
        self.action(&verb, &past, "UPDATE", "", &steps, &effects);
    }

    /// A loop over what the caller gives.
    fn insert_children(&mut self, child: usize) {
        if self.all[child].has("code") {
            return;
        }
        let Some(set) = self.literals(child) else { return };
        let (name, own) = (self.name(child), self.name(self.own));
        let steps = format!(
            "      - update: {own} SET item_count = item_count + 1\n      - foreach: item in input.items\n        do:\n          - insert: {name} SET {set}\n"
        );
        let effects = [SideEffect { entity: child, operation: "CREATE", sometimes: true }];
        let verb = format!("fill_{}s_of", snake(self.all[child].name));
        let past = format!("{}sAdded", self.all[child].name);
        let before = "    params:\n      items: list(json)!\n";
        self.action(&verb, &past, "UPDATE", before, &steps, &effects);
    }

    /// Values for the required fields of a new row of an entity whose own reference is left open;
    /// none where it needs a row of a third one.
    fn literals(&self, entity: usize) -> Option<String> {
        let mut res = vec!["item_count = 1".to_owned()];
        for field in self.all[entity].fields.iter().filter(|it| it.required && !it.unique) {
            match field.target {
                Some(target) if target == self.own => {}
                Some(_) => return None,
                None if field.default.is_some() || field.name == "item_count" => {}
                None => res.push(format!("{} = {}", field.name, literal(field.ty)?)),
            }
        }
        Some(res.join(", "))
    }

    fn delete_children(&mut self, child: usize) {
        let Some(field) = self.all[child].only_reference(self.own).map(|it| it.name.clone()) else {
            return;
        };
        let (name, own) = (self.name(child), self.name(self.own));
        let steps = format!(
            "      - delete: {name} WHERE {field} = input.id\n      - update: {own} SET item_count = 0\n"
        );
        let effects = [SideEffect { entity: child, operation: "DELETE", sometimes: true }];
        let verb = format!("clear_{}s_of", snake(self.all[child].name));
        let past = format!("{}sCleared", self.all[child].name);
        self.action(&verb, &past, "UPDATE", "", &steps, &effects);
    }

    fn remove(&mut self) {
        let name = self.name(self.own);
        let mut steps = String::new();
        let side_effects = self.count_for_parents(&mut steps, "      ");
        let _ = writeln!(steps, "      - delete: {name}");
        self.action("remove", "Removed", "DELETE", "", &steps, &side_effects);
    }

    /// An action of calls alone, which says what it is about or leaves that to them.
    fn relay(&mut self) {
        if self.made.is_empty() {
            return;
        }
        let schema = self.entity().schema;
        let mut steps = String::new();
        for _ in 0..self.rng.usize(1..4) {
            let called = &self.made[self.rng.usize(0..self.made.len())];
            let call = format!("- call: {schema}.{called}(id = input.id)\n");
            match self.rng.u8(0..3) {
                0 => {
                    let _ = write!(
                        steps,
                        "      - if: item_count > 2\n        then:\n          {call}"
                    );
                }
                _ => steps.push_str(&format!("      {call}")),
            }
        }
        if self.rng.bool() {
            self.action("relay", "Relayed", "UPDATE", "", &steps, &[]);
        } else {
            let name = snake(self.entity().name);
            let _ = write!(self.text, "  - name: relay_{name}\n    steps:\n{steps}");
        }
    }

    /// A loop over rows that calls an action for some of them.
    fn round(&mut self) {
        let Some(called) = self.made.first().filter(|_| self.rng.bool()).cloned() else { return };
        let (schema, own) = (self.entity().schema, self.name(self.own));
        let steps = format!(
            "      - update: {own} SET item_count = item_count + 1\n      - foreach: row in {own} WHERE item_count > 2\n        do:\n          - if: row.item_count > 3\n            then:\n              - call: {schema}.{called}(id = row.id)\n"
        );
        self.action("round", "Rounded", "UPDATE", "", &steps, &[]);
    }

    /// Upserts in a loop, by a unique field, in the order of the caller; each row leads to others.
    fn tally(&mut self) {
        if !self.entity().has("code") {
            return;
        }
        let Some(set) = self.literals(self.own) else { return };
        let name = self.name(self.own);
        let set = set.replacen("item_count = 1", "code = it, item_count = item_count + 1", 1);
        let mut steps = format!(
            "      - foreach: it in input.codes\n        do:\n          - upsert: {name} SET {set}\n            conflict_target: [code]\n"
        );
        let mut effects = Vec::new();
        let reference = |it: usize| self.all[it].only_reference(self.own).map(|field| (it, field));
        if let Some((child, field)) = (self.own + 1..self.all.len()).find_map(reference) {
            let (child_name, field) = (self.name(child), &field.name);
            let _ = write!(
                steps,
                "            as: tallied\n          - update: {child_name} SET item_count = item_count + 1 WHERE {field} = tallied\n"
            );
            effects.push(SideEffect { entity: child, operation: "UPDATE", sometimes: true });
        }
        let before = "    params:\n      codes: list(text)!\n";
        self.action("tally", "Tallied", "UPSERT", before, &steps, &effects);
    }

    /// A change that calls the action that creates an entity without required references.
    fn call(&mut self) {
        let (schema, own) = (self.entity().schema, self.name(self.own));
        let target = snake(self.entity().name);
        if self.parents().is_empty() && self.entity().fields.iter().all(|it| !it.required) {
            let steps = format!(
                "      - update: {own} SET item_count = item_count + 1\n      - call: {schema}.create_{target}()\n"
            );
            self.action("renew", "Renewed", "UPDATE", "", &steps, &[]);
        }
    }
}

/// A value of a type in an expression.
fn literal(ty: &str) -> Option<&'static str> {
    Some(match ty {
        "text" => "'it''s'",
        "integer" | "bigint" => "3",
        "float" | "money" | "percentage" | "decimal" => "1.5",
        "boolean" => "true",
        "email" => "'ada@example.org'",
        "url" => "'https://example.org'",
        "date" => "'2026-01-15'",
        "datetime" => "now()",
        "time" => "'10:30:00'",
        "uuid" => "'00000000-0000-4000-8000-000000000001'",
        it if it.starts_with("enum") => "'closed'",
        _ => return None,
    })
}
