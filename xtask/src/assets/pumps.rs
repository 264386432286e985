//! End-suction pumps in their parts, each in the frame of the pump: shaft along x, motor to the east.

use super::instruments::{gauge, name_plate, transmitter, tube};
use super::mesh::{Detail, Shape, Tone};
use super::vec3::{DOWN, V3, X, Y, Z, across_x, add, ahead, cos_sin, cross, scale, turn, unit};

/// Measures of an end-suction pump with its motor, m.
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
    pub fn casing_x(&self) -> f64 {
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

    /// West and east end of the bearing housing.
    fn housing(&self) -> (f64, f64) {
        (self.casing_x() + self.casing * 0.6, self.motor_x() - 0.2)
    }

    /// Bearing on the impeller side and on the coupling side.
    pub fn bearings(&self) -> (f64, f64) {
        let (from, to) = self.housing();
        (from + (to - from) * 0.42, from + (to - from) * 0.86)
    }

    /// Middle of the shaft seal.
    pub fn seal_x(&self) -> f64 {
        self.casing_x() + self.casing * 0.62
    }

    /// Middle of the coupling.
    pub fn coupling_x(&self) -> f64 {
        self.motor_x() - 0.1
    }

    /// Radius of the shaft.
    fn shaft_radius(&self) -> f64 {
        self.casing * 0.13
    }

    /// Upper face of the base plate.
    fn plate(&self) -> f64 {
        -self.casing * 0.95 - 0.085
    }

    /// Underside of the feet of the motor.
    fn motor_feet(&self) -> f64 {
        -self.motor.0 * 0.98
    }

    /// Top of the pump above its shaft.
    pub fn top(&self) -> f64 {
        self.motor.0 * 1.5 + 0.35
    }

    /// How far each part moves when the pump is taken apart: casing, impeller, seal and one bearing to the west of the
    /// shaft, the other bearing, its housing, coupling and motor to the east, in the order they come off.
    pub fn order(&self) -> Order {
        let c = self.casing;
        let gap = 0.5 * c + 0.06;
        let shaft_end = self.coupling_x() - 0.02;
        let nose = self.casing_x() - 0.3 * c;
        let nde = nose - gap - 0.15 * c;
        let seal = nde - gap - 0.3 * c;
        let impeller = seal - gap - 0.3 * c;
        let de = shaft_end + gap + 0.15 * c;
        let (from, to) = self.housing();
        let housing = de + 0.15 * c + gap;
        let coupling = housing + (to - from) + gap;
        let motor = coupling + 0.2 + gap;
        Order {
            casing: impeller - gap - 0.8 * c - self.casing_x(),
            impeller: impeller - self.casing_x(),
            seal: seal - self.seal_x(),
            bearing_nde: nde - self.bearings().0,
            bearing_de: de - self.bearings().1,
            housing: housing - from,
            coupling: coupling + 0.1 - self.coupling_x(),
            motor: motor - self.motor_x(),
        }
    }
}

/// Shifts along the shaft, m.
pub struct Order {
    /// Volute casing.
    pub casing: f64,
    /// Impeller.
    pub impeller: f64,
    /// Shaft seal.
    pub seal: f64,
    /// Bearing on the impeller side.
    pub bearing_nde: f64,
    /// Bearing on the coupling side.
    pub bearing_de: f64,
    /// Bearing housing.
    pub housing: f64,
    /// Coupling.
    pub coupling: f64,
    /// Motor.
    pub motor: f64,
}

