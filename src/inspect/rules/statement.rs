//! SQL statements without what may be somebody's data.
//!
//! Who forgot a connection is known by the statement that is still open on it, and a statement tells its code by its shape: tables, columns, conditions. The texts
//! and numbers in it may be anybody's names and passwords. So literals become `?`, and comments go. A text in double quotes is a name in most databases
//! and a literal in MySQL: it is left out, too. Where a backslash may or may not end a literal nothing more is shown. Cost: one pass over the text.

/// Characters that are shown.
const MOST: usize = 120;

/// The statement with `?` for each text and number in it, in one line.
pub(super) fn without_literals(sql: &str) -> String {
    let mut shown = String::new();
    let mut rest = sql;
    while let Some(next) = rest.chars().next() {
        let after = &rest[next.len_utf8()..];
        let is_in_name = shown.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '?' | ':'));
        rest = match next {
            '\'' | '"' => {
                // Two of them stand for one within it, and two literals side by side are one as well.
                if !shown.ends_with('?') {
                    shown.push('?');
                }
                let end = after.find(next);
                let literal = &after[..end.unwrap_or(after.len())];
                match end.filter(|_| !literal.contains('\\')) {
                    Some(end) => &after[end + 1..],
                    None => "…",
                }
            }
            '$' if after.starts_with('$') => "…",
            '-' if after.starts_with('-') => after.find('\n').map_or("", |end| &after[end..]),
            '#' => after.find('\n').map_or("", |end| &after[end..]),
            '/' if after.starts_with('*') => after.find("*/").map_or("", |end| &after[end + 2..]),
            digit if digit.is_ascii_digit() && !is_in_name => {
                shown.push('?');
                after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '.')
            }
            space if space.is_whitespace() => {
                if !shown.is_empty() && !shown.ends_with(' ') {
                    shown.push(' ');
                }
                after.trim_start()
            }
            '…' => {
                shown.push('…');
                ""
            }
            other => {
                shown.push(other);
                after
            }
        };
    }
    let shown = shown.trim_end();
    match shown.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &shown[..end]),
        None => shown.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_literals;

    #[test]
    fn what_may_be_data_is_left_out() {
        for (sql, shown) in [
            ("SELECT txt FROM orders WHERE id = 2", "SELECT txt FROM orders WHERE id = ?"),
            ("select  a1\n from t_2 where b = ? and c = $1", "select a1 from t_2 where b = ? and c = $1"),
            ("insert into p values ('O''Hara', -1.5e3, 0x1F)", "insert into p values (?, -?, ?)"),
            ("update u set pw = \"secret\" where id=17", "update u set pw = ? where id=?"),
            ("select 1 /* for bob */ from t -- and alice", "select ? from t"),
            ("select * from t where a = 'it\\'s secret' and b = 1", "select * from t where a = ?…"),
            ("select * from t where a = 'cut of", "select * from t where a = ?…"),
            ("do $$ begin secret end $$", "do …"),
            ("select :name, x::int8", "select :name, x::int8"),
            ("", ""),
        ] {
            assert_eq!(without_literals(sql), shown, "{sql}");
        }
    }

    #[test]
    fn a_long_statement_is_cut() {
        let shown = without_literals(&"columnä, ".repeat(100));
        assert_eq!(shown.chars().count(), 121);
    }
}
