//! The things of Unit 100 and where they stand, bound to the plant file by their ids.

use std::collections::BTreeMap;

use serde_json::json;

use super::instruments::{cabinet, gauge, transmitter, weather_mast};
use super::mesh::{Detail, Shape, Tone};
use super::pumps::{self, P_101, P_102, P_201, PumpSize};
use super::scene::{MeshId, Node, NodeId, Part, Scene};
use super::tanks::{TK_101, TK_102, Tank};
use super::tower::{self, BASIN_GAUGE, FAN_HUB};
use super::valves::{self, BUTTERFLY_200, GLOBE_25, GLOBE_40, GLOBE_50, GLOBE_125, ValveSize};
use super::vec3::{V3, X, Y, Z, ahead, around, scale};
use super::vessels::{self, DRUM_GAUGE};
use super::{compressor, exchanger};

/// Origin of the feed tank: centre line at grade.
pub const TK_101_AT: V3 = [-22.0, 0.0, 0.0];
/// Origin of the product tank: centre line at grade.
pub const TK_102_AT: V3 = [88.0, 0.0, 4.0];
/// Shaft of P-101A; P-101B mirrors it in z.
pub const P_101A_AT: V3 = [-9.0, 0.8, 3.0];
/// Middle of the discharge header.
pub const P_101_HEADER_AT: V3 = [-9.596, 1.2, 0.0];
/// Shaft of P-102, turned so that it sucks from the north.
pub const P_102_AT: V3 = [34.0, 0.8, 8.0];
/// Shaft of P-201A.
pub const P_201A_AT: V3 = [16.0, 0.6, -33.0];
/// Shaft of P-201B.
pub const P_201B_AT: V3 = [19.5, 0.6, -33.0];
/// Middle of the cooling-water header.
pub const P_201_HEADER_AT: V3 = [17.75, 2.6, -33.814];
/// Axis of the cooler.
pub const E_101_AT: V3 = [12.0, 1.6, 0.0];
/// Axis of the surge drum.
pub const V_101_AT: V3 = [34.0, 4.8, 0.0];
/// Control valves.
pub const FV_101_AT: V3 = [30.0, 5.0, -3.0];
/// Level valve of the drum.
pub const LV_101_AT: V3 = [38.0, 1.2, 8.0];
/// Cooling-water valve.
pub const TV_101_AT: V3 = [16.6, 1.2, -3.6];
/// Nitrogen valve.
pub const PV_103A_AT: V3 = [33.9, 7.1, -0.9];
/// Vent valve.
pub const PV_103B_AT: V3 = [36.2, 7.1, -0.9];
/// Relief valve.
pub const PSV_103_AT: V3 = [36.3, 6.45, 0.0];
/// Make-up valve.
pub const LV_201_AT: V3 = [5.6, 1.0, -35.0];
/// Plant-air valve.
pub const XV_303_AT: V3 = [-6.2, 1.3, -22.4];

/// How far above a thing its badge stands, m.
const BADGE_GAP: f64 = 0.55;

/// Where a nozzle of a pump lies in the plant, for a pump turned to suck from the north.
pub fn turned(at: V3, local: V3) -> V3 {
    [at[0] - local[2], at[1] + local[1], at[2] + local[0]]
}

/// Adds every thing of the unit below `site`.
pub fn add_things(scene: &mut Scene, site: NodeId) {
    let detail = scene.detail();
    let mut plant = Plant { scene, site, detail };
    plant.tanks();
    plant.pumps();
    plant.strainers();
    plant.drum_area();
    plant.cooler();
    plant.tower();
    plant.air();
    plant.valves();
    plant.headers();
    plant.instruments_and_cabinets();
}

struct Plant<'a> {
    scene: &'a mut Scene,
    site: NodeId,
    detail: Detail,
}

/// Place of a thing: its tag, origin and quarter turns.
struct Place {
    tag: &'static str,
    at: V3,
    turns: i32,
}

fn place(tag: &'static str, at: V3) -> Place {
    Place { tag, at, turns: 0 }
}

