//! Tests of places: `$0` is the cursor.

use super::*;
use crate::keys::{CONFIG, ENTITY_FILE};

/// The specifications around the cursor with the entry that each is in, and what stands there.
fn place(fixture: &str) -> String {
    place_in(&ENTITY_FILE, fixture)
}

fn place_in(root: &'static MappingSpec, fixture: &str) -> String {
    let offset = fixture.find("$0").expect("a cursor");
    let text = fixture.replacen("$0", "", 1);
    let parse = specql_syntax::parse(text.as_str().into());
    let offset = u32::try_from(offset).expect("a short text");
    let place = place_at(root, parse.yaml(), &text, offset);
    let mut shown: Vec<String> = Vec::new();
    for level in &place.levels {
        let key = level.entry.map_or("·", |it| it.key.as_str());
        shown.push(format!("{}: {key}", level.spec.name));
    }
    shown.push(match place.kind {
        PlaceKind::Key => "key".to_owned(),
        PlaceKind::Outside => "outside".to_owned(),
        PlaceKind::Value { shapes, node } => {
            let shapes: Vec<String> = shapes.iter().map(shape).collect();
            let node = match node.map(|it| &it.kind) {
                None => "nothing",
                Some(NodeKind::Missing) => "missing",
                Some(NodeKind::Scalar(_)) => "scalar",
                Some(NodeKind::Mapping(_)) => "mapping",
                Some(NodeKind::Sequence(_)) => "list",
            };
            format!("value {} {node}", shapes.join("|"))
        }
    });
    shown.join("\n")
}

fn shape(shape: &Shape) -> String {
    let shown = format!("{shape:?}");
    let end = shown.find(['(', ' ']).unwrap_or(shown.len());
    shown[..end].to_owned()
}

#[test]
fn keys_of_the_root() {
    assert_eq!(place("$0"), "an entity file: ·\nkey");
    assert_eq!(place("enti$0"), "an entity file: ·\nkey");
    assert_eq!(place("enti$0ty: Post\n"), "an entity file: entity\nkey");
    assert_eq!(place("entity: Post\n$0"), "an entity file: ·\nkey");
    assert_eq!(place("entity: Post\nfi$0\n"), "an entity file: fi\nkey");
    assert_eq!(place("entity: Post\n$0\nfields:\n  title: text\n"), "an entity file: ·\nkey");
}

#[test]
fn values_of_the_root() {
    assert_eq!(place("entity: Po$0st\n"), "an entity file: entity\nvalue Text|Mapping scalar");
    assert_eq!(place("entity: $0\n"), "an entity file: entity\nvalue Text|Mapping missing");
    assert_eq!(
        place("entity:\n  $0\n"),
        "an entity file: entity\nthe long form of `entity`: ·\nkey"
    );
}

#[test]
fn fields() {
    assert_eq!(
        place("entity: A\nfields:\n  title: te$0xt\n"),
        "an entity file: fields\nfields: title\nvalue FieldType|Mapping scalar"
    );
    assert_eq!(place("entity: A\nfields:\n  $0\n"), "an entity file: fields\nfields: ·\nkey");
    assert_eq!(
        place("entity: A\nfields:\n  title: text\n  $0\n"),
        "an entity file: fields\nfields: ·\nkey"
    );
    assert_eq!(
        place("entity: A\nfields:\n  title:\n    ty$0\n"),
        "an entity file: fields\nfields: title\nthe long form of a field: ·\nkey"
    );
    assert_eq!(
        place("entity: A\nfields:\n  title: {type: text, $0}\n"),
        "an entity file: fields\nfields: title\nthe long form of a field: ·\nkey"
    );
    assert_eq!(
        place("entity: A\nfields:\n  title: {type: $0, nullable: false}\n"),
        "an entity file: fields\nfields: title\nthe long form of a field: type\nvalue FieldType missing"
    );
}

const ACTION: &str = "entity: A\nactions:\n  - name: create_a\n";

#[test]
fn actions() {
    let place = |rest: &str| place(&format!("{ACTION}{rest}"));
    assert_eq!(place("    $0\n"), "an entity file: actions\nan action: ·\nkey");
    assert_eq!(place("    st$0\n"), "an entity file: actions\nan action: st\nkey");
    assert_eq!(place("  - $0\n"), "an entity file: actions\nan action: ·\nkey");
    assert_eq!(place("  $0\n"), "an entity file: actions\nvalue List nothing");
    assert_eq!(place("$0\n"), "an entity file: ·\nkey");
}

