//! The lines of Unit 100 from nozzle to nozzle, most of them over the pipe rack.

use super::equipment::{P_101_HEADER_AT, P_101A_AT, P_102_AT, P_201_HEADER_AT, P_201A_AT, P_201B_AT, turned};
use serde_json::json;

use super::line::{DN15, DN25, DN50, DN65, DN100, DN125, DN150, DN200, DN250, JACKET, Line, Support};
use super::mesh::{Detail, Shape, Tone};
use super::pumps::{P_101, P_102, P_201};
use super::scene::{Node, NodeId, Scene};
use super::steel::{sleeper, stand};
use super::vec3::{NORTH, V3, X, Y, Z, add};

/// Adds every line below `piping`.
pub fn add_lines(scene: &mut Scene, piping: NodeId) {
    let detail = scene.detail();
    let groups = [
        feed_lines(detail),
        cooled_lines(detail),
        product_lines(detail),
        gas_lines(detail),
        water_lines(detail),
        air_lines(detail),
        through_lines(detail),
    ];
    let mut supports = Shape::new(detail);
    for line in groups.into_iter().flatten() {
        for support in &line.supports {
            match *support {
                Support::Stand { at, level, across, width } => stand(&mut supports, at, level, across, width),
                Support::Sleeper { at, level, along_x } => sleeper(&mut supports, at, level, along_x, 0.6),
            }
        }
        let mut node = Node::named(line.name);
        if !line.flow.is_empty() {
            let radius = (line.radius * 1e4).round() / 1e4;
            node = node.with("twin_flow", line.flow_json()).with("twin_radius_m", json!(radius));
        }
        node.mesh = scene.mesh(line.name, line.shape);
        scene.node(Some(piping), node);
    }
    scene.scenery(piping, "Pipe supports", supports);
    scene.scenery(piping, "Cable tray", cable_tray(detail));
}

/// The same point on the other side of the plant's axis.
fn mirrored([x, y, z]: V3) -> V3 {
    [x, y, -z]
}