/// Foundation with grout, anchor bolts and base plate with its drip rim.
pub fn base(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (half, wide) = size.base;
    let plate = size.plate();
    let top = plate - 0.13;
    let block =
        |top: f64, grow: f64| ([0.0, (top - size.shaft) / 2.0 - 0.05, 0.0], [half * 2.0 + grow, size.shaft + top + 0.1, wide * 2.0 + grow]);
    let (centre, extent) = block(top, 0.3);
    shape.bevelled(Tone::Concrete, centre, extent, 0.04);
    shape.bevelled(Tone::Concrete, [0.0, top + 0.012, 0.0], [half * 2.0 + 0.08, 0.03, wide * 2.0 + 0.08], 0.012);
    for z in [-1.0, 1.0] {
        shape.girder(Tone::Steel, [-half, plate - 0.06, z * (wide - 0.05)], [half, plate - 0.06, z * (wide - 0.05)], 0.09, 0.11);
    }
    for x in [-half + 0.03, size.casing_x() + 0.3, size.motor_x(), half - 0.03] {
        shape.block(Tone::Steel, [x, plate - 0.06, 0.0], [0.06, 0.1, wide * 2.0 - 0.1]);
    }
    shape.bevelled(Tone::Steel, [0.0, plate - 0.008, 0.0], [half * 2.0 + 0.02, 0.016, wide * 2.0 + 0.02], 0.004);
    for x in [-half + 0.1, 0.0, half - 0.1] {
        for &z in shape.pick(&[][..], &[-1.0, 1.0]) {
            let at = [x, top + 0.02, z * (wide + 0.02)];
            shape.block(Tone::Steel, ahead(at, Y, 0.02), [0.1, 0.02, 0.08]);
            shape.cylinder(Tone::Machined, at, ahead(at, Y, 0.08), 0.012);
            if shape.is_fine() {
                shape.revolve_with(Tone::Machined, at, Y, &[(0.03, 0.02), (0.05, 0.02), (0.05, 0.0)], 6);
            }
        }
    }
    let (r, len, feet) = (size.motor.0, size.motor.1, size.motor_feet());
    for foot in [size.motor_x() + len * 0.14, size.motor_x() + len * 0.64] {
        shape.bevelled(Tone::Steel, [foot + 0.02, (plate + feet) / 2.0, 0.0], [0.12, feet - plate, r * 2.1], 0.01);
    }
    let (x, c) = (size.casing_x(), size.casing);
    for z in [-1.0, 1.0] {
        let foot = [x, plate, z * c * 0.78];
        shape.bevelled(Tone::Steel, ahead(foot, Y, c * 0.34), [0.12, c * 0.68, c * 0.36], 0.008);
    }
    shape
}

/// Volute with suction and discharge nozzle, back cover and feet.
pub fn casing(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (c, x) = (size.casing, size.casing_x());
    shape.sweep(Tone::Equipment, &volute(&shape, size), true);
    // Side walls of the volute chamber and its bolted back cover.
    shape.revolve(Tone::Equipment, [x, 0.0, 0.0], X, &[(-c * 0.34, 0.0), (-c * 0.34, c * 0.5), (-c * 0.24, c * 0.66), (0.0, c * 0.72)]);
    shape.revolve(
        Tone::Equipment,
        [x, 0.0, 0.0],
        X,
        &[(0.0, c * 0.72), (c * 0.26, c * 0.7), (c * 0.36, c * 0.78), (c * 0.42, c * 0.78), (c * 0.42, 0.0)],
    );
    shape.drum(Tone::EquipmentDark, [x + c * 0.43, 0.0, 0.0], [x + c * 0.56, 0.0, 0.0], c * 0.8, 0.005);
    shape.studs([x + c * 0.48, 0.0, 0.0], X, c * 0.72, 12, c * 0.14, 0.006 + c * 0.02);
    let eye = size.nozzles.0;
    let profile = [(0.0, eye * 1.06), (c * 0.3, eye * 1.1), (c * 0.5, eye * 1.22), (c * 0.72, c * 0.54), (c * 0.85, c * 0.6)];
    shape.revolve(Tone::Equipment, size.suction(), X, &profile);
    shape.flange(Tone::EquipmentDark, ahead(size.suction(), X, 0.02), X, eye);
    shape.flange(Tone::EquipmentDark, ahead(size.discharge(), Y, -0.02), Y, size.nozzles.1);
    for z in [-1.0, 1.0] {
        let foot = [x, size.plate() + c * 0.68 + 0.012, z * c * 0.78];
        shape.bevelled(Tone::Equipment, foot, [0.13, 0.028, c * 0.42], 0.006);
        shape.bevelled(Tone::Equipment, add(foot, [0.0, c * 0.15, -z * c * 0.06]), [0.05, c * 0.3, c * 0.16], 0.008);
        shape.studs(add(foot, [0.0, 0.0, z * c * 0.14]), Y, 0.001, 1, 0.03, 0.011);
    }
    shape.cylinder(Tone::EquipmentDark, [x, -c * 1.06, 0.0], [x, -c * 0.8, 0.0], 0.018);
    gauge(&mut shape, [x + size.nozzles.1 * 0.8, c * 1.3, 0.0], X);
    transmitter(&mut shape, [x - size.nozzles.1 * 0.8, c * 1.34, 0.0], [-1.0, 0.0, 0.0], 0.16);
    name_plate(&mut shape, [x, -c * 0.15, c * 1.1], Z, (c * 0.5, c * 0.28));
    shape
}

