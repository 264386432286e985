//! Pumps, cooling tower and compressor package, each around its own origin.

use super::mesh::{Shape, Tone, V3, X, Y, Z, add, ahead, around, cross, scale};
use super::steel::{ladder, railing};
use super::valves::{gauge, transmitter};

/// Measures of an end-suction pump with its motor, m; the shaft lies along x, the motor to the east.
pub struct PumpSize {
    /// Height of the shaft above grade.
    pub shaft: f64,
    /// Half length and half width of the base plate.
    pub base: (f64, f64),
    /// Radius of the casing.
    pub casing: f64,
    /// Outer radius of the suction and of the discharge nozzle.
    pub nozzles: (f64, f64),
    /// Radius and length of the motor frame.
    pub motor: (f64, f64),
}

/// P-101A/B, 100-80-160 with an 18.5 kW motor.
pub const P_101: PumpSize = PumpSize { shaft: 0.8, base: (0.8, 0.3), casing: 0.17, nozzles: (0.057, 0.0445), motor: (0.165, 0.62) };
/// P-102, 125-100-250 with an 11 kW motor.
pub const P_102: PumpSize = PumpSize { shaft: 0.8, base: (0.85, 0.33), casing: 0.21, nozzles: (0.07, 0.057), motor: (0.16, 0.6) };
/// P-201A/B, 200-150-315 with a 55 kW motor.
pub const P_201: PumpSize = PumpSize { shaft: 0.6, base: (1.15, 0.42), casing: 0.28, nozzles: (0.1095, 0.084), motor: (0.25, 0.9) };

impl PumpSize {
    /// Where the discharge axis meets the shaft.
    fn casing_x(&self) -> f64 {
        -self.base.0 + self.casing * 1.2
    }

    /// Face of the suction flange.
    pub fn suction(&self) -> V3 {
        [self.casing_x() - self.casing * 1.05, 0.0, 0.0]
    }

    /// Face of the discharge flange.
    pub fn discharge(&self) -> V3 {
        [self.casing_x(), self.casing * 1.6, 0.0]
    }

    /// West end of the motor.
    fn motor_x(&self) -> f64 {
        self.base.0 - self.motor.1 - 0.12
    }

    /// Bearing on the impeller side and on the coupling side.
    pub fn bearings(&self) -> (f64, f64) {
        let (from, to) = (self.casing_x() + self.casing * 0.75, self.motor_x() - 0.18);
        (from + (to - from) * 0.25, from + (to - from) * 0.82)
    }
}

/// Foundation, base plate, casing, bearing bracket and coupling guard.
pub fn pump_body(size: &PumpSize) -> Shape {
    let mut shape = Shape::default();
    let (half, wide) = size.base;
    let (c, x) = (size.casing, size.casing_x());
    let plate = -c - 0.16;
    shape.bevelled(
        Tone::Concrete,
        [0.0, (plate - 0.1 - size.shaft) / 2.0, 0.0],
        [half * 2.0 + 0.3, size.shaft + plate - 0.1, wide * 2.0 + 0.3],
        0.04,
    );
    shape.bevelled(Tone::Steel, [0.0, plate - 0.05, 0.0], [half * 2.0, 0.12, wide * 2.0], 0.015);
    // Volute: a round casing whose throat leads up into the discharge.
    shape.drum(Tone::Equipment, [x - c * 0.42, 0.0, 0.0], [x + c * 0.42, 0.0, 0.0], c, c * 0.3);
    shape.drum(Tone::EquipmentDark, [x + c * 0.36, 0.0, 0.0], [x + c * 0.62, 0.0, 0.0], c * 1.06, 0.012);
    let throat = [(0.0, c * 0.62), (c * 0.7, c * 0.52), (c * 1.2, size.nozzles.1 * 1.15), (c * 1.6, size.nozzles.1 * 1.1)];
    shape.revolve(Tone::Equipment, [x, 0.0, 0.0], Y, &throat);
    shape.flange(Tone::EquipmentDark, ahead(size.discharge(), Y, -0.02), Y, size.nozzles.1);
    let eye = size.nozzles.0;
    shape.revolve(Tone::Equipment, size.suction(), X, &[(0.0, eye * 1.1), (c * 0.4, eye * 1.15), (c * 0.75, c * 0.75)]);
    shape.flange(Tone::EquipmentDark, ahead(size.suction(), X, 0.02), X, eye);
    for z in [-c * 0.55, c * 0.55] {
        shape.bar(Tone::EquipmentDark, [x, plate, z], [x, -c * 0.5, z], 0.09, 0.06);
    }
    bracket(&mut shape, size, plate);
    shape
}

