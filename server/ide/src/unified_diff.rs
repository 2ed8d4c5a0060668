//! The difference of two texts as a patch.

use similar::TextDiff;

/// The lines in which texts differ, with three around them; empty for equal texts. Each text comes with
/// its name.
#[must_use]
pub fn unified_diff(from: (&str, &str), to: (&str, &str)) -> String {
    if from.1 == to.1 {
        return String::new();
    }
    let diff = TextDiff::from_lines(from.1, to.1);
    diff.unified_diff().context_radius(3).header(from.0, to.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::unified_diff;

    #[test]
    fn a_patch() {
        assert_eq!(unified_diff(("a", "1\n2\n"), ("b", "1\n2\n")), "");
        let patch = unified_diff(("HEAD", "1\n2\n"), ("buffer", "1\n3\n"));
        assert_eq!(patch, "--- HEAD\n+++ buffer\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n");
    }
}
