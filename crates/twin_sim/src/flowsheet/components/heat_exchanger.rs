//! Heat exchangers.

use super::exchanger_cells::{self, Cells, Wall};
use crate::equipment::exchanger::{Arrangement, Films};
use crate::equipment::quadratic;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const AREA: usize = 0;
const SHELL_FILM: usize = 1;
const SHELL_AT: usize = 2;
const SHELL_POWER: usize = 3;
const TUBE_FILM: usize = 4;
const TUBE_AT: usize = 5;
const TUBE_POWER: usize = 6;
const TUBE_WARMTH: usize = 7;
const SURFACE_RATIO: usize = 8;
const WALL: usize = 9;
const SHELL_LOSS: usize = 10;
const TUBE_LOSS: usize = 11;
const TUBE_LOSS_GROWTH: usize = 12;
const CLEAN: usize = 13;
const SHELL_LAG: usize = 14;
const TUBE_LAG: usize = 15;
const START: usize = 16;
const FOULING: usize = 17;
const U_FACTOR: usize = 18;
const SHELL_HOLDS: usize = 19;
const TUBE_HOLDS: usize = 20;
const STEEL: usize = 21;

const DUTY: usize = 0;
const UA: usize = 1;
const EFFECTIVENESS: usize = 2;
const SHELL_LOST: usize = 3;
const TUBE_LOST: usize = 4;

/// Outlet temperatures, each through two lags, and the heat on its way between the streams.
const SHELL_K: usize = 0;
const TUBE_K: usize = 2;
const STORED_J: usize = 4;
/// First of the temperatures of the cells.
const CELLS: usize = 5;

const SHELL: usize = 0;
const TUBE: usize = 1;

/// Flow below which a stream stands, kg/s, and how long a standing stream takes to the temperature of the other, s.
const STANDING_KG_S: f64 = 0.3;
const STANDING_LAG_SECS: f64 = 600.0;

