//! Block collections: what is where is said by indentation.

use super::cursor::{END, KEY, Scan, Scanner, Stop, Token};

impl Scanner<'_, '_> {
    /// Reads the node that begins here and goes to the token behind it. `indent` is the column of the block collection
    /// around it. `fresh`: a block collection may begin here, because no key stands before this place on its line.
    pub(super) fn node(&mut self, indent: i32, fresh: bool) -> Scan<()> {
        let from = self.at;
        let token = match self.byte(from) {
            Some(b'[' | b'{') => {
                self.flow()?;
                return self.end_line();
            }
            Some(b'|' | b'>') => {
                let token = self.literal(indent)?;
                self.push(token);
                return Ok(());
            }
            Some(b'-') if self.blank_or_end(from + 1) => {
                if !fresh {
                    return Err(Stop::NotMine);
                }
                return self.list(self.column, false);
            }
            Some(quote @ (b'\'' | b'"')) => {
                let token = self.quoted(quote)?;
                let next = self.skip_spaces(self.at);
                if self.byte(next) != Some(b':') {
                    self.push(token);
                    return self.end_line();
                }
                self.at = next;
                token
            }
            _ => {
                let (token, key) = self.plain(indent)?;
                if !key {
                    self.push(token);
                    return Ok(());
                }
                token
            }
        };
        if !fresh || !self.is_key(token) {
            return Err(Stop::NotMine);
        }
        self.map(self.column, token)
    }

    /// Whether a scalar before the `:` here may be a key of a block map.
    #[inline]
    fn is_key(&self, token: Token) -> bool {
        token.one_line && self.at - token.from <= KEY && self.blank_or_end(self.at + 1)
    }

    /// Reads the key that begins here, up to its `:`.
    fn key(&mut self, column: i32) -> Scan<Token> {
        let (token, colon) = match self.byte(self.at) {
            Some(quote @ (b'\'' | b'"')) => {
                let token = self.quoted(quote)?;
                self.at = self.skip_spaces(self.at);
                (token, self.byte(self.at) == Some(b':'))
            }
            // A scalar that ended with its line may have another line's `:` behind it.
            _ => self.plain(column)?,
        };
        if colon && self.is_key(token) { Ok(token) } else { Err(Stop::NotMine) }
    }

    /// Reads a map whose keys stand in this column, from the `:` behind its first key on.
    fn map(&mut self, column: i32, first: Token) -> Scan<()> {
        let index = self.open(true, first.from)?;
        let mut key = first;
        loop {
            self.push(key);
            self.value(column)?;
            if self.column != column {
                break;
            }
            key = self.key(column)?;
        }
        if self.column > column {
            return Err(Stop::NotMine);
        }
        self.close(index);
        Ok(())
    }

    /// Reads the value behind the `:` here.
    fn value(&mut self, column: i32) -> Scan<()> {
        let behind = self.at + 1;
        let first = self.skip_spaces(behind);
        self.at = first;
        match self.byte(first) {
            None | Some(b'\n' | b'\r' | b'#') => {
                self.at = behind;
                self.end_line()?;
                if self.column > column {
                    self.node(column, true)
                } else if self.column == column && column != END && self.is_item() {
                    // A list may stand in the column of the key it belongs to.
                    self.list(column, true)
                } else {
                    self.push_empty(behind);
                    Ok(())
                }
            }
            Some(_) => self.node(column, false),
        }
    }

    #[inline]
    fn is_item(&self) -> bool {
        self.byte(self.at) == Some(b'-') && self.blank_or_end(self.at + 1)
    }

    /// Reads a list whose dashes stand in this column, from its first dash on. `shared`: keys of the map around it stand
    /// in the same column.
    fn list(&mut self, column: i32, shared: bool) -> Scan<()> {
        let index = self.open(false, self.at)?;
        loop {
            let behind = self.at + 1;
            let first = self.skip_spaces(behind);
            self.at = first;
            match self.byte(first) {
                None | Some(b'\n' | b'\r' | b'#') => {
                    self.at = behind;
                    self.end_line()?;
                    if self.column > column {
                        self.node(column, true)?;
                    } else {
                        self.push_empty(behind);
                    }
                }
                Some(_) => {
                    let inside = i32::try_from(first - behind + 1).map_err(|_| Stop::NotMine)?;
                    self.column = column.checked_add(inside).ok_or(Stop::NotMine)?;
                    self.node(column, true)?;
                }
            }
            if self.column != column || !self.is_item() {
                break;
            }
        }
        if self.column > column || (self.column == column && !shared) {
            return Err(Stop::NotMine);
        }
        self.close(index);
        Ok(())
    }
}