/// Bearing bracket between casing and coupling, and the guard over the coupling.
fn bracket(shape: &mut Shape, size: &PumpSize, plate: f64) {
    let (c, x) = (size.casing, size.casing_x());
    let (from, to) = (x + c * 0.6, size.motor_x() - 0.2);
    let length = to - from;
    let profile =
        [(0.0, c * 0.85), (length * 0.12, c * 0.55), (length * 0.3, c * 0.46), (length * 0.9, c * 0.46), (length, c * 0.36), (length, 0.0)];
    shape.revolve(Tone::EquipmentDark, [from, 0.0, 0.0], X, &profile);
    shape.bar(Tone::EquipmentDark, [to - 0.06, plate, 0.0], [to - 0.06, -c * 0.3, 0.0], 0.12, 0.05);
    shape.cylinder(Tone::Steel, [to, 0.0, 0.0], [size.motor_x() + 0.02, 0.0, 0.0], c * 0.16);
    let (guard_from, guard_to) = (to - 0.02, size.motor_x() + 0.01);
    let r = c * 0.62;
    shape.revolve(
        Tone::AccentRail,
        [guard_from, 0.0, 0.0],
        X,
        &[(0.0, r * 0.6), (0.0, r), (guard_to - guard_from, r), (guard_to - guard_from, r * 0.6)],
    );
    shape.slab(Tone::AccentRail, [guard_from, plate, -r], [guard_to, 0.0, r]);
    gauge(shape, [x, c * 1.3, -size.nozzles.1], scale(Z, -1.0));
}

/// Motor with cooling fins, feet, terminal box and fan cowl, in the frame of the pump.
pub fn motor(size: &PumpSize) -> Shape {
    let mut shape = Shape::default();
    let (r, len) = size.motor;
    let x = size.motor_x();
    let core = r * 0.9;
    shape.drum(Tone::EquipmentDark, [x + 0.02, 0.0, 0.0], [x + len * 0.78, 0.0, 0.0], core, 0.01);
    shape.drum(Tone::EquipmentDark, [x, 0.0, 0.0], [x + 0.06, 0.0, 0.0], r, 0.015);
    shape.drum(Tone::EquipmentDark, [x + len * 0.75, 0.0, 0.0], [x + len, 0.0, 0.0], r * 1.02, 0.04);
    for i in 0..20 {
        let angle = std::f64::consts::TAU * (f64::from(i) + 0.5) / 20.0;
        let radial = [0.0, angle.sin(), angle.cos()];
        let centre = add([x + len * 0.41, 0.0, 0.0], scale(radial, core + 0.01));
        shape.oriented_block(Tone::EquipmentDark, centre, [X, radial, cross(X, radial)], [len * 0.34, 0.022, 0.006], 0.0);
    }
    shape.bevelled(Tone::EquipmentDark, [x + len * 0.35, r * 1.12, 0.0], [0.2, r * 0.5, 0.18], 0.015);
    let plate = -size.casing - 0.16;
    for foot in [x + len * 0.14, x + len * 0.66] {
        for z in [-r * 0.75, r * 0.75] {
            shape.slab(Tone::EquipmentDark, [foot - 0.05, plate, z - 0.05], [foot + 0.05, -r * 0.4, z + 0.05]);
        }
    }
    shape
}

/// Housing of one bearing with its vibration and temperature pick-ups, around the bearing.
pub fn bearing(size: &PumpSize) -> Shape {
    let mut shape = Shape::default();
    let r = size.casing * 0.54;
    shape.drum(Tone::Equipment, [-0.035, 0.0, 0.0], [0.035, 0.0, 0.0], r, 0.01);
    shape.cylinder(Tone::Equipment, [0.0, r - 0.01, 0.0], [0.0, r + 0.05, 0.0], 0.022);
    shape
}

