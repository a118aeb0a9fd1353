//! Flow collections: `[..]` and `{..}`, which may go over several lines.

use super::cursor::{KEY, Scan, Scanner, Stop};

impl Scanner<'_, '_> {
    /// Reads the flow collection that begins here and stops behind it.
    pub(super) fn flow(&mut self) -> Scan<()> {
        let map = self.byte(self.at) == Some(b'{');
        let close = if map { b'}' } else { b']' };
        let index = self.open(map, self.at)?;
        self.at += 1;
        loop {
            if self.flow_next()? == close {
                break;
            }
            if map {
                self.flow_key()?;
                let next = self.flow_next()?;
                if next == b',' || next == close {
                    self.push_empty(self.at);
                } else {
                    self.flow_value()?;
                }
            } else {
                self.flow_value()?;
            }
            match self.flow_next()? {
                b',' => self.at += 1,
                next if next == close => break,
                _ => return Err(Stop::NotMine),
            }
        }
        self.at += 1;
        self.close(index);
        Ok(())
    }

    fn flow_value(&mut self) -> Scan<()> {
        let token = match self.byte(self.at) {
            Some(b'[' | b'{') => return self.flow(),
            Some(quote @ (b'\'' | b'"')) => self.quoted(quote)?,
            _ => self.flow_plain()?.0,
        };
        self.push(token);
        Ok(())
    }

    /// Reads a key and the `:` behind it.
    fn flow_key(&mut self) -> Scan<()> {
        let (token, colon) = match self.byte(self.at) {
            Some(quote @ (b'\'' | b'"')) => {
                let token = self.quoted(quote)?;
                self.at = self.skip_spaces(self.at);
                (token, self.byte(self.at) == Some(b':'))
            }
            _ => self.flow_plain()?,
        };
        if !colon || !token.one_line || self.at - token.from > KEY {
            return Err(Stop::NotMine);
        }
        self.push(token);
        self.at += 1;
        Ok(())
    }

    /// Goes to the next token inside a flow collection, and gives its first byte.
    fn flow_next(&mut self) -> Scan<u8> {
        loop {
            let first = self.skip_spaces(self.at);
            self.seen(self.at, first);
            let end = match self.byte(first) {
                None | Some(b'\t') => return Err(Stop::NotMine),
                // Without a blank before it libyaml takes it for a comment too, which others do not.
                Some(b'#') if first == self.at && !self.at_line_start() => return Err(Stop::NotMine),
                Some(b'#') => self.line_end(first),
                Some(b'\n' | b'\r') => first,
                Some(b'-' | b'.') if first == self.at && self.at_line_start() && self.is_any_marker(first) => {
                    return Err(Stop::NotMine);
                }
                Some(byte) => {
                    self.at = first;
                    return Ok(byte);
                }
            };
            self.at = self.behind_break(end).ok_or(Stop::NotMine)?;
        }
    }

    fn at_line_start(&self) -> bool {
        self.at == 0 || matches!(self.bytes[self.at - 1], b'\n' | b'\r')
    }
}
