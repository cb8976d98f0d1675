//! Which report has an item of an id: `item_ids` in `grown.sql`.

use rusqlite::{Connection, params};

/// The tables that hold items of reports.
pub(crate) const TABLES: [&str; 7] = ["actor", "place", "statement", "event", "figure", "commitment", "change"];

/// An id as a word of the index: itself where it is one, otherwise its bytes written out.
pub(crate) fn token(id: &str) -> String {
    match !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        true => id.to_string(),
        false => id.bytes().fold("x".to_string(), |token, byte| format!("{token}{byte:02x}")),
    }
}

/// Takes the ids of a report's items into the index.
pub(crate) fn take(connection: &Connection, report: i64) -> rusqlite::Result<()> {
    let each = TABLES.map(|table| format!("SELECT id FROM {table} WHERE report = ?1")).join(" UNION ALL ");
    let mut find = connection.prepare_cached(&each)?;
    let mut ids = String::new();
    for id in find.query_map([report], |row| row.get::<_, String>(0))? {
        ids.push_str(&token(&id?));
        ids.push(' ');
    }
    connection.prepare_cached("INSERT INTO item_ids (rowid, ids) VALUES (?1, ?2)")?.execute(params![report, ids])?;
    Ok(())
}

/// Takes them out of it.
pub(crate) fn forget(connection: &Connection, report: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM item_ids WHERE rowid = ?1")?.execute([report]).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::token;

    #[test]
    fn any_id_is_one_word() {
        assert_eq!(token("a0f3"), "a0f3");
        assert_eq!(token("T-1"), "x542d31");
        assert_eq!(token("é"), "xc3a9");
        assert_eq!(token(""), "x");
        assert_ne!(token("A1"), token("a1"));
    }
}
