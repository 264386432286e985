//! Vessels: how much stands in them at a height, and what the gas above it does.

use core::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

use crate::sheet::{ParameterSheet, PointSheet, Sheet};

/// Molar gas constant, J/(mol·K). Source: CODATA 2018, exact.
pub const GAS_CONSTANT_J_MOL_K: f64 = 8.314_462_618_153_24;

/// The end of a cylinder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// A plate, or the floor of a tank.
    Flat,
    /// Half an ellipsoid, a quarter of the diameter deep (2:1).
    Elliptical,
    /// Half a sphere.
    Hemispherical,
}

impl Head {
    /// Depth over the diameter of the cylinder.
    pub const fn depth_share(self) -> f64 {
        match self {
            Self::Flat => 0.0,
            Self::Elliptical => 0.25,
            Self::Hemispherical => 0.5,
        }
    }
}

/// Inner shape of a vessel. Lengths in m; heights count from its lowest inner point.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A standing cylinder; its length is that of the cylindrical part.
    Upright {
        /// Inner diameter.
        diameter_m: f64,
        /// Between the tangent lines.
        length_m: f64,
        /// Lower end.
        bottom: Head,
        /// Upper end.
        top: Head,
    },
    /// A lying cylinder with two equal ends.
    Lying {
        /// Inner diameter.
        diameter_m: f64,
        /// Between the tangent lines.
        length_m: f64,
        /// Both ends.
        ends: Head,
    },
    /// A sphere.
    Sphere {
        /// Inner diameter.
        diameter_m: f64,
    },
    /// A basin with straight walls.
    Rectangular {
        /// Cross-section, m².
        area_m2: f64,
        /// From the floor to the rim.
        height_m: f64,
    },
    /// A calibration table, straight between its rows.
    Table(VolumeTable),
}

/// Heights in m with the volumes in m³ below them, both rising from zero.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeTable(Vec<[f64; 2]>);

impl VolumeTable {
    /// Rows of height and volume.
    ///
    /// # Errors
    /// Says which row is wrong: the first has to be 0 m and 0 m³, and both columns have to rise.
    pub fn new(rows: Vec<[f64; 2]>) -> Result<Self, String> {
        let Some(&[height_m, volume_m3]) = rows.first() else {
            return Err("a volume table needs two rows of height and volume".to_owned());
        };
        if height_m != 0.0 || volume_m3 != 0.0 {
            return Err(format!("row 1 of a volume table is 0 m and 0 m³, not {height_m} m and {volume_m3} m³"));
        }
        if rows.len() < 2 {
            return Err("a volume table needs a second row".to_owned());
        }
        for (index, pair) in rows.windows(2).enumerate() {
            if let [[low_m, low_m3], [high_m, high_m3]] = *pair {
                let rises = high_m > low_m && high_m3 > low_m3 && high_m.is_finite() && high_m3.is_finite();
                if !rises {
                    return Err(format!("row {} of the volume table has to stand above row {}", index + 2, index + 1));
                }
            }
        }
        Ok(Self(rows))
    }

    fn last(&self) -> [f64; 2] {
        self.0.last().copied().unwrap_or([0.0, 0.0])
    }

    /// The rows around a place in one column, which is 0 for heights and 1 for volumes.
    fn around(&self, place: f64, of: fn(&[f64; 2]) -> f64) -> Option<([f64; 2], [f64; 2])> {
        let above = self.0.partition_point(|row| of(row) <= place).clamp(1, self.0.len().max(2) - 1);
        Some((*self.0.get(above - 1)?, *self.0.get(above)?))
    }

    fn volume_m3(&self, height_m: f64) -> f64 {
        self.around(height_m, |row| row[0])
            .map_or(0.0, |(low, high)| low[1] + (high[1] - low[1]) * ((height_m - low[0]) / (high[0] - low[0])))
    }

    fn height_m(&self, volume_m3: f64) -> f64 {
        self.around(volume_m3, |row| row[1])
            .map_or(0.0, |(low, high)| low[0] + (high[0] - low[0]) * ((volume_m3 - low[1]) / (high[1] - low[1])))
    }

