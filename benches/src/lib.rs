//! Texts that the benchmarks read: entity files of a wanted size, and shapes made to be hard.

/// A real entity file with every kind of block.
const ORDER: &str = include_str!("../../examples/shop/entities/order.yaml");

/// An entity file of at least `size` bytes: the head of a real one, and its actions again and again.
#[must_use]
pub fn entity_file(size: usize) -> String {
    let at = ORDER.find("actions:\n").map_or(0, |it| it + "actions:\n".len());
    let (head, actions) = ORDER.split_at(at);
    let mut text = String::with_capacity(size + ORDER.len());
    text.push_str(head);
    while text.len() < size {
        text.push_str(actions);
    }
    text
}

/// Shapes that are hard for a parser of layout, each of about `size` bytes.
#[must_use]
pub fn hostile_shapes(size: usize) -> Vec<(&'static str, String)> {
    let lines = |line: &str| line.repeat(size / line.len());
    vec![
        ("nested_blocks", nested_blocks(size)),
        ("brackets", lines("[")),
        ("one_line", format!("a: {}", lines("x "))),
        ("dashes", lines("-\n")),
        ("dashes_in_a_line", lines("- ")),
        ("unclosed_quotes", lines("a: \"x\n")),
        ("junk", lines("%% ?\n")),
        ("bare_words", lines("nam\n")),
        ("comments", lines("# c\n")),
        ("blank_lines", lines("\n")),
    ]
}

/// Keys below keys, 10,000 levels or as many as fit.
fn nested_blocks(size: usize) -> String {
    let mut text = String::with_capacity(size);
    for level in 0..10_000 {
        if text.len() + level + 3 > size {
            break;
        }
        text.extend(std::iter::repeat_n(' ', level));
        text.push_str("a:\n");
    }
    text
}