/// A heat exchanger of two liquid streams.
pub const HEAT_EXCHANGER: Kind = Kind {
    sheet: &Sheet {
        kind: "heat_exchanger",
        title: "Heat exchanger",
        summary: "Two liquid streams with a wall between them: effectiveness from transfer units, film coefficients that follow the flows, fouling, and lags for the metal and the liquid in it.",
        equations: &[
            "duty = ε(NTU, ratio)·C_min·(T_shell,in − T_tube,in), NTU = U·A/C_min, C = w·cp at the mean of inlet and outlet",
            "1/U = 1/α_shell + R_wall + (A_out/A_in)/α_tube + R_fouling, U taken times u_factor",
            "α_shell = α·(w/w_ref)^0.6, α_tube = α·(w/w_ref)^0.8·(1 + warmth·(T_tube,out − 304.15 K)), the powers as given",
            "lags: outlet temperatures follow through two equal lags each; what one side has given and the other not yet taken is stored",
            "cells: ten along the shell, two tube passes of ten, steel between them; each cell and each piece of steel takes what it exchanges with its neighbours, implicitly",
            "Δp_shell = loss·(w/w_ref)², Δp_tube = loss·(w/w_ref)²·(1 + growth·(R_fouling − R_clean)/R_clean)",
        ],
        parameters: &[
            ParameterSheet::required("area_m2", "m²", (1e-3, 1e5), "5 to 500", "Outer surface of the tubes, A."),
            ParameterSheet::required(
                "shell_film_w_m2_k",
                "W/(m²·K)",
                (1.0, 1e5),
                "500 to 5000",
                "Film coefficient in the shell at its reference flow.",
            ),
            ParameterSheet::required("shell_at_kg_s", "kg/s", (1e-4, 1e5), "", "Reference flow in the shell."),
            ParameterSheet::usual("shell_power", "", 0.6, (0.0, 1.0), "0.6", "Power of the flow in the shell."),
            ParameterSheet::required(
                "tube_film_w_m2_k",
                "W/(m²·K)",
                (1.0, 1e5),
                "1000 to 10000",
                "Film coefficient in the tubes at their reference flow, on the inner surface.",
            ),
            ParameterSheet::required("tube_at_kg_s", "kg/s", (1e-4, 1e5), "", "Reference flow in the tubes."),
            ParameterSheet::usual("tube_power", "", 0.8, (0.0, 1.0), "0.8", "Power of the flow in the tubes."),
            ParameterSheet::usual(
                "tube_warmth_1_k",
                "1/K",
                0.0,
                (0.0, 0.1),
                "0.015 water",
                "Growth of the film coefficient in the tubes with their outlet temperature.",
            ),
            ParameterSheet::usual("surface_ratio", "", 1.0, (1.0, 5.0), "1.2 to 1.4", "Outer over inner surface of the tubes."),
            ParameterSheet::usual("wall_m2k_w", "m²·K/W", 0.0, (0.0, 0.1), "1e-5 to 2e-4", "Resistance of the wall."),
            ParameterSheet::usual("shell_loss_pa", "Pa", 0.0, (0.0, 1e7), "2e4 to 1e5", "Loss in the shell at its reference flow."),
            ParameterSheet::usual(
                "tube_loss_pa",
                "Pa",
                0.0,
                (0.0, 1e7),
                "1e4 to 1e5",
                "Loss in the tubes at their reference flow, at the clean fouling resistance.",
            ),
            ParameterSheet::usual(
                "tube_loss_growth",
                "",
                0.0,
                (0.0, 10.0),
                "0.2",
                "Growth of the loss in the tubes per clean fouling resistance.",
            ),
            ParameterSheet::usual(
                "clean_m2k_w",
                "m²·K/W",
                1e-4,
                (1e-6, 1e-2),
                "1e-4",
                "Fouling resistance to which the loss in the tubes belongs.",
            ),
            ParameterSheet::usual("shell_lag_secs", "s", 20.0, (0.0, 3600.0), "10 to 60", "Each of the two lags of the shell outlet."),
            ParameterSheet::usual("tube_lag_secs", "s", 15.0, (0.0, 3600.0), "5 to 30", "Each of the two lags of the tube outlet."),
            ParameterSheet::usual("start_temp_k", "K", 293.15, (253.15, 453.15), "", "Temperature of both outlets at the start."),
            ParameterSheet::malfunction("fouling_m2k_w", "m²·K/W", 1e-4, (0.0, 2e-3), "Fouling resistance on both sides together."),
            ParameterSheet::malfunction("u_factor", "", 1.0, (0.2, 2.0), "Overall coefficient against its equation.").worst(0.2),
            ParameterSheet::usual("shell_holds_kg", "kg", 1000.0, (0.1, 1e6), "1000", "Liquid in the shell, for dynamics in cells."),
            ParameterSheet::usual("tube_holds_kg", "kg", 400.0, (0.1, 1e6), "400", "Liquid in the tubes, for dynamics in cells."),
            ParameterSheet::usual("steel_j_k", "J/K", 1e6, (1.0, 1e9), "480 J/K per kg", "Heat capacity of tubes, for dynamics in cells."),
        ],
        points: &[
            PointSheet::new("duty_w", "W", "Heat given by the shell side."),
            PointSheet::new("ua_w_k", "W/K", "Overall coefficient times surface; 0 while a stream stands."),
            PointSheet::new("effectiveness", "", "Share of the greatest possible heat that passes when settled."),
            PointSheet::new("shell_loss_now_pa", "Pa", "Loss in the shell."),
            PointSheet::new("tube_loss_now_pa", "Pa", "Loss in the tubes."),
        ],
        validity: "Two liquids without boiling; no loss to the surroundings. A leaking tube is a component of kind leak between both outlets. Dynamics by lags, right for slow changes; cross flow within 1 %.",
        sources: &["VDI Heat Atlas, C1", "Kays & London, Compact Heat Exchangers"],
    },
    options: &[
        OptionSheet {
            name: "arrangement",
            choices: &["shell_and_tube", "counter", "parallel", "cross"],
            meaning: "How the streams meet; shell_and_tube when silent.",
        },
        OptionSheet {
            name: "dynamics",
            choices: &["lags", "cells"],
            meaning: "How it goes from one steady state to another; cells are for shell_and_tube; lags when silent.",
        },
    ],
    ports: &["shell_in", "shell_out", "tube_in", "tube_out"],
    links: &[LinkSheet { name: "shell_side", from: Some(0), to: Some(1) }, LinkSheet { name: "tube_side", from: Some(2), to: Some(3) }],
    states: CELLS + exchanger_cells::STATES,
    build: |seat, settings: &Settings| {
        const ALL: [Arrangement; 4] = [Arrangement::ShellAndTube, Arrangement::Counter, Arrangement::Parallel, Arrangement::Cross];
        let choice = settings.choice("arrangement", HEAT_EXCHANGER.options[0].choices)?;
        let in_cells = settings.choice("dynamics", HEAT_EXCHANGER.options[1].choices)? == 1;
        if in_cells && choice != 0 {
            return Err("dynamics in cells are for the arrangement shell_and_tube".to_owned());
        }
        Ok(Box::new(HeatExchanger { seat, arrangement: ALL.get(choice).copied().unwrap_or(Arrangement::ShellAndTube), in_cells }))
    },
    ..Kind::PLAIN
};

