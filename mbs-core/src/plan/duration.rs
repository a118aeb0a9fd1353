//! How long a plan takes if nothing has to wait for a free slot.

use super::types::{ComponentIx, Order, Plan};

impl Plan {
    /// How long the longest chain of components takes that have to wait for each other, in milliseconds: no number of
    /// machines makes the build shorter. `time` tells how long a component takes.
    pub fn critical_path_ms(&self, time: impl Fn(ComponentIx) -> u64) -> u64 {
        let times = (0..self.components.len()).map(|position| time(ComponentIx::of(position)));
        match self.order {
            Order::Batches => {
                let mut total: u64 = 0;
                let (mut batch, mut longest) = (0, 0);
                for (component, time) in self.components.iter().zip(times) {
                    if component.batch != batch {
                        total = total.saturating_add(longest);
                        (batch, longest) = (component.batch, 0);
                    }
                    longest = longest.max(time);
                }
                total.saturating_add(longest)
            }
            Order::Graph => {
                // Everything waits for the macros, and predecessors stand before those who name them.
                let mut ends: Vec<u64> = Vec::with_capacity(self.components.len());
                for (component, time) in self.components.iter().zip(times) {
                    let macros = ends.first().copied().unwrap_or(0);
                    let before = component.after.iter().filter_map(|ix| ends.get(ix.index()).copied());
                    ends.push(before.fold(macros, u64::max).saturating_add(time));
                }
                ends.into_iter().max().unwrap_or(0)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{PlanComponent, PlanInput, plan};
    use crate::{Arch, ComponentName};
    use std::collections::BTreeSet;

    fn path(components: &[(&str, i64, &[&str], u64)]) -> u64 {
        let name = |text: &str| ComponentName::new(text).expect("name");
        let component = |(text, buildorder, after, _): &(&str, i64, &[&str], u64)| PlanComponent {
            buildorder: *buildorder,
            buildafter: after.iter().map(|text| name(text)).collect(),
            ..PlanComponent::new(name(text))
        };
        let input = PlanInput { components: components.iter().map(component).collect(), modules: Vec::new() };
        let plan = plan(&input, &BTreeSet::from([Arch::new("x86_64").expect("arch")])).expect("plan");
        plan.critical_path_ms(|ix| {
            let name = plan.component(ix).name.as_str();
            components.iter().find(|(text, ..)| *text == name).map_or(1000, |(.., time)| *time)
        })
    }

    #[test]
    fn of_each_batch_the_longest_component_counts() {
        assert_eq!(path(&[("a", 0, &[], 5), ("b", 0, &[], 7), ("c", 10, &[], 1)]), 1008);
        assert_eq!(path(&[]), 0, "nothing is built");
    }

    #[test]
    fn in_a_graph_the_longest_chain_counts() {
        let all: [(&str, i64, &[&str], u64); 4] =
            [("a", 0, &[], 5), ("b", 0, &["a"], 7), ("c", 0, &["b", "d"], 1), ("d", 0, &[], 20)];
        assert_eq!(path(&all), 1021);
    }
}
