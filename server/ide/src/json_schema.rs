//! JSON Schemas of entity files and of the configuration, for editors and programs that know no SpecQL.
//!
//! Invariant: they are written from the vocabulary alone, and refuse what `unknown-key`, `wrong-shape`,
//! `missing-key` and `unknown-step` report: names, words and statements are texts to them.

use serde_json::{Map, Value, json};
use specql_model::keys::{
    ACTION, CONFIG, ENTITY_FILE, KeySpec, MappingSpec, STEP, STEP_ORDER, Shape, Support, step_spec,
};

/// What a schema describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaOf {
    /// An entity file.
    Entity,
    /// `specql.config.yaml`.
    Config,
}

impl SchemaOf {
    const fn title(self) -> &'static str {
        match self {
            Self::Entity => "SpecQL entity file",
            Self::Config => "specql.config.yaml",
        }
    }

    const fn root(self) -> &'static MappingSpec {
        match self {
            Self::Entity => &ENTITY_FILE,
            Self::Config => &CONFIG,
        }
    }
}

/// The schema as a text of JSON, with a line feed at its end.
#[must_use]
pub fn json_schema(of: SchemaOf) -> String {
    let mut writer = Writer { definitions: Map::new(), begun: Vec::new() };
    let root = writer.reference(of.root());
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": of.title(),
    });
    merge(&mut schema, root);
    let definitions = sorted(writer.definitions);
    merge(&mut schema, json!({ "$defs": definitions }));
    let text = serde_json::to_string_pretty(&schema);
    text.unwrap_or_default() + "\n"
}

struct Writer {
    definitions: Map<String, Value>,
    /// Mappings whose definition is written or being written, with its name.
    begun: Vec<(*const MappingSpec, String)>,
}

