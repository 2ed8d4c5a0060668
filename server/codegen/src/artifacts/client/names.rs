//! Names of types in the module: each once, none that the language or the module has itself.

use std::collections::{BTreeMap, HashMap, HashSet};

use heck::ToUpperCamelCase;
use specql_model::{Entity, EntityId};

use crate::{artifacts::typescript::literal, catalog::Catalog};

/// The names that the module has itself, and those of the language that an interface may not have or that
/// the module uses.
const TAKEN: &[&str] = &[
    "Actions",
    "Answer",
    "AnyChanged",
    "AnyDeleted",
    "Cascade",
    "Changed",
    "DateTime",
    "Decimal",
    "Deleted",
    "Duration",
    "Entities",
    "Impact",
    "ImpactEntry",
    "Invalidation",
    "LocalDate",
    "LocalDateTime",
    "LocalTime",
    "Metadata",
    "Omit",
    "Reference",
    "Typename",
    "Uuid",
    "any",
    "await",
    "bigint",
    "boolean",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "enum",
    "export",
    "extends",
    "false",
    "finally",
    "for",
    "function",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "interface",
    "let",
    "never",
    "new",
    "null",
    "number",
    "object",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "static",
    "string",
    "super",
    "switch",
    "symbol",
    "this",
    "throw",
    "true",
    "try",
    "type",
    "typeof",
    "undefined",
    "unknown",
    "var",
    "void",
    "while",
    "with",
    "yield",
];

/// Names of types, each given once.
pub(super) struct Names {
    taken: HashSet<String>,
    entities: HashMap<EntityId, String>,
}

impl Names {
    pub(super) fn new(catalog: Catalog<'_>) -> Self {
        let mut res = Self {
            taken: TAKEN.iter().map(|it| (*it).to_owned()).collect(),
            entities: HashMap::new(),
        };
        for (typename, entities) in by_typename(catalog) {
            for it in &entities {
                let schema = it.schema_name().to_upper_camel_case();
                let wanted = if entities.len() == 1 {
                    typename.clone()
                } else {
                    format!("{schema}{typename}")
                };
                let name = res.free(&wanted, "Entity");
                res.entities.insert(it.id, name);
            }
        }
        res
    }

    /// A name that nothing has yet: the wanted one, else with a word behind it, else with a number too.
    pub(super) fn free(&mut self, wanted: &str, otherwise: &str) -> String {
        let letters = |it: char| if it.is_ascii_alphanumeric() || it == '_' { it } else { '_' };
        let mut name: String = wanted.chars().map(letters).collect();
        if !name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_') {
            name.insert(0, '_');
        }
        let candidates = [name.clone(), format!("{name}{otherwise}")].into_iter();
        let numbered = (2..).map(|it: u32| format!("{name}{otherwise}{it}"));
        let found = candidates.chain(numbered).find(|it| !self.taken.contains(it));
        let found = found.unwrap_or(name);
        self.taken.insert(found.clone());
        found
    }

    pub(super) fn entity(&self, id: EntityId) -> &str {
        self.entities.get(&id).map_or("never", String::as_str)
    }
}

/// The entities by their type in GraphQL, which several schemas can have.
pub(super) fn by_typename(catalog: Catalog<'_>) -> BTreeMap<String, Vec<&Entity>> {
    let mut res: BTreeMap<String, Vec<&Entity>> = BTreeMap::new();
    for it in catalog.entities() {
        res.entry(catalog.type_name(it).to_string()).or_default().push(it);
    }
    res
}

/// The literal type of an entity's name.
pub(super) fn typename(catalog: Catalog<'_>, id: EntityId) -> String {
    catalog.entity(id).map_or_else(|| "never".to_owned(), |it| literal(&catalog.type_name(it)))
}
