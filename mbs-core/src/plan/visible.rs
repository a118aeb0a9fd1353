//! What the buildroot of a planned component holds, and who waits for whom.

use super::types::{ComponentIndex, Order, Plan, PlannedComponent, Scope};

impl Plan {
    /// A component by its position.
    ///
    /// # Panics
    /// When the position belongs to another plan.
    pub fn component(&self, index: ComponentIndex) -> &PlannedComponent {
        &self.components[index.get()]
    }

    /// All positions in order.
    pub fn indices(&self) -> impl Iterator<Item = ComponentIndex> + use<> {
        (0..self.components.len()).map(ComponentIndex::of)
    }

    /// What a buildroot of this plan holds of its own module.
    pub fn scope(&self) -> Scope {
        match self.order {
            Order::Batches => Scope::EarlierBatches,
            Order::Graph => Scope::Closure,
        }
    }

    /// The positions of the components whose packages a component may use, in ascending order.
    ///
    /// It holds `module-build-macros` for all others, never the component itself, and never a component that is
    /// merely finished. Takes time for what it returns and its edges only, so call it once per component.
    ///
    /// # Panics
    /// When the position belongs to another plan.
    pub fn visible(&self, index: ComponentIndex) -> Vec<ComponentIndex> {
        match self.order {
            Order::Batches => {
                let batch = self.component(index).batch;
                let end = self.components.partition_point(|other| other.batch < batch);
                (0..end).map(ComponentIndex::of).collect()
            }
            Order::Graph => self.closure(index),
        }
    }

    fn closure(&self, index: ComponentIndex) -> Vec<ComponentIndex> {
        if index.get() == 0 {
            return Vec::new();
        }
        let mut seen = std::collections::BTreeSet::from([ComponentIndex(0)]);
        let mut open = vec![index];
        while let Some(at) = open.pop() {
            for before in &self.component(at).after {
                if seen.insert(*before) {
                    open.push(*before);
                }
            }
        }
        seen.into_iter().collect()
    }

    /// For each component, those that name it directly in their `buildafter`, in ascending order; all empty with
    /// [`Order::Batches`].
    pub fn successors(&self) -> Vec<Vec<ComponentIndex>> {
        let mut successors = vec![Vec::new(); self.components.len()];
        for (index, component) in self.indices().zip(&self.components) {
            for before in &component.after {
                successors[before.get()].push(index);
            }
        }
        successors
    }

    /// The components of one batch; empty for an unused number.
    pub fn batch(&self, batch: u32) -> impl Iterator<Item = (ComponentIndex, &PlannedComponent)> {
        let start = self.components.partition_point(|other| other.batch < batch);
        let end = self.components.partition_point(|other| other.batch <= batch);
        (start..end).map(ComponentIndex::of).zip(&self.components[start..end])
    }

    /// The smallest batch above `batch` that holds a component: unused numbers are skipped.
    pub fn next_batch(&self, batch: u32) -> Option<u32> {
        let next = self.components.partition_point(|other| other.batch <= batch);
        self.components.get(next).map(|component| component.batch)
    }
}