/// Impeller inside the casing, around its own centre.
pub fn impeller(size: &PumpSize) -> Shape {
    let mut shape = Shape::default();
    let r = size.casing * 0.55;
    shape.cylinder(Tone::EquipmentDark, [0.0, 0.0, 0.0], [0.012, 0.0, 0.0], r);
    for i in 0..6 {
        let angle = std::f64::consts::TAU * f64::from(i) / 6.0;
        let radial = [0.0, angle.sin(), angle.cos()];
        shape.oriented_block(
            Tone::EquipmentDark,
            add([-0.02, 0.0, 0.0], scale(radial, r * 0.6)),
            [X, radial, cross(X, radial)],
            [0.02, r * 0.38, 0.005],
            0.0,
        );
    }
    shape
}

/// Centre of the impeller in the frame of the pump.
pub fn impeller_at(size: &PumpSize) -> V3 {
    [size.casing_x(), 0.0, 0.0]
}

/// Height of the fan deck of the tower above grade.
pub const FAN_DECK: f64 = 7.5;

/// Cooling tower CT-201 around the middle of its basin at grade, the sump to the south.
pub fn tower() -> Shape {
    let mut shape = Shape::default();
    tower_basin(&mut shape);
    let (west, east, north, south) = (-3.0, 3.0, -3.5, 2.5);
    for x in [west, 0.0, east] {
        for z in [north, -0.5, south] {
            shape.block(Tone::Concrete, [x * 0.93, 2.2, -0.5 + (z + 0.5) * 0.93], [0.3, 2.4, 0.3]);
        }
    }
    shape.slab(Tone::Equipment, [west, 3.5, north], [east, FAN_DECK, south]);
    shape.slab(Tone::EquipmentDark, [west + 0.15, 3.3, north + 0.15], [east - 0.15, 3.5, south - 0.15]);
    for i in 0..=6 {
        let s = f64::from(i);
        for z in [north, south] {
            shape.block(Tone::Equipment, [west + s, 5.5, z], [0.12, 4.0, 0.12]);
        }
        for x in [west, east] {
            shape.block(Tone::Equipment, [x, 5.5, north + s], [0.12, 4.0, 0.12]);
        }
    }
    louvres(&mut shape, west, east, north, south);
    shape.slab(Tone::Steel, [west - 0.2, FAN_DECK - 0.08, north - 0.2], [east + 0.2, FAN_DECK + 0.02, south + 0.2]);
    let edge = |x: f64, z: f64| [x, FAN_DECK, z];
    railing(
        &mut shape,
        &[
            edge(-2.3, north - 0.1),
            edge(east + 0.1, north - 0.1),
            edge(east + 0.1, south + 0.1),
            edge(west - 0.1, south + 0.1),
            edge(west - 0.1, north - 0.1),
            edge(-2.9, north - 0.1),
        ],
    );
    ladder(&mut shape, [-2.6, 0.0, north - 0.32], FAN_DECK, scale(Z, -1.0));
    fan_stack(&mut shape);
    // Riser nozzle of the hot water distribution.
    shape.cylinder(Tone::Equipment, [2.8, 6.5, 1.5], [3.25, 6.5, 1.5], 0.15);
    shape.flange(Tone::EquipmentDark, [3.25, 6.5, 1.5], X, 0.1365);
    transmitter(&mut shape, [3.0, 1.3, 3.1], X, 0.25);
    shape
}

fn tower_basin(shape: &mut Shape) {
    let wall = 0.22;
    let (low, high) = (-0.1, 1.4);
    shape.slab(Tone::Concrete, [-3.0, low, -3.5], [3.0, 0.3, 3.5]);
    for x in [-3.0, 3.0 - wall] {
        shape.slab(Tone::Concrete, [x, low, -3.5], [x + wall, high, 3.5]);
    }
    for z in [-3.5, 3.5 - wall] {
        shape.slab(Tone::Concrete, [-3.0 + wall, low, z], [3.0 - wall, high, z + wall]);
    }
    shape.slab(Tone::EquipmentDark, [-3.0 + wall, 0.9, -3.5 + wall], [3.0 - wall, 1.0, 3.5 - wall]);
}