    fn surface_m2(&self, height_m: f64) -> f64 {
        self.around(height_m, |row| row[0]).map_or(0.0, |(low, high)| (high[1] - low[1]) / (high[0] - low[0]))
    }
}

impl Shape {
    /// Inner height, m.
    pub fn inner_height_m(&self) -> f64 {
        match self {
            Self::Upright { diameter_m, length_m, bottom, top } => length_m + diameter_m * (bottom.depth_share() + top.depth_share()),
            Self::Lying { diameter_m, .. } | Self::Sphere { diameter_m } => *diameter_m,
            Self::Rectangular { height_m, .. } => *height_m,
            Self::Table(table) => table.last()[0],
        }
    }

    /// Volume filled to the top, m³.
    pub fn full_m3(&self) -> f64 {
        self.volume_m3(self.inner_height_m())
    }

    /// Volume below a height, m³; heights outside the vessel count as its ends.
    ///
    /// Source: circular segment and ellipsoidal cap, e.g. Perry's Chemical Engineers' Handbook, §10, volume of tanks.
    pub fn volume_m3(&self, height_m: f64) -> f64 {
        let height = height_m.clamp(0.0, self.inner_height_m());
        match self {
            Self::Upright { diameter_m, length_m, bottom, top } => {
                let floor = FRAC_PI_4 * diameter_m * diameter_m;
                let (below, above) = (diameter_m * bottom.depth_share(), diameter_m * top.depth_share());
                let in_bottom = if below > 0.0 { cap_m3(floor, below, height.min(below)) } else { 0.0 };
                let in_shell = floor * (height - below).clamp(0.0, *length_m);
                let in_top = (height - below - length_m).clamp(0.0, above);
                let rest = if above > 0.0 { cap_m3(floor, above, above) - cap_m3(floor, above, above - in_top) } else { 0.0 };
                in_bottom + in_shell + rest
            }
            Self::Lying { diameter_m, length_m, ends } => {
                let y = height / diameter_m;
                let segment = libm::acos(1.0 - 2.0 * y) - 2.0 * (1.0 - 2.0 * y) * (y - y * y).max(0.0).sqrt();
                length_m * diameter_m * diameter_m / 4.0 * segment.max(0.0) + ends.depth_share() * 4.0 * ellipsoid_m3(*diameter_m, y)
            }
            Self::Sphere { diameter_m } => 2.0 * ellipsoid_m3(*diameter_m, height / diameter_m),
            Self::Rectangular { area_m2, .. } => area_m2 * height,
            Self::Table(table) => table.volume_m3(height),
        }
    }

    /// Liquid surface at a height, m²: the derivative of the volume. Zero where a rounded end closes.
    pub fn surface_m2(&self, height_m: f64) -> f64 {
        let height = height_m.clamp(0.0, self.inner_height_m());
        match self {
            Self::Upright { diameter_m, length_m, bottom, top } => {
                let floor = FRAC_PI_4 * diameter_m * diameter_m;
                let (below, above) = (diameter_m * bottom.depth_share(), diameter_m * top.depth_share());
                // Distance into an end, as a share of its depth.
                let into = if height < below {
                    1.0 - height / below
                } else if height > below + length_m && above > 0.0 {
                    (height - below - length_m) / above
                } else {
                    0.0
                };
                floor * (1.0 - into * into).max(0.0)
            }
            Self::Lying { diameter_m, length_m, ends } => {
                let y = height / diameter_m;
                let root = (y - y * y).max(0.0);
                2.0 * length_m * diameter_m * root.sqrt() + ends.depth_share() * 4.0 * FRAC_PI_2 * diameter_m * diameter_m * root
            }
            Self::Sphere { diameter_m } => PI * height * (diameter_m - height).max(0.0),
            Self::Rectangular { area_m2, .. } => *area_m2,
            Self::Table(table) => table.surface_m2(height),
        }
    }

