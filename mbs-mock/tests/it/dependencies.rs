#![expect(clippy::unwrap_used, reason = "a helper of a test may end the test")]

use std::sync::Arc;

use mbs_mock::deps::{Capability, Requirement, Universe, closure};
use mbs_mock::host::HostProvides;
use mbs_mock::rpms::read_facts;

use crate::workshop::{Workshop, spec};

const PROVIDED: [&str; 8] =
    ["none", "plain = 1", "full = 1-2", "epoch = 2:1-1", "least >= 2", "most <= 3", "tilde = 1~rc1-1", "caret = 1^g-1"];

/// What rpmbuild says is not met.
fn refused_by_rpm(workshop: &Workshop, wanted: &[String]) -> Vec<String> {
    let lines = wanted.iter().map(|text| format!("BuildRequires: {text}\n")).collect::<Vec<_>>().concat();
    let output = workshop.rpmbuild(&spec("asking", "1", &lines), "-bc", "db", &[]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    stderr.lines().filter_map(|line| line.trim().split_once(" is needed by ")).map(|pair| pair.0.to_owned()).collect()
}

#[test]
fn versions_are_judged_as_rpmbuild_judges_them() {
    let workshop = Workshop::new();
    let lines = PROVIDED.iter().map(|text| format!("Provides: {text}\n")).collect::<Vec<_>>().concat();
    workshop.install("db", &workshop.build(&spec("offering", "1", &lines), "-bb"));
    let mut wanted = Vec::new();
    for offered in PROVIDED {
        let name = offered.split(' ').next().unwrap();
        for operator in ["<", "<=", "=", ">=", ">"] {
            for version in ["1", "1-2", "1-3", "2", "3", "4-1", "0:1", "2:1", "1~rc1", "1^g", "3:0"] {
                wanted.push(format!("{name} {operator} {version}"));
            }
        }
    }
    let refused = refused_by_rpm(&workshop, &wanted);
    assert!(!refused.is_empty() && refused.len() < wanted.len(), "{refused:?}");
    let host = HostProvides::new(PROVIDED.iter().map(|text| text.parse::<Capability>().unwrap()));
    for text in &wanted {
        let met = host.satisfies(&text.parse().unwrap());
        assert_eq!(met, !refused.contains(text), "{text}");
    }
}

#[test]
fn boolean_requirements_are_judged_as_rpmbuild_judges_them() {
    let workshop = Workshop::new();
    let first = workshop.build(&spec("one", "1", "Provides: shared = 1\nProvides: only-one\n"), "-bb");
    let both = workshop.build(&spec("two", "2", "Provides: shared = 2\n"), "-bb");
    assert_eq!((first.len(), both.len()), (1, 2));
    workshop.install("db", &both);
    let wanted: Vec<String> = [
        "(one and two)",
        "(one and absent)",
        "(absent or two >= 2)",
        "(absent or two >= 3)",
        "(absent if one)",
        "(absent if missing)",
        "(one if missing else absent)",
        "(one if two else absent)",
        "(absent if (one and missing))",
        "(shared with only-one)",
        "(shared = 2 with only-one)",
        "(shared without only-one)",
        "(shared = 1 without only-one)",
        "((absent or one) and (missing or two))",
        "(shared = 2 with (two or absent))",
    ]
    .map(str::to_owned)
    .to_vec();
    let refused = refused_by_rpm(&workshop, &wanted);
    let universe = Universe::new(both.iter().map(|file| Arc::new(read_facts(file).unwrap()))).unwrap();
    for text in &wanted {
        // With both packages asked for, what is installed is what rpm saw.
        let list: Vec<Requirement> = ["one", "two", text].iter().map(|text| text.parse().unwrap()).collect();
        let met = closure(&list, &universe, &HostProvides::default()).is_ok();
        assert_eq!(met, !refused.contains(text), "{text}");
    }
}

#[test]
fn the_requirements_of_a_source_rpm_lead_to_rpms_of_the_module() {
    let workshop = Workshop::new();
    let spec_text = "Name: lib\nVersion: 1.2\nRelease: 3\nSummary: x\nLicense: MIT\nBuildArch: noarch\n\
        BuildRequires: make, (lib-devel >= 1.2 or absent)\n%description\nx\n\
        %package devel\nSummary: x\nRequires: %{name} = %{version}-%{release}\n%description devel\nx\n\
        %install\nmkdir -p %{buildroot}/usr/include\ntouch %{buildroot}/usr/include/lib.h\n\
        %files\n%files devel\n/usr/include/lib.h\n";
    let all: Vec<_> = workshop.build(spec_text, "-ba").iter().map(|file| Arc::new(read_facts(file).unwrap())).collect();
    let source = all.iter().find(|facts| facts.source).unwrap();
    let wanted = Requirement::from_relations(&source.requires).unwrap();
    let universe = Universe::new(all.iter().cloned()).unwrap();
    let host = HostProvides::new([Capability::equal("make", "4.3")]);
    let found = closure(&wanted, &universe, &host).unwrap();
    let names: Vec<&str> = found.rpms().map(|rpm| rpm.name.as_str()).collect();
    assert_eq!(names, ["lib-devel", "lib"]);
    let file: Requirement = "/usr/include/lib.h".parse().unwrap();
    assert_eq!(closure(&[file], &universe, &host).unwrap().chosen.len(), 2);
    let error = closure(&wanted, &universe, &HostProvides::default()).unwrap_err().to_string();
    assert_eq!(error, "`make`: the module offers nothing, this machine offers nothing");
}