/// Feed tank, its pumps and the way to the cooler.
fn feed_lines(detail: Detail) -> Vec<Line> {
    let (tee, header) = (-14.0, P_101_HEADER_AT);
    let mut lines = vec![
        Line::new(detail, "P-1000")
            .hot(DN150, &[[-40.0, 0.6, 1.5], [-25.05, 0.6, 1.5], [-25.05, 7.6, 1.5], [-23.4, 7.6, 1.5], [-23.4, 7.1, 1.5]])
            .gate([-36.0, 0.6, 1.5], X, Y, DN150)
            .meter([-33.0, 0.6, 1.5], X, DN150 + JACKET)
            .sleepers(0.46, false, &[(-38.0, 1.5), (-34.5, 1.5), (-31.0, 1.5), (-27.0, 1.5)]),
        Line::new(detail, "P-1001")
            .bare(DN200, &[[-18.95, 0.8, 0.0], [-18.2, 0.8, 0.0]])
            .hot(DN200, &[[-18.2, 0.8, 0.0], [tee, 0.8, 0.0]])
            .hot(DN200, &[[tee, 0.8, -3.2], [tee, 0.8, 3.2]])
            .flows(&[&[[-18.95, 0.8, 0.0], [tee, 0.8, 0.0], [tee, 0.8, 3.0]], &[[-18.95, 0.8, 0.0], [tee, 0.8, 0.0], [tee, 0.8, -3.0]]])
            .gauges([-16.2, 0.8, 0.0], DN200 + JACKET)
            .gate([-17.4, 0.8, 0.0], X, Y, DN200)
            .flanges(DN200, X, &[[-18.6, 0.8, 0.0]])
            .sleepers(0.64, true, &[(tee, -1.6), (tee, 1.6)]),
    ];
    for (suction, discharge, side) in [("P-1002A", "P-1003A", 1.0), ("P-1002B", "P-1003B", -1.0)] {
        let on = |at: V3| if side > 0.0 { at } else { mirrored(at) };
        let inlet = add(P_101A_AT, P_101.suction());
        let outlet = add(P_101A_AT, P_101.discharge());
        let z = P_101A_AT[2];
        let [x, low, _] = outlet;
        lines.push(
            Line::new(detail, suction)
                .hot(DN150, &[on([tee, 0.8, z]), on([-12.95, 0.8, z])])
                .bare(DN150, &[on([-12.95, 0.8, z]), on([-12.7, 0.8, z])])
                .bare(DN150, &[on([-12.3, 0.8, z]), on([-12.05, 0.8, z])])
                .hot(DN150, &[on([-12.05, 0.8, z]), on([-10.65, 0.8, z])])
                .reducer(on([-10.65, 0.8, z]), X, 0.4, (DN150, DN100))
                .bare(DN100, &[on([-10.3, 0.8, z]), on(inlet)])
                .gate(on([-13.35, 0.8, z]), X, Y, DN150)
                .flanges(DN100, X, &[on([inlet[0] - 0.03, inlet[1], z])])
                .sleepers(0.66, false, &[(-11.4, on([0.0, 0.0, z])[2])]),
        );
        lines.push(
            Line::new(detail, discharge)
                .bare(DN100, &[on([x, low, z]), on([x, 1.45, z])])
                .hot(DN100, &[on([x, 1.45, z]), on([x, 2.1, z]), on([x, 2.1, 0.85]), on([x, 1.2, 0.85]), on([x, 1.2, 0.5])])
                .check(on([x, 2.1, 2.35]), Z, DN100)
                .gate(on([x, 2.1, 1.55]), Z, Y, DN100)
                .flanges(DN100, Y, &[on([x, low + 0.035, z]), on([x, 1.42, z])]),
        );
    }
    lines.push(
        Line::new(detail, "P-1004")
            .hot(
                DN150,
                &[header, [-7.4, 1.2, 0.0], [-7.4, 4.66, 0.0], [-7.4, 4.66, -8.6], [9.6, 4.66, -8.6], [9.6, 4.66, 0.0], [9.6, 2.45, 0.0]],
            )
            .bare(DN150, &[[9.6, 2.5, 0.0], [9.6, 2.15, 0.0]])
            .flanges(DN150, Y, &[[9.6, 2.2, 0.0]])
            .gate([9.6, 3.3, 0.0], Y, Z, DN150)
            .stands(4.52, X, 0.5, &[(-7.4, -4.3), (9.6, -4.2)]),
    );
    let branch_y = 1.72;
    lines.push(
        Line::new(detail, "P-1010")
            .hot(
                DN65,
                &[
                    [-9.6, branch_y, 3.0],
                    [-10.4, branch_y, 3.0],
                    [-10.4, 3.2, 3.0],
                    [-10.4, 3.2, -1.5],
                    [-18.95, 3.2, -1.5],
                    [-18.95, 7.6, -1.5],
                    [-20.4, 7.6, -1.5],
                    [-20.4, 7.05, -1.5],
                ],
            )
            .hot(DN65, &[[-9.6, branch_y, -3.0], [-10.4, branch_y, -3.0], [-10.4, 3.2, -3.0], [-10.4, 3.2, -1.5]])
            .check([-10.02, branch_y, 3.0], X, DN65)
            .check([-10.02, branch_y, -3.0], X, DN65)
            .stands(3.11, Z, 0.4, &[(-14.6, -1.5)])
            .stands(3.11, X, 0.4, &[(-10.4, 0.0)]),
    );
    lines
}

/// Cooler, flow valve, surge drum.
fn cooled_lines(detail: Detail) -> Vec<Line> {
    vec![
        Line::new(detail, "P-1005")
            .bare(
                DN150,
                &[
                    [14.2, 2.15, 0.0],
                    [14.2, 4.6, 0.0],
                    [14.2, 4.6, -8.6],
                    [26.8, 4.6, -8.6],
                    [26.8, 4.6, -6.8],
                    [26.8, 5.0, -6.2],
                    [26.8, 5.0, -3.0],
                    [29.4, 5.0, -3.0],
                ],
            )
            .reducer([29.35, 5.0, -3.0], X, 0.3, (DN150, DN125))
            .bare(DN125, &[[29.6, 5.0, -3.0], [29.8, 5.0, -3.0]])
            .flanges(DN125, X, &[[29.74, 5.0, -3.0]])
            .flanges(DN150, Y, &[[14.2, 2.2, 0.0]])
            .gate([14.2, 3.3, 0.0], Y, Z, DN150)
            .meter([21.0, 4.6, -8.6], X, DN150)
            .gate([28.3, 5.0, -3.0], X, Y, DN150)
            .beside(DN65, &[[27.75, 5.0, -3.0], [27.75, 4.4, -3.0], [29.6, 4.4, -3.0]])
            .globe([29.75, 4.4, -3.0], X, NORTH, DN65)
            .gauges([18.5, 4.6, -8.6], DN150)
            .stands(4.51, X, 0.4, &[(14.2, -4.2)])
            .stands(4.91, Z, 0.4, &[(27.4, -3.0)]),
        Line::new(detail, "P-1006")
            .bare(DN125, &[[30.2, 5.0, -3.0], [30.5, 5.0, -3.0]])
            .reducer([30.4, 5.0, -3.0], X, 0.3, (DN125, DN150))
            .bare(DN150, &[[30.65, 5.0, -3.0], [32.0, 5.0, -3.0], [32.0, 7.2, -3.0], [32.0, 7.2, 0.0], [32.0, 6.2, 0.0]])
            .gate([31.08, 5.0, -3.0], X, Y, DN150)
            .beside(DN65, &[[29.9, 4.4, -3.0], [31.5, 4.4, -3.0], [31.5, 5.0, -3.0]])
            .flanges(DN125, X, &[[30.26, 5.0, -3.0]])
            .flanges(DN150, Y, &[[32.0, 6.25, 0.0]]),
    ]
}

