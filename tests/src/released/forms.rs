//! Entity files of every form that the language has, and of values that fit nowhere.

use std::fmt::Write as _;

use fastrand::Rng;

/// A file for a random state: mostly well formed, with a few parts that the releases read otherwise.
#[must_use]
pub fn variants(rng: &mut Rng) -> String {
    let mut text = entity(rng);
    fields(rng, &mut text);
    actions(rng, &mut text);
    for _ in 0..rng.usize(0..3) {
        let _ = writeln!(text, "{}", pick(rng, BLOCKS));
    }
    text
}

fn pick<'t>(rng: &mut Rng, from: &[&'t str]) -> &'t str {
    rng.choice(from).copied().unwrap_or_default()
}

fn entity(rng: &mut Rng) -> String {
    let long = [
        "entity: {name: Post}\n",
        "entity: {schema: blog}\n",
        "entity:\n  name: Post\n  schema: blog\n  fields: {title: text, views: integer}\n",
        "entity:\n  name: Post\n  fields:\n",
    ];
    if rng.u8(..) < 230 {
        "entity: Post\nschema: blog\n".to_owned()
    } else {
        pick(rng, &long).to_owned()
    }
}

fn fields(rng: &mut Rng, text: &mut String) {
    if rng.u8(..) < 12 {
        let _ = writeln!(text, "fields: {}", pick(rng, VALUES));
        return;
    }
    if rng.u8(..) < 10 {
        return;
    }
    text.push_str("fields:\n  title: text!\n  views: integer\n");
    for name in ["status", "author", "unitPrice", "price", "e"] {
        if rng.bool() {
            let _ = writeln!(text, "  {name}: {}", pick(rng, TYPES));
        }
    }
    if rng.u8(..) < 12 {
        let _ = writeln!(text, "  {}: text", pick(rng, FIELD_NAMES));
    }
    if rng.u8(..) < 12 {
        let _ = writeln!(text, "  odd: {}", pick(rng, VALUES));
    }
    if rng.u8(..) < 12 {
        let _ = writeln!(text, "  long: {{type: {}, nullable: false}}", pick(rng, VALUES));
    }
}

fn actions(rng: &mut Rng, text: &mut String) {
    if rng.u8(..) < 10 {
        let _ = writeln!(text, "actions: {}", pick(rng, VALUES));
        return;
    }
    text.push_str("actions:\n");
    if rng.u8(..) < 8 {
        let _ = writeln!(text, "  - {}", pick(rng, VALUES));
    }
    for number in 0..rng.usize(1..3) {
        if rng.u8(..) < 8 {
            text.push_str("  - description: no name\n");
        } else {
            let _ = writeln!(text, "  - name: act_{number}");
        }
        if rng.u8(..) < 10 {
            let _ = writeln!(text, "    steps: {}", pick(rng, VALUES));
            continue;
        }
        text.push_str("    steps:\n");
        for _ in 0..rng.usize(1..4) {
            step(rng, text, 6, 2);
        }
    }
}