/// The line of the volute: a spiral that grows round the impeller and turns up into the discharge.
fn volute(shape: &Shape, size: &PumpSize) -> Vec<(V3, V3, f64)> {
    let (c, x) = (size.casing, size.casing_x());
    let steps = shape.pick(14, 30);
    let section = |share: f64| c * (0.16 + 0.2 * share);
    let reach = |share: f64| c * (0.6 + 0.13 * share);
    let mut line: Vec<(V3, V3, f64)> = (0..=steps)
        .map(|i| {
            let share = i as f64 / steps as f64;
            let angle = -std::f64::consts::TAU * 0.9 * (1.0 - share);
            let (cos, sin) = cos_sin(angle);
            let at = add([x, 0.0, 0.0], scale(across_x(angle), reach(share)));
            (at, [0.0, cos, -sin], section(share))
        })
        .collect();
    // The throat swings back over the shaft to the discharge flange.
    let (from, to) = ([x, 0.0, reach(1.0)], size.discharge());
    let rise = to[1];
    for i in 1..=shape.pick(5, 9) {
        let s = f64::from(i) / f64::from(shape.pick(5, 9));
        let ease = s * s * (3.0 - 2.0 * s);
        let slope = 6.0 * s * (1.0 - s);
        let at = [x, rise * s, from[2] * (1.0 - ease)];
        let along = unit([0.0, rise, -from[2] * slope]);
        line.push((at, along, section(1.0) + (size.nozzles.1 * 1.04 - section(1.0)) * ease));
    }
    line
}

/// Housing of the two bearings between casing and coupling, with feet, oil cup, probes and lantern.
pub fn bearing_housing(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let c = size.casing;
    let (from, to) = size.housing();
    let len = to - from;
    let profile = [
        (0.0, 0.0),
        (0.0, c * 0.7),
        (len * 0.07, c * 0.7),
        (len * 0.08, c * 0.56),
        (len * 0.2, c * 0.5),
        (len * 0.3, c * 0.36),
        (len * 0.34, c * 0.46),
        (len * 0.5, c * 0.46),
        (len * 0.53, c * 0.4),
        (len * 0.76, c * 0.4),
        (len * 0.79, c * 0.46),
        (len * 0.95, c * 0.46),
        (len * 0.96, c * 0.4),
        (len, c * 0.34),
        (len, 0.0),
    ];
    shape.revolve(Tone::EquipmentDark, [from, 0.0, 0.0], X, &profile);
    shape.studs([from + len * 0.95, 0.0, 0.0], X, c * 0.42, 6, 0.018, 0.007);
    for i in 0..shape.pick(0, 5) {
        let x = from + len * (0.56 + 0.045 * f64::from(i));
        shape.ring(Tone::EquipmentDark, [x, 0.0, 0.0], X, (c * 0.38, c * 0.48), 0.005);
    }
    shape.blade(Tone::EquipmentDark, &[[to - len * 0.16, size.plate(), 0.0], [to - len * 0.16, -c * 0.3, 0.0]], [0.05, 0.0, 0.0], c * 0.34);
    shape.bevelled(Tone::EquipmentDark, [to - len * 0.16 + 0.025, size.plate() + 0.01, 0.0], [0.1, 0.02, c * 0.8], 0.004);
    let (nde, de) = size.bearings();
    for x in [nde, de] {
        // Temperature probe above, vibration probe at the side, both with their cables to the base plate.
        shape.cylinder(Tone::Machined, [x, c * 0.38, -c * 0.1], [x, c * 0.66, -c * 0.16], 0.009);
        tube(&mut shape, [x, c * 0.66, -c * 0.16], [x + 0.03, size.plate(), -size.base.1 + 0.05], 0.005);
        shape.cylinder(Tone::Machined, [x, c * 0.2, c * 0.34], [x, c * 0.26, c * 0.58], 0.014);
        tube(&mut shape, [x, c * 0.26, c * 0.58], [x + 0.05, size.plate(), size.base.1 - 0.04], 0.005);
    }
    shape.cylinder(Tone::Plate, [(nde + de) / 2.0, -c * 0.05, c * 0.36], [(nde + de) / 2.0, -c * 0.05, c * 0.44], c * 0.1);
    shape.drum(Tone::EquipmentDark, [(nde + de) / 2.0, c * 0.36, 0.0], [(nde + de) / 2.0, c * 0.6, 0.0], c * 0.1, 0.005);
    shape
}