/// From the drum through the transfer pump to the product tank and out.
fn product_lines(detail: Detail) -> Vec<Line> {
    let inlet = turned(P_102_AT, P_102.suction());
    let outlet = turned(P_102_AT, P_102.discharge());
    let z = outlet[2];
    vec![
        Line::new(detail, "P-1007")
            .bare(DN150, &[[34.0, 3.4, 0.0], [34.0, 0.8, 0.0], [34.0, 0.8, 6.3]])
            .reducer([34.0, 0.8, 6.3], Z, 0.4, (DN150, DN125))
            .bare(DN125, &[[34.0, 0.8, 6.6], inlet])
            .gate([34.0, 0.8, 5.4], Z, Y, DN150)
            .flanges(DN125, Z, &[[34.0, 0.8, inlet[2] - 0.035]])
            .flanges(DN150, Y, &[[34.0, 3.34, 0.0]])
            .sleepers(0.71, true, &[(34.0, 1.6), (34.0, 4.4)]),
        Line::new(detail, "P-1008")
            .bare(DN100, &[outlet, [34.0, 1.5, z]])
            .reducer([34.0, 1.45, z], Y, 0.25, (DN100, DN150))
            .bare(DN150, &[[34.0, 1.68, z], [34.0, 2.3, z], [36.4, 2.3, z], [36.4, 1.2, z], [36.4, 1.2, 8.0], [37.8, 1.2, 8.0]])
            .bare(DN150, &[[38.2, 1.2, 8.0], [39.5, 1.2, 8.0]])
            .bare(
                DN150,
                &[
                    [40.5, 0.8, 8.0],
                    [43.2, 0.8, 8.0],
                    [43.2, 4.6, 8.0],
                    [43.2, 4.6, -8.6],
                    [86.0, 4.6, -8.6],
                    [86.0, 4.6, -0.75],
                    [86.0, 9.95, -0.75],
                    [86.0, 9.95, 1.6],
                    [86.0, 9.45, 1.6],
                ],
            )
            .check([34.85, 2.3, z], X, DN150)
            .gate([35.6, 2.3, z], X, Y, DN150)
            .meter([37.25, 1.2, 8.0], X, DN150)
            .flanges(DN125, X, &[[37.74, 1.2, 8.0], [38.26, 1.2, 8.0]])
            .flanges(DN150, X, &[[39.45, 1.2, 8.0], [40.55, 0.8, 8.0]])
            .flanges(DN100, Y, &[[34.0, outlet[1] + 0.035, z]])
            .beside(DN65, &[[36.95, 1.2, 8.0], [36.95, 1.2, 8.62], [37.9, 1.2, 8.62]])
            .beside(DN65, &[[38.1, 1.2, 8.62], [39.05, 1.2, 8.62], [39.05, 1.2, 8.0]])
            .globe([38.0, 1.2, 8.62], X, Y, DN65)
            .gauges([41.3, 0.8, 8.0], DN150)
            .gate([42.0, 0.8, 8.0], X, Y, DN150)
            .stands(4.51, X, 0.5, &[(43.2, 5.0), (43.2, 0.0), (43.2, -5.0), (86.0, -4.9)])
            .sleepers(0.71, false, &[(41.3, 8.0)])
            .stands(1.11, Z, 0.4, &[(36.85, 8.0), (38.85, 8.0)]),
        Line::new(detail, "P-1009")
            .bare(DN150, &[[92.4, 0.8, 4.0], [108.0, 0.8, 4.0]])
            .gate([93.4, 0.8, 4.0], X, Y, DN150)
            .meter([101.0, 0.8, 4.0], X, DN150)
            .sleepers(0.71, false, &[(95.5, 4.0), (99.5, 4.0), (103.0, 4.0), (106.5, 4.0)]),
        Line::new(detail, "P-1011")
            .bare(
                DN65,
                &[[34.0, 1.85, z], [33.4, 1.85, z], [33.4, 3.6, z], [33.4, 3.6, 3.5], [33.4, 6.9, 3.5], [33.4, 6.9, 0.0], [33.4, 6.2, 0.0]],
            )
            .check([33.4, 2.6, z], Y, DN65)
            .flanges(DN65, Y, &[[33.4, 6.24, 0.0]])
            .stands(3.56, X, 0.4, &[(33.4, 5.6)]),
    ]
}

