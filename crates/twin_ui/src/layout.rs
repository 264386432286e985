//! One arrangement of panels: rows, columns and tabs that a person can drag around.

use crate::Panel;
use crate::panel::Edge;
use egui_tiles::{Container, Linear, LinearDir, Tile, TileId, Tiles, Tree};

/// Part of the window that a panel takes when it gets a column of its own.
const SIDE_SHARE: f32 = 0.26;

/// A default arrangement as a table: shares are relative within their row or column.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plan {
    /// A panel without a tab: the scene.
    Bare(Panel),
    /// Panels behind one another.
    Tabs(&'static [Panel]),
    /// Side by side.
    Row(&'static [(f32, Plan)]),
    /// One below the other.
    Column(&'static [(f32, Plan)]),
}

/// An arrangement.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    tree: Tree<Panel>,
}

impl Layout {
    /// The arrangement of a plan. `name` keeps what egui remembers of one display apart from the others.
    pub fn new(name: &'static str, plan: &Plan) -> Self {
        let mut tiles = Tiles::default();
        let root = build(&mut tiles, plan);
        Self { tree: Tree::new(name, root, tiles) }
    }

    /// An arrangement from a file; `None` when it lacks the scene or has a panel twice.
    pub fn sound(tree: Tree<Panel>) -> Option<Self> {
        let layout = Self { tree };
        let panels = layout.panels();
        let is_unique = panels.windows(2).all(|pair| pair[0] != pair[1]);
        (is_unique && panels.contains(&Panel::Scene)).then_some(layout)
    }

    pub fn tree(&self) -> &Tree<Panel> {
        &self.tree
    }

    /// Takes the tree out to draw it; [`Layout::put`] gives it back.
    pub fn take(&mut self) -> Tree<Panel> {
        std::mem::replace(&mut self.tree, Tree::empty("taken"))
    }

    pub fn put(&mut self, tree: Tree<Panel>) {
        self.tree = tree;
    }

    /// Panels that are open, in the order of [`Panel`].
    pub fn panels(&self) -> Vec<Panel> {
        let panes = self.tree.tiles.tiles().filter_map(|tile| if let Tile::Pane(panel) = tile { Some(*panel) } else { None });
        let mut panels: Vec<Panel> = panes.collect();
        panels.sort_unstable();
        panels
    }

    /// Opens a panel where it belongs, or brings it to the front.
    pub fn open(&mut self, panel: Panel) {
        if self.tree.tiles.find_pane(&panel).is_none() {
            let pane = self.tree.tiles.insert_pane(panel);
            let home = panel.neighbours().iter().find_map(|neighbour| self.tabs_of(*neighbour));
            match home.and_then(|home| self.tree.tiles.get_mut(home)) {
                Some(Tile::Container(container)) => container.add_child(pane),
                _ => self.add_at_edge(pane, panel.edge()),
            }
        }
        self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if *pane == panel));
    }

    /// Closes a panel; the scene stays.
    pub fn close(&mut self, panel: Panel) {
        if panel != Panel::Scene
            && let Some(id) = self.tree.tiles.find_pane(&panel)
        {
            self.tree.remove_recursively(id);
        }
    }

    /// Gives every panel but the scene a tab of its own, so that it has a title and a handle wherever it was dropped.
    pub fn wrap_bare_panes(&mut self) {
        for panel in Panel::CLOSABLE {
            let Some(pane) = self.tree.tiles.find_pane(&panel) else { continue };
            if self.tabs_of(panel).is_some() {
                continue;
            }
            let tabs = self.tree.tiles.insert_tab_tile(vec![pane]);
            match self.tree.tiles.parent_of(pane).filter(|parent| *parent != tabs) {
                Some(parent) => {
                    if let Some(Tile::Container(container)) = self.tree.tiles.get_mut(parent) {
                        let _index = container.replace_child(pane, tabs);
                    }
                }
                None => self.tree.root = Some(tabs),
            }
        }
    }

    fn tabs_of(&self, panel: Panel) -> Option<TileId> {
        let pane = self.tree.tiles.find_pane(&panel)?;
        let parent = self.tree.tiles.parent_of(pane)?;
        matches!(self.tree.tiles.get_container(parent), Some(Container::Tabs(_))).then_some(parent)
    }

    /// Puts a pane into a row or column of its own beside everything else.
    fn add_at_edge(&mut self, pane: TileId, edge: Edge) {
        let tabs = self.tree.tiles.insert_tab_tile(vec![pane]);
        let Some(root) = self.tree.root else {
            self.tree.root = Some(tabs);
            return;
        };
        let rest = 1.0 - SIDE_SHARE;
        let (dir, children) = match edge {
            Edge::Left => (LinearDir::Horizontal, [(SIDE_SHARE, tabs), (rest, root)]),
            Edge::Right => (LinearDir::Horizontal, [(rest, root), (SIDE_SHARE, tabs)]),
            Edge::Top => (LinearDir::Vertical, [(SIDE_SHARE, tabs), (rest, root)]),
            Edge::Bottom => (LinearDir::Vertical, [(rest, root), (SIDE_SHARE, tabs)]),
        };
        self.tree.root = Some(insert_shares(&mut self.tree.tiles, dir, &children));
    }
}

fn build(tiles: &mut Tiles<Panel>, plan: &Plan) -> TileId {
    match plan {
        Plan::Bare(panel) => tiles.insert_pane(*panel),
        Plan::Tabs(panels) => {
            let panes = panels.iter().map(|panel| tiles.insert_pane(*panel)).collect();
            tiles.insert_tab_tile(panes)
        }
        Plan::Row(parts) => build_linear(tiles, LinearDir::Horizontal, parts),
        Plan::Column(parts) => build_linear(tiles, LinearDir::Vertical, parts),
    }
}

fn build_linear(tiles: &mut Tiles<Panel>, dir: LinearDir, parts: &[(f32, Plan)]) -> TileId {
    let children: Vec<(f32, TileId)> = parts.iter().map(|(share, plan)| (*share, build(tiles, plan))).collect();
    insert_shares(tiles, dir, &children)
}

fn insert_shares(tiles: &mut Tiles<Panel>, dir: LinearDir, children: &[(f32, TileId)]) -> TileId {
    let mut linear = Linear::new(dir, children.iter().map(|(_, id)| *id).collect());
    for (share, id) in children {
        linear.shares.set_share(*id, *share * children.len() as f32);
    }
    tiles.insert_container(linear)
}