/// Shaft from impeller to coupling with its steps, around the middle of the coupling.
pub fn shaft(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.shaft_radius();
    let (nde, de) = size.bearings();
    let origin = size.coupling_x();
    let at = |x: f64| x - origin;
    let nose = at(size.casing_x() - size.casing * 0.3);
    let profile = [
        (nose, 0.0),
        (nose, r * 0.55),
        (nose + 0.03, r * 0.62),
        (at(size.casing_x() + size.casing * 0.2), r * 0.8),
        (at(size.seal_x()) - 0.04, r * 0.8),
        (at(size.seal_x()) - 0.04, r),
        (at(nde) + 0.02, r),
        (at(nde) + 0.02, r * 1.25),
        (at(de) - 0.02, r * 1.25),
        (at(de) - 0.02, r),
        (at(de) + 0.06, r),
        (at(de) + 0.06, r * 0.86),
        (-0.02, r * 0.86),
        (-0.02, 0.0),
    ];
    shape.revolve(Tone::Machined, [0.0; 3], X, &profile);
    shape.block(Tone::Dark, [-0.07, r * 0.88, 0.0], [0.06, r * 0.3, r * 0.5]);
    shape
}

/// Elastic coupling with its claws and bolts, around its middle.
pub fn coupling(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.casing * 0.4;
    for side in [-1.0, 1.0] {
        let at = |d: f64| [side * d, 0.0, 0.0];
        shape.drum(Tone::EquipmentDark, at(0.04), at(0.1), r * 0.62, 0.004);
        shape.drum(Tone::EquipmentDark, at(0.012), at(0.045), r, 0.004);
    }
    shape.cylinder(Tone::Dark, [-0.012, 0.0, 0.0], [0.012, 0.0, 0.0], r * 0.9);
    for i in 0..6 {
        let radial = across_x(turn(i, 6));
        let at = scale(radial, r * 0.78);
        shape.cylinder(Tone::Machined, ahead(at, X, -0.058), ahead(at, X, 0.058), 0.008 + r * 0.03);
    }
    shape
}

/// Guard over the coupling: an arch of slotted sheet on feet.
pub fn guard(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (from, to) = (size.housing().1 + 0.012, size.motor_x() - 0.006);
    let r = size.casing * 0.56;
    let plate = size.plate();
    let steps = shape.pick(6, 12);
    let mut path: Vec<V3> = vec![[from, plate, r]];
    path.extend((0..=steps).map(|i| add([from, 0.0, 0.0], scale(across_x(std::f64::consts::PI * i as f64 / steps as f64), r))));
    path.push([from, plate, -r]);
    let width = to - from;
    let strips = shape.pick(1, 7);
    let strip = width / strips as f64;
    for i in 0..strips {
        let shift = [strip * i as f64, 0.0, 0.0];
        let moved: Vec<V3> = path.iter().map(|&at| add(at, shift)).collect();
        shape.blade(Tone::AccentRail, &moved, [strip * if strips > 1 { 0.68 } else { 1.0 }, 0.0, 0.0], 0.003);
    }
    for x in [from, to - 0.02] {
        let moved: Vec<V3> = path.iter().map(|&at| [x, at[1] * 1.0 + 0.004, at[2] * 1.03]).collect();
        shape.blade(Tone::AccentRail, &moved, [0.02, 0.0, 0.0], 0.004);
    }
    for z in [-1.0, 1.0] {
        shape.block(Tone::AccentRail, [(from + to) / 2.0, plate + 0.003, z * (r + 0.02)], [width, 0.006, 0.05]);
    }
    shape
}

