//! Whether a text is JSON, as PostgreSQL reads it.

/// How deep values lie in each other before nothing is said.
const DEEPEST: usize = 64;

/// Whether a text is one value of JSON. What lies too deep is believed.
pub(super) fn reads(text: &str) -> bool {
    let mut rest = text.trim_start();
    value(&mut rest, 0) && rest.trim_start().is_empty()
}

fn value(rest: &mut &str, depth: usize) -> bool {
    *rest = rest.trim_start();
    if depth > DEEPEST {
        *rest = "";
        return true;
    }
    match rest.chars().next() {
        Some('{') => items(rest, '}', depth, |rest, depth| {
            *rest = rest.trim_start();
            string(rest) && take(rest, ':') && value(rest, depth)
        }),
        Some('[') => items(rest, ']', depth, value),
        Some('"') => string(rest),
        Some('-' | '0'..='9') => number(rest),
        _ => ["true", "false", "null"].into_iter().any(|word| {
            let behind = rest.strip_prefix(word);
            *rest = behind.unwrap_or(rest);
            behind.is_some()
        }),
    }
}

fn take(rest: &mut &str, sign: char) -> bool {
    let behind = rest.trim_start().strip_prefix(sign);
    *rest = behind.unwrap_or(rest);
    behind.is_some()
}

fn items(
    rest: &mut &str,
    end: char,
    depth: usize,
    item: impl Fn(&mut &str, usize) -> bool,
) -> bool {
    *rest = rest.get(1..).unwrap_or_default();
    if take(rest, end) {
        return true;
    }
    loop {
        if !item(rest, depth + 1) {
            return false;
        }
        if !take(rest, ',') {
            return take(rest, end);
        }
    }
}

fn string(rest: &mut &str) -> bool {
    let Some(inside) = rest.strip_prefix('"') else { return false };
    let mut is_escaped = false;
    for (at, sign) in inside.char_indices() {
        match sign {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => {
                *rest = inside.get(at + 1..).unwrap_or_default();
                return true;
            }
            '\0'..='\u{1f}' => return false,
            _ => {}
        }
    }
    false
}

fn number(rest: &mut &str) -> bool {
    let is_part = |it: char| it.is_ascii_digit() || matches!(it, '.' | 'e' | 'E' | '+' | '-');
    let end = rest.find(|it: char| !is_part(it)).unwrap_or(rest.len());
    let (text, behind) = rest.split_at(end);
    *rest = behind;
    text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn what_is_json_and_what_is_not() {
        for it in
            ["{}", " [] ", "null", "-1.5e3", r#"{"a": [1, {"b": "}\""}], "c": true}"#, "\"x\""]
        {
            assert!(reads(it), "{it}");
        }
        for it in ["", "{", "{a: 1}", "[1,]", "{\"a\" 1}", "'x'", "x", "[1] 2", "\"x", "{\"a\":}"] {
            assert!(!reads(it), "{it}");
        }
    }
}