/// Sloped blades in front of the air inlets on all four sides.
fn louvres(shape: &mut Shape, west: f64, east: f64, north: f64, south: f64) {
    let tilt = |out: V3| {
        let blade = add(scale(out, 0.82), scale(Y, -0.57));
        (blade, cross(blade, cross(Y, out)))
    };
    for i in 0..7 {
        let y = 1.62 + 0.27 * f64::from(i);
        for (out, centre, half) in [
            (Z, [0.0, y, south], (east - west) / 2.0),
            (scale(Z, -1.0), [0.0, y, north], (east - west) / 2.0),
            (X, [east, y, (north + south) / 2.0], (south - north) / 2.0),
            (scale(X, -1.0), [west, y, (north + south) / 2.0], (south - north) / 2.0),
        ] {
            let (blade, normal) = tilt(out);
            let across = cross(normal, blade);
            shape.oriented_block(Tone::Steel, centre, [blade, across, cross(blade, across)], [0.16, half, 0.012], 0.0);
        }
    }
}

/// Flared stack on the deck, open at the top, with its inner wall.
fn fan_stack(shape: &mut Shape) {
    let origin = [0.0, FAN_DECK, -0.5];
    let outside = [(0.0, 2.15), (0.25, 1.98), (0.6, 1.88), (1.1, 1.88), (1.9, 2.02), (1.9, 1.96)];
    shape.revolve(Tone::Insulation, origin, Y, &outside);
    let inside = [(1.9, 1.96), (1.1, 1.82), (0.6, 1.82), (0.03, 1.95), (0.03, 0.0)];
    shape.revolve_with(Tone::EquipmentDark, origin, Y, &inside, 64);
}

/// Where the hub of the fan sits in the frame of the tower.
pub const FAN_HUB: V3 = [0.0, FAN_DECK + 1.4, -0.5];

/// Fan around its hub: six twisted blades.
pub fn fan() -> Shape {
    let mut shape = Shape::default();
    shape.revolve(Tone::Steel, [0.0, -0.1, 0.0], Y, &[(0.0, 0.0), (0.0, 0.3), (0.16, 0.3), (0.22, 0.24), (0.26, 0.0)]);
    for i in 0..6 {
        let angle = std::f64::consts::TAU * f64::from(i) / 6.0;
        let radial = around(1.0, angle, 0.0);
        let tangent = cross(radial, Y);
        for (centre, half, twist) in [(0.55, 0.28, 0.55_f64), (1.05, 0.26, 0.42), (1.5, 0.22, 0.3)] {
            let chord = add(scale(tangent, twist.cos()), scale(Y, twist.sin()));
            shape.oriented_block(
                Tone::Insulation,
                scale(radial, centre),
                [radial, chord, cross(radial, chord)],
                [half, 0.2 - centre * 0.04, 0.014],
                0.0,
            );
        }
    }
    shape
}

/// Fan gearbox with its beam, around the hub of the fan.
pub fn gearbox() -> Shape {
    let mut shape = Shape::default();
    shape.drum(Tone::EquipmentDark, [0.0, -1.05, 0.0], [0.0, -0.12, 0.0], 0.24, 0.04);
    shape.bar(Tone::Steel, [-1.85, -1.15, 0.0], [1.85, -1.15, 0.0], 0.2, 0.2);
    shape
}

/// Fan motor on the deck, its drive shaft reaching the gearbox, around the hub of the fan.
pub fn fan_motor() -> Shape {
    let mut shape = Shape::default();
    shape.drum(Tone::EquipmentDark, [2.2, -0.85, 0.0], [2.85, -0.85, 0.0], 0.19, 0.03);
    shape.bevelled(Tone::EquipmentDark, [2.5, -0.62, 0.0], [0.2, 0.12, 0.18], 0.015);
    shape.slab(Tone::Steel, [2.2, -1.4, -0.2], [2.85, -1.02, 0.2]);
    shape.cylinder(Tone::Steel, [0.2, -0.85, 0.0], [2.25, -0.85, 0.0], 0.05);
    shape
}