/// Nitrogen to the drum, its vent and relief to the knock-out pot.
fn gas_lines(detail: Detail) -> Vec<Line> {
    vec![
        Line::new(detail, "N-1001")
            .bare(
                DN25,
                &[
                    [90.0, 6.05, -10.2],
                    [32.5, 6.05, -10.2],
                    [32.5, 6.45, -10.2],
                    [32.5, 6.45, -4.0],
                    [32.5, 7.1, -4.0],
                    [32.5, 7.1, -0.9],
                    [33.8, 7.1, -0.9],
                ],
            )
            .bare(DN25, &[[34.0, 7.1, -0.9], [34.6, 7.1, -0.9], [34.6, 7.1, 0.0], [34.6, 6.2, 0.0]])
            .flanges(DN25, Y, &[[34.6, 6.23, 0.0]]),
        Line::new(detail, "V-1002")
            .bare(DN25, &[[35.4, 6.2, 0.0], [35.4, 7.1, 0.0], [35.4, 7.1, -0.9], [36.1, 7.1, -0.9]])
            .bare(DN50, &[[36.3, 7.1, -0.9], [38.9, 7.1, -0.9], [38.9, 6.45, -0.9]])
            .bare(
                DN150,
                &[
                    [36.55, 6.45, 0.0],
                    [38.9, 6.45, 0.0],
                    [38.9, 6.45, -5.0],
                    [37.4, 6.45, -5.0],
                    [37.4, 2.1, -5.0],
                    [37.4, 2.1, -6.0],
                    [38.38, 2.1, -6.0],
                ],
            )
            .flanges(DN150, X, &[[36.56, 6.45, 0.0], [38.33, 2.1, -6.0]])
            .flanges(DN25, Y, &[[35.4, 6.23, 0.0]])
            .stands(2.0, Z, 0.4, &[(37.7, -6.0)]),
    ]
}

