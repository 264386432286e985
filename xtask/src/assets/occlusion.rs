//! Ambient occlusion, baked into the vertices: how open each point lies to its surroundings.
//!
//! Rays from every vertex to a fixed set of directions are followed through the whole placed scene for a few metres.
//! Plain single-precision arithmetic in a fixed order gives the same bytes on every machine.

use super::bvh::Bvh;
use super::mesh::Surface;
use super::scene::{Placement, Scene};

/// How far a ray is followed, m.
const REACH: f32 = 3.5;
/// Directions over the whole sphere; a vertex uses those on its own side.
const DIRECTIONS: usize = 72;
/// Share of the light that full occlusion takes.
const STRENGTH: f32 = 0.92;
/// Light that comes from below is bounced and weaker.
const FROM_BELOW: f32 = 0.55;
/// How far a vertex is moved into its faces, along each axis: as a share of the way to their middle, and at most, m. Both
/// matter: the web of a girder is looked at between its flanges, a wall near the ground it stands on.
const PULL: (f32, f32) = (0.4, 0.04);
/// Distance between a surface and the start of its rays, m.
const LIFT: f32 = 0.004;

/// Fills the openness of every vertex of the scene.
pub fn bake(scene: &mut Scene) -> Result<(), String> {
    let directions = directions();
    let bvh = Bvh::new(&scene.placed_triangles());
    let mut jobs: Vec<Job> = Vec::new();
    for (mesh, placements, is_inside) in scene.placements() {
        for (slot, surface) in scene.mesh_surfaces(mesh).enumerate() {
            jobs.push(Job { mesh, slot, surface, placements: placements.clone(), is_inside });
        }
    }
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut done: Vec<(usize, usize, Vec<u8>)> = Vec::new();
        while let Some(job) = jobs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            done.push((job.mesh, job.slot, job.openness(&bvh, &directions)));
        }
        done
    };
    let mut all: Vec<(usize, usize, Vec<u8>)> = Vec::new();
    std::thread::scope(|scope| {
        let started: Vec<_> =
            (0..workers).map(|number| std::thread::Builder::new().name(format!("bake-{number}")).spawn_scoped(scope, work)).collect();
        for worker in started {
            let worker = worker.map_err(|error| format!("cannot start a thread: {error}"))?;
            all.extend(worker.join().map_err(|_| "the baking stopped".to_owned())?);
        }
        Ok::<(), String>(())
    })?;
    for (mesh, slot, openness) in all {
        scene.set_openness(mesh, slot, openness);
    }
    Ok(())
}

/// Directions spread evenly over the sphere, on a spiral of equal areas.
fn directions() -> Vec<[f32; 3]> {
    let golden = std::f64::consts::PI * (3.0 - 5.0_f64.sqrt());
    (0..DIRECTIONS)
        .map(|i| {
            let y = 1.0 - (2.0 * i as f64 + 1.0) / DIRECTIONS as f64;
            let radius = (1.0 - y * y).sqrt();
            let angle = golden * i as f64;
            [(radius * libm::cos(angle)) as f32, y as f32, (radius * libm::sin(angle)) as f32]
        })
        .collect()
}

/// One surface with the places it is seen at.
struct Job<'a> {
    mesh: usize,
    slot: usize,
    surface: &'a Surface,
    placements: Vec<Placement>,
    is_inside: bool,
}

impl Job<'_> {
    fn openness(&self, scene: &Bvh, directions: &[[f32; 3]]) -> Vec<u8> {
        let starts = pulled(self.surface);
        // What is inside a housing is looked at with the housing away: only its own form darkens it.
        let own = self.is_inside.then(|| Bvh::new(&triangles(self.surface, &self.placements[0])));
        let bvh = own.as_ref().unwrap_or(scene);
        let light: Vec<Option<f32>> = starts
            .iter()
            .zip(&self.surface.normals)
            .map(|(start, normal)| {
                let seen: Vec<f32> = self
                    .placements
                    .iter()
                    .filter_map(|place| {
                        let normal = place.turn(*normal);
                        let start = place.place(*start);
                        openness_at(bvh, directions, std::array::from_fn(|k| start[k] + normal[k] * LIFT), normal)
                    })
                    .collect();
                (!seen.is_empty()).then(|| seen.iter().sum::<f32>() / seen.len() as f32)
            })
            .collect();
        filled(self.surface, light).into_iter().map(|share| (share * 255.0 + 0.5) as u8).collect()
    }
}

