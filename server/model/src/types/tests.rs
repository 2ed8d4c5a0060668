//! Tests of the tables and of what types are in SQL and GraphQL.

use std::collections::BTreeSet;

use specql_syntax::Name;
use specql_text::TextRange;

use super::*;

fn name(text: &str) -> Name {
    Name::new(text, TextRange::default())
}

fn ty(text: &str, parameters: &[&str]) -> Type {
    let parameters: Vec<Name> = parameters.iter().map(|it| name(it)).collect();
    Type::from_name(&name(text), &parameters)
}

#[test]
fn tables_are_complete() {
    assert_eq!(RICH_SCALARS.len(), 50);
    assert_eq!(COMPOSITES.len(), 17);
    let all: BTreeSet<&str> = names().collect();
    assert_eq!(all.len(), 5 + 3 + 50 + 17, "a name stands twice");
}

#[test]
fn examples_satisfy_patterns_and_bounds() {
    for scalar in RICH_SCALARS {
        if let Some(pattern) = scalar.pattern {
            let regex = regex::RegexBuilder::new(pattern).case_insensitive(true).build();
            let regex = regex.expect("the pattern is a regular expression");
            assert!(regex.is_match(scalar.example), "{}: {}", scalar.name, scalar.example);
        }
        let number = |it: &str| it.parse::<f64>().expect("a number");
        let (least, greatest) = scalar.bounds;
        assert!(least.is_none_or(|it| number(it) <= number(scalar.example)), "{}", scalar.name);
        assert!(greatest.is_none_or(|it| number(it) >= number(scalar.example)), "{}", scalar.name);
    }
}

#[test]
fn parts_of_composites_have_types() {
    for composite in COMPOSITES {
        for (part, written, _) in composite.parts {
            let ty = composite.part(part).expect("the part is there");
            assert!(!matches!(ty, Type::Unknown(_)), "{}.{part}: {written}", composite.name);
        }
    }
}

#[test]
fn names_mean_types() {
    assert_eq!(ty("text", &["50"]), Type::Basic(BasicType::Text));
    assert!(matches!(ty("phone", &[]), Type::Rich(it) if it.name == "phoneNumber"));
    assert!(matches!(ty("url", &[]), Type::Rich(_)));
    assert!(matches!(ty("URL", &[]), Type::Composite(_)));
    assert!(matches!(ty("mony", &[]), Type::Unknown(_)));
    assert_eq!(Type::suggest("mony"), Some("money"));
    assert_eq!(Type::suggest("Text"), Some("text"));
    assert_eq!(Type::suggest("timestmp"), Some("timestamp"));
}

#[test]
fn types_in_postgres_and_graphql() {
    let shown = |it: Type| format!("{} {}", it.sql_type(), it.graphql_type());
    assert_eq!(shown(ty("text", &[])), "text String");
    assert_eq!(shown(ty("float", &[])), "double precision Float");
    assert_eq!(shown(ty("money", &[])), "numeric(19,4) Money");
    assert_eq!(shown(ty("datetime", &[])), "timestamptz DateTime");
    assert_eq!(shown(ty("SimpleAddress", &[])), "jsonb SimpleAddress");
    assert_eq!(shown(ty("decimal", &["10", " 2"])), "numeric(10,2) Decimal");
    assert_eq!(shown(ty("TIMESTAMP", &[])), "timestamp DateTime");
    assert_eq!(shown(ty("unknown", &[])), "text String");
    assert_eq!(shown(Type::List(Box::new(ty("integer", &[])))), "jsonb [Int]");
    assert_eq!(shown(Type::Enum(vec![name("a")])), "text String");
}

#[test]
fn parameters_that_postgres_does_not_take_are_left_out() {
    let sql = |name: &str, parameters: &[&str]| ty(name, parameters).sql_type();
    assert_eq!(sql("decimal", &["10); DROP TABLE x; --"]), "numeric");
    assert_eq!(sql("decimal", &["10", "2", "3"]), "numeric");
    assert_eq!(sql("decimal", &["0"]), "numeric");
    assert_eq!(sql("varchar", &["99999999999"]), "varchar");
    assert_eq!(sql("varchar", &["40"]), "varchar(40)");
    assert_eq!(sql("timestamp", &["0"]), "timestamp(0)");
    assert_eq!(sql("jsonb", &["1"]), "jsonb");
}

#[test]
fn numbers() {
    assert!(ty("money", &[]).is_numeric());
    assert!(ty("double", &[]).is_numeric());
    assert!(ty("decimal", &["10", "2"]).is_numeric());
    assert!(!ty("text", &[]).is_numeric());
    assert!(!Type::Ref(Vec::new()).is_numeric());
}
