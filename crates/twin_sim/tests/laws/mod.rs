//! What must hold for any plant of components, however it is connected and whatever its numbers are.

mod added;
mod order;
mod plants;
mod rearranged;
mod scaled;
