//! The things of Unit 100 and where they stand, bound to the plant file by their ids.

use super::glb::{Meaning, MeshId, Node, NodeId, Scene};
use super::machines::{self, FAN_HUB, P_101, P_102, P_201, PumpSize};
use super::mesh::{Shape, Tone, V3, X, Z, ahead, scale};
use super::valves::{self, BUTTERFLY_200, GLOBE_25, GLOBE_40, GLOBE_50, GLOBE_125, ValveSize, gauge, transmitter};
use super::vessels::{self, TK_101, TK_102};

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
    let mut plant = Plant { scene, site };
    plant.tanks();
    plant.pumps();
    plant.drum_area();
    plant.cooling();
    plant.air();
    plant.valves();
    plant.headers();
    plant.instruments_and_cabinets();
}

struct Plant<'a> {
    scene: &'a mut Scene,
    site: NodeId,
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

/// Meshes shared by a pair of equal pumps.
struct PumpMeshes {
    body: Option<MeshId>,
    motor: Option<MeshId>,
    bearing: Option<MeshId>,
    impeller: Option<MeshId>,
}

impl Plant<'_> {
    /// Adds a thing, its badge just above `top` (m over its origin).
    fn thing_with_top(&mut self, place: &Place, mesh: Option<MeshId>, top: f64) -> NodeId {
        let id = format!("unit100:{}", place.tag.to_lowercase());
        let node = Node { at: place.at, quarter_turns: place.turns, mesh, meaning: Meaning::Thing(id), ..Node::named(place.tag) };
        let thing = self.scene.node(Some(self.site), node);
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

    fn part(&mut self, thing: NodeId, name: &'static str, at: V3, shape: Shape) {
        let mesh = self.scene.mesh(name, shape);
        self.scene.part(thing, name, at, mesh);
    }

    fn tanks(&mut self) {
        for (tag, at, tank, level) in [("TK-101", TK_101_AT, TK_101, TK_101.bottom), ("TK-102", TK_102_AT, TK_102, 9.3)] {
            let mesh = self.scene.mesh(tag, tank.shape());
            let node = self.thing_with_top(&place(tag, at), mesh, tank.roof_at(0.0) + 0.6);
            self.scene.anchor(node, "tag", [0.0, tank.bottom + tank.shell * 0.55, tank.radius + 0.25]);
            self.scene.anchor(node, "elevation", [0.0, level, 0.0]);
        }
    }

    fn pump_meshes(&mut self, name: &str, size: &PumpSize) -> PumpMeshes {
        PumpMeshes {
            body: self.scene.mesh(name, machines::pump_body(size)),
            motor: self.scene.mesh(&format!("{name} motor"), machines::motor(size)),
            bearing: self.scene.mesh(&format!("{name} bearing"), machines::bearing(size)),
            impeller: self.scene.mesh(&format!("{name} impeller"), machines::impeller(size)),
        }
    }

    fn pump(&mut self, place: &Place, size: &PumpSize, meshes: &PumpMeshes) {
        let pump = self.thing_with_top(place, meshes.body, size.motor.0 * 1.5 + 0.35);
        let (nde, de) = size.bearings();
        self.scene.part(pump, "motor", [0.0; 3], meshes.motor);
        self.scene.part(pump, "bearing_nde", [nde, 0.0, 0.0], meshes.bearing);
        self.scene.part(pump, "bearing_de", [de, 0.0, 0.0], meshes.bearing);
        self.scene.part(pump, "impeller", machines::impeller_at(size), meshes.impeller);
        self.scene.anchor(pump, "tag", [0.0, 0.1, size.base.1 + 0.35]);
        self.scene.anchor(pump, "elevation", [0.0; 3]);
    }

    fn pumps(&mut self) {
        let feed = self.pump_meshes("P-101", &P_101);
        let mirrored = [P_101A_AT[0], P_101A_AT[1], -P_101A_AT[2]];
        self.pump(&place("P-101A", P_101A_AT), &P_101, &feed);
        self.pump(&place("P-101B", mirrored), &P_101, &feed);
        let strainer = self.scene.mesh("STR-101", vessels::strainer());
        self.thing(&place("STR-101A", [-12.5, 0.8, 3.0]), strainer);
        self.thing(&place("STR-101B", [-12.5, 0.8, -3.0]), strainer);
        let transfer = self.pump_meshes("P-102", &P_102);
        self.pump(&Place { tag: "P-102", at: P_102_AT, turns: -1 }, &P_102, &transfer);
        let cooling = self.pump_meshes("P-201", &P_201);
        self.pump(&Place { tag: "P-201A", at: P_201A_AT, turns: -1 }, &P_201, &cooling);
        self.pump(&Place { tag: "P-201B", at: P_201B_AT, turns: -1 }, &P_201, &cooling);
    }

    fn drum_area(&mut self) {
        let drum = self.shaped(&place("V-101", V_101_AT), vessels::surge_drum());
        self.scene.anchor(drum, "tag", [0.0, 0.0, 1.45]);
        self.scene.anchor(drum, "elevation", [0.0, -1.2, 0.0]);
        let pot = self.scene.mesh("V-102", vessels::knock_out_pot());
        self.thing_with_top(&place("V-102", [39.0, 1.5, -6.0]), pot, 1.6);
        self.shaped(&place("FL-102", [40.0, 0.8, 8.0]), vessels::bag_filter());
    }

    fn cooling(&mut self) {
        let cooler = self.shaped(&place("E-101", E_101_AT), vessels::exchanger());
        self.scene.anchor(cooler, "tag", [0.0, 0.0, 0.75]);
        self.scene.anchor(cooler, "elevation", [0.0; 3]);
        let mesh = self.scene.mesh("CT-201", machines::tower());
        let tower = self.thing_with_top(&place("CT-201", [10.0, 0.0, -38.0]), mesh, 9.5);
        self.part(tower, "fan", FAN_HUB, machines::fan());
        self.part(tower, "gearbox", FAN_HUB, machines::gearbox());
        self.part(tower, "motor", FAN_HUB, machines::fan_motor());
        self.scene.anchor(tower, "tag", [0.0, 5.0, 2.8]);
        self.scene.anchor(tower, "elevation", [0.0, 1.0, 0.0]);
    }

    fn air(&mut self) {
        self.shaped(&place("K-301", [-12.0, 0.0, -24.0]), machines::compressor());
        self.shaped(&place("V-301", [-8.0, 0.0, -24.0]), vessels::receiver());
        self.shaped(&place("D-301", [-5.0, 0.0, -24.0]), vessels::dryer());
    }

    fn valve(&mut self, place: &Place, size: &ValveSize, body: Option<MeshId>, actuator: Option<MeshId>) {
        let foot = size.actuator_foot();
        let valve = self.thing_with_top(place, body, foot + size.actuator * 1.2 - 0.1);
        self.scene.part(valve, "actuator", [0.0, foot, 0.0], actuator);
        self.scene.anchor(valve, "elevation", [0.0; 3]);
    }

    fn valves(&mut self) {
        let sizes = [
            ("globe valve DN125", &GLOBE_125, vec![("FV-101", FV_101_AT), ("LV-101", LV_101_AT)]),
            ("globe valve DN50", &GLOBE_50, vec![("LV-201", LV_201_AT)]),
            ("globe valve DN40", &GLOBE_40, vec![("XV-303", XV_303_AT)]),
            ("globe valve DN25", &GLOBE_25, vec![("PV-103A", PV_103A_AT), ("PV-103B", PV_103B_AT)]),
        ];
        for (name, size, places) in sizes {
            let body = self.scene.mesh(name, valves::globe_body(size));
            let actuator = self.scene.mesh(&format!("{name} actuator"), valves::actuator(size));
            for (tag, at) in places {
                self.valve(&place(tag, at), size, body, actuator);
            }
        }
        let body = self.scene.mesh("butterfly valve DN200", valves::butterfly_body(&BUTTERFLY_200));
        let actuator = self.scene.mesh("butterfly valve DN200 actuator", valves::actuator(&BUTTERFLY_200));
        self.valve(&place("TV-101", TV_101_AT), &BUTTERFLY_200, body, actuator);
        self.shaped(&place("PSV-103", PSV_103_AT), valves::relief_valve());
    }

    fn headers(&mut self) {
        let mut header = Shape::default();
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

        let mut header = Shape::default();
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
        self.shaped(&place("WEATHER", [-21.0, 0.0, 15.0]), machines::weather_mast());
        let cabinet = self.scene.mesh("gateway cabinet", machines::cabinet());
        self.thing(&place("GW-100", [-8.9, 0.0, 13.0]), cabinet);
        self.thing(&place("GW-200", [-8.9, 0.0, 15.0]), cabinet);
    }
}