/// Motor with cooling fins, feet, terminal box, lifting eye and fan cover.
pub fn motor(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let (r, len) = size.motor;
    let x = size.motor_x();
    let core = r * 0.84;
    let tone = Tone::EquipmentDark;
    shape.cylinder(tone, [x + 0.03, 0.0, 0.0], [x + len * 0.78, 0.0, 0.0], core);
    // End shields, the front one with the shaft.
    shape.revolve(
        tone,
        [x, 0.0, 0.0],
        X,
        &[(0.0, r * 0.3), (0.0, r * 0.55), (0.02, r * 0.62), (0.035, r * 0.93), (0.07, r * 0.95), (0.07, core)],
    );
    shape.cylinder(Tone::Machined, [x - 0.09, 0.0, 0.0], [x + 0.01, 0.0, 0.0], r * 0.17);
    shape.ring(tone, [x + len * 0.73, 0.0, 0.0], X, (core, r * 0.95), 0.04);
    // Fan cover with its air inlet.
    let back = x + len;
    let cover = [(-len * 0.22, r * 0.98), (-0.035, r * 0.98), (-0.01, r * 0.9), (0.0, r * 0.8), (0.0, r * 0.68)];
    shape.revolve(tone, [back, 0.0, 0.0], X, &cover);
    shape.revolve(Tone::Dark, [back - 0.006, 0.0, 0.0], X, &[(0.0, r * 0.68), (0.0, 0.0)]);
    for &share in shape.pick(&[0.4][..], &[0.16, 0.32, 0.48, 0.62]) {
        shape.ring(tone, [back - 0.007, 0.0, 0.0], X, (r * share, r * (share + 0.05)), 0.007);
    }
    for i in 0..4 {
        let radial = across_x(turn(2 * i + 1, 8));
        shape.oriented_block(
            tone,
            ahead([back - 0.003, 0.0, 0.0], radial, r * 0.4),
            [X, radial, cross(X, radial)],
            [0.004, r * 0.3, 0.005],
            0.0,
        );
    }
    let fins = shape.pick(14, 36);
    for i in 0..fins {
        let radial = across_x(turn(2 * i + 1, 2 * fins));
        // No fins under the terminal box and between the feet.
        if radial[1] > 0.86 || radial[1] < -0.9 {
            continue;
        }
        let centre = add([x + len * 0.4, 0.0, 0.0], scale(radial, core + r * 0.045));
        shape.oriented_block(tone, centre, [X, radial, cross(X, radial)], [len * 0.335, r * 0.065, 0.0028], 0.0);
    }
    terminal_box(&mut shape, [x + len * 0.3, r * 0.84, 0.0], r);
    shape.torus(tone, [x + len * 0.58, r * 1.08, 0.0], Z, r * 0.16, 0.008);
    for foot in [x + len * 0.14, x + len * 0.64] {
        for z in [-1.0, 1.0] {
            let at = [foot, size.motor_feet(), z * r * 0.8];
            shape.bevelled(tone, ahead(at, Y, 0.014), [0.11, 0.028, r * 0.5], 0.007);
            shape.blade(tone, &[ahead(at, Y, 0.02), [foot, -r * 0.4, z * r * 0.66]], [0.05, 0.0, 0.0], r * 0.24);
            shape.studs(ahead(at, Z, z * r * 0.1), Y, 0.001, 1, 0.05, 0.01);
        }
    }
    name_plate(&mut shape, [x + len * 0.45, r * 0.3, r * 0.93], Z, (0.11, 0.06));
    shape
}

/// Terminal box on top of the motor with its glands and cables down to the plate.
fn terminal_box(shape: &mut Shape, at: V3, r: f64) {
    let tone = Tone::EquipmentDark;
    shape.bevelled(tone, ahead(at, Y, r * 0.12), [0.17, r * 0.3, r * 0.9], 0.006);
    shape.bevelled(tone, ahead(at, Y, r * 0.42), [0.22, r * 0.36, r * 1.15], 0.012);
    shape.bevelled(tone, ahead(at, Y, r * 0.62), [0.23, 0.02, r * 1.2], 0.006);
    for &x in shape.pick(&[][..], &[-0.05, 0.05]) {
        let gland = add(at, [x, r * 0.42, -r * 0.58]);
        shape.drum(Tone::Machined, gland, ahead(gland, Z, -0.04), 0.02, 0.004);
        let end = [gland[0], -r * 1.6, -r * 1.5];
        shape.bent(Tone::Dark, &[gland, ahead(gland, Z, -0.12), [end[0], end[1] + 0.1, end[2]], ahead(end, DOWN, 0.1)], 0.01, 0.12);
    }
}