    /// Height that belongs to a volume, m, the inverse of [`Self::volume_m3`]; volumes outside the vessel give its ends.
    pub fn height_m(&self, volume_m3: f64) -> f64 {
        let top = self.inner_height_m();
        if volume_m3 >= self.full_m3() {
            return top;
        }
        if volume_m3.is_nan() || volume_m3 <= 0.0 {
            return 0.0;
        }
        match self {
            Self::Rectangular { area_m2, .. } => volume_m3 / area_m2,
            Self::Table(table) => table.height_m(volume_m3),
            _ => self.search_m(volume_m3, top),
        }
    }

    /// Newton's method kept inside a bracket that halves when a step would leave it.
    fn search_m(&self, volume_m3: f64, top_m: f64) -> f64 {
        let (mut low, mut high) = (0.0, top_m);
        let mut height = top_m * (volume_m3 / self.full_m3());
        for _ in 0..100 {
            let error = self.volume_m3(height) - volume_m3;
            if error > 0.0 {
                high = height;
            } else {
                low = height;
            }
            let newton = height - error / self.surface_m2(height);
            let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
            let moved = (next - height).abs();
            height = next;
            if moved <= 1e-15 * top_m {
                break;
            }
        }
        height
    }
}

/// Volume of the lowest `height_m` of half an ellipsoid that stands on its pole: base `floor_m2`, depth `depth_m`.
fn cap_m3(floor_m2: f64, depth_m: f64, height_m: f64) -> f64 {
    let y = height_m / depth_m;
    floor_m2 * depth_m * y * y * (1.0 - y / 3.0)
}

/// Volume up to a share `y` of the height of the ellipsoid whose third axis is half of its diameter.
fn ellipsoid_m3(diameter_m: f64, y: f64) -> f64 {
    PI * diameter_m * diameter_m * diameter_m / 12.0 * y * y * (3.0 - 2.0 * y)
}

/// Gas above a liquid, isothermal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blanket {
    /// Amount of gas, mol.
    pub gas_mol: f64,
    /// Its temperature, K.
    pub gas_k: f64,
}

impl Blanket {
    /// The gas that fills `gas_m3` at a pressure in Pa absolute.
    pub fn at(pressure_pa: f64, gas_k: f64, gas_m3: f64) -> Self {
        Self { gas_mol: pressure_pa * gas_m3 / (GAS_CONSTANT_J_MOL_K * gas_k), gas_k }
    }

    /// Pressure in Pa absolute in a space of `gas_m3`, which is never taken as less than `least_m3`.
    ///
    /// Source: ideal gas.
    pub fn pressure_pa(&self, gas_m3: f64, least_m3: f64) -> f64 {
        self.gas_mol * GAS_CONSTANT_J_MOL_K * self.gas_k / gas_m3.max(least_m3)
    }

    /// Rise of the gas pressure with liquid that comes in, Pa/kg: p / (V·ρ), the derivative of the ideal gas law.
    pub fn stiffness_pa_kg(&self, gas_m3: f64, least_m3: f64, density_kg_m3: f64) -> f64 {
        self.pressure_pa(gas_m3, least_m3) / (gas_m3.max(least_m3) * density_kg_m3)
    }
}