/// Cooling water between tower, pumps, cooler and compressor; make-up.
fn water_lines(detail: Detail) -> Vec<Line> {
    let (suction_a, suction_b) = (turned(P_201A_AT, P_201.suction()), turned(P_201B_AT, P_201.suction()));
    let header = P_201_HEADER_AT;
    let mut supply = Line::new(detail, "W-2001").bare(
        DN250,
        &[
            [17.4, 2.6, header[2]],
            [17.4, 2.6, -31.6],
            [17.4, 5.35, -31.6],
            [17.4, 5.35, -5.5],
            [17.4, 0.47, -5.5],
            [15.08, 0.47, -5.5],
            [15.08, 0.47, 0.0],
            [15.08, 1.0, 0.0],
        ],
    );
    for pump in [P_201A_AT, P_201B_AT] {
        let [x, y, z] = turned(pump, P_201.discharge());
        supply = supply
            .bare(DN150, &[[x, y, z], [x, header[1], z]])
            .flanges(DN150, Y, &[[x, y + 0.04, z]])
            .check([x, y + 0.34, z], Y, DN150)
            .gate([x, y + 0.85, z], Y, NORTH, DN150);
    }
    vec![
        Line::new(detail, "W-2000")
            .bare(DN250, &[[12.85, 0.6, -35.0], [19.5, 0.6, -35.0], [19.5, 0.6, -34.6]])
            .bare(DN200, &[[16.0, 0.6, -35.0], suction_a])
            .bare(DN200, &[[19.5, 0.6, -34.8], suction_b])
            .gate([16.0, 0.6, -34.48], Z, Y, DN200)
            .gate([19.5, 0.6, -34.48], Z, Y, DN200)
            .flanges(DN250, X, &[[13.1, 0.6, -35.0]])
            .sleepers(0.45, false, &[(14.6, -35.0), (17.75, -35.0)]),
        supply.meter([17.4, 2.4, -5.5], Y, DN250).flanges(DN250, Y, &[[15.08, 0.95, 0.0]]).sleepers(
            0.33,
            true,
            &[(15.08, -4.4), (15.08, -1.4)],
        ),
        Line::new(detail, "W-2002")
            .bare(DN250, &[[15.08, 2.2, 0.0], [15.08, 3.1, 0.0], [15.08, 3.1, -3.6], [15.08, 1.2, -3.6], [16.0, 1.2, -3.6]])
            .reducer([15.95, 1.2, -3.6], X, 0.4, (DN250, DN200))
            .bare(DN200, &[[16.3, 1.2, -3.6], [16.5, 1.2, -3.6]])
            .bare(DN200, &[[16.7, 1.2, -3.6], [16.95, 1.2, -3.6]])
            .reducer([16.9, 1.2, -3.6], X, 0.4, (DN200, DN250))
            .bare(
                DN250,
                &[[17.25, 1.2, -3.6], [18.8, 1.2, -3.6], [18.8, 5.35, -3.6], [18.8, 5.35, -36.5], [18.8, 6.5, -36.5], [13.25, 6.5, -36.5]],
            )
            .flanges(DN250, Y, &[[15.08, 2.27, 0.0]])
            .flanges(DN250, X, &[[13.34, 6.5, -36.5]])
            .stands(1.06, Z, 0.5, &[(15.75, -3.6), (17.6, -3.6)])
            .stands(5.2, X, 0.6, &[(18.8, -35.9)]),
        Line::new(detail, "W-2003")
            .bare(
                DN25,
                &[
                    [17.4, 5.4, -11.7],
                    [17.4, 6.05, -11.7],
                    [-8.2, 6.05, -11.7],
                    [-8.2, 6.05, -12.9],
                    [-8.2, 3.2, -12.9],
                    [-8.2, 3.2, -22.2],
                    [-10.6, 3.2, -22.2],
                    [-10.6, 0.6, -22.2],
                    [-10.6, 0.6, -23.7],
                    [-11.0, 0.6, -23.7],
                ],
            )
            .stands(3.16, X, 1.6, &[(-7.8, -14.2), (-7.8, -17.6), (-7.8, -20.8)]),
        Line::new(detail, "W-2004")
            .bare(
                DN50,
                &[
                    [-12.6, 4.55, -10.4],
                    [4.5, 4.55, -10.4],
                    [4.5, 4.55, -13.2],
                    [4.5, 0.4, -13.2],
                    [4.5, 0.4, -35.0],
                    [4.5, 1.0, -35.0],
                    [5.5, 1.0, -35.0],
                ],
            )
            .bare(DN50, &[[5.7, 1.0, -35.0], [6.6, 1.0, -35.0], [6.6, 1.75, -35.0], [7.5, 1.75, -35.0], [7.5, 1.1, -35.0]])
            .meter([4.5, 0.4, -31.0], Z, DN50)
            .sleepers(0.36, true, &[(4.5, -14.5), (4.5, -18.5), (4.5, -22.5), (4.5, -26.5), (4.5, -29.5), (4.5, -33.0)])
            .stands(0.96, Z, 0.3, &[(6.2, -35.0)]),
    ]
}