/// Meshes by part, shared by equal machines.
type Meshes = BTreeMap<&'static str, Option<MeshId>>;

impl Plant<'_> {
    /// Adds a thing, its badge just above `top` (m over its origin).
    fn thing_with_top(&mut self, place: &Place, mesh: Option<MeshId>, top: f64) -> NodeId {
        let id = format!("unit100:{}", place.tag.to_lowercase());
        let node = Node { at: place.at, quarter_turns: place.turns, mesh, ..Node::named(place.tag) };
        let thing = self.scene.node(Some(self.site), node.with("twin_thing", json!(id)));
        self.scene.anchor(thing, "badge", [0.0, top + BADGE_GAP, 0.0]);
        thing
    }

    fn thing(&mut self, place: &Place, mesh: Option<MeshId>) -> NodeId {
        let top = self.scene.top(mesh);
        self.thing_with_top(place, mesh, top)
    }

    fn shaped(&mut self, place: &Place, shape: Shape) -> NodeId {
        let mesh = self.scene.mesh(place.tag, shape);
        self.thing(place, mesh)
    }

    fn tank(&mut self, tag: &'static str, at: V3, tank: &Tank, inlet: f64) {
        let foundation = self.scene.mesh(tag, tank.foundation(self.detail));
        let node = self.thing_with_top(&place(tag, at), foundation, tank.roof_at(0.0) + 0.6);
        self.scene.part(node, Part::new("shell", tank.shell(self.detail)));
        self.scene.part(node, Part::new("roof", tank.roof(self.detail)).explode([0.0, 3.5, 0.0]));
        self.scene.anchor(node, "tag", around(tank.radius + 0.25, 1.0, tank.bottom + tank.shell * 0.55));
        self.scene.anchor(node, "elevation", [0.0, inlet, 0.0]);
        self.scene.level(node, tank.gauge(), tank.span, tank.column);
    }

    fn tanks(&mut self) {
        self.tank("TK-101", TK_101_AT, &TK_101, TK_101.bottom);
        self.tank("TK-102", TK_102_AT, &TK_102, 9.3);
    }

    fn pump_meshes(&mut self, name: &str, size: &PumpSize) -> Meshes {
        let detail = self.detail;
        let shapes = [
            ("base", pumps::base(detail, size)),
            ("casing", pumps::casing(detail, size)),
            ("impeller", pumps::impeller(detail, size)),
            ("seal", pumps::seal(detail, size)),
            ("bearing", pumps::bearing(detail, size)),
            ("housing", pumps::bearing_housing(detail, size)),
            ("shaft", pumps::shaft(detail, size)),
            ("coupling", pumps::coupling(detail, size)),
            ("guard", pumps::guard(detail, size)),
            ("motor", pumps::motor(detail, size)),
        ];
        shapes.into_iter().map(|(part, shape)| (part, self.scene.mesh(&format!("{name} {part}"), shape))).collect()
    }

    fn pump(&mut self, place: &Place, size: &PumpSize, meshes: &Meshes) {
        let pump = self.thing_with_top(place, None, size.top());
        let (nde, de) = size.bearings();
        let order = size.order();
        let along = |x: f64| [x, 0.0, 0.0];
        let part = |name: &'static str, mesh: &str| Part::shared(name, meshes.get(mesh).copied().flatten());
        let parts = [
            part("base", "base"),
            part("casing", "casing").explode(along(order.casing)),
            part("impeller", "impeller").at(along(size.casing_x())).inside().explode(along(order.impeller)).spin(X),
            part("seal", "seal").at(along(size.seal_x())).inside().explode(along(order.seal)),
            part("bearing_nde", "bearing").at(along(nde)).inside().explode(along(order.bearing_nde)),
            part("shaft", "shaft").at(along(size.coupling_x())).explode([0.0; 3]).spin(X),
            part("bearing_de", "bearing").at(along(de)).inside().explode(along(order.bearing_de)),
            part("bearing_housing", "housing").explode(along(order.housing)),
            part("coupling", "coupling").at(along(size.coupling_x())).explode(along(order.coupling)).spin(X),
            part("guard", "guard").explode([order.coupling, size.casing * 3.2, 0.0]),
            part("motor", "motor").explode(along(order.motor)),
        ];
        for part in parts {
            self.scene.part(pump, part);
        }
        self.scene.anchor(pump, "tag", [0.0, 0.1, size.base.1 + 0.35]);
        self.scene.anchor(pump, "elevation", [0.0; 3]);
    }

    fn pumps(&mut self) {
        let feed = self.pump_meshes("P-101", &P_101);
        let mirrored = [P_101A_AT[0], P_101A_AT[1], -P_101A_AT[2]];
        self.pump(&place("P-101A", P_101A_AT), &P_101, &feed);
        self.pump(&place("P-101B", mirrored), &P_101, &feed);
        let transfer = self.pump_meshes("P-102", &P_102);
        self.pump(&Place { tag: "P-102", at: P_102_AT, turns: -1 }, &P_102, &transfer);
        let cooling = self.pump_meshes("P-201", &P_201);
        self.pump(&Place { tag: "P-201A", at: P_201A_AT, turns: -1 }, &P_201, &cooling);
        self.pump(&Place { tag: "P-201B", at: P_201B_AT, turns: -1 }, &P_201, &cooling);
    }

    fn strainers(&mut self) {
        let body = self.scene.mesh("STR-101", vessels::strainer(self.detail));
        let cover = self.scene.mesh("STR-101 cover", vessels::strainer_cover(self.detail));
        let basket = self.scene.mesh("STR-101 basket", vessels::basket(self.detail));
        for (tag, z) in [("STR-101A", 3.0), ("STR-101B", -3.0)] {
            let node = self.thing_with_top(&place(tag, [-12.5, 0.8, z]), None, 0.35);
            self.scene.part(node, Part::shared("body", body));
            self.scene.part(node, Part::shared("cover", cover).explode([0.0, 0.9, 0.0]));
            self.scene.part(node, Part::shared("basket", basket).inside().explode([0.0, 0.6, 0.0]));
        }
    }

    fn drum_area(&mut self) {
        let saddles = self.scene.mesh("V-101", vessels::drum_saddles(self.detail));
        let drum = self.thing_with_top(&place("V-101", V_101_AT), saddles, 1.5);
        self.scene.part(drum, Part::new("shell", vessels::surge_drum(self.detail)));
        self.scene.part(drum, Part::new("internals", vessels::drum_internals(self.detail)).inside().explode([0.0, 0.0, 3.5]));
        self.scene.anchor(drum, "tag", [0.0, 0.0, 1.45]);
        self.scene.anchor(drum, "elevation", [0.0, -1.2, 0.0]);
        self.scene.level(drum, DRUM_GAUGE, -2.0 * DRUM_GAUGE[1], 0.11);
        let pot = self.scene.mesh("V-102", vessels::knock_out_pot(self.detail));
        self.thing_with_top(&place("V-102", [39.0, 1.5, -6.0]), pot, 1.6);
        let filter = self.thing_with_top(&place("FL-102", [40.0, 0.8, 8.0]), None, 1.1);
        self.scene.part(filter, Part::new("body", vessels::bag_filter(self.detail)));
        self.scene.part(filter, Part::new("cover", vessels::filter_cover(self.detail)).explode([0.0, 1.6, 0.0]));
        self.scene.part(filter, Part::new("bag", vessels::filter_bag(self.detail)).inside().explode([0.0, 1.0, 0.0]));
    }

    fn cooler(&mut self) {
        let supports = self.scene.mesh("E-101", exchanger::supports(self.detail));
        let cooler = self.thing_with_top(&place("E-101", E_101_AT), supports, 0.62);
        self.scene.part(cooler, Part::new("shell", exchanger::shell(self.detail)));
        self.scene.part(cooler, Part::new("rear_cover", exchanger::rear_cover(self.detail)).explode([-1.2, 0.0, 0.0]));
        self.scene.part(cooler, Part::new("channel", exchanger::channel(self.detail)).explode([8.2, 0.0, 0.0]));
        self.scene.part(cooler, Part::new("bundle", exchanger::bundle(self.detail)).inside().explode([6.2, 0.0, 0.0]));
        self.scene.anchor(cooler, "tag", [0.0, 0.0, 0.75]);
        self.scene.anchor(cooler, "elevation", [0.0; 3]);
    }

    fn tower(&mut self) {
        let basin = self.scene.mesh("CT-201", tower::basin(self.detail));
        let node = self.thing_with_top(&place("CT-201", [10.0, 0.0, -38.0]), basin, 9.5);
        self.scene.part(node, Part::new("casing", tower::casing(self.detail)).explode([0.0, 5.0, 0.0]));
        self.scene.part(node, Part::new("stack", tower::stack(self.detail)).explode([0.0, 8.0, 0.0]));
        self.scene.part(node, Part::new("fill", tower::fill(self.detail)).inside().explode([0.0, 1.2, 0.0]));
        self.scene.part(node, Part::new("fan", tower::fan(self.detail)).at(FAN_HUB).explode([0.0, 11.0, 0.0]).spin(Y));
        self.scene.part(node, Part::new("gearbox", tower::gearbox(self.detail)).at(FAN_HUB).explode([0.0, 6.2, 0.0]));
        self.scene.part(node, Part::new("motor", tower::fan_motor(self.detail)).at(FAN_HUB).explode([2.5, 6.2, 0.0]));
        self.scene.anchor(node, "tag", [0.0, 5.0, 2.8]);
        self.scene.anchor(node, "elevation", [0.0, 1.0, 0.0]);
        self.scene.level(node, BASIN_GAUGE.0, BASIN_GAUGE.1, 0.2);
    }

    fn air(&mut self) {
        let frame = self.scene.mesh("K-301", compressor::frame(self.detail));
        let package = self.thing_with_top(&place("K-301", [-12.0, 0.0, -24.0]), frame, 1.95);
        let on_shaft = |part: Part| part.at(compressor::SHAFT_AT).inside();
        self.scene.part(package, Part::new("enclosure", compressor::enclosure(self.detail)).explode([0.0, 2.2, 0.0]));
        self.scene.part(package, on_shaft(Part::new("airend", compressor::airend(self.detail))).explode([0.6, 0.0, 0.0]));
        self.scene.part(package, on_shaft(Part::new("rotors", compressor::rotors(self.detail))).explode([1.5, 0.0, 0.0]).spin(X));
        self.scene.part(package, on_shaft(Part::new("motor", compressor::motor(self.detail))).explode([-0.5, 0.0, 0.0]));
        self.scene.part(package, on_shaft(Part::new("separator", compressor::separator(self.detail))).explode([0.0, 0.0, -0.9]));
        self.shaped(&place("V-301", [-8.0, 0.0, -24.0]), vessels::receiver(self.detail));
        self.shaped(&place("D-301", [-5.0, 0.0, -24.0]), vessels::dryer(self.detail));
    }

    fn valve(&mut self, place: &Place, size: &ValveSize, meshes: &Meshes) {
        let valve = self.thing_with_top(place, None, size.top() - 0.05);
        let part = |name: &'static str| Part::shared(name, meshes.get(name).copied().flatten());
        let foot = size.actuator_foot();
        self.scene.part(valve, part("body"));
        self.scene.part(valve, part("stem").explode([0.0, foot * 2.4, 0.0]).travel(size.stroke()));
        if meshes.contains_key("plug") {
            self.scene.part(valve, part("plug").inside().explode([0.0, foot * 2.0, 0.0]).travel(size.stroke()));
            self.scene.part(valve, part("seat").inside().explode([0.0, foot * 1.35, 0.0]));
        } else {
            self.scene.part(valve, part("disc").inside().explode([0.0, foot * 1.8, 0.0]));
        }
        self.scene.part(valve, part("actuator").at([0.0, foot, 0.0]).explode([0.0, foot * 3.4, 0.0]));
        self.scene.anchor(valve, "elevation", [0.0; 3]);
    }

    fn valves(&mut self) {
        let detail = self.detail;
        let sizes = [
            ("globe valve DN125", &GLOBE_125, vec![("FV-101", FV_101_AT), ("LV-101", LV_101_AT)]),
            ("globe valve DN50", &GLOBE_50, vec![("LV-201", LV_201_AT)]),
            ("globe valve DN40", &GLOBE_40, vec![("XV-303", XV_303_AT)]),
            ("globe valve DN25", &GLOBE_25, vec![("PV-103A", PV_103A_AT), ("PV-103B", PV_103B_AT)]),
        ];
        for (name, size, places) in sizes {
            let shapes = [
                ("body", valves::globe_body(detail, size)),
                ("stem", valves::stem(detail, size)),
                ("plug", valves::plug(detail, size)),
                ("seat", valves::seat(detail, size)),
                ("actuator", valves::actuator(detail, size)),
            ];
            let meshes: Meshes =
                shapes.into_iter().map(|(part, shape)| (part, self.scene.mesh(&format!("{name} {part}"), shape))).collect();
            for (tag, at) in places {
                self.valve(&place(tag, at), size, &meshes);
            }
        }
        let size = &BUTTERFLY_200;
        let shapes = [
            ("body", valves::butterfly_body(detail, size)),
            ("stem", valves::stem(detail, size)),
            ("disc", valves::disc(detail, size)),
            ("actuator", valves::actuator(detail, size)),
        ];
        let meshes: Meshes =
            shapes.into_iter().map(|(part, shape)| (part, self.scene.mesh(&format!("butterfly valve {part}"), shape))).collect();
        self.valve(&place("TV-101", TV_101_AT), size, &meshes);
        self.shaped(&place("PSV-103", PSV_103_AT), valves::relief_valve(detail));
    }

    fn headers(&mut self) {
        let mut header = Shape::new(self.detail);
        header.cylinder(Tone::Insulation, [0.0, 0.0, -0.55], [0.0, 0.0, 0.55], 0.125);
        for z in [-0.55, 0.55] {
            header.flange(Tone::EquipmentDark, [0.0, 0.0, z], Z, 0.084);
        }
        header.bar(Tone::Steel, [0.0, -1.1, 0.0], [0.0, -0.1, 0.0], 0.12, 0.12);
        header.bevelled(Tone::Concrete, [0.0, -1.13, 0.0], [0.45, 0.2, 0.45], 0.02);
        transmitter(&mut header, [0.0, 0.1, 0.25], [0.0, 1.0, 0.0], 0.25);
        gauge(&mut header, [0.1, 0.0, -0.3], X);
        let node = self.shaped(&place("P-101", P_101_HEADER_AT), header);
        self.scene.anchor(node, "elevation", [0.0; 3]);

        let mut header = Shape::new(self.detail);
        header.cylinder(Tone::Pipe, [-2.2, 0.0, 0.0], [2.2, 0.0, 0.0], 0.155);
        for x in [-2.2, 2.2] {
            let end = [x, 0.0, 0.0];
            header.flange(Tone::EquipmentDark, end, X, 0.13);
            header.vessel(Tone::Pipe, end, ahead(end, scale(X, x.signum()), 0.03), 0.14);
        }
        transmitter(&mut header, [0.6, 0.14, 0.0], [0.0, 1.0, 0.0], 0.25);
        self.shaped(&place("P-201", P_201_HEADER_AT), header);
    }

    fn instruments_and_cabinets(&mut self) {
        self.shaped(&place("WEATHER", [-21.0, 0.0, 15.0]), weather_mast(self.detail));
        let cabinet = self.scene.mesh("gateway cabinet", cabinet(self.detail));
        self.thing(&place("GW-100", [-8.9, 0.0, 13.0]), cabinet);
        self.thing(&place("GW-200", [-8.9, 0.0, 15.0]), cabinet);
    }
}