/// Compressor package K-301 around its middle at grade.
pub fn compressor() -> Shape {
    let mut shape = Shape::default();
    shape.bevelled(Tone::Steel, [0.0, 0.1, 0.0], [2.1, 0.14, 1.25], 0.02);
    shape.bevelled(Tone::Equipment, [0.0, 0.97, 0.0], [2.0, 1.6, 1.15], 0.05);
    for x in [-0.66, 0.0, 0.66] {
        shape.block(Tone::EquipmentDark, [x - 0.325, 0.97, 0.575], [0.012, 1.5, 0.012]);
    }
    for i in 0..7 {
        shape.block(Tone::EquipmentDark, [0.66, 0.4 + 0.07 * f64::from(i), 0.58], [0.46, 0.03, 0.02]);
        shape.block(Tone::EquipmentDark, [-1.0, 0.6 + 0.09 * f64::from(i), 0.0], [0.02, 0.04, 0.8]);
    }
    shape.bevelled(Tone::EquipmentDark, [-0.6, 1.35, 0.58], [0.36, 0.28, 0.04], 0.01);
    shape.bevelled(Tone::EquipmentDark, [0.3, 1.8, 0.0], [0.9, 0.12, 0.7], 0.03);
    shape.pipe(Tone::Pipe, &[[0.95, 1.0, 0.0], [1.2, 1.0, 0.0]], 0.03);
    shape.flange(Tone::EquipmentDark, [1.2, 1.0, 0.0], X, 0.03);
    shape
}

/// Mast with rain-shielded thermometer, wind vane and cups.
pub fn weather_mast() -> Shape {
    let mut shape = Shape::default();
    shape.bevelled(Tone::Concrete, [0.0, 0.06, 0.0], [0.6, 0.2, 0.6], 0.03);
    shape.cylinder(Tone::Steel, [0.0, 0.1, 0.0], [0.0, 6.0, 0.0], 0.05);
    shape.bar(Tone::Steel, [-0.6, 5.7, 0.0], [0.6, 5.7, 0.0], 0.04, 0.04);
    shape.bar(Tone::Steel, [0.0, 2.2, 0.0], [0.5, 2.2, 0.0], 0.04, 0.04);
    for i in 0..6 {
        let y = 2.2 + 0.07 * f64::from(i);
        shape.revolve(Tone::Insulation, [0.5, y, 0.0], Y, &[(0.0, 0.0), (0.0, 0.13), (0.015, 0.13), (0.04, 0.0)]);
    }
    shape.cylinder(Tone::Steel, [-0.6, 5.7, 0.0], [-0.6, 6.0, 0.0], 0.02);
    for i in 0..3 {
        let arm = around(0.16, std::f64::consts::TAU * f64::from(i) / 3.0, 0.0);
        let tip = add([-0.6, 6.0, 0.0], arm);
        shape.bar(Tone::Steel, [-0.6, 6.0, 0.0], tip, 0.015, 0.015);
        shape.drum(Tone::EquipmentDark, ahead(tip, Y, -0.04), ahead(tip, Y, 0.04), 0.05, 0.02);
    }
    shape.cylinder(Tone::Steel, [0.6, 5.7, 0.0], [0.6, 6.0, 0.0], 0.02);
    shape.bar(Tone::EquipmentDark, [0.4, 6.0, 0.0], [0.85, 6.0, 0.0], 0.02, 0.1);
    shape
}

/// Gateway cabinet with a door, handle and roof, around its middle at grade; the door faces east.
pub fn cabinet() -> Shape {
    let mut shape = Shape::default();
    shape.bevelled(Tone::Concrete, [0.0, 0.06, 0.0], [0.7, 0.16, 1.0], 0.02);
    shape.bevelled(Tone::Equipment, [0.0, 0.98, 0.0], [0.5, 1.7, 0.8], 0.02);
    shape.bevelled(Tone::EquipmentDark, [0.0, 1.86, 0.0], [0.6, 0.06, 0.9], 0.015);
    shape.bar(Tone::EquipmentDark, [0.26, 0.9, 0.3], [0.26, 1.1, 0.3], 0.03, 0.03);
    shape.bevelled(Tone::EquipmentDark, [0.245, 1.45, 0.0], [0.03, 0.24, 0.4], 0.008);
    shape.cylinder(Tone::Steel, [0.0, 1.85, -0.3], [0.0, 2.5, -0.3], 0.018);
    shape
}
