//! Opening the database.

use crate::error::DbError;
use crate::schema;
use crate::state_dir::StateDir;
use mbs_core::store::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::time::Duration;

/// How the database is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqliteOptions {
    /// How long a write waits while another process writes.
    pub busy_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self { busy_timeout: Duration::from_secs(15) }
    }
}

/// Statements in use at the same time; each is compiled once.
const STATEMENTS: usize = 64;

/// Pause before the journal mode is asked for again.
const PAUSE: Duration = Duration::from_millis(20);

pub(super) fn open(dir: &StateDir, options: SqliteOptions) -> Result<Connection, StoreError> {
    let path = dir.database();
    let place = path.display().to_string();
    let connect = || -> Result<Connection, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&path, flags)?;
        connection.busy_timeout(options.busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        write_ahead(&connection, options.busy_timeout)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // Plans never depend on the values that are bound. Otherwise statements that might gain from a plan of their own
        // are compiled anew for each value, which costs more than running them.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        schema::migrate(&mut connection, &place)?;
        Ok(connection)
    };
    connect().map_err(|error| error.into_store(&place, options.busy_timeout.as_secs()))
}

/// Changing the journal mode of a new file needs it alone, and SQLite does not wait for that by itself.
#[expect(clippy::disallowed_methods, reason = "opening happens before there is a clock, and blocks by contract")]
fn write_ahead(connection: &Connection, limit: Duration) -> Result<(), DbError> {
    let mut waited = Duration::ZERO;
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = wal", [], |row| row.get::<_, String>(0));
        match mode.map_err(DbError::from) {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => {
                let why = format!("the file system allows no write-ahead log (SQLite stays with `{mode}`)");
                return Err(StoreError::Medium(why).into());
            }
            Err(error) if error.is_busy() && waited < limit => {
                std::thread::sleep(PAUSE);
                waited += PAUSE;
            }
            Err(error) => return Err(error),
        }
    }
}