/// Compressor, receiver, dryer; instrument and plant air over the rack.
fn air_lines(detail: Detail) -> Vec<Line> {
    vec![
        Line::new(detail, "A-3000")
            .bare(DN50, &[[-10.8, 1.0, -24.0], [-8.68, 1.0, -24.0]])
            .bare(
                DN50,
                &[
                    [-7.32, 2.3, -24.0],
                    [-6.7, 2.3, -24.0],
                    [-6.7, 0.4, -24.0],
                    [-6.7, 0.4, -23.35],
                    [-5.1, 0.4, -23.35],
                    [-5.1, 0.4, -23.7],
                ],
            )
            .gate([-9.7, 1.0, -24.0], X, Y, DN50)
            .flanges(DN50, X, &[[-10.75, 1.0, -24.0], [-8.73, 1.0, -24.0], [-7.27, 2.3, -24.0]]),
        Line::new(detail, "A-3001")
            .bare(
                DN50,
                &[
                    [-4.34, 0.8, -23.8],
                    [-4.34, 0.5, -23.8],
                    [-4.34, 0.5, -23.2],
                    [-4.34, 3.2, -23.2],
                    [-7.8, 3.2, -23.2],
                    [-7.8, 3.2, -12.9],
                    [-7.8, 6.05, -12.9],
                    [-7.8, 6.05, -9.0],
                    [89.5, 6.05, -9.0],
                ],
            )
            .bare(DN25, &[[35.6, 6.05, -9.0], [35.6, 6.05, -3.4], [35.6, 7.2, -3.4], [35.6, 7.2, -3.2]])
            .bare(DN15, &[[29.0, 6.05, -9.0], [29.0, 6.05, -3.4], [30.13, 6.05, -3.4], [30.13, 5.36, -3.4], [30.13, 5.36, -3.08]])
            .bare(DN25, &[[16.2, 6.05, -9.0], [16.2, 6.05, -7.6], [16.2, 2.2, -7.6]])
            .bare(DN15, &[[16.2, 2.2, -7.6], [16.2, 2.2, -4.1], [16.73, 2.2, -4.1], [16.73, 1.62, -4.1], [16.73, 1.62, -3.68]])
            .stands(2.18, X, 0.3, &[(16.2, -6.3)])
            .gate([-4.34, 1.7, -23.2], Y, Z, DN50),
        Line::new(detail, "A-3002")
            .bare(DN50, &[[-6.7, 2.3, -24.0], [-6.7, 2.3, -22.4], [-6.7, 1.3, -22.4], [-6.3, 1.3, -22.4]])
            .bare(
                DN50,
                &[
                    [-6.1, 1.3, -22.4],
                    [-5.5, 1.3, -22.4],
                    [-5.5, 3.2, -22.4],
                    [-7.4, 3.2, -22.4],
                    [-7.4, 3.2, -12.9],
                    [-7.4, 6.05, -12.9],
                    [-7.4, 6.05, -9.4],
                    [89.5, 6.05, -9.4],
                ],
            )
            .stands(1.26, X, 0.3, &[(-5.75, -22.4)]),
    ]
}

/// Lines of other units that share the rack.
fn through_lines(detail: Detail) -> Vec<Line> {
    vec![
        Line::new(detail, "Site lines")
            .bare(DN100, &[[-13.0, 4.56, -11.4], [91.5, 4.56, -11.4]])
            .hot(DN65, &[[-13.0, 4.6, -10.9], [91.5, 4.6, -10.9]])
            .bare(DN150, &[[20.5, 4.59, -9.9], [91.5, 4.59, -9.9]])
            .flanges(DN100, X, &[[0.0, 4.56, -11.4], [30.0, 4.56, -11.4], [58.0, 4.56, -11.4]])
            .flows(&[]),
    ]
}

/// Ladder tray with its rungs and cables on the upper deck of the rack, and the drop to the switch room's side.
fn cable_tray(detail: Detail) -> Shape {
    let mut shape = Shape::new(detail);
    let (from, to, y, z) = (-12.0, 90.0, 6.05, -11.0);
    for side in [-0.3, 0.3] {
        for i in 0..17 {
            let x = from + 6.0 * f64::from(i);
            shape.slab(Tone::Machined, [x, y - 0.03, z + side - 0.012], [x + 5.98, y + 0.09, z + side + 0.012]);
        }
    }
    let rungs = shape.pick(0, 306);
    for i in 0..rungs {
        let x = from + (to - from) * f64::from(i) / f64::from(rungs);
        shape.bar(Tone::Machined, [x, y - 0.01, z - 0.3], [x, y - 0.01, z + 0.3], 0.03, 0.02);
    }
    if !shape.is_fine() {
        shape.slab(Tone::Machined, [from, y - 0.02, z - 0.3], [to, y, z + 0.3]);
    }
    for (i, radius) in [0.022, 0.014, 0.028, 0.018, 0.018, 0.024].into_iter().enumerate() {
        let across = z - 0.22 + 0.085 * i as f64;
        shape.bar(Tone::Dark, [from, y + radius, across], [to - 3.0 * i as f64, y + radius, across], radius * 2.0, radius * 2.0);
    }
    shape
}
