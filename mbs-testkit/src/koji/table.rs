//! Rows that know from which event to which they count.

use std::collections::BTreeMap;
use std::ops::RangeBounds;

/// One value with the events that begin and end it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row<V> {
    pub(super) value: V,
    pub(super) create: i64,
    revoke: Option<i64>,
}

impl<V> Row<V> {
    /// Does it count at this event (none: now)?
    fn is_active(&self, at: Option<i64>) -> bool {
        match at {
            None => self.revoke.is_none(),
            Some(event) => self.create <= event && self.revoke.is_none_or(|revoke| revoke > event),
        }
    }
}

/// Values by key, each with its history.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Versioned<K, V> {
    rows: BTreeMap<K, Vec<Row<V>>>,
}

impl<K, V> Default for Versioned<K, V> {
    fn default() -> Self {
        Self { rows: BTreeMap::new() }
    }
}

impl<K: Ord, V> Versioned<K, V> {
    /// The row that counts at an event.
    pub(super) fn row(&self, key: &K, at: Option<i64>) -> Option<&Row<V>> {
        self.rows.get(key)?.iter().rev().find(|row| row.is_active(at))
    }

    /// The value that counts at an event.
    pub(super) fn get(&self, key: &K, at: Option<i64>) -> Option<&V> {
        self.row(key, at).map(|row| &row.value)
    }

    /// Puts a value in place of the one that counts now.
    pub(super) fn set(&mut self, key: K, value: V, event: i64) {
        let rows = self.rows.entry(key).or_default();
        if let Some(row) = rows.last_mut().filter(|row| row.revoke.is_none()) {
            row.revoke = Some(event);
        }
        rows.push(Row { value, create: event, revoke: None });
    }

    /// Ends the value that counts now; tells whether there was one.
    pub(super) fn revoke(&mut self, key: &K, event: i64) -> bool {
        let row = self.rows.get_mut(key).and_then(|rows| rows.last_mut()).filter(|row| row.revoke.is_none());
        row.map(|row| row.revoke = Some(event)).is_some()
    }

    /// Ends the values that count now.
    pub(super) fn revoke_all(&mut self, keys: &[K], event: i64) {
        for key in keys {
            self.revoke(key, event);
        }
    }

    /// What counts at an event, by key.
    pub(super) fn range(&self, range: impl RangeBounds<K>, at: Option<i64>) -> impl Iterator<Item = (&K, &Row<V>)> {
        self.rows
            .range(range)
            .filter_map(move |(key, rows)| rows.iter().rev().find(|row| row.is_active(at)).map(|row| (key, row)))
    }

    /// Everything that counts at an event, by key.
    pub(super) fn all(&self, at: Option<i64>) -> impl Iterator<Item = (&K, &Row<V>)> {
        self.range(.., at)
    }

    /// The event of the last change in a range.
    pub(super) fn last_change(&self, range: impl RangeBounds<K>) -> Option<i64> {
        let rows = self.rows.range(range).filter_map(|(_, rows)| rows.last());
        rows.map(|row| row.revoke.unwrap_or(0).max(row.create)).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_counts_from_its_event_to_the_next() {
        let mut table = Versioned::default();
        table.set("a", 1, 10);
        table.set("a", 2, 20);
        assert!(table.revoke(&"a", 30) && !table.revoke(&"a", 31));
        let at = |event| table.get(&"a", event).copied();
        assert_eq!(
            [9, 10, 19, 20, 29, 30].map(|event| at(Some(event))),
            [None, Some(1), Some(1), Some(2), Some(2), None]
        );
        assert_eq!((at(None), table.last_change(..)), (None, Some(30)));
    }
}
