//! An entity's name within a longer text: `PostCreated`, `createdPosts`, `blog.post`.

use std::ops::Range;

use specql_model::{
    NameKind, Workspace,
    entity::graphql_name,
    names::{plural, snake_case},
};

/// The old and the new name of an entity, in one number.
struct Form {
    is_plural: bool,
    /// The words of the old name without anything between them, in small letters.
    old: String,
    /// The old name as it is declared, in this number.
    old_name: String,
    new_name: String,
    new_snake: String,
}

/// A text with the new name in the spelling that the old one has there, wherever that stands as words of its
/// own; absent where it does not. A longer name of another entity is that one.
pub(super) fn respelled(workspace: &Workspace, text: &str, old: &str, new: &str) -> Option<String> {
    let forms = forms(old, new);
    let words = words(text);
    let joined = |range: Range<usize>| -> Option<String> {
        let words = words.get(range)?;
        // A schema before a dot is no part of a name.
        let written = text.get(words.first()?.start..words.last()?.end)?;
        let is_one = !written.contains(|it: char| !it.is_alphanumeric() && it != '_' && it != '-');
        let words = words.iter().filter_map(|it| text.get(it.clone()));
        is_one.then(|| words.collect::<String>().to_lowercase())
    };
    let is_of_another = |from: usize, to: usize| {
        let starts = (0..from).rev().map(|it| it..to);
        let ends = (to + 1..=words.len()).map(|it| from..it);
        starts.chain(ends).filter_map(&joined).any(|it| is_entity(workspace, &it))
    };
    let (mut res, mut done, mut at) = (String::new(), 0, 0);
    while at < words.len() {
        let found = (at + 1..=words.len()).find_map(|to| {
            let word = joined(at..to)?;
            Some((to, forms.iter().find(|it| it.old == word)?))
        });
        let is_free = |it: &(usize, &Form)| !is_of_another(at, it.0) && !it.1.is_taken(workspace);
        let Some((to, form)) = found.filter(is_free) else {
            at += 1;
            continue;
        };
        let (start, end) = (words.get(at)?.start, words.get(to - 1)?.end);
        res.push_str(text.get(done..start)?);
        res.push_str(&styled(text.get(start..end)?, to - at, text, form));
        (done, at) = (end, to);
    }
    if done == 0 {
        return None;
    }
    res.push_str(text.get(done..)?);
    Some(res)
}

impl Form {
    /// Whether the plural is the name of another entity.
    fn is_taken(&self, workspace: &Workspace) -> bool {
        self.is_plural && is_entity(workspace, &self.old)
    }
}

fn forms(old: &str, new: &str) -> [Form; 2] {
    let form = |is_plural: bool| {
        let number = |name: &str| if is_plural { plural(name) } else { name.to_owned() };
        let snake = number(&snake_case(new));
        let is_plain = !new.contains('_') && new.starts_with(char::is_uppercase);
        Form {
            is_plural,
            old: number(&snake_case(old)).replace('_', ""),
            old_name: number(old),
            new_name: if is_plain { number(new) } else { pascal(&snake) },
            new_snake: snake,
        }
    };
    [form(false), form(true)]
}

/// Whether letters are the name of an entity.
fn is_entity(workspace: &Workspace, letters: &str) -> bool {
    let all = workspace.name_list(NameKind::Entity);
    all.beginning_with(letters).first().is_some_and(|it| it.lower == letters)
}

/// The new name as the old one, of so many words, is spelled in a text.
fn styled(written: &str, words: usize, text: &str, form: &Form) -> String {
    let has = |it: fn(char) -> bool| written.contains(it);
    let separator = if has(|it| it == '-') { '-' } else { '_' };
    let snake = form.new_snake.replace('_', &separator.to_string());
    if written == form.old_name {
        form.new_name.clone()
    } else if !has(char::is_lowercase) {
        snake.to_uppercase()
    } else if written.starts_with(char::is_uppercase) {
        form.new_name.clone()
    } else if has(|it| it == '_' || it == '-') {
        snake
    } else if has(char::is_uppercase) {
        graphql_name(&form.new_snake)
    } else if words == 1 && form.old.len() == written.len() && is_joined(form) {
        form.new_snake.replace('_', "")
    } else if text.contains(['.', '_', '-']) && !text.contains(char::is_uppercase) {
        form.new_snake.replace('_', if text.contains('-') { "-" } else { "_" })
    } else {
        graphql_name(&form.new_snake)
    }
}

