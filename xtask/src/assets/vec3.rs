//! Vectors of three numbers, metres, x east, y up, z south; the same bits on every machine.

/// A point or direction.
pub type V3 = [f64; 3];

/// East.
pub const X: V3 = [1.0, 0.0, 0.0];
/// Up.
pub const Y: V3 = [0.0, 1.0, 0.0];
/// South.
pub const Z: V3 = [0.0, 0.0, 1.0];
/// West.
pub const WEST: V3 = [-1.0, 0.0, 0.0];
/// Down.
pub const DOWN: V3 = [0.0, -1.0, 0.0];
/// North.
pub const NORTH: V3 = [0.0, 0.0, -1.0];

/// Sum of two vectors.
pub fn add(a: V3, b: V3) -> V3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// Difference `a - b`.
pub fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// Vector `a` times the number `s`.
pub fn scale(a: V3, s: f64) -> V3 {
    [a[0] * s, a[1] * s, a[2] * s]
}

/// Point `distance` away from `a` in direction `along`.
pub fn ahead(a: V3, along: V3, distance: f64) -> V3 {
    add(a, scale(along, distance))
}

/// Point between `a` (share 0) and `b` (share 1).
pub fn between(a: V3, b: V3, share: f64) -> V3 {
    add(a, scale(sub(b, a), share))
}

/// Scalar product.
pub fn dot(a: V3, b: V3) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product.
pub fn cross(a: V3, b: V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Length of a vector.
pub fn length(a: V3) -> f64 {
    dot(a, a).sqrt()
}

/// The vector scaled to length 1; up for a vector without length.
pub fn unit(a: V3) -> V3 {
    let len = length(a);
    if len < 1e-12 { Y } else { scale(a, 1.0 / len) }
}

/// Cosine and sine of an angle in radians. The standard library's differ in their last bit between machines.
pub fn cos_sin(angle: f64) -> (f64, f64) {
    (libm::cos(angle), libm::sin(angle))
}

/// Angle of the share `part` of `whole` in a full turn, rad.
pub fn turn(part: usize, whole: usize) -> f64 {
    std::f64::consts::TAU * part as f64 / whole as f64
}

/// Point on the horizontal circle of `radius` around the vertical axis, `angle` from east towards south.
pub fn around(radius: f64, angle: f64, height: f64) -> V3 {
    let (cos, sin) = cos_sin(angle);
    [radius * cos, height, radius * sin]
}

/// Direction across the x axis, `angle` from south (z) towards up (y).
pub fn across_x(angle: f64) -> V3 {
    let (cos, sin) = cos_sin(angle);
    [0.0, sin, cos]
}

/// Two directions that form a right-handed frame with `axis`: `u × v = axis`.
pub fn frame(axis: V3) -> (V3, V3) {
    let aid = if axis[1].abs() > 0.9 { X } else { Y };
    let u = unit(cross(aid, axis));
    (u, cross(axis, u))
}