/// A step as an item of a list at an indentation.
fn step(rng: &mut Rng, text: &mut String, indent: usize, depth: usize) {
    let pad = " ".repeat(indent);
    match rng.u8(..) {
        0..=8 => {
            let _ = writeln!(text, "{pad}- {}", pick(rng, VALUES));
        }
        9..=20 => {
            let keyword = pick(rng, KEYWORDS);
            let _ = writeln!(text, "{pad}- {keyword}: {}", pick(rng, VALUES));
        }
        21..=50 if depth > 0 => {
            let _ = writeln!(text, "{pad}- if: {}", condition(rng));
            for branch in ["then", "else"] {
                match rng.u8(..) {
                    0..=12 => {
                        let _ = writeln!(text, "{pad}  {branch}: {}", pick(rng, VALUES));
                    }
                    13..=180 => {
                        let _ = writeln!(text, "{pad}  {branch}:");
                        step(rng, text, indent + 4, depth - 1);
                    }
                    _ => {}
                }
            }
        }
        51..=110 => {
            let _ = writeln!(text, "{pad}- validate: {}", condition(rng));
        }
        111..=170 => {
            let filter =
                if rng.bool() { format!(" WHERE {}", expression(rng)) } else { String::new() };
            let set = format!("{} = {}", pick(rng, NAMES), expression(rng));
            let statement = match rng.u8(0..6) {
                0 => format!("update: {}", quoted(&format!("Post set {set}{filter}"))),
                1 => format!("delete: {}", quoted(&format!("Post{filter}"))),
                2 => format!("find: {}", quoted(&format!("User{filter}"))),
                3 => format!(
                    "update: |\n{pad}    Post\n{pad}    SET {set}\n{pad}    {}",
                    filter.trim()
                ),
                _ => format!("update: {}", quoted(&format!("Post SET {set}{filter}"))),
            };
            let _ = writeln!(text, "{pad}- {statement}");
        }
        _ => {
            let _ = writeln!(
                text,
                "{pad}- {}",
                pick(rng, STATEMENTS).replace('\n', &format!("\n{pad}  "))
            );
        }
    }
}