/// Whether the old name has several words, so that one word of small letters has them joined.
fn is_joined(form: &Form) -> bool {
    snake_case(&form.old_name).contains('_')
}

/// `blog_post` becomes `BlogPost`.
fn pascal(snake: &str) -> String {
    let capitalised = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        first.chain(letters).collect::<String>()
    };
    snake.split('_').map(capitalised).collect()
}

/// The words of a text, as names are parted: at signs, before a capital behind a small letter, and before the
/// last of several capitals that a small letter follows.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut res: Vec<Range<usize>> = Vec::new();
    let mut before: Option<char> = None;
    let mut is_small = false;
    let mut letters = text.char_indices().peekable();
    while let Some((at, it)) = letters.next() {
        let end = at + it.len_utf8();
        let next_is_small = letters.peek().is_some_and(|it| it.1.is_lowercase());
        let begins = it.is_uppercase()
            && (is_small || before.is_some_and(char::is_uppercase) && next_is_small);
        match res.last_mut() {
            _ if !it.is_alphanumeric() => {}
            Some(word) if word.end == at && !begins => word.end = end,
            _ => {
                res.push(at..end);
                is_small = false;
            }
        }
        if it.is_alphabetic() {
            is_small = it.is_lowercase();
        }
        before = Some(it);
    }
    res
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AnalysisHost;

    #[test]
    fn the_spelling_of_a_place_stays() {
        let mut host = AnalysisHost::new();
        for name in ["Post", "BlogPost", "PostIt", "URL", "Category"] {
            host.set_file(&format!("{name}.yaml"), format!("entity: {name}\n"));
        }
        let analysis = host.analysis();
        for (text, old, new, expected) in [
            ("PostCreated", "Post", "Article", "ArticleCreated"),
            ("createdPosts", "Post", "Article", "createdArticles"),
            ("posts", "Post", "NewsItem", "newsItems"),
            ("blog.post", "Post", "NewsItem", "blog.news_item"),
            ("BLOG_POST_SEEN", "BlogPost", "Note", "NOTE_SEEN"),
            ("recentPostSeen", "Post", "NewsItem", "recentNewsItemSeen"),
            ("post_created", "Post", "NewsItem", "news_item_created"),
            ("blog.blogpost.v1", "BlogPost", "NewsItem", "blog.newsitem.v1"),
            ("blog-posts", "Post", "NewsItem", "blog-news-items"),
            ("URLMoved", "URL", "Link", "LinkMoved"),
            ("PostPosted", "Post", "Note", "NotePosted"),
            ("changedCategories", "Category", "Shelf", "changedShelfs"),
            ("BlogPostCreated", "BlogPost", "HTTPRoute", "HTTPRouteCreated"),
            ("PostCreated", "Post", "news_item", "NewsItemCreated"),
        ] {
            let found = respelled(analysis.workspace(), text, old, new);
            assert_eq!(found.as_deref(), Some(expected), "{text}");
        }
        for (text, old) in
            [("BlogPostCreated", "Post"), ("PostItTaken", "Post"), ("Postal", "Post")]
        {
            assert_eq!(respelled(analysis.workspace(), text, old, "Note"), None, "{text}");
        }
    }

    #[test]
    fn words_end_as_in_names() {
        let found =
            |text: &str| words(text).into_iter().map(|it| text[it].to_owned()).collect::<Vec<_>>();
        assert_eq!(found("HTTPServerSeen2Ago"), ["HTTP", "Server", "Seen2", "Ago"]);
        assert_eq!(found("blog.tb_post-x"), ["blog", "tb", "post", "x"]);
        assert_eq!(found("éÉa"), ["é", "Éa"]);
        assert_eq!(found(""), Vec::<String>::new());
    }
}