#[derive(Debug)]
struct HeatExchanger {
    seat: Seat,
    arrangement: Arrangement,
    in_cells: bool,
}

/// One stream as it enters.
struct Stream {
    kg_s: f64,
    in_k: f64,
    w_k: f64,
}

impl HeatExchanger {
    fn films(&self, bench: &Bench) -> Films {
        let p = |index: usize| self.seat.p(bench, index);
        Films {
            shell_w_m2_k: p(SHELL_FILM),
            shell_at_kg_s: p(SHELL_AT),
            shell_power: p(SHELL_POWER),
            tube_w_m2_k: p(TUBE_FILM),
            tube_at_kg_s: p(TUBE_AT),
            tube_power: p(TUBE_POWER),
            tube_warmth_1_k: p(TUBE_WARMTH),
            surface_ratio: p(SURFACE_RATIO),
            wall_m2k_w: p(WALL),
        }
    }

    /// A stream with its heat capacity between its inlet and its present outlet.
    fn stream(&self, bench: &Bench, link: usize, first: usize) -> Stream {
        let seat = self.seat.links[link];
        let (kg_s, in_k) = (bench.y[seat.flow].abs(), bench.y[seat.inlet]);
        let mean_k = 0.5 * (in_k + self.seat.x(bench, first + 1));
        Stream { kg_s, in_k, w_k: kg_s * self.seat.liquid.cp_j_kg_k(mean_k) }
    }

    /// Heat from shell to tubes once the outlets have settled, W; notes how it comes about.
    fn settled_duty_w(&self, bench: &mut Bench, shell: &Stream, tube: &Stream) -> f64 {
        let (least, most) = if shell.w_k < tube.w_k { (shell.w_k, tube.w_k) } else { (tube.w_k, shell.w_k) };
        if least < 1.0 {
            self.seat.set_y(bench, UA, 0.0);
            self.seat.set_y(bench, EFFECTIVENESS, 0.0);
            return 0.0;
        }
        let tube_out_k = self.seat.x(bench, TUBE_K + 1);
        let overall = self.films(bench).overall_w_m2_k(shell.kg_s, tube.kg_s, tube_out_k, self.seat.p(bench, FOULING));
        let ua_w_k = self.seat.p(bench, U_FACTOR) * overall * self.seat.p(bench, AREA);
        let effectiveness = self.arrangement.effectiveness(ua_w_k / least, least / most);
        self.seat.set_y(bench, UA, ua_w_k);
        self.seat.set_y(bench, EFFECTIVENESS, effectiveness);
        effectiveness * least * (shell.in_k - tube.in_k)
    }