/// Deep-groove ball bearing around its middle.
pub fn bearing(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let inner = size.shaft_radius();
    let outer = size.casing * 0.38;
    let half = size.casing * 0.12;
    let wall = (outer - inner) * 0.24;
    let from = [-half, 0.0, 0.0];
    shape.ring(Tone::Machined, from, X, (outer - wall, outer), 2.0 * half);
    shape.ring(Tone::Machined, from, X, (inner, inner + wall), 2.0 * half);
    let middle = (inner + outer) / 2.0;
    shape.ring(Tone::AccentRail, [-half * 0.3, 0.0, 0.0], X, (middle - wall * 0.3, middle + wall * 0.3), half * 0.6);
    for i in 0..8 {
        shape.ball(Tone::Machined, scale(across_x(turn(i, 8)), middle), (outer - inner) / 2.0 - wall * 0.8);
    }
    shape
}

/// Mechanical seal: gland plate, stationary and rotating ring, spring and drive collar, around its middle.
pub fn seal(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let r = size.shaft_radius();
    let w = size.casing * 0.1;
    let ring = |shape: &mut Shape, tone: Tone, x: f64, radii: (f64, f64), width: f64| {
        shape.ring(tone, [x * w, 0.0, 0.0], X, (radii.0 * r, radii.1 * r), width * w);
    };
    ring(&mut shape, Tone::EquipmentDark, 1.3, (1.25, 3.1), 0.7);
    ring(&mut shape, Tone::Dark, 0.7, (1.15, 1.75), 0.6);
    ring(&mut shape, Tone::Machined, 0.0, (1.1, 1.85), 0.7);
    shape.coil(Tone::Machined, [-1.5 * w, 0.0, 0.0], 1.5 * w, r * 1.5, r * 0.12, 3.0);
    ring(&mut shape, Tone::Machined, -2.2, (1.02, 1.8), 0.7);
    shape.studs([1.65 * w, 0.0, 0.0], X, r * 2.7, 4, w * 0.8, r * 0.22);
    shape
}

/// Impeller with back shroud, curved vanes, hub and eye ring, around its own centre; the eye looks west.
pub fn impeller(detail: Detail, size: &PumpSize) -> Shape {
    let mut shape = Shape::new(detail);
    let c = size.casing;
    let r = c * 0.5;
    let back = [
        (0.0, 0.0),
        (0.0, r * 0.2),
        (c * 0.07, r * 0.55),
        (c * 0.09, r),
        (c * 0.12, r),
        (c * 0.12, r * 0.3),
        (c * 0.24, r * 0.28),
        (c * 0.24, 0.0),
    ];
    shape.revolve(Tone::Machined, [-c * 0.06, 0.0, 0.0], X, &back);
    shape.revolve(Tone::Machined, [-c * 0.24, 0.0, 0.0], X, &[(0.0, 0.0), (0.0, r * 0.16), (c * 0.05, r * 0.22), (c * 0.24, r * 0.24)]);
    let steps = shape.pick(5, 10);
    for i in 0..6 {
        let start = turn(i, 6);
        let path: Vec<V3> = (0..=steps)
            .map(|k| {
                let share = f64::from(k) / f64::from(steps);
                let radius = r * (0.34 + 0.65 * share);
                add([c * 0.03, 0.0, 0.0], scale(across_x(start - 1.7 * share), radius))
            })
            .collect();
        shape.blade(Tone::Machined, &path, [-c * 0.2, 0.0, 0.0], c * 0.035);
    }
    // Front shroud, left away near the rim so that the vanes can be seen.
    let front = [(0.0, r * 0.5), (0.0, r * 0.58), (c * 0.1, r * 0.6), (c * 0.13, r * 0.78)];
    shape.revolve(Tone::Machined, [-c * 0.32, 0.0, 0.0], X, &front);
    shape.revolve(Tone::Machined, [-c * 0.32, 0.0, 0.0], X, &[(c * 0.13, r * 0.76), (c * 0.12, r * 0.56), (0.0, r * 0.5)]);
    shape
}
