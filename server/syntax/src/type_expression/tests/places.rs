//! A type means the same in every style of YAML, each of its names has its place in the file, and what
//! is typed of it stays.

use smallvec::smallvec;

use super::{super::*, field_text};
use crate::{
    Name,
    embedded::{STYLES, blanks, embedded, meant},
    yaml::{Resolved, ScalarStyle, Segment},
};

/// Every form that `design/2-language.md` and the released dialects name.
const TYPES: &[&str] = &[
    "text",
    "integer!",
    "phoneNumber",
    "SimpleAddress!",
    "timestamptz",
    "jsonb?",
    "text?",
    "größe",
    "text(50)",
    "decimal(10,2)",
    "decimal(10, 2)!",
    "integer(1, 10)?",
    "decimal!(10,2)",
    "enum(draft, published)",
    "enum(draft, in progress, à_faire)!",
    "enum[lead, won]",
    "enum('it''s', \"b c\")",
    "enum(a, b) = a",
    "enum(a, b) = a!",
    "enum(a, b)! = a",
    "enum(a,b)=b",
    "boolean = true",
    "text = 'it''s'",
    "text! = \"two words\"",
    "text = two words !",
    "money = 0.00",
    "json = {\"a\": [1, 2]}",
    "datetime = now()",
    "list(text)",
    "list(ref(blog.Tag)!)!",
    "list(enum(a, b))",
    "text[]",
    "ref(Author)[]!",
    "ref(Author)",
    "ref(blog.Author)!",
    "ref(Beiträge)?",
    "ref(Post|blog.Comment)",
    "ref( Post | Comment )!",
];

type Read = (FieldExpression, Vec<LineProblem>);

/// A line that is a whole file, so that its offsets are those of the file.
fn read(line: &str) -> Read {
    let len = TextRange::from(0..line.len()).len();
    parse_field(&Scalar {
        text: line.into(),
        style: ScalarStyle::Plain,
        unclosed: false,
        resolved: Resolved::Str,
        segments: smallvec![Segment { text_start: 0, file_start: 0, len, file_len: len }],
    })
}

/// Names and values, with quotes where they are written in some.
fn pieces(field: &FieldExpression) -> Vec<Name> {
    let mut all = Vec::new();
    of_type(field.ty.as_ref(), &mut all);
    all.extend(field.default.clone());
    all
}

fn of_type(ty: Option<&TypeExpression>, all: &mut Vec<Name>) {
    match ty.map(|it| &it.kind) {
        Some(TypeKind::Named { name, parameters }) => {
            all.push(name.clone());
            all.extend(parameters.iter().cloned());
        }
        Some(TypeKind::Enum(values)) => all.extend(values.iter().cloned()),
        Some(TypeKind::List(item)) => of_type(Some(item), all),
        Some(TypeKind::Ref(targets)) => {
            all.extend(targets.iter().flat_map(|it| it.schema.iter().chain([&it.name])).cloned());
        }
        Some(TypeKind::Missing) | None => {}
    }
}

#[test]
fn every_type_is_the_same_in_every_style() {
    let mut out = String::new();
    let mut read_in = [0; STYLES.len()];
    for line in TYPES {
        let (alone, problems) = read(line);
        assert_eq!(problems, [], "{line}");
        out += &format!("{line}\n    {}\n", field_text(&alone));
        for (count, style) in read_in.iter_mut().zip(STYLES) {
            for crlf in [false, true] {
                let Some((text, scalar)) = embedded(style, line, crlf) else { continue };
                *count += 1;
                let (field, problems) = parse_field(&scalar);
                assert_eq!(problems, [], "{style:?}: {text}");
                // Lines that were joined have a blank for every break, also in a default.
                assert_eq!(field_text(&field), field_text(&alone), "{style:?}: {text}");
                for name in pieces(&field) {
                    let written = crate::quoted::unquoted(&meant(style, &text, name.range));
                    let written =
                        if written.is_empty() { meant(style, &text, name.range) } else { written };
                    assert_eq!(written, blanks(&name.text), "{style:?}: {text}");
                }
            }
        }
    }
    for (count, style) in read_in.iter().zip(STYLES) {
        assert!(*count > 15, "{style:?}: {count} of {}", TYPES.len() * 2);
    }
    insta::assert_snapshot!(out);
}

/// The name of a type once it is followed by something; a value, a parameter or an entity once its comma
/// or bracket is; the `!`; the start of a default.
#[test]
fn what_is_typed_stays() {
    let mut broken = Vec::new();
    for line in TYPES {
        let (whole, _) = read(line);
        for (cut, _) in line.char_indices() {
            let typed = &line[..cut];
            let tree = crate::line::parse(crate::line::Language::Type, typed);
            assert!(!tree.root_node().has_error(), "{typed}");
            let (half, problems) = read(typed);
            assert!(
                problems.iter().all(|it| it.range.end() as usize <= cut),
                "{typed}: {problems:?}"
            );
            if field_text(&half).contains('∅') {
                assert_ne!(problems, [], "{typed}");
            }
            let kept = pieces(&half);
            let whole_pieces = pieces(&whole);
            let lost = whole_pieces
                .iter()
                .find(|it| (it.range.end() as usize) < cut && !kept.contains(it));
            // A default goes on until its line ends.
            let lost = lost.filter(|it| Some(*it) != whole.default.as_ref());
            if let Some(it) = lost {
                broken.push(format!("{typed:?} of {line:?}: {it:?} is lost"));
            }
            let required = whole.required.filter(|it| it.end() as usize <= cut);
            if required.is_some() && half.required != required {
                broken.push(format!("{typed:?} of {line:?} is no longer required"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
