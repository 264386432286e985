//! Why a plant was not changed or not started.

/// Why a parameter was not changed, or a plant not started.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SimError {
    /// There is no such parameter.
    #[error("there is no parameter {0}")]
    UnknownParameter(String),
    /// There is no such state to start from.
    #[error("there is no initial condition {0}")]
    UnknownCondition(String),
    /// Not a number, or outside the limits of the parameter.
    #[error("{name} must be within {min} to {max}, not {value}")]
    OutOfRange {
        /// Name of the parameter.
        name: String,
        /// Value asked for.
        value: f64,
        /// Lower limit.
        min: f64,
        /// Upper limit.
        max: f64,
    },
}
