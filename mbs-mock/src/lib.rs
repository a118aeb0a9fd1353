//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.
