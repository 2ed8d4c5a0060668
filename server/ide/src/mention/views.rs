//! Names in `table_views`: relations, the fields of their rows, and further columns with their sources.

use specql_model::{
    Entity, Name, segments,
    views::{Related, TableViews, ViewRelation},
};

use super::{Mentions, Subject};

pub(super) fn views<'a>(of: &'a Entity, block: &'a TableViews, acc: &mut Mentions<'a>) {
    relations(of, &block.relations, acc);
    for column in &block.columns {
        match &column.source {
            Some(source) => self::source(of, &segments(source), acc),
            None => acc.field(Some(of.id), &column.name),
        }
    }
}

/// `author.name`, or a field alone.
fn source<'a>(of: &'a Entity, path: &[Name], acc: &mut Mentions<'a>) {
    match path {
        [] => {}
        [field] => acc.field(Some(of.id), field),
        [relation, rest @ ..] => {
            let row = acc.workspace.related(of, &relation.text);
            let target = row.entity();
            acc.related(of, relation, row);
            if let Some(target) = target {
                acc.steps(rest, acc.workspace.find_path(target, rest).steps);
            }
        }
    }
}

fn relations<'a>(of: &'a Entity, all: &'a [ViewRelation], acc: &mut Mentions<'a>) {
    for it in all {
        let row = acc.workspace.related(of, &it.name.text);
        let target = row.entity().and_then(|it| acc.workspace.entity(it));
        acc.related(of, &it.name, row);
        let Some(target) = target else { continue };
        it.fields.iter().for_each(|name| acc.field(Some(target.id), name));
        relations(target, &it.relations, acc);
    }
}

impl<'a> Mentions<'a> {
    fn related(&mut self, of: &'a Entity, name: &Name, it: Related<'a>) {
        let subject = match it {
            Related::Field(field, _) => Subject::Field(of.id, field),
            Related::Entity(id) => Subject::Entity(id),
            Related::Ambiguous(ids) => Subject::Ambiguous(ids),
            Related::Unknown => return,
        };
        self.push(name.range, subject);
    }
}
