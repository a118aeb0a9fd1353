//! rpmbuild
