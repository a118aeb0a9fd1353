//! The state folder of mbs: builds in SQLite, locks and leases.