    /// Leads both streams through the cells; answers what the shell side gives and what the tube side takes, W.
    fn through_cells(&self, bench: &mut Bench, shell: &Stream, tube: &Stream) -> (f64, f64) {
        let seat = &self.seat;
        let cells = Cells { seat, first: CELLS };
        let (shell_k, tube_k) = cells.outlets_k(bench);
        let (area_m2, factor) = (seat.p(bench, AREA), seat.p(bench, U_FACTOR));
        let films = self.films(bench);
        let total_w_k = factor * films.overall_w_m2_k(shell.kg_s, tube.kg_s, tube_k, seat.p(bench, FOULING)) * area_m2;
        let shell_w_k = factor * films.shell_now_w_m2_k(shell.kg_s) * area_m2;
        let rest_m2k_w = (1.0 / total_w_k - 1.0 / shell_w_k).max(0.05 / total_w_k);
        let wall = Wall { shell_w_k, tube_w_k: 1.0 / rest_m2k_w, steel_j_k: seat.p(bench, STEEL) };
        let stream = |stream: &Stream, out_k: f64, holds_kg: f64| {
            let cp = self.mean_cp_j_kg_k(stream.in_k, out_k);
            exchanger_cells::Stream { in_k: stream.in_k, flow_w_k: stream.kg_s * cp, holds_j_k: holds_kg * cp }
        };
        let shell_stream = stream(shell, shell_k, seat.p(bench, SHELL_HOLDS));
        let tube_stream = stream(tube, tube_k, seat.p(bench, TUBE_HOLDS));
        cells.step(bench, shell_stream, tube_stream, wall);
        let (shell_k, tube_k) = cells.outlets_k(bench);
        bench.y[seat.links[SHELL].outlet] = shell_k;
        bench.y[seat.links[TUBE].outlet] = tube_k;
        seat.set_y(bench, UA, if shell.kg_s < STANDING_KG_S || tube.kg_s < STANDING_KG_S { 0.0 } else { total_w_k });
        let liquid = seat.liquid;
        let given_w = shell.kg_s * (liquid.energy_j_kg(shell.in_k) - liquid.energy_j_kg(shell_k));
        let taken_w = tube.kg_s * (liquid.energy_j_kg(tube_k) - liquid.energy_j_kg(tube.in_k));
        let most_w = shell_stream.flow_w_k.min(tube_stream.flow_w_k) * (shell.in_k - tube.in_k);
        seat.set_y(bench, EFFECTIVENESS, if most_w.abs() > 1.0 { given_w / most_w } else { 0.0 });
        (given_w, taken_w)
    }

    /// Heat capacity that makes of two temperatures the difference of their energies, J/(kg·K).
    fn mean_cp_j_kg_k(&self, one_k: f64, other_k: f64) -> f64 {
        let liquid = self.seat.liquid;
        if (one_k - other_k).abs() < 0.01 {
            return liquid.cp_j_kg_k(one_k);
        }
        (liquid.energy_j_kg(one_k) - liquid.energy_j_kg(other_k)) / (one_k - other_k)
    }

    /// Moves two equal lags in a row towards `target_k`, exactly for a target that stands still.
    fn chase(&self, bench: &mut Bench, first: usize, target_k: f64, lag_secs: f64) {
        let (one, two) = (self.seat.x(bench, first), self.seat.x(bench, first + 1));
        let (ratio, kept) = if lag_secs > 0.0 { (bench.dt_secs / lag_secs, libm::exp(-bench.dt_secs / lag_secs)) } else { (0.0, 0.0) };
        self.seat.set_x(bench, first, target_k + (one - target_k) * kept);
        self.seat.set_x(bench, first + 1, target_k + ((two - target_k) + ratio * (one - target_k)) * kept);
    }