/// A condition as a value of YAML.
fn condition(rng: &mut Rng) -> String {
    if rng.u8(..) < 12 { pick(rng, VALUES).to_owned() } else { quoted(&expression(rng)) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Words and marks of expressions, some of them in another's place.
fn expression(rng: &mut Rng) -> String {
    let mut res = String::new();
    for number in 0..rng.usize(1..4) {
        if number > 0 {
            res.push_str(pick(rng, CONNECTIVES));
        }
        // Most of it is what they know, or nothing would ever be accepted.
        res.push_str(if rng.u8(..) < 200 { pick(rng, KNOWN) } else { pick(rng, UNKNOWN) });
    }
    res
}

const KEYWORDS: &[&str] = &[
    "validate",
    "if",
    "insert",
    "update",
    "delete",
    "find",
    "call",
    "notify",
    "reject",
    "refresh_table_view",
    "upsert",
    "foreach",
    "return",
    "switch",
    "frobnicate",
];

const NAMES: &[&str] = &["title", "views", "title", "status", "unitPrice"];

const KNOWN: &[&str] = &[
    "title = 'x'",
    "views > 3",
    "NOT views = 1",
    "title IS NULL",
    "views + 1",
    "title MATCHES email_pattern",
    "(views)",
    "'it''s' = title",
    "title = \"dr'aft\"",
    "TITLE <> ''",
    "5",
    "?",
    "$ = 1",
    "input",
    "2fa = 1",
    "títle",
    "größe",
    "x9'a'title = 1",
];

const UNKNOWN: &[&str] = &[
    "now()",
    "status = 'a'",
    "author.name",
    "input.reason = 1",
    "created_at",
    "views::text",
    "title LIKE 'a'",
    "title IN ('a')",
    "views BETWEEN 1 AND 2",
    "EXISTS(Post)",
    "CASE WHEN views THEN 1 END",
    "unitPrice = 1",
    "$x",
    "v_total",
    "(SELECT 1)",
    "draft",
    "e",
    "é",
    "İx",
    "_",
    "a'b'c",
];

const CONNECTIVES: &[&str] = &[" AND ", " or ", " = ", ", ", " WHERE ", "\n", " SET "];

/// Values of every type of the loader.
const VALUES: &[&str] = &[
    "",
    "~",
    "true",
    "no",
    "5",
    "0",
    "1.5",
    "2024-01-31",
    "2024-01-31 10:00:00",
    "''",
    "word",
    "validate",
    "notify",
    "[]",
    "[a]",
    "[validate]",
    "[5]",
    "[~]",
    "{}",
    "{a: b}",
    "{validate: x}",
    "{name: x}",
    "12:30",
    "|\n",
];

const FIELD_NAMES: &[&str] = &[
    "id",
    "path",
    "pk_x",
    "fk_user",
    "5",
    "yes",
    "~",
    "2024-01-01",
    "1.5",
    "'5'",
    "Id",
    "created_at",
    "\"yes\"",
];

const TYPES: &[&str] = &[
    "text",
    "integer = 3",
    "enum(a, b) = a",
    "enum(a, b)! = a",
    "ref(User)!",
    "ref(User|Team)",
    "money = 0.00",
    "text(50)",
    "text?",
    "list(text)",
    "boolean=true",
    "{type: text}",
    "{type: email!, default: x}",
    "\"enum('a')\"",
    "{nullable: false}",
    "timestamptz",
    "mony",
];

const STATEMENTS: &[&str] = &[
    "insert: Post",
    "insert: Post(title)",
    "insert: Post SET title = 1",
    "update: Post",
    "update: Post SET title",
    "update: {entity: Post}",
    "delete: Post where title",
    "call: greet",
    "call: greet()",
    "call: greet(a = 1, 'x')",
    "call: app.greet(a = 1)",
    "call: greet (a)",
    "call: \" greet()\"",
    "call: |\n  greet(a = 1,\n  b = 2)",
    "call: greet)(",
    "call: \"grüß(a)\"",
    "notify: done",
    "notify: author(email, \"hi\")",
    "notify: author(email, hi",
    "notify: author(email,)",
    "notify: author(email, )",
    "notify: \"author(email,\\n hi)\"",
    "notify: author(, hi)",
    "notify: author (email, \"a, b)\") x",
    "notify: done\nto: author",
    "reject: no",
    "reject:",
    "refresh_table_view: self",
    "refresh_table_view: {}",
    "refresh_table_view: {scope: related}",
    "refresh_table_view: {scope: all}",
    "refresh_table_view: {scope: batch, propagate: Post}",
    "refresh_table_view: {scope: batch, propagate: [Post], strategy: later}",
    "refresh_table_view: {scope: ~}",
    "foreach: x in y\ndo: []",
    "return: done",
    "validate: title\nupdate: Post",
    "find: User WHERE title = 1\nas: u",
    "frobnicate: 1",
    "upsert: Post\nconflict_target: [title]",
];

const BLOCKS: &[&str] = &[
    "agents:",
    "agents: [{name: a}]",
    "agents: [{type: b}]",
    "agents: [x]",
    "organization: {table_code: '012345'}",
    "organization: {}",
    "organization:",
    "organization: x",
    "identifier: {strategy: simple}",
    "identifier: x",
    "identifier: {components: [title, {field: x}]}",
    "identifier: {components: [{transform: x}]}",
    "identifier: {components: [5]}",
    "identifier: {components: ~}",
    "table_views: [a]",
    "table_views: {mode: force}",
    "table_views: {mode: always}",
    "table_views: {refresh: auto}",
    "table_views: ~",
    "table_views: {mode: ~}",
    "table_views: {include_relations: [{author: {fields: [name]}}]}",
    "table_views: {include_relations: [author]}",
    "table_views: {include_relations: [{author: {}}]}",
    "table_views: {include_relations: [{author: {fields: name}}]}",
    "table_views: {include_relations: [{author: {fields: []}}]}",
    "table_views: {include_relations: [{a: [x]}]}",
    "table_views: {include_relations: [{author: {fields: [5]}}]}",
    "table_views: {include_relations: [{a: ~}]}",
    "table_views: {include_relations: [{author: {fields: [a], include_relations: [{b: {}}]}}]}",
    "table_views: {extra_filter_columns: [a, {b: {type: text}}]}",
    "table_views: {extra_filter_columns: [{a: b}]}",
    "table_views: {extra_filter_columns: [{name: a, type: b}]}",
    "table_views: {extra_filter_columns: [5]}",
    "table_views: {include_relations: [{author: fields}]}",
    "table_views: {include_relations: [{author: [fields]}]}",
    "translations: {enabled: true}",
    "patterns: [{params: {}}]",
    "impact: {}",
    "description:",
];