impl Writer {
    /// A reference to the definition of a mapping, which is written when it is asked for first.
    fn reference(&mut self, spec: &'static MappingSpec) -> Value {
        let known = self.begun.iter().find(|it| std::ptr::eq(it.0, spec)).map(|it| it.1.clone());
        let name = known.unwrap_or_else(|| {
            let name = self.free_name(spec);
            self.begun.push((&raw const *spec, name.clone()));
            let definition =
                if std::ptr::eq(spec, &raw const STEP) { self.step() } else { self.mapping(spec) };
            self.definitions.insert(name.clone(), definition);
            name
        });
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// The name of a mapping as one word: `an impact block` is `impact-block`.
    fn free_name(&self, spec: &MappingSpec) -> String {
        let plain = spec.name.replace('`', "");
        let article = ["a ", "an ", "the "].into_iter().find_map(|it| plain.strip_prefix(it));
        let name = article.unwrap_or(&plain).replace([' ', '\''], "-");
        let is_taken = |name: &String| self.begun.iter().any(|it| &it.1 == name);
        let numbered = (2..).map(|it| format!("{name}-{it}"));
        std::iter::once(name.clone()).chain(numbered).find(|it| !is_taken(it)).unwrap_or(name)
    }

    fn mapping(&mut self, spec: &'static MappingSpec) -> Value {
        let mut properties = Map::new();
        for key in spec.keys {
            let property = self.property(key);
            for alias in key.aliases {
                let mut value = property.clone();
                merge(&mut value, json!({ "description": format!("The same as `{}`.", key.name) }));
                properties.insert((*alias).to_owned(), value);
            }
            properties.insert(key.name.to_owned(), property);
        }
        let others = match spec.open {
            Some(shape) => self.any_of(shape.alternatives(), true),
            None => json!(false),
        };
        let mut res = json!({ "type": "object", "properties": properties });
        merge(&mut res, json!({ "additionalProperties": others }));
        for key in spec.keys.iter().filter(|it| it.required) {
            demand(&mut res, key);
        }
        if std::ptr::eq(spec, &raw const ACTION) {
            free_parameters(&mut res);
            older_impacts(&mut res);
        }
        res
    }

    fn property(&mut self, key: &KeySpec) -> Value {
        let mut res = json!({ "description": key.documentation });
        if key.support == Support::Ignored {
            merge(&mut res, json!({ "deprecated": true }));
        }
        let shapes = self.any_of(key.shapes, !key.required);
        merge(&mut res, shapes);
        if let Some((least, greatest)) = key.bounds {
            merge(&mut res, json!({ "minimum": least }));
            if greatest != i64::MAX {
                merge(&mut res, json!({ "maximum": greatest }));
            }
        }
        res
    }

    /// Any of several shapes; what is not there yet has every shape.
    fn any_of(&mut self, shapes: &'static [Shape], may_be_null: bool) -> Value {
        let mut alternatives: Vec<Value> = Vec::new();
        for shape in shapes.iter().flat_map(Shape::alternatives) {
            let one = self.shape(shape);
            if one == json!({}) {
                return if may_be_null { one } else { json!({ "not": { "type": "null" } }) };
            }
            if !alternatives.contains(&one) {
                alternatives.push(one);
            }
        }
        if may_be_null {
            alternatives.push(json!({ "type": "null" }));
        }
        match alternatives.len() {
            1 => alternatives.swap_remove(0),
            _ => json!({ "anyOf": alternatives }),
        }
    }

    fn shape(&mut self, shape: &'static Shape) -> Value {
        match shape {
            Shape::Any => json!({}),
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Integer => json!({ "type": "integer" }),
            Shape::List(item) => {
                let items = self.any_of(item.alternatives(), true);
                json!({ "type": "array", "items": items })
            }
            Shape::Steps => {
                let step = self.reference(&STEP);
                json!({ "type": "array", "items": { "anyOf": [step, { "type": "null" }] } })
            }
            Shape::Mapping(spec) => self.reference(spec),
            Shape::OneOf(shapes) => self.any_of(shapes, false),
            // Words in another case and older ones mean the same: these are for completion.
            Shape::Word(words) => {
                let words: Vec<Value> = words
                    .iter()
                    .map(|(word, meaning)| json!({ "const": word, "description": meaning }))
                    .collect();
                json!({ "anyOf": [{ "anyOf": words }, scalar()] })
            }
            Shape::Text
            | Shape::Entity
            | Shape::Field
            | Shape::FieldPath
            | Shape::FieldType
            | Shape::Expression
            | Shape::Statement => scalar(),
        }
    }

    /// A step: the first keyword in the order of the parsers decides which keys it has.
    fn step(&mut self) -> Value {
        let mut rest = json!(false);
        for keyword in STEP_ORDER.iter().rev() {
            let then = self.reference(step_spec(keyword));
            rest = json!({ "if": { "required": [keyword] }, "then": then, "else": rest });
        }
        let mut res = json!({ "type": "object" });
        merge(&mut res, rest);
        res
    }
}

/// A text as authors write it: a number and a date are texts without quotes.
fn scalar() -> Value {
    json!({ "type": ["string", "number", "boolean"] })
}

/// One of the spellings of a required key has to be there.
fn demand(schema: &mut Value, key: &KeySpec) {
    let mut spellings = vec![json!({ "required": [key.name] })];
    spellings.extend(key.aliases.iter().map(|it| json!({ "required": [it] })));
    let one = match spellings.len() {
        1 => spellings.swap_remove(0),
        _ => json!({ "anyOf": spellings }),
    };
    let all = schema.as_object_mut().map(|it| it.entry("allOf").or_insert_with(|| json!([])));
    if let Some(Value::Array(all)) = all {
        all.push(one);
    }
}

/// What is given to a library pattern has parameters of its own.
fn free_parameters(action: &mut Value) {
    let Some(properties) = action.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    let mut parameters = Map::new();
    for name in ["params", "parameters", "inputs"] {
        if let Some(it) = properties.get_mut(name) {
            let description = it.get("description").cloned().unwrap_or_default();
            parameters.insert(name.to_owned(), std::mem::take(it));
            *it = json!({ "description": description });
        }
    }
    merge(
        action,
        json!({ "if": { "required": ["pattern"] }, "else": { "properties": parameters } }),
    );
}

/// The older shapes of `impact`, which are read, and have a rule of their own.
fn older_impacts(action: &mut Value) {
    const KEYS: &[&str] = &[
        "entity", "inserts", "insert", "creates", "updates", "deletes", "upserts", "write",
        "writes",
    ];
    let any: Vec<Value> = KEYS.iter().map(|it| json!({ "required": [it] })).collect();
    let mapping = json!({ "type": "object", "not": { "required": ["primary"] }, "anyOf": any });
    if let Some(Value::Array(shapes)) = action.pointer_mut("/properties/impact/anyOf") {
        shapes.extend([mapping, json!({ "type": "array" })]);
    }
}

/// Adds the members of one object to another.
fn merge(into: &mut Value, other: Value) {
    if let (Some(into), Value::Object(other)) = (into.as_object_mut(), other) {
        into.extend(other);
    }
}

fn sorted(members: Map<String, Value>) -> Map<String, Value> {
    let mut members: Vec<(String, Value)> = members.into_iter().collect();
    members.sort_by(|one, other| one.0.cmp(&other.0));
    members.into_iter().collect()
}