    /// Leads one stream to its outlet; answers the heat it takes up, W.
    fn lead(&self, bench: &mut Bench, link: usize, first: usize, stream: &Stream, (heat_w, lag_secs): (f64, f64), other_k: f64) -> f64 {
        let liquid = self.seat.liquid;
        if stream.kg_s < STANDING_KG_S {
            self.chase(bench, first, other_k, STANDING_LAG_SECS);
        } else {
            let target_k = liquid.temp_k(liquid.energy_j_kg(stream.in_k) + heat_w / stream.kg_s);
            self.chase(bench, first, target_k, lag_secs);
        }
        let out_k = self.seat.x(bench, first + 1);
        bench.y[self.seat.links[link].outlet] = out_k;
        stream.kg_s * (liquid.energy_j_kg(out_k) - liquid.energy_j_kg(stream.in_k))
    }

    /// Leads both streams through their lags; answers what the shell side gives and what the tube side takes, W.
    fn through_lags(&self, bench: &mut Bench, shell: &Stream, tube: &Stream) -> (f64, f64) {
        let duty_w = self.settled_duty_w(bench, shell, tube);
        let (shell_lag, tube_lag) = (self.seat.p(bench, SHELL_LAG), self.seat.p(bench, TUBE_LAG));
        let given_w = -self.lead(bench, SHELL, SHELL_K, shell, (-duty_w, shell_lag), tube.in_k);
        let taken_w = self.lead(bench, TUBE, TUBE_K, tube, (duty_w, tube_lag), shell.in_k);
        (given_w, taken_w)
    }

    fn loss(&self, bench: &Bench, link: usize) -> (f64, f64) {
        let growth = self.seat.p(bench, TUBE_LOSS_GROWTH) * (self.seat.p(bench, FOULING) / self.seat.p(bench, CLEAN) - 1.0);
        match link {
            SHELL => (self.seat.p(bench, SHELL_LOSS), self.seat.p(bench, SHELL_AT)),
            _ => (self.seat.p(bench, TUBE_LOSS) * (1.0 + growth.max(-0.9)), self.seat.p(bench, TUBE_AT)),
        }
    }
}

/// A stream without a loss in the data sheet still has to have a slope, Pa at its reference flow.
const LEAST_LOSS_PA: f64 = 1.0;

impl Component for HeatExchanger {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let temp_k = self.seat.p(bench, START);
        (SHELL_K..STORED_J).for_each(|index| self.seat.set_x(bench, index, temp_k));
        Cells { seat: &self.seat, first: CELLS }.start(bench, temp_k);
    }

    fn law(&self, bench: &Bench, link: usize, flow_kg_s: f64) -> Law {
        let (loss_pa, at_kg_s) = self.loss(bench, link);
        Law::Open(quadratic(loss_pa.max(LEAST_LOSS_PA) / (at_kg_s * at_kg_s), flow_kg_s))
    }

    fn carry(&self, bench: &mut Bench) {
        let (shell, tube) = (self.stream(bench, SHELL, SHELL_K), self.stream(bench, TUBE, TUBE_K));
        let (given_w, taken_w) =
            if self.in_cells { self.through_cells(bench, &shell, &tube) } else { self.through_lags(bench, &shell, &tube) };
        let stored_j = self.seat.x(bench, STORED_J) + (given_w - taken_w) * bench.dt_secs;
        self.seat.set_x(bench, STORED_J, stored_j);
        self.seat.set_y(bench, DUTY, given_w);
        for (link, point) in [(SHELL, SHELL_LOST), (TUBE, TUBE_LOST)] {
            let (loss_pa, at_kg_s) = self.loss(bench, link);
            let share = self.seat.flow_kg_s(bench, link) / at_kg_s;
            self.seat.set_y(bench, point, loss_pa * share * share.abs());
        }
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        (0.0, self.seat.x(bench, STORED_J))
    }
}