/// Triangles of a surface where it is placed.
pub fn triangles(surface: &Surface, place: &Placement) -> Vec<[[f32; 3]; 3]> {
    surface.indices.chunks_exact(3).map(|t| [t[0], t[1], t[2]].map(|i| place.place(surface.positions[i as usize]))).collect()
}

/// Vertices moved a little towards the middle of the faces around them, so that an edge does not look into what it
/// touches.
fn pulled(surface: &Surface) -> Vec<[f32; 3]> {
    let mut sums = vec![([0.0_f32; 3], 0.0_f32); surface.positions.len()];
    for t in surface.indices.chunks_exact(3) {
        let corners = [t[0], t[1], t[2]].map(|i| surface.positions[i as usize]);
        let middle: [f32; 3] = std::array::from_fn(|k| (corners[0][k] + corners[1][k] + corners[2][k]) / 3.0);
        for &i in t {
            let (sum, count) = &mut sums[i as usize];
            for k in 0..3 {
                sum[k] += middle[k];
            }
            *count += 1.0;
        }
    }
    surface
        .positions
        .iter()
        .zip(&surface.normals)
        .zip(sums)
        .map(|((position, normal), (sum, count))| {
            let count = count.max(1.0);
            let way: [f32; 3] = std::array::from_fn(|k| sum[k] / count - position[k]);
            let short = in_plane(way, normal).map(|c| (c * PULL.0).clamp(-PULL.1, PULL.1));
            let short = in_plane(short, normal);
            std::array::from_fn(|k| position[k] + short[k])
        })
        .collect()
}

/// The share of a way that lies in the plane across a normal: a point moved along it stays at its surface.
fn in_plane(way: [f32; 3], normal: &[f32; 3]) -> [f32; 3] {
    let out = way[0] * normal[0] + way[1] * normal[1] + way[2] * normal[2];
    std::array::from_fn(|k| way[k] - normal[k] * out)
}

/// Light that reaches a point, 0 … 1; none for a point that lies inside something.
fn openness_at(bvh: &Bvh, directions: &[[f32; 3]], from: [f32; 3], normal: [f32; 3]) -> Option<f32> {
    let (mut all, mut lost, mut buried) = (0.0_f32, 0.0_f32, 0.0_f32);
    for direction in directions {
        let cosine = direction[0] * normal[0] + direction[1] * normal[1] + direction[2] * normal[2];
        if cosine < 0.03 {
            continue;
        }
        let weight = cosine * if direction[1] < 0.0 { FROM_BELOW } else { 1.0 };
        all += weight;
        if let Some((distance, is_back)) = bvh.nearest(from, *direction, REACH) {
            let near = 1.0 - distance / REACH;
            lost += weight * near;
            if is_back {
                buried += weight;
            }
        }
    }
    if all <= 0.0 || buried > all * 0.35 {
        None
    } else {
        let open = 1.0 - STRENGTH * lost / all;
        Some(open * (0.5 + 0.5 * open))
    }
}

/// Gives vertices without light of their own that of the vertices they share triangles with.
fn filled(surface: &Surface, mut light: Vec<Option<f32>>) -> Vec<f32> {
    for _ in 0..12 {
        let mut sums = vec![(0.0_f32, 0.0_f32); light.len()];
        for t in surface.indices.chunks_exact(3) {
            for (&here, &there) in t.iter().flat_map(|a| t.iter().map(move |b| (a, b))) {
                if let (None, Some(share)) = (light[here as usize], light[there as usize]) {
                    sums[here as usize].0 += share;
                    sums[here as usize].1 += 1.0;
                }
            }
        }
        let mut changed = false;
        for (slot, (sum, count)) in light.iter_mut().zip(sums) {
            if slot.is_none() && count > 0.0 {
                *slot = Some(sum / count);
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    light.into_iter().map(|share| share.unwrap_or(0.6)).collect()
}