#[test]
fn lists_at_the_column_of_their_key() {
    let text = "entity: A\nactions:\n- name: create_a\n  $0\n";
    assert_eq!(place(text), "an entity file: actions\nan action: ·\nkey");
    let text = "entity: A\nactions:\n- name: create_a\n- $0\n";
    assert_eq!(place(text), "an entity file: actions\nan action: ·\nkey");
    let text = "entity: A\nactions:\n- name: create_a\n$0\n";
    assert_eq!(place(text), "an entity file: ·\nkey");
}

#[test]
fn steps() {
    let place = |rest: &str| place(&format!("{ACTION}    steps:\n{rest}"));
    let around = "an entity file: actions\nan action: steps\n";
    assert_eq!(place("      - $0\n"), format!("{around}a step: ·\nkey"));
    assert_eq!(place("      - upd$0\n"), format!("{around}a step: ·\nkey"));
    assert_eq!(
        place("      - update: Pos$0t\n"),
        format!("{around}an `update` step: update\nvalue Statement|Mapping scalar")
    );
    assert_eq!(
        place("      - update: Post\n        $0\n"),
        format!("{around}an `update` step: ·\nkey")
    );
    assert_eq!(
        place("      - update: Post\n        set:\n          $0\n"),
        format!("{around}an `update` step: set\nassignments: ·\nkey")
    );
    assert_eq!(
        place("      - if: a\n        then:\n          - insert: $0\n"),
        format!(
            "{around}an `if` step: then\nan `insert` step: insert\nvalue Statement|Mapping missing"
        )
    );
    assert_eq!(
        place("      - raw_sql: SEL$0\n"),
        format!("{around}a step of the extended dialect: raw_sql\nvalue Any scalar")
    );
}

#[test]
fn impact_blocks() {
    let place = |rest: &str| place(&format!("{ACTION}    impact:\n{rest}"));
    let around = "an entity file: actions\nan action: impact\n";
    assert_eq!(place("      $0\n"), format!("{around}an impact block: ·\nkey"));
    assert_eq!(
        place("      primary:\n        $0\n"),
        format!("{around}an impact block: primary\nthe primary entity of an impact block: ·\nkey")
    );
    assert_eq!(
        place("      primary:\n        entity: A\n      $0\n"),
        format!("{around}an impact block: ·\nkey")
    );
    assert_eq!(
        place("      primary:\n        operation: CR$0\n"),
        format!(
            "{around}an impact block: primary\nthe primary entity of an impact block: operation\nvalue Word scalar"
        )
    );
    assert_eq!(
        place("      primary:\n        fields: [ti$0]\n"),
        format!(
            "{around}an impact block: primary\nthe primary entity of an impact block: fields\nvalue Field scalar"
        )
    );
    assert_eq!(
        place("      primary:\n        fields: [title, $0]\n"),
        format!(
            "{around}an impact block: primary\nthe primary entity of an impact block: fields\nvalue Field nothing"
        )
    );
    assert_eq!(
        place("      side_effects:\n        - entity: User\n          $0\n"),
        format!("{around}an impact block: side_effects\na side effect: ·\nkey")
    );
    assert_eq!(
        place("      side_effects:\n        - $0\n"),
        format!("{around}an impact block: side_effects\na side effect: ·\nkey")
    );
    assert_eq!(
        place("      side_effects:\n        $0\n"),
        format!("{around}an impact block: side_effects\nvalue List missing")
    );
}

#[test]
fn unknown_keys_and_the_configuration() {
    assert_eq!(place("entity: A\nnonsense:\n  a: $0\n"), "an entity file: nonsense\noutside");
    assert_eq!(
        place_in(&CONFIG, "audit:\n  cascade_storage: l$0\n"),
        "the configuration: audit\nthe audit defaults: cascade_storage\nvalue Word scalar"
    );
    assert_eq!(
        place_in(&CONFIG, "rules:\n  naming:\n    $0\n"),
        "the configuration: rules\nthe rule levels: naming\na rule's level: ·\nkey"
    );
}
