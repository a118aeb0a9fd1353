//! What the buildroot of a planned component holds, and who waits for whom.

use super::types::{ComponentIx, Order, Plan, PlannedComponent, Scope};

impl Plan {
    /// A component by its position.
    ///
    /// # Panics
    /// When the position belongs to another plan.
    pub fn component(&self, index: ComponentIx) -> &PlannedComponent {
        &self.components[index.index()]
    }

    /// All positions in order.
    pub fn indices(&self) -> impl Iterator<Item = ComponentIx> + use<> {
        (0..self.components.len()).map(ComponentIx::of)
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
    pub fn visible(&self, index: ComponentIx) -> Vec<ComponentIx> {
        match self.order {
            Order::Batches => {
                let batch = self.component(index).batch;
                let end = self.components.partition_point(|other| other.batch < batch);
                (0..end).map(ComponentIx::of).collect()
            }
            Order::Graph => self.closure(index),
        }
    }

    fn closure(&self, index: ComponentIx) -> Vec<ComponentIx> {
        if index.index() == 0 {
            return Vec::new();
        }
        let mut seen = std::collections::BTreeSet::from([ComponentIx(0)]);
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
    pub fn successors(&self) -> Vec<Vec<ComponentIx>> {
        let mut successors = vec![Vec::new(); self.components.len()];
        for (index, component) in self.indices().zip(&self.components) {
            for before in &component.after {
                successors[before.index()].push(index);
            }
        }
        successors
    }

    /// The components of one batch; empty for an unused number.
    pub fn batch(&self, batch: u32) -> impl Iterator<Item = (ComponentIx, &PlannedComponent)> {
        let start = self.components.partition_point(|other| other.batch < batch);
        let end = self.components.partition_point(|other| other.batch <= batch);
        (start..end).map(ComponentIx::of).zip(&self.components[start..end])
    }

    /// The smallest batch above `batch` that holds a component: unused numbers are skipped.
    pub fn next_batch(&self, batch: u32) -> Option<u32> {
        let next = self.components.partition_point(|other| other.batch <= batch);
        self.components.get(next).map(|component| component.batch)
    }
}
