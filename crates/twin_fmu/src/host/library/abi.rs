//! The functions' types, as in the headers of FMI 2.0.4 and 3.0.2, and what the FMU calls back.

use std::collections::VecDeque;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::{Mutex, PoisonError};

/// Statuses of both standards.
pub const OK: c_int = 0;
pub const WARNING: c_int = 1;
pub const DISCARD: c_int = 2;
/// `fmi2LastSuccessfulTime` and `fmi2Terminated` of `fmi2StatusKind`.
pub const LAST_SUCCESSFUL_TIME: c_int = 2;
pub const TERMINATED: c_int = 3;
/// `fmi2CoSimulation` of `fmi2Type`.
pub const CO_SIMULATION: c_int = 1;

pub type Instance = *mut c_void;
pub type State = *mut c_void;

pub type Simple = unsafe extern "C" fn(Instance) -> c_int;
pub type Free = unsafe extern "C" fn(Instance);
pub type TakeState = unsafe extern "C" fn(Instance, *mut State) -> c_int;
pub type PutState = unsafe extern "C" fn(Instance, State) -> c_int;
pub type StateSize = unsafe extern "C" fn(Instance, State, *mut usize) -> c_int;
pub type WriteState = unsafe extern "C" fn(Instance, State, *mut u8, usize) -> c_int;
pub type ReadState = unsafe extern "C" fn(Instance, *const u8, usize, *mut State) -> c_int;

pub type Access2 = unsafe extern "C" fn(Instance, *const u32, usize, *mut c_void) -> c_int;
pub type Access3 = unsafe extern "C" fn(Instance, *const u32, usize, *mut c_void, usize) -> c_int;

pub type Instantiate2 =
    unsafe extern "C" fn(*const c_char, c_int, *const c_char, *const c_char, *const Callbacks, c_int, c_int) -> Instance;
pub type Setup2 = unsafe extern "C" fn(Instance, c_int, f64, f64, c_int, f64) -> c_int;
pub type Step2 = unsafe extern "C" fn(Instance, f64, f64, c_int) -> c_int;
pub type BooleanStatus = unsafe extern "C" fn(Instance, c_int, *mut c_int) -> c_int;
pub type RealStatus = unsafe extern "C" fn(Instance, c_int, *mut f64) -> c_int;

pub type Log3 = unsafe extern "C" fn(*mut c_void, c_int, *const c_char, *const c_char);
pub type Instantiate3 = unsafe extern "C" fn(
    *const c_char,
    *const c_char,
    *const c_char,
    bool,
    bool,
    bool,
    bool,
    *const u32,
    usize,
    *mut c_void,
    Option<Log3>,
    *const c_void,
) -> Instance;
pub type Initialise3 = unsafe extern "C" fn(Instance, bool, f64, f64, bool, f64) -> c_int;
pub type Step3 = unsafe extern "C" fn(Instance, f64, f64, bool, *mut bool, *mut bool, *mut bool, *mut f64) -> c_int;

/// `fmi2CallbackFunctions`. The environment is an unused number as large as a pointer.
#[repr(C)]
pub struct Callbacks {
    /// Declared with a variable number of arguments. Those that are named arrive in the same places, and the others are
    /// not read.
    logger: unsafe extern "C" fn(*mut c_void, *const c_char, c_int, *const c_char, *const c_char),
    allocate: unsafe extern "C" fn(usize, usize) -> *mut c_void,
    free: unsafe extern "C" fn(*mut c_void),
    step_finished: Option<unsafe extern "C" fn(*mut c_void, c_int)>,
    environment: usize,
}

pub static CALLBACKS: Callbacks =
    Callbacks { logger: log_of_two, allocate: libc::calloc, free: libc::free, step_finished: None, environment: 0 };

/// The last lines the FMU logged.
static LOG: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());
const LOG_LINES: usize = 8;
const LOG_LINE: usize = 500;

unsafe extern "C" fn log_of_two(_: *mut c_void, _: *const c_char, status: c_int, category: *const c_char, message: *const c_char) {
    // SAFETY: the standard promises texts that end in zero, or null.
    unsafe { keep(status, category, message) }
}

pub unsafe extern "C" fn log_of_three(_: *mut c_void, status: c_int, category: *const c_char, message: *const c_char) {
    // SAFETY: as above.
    unsafe { keep(status, category, message) }
}

unsafe fn keep(status: c_int, category: *const c_char, message: *const c_char) {
    let text = |pointer: *const c_char| {
        if pointer.is_null() {
            return String::new();
        }
        // SAFETY: not null, and the caller vouches for the zero at its end.
        let bytes = unsafe { CStr::from_ptr(pointer) }.to_bytes();
        String::from_utf8_lossy(bytes.get(..LOG_LINE).unwrap_or(bytes)).trim().to_owned()
    };
    let (category, message) = (text(category), text(message));
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    if log.len() == LOG_LINES {
        log.pop_front();
    }
    log.push_back(if status == OK { message } else { format!("{message} [{category}]") });
}

/// The last lines the FMU logged, and forgets them.
pub fn take_log() -> String {
    let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
    let lines: Vec<String> = log.drain(..).collect();
    lines.join(" / ")
}
