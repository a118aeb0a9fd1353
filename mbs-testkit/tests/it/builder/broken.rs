//! A builder that breaks a rule is found out, rule by rule.
