//! Names of files that are names of the framework too.

use serde_json::json;
use specql_tests::postgres::{Database, Outcome, workspace};

/// Fields that are variables, parameters and columns of what is generated.
const FIELDS: &str = "{input: text, status: text, v_user_id: integer, work: integer, ctx: text, id_: text, touched: text, meta: text, op: text, key: text, view: text, item: text, value: text}";

fn entity(name: &str) -> String {
    format!(
        "entity: {name}\nschema: odd\nfields: {FIELDS}\nactions:\n  - name: make_{}\n    steps:\n      - validate: input IS NOT NULL AND status <> 'x'\n      - insert: {name}\n      - foreach: result in {name} WHERE status = 's'\n        do:\n          - update: {name} SET status = result.status || 'n' WHERE id = result.id\n      - update: {name} SET v_user_id = v_user_id + 1, meta = input\n    impact: {{primary: {{entity: {name}, operation: CREATE}}}}\n    cdc: true\n",
        name.to_lowercase()
    )
}

#[test]
fn no_name_of_a_file_meets_one_of_the_framework() {
    let names = [
        "Table", "Result", "Cascade", "Ids", "Meta", "Field", "Code", "Column", "TenantId",
        "Image", "Touch", "Context", "Work",
    ];
    let texts: Vec<(String, String)> =
        names.iter().map(|it| (format!("{it}.yaml"), entity(it))).collect();
    let texts: Vec<(&str, &str)> = texts.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let database = Database::of(&workspace(&texts));
    let mut client = database.connect();
    for name in names {
        let function = format!("odd.fn_make_{}", name.to_lowercase());
        let input = json!({"input": "i", "status": "s", "vUserId": 7, "work": 3, "ctx": "c"});
        let outcome = Outcome::of(&mut client, &function, &input).success();
        assert_eq!(outcome.text("/object_data/status"), "sn", "{name}");
        assert_eq!(outcome.at("/object_data/vUserId"), &json!(8), "{name}");
        assert_eq!(outcome.text("/object_data/meta"), "i", "{name}");
    }
}

#[test]
fn named_notation_keeps_working() {
    let database = Database::of(&workspace(&[("table.yaml", &entity("Table"))]));
    let status: String = database
        .connect()
        .query_one("SELECT (odd.fn_make_table(input => '[]')).status", &[])
        .unwrap()
        .get(0);
    assert_eq!(status, "failed:validation");
}