/// What the plant file may say about a closed vessel.
pub const SHEET: Sheet = Sheet {
    kind: "vessel",
    title: "Closed vessel",
    summary: "A vessel of any usual shape with a liquid under a cushion of gas.",
    equations: &[
        "lying: V = L·D²/4·[acos(1 − 2y) − 2·(1 − 2y)·√(y − y²)] + c·π·D³/12·y²·(3 − 2y), y = h/D, c = 0 flat, 1 elliptical, 2 hemispherical",
        "upright: V = π·D²/4·[d·z²·(1 − z/3) + h_shell], z = height in the bottom end over its depth d = 0, D/4 or D/2; the top end mirrored",
        "p = n·R·T / (V_full − V), dp/dm = p / (ρ·(V_full − V))",
    ],
    parameters: &[
        ParameterSheet::required("diameter_m", "m", (1e-3, 100.0), "1 to 4", "Inner diameter, D."),
        ParameterSheet::required("length_m", "m", (0.0, 200.0), "2 to 12", "Length between the tangent lines, L."),
        ParameterSheet::usual("least_gas_m3", "m³", 0.02, (1e-6, 1e3), "0.1 % of the volume", "The gas space is never taken as less."),
        ParameterSheet::usual("gas_k", "K", 313.15, (200.0, 500.0), "293 to 330", "Temperature of the gas."),
        ParameterSheet::malfunction("leak_m2", "m²", 0.0, (0.0, 1.0), "Area of a hole at the bottom, discharge coefficient included."),
    ],
    points: &[
        PointSheet::new("height_m", "m", "Liquid height above the lowest inner point."),
        PointSheet::new("volume_m3", "m³", "Liquid volume."),
        PointSheet::new("gas_pa", "Pa", "Gas pressure, absolute."),
    ],
    validity: "Isothermal ideal gas, nothing dissolved; no internals; wall thickness and slope of the vessel left out.",
    sources: &["Perry's Chemical Engineers' Handbook, §10: volumes of partly filled tanks", "Ideal gas law, R of CODATA 2018"],
};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const V101: Shape = Shape::Lying { diameter_m: 2.4, length_m: 6.0, ends: Head::Elliptical };

    #[test]
    fn a_lying_drum_has_the_volume_table_of_its_data_sheet() {
        let table = [
            (0.0, 1.15),
            (10.0, 3.24),
            (20.0, 5.87),
            (30.0, 8.86),
            (40.0, 12.07),
            (50.0, 15.38),
            (60.0, 18.70),
            (70.0, 21.90),
            (75.0, 23.43),
            (80.0, 24.89),
            (90.0, 27.52),
            (100.0, 29.61),
        ];
        for (level_pct, volume_m3) in table {
            let volume = V101.volume_m3(0.20 + 2.00 * level_pct / 100.0);
            assert!((volume - volume_m3).abs() < 0.0051, "{level_pct} %: {volume} m³");
        }
        assert!((V101.full_m3() - 30.76).abs() < 0.0051);
    }

    #[test]
    fn full_vessels_have_the_volumes_of_geometry() {
        let (d, l) = (1.8_f64, 3.1_f64);
        let shell = FRAC_PI_4 * d * d * l;
        let ball = PI * d * d * d / 6.0;
        let upright = |bottom, top| Shape::Upright { diameter_m: d, length_m: l, bottom, top };
        let lying = |ends| Shape::Lying { diameter_m: d, length_m: l, ends };
        for (shape, expected) in [
            (upright(Head::Flat, Head::Flat), shell),
            (upright(Head::Hemispherical, Head::Flat), shell + ball / 2.0),
            (upright(Head::Elliptical, Head::Hemispherical), shell + ball / 4.0 + ball / 2.0),
            (lying(Head::Flat), shell),
            (lying(Head::Elliptical), shell + ball / 2.0),
            (lying(Head::Hemispherical), shell + ball),
            (Shape::Sphere { diameter_m: d }, ball),
            (Shape::Rectangular { area_m2: 42.0, height_m: 1.2 }, 50.4),
        ] {
            assert!((shape.full_m3() / expected - 1.0).abs() < 1e-14, "{shape:?}: {} for {expected}", shape.full_m3());
        }
    }

    #[test]
    fn a_table_that_does_not_rise_is_refused_with_its_row() {
        assert_eq!(
            VolumeTable::new(vec![[0.0, 0.0], [1.0, 2.0], [1.0, 3.0]]).unwrap_err(),
            "row 3 of the volume table has to stand above row 2"
        );
        for rows in [
            vec![],
            vec![[0.0, 0.0]],
            vec![[0.1, 0.0], [1.0, 1.0]],
            vec![[0.0, 0.0], [f64::NAN, 1.0]],
            vec![[0.0, 0.0], [1.0, f64::INFINITY]],
        ] {
            assert!(VolumeTable::new(rows).is_err());
        }
    }

    #[test]
    fn gas_pressed_to_half_its_space_has_twice_the_pressure_and_its_stiffness_is_the_derivative() {
        let gas = Blanket::at(1.4e5, 313.15, 10.0);
        assert!((gas.pressure_pa(5.0, 0.02) / 2.8e5 - 1.0).abs() < 1e-14);
        let (density, step_kg) = (970.0, 1e-3);
        let after = gas.pressure_pa(5.0 - step_kg / density, 0.02) - gas.pressure_pa(5.0 + step_kg / density, 0.02);
        assert!((after / (2.0 * step_kg) / gas.stiffness_pa_kg(5.0, 0.02, density) - 1.0).abs() < 1e-6);
        assert_eq!(gas.pressure_pa(-1.0, 0.02), gas.pressure_pa(0.02, 0.02));
    }

    fn shapes() -> impl Strategy<Value = Shape> {
        let head = || prop_oneof![Just(Head::Flat), Just(Head::Elliptical), Just(Head::Hemispherical)];
        let size = || 0.1..10.0_f64;
        prop_oneof![
            (size(), size(), head(), head()).prop_map(|(diameter_m, length_m, bottom, top)| Shape::Upright {
                diameter_m,
                length_m,
                bottom,
                top
            }),
            (size(), size(), head()).prop_map(|(diameter_m, length_m, ends)| Shape::Lying { diameter_m, length_m, ends }),
            size().prop_map(|diameter_m| Shape::Sphere { diameter_m }),
            (size(), size()).prop_map(|(area_m2, height_m)| Shape::Rectangular { area_m2, height_m }),
            prop::collection::vec((0.01..2.0_f64, 0.01..5.0_f64), 1..8).prop_map(|steps| {
                let mut rows = vec![[0.0, 0.0]];
                for (rise, gain) in steps {
                    let [height, volume] = rows[rows.len() - 1];
                    rows.push([height + rise, volume + gain]);
                }
                Shape::Table(VolumeTable::new(rows).unwrap())
            }),
        ]
    }

    proptest! {
        #[test]
        fn height_and_volume_are_inverse_to_each_other(shape in shapes(), share in 0.0..=1.0_f64) {
            let full = shape.full_m3();
            let volume = full * share;
            let height = shape.height_m(volume);
            prop_assert!((shape.volume_m3(height) - volume).abs() <= 1e-12 * full, "{height} m");
            // Near a rounded end a height has no sharp volume: compared where the surface is a real one.
            let inner = shape.inner_height_m();
            let height = inner * (0.02 + 0.96 * share);
            prop_assert!((shape.height_m(shape.volume_m3(height)) - height).abs() <= 1e-12 * inner);
        }

        #[test]
        fn the_surface_is_the_derivative_of_the_volume(shape in shapes(), share in 0.01..0.99_f64) {
            let inner = shape.inner_height_m();
            let (height, h) = (inner * share, inner * 1e-6);
            let (low, high) = (shape.surface_m2(height - h), shape.surface_m2(height + h));
            // Only where the surface has no step, as at the rows of a table.
            prop_assume!((high - low).abs() <= 1e-3 * high);
            let numeric = (shape.volume_m3(height + h) - shape.volume_m3(height - h)) / (2.0 * h);
            prop_assert!((numeric / shape.surface_m2(height) - 1.0).abs() < 1e-3, "{numeric}");
        }

        #[test]
        fn no_height_or_volume_is_out_of_bounds(shape in shapes(), any in prop::num::f64::ANY) {
            let (full, inner) = (shape.full_m3(), shape.inner_height_m());
            let height = shape.height_m(any);
            prop_assert!((0.0..=inner).contains(&height));
            if !any.is_nan() {
                prop_assert!((0.0..=full * (1.0 + 1e-12)).contains(&shape.volume_m3(any)));
                prop_assert!(shape.surface_m2(any) >= 0.0);
            }
        }
    }
}
