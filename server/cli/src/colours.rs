//! Whether output has colours: `--color`, then what the environment says, then where it goes to.

use std::{env, ffi::OsString};

use anstream::ColorChoice;
use clap::ColorChoice as When;
use clap::ValueEnum;

/// Settles it for the whole run. `anstream` itself knows `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and
/// `TERM=dumb`; `FORCE_COLOR` is what CI services set.
pub(crate) fn choose(asked: When) {
    let variable = |name| env::var(name).ok().filter(|it: &String| !it.is_empty());
    let choice = choice(asked, variable("NO_COLOR"), variable("FORCE_COLOR"));
    choice.write_global();
}

fn choice(asked: When, no_color: Option<String>, force_color: Option<String>) -> ColorChoice {
    match (asked, no_color, force_color.as_deref()) {
        (When::Always, ..) => ColorChoice::AlwaysAnsi,
        (When::Never, ..) | (When::Auto, Some(_), _) => ColorChoice::Never,
        (When::Auto, None, Some("0" | "false")) => ColorChoice::Never,
        (When::Auto, None, Some(_)) => ColorChoice::AlwaysAnsi,
        (When::Auto, None, None) => ColorChoice::Auto,
    }
}

/// The last `--color`; whether its value is one, the parser says.
pub(crate) fn asked(words: &[OsString]) -> When {
    let words = words.iter().map(|it| it.to_string_lossy());
    let words: Vec<_> = words.take_while(|it| it != "--").collect();
    let value = |(at, it): (usize, &std::borrow::Cow<'_, str>)| {
        let behind = it.strip_prefix("--color=").map(str::to_owned);
        behind.or_else(|| words.get(at + 1).filter(|_| it == "--color").map(ToString::to_string))
    };
    let last = words.iter().enumerate().filter_map(value).next_back();
    last.and_then(|it| When::from_str(&it, false).ok()).unwrap_or(When::Auto)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str], variables: [&str; 2]) -> ColorChoice {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let [no, force] = variables.map(|it| Some(it.to_owned()).filter(|it| !it.is_empty()));
        choice(asked(&words), no, force)
    }

    #[test]
    fn the_option_wins_over_the_environment() {
        use ColorChoice::{AlwaysAnsi, Auto, Never};
        assert_eq!(of(&["check"], ["", ""]), Auto);
        assert_eq!(of(&["check"], ["1", "1"]), Never);
        assert_eq!(of(&["check"], ["", "1"]), AlwaysAnsi);
        assert_eq!(of(&["check"], ["", "0"]), Never);
        assert_eq!(of(&["check", "--color", "always"], ["1", ""]), AlwaysAnsi);
        assert_eq!(of(&["--color=never", "check"], ["", "1"]), Never);
        assert_eq!(of(&["--color=never", "check", "--color", "auto"], ["", ""]), Auto);
        assert_eq!(of(&["check", "--", "--color=never"], ["", ""]), Auto);
    }
}
