//! Lists of builds.

use crate::error::DbError;
use crate::rows::{SUMMARY_COLUMNS, column, number, ordered, summary};
use mbs_core::store::{BuildQuery, BuildSummary, Page};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

pub(super) fn find(tx: &Connection, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), DbError> {
    let (condition, mut values) = condition(query);
    let total: i64 = tx
        .prepare_cached(&format!("SELECT count(*) FROM builds WHERE {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    values.extend([Value::Integer(column(page.limit)), Value::Integer(column(page.offset))]);
    let mut statement = tx.prepare_cached(&format!(
        "SELECT {SUMMARY_COLUMNS} FROM builds WHERE {condition} ORDER BY id DESC LIMIT ? OFFSET ?"
    ))?;
    let mut found = statement.query(params_from_iter(values))?;
    let mut summaries = Vec::new();
    while let Some(row) = found.next()? {
        summaries.push(summary(row)?);
    }
    Ok((summaries, number(total)))
}

/// The condition with its values; every text from outside is a value.
fn condition(query: &BuildQuery) -> (String, Vec<Value>) {
    let mut terms = vec!["1".to_owned()];
    let mut values = Vec::new();
    let texts = [
        ("name", query.name.as_ref().map(AsRef::<str>::as_ref)),
        ("stream", query.stream.as_ref().map(AsRef::<str>::as_ref)),
        ("context", query.context.as_ref().map(AsRef::<str>::as_ref)),
        ("owner", query.owner.as_ref().map(AsRef::<str>::as_ref)),
    ];
    for (column, text) in texts {
        if let Some(text) = text {
            terms.push(format!("{column} = ?"));
            values.push(Value::Text(text.to_owned()));
        }
    }
    if let Some(version) = query.version {
        terms.push("version = ?".to_owned());
        values.push(Value::Integer(ordered(version.0)));
    }
    if let Some(scratch) = query.scratch {
        terms.push("scratch = ?".to_owned());
        values.push(Value::Integer(scratch.into()));
    }
    if !query.states.is_empty() {
        let marks = vec!["?"; query.states.len()].join(", ");
        terms.push(format!("state IN ({marks})"));
        values.extend(query.states.iter().map(|state| Value::Integer(state.number().into())));
    }
    (terms.join(" AND "), values)
}
